/* Pairing and comparing. */
#include "tn-backtest/pairs.h"

#include "base/list.h"
#include "record/record.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pairs_init(struct pairs *pairs)
{
    *pairs = (struct pairs){.pair = NULL};
    names_init(&pairs->orders);
    names_init(&pairs->seen);
    names_init(&pairs->marked);
    names_init(&pairs->refused[RECORDED]);
    names_init(&pairs->refused[RERUN]);
}

void pairs_clear(struct pairs *pairs)
{
    names_clear(&pairs->orders);
    names_clear(&pairs->seen);
    names_clear(&pairs->marked);
    for (int world = 0; world < WORLDS; world++) {
        names_clear(&pairs->refused[world]);
        free(pairs->refusal[world]);
    }
    free(pairs->pair);
    free(pairs->close);
    free(pairs->symbol);
}

/* Room for an element of a name; *is_new: it was not there. -1: out of memory. */
static int64_t place(struct names *names, const char *name, void *list, size_t *capacity, size_t size, bool *is_new,
                     struct error *error)
{
    const size_t known = names->count;
    const int64_t index = names_add(names, str_of(name), error);
    while (index >= 0 && (size_t)index >= *capacity)
        if (list_grow(list, capacity, *capacity, size, error) != 0)
            return -1;
    *is_new = index >= (int64_t)known;
    return index;
}

/* The close of the bar that decided an order. */
static void take_basis(char text[static 32], struct str basis)
{
    struct field member, inner;
    text[0] = '\0';
    while (raw_next(&basis, &member)) {
        if (str_is(member.key, "close") && member.kind == VALUE_NUMBER)
            (void)snprintf(text, 32, STR_FMT, STR_ARG(member.value));
        struct str object = member.value;
        while (text[0] == '\0' && member.kind == VALUE_OBJECT && raw_next(&object, &inner))
            if (str_is(inner.key, "close") && inner.kind == VALUE_NUMBER)
                (void)snprintf(text, 32, STR_FMT, STR_ARG(inner.value));
    }
}

int pairs_order(struct pairs *pairs, enum world world, const struct order *order, struct error *error)
{
    bool is_new;
    const int64_t index =
        place(&pairs->orders, order->id, &pairs->pair, &pairs->capacity, sizeof *pairs->pair, &is_new, error);
    if (index < 0)
        return -1;
    struct pair *pair = &pairs->pair[index];
    if (is_new) {
        memset(pair, 0, sizeof *pair);
        memcpy(pair->symbol, order->symbol, sizeof pair->symbol);
        memcpy(pair->strategy, order->strategy, sizeof pair->strategy);
        memcpy(pair->signal, order->signal, sizeof pair->signal);
    }
    pair->in[world] = (struct ordered){.there = true,
                                       .time = order->time,
                                       .side = order->side,
                                       .role = order->role,
                                       .quantity = order->quantity,
                                       .first_fill = TIME_NONE,
                                       .last_fill = TIME_NONE};
    take_basis(pair->basis[world], order->basis);
    return 0;
}

static struct ordered *find(struct pairs *pairs, enum world world, const char *id)
{
    const int64_t index = names_find(&pairs->orders, str_of(id));
    return index < 0 || !pairs->pair[index].in[world].there ? NULL : &pairs->pair[index].in[world];
}

static dec known(dec value)
{
    return value == DEC_NONE ? 0 : value;
}

int pairs_fill(struct pairs *pairs, enum world world, const struct fill *fill, struct error *error)
{
    struct ordered *order = find(pairs, world, fill->order_id);
    dec amount;
    if (order == NULL)
        return 0;
    const bool buys = fill->side == SIDE_BUY || fill->side == SIDE_BUY_TO_COVER;
    const dec multiplier = fill->multiplier == DEC_NONE ? DEC_ONE : fill->multiplier;
    if (dec_multiply(&amount, fill->quantity, fill->price, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&amount, amount, multiplier, ROUND_HALF_EVEN) != 0 ||
        (buys ? dec_subtract(&order->money, order->money, amount) : dec_add(&order->money, order->money, amount)) !=
            0 ||
        dec_subtract(&order->money, order->money, known(fill->commission)) != 0 ||
        dec_subtract(&order->money, order->money, known(fill->fees)) != 0 ||
        dec_add(&order->filled, order->filled, fill->quantity) != 0)
        return error_set(error, EXIT_INPUT, "the fills of order %s are out of range", fill->order_id);
    order->value += (double)fill->quantity * (double)fill->price;
    order->multiplier = multiplier;
    if (order->first_fill == TIME_NONE)
        order->first_fill = fill->time;
    order->last_fill = fill->time;
    return 0;
}

