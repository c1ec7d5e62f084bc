/* What a venue reports, and what it means for the account. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

/* Says what a venue has done that nobody asked for, or not done that it was asked. */
static int alert(struct order_manager *manager, const struct report *report, const struct order *order,
                 struct error *error)
{
    const bool rejects = report->kind == REPORT_CANCEL_REJECTED || report->kind == REPORT_REPLACE_REJECTED;
    struct alert alert = {
        .time = report->time, .level = rejects ? ALERT_WARNING : ALERT_CRITICAL, .mode = manager->ledger->terms.mode};
    char about[3 * ID_SIZE]; /* for the id: one of this order, report and fill, or moment */
    char text[KEY_SIZE + 200];
    (void)snprintf(text, sizeof text, "order %s, %s by the venue: %s%s%s", order->id,
                   report->kind == REPORT_FILL ? "over for us and filled" : report_kind_text(report->kind),
                   report->fill_id == NULL ? "" : report->fill_id, report->reason[0] == '\0' ? "" : " ",
                   report->reason);
    (void)snprintf(about, sizeof about, "%s-%s-%lld", report_kind_text(report->kind),
                   report->fill_id == NULL ? order->id : report->fill_id,
                   report->fill_id == NULL ? (long long)report->time : 0);
    memcpy(alert.symbol, order->symbol, sizeof alert.symbol);
    memcpy(alert.account, manager->ledger->terms.account, sizeof alert.account);
    memcpy(alert.cause, order->id, sizeof order->id);
    const bool ends =
        report->kind == REPORT_REJECTED || report->kind == REPORT_CANCELLED || report->kind == REPORT_EXPIRED;
    alert.title = rejects                            ? STR("the venue has not done what it was asked")
                  : ends                             ? STR("a position has lost its stop")
                  : report->kind == REPORT_NO_ANSWER ? STR("the venue does not answer")
                                                     : STR("the venue has done what was not asked");
    alert.text = str_of(text);
    if (orders_name(manager, alert.id, "tv", about, order->strategy, error) != 0)
        return -1;
    return orders_emit(manager, RECORD_ALERT, &alert, error);
}

/* The id of the fill that takes one back. */
static int name_bust(struct order_manager *manager, const char *fill_id, char id[static ID_SIZE], struct error *error)
{
    return snprintf(id, ID_SIZE, "%s.bust", fill_id) < ID_SIZE ? 0 : orders_name(manager, id, "tb", fill_id, "", error);
}

