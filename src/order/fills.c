/* A fill and what follows from it: the update, the cancelled sibling, the protective legs of an entry. */
#include "order/internal.h"

#include "base/digits.h"
#include "market/settlement.h"

#include <stdio.h>
#include <string.h>

static int overflow(const struct open_order *open_order, struct error *error)
{
    return error_set(error, EXIT_STATE, "order %s: its fill is out of range", open_order->order.id);
}

/* Can the account pay for this fill? */
static int can_pay(const struct order_manager *manager, const struct open_order *open_order, dec amount, dec commission,
                   int64_t time, const char **why, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const int currency = ledger->symbol_state[open_order->slot].currency;
    dec power, needed;
    if (ledger_buying_power_at(ledger, time, &power, error) != 0)
        return -1;
    const dec own = ledger_own_money(manager->ledger, open_order->order.side, amount);
    if (dec_add(&needed, own, commission) != 0)
        return overflow(open_order, error);
    bool unrated = false;
    if (currency != 0) {
        const struct rate rate = ledger_rate_before(ledger, currency, time).rate;
        if (rate_convert(&rate, needed, 1, ROUND_UP, &needed) != 0)
            return overflow(open_order, error);
        unrated = ledger_rate(ledger, ledger_currency_code(ledger, currency), time).rate.price == DEC_NONE;
    }
    *why = power == DEC_NONE || needed == DEC_NONE || unrated ? "NO_RATE" : needed <= power ? NULL : "BUYING_POWER";
    return 0;
}

/* Are the fees in another currency than the symbol trades in? They say nothing of it then. */
static bool has_other_fees(const struct order_manager *manager, int slot)
{
    const struct ledger *ledger = manager->ledger;
    const int currency = ledger->symbol_state[slot].currency;
    return manager->costs.fees != NULL && currency != 0 &&
           strcmp(manager->costs.fees->currency, ledger_currency_code(ledger, currency)) != 0;
}

static bool is_beyond_stop(const struct order *order, dec price)
{
    for (int i = 0; i < order->leg_count; i++)
        if (order->legs[i].role == ROLE_STOP && order->legs[i].stop_price != DEC_NONE &&
            (side_sign(order->side) > 0 ? price <= order->legs[i].stop_price : price >= order->legs[i].stop_price))
            return true;
    return false;
}

/* An order of a group has filled: the others are cancelled, whatever their symbols. */
static int cancel_others(struct order_manager *manager, const struct order *order, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (size_t i = ledger->open_orders; i-- > 0;)
        if (&ledger->open_order[i]->order != order && strcmp(ledger->open_order[i]->order.oco, order->oco) == 0 &&
            orders_withdraw(manager, ledger->open_order[i], STATUS_CANCELED, time, "oco", error) != 0)
            return -1;
    return 0;
}

void orders_fill_id(char id[static ID_SIZE], const char *order_id, int n)
{
    const size_t length = strnlen(order_id, ORDERS_ID_MAX);
    const unsigned count = digits_count((uint64_t)n);
    memcpy(id, order_id, length);
    id[length] = '.';
    digits_write(id + length + 1, (uint64_t)n, count);
    id[length + 1 + count] = '\0';
}

/* The record of a fill. */
static int emit_fill(struct order_manager *manager, const struct execution *fill, const char *corrects,
                     struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    struct fill record = {.time = fill->time,
                          .role = fill->role,
                          .side = fill->side,
                          .quantity = fill->quantity,
                          .price = fill->price,
                          .multiplier = fill->multiplier,
                          .commission = fill->commission,
                          .fees = manager->costs.fees == NULL && fill->fees == 0 ? DEC_NONE : fill->fees,
                          .slippage = fill->slippage,
                          .settles = fill->settles > fill->time ? fill->settles : TIME_NONE,
                          .mfe = fill->mfe,
                          .mae = fill->mae,
                          .mode = ledger->terms.mode};
    (void)snprintf(record.symbol, sizeof record.symbol, "%s", ledger_symbol(ledger, fill->slot));
    (void)snprintf(record.id, sizeof record.id, "%s", fill->id);
    (void)snprintf(record.order_id, sizeof record.order_id, "%s", fill->order_id);
    (void)snprintf(record.lot, sizeof record.lot, "%s", fill->lot);
    (void)snprintf(record.corrects, sizeof record.corrects, "%s", corrects);
    memcpy(record.account, ledger->terms.account, sizeof record.account);
    memcpy(record.strategy, ledger->holding[fill->holding].strategy, sizeof record.strategy);
    const int currency = ledger->symbol_state[fill->slot].currency;
    (void)snprintf(record.currency, sizeof record.currency, "%s", ledger_currency_code(ledger, currency));
    const struct money_rate rate = ledger_rate_before(ledger, currency, fill->time);
    ledger_say_rate(ledger, &rate, record.pair, &record.rate, record.cross_pair, &record.cross_rate);
    return orders_emit(manager, RECORD_FILL, &record, error);
}

