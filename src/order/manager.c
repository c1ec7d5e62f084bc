/* Orders in, moments through: submitting, cancelling, expiring, corporate actions. Bars are in match.c. */
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

struct order_update orders_update_of(const struct order_manager *manager, const struct ticket *ticket,
                                     enum order_status status, int64_t time, const char *reason)
{
    struct order_update update = {.time = time,
                                  .status = status,
                                  .quantity = DEC_NONE,
                                  .filled_quantity = ticket->filled,
                                  .active_price = DEC_NONE,
                                  .even_price = DEC_NONE,
                                  .fall = DEC_NONE,
                                  .limit_price = DEC_NONE,
                                  .stop_price = DEC_NONE,
                                  .triggered = -1,
                                  .mode = manager->ledger->terms.mode};
    memcpy(update.symbol, ticket->order.symbol, sizeof update.symbol);
    memcpy(update.account, manager->ledger->terms.account, sizeof update.account);
    memcpy(update.order_id, ticket->order.id, sizeof update.order_id);
    (void)snprintf(update.reason, sizeof update.reason, "%s", reason);
    update.average_price = orders_average(ticket->price, ticket->filled);
    return update;
}

dec orders_average(__int128 price, dec filled)
{
    const __int128 average = filled > 0 ? (price + filled / 2) / filled : 0;
    return average > 0 && average <= DEC_MAX ? (dec)average : DEC_NONE;
}

int orders_emit_update(struct order_manager *manager, const struct ticket *ticket, enum order_status status,
                       int64_t time, const char *reason, struct error *error)
{
    const struct order_update update = orders_update_of(manager, ticket, status, time, reason);
    return orders_emit(manager, RECORD_ORDER_UPDATE, &update, error);
}

int orders_emit_resize(struct order_manager *manager, const struct ticket *ticket, dec quantity, int64_t time,
                       struct error *error)
{
    struct order_update update = orders_update_of(manager, ticket, ticket->status, time, "as large as the position");
    update.quantity = quantity;
    return orders_emit(manager, RECORD_ORDER_UPDATE, &update, error);
}

int orders_move_stop(struct order_manager *manager, const struct ticket *ticket, dec stop_price, int64_t time,
                     const char *reason, struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, ticket, ticket->status, time, reason);
        update.stop_price = stop_price;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_stop(manager->ledger, ticket, stop_price);
    return 0;
}

int orders_move_limit(struct order_manager *manager, const struct ticket *ticket, dec limit_price, int64_t time,
                      const char *reason, struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, ticket, ticket->status, time, reason);
        update.limit_price = limit_price;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_limit(manager->ledger, ticket, limit_price);
    return 0;
}

int orders_trigger(struct order_manager *manager, const struct ticket *ticket, int64_t time, struct error *error)
{
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, ticket, ticket->status, time, "triggered");
        update.triggered = 1;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_trigger(manager->ledger, ticket, time);
    return 0;
}

int orders_cancel(struct order_manager *manager, const char *order_id, int64_t time, const char *reason,
                  struct error *error)
{
    struct ticket *ticket = ledger_ticket(manager->ledger, order_id);
    if (ticket == NULL)
        return 0;
    return orders_update(manager, ticket, STATUS_CANCELED, time, reason, error) == 0 && orders_wake(manager, error) == 0
               ? 1
               : -1;
}

/* Who wants out does not want in. The legs stay: what an exit has not sold yet they protect, and it fills before them.
 */
