/* The journal: events once, in order, durable together; derived tables that are what the events give. */
#include "journal/history.h"
#include "journal/journal.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/test-journal-XXXXXX";
static char path[64];
static struct error error;

#define CASH                                                                                                           \
    "{\"type\":\"cash\",\"time\":\"2026-01-02T14:00:00Z\",\"id\":\"c1\",\"account\":\"paper\",\"currency\":\"USD\","   \
    "\"amount\":100000,\"kind\":\"deposit\"}"
#define ORDER                                                                                                          \
    "{\"type\":\"order\",\"time\":\"2026-01-02T21:00:00Z\",\"symbol\":\"AAPL\",\"id\":\"tn1\",\"account\":\"paper\","  \
    "\"side\":\"buy\",\"quantity\":10,\"order_type\":\"market\",\"role\":\"entry\",\"strategy\":\"s:a=1\",\"signal\":" \
    "\"sg1\"}"
#define UPDATE                                                                                                         \
    "{\"type\":\"order_update\",\"time\":\"2026-01-05T14:30:00Z\",\"symbol\":\"AAPL\",\"account\":\"paper\",\"order_"  \
    "id\":\"tn1\",\"status\":\"accepted\"}"
#define FILL_A                                                                                                         \
    "{\"type\":\"fill\",\"time\":\"2026-01-05T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f1\",\"order_id\":\"tn1\","     \
    "\"account\":\"paper\",\"strategy\":\"s:a=1\",\"role\":\"entry\",\"side\":\"buy\",\"quantity\":4,\"price\":100.5," \
    "\"commission\":1,\"mode\":\"paper\"}"
#define FILL_B                                                                                                         \
    "{\"type\":\"fill\",\"time\":\"2026-01-05T14:31:00Z\",\"symbol\":\"AAPL\",\"id\":\"f2\",\"order_id\":\"tn1\","     \
    "\"account\":\"paper\",\"strategy\":\"s:a=1\",\"role\":\"entry\",\"side\":\"buy\",\"quantity\":6,\"price\":101,"   \
    "\"commission\":1,\"mode\":\"paper\"}"
#define FILLED                                                                                                         \
    "{\"type\":\"order_update\",\"time\":\"2026-01-05T14:31:00Z\",\"symbol\":\"AAPL\",\"account\":\"paper\",\"order_"  \
    "id\":\"tn1\",\"status\":\"filled\",\"filled_quantity\":10,\"average_price\":100.8}"
#define MARK                                                                                                           \
    "{\"type\":\"mark\",\"time\":\"2026-01-05T21:00:00Z\",\"symbol\":\"AAPL\",\"account\":\"paper\",\"interval\":"     \
    "\"1d\",\"bar\":\"2026-01-05T05:00:00Z\",\"price\":102}"
#define SPLIT                                                                                                          \
    "{\"type\":\"action\",\"time\":\"2026-01-06T05:00:00Z\",\"symbol\":\"AAPL\",\"id\":\"a1\",\"account\":\"paper\","  \
    "\"kind\":\"split\","                                                                                              \
    "\"new\":2,\"old\":1}"
#define SELL                                                                                                           \
    "{\"type\":\"order\",\"time\":\"2026-01-06T21:00:00Z\",\"symbol\":\"AAPL\",\"id\":\"tn2\",\"account\":\"paper\","  \
    "\"side\":\"sell\",\"quantity\":9,\"order_type\":\"market\",\"role\":\"exit\",\"strategy\":\"s:a=1\",\"signal\":"  \
    "\"sg2\"}"
#define SOLD                                                                                                           \
    "{\"type\":\"fill\",\"time\":\"2026-01-07T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f3\",\"order_id\":\"tn2\","     \
    "\"account\":\"paper\",\"strategy\":\"s:a=1\",\"role\":\"exit\",\"side\":\"sell\",\"quantity\":9,\"price\":52,"    \
    "\"mode\":\"paper\"}"
#define NOTE                                                                                                           \
    "{\"type\":\"note\",\"time\":\"2026-01-07T15:00:00Z\",\"about\":\"tn1\",\"tags\":[\"gap\"],\"text\":\"'; DROP "    \
    "TABLE event; --\"}"
