/* A ledger as bytes and back. One description of each struct serves both directions: whatever is added to a struct of
 * ledger.h is added here, and LEDGER_FORMAT rises (the assertions below and the golden digest of test-state say so).
 *
 * Only what cannot be computed is saved: sums, indices and what the instruments say are made again on loading, so a
 * state cannot contradict itself there. */
#include "ledger/state.h"

#include "base/list.h"
#include "ledger/internal.h"
#include "record/record.h"
#include "record/schema.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* Where these change, the members below and LEDGER_FORMAT do too, unless what is new can be computed. */
#if defined(__x86_64__)
static_assert(sizeof(struct lot) == 128, "lot_state");
static_assert(sizeof(struct holding) == 280, "holding_state");
static_assert(sizeof(struct ledger_symbol_state) == 192, "symbol_state");
static_assert(sizeof(struct open_order) - sizeof(struct order) == 400, "open_order_state");
static_assert(sizeof(struct ledger) == 2160, "scalars and ledger_state");
#endif

/* Sizes that no account reaches and memory survives. */
enum {
    CURRENCIES_MAX = 256,
    SYMBOLS_MAX = 1 << 20,
    SEEN_MAX = 1 << 20,
    HOLDINGS_MAX = 1 << 20,
    LOTS_MAX = 1 << 22,
    TICKETS_MAX = 1 << 20,
    EXITS_MAX = 1 << 22
};

static const char magic[8] = "TNledger";

struct state {
    struct buf *out; /* saving; NULL: loading … */
    struct str in;   /* … from what is left of this */
    struct error *error;
};

static int bad(struct state *state, const char *what)
{
    return error_set(state->error, EXIT_STATE, "the state of the account: %s", what);
}

static int bytes(struct state *state, void *at, size_t count)
{
    if (state->out != NULL) {
        buf_add(state->out, at, count);
        return 0;
    }
    if (count > state->in.n)
        return bad(state, "it ends early");
    if (count > 0)
        memcpy(at, state->in.p, count);
    state->in.p += count;
    state->in.n -= count;
    return 0;
}

/* Little endian, whatever the machine is. */
static int u64(struct state *state, uint64_t *value)
{
    unsigned char text[8];
    for (int i = 0; i < 8; i++)
        text[i] = (unsigned char)(*value >> (8 * i));
    if (bytes(state, text, sizeof text) != 0)
        return -1;
    *value = 0;
    for (int i = 0; i < 8; i++)
        *value |= (uint64_t)text[i] << (8 * i);
    return 0;
}

static int i64(struct state *state, int64_t *value)
{
    uint64_t bits = (uint64_t)*value;
    if (u64(state, &bits) != 0)
        return -1;
    *value = (int64_t)bits;
    return 0;
}

static int i128(struct state *state, __int128 *value)
{
    uint64_t low = (uint64_t)*value, high = (uint64_t)(*value >> 64);
    if (u64(state, &low) != 0 || u64(state, &high) != 0)
        return -1;
    *value = (__int128)((unsigned __int128)high << 64 | low);
    return 0;
}

static int in_range(struct state *state, int64_t *value, int64_t low, int64_t high)
{
    if (i64(state, value) != 0)
        return -1;
    return *value >= low && *value <= high ? 0 : bad(state, "a number out of range");
}

static int small(struct state *state, int *value, int low, int high)
{
    int64_t wide = *value;
    if (in_range(state, &wide, low, high) != 0)
        return -1;
    *value = (int)wide;
    return 0;
}

static int flag(struct state *state, bool *value)
{
    int64_t wide = *value;
    if (in_range(state, &wide, 0, 1) != 0)
        return -1;
    *value = wide == 1;
    return 0;
}

static int size(struct state *state, size_t *value, size_t most)
{
    int64_t wide = (int64_t)*value;
    if (in_range(state, &wide, 0, (int64_t)most) != 0)
        return -1;
    *value = (size_t)wide;
    return 0;
}

static int text(struct state *state, char *at, size_t room)
{
    size_t length = state->out != NULL ? strnlen(at, room) : 0;
    if (size(state, &length, room - 1) != 0)
        return -1;
    if (state->out == NULL)
        memset(at, 0, room);
    if (bytes(state, at, length) != 0)
        return -1;
    return memchr(at, '\0', length) == NULL ? 0 : bad(state, "a text with a zero byte");
}

