/* What the fields of a record must fulfil together, beyond what the tables say of each. */
#include "record/bar.h"
#include "record/order_kinds.h"
#include "record/record.h"
#include "record/schema.h"

#include <math.h>

static int below(const char *what, dec value, const char *than, dec limit, struct error *error)
{
    char a[DEC_TEXT_MAX], b[DEC_TEXT_MAX];
    dec_format(a, value);
    dec_format(b, limit);
    return error_set(error, EXIT_INPUT, "%s %s is below %s %s", what, a, than, b);
}

static int bar_check(struct bar *bar, struct error *error)
{
    if (bar->high < bar->low)
        return below("high", bar->high, "low", bar->low, error);
    if (bar->high < bar->open)
        return below("high", bar->high, "open", bar->open, error);
    if (bar->high < bar->close)
        return below("high", bar->high, "close", bar->close, error);
    if (bar->open < bar->low)
        return below("open", bar->open, "low", bar->low, error);
    if (bar->close < bar->low)
        return below("close", bar->close, "low", bar->low, error);
    if (bar->end == TIME_NONE)
        bar->end = interval_end(bar->interval, bar->time);
    if (bar->end < bar->time)
        return error_set(error, EXIT_INPUT, "field 'end' is before 'time'");
    return 0;
}

static int action_check(const struct action *action, struct error *error)
{
    const char *missing = NULL;
    if (action->kind == ACTION_SPLIT && (action->new_shares == 0 || action->old_shares == 0))
        missing = action->new_shares == 0 ? "new" : "old";
    if (action->kind == ACTION_DIVIDEND && action->cash <= 0) /* DEC_NONE is below all */
        missing = "cash";
    if (action->kind == ACTION_ROLL && action->old_symbol[0] == '\0')
        missing = "old_symbol";
    if ((action->kind == ACTION_RENAME || action->kind == ACTION_SPINOFF || action->kind == ACTION_ROLL) &&
        action->new_symbol[0] == '\0')
        missing = "new_symbol";
    return missing == NULL ? 0
                           : error_set(error, EXIT_INPUT, "action of kind '%s' without '%s'",
                                       action_kind_text(action->kind), missing);
}

/* One mark in full, or a list of them. */
static int mark_check(const struct mark *mark, struct error *error)
{
    const int said = (mark->symbol[0] != '\0') + (mark->interval.unit != INTERVAL_NONE) + (mark->bar != TIME_NONE) +
                     (mark->price != DEC_NONE);
    return said == (mark->marks.n == 0 ? 4 : 0)
               ? 0
               : error_set(error, EXIT_INPUT, "mark: either 'symbol', 'interval', 'bar' and 'price' or 'marks'");
}

static int signal_check(const struct signal *signal, struct error *error)
{
    if (signal->strength > 1)
        return error_set(error, EXIT_INPUT, "field 'strength' is above 1");
    if (signal->decided > signal->time)
        return error_set(error, EXIT_INPUT, "field 'decided' is after 'time'");
    const bool waits = signal->entry == ORDER_STOP || signal->entry == ORDER_LIMIT;
    if (!waits && signal->entry != ORDER_NONE && signal->entry != ORDER_MARKET)
        return error_set(error, EXIT_INPUT, "field 'entry' is not one of: market limit stop");
    if (waits != (signal->entry_price != DEC_NONE))
        return error_set(error, EXIT_INPUT,
                         waits ? "an entry at a stop or limit without 'entry_price'"
                               : "an 'entry_price' without an entry at a stop or limit");
    return 0;
}

/* Fault 54: a price on an order that has no use for it means that the sender wanted another order. */
static int check_price(const char *type, const char *name, dec price, bool needed, bool allowed, struct error *error)
{
    if (needed && price == DEC_NONE)
        return error_set(error, EXIT_INPUT, "%s order without '%s'", type, name);
    if (!allowed && price != DEC_NONE)
        return error_set(error, EXIT_INPUT, "%s order with '%s'", type, name);
    return 0;
}

