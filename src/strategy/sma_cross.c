/* Follow the trend while a fast average is above a slow one. */
#include "strategy/protect.h"
#include "strategy/table.h"

#include <stdio.h>
#include <string.h>

enum { FAST, SLOW, PROTECT };

static int cross_check(const double *parameter, struct error *error)
{
    if (parameter[FAST] < parameter[SLOW])
        return 0;
    return error_set(error, EXIT_USAGE, "sma-cross: fast=%g is not below slow=%g", parameter[FAST], parameter[SLOW]);
}

static int cross_needs(const double *parameter, struct need *need)
{
    (void)snprintf(need[0].indicator, sizeof need[0].indicator, "sma:%.0f", parameter[FAST]);
    (void)snprintf(need[1].indicator, sizeof need[1].indicator, "sma:%.0f", parameter[SLOW]);
    return 2 + protect_need(parameter + PROTECT, &need[2]);
}

static size_t cross_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct protect);
}

static void cross_init(void *state, const double *parameter)
{
    protect_init(state, parameter + PROTECT);
}

enum { FAST_MEAN, SLOW_MEAN, RANGE, REASONS };

/* Averages that differ by less are equal: each is rounded twice. */
#define EQUAL 0x1p-50

static void cross_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    const struct protect *protect = state;
    const double *fast = needed[0], *slow = needed[1], *range = protect->wanted ? needed[2] : NULL;
    enum want *side = levels->side + levels->count;
    const enum want low = protect->low;
    for (size_t i = 0; i < in->n; i++) {
        const double above = fast[i] - slow[i], least = fabs(slow[i]) * EQUAL;
        const enum want level = above > least ? WANT_LONG : WANT_FLAT;
        side[i] = above < -least ? low : level;
    }
    for (size_t i = 0; i < in->n && (isnan(slow[i]) || !protect_is_ready(range, i)); i++)
        side[i] = WANT_NONE;
    memcpy(levels->reason[FAST_MEAN] + levels->count, fast, in->n * sizeof *fast);
    memcpy(levels->reason[SLOW_MEAN] + levels->count, slow, in->n * sizeof *slow);
    protect_price(protect, in->close, range, in->n, RANGE, levels);
}

const struct strategy strategy_sma_cross = {
    .name = "sma-cross",
    .title = "long while the fast average is above the slow one",
    .source = "R. D. Donchian, Trend-Following Methods in Commodity Price Analysis (1957); W. Brock, J. Lakonishok and "
              "B. LeBaron, Journal of Finance 47 (1992) 1731",
    .parameter = {PARAMETER_WINDOW("fast", 10, 1), PARAMETER_WINDOW("slow", 30, 2), PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"fast", 1}, {"slow", 1}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = cross_check,
    .needs = cross_needs,
    .inputs = INPUT_CLOSE,
    .size = cross_size,
    .init = cross_init,
    .run = cross_run,
};
