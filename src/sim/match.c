/* One bar against the working orders of its symbol. */
#include "sim/internal.h"

#include <string.h>

/* The price the open gives an order, before slippage; DEC_NONE when it gives none. Limits take the better open. */
static dec price_at_open(const struct order *order, dec open)
{
    const int sign = side_sign(order->side);
    if (order->order_type == ORDER_LIMIT)
        return (sign > 0 ? open < order->limit_price : open > order->limit_price) ? open : DEC_NONE;
    if (order->order_type == ORDER_STOP && !(sign > 0 ? open >= order->stop_price : open <= order->stop_price))
        return DEC_NONE;
    return open;
}

/* The price the course of the bar after its open gives an order. */
static dec price_in_bar(const struct order *order, const struct bars *bar)
{
    const int sign = side_sign(order->side);
    if (order->order_type == ORDER_LIMIT)
        return (sign > 0 ? bar->low[0] < order->limit_price : bar->high[0] > order->limit_price) ? order->limit_price
                                                                                                 : DEC_NONE;
    if (order->order_type != ORDER_STOP ||
        !(sign > 0 ? bar->high[0] >= order->stop_price : bar->low[0] <= order->stop_price))
        return DEC_NONE;
    return order->stop_price;
}

/* Fill an order at a price less slippage, which limits do not have. */
static int fill_at(struct engine *engine, struct ticket *ticket, dec price, int64_t time, int64_t bar_end,
                   struct ticket **born, struct error *error)
{
    const struct order *order = &ticket->order;
    struct offer offer = {.instrument = engine->instrument(engine->context, order->symbol, error),
                          .price = price,
                          .unslipped = price,
                          .time = time};
    if (offer.instrument == NULL)
        return -1;
    if (order->order_type != ORDER_LIMIT &&
        costs_slip(&engine->costs, offer.instrument, side_sign(order->side), price, &offer.price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", order->id);
    return engine_fill(engine, ticket, &offer, bar_end, born, error);
}

/* A stop leg that its entry brought into being in the course of this very bar. */
static int match_born(struct engine *engine, struct ticket *ticket, const struct bars *bar, struct error *error)
{
    const dec price = price_in_bar(&ticket->order, bar);
    return price == DEC_NONE ? 0 : fill_at(engine, ticket, price, bar->end[0], bar->end[0], NULL, error);
}

/* A market exit is before the legs of its position: it has been decided, they are there in case it was not. */
enum phase { OPEN_MARKET_EXITS, OPEN_EXITS, OPEN_ENTRIES, BAR_STOPS, BAR_LIMITS, PHASES };

static bool takes_part(const struct order *order, enum phase phase)
{
    switch (phase) {
    case OPEN_MARKET_EXITS:
        return order->order_type == ORDER_MARKET && order_is_reducing(order);
    case OPEN_EXITS:
        return order->order_type != ORDER_MARKET && order_is_reducing(order);
    case OPEN_ENTRIES:
        return !order_is_reducing(order);
    case BAR_STOPS:
        return order->order_type == ORDER_STOP;
    default:
        return order->order_type == ORDER_LIMIT;
    }
}

/* Fills remove tickets and add others while we walk: those that worked before the bar, up to serial `before`, take
 * part, and so do those up to `last`: the stops of entries that filled at its open. */
static int match_phase(struct engine *engine, int slot, uint64_t before, uint64_t last, enum phase phase,
                       const struct bars *bar, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    const bool at_open = phase <= OPEN_ENTRIES;
    uint64_t done = 0;
    for (size_t i = 0; i < ledger->tickets && ledger->ticket[i]->serial <= last;) {
        struct ticket *ticket = ledger->ticket[i++];
        if (ticket->serial <= done || ticket->slot != slot || !takes_part(&ticket->order, phase) ||
            (ticket->serial <= before && ticket->from > bar->opens[0]))
            continue;
        /* When in a bar its prices were is not known: what ends within it has had its chance at the open. */
        if (!at_open && ticket->order.valid_until != TIME_NONE && ticket->order.valid_until < bar->end[0])
            continue;
        const dec price = at_open ? price_at_open(&ticket->order, bar->open[0]) : price_in_bar(&ticket->order, bar);
        if (price == DEC_NONE)
            continue;
        done = ticket->serial;
        i = 0;
        struct ticket *born = NULL;
        if (fill_at(engine, ticket, price, at_open ? bar->opens[0] : bar->end[0], bar->end[0], &born, error) != 0 ||
            (!at_open && born != NULL && match_born(engine, born, bar, error) != 0))
            return -1;
    }
    return 0;
}

static int match_bar(struct engine *engine, int slot, const struct bars *bar, struct error *error)
{
    const uint64_t before = engine->ledger->orders;
    for (enum phase phase = OPEN_MARKET_EXITS; phase < PHASES && engine->ledger->slot[slot].working > 0; phase++) {
        /* All that the open decides is before the course of the bar: no entry is paid with what a stop brings later. */
        const uint64_t last = phase == BAR_STOPS ? engine->ledger->orders : before;
        if (match_phase(engine, slot, before, last, phase, bar, error) != 0)
            return -1;
    }
    return 0;
}

static int emit_mark(struct engine *engine, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    struct mark mark = {.time = bar->end[0], .interval = interval, .bar = bar->time[0], .price = bar->close[0]};
    memcpy(mark.symbol, ledger_symbol(ledger, slot), strlen(ledger_symbol(ledger, slot)) + 1);
    memcpy(mark.account, ledger->terms.account, sizeof mark.account);
    return engine_event(engine, RECORD_MARK, &mark, error);
}

int engine_bar(struct engine *engine, int slot, struct interval interval, const struct bars *bar, struct error *error)
{
    struct ledger *ledger = engine->ledger;
    if (!engine_concerns(ledger, slot))
        return 0;
    /* What traded before a split has prices of before; orders and marks are of after it. */
    const int64_t split = ledger->slot[slot].split;
    if (bar->end[0] <= split)
        return 0;
    if (ledger->slot[slot].working > 0 && bar->opens[0] >= split &&
        (engine_expire(engine, slot, bar->opens[0], error) != 0 || match_bar(engine, slot, bar, error) != 0))
        return -1;
    if (engine->marks)
        return emit_mark(engine, slot, interval, bar, error);
    return ledger_mark(ledger, slot, interval, bar->time[0], bar->end[0], bar->close[0], error);
}
