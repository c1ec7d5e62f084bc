/* Buy what has fallen too far below its average, and let go of it at the average. */
#include "base/num.h"
#include "strategy/protect.h"
#include "strategy/table.h"

#include <stdio.h>

enum { N, K, RSI, OVERSOLD, PROTECT };

struct reversion {
    struct protect protect;
    double oversold; /* NaN: no look at the RSI */
    enum want side;  /* the one held: an entry lasts until its exit */
};

static int reversion_needs(const double *parameter, struct need *need)
{
    char width[NUM_TEXT_MAX];
    int needs = 1;
    width[num_format(width, parameter[K])] = '\0';
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "bbands:%.0f,%s", parameter[N], width);
    if (parameter[RSI] > 0)
        (void)snprintf(need[needs++].indicator, sizeof need[0].indicator, "rsi:%.0f", parameter[RSI]);
    return needs + protect_need(parameter + PROTECT, &need[needs]);
}

/* |close − mean| is at most deviation × √(n − 1) within its own window: beyond that no close can lie. */
static int reversion_check(const double *parameter, struct error *error)
{
    if (parameter[N] > 1 + parameter[K] * parameter[K])
        return 0;
    return error_set(error, EXIT_USAGE, "mean-reversion: no close can be %g deviations from the mean of %g bars",
                     parameter[K], parameter[N]);
}

static size_t reversion_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct reversion);
}

static void reversion_init(void *state, const double *parameter)
{
    struct reversion *reversion = state;
    protect_init(&reversion->protect, parameter + PROTECT);
    reversion->oversold = parameter[RSI] > 0 ? parameter[OVERSOLD] : NAN;
    reversion->side = WANT_FLAT;
}

/* The side after this bar: an exit first, then perhaps an entry on the same bar. */
static enum want next_side(const struct reversion *reversion, double close, const double *band, double rsi)
{
    const double upper = band[0], middle = band[1], lower = band[2];
    const bool filtered = !isnan(reversion->oversold);
    if (reversion->side == WANT_LONG && close < middle)
        return WANT_LONG;
    if (reversion->side == WANT_SHORT && close > middle)
        return WANT_SHORT;
    if (close < lower && (!filtered || rsi <= reversion->oversold))
        return WANT_LONG;
    if (reversion->protect.low == WANT_SHORT && close > upper && (!filtered || rsi >= 100 - reversion->oversold))
        return WANT_SHORT;
    return WANT_FLAT;
}

enum { LOWER, MIDDLE, UPPER, STRENGTH, RANGE, REASONS };

static void reversion_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct reversion *reversion = state;
    const bool filtered = !isnan(reversion->oversold);
    const double *const *next = needed + 3, *rsi = filtered ? *next++ : NULL;
    const double *range = reversion->protect.wanted ? *next : NULL;
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        const double band[] = {needed[0][i], needed[1][i], needed[2][i]}, strength = filtered ? rsi[i] : NAN;
        levels->side[row] = WANT_NONE;
        if (isnan(band[1]) || (filtered && isnan(strength)) || !protect_is_ready(range, i))
            continue;
        reversion->side = next_side(reversion, in->close[i], band, strength);
        levels->side[row] = reversion->side;
        levels->reason[LOWER][row] = band[2];
        levels->reason[MIDDLE][row] = band[1];
        levels->reason[UPPER][row] = band[0];
        levels->reason[STRENGTH][row] = strength;
    }
    protect_price(&reversion->protect, in->close, range, in->n, RANGE, levels);
}

const struct strategy strategy_mean_reversion = {
    .name = "mean-reversion",
    .title = "long from below the lower Bollinger band, when oversold, back to the middle",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002); J. W. Wilder, New Concepts in Technical Trading "
              "Systems (1978), pp. 63-70",
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_WINDOW("rsi", 14, 0),
                  PARAMETER_NUMBER("oversold", 30, 0, 50), PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"lower", 1}, {"middle", 1}, {"upper", 1}, {"rsi", 0}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = reversion_check,
    .needs = reversion_needs,
    .inputs = INPUT_CLOSE,
    .size = reversion_size,
    .init = reversion_init,
    .run = reversion_run,
};
