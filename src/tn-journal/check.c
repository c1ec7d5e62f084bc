/* tn-journal verify, rebuild and backup; and finding the journal. */
#include "tn-journal/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int home_find(struct home *home, struct error *error)
{
    *home = (struct home){0};
    home->config = config_open(error);
    if (home->config != NULL)
        home->path = journal_path(home->config, error);
    if (home->path != NULL)
        return 0;
    home_close(home);
    return -1;
}

int home_open(struct home *home, enum journal_access access, struct error *error)
{
    if (home_find(home, error) != 0)
        return -1;
    home->journal = journal_open(home->path, access, error);
    if (home->journal != NULL)
        return 0;
    home_close(home);
    return -1;
}

void home_close(struct home *home)
{
    journal_close(home->journal);
    free(home->path);
    config_free(home->config);
    *home = (struct home){0};
}

enum exit_code journal_check_all(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct journal_check check;
    if (home_find(&home, error) != 0)
        return error->code;
    const bool named = invocation_operands(invocation) == 1;
    const char *path = named ? invocation_operand_list(invocation)[0] : home.path;
    if ((option_flag(invocation, "new-head") ? journal_renew_head(path, &check, error)
                                             : journal_verify(path, &check, error)) == 0) {
        if (check.was_doubtful)
            say(invocation, 0, "the disk had failed; the journal is intact and is used again");
        if (check.new_head)
            say(invocation, 0, "the journal has a new head; its end is now event %" PRId64, check.events);
        printf("%" PRId64 " events are sound%s%s\n", check.events, check.events > 0 ? ", head " : "", check.head);
    }
    home_close(&home);
    return error->code;
}

enum exit_code journal_rebuild_tables(struct invocation *invocation, struct error *error)
{
    struct home home;
    if (home_open(&home, JOURNAL_WRITE, error) != 0)
        return error->code;
    const int64_t events = journal_last(home.journal, error);
    if (events >= 0 && journal_rebuild(home.journal, error) == 0)
        say(invocation, 0, "the tables were computed again from %" PRId64 " events", events);
    home_close(&home);
    return error->code;
}

enum exit_code journal_back_up(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct journal_check check;
    if (home_open(&home, JOURNAL_READ, error) != 0)
        return error->code;
    const char *path = invocation_operand_list(invocation)[0];
    if (journal_copy(home.journal, path, option_count(invocation, "events", -1), &check, error) == 0)
        printf("%" PRId64 " events are in '%s', sound%s%s\n", check.events, path, check.events > 0 ? ", head " : "",
               check.head);
    home_close(&home);
    return error->code;
}
