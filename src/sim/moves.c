/* What the prices of a bar bring an order. */
#include "sim/walk.h"

#include <math.h>

/* Better than a limit by something: a price that only touches it may have been another's turn. */
static bool is_better(const struct order *order, dec price)
{
    return side_sign(order->side) > 0 ? price < order->limit_price : price > order->limit_price;
}

bool move_has_turn(const struct bar_walk *walk, const struct open_order *open_order, dec price)
{
    const struct order *order = &open_order->order;
    const enum fill_turn turn = walk->model->turn;
    if (turn == TURN_THROUGH)
        return is_better(order, price);
    if (turn == TURN_QUEUE && walk->is_trade)
        return walk->sim->queues != NULL && queues_share(walk->sim->queues, open_order) > 0;
    if (turn == TURN_QUOTED) /* the price of the other side */
        return is_better(order, price + side_sign(order->side) * walk->half);
    if (price == order->limit_price)
        return turn == TURN_TOUCHED ||
               (turn == TURN_DRAWN &&
                fill_draw(&walk->sim->fills, order->symbol, walk->bar->end[0], open_order->serial, 0) < 0.5);
    if (turn != TURN_TICK || !is_better(order, price))
        return is_better(order, price);
    struct error ignored = {0};
    const struct instrument *instrument = walk->sim->instrument(walk->sim->context, order->symbol, &ignored);
    const dec tick = instrument == NULL ? 1 : order_tick_at(instrument, order->limit_price);
    return side_sign(order->side) > 0 ? price <= order->limit_price - tick : price - tick >= order->limit_price;
}

bool move_is_reached(const struct order *order, enum order_trigger trigger, dec price)
{
    if (order->stop_price == DEC_NONE)
        return false;
    return (side_sign(order->side) > 0) == (trigger == TRIGGER_STOPPED) ? price >= order->stop_price
                                                                        : price <= order->stop_price;
}

struct move move_take_better(const struct bar_walk *walk, const struct open_order *open_order, dec price, bool slips)
{
    struct move move = no_move;
    if (move_has_turn(walk, open_order, price)) {
        move.price = price;
        move.bound = slips || fill_model_is_quoted(walk->model) ? open_order->order.limit_price : price;
    }
    return move;
}

/* A limit order that has just come, where queues are known: it takes the other side if that is as good as its limit. */
static struct move move_to_other_side(const struct bar_walk *walk, const struct open_order *open_order)
{
    const int sign = side_sign(open_order->order.side);
    const dec limit = open_order->order.limit_price;
    const struct shown *side =
        walk->sim->queues == NULL ? NULL : queues_other_side(walk->sim->queues, walk->slot, sign);
    return side == NULL || (sign > 0 ? side->price > limit : side->price < limit)
               ? no_move
               : (struct move){.price = side->price, .bound = side->price};
}

/* Does a limit order wait at its limit when a trade comes? Unless it has just come and would have traded at once by the
 * last price, or the session opens with this trade: then it takes what is better. */
static bool waits_for_trade(const struct bar_walk *walk, const struct open_order *open_order)
{
    const dec said = open_order->order.reference_price, limit = open_order->order.limit_price;
    const dec last = said != DEC_NONE ? said : walk->sim->ledger->symbol_state[walk->slot].mark;
    struct error ignored = {0};
    if (!walk->is_trade)
        return false;
    if (walk->marked > open_order->from)
        return true;
    const bool marketable = last != DEC_NONE && (side_sign(open_order->order.side) > 0 ? limit >= last : limit <= last);
    return !marketable && match_opens_session(walk, open_order, &ignored) <= 0;
}

struct move move_at_open(const struct bar_walk *walk, const struct open_order *open_order)
{
    const dec open = walk->bar->open[0];
    const bool waits = open_order_is_waiting(open_order);
    if (waits && !move_is_reached(&open_order->order, open_order->kind->trigger, open))
        return no_move;
    if (!open_order->kind->limit)
        return (struct move){.price = open, .bound = DEC_NONE};
    const bool by_quote = walk->is_trade && walk->model->turn == TURN_QUEUE;
    if (!waits && (by_quote ? walk->marked > open_order->from : waits_for_trade(walk, open_order)))
        return no_move; /* at its limit, not better: in the course */
    struct move move =
        by_quote ? move_to_other_side(walk, open_order) : move_take_better(walk, open_order, open, waits);
    move.triggers = waits;
    return move;
}

/* Of what was when nobody knows more than that the close was last, and that a price is touched before those beyond it.
 * So a limit order that is set off here fills at the price that did it or, when the price has certainly gone through it
 * since, at its limit. */
struct move move_in_course(const struct bar_walk *walk, const struct open_order *open_order)
{
    const struct bars *bar = walk->bar;
    const struct order *order = &open_order->order;
    const struct order_kind *kind = open_order->kind;
    const bool buys = side_sign(order->side) > 0;
    if (!open_order_is_waiting(open_order)) {
        const bool through = kind->limit && open_order->triggered != bar->end[0] &&
                             move_has_turn(walk, open_order, buys ? bar->low[0] : bar->high[0]);
        return through ? (struct move){.price = order->limit_price, .bound = order->limit_price} : no_move;
    }
    const dec furthest = buys == (kind->trigger == TRIGGER_STOPPED) ? bar->high[0] : bar->low[0];
    if (!move_is_reached(order, kind->trigger, furthest))
        return no_move;
    if (!kind->limit)
        return (struct move){.price = order->stop_price, .bound = DEC_NONE};
    struct move move = move_take_better(walk, open_order, order->stop_price, true);
    if (move.price == DEC_NONE &&
        (move_has_turn(walk, open_order, furthest) || move_has_turn(walk, open_order, bar->close[0])))
        move.price = move.bound = order->limit_price;
    move.triggers = true;
    return move;
}