static int interval_state(struct state *state, struct interval *interval)
{
    int unit = (int)interval->unit;
    int64_t count = interval->count;
    if (small(state, &unit, INTERVAL_NONE, INTERVAL_UNITS - 1) != 0 || in_range(state, &count, 0, INT64_MAX) != 0)
        return -1;
    if (count != 0 && !interval_count_is_valid((enum interval_unit)unit, count))
        return bad(state, "an interval that is none");
    *interval = (struct interval){.unit = (enum interval_unit)unit, .count = count};
    return 0;
}

/* A record's struct by its table: what it points to is not kept. */
static int record_state(struct state *state, const struct schema *schema, void *value)
{
    for (int i = 0; i < schema->members; i++) {
        const struct member *member = &schema->member[i];
        char *const at = (char *)value + member->offset;
        int result = 0, choice;
        int64_t whole;
        switch ((enum member_kind)member->kind) {
        case MEMBER_SYMBOL:
        case MEMBER_TEXT:
            result = text(state, at, member->size);
            break;
        case MEMBER_STR:
        case MEMBER_DATE:
        case MEMBER_OBJECT:
        case MEMBER_ARRAY:
            if (state->out == NULL)
                member_blank(member, value);
            break;
        case MEMBER_DEC:
        case MEMBER_DOUBLE:
        case MEMBER_INTEGER:
        case MEMBER_TIME:
        case MEMBER_DAY:
            memcpy(&whole, at, sizeof whole);
            result = i64(state, &whole);
            memcpy(at, &whole, sizeof whole);
            break;
        case MEMBER_INTERVAL:
            result = interval_state(state, (struct interval *)(void *)at);
            break;
        case MEMBER_WORD:
        case MEMBER_FLAG:
            memcpy(&choice, at, sizeof choice);
            result = member->kind == MEMBER_WORD ? small(state, &choice, 0, member->words->count - 1)
                                                 : small(state, &choice, -1, 1);
            memcpy(at, &choice, sizeof choice);
            break;
        case MEMBER_LEGS: {
            struct leg *const legs = (struct leg *)(void *)at;
            result = small(state, legs_count(legs), 0, LEGS_MAX);
            for (int leg = 0; result == 0 && leg < *legs_count(legs); leg++)
                result = record_state(state, &leg_schema, &legs[leg]);
            break;
        }
        }
        if (result != 0)
            return -1;
    }
    return 0;
}

/* What a state begins with: its format, and whose it is. */
static int head_state(struct state *state, struct ledger_terms *terms)
{
    char start[sizeof magic];
    int64_t format = LEDGER_FORMAT, members = schema_table[RECORD_ORDER].members;
    int mode = (int)terms->mode;
    memcpy(start, magic, sizeof magic);
    if (bytes(state, start, sizeof start) != 0 || i64(state, &format) != 0 || i64(state, &members) != 0)
        return -1;
    if (memcmp(start, magic, sizeof magic) != 0 || format != LEDGER_FORMAT ||
        members != schema_table[RECORD_ORDER].members)
        return bad(state, "another format");
    if (text(state, terms->account, sizeof terms->account) != 0 ||
        text(state, terms->currency, sizeof terms->currency) != 0 || small(state, &mode, MODE_NONE, MODE_LIVE) != 0)
        return -1;
    terms->mode = (enum mode)mode;
    return 0;
}

int ledger_state_terms(struct ledger_terms *terms, struct str saved, struct error *error)
{
    struct state state = {.in = saved, .error = error};
    return head_state(&state, terms);
}

/* The terms stand first: a state is of an account, a mode, a currency and a way to count days. */
static int terms_state(struct state *state, struct ledger_terms *terms)
{
    struct ledger_terms head = *terms;
    char zone[64];
    int64_t rolls = terms->day_rolls, unit = terms->settlement_unit;
    int order = (int)terms->lot_order;
    (void)snprintf(zone, sizeof zone, "%s", terms->zone == NULL ? "UTC" : zone_name(terms->zone));
    if (head_state(state, &head) != 0 || in_range(state, &unit, 1, DEC_MAX) != 0 ||
        small(state, &order, LOTS_NONE, LOTS_HIGHEST_COST) != 0 || i64(state, &rolls) != 0 ||
        text(state, zone, sizeof zone) != 0)
        return -1;
    if (strcmp(head.account, terms->account) != 0 || strcmp(head.currency, terms->currency) != 0 ||
        head.mode != terms->mode || rolls != terms->day_rolls ||
        (terms->lot_order != LOTS_NONE && order != (int)terms->lot_order) ||
        strcmp(zone, terms->zone == NULL ? "UTC" : zone_name(terms->zone)) != 0)
        return bad(state, "the account had other terms");
    terms->settlement_unit = unit;
    terms->lot_order = (enum lot_order)order;
    return 0;
}

