/* The event log: appending with the hash chain, finding by key, reading forward, verifying. */
#include "db/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct events {
    struct db *db;
    struct statement *insert, *find, *at, *last, *hash_at;
    struct sha256 *sha256;
    int head_file;      /* -1 when opened to read */
    struct head head;   /* inside a transaction, with what was appended */
    struct head stored; /* as of the last commit seen */
    struct head beside; /* as the file beside the log said before the log was looked at */
    bool doubtful;
};

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
static int chain(struct events *events, const struct event *event, unsigned char hash[static SHA256_SIZE],
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

static int mode_of(struct str text, enum mode *mode)
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
static int compare_with_head(struct events *events, struct error *error)
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
        error_set(error, EXIT_STATE, "event %" PRId64 " of '%s' is not the one that was written", head->seq, path);
    else
        error_set(error, EXIT_STATE, "'%s' ends before event %" PRId64 ", which was written", path, head->seq);
    error_hint(error, "%s", db_damaged_hint(events->db));
    return -1;
}

static int prepare(struct events *events, struct error *error)
{
    struct db *db = events->db;
    if ((events->sha256 = sha256_new(error)) == NULL)
        return -1;
    events->last = statement_open(db, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", error);
    events->hash_at = statement_open(db, "SELECT hash FROM event WHERE seq = ?", error);
    events->at = statement_open(db, "SELECT " EVENT_COLUMNS " FROM event WHERE seq = ?", error);
    events->find = statement_open(db, "SELECT " EVENT_COLUMNS " FROM event WHERE key = ?", error);
    events->insert = statement_open(db,
                                    "INSERT INTO event(seq, recorded, mode, type, account, key, record, hash)"
                                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                                    error);
    return events->last != NULL && events->hash_at != NULL && events->at != NULL && events->find != NULL &&
                   events->insert != NULL
               ? 0
               : -1;
}

struct events *events_open(struct db *db, bool writes, bool settle, struct error *error)
{
    struct events *events = calloc(1, sizeof *events);
    if (events == NULL) {
        error_memory(error);
        return NULL;
    }
    *events = (struct events){.db = db, .head_file = -1};
    if (head_read(db_path(db), &events->beside, error) != 0 || prepare(events, error) != 0 ||
        compare_with_head(events, error) != 0)
        goto failed;
    events->doubtful = events->beside.doubtful;
    if (writes && events->doubtful && !settle) {
        error_set(error, EXIT_SYSTEM, "the disk failed while '%s' was written", db_path(db));
        error_hint(error, "nothing more is written until tn-journal verify has passed");
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
    if (head_write(events->head_file, &events->head) != 0 || fsync(events->head_file) != 0)
        return error_system(error, "cannot write '%s-head'", db_path(events->db));
    return 0;
}

/* A row read earlier would keep its snapshot of the file. */
static void release(struct events *events)
{
    statement_reset(events->find);
    statement_reset(events->at);
}

int events_begin(struct events *events, struct error *error)
{
    release(events);
    if (db_begin(events->db, error) != 0 || events_head(events, &events->head, error) != 0)
        return -1;
    events->stored = events->head;
    return 0;
}

int events_commit(struct events *events, struct error *error)
{
    release(events);
    const int result = db_commit(events->db, error);
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
    release(events);
    db_rollback(events->db);
}

int events_append(struct events *events, struct event *event, struct error *error)
{
    require(db_in_transaction(events->db) && event->mode != MODE_BACKTEST);
    release(events);
    unsigned char hash[SHA256_SIZE];
    memcpy(hash, events->head.hash, SHA256_SIZE);
    event->seq = events->head.seq + 1;
    if (chain(events, event, hash, error) != 0)
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
    if (statement_run(insert, error) != 0)
        return -1;
    events->head.seq = event->seq;
    memcpy(events->head.hash, hash, SHA256_SIZE);
    return 0;
}

int event_from_row(struct statement *row, struct event *event, struct error *error)
{
    *event = (struct event){
        .seq = statement_int(row, 0),
        .recorded = statement_int(row, 1),
        .type = statement_bytes(row, 3),
        .account = statement_bytes(row, 4),
        .key = statement_bytes(row, 5),
        .record = statement_bytes(row, 6),
    };
    if (mode_of(statement_bytes(row, 2), &event->mode) != 0)
        return error_set(error, EXIT_STATE, "event %" PRId64 " has an unknown mode", event->seq);
    return 1;
}

int events_find(struct events *events, struct str key, struct event *event, struct error *error)
{
    release(events);
    statement_bind_text(events->find, 1, key);
    const int got = statement_step(events->find, error);
    return got == 1 ? event_from_row(events->find, event, error) : got;
}

int events_at(struct events *events, int64_t seq, struct event *event, struct error *error)
{
    release(events);
    statement_bind_int(events->at, 1, seq);
    const int got = statement_step(events->at, error);
    return got == 1 ? event_from_row(events->at, event, error) : got;
}

struct event_cursor {
    struct statement *rows;
    int64_t after;
    bool running;
};

struct event_cursor *event_cursor_open(struct events *events, int64_t after, struct error *error)
{
    struct event_cursor *cursor = malloc(sizeof *cursor);
    if (cursor == NULL) {
        error_memory(error);
        return NULL;
    }
    *cursor = (struct event_cursor){.after = after};
    cursor->rows = statement_open(events->db, "SELECT " EVENT_COLUMNS " FROM event WHERE seq > ? ORDER BY seq", error);
    if (cursor->rows == NULL) {
        free(cursor);
        return NULL;
    }
    return cursor;
}

int event_cursor_next(struct event_cursor *cursor, struct event *event, struct error *error)
{
    if (!cursor->running)
        statement_bind_int(cursor->rows, 1, cursor->after);
    const int got = statement_step(cursor->rows, error);
    cursor->running = got == 1;
    if (got != 1)
        return got;
    if (event_from_row(cursor->rows, event, error) != 1)
        return -1;
    cursor->after = event->seq;
    return 1;
}

void event_cursor_close(struct event_cursor *cursor)
{
    if (cursor == NULL)
        return;
    statement_close(cursor->rows);
    free(cursor);
}

static int verify_row(struct events *events, struct statement *rows, int64_t expected,
                      unsigned char hash[static SHA256_SIZE], struct error *error)
{
    struct event event = {
        .seq = statement_int(rows, 0), .recorded = statement_int(rows, 1), .record = statement_bytes(rows, 3)};
    if (event.seq != expected)
        return error_set(error, EXIT_STATE, "event %" PRId64 " is missing", expected);
    if (mode_of(statement_bytes(rows, 2), &event.mode) != 0)
        return error_set(error, EXIT_STATE, "event %" PRId64 " has an unknown mode", event.seq);
    if (chain(events, &event, hash, error) != 0)
        return -1;
    const struct str stored = statement_bytes(rows, 4);
    if (stored.n != SHA256_SIZE || memcmp(stored.p, hash, SHA256_SIZE) != 0)
        return error_set(error, EXIT_STATE, "event %" PRId64 " was changed: its hash does not fit", event.seq);
    return 0;
}

int events_verify(struct events *events, int64_t *rows, struct error *error)
{
    struct statement *all =
        statement_open(events->db, "SELECT seq, recorded, mode, record, hash FROM event ORDER BY seq", error);
    if (all == NULL)
        return -1;
    unsigned char hash[SHA256_SIZE] = {0};
    int64_t good = 0;
    int got;
    while ((got = statement_step(all, error)) == 1) {
        if (verify_row(events, all, good + 1, hash, error) != 0) {
            if (error->code == EXIT_STATE)
                error_hint(error, "%s", db_damaged_hint(events->db));
            got = -1;
            break;
        }
        good++;
    }
    statement_close(all);
    if (got == 0)
        got = compare_with_head(events, error);
    if (rows != NULL)
        *rows = good;
    return got;
}