#define EQUITY                                                                                                         \
    "{\"type\":\"equity\",\"time\":\"2026-01-07T21:00:00Z\",\"account\":\"paper\",\"equity\":100034.5,\"cash\":99459," \
    "\"exposure\":572}"

#define LONG_TEXT                                                                                                      \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaa"                                                                                                             \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const nothing[] = {""};
static const struct db_schema any = {"journal", 0x544e6a31, nothing, 2, "", ""};

static const char *const story[] = {CASH, ORDER, UPDATE, FILL_A, FILL_B, FILLED, MARK, SPLIT, SELL, SOLD, NOTE, EQUITY};
#define STORY (int)(sizeof story / sizeof *story)

static int append(struct journal *journal, const char *line)
{
    error_clear(&error);
    return journal_append(journal, MODE_PAPER, str_of(line), &error);
}

/* The derived tables as text, for comparing. */
static void dump(char *text, size_t room)
{
    static const char *const queries[] = {
        "SELECT * FROM accounts ORDER BY 1",      "SELECT * FROM orders ORDER BY 1",
        "SELECT * FROM order_updates ORDER BY 1", "SELECT * FROM fills ORDER BY 1",
        "SELECT * FROM positions ORDER BY 1,2,3", "SELECT * FROM lots ORDER BY 1,2,3,4",
        "SELECT * FROM cash ORDER BY 1",          "SELECT * FROM equity ORDER BY 1",
        "SELECT * FROM notes ORDER BY 1"};
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct journal *journal = journal_open(path, JOURNAL_READ, &error);
        struct statement *rows = journal == NULL ? NULL : journal_query(journal, queries[i], &error);
        while (rows != NULL && statement_step(rows, &error) == 1)
            for (int c = 0; c < statement_columns(rows) && n < room; c++) {
                const struct str cell = statement_bytes(rows, c);
                n += (size_t)snprintf(text + n, room - n, STR_FMT "%s", STR_ARG(cell),
                                      c + 1 < statement_columns(rows) ? "|" : "\n");
            }
        statement_close(rows);
        journal_close(journal);
    }
}

static void check_story(void)
{
    error_clear(&error);
    check(journal_open(path, JOURNAL_WRITE, &error) == NULL && error.code == EXIT_USAGE, "no journal yet");
    error_clear(&error);
    struct journal *journal = journal_open(path, JOURNAL_CREATE, &error);
    check(journal != NULL && journal_last(journal, &error) == 0, "a new journal is empty");
    for (int i = 0; i < STORY; i++) {
        check(journal_begin(journal, &error) == 0 && append(journal, story[i]) == 1, "event %d appended: %s", i + 1,
              error.text);
        check(journal_commit(journal, &error) == 0, "and committed");
    }
    check(journal_last(journal, &error) == STORY, "all are there");
    journal_begin(journal, &error);
    int again = 0;
    for (int i = 0; i < STORY; i++)
        again += append(journal, story[i]) == 0;
    check(again == STORY, "the same again is no second event");
    check(journal_commit(journal, &error) == 0 && journal_last(journal, &error) == STORY, "none was added");
    struct event event;
    check(journal_find(journal, RECORD_FILL, "f2", &event, &error) == 1 && event.seq == 5 &&
              str_is(event.record, FILL_B) && event.mode == MODE_PAPER && str_is(event.account, "paper"),
          "found by id, to the byte");
    check(journal_find(journal, RECORD_ACTION, "paper/a1", &event, &error) == 1 && event.mode == MODE_PAPER,
          "an action happens to each account by itself");
    journal_close(journal);

    /* By hand: 4 × 100.50 + 1 = 403, 6 × 101 + 1 = 607 paid; 2:1 split gives lots of 8 and 12. Selling 9 at 52 = 468:
     * the first lot's 8 cost 403, of the 12 one costs 607/12 = 50.58333333; realised 468 − 453.58333333 = 14.41666667.
     * Left: 11 for 556.41666667, at 50.58333333 each. Cash 100000 − 403 − 607 + 468 = 99458. */
    static char text[8192];
    dump(text, sizeof text);
    check(strstr(text, "paper|paper|USD|99458|2|0|0|2026-01-02T14:00:00Z\n") != NULL, "the account's cash");
    check(strstr(text, "paper|s:a=1|AAPL|11|50.58333333|556.41666667|14.41666667|1\n") != NULL, "the position");
    check(strstr(text, "paper|s:a=1|AAPL|1|11|556.41666667|0|2026-01-05T14:31:00Z|f2\n") != NULL, "its lot");
    check(strstr(text, "2026-01-02T21:00:00Z|AAPL|tn1|paper|buy|10|market|||||") != NULL, "the order");
    check(strstr(text, "|paper|filled|10|100.8|") != NULL, "its end");
    check(strstr(text, "[\"gap\"]|'; DROP TABLE event; --\n") != NULL, "fault-071: SQL in a note is data");
}

