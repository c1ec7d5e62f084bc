/* The limits, in the order they are asked; the first that says no is the one reported. */
#include "record/order_kinds.h"
#include "risk/internal.h"

#include <stdio.h>
#include <string.h>

static int refuse(struct refusal *refusal, const char *code, dec limit, dec observed, const char *message)
{
    (void)snprintf(refusal->code, sizeof refusal->code, "%s", code);
    refusal->limit = limit;
    refusal->observed = observed;
    (void)snprintf(refusal->message, sizeof refusal->message, "%s", message);
    return 1;
}

static int overflow(struct error *error)
{
    return error_set(error, EXIT_STATE, "the figures of a limit are out of range");
}

bool risk_is_late(const struct risk_terms *terms, int64_t age)
{
    return terms->entry_within != 0 && age >= terms->entry_within;
}

int risk_refuse_late(const struct risk_terms *terms, int64_t age, struct refusal *refusal)
{
    char text[sizeof refusal->message];
    dec observed;
    if (__builtin_mul_overflow(age, DEC_ONE, &observed))
        observed = DEC_MAX;
    (void)snprintf(text, sizeof text, "decided %lld bar%s ago; entry_within = %lld in the account's terms",
                   (long long)age, age == 1 ? "" : "s", (long long)terms->entry_within);
    return refuse(refusal, "LATE", terms->entry_within * DEC_ONE, observed, text);
}

static dec magnitude(dec value)
{
    return value < 0 ? -value : value;
}

/* What is left of an open order. */
static dec open_order_opens(const struct open_order *open_order)
{
    return open_order->order.quantity - open_order->filled;
}

bool risk_waits(const struct order *order)
{
    const struct order_kind *kind = order_kind(order->order_type);
    return kind != NULL && (kind->limit || kind->trigger != TRIGGER_NONE);
}

/* An exit may take at most what is held less the exits already working; protective legs do not count, an exit replaces
 * them. For the exit of a signal at the market what waits for a price does not count either: it may wait for ever, and
 * goes with the position. */
static int check_exit(const struct ledger *ledger, const struct order *order, int holding, struct refusal *refusal,
                      struct error *error)
{
    const dec held = holding < 0 ? 0 : ledger->holding[holding].quantity;
    if (held == 0 || (held > 0) == (side_sign(order->side) > 0))
        return refuse(refusal, "NO_POSITION", DEC_NONE, held, "there is no position this order would reduce");
    const bool decided = order->signal[0] != '\0' && !risk_waits(order);
    dec left = magnitude(held);
    for (const struct open_order *open_order = ledger->symbol_state[ledger->holding[holding].slot].open_order;
         open_order != NULL; open_order = open_order->next) {
        const bool either = order->oco[0] != '\0' && strcmp(open_order->order.oco, order->oco) == 0; /* not both */
        if (open_order->holding == holding && !open_order->sleeps && order_is_reducing(&open_order->order) &&
            !order_is_leg(&open_order->order) && !either && !(decided && risk_waits(&open_order->order)) &&
            dec_subtract(&left, left, open_order_opens(open_order)) != 0)
            return overflow(error);
    }
    if (order->quantity > left)
        return refuse(refusal, "EXIT_EXCEEDS_POSITION", left, order->quantity,
                      "more than the position minus the exits already working");
    return 0;
}

static int refuse_rate(const struct ledger *ledger, const char *code, int64_t rated, struct refusal *refusal)
{
    char text[sizeof refusal->message], pairs[LEDGER_PAIRS_SIZE], since[TIME_TEXT_MAX];
    const char *own = ledger->terms.currency;
    ledger_name_pairs(ledger, code, pairs);
    since[rated == TIME_NONE ? 0 : time_format(since, rated)] = '\0';
    if (rated == TIME_NONE)
        (void)snprintf(text, sizeof text,
                       "there is no rate of %s in %s: bars of %s, or of the inverse pairs, are needed", code, own,
                       pairs);
    else
        (void)snprintf(text, sizeof text,
                       "the rate of %s in %s is from %s, more than 4 days old: bars of %s are needed", code, own, since,
                       pairs);
    return refuse(refusal, "NO_RATE", DEC_NONE, DEC_NONE, text);
}

/* The later of a moment and the account's. */
static int64_t latest(const struct ledger *ledger, int64_t time)
{
    return ledger->now > time ? ledger->now : time;
}

