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

enum { FAST_TOTAL, SLOW_TOTAL, RANGE, REASONS };

/* Totals that differ by less are equal: prices that are no integers any more, being adjusted, are rounded. */
#define EQUAL 0x1p-50

static void cross_step(void *state, const struct samples *samples, struct levels *levels)
{
    struct cross *cross = state;
    const struct protect *protect = &cross->protect;
    double *fast = levels->reason[FAST_TOTAL] + levels->count, *slow = levels->reason[SLOW_TOTAL] + levels->count;
    double *range = levels->reason[RANGE] + levels->count, close[LEVELS_MAX];
    enum want *side = levels->side + levels->count;
    samples_closes(samples, close);
    window_mean_totals(&cross->fast, close, samples->bars.count, fast);
    window_mean_totals(slow_window(cross), close, samples->bars.count, slow);
    protect_follow(&cross->protect, samples, range);
    const enum want low = protect->low;
    const double fast_n = (double)cross->fast.n, slow_n = (double)slow_window(cross)->n;
    for (size_t i = 0; i < samples->bars.count; i++) {
        /* fast / fast_n against slow / slow_n, without the quotients: averages that are equal are found equal. */
        const double other = slow[i] * fast_n, above = fast[i] * slow_n - other;
        const enum want level = above > fabs(other) * EQUAL ? WANT_LONG : WANT_FLAT;
        side[i] = above < -fabs(other) * EQUAL ? low : level;
    }
    for (size_t i = 0; i < samples->bars.count && (isnan(slow[i]) || !protect_is_ready(protect, range[i])); i++)
        side[i] = WANT_NONE;
    protect_price(protect, close, range, samples->bars.count, levels);
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
    .reason = {{"fast", 1, FAST + 1}, {"slow", 1, SLOW + 1}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = cross_check,
    .lookback = cross_lookback,
    .size = cross_size,
    .init = cross_init,
    .step = cross_step,
};