struct move move_at_close(const struct bar_walk *walk, const struct open_order *open_order)
{
    const dec close = walk->bar->close[0];
    return open_order->kind->limit ? move_take_better(walk, open_order, close, false)
                                   : (struct move){.price = close, .bound = DEC_NONE};
}

/* The configured slippage on a price that is worse than that of the bar already; on a tick, and what is sold brings one
 * at least, or that price if it is less. */
static int slip_on(const struct costs *costs, const struct instrument *instrument, int sign, dec worse, dec price,
                   dec *slipped)
{
    const dec least = price < instrument->tick_size ? price : instrument->tick_size;
    if (worse < least)
        worse = least;
    if (costs_slippage(costs))
        return costs_slip(costs, instrument, sign, worse, slipped);
    if (dec_round(slipped, worse, instrument->tick_size, sign > 0 ? ROUND_CEILING : ROUND_FLOOR) != 0)
        return -1;
    if (*slipped < least)
        *slipped = least;
    return 0;
}

/* The configured slippage, so many times. */
static int slip_times(const struct bar_walk *walk, const struct instrument *instrument, int sign, dec price, dec times,
                      dec *slipped)
{
    struct costs costs = {0};
    return dec_multiply(&costs.slippage_ticks, walk->sim->costs->slippage_ticks, times, ROUND_UP) != 0 ||
                   dec_multiply(&costs.slippage_bps, walk->sim->costs->slippage_bps, times, ROUND_UP) != 0
               ? -1
               : costs_slip(&costs, instrument, sign, price, slipped);
}

/* Twice, but no further than the bar went; and once in any case. */
static int slip_twice(const struct bar_walk *walk, const struct instrument *instrument, int sign, dec price,
                      dec *slipped)
{
    const dec furthest = sign > 0 ? walk->bar->high[0] : walk->bar->low[0];
    dec once, twice;
    if (costs_slip(walk->sim->costs, instrument, sign, price, &once) != 0 ||
        slip_times(walk, instrument, sign, price, 2 * DEC_ONE, &twice) != 0)
        return -1;
    if (sign > 0 ? twice > furthest : twice < furthest)
        twice = furthest;
    *slipped = (sign > 0) == (twice > once) ? twice : once;
    return 0;
}

/* Besides the slippage what a fill moves the price by. */
static int slip_by_impact(const struct bar_walk *walk, const struct instrument *instrument, int sign, dec price,
                          dec quantity, dec *slipped)
{
    static const double range_of_sigma = 1.6651092223153954; /* 2 sqrt(ln 2) */
    const struct bars *bar = walk->bar;
    const double sigma = ((double)bar->high[0] - (double)bar->low[0]) / (double)DEC_ONE / range_of_sigma;
    const double share = dec_to_double(quantity) / bar->volume[0];
    dec moved;
    if (dec_from_double(&moved, sigma * sqrt(share), ROUND_HALF_EVEN) != 0 || dec_add(&moved, price, sign * moved) != 0)
        return -1;
    return slip_on(walk->sim->costs, instrument, sign, moved, price, slipped);
}

/* To the other side of the market, on trades; on bars by half the spread. */
static int slip_to_other_side(const struct bar_walk *walk, const struct instrument *instrument, int sign, dec price,
                              dec *slipped)
{
    const struct shown *side =
        !walk->is_trade || walk->sim->queues == NULL ? NULL : queues_other_side(walk->sim->queues, walk->slot, sign);
    const dec other = side == NULL ? price + sign * walk->half : side->price;
    return slip_on(walk->sim->costs, instrument, sign, (sign > 0) == (other > price) ? other : price, price, slipped);
}

int move_slip(const struct bar_walk *walk, const struct open_order *open_order, const struct move *move,
              const struct instrument *instrument, dec quantity, dec *price)
{
    const int sign = side_sign(open_order->order.side);
    int status = 0;
    *price = move->price;
    if (move->bound == move->price || !match_slips(walk->sim))
        return 0;
    switch (walk->model->slip) {
    case SLIP_NONE:
        break;
    case SLIP_AS_SAID:
        status = costs_slip(walk->sim->costs, instrument, sign, move->price, price);
        break;
    case SLIP_IMPACT:
        status = slip_by_impact(walk, instrument, sign, move->price, quantity, price);
        break;
    case SLIP_QUEUE:
        status = slip_to_other_side(walk, instrument, sign, move->price, price);
        break;
    case SLIP_QUOTED:
        status = slip_on(walk->sim->costs, instrument, sign, move->price + sign * walk->half, move->price, price);
        break;
    case SLIP_TWICE:
        status = slip_twice(walk, instrument, sign, move->price, price);
        break;
    case SLIP_DRAWN: {
        const double drawn =
            2 * fill_draw(&walk->sim->fills, open_order->order.symbol, walk->bar->end[0], open_order->serial, 1);
        status = slip_times(walk, instrument, sign, move->price, (dec)(drawn * (double)DEC_ONE), price);
        break;
    }
    }
    if (move->bound != DEC_NONE && (sign > 0 ? *price > move->bound : *price < move->bound))
        *price = move->bound;
    return status;
}