int trail_check(const char *type, bool trails, dec amount, dec percent, dec multiple, dec atr, struct error *error)
{
    const int ways = (amount != DEC_NONE) + (percent != DEC_NONE) + (multiple != DEC_NONE);
    if (!trails && (ways > 0 || atr != DEC_NONE))
        return error_set(error, EXIT_INPUT, "%s order with a trail", type);
    if (trails && ways != 1)
        return error_set(error, EXIT_INPUT, "%s order %s", type,
                         ways == 0 ? "without 'trail_amount', 'trail_percent' or 'trail_atr'"
                                   : "with more than one of 'trail_amount', 'trail_percent' and 'trail_atr'");
    if ((multiple != DEC_NONE) != (atr != DEC_NONE))
        return error_set(error, EXIT_INPUT, "%s order with only one of 'trail_atr' and 'atr'", type);
    if (percent != DEC_NONE && percent >= 100 * DEC_ONE)
        return error_set(error, EXIT_INPUT, "field 'trail_percent' is not below 100");
    return 0;
}

/* How many ways of saying one thing a leg has used. */
static int ways(dec a, dec b, dec c)
{
    return (a != DEC_NONE) + (b != DEC_NONE) + (c != DEC_NONE);
}

static int check_leg_time(const struct leg *leg, const struct order_kind *kind, struct error *error)
{
    const int said = (leg->bars > 0) + (leg->sessions > 0) + (leg->time_in_force == TIF_CLS);
    if (leg->role == ROLE_TIME
            ? said != 1 || leg->order_type != ORDER_MARKET
            : said > 0 || leg->time_in_force != TIF_NONE || kind->trigger + kind->limit + kind->trail == 0)
        return error_set(error, EXIT_INPUT, "a leg without its role, order_type or price");
    return 0;
}

/* What stops is stopped, what takes a profit is a limit order or waits to be touched, what leaves at a time is a market
 * order. */
int leg_check(const struct leg *leg, struct error *error)
{
    const struct order_kind *kind = order_kind(leg->order_type);
    if (kind == NULL || check_leg_time(leg, kind, error) != 0)
        return error_is_set(error) ? -1 : error_set(error, EXIT_INPUT, "a leg without its role, order_type or price");
    const bool stop = leg->role == ROLE_STOP, target = leg->role == ROLE_TARGET, both = kind->limit && kind->stop;
    const bool role = stop     ? kind->trigger == TRIGGER_STOPPED
                      : target ? kind->trigger == TRIGGER_TOUCHED || (kind->limit && !kind->stop)
                               : leg->role == ROLE_TIME;
    /* One of two prices may be said by its distance from the fill. */
    const dec own = kind->limit && !kind->stop ? leg->limit_price : leg->stop_price;
    const bool priced =
        both ? leg->limit_price != DEC_NONE && leg->stop_price != DEC_NONE && ways(leg->r, leg->offset, DEC_NONE) == 0
        : kind->limit || kind->stop
            ? ways(own, target ? leg->r : DEC_NONE, leg->offset) == 1 && (target || leg->r == DEC_NONE)
            : ways(leg->r, leg->offset, leg->limit_price) == 0;
    if (!role || !priced)
        return error_set(error, EXIT_INPUT, "a leg without its role, order_type or price");
    const bool evens = leg->even_r != DEC_NONE || leg->even_after_target == 1;
    const bool wakes = leg->active_price != DEC_NONE || leg->active_r != DEC_NONE;
    if ((leg->share != DEC_NONE && (!target || leg->share > DEC_ONE)) || (evens && !stop) || (wakes && !kind->trail) ||
        (leg->fall != DEC_NONE && leg->order_type != ORDER_LIMIT) ||
        (leg->active_price != DEC_NONE && leg->active_r != DEC_NONE))
        return error_set(error, EXIT_INPUT,
                         "a leg with fields of other kinds: share, even_r, "
                         "even_after_target, active_price, active_r or fall");
    return trail_check(order_type_text(leg->order_type), kind->trail, leg->trail_amount, leg->trail_percent,
                       leg->trail_atr, leg->atr, error);
}

