/* How far prices went for and against open positions: the account's events, from its first, and prices of a stream. */
#include "tn-order/watch.h"

#include "base/list.h"
#include "record/marks.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Of a position, while it is open. */
struct extremes {
    bool open, is_long;
    dec high, low; /* prices of the day, since it was opened */
    int64_t since;
};

struct price {
    dec last;
    int64_t time;
};

struct excursions {
    const struct account *account;
    struct event_cursor *cursor;
    struct account_report *account_report;
    struct names keys; /* "STRATEGY SYMBOL" */
    struct extremes *extremes;
    size_t capacity;
    struct names symbols; /* of the stream */
    struct price *price;
    size_t price_capacity;
    struct record record;
    struct buf scratch;
    union record_value value;
};

struct excursions *excursions_open(const struct account *account, struct error *error)
{
    struct excursions *excursions = calloc(1, sizeof *excursions);
    if (excursions == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    static const struct metrics_options metrics = {.sessions = 252};
    const char *name = account->ledger->terms.account;
    names_init(&excursions->keys);
    names_init(&excursions->symbols);
    buf_init(&excursions->scratch, (size_t)RECORD_LINE_MAX);
    excursions->account = account;
    excursions->account_report = account_report_new(MODE_PAPER, name, &metrics, LOTS_NONE, error);
    if (excursions->account_report != NULL)
        excursions->cursor = journal_read_account(account->journal, name, error);
    if (excursions->cursor != NULL && excursions_catch_up(excursions, error) == 0)
        return excursions;
    excursions_close(excursions);
    return NULL;
}

void excursions_close(struct excursions *excursions)
{
    if (excursions == NULL)
        return;
    event_cursor_close(excursions->cursor);
    account_report_free(excursions->account_report);
    names_clear(&excursions->keys);
    names_clear(&excursions->symbols);
    buf_clear(&excursions->scratch);
    free(excursions->extremes);
    free(excursions->price);
    free(excursions);
}

static void key_of(char key[static STRATEGY_SIZE + SYMBOL_SIZE], const char *strategy, const char *symbol)
{
    (void)snprintf(key, STRATEGY_SIZE + SYMBOL_SIZE, "%s %s", strategy, symbol);
}

static struct extremes *extremes_of(struct excursions *excursions, const char *strategy, const char *symbol,
                                    struct error *error)
{
    char key[STRATEGY_SIZE + SYMBOL_SIZE];
    key_of(key, strategy, symbol);
    const size_t before = excursions->keys.count;
    if (list_grow(&excursions->extremes, &excursions->capacity, before, sizeof *excursions->extremes, error) < 0)
        return NULL;
    const int64_t index = names_add(&excursions->keys, str_of(key), error);
    if (index < 0)
        return NULL;
    if (excursions->keys.count > before)
        excursions->extremes[before] = (struct extremes){.open = false};
    return &excursions->extremes[index];
}

static void reach(struct extremes *extremes, dec high, dec low)
{
    extremes->high = high > extremes->high ? high : extremes->high;
    extremes->low = low < extremes->low ? low : extremes->low;
}

/* A fill opens the position, turns it, or is one more price of it. */
static int note_fill(struct excursions *excursions, const struct fill *fill, struct error *error)
{
    const struct ledger *ledger = &excursions->account_report->ledger;
    struct extremes *extremes = extremes_of(excursions, fill->strategy, fill->symbol, error);
    if (extremes == NULL)
        return -1;
    const struct holding *holding = ledger_holding(ledger, fill->strategy, ledger_find_slot(ledger, fill->symbol));
    const dec quantity = holding == NULL ? 0 : holding->quantity;
    const bool goes_on = extremes->open && quantity != 0 && (quantity > 0) == extremes->is_long;
    if (goes_on)
        reach(extremes, fill->price, fill->price);
    else
        *extremes = (struct extremes){quantity != 0, quantity > 0, fill->price, fill->price, fill->time};
    return 0;
}

/* Prices of a symbol, for all strategies that hold it: those between high and low only where they began after the
 * position, since a bar in which it was opened says nothing of what came first. */
static void note_price(struct excursions *excursions, const char *symbol, int64_t from, dec high, dec low, dec last)
{
    for (size_t i = 0; i < excursions->keys.count; i++) {
        const char *space = strrchr(excursions->keys.name[i], ' ');
        if (excursions->extremes[i].open && strcmp(space + 1, symbol) == 0)
            reach(&excursions->extremes[i], from >= excursions->extremes[i].since ? high : last,
                  from >= excursions->extremes[i].since ? low : last);
    }
}

/* Prices from before a split are restated, as those of the fills are. */
static int note_split(struct excursions *excursions, const struct action *action, struct error *error)
{
    for (size_t i = 0; i < excursions->keys.count; i++) {
        struct extremes *extremes = &excursions->extremes[i];
        const char *space = strrchr(excursions->keys.name[i], ' ');
        if (extremes->open && strcmp(space + 1, action->symbol) == 0 &&
            (dec_multiply_divide(&extremes->high, extremes->high, action->old_shares, action->new_shares,
                                 ROUND_HALF_EVEN) != 0 ||
             dec_multiply_divide(&extremes->low, extremes->low, action->old_shares, action->new_shares,
                                 ROUND_HALF_EVEN) != 0))
            return error_set(error, EXIT_STATE, "%s: the split takes a price out of range", action->symbol);
    }
    return 0;
}

static int take_event(struct excursions *excursions, enum record_type type, struct error *error)
{
    const union record_value *value = &excursions->value;
    const bool split = type == RECORD_ACTION && value->action.kind == ACTION_SPLIT && value->action.new_shares > 0 &&
                       value->action.old_shares > 0 && value->action.corrects[0] == '\0' &&
                       !ledger_knows_action(&excursions->account_report->ledger,
                                            ledger_find_slot(&excursions->account_report->ledger, value->action.symbol),
                                            &value->action);
    if (account_report_take(excursions->account_report, type, value, error) < 0)
        return -1;
    if (split)
        return note_split(excursions, &value->action, error);
    if (type == RECORD_FILL)
        return note_fill(excursions, &value->fill, error);
    return 0;
}

static int take_marks(struct excursions *excursions, enum record_type type, struct error *error)
{
    struct marks marks;
    int got;
    marks_open(&marks, type, &excursions->value);
    while ((got = marks_next(&marks, error)) == 1) {
        const struct mark *mark = &marks.mark;
        if (account_report_take(excursions->account_report, RECORD_MARK, mark, error) < 0)
            return -1;
        note_price(excursions, mark->symbol, mark->time, mark->price, mark->price, mark->price);
    }
    return got;
}

int excursions_catch_up(struct excursions *excursions, struct error *error)
{
    struct record *record = &excursions->record;
    struct event event;
    int got;
    while ((got = event_cursor_next(excursions->cursor, &event, error)) == 1) {
        record->scratch = &excursions->scratch;
        if (record_scan(record, event.record.p, event.record.n, error) < 0)
            break;
        switch (record->type) {
        case RECORD_ORDER:
        case RECORD_ORDER_UPDATE:
        case RECORD_FILL:
        case RECORD_CASH:
        case RECORD_ACTION:
        case RECORD_MARK:
        case RECORD_EQUITY:
            break;
        default:
            continue;
        }
        const bool marks = record->type == RECORD_MARK || record->type == RECORD_EQUITY;
        if (record_decode(record, &excursions->value, error) < 0 ||
            (marks ? take_marks(excursions, record->type, error) : take_event(excursions, record->type, error)) < 0)
            break;
    }
    if (!error_is_set(error))
        return got;
    error_recode(error, EXIT_STATE);
    error_prefix(error, "event %lld", (long long)event.seq);
    return -1;
}

/* ---- the stream ---- */

static int set_price(struct excursions *excursions, const char *symbol, int64_t time, dec last, struct error *error)
{
    const size_t before = excursions->symbols.count;
    if (list_grow(&excursions->price, &excursions->price_capacity, before, sizeof *excursions->price, error) < 0)
        return -1;
    const int64_t index = names_add(&excursions->symbols, str_of(symbol), error);
    if (index < 0)
        return -1;
    struct price *price = &excursions->price[index];
    if (excursions->symbols.count > before || time >= price->time)
        *price = (struct price){last, time};
    return 0;
}

int excursions_line(struct excursions *excursions, struct str line, struct error *error)
{
    struct record *record = &excursions->record;
    const union record_value *value = &excursions->value;
    record->scratch = &excursions->scratch;
    if (record_scan(record, line.p, line.n, error) < 0)
        return -1;
    if (record->type != RECORD_BAR && record->type != RECORD_TRADE && record->type != RECORD_QUOTE)
        return 0;
    if (record_decode(record, &excursions->value, error) < 0)
        return -1;
    const struct bar *bar = &value->bar;
    const struct trade *trade = &value->trade;
    const struct quote *quote = &value->quote;
    if (record->type == RECORD_BAR) {
        note_price(excursions, bar->symbol, bar->time, bar->high, bar->low, bar->close);
        return set_price(excursions, bar->symbol, bar->end, bar->close, error);
    }
    if (record->type == RECORD_QUOTE) {
        if (quote->bid == DEC_NONE || quote->ask == DEC_NONE || quote->bid <= 0 || quote->ask < quote->bid)
            return 0;
        const dec middle = quote->bid + (quote->ask - quote->bid) / 2;
        note_price(excursions, quote->symbol, quote->time, middle, middle, middle);
        return set_price(excursions, quote->symbol, quote->time, middle, error);
    }
    if (trade->canceled == 1 || trade->effect == EFFECT_VOLUME || trade->effect == EFFECT_RANGE ||
        trade->effect == EFFECT_NOTHING) /* no last price */
        return 0;
    note_price(excursions, trade->symbol, trade->time, trade->price, trade->price, trade->price);
    return set_price(excursions, trade->symbol, trade->time, trade->price, error);
}

/* ---- a position ---- */

/* What the stops of the entries would have cost: Σ |price − stop| × quantity × multiplier of the lots that are left;
 * DEC_NONE when one of them had none. */
static dec risk_of(const struct excursions *excursions, const struct holding *holding)
{
    const struct account_report *account_report = excursions->account_report;
    dec sum = 0;
    for (size_t i = 0; i < holding->lots; i++) {
        const struct lot *lot = &holding->lot[i];
        const int64_t index = lot->fill[0] == '\0' ? -1 : names_find(&account_report->fill_ids, str_of(lot->fill));
        const struct fill_line *fill =
            index < 0 || (size_t)index >= account_report->fills ? NULL : &account_report->fill[index];
        const dec stop = fill == NULL || fill->order < 0 ? DEC_NONE : account_report->order[fill->order].stop;
        dec part;
        if (stop == DEC_NONE || dec_subtract(&part, fill->price, stop) != 0 ||
            dec_multiply(&part, part < 0 ? -part : part, lot->quantity < 0 ? -lot->quantity : lot->quantity,
                         ROUND_HALF_EVEN) != 0 ||
            dec_multiply(&part, part, holding->multiplier, ROUND_HALF_EVEN) != 0 || dec_add(&sum, sum, part) != 0)
            return DEC_NONE;
    }
    return sum > 0 ? sum : DEC_NONE;
}

/* (to − average) × quantity × multiplier. */
static dec profit(const struct holding *holding, dec average, dec to)
{
    dec money;
    return dec_subtract(&money, to, average) != 0 ||
                   dec_multiply(&money, money, holding->quantity, ROUND_HALF_EVEN) != 0 ||
                   dec_multiply(&money, money, holding->multiplier, ROUND_HALF_EVEN) != 0
               ? DEC_NONE
               : money;
}

static dec not_below_zero(dec money)
{
    return money == DEC_NONE || money > 0 ? money : 0;
}

int excursions_position(const struct excursions *excursions, const struct holding *holding, struct position *position,
                        struct error *error)
{
    char key[STRATEGY_SIZE + SYMBOL_SIZE];
    key_of(key, position->strategy, position->symbol);
    const int64_t index = names_find(&excursions->keys, str_of(key));
    const int64_t symbol = names_find(&excursions->symbols, str_of(position->symbol));
    const struct price *price = symbol < 0 ? NULL : &excursions->price[symbol];
    if (price != NULL && (position->time == TIME_NONE || price->time > position->time)) {
        const dec from = position->market_price == DEC_NONE ? position->average_price : position->market_price;
        const dec before = position->unrealized == DEC_NONE ? 0 : position->unrealized;
        const dec change = from == DEC_NONE ? DEC_NONE : profit(holding, from, price->last);
        if (change == DEC_NONE || dec_add(&position->unrealized, before, change) != 0)
            return error_set(error, EXIT_INPUT, "%s: its value is out of range", position->symbol);
        position->market_price = price->last;
        position->time = price->time;
    }
    if (index < 0 || !excursions->extremes[index].open || position->average_price == DEC_NONE)
        return 0;
    const struct extremes *extremes = &excursions->extremes[index];
    const dec best = extremes->is_long ? extremes->high : extremes->low;
    const dec worst = extremes->is_long ? extremes->low : extremes->high;
    const dec against = profit(holding, position->average_price, worst);
    position->mfe = not_below_zero(profit(holding, position->average_price, best));
    position->mae = not_below_zero(against == DEC_NONE ? DEC_NONE : -against);
    position->risk = risk_of(excursions, holding);
    if (position->risk != DEC_NONE && position->unrealized != DEC_NONE)
        position->r = dec_to_double(position->unrealized) / dec_to_double(position->risk);
    return 0;
}
