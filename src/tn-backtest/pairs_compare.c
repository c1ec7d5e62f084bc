/* How the two orders of a pair differ. */
#include "record/record.h"
#include "tn-backtest/pairs.h"

#include <stdio.h>
#include <string.h>

/* What was refused: the order itself, or the signal that it would have come from. */
static const char *refusal_of(const struct pairs *pairs, enum world world, const char *id, const char *signal)
{
    int64_t index = names_find(&pairs->refused[world], str_of(id));
    if (index < 0 && signal[0] != '\0')
        index = names_find(&pairs->refused[world], str_of(signal));
    return index < 0 ? NULL : pairs->refusal[world][index];
}

/* Cash, and what is held at the last close. */
static int worth(const struct ordered *order, dec close, dec *money)
{
    dec value;
    return dec_multiply(&value, order->held, close, ROUND_HALF_EVEN) != 0 ? -1 : dec_add(money, order->money, value);
}

static dec mean_price(const struct ordered *order)
{
    return order->filled == 0 ? DEC_NONE : (dec)(order->value / (double)order->filled + 0.5);
}

static const char *what_became(const struct ordered *order)
{
    return order->reason[0] != '\0'       ? order->reason
           : order->status == STATUS_NONE ? "it is still working"
                                          : order_status_text(order->status);
}

/* The kind, and in words why. */
static enum difference_kind sort(const struct pairs *pairs, size_t index, char cause[static MESSAGE_SIZE])
{
    const struct pair *pair = &pairs->pair[index];
    const struct ordered *was = &pair->in[RECORDED], *is = &pair->in[RERUN];
    const char *id = pairs->orders.name[index];
    const enum world without = was->there ? RERUN : RECORDED;
    const char *refusal = refusal_of(pairs, without, id, pair->signal);
    if (!was->there || !is->there) {
        if (refusal != NULL)
            (void)snprintf(cause, MESSAGE_SIZE, "%s%.200s", without == RERUN ? "the rerun refuses it: " : "", refusal);
        else
            (void)snprintf(cause, MESSAGE_SIZE, "%s",
                           without == RERUN ? "the rerun has no such order" : "the journal has no such order");
        return without == RERUN ? DIFFERENCE_EXTRA : refusal != NULL ? DIFFERENCE_REFUSED : DIFFERENCE_MISSED;
    }
    if (was->filled == 0 && is->filled != 0) {
        (void)snprintf(cause, MESSAGE_SIZE, "%.200s", what_became(was));
        return was->status == STATUS_REJECTED ? DIFFERENCE_REFUSED : DIFFERENCE_MISSED;
    }
    if (was->filled != 0 && is->filled == 0) {
        (void)snprintf(cause, MESSAGE_SIZE, "in the rerun: %.200s", what_became(is));
        return DIFFERENCE_EXTRA;
    }
    if (was->filled < is->filled && was->quantity >= is->quantity) {
        (void)snprintf(cause, MESSAGE_SIZE, "filled in part: %.200s", what_became(was));
        return DIFFERENCE_PARTIAL;
    }
    if (was->quantity != is->quantity || was->filled != is->filled) {
        (void)snprintf(cause, MESSAGE_SIZE, "another size: equity, limits or earlier fills were different");
        return DIFFERENCE_QUANTITY;
    }
    if (was->time > is->time || (was->filled != 0 && was->last_fill > is->last_fill)) {
        (void)snprintf(cause, MESSAGE_SIZE, was->time > is->time ? "decided later" : "filled later");
        return DIFFERENCE_LATE;
    }
    if (was->money != is->money) {
        const dec a = mean_price(was), b = mean_price(is);
        (void)snprintf(cause, MESSAGE_SIZE, a != b ? "filled at another price" : "other costs");
        return DIFFERENCE_PRICE;
    }
    return DIFFERENCE_SAME;
}

int pairs_compare(const struct pairs *pairs, size_t index, struct difference *difference, struct error *error)
{
    const struct pair *pair = &pairs->pair[index];
    const struct ordered *was = &pair->in[RECORDED], *is = &pair->in[RERUN], *one = was->there ? was : is;
    const int64_t place_of = names_find(&pairs->marked, str_of(pair->symbol));
    const struct pair_symbol *symbol = place_of < 0 ? NULL : &pairs->symbol[place_of];
    const dec close = totals_last(&pairs->totals, pair->symbol);
    dec worth_was = 0, worth_is = 0;
    record_blank(RECORD_DIFFERENCE, difference);
    difference->time = one->time;
    memcpy(difference->symbol, pair->symbol, sizeof difference->symbol);
    memcpy(difference->strategy, pair->strategy, sizeof difference->strategy);
    (void)snprintf(difference->order_id, sizeof difference->order_id, "%s", pairs->orders.name[index]);
    difference->side = one->side;
    difference->role = one->role;
    difference->kind = sort(pairs, index, difference->cause);
    if (was->there) {
        difference->filled = was->filled;
        difference->price = mean_price(was);
        difference->filled_at = was->last_fill;
    }
    if (is->there) {
        difference->rerun_filled = is->filled;
        difference->rerun_price = mean_price(is);
        difference->rerun_filled_at = is->last_fill;
    }
    if (worth(was, close, &worth_was) != 0 || worth(is, close, &worth_is) != 0 ||
        dec_subtract(&difference->money, worth_was, worth_is) != 0)
        return error_set(error, EXIT_INPUT, "order %s: its difference is out of range", difference->order_id);
    if (difference->kind == DIFFERENCE_SAME)
        return 0;
    /* The data explain it, whatever else does. */
    const int64_t latest = one->last_fill > one->time ? one->last_fill : one->time;
    if (pair->basis[RECORDED][0] != '\0' && pair->basis[RERUN][0] != '\0' &&
        strcmp(pair->basis[RECORDED], pair->basis[RERUN]) != 0) {
        difference->kind = DIFFERENCE_DATA;
        (void)snprintf(difference->cause, sizeof difference->cause, "it was decided on a close of %s, which is now %s",
                       pair->basis[RECORDED], pair->basis[RERUN]);
    } else if (symbol != NULL && symbol->changed != TIME_NONE && symbol->changed <= latest) {
        difference->kind = DIFFERENCE_DATA;
        (void)snprintf(difference->cause, sizeof difference->cause, "%s", symbol->change);
    }
    return 0;
}

bool pairs_compare_cash(const struct pairs *pairs, size_t index, struct difference *difference)
{
    const struct cash_pair *pair = &pairs->cash[index];
    char was[DEC_TEXT_MAX], is[DEC_TEXT_MAX];
    record_blank(RECORD_DIFFERENCE, difference);
    if (pair->amount[RECORDED] == pair->amount[RERUN] ||
        dec_subtract(&difference->money, pair->amount[RECORDED], pair->amount[RERUN]) != 0)
        return false;
    difference->time = pair->cash.time;
    memcpy(difference->symbol, pair->cash.symbol, sizeof difference->symbol);
    memcpy(difference->strategy, pair->cash.strategy, sizeof difference->strategy);
    memcpy(difference->order_id, pair->cash.id, sizeof difference->order_id);
    difference->kind = DIFFERENCE_CASH;
    was[dec_format(was, pair->amount[RECORDED])] = '\0';
    is[dec_format(is, pair->amount[RERUN])] = '\0';
    (void)snprintf(difference->cause, sizeof difference->cause, "%s of %s, in the rerun %s",
                   cash_kind_text(pair->cash.kind), was, is);
    return true;
}
