/* The account: its symbols and holdings, its clock and trading day, what it is worth. Fills are in lots.c, working
 * orders in book.c, corporate actions in actions.c. */
#include "ledger/internal.h"

#include "base/list.h"
#include "record/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ledger_overflow(struct error *error, const char *what)
{
    return error_set(error, EXIT_STATE, "%s is out of range", what);
}

int ledger_init(struct ledger *ledger, const struct ledger_terms *terms, struct error *error)
{
    if (terms->settlement_unit <= 0)
        return error_set(error, EXIT_USAGE, "account '%s': the settlement unit must be positive", terms->account);
    *ledger = (struct ledger){.terms = *terms,
                              .opening = TIME_NONE,
                              .now = TIME_NONE,
                              .point = TIME_NONE,
                              .barred = TIME_NONE,
                              .traded = TIME_NONE,
                              .carried = TIME_NONE,
                              .day_ends = TIME_NONE,
                              .late_time = TIME_NONE,
                              .day_lowest = DEC_MAX,
                              .next_end = INT64_MAX,
                              .next_expiry = INT64_MAX};
    names_init(&ledger->symbols);
    names_init(&ledger->exits);
    return 0;
}

void ledger_clear(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->holdings; i++)
        free(ledger->holding[i].lot);
    for (size_t i = 0; i < ledger->slots; i++) {
        free(ledger->symbol_state[i].actions);
        free(ledger->symbol_state[i].instrument);
        free(ledger->symbol_state[i].seen);
        free(ledger->symbol_state[i].holding);
    }
    ledger_clear_book(ledger);
    free(ledger->money);
    free(ledger->holding);
    free(ledger->symbol_state);
    names_clear(&ledger->symbols);
    names_clear(&ledger->exits);
    free(ledger->attempt);
    *ledger = (struct ledger){0};
}

int64_t ledger_next_roll(const struct ledger_terms *terms, int64_t time)
{
    int64_t local = terms->zone == NULL ? time : zone_to_local(terms->zone, time);
    local -= terms->day_rolls;
    int64_t day = local / TIME_DAY - (local % TIME_DAY < 0);
    for (;; day++) {
        int64_t roll;
        if (__builtin_mul_overflow(day, TIME_DAY, &roll) || __builtin_add_overflow(roll, terms->day_rolls, &roll))
            return INT64_MAX;
        const int64_t utc = terms->zone == NULL ? roll : zone_to_utc(terms->zone, roll);
        if (utc >= time)
            return utc;
    }
}

/* The same, quick where the clock is not moved in between. */
static int64_t next_roll(struct ledger *ledger, int64_t time)
{
    const struct ledger_terms *terms = &ledger->terms;
    if (!zone_span_holds(&ledger->clock, time))
        zone_span_at(terms->zone, time, &ledger->clock);
    if (zone_span_holds(&ledger->clock, time)) {
        const int64_t late = ledger->clock.offset - terms->day_rolls, local = time + late;
        const int64_t since = local % TIME_DAY, roll = time - since + (since > 0 ? TIME_DAY : 0);
        if (zone_span_holds(&ledger->clock, roll))
            return roll;
    }
    return ledger_next_roll(terms, time);
}

/* The day that ends, for orders that were decided on it and come later. */
static int keep_day(struct ledger *ledger, dec equity, struct error *error)
{
    dec base = 0, loss = 0;
    if (ledger_note_equity(ledger, ledger->point, equity, error) != 0 ||
        ledger_daily_loss(ledger, equity, &base, &loss, error) != 0)
        return -1;
    ledger->day[ledger->days++ % LEDGER_DAYS] = (struct ledger_day){
        .ends = ledger->day_ends, .base = base, .loss = ledger->day_worst, .share = ledger->day_worst_share};
    return 0;
}

/* The equity by the last rates, however old. */
static int estimate(const struct ledger *ledger, dec *equity, struct error *error)
{
    dec value = 0;
    if (ledger->value != 0 && dec_narrow(&value, ledger->value) != 0)
        return ledger_overflow(error, "equity");
    if (dec_add(equity, ledger->cash, value) != 0)
        return ledger_overflow(error, "equity");
    return ledger->exposed == 0 ? 0 : ledger_add_worths(ledger, equity, error);
}

int ledger_roll_from(struct ledger *ledger, dec equity, int64_t known, struct error *error)
{
    if (ledger->day_ends != TIME_NONE && keep_day(ledger, equity, error) != 0)
        return -1;
    ledger->day_start = equity;
    ledger->day_flows = 0;
    ledger->day_worst = ledger->day_worst_share = 0;
    ledger->day_lowest = DEC_MAX;
    ledger->day_ends = next_roll(ledger, known + (known == ledger->day_ends));
    ledger->now = known;
    return 0;
}

