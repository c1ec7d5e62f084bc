/* Pairing. */
#include "tn-backtest/pairs.h"

#include "base/list.h"
#include "record/record.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pairs_init(struct pairs *pairs, dec settlement_unit)
{
    *pairs = (struct pairs){.from = INT64_MIN, .to = INT64_MAX};
    totals_init(&pairs->totals, settlement_unit);
    names_init(&pairs->cash_ids);
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
    totals_clear(&pairs->totals);
    names_clear(&pairs->cash_ids);
    free(pairs->cash);
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

/* The pair of an order, made when it is new. */
static struct pair *find_pair(struct pairs *pairs, const char *id, const char *symbol, const char *strategy,
                              int64_t time, struct error *error)
{
    bool is_new;
    const int64_t index =
        place(&pairs->orders, id, &pairs->pair, &pairs->capacity, sizeof *pairs->pair, &is_new, error);
    if (index < 0)
        return NULL;
    struct pair *pair = &pairs->pair[index];
    if (is_new) {
        memset(pair, 0, sizeof *pair);
        (void)snprintf(pair->symbol, sizeof pair->symbol, "%s", symbol);
        (void)snprintf(pair->strategy, sizeof pair->strategy, "%s", strategy);
        pair->of_period = time >= pairs->from && time < pairs->to;
    }
    return pair;
}

int pairs_order(struct pairs *pairs, enum world world, const struct order *order, struct error *error)
{
    struct pair *pair = find_pair(pairs, order->id, order->symbol, order->strategy, order->time, error);
    if (pair == NULL)
        return -1;
    memcpy(pair->signal, order->signal, sizeof pair->signal);
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

int pairs_fill(struct pairs *pairs, enum world world, const struct fill *fill, struct error *error)
{
    struct pair *pair = find_pair(pairs, fill->order_id, fill->symbol, fill->strategy, fill->time, error);
    dec money = 0, held = 0;
    if (pair == NULL || totals_fill(&pairs->totals, world, fill, error) != 0 ||
        totals_money(&pairs->totals, fill, &money, error) != 0 || totals_held(fill, &held, error) != 0)
        return -1;
    struct ordered *order = &pair->in[world];
    if (!order->there)
        *order = (struct ordered){.there = true,
                                  .time = fill->time,
                                  .side = fill->side,
                                  .role = fill->role,
                                  .quantity = fill->quantity,
                                  .first_fill = TIME_NONE,
                                  .last_fill = TIME_NONE};
    if (dec_add(&order->money, order->money, money) != 0 || dec_add(&order->held, order->held, held) != 0 ||
        dec_add(&order->filled, order->filled, fill->quantity) != 0)
        return error_set(error, EXIT_INPUT, "the fills of order %s are out of range", fill->order_id);
    order->value += (double)fill->quantity * (double)fill->price;
    if (order->first_fill == TIME_NONE)
        order->first_fill = fill->time;
    order->last_fill = fill->time;
    return 0;
}

int pairs_action(struct pairs *pairs, enum world world, const struct action *action, struct error *error)
{
    if (action->kind == ACTION_SPLIT)
        for (size_t i = 0; i < pairs->orders.count; i++) {
            struct ordered *order = &pairs->pair[i].in[world];
            if (strcmp(pairs->pair[i].symbol, action->symbol) == 0 &&
                dec_multiply_divide(&order->held, order->held, action->new_shares, action->old_shares,
                                    ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_INPUT, "%s: its split is out of range", action->symbol);
        }
    return totals_action(&pairs->totals, world, action, error);
}

int pairs_cash(struct pairs *pairs, enum world world, const struct cash *cash, struct error *error)
{
    bool is_new;
    const int64_t index =
        place(&pairs->cash_ids, cash->id, &pairs->cash, &pairs->cash_capacity, sizeof *pairs->cash, &is_new, error);
    if (index < 0)
        return -1;
    struct cash_pair *pair = &pairs->cash[index];
    if (is_new)
        *pair = (struct cash_pair){.cash = *cash};
    pair->cash.reference = (struct str){NULL, 0};
    pair->amount[world] = cash->amount;
    return totals_cash(&pairs->totals, world, cash, error);
}

void pairs_update(struct pairs *pairs, enum world world, const struct order_update *update)
{
    struct ordered *order = find(pairs, world, update->order_id);
    if (order == NULL)
        return;
    order->status = update->status;
    if (update->quantity != DEC_NONE && update->status != STATUS_PENDING_REPLACE) /* an exit follows its position */
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
    return totals_close(&pairs->totals, mark->symbol, mark->price, false, error);
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
    if (totals_close(&pairs->totals, bar->symbol, bar->close, true, error) != 0)
        return -1;
    seen_name(name, bar->symbol, bar->interval, bar->time);
    const int64_t seen = names_find(&pairs->seen, str_of(name));
    if (seen < 0 || pairs->close[seen] == bar->close || symbol->changed != TIME_NONE)
        return 0;
    symbol->changed = bar->time;
    (void)dec_format(was, pairs->close[seen]);
    (void)dec_format(is, bar->close);
    time[time_format(time, bar->time)] = '\0';
    (void)snprintf(symbol->change, sizeof symbol->change, "the close of %s was %s and is now %s", time, was, is);
    return 0;
}
