/* The event log: opening it, appending with the hash chain, finding by key. */
#include "db/event_log.h"

#include "base/list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Decimal digits of a number, written by hand: printf takes longer than the hash. Returns where it ends. */
static char *add_digits(char *out, int64_t value)
{
    char digits[24];
    size_t n = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--n] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--n] = '-';
    memcpy(out, digits + n, sizeof digits - n);
    return out + sizeof digits - n;
}

static char *add_netstring(char *out, const char *text, size_t length)
{
    out = add_digits(out, (int64_t)length);
    *out++ = ':';
    memcpy(out, text, length);
    out += length;
    *out++ = ',';
    return out;
}

static char *add_number(char *out, int64_t value)
{
    char text[24];
    return add_netstring(out, text, (size_t)(add_digits(text, value) - text));
}

static const char *const mode_words[] = {[MODE_NONE] = "", [MODE_PAPER] = "paper", [MODE_LIVE] = "live"};

/* hash ← SHA-256(hash ‖ row), as events.h defines it. */
int events_chain(struct events *events, const struct event *event, unsigned char hash[static SHA256_SIZE],
                 struct error *error)
{
    char fields[128]; /* two numbers of up to 20 characters, a mode of up to 5, a length, and what joins them */
    const char *mode = mode_words[event->mode];
    char *end = add_number(fields, event->seq);
    end = add_number(end, event->recorded);
    end = add_netstring(end, mode, strlen(mode));
    end = add_digits(end, (int64_t)event->record.n);
    *end++ = ':';
    if (sha256_begin(events->sha256, error) != 0 || sha256_add(events->sha256, hash, SHA256_SIZE, error) != 0 ||
        sha256_add(events->sha256, fields, (size_t)(end - fields), error) != 0 ||
        sha256_add(events->sha256, event->record.p, event->record.n, error) != 0 ||
        sha256_add(events->sha256, ",", 1, error) != 0)
        return -1;
    return sha256_end(events->sha256, hash, error);
}

int event_mode_of(struct str text, enum mode *mode)
{
    for (size_t i = 0; i < sizeof mode_words / sizeof *mode_words; i++)
        if (mode_words[i] != NULL && str_is(text, mode_words[i])) {
            *mode = (enum mode)i;
            return 0;
        }
    return -1;
}

int events_head(struct events *events, struct head *head, struct error *error)
{
    *head = (struct head){.doubtful = events->doubtful};
    const int got = statement_step(events->last, error);
    if (got != 1)
        return got;
    head->seq = statement_int(events->last, 0);
    const struct str hash = statement_bytes(events->last, 1);
    if (hash.n == SHA256_SIZE)
        memcpy(head->hash, hash.p, SHA256_SIZE);
    statement_reset(events->last);
    return hash.n == SHA256_SIZE ? 0 : error_set(error, EXIT_STATE, "event %" PRId64 " has no hash", head->seq);
}

/* The head was read before the log is looked at, so a log that is whole holds that row or more, in any snapshot since.
 */
int events_compare_head(struct events *events, struct error *error)
{
    const struct head *head = &events->beside;
    if (head->seq == 0)
        return 0;
    statement_bind_int(events->hash_at, 1, head->seq);
    const int got = statement_step(events->hash_at, error);
    if (got < 0)
        return -1;
    const bool there = got == 1;
    const struct str hash = there ? statement_bytes(events->hash_at, 0) : STR("");
    const bool same = hash.n == SHA256_SIZE && memcmp(hash.p, head->hash, SHA256_SIZE) == 0;
    statement_reset(events->hash_at);
    if (same)
        return 0;
    const char *path = db_path(events->db);
    if (there)
        error_set(error, EXIT_STATE, "event %" PRId64 " of '%s' was changed", head->seq, path);
    else
        error_set(error, EXIT_STATE, "'%s' has lost its end: event %" PRId64 " was written", path, head->seq);
    error_hint(error, "%s", db_damaged_hint(events->db));
    return -1;
}

