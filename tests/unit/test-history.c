/* Reading the journal back: filters, queries, why an order is there, events in a few words, the last entry of a symbol,
 * copies; and how a day's roll is spelled. */
#include "journal/halt.h"
#include "journal/history.h"
#include "journal/replay.h"
#include "journal/summary.h"
#include "money.h"
#include "record/record.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test-history-XXXXXX";
static struct error error;

#define AT(day)         "\"time\":\"2026-01-" day "T21:00:00Z\""
#define ON(day, symbol) AT(day) ",\"symbol\":\"" symbol "\""
#define CASH(account)                                                                                                  \
    "{\"type\":\"cash\"," AT("02") ",\"id\":\"c-" account "\",\"account\":\"" account                                  \
                                   "\",\"currency\":\"USD\",\"amount\":100000,\"kind\":\"deposit\"}"
#define ORDER(account, day, symbol, id, strategy, rest)                                                                \
    "{\"type\":\"order\"," ON(                                                                                         \
        day, symbol) ",\"id\":\"" id "\",\"account\":\"" account                                                       \
                     "\",\"side\":\"buy\",\"quantity\":10,\"order_type\":\"market\",\"strategy\":\"" strategy          \
                     "\"" rest "}"
#define FILL(id, order, day, quantity)                                                                                 \
    "{\"type\":\"fill\"," ON(                                                                                          \
        day, "AAA") ",\"id\":\"" id "\",\"order_id\":\"" order                                                         \
                    "\",\"account\":\"paper\",\"strategy\":\"s\",\"side\":\"buy\",\"quantity\":" quantity              \
                    ",\"price\":100,\"mode\":"                                                                         \
                    "\"paper\"}"
#define REFUSAL(day, symbol, code, rest)                                                                               \
    "{\"type\":\"refusal\"," ON(day, symbol) ",\"account\":\"paper\",\"code\":\"" code "\"" rest "}"

/* An entry of a signal that the journal has, with a stop under it; one of a signal that it has not, ordered twice; two
 * by hand in BBB of two strategies; a fill of an import. */
static const char *const story[] = {
    CASH("paper"),
    "{\"type\":\"signal\"," ON("05", "AAA") ",\"id\":\"sg1\",\"strategy\":\"s\",\"side\":\"long\",\"decided\":"
                                            "\"2026-01-05T21:00:00Z\",\"basis\":{\"close\":100}}",
    REFUSAL("05", "AAA", "MAX_POSITION", ",\"cause\":\"sg1\",\"message\":\"too large\""),
    ORDER("paper", "05", "AAA", "e1", "s", ",\"role\":\"entry\",\"signal\":\"sg1\""),
    ORDER("paper", "05", "AAA", "st1", "s", ",\"role\":\"stop\",\"parent\":\"e1\",\"signal\":\"sg1\""),
    "{\"type\":\"order_update\"," ON("06", "AAA") ",\"account\":\"paper\",\"order_id\":\"e1\",\"status\":\"accepted\"}",
    FILL("f1", "e1", "06", "4"),
    "{\"type\":\"note\"," AT("06") ",\"id\":\"n1\",\"about\":\"e1\",\"text\":\"why so few?\"}",
    ORDER("paper", "07", "AAA", "e2", "s", ",\"signal\":\"sg2\",\"basis\":{\"side\":\"long\",\"bar\":{\"close\":101}}"),
    ORDER("paper", "08", "AAA", "e3", "s", ",\"signal\":\"sg2\""),
    FILL("f9", "nobody", "08", "1"),
    ORDER("paper", "08", "BBB", "b1", "s", ""),
    ORDER("paper", "08", "BBB", "b2", "", ""),
    REFUSAL("09", "AAA", "CLOCK", ",\"cause\":\"sg9\""),
    REFUSAL("09", "CCC", "CLOCK", ""),
    /* Orders under orders: ten of them, and two that name each other. */
    ORDER("paper", "09", "DDD", "p0", "d0", ""),
    ORDER("paper", "09", "DDD", "p1", "d1", ",\"parent\":\"p0\""),
    ORDER("paper", "09", "DDD", "p2", "d2", ",\"parent\":\"p1\""),
    ORDER("paper", "09", "DDD", "p3", "d3", ",\"parent\":\"p2\""),
    ORDER("paper", "09", "DDD", "p4", "d4", ",\"parent\":\"p3\""),
    ORDER("paper", "09", "DDD", "p5", "d5", ",\"parent\":\"p4\""),
    ORDER("paper", "09", "DDD", "p6", "d6", ",\"parent\":\"p5\""),
    ORDER("paper", "09", "DDD", "p7", "d7", ",\"parent\":\"p6\""),
    ORDER("paper", "09", "DDD", "p8", "d8", ",\"parent\":\"p7\""),
    ORDER("paper", "09", "DDD", "p9", "d9", ",\"parent\":\"p8\""),
    ORDER("paper", "09", "FFF", "x1", "s", ",\"parent\":\"x2\""),
    ORDER("paper", "09", "FFF", "x2", "s", ",\"parent\":\"x1\""),
    CASH("second"),
    ORDER("second", "09", "BBB", "b3", "t", ""),
};
#define STORY (int)(sizeof story / sizeof *story)