static void check_rebuild(void)
{
    static char before[8192], after[8192];
    struct journal_check result;
    dump(before, sizeof before);
    check(journal_verify(path, &result, &error) == 0 && result.events == STORY && strlen(result.head) == 64,
          "verifies: %s", error.text);
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
    check(journal_rebuild(journal, &error) == 0, "rebuild: %s", error.text);
    journal_close(journal);
    dump(after, sizeof after);
    check_text(after, before, "a rebuild gives the same rows");

    /* All in one transaction gives the same rows as one by one. */
    char other[80];
    (void)snprintf(other, sizeof other, "%s", path);
    (void)snprintf(path, sizeof path, "%s/one.db", folder);
    journal = journal_open(path, JOURNAL_CREATE, &error);
    journal_begin(journal, &error);
    for (int i = 0; i < STORY; i++)
        append(journal, story[i]);
    check(journal_commit(journal, &error) == 0, "the story in one transaction");
    journal_close(journal);
    dump(after, sizeof after);
    check_text(after, before, "gives the same rows");
    (void)snprintf(path, sizeof path, "%s/journal.db", folder);
}

static void check_refusals(void)
{
    static const struct {
        const char *line, *about;
        enum exit_code code;
    } bad[] = {
        {"{\"type\":\"fill\",\"time\":\"2026-01-05T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f1\",\"order_id\":\"tn1\","
         "\"account\":\"paper\",\"side\":\"buy\",\"quantity\":5,\"price\":100.5}",
         "the same id with other content", EXIT_STATE},
        {"{\"type\":\"fill\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f9\",\"order_id\":\"tn2\","
         "\"account\":\"paper\",\"strategy\":\"s:a=1\",\"side\":\"sell\",\"quantity\":1,\"price\":100.5}",
         "more filled than ordered", EXIT_STATE},
        {"{\"type\":\"bar\",\"time\":\"2026-01-05T14:30:00Z\",\"symbol\":\"AAPL\",\"interval\":\"1m\",\"open\":1,"
         "\"high\":1,\"low\":1,\"close\":1,\"volume\":1}",
         "a bar", EXIT_INPUT},
        {"{\"type\":\"fill\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f8\",\"order_id\":\"x\","
         "\"account\":\"paper\",\"side\":\"sell\",\"quantity\":1,\"price\":null}",
         "a fill without a price", EXIT_INPUT},
        {"{\"type\":\"fill\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f7\",\"order_id\":\"x\","
         "\"account\":\"paper\",\"side\":\"sell\",\"quantity\":1,\"price\":1,\"mode\":\"backtest\"}",
         "a fill of a backtest", EXIT_INPUT},
        {"{\"type\":\"fill\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f7\",\"order_id\":\"x\","
         "\"account\":\"paper\",\"side\":\"sell\",\"quantity\":1,\"price\":1,\"mode\":\"live\"}",
         "a live fill of a paper account", EXIT_INPUT},
        {"{\"type\":\"order\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"o7\",\"side\":\"buy\","
         "\"quantity\":1,\"order_type\":\"market\"}",
         "an order without an account", EXIT_INPUT},
        {"not json", "what is no record", EXIT_INPUT},
        {"{\"type\":\"cash\",\"time\":\"2026-01-08T14:30:00Z\",\"id\":\"c9\",\"account\":\"paper\",\"currency\":"
         "\"XYZ\","
         "\"amount\":1,\"kind\":\"deposit\"}",
         "cash in a currency that nobody knows", EXIT_INPUT},
#define CASH_OF(id, amount, kind)                                                                                      \
    "{\"type\":\"cash\",\"time\":\"2026-01-08T14:30:00Z\",\"id\":\"" id                                                \
    "\",\"account\":\"paper\",\"currency\":\"USD\","                                                                   \
    "\"amount\":" amount ",\"kind\":\"" kind "\"}"
        {CASH_OF("w1", "-100000000", "withdrawal"), "a withdrawal of more than there is", EXIT_INPUT},
        {CASH_OF("w2", "5", "withdrawal"), "a withdrawal that pays in", EXIT_INPUT},
        {CASH_OF("w3", "0", "withdrawal"), "a withdrawal of nothing", EXIT_INPUT},
        {CASH_OF("d1", "-5", "deposit"), "a deposit that takes out", EXIT_INPUT},
        {"{\"type\":\"fill\",\"time\":\"2026-01-08T14:30:00Z\",\"symbol\":\"AAPL\",\"id\":\"f1c\",\"order_id\":\"tn1\","
         "\"account\":\"paper\",\"side\":\"buy\",\"quantity\":5,\"price\":100,\"corrects\":\"f1\"}",
         "a fill in the place of another", EXIT_INPUT},
#define NOTE_WITH(rest) "{\"type\":\"note\",\"time\":\"2026-01-08T14:30:00Z\",\"text\":\"x\"," rest "}"
        {NOTE_WITH("\"account\":7"), "a note of an account that is a number", EXIT_INPUT},
        {NOTE_WITH("\"account\":\"" LONG_TEXT "\""), "of one with a name that is too long", EXIT_INPUT},
        {NOTE_WITH("\"mode\":7"), "of a mode that is a number", EXIT_INPUT},
        {NOTE_WITH("\"mode\":\"play\""), "of a mode that there is not", EXIT_INPUT},
        {NOTE_WITH("\"mode\":\"backtest\""), "of a backtest", EXIT_INPUT},
    };
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
    journal_begin(journal, &error);
    check(journal_append(journal, MODE_NONE, str_of(SOLD), &error) == -1 && error.code == EXIT_INPUT, "no mode at all");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(append(journal, bad[i].line) == -1 && error.code == bad[i].code, "refused: %s: %s", bad[i].about,
              error.text);
    static const char *const signals[] = {"{\"type\":\"signal\",\"time\":\"2026-01-08T21:00:00Z\",\"symbol\":\"AAPL\","
                                          "\"id\":\"sg3\",\"strategy\":\"s:a=1\","
                                          "\"side\":\"long\",\"decided\":\"2026-01-08T21:00:00Z\"}",
                                          "{\"type\":\"signal\",\"time\":\"2026-01-09T21:00:00Z\",\"symbol\":\"AAPL\","
                                          "\"id\":\"sg3\",\"strategy\":\"s:a=1\","
                                          "\"side\":\"long\",\"decided\":\"2026-01-08T21:00:00Z\"}"};
    check(append(journal, signals[0]) == 1 && append(journal, signals[1]) == 0, "a signal repeats under one id");
    static const char halt[] =
        "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"account\":\"paper\",\"halted\":true}";
    static const char resume[] =
        "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"account\":\"paper\",\"halted\":false}";
    check(append(journal, halt) == 1 && append(journal, resume) == 1 && append(journal, halt) == 1,
          "a halt is an event each time");
    check(journal_commit(journal, &error) == 0, "what was refused did not spoil the transaction");
    journal_begin(journal, &error);
    check(append(journal, "{\"type\":\"note\",\"time\":\"2026-01-09T00:00:00Z\",\"text\":\"x\"}") == 1, "a note");
    journal_rollback(journal);
    check(journal_last(journal, &error) == STORY + 4, "rolled back");
    journal_close(journal);
    struct journal_check result;
    error_clear(&error);
    check(journal_verify(path, &result, &error) == 0 && result.events == STORY + 4, "and all is sound: %s", error.text);
}

