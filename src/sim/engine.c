/* Orders in, moments through: submitting, cancelling, expiring, corporate actions. Bars are in match.c. */
#include "sim/internal.h"

#include <stdio.h>
#include <string.h>

int engine_emit(struct engine *engine, enum record_type type, const void *value, struct error *error)
{
    const bool heard = engine->orders || (type != RECORD_ORDER && type != RECORD_ORDER_UPDATE);
    return engine->emit != NULL && heard ? engine->emit(engine->context, type, value, error) : 0;
}

int engine_event(struct engine *engine, enum record_type type, const void *value, struct error *error)
{
    return engine_emit(engine, type, value, error) == 0 ? ledger_apply(engine->ledger, type, value, error) : -1;
}

struct order_update engine_update_of(const struct engine *engine, const struct ticket *ticket, enum order_status status,
                                     int64_t time, const char *reason)
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
                                  .mode = engine->ledger->terms.mode};
    memcpy(update.symbol, ticket->order.symbol, sizeof update.symbol);
    memcpy(update.account, engine->ledger->terms.account, sizeof update.account);
    memcpy(update.order_id, ticket->order.id, sizeof update.order_id);
    (void)snprintf(update.reason, sizeof update.reason, "%s", reason);
    update.average_price = engine_average(ticket->price, ticket->filled);
    return update;
}

dec engine_average(__int128 price, dec filled)
{
    const __int128 average = filled > 0 ? (price + filled / 2) / filled : 0;
    return average > 0 && average <= DEC_MAX ? (dec)average : DEC_NONE;
}

int engine_emit_update(struct engine *engine, const struct ticket *ticket, enum order_status status, int64_t time,
                       const char *reason, struct error *error)
{
    const struct order_update update = engine_update_of(engine, ticket, status, time, reason);
    return engine_emit(engine, RECORD_ORDER_UPDATE, &update, error);
}

int engine_emit_resize(struct engine *engine, const struct ticket *ticket, dec quantity, int64_t time,
                       struct error *error)
{
    struct order_update update = engine_update_of(engine, ticket, ticket->status, time, "as large as the position");
    update.quantity = quantity;
    return engine_emit(engine, RECORD_ORDER_UPDATE, &update, error);
}