static int scalars_state(struct state *state, struct ledger *ledger)
{
    int64_t *const number[] = {&ledger->cash,
                               &ledger->late_time,
                               &ledger->late_power,
                               &ledger->opening,
                               &ledger->now,
                               &ledger->point,
                               &ledger->barred,
                               &ledger->day_ends,
                               &ledger->day_start,
                               &ledger->day_worst,
                               &ledger->day_worst_share,
                               &ledger->day_flows,
                               &ledger->day_lowest,
                               &ledger->commission,
                               &ledger->fees,
                               &ledger->traded,
                               &ledger->carried};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        if (i64(state, number[i]) != 0)
            return -1;
    if (u64(state, &ledger->orders) != 0 || u64(state, &ledger->fills) != 0 || u64(state, &ledger->actions) != 0 ||
        u64(state, &ledger->days) != 0 || flag(state, &ledger->halted) != 0)
        return -1;
    if (small(state, &ledger->unsettleds, 0, UNSETTLED_KEPT) != 0)
        return -1;
    for (int i = 0; i < ledger->unsettleds; i++)
        if (i64(state, &ledger->unsettled[i].settles) != 0 || i64(state, &ledger->unsettled[i].amount) != 0)
            return -1;
    for (uint64_t i = 0; i < LEDGER_DAYS && i < ledger->days; i++) {
        struct ledger_day *day = &ledger->day[i];
        if (i64(state, &day->ends) != 0 || i64(state, &day->base) != 0 || i64(state, &day->loss) != 0 ||
            i64(state, &day->share) != 0)
            return -1;
    }
    return 0;
}

static int rate_state(struct state *state, struct money_rate *at)
{
    struct rate *rate = &at->rate;
    if (i64(state, &rate->price) != 0 || flag(state, &rate->inverse) != 0 ||
        in_range(state, &rate->cross, 0, DEC_MAX) != 0 || flag(state, &rate->cross_inverse) != 0 ||
        small(state, &at->pair, -1, SYMBOLS_MAX) != 0 || small(state, &at->cross_pair, -1, SYMBOLS_MAX) != 0 ||
        i64(state, &at->rated) != 0 || i64(state, &at->marked) != 0)
        return -1;
    return rate->price == DEC_NONE || rate->price > 0 ? 0 : bad(state, "a rate that is none");
}

static bool is_rate_of(const struct money_rate *rate, int slots)
{
    const bool none = rate->pair < 0;
    return rate->pair < slots && rate->cross_pair < slots && none == (rate->rated == TIME_NONE) &&
           none == (rate->marked == TIME_NONE) && none == (rate->rate.price == DEC_NONE) &&
           (rate->cross_pair < 0) == (rate->rate.cross == 0);
}

/* Values come with the positions. */
static int money_state(struct state *state, struct ledger *ledger, size_t index)
{
    char code[CURRENCY_SIZE] = "";
    dec cash = 0;
    if (state->out != NULL) {
        memcpy(code, ledger->money[index].code, sizeof code);
        cash = ledger->money[index].cash;
    }
    if (text(state, code, sizeof code) != 0)
        return -1;
    if (state->out == NULL && ledger_add_currency(ledger, code, state->error) != (int)index + 1)
        return bad(state, "a currency twice");
    struct money *money = &ledger->money[index];
    if (in_range(state, &money->unit, 1, DEC_MAX) != 0 || i64(state, &cash) != 0 ||
        i64(state, &money->commission) != 0 || i64(state, &money->fees) != 0 || rate_state(state, &money->last) != 0 ||
        rate_state(state, &money->before) != 0)
        return -1;
    return state->out != NULL ? 0 : ledger_add_cash(ledger, (int)index + 1, cash, state->error);
}