int orders_book_as(struct order_manager *manager, struct execution *fill, const char *order_id, const char *id,
                   const char *corrects, struct error *error)
{
    fill->number = ++manager->ledger->fills;
    fill->id = id;
    fill->order_id = order_id;
    fill->mfe = fill->mae = DEC_NONE;
    int status = -1;
    if ((manager->executed == NULL || manager->executed(manager->context, fill, error) == 0) &&
        (manager->emit == NULL || emit_fill(manager, fill, corrects, error) == 0))
        status = ledger_book(manager->ledger, fill, error);
    fill->id = ""; /* the memory of the other goes now */
    return status;
}

int orders_book(struct order_manager *manager, struct execution *fill, const char *order_id, struct error *error)
{
    char id[ID_SIZE];
    id[0] = '\0';
    /* Records tell it, and orders with ids of their own may name it. */
    if (manager->emit != NULL || manager->hash != NULL)
        orders_fill_id(id, order_id, fill->open_order == NULL ? 1 : fill->open_order->fills + 1);
    return orders_book_as(manager, fill, order_id, id, "", error);
}

/* The fill as the schedule of fees looks at it. */
static struct fee_trade trade_of(const struct order_manager *manager, const struct report *report)
{
    return costs_trade(manager->ledger, &report->fill, (enum fee_liquidity)report->liquidity,
                       manager->calendar == NULL ? NULL : manager->calendar->zone);
}

/* What a fill costs that is only assumed: its amount, commission, fees and slippage. */
static int price_fill(const struct order_manager *manager, const struct open_order *open_order, struct report *report,
                      struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    struct execution *fill = &report->fill;
    if (ledger_amount(ledger, fill->slot, fill->quantity, fill->price, fill->multiplier, &fill->amount, error) != 0 ||
        costs_commission(&manager->costs, ledger, open_order, fill->quantity, fill->amount, &fill->commission, error) !=
            0)
        return -1;
    if (manager->costs.fees != NULL && !has_other_fees(manager, fill->slot)) {
        const struct fee_trade trade = trade_of(manager, report);
        if (costs_fees(&manager->costs, &trade, fill, error) != 0)
            return -1;
    }
    const dec slipped =
        fill->price > report->unslipped ? fill->price - report->unslipped : report->unslipped - fill->price;
    return report->slips
               ? ledger_amount(ledger, fill->slot, fill->quantity, slipped, fill->multiplier, &fill->slippage, error)
               : 0;
}

/* It is over, and has not filled (any further). */
static int refuse(struct report *report, const char *reason)
{
    report->kind = report->open_order->filled == 0 ? REPORT_REJECTED : REPORT_CANCELLED;
    report->fill.quantity = 0;
    report->reason = reason;
    return 0;
}

int orders_judge(struct order_manager *manager, struct report *report, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct open_order *open_order = report->open_order;
    const struct order *order = &open_order->order;
    struct execution *fill = &report->fill;
    const bool reducing = order_is_reducing(order);
    report->last = false;
    if (reducing) {
        const dec before = ledger->holding[open_order->holding].quantity;
        const dec held = side_sign(order->side) > 0 ? -before : before;
        if (held <= 0) {
            report->kind = REPORT_CANCELLED;
            report->fill.quantity = 0;
            report->reason = "nothing left to reduce";
            return 0;
        }
        /* An exit never sells more than there is; a corporate action may have changed that by less than a lot. */
        report->last = fill->quantity >= held;
        fill->quantity = report->last ? held : fill->quantity;
    } else if (is_beyond_stop(order, report->unslipped)) { /* slippage lifts nobody past his stop */
        return refuse(report, "BEYOND_STOP");
    }
    orders_fill_in(report);
    const bool other_fees = has_other_fees(manager, fill->slot);
    const char *why = !reducing && other_fees ? "FEES_CURRENCY" : NULL;
    if (price_fill(manager, open_order, report, error) != 0 ||
        (!reducing && why == NULL &&
         can_pay(manager, open_order, fill->amount, fill->commission + fill->fees, fill->time, &why, error) != 0))
        return -1;
    if (why != NULL)
        return refuse(report, why);
    fill->settles = TIME_NONE;
    const struct calendar *calendar = symbol_calendar(manager->calendars, manager->calendar, order->symbol);
    if (manager->limits.cash_account && side_sign(order->side) < 0 && calendar != NULL &&
        settlement_time(calendar, fill->time, &fill->settles, error) != 0)
        return -1;
    if (manager->costs.fees == NULL || other_fees)
        return 0;
    const struct fee_trade trade = trade_of(manager, report);
    return fee_book(manager->costs.fees, manager->costs.state, &trade, error);
}

