/* One bar against the working orders of its symbol. */
#include "sim/internal.h"

#include <string.h>

/* What a fill would be at; DEC_NONE: there is none. */
struct offer {
    dec price, unslipped;
};

static int slip(const struct engine *engine, const struct order *order, dec price, struct offer *offer,
                struct error *error)
{
    offer->unslipped = price;
    const struct instrument *instrument = engine->instrument(engine->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    if (costs_slip(&engine->costs, instrument, side_sign(order->side), price, &offer->price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", order->id);
    return 0;
}

/* The price the open gives an order, DEC_NONE when it gives none. Limits take the better open and do not slip. */
static int price_at_open(const struct engine *engine, const struct order *order, dec open, struct offer *offer,
                         struct error *error)
{
    const int sign = side_sign(order->side);
    *offer = (struct offer){DEC_NONE, DEC_NONE};
    if (order->order_type == ORDER_LIMIT) {
        if (sign > 0 ? open < order->limit_price : open > order->limit_price)
            *offer = (struct offer){open, open};
        return 0;
    }
    if (order->order_type == ORDER_STOP && !(sign > 0 ? open >= order->stop_price : open <= order->stop_price))
        return 0;
    return slip(engine, order, open, offer, error);
}

/* The price the course of the bar after its open gives an order. */
static int price_in_bar(const struct engine *engine, const struct order *order, const struct candle *candle,
                        struct offer *offer, struct error *error)
{
    const int sign = side_sign(order->side);
    *offer = (struct offer){DEC_NONE, DEC_NONE};
    if (order->order_type == ORDER_LIMIT) {
        if (sign > 0 ? candle->low < order->limit_price : candle->high > order->limit_price)
            *offer = (struct offer){order->limit_price, order->limit_price};
        return 0;
    }
    if (order->order_type != ORDER_STOP ||
        !(sign > 0 ? candle->high >= order->stop_price : candle->low <= order->stop_price))
        return 0;
    return slip(engine, order, order->stop_price, offer, error);
}

/* A stop leg that its entry brought into being on this very bar. */
static int match_born(struct engine *engine, const char *id, const struct candle *candle, struct error *error)
{
    struct ticket *ticket = id[0] == '\0' ? NULL : ledger_ticket(engine->ledger, id);
    if (ticket == NULL)
        return 0;
    struct offer offer;
    if (price_in_bar(engine, &ticket->order, candle, &offer, error) != 0)
        return -1;
    if (offer.price == DEC_NONE)
        return 0;
    return engine_fill(engine, ticket, offer.price, offer.unslipped, candle->end, candle->end, NULL, error);
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
        struct offer offer;
        if ((at_open ? price_at_open(engine, &ticket->order, candle->open, &offer, error)
                     : price_in_bar(engine, &ticket->order, candle, &offer, error)) != 0)
            return -1;
        if (offer.price == DEC_NONE)
            continue;
        done = ticket->serial;
        i = 0;
        char born[ID_SIZE];
        const int64_t time = at_open ? candle->opens : candle->end;
        if (engine_fill(engine, ticket, offer.price, offer.unslipped, time, candle->end, born, error) != 0 ||
            match_born(engine, born, candle, error) != 0)
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
