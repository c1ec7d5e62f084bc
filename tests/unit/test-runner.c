/* The runner: levels and ids, prices of the day across splits and dividends, and what it refuses. */
#include "base/buf.h"
#include "record/record.h"
#include "strategy/strategy.h"

#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static struct runner *start(const char *text)
{
    struct strategy_use use;
    struct error error = {0};
    struct runner *runner = NULL;
    if (strategy_use_parse(&use, text, &error) == 0)
        runner = runner_new(&use, &error);
    if (runner == NULL) {
        printf("Bail out! %s\n", error.text);
        exit(1);
    }
    return runner;
}

static struct interval interval_of(const char *text)
{
    struct interval interval = {0};
    struct error error = {0};
    interval_parse(&interval, text, strlen(text), &error);
    return interval;
}

/* A daily bar of 2024-01-01 + day that closes at 21:00Z; the range is a tenth of the close to both sides. */
static struct bar bar_at(const char *symbol, int day, double close)
{
    const int64_t start = INT64_C(1704067200) * TIME_SECOND + day * TIME_DAY;
    struct bar bar = {.time = start,
                      .end = start + 21 * TIME_HOUR,
                      .session = TIME_NONE,
                      .interval = interval_of("1d"),
                      .volume = 1000,
                      .vwap = DEC_NONE,
                      .trades = NAN,
                      .final = -1};
    (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", symbol);
    if (dec_from_double(&bar.close, close, ROUND_HALF_EVEN) != 0 ||
        dec_from_double(&bar.high, close * 1.1, ROUND_HALF_EVEN) != 0 ||
        dec_from_double(&bar.low, close * 0.9, ROUND_HALF_EVEN) != 0)
        exit(1);
    bar.open = bar.close;
    return bar;
}

static struct action action_of(const char *symbol, enum action_kind kind)
{
    struct action action = {.kind = kind, .cash = DEC_NONE, .basis_share = DEC_NONE};
    (void)snprintf(action.symbol, sizeof action.symbol, "%s", symbol);
    return action;
}

static int feed(struct runner *runner, const char *symbol, int day, double close, struct signal *signal)
{
    struct error error = {0};
    const struct bar bar = bar_at(symbol, day, close);
    return runner_bar(runner, &bar, signal, &error);
}

/* sha256("sma-cross:fast=1,slow=2,stop=0\nAAPL\nlong\n2024-01-03T21:00:00Z"), its first 80 bits in base32, by
 * Python's hashlib and base64; and the same with flat and 2024-01-05. */
#define ID_LONG "sgq4bcjz5cc4lf3u57"
#define ID_FLAT "sgvdq2ub6ygmb5lu6u"

static void test_levels(void)
{
    static const double closes[] = {10, 10, 11, 12, 11, 10};
    static const enum want wants[] = {WANT_NONE, WANT_FLAT, WANT_LONG, WANT_LONG, WANT_FLAT, WANT_FLAT};
    static const int decided[] = {0, 1, 2, 2, 4, 4}, initial[] = {0, 1, -1, -1, -1, -1}, age[] = {0, 0, 0, 1, 0, 1};
    struct runner *runner = start("sma-cross:fast=1,slow=2,stop=0");
    bool levels = true, times = true, marks = true, ages = true;
    struct signal signal = {0}, longs = {0};
    for (int i = 0; i < COUNT(closes); i++) {
        const int got = feed(runner, "AAPL", i, closes[i], &signal);
        levels = levels && got == (wants[i] != WANT_NONE) && (got == 0 || signal.side == wants[i]);
        if (got == 0)
            continue;
        times =
            times && signal.time == bar_at("AAPL", i, 10).end && signal.decided == bar_at("AAPL", decided[i], 10).end;
        marks = marks && signal.initial == initial[i];
        ages = ages && signal.age == age[i];
        if (i == 3)
            longs = signal;
    }
    check(levels, "one level after every bar from the first it can judge");
    check(times, "the time is the bar's end, decided the end of the bar where the side changed");
    check(ages, "the age is the number of bars since the one where it did");
    check(marks, "initial until the side changes for the first time");
    check_text(longs.id, ID_LONG, "the id is over instance, symbol, side and decided");
    check_text(signal.id, ID_FLAT, "another decision has another id");
    check_text(signal.strategy, "sma-cross:fast=1,slow=2,stop=0", "the strategy is the instance");
    check_text(signal.cause, "bar/1d/2024-01-06T00:00:00Z/AAPL", "the cause is the bar");
    check(signal.price == 10 * DEC_ONE && signal.stop == DEC_NONE && signal.target == DEC_NONE && isnan(signal.units),
          "the price is the close; what is not asked for is absent");
    char text[256];
    (void)snprintf(text, sizeof text, STR_FMT, STR_ARG(signal.reason));
    check_text(text, "{\"fast\":10,\"slow\":10.5}", "the reason holds the averages");
    (void)snprintf(text, sizeof text, STR_FMT, STR_ARG(signal.basis));
    check_text(text,
               "{\"interval\":\"1d\",\"time\":\"2024-01-06T00:00:00Z\",\"open\":10,\"high\":11,\"low\":9,\"close\":10}",
               "the basis holds the bar");
    runner_free(runner);
}

static bool same_reason(struct signal a, struct signal b)
{
    return str_equal(a.reason, b.reason);
}

/* Closes of one basis; the raw ones are halved from day 40 on (2 for 1) and scaled by 0.9 from day 60 on, which is what
 * a dividend of a tenth of the close before leaves. */
static void test_adjustment(void)
{
    struct runner *plain = start("sma-cross:fast=3,slow=8,target=4,short=1");
    struct runner *raw = start("sma-cross:fast=3,slow=8,target=4,short=1");
    struct error error = {0};
    int wrong = 0, compared = 0, changes = 0;
    enum want before = WANT_NONE;
    double factor = 1, last = 0;
    for (int day = 0; day < 120; day++) {
        const double close = 100 + 20 * sin(day / 6.0) + 5 * cos(day / 2.5);
        struct signal a = {0}, b = {0};
        if (day == 40) {
            struct action split = action_of("AAPL", ACTION_SPLIT);
            split.new_shares = 2;
            split.old_shares = 1;
            wrong += runner_action(raw, &split, &error) != 0;
            factor = 0.5;
        }
        if (day == 60) {
            struct action dividend = action_of("AAPL", ACTION_DIVIDEND);
            wrong += dec_from_double(&dividend.cash, last * 0.1, ROUND_HALF_EVEN) != 0;
            (void)snprintf(dividend.id, sizeof dividend.id, "ca-1");
            wrong += runner_action(raw, &dividend, &error) != 0;
            wrong += runner_action(raw, &dividend, &error) != 0; /* delivered twice, applied once */
            factor = 0.45;
        }
        const int got = feed(plain, "AAPL", day, close, &a);
        wrong += feed(raw, "AAPL", day, close * factor, &b) != got;
        last = close * factor;
        if (got != 1)
            continue;
        compared++;
        changes += before != WANT_NONE && a.side != before;
        before = a.side;
        wrong += a.side != b.side || a.decided != b.decided || strcmp(a.id, b.id) != 0;
        wrong += fabs(dec_to_double(b.stop) - factor * dec_to_double(a.stop)) > 3e-8;
        wrong += fabs(dec_to_double(b.target) - factor * dec_to_double(a.target)) > 3e-8;
        wrong += (day < 40) != same_reason(a, b);
    }
    check(wrong == 0 && compared > 100 && changes >= 4,
          "a split and a dividend change no decision, and prices are those of the day");
    runner_free(plain);
    runner_free(raw);
}

/* A symbol may hold a space, and so may an id. */
static void test_action_names(void)
{
    struct runner *runner = start("sma-cross:fast=1,slow=2,stop=0");
    struct error error = {0};
    struct signal signal = {0};
    feed(runner, "A B", 0, 100, &signal);
    feed(runner, "A B", 1, 100, &signal);
    struct action split = action_of("A", ACTION_SPLIT);
    split.new_shares = 2;
    split.old_shares = 1;
    (void)snprintf(split.id, sizeof split.id, "B C");
    bool good = runner_action(runner, &split, &error) == 0;
    (void)snprintf(split.symbol, sizeof split.symbol, "A B");
    (void)snprintf(split.id, sizeof split.id, "C");
    good = good && runner_action(runner, &split, &error) == 0;
    /* 51 after a 2:1 split of 100 is a rise. */
    check(good && feed(runner, "A B", 2, 51, &signal) == 1 && signal.side == WANT_LONG,
          "the split C of 'A B' is not the split 'B C' of A");
    runner_free(runner);
}

static void test_adjusted_bars(void)
{
    struct runner *runner = start("sma-cross:fast=1,slow=2,stop=0");
    struct error error = {0};
    struct signal signal = {0};
    struct action split = action_of("AAPL", ACTION_SPLIT);
    split.new_shares = 2;
    split.old_shares = 1;
    int got = 0;
    for (int day = 0; day < 4; day++) {
        struct bar bar = bar_at("AAPL", day, 100 - day);
        bar.adjusted = ADJUSTED_SPLIT;
        if (day == 3)
            runner_action(runner, &split, &error);
        got = runner_bar(runner, &bar, &signal, &error);
    }
    /* Multiplied by two, 97 would look like 194 after 98. */
    check(got == 1 && signal.side == WANT_FLAT, "bars that are adjusted already are taken as they are");
    /* Far back the adjusted price is below the dividends that were paid. */
    struct action dividend = action_of("AAPL", ACTION_DIVIDEND);
    dividend.cash = 200 * DEC_ONE;
    check(runner_action(runner, &dividend, &error) == 0, "and a dividend above the adjusted price says nothing");
    runner_free(runner);
}

static void test_series_apart(void)
{
    struct runner *both = start("sma-cross:fast=2,slow=3,stop=0"), *alone = start("sma-cross:fast=2,slow=3,stop=0");
    struct error error = {0};
    int wrong = 0;
    for (int day = 0; day < 60; day++) {
        struct signal a = {0}, b = {0}, other;
        const double close = 50 + 10 * sin(day / 3.0);
        struct bar hour = bar_at("AAPL", day, 200 - day);
        hour.interval = interval_of("1h");
        (void)feed(both, "MSFT", day, 300 - close, &other);
        const int got = feed(both, "AAPL", day, close, &a);
        (void)runner_bar(both, &hour, &other, &error);
        wrong += feed(alone, "AAPL", day, close, &b) != got;
        wrong += got == 1 && (a.side != b.side || strcmp(a.id, b.id) != 0 || a.price != b.price);
    }
    check(wrong == 0, "symbols and intervals do not touch each other");
    runner_free(both);
    runner_free(alone);
}

static void test_rename(void)
{
    struct runner *runner = start("sma-cross:fast=1,slow=2,stop=0");
    struct error error = {0};
    struct signal before = {0}, after = {0};
    feed(runner, "FB", 0, 10, &before);
    feed(runner, "FB", 1, 11, &before);
    struct action rename = action_of("FB", ACTION_RENAME);
    (void)snprintf(rename.new_symbol, sizeof rename.new_symbol, "FB");
    check(runner_action(runner, &rename, &error) == 0 && feed(runner, "FB", 1, 11, &after) == -1,
          "a rename to the same symbol changes nothing: the series still knows its bars");
    rename = action_of("FB", ACTION_RENAME);
    (void)snprintf(rename.new_symbol, sizeof rename.new_symbol, "META");
    check(runner_action(runner, &rename, &error) == 0 && feed(runner, "META", 2, 12, &after) == 1 &&
              after.side == WANT_LONG && after.decided == before.decided && strcmp(after.symbol, "META") == 0 &&
              strcmp(after.id, before.id) != 0,
          "after a rename the series goes on under the new symbol");
    check(feed(runner, "FB", 2, 10, &after) == 0, "the old symbol begins anew");
    runner_free(runner);
}

static void test_refusals(void)
{
    struct runner *runner = start("sma-cross:fast=1,slow=2,stop=0");
    struct signal signal;
    struct error error = {0};
    feed(runner, "AAPL", 5, 10, &signal);
    struct bar bar = bar_at("AAPL", 5, 10);
    check(runner_bar(runner, &bar, &signal, &error) == -1 && error.code == EXIT_INPUT, "the same bar twice is refused");
    check_text(error.text, "AAPL: a 1d bar that is not after the last one", "and says so");
    error_clear(&error);
    bar = bar_at("AAPL", 4, 10);
    check(runner_bar(runner, &bar, &signal, &error) == -1 && error.code == EXIT_INPUT, "an older bar is refused");
    error_clear(&error);
    bar = bar_at("AAPL", 6, 11);
    bar.final = 0;
    check(runner_bar(runner, &bar, &signal, &error) == 0, "a bar that is not final is not seen");
    bar.final = 1;
    check(runner_bar(runner, &bar, &signal, &error) == 1 && signal.side == WANT_LONG, "the same bar, once final, is");
    struct action action = action_of("AAPL", ACTION_SPLIT);
    check(runner_action(runner, &action, &error) == -1 && error.code == EXIT_INPUT, "a split into nothing is refused");
    error_clear(&error);
    action = action_of("AAPL", ACTION_DIVIDEND);
    action.cash = 11 * DEC_ONE;
    check(runner_action(runner, &action, &error) == -1 && error.code == EXIT_INPUT,
          "a dividend of the whole price is refused");
    error_clear(&error);
    action = action_of("NEW", ACTION_DIVIDEND);
    action.cash = DEC_ONE;
    check(runner_action(runner, &action, &error) == 0, "a dividend before the first price changes nothing");
    runner_free(runner);
}

int main(void)
{
    test_levels();
    test_adjustment();
    test_action_names();
    test_adjusted_bars();
    test_series_apart();
    test_rename();
    test_refusals();
    return done();
}