static int instrument_state(struct state *state, struct ledger_symbol_state *traded)
{
    bool is_there = traded->instrument != NULL;
    if (flag(state, &is_there) != 0)
        return -1;
    if (!is_there)
        return 0;
    if (state->out == NULL && (traded->instrument = calloc(1, sizeof *traded->instrument)) == NULL)
        return error_memory(state->error);
    struct instrument *instrument = traded->instrument;
    require(instrument != NULL);
    int kind = (int)instrument->kind;
    if (in_range(state, &instrument->tick_size, 1, DEC_MAX) != 0 ||
        in_range(state, &instrument->lot_size, 1, DEC_MAX) != 0 ||
        in_range(state, &instrument->multiplier, 1, DEC_MAX) != 0 ||
        small(state, &kind, INSTRUMENT_KIND_NONE, INSTRUMENT_KIND_SERIES) != 0 ||
        text(state, instrument->currency, sizeof instrument->currency) != 0 ||
        text(state, instrument->sector, sizeof instrument->sector) != 0 || i64(state, &instrument->first_day) != 0 ||
        i64(state, &instrument->last_day) != 0 || i64(state, &instrument->expiry) != 0)
        return -1;
    instrument->kind = (enum instrument_kind)kind;
    return 0;
}

static int actions_state(struct state *state, struct ledger_symbol_state *traded)
{
    int count = traded->actions == NULL ? 0 : traded->actions->count;
    if (small(state, &count, 0, ACTIONS_KEPT) != 0)
        return -1;
    if (count == 0)
        return 0;
    if (state->out == NULL && (traded->actions = calloc(1, sizeof *traded->actions)) == NULL)
        return error_memory(state->error);
    struct applied_actions *applied = traded->actions;
    require(applied != NULL);
    applied->count = count;
    if (small(state, &applied->oldest, 0, ACTIONS_KEPT - 1) != 0 || i64(state, &applied->forgotten) != 0)
        return -1;
    for (int i = 0; i < count; i++) {
        struct applied_action *action = &applied->action[i];
        int kind = (int)action->kind;
        if (text(state, action->id, ID_SIZE) != 0 || small(state, &kind, ACTION_NONE, ACTION_DELIST) != 0 ||
            i64(state, &action->time) != 0 || i64(state, &action->new_shares) != 0 ||
            i64(state, &action->old_shares) != 0 || i64(state, &action->cash) != 0 || flag(state, &action->held) != 0)
            return -1;
        action->kind = (enum action_kind)kind;
    }
    return 0;
}

static int symbol_state(struct state *state, struct ledger *ledger, size_t index)
{
    char symbol[SYMBOL_SIZE] = "";
    if (state->out != NULL)
        (void)snprintf(symbol, sizeof symbol, "%s", ledger_symbol(ledger, (int)index));
    if (text(state, symbol, sizeof symbol) != 0)
        return -1;
    if (state->out == NULL) {
        const int added = ledger_slot(ledger, symbol, state->error);
        if (added != (int)index)
            return added < 0 ? -1 : bad(state, "a symbol twice");
    }
    struct ledger_symbol_state *traded = &ledger->symbol_state[index];
    if (small(state, &traded->currency, 0, (int)ledger->currencies) != 0 ||
        in_range(state, &traded->mark, DEC_NONE, DEC_MAX) != 0 || i64(state, &traded->marked) != 0 ||
        i64(state, &traded->split) != 0 || size(state, &traded->intervals, SEEN_MAX) != 0)
        return -1;
    for (size_t i = 0; i < traded->intervals; i++) {
        if (state->out == NULL) {
            if (list_grow(&traded->seen, &traded->seen_capacity, i, sizeof *traded->seen, state->error) != 0)
                return -1;
            traded->seen[i] = (struct seen_bars){.high_water = 0};
        }
        if (interval_state(state, &traded->seen[i].interval) != 0 || i64(state, &traded->seen[i].high_water) != 0)
            return -1;
    }
    return instrument_state(state, traded) == 0 ? actions_state(state, traded) : -1;
}

static int lot_state(struct state *state, struct lot *lot)
{
    return i64(state, &lot->quantity) == 0 && i64(state, &lot->cost) == 0 && i64(state, &lot->dividends) == 0 &&
                   i64(state, &lot->own_cost) == 0 && i64(state, &lot->own_dividends) == 0 &&
                   i64(state, &lot->opened) == 0 && u64(state, &lot->number) == 0 &&
                   text(state, lot->fill, sizeof lot->fill) == 0
               ? 0
               : -1;
}

