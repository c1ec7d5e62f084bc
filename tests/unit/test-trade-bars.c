/* feed/trade_bars: bars of prices; the bars of many trades, late ones, and such that are taken back. Expected bars are
 * worked out by hand, or those of the sorted trades. */
#include "feed/trade_bars.h"
#include "market/validate.h"

#include "ticks.h"

#include <stdlib.h>

/* Bars of prices: what each trade completes, "OPEN HIGH LOW CLOSE VOLUME TRADES" for each bar. */
static const struct {
    const char *length, *price, *bars;
} by_price[] = {
    {"range:1", "10", ""},
    {"range:1", "10.6", ""},
    {"range:1", "9.7", ""},                     /* 10.6 - 9.7 = 0.9 */
    {"range:1", "9.5", "10 10.6 9.5 9.5 4 4;"}, /* 1.1: the trade that fills it is not divided */
    {"range:1", "12", ""},                      /* a bar begins with the next trade, wherever that is */
    {"range:1", "13", "12 13 12 13 2 2;"},
    /* Bricks of 0.5 from 10.2, which is rounded to 10. */
    {"renko:0.5", "10.2", ""},
    {"renko:0.5", "10.49", ""},
    {"renko:0.5", "10.5", "10 10.5 10 10.5 3 3;"},
    {"renko:0.5", "11.7", "10.5 11 10.5 11 1 1;11 11.5 11 11.5 0 0;"}, /* two at once; the volume is of the first */
    {"renko:0.5", "10.6", ""},                                         /* a turn takes two sizes: 10.5 */
    {"renko:0.5", "10.4", "11 11 10.5 10.5 2 2;"},
    {"renko:0.5", "10", "10.5 10.5 10 10 1 1;"},
    {"renko:0.5", "10.9", ""},
    {"renko:0.5", "11", "10.5 11 10.5 11 2 2;"},
};

static void test_prices(void)
{
    struct bar_builder builder = {.open = false};
    struct bar bar;
    int64_t last_end = 0;
    bool rising = true;
    for (size_t i = 0; i < sizeof by_price / sizeof *by_price; i++) {
        char text[512] = "", price[4][DEC_TEXT_MAX];
        size_t n = 0;
        enum trade_fate fate;
        if (i == 0 || strcmp(by_price[i].length, by_price[i - 1].length) != 0)
            builder = builder_of(by_price[i].length, false);
        struct trade record = trade("2024-07-02T14:00:00Z", by_price[i].price, "1");
        int over = bar_builder_push(&builder, &record, &bar, &fate, &error); /* all of one moment */
        for (; over == 1; over = bar_builder_next(&builder, &bar)) {
            const dec value[] = {bar.open, bar.high, bar.low, bar.close};
            for (int j = 0; j < 4; j++)
                dec_format(price[j], value[j]);
            n += (size_t)snprintf(text + n, sizeof text - n, "%s %s %s %s %g %g;", price[0], price[1], price[2],
                                  price[3], bar.volume, bar.trades);
            rising = rising && bar.end > last_end && bar_validate(&bar, &error) == 0;
            last_end = bar.end;
        }
        last_end = i == 5 ? 0 : last_end;
        check_text(text, by_price[i].bars, by_price[i].price);
    }
    check(rising, "each ends after the one before it, and is valid");
    builder = builder_of("renko:0.00000001", false);
    struct trade record = trade("2024-07-02T14:00:00Z", "10", "1");
    enum trade_fate fate;
    (void)bar_builder_push(&builder, &record, &bar, &fate, &error);
    record.price += DEC_ONE;
    check(bar_builder_push(&builder, &record, &bar, &fate, &error) == -1 && error.code == EXIT_INPUT,
          "a hundred million bricks at once are refused: %s", error.text);
    error_clear(&error);
    record.price = 10 * DEC_ONE;
    check(bar_builder_push(&builder, &record, &bar, &fate, &error) == 0, "and what follows is taken");
}

/* ---- many symbols: order, late trades, trades that are taken back ---- */

static char heard[4096];

