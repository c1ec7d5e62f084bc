/* The data doctor: each kind of defect is found in a series that has nothing else wrong, by its kind and with the
 * repair that mends it; the mended series is clean. Defects are those that Yahoo's data had (yfinance's tests): a price
 * in pence, a dividend in pence, five times too large, twice, a split applied to one bar. */
#include "feed/repairs.h"
#include "record/record.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

enum { BARS = 160, MIDDLE = 80 };

static struct error error;
static struct calendar calendar;

struct series {
    struct bar bar[BARS * 8];
    size_t bars;
    struct action_set actions;
    enum adjusted adjusted;
    struct interval interval;
};

static dec price(double value)
{
    dec result = 0;
    if (dec_from_double(&result, round(value * 100) / 100, ROUND_HALF_EVEN) < 0)
        abort();
    return result;
}

/* A steady random walk: steps of up to 1 %, volumes within 30 % of a million. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u; /* Numerical Recipes, "quick and dirty" */
    return *state >> 8;
}

static double uniform(uint32_t *state)
{
    return (double)next_random(state) / (double)(1u << 24);
}

static void make_daily(struct series *series)
{
    struct session session = {.date = 20000}; /* 2024-10-04 */
    uint32_t state = 1;
    double close = 100;
    *series = (struct series){.adjusted = ADJUSTED_RAW, .interval = {INTERVAL_DAY, 1}};
    action_set_init(&series->actions);
    for (size_t i = 0; i < BARS; i++) {
        struct bar *bar = &series->bar[series->bars++];
        record_blank(RECORD_BAR, bar);
        if (calendar_next(&calendar, session.date, &session, &error) < 0)
            abort();
        const double open = close;
        close *= 0.99 + 0.02 * uniform(&state);
        memcpy(bar->symbol, "X", 2);
        bar->interval = series->interval;
        bar->session = session.date;
        bar->time = calendar_midnight(&calendar, session.date);
        bar->end = session.close;
        bar->open = price(open);
        bar->close = price(close);
        bar->high = price((open > close ? open : close) * 1.004);
        bar->low = price((open < close ? open : close) * 0.996);
        bar->volume = round(1e6 * (0.85 + 0.3 * uniform(&state)));
    }
}

/* Hours of twenty sessions, 9:30 to 16:00: seven bars each. */
static void make_hourly(struct series *series)
{
    make_daily(series);
    struct session session = {.date = series->bar[0].session - 1};
    uint32_t state = 7;
    double close = 50;
    series->bars = 0;
    series->interval = (struct interval){INTERVAL_HOUR, 1};
    for (int day = 0; day < 20; day++) {
        if (calendar_next(&calendar, session.date, &session, &error) < 0)
            abort();
        for (int hour = 0; hour < 7; hour++) {
            struct bar *bar = &series->bar[series->bars++];
            record_blank(RECORD_BAR, bar);
            const double open = close;
            close *= 0.995 + 0.01 * uniform(&state);
            memcpy(bar->symbol, "X", 2);
            bar->interval = series->interval;
            bar->time = session.open + hour * TIME_HOUR;
            bar->end = hour == 6 ? session.close : bar->time + TIME_HOUR;
            bar->open = price(open);
            bar->close = price(close);
            bar->high = price((open > close ? open : close) * 1.002);
            bar->low = price((open < close ? open : close) * 0.998);
            bar->volume = round(1e5 * (0.85 + 0.3 * uniform(&state)));
        }
    }
}

static void scale(struct bar *bar, double factor)
{
    bar->open = price(dec_to_double(bar->open) * factor);
    bar->high = price(dec_to_double(bar->high) * factor);
    bar->low = price(dec_to_double(bar->low) * factor);
    bar->close = price(dec_to_double(bar->close) * factor);
}

static void add_action(struct series *series, size_t bar, enum action_kind kind, double cash, int64_t new_shares,
                       int64_t old_shares)
{
    struct action action;
    record_blank(RECORD_ACTION, &action);
    memcpy(action.symbol, "X", 2);
    action.kind = kind;
    if (cash > 0 && dec_from_double(&action.cash, cash, ROUND_HALF_EVEN) < 0)
        abort();
    action.new_shares = new_shares;
    action.old_shares = old_shares;
    if (action_set_add(&series->actions, &action, series->bar[bar].session, &calendar, &error) < 0)
        abort();
}

