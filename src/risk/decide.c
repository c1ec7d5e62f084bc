/* What to do about a level: nothing, an order, cancels and an order, or a refusal. */
#include "base/digits.h"
#include "record/record.h"
#include "record/schema.h"
#include "risk/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX (64 * 1024)

void risk_result_init(struct risk_result *result)
{
    *result = (struct risk_result){0};
    buf_init(&result->text, TEXT_MAX);
}

void risk_result_clear(struct risk_result *result)
{
    buf_clear(&result->text);
}

static void write_plain_id(char id[static ID_SIZE], const char *signal, enum role role, int64_t attempt)
{
    const size_t length = strlen(signal);
    require(length <= RISK_PLAIN_SIGNAL && attempt > 0);
    memcpy(id, signal, length);
    id[length] = (char)('A' + (int)role); /* no digit of base 32 */
    *digits_write_32(id + length + 1, (uint64_t)attempt) = '\0';
}

static int write_hashed_id(char id[static ID_SIZE], struct sha256 *hash, const char *account, const char *signal,
                           enum role role, int64_t attempt, struct error *error)
{
    char number[24];
    const int digits = snprintf(number, sizeof number, "%lld", (long long)attempt);
    const char *role_word = role_text(role);
    uint8_t digest[SHA256_SIZE];
    if (sha256_begin(hash, error) != 0 || sha256_add(hash, account, strlen(account) + 1, error) != 0 ||
        sha256_add(hash, signal, strlen(signal) + 1, error) != 0 ||
        sha256_add(hash, role_word, strlen(role_word) + 1, error) != 0 ||
        sha256_add(hash, number, (size_t)digits + 1, error) != 0 || sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(id, "tn", 2);
    hash_base32(id + 2, digest, 80);
    return 0;
}

int order_id_make(char id[static ID_SIZE], struct sha256 *hash, const char *account, const char *signal, enum role role,
                  int64_t attempt, struct error *error)
{
    if (hash != NULL)
        return write_hashed_id(id, hash, account, signal, role, attempt, error);
    write_plain_id(id, signal, role, attempt);
    return 0;
}

/* What works for an instance in a symbol. */
struct working {
    const struct open_order *entry[RISK_CANCELS_MAX];
    int entries;
    bool exit;   /* any */
    dec leaving; /* the quantity of exits at the market: they go whatever the price does */
};

static void find_working(struct working *working, const struct ledger *ledger, int slot, int holding)
{
    working->entries = 0;
    working->exit = false;
    working->leaving = 0;
    if (holding < 0 || ledger->symbol_state[slot].working == 0)
        return;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        if (open_order->holding != holding || (open_order->sleeps && order_is_reducing(&open_order->order)))
            continue;
        if (open_order->order.role == ROLE_EXIT) {
            working->exit = true;
            if (!risk_waits(&open_order->order) &&
                dec_add(&working->leaving, working->leaving, open_order->order.quantity - open_order->filled) != 0)
                working->leaving = DEC_MAX;
        } else if (open_order->order.role == ROLE_ENTRY && working->entries < RISK_CANCELS_MAX)
            working->entry[working->entries++] = open_order;
    }
}

static int wanted_sign(enum want side)
{
    return side == WANT_LONG ? 1 : side == WANT_SHORT ? -1 : 0;
}

static int sign_of(dec value)
{
    return (value > 0) - (value < 0);
}

bool risk_is_settled(const struct ledger *ledger, const struct holding *holding, int slot, enum want side)
{
    const int held = holding == NULL ? 0 : sign_of(holding->quantity);
    if (held != wanted_sign(side))
        return false;
    return held != 0 || slot < 0 || ledger->symbol_state[slot].working == 0;
}

