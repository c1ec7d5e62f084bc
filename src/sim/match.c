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
static dec price_in_bar(const struct order *order, const struct candle *candle)
{
    const int sign = side_sign(order->side);
    if (order->order_type == ORDER_LIMIT)
        return (sign > 0 ? candle->low < order->limit_price : candle->high > order->limit_price) ? order->limit_price
                                                                                                 : DEC_NONE;
    if (order->order_type != ORDER_STOP ||
        !(sign > 0 ? candle->high >= order->stop_price : candle->low <= order->stop_price))
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

/* A stop leg that its entry brought into being on this very bar. */
static int match_born(struct engine *engine, struct ticket *ticket, const struct candle *candle, struct error *error)
{
    const dec price = price_in_bar(&ticket->order, candle);
    return price == DEC_NONE ? 0 : fill_at(engine, ticket, price, candle->end, candle->end, NULL, error);
}

enum phase { OPEN_EXITS, OPEN_ENTRIES, BAR_STOPS, BAR_LIMITS, PHASES };

static bool takes_part(const struct order *order, enum phase phase)
{
    switch (phase) {
    case OPEN_EXITS:
        return order_is_reducing(order);
    case OPEN_ENTRIES:
        return !order_is_reducing(order);
    case BAR_STOPS:
        return order->order_type == ORDER_STOP;
    default:
        return order->order_type == ORDER_LIMIT;
    }
}

/* Fills remove tickets and add others while we walk: those worked before the bar, up to serial `last`, take part. */
static int match_phase(struct engine *engine, int slot, uint64_t last, enum phase phase, const struct candle *candle,
                       struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    const bool at_open = phase == OPEN_EXITS || phase == OPEN_ENTRIES;
    uint64_t done = 0;
    for (size_t i = 0; i < ledger->tickets && ledger->ticket[i]->serial <= last;) {
        struct ticket *ticket = ledger->ticket[i++];
        if (ticket->serial <= done || ticket->slot != slot || ticket->from > candle->opens ||
            !takes_part(&ticket->order, phase))
            continue;
        const dec price = at_open ? price_at_open(&ticket->order, candle->open) : price_in_bar(&ticket->order, candle);
        if (price == DEC_NONE)
            continue;
        done = ticket->serial;
        i = 0;
        struct ticket *born = NULL;
        if (fill_at(engine, ticket, price, at_open ? candle->opens : candle->end, candle->end, &born, error) != 0 ||
            (born != NULL && match_born(engine, born, candle, error) != 0))
            return -1;
    }
    return 0;
}

static int match_bar(struct engine *engine, int slot, const struct candle *candle, struct error *error)
{
    const uint64_t last = engine->ledger->orders;
    for (enum phase phase = OPEN_EXITS; phase < PHASES && engine->ledger->slot[slot].working > 0; phase++)
        if (match_phase(engine, slot, last, phase, candle, error) != 0)
            return -1;
    return 0;
}

static int emit_mark(struct engine *engine, int slot, struct interval interval, const struct candle *candle,
                     struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    struct mark mark = {.time = candle->end, .interval = interval, .bar = candle->time, .price = candle->close};
    memcpy(mark.symbol, ledger_symbol(ledger, slot), strlen(ledger_symbol(ledger, slot)) + 1);
    memcpy(mark.account, ledger->terms.account, sizeof mark.account);
    return engine_event(engine, RECORD_MARK, &mark, error);
}

int engine_bar(struct engine *engine, int slot, struct interval interval, const struct candle *candle,
               struct error *error)
{
    struct ledger *ledger = engine->ledger;
    if (!engine_concerns(ledger, slot))
        return 0;
    /* What traded before a split has prices of before; orders and marks are of after it. */
    const int64_t split = ledger->slot[slot].split;
    if (candle->end <= split)
        return 0;
    if (candle->opens >= split && ledger->slot[slot].working > 0 && match_bar(engine, slot, candle, error) != 0)
        return -1;
    if (engine->marks)
        return emit_mark(engine, slot, interval, candle, error);
    return ledger_mark(ledger, slot, interval, candle->time, candle->end, candle->close, error);
}