int risk_refuse_unrated(const struct ledger *ledger, const struct instrument *instrument, int64_t time,
                        struct refusal *refusal)
{
    const int missing = ledger_unrated(ledger);
    if (missing != 0)
        return refuse_rate(ledger, ledger_currency_code(ledger, missing), ledger->money[missing - 1].last.rated,
                           refusal);
    if (instrument->currency[0] == '\0')
        return 0;
    const struct money_rate rate = ledger_rate(ledger, instrument->currency, latest(ledger, time));
    return rate.rate.price != DEC_NONE ? 0 : refuse_rate(ledger, instrument->currency, rate.rated, refusal);
}

/* What is held in one currency takes no more of it in another. */
static int risk_refuse_currency(const struct ledger *ledger, const struct instrument *instrument, int slot,
                                struct refusal *refusal)
{
    char text[sizeof refusal->message];
    if (slot < 0 || ledger->symbol_state[slot].open == 0 ||
        ledger_find_currency(ledger, instrument->currency) == ledger->symbol_state[slot].currency)
        return 0;
    (void)snprintf(text, sizeof text, "the position is in %s",
                   ledger_currency_code(ledger, ledger->symbol_state[slot].currency));
    return refuse(refusal, "CURRENCY", DEC_NONE, DEC_NONE, text);
}

/* A date that the instrument names. */
static int refuse_date(const char *code, const char *words, int64_t day, struct refusal *refusal)
{
    char text[sizeof refusal->message], date[TIME_TEXT_MAX];
    date[date_format(date, date_from_days(day))] = '\0';
    (void)snprintf(text, sizeof text, "%s %s", words, date);
    return refuse(refusal, code, DEC_NONE, DEC_NONE, text);
}

int risk_refuse_dated(const struct ledger *ledger, const struct instrument *instrument, int64_t time,
                      struct refusal *refusal)
{
    time = latest(ledger, time);
    if (instrument->expiry != 0 && time >= ledger_day_end(ledger, instrument->expiry))
        return refuse_date("EXPIRED", "its last trading day was", instrument->expiry, refusal);
    if (instrument->last_day != 0 && time >= ledger_day_end(ledger, instrument->last_day))
        return refuse_date("NOT_TRADED", "valid_to: it was traded until", instrument->last_day, refusal);
    if (instrument->first_day != 0 && time < ledger_day_end(ledger, instrument->first_day - 1))
        return refuse_date("NOT_TRADED", "valid_from: it is traded from", instrument->first_day, refusal);
    return 0;
}

/* In the account's currency; -1 also without a rate. */
static int to_own(const struct ledger *ledger, int slot, dec *amount)
{
    struct error ignored = {0};
    if (ledger->symbol_state[slot].currency == 0)
        return 0;
    return ledger_convert(ledger, ledger->symbol_state[slot].currency, *amount, 1, ROUND_UP, amount, &ignored) != 0 ||
                   *amount == DEC_NONE
               ? -1
               : 0;
}

/* Market value held in a symbol plus its working entries, unsigned, in the account's currency. */
static int committed(const struct ledger *ledger, int slot, dec *result)
{
    dec total = 0;
    if (slot >= 0 && ledger->symbol_state[slot].quantity != 0) {
        if (dec_multiply(&total, ledger->symbol_state[slot].quantity, ledger->symbol_state[slot].mark,
                         ROUND_HALF_EVEN) != 0)
            return -1;
        total = magnitude(total);
    }
    dec entries = 0;
    if (slot >= 0 && ledger->symbol_state[slot].entries > 0 &&
        (ledger_entry_cost(ledger, slot, false, &entries) != 0 || dec_add(&total, total, entries) != 0))
        return -1;
    *result = total;
    return slot < 0 || total == 0 ? 0 : to_own(ledger, slot, result);
}

/* The same of all symbols of a sector: as what they were traded. */
static int committed_in(const struct ledger *ledger, const char *sector, dec *result)
{
    *result = 0;
    for (size_t i = 0; i < ledger->slots; i++) {
        const struct instrument *instrument = ledger->symbol_state[i].instrument;
        dec part;
        if (instrument != NULL && ledger_symbol_is_busy(&ledger->symbol_state[i]) &&
            strcmp(instrument->sector, sector) == 0 &&
            (committed(ledger, (int)i, &part) != 0 || dec_add(result, *result, part) != 0))
            return -1;
    }
    return 0;
}