static void fill_common(const struct ledger *ledger, const struct signal *signal, struct order *order)
{
    /* Field by field: what a literal would clear are mostly texts that are copied next. */
    order->time = signal->time;
    order->order_type = ORDER_MARKET;
    order->limit_price = order->stop_price = DEC_NONE;
    order->trail_amount = order->trail_percent = order->trail_atr = order->atr = DEC_NONE;
    order->reference_price = signal->price;
    order->active_price = order->even_price = order->fall = DEC_NONE;
    order->active_time = TIME_NONE;
    order->even_after_target = -1;
    order->bars = 0;
    order->interval = (struct interval){0};
    order->valid_until = order->expires = TIME_NONE;
    order->order_class = CLASS_NONE;
    order->leg_count = 0;
    order->parent[0] = order->oco[0] = order->oto[0] = order->lot[0] = '\0';
    order->reduce_only = -1;
    order->attempt = 1;
    order->age = 0;
    order->risk = (struct str){NULL, 0};
    order->basis = (struct str){NULL, 0};
    order->mode = ledger->terms.mode;
    memcpy(order->symbol, signal->symbol, sizeof order->symbol);
    memcpy(order->account, ledger->terms.account, sizeof order->account);
    memcpy(order->strategy, signal->strategy, sizeof order->strategy);
    memcpy(order->signal, signal->id, sizeof order->signal);
    memcpy(order->cause, signal->id, sizeof order->cause < sizeof signal->id ? sizeof order->cause : sizeof signal->id);
}

/* The signal's own words, so that the journal can say why without asking anyone. */
static void write_basis(struct buf *text, const struct signal *signal)
{
    buf_add_text(text, "{\"side\":");
    json_add_string(text, str_of(want_text(signal->side)));
    buf_add_text(text, ",\"decided\":");
    json_add_time(text, signal->decided);
    buf_add_text(text, ",\"price\":");
    json_add_dec(text, signal->price);
    buf_add_text(text, ",\"reason\":");
    buf_add_str(text, signal->reason.n > 0 ? signal->reason : STR("null"));
    buf_add_text(text, ",\"bar\":");
    buf_add_str(text, signal->basis.n > 0 ? signal->basis : STR("null"));
    buf_add_char(text, '}');
}

/* All of a position but what is leaving already. What waits for a price holds no exit up: it stays, and protects what
 * is not sold yet. */
static int give_exit(const struct ledger *ledger, struct sha256 *hash, const struct holding *holding, dec leaving,
                     const struct signal *signal, struct risk_result *result, struct error *error)
{
    const dec held = holding->quantity > 0 ? holding->quantity : -holding->quantity;
    if (leaving >= held)
        return 0;
    struct order *order = &result->order;
    fill_common(ledger, signal, order);
    order->role = ROLE_EXIT;
    order->side = holding->quantity > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER;
    order->quantity = held - leaving;
    order->time_in_force = TIF_GTC; /* an exit waits for the next price, whenever that is */
    order->reduce_only = 1;
    order->attempt = ledger_exit_attempts(ledger, signal->id) + 1;
    result->has_order = true;
    if (!result->brief) {
        write_basis(&result->text, signal);
        order->basis = buf_str(&result->text);
        if (buf_check(&result->text, error) != 0)
            return -1;
    }
    return order_id_make(order->id, hash, order->account, signal->id, ROLE_EXIT, order->attempt, error);
}

static void give_cancels(const struct ledger *ledger, const struct working *working, const struct signal *signal,
                         struct risk_result *result)
{
    for (int i = 0; i < working->entries; i++) {
        struct cancel *cancel = &result->cancel[result->cancels++];
        *cancel = (struct cancel){.time = signal->time};
        memcpy(cancel->account, ledger->terms.account, sizeof cancel->account);
        memcpy(cancel->order_id, working->entry[i]->order.id, sizeof cancel->order_id);
        (void)snprintf(cancel->reason, sizeof cancel->reason, "%s wanted", want_text(signal->side));
    }
}

