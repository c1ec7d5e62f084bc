/* Paths. */
#include "stat/montecarlo.h"

#include "stat/bootstrap.h"

#include <math.h>

const char *const path_method_names[PATH_METHODS] = {"shuffle", "missed", "block", "stationary", "jitter"};

struct curve {
    double start, value, peak, lowest, drawdown;
};

static void step(struct curve *curve, double value)
{
    curve->value = value;
    if (value > curve->peak)
        curve->peak = value;
    if (value < curve->lowest)
        curve->lowest = value;
    const double depth = 1 - value / curve->peak;
    if (depth > curve->drawdown)
        curve->drawdown = depth;
}

/* The trades in an order; each is left out with a probability. */
static void add_trades(const struct path_source *source, const uint32_t *order, double missed, struct random *random,
                       struct curve *curve)
{
    double money = curve->start;
    for (size_t i = 0; i < source->trades; i++) {
        if (missed > 0 && random_uniform(random) < missed)
            continue;
        money += source->pnl[order == NULL ? i : order[i]];
        step(curve, money);
    }
}

static void shuffle(uint32_t *order, size_t count, struct random *random)
{
    for (size_t i = 0; i < count; i++) {
        const size_t other = (size_t)random_below(random, i + 1);
        order[i] = order[other];
        order[other] = (uint32_t)i;
    }
}

static void add_days(const struct path_source *source, bool stationary, uint64_t number, struct curve *curve)
{
    struct draw draw;
    double value = curve->start;
    draw_init(&draw, source->days, stationary ? source->stationary : source->block, stationary, source->seed, number);
    for (size_t i = 0; i < source->days; i++) {
        value *= 1 + source->returns[draw_next(&draw)];
        step(curve, value);
    }
}

void path_make(const struct path_source *source, enum path_method method, uint64_t number, uint32_t *order,
               struct path *path)
{
    struct curve curve = {
        .start = source->start, .value = source->start, .peak = source->start, .lowest = source->start};
    struct random random;
    random_init(&random, source->seed);
    const uint64_t base = random_next(&random);
    random_init(&random, base ^ (number + 1) * UINT64_C(0xd1342543de82ef95) ^ (uint64_t)method << 56);
    if (method == PATH_SHUFFLE) {
        shuffle(order, source->trades, &random);
        add_trades(source, order, 0, &random, &curve);
    } else if (method == PATH_MISSED) {
        add_trades(source, NULL, source->missed, &random, &curve);
    } else {
        add_days(source, method == PATH_STATIONARY, number, &curve);
    }
    *path = (struct path){.gain = curve.value / source->start - 1,
                          .drawdown = curve.drawdown,
                          .ruined = curve.lowest <= source->start * (1 - source->ruin)};
}

double sorted_quantile(const double *sorted, size_t count, double share)
{
    if (count == 0)
        return NAN;
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place;
    return below + 1 >= count ? sorted[count - 1]
                              : sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}