/* Four quarterly dividends of 0.5; one of them another amount, at bar 60. */
static void add_dividends(struct series *series, double odd)
{
    for (size_t i = 0; i < 4; i++)
        add_action(series, 20 + 40 * i, ACTION_DIVIDEND, i == 1 ? odd : 0.5, 0, 0);
}

static void remove_bars(struct series *series, size_t first, size_t count)
{
    memmove(&series->bar[first], &series->bar[first + count], (series->bars - first - count) * sizeof *series->bar);
    series->bars -= count;
}

/* ---- defects ---- */

static void none(struct series *series)
{
    add_dividends(series, 0.5);
}
static void pence(struct series *series)
{
    for (size_t i = MIDDLE; i < MIDDLE + 9; i++)
        scale(&series->bar[i], 0.01);
}
static void pence_close(struct series *series)
{
    struct bar *bar = &series->bar[MIDDLE];
    bar->low = bar->close = price(dec_to_double(bar->close) / 100);
}
static void pence_from_here(struct series *series)
{
    for (size_t i = MIDDLE; i < series->bars; i++)
        scale(&series->bar[i], 100);
}
static void split_unnamed(struct series *series)
{
    for (size_t i = MIDDLE; i < series->bars; i++)
        scale(&series->bar[i], 0.25);
}
static void split_named_true(struct series *series)
{
    split_unnamed(series);
    add_action(series, MIDDLE, ACTION_SPLIT, 0, 4, 1);
}
static void split_not_there(struct series *series)
{
    add_action(series, MIDDLE, ACTION_SPLIT, 0, 4, 1);
}
static void split_twice(struct series *series)
{
    split_named_true(series);
    add_action(series, MIDDLE + 1, ACTION_SPLIT, 0, 4, 1);
}
static void split_one_bar(struct series *series)
{
    series->adjusted = ADJUSTED_SPLIT;
    scale(&series->bar[MIDDLE], 0.5);
    series->bar[MIDDLE].volume *= 2;
}
static void spike_close(struct series *series)
{
    struct bar *bar = &series->bar[MIDDLE];
    bar->close = price(dec_to_double(bar->close) * 1.14);
    bar->high = bar->close;
}
static void spike_low(struct series *series)
{
    series->bar[MIDDLE].low = price(dec_to_double(series->bar[MIDDLE].low) * 0.88);
}
static void crash(struct series *series) /* and back, but on three times the volume: the market itself */
{
    spike_close(series);
    series->bar[MIDDLE].volume *= 3;
}
static void move(struct series *series) /* 15 % that stay */
{
    for (size_t i = MIDDLE; i < series->bars; i++)
        scale(&series->bar[i], 1.15);
}
static void dividend_pence(struct series *series)
{
    add_dividends(series, 0.005);
}
static void dividend_pounds(struct series *series)
{
    add_dividends(series, 50);
}
static void dividend_five(struct series *series)
{
    add_dividends(series, 5);
}
static void dividend_twice(struct series *series)
{
    add_dividends(series, 0.5);
    add_action(series, 62, ACTION_DIVIDEND, 0.52, 0, 0);
}
static void dividend_special(struct series *series) /* a third of the price, and the price falls by it */
{
    for (size_t i = 60; i < series->bars; i++)
        scale(&series->bar[i], 2.0 / 3);
    add_dividends(series, dec_to_double(series->bar[59].close) / 3);
}
static void volume_thousand(struct series *series)
{
    series->bar[MIDDLE].volume /= 1000;
}
static void volume_double(struct series *series) /* a busy day is none */
{
    series->bar[MIDDLE].volume *= 4;
}
static void partial(struct series *series)
{
    series->bar[series->bars - 1].volume /= 8;
}
static void repeats(struct series *series)
{
    for (size_t i = MIDDLE + 1; i < MIDDLE + 4; i++) {
        struct bar copy = series->bar[MIDDLE];
        copy.time = series->bar[i].time;
        copy.end = series->bar[i].end;
        copy.session = series->bar[i].session;
        series->bar[i] = copy;
    }
}
static void gap_one(struct series *series)
{
    remove_bars(series, MIDDLE, 1);
}
static void reuse(struct series *series)
{
    for (size_t i = 120; i < series->bars; i++)
        scale(&series->bar[i], 0.11);
    remove_bars(series, 40, 80);
}
static void zone(struct series *series) /* three days an hour late: their first hour is missing */
{
    for (int day = 12; day > 9; day--)
        remove_bars(series, (size_t)day * 7, 1);
}
static void hour_missing(struct series *series) /* within a session: a gap is no zone */
{
    remove_bars(series, 73, 1);
}