static int give_refusal(const struct ledger *ledger, const struct signal *signal, const char *code, dec limit,
                        dec observed, const char *message, struct risk_result *result)
{
    struct refusal *refusal = &result->refusal;
    *refusal = (struct refusal){.time = signal->time, .limit = limit, .observed = observed, .mode = ledger->terms.mode};
    memcpy(refusal->symbol, signal->symbol, sizeof refusal->symbol);
    memcpy(refusal->account, ledger->terms.account, sizeof refusal->account);
    memcpy(refusal->strategy, signal->strategy, sizeof refusal->strategy);
    memcpy(refusal->cause, signal->id, sizeof signal->id);
    (void)snprintf(refusal->code, sizeof refusal->code, "%s", code);
    (void)snprintf(refusal->message, sizeof refusal->message, "%s", message);
    result->has_refusal = true;
    return 0;
}

/* money × share × times ÷ unit, rounded down once: a product that is rounded before it is divided takes a step from a
 * size that comes out even. */
static int divide_money(dec *quantity, dec money, dec share, dec times, dec unit)
{
    __int128 product;
    dec part;
    if (!__builtin_mul_overflow((__int128)money * share, (__int128)times, &product)) {
        dec all;
        product = __builtin_mul_overflow(unit, DEC_ONE, &all) ? product / unit / DEC_ONE : product / all;
        *quantity = (dec)product;
        return product > DEC_MAX || product < -DEC_MAX ? -1 : 0;
    }
    return dec_multiply(&part, money, share, ROUND_DOWN) != 0
               ? -1
               : dec_multiply_divide(quantity, part, times, unit, ROUND_DOWN);
}

/* How much the sizing rule asks for, before limits and steps; -1: out of range. */
static int wanted_quantity(const struct risk_terms *terms, const struct instrument *instrument,
                           const struct signal *signal, const struct rate *rate, dec price, dec stop, dec equity,
                           dec *quantity)
{
    dec unit = price, times = DEC_ONE;
    if (!isnan(signal->units) && dec_from_double(&times, signal->units, ROUND_HALF_EVEN) != 0)
        return -1;
    if (terms->sizing == SIZING_QUANTITY)
        return dec_multiply(quantity, terms->sizing_value, times, ROUND_DOWN);
    if (terms->sizing == SIZING_RISK) {
        if (dec_subtract(&unit, price, stop) != 0)
            return -1;
        unit = unit < 0 ? -unit : unit;
    }
    if (dec_multiply(&unit, unit, instrument->multiplier, ROUND_UP) != 0 || unit <= 0 ||
        rate_convert(rate, unit, 1, ROUND_UP, &unit) != 0 || unit <= 0)
        return -1;
    return terms->sizing_fraction ? divide_money(quantity, equity, terms->sizing_value, times, unit)
                                  : dec_multiply_divide(quantity, terms->sizing_value, times, unit, ROUND_DOWN);
}

static void write_risk(struct buf *text, const struct risk_terms *terms, const struct signal *signal, dec equity,
                       dec wanted, const char *clipped)
{
    static const char *const names[] = {"risk", "notional", "quantity"};
    buf_printf(text, "{\"sizing\":\"%s\",\"value\":", names[terms->sizing]);
    json_add_dec(text, terms->sizing_value);
    buf_add_text(text, ",\"equity\":");
    json_add_dec(text, equity);
    buf_add_text(text, ",\"price\":");
    json_add_dec(text, signal->price);
    buf_add_text(text, ",\"stop\":");
    json_add_dec(text, signal->stop);
    if (!isnan(signal->units)) {
        buf_add_text(text, ",\"units\":");
        json_add_double(text, signal->units);
    }
    buf_add_text(text, ",\"wanted\":");
    json_add_dec(text, wanted);
    if (clipped != NULL)
        buf_printf(text, ",\"clipped\":\"%s\"", clipped);
    buf_add_char(text, '}');
}

