/* market/bar_builder and market/resample. Expected bars are added up by hand in the comments, or by a slow and simple
 * count over the sorted trades. New York opens at 13:30Z and closes at 20:00Z in July, at 17:00Z on 2024-07-03. */
#include "market/bar_builder.h"
#include "market/resample.h"
#include "market/validate.h"

#include "ticks.h"

#include <math.h>
#include <stdlib.h>

static struct calendar always;

/* "START END OPEN HIGH LOW CLOSE VOLUME VWAP TRADES" */
static const char *text_of(const struct bar *bar)
{
    static char text[256];
    char time[TIME_TEXT_MAX], end[TIME_TEXT_MAX], price[5][DEC_TEXT_MAX];
    const dec value[] = {bar->open, bar->high, bar->low, bar->close, bar->vwap};
    time_format(time, bar->time);
    time_format(end, bar->end);
    for (int i = 0; i < 5; i++)
        if (value[i] == DEC_NONE)
            snprintf(price[i], sizeof price[i], "-");
        else
            dec_format(price[i], value[i]);
    snprintf(text, sizeof text, "%s %s %s %s %s %s %.10g %s %.10g", time, end, price[0], price[1], price[2], price[3],
             bar->volume, price[4], bar->trades);
    return text;
}

static int push(struct bar_builder *builder, const char *time, const char *price, const char *quantity,
                struct bar *closed, enum trade_fate expected)
{
    enum trade_fate fate = TRADE_OUTSIDE;
    struct trade record = trade(time, price, quantity);
    int status = bar_builder_push(builder, &record, closed, &fate, &error);
    if (fate != expected)
        check(false, "the trade of %s has fate %d", time, expected);
    return status;
}

static void test_minutes(void)
{
    struct bar_builder builder = builder_of("1m", false);
    struct bar bar;
    check(push(&builder, "2024-07-02T13:29:59Z", "9", "100", &bar, TRADE_OUTSIDE) == 0, "before the open: outside");
    check(push(&builder, "2024-07-02T13:30:00Z", "10", "100", &bar, TRADE_USED) == 0, "the first");
    push(&builder, "2024-07-02T13:30:30Z", "10.5", "50", &bar, TRADE_USED);
    push(&builder, "2024-07-02T13:30:30Z", "9.75", "50", &bar, TRADE_USED);
    check(push(&builder, "2024-07-02T13:30:59.999999999Z", "10.25", "200", &bar, TRADE_USED) == 0,
          "nothing comes out while the minute runs");
    check(push(&builder, "2024-07-02T13:31:00Z", "11", "1", &bar, TRADE_USED) == 1, "the next minute closes it");
    /* volume 400, value 1000 + 525 + 487.5 + 2050 = 4062.5, / 400 = 10.15625 */
    check_text(text_of(&bar), "2024-07-02T13:30:00Z 2024-07-02T13:31:00Z 10 10.5 9.75 10.25 400 10.15625 4",
               "open, high, low, close, volume, vwap, trades");
    check(!strcmp(bar.symbol, "XYZ") && bar.session == TIME_NONE && bar_validate(&bar, &error) == 0, "a valid bar");
    check(bar_builder_advance(&builder, moment("2024-07-02T13:31:59Z"), &bar) == 0, "time alone: not yet");
    check(bar_builder_advance(&builder, moment("2024-07-02T13:32:00Z"), &bar) == 1 && bar.close == number("11"),
          "time closes a bar too");
    check(push(&builder, "2024-07-02T13:31:59Z", "12", "1", &bar, TRADE_LATE) == 0, "what belongs there is late now");
    push(&builder, "2024-07-02T19:59:59Z", "13", "1", &bar, TRADE_USED);
    check(push(&builder, "2024-07-02T20:00:00Z", "14", "1", &bar, TRADE_OUTSIDE) == 1 && bar.close == number("13"),
          "a trade after the close is left out and closes the last minute");
    check(push(&builder, "2024-07-04T15:00:00Z", "14", "1", &bar, TRADE_OUTSIDE) == 0, "fault-029: none on a holiday");

    struct trade record = trade("2040-01-03T15:00:00Z", "14", "1");
    enum trade_fate fate;
    check(bar_builder_push(&builder, &record, &bar, &fate, &error) == -1 && error.code == EXIT_INPUT,
          "a date the calendar does not know is an error");
    error_clear(&error);
}

