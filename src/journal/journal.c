/* The journal: opening it, its transactions, appending events once, and keeping the derived tables in step. */
#include "journal/internal.h"

#include "journal/admit.h"

#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const migrations[] = {EVENTS_SCHEMA_1 DERIVED_SCHEMA, EVENTS_SCHEMA_2};

const struct db_schema journal_schema = {
    .what = "journal",
    .application = 0x544e6a31, /* "TNj1" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "tn-order open ACCOUNT --cash AMOUNT starts one",
    .damaged_hint = "restore journal.db, its -wal and its -head from a backup; the damaged file was left as it is",
};

char *journal_path(const struct config *config, struct error *error)
{
    const char *folder = config_folder(config, "data", error);
    char *path = NULL;
    if (folder != NULL && asprintf(&path, "%s/journal.db", folder) < 0) {
        error_memory(error);
        return NULL;
    }
    return path;
}

static struct journal *open_journal(const char *path, enum journal_access access, bool settle, struct error *error)
{
    static const enum db_access map[] = {
        [JOURNAL_READ] = DB_READ, [JOURNAL_WRITE] = DB_WRITE, [JOURNAL_CREATE] = DB_CREATE};
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        error_memory(error);
        return NULL;
    }
    const bool writes = access != JOURNAL_READ;
    if (event_reader_init(&journal->reader, error) != 0 || event_reader_init(&journal->replay, error) != 0 ||
        (journal->db = db_open(path, map[access], &journal_schema, error)) == NULL ||
        (journal->events = events_open(journal->db, writes, settle, error)) == NULL ||
        (writes && ((journal->derived = derived_new(journal->db, error)) == NULL ||
                    (journal->books = books_new(journal->db, error)) == NULL))) {
        journal_close(journal);
        return NULL;
    }
    return journal;
}

struct journal *journal_open(const char *path, enum journal_access access, struct error *error)
{
    return open_journal(path, access, false, error);
}

struct journal *journal_open_to_settle(const char *path, enum journal_access access, struct error *error)
{
    return open_journal(path, access, true, error);
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    books_free(journal->books);
    derived_free(journal->derived);
    events_close(journal->events);
    db_close(journal->db);
    event_reader_clear(&journal->reader);
    event_reader_clear(&journal->replay);
    free(journal);
}

int64_t journal_last(struct journal *journal, struct error *error)
{
    struct head head;
    return events_head(journal->events, &head, error) == 0 ? head.seq : -1;
}

int journal_begin(struct journal *journal, struct error *error)
{
    require(journal->books != NULL);
    if (events_begin(journal->events, error) != 0)
        return -1;
    journal->began_at = journal->last = journal_last(journal, error);
    if (journal->began_at < 0) {
        journal_rollback(journal);
        return -1;
    }
    return 0;
}

void journal_rollback(struct journal *journal)
{
    if (!db_in_transaction(journal->db))
        return;
    events_rollback(journal->events);
    if (books_folded(journal->books) > journal->began_at)
        books_forget(journal->books);
}

int journal_commit(struct journal *journal, struct error *error)
{
    if (books_flush(journal->books, error) == 0 && events_commit(journal->events, error) == 0)
        return 0;
    events_rollback(journal->events);
    books_forget(journal->books);
    return -1;
}

int journal_replay(struct event_reader *reader, const struct event *event, struct error *error)
{
    int result = event_reader_read(reader, event->record, error);
    if (result == 0 && (!str_is(event->type, record_type_text(reader->type)) || !str_is(event->key, reader->key) ||
                        !str_is(event->account, reader->account)))
        result = error_set(error, EXIT_STATE, "its columns are not those of its record");
    if (result == 0)
        return 0;
    error_recode(error, EXIT_STATE);
    error_prefix(error, "event %" PRId64, event->seq);
    return -1;
}

int journal_catch_up(struct journal *journal, struct error *error)
{
    if (books_folded(journal->books) == journal->last)
        return 0;
    struct event_cursor *cursor = event_cursor_open(journal->events, books_folded(journal->books), error);
    if (cursor == NULL)
        return -1;
    struct event event;
    int got;
    while ((got = event_cursor_next(cursor, &event, error)) == 1) {
        if (event.seq == journal->began_at + 1)
            books_settle(journal->books); /* what was committed is in the tables */
        if (journal_replay(&journal->replay, &event, error) != 0 ||
            books_fold(journal->books, &event, &journal->replay, error) != 0) {
            got = -1;
            break;
        }
    }
    event_cursor_close(cursor);
    if (got == 0 && journal->last == journal->began_at)
        books_settle(journal->books);
    if (got != 0)
        books_forget(journal->books);
    return got;
}

