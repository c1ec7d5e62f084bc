/* A backup of the journal: a copy that is checked before it bears its name. */
#include "journal/internal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static const char *const suffixes[] = {"", "-wal", "-shm", "-head"};
#define SUFFIXES (sizeof suffixes / sizeof *suffixes)

static void remove_copy(const char *path)
{
    char name[PATH_MAX];
    for (size_t i = 0; i < SUFFIXES; i++)
        if (snprintf(name, sizeof name, "%s%s", path, suffixes[i]) < (int)sizeof name)
            (void)unlink(name);
}

/* What followed from the events that were left out goes too: tables, saved states. */
static int fit(const char *path, struct error *error)
{
    struct journal *journal = journal_open(path, JOURNAL_WRITE, error);
    if (journal == NULL)
        return -1;
    int result = journal_rebuild(journal, error);
    if (result == 0)
        result = db_checkpoint(journal->db, error);
    journal_close(journal);
    return result;
}

/* The head first: a copy without it would be refused, a head without its copy harms nobody. */
static int take_name(const char *draft, const char *path, struct error *error)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (snprintf(from, sizeof from, "%s-head", draft) >= (int)sizeof from ||
        snprintf(to, sizeof to, "%s-head", path) >= (int)sizeof to)
        return error_set(error, EXIT_USAGE, "the path '%s' is too long", path);
    if (rename(from, to) != 0 || rename(draft, path) != 0)
        return error_system(error, "cannot create '%s'", path);
    remove_copy(draft); /* the empty log that a writer leaves */
    return 0;
}

static int make(struct journal *journal, const char *draft, const char *path, int64_t events,
                struct journal_check *check, struct error *error)
{
    int result = events_copy(journal->events, draft, events, error);
    if (result == 0 && events >= 0)
        result = fit(draft, error);
    if (result == 0)
        result = journal_verify(draft, check, error);
    return result == 0 ? take_name(draft, path, error) : -1;
}

int journal_copy(struct journal *journal, const char *path, int64_t events, struct journal_check *check,
                 struct error *error)
{
    char draft[PATH_MAX];
    const int64_t last = journal_last(journal, error);
    if (last < 0)
        return -1;
    if (events > last)
        return error_set(error, EXIT_USAGE, "the journal has %" PRId64 " events, not %" PRId64, last, events);
    if (access(path, F_OK) == 0) {
        error_set(error, EXIT_USAGE, "'%s' already exists", path);
        error_hint(error, "a backup never replaces another: choose a new name");
        return -1;
    }
    if (snprintf(draft, sizeof draft, "%s.%ld.new", path, (long)getpid()) >= (int)sizeof draft)
        return error_set(error, EXIT_USAGE, "the path '%s' is too long", path);
    const int result = make(journal, draft, path, events, check, error);
    if (result != 0)
        remove_copy(draft);
    return result;
}