/* What is refused must leave no trace: a bad trade that closed a bar would take that bar with it, and one of a far
 * future would make all that follow late. */
static void test_refused_trade(void)
{
    struct bar_builder builder = builder_of("1m", false);
    struct bar bar;
    enum trade_fate fate;
    push(&builder, "2024-07-02T13:30:00Z", "10", "100", &bar, TRADE_USED);
    struct trade far = trade("2040-01-03T15:00:00Z", "14", "1");
    struct trade vast = trade("2024-07-02T13:31:00Z", "92233720368", "92233720368");
    check(bar_builder_push(&builder, &far, &bar, &fate, &error) == -1, "a trade of 2040 is refused");
    error_clear(&error);
    check(bar_builder_push(&builder, &vast, &bar, &fate, &error) == -1, "a trade of vast value is refused");
    error_clear(&error);
    check(push(&builder, "2024-07-02T13:31:00Z", "11", "1", &bar, TRADE_USED) == 1 && bar.volume == 100,
          "the bar that was open then comes out with the next good trade");
    check(push(&builder, "2024-07-02T13:32:00Z", "12", "1", &bar, TRADE_USED) == 1 && bar.close == number("11"),
          "and bars go on");
}

static void test_hours(void)
{
    struct bar_builder builder = builder_of("1h", false);
    struct bar bar;
    push(&builder, "2024-07-03T16:40:00Z", "10", "1", &bar, TRADE_USED);
    check(push(&builder, "2024-07-03T17:00:00Z", "11", "1", &bar, TRADE_OUTSIDE) == 1 &&
              bar.time == moment("2024-07-03T16:30:00Z") && bar.end == moment("2024-07-03T17:00:00Z"),
          "the last hour ends at the early close");
    builder = builder_of("1h", true);
    push(&builder, "2024-07-03T13:10:00Z", "10", "1", &bar, TRADE_USED);
    check(push(&builder, "2024-07-03T13:30:00Z", "11", "1", &bar, TRADE_USED) == 1 &&
              bar.time == moment("2024-07-03T12:30:00Z") && bar.end == moment("2024-07-03T13:30:00Z"),
          "extended: the hour before the open");
}

static void test_days(void)
{
    struct bar_builder builder = builder_of("1d", false);
    struct bar bar;
    push(&builder, "2024-07-03T12:00:00Z", "1", "1000", &bar, TRADE_OUTSIDE);
    push(&builder, "2024-07-03T13:30:00Z", "10", "1", &bar, TRADE_USED);
    push(&builder, "2024-07-03T15:00:00Z", "12", "2", &bar, TRADE_USED);
    check(push(&builder, "2024-07-03T16:59:59Z", "11", "1", &bar, TRADE_USED) == 0, "a day is open until its close");
    check(push(&builder, "2024-07-03T17:00:01Z", "99", "1", &bar, TRADE_OUTSIDE) == 1, "then it is over");
    check_text(text_of(&bar), "2024-07-03T04:00:00Z 2024-07-03T17:00:00Z 10 12 10 11 4 11.25 3",
               "a day: midnight to the early close, without the trades before and after");
    check(bar.session == moment("2024-07-03") / TIME_DAY, "with its session's date");
    builder = builder_of("1d", true);
    push(&builder, "2024-07-03T12:00:00Z", "1", "1", &bar, TRADE_USED);
    push(&builder, "2024-07-03T15:00:00Z", "12", "1", &bar, TRADE_USED);
    push(&builder, "2024-07-03T22:00:00Z", "14", "2", &bar, TRADE_USED);
    check(push(&builder, "2024-07-05T14:00:00Z", "10", "1", &bar, TRADE_USED) == 1, "the next session closes it");
    check_text(text_of(&bar), "2024-07-03T04:00:00Z 2024-07-04T04:00:00Z 1 14 1 14 4 10.25 3",
               "asked for, the whole date with its early and late trades");
    struct bar_builder refused;
    static const char *const no[] = {"1w", "1mo", "2d", "25h"};
    bool all = true;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        struct interval wanted = interval(no[i]);
        all &= bar_builder_init(&refused, wanted, &nyse, false, &error) == -1 && error.code == EXIT_USAGE;
    }
    check(all, "weeks, months and several days are not made from trades");
    error_clear(&error);
}

