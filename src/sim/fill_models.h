/* How bars fill orders, by name: what is assumed of the price between the open and the close, when a limit order has
 * had its turn, and what haste costs. The rules that all share are in manager.h; `conservative` is what a run has that
 * names none. Of the others each says what is different:
 *
 *   ohlc, olhc     the price goes straight from the open to the high, the low and the close (the low, the high): what
 *                  comes first on this way happens first, so a target may fill before the stop, and on the bar of the
 *                  entry
 *   optimistic     limit orders fill when they are touched; nothing slips; of two legs the target fills, on the bar of
 *                  the entry too, and the stop of an entry in the course of a bar only if it was certainly reached
 *                  after it
 *   pessimistic    limit orders need a price one tick beyond; market and stop fills lose twice the slippage, though no
 *                  more than the bar went, and never less than once
 *   probabilistic  the high comes first as often as a price without drift would reach it first, (open - low) / (high -
 *                  low), then as ohlc or olhc; a limit order that is touched only fills every second time; what slips
 *                  is drawn from 0 to twice the slippage
 *
 *   volume         our orders take at most a tenth of a bar's volume, the rest goes on to the next bar; market and stop
 *                  fills lose besides the slippage what they move the price by: sigma x sqrt(quantity / volume), sigma
 *                  the range of the bar / (2 sqrt(ln 2)) (M. Parkinson, "The Extreme Value Method for Estimating the
 *                  Variance of the Rate of Return", Journal of Business 53, 1980; the square root: B. Toth and others,
 *                  "Anomalous price impact and the critical nature of liquidity", Physical Review X 1, 2011). A bar
 *                  without a volume fills nothing
 *   spread         market and stop fills lose half of the last quoted spread besides the slippage, and a limit order
 *                  needs a price better by half of it: the other side of the market has come to its limit. Where
 *                  nothing has been quoted the run is refused
 *   queue          on trades: a limit order fills when what is ahead of it is gone (queue.h), as much of it as the
 * trade leaves, or all of it when a trade is beyond its price; market and stop fills, and limit orders that come beyond
 * the other side, take what that shows, at its price, the rest goes on. On bars without trades: limit orders when
 * traded through, the rest as spread
 *
 * Trades beside bars are the way that the price has gone: where a symbol has some within a bar, its orders meet each of
 * them in turn, as a bar of one price, and the bar itself brings nothing more (but what its close decides). A stop that
 * a trade sets off fills at its price, a limit order that waits at its limit. `volume` goes by bars alone.
 *
 * What is drawn depends on the seed, the symbol, the order and the bar, and on nothing else. */
#ifndef TN_SIM_FILL_MODELS_H
#define TN_SIM_FILL_MODELS_H

#include "base/dec.h"
#include "market/candle.h"

#include <stdbool.h>
#include <stdint.h>

/* Of the way between the open and the close: nothing is known, or what is assumed. */
enum fill_course { COURSE_UNKNOWN, COURSE_HIGH_FIRST, COURSE_LOW_FIRST, COURSE_DRAWN };

/* Which price fills a limit order: one better than the limit, one that is the limit, one better by a tick, … */
enum fill_turn { TURN_THROUGH, TURN_TOUCHED, TURN_TICK, TURN_DRAWN, TURN_QUOTED, TURN_QUEUE };

/* What market and stop fills lose. */
enum fill_slip { SLIP_AS_SAID, SLIP_NONE, SLIP_TWICE, SLIP_DRAWN, SLIP_IMPACT, SLIP_QUOTED, SLIP_QUEUE };

struct fill_model {
    const char *name;
    const char *words; /* the assumption in a line, for the head of a result */
    enum fill_course course;
    enum fill_turn turn;
    enum fill_slip slip;
    bool hopeful;  /* of what cannot be told apart in a bar, the better for us */
    bool untraded; /* trades beside the bars are nothing to it */
    /* How much of what is left of an order a bar has for it, when our other orders have taken so much of the bar
     * already. The venue rounds it down to what is traded, unless it is all; an order that does not get all is the
     * last to get anything of the bar. NULL: all, always. */
    dec (*fillable)(const struct fill_model *model, const struct order *order, dec rest, dec taken,
                    const struct bars *bar);
};

struct fill_terms {
    const struct fill_model *model; /* NULL: conservative */
    uint64_t seed;                  /* of what is drawn */
};

extern const struct fill_model fill_conservative;
extern const struct fill_model *const fill_models[]; /* ends with NULL */

/* The model of a name; NULL: there is none. */
const struct fill_model *fill_model_find(const char *name);
static inline const struct fill_model *fill_model_of(const struct fill_terms *terms)
{
    return terms->model == NULL ? &fill_conservative : terms->model;
}
/* Does it go by quotes? */
static inline bool fill_model_is_quoted(const struct fill_model *model)
{
    return model->slip == SLIP_QUOTED || model->slip == SLIP_QUEUE;
}
/* Does it depend on the seed? */
static inline bool fill_model_draws(const struct fill_model *model)
{
    return model->course == COURSE_DRAWN || model->turn == TURN_DRAWN || model->slip == SLIP_DRAWN;
}
/* A number in [0, 1), the same for the same seed, symbol, bar and order (0: none); `use` tells several draws apart. */
double fill_draw(const struct fill_terms *terms, const char *symbol, int64_t bar, uint64_t order, unsigned use);

#endif
