/* Follow a close beyond the range of the bars before it: the close form of Donchian's and the Turtles' rules, and the
 * same with volume behind it. */
#include "strategy/protect.h"
#include "strategy/table.h"

#include <stdio.h>

/* The channels up to the bar before: a bar never lies outside one that holds it. */
struct breakout {
    struct protect protect;
    double upper, lower, out_upper, out_lower;
    enum want side;
};

enum { ENTRY, OUT, PROTECT };

static int breakout_needs(const double *parameter, struct need *need)
{
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "donchian:%.0f", parameter[ENTRY]);
    (void)snprintf(need[1].indicator, sizeof need[1].indicator, "donchian:%.0f", parameter[OUT]);
    return 2 + protect_need(parameter + PROTECT, &need[2]);
}

static int breakout_check(const double *parameter, struct error *error)
{
    if (parameter[OUT] <= parameter[ENTRY])
        return 0;
    return error_set(error, EXIT_USAGE, "breakout: out=%g is above entry=%g", parameter[OUT], parameter[ENTRY]);
}

static int breakout_lookback(const double *parameter)
{
    return (int)parameter[ENTRY];
}

static size_t breakout_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct breakout);
}

static void breakout_init(void *state, const double *parameter)
{
    struct breakout *breakout = state;
    protect_init(&breakout->protect, parameter + PROTECT);
    breakout->upper = breakout->lower = breakout->out_upper = breakout->out_lower = NAN;
    breakout->side = WANT_FLAT;
}

/* The side after this bar: an exit first, then perhaps an entry on the same bar. */
static enum want breakout_side(const struct breakout *breakout, double close)
{
    if (breakout->side == WANT_LONG && close >= breakout->out_lower)
        return WANT_LONG;
    if (breakout->side == WANT_SHORT && close <= breakout->out_upper)
        return WANT_SHORT;
    if (close > breakout->upper)
        return WANT_LONG;
    return close < breakout->lower ? breakout->protect.low : WANT_FLAT;
}

enum { UPPER, LOWER, OUT_UPPER, OUT_LOWER, RANGE, REASONS };

static void breakout_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct breakout *breakout = state;
    const double *range = breakout->protect.wanted ? needed[6] : NULL;
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        const bool ready = !isnan(breakout->upper) && protect_is_ready(range, i);
        levels->reason[UPPER][row] = breakout->upper;
        levels->reason[LOWER][row] = breakout->lower;
        levels->reason[OUT_UPPER][row] = breakout->out_upper;
        levels->reason[OUT_LOWER][row] = breakout->out_lower;
        if (ready)
            breakout->side = breakout_side(breakout, in->close[i]);
        levels->side[row] = ready ? breakout->side : WANT_NONE;
        breakout->upper = needed[0][i];
        breakout->lower = needed[2][i];
        breakout->out_upper = needed[3][i];
        breakout->out_lower = needed[5][i];
    }
    protect_price(&breakout->protect, in->close, range, in->n, RANGE, levels);
}

const struct strategy strategy_breakout = {
    .name = "breakout",
    .title = "long from a close above the last bars' highs to one below a shorter channel",
    .source =
        "R. D. Donchian (1957); C. Faith, Way of the Turtle (2007), pp. 245-275, in the form that trades on closes",
    .parameter = {PARAMETER_WINDOW("entry", 20, 1), PARAMETER_WINDOW("out", 10, 1), PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"upper", 1}, {"lower", 1}, {"out_upper", 1}, {"out_lower", 1}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = breakout_check,
    .needs = breakout_needs,
    .inputs = INPUT_CLOSE,
    .lookback = breakout_lookback,
    .size = breakout_size,
    .init = breakout_init,
    .run = breakout_run,
};

enum { V_N, V_TIMES, V_OUT, V_PROTECT };

struct volume_breakout {
    struct protect protect;
    double times, upper, usual; /* the highest high and the mean volume up to the bar before */
    enum want side;
};

static int volume_needs(const double *parameter, struct need *need)
{
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "donchian:%.0f", parameter[V_N]);
    (void)snprintf(need[1].indicator, sizeof need[1].indicator, "sma:%.0f,source=volume", parameter[V_N]);
    (void)snprintf(need[2].indicator, sizeof need[2].indicator, "sma:%.0f", parameter[V_OUT]);
    return 3 + protect_need(parameter + V_PROTECT, &need[3]);
}

static int volume_lookback(const double *parameter)
{
    return (int)parameter[V_N];
}

static size_t volume_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct volume_breakout);
}

static void volume_init(void *state, const double *parameter)
{
    struct volume_breakout *breakout = state;
    protect_init(&breakout->protect, parameter + V_PROTECT);
    breakout->times = parameter[V_TIMES];
    breakout->upper = breakout->usual = NAN;
    breakout->side = WANT_FLAT;
}

enum { V_UPPER, V_RATIO, V_MEAN, V_RANGE, V_REASONS };

/* A bar without a volume confirms nothing; the mean stays that of the bars that had one. */
static void volume_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct volume_breakout *breakout = state;
    const double *usual = needed[3], *mean = needed[4], *range = breakout->protect.wanted ? needed[5] : NULL;
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        const double close = in->close[i];
        const bool ready =
            !isnan(breakout->upper) && !isnan(breakout->usual) && !isnan(mean[i]) && protect_is_ready(range, i);
        const bool held = breakout->side == WANT_LONG && close >= mean[i];
        const bool entered = close > breakout->upper && in->volume[i] > breakout->times * breakout->usual;
        levels->reason[V_UPPER][row] = breakout->upper;
        levels->reason[V_RATIO][row] = breakout->usual > 0 ? in->volume[i] / breakout->usual : NAN;
        levels->reason[V_MEAN][row] = mean[i];
        if (ready)
            breakout->side = held || entered ? WANT_LONG : WANT_FLAT;
        levels->side[row] = ready ? breakout->side : WANT_NONE;
        breakout->upper = needed[0][i];
        breakout->usual = isnan(usual[i]) ? breakout->usual : usual[i];
    }
    protect_price(&breakout->protect, in->close, range, in->n, V_RANGE, levels);
}

const struct strategy strategy_volume_breakout = {
    .name = "volume-breakout",
    .title = "long from a close above the last bars' highs with volume, until it falls below its average",
    .source = "W. O'Neil, How to Make Money in Stocks (1988)",
    .parameter = {PARAMETER_WINDOW("n", 50, 1), PARAMETER_NUMBER("times", 1.5, 0, 100), PARAMETER_WINDOW("out", 50, 1),
                  PROTECT_PARAMETERS},
    .parameters = V_PROTECT + PROTECT_COUNT,
    .reason = {{"upper", 1}, {"volume_ratio", 0}, {"mean", 1}, PROTECT_REASONS},
    .reasons = V_REASONS,
    .needs = volume_needs,
    .inputs = INPUT_CLOSE | INPUT_VOLUME,
    .lookback = volume_lookback,
    .size = volume_size,
    .init = volume_init,
    .run = volume_run,
};
