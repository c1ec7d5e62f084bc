/* Follow a close beyond Bollinger bands that had been narrow: volatility comes in turns. */
#include "base/num.h"
#include "indicator/window.h"
#include "strategy/protect.h"
#include "strategy/table.h"

#include <stdio.h>

enum { N, K, QUIET, PROTECT };

struct squeeze {
    struct protect protect;
    double last_width, narrowest; /* of the bar before, and of the last bars up to it */
    enum want side;
    struct window_maximum widths; /* its array follows */
};

static int squeeze_needs(const double *parameter, struct need *need)
{
    char width[NUM_TEXT_MAX];
    width[num_format(width, parameter[K])] = '\0';
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "bbands:%.0f,%s", parameter[N], width);
    (void)snprintf(need[1].indicator, sizeof need[1].indicator, "bbwidth:%.0f,%s", parameter[N], width);
    return 2 + protect_need(parameter + PROTECT, &need[2]);
}

/* |close − mean| is at most deviation × √(n − 1) within its own window: beyond that no close can lie. */
static int squeeze_check(const double *parameter, struct error *error)
{
    if (parameter[N] > 1 + parameter[K] * parameter[K])
        return 0;
    return error_set(error, EXIT_USAGE, "bollinger-breakout: no close can be %g deviations from the mean of %g bars",
                     parameter[K], parameter[N]);
}

static int squeeze_lookback(const double *parameter)
{
    return (int)(parameter[N] + parameter[QUIET]) - 1;
}

static size_t squeeze_size(const double *parameter)
{
    return offsetof(struct squeeze, widths) + window_maximum_size(parameter[QUIET]);
}

static void squeeze_init(void *state, const double *parameter)
{
    struct squeeze *squeeze = state;
    protect_init(&squeeze->protect, parameter + PROTECT);
    squeeze->last_width = squeeze->narrowest = NAN;
    squeeze->side = WANT_FLAT;
    window_maximum_init(&squeeze->widths, parameter[QUIET]);
}

/* Widths that differ by less are equal: they are rounded. */
#define EQUAL 1e-12

static enum want next_side(const struct squeeze *squeeze, double close, double upper, double middle, double lower)
{
    const bool quiet = squeeze->last_width <= squeeze->narrowest * (1 + EQUAL);
    if (squeeze->side == WANT_LONG && close >= middle)
        return WANT_LONG;
    if (squeeze->side == WANT_SHORT && close <= middle)
        return WANT_SHORT;
    if (quiet && close > upper)
        return WANT_LONG;
    return quiet && close < lower ? squeeze->protect.low : WANT_FLAT;
}

enum { LOWER, MIDDLE, UPPER, WIDTH, RANGE, REASONS };

static void squeeze_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct squeeze *squeeze = state;
    const double *upper = needed[0], *middle = needed[1], *lower = needed[2], *width = needed[3];
    const double *range = squeeze->protect.wanted ? needed[4] : NULL;
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        const bool ready = !isnan(squeeze->narrowest) && protect_is_ready(range, i);
        levels->reason[LOWER][row] = lower[i];
        levels->reason[MIDDLE][row] = middle[i];
        levels->reason[UPPER][row] = upper[i];
        levels->reason[WIDTH][row] = squeeze->last_width;
        if (ready)
            squeeze->side = next_side(squeeze, in->close[i], upper[i], middle[i], lower[i]);
        levels->side[row] = ready ? squeeze->side : WANT_NONE;
        squeeze->last_width = width[i];
        if (!isnan(width[i]))
            squeeze->narrowest = -window_maximum_push(&squeeze->widths, -width[i]);
    }
    protect_price(&squeeze->protect, in->close, range, in->n, RANGE, levels);
}

const struct strategy strategy_bollinger_breakout = {
    .name = "bollinger-breakout",
    .title = "long from a close above the upper Bollinger band after a squeeze, back to the middle",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002), Method I",
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_WINDOW("quiet", 125, 1),
                  PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"lower", 1}, {"middle", 1}, {"upper", 1}, {"width", 0}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = squeeze_check,
    .needs = squeeze_needs,
    .inputs = INPUT_CLOSE,
    .lookback = squeeze_lookback,
    .size = squeeze_size,
    .init = squeeze_init,
    .run = squeeze_run,
};
