/* What a paper account is made of: whether an order comes in time, marks on their way into the journal, the bars of
 * rates, the answer to a sync. */
#include "money.h"

#include "base/names.h"
#include "broker/mark_list.h"
#include "broker/rates.h"
#include "broker/sync.h"
#include "broker/timely.h"
#include "market/calendar.h"
#include "record/marks.h"
#include "record/record.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 9000 /* marks of one moment: more than a line has room for */

static struct error error;

static const struct interval one_hour = {INTERVAL_HOUR, 1};

#define OF_BAR(interval) "{\"price\":1,\"bar\":{\"close\":1,\"interval\":\"" interval "\"}}"

/* An account opened on the 1st. Its days are those of UTC: of an order of Monday the 4th, noon, that is valid until
 * midnight no other session opens before its end. `day` and `hour`: the symbols of which such bars have come. */
static const struct moment {
    const char *what, *time, *until, *now, *moment;
    enum role role;
    const char *basis, *day, *hour;
    const char *stale; /* words of the answer, NULL: it comes in time */
} moments[] = {
    {"a moment before its end", "04T12:00", "05T00:00", "04T23:59", NULL, ROLE_ENTRY, "", NULL, NULL, NULL},
    {"at its end", "04T12:00", "05T00:00", "05T00:00", NULL, ROLE_ENTRY, "", NULL, NULL, "valid_until has passed"},
    {"an exit at its end", "04T12:00", "05T00:00", "05T00:00", NULL, ROLE_EXIT, "", NULL, NULL, "has passed"},
    {"in a stream that is there", "04T12:00", "05T00:00", NULL, "05T00:00", ROLE_ENTRY, "", NULL, NULL, "has passed"},
    {"in a stream that is before it", "04T12:00", "05T00:00", NULL, "03T00:00", ROLE_ENTRY, "", NULL, NULL, NULL},
    {"in a stream that has not begun", "04T12:00", "05T00:00", NULL, NULL, ROLE_ENTRY, "", NULL, NULL, NULL},
    {"decided on a day", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, NULL, "at the open"},
    {"for two days", "04T12:00", "06T00:00", "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, NULL, NULL},
    {"for ever", "04T12:00", NULL, "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, NULL, NULL},
    {"at the open", "03T12:00", "05T00:00", "04T00:00", NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, NULL, NULL},
    {"in a stream", "04T12:00", "05T00:00", NULL, NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, NULL, NULL},
    {"decided on an hour", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1h"), "AAA", NULL, NULL},
    {"after days of it", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, "", "AAA", NULL, "at the open"},
    {"after hours of it", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1d"), NULL, "AAA", NULL},
    {"after days of another", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, "", "BBB", NULL, "at the open"},
    {"after hours of another", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, "", NULL, "BBB", NULL},
    {"a basis without an interval", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_ENTRY, OF_BAR("1x"), NULL, NULL,
     NULL},
    {"an exit after days of it", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_EXIT, "", "AAA", NULL, "at the open"},
    {"an exit after days of another", "04T12:00", "05T00:00", "04T12:00", NULL, ROLE_EXIT, "", "BBB", NULL, NULL},
    {"by a clock before the account", "04T12:00", NULL, "00T12:00", NULL, ROLE_ENTRY, "", NULL, NULL, "was opened"},
    {"an exit before the account", "04T12:00", NULL, "00T12:00", NULL, ROLE_EXIT, "", NULL, NULL, NULL},
    {"decided before what has come", "02T12:00", NULL, NULL, NULL, ROLE_ENTRY, "", "AAA", NULL, "stale prices"},
    {"the same by the clock", "02T12:00", NULL, "04T12:00", NULL, ROLE_ENTRY, "", "AAA", NULL, NULL},
    {"an exit of before", "02T12:00", NULL, NULL, NULL, ROLE_EXIT, "", "AAA", NULL, NULL},
};

/* "04T12:00" of March 2024; "00" is the 29th of February. */
static int64_t moment_of(const char *text)
{
    char whole[32];
    if (text == NULL)
        return TIME_NONE;
    if (strncmp(text, "00", 2) == 0)
        (void)snprintf(whole, sizeof whole, "2024-02-29%s:00Z", text + 2);
    else
        (void)snprintf(whole, sizeof whole, "2024-03-%s:00Z", text);
    return at(whole);
}

static int see(struct ledger *ledger, const char *symbol, struct interval interval)
{
    const int64_t time = moment_of("03T00:00");
    struct mark mark = {.time = time, .bar = time, .interval = interval, .price = DEC_ONE, .account = "test"};
    (void)snprintf(mark.symbol, sizeof mark.symbol, "%s", symbol);
    return ledger_apply(ledger, RECORD_MARK, &mark, &error);
}

static void open_ledger(struct ledger *ledger)
{
    const struct ledger_terms terms = money_terms(NULL);
    require(ledger_init(ledger, &terms, &error) == 0 &&
            apply_cash(ledger, moment_of("01T00:00"), CASH_DEPOSIT, "1000", &error) == 0);
}

static struct order order_of(const char *time, enum role role)
{
    const bool exits = role == ROLE_EXIT;
    return make_order("o", moment_of(time), "AAA", exits ? SIDE_SELL : SIDE_BUY, "1", role);
}

static void test_stale(void)
{
    struct calendar calendar;
    require(calendar_init(&calendar, "always", NULL, &error) == 0);
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        const struct moment *row = &moments[i];
        struct ledger ledger;
        open_ledger(&ledger);
        require((row->day == NULL || see(&ledger, row->day, one_day) == 0) &&
                (row->hour == NULL || see(&ledger, row->hour, one_hour) == 0));
        struct order order = order_of(row->time, row->role);
        order.valid_until = moment_of(row->until);
        order.basis = str_of(row->basis);
        const char *stale = order_is_stale(&ledger, &calendar, &order, moment_of(row->now), moment_of(row->moment));
        check(row->stale == NULL ? stale == NULL : stale != NULL && strstr(stale, row->stale) != NULL, "%s: %s",
              row->what, stale == NULL ? "in time" : stale);
        ledger_clear(&ledger);
    }
}

/* A split on the 3rd; and a year that the calendar does not know, in which no order is refused for it. */
static void test_split(void)
{
    struct calendar always, nyse;
    struct ledger ledger;
    struct zone *zone = zone_open("America/New_York", &error);
    require(zone != NULL && calendar_init(&nyse, "nyse", zone, &error) == 0 &&
            calendar_init(&always, "always", NULL, &error) == 0);
    open_ledger(&ledger);
    const struct fill fill = make_fill("f", moment_of("02T00:00"), "AAA", SIDE_BUY, "2", "10", "0");
    const struct action split = make_split("sp", moment_of("03T00:00"), "AAA", 2, 1);
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
            ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0);
    const int64_t now = moment_of("04T12:00");
    struct order order = order_of("02T12:00", ROLE_ENTRY);
    const char *stale = order_is_stale(&ledger, &always, &order, now, TIME_NONE);
    check(stale != NULL && strstr(stale, "split since") != NULL, "an entry from before a split");
    order = order_of("03T00:00", ROLE_ENTRY);
    check(order_is_stale(&ledger, &always, &order, now, TIME_NONE) == NULL, "one of the moment of it");
    order = order_of("02T12:00", ROLE_EXIT);
    check(order_is_stale(&ledger, &always, &order, now, TIME_NONE) == NULL, "an exit from before it");
    order = order_of("04T12:00", ROLE_ENTRY);
    order.time = at("2040-03-05T12:00:00Z");
    order.valid_until = order.time + TIME_HOUR;
    order.basis = STR(OF_BAR("1d"));
    check(order_is_stale(&ledger, &nyse, &order, order.time, TIME_NONE) == NULL, "a year without a calendar");
    ledger_clear(&ledger);
    zone_free(zone);
}

static void test_doubt(void)
{
    struct ledger ledger;
    open_ledger(&ledger);
    struct order entry = order_of("02T12:00", ROLE_ENTRY), exits = order_of("02T12:00", ROLE_EXIT);
    const int64_t noon = entry.time, before = moment_of("00T12:00");
    const char *doubt = order_is_in_doubt(&ledger, &entry, before);
    check(doubt != NULL && strstr(doubt, "clock") != NULL, "a clock before the last event");
    doubt = order_is_in_doubt(&ledger, &entry, noon - 1);
    check(doubt != NULL && strstr(doubt, "future") != NULL, "an entry of the future");
    check(order_is_in_doubt(&ledger, &entry, noon) == NULL && order_is_in_doubt(&ledger, &entry, TIME_NONE) == NULL,
          "one of now, and of a stream");
    check(order_is_in_doubt(&ledger, &exits, before) == NULL, "an exit goes on");
    ledger_clear(&ledger);
    static const struct {
        int64_t off;
        bool present;
    } rows[] = {{0, true},           {TIME_HOUR - 1, true},  {TIME_HOUR, false}, {1 - TIME_HOUR, true},
                {-TIME_HOUR, false}, {TIME_DAY * 365, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(order_is_by_the_clock(&entry, TIME_NONE, noon + rows[i].off) == rows[i].present &&
                  order_is_by_the_clock(&entry, noon + TIME_DAY, noon + TIME_DAY + rows[i].off) == rows[i].present &&
                  !order_is_by_the_clock(&exits, TIME_NONE, noon + rows[i].off),
              "%lld s away from the clock", (long long)(rows[i].off / TIME_SECOND));
}

/* --- marks */

struct kept {
    char types[64]; /* a letter each: m, e, f */
    int events, marks, failing;
    int64_t last;
};

static int keep(void *context, enum record_type type, const void *value, struct error *e)
{
    struct kept *kept = context;
    if (kept->failing > 0 && --kept->failing == 0)
        return error_set(e, EXIT_STATE, "full");
    require(kept->events < (int)sizeof kept->types - 1);
    kept->types[kept->events++] = type == RECORD_MARK ? 'm' : type == RECORD_EQUITY ? 'e' : 'f';
    if (type != RECORD_MARK && type != RECORD_EQUITY)
        return 0;
    /* As whoever reads them does. */
    static union record_value read;
    struct buf line, scratch;
    struct record record = {.scratch = &scratch};
    struct marks marks;
    int got;
    buf_init(&line, RECORD_LINE_MAX + 1);
    buf_init(&scratch, RECORD_LINE_MAX);
    record_encode(&line, type, value);
    require(record_scan(&record, line.p, line.n - 1, e) == 0 && record_decode(&record, &read, e) == 0);
    for (marks_open(&marks, type, &read); (got = marks_next(&marks, e)) == 1; kept->marks++) {
        require(marks.mark.price > kept->last); /* in order */
        kept->last = marks.mark.price;
    }
    require(got == 0);
    buf_clear(&line);
    buf_clear(&scratch);
    return 0;
}

static struct mark mark_at(const char *time, int number)
{
    struct mark mark;
    record_blank(RECORD_MARK, &mark);
    mark.time = moment_of(time);
    mark.bar = mark.time - TIME_DAY;
    mark.interval = one_day;
    mark.price = number * DEC_ONE;
    memcpy(mark.account, "test", 5);
    (void)snprintf(mark.symbol, sizeof mark.symbol, "S%d", number);
    return mark;
}

/* A word each: "1m4" is mark 1 of the 4th, "e4" the equity point of the 4th, "f" a fill, "." the end of a
 * transaction. */
static int take(struct mark_list *list, const char *word)
{
    char time[16];
    (void)snprintf(time, sizeof time, "0%cT21:00", word[strlen(word) - 1]);
    if (word[0] == '.')
        return mark_list_flush(list, &error);
    if (word[0] == 'f') {
        const struct fill fill = make_fill("f", moment_of("04T21:00"), "AAA", SIDE_BUY, "1", "1", "0");
        return mark_list_take(list, RECORD_FILL, &fill, &error);
    }
    if (word[0] == 'e') {
        struct equity point;
        record_blank(RECORD_EQUITY, &point);
        point.time = moment_of(time);
        point.equity = point.cash = DEC_ONE;
        point.exposure = 0;
        memcpy(point.account, "test", 5);
        return mark_list_take(list, RECORD_EQUITY, &point, &error);
    }
    const struct mark mark = mark_at(time, word[0] - '0');
    return mark_list_take(list, RECORD_MARK, &mark, &error);
}

static void test_marks(void)
{
    static const struct {
        const char *what, *word[6], *types;
        int marks;
    } rows[] = {
        {"nothing", {"."}, "", 0},
        {"one", {"1m4", "."}, "m", 1},
        {"two in one event", {"1m4", "2m4", "."}, "m", 2},
        {"with their point", {"1m4", "2m4", "e4", "."}, "e", 2},
        {"a point of another moment", {"1m4", "e5", "."}, "me", 1},
        {"a point without marks", {"e4", "."}, "e", 0},
        {"before a fill", {"1m4", "f", "2m4", "e4"}, "mfe", 2},
        {"of two moments", {"1m4", "2m5", "3m5", "e5"}, "me", 3},
    };
    struct mark_list list;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kept kept = {.events = 0};
        mark_list_init(&list, keep, &kept);
        int taken = 0;
        for (int k = 0; k < 6 && rows[i].word[k] != NULL; k++)
            taken += take(&list, rows[i].word[k]);
        check(taken == 0 && strcmp(kept.types, rows[i].types) == 0 && kept.marks == rows[i].marks, "marks: %s: %s %d",
              rows[i].what, kept.types, kept.marks);
        mark_list_clear(&list);
    }
    /* Of many none is lost, and none twice. */
    struct kept kept = {.events = 0};
    mark_list_init(&list, keep, &kept);
    int taken = 0;
    for (int i = 1; i <= MANY; i++) {
        const struct mark mark = mark_at("04T21:00", i);
        taken += mark_list_take(&list, RECORD_MARK, &mark, &error);
    }
    taken += take(&list, "e4");
    check(taken == 0 && kept.events > 1 && kept.marks == MANY, "%d marks in %d events: %s", kept.marks, kept.events,
          error.text);
    mark_list_clear(&list);
    /* What could not be kept is still there. */
    for (int way = 0; way < 3; way++) {
        static const char *const words[] = {"e4", "f", "2m5"};
        kept = (struct kept){.failing = 1};
        mark_list_init(&list, keep, &kept);
        check(take(&list, "1m4") == 0 && take(&list, words[way]) == -1 && error.code == EXIT_STATE, "%s fails",
              words[way]);
        error_clear(&error);
        mark_list_clear(&list);
    }
}

/* --- bars of rates: an account in dollars whose instruments trade in euros */

static struct bar bar_of(const char *symbol, const char *price)
{
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    bar.time = moment_of("03T00:00");
    bar.end = bar.time + TIME_DAY;
    bar.interval = one_day;
    bar.open = bar.high = bar.low = bar.close = d(price);
    (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", symbol);
    return bar;
}

static void keep_bar(struct rate_bars *bars, const char *symbol, const char *price)
{
    const struct bar bar = bar_of(symbol, price);
    require(rate_bars_keep(bars, &bar, &error) == 0);
}

static bool next_is(struct rate_bars *bars, const struct ledger *ledger, const char *symbol, const char *price)
{
    const struct bar *bar = rate_bars_next(bars, ledger, false);
    return symbol == NULL ? bar == NULL : bar != NULL && strcmp(bar->symbol, symbol) == 0 && bar->close == d(price);
}

static void test_rates(void)
{
    static const struct {
        const char *symbol;
        bool wanted;
    } rows[] = {{"EURUSD", true}, {"EUR/USD", true}, {"USDEUR", true}, {"EURGBP", true},
                {"GBPUSD", true}, {"GBPJPY", false}, {"AAPL", false},  {"USDUSD", false}};
    struct ledger_terms terms = money_terms(NULL);
    struct names currencies;
    struct ledger ledger, plain;
    struct rate_bars bars;
    open_ledger(&plain);
    names_init(&currencies);
    require(names_add(&currencies, STR("EUR"), &error) == 0);
    terms.currencies = &currencies;
    require(ledger_init(&ledger, &terms, &error) == 0);
    rate_bars_init(&bars);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rate_bars_want(&bars, &ledger, rows[i].symbol) == rows[i].wanted &&
                  !rate_bars_want(&bars, &plain, rows[i].symbol),
              "%s is %sa rate of euros", rows[i].symbol, rows[i].wanted ? "" : "not ");
    check(next_is(&bars, &ledger, NULL, NULL), "none came");
    keep_bar(&bars, "EURGBP", "0.85");
    check(next_is(&bars, &ledger, NULL, NULL), "half of a way waits for the other");
    keep_bar(&bars, "GBPUSD", "1.25");
    check(next_is(&bars, &ledger, "EURGBP", "0.85") && next_is(&bars, &ledger, "GBPUSD", "1.25") &&
              next_is(&bars, &ledger, NULL, NULL),
          "both halves, once each");
    keep_bar(&bars, "EURUSD", "1.10");
    keep_bar(&bars, "EURUSD", "1.12");
    keep_bar(&bars, "EURGBP", "0.86");
    check(next_is(&bars, &ledger, "EURUSD", "1.12") && next_is(&bars, &ledger, NULL, NULL),
          "where there is a straight way its last bar counts, and no other");
    check(!rate_bars_want(&bars, &ledger, "GBPUSD") && rate_bars_want(&bars, &ledger, "USD/EUR"),
          "nor is another asked for");
    rate_bars_clear(&bars);
    ledger_clear(&ledger);
    ledger_clear(&plain);
    names_clear(&currencies);
}

static void test_sync(void)
{
    static char folder[] = "/tmp/test-paper-XXXXXX";
    struct sync sync;
    require(mkdtemp(folder) != NULL && chdir(folder) == 0);
    record_blank(RECORD_SYNC, &sync);
    sync.n = 7;
    memcpy(sync.token, "abc", 4);
    check(!sync_is_answered("paper.sync", &sync), "no answer");
    const int watch = sync_watch("paper.sync");
    check(watch >= 0 && !sync_is_answered("paper.sync", &sync), "one that is waited for");
    check(sync_answer("paper.sync", &sync, &error) == 0 && sync_is_answered("paper.sync", &sync), "the answer");
    sync_wait(watch); /* it has changed: at once */
    sync_wait(-1);
    sync_unwatch(watch);
    struct sync other = sync;
    other.n = 8;
    check(!sync_is_answered("paper.sync", &other), "not of another");
    memset(other.token, 'x', sizeof other.token - 1);
    other.token[sizeof other.token - 1] = '\0';
    check(sync_answer("paper.sync", &other, &error) == 0 && sync_is_answered("paper.sync", &other) &&
              !sync_is_answered("paper.sync", &sync),
          "the next takes its place");
    check(sync_answer("none/paper.sync", &sync, &error) == -1 && error.code == EXIT_SYSTEM &&
              strstr(error.text, "none/paper.sync") != NULL && sync_watch("none/paper.sync") == -1,
          "no folder for it");
    error_clear(&error);
    require(truncate("paper.sync", 100) == 0);
    check(!sync_is_answered("paper.sync", &other), "half an answer is none");
    require(unlink("paper.sync") == 0 && mkdir("paper.sync", 0700) == 0);
    check(sync_answer("paper.sync", &sync, &error) == -1 && !sync_is_answered("paper.sync", &sync), "a folder is none");
    error_clear(&error);
    require(rmdir("paper.sync") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
}

int main(void)
{
    test_stale();
    test_split();
    test_doubt();
    test_marks();
    test_rates();
    test_sync();
    return done();
}