static int on_bar(void *context, const struct bar *bar, struct error *failure)
{
    char time[TIME_TEXT_MAX], price[4][DEC_TEXT_MAX];
    const dec value[] = {bar->open, bar->high, bar->low, bar->close};
    (void)context, (void)failure;
    time_format(time, bar->time);
    for (int j = 0; j < 4; j++)
        dec_format(price[j], value[j]);
    const size_t n = strlen(heard);
    snprintf(heard + n, sizeof heard - n, "%s %s %s %s %s %s %g;", bar->symbol, time + 11, price[0], price[1], price[2],
             price[3], bar->volume);
    return 0;
}

static int on_amend(void *context, const struct trade *late, const struct bar *bar, struct error *failure)
{
    const size_t n = strlen(heard);
    snprintf(heard + n, sizeof heard - n, "%s:", late->canceled == 1 ? "canceled" : "late");
    if (bar != NULL && bar->volume > 0)
        return on_bar(context, bar, failure);
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s;", bar == NULL ? "unknown" : "nothing");
    return 0;
}

/* "TIME PRICE QUANTITY", "-TIME PRICE QUANTITY" takes one back, "@TIME" is a moment. */
static const struct {
    const char *interval;
    const char *step[12];
    const char *text;
    uint64_t late, canceled, kept, unknown;
} tapes[] = {
    {"1m",
     {"14:00:01 10 1", "14:00:02 15 1", "14:00:03 11 1", "-14:00:02 15 1", "@14:01:00"},
     "XYZ 14:00:00Z 10 11 10 11 2;", /* the high of 15 is gone */
     0,
     1,
     0,
     0},
    {"1m",
     {"14:00:01 10 1", "14:00:02 15 1", "@14:01:00", "14:01:01 12 1", "-14:00:02 15 1", "@14:02:00"},
     "XYZ 14:00:00Z 10 15 10 15 2;canceled:XYZ 14:00:00Z 10 10 10 10 1;XYZ 14:01:00Z 12 12 12 12 1;",
     0,
     0,
     1,
     0},
    {"1m",
     {"14:00:01 10 1", "@14:01:00", "14:00:30 9 4", "14:00:40 12 1", "@14:02:00"},
     "XYZ 14:00:00Z 10 10 10 10 1;late:XYZ 14:00:00Z 10 10 9 9 5;late:XYZ 14:00:00Z 10 12 9 12 6;",
     2,
     0,
     0,
     0},
    {"1m",
     {"14:00:01 10 1", "@14:01:00", "-14:00:01 10 1"},
     "XYZ 14:00:00Z 10 10 10 10 1;canceled:nothing;",
     0,
     0,
     1,
     0},
    {"1m", {"14:00:01 10 1", "-14:00:01 10 1", "@14:01:00"}, "", 0, 1, 0, 0},
    {"1m", {"14:00:01 10 1", "-14:00:01 10 2", "@14:01:00"}, "XYZ 14:00:00Z 10 10 10 10 1;", 0, 0, 0, 1},
    /* four minutes later the trades of the first bar are gone */
    {"1m",
     {"14:00:01 10 1", "14:01:01 10 1", "14:02:01 10 1", "14:03:01 10 1", "@14:04:00", "-14:00:01 10 1"},
     "XYZ 14:00:00Z 10 10 10 10 1;XYZ 14:01:00Z 10 10 10 10 1;XYZ 14:02:00Z 10 10 10 10 1;XYZ 14:03:00Z 10 10 10 10 "
     "1;canceled:unknown;",
     0,
     0,
     1,
     0},
    /* bars of trades: sorted as long as the moment has not come */
    {"tick:2",
     {"14:00:03 12 1", "14:00:01 10 1", "14:00:02 11 1", "@14:00:05", "14:00:01.5 9 1", "14:00:06 13 1", "@14:00:07"},
     "XYZ 14:00:01Z 10 11 10 11 2;late:unknown;XYZ 14:00:03Z 12 13 12 13 2;",
     1,
     0,
     0,
     0},
    {"tick:2",
     {"14:00:01 10 1", "14:00:02 15 1", "-14:00:02 15 1", "14:00:03 11 1", "@14:00:05"},
     "XYZ 14:00:01Z 10 15 10 15 2;canceled:unknown;", /* the second filled it before it was taken back: nothing can mend
                                                         that */
     0,
     0,
     1,
     0},
    {"tick:3",
     {"14:00:01 10 1", "14:00:02 15 1", "14:00:03 11 1", "@14:00:01.5", "-14:00:01 10 1", "14:00:04 16 1", "@14:00:05"},
     "XYZ 14:00:02Z 15 16 11 16 3;",
     0,
     1,
     0,
     0},
};

