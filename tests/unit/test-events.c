/* The event log: the chain against an independent computation, keys, cursors, tampering, lost tails, failed disks. */
#include "db/events.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const steps[] = {EVENTS_SCHEMA_1, EVENTS_SCHEMA_2};
static const struct db_schema schema = {"log", 0x746e3033, steps, 2, "append to it", "restore it"};

static char folder[] = "/tmp/test-events-XXXXXX";
static char path[64];
static struct error error;

static struct events *log_open(struct db **db, enum db_access access, bool settle)
{
    error_clear(&error);
    *db = db_open(path, access, &schema, &error);
    return *db == NULL ? NULL : events_open(*db, access != DB_READ, settle, &error);
}

static void log_close(struct events *events, struct db *db)
{
    events_close(events);
    db_close(db);
}

static int append(struct events *events, int64_t recorded, enum mode mode, const char *key, const char *record)
{
    struct event event = {
        .recorded = recorded, .mode = mode, .type = STR("note"), .key = str_of(key), .record = str_of(record)};
    return events_append(events, &event, &error);
}

static void check_chain(void)
{
    struct db *db;
    struct events *events = log_open(&db, DB_CREATE, false);
    struct head head;
    enum head_state state;
    check(events != NULL && events_head(events, &head, &error) == 0 && head.seq == 0, "an empty log has no head");
    events_begin(events, &error);
    check(append(events, INT64_C(1700000000000000001), MODE_PAPER, "note/a", "{\"type\":\"note\",\"id\":\"a\"}") == 0,
          "append");
    check(append(events, INT64_C(1700000000000000002), MODE_LIVE, "", "{\"type\":\"note\",\"text\":\"h\xc3\xa9\"}") ==
              0,
          "append without a key");
    check(append(events, 3, MODE_NONE, "note/c", "{}") == 0, "append for both modes");
    check(events_commit(events, &error) == 0, "commit");
    /* python3: h = bytes(32); n = lambda b: str(len(b)).encode() + b":" + b + b","
     *          h = sha256(h + n(b"1") + n(b"1700000000000000001") + n(b"paper") +
     * n(b'{"type":"note","id":"a"}')).digest() … */
    static const char *const expected = "2e87a3af765b6992e0dc262aa76b9f6f1124c40e6a031aa7548221aa5cee8231";
    char text[SHA256_HEX_SIZE];
    check(events_head(events, &head, &error) == 0 && head.seq == 3, "three rows");
    hash_hex(text, head.hash, SHA256_SIZE);
    check_text(text, expected, "the chain is the one computed independently");
    check(head_read(path, &head, &state, &error) == 0 && head.seq == 3 && !head.doubtful,
          "the head beside the log agrees");
    hash_hex(text, head.hash, SHA256_SIZE);
    check_text(text, expected, "to the hash");
    int64_t rows = 0;
    check(events_verify(events, &rows, &error) == 0 && rows == 3, "verifies");
    events_begin(events, &error);
    check(append(events, 4, MODE_PAPER, "note/a", "{}") != 0 && error.code == EXIT_STATE, "a key is there once");
    error_clear(&error);
    check(append(events, 4, MODE_PAPER, "note/d", "{}") == 0, "the transaction goes on");
    events_rollback(events);
    check(events_head(events, &head, &error) == 0 && head.seq == 3, "a rollback takes it back");
    struct event event;
    check(events_find(events, STR("note/c"), &event, &error) == 1 && event.seq == 3 && str_is(event.record, "{}"),
          "found by key");
    check(events_find(events, STR("note/x"), &event, &error) == 0, "what is not there is not found");
    log_close(events, db);
}

