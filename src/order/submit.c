/* Orders in: submitted and cancelled. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

int orders_cancel(struct order_manager *manager, const char *order_id, int64_t time, const char *reason,
                  struct error *error)
{
    struct open_order *open_order = ledger_open_order(manager->ledger, order_id);
    if (open_order == NULL)
        return 0;
    return orders_withdraw(manager, open_order, STATUS_CANCELED, time, reason, error) == 0 &&
                   orders_wake(manager, error) == 0
               ? 1
               : -1;
}

/* Who wants out does not want in. The legs stay: what an exit has not sold yet they protect, and it fills before them.
 */
static int clear_way(struct order_manager *manager, int holding, int64_t now, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (const struct open_order *open_order = ledger->symbol_state[ledger->holding[holding].slot].open_order, *next;
         open_order != NULL; open_order = next) {
        next = open_order->next;
        if (open_order->holding == holding && !order_is_reducing(&open_order->order) &&
            orders_withdraw(manager, open_order, STATUS_CANCELED, now, "exit", error) != 0)
            return -1;
    }
    return orders_wake(manager, error);
}

int orders_refuse(const struct order_manager *manager, struct refusal *refusal, const struct order *order,
                  const char *code, const char *message)
{
    *refusal = (struct refusal){
        .time = order->time, .limit = DEC_NONE, .observed = DEC_NONE, .mode = manager->ledger->terms.mode};
    memcpy(refusal->symbol, order->symbol, sizeof refusal->symbol);
    memcpy(refusal->account, order->account, sizeof refusal->account);
    memcpy(refusal->strategy, order->strategy, sizeof refusal->strategy);
    memcpy(refusal->order_id, order->id, sizeof refusal->order_id);
    memcpy(refusal->cause, order->cause, sizeof refusal->cause);
    (void)snprintf(refusal->code, sizeof refusal->code, "%s", code);
    (void)snprintf(refusal->message, sizeof refusal->message, "%s", message);
    return 0;
}

/* Is the lot open that an order wants to close? */
static bool has_lot(const struct ledger *ledger, const struct order *order)
{
    const struct holding *holding = ledger_holding(ledger, order->strategy, ledger_find_slot(ledger, order->symbol));
    for (size_t i = 0; holding != NULL && i < holding->lots; i++)
        if (strcmp(holding->lot[i].fill, order->lot) == 0)
            return order_is_reducing(order) && (holding->lot[i].quantity > 0) != (side_sign(order->side) > 0);
    return false;
}

int orders_submit(struct order_manager *manager, const struct order *order, int64_t now, struct refusal *refusal,
                  struct error *error)
{
    const struct order_kind *kind = order_kind(order->order_type);
    require(kind != NULL);
    if (order->time_in_force == TIF_GTD && order->valid_until == TIME_NONE)
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE", "gtd needs a date (expires)");
    if (!order_kind_lasts(kind, order->time_in_force))
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE",
                             "ioc, fok, opg and cls are only for market and limit orders");
    if (order->expires != TIME_NONE && order->time_in_force != TIF_GTD)
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE", "a date (expires) is only for gtd");
    const char *fault = order_legs_fault(order);
    if (fault != NULL)
        return orders_refuse(manager, refusal, order, "LEGS", fault);
    if (strlen(order->id) > ORDERS_ID_MAX)
        return orders_refuse(manager, refusal, order, "ORDER_ID", "the id of an order has at most 50 characters");
    if (ledger_open_order(manager->ledger, order->id) != NULL)
        return orders_refuse(manager, refusal, order, "DUPLICATE", "an order with this id is already working");
    manager->limits.now = now;
    const bool waits = order->oto[0] != '\0';
    if (waits && ledger_open_order(manager->ledger, order->oto) == NULL)
        return orders_refuse(manager, refusal, order, "OTO", "the order that it follows (oto) is not working");
    const struct instrument *instrument = manager->instrument(manager->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    /* What an exit may sell is known when it is sent. */
    const int refused = waits && order_is_reducing(order)
                            ? 0
                            : risk_check(manager->ledger, &manager->limits, instrument, order, refusal, error);
    if (refused != 0)
        return refused == 1 ? 0 : -1;
    if (order->lot[0] != '\0' && !has_lot(manager->ledger, order))
        return orders_refuse(manager, refusal, order, "NO_LOT",
                             "the lot that it names is not open or is on the wrong side");
    const int slot = ledger_slot(manager->ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(manager->ledger, order->strategy, slot, error);
    return holding >= 0 && orders_accept(manager, order, slot, holding, now, error) == 0 ? 1 : -1;
}

/* What orders_submit asks before, an order of risk_decide_at passes for these reasons. Its form is right: market, day
 * or gtc, legs with prices above 0 and only on entries, a short id, and none that works, since then there would have
 * been no order. For an entry the limits were asked last of all, with the same order and terms. For an exit they ask
 * that it takes no more than is held less the exits at the market that work, and that is what it is of. What was
 * cancelled since has only made room. */
int orders_accept(struct order_manager *manager, const struct order *order, int slot, int holding, int64_t now,
                  struct error *error)
{
    if (manager->ledger->symbol_state[slot].working > 0 && order_is_reducing(order) && !order_is_leg(order) &&
        order->oto[0] == '\0' && clear_way(manager, holding, now, error) != 0)
        return -1;
    return orders_place(manager, order, slot, holding, now, NULL, error);
}

int orders_place(struct order_manager *manager, const struct order *order, int slot, int holding, int64_t time,
                 struct open_order **open_order, struct error *error)
{
    if ((!manager->ledger->symbol_state[slot].compared &&
         orders_say_instrument(manager, order->symbol, slot, time, error) != 0) ||
        orders_emit(manager, RECORD_ORDER, order, error) != 0)
        return -1;
    struct open_order *added = ledger_add_order(manager->ledger, order, slot, holding, error);
    if (open_order != NULL)
        *open_order = added;
    return added == NULL                      ? -1
           : added->sleeps || manager->remote ? 0
                                              : orders_update(manager, added, STATUS_ACCEPTED, time, "", error);
}