/* Lots have the sign of their holding and add up to it; their costs have a sum. */
static int lots_state(struct state *state, struct holding *holding, dec quantity)
{
    dec sum = 0, cost = 0;
    size_t lots = holding->lots;
    if (size(state, &lots, LOTS_MAX) != 0)
        return -1;
    for (size_t i = 0; i < lots; i++) {
        if (state->out == NULL) {
            if (list_grow(&holding->lot, &holding->lot_capacity, i, sizeof *holding->lot, state->error) != 0)
                return -1;
            holding->lot[i] = (struct lot){0};
            holding->lots = i + 1;
        }
        require(holding->lot != NULL);
        const struct lot *lot = &holding->lot[i];
        if (lot_state(state, &holding->lot[i]) != 0)
            return -1;
        if (lot->quantity == 0 || (lot->quantity > 0) != (quantity > 0) || dec_add(&sum, sum, lot->quantity) != 0 ||
            dec_add(&cost, cost, lot->cost) != 0)
            return bad(state, "a lot that does not fit");
    }
    return sum == quantity ? 0 : bad(state, "lots that do not add up");
}

static int holding_state(struct state *state, struct ledger *ledger, size_t index)
{
    struct holding empty = {0};
    struct holding *holding = state->out != NULL ? &ledger->holding[index] : &empty;
    dec quantity = holding->quantity;
    if (text(state, holding->strategy, sizeof holding->strategy) != 0 ||
        small(state, &holding->slot, 0, (int)ledger->slots - 1) != 0)
        return -1;
    if (state->out == NULL) {
        const int added = ledger_add_holding(ledger, empty.strategy, empty.slot, state->error);
        if (added != (int)index)
            return added < 0 ? -1 : bad(state, "a holding twice");
        holding = &ledger->holding[index];
    }
    if (in_range(state, &quantity, -DEC_MAX, DEC_MAX) != 0 || i64(state, &holding->realized) != 0 ||
        i64(state, &holding->own_realized) != 0 || in_range(state, &holding->multiplier, 1, DEC_MAX) != 0 ||
        i64(state, &holding->touched) != 0 || text(state, holding->entry_signal, sizeof holding->entry_signal) != 0 ||
        i64(state, &holding->entry_time) != 0 || lots_state(state, holding, quantity) != 0)
        return -1;
    return state->out != NULL ? 0 : ledger_move(ledger, holding, quantity, state->error);
}

static int past_state(struct state *state, struct past_terms *past)
{
    return i64(state, &past->from) == 0 && i64(state, &past->until) == 0 && i64(state, &past->quantity) == 0 &&
                   i64(state, &past->limit_price) == 0 && i64(state, &past->stop_price) == 0
               ? 0
               : -1;
}

static int open_order_state(struct state *state, struct ledger *ledger, size_t index)
{
    struct open_order empty = {.planned = false};
    struct open_order *open = state->out != NULL ? ledger->open_order[index] : &empty;
    int status = (int)open->status;
    require(!open->planned);
    if (small(state, &open->slot, 0, (int)ledger->slots - 1) != 0 ||
        small(state, &open->holding, 0, (int)ledger->holdings - 1) != 0 ||
        record_state(state, &schema_table[RECORD_ORDER], &open->order) != 0)
        return -1;
    if (state->out == NULL) {
        if (ledger->holding[empty.holding].slot != empty.slot ||
            strcmp(ledger_symbol(ledger, empty.slot), empty.order.symbol) != 0 ||
            ledger_open_order(ledger, empty.order.id) != NULL || order_kind(empty.order.order_type) == NULL)
            return bad(state, "an order that does not fit");
        open = ledger_restore_order(ledger, &empty.order, empty.slot, empty.holding, state->error);
        if (open == NULL)
            return -1;
    }
    if (u64(state, &open->serial) != 0 || small(state, &status, 0, STATUS_PENDING_REPLACE) != 0 ||
        i64(state, &open->halted) != 0 || i64(state, &open->from) != 0 || i64(state, &open->triggered) != 0 ||
        in_range(state, &open->filled, 0, open->order.quantity) != 0 || i64(state, &open->notional) != 0 ||
        i128(state, &open->price) != 0 || i64(state, &open->commission) != 0 ||
        small(state, &open->fills, 0, INT32_MAX) != 0 || small(state, &open->revision, 0, INT32_MAX) != 0 ||
        i64(state, &open->bars) != 0 || small(state, &open->pasts, 0, PASTS_KEPT) != 0)
        return -1;
    bool sleeps = open->sleeps;
    int due = (int)open->due, request = (int)open->request;
    if (small(state, &request, REQUEST_NONE, REQUEST_CANCEL) != 0 || i64(state, &open->wanted.quantity) != 0 ||
        i64(state, &open->wanted.limit_price) != 0 || i64(state, &open->wanted.stop_price) != 0 ||
        flag(state, &open->doubt) != 0)
        return -1;
    open->request = (enum order_request)request;
    if (flag(state, &sleeps) != 0 || small(state, &due, DUE_NOTHING, DUE_CANCEL) != 0 || i64(state, &open->due_at) != 0)
        return -1;
    if (sleeps ? open->order.oto[0] == '\0' : due != DUE_NOTHING)
        return bad(state, "an order that waits for nothing");
    if (state->out == NULL)
        ledger_set_due(ledger, open, sleeps, (enum due)due, open->due_at);
    for (int i = 0; i < open->pasts; i++)
        if (past_state(state, &open->past[i]) != 0)
            return -1;
    if (open->serial > ledger->orders || (index > 0 && ledger->open_order[index - 1]->serial >= open->serial))
        return bad(state, "orders out of their order");
    open->status = (enum order_status)status;
    if (state->out == NULL)
        ledger_recost(ledger, open);
    return 0;
}