int risk_entry_room(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                    int slot, dec equity, int64_t time, struct entry_room *entry_room, struct error *error)
{
    entry_room->equity = equity;
    entry_room->rate = RATE_ONE;
    entry_room->sector_limit = DEC_MAX;
    entry_room->sector_used = 0;
    if (dec_multiply(&entry_room->limit, equity, terms->max_position, ROUND_DOWN) != 0 ||
        committed(ledger, slot, &entry_room->used) != 0)
        return overflow(error);
    if (instrument->currency[0] != '\0')
        entry_room->rate = ledger_rate(ledger, instrument->currency, latest(ledger, time)).rate;
    if (terms->max_sector > 0 && instrument->sector[0] != '\0' &&
        (dec_multiply(&entry_room->sector_limit, equity, terms->max_sector, ROUND_DOWN) != 0 ||
         committed_in(ledger, instrument->sector, &entry_room->sector_used) != 0))
        return overflow(error);
    return 0;
}

int risk_room(const struct entry_room *entry_room, dec price, dec multiplier, dec *quantity, const char **clipped,
              struct error *error)
{
    dec room, others, unit;
    if (dec_subtract(&room, entry_room->limit, entry_room->used) != 0 ||
        dec_subtract(&others, entry_room->sector_limit, entry_room->sector_used) != 0 ||
        dec_multiply(&unit, price, multiplier, ROUND_UP) != 0 ||
        rate_convert(&entry_room->rate, unit, 1, ROUND_UP, &unit) != 0)
        return overflow(error);
    const dec before = *quantity;
    const char *limit = others < room ? "MAX_SECTOR" : "MAX_POSITION";
    room = others < room ? others : room;
    if (room <= 0 || unit <= 0)
        *quantity = 0;
    else if ((__int128)*quantity * unit > (__int128)room * DEC_ONE && dec_divide(quantity, room, unit, ROUND_DOWN) != 0)
        return overflow(error);
    *clipped = *quantity < before ? limit : NULL;
    return 0;
}

/* Symbols with a position or a working entry, `besides` aside. */
static int64_t count_positions(const struct ledger *ledger, int besides)
{
    return ledger->busy - (besides >= 0 && ledger_symbol_is_busy(&ledger->symbol_state[besides]));
}

static int check_buying_power(const struct ledger *ledger, const struct order *order, dec cost, struct refusal *refusal,
                              struct error *error)
{
    dec power, needed = 0;
    const int64_t time = latest(ledger, order->time); /* an account that holds nothing has no event at a close */
    if (ledger_buying_power_at(ledger, time, &power, error) != 0)
        return -1;
    if (ledger_entry_cost(ledger, -1, true, &needed) != 0 ||
        dec_add(&needed, needed, ledger_own_money(ledger, order->side, cost)) != 0)
        return overflow(error);
    if (needed <= power)
        return 0;
    const dec unsettled = ledger_unsettled(ledger, time);
    if (needed - power <= unsettled)
        return refuse(refusal, "UNSETTLED", power, needed,
                      "the proceeds of a sale have not settled: a cash account cannot spend them yet");
    return refuse(refusal, "BUYING_POWER", power, needed,
                  "this order and the working entries need more than the buying power");
}

/* Has a day lost what it may? *limit: how much that is. */
static bool is_lost(const struct ledger_day *day, const struct risk_terms *terms, dec *limit)
{
    if (day->loss <= 0)
        return false;
    if (dec_multiply(limit, day->base, terms->daily_loss, ROUND_DOWN) != 0)
        *limit = day->base > 0 ? DEC_MAX : -DEC_MAX; /* more than can be lost, or nothing is left to lose */
    return day->loss >= *limit || day->share >= terms->daily_loss;
}

/* Is the question of a later day than the account's last event? That day has had nothing yet: the ledger keeps the
 * other until an event comes, since bars that opened before the roll may still fill in it. */
static bool has_rolled(const struct ledger *ledger, const struct risk_terms *terms)
{
    return ledger->day_ends != TIME_NONE && terms->now > ledger->day_ends;
}

/* The day that the ledger has open, so far. */
static int open_day(const struct ledger *ledger, dec equity, struct ledger_day *day, struct error *error)
{
    *day = (struct ledger_day){.ends = ledger->day_ends, .share = ledger->day_worst_share};
    if (ledger_daily_loss(ledger, equity, &day->base, &day->loss, error) != 0)
        return -1;
    if (day->loss < ledger->day_worst) /* DEC_NONE is below it */
        day->loss = ledger->day_worst;
    return 0;
}

