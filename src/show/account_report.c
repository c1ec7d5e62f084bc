/* One account or run: taking its records. Round trips are in trips.c. */
#include "show/account_report.h"

#include "base/list.h"
#include "base/num.h"
#include "market/currency.h"
#include "record/marks.h"
#include "show/flat.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct account_report *account_report_new(enum mode mode, const char *account, const struct metrics_options *options,
                                          enum lot_order lots, struct error *error)
{
    struct account_report *account_report = calloc(1, sizeof *account_report);
    if (account_report == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    struct ledger_terms terms = {.mode = mode, .settlement_unit = DEC_ONE / 100, .lot_order = lots};
    (void)snprintf(terms.account, sizeof terms.account, "%s", account);
    if (ledger_init(&account_report->ledger, &terms, error) != 0) {
        free(account_report);
        return NULL;
    }
    account_report->ledger.on_close = account_report_lot_close;
    account_report->ledger.context = account_report;
    account_report->mode = mode;
    (void)snprintf(account_report->account, sizeof account_report->account, "%s", account);
    account_report->first = account_report->last = TIME_NONE;
    metrics_init(&account_report->metrics, options);
    names_init(&account_report->fill_ids);
    names_init(&account_report->filled_orders);
    names_init(&account_report->order_ids);
    names_init(&account_report->round_trip_keys);
    names_init(&account_report->position_keys);
    buf_init(&account_report->result_line, (size_t)RECORD_LINE_MAX);
    buf_init(&account_report->result_scratch, (size_t)RECORD_LINE_MAX);
    return account_report;
}

void account_report_free(struct account_report *account_report)
{
    if (account_report == NULL)
        return;
    ledger_clear(&account_report->ledger);
    metrics_clear(&account_report->metrics);
    free(account_report->equity);
    free(account_report->round_trip);
    free(account_report->payment);
    free(account_report->unrated);
    free(account_report->order);
    free(account_report->fill);
    free(account_report->position);
    names_clear(&account_report->fill_ids);
    names_clear(&account_report->filled_orders);
    names_clear(&account_report->order_ids);
    names_clear(&account_report->round_trip_keys);
    names_clear(&account_report->position_keys);
    buf_clear(&account_report->result_line);
    buf_clear(&account_report->result_scratch);
    free(account_report->result_record);
    free(account_report);
}

static void extend(struct account_report *account_report, int64_t time)
{
    if (account_report->first == TIME_NONE || time < account_report->first)
        account_report->first = time;
    if (account_report->last == TIME_NONE || time > account_report->last)
        account_report->last = time;
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
static void settle_currency(struct account_report *account_report, const char currency[static 9])
{
    if (account_report->currency[0] != '\0')
        return;
    memcpy(account_report->currency, currency, sizeof account_report->currency);
    memcpy(account_report->ledger.terms.currency, currency, sizeof account_report->ledger.terms.currency);
}

/* The line of an order id, made when new; NULL when out of memory. */
static struct order_line *order_of(struct account_report *account_report, const char *id, struct error *error)
{
    const int64_t index = names_add(&account_report->order_ids, str_of(id), error);
    if (index < 0)
        return NULL;
    if ((size_t)index < account_report->orders)
        return &account_report->order[index];
    if (list_grow(&account_report->order, &account_report->order_capacity, account_report->orders,
                  sizeof *account_report->order, error) != 0)
        return NULL;
    struct order_line *line = &account_report->order[account_report->orders++];
    *line = (struct order_line){
        .order = {.quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = DEC_NONE, .time = TIME_NONE},
        .time = TIME_NONE,
        .filled = DEC_NONE,
        .average_price = DEC_NONE,
        .limit = DEC_NONE,
        .observed = DEC_NONE,
        .stop = DEC_NONE};
    (void)snprintf(line->order.id, sizeof line->order.id, "%s", id);
    (void)snprintf(line->order.account, sizeof line->order.account, "%s", account_report->account);
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

static int take_order(struct account_report *account_report, const struct order *order, struct error *error)
{
    struct order_line *line = order_of(account_report, order->id, error);
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
    struct order_line *entry = order_of(account_report, order->parent, error);
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

static int take_update(struct account_report *account_report, const struct order_update *update, struct error *error)
{
    struct order_line *line = order_of(account_report, update->order_id, error);
    if (line == NULL)
        return -1;
    if (line->order.symbol[0] == '\0')
        memcpy(line->order.symbol, update->symbol, sizeof line->order.symbol);
    if (line->order.side == SIDE_NONE && strcmp(account_report->last_fill.order_id, update->order_id) == 0)
        learn_from_fill(&line->order, &account_report->last_fill);
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
static int take_refusal(struct account_report *account_report, const struct refusal *refusal, struct error *error)
{
    char id[ID_SIZE + 32];
    if (refusal->order_id[0] != '\0')
        (void)snprintf(id, sizeof id, "%s", refusal->order_id);
    else
        (void)snprintf(id, sizeof id, "\n%zu", account_report->orders); /* no order can have this id */
    struct order_line *line = order_of(account_report, id, error);
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
static int add_point(struct account_report *account_report, const struct equity *point, struct error *error)
{
    if (list_grow(&account_report->equity, &account_report->point_capacity, account_report->points,
                  sizeof *account_report->equity, error) != 0)
        return -1;
    size_t at = account_report->points++;
    for (; at > 0 && point->time < account_report->equity[at - 1].time; at--)
        account_report->equity[at] = account_report->equity[at - 1];
    account_report->equity[at] = *point;
    extend(account_report, point->time);
    return 0;
}

static int take_marks(struct account_report *account_report, enum record_type type, const void *value,
                      struct error *error)
{
    struct marks marks;
    int got;
    marks_open(&marks, type, value);
    while ((got = marks_next(&marks, error)) == 1)
        if (ledger_apply(&account_report->ledger, RECORD_MARK, &marks.mark, error) != 0)
            return -1;
    return got;
}

static int add_payment(struct account_report *account_report, int64_t time, dec amount, struct error *error)
{
    if (list_grow(&account_report->payment, &account_report->payment_capacity, account_report->payments,
                  sizeof *account_report->payment, error) != 0)
        return -1;
    account_report->payment[account_report->payments++] = (struct payment){time, amount};
    return 0;
}

/* By the rates that the record says, or else, since a deposit by hand says none, by the last that the account saw. */
static int take_payment(struct account_report *account_report, const struct cash *cash, struct error *error)
{
    struct ledger *ledger = &account_report->ledger;
    dec amount = cash->amount;
    if (ledger_find_currency(ledger, cash->currency) == 0)
        return add_payment(account_report, cash->time, amount, error);
    struct rate rate = rate_of_pairs(cash->currency, account_report->currency, cash->pair, cash->rate, cash->cross_pair,
                                     cash->cross_rate);
    if (rate.price == DEC_NONE)
        rate = ledger_rate(ledger, cash->currency, TIME_NONE).rate;
    if (rate_convert(&rate, amount, ledger->terms.settlement_unit, ROUND_HALF_EVEN, &amount) != 0)
        return error_set(error, EXIT_INPUT, "cash %s: its amount is out of range", cash->id);
    if (amount != DEC_NONE)
        return add_payment(account_report, cash->time, amount, error);
    if (list_grow(&account_report->unrated, &account_report->unrated_capacity, account_report->unrateds,
                  sizeof *account_report->unrated, error) != 0)
        return -1;
    struct unrated_payment *unrated = &account_report->unrated[account_report->unrateds++];
    *unrated = (struct unrated_payment){.amount = cash->amount};
    (void)snprintf(unrated->currency, sizeof unrated->currency, "%s", cash->currency);
    return 0;
}

/* Payments in currencies that had no rate, and have one at a point. */
static int rate_payments(struct account_report *account_report, int64_t time, struct error *error)
{
    const struct ledger *ledger = &account_report->ledger;
    size_t left = 0;
    for (size_t i = 0; i < account_report->unrateds; i++) {
        const struct unrated_payment unrated = account_report->unrated[i];
        const struct rate rate = ledger_rate(ledger, unrated.currency, TIME_NONE).rate;
        dec amount;
        if (rate_convert(&rate, unrated.amount, ledger->terms.settlement_unit, ROUND_HALF_EVEN, &amount) != 0)
            return error_set(error, EXIT_INPUT, "a payment in %s is out of range", unrated.currency);
        if (amount == DEC_NONE)
            account_report->unrated[left++] = unrated;
        else if (add_payment(account_report, time, amount, error) != 0)
            return -1;
    }
    account_report->unrateds = left;
    return 0;
}

static int take_equity(struct account_report *account_report, const struct equity *point, struct error *error)
{
    if (take_marks(account_report, RECORD_EQUITY, point, error) != 0)
        return -1;
    if (point->equity == DEC_NONE) { /* nobody knew: the curve has no point there */
        account_report->unknown++;
        return 0;
    }
    if (account_report->unrateds > 0 && rate_payments(account_report, point->time, error) != 0)
        return -1;
    if (!account_report->has_equity)
        account_report->points = 0; /* what was worked out gives way to what was recorded */
    account_report->has_equity = true;
    return add_point(account_report, point, error);
}

/* Where there are no equity records: what the ledger says after each mark. */
static int mark_equity(struct account_report *account_report, int64_t time, struct error *error)
{
    if (account_report->has_equity || account_report->ledger.opening == TIME_NONE)
        return 0;
    struct equity point = {.time = time, .mode = account_report->mode, .cash = account_report->ledger.cash};
    if (ledger_equity(&account_report->ledger, &point.equity, error) != 0 ||
        ledger_exposure(&account_report->ledger, &point.exposure, error) != 0)
        return -1;
    if (point.equity == DEC_NONE)
        return 0;
    if (account_report->points > 0 && account_report->equity[account_report->points - 1].time == time) {
        account_report->equity[account_report->points - 1] = point;
        return 0;
    }
    return add_point(account_report, &point, error);
}

static int take_fill(struct account_report *account_report, const struct fill *fill, struct error *error)
{
    const size_t known = account_report->fill_ids.count;
    const int64_t index = names_add(&account_report->fill_ids, str_of(fill->id), error);
    if (index < 0)
        return -1;
    if ((size_t)index < known)
        return 0;
    const size_t orders = account_report->filled_orders.count;
    const int64_t order = names_add(&account_report->filled_orders, str_of(fill->order_id), error);
    if (order < 0 || list_grow(&account_report->fill, &account_report->fill_capacity, account_report->fills,
                               sizeof *account_report->fill, error) != 0)
        return -1;
    struct fill_line *line = &account_report->fill[account_report->fills++];
    *line = (struct fill_line){.time = fill->time,
                               .order = (int)names_find(&account_report->order_ids, str_of(fill->order_id)),
                               .price = fill->price,
                               .role = fill->role,
                               .buy = side_sign(fill->side) > 0,
                               .again = (size_t)order < orders};
    memcpy(line->symbol, fill->symbol, sizeof line->symbol);
    memcpy(line->order_id, fill->order_id, sizeof line->order_id);
    if (line->role == ROLE_NONE && line->order >= 0)
        line->role = account_report->order[line->order].order.role;
    account_report->last_fill = *fill;
    if (account_report->currency[0] == '\0') { /* no cash has said it: a backtest's */
        char own[WORD_SIZE];
        memcpy(own, fill->currency, sizeof own);
        find_own(fill, own);
        account_report->ledger.terms.settlement_unit = currency_unit(own);
        settle_currency(account_report, own);
    }
    extend(account_report, fill->time);
    const dec multiplier = fill->multiplier == DEC_NONE ? DEC_ONE : fill->multiplier;
    const dec fees = fill->fees == DEC_NONE ? 0 : fill->fees;
    dec value, cost = fill->commission == DEC_NONE ? 0 : fill->commission;
    const int slot = ledger_slot(&account_report->ledger, fill->symbol, error);
    const int currency = slot < 0 ? -1 : ledger_add_currency(&account_report->ledger, fill->currency, error);
    if (currency < 0 || ledger_set_currency(&account_report->ledger, slot, currency, error) != 0 ||
        ledger_amount(&account_report->ledger, slot, fill->quantity, fill->price, multiplier, &value, error) != 0)
        return -1;
    if (dec_add(&cost, cost, fees) != 0)
        return error_set(error, EXIT_INPUT, "fill %s: its costs are out of range", fill->id);
    dec slippage = fill->slippage;
    const dec unit = account_report->ledger.terms.settlement_unit;
    struct rate *rate = &account_report->fill[account_report->fills - 1].rate;
    *rate = currency == 0 ? RATE_ONE
                          : rate_of_pairs(fill->currency, account_report->currency, fill->pair, fill->rate,
                                          fill->cross_pair, fill->cross_rate);
    if (currency != 0 && (rate_convert(rate, value, unit, ROUND_HALF_EVEN, &value) != 0 ||
                          rate_convert(rate, cost, unit, ROUND_HALF_EVEN, &cost) != 0 ||
                          rate_convert(rate, slippage, unit, ROUND_HALF_EVEN, &slippage) != 0))
        return error_set(error, EXIT_INPUT, "fill %s: its amount is out of range", fill->id);
    if (value == DEC_NONE)
        return error_set(error, EXIT_INPUT, "fill %s: in %s, but it has no rate (pair, rate) in %s", fill->id,
                         fill->currency, account_report->currency);
    account_report->fill[account_report->fills - 1].value = value;
    account_report->fill[account_report->fills - 1].cost = cost;
    account_report->fill[account_report->fills - 1].slippage = slippage;
    metrics_fill(&account_report->metrics, value, cost, slippage);
    account_report->now = fill;
    const int result = ledger_apply(&account_report->ledger, RECORD_FILL, fill, error);
    account_report->now = NULL;
    return result;
}

static int take_cash(struct account_report *account_report, const struct cash *cash, struct error *error)
{
    if ((cash->kind == CASH_DEPOSIT || cash->kind == CASH_WITHDRAWAL) && take_payment(account_report, cash, error) != 0)
        return -1;
    settle_currency(account_report, cash->currency);
    if (cash->kind == CASH_DIVIDEND && account_report_late_dividend(account_report, cash, error) != 0)
        return -1;
    return ledger_apply(&account_report->ledger, RECORD_CASH, cash, error);
}

/* A split restates the prices that round trips are told in. */
static int take_action(struct account_report *account_report, const struct action *action, struct error *error)
{
    if (action->kind == ACTION_SPLIT && action->new_shares > 0 && action->old_shares > 0 &&
        action->corrects[0] == '\0' &&
        !ledger_knows_action(&account_report->ledger, ledger_find_slot(&account_report->ledger, action->symbol),
                             action)) {
        for (size_t i = 0; i < account_report->fills; i++) {
            struct fill_line *fill = &account_report->fill[i];
            if (strcmp(fill->symbol, action->symbol) == 0 &&
                dec_multiply_divide(&fill->price, fill->price, action->old_shares, action->new_shares,
                                    ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_INPUT, "%s: the split takes a price out of range", action->symbol);
        }
        for (size_t i = 0; i < account_report->orders; i++) {
            struct order_line *order = &account_report->order[i];
            if (strcmp(order->order.symbol, action->symbol) == 0 && order->stop != DEC_NONE &&
                dec_multiply_divide(&order->stop, order->stop, action->old_shares, action->new_shares,
                                    ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_INPUT, "%s: the split takes a price out of range", action->symbol);
        }
    }
    return ledger_apply(&account_report->ledger, RECORD_ACTION, action, error);
}

static int take_position(struct account_report *account_report, const struct position *position, struct error *error)
{
    char key[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    (void)snprintf(key, sizeof key, "%s %s", position->symbol, position->strategy);
    const int64_t index = names_add(&account_report->position_keys, str_of(key), error);
    if (index < 0 || ((size_t)index == account_report->positions &&
                      list_grow(&account_report->position, &account_report->position_capacity,
                                account_report->positions, sizeof *account_report->position, error) != 0))
        return -1;
    if ((size_t)index == account_report->positions)
        account_report->positions++;
    account_report->position[index] = *position;
    return 0;
}

int account_report_take(struct account_report *account_report, enum record_type type, const void *value,
                        struct error *error)
{
    switch (type) {
    case RECORD_ORDER:
        return take_order(account_report, value, error);
    case RECORD_ORDER_UPDATE:
        return take_update(account_report, value, error);
    case RECORD_REFUSAL:
        return take_refusal(account_report, value, error);
    case RECORD_FILL:
        return take_fill(account_report, value, error);
    case RECORD_CASH:
        return take_cash(account_report, value, error);
    case RECORD_ACTION:
        return take_action(account_report, value, error);
    case RECORD_MARK: {
        const struct mark *mark = value;
        return take_marks(account_report, type, value, error) != 0 ? -1
                                                                   : mark_equity(account_report, mark->time, error);
    }
    case RECORD_EQUITY:
        return take_equity(account_report, value, error);
    case RECORD_POSITION:
        return take_position(account_report, value, error);
    case RECORD_HALT:
        account_report->halted = ((const struct halt *)value)->halted;
        return 0;
    default:
        return 0;
    }
}

int account_report_take_result(struct account_report *account_report, const struct record *record, struct error *error)
{
    buf_reset(&account_report->result_line);
    buf_add_str(&account_report->result_line, record->line);
    if (buf_check(&account_report->result_line, error) != 0)
        return -1;
    free(account_report->result_record);
    account_report->result_record = calloc(1, sizeof *account_report->result_record);
    if (account_report->result_record == NULL)
        return error_memory(error);
    account_report->result_record->scratch = &account_report->result_scratch;
    return record_scan(account_report->result_record, account_report->result_line.p, account_report->result_line.n,
                       error) != 0
               ? -1
               : record_decode(account_report->result_record, &account_report->result, error);
}