void orders_fill_in(struct report *report)
{
    const struct open_order *open_order = report->open_order;
    struct execution *fill = &report->fill;
    fill->open_order = report->open_order;
    fill->slot = open_order->slot;
    fill->holding = open_order->holding;
    fill->role = open_order->order.role;
    fill->side = open_order->order.side;
    fill->time = report->time;
    fill->multiplier = report->instrument->multiplier;
    fill->commission = fill->fees = 0;
    fill->slippage = DEC_NONE;
    fill->rate = NULL;
    fill->lot = open_order->order.lot;
}

/* What an order is once it has filled: done, over since there is nothing left to reduce, or at work on the rest. */
static int conclude(struct order_manager *manager, const struct open_order *open_order, const struct report *report,
                    struct error *error)
{
    const int64_t time = report->time;
    if (open_order->filled == open_order->order.quantity)
        return orders_update(manager, open_order, STATUS_FILLED, time, "", error);
    if (manager->remote) { /* what is asked of it is asked still, and what is in doubt is */
        struct standing to = orders_standing(open_order);
        to.stage = STAGE_WORKING;
        to.request = open_order->request;
        return orders_stand(manager, ledger_open_order(manager->ledger, open_order->order.id), &to, true, report,
                            error);
    }
    return report->last ? orders_update(manager, open_order, STATUS_CANCELED, time, "nothing left to reduce", error)
                        : orders_update(manager, open_order, STATUS_PARTIALLY_FILLED, time, "", error);
}

/* A leg has filled: the other legs follow it, and what is left of its entry enters nothing any more. */
static int settle_leg(struct order_manager *manager, const struct order *leg, int slot, dec left, int64_t time,
                      struct error *error)
{
    const struct open_order *entry = ledger_open_order(manager->ledger, leg->parent);
    if (entry != NULL && orders_withdraw(manager, entry, STATUS_CANCELED, time, "a leg of it has filled", error) != 0)
        return -1;
    return orders_settle_group(manager, leg, slot, left, time, error);
}

int orders_fill(struct order_manager *manager, struct report *report, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    struct open_order *open_order = report->open_order;
    /* The open order may go when it has filled, but can be read until place_legs adds orders. */
    const struct order *order = &open_order->order;
    const bool reducing = order_is_reducing(order);
    const int64_t time = report->time;
    const dec before = ledger->holding[open_order->holding].quantity;
    dec quantity = report->fill.quantity;
    const int slot = open_order->slot;
    const bool grouped = order->parent[0] != '\0' && order_is_leg(order);
    const dec group = grouped ? orders_group_rest(ledger, slot, order->parent) : 0;
    const bool named = report->fill_id != NULL;
    if ((named ? orders_book_as(manager, &report->fill, order->id, report->fill_id, "", error)
               : orders_book(manager, &report->fill, order->id, error)) != 0 ||
        conclude(manager, open_order, report, error) != 0)
        return -1;
    if ((grouped && settle_leg(manager, order, slot, group - quantity, time, error) != 0) ||
        (order->oco[0] != '\0' && cancel_others(manager, order, time, error) != 0))
        return -1;
    const int holding = open_order->holding, sign = side_sign(order->side);
    if (before != 0 && (before > 0) == (sign < 0) && orders_fit(manager, holding, 0, time, error) != 0)
        return -1;
    /* An entry against a position of its own instance first takes that back: legs protect what it has opened. */
    const dec held = sign * ledger->holding[holding].quantity;
    quantity = quantity < held ? quantity : held;
    if (reducing || order->leg_count == 0 || quantity <= 0)
        return 0;
    const bool more = open_order->fills > 1;
    if (orders_place_legs(manager, open_order, quantity, report, error) != 0)
        return -1;
    /* Those of earlier parts may have shrunk with the position meanwhile. */
    return more ? orders_fit(manager, holding, 0, time, error) : 0;
}
