/* The fill models, and what they draw. */
#include "sim/fill_models.h"

#include "base/random.h"

#include <string.h>

const struct fill_model fill_conservative = {
    .name = "conservative",
    .words = "market at the next open; limit when traded through, at its price or the better open; stop at its price "
             "or the worse open; both legs in one bar: the stop",
};

static const struct fill_model ohlc = {
    .name = "ohlc",
    .words = "market at the next open; the rest on the path open, high, low, close: limit when traded through, stop at "
             "its price; of two legs the one reached first",
    .course = COURSE_HIGH_FIRST,
};

static const struct fill_model olhc = {
    .name = "olhc",
    .words = "market at the next open; the rest on the path open, low, high, close: limit when traded through, stop at "
             "its price; of two legs the one reached first",
    .course = COURSE_LOW_FIRST,
};

static const struct fill_model optimistic = {
    .name = "optimistic",
    .words = "market at the next open, without slippage; limit when touched; stop at its price or the worse open; both "
             "legs in one bar: the target",
    .turn = TURN_TOUCHED,
    .slip = SLIP_NONE,
    .hopeful = true,
};

static const struct fill_model pessimistic = {
    .name = "pessimistic",
    .words = "market at the next open, limit when traded through by a tick, stop at its price or the worse open; twice "
             "the slippage within the bar; both legs in one bar: the stop",
    .turn = TURN_TICK,
    .slip = SLIP_TWICE,
};

static const struct fill_model probabilistic = {
    .name = "probabilistic",
    .words = "market at the next open; the rest on a random path for each bar: limit when traded through, when touched "
             "with probability 1/2, stop at its price; 0 to 2 times the slippage",
    .course = COURSE_DRAWN,
    .turn = TURN_DRAWN,
    .slip = SLIP_DRAWN,
};

#define SHARE 0.1 /* of a bar's volume */

static dec fillable_of_volume(const struct fill_model *model, const struct order *order, dec rest, dec taken,
                              const struct bars *bar)
{
    dec most;
    (void)model, (void)order;
    if (!(bar->volume[0] > 0))
        return 0;
    if (dec_from_double(&most, bar->volume[0] * SHARE, ROUND_FLOOR) != 0) /* more than anybody orders */
        return rest;
    return most <= taken ? 0 : most - taken < rest ? most - taken : rest;
}

static const struct fill_model volume = {
    .name = "volume",
    .words = "as conservative, but at most 10 % of the volume of a bar, the rest in the next; market and stop fills "
             "lose sigma x sqrt(quantity / volume) besides the slippage, sigma the bar's range / 1.665",
    .slip = SLIP_IMPACT,
    .untraded = true,
    .fillable = fillable_of_volume,
};

static const struct fill_model spread = {
    .name = "spread",
    .words = "market at the next open and stop at its price, each half the quoted spread worse; limit when traded "
             "through by half the spread; both legs in one bar: the stop",
    .turn = TURN_QUOTED,
    .slip = SLIP_QUOTED,
};

static const struct fill_model queue = {
    .name = "queue",
    .words = "on trades: limit behind the size shown at its price when it came, less trades and cancels in proportion; "
             "market and stop at the other side's price, for what it shows; bars without trades: limit when traded "
             "through, the rest half the quoted spread worse",
    .turn = TURN_QUEUE,
    .slip = SLIP_QUEUE,
};

const struct fill_model *const fill_models[] = {&fill_conservative, &ohlc,   &olhc,   &optimistic, &pessimistic,
                                                &probabilistic,     &volume, &spread, &queue,      NULL};

const struct fill_model *fill_model_find(const char *name)
{
    for (int i = 0; fill_models[i] != NULL; i++)
        if (strcmp(fill_models[i]->name, name) == 0)
            return fill_models[i];
    return NULL;
}

double fill_draw(const struct fill_terms *terms, const char *symbol, int64_t bar, uint64_t order, unsigned use)
{
    /* FNV-1a (Fowler, Noll, Vo) over the name; the generator's own seeding mixes the rest. */
    uint64_t seed = UINT64_C(0xcbf29ce484222325);
    for (; *symbol != '\0'; symbol++)
        seed = (seed ^ (unsigned char)*symbol) * UINT64_C(0x100000001b3);
    struct random random;
    random_init(&random, seed ^ terms->seed);
    random_init(&random, random_next(&random) ^ (uint64_t)bar);
    random_init(&random, random_next(&random) ^ order);
    random_init(&random, random_next(&random) ^ use);
    return random_uniform(&random);
}
