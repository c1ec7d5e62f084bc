/* A fill and what follows from it: the update, the cancelled sibling, the protective legs of an entry. */
#include "sim/internal.h"

#include "base/digits.h"

#include <string.h>

static int overflow(const struct ticket *ticket, struct error *error)
{
    return error_set(error, EXIT_STATE, "order %s: its fill is out of range", ticket->order.id);
}

/* Can the account pay for this fill? A short sale needs 50 % of its amount besides (Regulation T). */
static int can_pay(const struct engine *engine, const struct ticket *ticket, dec amount, dec commission, int64_t time,
                   bool *can, struct error *error)
{
    dec power, needed;
    if (ledger_buying_power_at(engine->ledger, time, &power, error) != 0)
        return -1;
    const dec own = side_sign(ticket->order.side) > 0 ? amount : amount / 2;
    if (dec_add(&needed, own, commission) != 0)
        return overflow(ticket, error);
    *can = needed <= power;
    return 0;
}

static bool is_beyond_stop(const struct order *order, dec price)
{
    for (int i = 0; i < order->leg_count; i++)
        if (order->legs[i].role == ROLE_STOP &&
            (side_sign(order->side) > 0 ? price <= order->legs[i].stop_price : price >= order->legs[i].stop_price))
            return true;
    return false;
}

/* The protective legs of an entry, sized to what has filled. */
static int place_legs(struct engine *engine, const struct order *filled, dec quantity, int64_t time, int64_t bar_end,
                      char *born, struct error *error)
{
    const struct order copy = *filled, *entry = &copy; /* a leg may take the memory of the entry that is gone */
    for (int i = 0; i < entry->leg_count; i++) {
        const struct leg *leg = &entry->legs[i];
        struct order order = {.time = time,
                              .side = side_sign(entry->side) > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                              .quantity = quantity,
                              .order_type = leg->order_type,
                              .limit_price = leg->limit_price,
                              .stop_price = leg->stop_price,
                              .reference_price = DEC_NONE,
                              .time_in_force = TIF_GTC,
                              .valid_until = TIME_NONE,
                              .role = leg->role,
                              .reduce_only = 1,
                              .attempt = entry->attempt,
                              .mode = engine->ledger->terms.mode};
        memcpy(order.symbol, entry->symbol, sizeof order.symbol);
        memcpy(order.account, engine->ledger->terms.account, sizeof order.account);
        memcpy(order.strategy, entry->strategy, sizeof order.strategy);
        memcpy(order.signal, entry->signal, sizeof order.signal);
        memcpy(order.parent, entry->id, sizeof order.parent);
        memcpy(order.cause, entry->id, sizeof entry->id);
        if (order_id_make(order.id, engine->hash, order.account, entry->id, leg->role, entry->attempt, error) != 0 ||
            engine_event(engine, RECORD_ORDER, &order, error) != 0)
            return -1;
        const struct ticket *ticket = ledger_ticket(engine->ledger, order.id);
        require(ticket != NULL);
        if (engine_update(engine, ticket, STATUS_ACCEPTED, bar_end, "", error) != 0)
            return -1;
        if (leg->role == ROLE_STOP && born != NULL)
            memcpy(born, order.id, ID_SIZE);
    }
    return 0;
}

static int cancel_siblings(struct engine *engine, const struct order *leg, int64_t time, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    for (size_t i = ledger->tickets; i-- > 0;) {
        const struct ticket *ticket = ledger->ticket[i];
        if (strcmp(ticket->order.parent, leg->parent) == 0 && strcmp(ticket->order.id, leg->id) != 0 &&
            engine_update(engine, ticket, STATUS_CANCELED, time, "oco", error) != 0)
            return -1;
    }
    return 0;
}

void engine_fill_id(char id[static ID_SIZE], const char *order_id, int n)
{
    const size_t length = strnlen(order_id, ENGINE_ID_MAX);
    const unsigned count = digits_count((uint64_t)n);
    memcpy(id, order_id, length);
    id[length] = '.';
    digits_write(id + length + 1, (uint64_t)n, count);
    id[length + 1 + count] = '\0';
}

int engine_fill(struct engine *engine, struct ticket *ticket, dec price, dec unslipped, int64_t time, int64_t bar_end,
                char *born, struct error *error)
{
    struct ledger *ledger = engine->ledger;
    /* The ticket goes when it is final, but can be read until place_legs adds orders. */
    const struct order *order = &ticket->order;
    const struct instrument *instrument = engine->instrument(engine->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    const bool reducing = order_is_reducing(order);
    const int slot = ticket->slot;
    dec quantity = order->quantity - ticket->filled;
    if (born != NULL)
        born[0] = '\0';
    if (reducing) {
        const struct holding *holding = ledger_holding(ledger, order->strategy, slot);
        dec held = holding == NULL ? 0 : holding->quantity;
        if (side_sign(order->side) > 0)
            held = -held;
        if (held <= 0)
            return engine_update(engine, ticket, STATUS_CANCELED, time, "nothing left to reduce", error);
        /* An exit never sells more than there is; a corporate action may have changed that by less than a lot. */
        if (quantity > held)
            quantity = held;
    } else if (is_beyond_stop(order, price)) {
        return engine_update(engine, ticket, STATUS_REJECTED, time, "BEYOND_STOP", error);
    }
    struct fill fill = {.time = time,
                        .role = order->role,
                        .side = order->side,
                        .quantity = quantity,
                        .price = price,
                        .multiplier = instrument->multiplier,
                        .fees = DEC_NONE,
                        .slippage = DEC_NONE,
                        .mode = ledger->terms.mode};
    dec amount;
    if (ledger_amount(ledger, quantity, price, instrument->multiplier, &amount, error) != 0 ||
        costs_commission(&engine->costs, ledger, ticket, quantity, amount, &fill.commission, error) != 0)
        return -1;
    const dec slipped = price > unslipped ? price - unslipped : unslipped - price;
    if (costs_slippage(&engine->costs) &&
        ledger_amount(ledger, quantity, slipped, instrument->multiplier, &fill.slippage, error) != 0)
        return -1;
    if (!reducing) {
        bool can = false;
        if (can_pay(engine, ticket, amount, fill.commission, time, &can, error) != 0)
            return -1;
        if (!can)
            return engine_update(engine, ticket, STATUS_REJECTED, time, "BUYING_POWER", error);
    }
    memcpy(fill.symbol, order->symbol, sizeof fill.symbol);
    memcpy(fill.order_id, order->id, sizeof fill.order_id);
    memcpy(fill.account, ledger->terms.account, sizeof fill.account);
    memcpy(fill.strategy, order->strategy, sizeof fill.strategy);
    memcpy(fill.currency, ledger->terms.currency, sizeof fill.currency);
    engine_fill_id(fill.id, order->id, ticket->fills + 1);
    if (engine_event(engine, RECORD_FILL, &fill, error) != 0 ||
        (ticket->filled == order->quantity
             ? engine_update(engine, ticket, STATUS_FILLED, time, "", error)
             : engine_update(engine, ticket, STATUS_CANCELED, time, "nothing left to reduce", error)) != 0)
        return -1;
    if (order->parent[0] != '\0' && cancel_siblings(engine, order, time, error) != 0)
        return -1;
    if (reducing)
        return engine_clear_flat(engine, order->strategy, slot, time, error);
    return order->leg_count == 0 ? 0 : place_legs(engine, order, quantity, time, bar_end, born, error);
}
