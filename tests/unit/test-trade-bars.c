/* feed/trade_bars: bars of prices; the bars of many trades, late ones, and such that are taken back. Expected bars are
 * worked out by hand, or those of the sorted trades. */
#include "feed/trade_bars.h"
#include "market/sale_conditions.h"
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
    snprintf(heard + n, sizeof heard - n, "%s %s %s %s %s %s %g%s%s;", bar->symbol, time + 11, price[0], price[1],
             price[2], price[3], bar->volume, bar->closing == CLOSING_NONE ? "" : " ", bar_closing_text(bar->closing));
    return 0;
}

static int on_amend(void *context, const struct trade *late, const struct bar *bar, struct error *failure)
{
    const size_t n = strlen(heard);
    snprintf(heard + n, sizeof heard - n, "%s:",
             late->canceled == 1            ? "canceled"
             : late->effect == EFFECT_CLOSE ? "official"
                                            : "late");
    if (bar != NULL && bar->volume > 0)
        return on_bar(context, bar, failure);
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s;", bar == NULL ? "unknown" : "nothing");
    return 0;
}

/* "TIME PRICE QUANTITY [EFFECT [SYMBOL]]", "-TIME PRICE QUANTITY" takes one back, "@TIME" is a moment. Bars of a day
 * wait 15 minutes for the official close. */