static void check_cursor(void)
{
    struct db *db;
    struct events *events = log_open(&db, DB_WRITE, false);
    struct event event;
    struct event_cursor *cursor = event_cursor_open(events, 1, &error);
    check(event_cursor_next(cursor, &event, &error) == 1 && event.seq == 2 && event.mode == MODE_LIVE &&
              str_is(event.record, "{\"type\":\"note\",\"text\":\"h\xc3\xa9\"}") && event.key.n == 0 &&
              event.recorded == INT64_C(1700000000000000002),
          "a cursor gives the row as it was");
    check(event_cursor_next(cursor, &event, &error) == 1 && event.seq == 3, "and the next");
    check(event_cursor_next(cursor, &event, &error) == 0, "and the end");
    events_begin(events, &error);
    append(events, 4, MODE_PAPER, "note/d", "{\"n\":4}");
    events_commit(events, &error);
    check(event_cursor_next(cursor, &event, &error) == 1 && event.seq == 4, "and goes on with what came later");
    check(event_cursor_next(cursor, &event, &error) == 0, "to the end again");
    event_cursor_close(cursor);
    check(db_execute(db, "UPDATE event SET mode = 'live' WHERE seq = 1", &error) != 0 && error.code == EXIT_STATE,
          "an event cannot be changed");
    error_clear(&error);
    check(db_execute(db, "DELETE FROM event WHERE seq = 1", &error) != 0, "or deleted");
    error_clear(&error);
    check(db_execute(db,
                     "REPLACE INTO event SELECT 1, recorded, mode, type, account, key, record, hash, n FROM event"
                     " WHERE seq = 2",
                     &error) != 0,
          "or replaced");
    log_close(events, db);
}

