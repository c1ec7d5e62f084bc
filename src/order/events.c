/* What happens to an order, told and then applied. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

int orders_emit(struct order_manager *manager, enum record_type type, const void *value, struct error *error)
{
    const bool heard = manager->orders || (type != RECORD_ORDER && type != RECORD_ORDER_UPDATE);
    return manager->emit != NULL && heard ? manager->emit(manager->context, type, value, error) : 0;
}

int orders_event(struct order_manager *manager, enum record_type type, const void *value, struct error *error)
{
    return orders_emit(manager, type, value, error) == 0 ? ledger_apply(manager->ledger, type, value, error) : -1;
}

struct order_update orders_update_of(const struct order_manager *manager, const struct open_order *open_order,
                                     enum order_status status, int64_t time, const char *reason)
{
    struct order_update update = {.time = time,
                                  .status = status,
                                  .quantity = DEC_NONE,
                                  .filled_quantity = open_order->filled,
                                  .active_price = DEC_NONE,
                                  .even_price = DEC_NONE,
                                  .fall = DEC_NONE,
                                  .limit_price = DEC_NONE,
                                  .stop_price = DEC_NONE,
                                  .triggered = -1,
                                  .mode = manager->ledger->terms.mode};
    memcpy(update.symbol, open_order->order.symbol, sizeof update.symbol);
    memcpy(update.account, manager->ledger->terms.account, sizeof update.account);
    memcpy(update.order_id, open_order->order.id, sizeof update.order_id);
    (void)snprintf(update.reason, sizeof update.reason, "%s", reason);
    update.average_price = orders_average(open_order->price, open_order->filled);
    return update;
}

dec orders_average(__int128 price, dec filled)
{
    const __int128 average = filled > 0 ? (price + filled / 2) / filled : 0;
    return average > 0 && average <= DEC_MAX ? (dec)average : DEC_NONE;
}

int orders_emit_update(struct order_manager *manager, const struct open_order *open_order, enum order_status status,
                       int64_t time, const char *reason, struct error *error)
{
    const struct order_update update = orders_update_of(manager, open_order, status, time, reason);
    return orders_emit(manager, RECORD_ORDER_UPDATE, &update, error);
}

int orders_emit_resize(struct order_manager *manager, const struct open_order *open_order, dec quantity, int64_t time,
                       struct error *error)
{
    const bool grows = quantity > open_order->order.quantity;
    struct order_update update = orders_update_of(manager, open_order, open_order->status, time,
                                                  grows ? "as large as the position" : "reduced to the position");
    update.quantity = quantity;
    return orders_emit(manager, RECORD_ORDER_UPDATE, &update, error);
}

int orders_move_stop(struct order_manager *manager, const struct open_order *open_order, dec stop_price, int64_t time,
                     const char *reason, struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, open_order, open_order->status, time, reason);
        update.stop_price = stop_price;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_stop(manager->ledger, open_order, stop_price);
    return 0;
}

int orders_move_limit(struct order_manager *manager, const struct open_order *open_order, dec limit_price, int64_t time,
                      const char *reason, struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, open_order, open_order->status, time, reason);
        update.limit_price = limit_price;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_limit(manager->ledger, open_order, limit_price);
    return 0;
}

int orders_want(struct order_manager *manager, const struct open_order *open_order, const struct replace *wanted,
                int64_t time, const char *reason, struct error *error)
{
    return orders_ask_replace(manager, ledger_open_order(manager->ledger, open_order->order.id), wanted, time, reason,
                              error);
}

int orders_want_stop(struct order_manager *manager, const struct open_order *open_order, dec stop_price, int64_t time,
                     const char *reason, struct error *error)
{
    const struct replace wanted = {.quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = stop_price};
    return manager->remote ? orders_want(manager, open_order, &wanted, time, reason, error)
                           : orders_move_stop(manager, open_order, stop_price, time, reason, error);
}

int orders_want_limit(struct order_manager *manager, const struct open_order *open_order, dec limit_price, int64_t time,
                      const char *reason, struct error *error)
{
    const struct replace wanted = {.quantity = DEC_NONE, .limit_price = limit_price, .stop_price = DEC_NONE};
    return manager->remote ? orders_want(manager, open_order, &wanted, time, reason, error)
                           : orders_move_limit(manager, open_order, limit_price, time, reason, error);
}

int orders_trigger(struct order_manager *manager, const struct open_order *open_order, int64_t time,
                   struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, open_order, open_order->status, time, "triggered");
        update.triggered = 1;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_trigger(manager->ledger, open_order, time);
    return 0;
}

int orders_name(struct order_manager *manager, char id[static ID_SIZE], const char *prefix, const char *cause,
                const char *strategy, struct error *error)
{
    const char *account = manager->ledger->terms.account;
    uint8_t digest[SHA256_SIZE];
    memcpy(id, prefix, 3);
    if (manager->hash == NULL)
        return 0;
    if (sha256_begin(manager->hash, error) != 0 ||
        sha256_add(manager->hash, account, strlen(account) + 1, error) != 0 ||
        sha256_add(manager->hash, cause, strlen(cause) + 1, error) != 0 ||
        sha256_add(manager->hash, strategy, strlen(strategy) + 1, error) != 0 ||
        sha256_end(manager->hash, digest, error) != 0)
        return -1;
    hash_base32(id + 2, digest, 80);
    return 0;
}