/* What is stored under the key of the record just read: 1 nothing, 0 the same, -1 something else. */
static int compare_stored(struct journal *journal, const struct event *new, struct error *error)
{
    struct event stored;
    if (new->key.n == 0)
        return 1;
    const int got = events_find(journal->events, new->key, &stored, error);
    if (got <= 0)
        return got == 0 ? 1 : -1;
    if (event_repeats(journal->reader.type) || (stored.mode == new->mode &&str_equal(stored.record, new->record)))
        return 0;
    return error_set(error, EXIT_STATE, STR_FMT ": is in the journal with other content (event %" PRId64 ")",
                     STR_ARG(new->key), stored.seq);
}

static int check_mode(const struct event_reader *reader, enum mode mode, struct error *error)
{
    const char *type = record_type_text(reader->type);
    if (reader->mode == MODE_BACKTEST || mode == MODE_BACKTEST)
        return error_set(error, EXIT_INPUT, "%s of a backtest: the journal keeps what happened", type);
    if (event_is_common(reader))
        return 0;
    if (mode == MODE_NONE)
        return error_set(error, EXIT_INPUT, "%s: neither paper nor live", type);
    if (reader->mode != MODE_NONE && reader->mode != mode)
        return error_set(error, EXIT_INPUT, "%s: its mode is %s, its account's %s", type, mode_text(reader->mode),
                         mode_text(mode));
    return 0;
}

/* An event that the ledger refuses is refused before anything is written. */
static int fold(struct journal *journal, const struct event *event, struct error *error)
{
    if (!event_needs_ledger(journal->reader.type) && books_folded(journal->books) != journal->last)
        return 0; /* the next catching up folds it */
    const struct event_reader *reader = &journal->reader;
    if (journal_catch_up(journal, error) != 0 ||
        journal_admit(books_ledger(journal->books, reader->account), reader->type, &reader->value, error) != 0)
        return -1;
    if (books_fold(journal->books, event, &journal->reader, error) == 0)
        return 0;
    books_forget(journal->books);
    return -1;
}

int journal_append(struct journal *journal, enum mode mode, struct str line, struct error *error)
{
    require(journal->books != NULL && db_in_transaction(journal->db));
    struct event_reader *reader = &journal->reader;
    if (line.n > 0 && line.p[line.n - 1] == '\n')
        line.n--;
    if (event_reader_read(reader, line, error) != 0 || check_mode(reader, mode, error) != 0)
        return -1;
    struct event event = {
        .seq = journal->last + 1,
        .recorded = time_now(),
        .mode = event_is_common(reader) ? MODE_NONE : mode,
        .type = str_of(record_type_text(reader->type)),
        .account = str_of(reader->account),
        .key = str_of(reader->key),
        .record = line,
    };
    const int new = compare_stored(journal, &event, error);
    if (new != 1)
        return new;
    if (fold(journal, &event, error) != 0 || events_append(journal->events, &event, error) != 0 ||
        derived_put(journal->derived, &event, reader, error) != 0)
        return -1;
    require(event.seq == journal->last + 1);
    journal->last = event.seq;
    return 1;
}

int journal_find(struct journal *journal, enum record_type type, const char *id, struct event *event,
                 struct error *error)
{
    char key[EVENT_KEY_MAX];
    const int length = snprintf(key, sizeof key, "%s/%s", record_type_text(type), id);
    if (length < 0 || (size_t)length >= sizeof key)
        return 0;
    return events_find(journal->events, str_of(key), event, error);
}

struct event_cursor *journal_read(struct journal *journal, int64_t after, struct error *error)
{
    return event_cursor_open(journal->events, after, error);
}