static const struct {
    const char *name;
    void (*spoil)(struct series *series);
    bool hourly;
    size_t findings;
    enum anomaly_check check;
    enum repair_kind repair;
    bool mends; /* the repair leaves a clean series */
} defects[] = {
    {"nothing", none, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"nine bars in pence", pence, false, 1, ANOMALY_UNIT, REPAIR_SCALE, true},
    {"a low and close in pence", pence_close, false, 1, ANOMALY_UNIT, REPAIR_SCALE, true},
    {"another unit from a day on", pence_from_here, false, 1, ANOMALY_UNIT, REPAIR_SCALE, true},
    {"a split that nobody names", split_unnamed, false, 1, ANOMALY_SPLIT, REPAIR_SPLIT, true},
    {"a named split", split_named_true, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"a split that is named, and is not in the prices", split_not_there, false, 1, ANOMALY_SPLIT, REPAIR_FORGET, true},
    {"a split named twice", split_twice, false, 1, ANOMALY_SPLIT, REPAIR_FORGET, true},
    {"a split applied to one bar", split_one_bar, false, 1, ANOMALY_SPLIT, REPAIR_SCALE, true},
    {"a close 14 % off", spike_close, false, 1, ANOMALY_SPIKE, REPAIR_DROP, false},
    {"a low 12 % off", spike_low, false, 1, ANOMALY_SPIKE, REPAIR_DROP, false},
    {"a busy day that goes and comes", crash, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"a move of 15 % that stays", move, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"a dividend in pounds among pence", dividend_pence, false, 1, ANOMALY_DIVIDEND, REPAIR_CASH, true},
    {"a dividend in pence among pounds", dividend_pounds, false, 1, ANOMALY_DIVIDEND, REPAIR_CASH, true},
    {"a dividend ten times the others", dividend_five, false, 1, ANOMALY_DIVIDEND, REPAIR_CASH, true},
    {"a dividend twice", dividend_twice, false, 1, ANOMALY_DIVIDEND, REPAIR_FORGET, true},
    {"a special dividend", dividend_special, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"a volume in thousands", volume_thousand, false, 1, ANOMALY_VOLUME, REPAIR_FETCH, false},
    {"four times the volume", volume_double, false, 0, ANOMALY_NONE, REPAIR_NONE, false},
    {"a last bar that is not whole", partial, false, 1, ANOMALY_PARTIAL, REPAIR_DROP, true},
    {"four times the same bar", repeats, false, 1, ANOMALY_STALE, REPAIR_DROP, false},
    {"a session without a bar", gap_one, false, 1, ANOMALY_GAP, REPAIR_FETCH, false},
    {"a symbol used again", reuse, false, 1, ANOMALY_REUSE, REPAIR_DROP, true},
    {"an hour missing within a session", hour_missing, true, 1, ANOMALY_GAP, REPAIR_FETCH, false},
    {"days an hour late", zone, true, 1, ANOMALY_ZONE, REPAIR_FETCH, false},
};

struct found {
    size_t count;
    struct finding first;
};

static int on_finding(void *context, const struct finding *finding, struct error *ignored)
{
    struct found *found = context;
    (void)ignored;
    if (found->count++ == 0)
        found->first = *finding;
    else
        printf("# also: %s\n", finding->message);
    return 0;
}

static struct found examine(struct series *series)
{
    struct found found = {.count = 0};
    const struct action *list[16];
    for (size_t i = 0; i < series->actions.count && i < 16; i++)
        list[i] = action_set_get(&series->actions, i);
    const struct doctor_series examined = {
        .calendar = &calendar,
        .interval = series->interval,
        .adjusted = series->adjusted,
        .bar = series->bar,
        .bars = series->bars,
        .action = list,
        .actions = series->actions.count,
        .now = series->bar[series->bars - 1].end + TIME_HOUR,
    };
    if (doctor_examine(&examined, on_finding, &found, &error) < 0)
        abort();
    return found;
}