/* A price on the tick, at least one. */
static int on_tick(dec *price, dec value, dec tick)
{
    if (dec_round(price, value, tick, ROUND_HALF_EVEN) != 0)
        return -1;
    if (*price == 0)
        *price = tick;
    return 0;
}

static int add_leg(struct order *order, enum role role, enum order_type type, dec price, dec tick)
{
    if (order->leg_count == LEGS_MAX)
        return -1;
    struct leg *leg = &order->legs[order->leg_count++];
    *leg = leg_blank();
    leg->role = role;
    leg->order_type = type;
    return on_tick(type == ORDER_STOP ? &leg->stop_price : &leg->limit_price, price, tick);
}

/* The exits that the signal names, and its stop and target where these name none: a stop that does not trail, a target
 * for all of the position or the rest of it. */
static int add_legs(struct order *order, const struct signal *signal, dec tick)
{
    bool stop = false, target = false;
    for (int i = 0; i < signal->leg_count; i++) {
        struct leg *leg = &order->legs[order->leg_count++];
        *leg = signal->exits[i];
        stop |= leg->role == ROLE_STOP && leg->order_type != ORDER_TRAILING_STOP;
        target |= leg->role == ROLE_TARGET && leg->share == DEC_NONE;
        if ((leg->stop_price != DEC_NONE && on_tick(&leg->stop_price, leg->stop_price, tick) != 0) ||
            (leg->limit_price != DEC_NONE && on_tick(&leg->limit_price, leg->limit_price, tick) != 0))
            return -1;
    }
    if ((!stop && signal->stop != DEC_NONE && add_leg(order, ROLE_STOP, ORDER_STOP, signal->stop, tick) != 0) ||
        (!target && signal->target != DEC_NONE && add_leg(order, ROLE_TARGET, ORDER_LIMIT, signal->target, tick) != 0))
        return -1;
    order->order_class = order->leg_count >= 2 ? CLASS_BRACKET : order->leg_count == 1 ? CLASS_OTO : CLASS_SIMPLE;
    return 0;
}

static int write_texts(struct risk_result *result, const struct risk_terms *terms, const struct signal *signal,
                       dec equity, dec wanted, const char *clipped, struct error *error)
{
    write_risk(&result->text, terms, signal, equity, wanted, clipped);
    const size_t split = result->text.n;
    write_basis(&result->text, signal);
    if (buf_check(&result->text, error) != 0)
        return -1;
    result->order.risk = (struct str){result->text.p, split};
    result->order.basis = (struct str){result->text.p + split, result->text.n - split};
    return 0;
}

/* The closed bars since an entry could be made first. Of a flip that is the bar in which its exit fills, at the
 * earliest the one after the decision. */
static int64_t age_of(const struct ledger *ledger, const struct signal *signal)
{
    return signal->age > 0 && ledger_exit_attempts(ledger, signal->id) > 0 ? signal->age - 1 : signal->age;
}

/* Where an entry is expected: at its stop or limit, else at the price of the signal. */
static dec entry_price(const struct signal *signal)
{
    return signal->entry_price != DEC_NONE ? signal->entry_price : signal->price;
}

/* Where the position would be left at a loss, as far as that is known before the entry has filled. DEC_NONE: not. */
static dec first_stop(const struct signal *signal)
{
    const dec price = entry_price(signal);
    dec distance = DEC_NONE, stop;
    for (int i = 0; i < signal->leg_count && price != DEC_NONE; i++) {
        const struct leg *leg = &signal->exits[i];
        if (leg->role != ROLE_STOP || leg->active_price != DEC_NONE || leg->active_r != DEC_NONE)
            continue;
        if (leg->stop_price != DEC_NONE)
            return leg->stop_price;
        const bool trails = leg->order_type == ORDER_TRAILING_STOP;
        if (trails && (distance != DEC_NONE || signal->stop != DEC_NONE))
            continue;
        distance = trails ? leg->trail_amount : leg->offset;
        if (leg->trail_percent != DEC_NONE &&
            dec_multiply_divide(&distance, price, leg->trail_percent, 100 * DEC_ONE, ROUND_HALF_EVEN) != 0)
            return DEC_NONE;
        if (leg->trail_atr != DEC_NONE && dec_multiply(&distance, leg->trail_atr, leg->atr, ROUND_HALF_EVEN) != 0)
            return DEC_NONE;
        if (!trails)
            break;
    }
    if (distance == DEC_NONE || dec_subtract(&stop, price, wanted_sign(signal->side) * distance) != 0)
        return signal->stop;
    return stop > 0 ? stop : DEC_NONE;
}