static void check_two_writers(void)
{
    struct journal *a = journal_open(path, JOURNAL_WRITE, &error), *b = journal_open(path, JOURNAL_WRITE, &error);
    static const char other[] =
        "{\"type\":\"cash\",\"time\":\"2026-01-10T00:00:00Z\",\"id\":\"c2\",\"account\":\"second\","
        "\"currency\":\"USD\",\"amount\":5000,\"kind\":\"deposit\"}";
    static const char more[] =
        "{\"type\":\"cash\",\"time\":\"2026-01-10T00:00:00Z\",\"id\":\"c3\",\"account\":\"paper\","
        "\"currency\":\"USD\",\"amount\":1,\"kind\":\"interest\"}";
    check(journal_begin(a, &error) == 0 && append(a, other) == 1 && journal_commit(a, &error) == 0, "one writes");
    check(journal_begin(b, &error) == 0 && append(b, more) == 1 && journal_commit(b, &error) == 0, "the other writes");
    check(journal_begin(a, &error) == 0 && append(a, more) == 0 && journal_commit(a, &error) == 0, "and sees it");
    journal_close(a);
    journal_close(b);
    struct journal_check result;
    check(journal_verify(path, &result, &error) == 0, "the tables are those of all events: %s", error.text);
    journal_close(journal_open(path, JOURNAL_READ, &error));
    struct journal *reader = journal_open(path, JOURNAL_READ, &error);
    struct event_cursor *cursor = journal_read(reader, STORY + 4, &error);
    struct event event;
    check(event_cursor_next(cursor, &event, &error) == 1 && str_is(event.record, other) &&
              event_cursor_next(cursor, &event, &error) == 1 && str_is(event.record, more) &&
              event_cursor_next(cursor, &event, &error) == 0,
          "a reader gets them in order");
    event_cursor_close(cursor);
    journal_close(reader);
}

