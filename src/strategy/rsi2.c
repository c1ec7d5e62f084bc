/* Buy a short fall within a long rise, and let go after the first bounce. */
#include "strategy/protect.h"
#include "strategy/table.h"

#include <stdio.h>

enum { TREND, N, LOW, OUT, PROTECT };

struct rsi2 {
    struct protect protect;
    double low;
    enum want side; /* the one held: an entry lasts until its exit */
};

static int rsi2_needs(const double *parameter, struct need *need)
{
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "sma:%.0f", parameter[TREND]);
    (void)snprintf(need[1].indicator, sizeof need[1].indicator, "rsi:%.0f", parameter[N]);
    (void)snprintf(need[2].indicator, sizeof need[2].indicator, "sma:%.0f", parameter[OUT]);
    return 3 + protect_need(parameter + PROTECT, &need[3]);
}

static int rsi2_check(const double *parameter, struct error *error)
{
    if (parameter[OUT] < parameter[TREND])
        return 0;
    return error_set(error, EXIT_USAGE, "rsi-2: out=%g is not below trend=%g", parameter[OUT], parameter[TREND]);
}

static size_t rsi2_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct rsi2);
}

static void rsi2_init(void *state, const double *parameter)
{
    struct rsi2 *rsi2 = state;
    protect_init(&rsi2->protect, parameter + PROTECT);
    rsi2->low = parameter[LOW];
    rsi2->side = WANT_FLAT;
}

/* The side after this bar: an exit first, then perhaps an entry on the same bar. */
static enum want next_side(const struct rsi2 *rsi2, double close, double trend, double rsi, double out)
{
    if (rsi2->side == WANT_LONG && close <= out)
        return WANT_LONG;
    if (rsi2->side == WANT_SHORT && close >= out)
        return WANT_SHORT;
    if (close > trend && rsi < rsi2->low)
        return WANT_LONG;
    return close < trend && rsi > 100 - rsi2->low ? rsi2->protect.low : WANT_FLAT;
}

enum { TREND_MEAN, STRENGTH, OUT_MEAN, RANGE, REASONS };

static void rsi2_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct rsi2 *rsi2 = state;
    const double *trend = needed[0], *rsi = needed[1], *out = needed[2];
    const double *range = rsi2->protect.wanted ? needed[3] : NULL;
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        levels->side[row] = WANT_NONE;
        levels->reason[TREND_MEAN][row] = trend[i];
        levels->reason[STRENGTH][row] = rsi[i];
        levels->reason[OUT_MEAN][row] = out[i];
        if (isnan(trend[i]) || isnan(rsi[i]) || isnan(out[i]) || !protect_is_ready(range, i))
            continue;
        rsi2->side = next_side(rsi2, in->close[i], trend[i], rsi[i], out[i]);
        levels->side[row] = rsi2->side;
    }
    protect_price(&rsi2->protect, in->close, range, in->n, RANGE, levels);
}

const struct strategy strategy_rsi2 = {
    .name = "rsi-2",
    .title = "long from a fall within a rise to the first bounce",
    .source = "L. Connors and C. Alvarez, Short Term Trading Strategies That Work (2008), ch. 9",
    .parameter = {PARAMETER_WINDOW("trend", 200, 2), PARAMETER_WINDOW("n", 2, 1), PARAMETER_NUMBER("low", 5, 0, 50),
                  PARAMETER_WINDOW("out", 5, 1), PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"trend", 1}, {"rsi", 0}, {"out", 1}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = rsi2_check,
    .needs = rsi2_needs,
    .inputs = INPUT_CLOSE,
    .size = rsi2_size,
    .init = rsi2_init,
    .run = rsi2_run,
};