int risk_day_is_lost(const struct ledger *ledger, const struct risk_terms *terms, dec equity, struct error *error)
{
    struct ledger_day day;
    dec limit;
    if (has_rolled(ledger, terms))
        return 0;
    return open_day(ledger, equity, &day, error) != 0 ? -1 : is_lost(&day, terms, &limit);
}

/* A fraction in percent, two places. */
static void percent(char text[static DEC_TEXT_MAX], dec share)
{
    dec value;
    if (dec_multiply(&value, share, 100 * DEC_ONE, ROUND_DOWN) != 0 ||
        dec_round(&value, value, DEC_ONE / 100, ROUND_DOWN) != 0)
        value = DEC_MAX;
    text[dec_format(text, value)] = '\0';
}

static int refuse_day(const struct ledger *ledger, const struct risk_terms *terms, const struct ledger_day *day,
                      bool past, dec limit, struct refusal *refusal)
{
    char date[TIME_TEXT_MAX], ends[TIME_TEXT_MAX], loss[DEC_TEXT_MAX], lost[DEC_TEXT_MAX], most[DEC_TEXT_MAX];
    dec share = 0;
    if (day->base > 0 && dec_divide(&share, day->loss, day->base, ROUND_DOWN) != 0)
        share = DEC_MAX;
    date[date_format(date, date_from_days(ledger_day_date(ledger, day->ends)))] = '\0';
    ends[time_format(ends, day->ends)] = '\0';
    loss[dec_format(loss, day->loss)] = '\0';
    percent(lost, share > day->share ? share : day->share); /* what came in since lifts nothing */
    percent(most, terms->daily_loss);
    char text[sizeof refusal->message];
    (void)snprintf(text, sizeof text,
                   past ? "the trading day of the decision, %s, lost %s, %s %% of its equity, the limit is %s %%: "
                          "only later decisions, after %s, are entered"
                        : "the trading day %s has lost %s, %s %% of its equity, the limit is %s %%: entries resume "
                          "after %s",
                   date, loss, lost, most, ends);
    return refuse(refusal, "DAILY_LOSS_LIMIT", limit, day->loss, text);
}

/* The day that holds the decision and the present one: an entry needs both. A scan of the morning decides on the bars
 * of the day before, and that day may have lost what a day may. */
static int check_day(const struct ledger *ledger, const struct risk_terms *terms, int64_t decided, dec equity,
                     struct refusal *refusal, struct error *error)
{
    struct ledger_day open;
    dec limit = 0;
    const struct ledger_day *past = ledger_find_day(ledger, decided);
    const bool over = has_rolled(ledger, terms);
    if (past != NULL && is_lost(past, terms, &limit))
        return refuse_day(ledger, terms, past, true, limit, refusal);
    if (over && (past != NULL || !ledger_day_is_open(ledger, decided)))
        return 0;
    if (open_day(ledger, equity, &open, error) != 0)
        return -1;
    return is_lost(&open, terms, &limit) ? refuse_day(ledger, terms, &open, over, limit, refusal) : 0;
}

static bool is_on_tick(dec price, dec tick)
{
    const dec fine = DEC_ONE / 10000;
    return price == DEC_NONE || price % tick == 0 || (price < DEC_ONE && fine < tick && price % fine == 0);
}

bool order_is_on_tick(const struct order *order, dec tick)
{
    bool whole = is_on_tick(order->limit_price, tick) && is_on_tick(order->stop_price, tick);
    for (int i = 0; i < order->leg_count; i++)
        whole = whole && is_on_tick(order->legs[i].limit_price, tick) && is_on_tick(order->legs[i].stop_price, tick);
    return whole;
}

int order_check_tick(const struct order *order, dec tick, struct error *error)
{
    char text[DEC_TEXT_MAX];
    if (order_is_on_tick(order, tick))
        return 0;
    text[dec_format(text, tick)] = '\0';
    error_set(error, EXIT_INPUT, "order %s: a price is not a multiple of the tick size, %s", order->id, text);
    error_hint(error, "set tick_size in instruments.ndjson or in an instrument section of the configuration");
    return -1;
}