/* A note needs no ledger, so none is folded for it; the fill after it needs all of them. */
static void check_late_fold(void)
{
    static const char late[] =
        "{\"type\":\"fill\",\"time\":\"2026-01-11T00:00:00Z\",\"symbol\":\"AAPL\",\"id\":\"f4\","
        "\"order_id\":\"by-hand\",\"account\":\"paper\",\"strategy\":\"s:a=1\",\"side\":\"sell\","
        "\"quantity\":1,\"price\":52}";
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
    check(journal_begin(journal, &error) == 0 &&
              append(journal, "{\"type\":\"note\",\"time\":\"2026-01-11T00:00:00Z\",\"text\":\"y\"}") == 1 &&
              append(journal, late) == 1 && journal_commit(journal, &error) == 0,
          "a note, then a fill");
    journal_close(journal);
    struct journal_check result;
    check(journal_verify(path, &result, &error) == 0, "and the tables are those of the events: %s", error.text);
}

static void check_spoilt_table(void)
{
    struct db *db = db_open(path, DB_WRITE, &any, &error);
    check(db_execute(db, "UPDATE fills SET price = 1", &error) == 0, "spoil a derived table");
    db_close(db);
    struct journal_check result;
    check(journal_verify(path, &result, &error) != 0 && error.code == EXIT_STATE, "seen: %s", error.text);
    check(strstr(error.text, "fills") != NULL && strstr(error.hint, "tn-journal rebuild") != NULL, "named");
    error_clear(&error);
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
    check(journal_rebuild(journal, &error) == 0, "rebuilt");
    journal_close(journal);
    check(journal_verify(path, &result, &error) == 0, "and sound again");
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/journal.db", folder);
    check_story();
    check_rebuild();
    check_refusals();
    check_two_writers();
    check_late_fold();
    check_spoilt_table();
    static const char *const names[] = {"journal.db", "one.db"}, *const suffixes[] = {"", "-wal", "-shm", "-head"};
    for (int i = 0; i < 8; i++) {
        char name[96];
        (void)snprintf(name, sizeof name, "%s/%s%s", folder, names[i / 4], suffixes[i % 4]);
        unlink(name);
    }
    check(rmdir(folder) == 0, "no other file was left");
    return done();
}