int ledger_roll(struct ledger *ledger, int64_t known, struct error *error)
{
    dec equity = 0;
    return estimate(ledger, &equity, error) != 0 ? -1 : ledger_roll_from(ledger, equity, known, error);
}

int ledger_find_slot(const struct ledger *ledger, const char *symbol)
{
    return (int)names_find(&ledger->symbols, str_of(symbol));
}

const char *ledger_symbol(const struct ledger *ledger, int slot)
{
    require(slot >= 0 && (size_t)slot < ledger->slots);
    return ledger->symbols.name[slot];
}

int ledger_slot(struct ledger *ledger, const char *symbol, struct error *error)
{
    const int64_t index = names_add(&ledger->symbols, str_of(symbol), error);
    if (index < 0)
        return -1;
    if ((size_t)index == ledger->slots) {
        if (list_grow(&ledger->symbol_state, &ledger->slot_capacity, ledger->slots, sizeof *ledger->symbol_state,
                      error) != 0)
            return -1;
        ledger->symbol_state[ledger->slots++] =
            (struct ledger_symbol_state){.mark = DEC_NONE, .marked = TIME_NONE, .split = TIME_NONE};
        ledger_find_rates(ledger, (int)index);
    }
    return (int)index;
}

int ledger_find_holding(const struct ledger *ledger, const char *strategy, int slot)
{
    if (slot < 0 || (size_t)slot >= ledger->slots)
        return -1;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (int i = 0; i < at->holdings; i++)
        if (strcmp(ledger->holding[at->holding[i]].strategy, strategy) == 0)
            return at->holding[i];
    return -1;
}

struct holding *ledger_holding(const struct ledger *ledger, const char *strategy, int slot)
{
    const int index = ledger_find_holding(ledger, strategy, slot);
    return index < 0 ? NULL : &ledger->holding[index];
}

static int slot_add_holding(struct ledger_symbol_state *state, int index, struct error *error)
{
    if (list_grow(&state->holding, &state->holding_capacity, (size_t)state->holdings, sizeof *state->holding, error) !=
        0)
        return -1;
    state->holding[state->holdings++] = index;
    return 0;
}

int ledger_add_holding(struct ledger *ledger, const char *strategy, int slot, struct error *error)
{
    const int index = ledger_find_holding(ledger, strategy, slot);
    if (index >= 0)
        return index;
    if (list_grow(&ledger->holding, &ledger->holding_capacity, ledger->holdings, sizeof *ledger->holding, error) != 0)
        return -1;
    if (slot_add_holding(&ledger->symbol_state[slot], (int)ledger->holdings, error) != 0)
        return -1;
    require(ledger->holding != NULL);
    struct holding *holding = &ledger->holding[ledger->holdings];
    *holding = (struct holding){.slot = slot, .multiplier = DEC_ONE, .touched = TIME_NONE, .entry_time = TIME_NONE};
    (void)snprintf(holding->strategy, sizeof holding->strategy, "%s", strategy);
    return (int)ledger->holdings++;
}

/* Sets what a symbol's value is made of and keeps the account's sums in step. */
static inline int set_slot(struct ledger *ledger, struct ledger_symbol_state *state, dec quantity, dec mark,
                           struct error *error)
{
    if ((quantity | state->quantity) == 0) { /* no price makes nothing worth anything */
        state->mark = mark;
        return 0;
    }
    const __int128 value = mark == DEC_NONE ? 0 : (__int128)quantity * mark;
    if (!ledger_is_value(value))
        return ledger_overflow(error, "the value of a position");
    struct money *money = state->currency == 0 ? NULL : &ledger->money[state->currency - 1];
    __int128 *const sum = money == NULL ? &ledger->value : &money->value;
    __int128 *const gross = money == NULL ? &ledger->gross : &money->gross;
    *sum += value - state->value;
    if ((value | state->value) >= 0)
        *gross += value - state->value;
    else
        *gross += ledger_magnitude(value) - ledger_magnitude(state->value);
    state->value = value;
    state->quantity = quantity;
    state->mark = mark;
    if (money != NULL)
        ledger_note_exposed(ledger, state->currency);
    return 0;
}

int ledger_set_mark(struct ledger *ledger, struct ledger_symbol_state *state, dec price, struct error *error)
{
    return set_slot(ledger, state, state->quantity, price, error);
}

int ledger_move(struct ledger *ledger, struct holding *holding, dec change, struct error *error)
{
    struct ledger_symbol_state *state = &ledger->symbol_state[holding->slot];
    dec quantity, before, after, scaled, total;
    /* The difference of two rounded products, not the product of the difference: what is flat then is 0 exactly. */
    if (dec_add(&quantity, holding->quantity, change) != 0 ||
        dec_multiply(&before, holding->quantity, holding->multiplier, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&after, quantity, holding->multiplier, ROUND_HALF_EVEN) != 0 ||
        dec_subtract(&scaled, after, before) != 0 || dec_add(&total, state->quantity, scaled) != 0)
        return ledger_overflow(error, "a position's quantity");
    if (set_slot(ledger, state, total, state->mark, error) != 0)
        return -1;
    const bool was_busy = ledger_symbol_is_busy(state);
    state->open += (quantity != 0) - (holding->quantity != 0);
    ledger->busy += ledger_symbol_is_busy(state) - was_busy;
    holding->quantity = quantity;
    return 0;
}