void pairs_update(struct pairs *pairs, enum world world, const struct order_update *update)
{
    struct ordered *order = find(pairs, world, update->order_id);
    if (order == NULL)
        return;
    order->status = update->status;
    if (update->quantity != DEC_NONE) /* an exit follows its position */
        order->quantity = update->quantity;
    (void)snprintf(order->reason, sizeof order->reason, "%.*s", (int)sizeof order->reason - 1, update->reason);
}

int pairs_refusal(struct pairs *pairs, enum world world, const struct refusal *refusal, struct error *error)
{
    bool is_new;
    const char *cause = refusal->order_id[0] != '\0' ? refusal->order_id : refusal->cause;
    if (cause[0] == '\0')
        return 0;
    const int64_t index = place(&pairs->refused[world], cause, &pairs->refusal[world], &pairs->refusal_capacity[world],
                                sizeof *pairs->refusal[world], &is_new, error);
    if (index < 0)
        return -1;
    (void)snprintf(pairs->refusal[world][index], sizeof *pairs->refusal[world], "%.64s%s%.160s", refusal->code,
                   refusal->message[0] == '\0' ? "" : ": ", refusal->message);
    return 0;
}

static void seen_name(char name[static KEY_SIZE], const char *symbol, struct interval interval, int64_t time)
{
    char text[INTERVAL_TEXT_MAX];
    interval_format(text, interval);
    (void)snprintf(name, KEY_SIZE, "%s %s %lld", symbol, text, (long long)time);
}

int pairs_mark(struct pairs *pairs, const struct mark *mark, struct error *error)
{
    char name[KEY_SIZE];
    bool is_new;
    seen_name(name, mark->symbol, mark->interval, mark->bar);
    const int64_t index =
        place(&pairs->seen, name, &pairs->close, &pairs->close_capacity, sizeof *pairs->close, &is_new, error);
    if (index < 0)
        return -1;
    pairs->close[index] = mark->price;
    return 0;
}

int pairs_bar(struct pairs *pairs, const struct bar *bar, struct error *error)
{
    char name[KEY_SIZE], was[DEC_TEXT_MAX], is[DEC_TEXT_MAX], time[TIME_TEXT_MAX];
    bool is_new;
    const int64_t index = place(&pairs->marked, bar->symbol, &pairs->symbol, &pairs->symbol_capacity,
                                sizeof *pairs->symbol, &is_new, error);
    if (index < 0)
        return -1;
    struct pair_symbol *symbol = &pairs->symbol[index];
    if (is_new)
        *symbol = (struct pair_symbol){.changed = TIME_NONE};
    symbol->last = bar->close;
    seen_name(name, bar->symbol, bar->interval, bar->time);
    const int64_t seen = names_find(&pairs->seen, str_of(name));
    if (seen < 0 || pairs->close[seen] == bar->close || symbol->changed != TIME_NONE)
        return 0;
    symbol->changed = bar->time;
    (void)dec_format(was, pairs->close[seen]);
    (void)dec_format(is, bar->close);
    time[time_format(time, bar->time)] = '\0';
    (void)snprintf(symbol->change, sizeof symbol->change, "the close of %s was %s and is %s now", time, was, is);
    return 0;
}