static void test_counts(void)
{
    struct bar_builder builder = builder_of("tick:3", false);
    struct bar bar;
    push(&builder, "2024-07-02T19:59:58Z", "10", "1", &bar, TRADE_USED);
    push(&builder, "2024-07-02T19:59:59Z", "12", "1", &bar, TRADE_USED);
    push(&builder, "2024-07-02T21:00:00Z", "50", "1", &bar, TRADE_OUTSIDE);
    check(push(&builder, "2024-07-03T13:30:00Z", "11", "2", &bar, TRADE_USED) == 1,
          "the third trade fills a tick:3 bar");
    check_text(text_of(&bar), "2024-07-02T19:59:58Z 2024-07-03T13:30:00Z 10 12 10 11 4 11 3", "it spans the night");
    check(bar_builder_advance(&builder, INT64_MAX, &bar) == 0, "nothing is left");
    push(&builder, "2024-07-03T13:30:01Z", "11", "2", &bar, TRADE_USED);
    check(bar_builder_advance(&builder, INT64_MAX, &bar) == 0, "one that is not full never comes out");

    builder = builder_of("volume:100", false);
    check(push(&builder, "2024-07-03T13:30:00Z", "10", "99.5", &bar, TRADE_USED) == 0, "99.5 of 100");
    check(push(&builder, "2024-07-03T13:30:01Z", "11", "80", &bar, TRADE_USED) == 1 && bar.volume == 179.5,
          "the trade that fills a volume bar is not divided");
    check(push(&builder, "2024-07-03T13:30:02Z", "11", "100", &bar, TRADE_USED) == 1 && bar.time == bar.end &&
              bar_validate(&bar, &error) == 0,
          "one trade may fill it");

    builder = builder_of("value:1000", false);
    check(push(&builder, "2024-07-03T13:30:00Z", "99.99", "10", &bar, TRADE_USED) == 0, "999.90 of 1000");
    check(push(&builder, "2024-07-03T13:30:01Z", "1", "0.1", &bar, TRADE_USED) == 1, "exactly 1000 fills it");
    /* 1000 / 10.1 = 99.00990099 */
    check(bar.vwap == number("99.00990099"), "vwap is rounded to 1e-8");
}

static void test_overflow(void)
{
    struct bar_builder builder = builder_of("1d", false);
    struct trade record = trade("2024-07-03T13:30:00Z", "92233720368", "92233720368");
    enum trade_fate fate;
    struct bar bar;
    check(bar_builder_push(&builder, &record, &bar, &fate, &error) == -1 && error.code == EXIT_INPUT,
          "fault-056: a value too large is an error, not a wrong price");
    check(bar_builder_advance(&builder, INT64_MAX, &bar) == 0, "and opens no bar");
    error_clear(&error);
    builder = builder_of("1d", false);
    record = trade("2024-07-03T13:30:00Z", "0.00001", "92000000000.5");
    for (int i = 0; i < 40; i++)
        bar_builder_push(&builder, &record, &bar, &fate, &error);
    check(bar_builder_advance(&builder, INT64_MAX, &bar) == 1 && bar.volume == 3680000000020 &&
              bar.vwap == number("0.00001"),
          "volumes of trillions are sums as any other");
}

static uint64_t seed = 42;