/* A protective stop on the wrong side of the price at which the entry would be made: where it waits for the price to go
 * on, or its limit, or the price that it was sized on. */
static bool is_beyond_stop(const struct order *order)
{
    const struct order_kind *kind = order_kind(order->order_type);
    const bool waits = kind != NULL && kind->trigger == TRIGGER_STOPPED && order->stop_price != DEC_NONE;
    const dec price = waits                            ? order->stop_price
                      : order->limit_price != DEC_NONE ? order->limit_price
                                                       : order->reference_price;
    for (int i = 0; i < order->leg_count; i++)
        if (order->legs[i].role == ROLE_STOP && price != DEC_NONE && order->legs[i].stop_price != DEC_NONE &&
            (side_sign(order->side) > 0 ? price <= order->legs[i].stop_price : price >= order->legs[i].stop_price))
            return true;
    return false;
}

/* What the account would be committed to with this entry. */
static int check_account(const struct ledger *ledger, const struct risk_terms *terms, const struct order *order,
                         const struct instrument *instrument, int slot, const struct entry_room *known, dec equity,
                         dec cost, struct refusal *refusal, struct error *error)
{
    struct entry_room entry_room = {.equity = equity};
    const int64_t others = count_positions(ledger, slot);
    if (others >= terms->max_positions)
        return refuse(refusal, "MAX_POSITIONS", terms->max_positions * DEC_ONE, others * DEC_ONE,
                      "the maximum number of positions is open or being entered");
    if (known != NULL)
        entry_room = *known;
    else if (risk_entry_room(ledger, terms, instrument, slot, equity, order->time, &entry_room, error) != 0)
        return -1;
    if (rate_convert(&entry_room.rate, cost, 1, ROUND_UP, &cost) != 0 ||
        dec_add(&entry_room.used, entry_room.used, cost) != 0 ||
        dec_add(&entry_room.sector_used, entry_room.sector_used, cost) != 0)
        return overflow(error);
    if (entry_room.used > entry_room.limit)
        return refuse(refusal, "MAX_POSITION", entry_room.limit, entry_room.used,
                      "the position in the symbol would exceed the limit");
    if (entry_room.sector_used > entry_room.sector_limit)
        return refuse(refusal, "MAX_SECTOR", entry_room.sector_limit, entry_room.sector_used,
                      "the positions in the sector would exceed the limit");
    return check_buying_power(ledger, order, cost, refusal, error);
}

/* Has another instance the other side of the symbol, held or as a working entry? Paper and backtest are venues where an
 * account has one position of a symbol, as at most brokers: both sides at once would be neither. */
static bool is_opposed(const struct ledger *ledger, int slot, int holding, int sign)
{
    if (slot < 0)
        return false;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (int i = 0; at->open > 0 && i < at->holdings; i++) {
        const dec quantity = ledger->holding[at->holding[i]].quantity;
        if (at->holding[i] != holding && quantity != 0 && (quantity > 0) != (sign > 0))
            return true;
    }
    for (const struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next) {
        if (open_order->holding != holding && open_order->entry && side_sign(open_order->order.side) != sign)
            return true;
    }
    return false;
}

/* Whose broker asks for money enters nothing. */
static int check_margin(const struct ledger *ledger, const struct risk_terms *terms, dec equity,
                        struct refusal *refusal, struct error *error)
{
    dec exposure = 0, margin = 0;
    if (ledger_exposure(ledger, &exposure, error) != 0)
        return -1;
    if (!risk_may_be_called(terms, equity, exposure))
        return 0;
    if (risk_maintenance(ledger, terms, &margin, error) != 0)
        return -1;
    return equity > margin ? 0
                           : refuse(refusal, "MARGIN_CALL", margin, equity,
                                    "the equity is at or below the maintenance margin of the positions");
}

/* A cash account borrows no currency either: it buys with what it has of the symbol's. */
static int check_own_currency(const struct ledger *ledger, const struct risk_terms *terms,
                              const struct instrument *instrument, dec cost, struct refusal *refusal,
                              struct error *error)
{
    const int currency = ledger_find_currency(ledger, instrument->currency);
    if (!terms->cash_account || (currency == 0 && ledger->currencies == 0))
        return 0;
    const dec cash = currency == 0 ? ledger->cash : currency < 0 ? 0 : ledger->money[currency - 1].cash;
    dec needed = 0;
    if ((currency >= 0 && ledger_entry_cost_in(ledger, currency, &needed) != 0) || dec_add(&needed, needed, cost) != 0)
        return overflow(error);
    return needed <= cash
               ? 0
               : refuse(refusal, "CASH_ACCOUNT", cash, needed,
                        "a cash account buys only with cash in the currency of the symbol: tn-order convert");
}