int ledger_mark(struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t known, dec price,
                struct error *error)
{
    if (ledger_advance(ledger, known, error) != 0)
        return -1;
    struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    if (known > ledger->barred)
        ledger->barred = known;
    if (known >= at->marked) { /* TIME_NONE is before every time */
        if (set_slot(ledger, at, at->quantity, price, error) != 0)
            return -1;
        at->marked = known;
        if (at->rates && ledger_note_rate(ledger, slot, error) != 0)
            return -1;
    }
    ledger_note_traded(ledger, known);
    for (int i = 0; i < at->holdings; i++) {
        struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->touched < known)
            holding->touched = known;
    }
    for (struct open_order *open_order = at->counting > 0 ? at->open_order : NULL; open_order != NULL;
         open_order = open_order->next)
        open_order->bars += open_order->order.bars > 0 && !open_order->sleeps && known >= open_order->from &&
                            interval_equal(open_order->order.interval, interval);
    size_t i = 0;
    while (i < at->intervals && !interval_equal(at->seen[i].interval, interval))
        i++;
    if (i == at->intervals) {
        if (list_grow(&at->seen, &at->seen_capacity, at->intervals, sizeof *at->seen, error) != 0)
            return -1;
        at->seen[at->intervals++] = (struct seen_bars){.interval = interval, .high_water = bar};
    } else if (bar > at->seen[i].high_water) {
        at->seen[i].high_water = bar;
    }
    return 0;
}

bool ledger_has_seen(const struct ledger *ledger, int slot, struct interval interval, int64_t bar)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (size_t i = 0; i < at->intervals; i++)
        if (interval_equal(at->seen[i].interval, interval))
            return bar <= at->seen[i].high_water;
    return false;
}

int ledger_note_lowest(struct ledger *ledger, dec equity, struct error *error)
{
    dec base = 0, loss = 0;
    if (equity == DEC_NONE) /* nobody knows */
        return 0;
    if (ledger_daily_loss(ledger, equity, &base, &loss, error) != 0)
        return -1;
    ledger->day_lowest = equity;
    if (loss <= 0)
        return 0;
    if (loss > ledger->day_worst)
        ledger->day_worst = loss;
    dec share = DEC_MAX;
    if (base > 0 && dec_divide(&share, loss, base, ROUND_DOWN) != 0)
        return ledger_overflow(error, "the daily loss");
    if (share > ledger->day_worst_share)
        ledger->day_worst_share = share;
    return 0;
}

int ledger_note_curve(struct ledger *ledger, const int64_t *time, const struct curve *curve, size_t count,
                      struct error *error)
{
    const dec *equity = curve->equity;
    for (size_t i = 0, n; i < count; i = n) {
        dec lowest = equity[i];
        if (i > 0 && time[i] > ledger->day_ends ? ledger_roll_from(ledger, equity[i - 1], time[i], error) != 0
                                                : ledger_advance(ledger, time[i], error) != 0)
            return -1;
        n = i + 1;
        if (i == 0 && time[count - 1] <= ledger->day_ends) { /* all of them are of one day: nearly always */
            lowest = curve->lowest;
            n = count;
        }
        for (; n < count && time[n] <= ledger->day_ends; n++)
            lowest = equity[n] < lowest ? equity[n] : lowest;
        if (ledger_note_equity(ledger, time[n - 1], lowest, error) != 0)
            return -1;
    }
    return count == 0 ? 0 : ledger_advance(ledger, time[count - 1], error);
}

/* Those that an event carries, as the bars came. */
static int apply_marks(struct ledger *ledger, enum record_type type, const void *value, struct error *error)
{
    struct marks marks;
    int got;
    marks_open(&marks, type, value);
    while ((got = marks_next(&marks, error)) == 1) {
        const struct mark *mark = &marks.mark;
        const int slot = ledger_slot(ledger, mark->symbol, error);
        if (slot < 0 || ledger_mark(ledger, slot, mark->interval, mark->bar, mark->time, mark->price, error) != 0)
            return -1;
    }
    return got;
}

static int apply_equity(struct ledger *ledger, const struct equity *point, struct error *error)
{
    if (apply_marks(ledger, RECORD_EQUITY, point, error) != 0 || ledger_advance(ledger, point->time, error) != 0)
        return -1;
    ledger_note_traded(ledger, point->time);
    return ledger_note_equity(ledger, point->time, point->equity, error);
}