static uint64_t draw(uint64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

static int by_time(const void *a, const void *b)
{
    const struct trade *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

#define TRADES 4000

/* Every bar of a shuffled minute is that of the sorted trades. */
static void test_out_of_order(void)
{
    static struct trade trades[TRADES];
    static struct bar sorted[TRADES], shuffled[TRADES];
    int64_t time = moment("2024-07-02T13:30:00Z");
    for (int i = 0; i < TRADES; i++) {
        time += (int64_t)(1 + draw(5)) * TIME_SECOND + (int64_t)draw(1000);
        trades[i] = trade("2024-07-02", "1", "1");
        trades[i].time = time;
        trades[i].price = number("100") + (dec)draw(1000) * 1000000;
        trades[i].quantity = (dec)(1 + draw(500)) * DEC_ONE;
    }
    int counts[2] = {0, 0}, reordered = 0, bad = 0;
    for (int round = 0; round < 2; round++) {
        struct bar_builder builder = builder_of("1m", false);
        struct bar *bars = round ? shuffled : sorted;
        for (int i = 0; i < TRADES; i++) {
            enum trade_fate fate;
            counts[round] += bar_builder_push(&builder, &trades[i], &bars[counts[round]], &fate, &error);
            reordered += fate == TRADE_REORDERED;
            bad += fate == TRADE_LATE || (round == 0 && fate == TRADE_REORDERED);
        }
        counts[round] += bar_builder_advance(&builder, INT64_MAX, &bars[counts[round]]);
        for (int i = TRADES - 1; i > 0; i--) { /* neighbours of one minute change places */
            int j = i - 1 - (int)draw(6);
            if (j >= 0 && trades[i].time / TIME_MINUTE == trades[j].time / TIME_MINUTE) {
                struct trade kept = trades[i];
                trades[i] = trades[j];
                trades[j] = kept;
            }
        }
    }
    bool same = counts[0] == counts[1];
    for (int i = 0; same && i < counts[0]; i++)
        same &= memcmp(&sorted[i], &shuffled[i], sizeof sorted[i]) == 0;
    check(same && reordered > 1000 && bad == 0 && counts[0] > 150,
          "fault-049: %d bars as from sorted input, %d trades moved", counts[0], reordered);

    /* And the sorted bars are what a simple count finds. */
    qsort(trades, TRADES, sizeof *trades, by_time);
    bool right = true;
    int bar = 0;
    for (int from = 0, to; from < TRADES; from = to, bar++) {
        int64_t minute = trades[from].time / TIME_MINUTE;
        dec high = 0, low = DEC_MAX;
        double volume = 0, value = 0;
        if (minute * TIME_MINUTE >= moment("2024-07-02T20:00:00Z"))
            break;
        for (to = from; to < TRADES && trades[to].time / TIME_MINUTE == minute; to++) {
            high = trades[to].price > high ? trades[to].price : high;
            low = trades[to].price < low ? trades[to].price : low;
            volume += dec_to_double(trades[to].quantity);
            value += dec_to_double(trades[to].quantity) * dec_to_double(trades[to].price);
        }
        const struct bar *got = &sorted[bar];
        right &= got->time == minute * TIME_MINUTE && got->open == trades[from].price &&
                 got->close == trades[to - 1].price && got->high == high && got->low == low && got->volume == volume &&
                 got->trades == to - from && fabs(dec_to_double(got->vwap) - value / volume) < 1e-7;
    }
    check(right && bar == counts[0], "each of them counted by hand");
}

static struct bar fine(const char *length, int64_t time, int64_t end, int64_t price, double volume)
{
    return (struct bar){.symbol = "XYZ",
                        .interval = interval(length),
                        .time = time,
                        .end = end,
                        .session = TIME_NONE,
                        .open = price * DEC_ONE,
                        .high = (price + 2) * DEC_ONE,
                        .low = (price - 1) * DEC_ONE,
                        .close = (price + 1) * DEC_ONE,
                        .volume = volume,
                        .vwap = price * DEC_ONE,
                        .trades = 2,
                        .final = -1};
}

static struct bar minute(const char *time, int64_t price)
{
    int64_t start = moment(time);
    return fine("1m", start, start + TIME_MINUTE, price, 100);
}

static struct bar daily(const char *date, int64_t price)
{
    struct bar bar = fine("1d", 0, 1, price, 100);
    int64_t days = moment(date) / TIME_DAY;
    if (bar_set_session(&bar, &nyse, days, &error))
        printf("# %s\n", error.text);
    return bar;
}

static struct resample resample_of(const char *length, bool extended)
{
    struct resample resample;
    struct interval wanted = interval(length);
    if (resample_init(&resample, wanted, &nyse, extended, &error))
        printf("# %s\n", error.text);
    return resample;
}

static void test_minutes_to_five(void)
{
    struct resample resample = resample_of("5m", false);
    struct bar out[2], bar;
    static const char *const times[] = {"2024-07-02T13:29:00Z", "2024-07-02T13:30:00Z", "2024-07-02T13:31:00Z",
                                        "2024-07-02T13:32:00Z", "2024-07-02T13:33:00Z"};
    int count = 0;
    for (int i = 0; i < 5; i++) {
        bar = minute(times[i], 100 + i);
        count += resample_push(&resample, &bar, out, &error);
    }
    check(count == 0, "four minutes give nothing");
    bar = minute("2024-07-02T13:34:00Z", 90);
    check(resample_push(&resample, &bar, out, &error) == 1, "the fifth completes it, at once");
    /* opens 101, high 104+2, low 90-1, close 91; vwap (101+102+103+104+90)/5 = 100; the minute before the open is not
     * in */
    check_text(text_of(&out[0]), "2024-07-02T13:30:00Z 2024-07-02T13:35:00Z 101 106 89 91 500 100 10",
               "five minutes from the open");
    check(interval_equal(out[0].interval, interval("5m")) && out[0].session == TIME_NONE, "of the interval asked for");

    /* A gap: 13:35 and 13:38 are there, then 13:44, which ends the next five minutes all by itself. */
    bar = minute("2024-07-02T13:35:00Z", 50);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-02T13:38:00Z", 60);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-02T13:44:00Z", 70);
    check(resample_push(&resample, &bar, out, &error) == 2, "after a gap two may come at once");
    check_text(text_of(&out[0]), "2024-07-02T13:35:00Z 2024-07-02T13:40:00Z 50 62 49 61 200 55 4",
               "the one with the gap");
    check_text(text_of(&out[1]), "2024-07-02T13:40:00Z 2024-07-02T13:45:00Z 70 72 69 71 100 70 2", "and the next");
    bar = minute("2024-07-02T13:46:00Z", 70);
    resample_push(&resample, &bar, out, &error);
    check(resample_advance(&resample, moment("2024-07-02T13:49:59Z"), out) == 0 &&
              resample_advance(&resample, moment("2024-07-02T13:50:00Z"), out) == 1,
          "time completes a bar too");

    resample = resample_of("5m", false);
    bar = minute("2024-07-02T13:33:00Z", 70);
    count = resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-02T13:34:00Z", 70);
    count += resample_push(&resample, &bar, out, &error);
    check(count == 0, "a bar whose beginning is not in the input is left out");
    bar = minute("2024-07-02T13:39:00Z", 70);
    check(resample_push(&resample, &bar, out, &error) == 1, "the next one is not");

    resample = resample_of("4h", false);
    bar = minute("2024-07-03T13:30:00Z", 70);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-03T16:59:00Z", 80);
    check(resample_push(&resample, &bar, out, &error) == 1 && out[0].time == moment("2024-07-03T13:30:00Z") &&
              out[0].end == moment("2024-07-03T17:00:00Z"),
          "four hours are cut at the early close");

    resample = resample_of("1h", true);
    bar = minute("2024-07-03T12:30:00Z", 70);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-03T13:29:00Z", 80);
    check(resample_push(&resample, &bar, out, &error) == 1 && out[0].end == moment("2024-07-03T13:30:00Z"),
          "extended: the hour before the open");
}

static void test_minutes_to_days(void)
{
    struct resample resample = resample_of("1d", false);
    struct bar out[2], bar;
    bar = minute("2024-07-03T12:00:00Z", 10);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-03T13:31:00Z", 20);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-03T15:31:00Z", 30);
    resample_push(&resample, &bar, out, &error);
    bar = minute("2024-07-03T17:00:00Z", 40);
    check(resample_push(&resample, &bar, out, &error) == 1, "the first minute after the close completes the day");
    check_text(text_of(&out[0]), "2024-07-03T04:00:00Z 2024-07-03T17:00:00Z 20 32 19 31 200 25 4",
               "a day of the regular session");
    check(out[0].session == moment("2024-07-03") / TIME_DAY, "with its session");
    bar = minute("2024-07-05T19:59:00Z", 50);
    check(resample_push(&resample, &bar, out, &error) == 1, "the last minute completes it at once");
}