static int check_all(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                     const struct order *order, int slot, int holding, const struct entry_room *known,
                     struct refusal *refusal, struct error *error)
{
    if (order_is_reducing(order))
        return check_exit(ledger, order, holding, refusal, error);
    if (ledger->halted || terms->halted)
        return refuse(refusal, "HALTED", DEC_NONE, DEC_NONE, "the account is halted: tn-order resume");
    if (risk_is_late(terms, order->age))
        return risk_refuse_late(terms, order->age, refusal);
    const dec step = terms->fractional ? RISK_FRACTION : instrument->lot_size;
    if (order->quantity % step != 0)
        return refuse(refusal, "LOT_SIZE", step, order->quantity, "not a whole number of lots");
    if (!order_is_on_tick(order, instrument->tick_size))
        return refuse(refusal, "TICK_SIZE", instrument->tick_size, DEC_NONE,
                      "a price is not a multiple of the tick size");
    if (side_sign(order->side) < 0 && terms->long_only)
        return refuse(refusal, "LONG_ONLY", DEC_NONE, DEC_NONE, "the account does not sell short");
    if (side_sign(order->side) < 0 && terms->cash_account)
        return refuse(refusal, "CASH_ACCOUNT", DEC_NONE, DEC_NONE, "a cash account does not sell short");
    if (is_opposed(ledger, slot, holding, side_sign(order->side)))
        return refuse(refusal, "OPPOSITE_POSITION", DEC_NONE, DEC_NONE,
                      "another strategy has the opposite side: an account cannot be both long and short in a symbol");
    if (risk_refuse_dated(ledger, instrument, order->time, refusal) == 1 ||
        risk_refuse_currency(ledger, instrument, slot, refusal) == 1 ||
        risk_refuse_unrated(ledger, instrument, order->time, refusal) == 1)
        return 1;
    dec equity = 0, cost = 0;
    if (known != NULL)
        equity = known->equity;
    else if (ledger_equity(ledger, &equity, error) != 0)
        return -1;
    if (equity <= 0)
        return refuse(refusal, "NO_EQUITY", DEC_NONE, equity, "the account has no equity");
    const int called = check_margin(ledger, terms, equity, refusal, error);
    if (called != 0)
        return called;
    if (order_cost(order, order->quantity, instrument->multiplier, &cost) != 0)
        return refuse(refusal, "NO_PRICE", DEC_NONE, DEC_NONE,
                      "the cost of this order is not known: give it a reference_price");
    const int owed = check_own_currency(ledger, terms, instrument, cost, refusal, error);
    if (owed != 0)
        return owed;
    if (is_beyond_stop(order))
        return refuse(refusal, "BEYOND_STOP", DEC_NONE, order->reference_price, "the price is at or beyond the stop");
    const int day = check_day(ledger, terms, order->time, equity, refusal, error);
    return day != 0 ? day : check_account(ledger, terms, order, instrument, slot, known, equity, cost, refusal, error);
}

int risk_check(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
               const struct order *order, struct refusal *refusal, struct error *error)
{
    const int slot = ledger_find_slot(ledger, order->symbol);
    const int holding = ledger_find_holding(ledger, order->strategy, slot);
    return risk_check_at(ledger, terms, instrument, order, slot, holding, NULL, refusal, error);
}

int risk_check_at(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                  const struct order *order, int slot, int holding, const struct entry_room *known,
                  struct refusal *refusal, struct error *error)
{
    const int status = check_all(ledger, terms, instrument, order, slot, holding, known, refusal, error);
    if (status != 1)
        return status;
    refusal->time = order->time;
    refusal->mode = ledger->terms.mode;
    memcpy(refusal->symbol, order->symbol, sizeof refusal->symbol);
    memcpy(refusal->account, ledger->terms.account, sizeof refusal->account);
    memcpy(refusal->strategy, order->strategy, sizeof refusal->strategy);
    memcpy(refusal->order_id, order->id, sizeof refusal->order_id);
    memcpy(refusal->cause, order->cause, sizeof refusal->cause);
    return 1;
}