/* A fill that no open order is there for: its order is over, or it is taken back. Exits follow the position. */
static int book_loose(struct order_manager *manager, const struct report *report, const struct order *order,
                      const struct fill *taken_back, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    const int slot = ledger_slot(ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(ledger, order->strategy, slot, error);
    const struct instrument *instrument =
        holding < 0 ? NULL : manager->instrument(manager->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    struct execution fill = report->fill;
    char id[ID_SIZE] = "";
    fill.open_order = NULL;
    fill.slot = slot;
    fill.holding = holding;
    fill.role = order->role;
    fill.side = order->side;
    fill.time = report->time;
    fill.multiplier = instrument->multiplier;
    fill.slippage = DEC_NONE;
    fill.rate = NULL;
    fill.lot = "";
    if (taken_back != NULL) {
        fill.role = ROLE_EXIT;
        fill.side = taken_back->side == SIDE_BUY          ? SIDE_SELL
                    : taken_back->side == SIDE_SELL       ? SIDE_BUY
                    : taken_back->side == SIDE_SELL_SHORT ? SIDE_BUY_TO_COVER
                                                          : SIDE_SELL_SHORT;
        fill.quantity = taken_back->quantity;
        fill.price = taken_back->price;
        fill.commission = taken_back->commission == DEC_NONE ? 0 : -taken_back->commission;
        fill.fees = taken_back->fees == DEC_NONE ? 0 : -taken_back->fees;
        fill.lot = taken_back->id; /* what it opened goes, and no other lot */
        if (name_bust(manager, report->fill_id, id, error) != 0)
            return -1;
    }
    if (ledger_amount(ledger, slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0 ||
        orders_book_as(manager, &fill, taken_back == NULL ? order->id : id, taken_back == NULL ? report->fill_id : id,
                       taken_back == NULL ? "" : taken_back->id, error) != 0)
        return -1;
    return orders_fit(manager, holding, 0, report->time, error);
}

/* The order of a report that works no longer. 1; 0: nobody has ever heard of it; -1. */
static int find_over(const struct order_manager *manager, const struct report *report, struct order *order,
                     struct error *error)
{
    return manager->find_order == NULL ? 0 : manager->find_order(manager->context, report->order_id, order, error);
}

/* Was the fill counted already? A venue tells twice what it is not sure to have told. */
static int is_known(const struct order_manager *manager, const char *fill_id, struct fill *fill, struct error *error)
{
    return fill_id == NULL || manager->find_fill == NULL ? 0
                                                         : manager->find_fill(manager->context, fill_id, fill, error);
}

/* 1: it was taken back before. A fill that nobody knows is on its way, or was never told: the venue is asked about the
 * order, and tells both again; where the order is over there is nothing to take back. */
static int take_back(struct order_manager *manager, const struct report *report, const struct order *order,
                     struct error *error)
{
    struct fill fill, undone;
    char id[ID_SIZE];
    const int known = is_known(manager, report->fill_id, &fill, error);
    if (known < 0 || name_bust(manager, report->fill_id, id, error) != 0)
        return -1;
    if (known == 0)
        return report->open_order == NULL ? 0 : orders_note_doubt(manager, report->open_order, report->time, error);
    const int twice = is_known(manager, id, &undone, error);
    return twice != 0 ? twice < 0 ? -1 : 1 : book_loose(manager, report, order, &fill, error);
}

/* A venue whose answer to a replace is lost fills for more than the order says, and is right. What nobody ever asked
 * for is told besides. */
static int make_room(struct order_manager *manager, const struct report *report, struct error *error)
{
    struct open_order *open_order = report->open_order;
    const struct order order = open_order->order;
    const dec wanted = open_order->wanted.quantity;
    dec filled;
    if (dec_add(&filled, open_order->filled, report->fill.quantity) != 0)
        return error_set(error, EXIT_STATE, "order %s: its fill is out of range", open_order->order.id);
    if (filled <= open_order->order.quantity)
        return 0;
    struct order_update update =
        orders_update_of(manager, open_order, open_order->status, report->time, "as much as the venue fills");
    update.quantity = wanted > filled ? wanted : filled;
    if (orders_event(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
        return -1;
    return wanted >= filled ? 0 : alert(manager, report, &order, error);
}

/* A fill of an order that works: 1: it was counted before. */
static int book(struct order_manager *manager, struct report *report, struct error *error)
{
    struct fill fill;
    const int known = is_known(manager, report->fill_id, &fill, error);
    if (known != 0)
        return known;
    if (!report->assumed) {
        if (report->instrument == NULL && (report->instrument = manager->instrument(
                                               manager->context, report->open_order->order.symbol, error)) == NULL)
            return -1;
        const dec commission = report->fill.commission, fees = report->fill.fees;
        orders_fill_in(report);
        report->fill.commission = commission;
        report->fill.fees = fees;
        report->last = false;
        orders_note_fill(report->open_order);
        if (manager->remote && make_room(manager, report, error) != 0)
            return -1;
        if (ledger_amount(manager->ledger, report->fill.slot, report->fill.quantity, report->fill.price,
                          report->fill.multiplier, &report->fill.amount, error) != 0)
            return -1;
    }
    return orders_fill(manager, report, error);
}

static int end(struct order_manager *manager, const struct report *report, struct error *error)
{
    const struct open_order *open_order = report->open_order;
    enum order_status status = STATUS_CANCELED;
    if (report->kind == REPORT_EXPIRED)
        status = STATUS_EXPIRED;
    else if (report->kind == REPORT_REJECTED && open_order->filled == 0)
        status = STATUS_REJECTED;
    return orders_update(manager, open_order, status, report->time,
                         report->kind == REPORT_NOT_FOUND ? "not found" : report->reason, error);
}

/* A stop that a venue ends by itself may leave a position without one: nobody has asked for that, so it is told. */
static int end_there(struct order_manager *manager, const struct report *report, struct error *error)
{
    const struct open_order *open_order = report->open_order;
    const struct order order = open_order->order; /* it goes */
    const int holding = open_order->holding;
    const bool asked = open_order->request == REQUEST_CANCEL;
    if (end(manager, report, error) != 0)
        return -1;
    const struct ledger *ledger = manager->ledger;
    const bool bare = !asked && order.role == ROLE_STOP && ledger_unprotected(ledger, &ledger->holding[holding]) > 0;
    return bare ? alert(manager, report, &order, error) : 0;
}

/* Of an order that is over only fills count, and fills that are taken back. */
static int report_of_over(struct order_manager *manager, const struct order_step *step, const struct report *report,
                          struct error *error)
{
    struct order order;
    struct fill fill;
    if ((step->flags & (STEP_BOOK | STEP_UNDO)) == 0)
        return 0;
    const int found = find_over(manager, report, &order, error);
    if (found <= 0)
        return found < 0 ? -1
                         : error_set(error, EXIT_STATE, "the venue reported a fill of an unknown order: %s",
                                     report->order_id);
    const int known = (step->flags & STEP_UNDO) != 0 ? take_back(manager, report, &order, error)
                                                     : is_known(manager, report->fill_id, &fill, error);
    if (known != 0)
        return known < 0 ? -1 : 0;
    if ((step->flags & STEP_BOOK) != 0 && book_loose(manager, report, &order, NULL, error) != 0)
        return -1;
    return alert(manager, report, &order, error);
}

/* A trail comes nearer. One that has not may be an old one, told again: the venue is asked. */
static int follow(struct order_manager *manager, struct open_order *open_order, const struct report *report,
                  struct error *error)
{
    const dec now = open_order->order.stop_price, then = report->stop_price;
    if (manager->remote && (then == DEC_NONE || then == now))
        return 0;
    const bool nearer = now == DEC_NONE || (side_sign(open_order->order.side) < 0 ? then > now : then < now);
    return manager->remote && !nearer ? orders_note_doubt(manager, open_order, report->time, error)
                                      : orders_move_stop(manager, open_order, then, report->time, "trail", error);
}

/* What is not about a fill, in the order in which one leads to the next. */
static int carry_out(struct order_manager *manager, const struct order_step *step, const struct report *report,
                     struct error *error)
{
    struct open_order *open_order = report->open_order;
    if (manager->remote && (step->flags & (STEP_END | STEP_UNDO)) == 0 &&
        orders_carry_out(manager, open_order, step, report, error) != 0)
        return -1;
    if (report->kind == REPORT_TRIGGERED)
        return manager->remote && open_order->triggered != TIME_NONE
                   ? 0
                   : orders_trigger(manager, open_order, report->time, error);
    if (report->kind == REPORT_TRAILED)
        return follow(manager, open_order, report, error);
    const struct order order = open_order->order; /* it may go */
    if ((step->flags & STEP_END) != 0 && end(manager, report, error) != 0)
        return -1;
    if ((step->flags & STEP_UNDO) != 0) {
        const int undone = take_back(manager, report, &order, error);
        if (undone != 0)
            return undone < 0 ? -1 : 0;
    }
    const bool silent = report->kind == REPORT_NO_ANSWER && orders_is_silent(open_order);
    return (step->flags & STEP_ALERT) != 0 || silent ? alert(manager, report, &order, error) : 0;
}

/* Does a report say how an order stands, so that with it all of its fills have to be there? */
static bool is_account(const struct order_step *step, enum report_kind kind)
{
    return (step->flags & STEP_END) != 0 || kind == REPORT_STANDING;
}

static int report_of_working(struct order_manager *manager, struct report *report, struct error *error)
{
    struct open_order *open_order = report->open_order;
    const struct order_step *step = order_step(orders_stage(open_order), open_order_request(open_order), report->kind);
    if (manager->remote) {
        if ((report->kind == REPORT_STANDING || report->kind == REPORT_NOT_FOUND) &&
            !orders_is_answer(open_order, report))
            return 0;
        /* Not all of its fills have come: they are asked for, and this is told again behind them. */
        if (is_account(step, report->kind) && report->filled > open_order->filled)
            return orders_note_doubt(manager, open_order, report->time, error);
    }
    if (step->flags == STEP_BOOK)
        return book(manager, report, error) < 0 ? -1 : 0;
    if (step->flags == STEP_END)
        return manager->remote ? end_there(manager, report, error) : end(manager, report, error);
    return step->flags == 0 && !manager->remote ? 0 : carry_out(manager, step, report, error);
}

int orders_report(struct order_manager *manager, struct report *report, struct error *error)
{
    if (report->kind == REPORT_PLACE_OVER)
        return orders_wake(manager, error);
    if (report->kind == REPORT_FILL && report->assumed && orders_judge(manager, report, error) != 0)
        return -1;
    if (report->open_order != NULL && !manager->remote)
        return report_of_working(manager, report, error);
    if (report->open_order == NULL)
        report->open_order = ledger_open_order(manager->ledger, report->order_id);
    const int status = report->open_order != NULL
                           ? report_of_working(manager, report, error)
                           : report_of_over(manager, order_step(STAGE_OVER, REQUEST_NONE, report->kind), report, error);
    return status == 0 ? orders_wake(manager, error) : -1; /* nobody walks over the orders */
}