int engine_move_stop(struct engine *engine, const struct ticket *ticket, dec stop_price, int64_t time,
                     const char *reason, struct error *error)
{
    if (engine->orders) {
        struct order_update update = engine_update_of(engine, ticket, ticket->status, time, reason);
        update.stop_price = stop_price;
        if (engine_emit(engine, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_stop(engine->ledger, ticket, stop_price);
    return 0;
}

int engine_move_limit(struct engine *engine, const struct ticket *ticket, dec limit_price, int64_t time,
                      const char *reason, struct error *error)
{
    if (engine->orders) {
        struct order_update update = engine_update_of(engine, ticket, ticket->status, time, reason);
        update.limit_price = limit_price;
        if (engine_emit(engine, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_move_limit(engine->ledger, ticket, limit_price);
    return 0;
}

int engine_trigger(struct engine *engine, const struct ticket *ticket, int64_t time, struct error *error)
{
    if (engine->orders) {
        struct order_update update = engine_update_of(engine, ticket, ticket->status, time, "triggered");
        update.triggered = 1;
        if (engine_emit(engine, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_trigger(engine->ledger, ticket, time);
    return 0;
}

int engine_cancel(struct engine *engine, const char *order_id, int64_t time, const char *reason, struct error *error)
{
    struct ticket *ticket = ledger_ticket(engine->ledger, order_id);
    if (ticket == NULL)
        return 0;
    return engine_update(engine, ticket, STATUS_CANCELED, time, reason, error) == 0 && engine_wake(engine, error) == 0
               ? 1
               : -1;
}

/* Who wants out does not want in. The legs stay: what an exit has not sold yet they protect, and it fills before them.
 */
static int clear_way(struct engine *engine, int holding, int64_t now, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    for (const struct ticket *ticket = ledger->slot[ledger->holding[holding].slot].ticket, *next; ticket != NULL;
         ticket = next) {
        next = ticket->next;
        if (ticket->holding == holding && !order_is_reducing(&ticket->order) &&
            engine_update(engine, ticket, STATUS_CANCELED, now, "exit", error) != 0)
            return -1;
    }
    return engine_wake(engine, error);
}

int engine_refuse(const struct engine *engine, struct refusal *refusal, const struct order *order, const char *code,
                  const char *message)
{
    *refusal = (struct refusal){
        .time = order->time, .limit = DEC_NONE, .observed = DEC_NONE, .mode = engine->ledger->terms.mode};
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

int engine_submit(struct engine *engine, const struct order *order, int64_t now, struct refusal *refusal,
                  struct error *error)
{
    const struct order_kind *kind = order_kind(order->order_type);
    require(kind != NULL);
    if (order->time_in_force == TIF_GTD && order->valid_until == TIME_NONE)
        return engine_refuse(engine, refusal, order, "TIME_IN_FORCE", "gtd needs its date (expires)");
    if (!order_kind_lasts(kind, order->time_in_force))
        return engine_refuse(engine, refusal, order, "TIME_IN_FORCE",
                             "ioc, fok, opg and cls are for market and limit orders: this one waits for a price");
    if (order->expires != TIME_NONE && order->time_in_force != TIF_GTD)
        return engine_refuse(engine, refusal, order, "TIME_IN_FORCE", "only gtd has a date (expires)");
    const char *fault = order_legs_fault(order);
    if (fault != NULL)
        return engine_refuse(engine, refusal, order, "LEGS", fault);
    if (strlen(order->id) > ENGINE_ID_MAX)
        return engine_refuse(engine, refusal, order, "ORDER_ID", "an order's id has at most 50 characters");
    if (ledger_ticket(engine->ledger, order->id) != NULL)
        return engine_refuse(engine, refusal, order, "DUPLICATE", "an order of this id is working");
    if (ledger_advance(engine->ledger, now, error) != 0)
        return -1;
    const bool waits = order->oto[0] != '\0';
    if (waits && ledger_ticket(engine->ledger, order->oto) == NULL)
        return engine_refuse(engine, refusal, order, "OTO", "the order that it is to follow (oto) does not work");
    const struct instrument *instrument = engine->instrument(engine->context, order->symbol, error);
    if (instrument == NULL)
        return -1;
    /* What an exit may sell is known when it is sent. */
    const int refused = waits && order_is_reducing(order)
                            ? 0
                            : risk_check(engine->ledger, &engine->limits, instrument, order, refusal, error);
    if (refused != 0)
        return refused == 1 ? 0 : -1;
    const int slot = ledger_slot(engine->ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(engine->ledger, order->strategy, slot, error);
    if (holding >= 0 && order->lot[0] != '\0' && !has_lot(&engine->ledger->holding[holding], order))
        return engine_refuse(engine, refusal, order, "NO_LOT", "it names a lot that is not open, or not of its side");
    return holding >= 0 && engine_accept(engine, order, slot, holding, now, error) == 0 ? 1 : -1;
}

/* What engine_submit asks before, an order of risk_decide_at passes for these reasons. Its form is right: market, day
 * or gtc, legs with prices above 0 and only on entries, a short id, and none that works, since then there would have
 * been no order. For an entry the limits were asked last of all, with the same order and terms. For an exit they ask
 * that it takes no more than is held less the exits at the market that work, and that is what it is of. What was
 * cancelled since has only made room. */
int engine_accept(struct engine *engine, const struct order *order, int slot, int holding, int64_t now,
                  struct error *error)
{
    if (engine->ledger->slot[slot].working > 0 && order_is_reducing(order) && !order_is_leg(order) &&
        order->oto[0] == '\0' && clear_way(engine, holding, now, error) != 0)
        return -1;
    return engine_place(engine, order, slot, holding, now, NULL, error);
}

int engine_place(struct engine *engine, const struct order *order, int slot, int holding, int64_t time,
                 struct ticket **ticket, struct error *error)
{
    if (engine_emit(engine, RECORD_ORDER, order, error) != 0)
        return -1;
    struct ticket *added = ledger_add_order(engine->ledger, order, slot, holding, error);
    if (ticket != NULL)
        *ticket = added;
    return added == NULL ? -1 : added->sleeps ? 0 : engine_update(engine, added, STATUS_ACCEPTED, time, "", error);
}

/* The id of what an action does to an instance. Nothing refers to it, so one that nobody reads is just the prefix. */
static int name_by_action(struct engine *engine, char id[static ID_SIZE], const char *prefix,
                          const struct action *action, const char *strategy, struct error *error)
{
    const char *account = engine->ledger->terms.account;
    uint8_t digest[SHA256_SIZE];
    memcpy(id, prefix, 3);
    if (engine->hash == NULL)
        return 0;
    if (sha256_begin(engine->hash, error) != 0 || sha256_add(engine->hash, account, strlen(account) + 1, error) != 0 ||
        sha256_add(engine->hash, action->id, strlen(action->id) + 1, error) != 0 ||
        sha256_add(engine->hash, strategy, strlen(strategy) + 1, error) != 0 ||
        sha256_end(engine->hash, digest, error) != 0)
        return -1;
    hash_base32(id + 2, digest, 80);
    return 0;
}

static int pay_dividend(struct engine *engine, const struct action *action, const struct holding *holding,
                        struct error *error)
{
    struct cash cash = {.time = action->time, .kind = CASH_DIVIDEND, .settlement_unit = DEC_NONE};
    memcpy(cash.symbol, action->symbol, sizeof cash.symbol);
    memcpy(cash.account, engine->ledger->terms.account, sizeof cash.account);
    memcpy(cash.strategy, holding->strategy, sizeof cash.strategy);
    memcpy(cash.currency, engine->ledger->terms.currency, sizeof cash.currency);
    if (name_by_action(engine, cash.id, "tc", action, holding->strategy, error) != 0)
        return -1;
    cash.reference = str_of(action->id);
    if (ledger_amount(engine->ledger, holding->quantity, action->cash, holding->multiplier, &cash.amount, error) != 0)
        return -1;
    return cash.amount == 0 ? 0 : engine_event(engine, RECORD_CASH, &cash, error);
}

/* The smallest quantity of a symbol that is traded; 0 on error. */
static dec step_of(const struct engine *engine, const char *symbol, struct error *error)
{
    const struct instrument *instrument = engine->instrument(engine->context, symbol, error);
    return instrument == NULL ? 0 : engine_step(engine, instrument);
}

/* What a split leaves below one lot is sold at the adjusted mark: cash in lieu. */
static int sell_fraction(struct engine *engine, const struct action *action, const struct holding *holding,
                         struct error *error)
{
    const dec step = step_of(engine, action->symbol, error);
    if (step == 0)
        return -1;
    const dec rest = holding->quantity % step;
    if (rest == 0)
        return 0;
    struct execution fill = {.slot = holding->slot,
                             .holding = (int)(holding - engine->ledger->holding),
                             .role = ROLE_EXIT,
                             .side = rest > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                             .time = action->time,
                             .quantity = rest > 0 ? rest : -rest,
                             .price = engine->ledger->slot[holding->slot].mark,
                             .multiplier = holding->multiplier,
                             .slippage = DEC_NONE,
                             .lot = ""};
    char order_id[ID_SIZE];
    if (name_by_action(engine, order_id, "tl", action, holding->strategy, error) != 0 ||
        ledger_amount(engine->ledger, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return engine_book(engine, &fill, order_id, error);
}

/* Entries whose quantity a split has left at a fraction of a lot: they may not be bought as they are. */
static int cancel_fractions(struct engine *engine, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    const dec step = step_of(engine, action->symbol, error);
    if (step == 0)
        return -1;
    for (const struct ticket *ticket = ledger->slot[slot].ticket, *next; ticket != NULL; ticket = next) {
        next = ticket->next;
        if (!order_is_reducing(&ticket->order) && ticket->order.time < action->time &&
            (ticket->order.quantity - ticket->filled) % step != 0 &&
            engine_update(engine, ticket, STATUS_CANCELED, action->time, "split", error) != 0)
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
static int warn(struct engine *engine, const struct action *action, const char *text, struct error *error)
{
    struct alert alert = {.time = action->time, .level = ALERT_WARNING, .mode = engine->ledger->terms.mode};
    memcpy(alert.symbol, action->symbol, sizeof alert.symbol);
    memcpy(alert.account, engine->ledger->terms.account, sizeof alert.account);
    memcpy(alert.cause, action->id, sizeof action->id);
    alert.title = STR("corporate action not applied");
    alert.text = str_of(text);
    if (name_by_action(engine, alert.id, "tw", action, "", error) != 0)
        return -1;
    return engine_emit(engine, RECORD_ALERT, &alert, error);
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

static int carry_out(struct engine *engine, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    if (action->kind == ACTION_DIVIDEND && action->currency[0] != '\0' &&
        strcmp(action->currency, ledger->terms.currency) != 0)
        return error_set(error, EXIT_INPUT, "%s: a dividend in %s, the account is kept in %s", action->symbol,
                         action->currency, ledger->terms.currency);
    const dec step = action->kind == ACTION_SPLIT ? step_of(engine, action->symbol, error) : 0;
    if (action->kind == ACTION_SPLIT && step == 0)
        return -1;
    struct action happened = *action;
    memcpy(happened.account, ledger->terms.account, sizeof happened.account);
    if (engine_event(engine, RECORD_ACTION, &happened, error) != 0)
        return -1;
    for (int i = 0; i < ledger->slot[slot].holdings; i++) {
        const int index = ledger->slot[slot].holding[i];
        const struct holding *holding = &ledger->holding[index];
        if (!is_entitled(holding, action))
            continue;
        if (action->kind == ACTION_DIVIDEND ? pay_dividend(engine, action, holding, error) != 0
                                            : sell_fraction(engine, action, holding, error) != 0)
            return -1;
        if (engine_fit(engine, index, step, action->time, error) != 0)
            return -1;
    }
    if (action->kind == ACTION_SPLIT && cancel_fractions(engine, action, slot, error) != 0)
        return -1;
    return engine_wake(engine, error);
}

int engine_action(struct engine *engine, const struct action *action, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    const int slot = ledger_find_slot(ledger, action->symbol);
    if (slot < 0 || !engine_concerns(ledger, slot) || ledger_knows_action(ledger, slot, action))
        return 0;
    const char *text = undone(ledger, slot, action);
    if (text != NULL && warn(engine, action, text, error) != 0)
        return -1;
    if (action->kind != ACTION_SPLIT && action->kind != ACTION_DIVIDEND)
        return 0;
    bool any = false;
    for (const struct ticket *ticket = ledger->slot[slot].ticket; !any && ticket != NULL; ticket = ticket->next)
        any = ticket->order.time < action->time;
    for (int i = 0; !any && i < ledger->slot[slot].holdings; i++)
        any = is_entitled(&ledger->holding[ledger->slot[slot].holding[i]], action);
    return any ? carry_out(engine, action, slot, error) : 0;
}

static int expire(struct engine *engine, const struct ticket *ticket, int64_t until, struct error *error)
{
    const int64_t end = ticket->order.valid_until;
    if (end == TIME_NONE || end > until)
        return 0;
    return engine_update(engine, ticket, STATUS_EXPIRED, end > ticket->from ? end : ticket->from, "not filled in time",
                         error);
}

int engine_expire(struct engine *engine, int slot, int64_t until, struct error *error)
{
    struct ledger *ledger = engine->ledger;
    if (until < ledger->next_end)
        return 0;
    if (slot >= 0) {
        for (const struct ticket *ticket = ledger->slot[slot].ticket, *next; ticket != NULL; ticket = next) {
            next = ticket->next;
            if (expire(engine, ticket, until, error) != 0)
                return -1;
        }
        return 0;
    }
    for (size_t i = 0; i < ledger->tickets;) {
        const size_t before = ledger->tickets;
        if (expire(engine, ledger->ticket[i], until, error) != 0)
            return -1;
        i += ledger->tickets == before;
    }
    ledger_note_ends(ledger);
    return 0;
}

void engine_point(const struct engine *engine, int64_t known, const struct worth *worth, struct equity *point)
{
    const struct ledger *ledger = engine->ledger;
    point->time = known;
    point->equity = worth->equity;
    point->cash = ledger->cash;
    point->exposure = worth->exposure;
    point->mode = ledger->terms.mode;
    memcpy(point->account, ledger->terms.account, sizeof point->account);
}

static int emit_point(struct engine *engine, int64_t known, const struct worth *worth, struct error *error)
{
    struct equity point;
    engine_point(engine, known, worth, &point);
    return engine_event(engine, RECORD_EQUITY, &point, error);
}

/* Once the day has lost what it may, what would enter does not go on working: an order that a morning gave would
 * otherwise enter in the afternoon what the limit refuses. */
static int obey_loss_limit(struct engine *engine, int64_t known, dec equity, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    if (ledger->tickets == 0 || ledger->day_worst <= 0)
        return 0;
    const int lost = risk_day_is_lost(ledger, &engine->limits, equity, error);
    for (size_t i = ledger->tickets; lost == 1 && i-- > 0;) {
        const struct ticket *ticket = ledger->ticket[i];
        if (!order_is_reducing(&ticket->order) &&
            engine_update(engine, ticket, STATUS_CANCELED, known, "daily loss", error) != 0)
            return -1;
    }
    return lost < 0 ? -1 : 0;
}

/* Says, once a trading day, that the equity has come down to what a broker asks for positions: 25 % of what is long, 30
 * % of what is short (FINRA Rule 4210). Nothing is sold. */
static int warn_of_margin(struct engine *engine, int64_t known, const struct worth *worth, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
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
    if (name_by_action(engine, alert.id, "tm", &day, "", error) != 0)
        return -1;
    return engine_emit(engine, RECORD_ALERT, &alert, error);
}

int engine_finish(struct engine *engine, int64_t known, bool point, struct worth *worth, struct error *error)
{
    struct ledger *ledger = engine->ledger;
    if ((ledger->tickets > 0 && engine_expire(engine, -1, known, error) != 0) || engine_wake(engine, error) != 0 ||
        ledger_advance(ledger, known, error) != 0 || ledger_worth(ledger, worth, error) != 0)
        return -1;
    /* A symbol that was missing is caught up with: the curve has gone on without it and does not turn back. */
    if (!point || (engine->marks && known < ledger->point))
        return 0;
    if ((engine->marks ? emit_point(engine, known, worth, error)
                       : ledger_note_equity(ledger, known, worth->equity, error)) != 0)
        return -1;
    if (engine->marks && warn_of_margin(engine, known, worth, error) != 0)
        return -1;
    return obey_loss_limit(engine, known, worth->equity, error) == 0 ? engine_wake(engine, error) : -1;
}
