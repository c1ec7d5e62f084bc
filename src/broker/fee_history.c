/* Reads the fills of a month, and those of the 30 days before. */
#include "broker/fee_history.h"

#include "base/list.h"
#include "base/names.h"
#include "base/time.h"
#include "cost/costs.h"
#include "journal/kinds.h"

#include <stdlib.h>

/* What the orders of that time have filled so far. */
struct filled {
    struct names orders;
    struct open_order *open_order; /* by index: only `filled` and `notional` */
    size_t capacity;
};

static bool remembers(const struct fee_schedule *schedule)
{
    for (size_t i = 0; i < schedule->rules; i++) {
        const struct fee_rule *rule = &schedule->rule[i];
        if (rule->tiers > 0 || rule->scope == FEE_BY_DAY || rule->scope == FEE_BY_DAY_AND_SYMBOL)
            return true;
        for (int k = 0; k < rule->conditions; k++)
            if (rule->condition[k].measure == FEE_VOLUME)
                return true;
    }
    return false;
}

static int64_t day_of(const struct zone *zone, int64_t time)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    return local / TIME_DAY - (local % TIME_DAY < 0);
}

static int64_t month_of(int64_t day)
{
    const struct date date = date_from_days(day);
    return date.year * INT64_C(12) + date.month;
}

static struct open_order *open_order_of(struct filled *filled, const struct fill *fill, struct error *error)
{
    const size_t known = filled->orders.count;
    const int64_t index = names_add(&filled->orders, str_of(fill->order_id), error);
    if (index < 0 ||
        list_grow(&filled->open_order, &filled->capacity, (size_t)index, sizeof *filled->open_order, error) != 0)
        return NULL;
    if ((size_t)index == known)
        filled->open_order[index] = (struct open_order){.filled = 0};
    struct open_order *open_order = &filled->open_order[index];
    open_order->order.side = fill->side;
    open_order->order.role = fill->role;
    return open_order;
}

static int note(struct fee_state *state, const struct fee_schedule *schedule, const struct ledger *ledger,
                struct filled *filled, const struct fill *record, const struct zone *zone, struct error *error)
{
    struct error why = {0};
    struct open_order *open_order = open_order_of(filled, record, error);
    const int slot = open_order == NULL ? -1 : ledger_find_slot(ledger, record->symbol);
    struct execution fill = {.open_order = open_order,
                             .slot = slot,
                             .side = record->side,
                             .time = record->time,
                             .quantity = record->quantity,
                             .price = record->price};
    if (slot < 0)
        return open_order == NULL ? -1 : 0;
    if (ledger_amount(ledger, slot, fill.quantity, fill.price,
                      record->multiplier == DEC_NONE ? DEC_ONE : record->multiplier, &fill.amount, error) != 0)
        return -1;
    const struct fee_trade trade = costs_trade(ledger, &fill, FEE_TAKER, zone);
    const bool of_month = month_of(trade.day) == month_of(day_of(zone, ledger->now));
    const int status = of_month ? fee_book(schedule, state, &trade, &why) : fee_remember(state, &trade, &why);
    if (status != 0 && why.code != EXIT_USAGE) {
        *error = why;
        return -1;
    }
    return dec_add(&open_order->filled, open_order->filled, fill.quantity) != 0 ||
                   dec_add(&open_order->notional, open_order->notional, fill.amount) != 0
               ? error_set(error, EXIT_STATE, "order %s: its fills are out of range", record->order_id)
               : 0;
}

static int read_all(struct fee_state *state, const struct fee_schedule *schedule, struct journal *journal,
                    const struct ledger *ledger, const struct zone *zone, struct event_reader *reader,
                    struct filled *filled, struct error *error)
{
    const int64_t since = day_of(zone, ledger->now) - (FEE_VOLUME_DAYS + 1); /* a month has at most 31 */
    struct event_cursor *cursor = journal_read_account(journal, ledger->terms.account, error);
    struct event event;
    int got = cursor == NULL ? -1 : 1;
    while (got == 1 && (got = event_cursor_next(cursor, &event, error)) == 1) {
        if (!str_is(event.type, "fill"))
            continue;
        if (event_reader_read(reader, event.record, error) != 0 ||
            (day_of(zone, reader->value.fill.time) >= since &&
             note(state, schedule, ledger, filled, &reader->value.fill, zone, error) != 0))
            got = -1;
    }
    event_cursor_close(cursor);
    return got;
}

int fee_history_read(struct fee_state *state, const struct fee_schedule *schedule, struct journal *journal,
                     const struct ledger *ledger, const struct zone *zone, struct error *error)
{
    struct event_reader reader;
    struct filled filled = {.capacity = 0};
    if (!remembers(schedule) || ledger->now == TIME_NONE || ledger->fills == 0)
        return 0;
    names_init(&filled.orders);
    int status = event_reader_init(&reader, error);
    if (status == 0)
        status = read_all(state, schedule, journal, ledger, zone, &reader, &filled, error);
    event_reader_clear(&reader);
    names_clear(&filled.orders);
    free(filled.open_order);
    return status;
}