/* An entry at a price waits for it: until the signal withdraws it, or for its bars. */
static int wait_for_price(struct order *order, const struct signal *signal, dec tick)
{
    order->order_type = signal->entry;
    order->time_in_force = TIF_GTC;
    order->valid_until = TIME_NONE;
    order->bars = signal->entry_bars;
    return on_tick(signal->entry == ORDER_STOP ? &order->stop_price : &order->limit_price, signal->entry_price, tick);
}

static int give_entry(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                      struct sha256 *hash, const struct signal *signal, int slot, int holding, int64_t valid_until,
                      struct risk_result *result, struct error *error)
{
    struct entry_room entry_room;
    dec equity = 0, wanted, room = 0, quantity;
    if (signal->price == DEC_NONE || signal->price <= 0)
        return give_refusal(ledger, signal, "NO_PRICE", DEC_NONE, DEC_NONE, "the signal has no price", result);
    const dec price = entry_price(signal), stop = first_stop(signal);
    if (terms->sizing == SIZING_RISK && stop == DEC_NONE)
        return give_refusal(ledger, signal, "NO_STOP", DEC_NONE, DEC_NONE,
                            "sizing by risk needs a stop: set one, or size by notional", result);
    if (stop != DEC_NONE && sign_of(price - stop) != wanted_sign(signal->side))
        return give_refusal(ledger, signal, "BEYOND_STOP", stop, price, "the price is at or beyond the stop", result);
    struct refusal dated;
    if (!ledger->halted && !terms->halted &&
        (risk_refuse_dated(ledger, instrument, signal->time, &dated) == 1 ||
         risk_refuse_unrated(ledger, instrument, signal->time, &dated) == 1))
        return give_refusal(ledger, signal, dated.code, dated.limit, dated.observed, dated.message, result);
    if (ledger_equity(ledger, &equity, error) != 0)
        return -1;
    if (equity <= 0)
        return give_refusal(ledger, signal, "NO_EQUITY", DEC_NONE, equity, "the account has no equity", result);
    const dec step = terms->fractional ? RISK_FRACTION : instrument->lot_size;
    if (risk_entry_room(ledger, terms, instrument, slot, equity, signal->time, &entry_room, error) != 0)
        return -1;
    if (wanted_quantity(terms, instrument, signal, &entry_room.rate, price, stop, equity, &wanted) != 0)
        return give_refusal(ledger, signal, "OUT_OF_RANGE", DEC_NONE, DEC_NONE, "the size cannot be calculated",
                            result);
    const char *clipped = NULL;
    room = wanted;
    if (risk_room(&entry_room, price, instrument->multiplier, &room, &clipped, error) != 0)
        return -1;
    if (dec_round(&quantity, room, step, ROUND_DOWN) != 0)
        return error_set(error, EXIT_STATE, "%s: the size is out of range", signal->symbol);
    struct order *order = &result->order;
    fill_common(ledger, signal, order);
    order->role = ROLE_ENTRY;
    order->age = age_of(ledger, signal);
    order->side = signal->side == WANT_LONG ? SIDE_BUY : SIDE_SELL_SHORT;
    order->quantity = quantity;
    order->time_in_force = TIF_DAY;
    order->valid_until = valid_until;
    order->interval = signal->leg_count > 0 || signal->entry_bars > 0 ? signal->interval : (struct interval){0};
    if ((signal->entry_price != DEC_NONE && wait_for_price(order, signal, instrument->tick_size) != 0) ||
        add_legs(order, signal, instrument->tick_size) != 0)
        return error_set(error, EXIT_STATE, "%s: the stop or target is out of range", signal->symbol);
    const char *fault = order_legs_fault(order);
    if (fault != NULL)
        return give_refusal(ledger, signal, "LEGS", DEC_NONE, DEC_NONE, fault, result);
    if (order_id_make(order->id, hash, order->account, signal->id, ROLE_ENTRY, order->attempt, error) != 0)
        return -1;
    /* The account's gates come first: what is halted is halted, whatever the size would have been. */
    order->quantity = quantity > 0 ? quantity : step;
    const int refused =
        risk_check_at(ledger, terms, instrument, order, slot, holding, &entry_room, &result->refusal, error);
    if (refused != 0) {
        result->has_refusal = refused == 1;
        return refused == 1 ? 0 : -1;
    }
    if (quantity == 0)
        return give_refusal(ledger, signal, "ZERO_QUANTITY", step, room, "the size is smaller than one lot", result);
    if (!result->brief && write_texts(result, terms, signal, equity, wanted, clipped, error) != 0)
        return -1;
    result->clipped = clipped;
    result->has_order = true;
    return 0;
}

