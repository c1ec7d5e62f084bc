/* What tn-backtest diff compares: the journal of the account, and bars from files that may overlap. */
#include "base/list.h"
#include "broker/account.h"
#include "journal/kinds.h"
#include "tn-backtest/diff.h"

#include <stdlib.h>
#include <string.h>

bool diff_is_of_period(const struct comparing *comparing, int64_t time)
{
    return time >= comparing->from && time < comparing->to;
}

static int take_cash(struct comparing *comparing, const struct cash *cash, bool traded)
{
    const bool paid = cash->kind == CASH_DEPOSIT || cash->kind == CASH_WITHDRAWAL;
    if (paid && !traded)
        return dec_add(&comparing->cash, comparing->cash, cash->amount);
    comparing->paid |= paid;
    return 0;
}

/* One event of the account. */
static int take_event(struct comparing *comparing, enum record_type type, const union record_value *value, bool *traded,
                      struct error *error)
{
    struct pairs *pairs = &comparing->pairs;
    switch (type) {
    case RECORD_CASH:
        if (comparing->opened == TIME_NONE)
            comparing->opened = value->cash.time;
        return take_cash(comparing, &value->cash, *traded) == 0
                   ? 0
                   : error_set(error, EXIT_INPUT, "what was paid in is out of range");
    case RECORD_ORDER:
        *traded = true;
        if (value->order.signal[0] == '\0') {
            comparing->by_hand++;
            return 0;
        }
        if (names_add(&comparing->strategies, str_of(value->order.strategy), error) < 0)
            return -1;
        return diff_is_of_period(comparing, value->order.time) ? pairs_order(pairs, RECORDED, &value->order, error) : 0;
    case RECORD_FILL:
        return pairs_fill(pairs, RECORDED, &value->fill, error);
    case RECORD_ORDER_UPDATE:
        pairs_update(pairs, RECORDED, &value->order_update);
        return 0;
    case RECORD_REFUSAL:
        return pairs_refusal(pairs, RECORDED, &value->refusal, error);
    case RECORD_MARK:
        return pairs_mark(pairs, &value->mark, error);
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
    bool traded = false;
    int got = -1;
    if (event_reader_init(&reader, error) == 0 && journal != NULL && account_check_open(journal, account, error) == 0 &&
        (cursor = journal_read_account(journal, account, error)) != NULL)
        while ((got = event_cursor_next(cursor, &event, error)) == 1)
            if (event_reader_read(&reader, event.record, error) != 0 ||
                take_event(comparing, reader.type, &reader.value, &traded, error) != 0) {
                got = -1;
                break;
            }
    event_cursor_close(cursor);
    event_reader_clear(&reader);
    journal_close(journal);
    free(path);
    return got;
}

static int keep_record(struct comparing *comparing, const struct record *record, struct error *error)
{
    union record_value value;
    struct kept_record kept = {.place = comparing->records};
    const struct str none = {NULL, 0};
    int64_t symbol;
    if (record->type != RECORD_BAR && record->type != RECORD_ACTION && record->type != RECORD_ANOMALY)
        return 0;
    if (record_decode(record, &value, error) != 0)
        return -1;
    kept.key = (struct merge_key){.type = record->type};
    if (record->type == RECORD_BAR) {
        kept.bar = value.bar;
        kept.key.known = value.bar.end;
        kept.key.interval = value.bar.interval;
        symbol = names_add(&comparing->symbols, str_of(value.bar.symbol), error);
    } else if (record->type == RECORD_ACTION) {
        kept.action = value.action;
        kept.action.announced = kept.action.ex_date = kept.action.pay_date = none;
        kept.key.known = value.action.time;
        symbol = names_add(&comparing->symbols, str_of(value.action.symbol), error);
    } else {
        kept.anomaly = value.anomaly;
        kept.anomaly.sources = kept.anomaly.deltas = kept.anomaly.repair = none;
        kept.key.known = value.anomaly.time;
        symbol = names_add(&comparing->symbols, str_of(value.anomaly.symbol), error);
    }
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

static bool is_same_thing(const struct kept_record *a, const struct kept_record *b)
{
    if (a->key.type != b->key.type || a->key.known != b->key.known || a->key.symbol != b->key.symbol)
        return false;
    return a->key.type == RECORD_BAR ? interval_equal(a->bar.interval, b->bar.interval) && a->bar.time == b->bar.time
           : a->key.type == RECORD_ACTION ? strcmp(a->action.id, b->action.id) == 0
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

int diff_fill_history(struct comparing *comparing, struct history *history, struct error *error)
{
    const struct str none = {NULL, 0};
    size_t bars = 0;
    for (size_t i = 0; i < comparing->records; i++) {
        const struct kept_record *kept = &comparing->record[i];
        if (i + 1 < comparing->records && is_same_thing(kept, kept + 1))
            continue;
        bars += kept->key.type == RECORD_BAR;
        if (kept->key.type == RECORD_BAR && pairs_bar(&comparing->pairs, &kept->bar, error) != 0)
            return -1;
        const int status = kept->key.type == RECORD_BAR      ? history_bar(history, &kept->bar, none, error)
                           : kept->key.type == RECORD_ACTION ? history_action(history, &kept->action, none, error)
                                                             : history_anomaly(history, &kept->anomaly, error);
        if (status != 0)
            return -1;
    }
    if (bars > 0)
        return history_end(history, error);
    error_set(error, EXIT_NO, "no bars came");
    error_hint(error, "name files, or tn-quote bars -s SOURCE SYMBOL … | tn-backtest diff …");
    return -1;
}
