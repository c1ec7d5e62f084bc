/* The rules of candlestick patterns, with the thresholds of TA-Lib, which are parameters.
 *
 * B is the body of a bar, U and D its upper and lower shadow, H its range; a bar is white when it closes at its open or
 * above. A bar is judged by means of those before it: its body is long when B is above the mean of n bodies and short
 * when below, a shadow is very short below `shadow` times the mean of n ranges. Whether there is a trend before it is
 * not asked. */
#ifndef TN_INDICATOR_CANDLES_H
#define TN_INDICATOR_CANDLES_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { AVERAGE_MAX = 50, HISTORY = AVERAGE_MAX + 6 };

/* Bars by age: [0] is the newest. */
struct candles {
    int64_t seen, n, m; /* bars of the means: of bodies and shadows, of what is near and far */
    double doji, shadow, near, far, penetration;
    double open[HISTORY], high[HISTORY], low[HISTORY], close[HISTORY];
};

static inline double top(const struct candles *bars, int k)
{
    return bars->open[k] > bars->close[k] ? bars->open[k] : bars->close[k];
}

static inline double bottom(const struct candles *bars, int k)
{
    return bars->open[k] < bars->close[k] ? bars->open[k] : bars->close[k];
}

static inline double body(const struct candles *bars, int k)
{
    return fabs(bars->close[k] - bars->open[k]);
}

static inline double upper(const struct candles *bars, int k)
{
    return bars->high[k] - top(bars, k);
}

static inline double lower(const struct candles *bars, int k)
{
    return bottom(bars, k) - bars->low[k];
}

static inline bool is_white(const struct candles *bars, int k)
{
    return bars->close[k] >= bars->open[k];
}

static inline double mean_body(const struct candles *bars, int k)
{
    double sum = 0;
    for (int64_t i = 1; i <= bars->n; i++)
        sum += body(bars, k + (int)i);
    return sum / (double)bars->n;
}

static inline double mean_range(const struct candles *bars, int k, int64_t count)
{
    double sum = 0;
    for (int64_t i = 1; i <= count; i++)
        sum += bars->high[k + (int)i] - bars->low[k + (int)i];
    return sum / (double)count;
}

/* a > b by more than rounding: prices are decimals, and a tie decides about a pattern. */
static inline bool above(const struct candles *bars, double a, double b)
{
    return a - b > bars->high[0] * 1e-13;
}

static inline bool is_long(const struct candles *bars, int k)
{
    return above(bars, body(bars, k), mean_body(bars, k));
}

static inline bool is_short(const struct candles *bars, int k)
{
    return above(bars, mean_body(bars, k), body(bars, k));
}

static inline bool is_very_short(const struct candles *bars, int k, double shadow)
{
    return above(bars, bars->shadow * mean_range(bars, k, bars->n), shadow);
}

static inline bool is_doji(const struct candles *bars)
{
    return !above(bars, body(bars, 0), bars->doji * mean_range(bars, 0, bars->n));
}

static inline double near_by(const struct candles *bars, int k)
{
    return bars->near * mean_range(bars, k, bars->m);
}

static inline bool gaps_up(const struct candles *bars, int k)
{
    return bottom(bars, k) > top(bars, k + 1);
}

static inline bool gaps_down(const struct candles *bars, int k)
{
    return top(bars, k) < bottom(bars, k + 1);
}

/* The patterns: 100, -100, 80, -80 or 0. */

static inline double doji(const struct candles *bars)
{
    return is_doji(bars) ? 100 : 0;
}

static inline double dragonflydoji(const struct candles *bars)
{
    const double least = bars->shadow * mean_range(bars, 0, bars->n);
    return is_doji(bars) && is_very_short(bars, 0, upper(bars, 0)) && above(bars, lower(bars, 0), least) ? 100 : 0;
}

static inline double gravestonedoji(const struct candles *bars)
{
    const double least = bars->shadow * mean_range(bars, 0, bars->n);
    return is_doji(bars) && is_very_short(bars, 0, lower(bars, 0)) && above(bars, upper(bars, 0), least) ? 100 : 0;
}

static inline bool has_hammer(const struct candles *bars)
{
    return is_short(bars, 0) && above(bars, lower(bars, 0), body(bars, 0)) && is_very_short(bars, 0, upper(bars, 0));
}

static inline double hammer(const struct candles *bars)
{
    return has_hammer(bars) && !above(bars, bottom(bars, 0), bars->low[1] + near_by(bars, 1)) ? 100 : 0;
}

static inline double hangingman(const struct candles *bars)
{
    return has_hammer(bars) && !above(bars, bars->high[1] - near_by(bars, 1), bottom(bars, 0)) ? -100 : 0;
}

static inline bool has_star(const struct candles *bars)
{
    return is_short(bars, 0) && above(bars, upper(bars, 0), body(bars, 0)) && is_very_short(bars, 0, lower(bars, 0));
}