static int prepare(struct events *events, struct error *error)
{
    static const char *const sql[] = {
        "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1",
        "SELECT hash FROM event WHERE seq = ?",
        "SELECT " EVENT_COLUMNS " FROM event ORDER BY seq DESC LIMIT 1",
        "SELECT " EVENT_COLUMNS " FROM event WHERE seq = ?",
        "SELECT " EVENT_COLUMNS " FROM event WHERE key = ?",
        "INSERT INTO event(seq, recorded, mode, type, account, key, record, hash, n) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "SELECT n, seq FROM last WHERE account = ?",
        "SELECT n, seq FROM event WHERE account = ? ORDER BY n DESC LIMIT 1",
        "INSERT OR REPLACE INTO last(account, n, seq) VALUES(?, ?, ?)",
    };
    struct statement **const statement[] = {&events->last,         &events->hash_at,     &events->last_row,
                                            &events->at,           &events->find,        &events->insert,
                                            &events->account_last, &events->account_end, &events->put_last};
    if ((events->sha256 = sha256_new(error)) == NULL)
        return -1;
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        if ((*statement[i] = statement_open(events->db, sql[i], error)) == NULL)
            return -1;
    return 0;
}

/* The last row, hashed again. */
static int check_last_row(struct events *events, struct error *error)
{
    struct event event;
    int got = statement_step(events->last_row, error);
    if (got == 1)
        got = event_from_row(events, events->last_row, &event, error);
    statement_reset(events->last_row);
    return got < 0 ? -1 : 0;
}

int events_have_head(struct events *events, struct error *error)
{
    if (events->beside_state == HEAD_THERE)
        return 1;
    if (head_read(db_path(events->db), &events->beside, &events->beside_state, error) != 0)
        return -1;
    if (events->beside_state != HEAD_THERE)
        return 0;
    return events_compare_head(events, error) == 0 ? 1 : -1;
}

/* Without a head nothing says whether rows at the end are lost. */
static int check_beside(struct events *events, struct error *error)
{
    static const char *const what[] = {[HEAD_MISSING] = "missing", [HEAD_EMPTY] = "empty", [HEAD_DAMAGED] = "damaged"};
    struct head head;
    if (events->beside_state == HEAD_THERE)
        return 0;
    if (events_head(events, &head, error) != 0)
        return -1;
    if (head.seq == 0 && events->beside_state != HEAD_DAMAGED)
        return 0;
    const int there = events_have_head(events, error); /* whoever made the log just now has made it by now */
    if (there != 0)
        return there < 0 ? -1 : 0;
    error_set(error, EXIT_STATE, "'%s-head' is %s: events at the end of the journal may be lost", db_path(events->db),
              what[events->beside_state]);
    error_hint(error,
               "restore it from a backup; or run tn-journal verify --new-head if event %" PRId64
               " is known to be the last",
               head.seq);
    return -1;
}

struct events *events_open(struct db *db, bool writes, bool settle, struct error *error)
{
    struct events *events = calloc(1, sizeof *events);
    if (events == NULL) {
        error_memory(error);
        return NULL;
    }
    *events = (struct events){.db = db, .head_file = -1};
    names_init(&events->accounts);
    if (head_read(db_path(db), &events->beside, &events->beside_state, error) != 0 || prepare(events, error) != 0 ||
        events_compare_head(events, error) != 0 || (!settle && check_beside(events, error) != 0) ||
        check_last_row(events, error) != 0)
        goto failed;
    events->doubtful = events->beside.doubtful;
    if (writes && events->doubtful && !settle) {
        error_set(error, EXIT_SYSTEM, "the disk failed while '%s' was being written", db_path(db));
        error_hint(error, "nothing is written until tn-journal verify has passed");
        goto failed;
    }
    if (writes && (events->head_file = head_open(db_path(db), error)) < 0)
        goto failed;
    return events;
failed:
    events_close(events);
    return NULL;
}

void events_close(struct events *events)
{
    if (events == NULL)
        return;
    statement_close(events->insert);
    statement_close(events->find);
    statement_close(events->last);
    statement_close(events->at);
    statement_close(events->hash_at);
    statement_close(events->last_row);
    statement_close(events->account_last);
    statement_close(events->account_end);
    statement_close(events->put_last);
    names_clear(&events->accounts);
    free(events->end);
    sha256_free(events->sha256);
    if (events->head_file >= 0)
        close(events->head_file);
    free(events);
}

