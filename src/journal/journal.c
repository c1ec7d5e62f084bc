/* The journal: opening it, its transactions, appending events once, and keeping the derived tables in step. */
#include "journal/internal.h"

#include "base/list.h"
#include "base/time.h"
#include "journal/admit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The saved states of accounts: the last two of each. */
#define STATE_SCHEMA_2                                                                                                 \
    "CREATE TABLE state(account TEXT NOT NULL, n INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY(account, n)) "     \
    "STRICT;"

static const char *const migrations[] = {EVENTS_SCHEMA_1, EVENTS_SCHEMA_2 DERIVED_SCHEMA_2 STATE_SCHEMA_2};

const struct db_schema journal_schema = {
    .what = "journal",
    .application = 0x544e6a31, /* "TNj1" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "tn-order open ACCOUNT --cash AMOUNT creates one",
    .damaged_hint =
        "restore journal.db and its -head from a backup, see tn-backup(1); the damaged file was not changed",
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

/* The tables are those of this program: made and filled anew where they are not. */
static int refresh(struct journal *journal, struct error *error)
{
    const int fits = derived_fit(journal->db, error);
    if (fits != 0)
        return fits < 0 ? -1 : 0;
    if (db_begin(journal->db, error) != 0)
        return -1;
    int result = derived_fit(journal->db, error); /* again: another program may have been faster */
    if (result == 0 && (result = derived_make(journal->db, error)) == 0)
        result = journal_derive(journal, error);
    if (result == 0)
        result = db_commit(journal->db, error);
    db_rollback(journal->db);
    return result < 0 ? -1 : 0;
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
    buf_init(&journal->line, RECORD_LINE_MAX + 1);
    if (event_reader_init(&journal->reader, error) != 0 || event_reader_init(&journal->replay, error) != 0 ||
        (journal->db = db_open(path, map[access], &journal_schema, error)) == NULL ||
        (journal->events = events_open(journal->db, writes, settle, error)) == NULL ||
        (writes && (refresh(journal, error) != 0 || (journal->derived = derived_new(journal->db, error)) == NULL))) {
        journal_close(journal);
        return NULL;
    }
    return journal;
}

struct journal *journal_open(const char *path, enum journal_access wanted, struct error *error)
{
    struct journal *journal = open_journal(path, wanted, false, error);
    if (journal == NULL || wanted != JOURNAL_READ)
        return journal;
    /* Tables of another version: whoever may write brings them up to date first. */
    const int fits = derived_fit(journal->db, error);
    if (fits == 1 || (fits == 0 && access(path, W_OK) != 0))
        return journal;
    journal_close(journal);
    if (fits < 0)
        return NULL;
    journal_close(open_journal(path, JOURNAL_WRITE, false, error));
    return error_is_set(error) ? NULL : open_journal(path, wanted, false, error);
}

struct journal *journal_open_to_settle(const char *path, enum journal_access access, struct error *error)
{
    return open_journal(path, access, true, error);
}

/* What records from outside were checked against; it is made again when it is asked for again. */
static void forget_accounts(struct journal *journal)
{
    for (size_t i = 0; i < journal->accounts; i++) {
        replay_close(journal->account[i]);
        free(journal->account[i]);
    }
    journal->accounts = 0;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    forget_accounts(journal);
    free(journal->account);
    derived_free(journal->derived);
    events_close(journal->events);
    db_close(journal->db);
    event_reader_clear(&journal->reader);
    event_reader_clear(&journal->replay);
    buf_clear(&journal->line);
    free(journal);
}

void journal_set_patience(struct journal *journal, int milliseconds)
{
    db_set_patience(journal->db, milliseconds);
}

int64_t journal_last(struct journal *journal, struct error *error)
{
    struct head head;
    return events_head(journal->events, &head, error) == 0 ? head.seq : -1;
}

int journal_begin(struct journal *journal, struct error *error)
{
    require(journal->derived != NULL);
    if (events_begin(journal->events, error) != 0)
        return -1;
    journal->last = journal_last(journal, error);
    if (journal->last < 0) {
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
    forget_accounts(journal);
}

int journal_commit(struct journal *journal, struct error *error)
{
    if (events_commit(journal->events, error) == 0)
        return 0;
    forget_accounts(journal);
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

int journal_derive(struct journal *journal, struct error *error)
{
    struct derived *derived = derived_new(journal->db, error);
    struct event_cursor *cursor = derived == NULL ? NULL : event_cursor_open(journal->events, 0, error);
    struct event event;
    int got = cursor == NULL ? -1 : 1;
    while (got == 1 && (got = event_cursor_next(cursor, &event, error)) == 1)
        if (journal_replay(&journal->reader, &event, error) != 0 ||
            derived_put(derived, &event, &journal->reader, error) != 0)
            got = -1;
    event_cursor_close(cursor);
    derived_free(derived);
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
    return error_set(error, EXIT_STATE, STR_FMT ": is in the journal with different content (event %" PRId64 ")",
                     STR_ARG(new->key), stored.seq);
}

static int check_mode(const struct event_reader *reader, enum mode mode, struct error *error)
{
    const char *type = record_type_text(reader->type);
    if (reader->mode == MODE_BACKTEST || mode == MODE_BACKTEST)
        return error_set(error, EXIT_INPUT, "%s of a backtest: the journal keeps only paper and live events", type);
    if (event_is_common(reader))
        return 0;
    if (mode == MODE_NONE)
        return error_set(error, EXIT_INPUT, "%s: neither paper nor live", type);
    if (reader->mode != MODE_NONE && reader->mode != mode)
        return error_set(error, EXIT_INPUT, "%s: its mode is %s, but that of its account is %s", type,
                         mode_text(reader->mode), mode_text(mode));
    return 0;
}

/* The ledger of an account, with all that is in the journal. */
static struct replay *find_account(struct journal *journal, const char *account, struct error *error)
{
    for (size_t i = 0; i < journal->accounts; i++)
        if (strcmp(journal->account[i]->ledger.terms.account, account) == 0)
            return replay_catch_up(journal->account[i], error) == 0 ? journal->account[i] : NULL;
    if (list_grow(&journal->account, &journal->account_capacity, journal->accounts, sizeof(struct replay *), error) !=
        0)
        return NULL;
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        error_memory(error);
        return NULL;
    }
    if (replay_open(replay, journal, account, NULL, error) == 0)
        return journal->account[journal->accounts++] = replay;
    replay_close(replay);
    free(replay);
    return NULL;
}

/* An event that the ledger refuses is refused before anything is written. */
static int check_ledger(struct journal *journal, const struct event *event, struct error *error)
{
    const struct event_reader *reader = &journal->reader;
    if (!event_needs_ledger(reader->type) || reader->account[0] == '\0')
        return 0;
    struct replay *replay = find_account(journal, reader->account, error);
    if (replay != NULL &&
        journal_admit(replay->n > 0 ? &replay->ledger : NULL, reader->type, &reader->value, error) != 0)
        return -1;
    if (replay != NULL && replay_apply(replay, event, reader, error) == 0) {
        replay_count(replay, event->record.n);
        return 0;
    }
    error_prefix(error, "event %" PRId64, event->seq);
    forget_accounts(journal);
    return -1;
}

static int append(struct journal *journal, enum mode mode, struct str line, bool checked, struct error *error)
{
    struct event_reader *reader = &journal->reader;
    struct event event = {
        .seq = journal->last + 1,
        .recorded = time_now(),
        .mode = event_is_common(reader) ? MODE_NONE : mode,
        .type = str_of(record_type_text(reader->type)),
        .account = str_of(reader->account),
        .key = str_of(reader->key),
        .record = line,
    };
    if (check_mode(reader, mode, error) != 0)
        return -1;
    const int new = compare_stored(journal, &event, error);
    if (new != 1)
        return new;
    if ((checked && check_ledger(journal, &event, error) != 0) || events_append(journal->events, &event, error) != 0 ||
        derived_put(journal->derived, &event, reader, error) != 0)
        return -1;
    require(event.seq == journal->last + 1);
    journal->last = event.seq;
    return 1;
}

int journal_append(struct journal *journal, enum mode mode, struct str line, struct error *error)
{
    require(journal->derived != NULL && db_in_transaction(journal->db));
    if (line.n > 0 && line.p[line.n - 1] == '\n')
        line.n--;
    return event_reader_read(&journal->reader, line, error) == 0 ? append(journal, mode, line, true, error) : -1;
}

int journal_put_line(struct journal *journal, enum mode mode, enum record_type type, const void *value,
                     struct str *line, struct error *error)
{
    require(journal->derived != NULL && db_in_transaction(journal->db));
    buf_reset(&journal->line);
    record_encode(&journal->line, type, value);
    if (buf_check(&journal->line, error) != 0)
        return -1;
    const struct str text = {journal->line.p, journal->line.n - 1};
    if (line != NULL)
        *line = text;
#ifdef TN_CHECKED
    /* What was encoded is what whoever reads the journal will decode. */
    if (event_reader_read(&journal->reader, text, error) != 0) {
        require(error->code == EXIT_SYSTEM); /* out of memory */
        return -1;
    }
    char key[EVENT_KEY_MAX];
    memcpy(key, journal->reader.key, sizeof key);
    buf_reset(&journal->reader.scratch);
#endif
    if (event_reader_take(&journal->reader, type, value, text, error) != 0)
        return -1;
#ifdef TN_CHECKED
    require(strcmp(key, journal->reader.key) == 0);
#endif
    return append(journal, mode, text, false, error);
}

int journal_put(struct journal *journal, enum mode mode, enum record_type type, const void *value, struct error *error)
{
    return journal_put_line(journal, mode, type, value, NULL, error);
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

struct event_cursor *journal_read_account(struct journal *journal, const char *account, struct error *error)
{
    return event_cursor_of_account(journal->events, str_of(account), 0, error);
}

struct event_cursor *journal_read(struct journal *journal, int64_t after, struct error *error)
{
    return event_cursor_open(journal->events, after, error);
}
