/* Events in a few words. */
#include "journal/summary.h"

#include "journal/journal.h"
#include "journal/kinds.h"
#include "record/schema.h"

#include <stdio.h>

#define SUMMARY_MAX 400 /* bytes shown of a record that has no words of its own */

void summary_init(struct summary *summary)
{
    *summary = (struct summary){.time = TIME_NONE};
    buf_init(&summary->text, (size_t)RECORD_LINE_MAX);
}

void summary_clear(struct summary *summary)
{
    buf_clear(&summary->text);
}

static void add_dec(struct buf *text, const char *before, dec value)
{
    char number[DEC_TEXT_MAX];
    if (value == DEC_NONE)
        return;
    buf_add_text(text, before);
    buf_add(text, number, dec_format(number, value));
}

static void add_word(struct buf *text, const char *before, const char *word)
{
    if (word[0] == '\0')
        return;
    buf_add_text(text, before);
    buf_add_text(text, word);
}

/* A raw object in words: {"fast":10.2,"trend":{"up":true}} is "fast 10.2, trend (up true)". */
static void add_object(struct buf *text, struct str object)
{
    struct field member;
    bool first = true;
    while (raw_next(&object, &member)) {
        if (str_is(member.key, "bar")) /* told before */
            continue;
        if (!first)
            buf_add_text(text, ", ");
        buf_add_str(text, member.key);
        buf_add_text(text, member.key.n > 0 ? " " : "");
        first = false;
        if (member.kind == VALUE_OBJECT) {
            buf_add_char(text, '(');
            add_object(text, member.value);
            buf_add_char(text, ')');
        } else if (member.kind == VALUE_STRING && !member.escaped) {
            buf_add(text, member.value.p + 1, member.value.n - 2);
        } else {
            buf_add_str(text, member.value);
        }
    }
}

static void of_order(struct buf *text, const struct order *order)
{
    buf_add_text(text, side_text(order->side));
    add_dec(text, " ", order->quantity);
    if (order->order_type != ORDER_LIMIT && order->order_type != ORDER_STOP && order->order_type != ORDER_STOP_LIMIT)
        add_word(text, " ", order_type_text(order->order_type));
    add_dec(text, " limit ", order->limit_price);
    add_dec(text, " stop ", order->stop_price);
    add_word(text, ", ", role_text(order->role));
    add_word(text, " of ", order->strategy);
    for (int i = 0; i < order->leg_count; i++) {
        add_word(text, ", ", role_text(order->legs[i].role));
        add_dec(text, " ",
                order->legs[i].stop_price != DEC_NONE ? order->legs[i].stop_price : order->legs[i].limit_price);
    }
}

static void of_fill(struct buf *text, const struct fill *fill)
{
    buf_add_text(text, side_text(fill->side));
    add_dec(text, " ", fill->quantity);
    add_dec(text, " at ", fill->price);
    add_word(text, ", ", role_text(fill->role));
    add_word(text, " of ", fill->strategy);
    if (fill->commission != DEC_NONE && fill->commission != 0)
        add_dec(text, ", commission ", fill->commission);
    if (fill->fees != DEC_NONE && fill->fees != 0)
        add_dec(text, ", fees ", fill->fees);
}

static void of_update(struct buf *text, const struct order_update *update)
{
    buf_add_text(text, order_status_text(update->status));
    add_dec(text, ", filled ", update->filled_quantity);
    add_dec(text, " at ", update->average_price);
    add_word(text, ": ", update->reason);
}

static void of_signal(struct buf *text, const struct signal *signal)
{
    char time[TIME_TEXT_MAX];
    buf_add_text(text, want_text(signal->side));
    add_dec(text, " at ", signal->price);
    add_dec(text, " stop ", signal->stop);
    add_dec(text, " target ", signal->target);
    add_word(text, ", ", signal->strategy);
    if (signal->decided != TIME_NONE) {
        buf_add_text(text, ", decided ");
        buf_add(text, time, time_format(time, signal->decided));
    }
    if (signal->reason.n > 0) {
        buf_add_text(text, ", ");
        add_object(text, signal->reason);
    }
}

static void of_cash(struct buf *text, const struct cash *cash)
{
    buf_add_text(text, cash_kind_text(cash->kind));
    add_dec(text, " ", cash->amount);
    add_word(text, " ", cash->currency);
    if (cash->reference.n > 0) {
        buf_add_text(text, ", ");
        buf_add_str(text, cash->reference);
    }
}

static void of_action(struct buf *text, const struct action *action)
{
    buf_add_text(text, action_kind_text(action->kind));
    if (action->new_shares > 0 && action->old_shares > 0)
        buf_printf(text, " %lld:%lld", (long long)action->new_shares, (long long)action->old_shares);
    add_dec(text, " ", action->cash);
    add_word(text, " ", action->currency);
    add_word(text, " to ", action->new_symbol);
}

static void of_refusal(struct buf *text, const struct refusal *refusal)
{
    buf_add_text(text, refusal->code);
    add_dec(text, ", limit ", refusal->limit);
    add_dec(text, ", observed ", refusal->observed);
    if (refusal->message.n > 0) {
        buf_add_text(text, ": ");
        buf_add_str(text, refusal->message);
    }
}

