/* market/restate: prices on the basis of the last bar. */
#include "market/restate.h"

#include "record/record.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static struct bar bar_of(int64_t day, double close)
{
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    bar.time = day * TIME_DAY;
    if (dec_from_double(&bar.close, close, ROUND_HALF_EVEN) < 0)
        abort();
    bar.open = bar.high = bar.low = bar.close;
    bar.volume = 1000;
    return bar;
}

static struct action split_of(int64_t day, int64_t new_shares, int64_t old_shares)
{
    struct action action;
    record_blank(RECORD_ACTION, &action);
    action.time = day * TIME_DAY;
    action.kind = ACTION_SPLIT;
    action.new_shares = new_shares;
    action.old_shares = old_shares;
    return action;
}

static struct action dividend_of(int64_t day, double cash)
{
    struct action action;
    record_blank(RECORD_ACTION, &action);
    action.time = day * TIME_DAY;
    action.kind = ACTION_DIVIDEND;
    if (dec_from_double(&action.cash, cash, ROUND_HALF_EVEN) < 0)
        abort();
    return action;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

int main(void)
{
    double price[4], volume[4];
    const unsigned both = RESTATE_SPLITS | RESTATE_DIVIDENDS;
    /* Yahoo's own example ("What is the adjusted close?"): 0.08 on a close of 24.96 is a multiplier of 0.9968. */
    struct bar yahoo[] = {bar_of(1, 24.96), bar_of(2, 24.95)};
    struct action dividend = dividend_of(2, 0.08);
    const struct action *one[] = {&dividend};
    restate_factors(price, volume, yahoo, 2, one, 1, both, TIME_NONE);
    check(fabs(price[0] - 0.9968) < 0.00005 && near(price[0], 1 - 0.08 / 24.96) && price[1] == 1 && volume[0] == 1,
          "a dividend of 0.08 on 24.96");
    restate_factors(price, volume, yahoo, 2, one, 1, RESTATE_SPLITS, TIME_NONE);
    check(price[0] == 1, "is nothing to prices adjusted for splits alone");
    restate_factors(price, volume, yahoo, 2, one, 1, both, TIME_DAY);
    check(price[0] == 1, "nor before it is known");

    /* Apple: 0.82 on 2020-08-07, the close before 455.61; 4:1 on 2020-08-31, closes 499.23 and 129.04. */
    struct bar apple[] = {bar_of(1, 455.61), bar_of(2, 444.45), bar_of(3, 499.23), bar_of(4, 129.04)};
    struct action cash = dividend_of(2, 0.82), split = split_of(4, 4, 1);
    const struct action *two[] = {&cash, &split};
    restate_factors(price, volume, apple, 4, two, 2, both, TIME_NONE);
    check(near(price[0], 0.25 * (1 - 0.82 / 455.61)) && price[1] == 0.25 && price[2] == 0.25 && price[3] == 1,
          "a dividend, then a split of 4:1");
    check(volume[0] == 4 && volume[3] == 1, "volumes the other way, by the split alone");
    struct bar bar = apple[2];
    check(restate_bar(&bar, price[2], volume[2]) && bar.close == INT64_C(12480750000) && bar.volume == 4000,
          "499.23 is 124.8075 of the new shares");
    restate_factors(price, volume, apple, 4, two, 2, RESTATE_DIVIDENDS, TIME_NONE);
    check(near(price[0], 1 - 0.82 / 455.61) && price[1] == 1, "dividends alone");

    /* On one day: the split first, so cash is per new share: 1 − 0.5/(100/2) = 0.99. */
    struct bar same[] = {bar_of(1, 100), bar_of(2, 49.5)};
    struct action halves = split_of(2, 2, 1), half = dividend_of(2, 0.5);
    const struct action *day[] = {&halves, &half};
    restate_factors(price, volume, same, 2, day, 2, both, TIME_NONE);
    check(near(price[0], 0.5 * 0.99), "a split and a dividend of one day");

    /* What says nothing is left alone. */
    struct action whole = dividend_of(2, 100), broken = split_of(2, 0, 1);
    const struct action *odd[] = {&broken, &whole};
    restate_factors(price, volume, same, 2, odd, 2, both, TIME_NONE);
    check(price[0] == 1, "a dividend of the whole price, a split without shares");
    check(!restate_bar(&bar, 1e-20, 1) && !restate_bar(&bar, 1e12, 1), "prices that leave the range are refused");

    check(restate_missing(ADJUSTED_RAW, ADJUSTED_TOTAL) == both &&
              restate_missing(ADJUSTED_SPLIT, ADJUSTED_TOTAL) == RESTATE_DIVIDENDS &&
              restate_missing(ADJUSTED_TOTAL, ADJUSTED_RAW) == 0 &&
              restate_missing(ADJUSTED_DIVIDEND, ADJUSTED_SPLIT) == RESTATE_SPLITS,
          "what is still to be done");
    return done();
}