static void test_days_to_weeks(void)
{
    struct resample resample = resample_of("1w", false);
    struct bar out[2], bar;
    static const char *const dates[] = {"2024-05-23", "2024-05-24", "2024-05-28", "2024-05-29", "2024-05-30"};
    int count = 0;
    for (int i = 0; i < 5; i++) {
        bar = daily(dates[i], 100 + i);
        count += resample_push(&resample, &bar, out, &error);
    }
    check(count == 0, "a week that began before the input is left out");
    bar = daily("2024-05-31", 90);
    check(resample_push(&resample, &bar, out, &error) == 1, "Friday completes the week");
    /* 102 103 104 90: opens 102, high 106, low 89, close 91, vwap 399/4 = 99.75 */
    check_text(text_of(&out[0]), "2024-05-28T04:00:00Z 2024-05-31T20:00:00Z 102 106 89 91 400 99.75 8",
               "the week of Memorial Day: Tuesday's midnight to Friday's close");
    check(out[0].session == moment("2024-05-28") / TIME_DAY, "its session is the first");

    resample = resample_of("1mo", false);
    count = 0;
    for (int64_t day = moment("2024-06-03") / TIME_DAY; day <= moment("2024-07-31") / TIME_DAY; day++) {
        struct session session;
        if (calendar_session(&nyse, day, &session, &error) != 1)
            continue;
        char text[TIME_TEXT_MAX];
        date_format(text, date_from_days(day));
        bar = daily(text, 100);
        int got = resample_push(&resample, &bar, out, &error);
        if (got == 1 && count++ == 0)
            /* June 2024 has 19 sessions. */
            check(out[0].time == moment("2024-06-03T04:00:00Z") && out[0].end == moment("2024-06-28T20:00:00Z") &&
                      out[0].volume == 1900 && out[0].trades == 38,
                  "a month by its sessions");
    }
    check(count == 2, "June and July");
}