/* Each way to tamper, on the four rows, inside a transaction that is rolled back; triggers out of the way. */
static void check_tampering(void)
{
    static const struct {
        const char *sql, *message;
    } ways[] = {
        {"UPDATE event SET record = '{ }' WHERE seq = 3", "event 3 was changed: its hash does not match"},
        {"UPDATE event SET recorded = recorded + 1 WHERE seq = 2", "event 2 was changed: its hash does not match"},
        {"UPDATE event SET mode = 'live' WHERE seq = 1", "event 1 was changed: its hash does not match"},
        {"UPDATE event SET hash = zeroblob(32) WHERE seq = 4", "event 4 was changed: its hash does not match"},
        {"DELETE FROM event WHERE seq = 2", "event 2 is missing"},
        {"UPDATE event SET seq = 9 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3;"
         "UPDATE event SET seq = 3 WHERE seq = 9",
         "event 2 was changed: its hash does not match"},
        {"UPDATE event SET seq = seq + 1 WHERE seq = 4; INSERT INTO event VALUES(4, 0, '', 'note', NULL, NULL, '{}',"
         " zeroblob(32), NULL)",
         "event 4 was changed: its hash does not match"},
        {"UPDATE event SET record = substr(record, 1, 1) || char(32) || substr(record, 2) WHERE seq = 1",
         "event 1 was changed: its hash does not match"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct db *db;
        struct events *events = log_open(&db, DB_WRITE, false);
        db_begin(db, &error);
        db_execute(db, "DROP TRIGGER event_kept; DROP TRIGGER event_stays;", &error);
        check(db_execute(db, ways[i].sql, &error) == 0, "tamper: %s", ways[i].sql);
        check(events_verify(events, NULL, &error) != 0 && error.code == EXIT_STATE, "fault-087: seen");
        check_text(error.text, ways[i].message, "fault-087: the first bad row is named");
        db_rollback(db);
        log_close(events, db);
    }
}

static char book[] = "/tmp/test-accounts-XXXXXX";

static int append_to(struct events *events, const char *account, const char *record)
{
    struct event event = {.recorded = 1,
                          .mode = account[0] == '\0' ? MODE_NONE : MODE_PAPER,
                          .type = STR("note"),
                          .account = str_of(account),
                          .record = str_of(record)};
    return events_append(events, &event, &error);
}

/* The records of an account after a number, joined; what went wrong instead. */
static const char *events_of(struct events *events, const char *account, int64_t after)
{
    static char text[256];
    struct event event;
    size_t n = 0;
    error_clear(&error);
    struct event_cursor *cursor = event_cursor_of_account(events, str_of(account), after, &error);
    int got = cursor == NULL ? -1 : 1;
    text[0] = '\0';
    while (got == 1 && (got = event_cursor_next(cursor, &event, &error)) == 1)
        n += (size_t)snprintf(text + n, sizeof text - n, STR_FMT "%lld ", STR_ARG(event.record), (long long)event.n);
    event_cursor_close(cursor);
    return got == 0 ? text : error.text;
}

static const struct db_schema accounts_schema = {"log", 0x746e3033, steps, 2, "append to it", "restore it"};

/* a has events 1 3 4 6, b 2 5, and 7 is nobody's. */
static void make_accounts(void)
{
    static const char *const account[] = {"a", "b", "a", "a", "b", "a", ""};
    static const char *const record[] = {"{1}", "{2}", "{3}", "{4}", "{5}", "{6}", "{7}"};
    struct db *db = db_open(book, DB_CREATE, &accounts_schema, &error);
    struct events *events = db == NULL ? NULL : events_open(db, true, false, &error);
    for (int i = 0; i < 7; i++) {
        if (i % 3 == 0) { /* three transactions */
            check(i == 0 || events_commit(events, &error) == 0, "commit");
            check(events_begin(events, &error) == 0, "begin");
        }
        check(append_to(events, account[i], record[i]) == 0, "append to '%s'", account[i]);
    }
    check(events_commit(events, &error) == 0, "commit: %s", error.text);
    log_close(events, db);
}

static void check_accounts(void)
{
    static const struct {
        const char *sql, *read, *verified;
    } ways[] = {
        {"", "{3}2 {4}3 {6}4 ", ""},
        {"DELETE FROM event WHERE seq = 4", "event 3 of account 'a' is missing", "event 4 is missing"},
        {"UPDATE event SET n = 9 WHERE seq = 4", "event 3 of account 'a' is missing",
         "event 4 is numbered 9 of its account, not 3"},
        {"UPDATE event SET account = 'b', n = 3 WHERE seq = 4", "event 3 of account 'a' is missing",
         "event 4 is numbered 3 of its account, not 2"},
        {"UPDATE event SET account = 'c', n = 1 WHERE seq = 6", "account 'a' ends at its event 3, not 4",
         "account 'a' ends at its event 3, not 4"},
        {"UPDATE last SET n = 5 WHERE account = 'a'", "account 'a' ends at its event 4, not 5",
         "account 'a' ends at its event 4, not 5"},
        {"DELETE FROM last WHERE account = 'a'", "account 'a' ends at its event 4, not 0",
         "account 'a' ends at its event 4, not 0"},
        {"UPDATE last SET seq = 3 WHERE account = 'a'", "account 'a' ends at its event 4, not 4",
         "account 'a' ends at its event 4, not 4"},
        {"INSERT INTO last VALUES('d', 1, 7)", "{3}2 {4}3 {6}4 ", "an account without events has a recorded end"},
        {"UPDATE event SET record = '{!}' WHERE seq = 4", "event 4 was changed: its hash does not match",
         "event 4 was changed: its hash does not match"},
        {"UPDATE event SET n = -1 WHERE seq = 3; UPDATE event SET n = 2 WHERE seq = 4;"
         "UPDATE event SET n = 3 WHERE seq = 3",
         "event 3 of account 'a' is missing", "event 3 is numbered 3 of its account, not 2"},
        {"UPDATE event SET hash = zeroblob(32) WHERE seq = 3", "event 3 was changed: its hash does not match",
         "event 3 was changed: its hash does not match"},
        {"DELETE FROM event WHERE seq = 3; UPDATE event SET n = n - 1 WHERE account = 'a' AND n > 1;"
         "UPDATE last SET n = 3 WHERE account = 'a'",
         "event 3 is missing", "event 3 is missing"},
    };
    make_accounts();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        error_clear(&error);
        struct db *db = db_open(book, DB_WRITE, &accounts_schema, &error);
        struct events *events = db == NULL ? NULL : events_open(db, true, false, &error);
        db_begin(db, &error);
        db_execute(db, "DROP TRIGGER event_kept; DROP TRIGGER event_stays;", &error);
        check(ways[i].sql[0] == '\0' || db_execute(db, ways[i].sql, &error) == 0, "tamper: %s %s", ways[i].sql,
              error.text);
        check_text(events_of(events, "a", 1), ways[i].read, "fault-087: who reads the account sees it");
        error_clear(&error);
        (void)events_verify(events, NULL, &error);
        check_text(error.text, ways[i].verified, "fault-087: and who verifies");
        db_rollback(db);
        log_close(events, db);
    }
    struct db *db = db_open(book, DB_WRITE, &accounts_schema, &error);
    struct events *events = events_open(db, true, false, &error);
    check_text(events_of(events, "b", 0), "{2}1 {5}2 ", "another account has its own numbers");
    check_text(events_of(events, "nobody", 0), "", "one without events has none");
    events_begin(events, &error);
    append_to(events, "b", "{8}");
    events_rollback(events);
    events_begin(events, &error);
    check(append_to(events, "b", "{9}") == 0 && append_to(events, "b", "{10}") == 0 &&
              events_commit(events, &error) == 0,
          "after a rollback");
    check_text(events_of(events, "b", 1), "{5}2 {9}3 {10}4 ", "the numbers go on without a gap");
    error_clear(&error);
    check(db_execute(db,
                     "INSERT INTO event SELECT seq + 1, 0, mode, type, 'b', NULL, '{}', hash, NULL FROM event"
                     " WHERE seq = 9",
                     &error) != 0,
          "an event of an account without a number is refused");
    log_close(events, db);
    static const char *const suffixes[] = {"", "-wal", "-shm", "-head"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[80];
        (void)snprintf(name, sizeof name, "%s%s", book, suffixes[i]);
        unlink(name);
    }
}