int ledger_apply(struct ledger *ledger, enum record_type type, const void *value, struct error *error)
{
    switch ((int)type) {
    case RECORD_ORDER:
        return ledger_apply_order(ledger, value, error);
    case RECORD_ORDER_UPDATE:
        return ledger_apply_update(ledger, value, error);
    case RECORD_FILL:
        return ledger_apply_fill(ledger, value, error);
    case RECORD_CASH:
        return ledger_apply_cash(ledger, value, error);
    case RECORD_ACTION:
        return ledger_apply_action(ledger, value, error);
    case RECORD_ADJUSTMENT:
        ledger_apply_adjustment(ledger, value);
        return 0;
    case RECORD_MARK:
        return apply_marks(ledger, type, value, error);
    case RECORD_EQUITY:
        return apply_equity(ledger, value, error);
    case RECORD_HALT:
        ledger_apply_halt(ledger, value);
        return 0;
    case RECORD_INSTRUMENT:
        return ledger_apply_instrument(ledger, value, error);
    default:
        return 0;
    }
}

int ledger_equity(const struct ledger *ledger, dec *equity, struct error *error)
{
    if (ledger->exposed > 0 && ledger_unrated(ledger) != 0) {
        *equity = DEC_NONE;
        return 0;
    }
    return estimate(ledger, equity, error);
}

int ledger_exposure(const struct ledger *ledger, dec *exposure, struct error *error)
{
    *exposure = 0;
    if (ledger->gross != 0 && dec_narrow(exposure, ledger->gross) != 0)
        return ledger_overflow(error, "exposure");
    if (ledger->exposed == 0)
        return 0;
    if (ledger_unrated(ledger) == 0)
        return ledger_add_exposures(ledger, exposure, error);
    *exposure = DEC_NONE;
    return 0;
}

int ledger_daily_loss(const struct ledger *ledger, dec equity, dec *base, dec *loss, struct error *error)
{
    if (dec_add(base, ledger->day_start, ledger->day_flows) != 0 ||
        (equity != DEC_NONE && dec_subtract(loss, *base, equity) != 0))
        return ledger_overflow(error, "the daily loss");
    if (equity == DEC_NONE)
        *loss = DEC_NONE;
    return 0;
}

const struct ledger_day *ledger_find_day(const struct ledger *ledger, int64_t time)
{
    const struct ledger_day *found = NULL;
    const uint64_t kept = ledger->days < LEDGER_DAYS ? ledger->days : LEDGER_DAYS;
    for (uint64_t i = 1; i <= kept; i++) {
        const struct ledger_day *day = &ledger->day[(ledger->days - i) % LEDGER_DAYS];
        if (time > day->ends)
            return found;
        found = day;
    }
    return ledger->days > LEDGER_DAYS ? NULL : found; /* the first day there was has no beginning */
}

bool ledger_day_is_open(const struct ledger *ledger, int64_t time)
{
    const bool later = ledger->days == 0 || time > ledger->day[(ledger->days - 1) % LEDGER_DAYS].ends;
    return later && time <= ledger->day_ends;
}

int64_t ledger_day_end(const struct ledger *ledger, int64_t day)
{
    const struct ledger_terms *terms = &ledger->terms;
    const int64_t rolls = terms->day_rolls == 0 ? TIME_DAY : terms->day_rolls;
    int64_t local;
    if (__builtin_mul_overflow(day, TIME_DAY, &local) || __builtin_add_overflow(local, rolls, &local))
        return INT64_MAX;
    return terms->zone == NULL ? local : zone_to_utc(terms->zone, local);
}

int64_t ledger_day_date(const struct ledger *ledger, int64_t ends)
{
    const struct ledger_terms *terms = &ledger->terms;
    const int64_t local = terms->zone == NULL ? ends - 1 : zone_to_local(terms->zone, ends - 1);
    return local / TIME_DAY - (local % TIME_DAY < 0);
}

int ledger_amount(const struct ledger *ledger, int slot, dec quantity, dec price, dec multiplier, dec *amount,
                  struct error *error)
{
    return ledger_amount_in(ledger, slot < 0 ? 0 : ledger->symbol_state[slot].currency, quantity, price, multiplier,
                            amount, error);
}

int ledger_amount_in(const struct ledger *ledger, int currency, dec quantity, dec price, dec multiplier, dec *amount,
                     struct error *error)
{
    dec scaled = quantity;
    if (multiplier != DEC_ONE && dec_multiply(&scaled, quantity, multiplier, ROUND_HALF_EVEN) != 0)
        return ledger_overflow(error, "quantity times multiplier");
    if (dec_multiply_round(amount, scaled, price, ledger_unit(ledger, currency)) != 0)
        return ledger_overflow(error, "quantity times price");
    return 0;
}
