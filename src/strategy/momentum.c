/* Hold what has risen over the last months, the most recent one left out. */
#include "indicator/window.h"
#include "strategy/protect.h"
#include "strategy/table.h"

#include <math.h>
#include <stddef.h>

enum { LOOKBACK, SKIP, THRESHOLD, PROTECT };

struct momentum {
    struct protect protect;
    double threshold;
    size_t recent_at;         /* of the window of the skipped bars within the state */
    struct window_delay past; /* its array, then the other window, follow */
};

static size_t recent_offset(const double *parameter)
{
    return offsetof(struct momentum, past) + window_delay_size(parameter[LOOKBACK]);
}

static struct window_delay *recent_window(struct momentum *momentum)
{
    return (struct window_delay *)(void *)((char *)momentum + momentum->recent_at);
}

static int momentum_check(const double *parameter, struct error *error)
{
    if (parameter[SKIP] < parameter[LOOKBACK])
        return 0;
    return error_set(error, EXIT_USAGE, "momentum: skip=%g is not below lookback=%g", parameter[SKIP],
                     parameter[LOOKBACK]);
}

static int momentum_needs(const double *parameter, struct need *need)
{
    return protect_need(parameter + PROTECT, need);
}

static int momentum_lookback(const double *parameter)
{
    return (int)parameter[LOOKBACK];
}

static size_t momentum_size(const double *parameter)
{
    return recent_offset(parameter) + window_delay_size(parameter[SKIP]);
}

static void momentum_init(void *state, const double *parameter)
{
    struct momentum *momentum = state;
    protect_init(&momentum->protect, parameter + PROTECT);
    momentum->threshold = parameter[THRESHOLD];
    momentum->recent_at = recent_offset(parameter);
    window_delay_init(&momentum->past, parameter[LOOKBACK]);
    window_delay_init(recent_window(momentum), parameter[SKIP]);
}

/* Is the return above (1), below (−1) or at (0) a threshold? Prices are counts of 1e-8, so that of those that no action
 * has adjusted the answer is exact: 108 to 113.4 is 5 %, which 113.4 / 108 − 1 in doubles is not. */
static int compare_return(double from, double to, double threshold)
{
    if (threshold == 0)
        return (to > from) - (to < from);
    const double off = to - from - threshold * from, near = 1e-12 * (from + to);
    const double parts = nearbyint(threshold * 1e8);
    if (fabs(off) > near)
        return off > 0 ? 1 : -1;
    if (from != floor(from) || to != floor(to) || fmax(from, to) > 0x1p62 || fabs(threshold * 1e8 - parts) > 1e-4)
        return 0; /* adjusted: equal as far as doubles can tell */
    const __int128 exact =
        (__int128)((int64_t)to - (int64_t)from) * 100000000 - (__int128)(int64_t)parts * (int64_t)from;
    return (exact > 0) - (exact < 0);
}

enum { RETURN, FROM, TO, RANGE, REASONS };

static void momentum_run(void *state, const struct columns *in, const double *const *needed, struct levels *levels)
{
    struct momentum *momentum = state;
    const struct protect *protect = &momentum->protect;
    const double threshold = momentum->threshold, *range = protect->wanted ? needed[0] : NULL;
    double *rate = levels->reason[RETURN] + levels->count;
    double *from = levels->reason[FROM] + levels->count, *to = levels->reason[TO] + levels->count;
    enum want *side = levels->side + levels->count;
    for (size_t i = 0; i < in->n; i++) {
        from[i] = window_delay_push(&momentum->past, in->close[i]);
        to[i] = window_delay_push(recent_window(momentum), in->close[i]);
        rate[i] = to[i] / from[i] - 1;
        const bool ready = !isnan(from[i]) && protect_is_ready(range, i);
        const enum want wanted = compare_return(from[i], to[i], threshold) > 0    ? WANT_LONG
                                 : compare_return(from[i], to[i], -threshold) < 0 ? protect->low
                                                                                  : WANT_FLAT;
        side[i] = ready ? wanted : WANT_NONE;
    }
    protect_price(protect, in->close, range, in->n, RANGE, levels);
}

/* Six months of daily bars (126) with the last one (21) left out: the formation period of the source, and what a
 * morning scan over 250 or 300 bars can judge; lookback=252 is the other usual choice. */
const struct strategy strategy_momentum = {
    .name = "momentum",
    .title = "long while the return before the last month is above a threshold",
    .source =
        "N. Jegadeesh and S. Titman, Journal of Finance 48 (1993) 65; T. Moskowitz, Y. H. Ooi and L. H. Pedersen, "
        "Journal of Financial Economics 104 (2012) 228",
    .parameter = {PARAMETER_WINDOW("lookback", 126, 1), PARAMETER_WINDOW("skip", 21, 0),
                  PARAMETER_NUMBER("threshold", 0, 0, 10), PROTECT_PARAMETERS},
    .parameters = PROTECT + PROTECT_COUNT,
    .reason = {{"return", 0}, {"from", 1}, {"to", 1}, PROTECT_REASONS},
    .reasons = REASONS,
    .check = momentum_check,
    .needs = momentum_needs,
    .inputs = INPUT_CLOSE,
    .lookback = momentum_lookback,
    .size = momentum_size,
    .init = momentum_init,
    .run = momentum_run,
};