bool events_are_doubtful(const struct events *events)
{
    return events->doubtful;
}

int events_settle(struct events *events, struct error *error)
{
    if (db_checkpoint(events->db, error) != 0 || events_head(events, &events->head, error) != 0)
        return -1;
    events->head.doubtful = events->doubtful = false;
    if (head_reset(events->head_file, &events->head) != 0)
        return error_system(error, "cannot write '%s-head'", db_path(events->db));
    return 0;
}

void events_release(struct events *events)
{
    statement_reset(events->find);
    statement_reset(events->at);
}

int events_refuse(struct events *events, struct error *error)
{
    error_hint(error, "%s", db_damaged_hint(events->db));
    return -1;
}

/* n and seq of the one row that a statement gives for an account; 0 and 0 without. */
int events_ask_end(struct statement *statement, struct str account, int64_t *n, int64_t *seq, struct error *error)
{
    *n = *seq = 0;
    statement_bind_text(statement, 1, account);
    const int got = statement_step(statement, error);
    if (got == 1) {
        *n = statement_int(statement, 0);
        *seq = statement_int(statement, 1);
    }
    statement_reset(statement);
    return got < 0 ? -1 : 0;
}

int events_last(struct events *events, struct str account, int64_t *n, int64_t *seq, struct error *error)
{
    int64_t end, end_seq;
    if (events_ask_end(events->account_last, account, n, seq, error) != 0 ||
        events_ask_end(events->account_end, account, &end, &end_seq, error) != 0)
        return -1;
    if (*n == end && *seq == end_seq)
        return 0;
    error_set(error, EXIT_STATE, "account '" STR_FMT "' ends at its event %" PRId64 ", not %" PRId64, STR_ARG(account),
              end, *n);
    return events_refuse(events, error);
}

int events_end(struct events *events, struct str account, int64_t *n, int64_t *seq, struct error *error)
{
    const int64_t known = names_find(&events->accounts, account);
    if (known < 0)
        return events_ask_end(events->account_last, account, n, seq, error);
    *n = events->end[known].n;
    *seq = events->end[known].seq;
    return 0;
}

/* The end of an account's events as this transaction knows it. */
static struct account_end *account_end(struct events *events, struct str account, struct error *error)
{
    const int64_t known = names_find(&events->accounts, account);
    if (known >= 0)
        return &events->end[known];
    struct account_end end = {0};
    if (events_last(events, account, &end.n, &end.seq, error) != 0 ||
        list_grow(&events->end, &events->end_capacity, events->accounts.count, sizeof end, error) != 0)
        return NULL;
    const int64_t index = names_add(&events->accounts, account, error);
    if (index < 0)
        return NULL;
    events->end[index] = end;
    return &events->end[index];
}

static void forget_ends(struct events *events)
{
    names_clear(&events->accounts);
    names_init(&events->accounts);
}

static int put_ends(struct events *events, struct error *error)
{
    for (size_t i = 0; i < events->accounts.count; i++) {
        const struct account_end *end = &events->end[i];
        if (!end->appended)
            continue;
        statement_bind_text(events->put_last, 1, str_of(events->accounts.name[i]));
        statement_bind_int(events->put_last, 2, end->n);
        statement_bind_int(events->put_last, 3, end->seq);
        if (statement_run(events->put_last, error) != 0)
            return -1;
    }
    return 0;
}

int events_begin(struct events *events, struct error *error)
{
    events_release(events);
    if (db_begin(events->db, error) != 0 || events_head(events, &events->head, error) != 0)
        return -1;
    events->stored = events->head;
    forget_ends(events);
    return 0;
}

int events_commit(struct events *events, struct error *error)
{
    events_release(events);
    const int result = put_ends(events, error) == 0 ? db_commit(events->db, error) : -1;
    if (result != 0)
        db_rollback(events->db);
    forget_ends(events);
    if (db_is_doubtful(events->db))
        events->doubtful = true;
    if (result == 0)
        events->stored = events->head;
    events->stored.doubtful = events->doubtful;
    if (result == 0 || events->doubtful)
        (void)head_write(events->head_file, &events->stored); /* an older head is no harm */
    return result;
}