/* What is visited, a word each: the first letters of its type, and how deep it is. */
struct seen {
    char text[400];
    int stop;
};

static int see(void *context, const struct event *event, int depth, struct error *e)
{
    struct seen *seen = context;
    const size_t n = strlen(seen->text);
    (void)snprintf(seen->text + n, sizeof seen->text - n, "%s%.*s%d", n == 0 ? "" : " ", (int)event->type.n,
                   event->type.p, depth);
    return seen->stop > 0 && --seen->stop == 0 ? error_set(e, EXIT_SYSTEM, "enough") : 0;
}

static void test_why(struct journal *journal)
{
#define OF_E1  "bar0 signal0 order0 order_update1 fill1 note1 order1"
#define OF_P0  "order0 order1 order2 order3 order4 order5 order6 order7" /* no deeper */
#define OF_SG2 "bar0 decision0 order0"
    static const struct {
        const char *id, *seen;
    } rows[] = {
        {"e1", OF_E1},
        {"st1", OF_E1},
        {"f1", OF_E1},
        {"sg1", OF_E1 " refusal0"},
        {"e2", OF_SG2},
        {"e3", "order0"},
        {"sg2", OF_SG2 " order0"},
        {"f9", "fill0"},
        {"c-paper", "cash0"},
        {"n1", "note0"},
        {"sg9", "refusal0"},
        {"b1", "order0"},
        {"p0", OF_P0},
        {"p8", OF_P0},
        {"x1", "order0 order1 order2 order3 order4 order5 order6 order7"},
        {"none", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct seen seen = {.stop = 0};
        const int got = journal_why(journal, rows[i].id, see, &seen, &error);
        check(got == (rows[i].seen[0] != '\0'), "why %s: %s", rows[i].id, error.text);
        check_text(seen.text, rows[i].seen, "and all of it");
        /* Whoever is told may stop anywhere; nothing stays open. */
        int parts = got;
        for (const char *at = rows[i].seen; (at = strchr(at, ' ')) != NULL; at++)
            parts++;
        int stopped = 0;
        for (int at = 1; at <= parts; at++) {
            seen = (struct seen){.stop = at};
            stopped += journal_why(journal, rows[i].id, see, &seen, &error) == -1 && error.code == EXIT_SYSTEM;
            error_clear(&error);
        }
        check(stopped == parts, "stopped at each of %d", parts);
    }
    static const struct {
        const char *symbol, *seen;
    } nots[] = {{"AAA", "refusal0"}, {"CCC", "refusal0"}, {"BBB", ""}, {"DDD", ""}};
    for (size_t i = 0; i < sizeof nots / sizeof *nots; i++) {
        struct seen seen = {.stop = 0};
        check(journal_why_not(journal, nots[i].symbol, see, &seen, &error) == (nots[i].seen[0] != '\0'), "why not %s",
              nots[i].symbol);
        check_text(seen.text, nots[i].seen, "what was refused since its last entry");
    }
    struct seen seen = {.stop = 1};
    check(journal_why_not(journal, "CCC", see, &seen, &error) == -1, "stopped there too");
    error_clear(&error);
}

static void test_filters(struct journal *journal)
{
#define ALL TIME_NONE, TIME_NONE
    const int64_t sixth = at("2026-01-06T21:00:00Z"), eighth = at("2026-01-08T21:00:00Z");
    const struct {
        struct history_filter filter;
        int count;
        const char *seen; /* NULL: only how many */
    } rows[] = {
        {{NULL, NULL, ALL, 0}, STORY, NULL},
        {{"fill", NULL, ALL, 0}, 2, "fill0 fill0"},
        {{NULL, "second", ALL, 0}, 2, "cash0 order0"},
        {{"order", "second", ALL, 0}, 1, "order0"},
        {{"order", "third", ALL, 0}, 0, ""},
        {{NULL, NULL, sixth, eighth, 0}, 4, "order_update0 fill0 note0 order0"},
        {{NULL, NULL, TIME_NONE, sixth, 0}, 6, NULL}, /* the second deposit is of the 2nd as well */
        {{NULL, NULL, eighth, TIME_NONE, 0}, 19, NULL},
        {{NULL, NULL, ALL, 2}, 2, "cash0 order0"},
        {{NULL, NULL, ALL, 100}, STORY, NULL},
        {{"fill", "paper", sixth, eighth, 1}, 1, "fill0"},
        {{"fill", NULL, eighth + 1, TIME_NONE, 1}, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct seen seen = {.stop = 0};
        const int64_t got = journal_history(journal, &rows[i].filter, see, &seen, &error);
        check(got == rows[i].count && (rows[i].seen == NULL || strcmp(seen.text, rows[i].seen) == 0),
              "filter %zu: %d of %d: %s", i, (int)got, rows[i].count, seen.text);
    }
    struct seen seen = {.stop = 2};
    check(journal_history(journal, &rows[0].filter, see, &seen, &error) == -1 && error.code == EXIT_SYSTEM, "stopped");
    error_clear(&error);
}

static void test_latest(struct journal *journal)
{
    static const struct {
        const char *account, *symbol, *id; /* NULL: several */
    } rows[] = {{"paper", "AAA", "e3"}, {NULL, "AAA", "e3"}, {"paper", "BBB", NULL}, {"second", "BBB", "b3"},
                {NULL, "BBB", NULL},    {NULL, "CCC", ""},   {"third", "AAA", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[ID_SIZE] = "";
        const int got = journal_latest_entry(journal, rows[i].account, rows[i].symbol, id, &error);
        check(rows[i].id == NULL ? got == -1 && error.code == EXIT_NO && strstr(error.hint, "b2 of no strategy") != NULL
                                 : got == (rows[i].id[0] != '\0') && strcmp(id, rows[i].id) == 0,
              "the last entry %zu: %d %s %s", i, got, id, error.hint);
        error_clear(&error);
    }
    char id[ID_SIZE];
    check(journal_latest_entry(journal, "paper", "DDD", id, &error) == -1 &&
              strstr(error.text, "10 strategies") != NULL &&
              strcmp(error.hint, "p9 of d9, p8 of d8, p7 of d7, p6 of d6, …") == 0,
          "the latest of ten: %s", error.hint);
    error_clear(&error);
    struct names names;
    char name[REFUSAL_NAME_SIZE];
    struct refusal refusal;
    record_blank(RECORD_REFUSAL, &refusal);
    memcpy(refusal.code, "MAX_POSITION", 13);
    memcpy(refusal.cause, "sg1", 4);
    refusal_name(name, &refusal);
    names_init(&names);
    check(journal_refusals(journal, "paper", &names, &error) == 0 && names.count == 2 &&
              names_find(&names, str_of(name)) >= 0 && names_find(&names, STR("CLOCK sg9")) >= 0,
          "refusals that name what was refused");
    check(journal_refusals(journal, "second", &names, &error) == 0 && names.count == 2, "the other account has none");
    names_clear(&names);
    check(journal_accounts(journal, &names, &error) == 0 && names.count == 2 && strcmp(names.name[0], "paper") == 0,
          "the accounts as they were opened");
    names_clear(&names);
    char longest[2 * PATH_MAX];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct event event;
    check(journal_find(journal, RECORD_ORDER, longest, &event, &error) == 0, "nothing has an id that is too long");
}

static void test_orders(struct journal *journal)
{
    static union record_value value;
    struct buf scratch;
    struct record record = {.scratch = &scratch};
    const char *line = story[3];
    buf_init(&scratch, RECORD_LINE_MAX);
    require(record_scan(&record, line, strlen(line), &error) == 0 && record_decode(&record, &value, &error) == 0);
    memcpy(value.order.id, "e8", 3);
    check(journal_begin(journal, &error) == 0 &&
              journal_put(journal, MODE_PAPER, RECORD_ORDER, &value.order, &error) == 1 &&
              journal_find_order(journal, &value.order, &error) == 1,
          "the same order");
    value.order.quantity += DEC_ONE;
    check(journal_find_order(journal, &value.order, &error) == 2, "another of its id");
    value.order.quantity *= 10; /* longer */
    check(journal_find_order(journal, &value.order, &error) == 2, "and of another length");
    memcpy(value.order.id, "e9", 3);
    check(journal_find_order(journal, &value.order, &error) == 0, "none");
    journal_rollback(journal);
    buf_clear(&scratch);
}

static void test_queries(void)
{
    static const struct {
        const char *sql, *message; /* NULL: it answers with `rows` rows */
        int rows;
    } list[] = {
        {"SELECT * FROM orders", NULL, 19},
        {"SELECT account FROM accounts;", NULL, 2},
        {"SELECT 1; ", NULL, 1},
        {"", "the query is empty", 0},
        {" -- nothing", "the query is empty", 0},
        {"SELECT 1; SELECT 2", "more than one statement in a query", 0},
        {"SELECT 1; nonsense", "", 0},
        {"DELETE FROM orders", "", 0},
        {"SELECT nonsense", "", 0},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct journal *journal = journal_open("journal.db", JOURNAL_READ, &error);
        require(journal != NULL);
        struct statement *rows = journal_query(journal, list[i].sql, &error);
        int count = 0;
        while (rows != NULL && statement_step(rows, &error) == 1)
            count++;
        check(list[i].message == NULL ? rows != NULL && count == list[i].rows && !error_is_set(&error)
                                      : rows == NULL && error.code == EXIT_USAGE &&
                                            (list[i].message[0] == '\0' || strcmp(error.text, list[i].message) == 0),
              "%s: %d, %s", list[i].sql, count, error.text);
        error_clear(&error);
        statement_close(rows);
        journal_close(journal);
    }
}

static void test_words(void)
{
    static const struct {
        const char *line, *text, *symbol, *id, *time;
    } rows[] = {
        {ORDER("paper", "05", "AAA", "e1", "s", ",\"role\":\"entry\""), "buy 10 market, entry of s", "AAA", "e1", "05"},
        {FILL("f1", "e1", "06", "4"), "buy 4 at 100 of s", "AAA", "f1", "06"},
        {REFUSAL("05", "AAA", "CLOCK", ",\"order_id\":\"e1\",\"message\":\"it is off\""), "CLOCK: it is off", "AAA",
         "e1", "05"},
        {"{\"type\":\"note\"," AT("06") ",\"id\":7,\"about\":\"e1\",\"text\":\"x\"}", NULL, "", "", "06"},
        {"{\"type\":\"own\"," AT("06") ",\"id\":\"o1\",\"symbol\":\"AAA\"}", NULL, "AAA", "o1", "06"},
        {"{\"type\":\"own\",\"time\":\"soon\",\"id\":\"o1\"}", NULL, "", "o1", NULL},
        {"{\"type\":\"own\",\"id\":\"\\ud800\",\"symbol\":null}", NULL, "", "", NULL},
        {"{\"type\":\"order\"," ON("05", "AAA") ",\"id\":\"e1\"}", NULL, "AAA", "e1", "05"},
        {"no record", NULL, "", "", NULL},
    };
    static char longest[3000];
    struct summary summary;
    summary_init(&summary);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char time[32] = "";
        check(summary_of(&summary, str_of(rows[i].line), &error) == 0 && !error_is_set(&error), "a summary");
        buf_add_char(&summary.text, '\0');
        check_text(summary.text.p, rows[i].text == NULL ? rows[i].line : rows[i].text, "its words");
        if (rows[i].time != NULL)
            (void)snprintf(time, sizeof time, "2026-01-%sT21:00:00Z", rows[i].time);
        check(strcmp(summary.symbol, rows[i].symbol) == 0 && strcmp(summary.id, rows[i].id) == 0 &&
                  summary.time == (rows[i].time == NULL ? TIME_NONE : at(time)),
              "symbol '%s', id '%s', time", summary.symbol, summary.id);
    }
    memset(longest, 'x', sizeof longest - 1);
    check(summary_of(&summary, str_of(longest), &error) == 0 && summary.text.n == 400, "of the rest its beginning");
    /* Parts of a record, which have its moment and symbol. */
    struct event part = {.type = STR("bar"), .recorded = 77, .key = STR("AAA")};
    part.record = STR("{\"close\":101,\"time\":\"2026-01-05T05:00:00Z\",\"high\":102}");
    check(summary_of_part(&summary, &part, &error) == 0 && summary.time == 77 && summary.id[0] == '\0' &&
              strcmp(summary.symbol, "AAA") == 0,
          "a bar");
    buf_add_char(&summary.text, '\0');
    check_text(summary.text.p, "close 101 on 2026-01-05 (high 102)", "its words");
    part.type = STR("decision");
    part.record = STR("{\"side\":\"long\",\"price\":101,\"fast\":1.5,\"decided\":\"2026-01-02T21:00:00Z\"}");
    check(summary_of_part(&summary, &part, &error) == 0, "a decision");
    buf_add_char(&summary.text, '\0');
    check_text(summary.text.p, "long at 101, fast 1.5, wanted since 2026-01-02", "its words");
    summary_clear(&summary);
}

static void test_rolls(void)
{
    static const struct {
        const char *text;
        int minutes; /* -1: it is none */
    } rows[] = {{"17:00 America/New_York", 1020},
                {"00:00 UTC", 0},
                {"23:59 UTC", 1439},
                {"24:00 UTC", -1},
                {"12:60 UTC", -1},
                {"7:00 UTC", -1},
                {"17.00 UTC", -1},
                {"1x:00 UTC", -1},
                {"17:00", -1},
                {"", -1},
                {"17:00 Nowhere/At_All", -1},
                {"17:000 UTC", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ledger_terms terms = {.day_rolls = -1};
        struct zone *zone = NULL;
        char text[KEY_SIZE];
        const int got = day_rolls_parse(rows[i].text, &terms.day_rolls, &zone, &error);
        check(rows[i].minutes < 0 ? got == -1 && error.code != 0 && zone == NULL
                                  : got == 0 && terms.day_rolls == rows[i].minutes * TIME_MINUTE,
              "'%s': %s", rows[i].text, error.text);
        error_clear(&error);
        if (got == 0) {
            terms.zone = zone;
            day_rolls_text(text, &terms);
            check_text(text, rows[i].text, "and back");
        }
        zone_free(zone);
    }
}

static void test_switch(struct journal *journal)
{
    static const char halted[] = "paper.halt";
    check(!halt_file_halts(journal, "paper"), "no switch");
    const int fd = open(halted, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    require(fd >= 0 && close(fd) == 0);
    check(halt_file_halts(journal, "paper") && !halt_file_halts(journal, "second") &&
              !halt_file_halts(journal, "./paper"),
          "one beside the journal, of its account only");
    struct journal *reader = journal_open("journal.db", JOURNAL_READ, &error);
    struct statement *rows = journal_query(reader, "SELECT halted FROM accounts ORDER BY account", &error);
    check(statement_step(rows, &error) == 1 && statement_int(rows, 0) == 1 && statement_step(rows, &error) == 1 &&
              statement_int(rows, 0) == 0,
          "and a query says so");
    statement_close(rows);
    journal_close(reader);
    require(unlink(halted) == 0);
}

static void remove_journal(const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-head"};
    for (int i = 0; i < 4; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s%s", name, suffixes[i]);
        (void)unlink(path);
    }
}

static void test_copies(struct journal *journal)
{
    struct journal_check verified;
    char longest[PATH_MAX + 8];
    check(journal_copy(journal, "all.db", -1, &verified, &error) == 0 && verified.events == STORY, "a copy");
    check(journal_copy(journal, "all.db", -1, &verified, &error) == -1 && error.code == EXIT_USAGE, "is not replaced");
    error_clear(&error);
    check(journal_copy(journal, "part.db", 7, &verified, &error) == 0 && verified.events == 7, "one of seven events");
    struct journal *part = journal_open("part.db", JOURNAL_READ, &error);
    struct statement *rows = journal_query(part, "SELECT quantity FROM positions", &error);
    check(journal_last(part, &error) == 7 && statement_step(rows, &error) == 1 && statement_int(rows, 0) == 4 &&
              statement_step(rows, &error) == 0,
          "is the account as it was then: 4 shares, not 5");
    statement_close(rows);
    journal_close(part);
    check(journal_copy(journal, "more.db", STORY + 1, &verified, &error) == -1 && error.code == EXIT_USAGE,
          "not more than there are");
    error_clear(&error);
    check(journal_copy(journal, "none/all.db", -1, &verified, &error) == -1 && access("none", F_OK) != 0, "no folder");
    error_clear(&error);
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    check(journal_copy(journal, longest, -1, &verified, &error) == -1 && error.code == EXIT_USAGE, "a long name");
    error_clear(&error);
    require(mkdir("in", 0700) == 0 && mkdir("in/head.db-head", 0700) == 0);
    check(journal_copy(journal, "in/head.db", -1, &verified, &error) == -1 && error.code == EXIT_SYSTEM &&
              access("in/head.db", F_OK) != 0,
          "a folder in the place of its head: no copy");
    error_clear(&error);
    require(rmdir("in/head.db-head") == 0);
    check(rmdir("in") == 0, "nor a draft");
    remove_journal("all.db");
    remove_journal("part.db");
}

int main(void)
{
    require(mkdtemp(folder) != NULL && chdir(folder) == 0);
    struct journal *journal = journal_open("journal.db", JOURNAL_CREATE, &error);
    require(journal != NULL && journal_begin(journal, &error) == 0);
    for (int i = 0; i < STORY; i++)
        if (!check(journal_append(journal, MODE_PAPER, str_of(story[i]), &error) == 1, "event %d", i + 1))
            printf("# %s\n", error.text);
    check(journal_commit(journal, &error) == 0, "all are there");
    test_why(journal);
    test_filters(journal);
    test_latest(journal);
    test_orders(journal);
    test_switch(journal);
    test_copies(journal);
    journal_close(journal);
    test_queries();
    test_words();
    test_rolls();
    remove_journal("journal.db");
    check(chdir("/") == 0 && rmdir(folder) == 0, "no other file was left");
    return done();
}