static void check_lost_tail(void)
{
    struct db *db;
    struct events *events = log_open(&db, DB_WRITE, false);
    check(db_checkpoint(db, &error) == 0, "everything is in the main file");
    events_begin(events, &error);
    append(events, 5, MODE_PAPER, "note/e", "{\"n\":5}");
    check(events_commit(events, &error) == 0, "one more row, in the write-ahead file");
    log_close(events, db);
    char name[80], away[80];
    (void)snprintf(name, sizeof name, "%s-wal", path);
    (void)snprintf(away, sizeof away, "%s-away", path);
    check(rename(name, away) == 0, "which goes away");
    events = log_open(&db, DB_READ, false);
    check(events == NULL && error.code == EXIT_STATE, "fault-016: the lost row is noticed when the log is opened");
    check(strstr(error.hint, "restore it") != NULL, "fault-016: and the hint names the way back");
    db_close(db);
    (void)snprintf(name, sizeof name, "%s-shm", path);
    unlink(name);
    (void)snprintf(name, sizeof name, "%s-wal", path);
    check(rename(away, name) == 0, "back again");
    events = log_open(&db, DB_WRITE, false);
    check(events != NULL && events_verify(events, NULL, &error) == 0, "with its file it is whole");
    log_close(events, db);
}

/* Write `text` over the head of the log, from byte `at` on. */
static void scribble(long at, const char *text, size_t length)
{
    char name[80];
    (void)snprintf(name, sizeof name, "%s-head", path);
    const int fd = open(name, O_WRONLY | O_CREAT, 0600);
    check(fd >= 0 && pwrite(fd, text, length, at) == (ssize_t)length && close(fd) == 0, "the head is written over");
}

static void cut_head(bool away)
{
    char name[80];
    (void)snprintf(name, sizeof name, "%s-head", path);
    check((away ? unlink(name) : truncate(name, 0)) == 0, "the head goes");
}

static void check_refused(const char *text, const char *what)
{
    struct db *db;
    for (int writes = 0; writes <= 1; writes++) {
        struct events *events = log_open(&db, writes != 0 ? DB_WRITE : DB_READ, false);
        check(events == NULL && error.code == EXIT_STATE && strstr(error.text, text) != NULL, "%s: %s", what,
              error.text);
        check(strstr(error.hint, "--new-head") != NULL, "with the way on");
        log_close(events, db);
    }
}

/* A log with rows and without a head is refused until someone says where it ends. */
static void check_headless(void)
{
    struct db *db;
    struct head head;
    enum head_state state;
    cut_head(true);
    check_refused("is missing", "no head");
    check(head_read(path, &head, &state, &error) == 0 && state == HEAD_MISSING, "and none is made");
    scribble(0, "", 0);
    check_refused("is empty", "an empty head");
    scribble(0, "\0\0\0\0", 4);
    check_refused("is empty", "a head of zeros");
    scribble(0, "garbage", 7);
    check_refused("is damaged", "garbage");
    struct events *events = log_open(&db, DB_WRITE, true);
    check(events != NULL && events_have_head(events, &error) == 0 && events_settle(events, &error) == 0,
          "it gets a new head: %s", error.text);
    log_close(events, db);
    events = log_open(&db, DB_WRITE, false);
    check(events != NULL && events_have_head(events, &error) == 1, "and is used again: %s", error.text);
    log_close(events, db);
}