static void test_tapes(void)
{
    for (size_t i = 0; i < sizeof tapes / sizeof *tapes; i++) {
        const struct trade_bars_calls calls = {on_bar, on_amend, NULL};
        struct trade_bars *bars = trade_bars_new(interval(tapes[i].interval), &nyse, false, &calls, &error);
        heard[0] = '\0';
        for (int j = 0; j < 12 && tapes[i].step[j] != NULL; j++) {
            char time[64], price[32], quantity[32];
            const char *step = tapes[i].step[j];
            const bool taken_back = step[0] == '-';
            if (step[0] == '@') {
                snprintf(time, sizeof time, "2024-07-02T%sZ", step + 1);
                check(trade_bars_advance(bars, moment(time), &error) == 0, "time: %s", error.text);
                continue;
            }
            char clock[32];
            (void)sscanf(step + taken_back, "%31s %31s %31s", clock, price, quantity);
            snprintf(time, sizeof time, "2024-07-02T%sZ", clock);
            struct trade record = trade(time, price, quantity);
            record.canceled = taken_back ? 1 : -1;
            check(trade_bars_push(bars, 0, &record, &error) == 0, "%s: %s", step, error.text);
        }
        const struct trade_bars_counts *counts = trade_bars_counts(bars);
        check_text(heard, tapes[i].text, "fault-049: the bars, and what they should have been");
        check(counts->late == tapes[i].late && counts->canceled == tapes[i].canceled && counts->kept == tapes[i].kept &&
                  counts->unknown == tapes[i].unknown,
              "tape %zu: late %d, canceled %d, kept %d, unknown %d", i, (int)counts->late, (int)counts->canceled,
              (int)counts->kept, (int)counts->unknown);
        trade_bars_free(bars);
    }
}

/* Every kind of bar of shuffled trades is that of the sorted ones, when time is held back by the disorder. */
static void test_disorder(void)
{
    static const char *const kinds[] = {"1m", "tick:7", "volume:900", "value:50000", "range:0.8", "renko:0.5"};
    enum { N = 900, BACK = 5 };
    static struct trade trades[N];
    static char sorted[1 << 17];
    unsigned state = 7;
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (int round = 0; round < 2; round++) {
            const struct trade_bars_calls calls = {on_bar, on_amend, NULL};
            struct trade_bars *bars = trade_bars_new(interval(kinds[kind]), &nyse, false, &calls, &error);
            size_t n = 0;
            dec price = 100 * DEC_ONE;
            for (int i = 0; i < N && round == 0; i++) {
                state = state * 1103515245 + 12345;
                price += (dec)(state / 65536 % 41) * DEC_ONE / 100 - DEC_ONE / 5;
                trades[i] = trade("2024-07-02T14:00:00Z", "1", "1");
                trades[i].time += (int64_t)i * TIME_SECOND / 2;
                trades[i].price = price;
                trades[i].quantity = (dec)(1 + state / 65536 % 300) * DEC_ONE;
            }
            for (int i = 0; i < N; i++) {
                /* blocks of five come backwards in the second round */
                const int at = round == 0 ? i : i / BACK * BACK + (BACK - 1 - i % BACK);
                heard[0] = '\0';
                (void)trade_bars_push(bars, 0, &trades[at], &error);
                (void)trade_bars_advance(bars, trades[i].time - 3 * TIME_SECOND, &error);
                if (round == 0)
                    n += (size_t)snprintf(sorted + n, sizeof sorted - n, "%s", heard);
                else if (strncmp(sorted + n, heard, strlen(heard)) == 0)
                    n += strlen(heard);
                else
                    n = sizeof sorted;
            }
            if (round == 1)
                check(n == strlen(sorted) && n > 300 && trade_bars_counts(bars)->late == 0,
                      "fault-049: %s: as from sorted input (%zu bytes of %zu)", kinds[kind], n, strlen(sorted));
            trade_bars_free(bars);
        }
}

int main(void)
{
    struct zone *zone = zone_open("America/New_York", &error);
    if (!check(zone != NULL && calendar_init(&nyse, "nyse", zone, &error) == 0, "the calendar"))
        return done();
    test_prices();
    test_tapes();
    test_disorder();
    zone_free(zone);
    return done();
}