static int order_check(struct order *order, struct error *error)
{
    const char *type = order_type_text(order->order_type);
    if (order_modernize(order) != 0)
        return error_set(error, EXIT_INPUT, "%s order with the time_in_force '%s'", type,
                         time_in_force_text(order->time_in_force));
    const struct order_kind *kind = order_kind(order->order_type);
    require(kind != NULL); /* the type is required */
    if (check_price(type, "limit_price", order->limit_price, kind->limit, kind->limit, error) != 0 ||
        check_price(type, "stop_price", order->stop_price, kind->stop, kind->stop || kind->trail, error) != 0 ||
        trail_check(type, kind->trail, order->trail_amount, order->trail_percent, order->trail_atr, order->atr,
                    error) != 0)
        return -1;
    dec notional;
    const dec price = kind->limit ? order->limit_price : order->stop_price;
    if (price != DEC_NONE && dec_multiply(&notional, order->quantity, price, ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_INPUT, "quantity times price is out of range");
    return 0;
}

static int replace_check(const struct replace *replace, struct error *error)
{
    return replace->quantity == DEC_NONE && replace->limit_price == DEC_NONE && replace->stop_price == DEC_NONE
               ? error_set(error, EXIT_INPUT, "replace without 'quantity', 'limit_price' or 'stop_price'")
               : 0;
}

static int fill_check(const struct fill *fill, struct error *error)
{
    dec notional;
    if (dec_multiply(&notional, fill->quantity, fill->price, ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_INPUT, "quantity times price is out of range");
    return fill->price > 0 || fill->role == ROLE_EXIT
               ? 0
               : error_set(error, EXIT_INPUT, "a 'price' of 0 is only for exits from worthless positions");
}

int record_check_passed(const struct record *record, union record_value *value, struct error *error)
{
    const enum record_type type = record->type;
    if (type == RECORD_BAR || type == RECORD_TRADE || type == RECORD_QUOTE || schema_table[type].members == 0)
        return 0;
    return record_decode(record, value, error);
}

int record_check(enum record_type type, void *value, struct error *error)
{
    switch (type) {
    case RECORD_BAR:
        return bar_check(value, error);
    case RECORD_ACTION:
        return action_check(value, error);
    case RECORD_MARK:
        return mark_check(value, error);
    case RECORD_SIGNAL:
        return signal_check(value, error);
    case RECORD_ORDER:
        return order_check(value, error);
    case RECORD_REPLACE:
        return replace_check(value, error);
    case RECORD_FILL:
        return fill_check(value, error);
    default:
        return 0;
    }
}

int record_known(const struct record *record, int64_t *known, struct error *error)
{
    const struct field *field = NULL;
    if (record->layout != NULL && record->layout->plain_bar && bar_take_known(record, known))
        return 0;
    *known = TIME_NONE;
    if (record->type == RECORD_NEWS)
        field = record_field(record, "first_seen");
    if (record->type == RECORD_BAR || record->type == RECORD_ORDER_FLOW)
        field = record_field(record, "end");
    if (record->type == RECORD_TRADE || record->type == RECORD_QUOTE || record->type == RECORD_BOOK)
        field = record_field(record, "received");
    const bool ended = record->type == RECORD_BAR && field != NULL && field->kind != VALUE_NULL;
    if (field == NULL || field->kind == VALUE_NULL)
        field = record_field(record, "time");
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    struct str text;
    if (record_text(record, field, &text, error) != 0)
        return -1;
    if (time_parse(known, text.p, text.n, error) != 0) {
        error_prefix(error, "field '%.*s'", (int)field->key.n, field->key.p);
        return -1;
    }
    if (record->type != RECORD_BAR || ended)
        return 0;
    struct interval interval;
    field = record_field(record, "interval");
    if (field == NULL)
        return error_set(error, EXIT_INPUT, "bar without 'interval'");
    if (record_text(record, field, &text, error) != 0)
        return -1;
    if (interval_parse(&interval, text.p, text.n, error) != 0) {
        error_prefix(error, "field 'interval'");
        return -1;
    }
    *known = interval_end(interval, *known);
    return 0;
}

void bar_key(char key[static KEY_SIZE], const struct bar *bar)
{
    char interval[INTERVAL_TEXT_MAX], time[TIME_TEXT_MAX];
    const size_t n = interval_format(interval, bar->interval), m = time_format(time, bar->time);
    size_t length = 0;
    const struct str part[] = {STR("bar/"), {interval, n}, STR("/"), {time, m}, STR("/"), str_of(bar->symbol)};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        memcpy(key + length, part[i].p, part[i].n);
        length += part[i].n;
    }
    key[length] = '\0';
}