static int exit_state(struct state *state, struct ledger *ledger, size_t index)
{
    char signal[ID_SIZE] = "";
    int64_t attempt = 0;
    if (state->out != NULL) {
        (void)snprintf(signal, sizeof signal, "%s", ledger->exits.name[index]);
        attempt = ledger->attempt[index];
    }
    if (text(state, signal, sizeof signal) != 0 || in_range(state, &attempt, 0, INT64_MAX) != 0 ||
        (state->out == NULL && ledger_note_attempt(ledger, signal, attempt, state->error) != 0))
        return -1;
    return ledger->exits.count > index ? 0 : bad(state, "a signal twice");
}

static int ledger_state(struct state *state, struct ledger *ledger)
{
    size_t slots = ledger->slots, holdings = ledger->holdings, open_orders = ledger->open_orders,
           exits = ledger->exits.count;
    size_t currencies = ledger->currencies;
    if (terms_state(state, &ledger->terms) != 0 || scalars_state(state, ledger) != 0 ||
        size(state, &currencies, CURRENCIES_MAX) != 0)
        return -1;
    for (size_t i = 0; i < currencies; i++)
        if (money_state(state, ledger, i) != 0)
            return -1;
    if (size(state, &slots, SYMBOLS_MAX) != 0)
        return -1;
    for (size_t i = 0; i < slots; i++)
        if (symbol_state(state, ledger, i) != 0)
            return -1;
    for (size_t i = 0; i < currencies; i++)
        if (!is_rate_of(&ledger->money[i].last, (int)slots) || !is_rate_of(&ledger->money[i].before, (int)slots))
            return bad(state, "a rate of no pair");
    if (state->out == NULL)
        ledger_note_expiries(ledger, TIME_NONE);
    if (size(state, &holdings, slots == 0 ? 0 : HOLDINGS_MAX) != 0)
        return -1;
    for (size_t i = 0; i < holdings; i++)
        if (holding_state(state, ledger, i) != 0)
            return -1;
    if (size(state, &open_orders, holdings == 0 ? 0 : TICKETS_MAX) != 0)
        return -1;
    for (size_t i = 0; i < open_orders; i++)
        if (open_order_state(state, ledger, i) != 0)
            return -1;
    if (size(state, &exits, EXITS_MAX) != 0)
        return -1;
    for (size_t i = 0; i < exits; i++)
        if (exit_state(state, ledger, i) != 0)
            return -1;
    return 0;
}

int ledger_save(const struct ledger *ledger, struct buf *out, struct error *error)
{
    struct state state = {.out = out, .error = error};
    /* Saving writes nothing but to `out`: the description is one for both directions. */
    if (ledger_state(&state, (struct ledger *)(uintptr_t)ledger) != 0)
        return -1;
    return buf_check(out, error);
}

int ledger_load(struct ledger *ledger, const struct ledger_terms *terms, struct str saved, struct error *error)
{
    struct state state = {.in = saved, .error = error};
    if (ledger_init(ledger, terms, error) != 0)
        return -1;
    if (ledger_state(&state, ledger) == 0 && (state.in.n == 0 || bad(&state, "trailing bytes") == 0))
        return 0;
    error_recode(error, EXIT_STATE);
    ledger_clear(ledger);
    return -1;
}