static const struct {
    const char *interval;
    const char *step[12];
    const char *text;
    uint64_t late, canceled, kept, unknown;
} tapes[] = {
    /* an odd lot sets no price; a derivatively priced trade high and low, and the last price where nothing else does */
    {"1m",
     {"14:00:01 12 1 volume", "14:00:02 10 100", "14:00:03 11 100 range", "14:00:04 9 1 volume", "14:00:05 5 1 nothing",
      "14:00:06 8 5 extended", "@14:01:00"},
     "XYZ 14:00:00Z 10 11 10 10 207;", /* 1 + 100 + 100 + 1 + 5 */
     0,
     0,
     0,
     0},
    {"1m",
     {"14:00:01 11 1 range", "14:00:02 10 2 range", "14:00:30 12 4", "14:01:30 9 1 range", "14:01:31 8 1 range",
      "@14:02:00"},
     "XYZ 14:00:00Z 12 12 10 12 7;XYZ 14:01:00Z 9 9 8 8 2;",
     0,
     0,
     0,
     0},
    {"1m",
     {"14:00:01 12 1 volume", "@14:01:00", "14:01:02 10 1", "@14:02:00"},
     "XYZ 14:01:00Z 10 10 10 10 1;",
     0,
     0,
     0,
     0},
    {"tick:2",
     {"14:00:01 12 1 volume", "14:00:02 10 1", "14:00:03 11 1 range", "@14:01:00"},
     "XYZ 14:00:02Z 10 11 10 10 2;",
     0,
     0,
     0,
     0},
    /* the day: the last trade is 10.5, the auction 10.25 for 500, the official close says the same and adds no volume
     */
    {"1d",
     {"14:00:00 10 100", "19:59:59 10.5 100", "@20:00:01", "20:00:02 10.25 500 auction", "20:00:03 9 7",
      "20:00:04 10.25 500 close", "@20:00:04"},
     "XYZ 04:00:00Z 10 10.5 10 10.25 700 official;",
     0,
     0,
     0,
     0},
    /* an official close beyond high and low; nothing comes but the auction; nothing at all comes */
    {"1d",
     {"14:00:00 10 100", "@20:00:01", "20:00:04 9.5 1 close", "@20:00:05"},
     "XYZ 04:00:00Z 10 10 9.5 9.5 100 official;",
     0,
     0,
     0,
     0},
    {"1d",
     {"14:00:00 10 100", "20:00:02 10.25 500 auction", "@20:14:59.9", "@20:15:00"},
     "XYZ 04:00:00Z 10 10.25 10 10.25 600 auction;",
     0,
     0,
     0,
     0},
    {"1d",
     {"14:00:00 10 100", "20:05:00 11 1 extended", "@20:14:59.9", "20:15:00 12 1"},
     "XYZ 04:00:00Z 10 10 10 10 100;",
     0,
     0,
     0,
     0},
    /* all that end together come together, by symbol: B waits for A */
    {"1d",
     {"14:00:00 10 100 - A", "14:00:01 20 100 - B", "@20:00:01", "20:00:02 21 1 close B", "@20:00:03",
      "20:00:30 11 1 close A", "@20:00:30"},
     "A 04:00:00Z 10 11 10 11 100 official;B 04:00:00Z 20 21 20 21 100 official;",
     0,
     0,
     0,
     0},
    /* too late; a second time, corrected; the same once more */
    {"1d",
     {"14:00:00 10 100", "@20:15:00", "20:16:00 10.5 1 close", "20:17:00 10.25 1 close", "20:18:00 10.25 1 close"},
     "XYZ 04:00:00Z 10 10 10 10 100;official:XYZ 04:00:00Z 10 10.5 10 10.5 100 official;"
     "official:XYZ 04:00:00Z 10 10.5 10 10.25 100 official;",
     0,
     0,
     0,
     0},
    /* a trade taken back while the day waits */
    {"1d",
     {"14:00:00 10 100", "15:00:00 15 100", "20:00:02 10.25 500 auction", "-15:00:00 15 100",
      "20:00:04 10.25 500 close", "@20:00:04"},
     "XYZ 04:00:00Z 10 10.25 10 10.25 600 official;",
     0,
     1,
     0,
     0},

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

static enum trade_effect effect_of(const char *text)
{
    for (int i = 0; i <= EFFECT_NOTHING; i++)
        if (strcmp(trade_effect_text((enum trade_effect)i), text) == 0)
            return (enum trade_effect)i;
    return EFFECT_ALL;
}

static void test_tapes(void)
{
    for (size_t i = 0; i < sizeof tapes / sizeof *tapes; i++) {
        const struct trade_bars_calls calls = {on_bar, on_amend, NULL};
        struct trade_bars *bars =
            trade_bars_new(interval(tapes[i].interval), &nyse, false, 15 * TIME_MINUTE, &calls, &error);
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
            char clock[32], effect[16] = "", symbol[SYMBOL_SIZE] = "XYZ";
            (void)sscanf(step + taken_back, "%31s %31s %31s %15s %32s", clock, price, quantity, effect, symbol);
            snprintf(time, sizeof time, "2024-07-02T%sZ", clock);
            struct trade record = trade(time, price, quantity);
            record.canceled = taken_back ? 1 : -1;
            record.effect = effect_of(effect);
            memcpy(record.symbol, symbol, sizeof symbol);
            check(trade_bars_push(bars, symbol[0] == 'B', &record, &error) == 0, "%s: %s", step, error.text);
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

/* By the tables of CTS and UTDF: tape, exchange, closing auction's exchange, codes. */
static const struct {
    const char *sale;
    bool numbers;
    enum trade_effect effect;
} sales[] = {
    {"C Q - @", false, EFFECT_ALL},
    {"C Q - @ F T I", false, EFFECT_VOLUME}, /* what one forbids is forbidden */
    {"C D - @ 4", false, EFFECT_RANGE},
    {"C V - @ T", false, EFFECT_EXTENDED},
    {"C D - @ W", false, EFFECT_VOLUME}, /* an average price at UTDF */
    {"C D - @ B", false, EFFECT_ALL},    /* bunched there, */
    {"A D - B", false, EFFECT_VOLUME},   /* and an average price at CTS */
    {"C Q - @ 6 X", false, EFFECT_AUCTION},
    {"C Q - M", false, EFFECT_CLOSE},
    {"C P - M", false, EFFECT_NOTHING}, /* Arca's own close of a stock that Nasdaq lists */
    {"A N - M", false, EFFECT_CLOSE},
    {"A Q - M", false, EFFECT_NOTHING},
    {"B P - M", false, EFFECT_NOTHING}, /* who lists it is not known */
    {"B P P M", false, EFFECT_CLOSE},
    {"B Z P M", false, EFFECT_NOTHING},
    {"B T - 9", false, EFFECT_CLOSE},
    {"C Q - Q", false, EFFECT_NOTHING},
    {"A N - O", false, EFFECT_ALL},
    {"A N - ?", false, EFFECT_ALL}, /* nobody knows it */
    {"C Q - 37 12", true, EFFECT_VOLUME},
    {"C Q - 8 9 41", true, EFFECT_AUCTION},
    {"C Q - 15", true, EFFECT_CLOSE},
    {"A N - 19", true, EFFECT_AUCTION},
    {"C - - 38", true, EFFECT_CLOSE},
    {"C - - 10", true, EFFECT_RANGE},
    {"C - - 4", true, EFFECT_ALL}, /* bunched, and not the letter 4 */
    {"C - - 53 99999", true, EFFECT_VOLUME},
};

static void test_sales(void)
{
    for (size_t i = 0; i < sizeof sales / sizeof *sales; i++) {
        const char *text = sales[i].sale;
        const struct sale sale = {str_of(text + 6), sales[i].numbers, text[0], text[2],
                                  text[4] == '-' ? '\0' : text[4]};
        check_text(trade_effect_text(sale_effect(&sale)), trade_effect_text(sales[i].effect), text);
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
            struct trade_bars *bars = trade_bars_new(interval(kinds[kind]), &nyse, false, 0, &calls, &error);
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
    test_sales();
    test_tapes();
    test_disorder();
    zone_free(zone);
    return done();
}