static void test_refusals(void)
{
    struct resample resample = resample_of("5m", false);
    struct bar out[2], bar = minute("2024-07-02T13:30:00Z", 10);
    resample_push(&resample, &bar, out, &error);
    check(resample_push(&resample, &bar, out, &error) == -1 && error.code == EXIT_INPUT,
          "the same bar again is refused");
    check_text(error.text, "the 1m bar of 2024-07-02T13:30:00Z cannot be resampled to 5m: it is out of order",
               "and said");
    error_clear(&error);
    bar = daily("2024-07-03", 10);
    check(resample_push(&resample, &bar, out, &error) == -1, "a day does not make minutes");
    error_clear(&error);
    bar = fine("2m", moment("2024-07-02T13:34:00Z"), moment("2024-07-02T13:36:00Z"), 10, 1);
    check(resample_push(&resample, &bar, out, &error) == -1, "a bar across two is refused");
    error_clear(&error);
    bar = fine("tick:5", moment("2024-07-02T13:34:00Z"), moment("2024-07-02T13:34:30Z"), 10, 1);
    check(resample_push(&resample, &bar, out, &error) == -1, "tick bars are not resampled");
    error_clear(&error);
    resample = resample_of("1w", false);
    bar = daily("2024-07-03", 10);
    bar.session++;
    check(resample_push(&resample, &bar, out, &error) == -1, "fault-029: a daily bar on a holiday is refused");
    error_clear(&error);
    static const char *const no[] = {"tick:5", "5d", "25h", "53w", "13mo"};
    bool all = true;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        struct interval wanted = interval(no[i]);
        all &= resample_init(&resample, wanted, &nyse, false, &error) == -1 && error.code == EXIT_USAGE;
    }
    check(all, "intervals without a place in the calendar");
    error_clear(&error);
}