static void of_mark(struct buf *text, const struct mark *mark)
{
    char interval[INTERVAL_TEXT_MAX];
    interval_format(interval, mark->interval);
    add_word(text, "seen: ", interval);
    add_dec(text, " bar, close ", mark->price);
}

static void of_halt(struct buf *text, const struct halt *halt)
{
    buf_add_text(text, halt->halted == 1 ? "halted" : "resumed");
    if (halt->reason.n > 0) {
        buf_add_text(text, ": ");
        buf_add_str(text, halt->reason);
    }
}

static void of_equity(struct buf *text, const struct equity *equity)
{
    add_dec(text, "", equity->equity);
    add_dec(text, ", cash ", equity->cash);
    add_dec(text, ", exposure ", equity->exposure);
}

/* Bars are no events, but orders rest on them. */
static void of_bar(struct buf *text, const struct bar *bar)
{
    char interval[INTERVAL_TEXT_MAX];
    interval_format(interval, bar->interval);
    buf_add_text(text, interval);
    add_dec(text, " open ", bar->open);
    add_dec(text, " high ", bar->high);
    add_dec(text, " low ", bar->low);
    add_dec(text, " close ", bar->close);
}

union any_value {
    union event_value event;
    struct bar bar;
};

static bool add_text(struct buf *text, enum record_type type, const union any_value *value)
{
    const union event_value *event = &value->event;
    switch ((int)type) {
    case RECORD_ORDER:
        of_order(text, &event->order);
        return true;
    case RECORD_ORDER_UPDATE:
        of_update(text, &event->update);
        return true;
    case RECORD_FILL:
        of_fill(text, &event->fill);
        return true;
    case RECORD_SIGNAL:
        of_signal(text, &event->signal);
        return true;
    case RECORD_CASH:
        of_cash(text, &event->cash);
        return true;
    case RECORD_ACTION:
        of_action(text, &event->action);
        return true;
    case RECORD_REFUSAL:
        of_refusal(text, &event->refusal);
        return true;
    case RECORD_MARK:
        of_mark(text, &event->mark);
        return true;
    case RECORD_HALT:
        of_halt(text, &event->halt);
        return true;
    case RECORD_EQUITY:
        of_equity(text, &event->equity);
        return true;
    case RECORD_ALERT:
        buf_add_str(text, event->alert.text.n > 0 ? event->alert.text : event->alert.title);
        return true;
    case RECORD_NOTE:
        buf_add_str(text, event->note.text);
        return true;
    case RECORD_CANCEL:
        buf_add_text(text, "cancel");
        add_word(text, ": ", event->cancel.reason);
        return true;
    case RECORD_BAR:
        of_bar(text, &value->bar);
        return true;
    default:
        return false;
    }
}

/* What cannot be read is done without; -1 when that was for want of memory. */
static int forgive(struct error *error)
{
    if (error->code == EXIT_SYSTEM)
        return -1;
    error_clear(error);
    return 0;
}

static int take_text(const struct record *record, const char *name, char *out, size_t size, struct error *error)
{
    struct str text;
    const struct field *field = record_field(record, name);
    out[0] = '\0';
    if (field == NULL || field->kind != VALUE_STRING)
        return 0;
    if (record_text(record, field, &text, error) != 0)
        return forgive(error);
    (void)snprintf(out, size, STR_FMT, STR_ARG(text));
    return 0;
}

static int describe(struct summary *summary, struct record *scanned, struct str record, bool *said, struct error *error)
{
    union any_value value;
    if (record_scan(scanned, record.p, record.n, error) != 0)
        return forgive(error);
    if (take_text(scanned, "symbol", summary->symbol, sizeof summary->symbol, error) != 0 ||
        take_text(scanned, "id", summary->id, sizeof summary->id, error) != 0 ||
        (summary->id[0] == '\0' && take_text(scanned, "order_id", summary->id, sizeof summary->id, error) != 0))
        return -1;
    if (record_known(scanned, &summary->time, error) != 0) {
        summary->time = TIME_NONE;
        if (forgive(error) != 0)
            return -1;
    }
    const enum record_type type = scanned->type;
    if ((type != RECORD_BAR && !event_kind(type)) || schema_table[type].member == NULL)
        return 0;
    if (record_decode(scanned, &value, error) != 0)
        return forgive(error);
    *said = add_text(&summary->text, type, &value);
    return 0;
}

int summary_of(struct summary *summary, struct str record, struct error *error)
{
    struct record scanned = {0};
    struct buf scratch;
    bool said = false;
    buf_init(&scratch, (size_t)RECORD_LINE_MAX);
    scanned.scratch = &scratch;
    summary->time = TIME_NONE;
    summary->symbol[0] = summary->id[0] = '\0';
    buf_reset(&summary->text);
    int status = describe(summary, &scanned, record, &said, error);
    if (!said)
        buf_add(&summary->text, record.p, record.n < SUMMARY_MAX ? record.n : SUMMARY_MAX);
    if (status == 0)
        status = buf_check(&summary->text, error);
    buf_clear(&scratch);
    return status;
}

int summary_of_object(struct summary *summary, struct str object, struct error *error)
{
    summary->time = TIME_NONE;
    summary->symbol[0] = summary->id[0] = '\0';
    buf_reset(&summary->text);
    add_object(&summary->text, object);
    return buf_check(&summary->text, error);
}
