/* What tn-backtest diff compares: the journal of the account, and bars from files that may overlap. */
#include "base/list.h"
#include "broker/account.h"
#include "journal/kinds.h"
#include "record/marks.h"
#include "tn-backtest/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_hand(struct comparing *comparing, const struct hand_event *event, struct error *error)
{
    if (list_grow(&comparing->hand, &comparing->hand_capacity, comparing->hands, sizeof *comparing->hand, error) != 0)
        return -1;
    comparing->hand[comparing->hands++] = *event;
    return 0;
}

/* An order that a strategy has not given: by itself, or once more. */
static int take_order(struct comparing *comparing, const struct order *order, struct error *error)
{
    const bool repeated = order->role == ROLE_ENTRY && order->attempt > 1;
    struct hand_event event = {.time = order->time, .type = RECORD_ORDER, .order = *order};
    if (order_is_leg(order)) /* as its entry */
        return names_find(&comparing->own, str_of(order->parent)) < 0     ? 0
               : names_add(&comparing->own, str_of(order->id), error) < 0 ? -1
                                                                          : 0;
    if (order->signal[0] != '\0' && !repeated)
        return names_add(&comparing->strategies, str_of(order->strategy), error) < 0 ? -1 : 0;
    event.order.risk = event.order.basis = (struct str){NULL, 0};
    comparing->by_hand++;
    return names_add(&comparing->own, str_of(order->id), error) < 0 ? -1 : add_hand(comparing, &event, error);
}

static struct hand_event *find_hand(const struct comparing *comparing, const char *order_id)
{
    for (size_t i = comparing->hands; i-- > 0;)
        if (comparing->hand[i].type == RECORD_ORDER && strcmp(comparing->hand[i].order.id, order_id) == 0)
            return &comparing->hand[i];
    return NULL;
}

/* What was done to a working order: cancelled by hand, whosever it was; changed, or cancelled for whatever reason, if
 * it was given by hand. Where the re-run has cancelled it by then, for the same reason, nothing comes of it. */
static int take_update(struct comparing *comparing, const struct order_update *update, struct error *error)
{
    struct hand_event *given = find_hand(comparing, update->order_id);
    struct hand_event event = {.time = update->time};
    if (given != NULL && !given->taken && given->order.oto[0] == '\0' && update->time > given->time)
        given->time = update->time; /* it came later than it was decided */
    if (given != NULL)
        given->taken = true;
    if (update->status == STATUS_CANCELED && (given != NULL || strcmp(update->reason, "by hand") == 0)) {
        event.type = RECORD_CANCEL;
        event.cancel = (struct cancel){.time = update->time};
        memcpy(event.cancel.order_id, update->order_id, sizeof event.cancel.order_id);
        (void)snprintf(event.cancel.reason, sizeof event.cancel.reason, "%.60s", update->reason);
        return add_hand(comparing, &event, error);
    }
    if (update->revision <= 0 || names_find(&comparing->own, str_of(update->order_id)) < 0)
        return 0;
    event.type = RECORD_REPLACE;
    event.replace = (struct replace){.time = update->time,
                                     .quantity = update->quantity,
                                     .limit_price = update->limit_price,
                                     .stop_price = update->stop_price};
    memcpy(event.replace.order_id, update->order_id, sizeof event.replace.order_id);
    return add_hand(comparing, &event, error);
}

/* The first payment opens the account, those that follow are made again. */
static int take_cash(struct comparing *comparing, const struct cash *cash, struct error *error)
{
    struct hand_event event = {.time = cash->time, .type = RECORD_CASH, .cash = *cash};
    const bool opens = comparing->opened == TIME_NONE;
    if (pairs_cash(&comparing->pairs, RECORDED, cash, error) != 0)
        return -1;
    if (opens) {
        comparing->opened = cash->time;
        comparing->cash = cash->amount;
        if (cash->settlement_unit != DEC_NONE)
            comparing->pairs.totals.settlement_unit = cash->settlement_unit;
        return pairs_cash(&comparing->pairs, RERUN, cash, error) == 0 ? 0 : -1;
    }
    event.cash.reference = (struct str){NULL, 0};
    return cash->kind == CASH_DEPOSIT || cash->kind == CASH_WITHDRAWAL ? add_hand(comparing, &event, error) : 0;
}

static int take_marks(struct pairs *pairs, enum record_type type, const void *value, struct error *error)
{
    struct marks marks;
    int got;
    marks_open(&marks, type, value);
    while ((got = marks_next(&marks, error)) == 1)
        if (pairs_mark(pairs, &marks.mark, error) != 0)
            return -1;
    return got;
}