void events_rollback(struct events *events)
{
    events_release(events);
    db_rollback(events->db);
    forget_ends(events);
}

int events_append(struct events *events, struct event *event, struct error *error)
{
    require(db_in_transaction(events->db) && event->mode != MODE_BACKTEST);
    events_release(events);
    unsigned char hash[SHA256_SIZE];
    memcpy(hash, events->head.hash, SHA256_SIZE);
    event->seq = events->head.seq + 1;
    struct account_end *end = NULL;
    if (event->account.n > 0 && (end = account_end(events, event->account, error)) == NULL)
        return -1;
    event->n = end == NULL ? 0 : end->n + 1;
    if (events_chain(events, event, hash, error) != 0)
        return -1;
    struct statement *insert = events->insert;
    statement_bind_int(insert, 1, event->seq);
    statement_bind_int(insert, 2, event->recorded);
    statement_bind_text(insert, 3, str_of(mode_words[event->mode]));
    statement_bind_text(insert, 4, event->type);
    if (event->account.n > 0)
        statement_bind_text(insert, 5, event->account);
    else
        statement_bind_null(insert, 5);
    if (event->key.n > 0)
        statement_bind_text(insert, 6, event->key);
    else
        statement_bind_null(insert, 6);
    statement_bind_text(insert, 7, event->record);
    statement_bind_blob(insert, 8, hash, SHA256_SIZE);
    if (end != NULL)
        statement_bind_int(insert, 9, event->n);
    else
        statement_bind_null(insert, 9);
    if (statement_run(insert, error) != 0)
        return -1;
    if (end != NULL)
        *end = (struct account_end){event->n, event->seq, true};
    events->head.seq = event->seq;
    memcpy(events->head.hash, hash, SHA256_SIZE);
    return 0;
}

/* Does a row have the hash that follows from the row before it? */
int event_check_hash(struct events *events, const struct event *event, struct str before, struct str stored,
                     struct error *error)
{
    unsigned char hash[SHA256_SIZE] = {0};
    if (event->seq > 1 && before.n != SHA256_SIZE)
        return error_set(error, EXIT_STATE, "event %" PRId64 " is missing", event->seq - 1);
    if (event->seq > 1)
        memcpy(hash, before.p, SHA256_SIZE);
    if (events_chain(events, event, hash, error) != 0)
        return -1;
    if (stored.n != SHA256_SIZE || memcmp(stored.p, hash, SHA256_SIZE) != 0)
        return error_set(error, EXIT_STATE, "event %" PRId64 " was changed: its hash does not match", event->seq);
    return 0;
}

int event_from_row(struct events *events, struct statement *row, struct event *event, struct error *error)
{
    *event = (struct event){
        .seq = statement_int(row, 0),
        .recorded = statement_int(row, 1),
        .type = statement_bytes(row, 3),
        .account = statement_bytes(row, 4),
        .key = statement_bytes(row, 5),
        .record = statement_bytes(row, 6),
        .n = statement_int(row, 7),
    };
    if (event_mode_of(statement_bytes(row, 2), &event->mode) != 0) {
        error_set(error, EXIT_STATE, "event %" PRId64 " has an unknown mode", event->seq);
        return events_refuse(events, error);
    }
    if (event_check_hash(events, event, statement_bytes(row, 9), statement_bytes(row, 8), error) == 0)
        return 1;
    return error->code == EXIT_STATE ? events_refuse(events, error) : -1;
}

int events_find(struct events *events, struct str key, struct event *event, struct error *error)
{
    events_release(events);
    statement_bind_text(events->find, 1, key);
    const int got = statement_step(events->find, error);
    return got == 1 ? event_from_row(events, events->find, event, error) : got;
}

int events_at(struct events *events, int64_t seq, struct event *event, struct error *error)
{
    events_release(events);
    statement_bind_int(events->at, 1, seq);
    const int got = statement_step(events->at, error);
    return got == 1 ? event_from_row(events, events->at, event, error) : got;
}