/* Cut anywhere between the new bytes and the old, a head that was being written leaves the one before it. */
static void check_torn(void)
{
    struct db *db;
    char name[80], before[2 * HEAD_STRIDE] = "", after[2 * HEAD_STRIDE] = "";
    (void)snprintf(name, sizeof name, "%s-head", path);
    struct events *events = log_open(&db, DB_WRITE, false);
    int fd = open(name, O_RDONLY);
    const ssize_t size = pread(fd, before, sizeof before, 0);
    events_begin(events, &error);
    append(events, 6, MODE_PAPER, "note/torn", "{\"n\":6}");
    check(events_commit(events, &error) == 0, "one more row");
    check(size > 0 && pread(fd, after, sizeof after, 0) == size, "another head of the same size");
    close(fd);
    log_close(events, db);
    int wrong = 0, changed = 0;
    for (ssize_t cut = 0; cut < size; cut++) {
        if (cut > 0 && before[cut - 1] == after[cut - 1])
            continue;
        changed++;
        scribble(0, before, (size_t)size);
        scribble(0, after, (size_t)cut);
        events = log_open(&db, DB_WRITE, false);
        wrong += events == NULL || events_verify(events, NULL, &error) != 0;
        log_close(events, db);
    }
    check(changed > 60 && wrong == 0, "a torn head takes no rows away: %d of %d", wrong, changed);
}

/* The first line alone is what version 0.1.0 wrote. */
static void check_old_head(void)
{
    struct db *db;
    struct head head;
    enum head_state state;
    char name[80];
    (void)snprintf(name, sizeof name, "%s-head", path);
    check(head_read(path, &head, &state, &error) == 0, "read the head");
    const int64_t seq = head.seq;
    const int fd = head_open(path, &error);
    check(fd >= 0 && head_reset(fd, &head) == 0 && close(fd) == 0 && truncate(name, 92) == 0, "an old head");
    check(head_read(path, &head, &state, &error) == 0 && state == HEAD_THERE && head.seq == seq, "is read");
    struct events *events = log_open(&db, DB_WRITE, false);
    events_begin(events, &error);
    append(events, 7, MODE_PAPER, "note/old", "{\"n\":7}");
    check(events != NULL && events_commit(events, &error) == 0, "and written after");
    log_close(events, db);
    check(head_read(path, &head, &state, &error) == 0 && head.seq == seq + 1, "by a new one");
}

static void check_doubt(void)
{
    struct db *db;
    struct head head;
    enum head_state state;
    check(head_read(path, &head, &state, &error) == 0, "read the head");
    head.doubtful = true;
    const int fd = head_open(path, &error);
    check(fd >= 0 && head_write(fd, &head) == 0, "note a failed disk");
    close(fd);
    struct events *events = log_open(&db, DB_READ, false);
    check(events != NULL && events_are_doubtful(events), "it can still be read");
    log_close(events, db);
    events = log_open(&db, DB_WRITE, false);
    check(events == NULL && error.code == EXIT_SYSTEM, "fault-007: but not written");
    db_close(db);
    events = log_open(&db, DB_WRITE, true);
    check(events != NULL && events_verify(events, NULL, &error) == 0 && events_settle(events, &error) == 0,
          "fault-007: a verification settles it");
    log_close(events, db);
    events = log_open(&db, DB_WRITE, false);
    check(events != NULL && !events_are_doubtful(events), "fault-007: and it is written again");
    log_close(events, db);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/log.db", folder);
    check_chain();
    check_cursor();
    check_tampering();
    const int made = mkstemp(book); /* its name is wanted: an empty file is a new log */
    check(made >= 0 && close(made) == 0, "a file for accounts");
    check_accounts();
    check_lost_tail();
    check_doubt();
    check_headless();
    check_torn();
    check_old_head();
    static const char *const suffixes[] = {"", "-wal", "-shm", "-head", "-away"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[80];
        (void)snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    rmdir(folder);
    return done();
}