static inline double invertedhammer(const struct candles *bars)
{
    return has_star(bars) && gaps_down(bars, 0) ? 100 : 0;
}

static inline double shootingstar(const struct candles *bars)
{
    return has_star(bars) && gaps_up(bars, 0) ? -100 : 0;
}

static inline double engulfing(const struct candles *bars)
{
    const bool white = is_white(bars, 0);
    const bool over = top(bars, 0) >= top(bars, 1), under = bottom(bars, 0) <= bottom(bars, 1);
    const bool same_top = top(bars, 0) == top(bars, 1), same_bottom = bottom(bars, 0) == bottom(bars, 1);
    if (white == is_white(bars, 1) || !over || !under || (same_top && same_bottom))
        return 0;
    return (white ? 1 : -1) * (same_top || same_bottom ? 80 : 100);
}

static inline double harami(const struct candles *bars)
{
    const bool within = top(bars, 0) <= top(bars, 1) && bottom(bars, 0) >= bottom(bars, 1);
    const bool strictly = top(bars, 0) < top(bars, 1) && bottom(bars, 0) > bottom(bars, 1);
    if (!within || !is_long(bars, 1) || above(bars, body(bars, 0), mean_body(bars, 0)))
        return 0;
    return (is_white(bars, 1) ? -1 : 1) * (strictly ? 100 : 80);
}

static inline double piercing(const struct candles *bars)
{
    const bool colours = !is_white(bars, 1) && is_white(bars, 0), bodies = is_long(bars, 1) && is_long(bars, 0);
    return colours && bodies && bars->open[0] < bars->low[1] && bars->close[0] < bars->open[1] &&
                   above(bars, bars->close[0], bars->close[1] + bars->penetration * body(bars, 1))
               ? 100
               : 0;
}

static inline double darkcloudcover(const struct candles *bars)
{
    return is_white(bars, 1) && is_long(bars, 1) && !is_white(bars, 0) && bars->open[0] > bars->high[1] &&
                   bars->close[0] > bars->open[1] &&
                   above(bars, bars->close[1] - bars->penetration * body(bars, 1), bars->close[0])
               ? -100
               : 0;
}

/* A long bar, a short one that gaps away, and one back into the body of the first. */
static inline bool has_middle_star(const struct candles *bars)
{
    return is_long(bars, 2) && !above(bars, body(bars, 1), mean_body(bars, 1)) &&
           above(bars, body(bars, 0), mean_body(bars, 0));
}

static inline double morningstar(const struct candles *bars)
{
    return has_middle_star(bars) && !is_white(bars, 2) && gaps_down(bars, 1) && is_white(bars, 0) &&
                   above(bars, bars->close[0], bars->close[2] + bars->penetration * body(bars, 2))
               ? 100
               : 0;
}

static inline double eveningstar(const struct candles *bars)
{
    return has_middle_star(bars) && is_white(bars, 2) && gaps_up(bars, 1) && !is_white(bars, 0) &&
                   above(bars, bars->close[2] - bars->penetration * body(bars, 2), bars->close[0])
               ? -100
               : 0;
}

static inline double whitesoldiers(const struct candles *bars)
{
    for (int k = 0; k < 3; k++)
        if (!is_white(bars, k) || !is_very_short(bars, k, upper(bars, k)))
            return 0;
    for (int k = 0; k < 2; k++) {
        const double far = bars->far * mean_range(bars, k + 1, bars->m);
        if (!(bars->close[k] > bars->close[k + 1]) || !(bars->open[k] > bars->open[k + 1]) ||
            above(bars, bars->open[k], bars->close[k + 1] + near_by(bars, k + 1)) ||
            !above(bars, body(bars, k), body(bars, k + 1) - far))
            return 0;
    }
    return above(bars, body(bars, 0), mean_body(bars, 0)) ? 100 : 0;
}

static inline double blackcrows(const struct candles *bars)
{
    for (int k = 0; k < 3; k++)
        if (is_white(bars, k) || !is_very_short(bars, k, lower(bars, k)))
            return 0;
    for (int k = 0; k < 2; k++)
        if (!(bars->open[k] < bars->open[k + 1] && bars->open[k] > bars->close[k + 1]) ||
            !(bars->close[k] < bars->close[k + 1]))
            return 0;
    return is_white(bars, 3) && bars->high[3] > bars->close[2] ? -100 : 0;
}

static inline double marubozu(const struct candles *bars)
{
    return is_long(bars, 0) && is_very_short(bars, 0, upper(bars, 0)) && is_very_short(bars, 0, lower(bars, 0))
               ? (is_white(bars, 0) ? 100 : -100)
               : 0;
}

static inline double spinningtop(const struct candles *bars)
{
    return is_short(bars, 0) && above(bars, upper(bars, 0), body(bars, 0)) && above(bars, lower(bars, 0), body(bars, 0))
               ? (is_white(bars, 0) ? 100 : -100)
               : 0;
}

#endif
