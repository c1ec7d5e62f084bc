/* One account or run: taking its records. Round trips are in trips.c. */
#include "show/book.h"

#include "base/list.h"
#include "base/num.h"
#include "market/currency.h"
#include "record/marks.h"
#include "show/flat.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct book *book_new(enum mode mode, const char *account, const struct metrics_options *options, enum lot_order lots,
                      struct error *error)
{
    struct book *book = calloc(1, sizeof *book);
    if (book == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    struct ledger_terms terms = {.mode = mode, .settlement_unit = DEC_ONE / 100, .lot_order = lots};
    (void)snprintf(terms.account, sizeof terms.account, "%s", account);
    if (ledger_init(&book->ledger, &terms, error) != 0) {
        free(book);
        return NULL;
    }
    book->ledger.on_close = book_closing;
    book->ledger.context = book;
    book->mode = mode;
    (void)snprintf(book->account, sizeof book->account, "%s", account);
    book->first = book->last = TIME_NONE;
    metrics_init(&book->metrics, options);
    names_init(&book->fill_ids);
    names_init(&book->filled_orders);
    names_init(&book->order_ids);
    names_init(&book->round_trip_keys);
    names_init(&book->position_keys);
    buf_init(&book->result_line, (size_t)RECORD_LINE_MAX);
    buf_init(&book->result_scratch, (size_t)RECORD_LINE_MAX);
    return book;
}

void book_free(struct book *book)
{
    if (book == NULL)
        return;
    ledger_clear(&book->ledger);
    metrics_clear(&book->metrics);
    free(book->equity);
    free(book->round_trip);
    free(book->payment);
    free(book->order);
    free(book->fill);
    free(book->position);
    names_clear(&book->fill_ids);
    names_clear(&book->filled_orders);
    names_clear(&book->order_ids);
    names_clear(&book->round_trip_keys);
    names_clear(&book->position_keys);
    buf_clear(&book->result_line);
    buf_clear(&book->result_scratch);
    free(book->result_record);
    free(book);
}

static void extend(struct book *book, int64_t time)
{
    if (book->first == TIME_NONE || time < book->first)
        book->first = time;
    if (book->last == TIME_NONE || time > book->last)
        book->last = time;
}

/* The account's currency, of a fill that trades in another: it is on the other side of what the fill's pairs name. */
static void find_own(const struct fill *fill, char own[static WORD_SIZE])
{
    char other[CURRENCY_SIZE], last[CURRENCY_SIZE];
    if (!currency_pair_other(fill->pair, fill->currency, other))
        return;
    if (fill->cross_pair[0] == '\0')
        (void)snprintf(own, WORD_SIZE, "%s", other);
    else if (currency_pair_other(fill->cross_pair, other, last))
        (void)snprintf(own, WORD_SIZE, "%s", last);
}

/* The first that says a currency decides the account's. */
static void settle_currency(struct book *book, const char currency[static 9])
{
    if (book->currency[0] != '\0')
        return;
    memcpy(book->currency, currency, sizeof book->currency);
    memcpy(book->ledger.terms.currency, currency, sizeof book->ledger.terms.currency);
}

/* The line of an order id, made when new; NULL when out of memory. */
static struct order_line *order_of(struct book *book, const char *id, struct error *error)
{
    const int64_t index = names_add(&book->order_ids, str_of(id), error);
    if (index < 0)
        return NULL;
    if ((size_t)index < book->orders)
        return &book->order[index];
    if (list_grow(&book->order, &book->order_capacity, book->orders, sizeof *book->order, error) != 0)
        return NULL;
    struct order_line *line = &book->order[book->orders++];
    *line = (struct order_line){
        .order = {.quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = DEC_NONE, .time = TIME_NONE},
        .time = TIME_NONE,
        .filled = DEC_NONE,
        .average_price = DEC_NONE,
        .limit = DEC_NONE,
        .observed = DEC_NONE,
        .stop = DEC_NONE};
    (void)snprintf(line->order.id, sizeof line->order.id, "%s", id);
    (void)snprintf(line->order.account, sizeof line->order.account, "%s", book->account);
    return line;
}

/* What sizing says of its limits stays when its words go. */
static void note_cut(struct order_line *line, struct str risk)
{
    struct field member;
    while (raw_next(&risk, &member))
        if (str_is(member.key, "clipped") && member.kind == VALUE_STRING && member.value.n <= ID_SIZE)
            (void)snprintf(line->cut, sizeof line->cut, STR_FMT, (int)member.value.n - 2, member.value.p + 1);
}

static void add_figure(void *context, struct str name, struct str value)
{
    struct order_line *line = context;
    const size_t used = strlen(line->why);
    double number;
    struct error ignored;
    error_clear(&ignored);
    if (num_parse(&number, value.p, value.n, &ignored) == 0)
        (void)snprintf(line->why + used, sizeof line->why - used, ", " STR_FMT " %.6g", (int)name.n, name.p, number);
}

/* The side that was wanted, since when, and the figures that the strategy gave as its reason. */
static void note_why(struct order_line *line, struct str basis)
{
    struct field member;
    struct str side = {"", 0}, decided = {"", 0}, reason = {"", 0};
    while (raw_next(&basis, &member)) {
        const bool text = member.kind == VALUE_STRING && member.value.n > 2;
        const struct str inner = text ? (struct str){member.value.p + 1, member.value.n - 2} : member.value;
        if (str_is(member.key, "side") && text)
            side = inner;
        else if (str_is(member.key, "decided") && text && inner.n >= 10)
            decided = (struct str){inner.p, 10};
        else if (str_is(member.key, "reason") && member.kind == VALUE_OBJECT)
            reason = inner;
    }
    if (side.n == 0 || side.n > 8 || decided.n == 0)
        return;
    (void)snprintf(line->why, sizeof line->why, STR_FMT " since " STR_FMT, (int)side.n, side.p, (int)decided.n,
                   decided.p);
    flat_each(reason, add_figure, line);
}

static int take_order(struct book *book, const struct order *order, struct error *error)
{
    struct order_line *line = order_of(book, order->id, error);
    if (line == NULL)
        return -1;
    const bool is_new = line->order.time == TIME_NONE;
    line->order = *order;
    note_cut(line, order->risk);
    note_why(line, order->basis);
    line->order.risk = line->order.basis = (struct str){NULL, 0};
    if (line->time == TIME_NONE)
        line->time = order->time;
    for (int i = 0; is_new && !line->stop_placed && i < order->leg_count; i++)
        if (order->legs[i].role == ROLE_STOP)
            line->stop = order->legs[i].stop_price;
    if (order->role != ROLE_STOP || order->parent[0] == '\0')
        return 0;
    /* The stop that was placed when the entry filled: a dividend since the decision lowers it below the leg's. Later
     * ones of the same entry, or the same one moved, say nothing of what was risked. */
    const dec stop = order->stop_price;
    struct order_line *entry = order_of(book, order->parent, error);
    if (entry == NULL)
        return -1;
    if (is_new && !entry->stop_placed && stop != DEC_NONE)
        entry->stop = stop;
    entry->stop_placed = true;
    return 0;
}

/* An order of an earlier stream (tn-order settle): its fill says what it was. */
static void learn_from_fill(struct order *order, const struct fill *fill)
{
    memcpy(order->strategy, fill->strategy, sizeof order->strategy);
    order->role = fill->role;
    order->side = fill->side;
    order->quantity = fill->quantity;
}

static int take_update(struct book *book, const struct order_update *update, struct error *error)
{
    struct order_line *line = order_of(book, update->order_id, error);
    if (line == NULL)
        return -1;
    if (line->order.symbol[0] == '\0')
        memcpy(line->order.symbol, update->symbol, sizeof line->order.symbol);
    if (line->order.side == SIDE_NONE && strcmp(book->last_fill.order_id, update->order_id) == 0)
        learn_from_fill(&line->order, &book->last_fill);
    line->time = update->time;
    line->status = update->status;
    const bool asks = update->status == STATUS_PENDING_REPLACE; /* for what has not happened yet */
    if (update->quantity > 0 && !asks)
        line->order.quantity = update->quantity;
    if (update->limit_price > 0 && !asks)
        line->order.limit_price = update->limit_price;
    if (update->stop_price > 0 && !asks)
        line->order.stop_price = update->stop_price;
    if (update->filled_quantity != DEC_NONE)
        line->filled = update->filled_quantity;
    if (update->average_price != DEC_NONE)
        line->average_price = update->average_price;
    (void)snprintf(line->text, sizeof line->text, "%s", update->reason);
    return 0;
}

/* Each refusal is a line of its own, or the last word on the order it names. */
static int take_refusal(struct book *book, const struct refusal *refusal, struct error *error)
{
    char id[ID_SIZE + 32];
    if (refusal->order_id[0] != '\0')
        (void)snprintf(id, sizeof id, "%s", refusal->order_id);
    else
        (void)snprintf(id, sizeof id, "\n%zu", book->orders); /* no order can have this id */
    struct order_line *line = order_of(book, id, error);
    if (line == NULL)
        return -1;
    if (refusal->order_id[0] == '\0')
        line->order.id[0] = '\0';
    if (line->order.symbol[0] == '\0')
        memcpy(line->order.symbol, refusal->symbol, sizeof line->order.symbol);
    if (line->order.strategy[0] == '\0')
        memcpy(line->order.strategy, refusal->strategy, sizeof line->order.strategy);
    line->refused = true;
    line->time = refusal->time;
    line->limit = refusal->limit;
    line->observed = refusal->observed;
    memcpy(line->code, refusal->code, sizeof line->code);
    (void)snprintf(line->text, sizeof line->text, "%s", refusal->message);
    return 0;
}

/* In the order of their times: a journal may have learned of an earlier one later. */
static int add_point(struct book *book, const struct equity *point, struct error *error)
{
    if (list_grow(&book->equity, &book->point_capacity, book->points, sizeof *book->equity, error) != 0)
        return -1;
    size_t at = book->points++;
    for (; at > 0 && point->time < book->equity[at - 1].time; at--)
        book->equity[at] = book->equity[at - 1];
    book->equity[at] = *point;
    extend(book, point->time);
    return 0;
}

static int take_marks(struct book *book, enum record_type type, const void *value, struct error *error)
{
    struct marks marks;
    int got;
    marks_open(&marks, type, value);
    while ((got = marks_next(&marks, error)) == 1)
        if (ledger_apply(&book->ledger, RECORD_MARK, &marks.mark, error) != 0)
            return -1;
    return got;
}

static int take_equity(struct book *book, const struct equity *point, struct error *error)
{
    if (take_marks(book, RECORD_EQUITY, point, error) != 0)
        return -1;
    if (point->equity == DEC_NONE) { /* nobody knew: the curve has no point there */
        book->unknown++;
        return 0;
    }
    if (!book->has_equity)
        book->points = 0; /* what was worked out gives way to what was recorded */
    book->has_equity = true;
    return add_point(book, point, error);
}

/* Where there are no equity records: what the ledger says after each mark. */
static int mark_equity(struct book *book, int64_t time, struct error *error)
{
    if (book->has_equity || book->ledger.opening == TIME_NONE)
        return 0;
    struct equity point = {.time = time, .mode = book->mode, .cash = book->ledger.cash};
    if (ledger_equity(&book->ledger, &point.equity, error) != 0 ||
        ledger_exposure(&book->ledger, &point.exposure, error) != 0)
        return -1;
    if (point.equity == DEC_NONE)
        return 0;
    if (book->points > 0 && book->equity[book->points - 1].time == time) {
        book->equity[book->points - 1] = point;
        return 0;
    }
    return add_point(book, &point, error);
}

static int take_fill(struct book *book, const struct fill *fill, struct error *error)
{
    const size_t known = book->fill_ids.count;
    const int64_t index = names_add(&book->fill_ids, str_of(fill->id), error);
    if (index < 0)
        return -1;
    if ((size_t)index < known)
        return 0;
    const size_t orders = book->filled_orders.count;
    const int64_t order = names_add(&book->filled_orders, str_of(fill->order_id), error);
    if (order < 0 || list_grow(&book->fill, &book->fill_capacity, book->fills, sizeof *book->fill, error) != 0)
        return -1;
    struct fill_line *line = &book->fill[book->fills++];
    *line = (struct fill_line){.time = fill->time,
                               .order = (int)names_find(&book->order_ids, str_of(fill->order_id)),
                               .price = fill->price,
                               .role = fill->role,
                               .buy = side_sign(fill->side) > 0,
                               .again = (size_t)order < orders};
    memcpy(line->symbol, fill->symbol, sizeof line->symbol);
    memcpy(line->order_id, fill->order_id, sizeof line->order_id);
    if (line->role == ROLE_NONE && line->order >= 0)
        line->role = book->order[line->order].order.role;
    book->last_fill = *fill;
    if (book->currency[0] == '\0') { /* no cash has said it: a backtest's */
        char own[WORD_SIZE];
        memcpy(own, fill->currency, sizeof own);
        find_own(fill, own);
        book->ledger.terms.settlement_unit = currency_unit(own);
        settle_currency(book, own);
    }
    extend(book, fill->time);
    const dec multiplier = fill->multiplier == DEC_NONE ? DEC_ONE : fill->multiplier;
    const dec fees = fill->fees == DEC_NONE ? 0 : fill->fees;
    dec value, cost = fill->commission == DEC_NONE ? 0 : fill->commission;
    const int slot = ledger_slot(&book->ledger, fill->symbol, error);
    const int currency = slot < 0 ? -1 : ledger_add_currency(&book->ledger, fill->currency, error);
    if (currency < 0 || ledger_set_currency(&book->ledger, slot, currency, error) != 0 ||
        ledger_amount(&book->ledger, slot, fill->quantity, fill->price, multiplier, &value, error) != 0)
        return -1;
    if (dec_add(&cost, cost, fees) != 0)
        return error_set(error, EXIT_INPUT, "fill %s: its costs are out of range", fill->id);
    dec slippage = fill->slippage;
    const dec unit = book->ledger.terms.settlement_unit;
    struct rate *rate = &book->fill[book->fills - 1].rate;
    *rate = currency == 0 ? RATE_ONE
                          : rate_of_pairs(fill->currency, book->currency, fill->pair, fill->rate, fill->cross_pair,
                                          fill->cross_rate);
    if (currency != 0 && (rate_convert(rate, value, unit, ROUND_HALF_EVEN, &value) != 0 ||
                          rate_convert(rate, cost, unit, ROUND_HALF_EVEN, &cost) != 0 ||
                          rate_convert(rate, slippage, unit, ROUND_HALF_EVEN, &slippage) != 0))
        return error_set(error, EXIT_INPUT, "fill %s: its amount is out of range", fill->id);
    if (value == DEC_NONE)
        return error_set(error, EXIT_INPUT, "fill %s: in %s, but it has no rate (pair, rate) in %s", fill->id,
                         fill->currency, book->currency);
    book->fill[book->fills - 1].value = value;
    book->fill[book->fills - 1].cost = cost;
    book->fill[book->fills - 1].slippage = slippage;
    metrics_fill(&book->metrics, value, cost, slippage);
    book->now = fill;
    const int result = ledger_apply(&book->ledger, RECORD_FILL, fill, error);
    book->now = NULL;
    return result;
}

static int take_cash(struct book *book, const struct cash *cash, struct error *error)
{
    if (cash->kind == CASH_DEPOSIT || cash->kind == CASH_WITHDRAWAL) {
        if (list_grow(&book->payment, &book->payment_capacity, book->payments, sizeof *book->payment, error) != 0)
            return -1;
        dec amount = cash->amount;
        const struct rate rate =
            rate_of_pairs(cash->currency, book->currency, cash->pair, cash->rate, cash->cross_pair, cash->cross_rate);
        if (ledger_find_currency(&book->ledger, cash->currency) != 0 &&
            rate_convert(&rate, amount, book->ledger.terms.settlement_unit, ROUND_HALF_EVEN, &amount) != 0)
            return error_set(error, EXIT_INPUT, "cash %s: its amount is out of range", cash->id);
        if (amount != DEC_NONE)
            book->payment[book->payments++] = (struct payment){cash->time, amount};
    }
    settle_currency(book, cash->currency);
    if (cash->kind == CASH_DIVIDEND && book_late_dividend(book, cash, error) != 0)
        return -1;
    return ledger_apply(&book->ledger, RECORD_CASH, cash, error);
}

/* A split restates the prices that round trips are told in. */
static int take_action(struct book *book, const struct action *action, struct error *error)
{
    if (action->kind == ACTION_SPLIT && action->new_shares > 0 && action->old_shares > 0 &&
        action->corrects[0] == '\0' &&
        !ledger_knows_action(&book->ledger, ledger_find_slot(&book->ledger, action->symbol), action)) {
        for (size_t i = 0; i < book->fills; i++) {
            struct fill_line *fill = &book->fill[i];
            if (strcmp(fill->symbol, action->symbol) == 0 &&
                dec_multiply_divide(&fill->price, fill->price, action->old_shares, action->new_shares,
                                    ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_INPUT, "%s: the split takes a price out of range", action->symbol);
        }
        for (size_t i = 0; i < book->orders; i++) {
            struct order_line *order = &book->order[i];
            if (strcmp(order->order.symbol, action->symbol) == 0 && order->stop != DEC_NONE &&
                dec_multiply_divide(&order->stop, order->stop, action->old_shares, action->new_shares,
                                    ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_INPUT, "%s: the split takes a price out of range", action->symbol);
        }
    }
    return ledger_apply(&book->ledger, RECORD_ACTION, action, error);
}

static int take_position(struct book *book, const struct position *position, struct error *error)
{
    char key[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    (void)snprintf(key, sizeof key, "%s %s", position->symbol, position->strategy);
    const int64_t index = names_add(&book->position_keys, str_of(key), error);
    if (index < 0 ||
        ((size_t)index == book->positions &&
         list_grow(&book->position, &book->position_capacity, book->positions, sizeof *book->position, error) != 0))
        return -1;
    if ((size_t)index == book->positions)
        book->positions++;
    book->position[index] = *position;
    return 0;
}

int book_take(struct book *book, enum record_type type, const void *value, struct error *error)
{
    switch (type) {
    case RECORD_ORDER:
        return take_order(book, value, error);
    case RECORD_ORDER_UPDATE:
        return take_update(book, value, error);
    case RECORD_REFUSAL:
        return take_refusal(book, value, error);
    case RECORD_FILL:
        return take_fill(book, value, error);
    case RECORD_CASH:
        return take_cash(book, value, error);
    case RECORD_ACTION:
        return take_action(book, value, error);
    case RECORD_MARK: {
        const struct mark *mark = value;
        return take_marks(book, type, value, error) != 0 ? -1 : mark_equity(book, mark->time, error);
    }
    case RECORD_EQUITY:
        return take_equity(book, value, error);
    case RECORD_POSITION:
        return take_position(book, value, error);
    case RECORD_HALT:
        book->halted = ((const struct halt *)value)->halted;
        return 0;
    default:
        return 0;
    }
}

int book_take_result(struct book *book, const struct record *record, struct error *error)
{
    buf_reset(&book->result_line);
    buf_add_str(&book->result_line, record->line);
    if (buf_check(&book->result_line, error) != 0)
        return -1;
    free(book->result_record);
    book->result_record = calloc(1, sizeof *book->result_record);
    if (book->result_record == NULL)
        return error_memory(error);
    book->result_record->scratch = &book->result_scratch;
    return record_scan(book->result_record, book->result_line.p, book->result_line.n, error) != 0
               ? -1
               : record_decode(book->result_record, &book->result, error);
}