/* One event of the account. */
static int take_event(struct comparing *comparing, enum record_type type, const union record_value *value,
                      struct error *error)
{
    struct pairs *pairs = &comparing->pairs;
    switch (type) {
    case RECORD_CASH:
        return take_cash(comparing, &value->cash, error);
    case RECORD_ORDER:
        return take_order(comparing, &value->order, error) != 0 ? -1
                                                                : pairs_order(pairs, RECORDED, &value->order, error);
    case RECORD_FILL:
        return pairs_fill(pairs, RECORDED, &value->fill, error);
    case RECORD_ACTION:
        return pairs_action(pairs, RECORDED, &value->action, error);
    case RECORD_ORDER_UPDATE:
        pairs_update(pairs, RECORDED, &value->order_update);
        return take_update(comparing, &value->order_update, error);
    case RECORD_REFUSAL:
        return pairs_refusal(pairs, RECORDED, &value->refusal, error);
    case RECORD_MARK:
    case RECORD_EQUITY:
        return take_marks(pairs, type, value, error);
    default:
        return 0;
    }
}

int diff_read_journal(struct comparing *comparing, const struct config *config, const char *account,
                      struct error *error)
{
    char *path = journal_path(config, error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, JOURNAL_READ, error);
    struct event_cursor *cursor = NULL;
    struct event_reader reader;
    struct event event;
    int got = -1;
    if (event_reader_init(&reader, error) == 0 && journal != NULL && account_check_open(journal, account, error) == 0 &&
        (cursor = journal_read_account(journal, account, error)) != NULL)
        while ((got = event_cursor_next(cursor, &event, error)) == 1)
            if (event_reader_read(&reader, event.record, error) != 0 ||
                take_event(comparing, reader.type, &reader.value, error) != 0) {
                got = -1;
                break;
            }
    event_cursor_close(cursor);
    event_reader_clear(&reader);
    journal_close(journal);
    free(path);
    return got;
}

static int keep_event(struct kept_record *kept, const struct record *record, struct error *error)
{
    return known_event_read(&kept->event, record, error) != 0 ? -1 : record_known(record, &kept->key.known, error);
}

static int keep_record(struct comparing *comparing, const struct record *record, struct error *error)
{
    union record_value value;
    struct kept_record kept = {.place = comparing->records, .key = {.type = record->type}};
    const struct str none = {NULL, 0};
    const char *name;
    if (record->type != RECORD_BAR && record->type != RECORD_ACTION && record->type != RECORD_ANOMALY &&
        record->type != RECORD_EVENT)
        return 0;
    if (record->type == RECORD_EVENT ? keep_event(&kept, record, error) != 0
                                     : record_decode(record, &value, error) != 0)
        return -1;
    if (record->type == RECORD_BAR && value.bar.final == 0)
        return 0;
    if (record->type == RECORD_BAR) {
        kept.bar = value.bar;
        kept.key.known = value.bar.end;
        kept.key.interval = value.bar.interval;
        name = value.bar.symbol;
    } else if (record->type == RECORD_ACTION) {
        kept.action = value.action;
        kept.action.announced = kept.action.ex_date = kept.action.pay_date = none;
        kept.key.known = value.action.time;
        name = value.action.symbol;
    } else if (record->type == RECORD_ANOMALY) {
        kept.anomaly = value.anomaly;
        kept.anomaly.sources = kept.anomaly.deltas = kept.anomaly.repair = none;
        kept.key.known = value.anomaly.time;
        name = value.anomaly.symbol;
    } else {
        name = kept.event.symbol;
    }
    const int64_t symbol = names_add(&comparing->symbols, str_of(name), error);
    if (symbol < 0 ||
        list_grow(&comparing->record, &comparing->capacity, comparing->records, sizeof *comparing->record, error) != 0)
        return -1;
    kept.key.symbol = (uint32_t)symbol;
    comparing->record[comparing->records++] = kept;
    return 0;
}

/* By the moment they became known; what is the same thing by the order in which it came. */
static int compare_records(const void *a, const void *b)
{
    const struct kept_record *x = a, *y = b;
    const int order = merge_key_compare(&x->key, &y->key);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

bool diff_is_same_thing(const struct kept_record *a, const struct kept_record *b)
{
    if (a->key.type != b->key.type || a->key.known != b->key.known || a->key.symbol != b->key.symbol)
        return false;
    return a->key.type == RECORD_BAR ? interval_equal(a->bar.interval, b->bar.interval) && a->bar.time == b->bar.time
           : a->key.type == RECORD_ACTION ? strcmp(a->action.id, b->action.id) == 0
           : a->key.type == RECORD_EVENT
               ? strcmp(a->event.kind, b->event.kind) == 0 && strcmp(a->event.title, b->event.title) == 0
               : a->anomaly.check == b->anomaly.check;
}

int diff_read_bars(struct comparing *comparing, struct error *error)
{
    const struct record *record;
    int got;
    while ((got = flow_next(input_flow(comparing->input), &record, error)) == 1)
        if (keep_record(comparing, record, error) != 0 && input_refused(comparing->input, error) != 0)
            return -1;
    if (comparing->records > 0)
        qsort(comparing->record, comparing->records, sizeof *comparing->record, compare_records);
    return got;
}