/* Another price for a working order. */
static void give_replace(const struct ledger *ledger, const struct open_order *open_order, const struct signal *signal,
                         bool stop, dec price, struct risk_result *result)
{
    struct replace *replace = &result->replace[result->replaces++];
    *replace = (struct replace){.time = signal->time,
                                .quantity = DEC_NONE,
                                .limit_price = stop ? DEC_NONE : price,
                                .stop_price = stop ? price : DEC_NONE};
    memcpy(replace->account, ledger->terms.account, sizeof replace->account);
    memcpy(replace->order_id, open_order->order.id, sizeof replace->order_id);
}

/* What is held follows the level it was made from, where that says so: its stop, only nearer, and its target, where
 * that is one. Neither goes to where the price is already. */
static int move_exits(const struct ledger *ledger, int slot, int holding, const struct instrument *instrument,
                      const struct signal *signal, struct risk_result *result, struct error *error)
{
    const int sign = wanted_sign(signal->side);
    const struct open_order *stop = NULL, *target = NULL;
    int targets = 0;
    dec price;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        const struct order *order = &open_order->order;
        if (open_order->holding != holding || order->parent[0] == '\0' || strcmp(order->signal, signal->id) != 0)
            continue;
        if (order->role == ROLE_STOP && order->order_type == ORDER_STOP && open_order_is_waiting(open_order) &&
            stop == NULL)
            stop = open_order;
        if (order->role == ROLE_TARGET && order->order_type == ORDER_LIMIT && targets++ == 0)
            target = open_order;
    }
    if (stop != NULL && signal->stop != DEC_NONE) {
        if (on_tick(&price, signal->stop, instrument->tick_size) != 0)
            return error_set(error, EXIT_STATE, "%s: the stop is out of range", signal->symbol);
        if (sign * price > sign * stop->order.stop_price && sign * price < sign * signal->price)
            give_replace(ledger, stop, signal, true, price, result);
    }
    if (targets == 1 && signal->target != DEC_NONE) {
        if (on_tick(&price, signal->target, instrument->tick_size) != 0)
            return error_set(error, EXIT_STATE, "%s: the target is out of range", signal->symbol);
        if (price != target->order.limit_price && sign * price > sign * signal->price)
            give_replace(ledger, target, signal, false, price, result);
    }
    return 0;
}

