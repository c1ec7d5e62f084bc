/* record/interval: text, length and order of bar intervals. */
#include "record/interval.h"

#include "base/time.h"
#include "tap.h"

static struct interval interval(const char *text)
{
    struct error error = {0};
    struct interval result = {INTERVAL_NONE, 0};
    if (interval_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static int64_t moment(const char *text)
{
    struct error error = {0};
    int64_t result = TIME_NONE;
    if (time_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static void test_text(void)
{
    static const char *const good[] = {"1s",           "5s",
                                       "30s",          "1m",
                                       "5m",           "15m",
                                       "30m",          "90m",
                                       "1h",           "4h",
                                       "24h",          "1d",
                                       "1w",           "1mo",
                                       "3mo",          "5d",
                                       "2w",           "tick:500",
                                       "volume:10000", "value:1000000",
                                       "1000000000s",  "7d",
                                       "12mo",         "range:0.25",
                                       "range:12",     "renko:0.00000001",
                                       "renko:1000000"};
    static const char *const bad[] = {"",
                                      "m",
                                      "0m",
                                      "-5m",
                                      "05m",
                                      "5",
                                      "5 m",
                                      "5M",
                                      "5min",
                                      "1.5m",
                                      "5m ",
                                      "1000000001m",
                                      "tick:",
                                      "tick",
                                      "tick:0",
                                      "tick5",
                                      "TICK:5",
                                      "5tick",
                                      "99999999999s",
                                      "1moo",
                                      "m5",
                                      "5d5",
                                      "range:",
                                      "range:0",
                                      "renko:-1",
                                      "renko:0.50",
                                      "renko:1000000.5",
                                      "range:1e2",
                                      "range:0.000000001",
                                      "tick:0.5"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char text[INTERVAL_TEXT_MAX], name[64];
        size_t length = interval_format(text, interval(good[i]));
        snprintf(name, sizeof name, "%s is read and written", good[i]);
        check_text(text, good[i], name);
        check(length == strlen(text), "its length is given");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error error = {0};
        struct interval result = {INTERVAL_DAY, 9};
        check(interval_parse(&result, bad[i], strlen(bad[i]), &error) == -1 && error.code == EXIT_INPUT &&
                  error.hint[0] != '\0' && result.unit == INTERVAL_DAY && result.count == 9,
              "'%s' is refused", bad[i]);
    }
    check(interval_equal(interval("60m"), interval("1h")) && interval_equal(interval("3600s"), interval("1h")) &&
              interval_equal(interval("120s"), interval("2m")),
          "60m and 3600s are 1h");
    check(!interval_equal(interval("24h"), interval("1d")) && !interval_equal(interval("1m"), interval("1mo")),
          "24h is not 1d, 1m is not 1mo");
    check(interval_is_daily(interval("1d")) && interval_is_daily(interval("1w")) &&
              interval_is_daily(interval("1mo")) && !interval_is_daily(interval("24h")) &&
              !interval_is_daily(interval("tick:5")),
          "days and longer belong to sessions");
}

static void test_end(void)
{
    int64_t start = moment("2026-01-31T14:30:00Z");
    check(interval_end(interval("5m"), start) == moment("2026-01-31T14:35:00Z"), "5m");
    check(interval_end(interval("4h"), start) == moment("2026-01-31T18:30:00Z"), "4h");
    check(interval_end(interval("1d"), start) == moment("2026-02-01T14:30:00Z"), "1d");
    check(interval_end(interval("1w"), start) == moment("2026-02-07T14:30:00Z"), "1w");
    check(interval_end(interval("1mo"), start) == moment("2026-02-28T14:30:00Z"), "a month after 31 January");
    check(interval_end(interval("1mo"), moment("2024-01-30")) == moment("2024-02-29"), "fault-027: in a leap year");
    check(interval_end(interval("3mo"), moment("2026-11-01")) == moment("2027-02-01"),
          "fault-027: over the year's end");
    check(interval_end(interval("tick:500"), start) == start, "tick bars have no length");
    check(interval_end(interval("1000000000h"), start) == INT64_MAX, "too long ends at the end of time");
    check(interval_end(interval("1000000000mo"), start) == INT64_MAX, "in months too");
}

static void test_order(void)
{
    static const char *const order[] = {"1s",      "30s",      "1m",         "90m",       "4h",      "24h",
                                        "1d",      "5d",       "1w",         "4w",        "1mo",     "tick:5",
                                        "tick:50", "volume:1", "value:1000", "range:0.5", "range:1", "renko:0.25"};
    bool right = true;
    for (int i = 0; i < 18; i++)
        for (int j = 0; j < 18; j++)
            right &= interval_compare(interval(order[i]), interval(order[j])) == (i > j) - (i < j);
    check(right, "finer intervals come first");
}

int main(void)
{
    test_text();
    test_end();
    test_order();
    return done();
}