static int clear_way(struct order_manager *manager, int holding, int64_t now, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (const struct ticket *ticket = ledger->slot[ledger->holding[holding].slot].ticket, *next; ticket != NULL;
         ticket = next) {
        next = ticket->next;
        if (ticket->holding == holding && !order_is_reducing(&ticket->order) &&
            orders_update(manager, ticket, STATUS_CANCELED, now, "exit", error) != 0)
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
static bool has_lot(const struct holding *holding, const struct order *order)
{
    for (size_t i = 0; i < holding->lots; i++)
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
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE", "gtd needs its date (expires)");
    if (!order_kind_lasts(kind, order->time_in_force))
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE",
                             "ioc, fok, opg and cls are for market and limit orders: this one waits for a price");
    if (order->expires != TIME_NONE && order->time_in_force != TIF_GTD)
        return orders_refuse(manager, refusal, order, "TIME_IN_FORCE", "only gtd has a date (expires)");
    const char *fault = order_legs_fault(order);
    if (fault != NULL)
        return orders_refuse(manager, refusal, order, "LEGS", fault);
    if (strlen(order->id) > ORDERS_ID_MAX)
        return orders_refuse(manager, refusal, order, "ORDER_ID", "an order's id has at most 50 characters");
    if (ledger_ticket(manager->ledger, order->id) != NULL)
        return orders_refuse(manager, refusal, order, "DUPLICATE", "an order of this id is working");
    if (ledger_advance(manager->ledger, now, error) != 0)
        return -1;
    const bool waits = order->oto[0] != '\0';
    if (waits && ledger_ticket(manager->ledger, order->oto) == NULL)
        return orders_refuse(manager, refusal, order, "OTO", "the order that it is to follow (oto) does not work");
    const struct instrument *instrument = manager->instrument(manager->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    /* What an exit may sell is known when it is sent. */
    const int refused = waits && order_is_reducing(order)
                            ? 0
                            : risk_check(manager->ledger, &manager->limits, instrument, order, refusal, error);
    if (refused != 0)
        return refused == 1 ? 0 : -1;
    const int slot = ledger_slot(manager->ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(manager->ledger, order->strategy, slot, error);
    if (holding >= 0 && order->lot[0] != '\0' && !has_lot(&manager->ledger->holding[holding], order))
        return orders_refuse(manager, refusal, order, "NO_LOT", "it names a lot that is not open, or not of its side");
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
    if (manager->ledger->slot[slot].working > 0 && order_is_reducing(order) && !order_is_leg(order) &&
        order->oto[0] == '\0' && clear_way(manager, holding, now, error) != 0)
        return -1;
    return orders_place(manager, order, slot, holding, now, NULL, error);
}

int orders_place(struct order_manager *manager, const struct order *order, int slot, int holding, int64_t time,
                 struct ticket **ticket, struct error *error)
{
    if (orders_emit(manager, RECORD_ORDER, order, error) != 0)
        return -1;
    struct ticket *added = ledger_add_order(manager->ledger, order, slot, holding, error);
    if (ticket != NULL)
        *ticket = added;
    return added == NULL ? -1 : added->sleeps ? 0 : orders_update(manager, added, STATUS_ACCEPTED, time, "", error);
}

/* The id of what an action does to an instance. Nothing refers to it, so one that nobody reads is just the prefix. */
static int name_by_action(struct order_manager *manager, char id[static ID_SIZE], const char *prefix,
                          const struct action *action, const char *strategy, struct error *error)
{
    const char *account = manager->ledger->terms.account;
    uint8_t digest[SHA256_SIZE];
    memcpy(id, prefix, 3);
    if (manager->hash == NULL)
        return 0;
    if (sha256_begin(manager->hash, error) != 0 ||
        sha256_add(manager->hash, account, strlen(account) + 1, error) != 0 ||
        sha256_add(manager->hash, action->id, strlen(action->id) + 1, error) != 0 ||
        sha256_add(manager->hash, strategy, strlen(strategy) + 1, error) != 0 ||
        sha256_end(manager->hash, digest, error) != 0)
        return -1;
    hash_base32(id + 2, digest, 80);
    return 0;
}

static int pay_dividend(struct order_manager *manager, const struct action *action, const struct holding *holding,
                        struct error *error)
{
    struct cash cash = {.time = action->time, .kind = CASH_DIVIDEND, .rate = DEC_NONE, .settlement_unit = DEC_NONE};
    memcpy(cash.symbol, action->symbol, sizeof cash.symbol);
    memcpy(cash.account, manager->ledger->terms.account, sizeof cash.account);
    memcpy(cash.strategy, holding->strategy, sizeof cash.strategy);
    memcpy(cash.currency, manager->ledger->terms.currency, sizeof cash.currency);
    if (name_by_action(manager, cash.id, "tc", action, holding->strategy, error) != 0)
        return -1;
    cash.reference = str_of(action->id);
    if (ledger_amount(manager->ledger, holding->slot, holding->quantity, action->cash, holding->multiplier,
                      &cash.amount, error) != 0)
        return -1;
    return cash.amount == 0 ? 0 : orders_event(manager, RECORD_CASH, &cash, error);
}

/* The smallest quantity of a symbol that is traded; 0 on error. */
static dec step_of(const struct order_manager *manager, const char *symbol, struct error *error)
{
    const struct instrument *instrument = manager->instrument(manager->context, symbol, error);
    return instrument == NULL ? 0 : orders_step(manager, instrument);
}

/* What a split leaves below one lot is sold at the adjusted mark: cash in lieu. */
static int sell_fraction(struct order_manager *manager, const struct action *action, const struct holding *holding,
                         struct error *error)
{
    const dec step = step_of(manager, action->symbol, error);
    if (step == 0)
        return -1;
    const dec rest = holding->quantity % step;
    if (rest == 0)
        return 0;
    struct execution fill = {.slot = holding->slot,
                             .holding = (int)(holding - manager->ledger->holding),
                             .role = ROLE_EXIT,
                             .side = rest > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                             .time = action->time,
                             .quantity = rest > 0 ? rest : -rest,
                             .price = manager->ledger->slot[holding->slot].mark,
                             .multiplier = holding->multiplier,
                             .slippage = DEC_NONE,
                             .lot = ""};
    char order_id[ID_SIZE];
    if (name_by_action(manager, order_id, "tl", action, holding->strategy, error) != 0 ||
        ledger_amount(manager->ledger, fill.slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return orders_book(manager, &fill, order_id, error);
}

/* Entries whose quantity a split has left at a fraction of a lot: they may not be bought as they are. */
static int cancel_fractions(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const dec step = step_of(manager, action->symbol, error);
    if (step == 0)
        return -1;
    for (const struct ticket *ticket = ledger->slot[slot].ticket, *next; ticket != NULL; ticket = next) {
        next = ticket->next;
        if (!order_is_reducing(&ticket->order) && ticket->order.time < action->time &&
            (ticket->order.quantity - ticket->filled) % step != 0 &&
            orders_update(manager, ticket, STATUS_CANCELED, action->time, "split", error) != 0)
            return -1;
    }
    return 0;
}

/* Holds what the action is about since before it; what was marked or filled later is beyond its reach. */
static bool is_entitled(const struct holding *holding, const struct action *action)
{
    return holding->quantity != 0 && holding->touched < action->time;
}

/* Says what an action means for the account and nobody has done about it. */
static int warn(struct order_manager *manager, const struct action *action, const char *text, struct error *error)
{
    struct alert alert = {.time = action->time, .level = ALERT_WARNING, .mode = manager->ledger->terms.mode};
    memcpy(alert.symbol, action->symbol, sizeof alert.symbol);
    memcpy(alert.account, manager->ledger->terms.account, sizeof alert.account);
    memcpy(alert.cause, action->id, sizeof action->id);
    alert.title = STR("corporate action not applied");
    alert.text = str_of(text);
    if (name_by_action(manager, alert.id, "tw", action, "", error) != 0)
        return -1;
    return orders_emit(manager, RECORD_ALERT, &alert, error);
}

/* Is anything held or working in its symbol from before the action? `late`: only positions that have seen later prices
 * without it. */
static bool is_older(const struct ledger *ledger, int slot, const struct action *action, bool late)
{
    for (int i = 0; i < ledger->slot[slot].holdings; i++) {
        const struct holding *holding = &ledger->holding[ledger->slot[slot].holding[i]];
        if (holding->quantity != 0 && holding->lot[0].opened < action->time &&
            (!late || holding->touched >= action->time))
            return true;
    }
    const struct ticket *ticket = late ? NULL : ledger->slot[slot].ticket;
    while (ticket != NULL && ticket->order.time >= action->time)
        ticket = ticket->next;
    return ticket != NULL;
}

/* What this version leaves undone, NULL for nothing. */
static const char *undone(const struct ledger *ledger, int slot, const struct action *action)
{
    const bool applies = action->kind == ACTION_SPLIT || action->kind == ACTION_DIVIDEND;
    if (!is_older(ledger, slot, action, applies))
        return NULL;
    switch (action->kind) {
    case ACTION_SPLIT:
        return "the split came after prices of later: the position and its orders are of before it";
    case ACTION_DIVIDEND:
        return "the dividend came after prices of later: it was not paid";
    case ACTION_RENAME:
        return "a rename: the position and its orders stay under the old symbol";
    case ACTION_DELIST:
        return "a delisting: the position keeps its last price";
    case ACTION_ROLL:
        return "a roll in prices that are not joined: the jump to the new contract is taken for a profit or loss";
    default:
        return "a spin-off: the shares it brings are not booked";
    }
}

static int carry_out(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    if (action->kind == ACTION_DIVIDEND && action->currency[0] != '\0' &&
        strcmp(action->currency, ledger->terms.currency) != 0)
        return error_set(error, EXIT_INPUT, "%s: a dividend in %s, the account is kept in %s", action->symbol,
                         action->currency, ledger->terms.currency);
    const dec step = action->kind == ACTION_SPLIT ? step_of(manager, action->symbol, error) : 0;
    if (action->kind == ACTION_SPLIT && step == 0)
        return -1;
    struct action happened = *action;
    memcpy(happened.account, ledger->terms.account, sizeof happened.account);
    if (orders_event(manager, RECORD_ACTION, &happened, error) != 0)
        return -1;
    for (int i = 0; i < ledger->slot[slot].holdings; i++) {
        const int index = ledger->slot[slot].holding[i];
        const struct holding *holding = &ledger->holding[index];
        if (!is_entitled(holding, action))
            continue;
        if (action->kind == ACTION_DIVIDEND ? pay_dividend(manager, action, holding, error) != 0
                                            : sell_fraction(manager, action, holding, error) != 0)
            return -1;
        if (orders_fit(manager, index, step, action->time, error) != 0)
            return -1;
    }
    if (action->kind == ACTION_SPLIT && cancel_fractions(manager, action, slot, error) != 0)
        return -1;
    return orders_wake(manager, error);
}

int orders_action(struct order_manager *manager, const struct action *action, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const int slot = ledger_find_slot(ledger, action->symbol);
    if (slot < 0 || !orders_concerns(ledger, slot) || ledger_knows_action(ledger, slot, action))
        return 0;
    const char *text = undone(ledger, slot, action);
    if (text != NULL && warn(manager, action, text, error) != 0)
        return -1;
    if (action->kind != ACTION_SPLIT && action->kind != ACTION_DIVIDEND)
        return 0;
    bool any = false;
    for (const struct ticket *ticket = ledger->slot[slot].ticket; !any && ticket != NULL; ticket = ticket->next)
        any = ticket->order.time < action->time;
    for (int i = 0; !any && i < ledger->slot[slot].holdings; i++)
        any = is_entitled(&ledger->holding[ledger->slot[slot].holding[i]], action);
    return any ? carry_out(manager, action, slot, error) : 0;
}

static int expire(struct order_manager *manager, const struct ticket *ticket, int64_t until, struct error *error)
{
    const int64_t end = ticket->order.valid_until;
    if (end == TIME_NONE || end > until)
        return 0;
    return orders_update(manager, ticket, STATUS_EXPIRED, end > ticket->from ? end : ticket->from, "not filled in time",
                         error);
}

int orders_expire(struct order_manager *manager, int slot, int64_t until, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (until < ledger->next_end)
        return 0;
    if (slot >= 0) {
        for (const struct ticket *ticket = ledger->slot[slot].ticket, *next; ticket != NULL; ticket = next) {
            next = ticket->next;
            if (expire(manager, ticket, until, error) != 0)
                return -1;
        }
        return 0;
    }
    for (size_t i = 0; i < ledger->tickets;) {
        const size_t before = ledger->tickets;
        if (expire(manager, ledger->ticket[i], until, error) != 0)
            return -1;
        i += ledger->tickets == before;
    }
    ledger_note_ends(ledger);
    return 0;
}

void orders_point(const struct order_manager *manager, int64_t known, const struct worth *worth, struct equity *point)
{
    const struct ledger *ledger = manager->ledger;
    point->time = known;
    point->equity = worth->equity;
    point->cash = ledger->cash;
    point->exposure = worth->exposure;
    point->mode = ledger->terms.mode;
    memcpy(point->account, ledger->terms.account, sizeof point->account);
}

static int emit_point(struct order_manager *manager, int64_t known, const struct worth *worth, struct error *error)
{
    struct equity point;
    orders_point(manager, known, worth, &point);
    return orders_event(manager, RECORD_EQUITY, &point, error);
}

/* Once the day has lost what it may, what would enter does not go on working: an order that a morning gave would
 * otherwise enter in the afternoon what the limit refuses. */
static int obey_loss_limit(struct order_manager *manager, int64_t known, dec equity, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    if (ledger->tickets == 0 || ledger->day_worst <= 0)
        return 0;
    const int lost = risk_day_is_lost(ledger, &manager->limits, equity, error);
    for (size_t i = ledger->tickets; lost == 1 && i-- > 0;) {
        const struct ticket *ticket = ledger->ticket[i];
        if (!order_is_reducing(&ticket->order) &&
            orders_update(manager, ticket, STATUS_CANCELED, known, "daily loss", error) != 0)
            return -1;
    }
    return lost < 0 ? -1 : 0;
}

/* Says, once a trading day, that the equity has come down to what a broker asks for positions: 25 % of what is long, 30
 * % of what is short (FINRA Rule 4210). Nothing is sold. */
static int warn_of_margin(struct order_manager *manager, int64_t known, const struct worth *worth, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const __int128 longs = (ledger->gross + ledger->value) / 2, shorts = (ledger->gross - ledger->value) / 2;
    const __int128 maintenance = (longs / 4 + shorts * 3 / 10) / DEC_ONE;
    if (ledger->gross == 0 || worth->equity > maintenance)
        return 0;
    struct alert alert = {.time = known, .level = ALERT_CRITICAL, .mode = ledger->terms.mode};
    struct action day = {.time = known}; /* for the id: an alert of this account and day */
    char text[200], equity[DEC_TEXT_MAX], needed[DEC_TEXT_MAX];
    equity[dec_format(equity, worth->equity)] = '\0';
    needed[dec_format(needed, maintenance > DEC_MAX ? DEC_MAX : (dec)maintenance)] = '\0';
    (void)snprintf(text, sizeof text, "equity %s, a broker's maintenance margin for what is held is %s: he would sell",
                   equity, needed);
    (void)snprintf(day.id, sizeof day.id, "margin-%lld", (long long)ledger->day_ends);
    memcpy(alert.account, ledger->terms.account, sizeof alert.account);
    alert.title = STR("equity at or below the maintenance margin");
    alert.text = str_of(text);
    if (name_by_action(manager, alert.id, "tm", &day, "", error) != 0)
        return -1;
    return orders_emit(manager, RECORD_ALERT, &alert, error);
}

int orders_finish(struct order_manager *manager, int64_t known, bool point, struct worth *worth, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if ((ledger->tickets > 0 && orders_expire(manager, -1, known, error) != 0) || orders_wake(manager, error) != 0 ||
        ledger_advance(ledger, known, error) != 0 || ledger_worth(ledger, worth, error) != 0)
        return -1;
    /* A symbol that was missing is caught up with: the curve has gone on without it and does not turn back. */
    if (!point || (manager->marks && known < ledger->point))
        return 0;
    if ((manager->marks ? emit_point(manager, known, worth, error)
                        : ledger_note_equity(ledger, known, worth->equity, error)) != 0)
        return -1;
    if (manager->marks && warn_of_margin(manager, known, worth, error) != 0)
        return -1;
    return obey_loss_limit(manager, known, worth->equity, error) == 0 ? orders_wake(manager, error) : -1;
}
