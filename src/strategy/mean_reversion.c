/* Buy what has fallen too far below its average, and let go of it at the average. */
#include "indicator/window.h"
#include "strategy/protect.h"
#include "strategy/table.h"

enum { N, K, RSI, OVERSOLD, PROTECT };

struct reversion {
    struct protect protect;
    double width, oversold; /* oversold NaN: no look at the RSI */
    struct relative_strength strength;
    enum want side;               /* the one held: an entry lasts until its exit */
    struct window_moments window; /* its array follows */
};

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int reversion_lookback(const double *parameter)
{
    return larger(larger((int)parameter[N] - 1, (int)parameter[RSI]), protect_lookback(parameter + PROTECT));
}

static size_t reversion_size(const double *parameter)
{
    return offsetof(struct reversion, window) + window_moments_size(parameter[N]);
}

static void reversion_init(void *state, const double *parameter)
{
    struct reversion *reversion = state;
    protect_init(&reversion->protect, parameter + PROTECT);
    reversion->width = parameter[K];
    reversion->oversold = parameter[RSI] > 0 ? parameter[OVERSOLD] : NAN;
    relative_strength_init(&reversion->strength, parameter[RSI] > 0 ? parameter[RSI] : 1);
    reversion->side = WANT_FLAT;
    window_moments_init(&reversion->window, parameter[N]);
}

/* The side after this bar: an exit first, then perhaps an entry on the same bar. */
static enum want next_side(const struct reversion *reversion, double close, double middle, double reach, double rsi)
{
    const bool filtered = !isnan(reversion->oversold);
    if (reversion->side == WANT_LONG && close < middle)
        return WANT_LONG;
    if (reversion->side == WANT_SHORT && close > middle)
        return WANT_SHORT;
    if (close < middle - reach && (!filtered || rsi <= reversion->oversold))
        return WANT_LONG;
    if (reversion->protect.low == WANT_SHORT && close > middle + reach &&
        (!filtered || rsi >= 100 - reversion->oversold))
        return WANT_SHORT;
    return WANT_FLAT;
}

enum { LOWER, MIDDLE, UPPER, STRENGTH, RANGE, REASONS };

static void reversion_step(void *state, const struct samples *samples, struct levels *levels)
{
    struct reversion *reversion = state;
    const bool filtered = !isnan(reversion->oversold);
    double *range = levels->reason[RANGE] + levels->count, close[LEVELS_MAX];
    samples_closes(samples, close);
    protect_follow(&reversion->protect, samples, range);
    for (size_t i = 0; i < samples->bars.count; i++) {
        const size_t row = levels->count + i;
        double middle, variance;
        const double rsi = relative_strength_push(&reversion->strength, close[i]);
        window_moments_push(&reversion->window, close[i], &middle, &variance);
        levels->side[row] = WANT_NONE;
        if (isnan(middle) || (filtered && isnan(rsi)) || !protect_is_ready(&reversion->protect, range[i]))
            continue;
        const double reach = reversion->width * sqrt(variance);
        reversion->side = next_side(reversion, close[i], middle, reach, rsi);
        levels->side[row] = reversion->side;
        levels->reason[LOWER][row] = middle - reach;
        levels->reason[MIDDLE][row] = middle;
        levels->reason[UPPER][row] = middle + reach;
        levels->reason[STRENGTH][row] = filtered ? rsi : NAN;
    }
    protect_price(&reversion->protect, close, range, samples->bars.count, levels);
}

const struct strategy strategy_mean_reversion = {
    .name = "mean-reversion",
    .title = "long from below the lower Bollinger band, when oversold, back to the middle",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002); J. W. Wilder, New Concepts in Technical Trading "
              "Systems (1978), pp. 63-70",
    .parameter = {{"n", 20, 2, INDICATOR_WINDOW_MAX, true},
                  {"k", 2, 0.01, 100, false},
                  {"rsi", 14, 0, INDICATOR_WINDOW_MAX, true},
                  {"oversold", 30, 0, 50, false},
                  PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"lower", 1, 0}, {"middle", 1, 0}, {"upper", 1, 0}, {"rsi", 0, 0}, PROTECT_REASONS},
    .reasons = REASONS,
    .lookback = reversion_lookback,
    .size = reversion_size,
    .init = reversion_init,
    .step = reversion_step,
};