/* A working entry follows the level it was made from. */
static int move_entry(const struct ledger *ledger, const struct open_order *entry, const struct instrument *instrument,
                      const struct signal *signal, struct risk_result *result, struct error *error)
{
    const bool stop = signal->entry == ORDER_STOP;
    dec price;
    if (signal->entry_price == DEC_NONE || signal->entry != entry->order.order_type ||
        strcmp(signal->id, entry->order.signal) != 0)
        return 0;
    if (on_tick(&price, signal->entry_price, instrument->tick_size) != 0)
        return error_set(error, EXIT_STATE, "%s: the entry_price is out of range", signal->symbol);
    if (price == (stop ? entry->order.stop_price : entry->order.limit_price))
        return 0;
    give_replace(ledger, entry, signal, stop, price, result);
    return 0;
}

int risk_decide(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                struct sha256 *hash, const struct signal *signal, int64_t valid_until, struct risk_result *result,
                struct error *error)
{
    const int slot = ledger_find_slot(ledger, signal->symbol);
    const int holding = ledger_find_holding(ledger, signal->strategy, slot);
    return risk_decide_at(ledger, terms, instrument, hash, signal, slot, holding, valid_until, result, error);
}

int risk_decide_at(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                   struct sha256 *hash, const struct signal *signal, int slot, int holding, int64_t valid_until,
                   struct risk_result *result, struct error *error)
{
    buf_reset(&result->text);
    result->cancels = result->replaces = 0;
    result->has_order = result->has_refusal = false;
    result->clipped = NULL;
    const struct holding *own = holding < 0 ? NULL : &ledger->holding[holding];
    struct working working;
    find_working(&working, ledger, slot, holding);
    const int held = own == NULL ? 0 : sign_of(own->quantity), wanted = wanted_sign(signal->side);

    /* Decided before the last entry was: a stream that is played again. It knows nothing of what was entered since. */
    if (own != NULL && own->entry_time != TIME_NONE && signal->time < own->entry_time)
        return 0;
    if (wanted == 0 || held == -wanted)
        give_cancels(ledger, &working, signal, result);
    if (held != 0 && held != wanted)
        return give_exit(ledger, hash, own, working.leaving, signal, result, error);
    if (held == wanted && held != 0 && !working.exit && signal->moves == 1 && signal->price != DEC_NONE)
        return move_exits(ledger, slot, holding, instrument, signal, result, error);
    if (wanted == 0 || held == wanted || working.exit)
        return 0;
    for (int i = 0; i < working.entries; i++)
        if (side_sign(working.entry[i]->order.side) == wanted)
            return move_entry(ledger, working.entry[i], instrument, signal, result, error);
    if (working.entries > 0) { /* an entry of the other side: the new one waits until that is final */
        give_cancels(ledger, &working, signal, result);
        return 0;
    }
    if (own != NULL && own->entry_signal[0] != '\0') {
        const bool spent = strcmp(own->entry_signal, signal->id) == 0 || signal->decided <= own->entry_time;
        if (spent)
            return 0;
        if (signal->initial == 1)
            return give_refusal(ledger, signal, "UNDECIDED", DEC_NONE, DEC_NONE,
                                "this may have been decided before the first bar: get more bars", result);
    }
    if (signal->interval.unit == INTERVAL_NONE)
        return give_refusal(ledger, signal, "NO_INTERVAL", DEC_NONE, DEC_NONE,
                            "the signal has no interval and no bar as its cause", result);
    if (!ledger->halted && !terms->halted && risk_is_late(terms, age_of(ledger, signal))) {
        struct refusal late;
        if (result->told != NULL && strcmp(result->told, signal->id) == 0)
            return 0;
        (void)risk_refuse_late(terms, age_of(ledger, signal), &late);
        return give_refusal(ledger, signal, late.code, late.limit, late.observed, late.message, result);
    }
    return give_entry(ledger, terms, instrument, hash, signal, slot, holding, valid_until, result, error);
}