/* Through the text of an overlay, as a later read applies it. */
static void mend(struct series *series, const struct repair *repair)
{
    struct repair_rule rule = {.symbol = "X"};
    struct repairs repairs = {.rule = &rule, .count = 1};
    struct str source;
    struct buf text;
    struct action_set actions;
    size_t kept = 0;
    bool changed = false;
    buf_init(&text, 4096);
    repair_format(&text, "csv:/data", series->interval, repair);
    check(repair_parse(buf_str(&text), &source, &rule, &error) == 0 && str_is(source, "csv:/data"),
          "  its text reads back");
    for (size_t i = 0; i < series->bars; i++)
        if (repairs_bar(&repairs, &series->bar[i], &changed) == 1)
            series->bar[kept++] = series->bar[i];
    series->bars = kept;
    action_set_init(&actions);
    for (size_t i = 0; i < series->actions.count; i++) {
        struct action action = *action_set_get(&series->actions, i);
        const int64_t date = calendar_date(&calendar, action.time);
        if (repairs_action(&repairs, &action, &changed) == 1 &&
            action_set_add(&actions, &action, date, &calendar, &error) < 0)
            abort();
    }
    if (repairs_add_splits(&repairs, &calendar, &actions, &error) < 0)
        abort();
    /* The old set keeps the dates that the copies point into: the new one has its own. */
    action_set_clear(&series->actions);
    series->actions = actions;
    buf_clear(&text);
}

static void check_text_of_repairs(void)
{
    static const struct {
        const char *name, *text;
    } bad[] = {
        {"no source", "{\"interval\":\"1d\",\"do\":\"drop\",\"from\":\"2026-01-02\",\"to\":\"2026-01-03\"}"},
        {"an unknown deed",
         "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"burn\",\"from\":\"2026-01-02\",\"to\":\"2026-01-03\"}"},
        {"from behind to",
         "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"drop\",\"from\":\"2026-01-03\",\"to\":\"2026-01-03\"}"},
        {"a split without a ratio",
         "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"split\",\"from\":\"2026-01-02\",\"to\":\"2026-01-03\"}"},
        {"a factor below zero", "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"scale\",\"price\":-1,\"from\":\"2026-"
                                "01-02\",\"to\":\"2026-01-03\"}"},
        {"a factor that is none", "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"scale\",\"price\":\"nan\",\"from\":"
                                  "\"2026-01-02\",\"to\":\"2026-01-03\"}"},
        {"a member too many", "{\"source\":\"a\",\"interval\":\"1d\",\"do\":\"drop\",\"from\":\"2026-01-02\",\"to\":"
                              "\"2026-01-03\",\"x\":1}"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct repair_rule rule;
        struct str source;
        error_clear(&error);
        check(repair_parse(str_of(bad[i].text), &source, &rule, &error) < 0 && error.code == EXIT_INPUT,
              "a repair with %s is refused", bad[i].name);
    }
    error_clear(&error);
}

int main(void)
{
    struct zone *zone_of_new_york = zone_open("America/New_York", &error);
    static struct series series;
    if (zone_of_new_york == NULL || calendar_init(&calendar, "nyse", zone_of_new_york, &error) < 0)
        return 1;
    for (size_t i = 0; i < sizeof defects / sizeof *defects; i++) {
        (defects[i].hourly ? make_hourly : make_daily)(&series);
        defects[i].spoil(&series);
        const struct found found = examine(&series);
        if (!check(found.count == defects[i].findings, "%s: %zu finding(s)", defects[i].name, defects[i].findings) &&
            found.count > 0)
            printf("# first: %s\n", found.first.message);
        if (found.count > 0 && defects[i].findings > 0) {
            check_text(anomaly_check_text(found.first.check), anomaly_check_text(defects[i].check), "  its kind");
            check_text(repair_kind_text(found.first.repair.kind), repair_kind_text(defects[i].repair), "  its repair");
        }
        if (found.count > 0 && defects[i].mends) {
            mend(&series, &found.first.repair);
            const struct found after = examine(&series);
            if (!check(after.count == 0, "  mended, it is clean"))
                printf("# first: %s\n", after.first.message);
        }
        action_set_clear(&series.actions);
    }
    check_text_of_repairs();
    zone_free(zone_of_new_york);
    return done();
}
