/* Changing a working order. */
#include "order/internal.h"

#include "record/order_kinds.h"

#include <string.h>

/* What the order would be, of what is left of it. NULL, or why it cannot be. */
static const char *make_candidate(struct order *candidate, const struct open_order *open_order,
                                  const struct replace *replace)
{
    const struct order_kind *kind = order_kind(open_order->order.order_type);
    *candidate = open_order->order;
    candidate->time = replace->time;
    candidate->quantity = open_order->order.quantity - open_order->filled;
    if (open_order->request == REQUEST_CANCEL)
        return "its cancel is under way";
    if (kind == NULL || (replace->limit_price != DEC_NONE && !kind->limit))
        return "an order of this type has no limit_price";
    if (replace->stop_price != DEC_NONE && !kind->stop && !kind->trail)
        return "an order of this type has no stop_price";
    if (replace->stop_price != DEC_NONE && !open_order_is_waiting(open_order))
        return "its stop_price has already triggered it";
    if (replace->quantity != DEC_NONE && order_is_leg(&open_order->order))
        return "the quantity of a leg follows its position";
    if (replace->quantity != DEC_NONE && replace->quantity <= open_order->filled)
        return "not above the quantity already filled";
    if (replace->quantity != DEC_NONE)
        candidate->quantity = replace->quantity - open_order->filled;
    if (replace->limit_price != DEC_NONE)
        candidate->limit_price = replace->limit_price;
    if (replace->stop_price != DEC_NONE)
        candidate->stop_price = replace->stop_price;
    return NULL;
}

/* Asks the limits as if the order did not work yet: nothing is left of it meanwhile. */
static int check_limits(struct order_manager *manager, struct open_order *open_order,
                        const struct instrument *instrument, const struct order *candidate, struct refusal *refusal,
                        struct error *error)
{
    const dec quantity = open_order->order.quantity;
    open_order->order.quantity = open_order->filled;
    ledger_recost(manager->ledger, open_order);
    const int refused = risk_check(manager->ledger, &manager->limits, instrument, candidate, refusal, error);
    open_order->order.quantity = quantity;
    ledger_recost(manager->ledger, open_order);
    return refused;
}

static int change(struct order_manager *manager, const struct open_order *open_order, const struct replace *replace,
                  int64_t now, struct error *error)
{
    struct order_update update = orders_update_of(manager, open_order, open_order->status, now, "replaced");
    if (manager->remote)
        return orders_want(manager, open_order, replace, now, "replaced", error) == 0 ? 1 : -1;
    update.quantity = replace->quantity;
    update.limit_price = replace->limit_price;
    update.stop_price = replace->stop_price;
    update.revision = open_order->revision + 1;
    if (manager->orders && orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
        return -1;
    return ledger_replace(manager->ledger, open_order, replace, now, error) == 0 ? 1 : -1;
}

/* Does it say what is so already, or what was so before a later one? Then it has come before. */
static bool is_known(const struct open_order *open_order, const struct replace *replace, int64_t now)
{
    const struct order *order = &open_order->order;
    if (open_order->request == REQUEST_REPLACE) /* it will not stay as it is */
        return false;
    return (open_order->revision > 0 && now < open_order->from) ||
           ((replace->quantity == DEC_NONE || replace->quantity == order->quantity) &&
            (replace->limit_price == DEC_NONE || replace->limit_price == order->limit_price) &&
            (replace->stop_price == DEC_NONE || replace->stop_price == order->stop_price));
}

int orders_replace(struct order_manager *manager, const struct replace *replace, int64_t now, struct refusal *refusal,
                   struct error *error)
{
    struct open_order *open_order = ledger_open_order(manager->ledger, replace->order_id);
    struct order candidate = {.time = replace->time};
    if (open_order == NULL) {
        memcpy(candidate.id, replace->order_id, sizeof candidate.id);
        return orders_refuse(manager, refusal, &candidate, "NOT_WORKING", "no order with this id is working");
    }
    if (is_known(open_order, replace, now))
        return 2;
    const char *why = make_candidate(&candidate, open_order, replace);
    if (why != NULL)
        return orders_refuse(manager, refusal, &candidate, "REPLACE", why);
    const struct instrument *instrument = manager->instrument(manager->context, candidate.symbol, error);
    if (instrument == NULL)
        return -1;
    manager->limits.now = now;
    if (!order_is_on_tick(&candidate, instrument->tick_size))
        return orders_refuse(manager, refusal, &candidate, "TICK_SIZE", "a price is not a multiple of the tick size");
    const bool smaller = replace->limit_price == DEC_NONE && replace->stop_price == DEC_NONE &&
                         replace->quantity <= open_order->filled + open_order_rest(open_order);
    const bool asks = !order_is_leg(&candidate) && !smaller;
    const int refused = asks ? check_limits(manager, open_order, instrument, &candidate, refusal, error) : 0;
    return refused != 0 ? refused == 1 ? 0 : -1 : change(manager, open_order, replace, now, error);
}
