/* Follow the trend while a fast average is above a slow one. */
#include "indicator/window.h"
#include "strategy/protect.h"
#include "strategy/table.h"

enum { FAST, SLOW, PROTECT };

struct cross {
    struct protect protect;
    size_t slow_at;          /* of the slow window within the state */
    struct window_mean fast; /* its array, then the slow window, follow */
};

static size_t slow_offset(const double *parameter)
{
    return offsetof(struct cross, fast) + window_mean_size(parameter[FAST]);
}

static struct window_mean *slow_window(struct cross *cross)
{
    return (struct window_mean *)(void *)((char *)cross + cross->slow_at);
}

static int cross_check(const double *parameter, struct error *error)
{
    if (parameter[FAST] < parameter[SLOW])
        return 0;
    return error_set(error, EXIT_USAGE, "sma-cross: fast=%g is not below slow=%g", parameter[FAST], parameter[SLOW]);
}

static int cross_lookback(const double *parameter)
{
    const int own = (int)parameter[SLOW] - 1, protect = protect_lookback(parameter + PROTECT);
    return own > protect ? own : protect;
}

static size_t cross_size(const double *parameter)
{
    return slow_offset(parameter) + window_mean_size(parameter[SLOW]);
}

static void cross_init(void *state, const double *parameter)
{
    struct cross *cross = state;
    protect_init(&cross->protect, parameter + PROTECT);
    cross->slow_at = slow_offset(parameter);
    window_mean_init(&cross->fast, parameter[FAST]);
    window_mean_init(slow_window(cross), parameter[SLOW]);
}

static void cross_step(void *state, const struct sample *sample, struct decision *decision)
{
    struct cross *cross = state;
    decision_clear(decision);
    const bool ready = protect_step(&cross->protect, sample);
    const double fast = window_mean_push(&cross->fast, sample->close);
    const double slow = window_mean_push(slow_window(cross), sample->close);
    if (isnan(slow) || !ready)
        return;
    decision->side = fast > slow ? WANT_LONG : fast < slow ? WANT_SHORT : WANT_FLAT;
    decision_reason(decision, "fast", fast, 1);
    decision_reason(decision, "slow", slow, 1);
    protect_finish(&cross->protect, sample, decision);
}

const struct strategy strategy_sma_cross = {
    .name = "sma-cross",
    .title = "long while the fast average is above the slow one",
    .source = "R. D. Donchian, Trend-Following Methods in Commodity Price Analysis (1957); W. Brock, J. Lakonishok and "
              "B. LeBaron, Journal of Finance 47 (1992) 1731",
    .parameter = {{"fast", 10, 1, INDICATOR_WINDOW_MAX, true},
                  {"slow", 30, 2, INDICATOR_WINDOW_MAX, true},
                  PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .check = cross_check,
    .lookback = cross_lookback,
    .size = cross_size,
    .init = cross_init,
    .step = cross_step,
};
