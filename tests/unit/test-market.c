/* market/validate, market/adjust and market/merge. Expected values are computed by hand in the comments. */
#include "market/adjust.h"
#include "market/merge.h"
#include "market/validate.h"

#include "tap.h"

#include <math.h>

static dec price(const char *text)
{
    struct error error = {0};
    dec result = DEC_NONE;
    if (dec_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static struct bar good_bar(void)
{
    return (struct bar){.symbol = "AAPL",
                        .time = 1720008000000000000,
                        .end = 1720008300000000000,
                        .session = TIME_NONE,
                        .interval = {INTERVAL_MINUTE, 5},
                        .open = price("102"),
                        .high = price("103.4"),
                        .low = price("101.2"),
                        .close = price("103"),
                        .volume = 1000,
                        .vwap = DEC_NONE,
                        .trades = NAN};
}

static void check_refused(struct bar bar, const char *message)
{
    struct error error = {0};
    int status = bar_validate(&bar, &error);
    check_text(error.text, message, message);
    check(status == -1 && error.code == EXIT_INPUT, "and is bad input");
}

static void test_validate(void)
{
    struct error error = {0};
    struct bar bar = good_bar();
    check(bar_validate(&bar, &error) == 0, "a good bar");
    bar.open = bar.high = bar.low = bar.close = 1;
    bar.volume = 0;
    check(bar_validate(&bar, &error) == 0, "a flat bar of 1e-8 without volume");
    bar = good_bar();
    bar.volume = NAN;
    bar.vwap = price("102.5");
    bar.trades = 17;
    check(bar_validate(&bar, &error) == 0, "a bar without volume, with its mean price and trades");
    bar.interval = (struct interval){INTERVAL_TICK, 5};
    bar.end = bar.time;
    check(bar_validate(&bar, &error) == 0, "a tick bar may begin and end at once");

#define BAD(change, message)                                                                                           \
    bar = good_bar();                                                                                                  \
    change;                                                                                                            \
    check_refused(bar, message)
    BAD((bar.high = price("101.2"), bar.low = price("103.4")), "high 101.2 is below low 103.4");
    BAD(bar.open = price("103.5"), "high 103.4 is below open 103.5");
    BAD(bar.close = price("104"), "high 103.4 is below close 104");
    BAD(bar.open = price("101"), "low 101.2 is above open 101");
    BAD(bar.close = price("1"), "low 101.2 is above close 1");
    BAD(bar.low = 0, "low 0 is not above zero");
    BAD(bar.close = price("-103"), "close -103 is not above zero");
    BAD(bar.open = DEC_NONE, "open is missing");
    BAD(bar.volume = -5, "volume -5 is negative");
    BAD(bar.volume = INFINITY, "volume is infinite");
    BAD(bar.volume = -INFINITY, "volume is infinite");
    BAD(bar.trades = -1, "trades -1 is negative");
    BAD(bar.vwap = 0, "vwap 0 is not above zero");
    BAD(bar.time = TIME_NONE, "time is missing");
    BAD(bar.end = TIME_NONE, "end is missing");
    BAD(bar.end = bar.time, "end 2024-07-03T12:00:00Z is not after time 2024-07-03T12:00:00Z");

    struct trade trade = {.price = price("10"), .quantity = price("0.5")};
    check(trade_validate(&trade, &error) == 0, "a good trade");
    trade.quantity = 0;
    check(trade_validate(&trade, &error) == -1 && !strcmp(error.text, "quantity 0 is not above zero"),
          "fault-055: a trade of nothing");
    error_clear(&error);
    trade = (struct trade){.price = DEC_NONE, .quantity = 1};
    check(trade_validate(&trade, &error) == -1 && !strcmp(error.text, "price is missing"),
          "fault-054: a trade without a price");
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-14 * fabs(b);
}

static struct action split(int64_t new_shares, int64_t old_shares)
{
    return (struct action){.kind = ACTION_SPLIT, .new_shares = new_shares, .old_shares = old_shares, .cash = DEC_NONE};
}

static struct action dividend(const char *cash)
{
    return (struct action){.kind = ACTION_DIVIDEND, .cash = price(cash)};
}

static void test_adjust(void)
{
    struct adjust adjust;
    struct action action;
    double close = 645.57; /* AAPL on 2014-06-06, before its 7:1 split */
    adjust_init(&adjust);
    check(adjust.price == 1 && adjust.volume == 1, "factors begin at 1");
    action = split(7, 1);
    check(adjust_action(&adjust, &action, &close) && near(adjust.price, 7) && near(adjust.volume, 1.0 / 7) &&
              near(close, 645.57 / 7),
          "7 for 1: the price times 7, the volume a seventh, the close restated");
    action = split(1, 7);
    check(adjust_action(&adjust, &action, &close) && near(adjust.price, 1) && near(adjust.volume, 1),
          "1 for 7 takes it back");

    /* A close of 100 and 2 a share: 100/98. A bar that opens at 98 is then seen at 100. */
    adjust_init(&adjust);
    close = 100;
    action = dividend("2");
    check(adjust_action(&adjust, &action, &close) && near(adjust.price, 100.0 / 98) && adjust.volume == 1 &&
              near(98 * adjust.price, 100),
          "2 on 100: times 100/98");

    /* Yahoo's example: Microsoft in February 2003, 2:1 on the 18th, 0.08 on the 19th, close of the 18th 24.96; adjusted
     * closes 23.42 (raw 46.99), 24.07 (48.30), 24.88 (24.96), as seen from the 19th. */
    adjust_init(&adjust);
    close = 48.30;
    action = split(2, 1);
    adjust_action(&adjust, &action, &close);
    double before_dividend = adjust.price;
    close = 24.96;
    action = dividend("0.08");
    adjust_action(&adjust, &action, &close);
    check(fabs(46.99 / adjust.price - 23.42) < 0.005 && fabs(48.30 / adjust.price - 24.07) < 0.005 &&
              fabs(24.96 * before_dividend / adjust.price - 24.88) < 0.005,
          "Yahoo's worked example of adjusted closes");

    /* Two dividends of one day, 2 and 3 on 100: 100/95. */
    adjust_init(&adjust);
    close = 100;
    action = dividend("2");
    adjust_action(&adjust, &action, &close);
    action = dividend("3");
    adjust_action(&adjust, &action, &close);
    check(near(adjust.price, 100.0 / 95) && near(close, 95), "2 and 3 on one day are 5");

    /* 2:1 and, on the new shares, 1 each, on a close of 100: 2 × 50/49. */
    adjust_init(&adjust);
    close = 100;
    action = split(2, 1);
    adjust_action(&adjust, &action, &close);
    action = dividend("1");
    adjust_action(&adjust, &action, &close);
    check(near(adjust.price, 2 * 50.0 / 49) && near(adjust.volume, 0.5), "a split and a dividend on one day");

    struct adjust before = adjust;
    double known = close;
    struct action useless[] = {split(0, 1),
                               split(7, 0),
                               split(-2, 1),
                               dividend("0"),
                               dividend("49"),
                               dividend("1000"),
                               {.kind = ACTION_RENAME, .new_shares = 2, .old_shares = 1, .cash = DEC_ONE},
                               {.kind = ACTION_SPINOFF, .cash = DEC_ONE},
                               {.kind = ACTION_DIVIDEND, .cash = DEC_NONE}};
    bool unchanged = true;
    for (size_t i = 0; i < sizeof useless / sizeof *useless; i++)
        unchanged &= !adjust_action(&adjust, &useless[i], &close) && adjust.price == before.price &&
                     adjust.volume == before.volume && close == known;
    close = NAN;
    action = dividend("1");
    unchanged &= !adjust_action(&adjust, &action, &close) && adjust.price == before.price;
    check(unchanged, "what does not apply changes nothing");
}

static void test_merge(void)
{
    /* In their order: by moment, then action, bars fine to coarse, others, heartbeat; symbols, inputs. */
    static const struct merge_key order[] = {
        {100, RECORD_HEARTBEAT, {INTERVAL_NONE, 0}, UINT32_MAX, 9},
        {200, RECORD_ACTION, {INTERVAL_NONE, 0}, 0, 5},
        {200, RECORD_ACTION, {INTERVAL_NONE, 0}, 3, 1},
        {200, RECORD_BAR, {INTERVAL_MINUTE, 1}, 0, 4},
        {200, RECORD_BAR, {INTERVAL_MINUTE, 1}, 1, 0},
        {200, RECORD_BAR, {INTERVAL_MINUTE, 1}, 2, 3},
        {200, RECORD_BAR, {INTERVAL_MINUTE, 5}, 0, 2},
        {200, RECORD_BAR, {INTERVAL_DAY, 1}, 0, 1},
        {200, RECORD_BAR, {INTERVAL_DAY, 1}, 0, 2},
        {200, RECORD_BAR, {INTERVAL_WEEK, 1}, 0, 0},
        {200, RECORD_TRADE, {INTERVAL_NONE, 0}, 0, 0},
        {200, RECORD_NEWS, {INTERVAL_NONE, 0}, 1, 0},
        {200, RECORD_HEARTBEAT, {INTERVAL_NONE, 0}, UINT32_MAX, 0},
        {201, RECORD_ACTION, {INTERVAL_NONE, 0}, 0, 0},
    };
    const int count = (int)(sizeof order / sizeof *order);
    bool right = true;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            int compared = merge_key_compare(&order[i], &order[j]);
            right &= (compared > 0) - (compared < 0) == (i > j) - (i < j);
        }
    check(right, "the order within a moment");

    struct error error = {0};
    uint64_t seed = 7;
    bool sorted = true;
    for (int round = 0; round < 200; round++) {
        struct merge merge;
        int shuffled[32];
        merge_init(&merge);
        for (int i = 0; i < count; i++)
            shuffled[i] = i;
        for (int i = count - 1; i > 0; i--) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            int j = (int)((seed >> 33) % (uint64_t)(i + 1)), kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        for (int i = 0; i < count; i++)
            sorted &= merge_push(&merge, order[shuffled[i]], &error) == 0;
        for (int i = 0; i < count; i++) {
            sorted &= merge_first(&merge) && merge_key_compare(merge_first(&merge), &order[i]) == 0;
            merge_pop(&merge);
        }
        sorted &= merge_first(&merge) == NULL;
        merge_clear(&merge);
    }
    check(sorted, "200 shuffled heaps give it back");

    /* 40 inputs with a hundred records each, the next one put in the place of the one taken. */
    struct merge merge;
    int64_t next[40], last = 0;
    int taken = 0;
    bool rising = true;
    merge_init(&merge);
    for (uint32_t i = 0; i < 40; i++) {
        next[i] = (i * 37) % 11;
        merge_push(&merge, (struct merge_key){next[i], RECORD_TRADE, {INTERVAL_NONE, 0}, i, i}, &error);
    }
    for (const struct merge_key *first; (first = merge_first(&merge)); taken++) {
        uint32_t i = first->input;
        rising &= first->known >= last;
        last = first->known;
        next[i] += 1 + (int64_t)(i % 7);
        if (next[i] > 99)
            merge_pop(&merge);
        else
            merge_replace(&merge, (struct merge_key){next[i], RECORD_TRADE, {INTERVAL_NONE, 0}, i, i});
    }
    merge_clear(&merge);
    /* Input i gives the terms of an arithmetic sequence up to 99. */
    int expected = 0;
    for (int i = 0; i < 40; i++)
        expected += (99 - (i * 37) % 11) / (1 + i % 7) + 1;
    check(rising && taken == expected, "40 inputs are merged, %d records", taken);
}

int main(void)
{
    test_validate();
    test_adjust();
    test_merge();
    return done();
}