/* What was refused: the order itself, or the signal that it would have come from. */
static const char *refusal_of(const struct pairs *pairs, enum world world, const char *id, const char *signal)
{
    int64_t index = names_find(&pairs->refused[world], str_of(id));
    if (index < 0 && signal[0] != '\0')
        index = names_find(&pairs->refused[world], str_of(signal));
    return index < 0 ? NULL : pairs->refusal[world][index];
}

/* Cash, and what was filled at the last close. */
static double worth(const struct ordered *order, double close)
{
    const bool buys = order->side == SIDE_BUY || order->side == SIDE_BUY_TO_COVER;
    const double held = (double)order->filled / (double)DEC_ONE * (buys ? 1 : -1);
    return (double)order->money / (double)DEC_ONE +
           held * close * (order->multiplier == 0 ? 1 : (double)order->multiplier / (double)DEC_ONE);
}

static dec mean_price(const struct ordered *order)
{
    return order->filled == 0 ? DEC_NONE : (dec)(order->value / (double)order->filled + 0.5);
}

static const char *what_became(const struct ordered *order)
{
    return order->reason[0] != '\0'       ? order->reason
           : order->status == STATUS_NONE ? "it is working"
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
            (void)snprintf(cause, MESSAGE_SIZE, "%s%.200s", without == RERUN ? "the re-run refuses it: " : "", refusal);
        else
            (void)snprintf(cause, MESSAGE_SIZE, "%s",
                           without == RERUN ? "the re-run decides nothing like it" : "the journal has no such order");
        return without == RERUN ? DIFFERENCE_EXTRA : refusal != NULL ? DIFFERENCE_REFUSED : DIFFERENCE_MISSED;
    }
    if (was->filled == 0 && is->filled != 0) {
        (void)snprintf(cause, MESSAGE_SIZE, "%.200s", what_became(was));
        return was->status == STATUS_REJECTED ? DIFFERENCE_REFUSED : DIFFERENCE_MISSED;
    }
    if (was->filled != 0 && is->filled == 0) {
        (void)snprintf(cause, MESSAGE_SIZE, "in the re-run: %.200s", what_became(is));
        return DIFFERENCE_EXTRA;
    }
    if (was->filled < is->filled && was->quantity >= is->quantity) {
        (void)snprintf(cause, MESSAGE_SIZE, "filled in part: %.200s", what_became(was));
        return DIFFERENCE_PARTIAL;
    }
    if (was->quantity != is->quantity || was->filled != is->filled) {
        (void)snprintf(cause, MESSAGE_SIZE, "another size: equity, limits or fills before it were others");
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

void pairs_compare(const struct pairs *pairs, size_t index, struct difference *difference)
{
    const struct pair *pair = &pairs->pair[index];
    const struct ordered *was = &pair->in[RECORDED], *is = &pair->in[RERUN], *one = was->there ? was : is;
    const int64_t place_of = names_find(&pairs->marked, str_of(pair->symbol));
    const struct pair_symbol *symbol = place_of < 0 ? NULL : &pairs->symbol[place_of];
    const double close = symbol == NULL ? 0 : (double)symbol->last / (double)DEC_ONE;
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
    if (dec_from_double(&difference->money, worth(was, close) - worth(is, close), ROUND_HALF_EVEN) != 0)
        difference->money = DEC_NONE;
    if (difference->kind == DIFFERENCE_SAME)
        return;
    /* The data explain it, whatever else does. */
    const int64_t latest = one->last_fill > one->time ? one->last_fill : one->time;
    if (pair->basis[RECORDED][0] != '\0' && pair->basis[RERUN][0] != '\0' &&
        strcmp(pair->basis[RECORDED], pair->basis[RERUN]) != 0) {
        difference->kind = DIFFERENCE_DATA;
        (void)snprintf(difference->cause, sizeof difference->cause, "it was decided on a close of %s, which is %s now",
                       pair->basis[RECORDED], pair->basis[RERUN]);
    } else if (symbol != NULL && symbol->changed != TIME_NONE && symbol->changed <= latest) {
        difference->kind = DIFFERENCE_DATA;
        (void)snprintf(difference->cause, sizeof difference->cause, "%s", symbol->change);
    }
}