/* A market that never closes: 23 hours of minutes into four hours. */
static void test_always(void)
{
    struct resample resample;
    struct interval wanted = interval("4h");
    struct bar out[2];
    int count = 0;
    int64_t start = moment("2024-07-06");
    resample_init(&resample, wanted, &always, false, &error);
    for (int i = 0; i < 23 * 60; i++) {
        struct bar bar = fine("1m", start + i * TIME_MINUTE, start + (i + 1) * TIME_MINUTE, 100, 1);
        if (resample_push(&resample, &bar, out, &error) == 1 && ++count == 2)
            check(out[0].time == start + 4 * TIME_HOUR && out[0].end == start + 8 * TIME_HOUR && out[0].volume == 240,
                  "04:00 to 08:00 of a Saturday");
    }
    check(count == 5, "five of them are complete");
}

/* What came out for k bars is what comes out first for all of them. */
static void test_prefix(void)
{
    static const char *const lengths[] = {"5m", "1h", "1d", "1w"};
    static struct bar in[3000], all[3000], part[3000];
    int count = 0;
    int64_t time = moment("2024-06-27T12:00:00Z");
    while (count < 3000) {
        time += (int64_t)(1 + draw(8) / 7 * 5) * TIME_MINUTE;
        if (time / TIME_HOUR % 24 > 21)
            time += 14 * TIME_HOUR;
        in[count] = fine("1m", time, time + TIME_MINUTE, 50 + (int64_t)draw(9), 10);
        count++;
    }
    for (size_t l = 0; l < 4; l++) {
        bool same = true;
        int total = 0;
        for (int k = 3000; k >= 0; k -= 97) {
            struct resample resample = resample_of(lengths[l], false);
            struct bar *to = k == 3000 ? all : part;
            int made = 0;
            for (int i = 0; i < k; i++) {
                int got = resample_push(&resample, &in[i], &to[made], &error);
                same &= got >= 0;
                made += got > 0 ? got : 0;
            }
            if (k == 3000)
                total = made;
            same &= made <= total && memcmp(to, all, (size_t)made * sizeof *all) == 0;
        }
        check(same && total > 0, "prefixes of 1m to %s, %d bars", lengths[l], total);
    }
}

/* The same for trades: what came out for k of them comes out first for all. */
static void test_trade_prefix(void)
{
    static const char *const lengths[] = {"1m", "1h", "1d", "tick:7", "volume:500"};
    static struct trade in[2000];
    static struct bar all[2000], part[2000];
    int64_t time = moment("2024-07-02T13:00:00Z");
    for (int i = 0; i < 2000; i++) {
        time += (int64_t)draw(draw(50) == 0 ? 36000 : 40) * TIME_SECOND;
        in[i] = trade("2024-07-02", "1", "1");
        in[i].time = time - (int64_t)draw(10) * TIME_SECOND;
        in[i].price = (dec)(90 + draw(20)) * DEC_ONE;
        in[i].quantity = (dec)(1 + draw(90)) * DEC_ONE;
    }
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        bool same = true;
        int total = 0;
        for (int k = 2000; k >= 0; k -= 83) {
            struct bar_builder builder = builder_of(lengths[l], false);
            struct bar *to = k == 2000 ? all : part;
            int made = 0;
            int64_t end = 0;
            for (int i = 0; i < k; i++) {
                enum trade_fate fate;
                int got = bar_builder_push(&builder, &in[i], &to[made], &fate, &error);
                same &= got >= 0 && (got == 0 || to[made].end >= end);
                end = got == 1 ? to[made].end : end;
                made += got;
            }
            total = k == 2000 ? made : total;
            same &= made <= total && memcmp(to, all, (size_t)made * sizeof *all) == 0;
        }
        check(same && total > 1, "prefixes of trades to %s, %d bars, in order", lengths[l], total);
    }
}

int main(void)
{
    struct zone *zone = zone_open("America/New_York", &error);
    if (!check(zone && calendar_init(&nyse, "nyse", zone, &error) == 0 &&
                   calendar_init(&always, "always", NULL, &error) == 0,
               "the calendars"))
        return done();
    test_minutes();
    test_refused_trade();
    test_hours();
    test_days();
    test_counts();
    test_overflow();
    test_out_of_order();
    test_minutes_to_five();
    test_minutes_to_days();
    test_days_to_weeks();
    test_refusals();
    test_always();
    test_prefix();
    test_trade_prefix();
    zone_free(zone);
    return done();
}
