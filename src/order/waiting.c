/* Orders that are sent when another has filled. What the end of that one means for them the ledger knows (`due`); here
 * it is done, once nobody walks over the working orders. */
#include "order/internal.h"

#include <string.h>

/* An exit is for what there is to sell by now. */
static int size_exit(struct order_manager *manager, const struct open_order *open_order, int64_t time, bool *over,
                     struct error *error)
{
    struct order order = open_order->order;
    struct refusal refusal;
    const struct instrument *instrument = manager->instrument(manager->context, order.symbol, error);
    if (instrument == NULL)
        return -1;
    order.quantity = open_order->order.quantity - open_order->filled;
    const int refused = risk_check(manager->ledger, &manager->limits, instrument, &order, &refusal, error);
    if (refused <= 0)
        return refused;
    *over = strcmp(refusal.code, "EXIT_EXCEEDS_POSITION") != 0 || refusal.limit <= 0;
    return *over ? orders_update(manager, open_order, STATUS_CANCELED, time, refusal.code, error)
                 : orders_resize(manager, open_order, refusal.limit, time, error);
}

static int wake(struct order_manager *manager, const struct open_order *open_order, struct error *error)
{
    const int64_t time = open_order->due_at;
    bool over = false;
    if (open_order->due == DUE_CANCEL)
        return orders_update(manager, open_order, STATUS_CANCELED, time, "oto", error);
    if (order_is_reducing(&open_order->order) && size_exit(manager, open_order, time, &over, error) != 0)
        return -1;
    return over ? 0
                : orders_update(manager, open_order, manager->remote ? STATUS_PENDING_NEW : STATUS_ACCEPTED, time,
                                "oto", error);
}

int orders_wake_due(struct order_manager *manager, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    while (ledger->due > 0) { /* the end of one may be what another waits for */
        size_t i = 0;
        while (ledger->open_order[i]->due == DUE_NOTHING)
            i++;
        if (wake(manager, ledger->open_order[i], error) != 0)
            return -1;
    }
    return 0;
}
