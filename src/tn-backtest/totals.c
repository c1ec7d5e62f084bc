/* Sums of two worlds. */
#include "tn-backtest/totals.h"

#include "base/list.h"

#include <stdlib.h>

static int overflow(struct error *error)
{
    return error_set(error, EXIT_INPUT, "the equity of the account is out of range");
}

void totals_init(struct totals *totals, dec settlement_unit)
{
    *totals = (struct totals){.settlement_unit = settlement_unit};
    names_init(&totals->symbols);
}

void totals_clear(struct totals *totals)
{
    names_clear(&totals->symbols);
    free(totals->symbol);
}

static bool buys(const struct fill *fill)
{
    return fill->side == SIDE_BUY || fill->side == SIDE_BUY_TO_COVER;
}

int totals_held(const struct fill *fill, dec *held, struct error *error)
{
    const dec quantity = buys(fill) ? fill->quantity : -fill->quantity;
    *held = quantity;
    return fill->multiplier == DEC_NONE || fill->multiplier == DEC_ONE ||
                   dec_multiply(held, quantity, fill->multiplier, ROUND_HALF_EVEN) == 0
               ? 0
               : overflow(error);
}

int totals_money(const struct totals *totals, const struct fill *fill, dec *money, struct error *error)
{
    dec held = 0, amount;
    if (totals_held(fill, &held, error) != 0)
        return -1;
    const dec commission = fill->commission == DEC_NONE ? 0 : fill->commission,
              fees = fill->fees == DEC_NONE ? 0 : fill->fees;
    return dec_multiply_round(&amount, held, fill->price, totals->settlement_unit) != 0 ||
                   dec_add(&amount, amount, commission) != 0 || dec_add(&amount, amount, fees) != 0 ||
                   dec_subtract(money, 0, amount) != 0
               ? overflow(error)
               : 0;
}

static struct total_of_symbol *find(struct totals *totals, const char *symbol, struct error *error)
{
    const size_t known = totals->symbols.count;
    const int64_t index = names_add(&totals->symbols, str_of(symbol), error);
    if (index < 0 || list_grow(&totals->symbol, &totals->capacity, (size_t)index, sizeof *totals->symbol, error) != 0)
        return NULL;
    if ((size_t)index == known)
        totals->symbol[index] = (struct total_of_symbol){.close = DEC_NONE};
    return &totals->symbol[index];
}

int totals_fill(struct totals *totals, enum world world, const struct fill *fill, struct error *error)
{
    struct total_of_symbol *symbol = find(totals, fill->symbol, error);
    dec money = 0, held = 0;
    if (symbol == NULL || totals_money(totals, fill, &money, error) != 0 || totals_held(fill, &held, error) != 0)
        return -1;
    totals->foreign |= fill->pair[0] != '\0';
    return dec_add(&totals->money[world], totals->money[world], money) != 0 ||
                   dec_add(&symbol->held[world], symbol->held[world], held) != 0
               ? overflow(error)
               : 0;
}

int totals_cash(struct totals *totals, enum world world, const struct cash *cash, struct error *error)
{
    return dec_add(&totals->money[world], totals->money[world], cash->amount) != 0 ? overflow(error) : 0;
}

int totals_action(struct totals *totals, enum world world, const struct action *action, struct error *error)
{
    struct total_of_symbol *symbol = action->kind == ACTION_SPLIT ? find(totals, action->symbol, error) : NULL;
    if (action->kind != ACTION_SPLIT)
        return 0;
    if (symbol == NULL)
        return -1;
    return dec_multiply_divide(&symbol->held[world], symbol->held[world], action->new_shares, action->old_shares,
                               ROUND_HALF_EVEN) != 0
               ? overflow(error)
               : 0;
}

int totals_close(struct totals *totals, const char *symbol, dec close, bool of_bar, struct error *error)
{
    struct total_of_symbol *at = find(totals, symbol, error);
    if (at == NULL)
        return -1;
    if (of_bar || !at->has_bars)
        at->close = close;
    at->has_bars |= of_bar;
    return 0;
}

dec totals_last(const struct totals *totals, const char *symbol)
{
    const int64_t index = names_find(&totals->symbols, str_of(symbol));
    return index < 0 || totals->symbol[index].close == DEC_NONE ? 0 : totals->symbol[index].close;
}

int totals_equity(const struct totals *totals, enum world world, dec *equity, struct error *error)
{
    *equity = totals->money[world];
    for (size_t i = 0; i < totals->symbols.count; i++) {
        const struct total_of_symbol *symbol = &totals->symbol[i];
        dec value;
        if (symbol->close == DEC_NONE)
            continue;
        if (dec_multiply(&value, symbol->held[world], symbol->close, ROUND_HALF_EVEN) != 0 ||
            dec_add(equity, *equity, value) != 0)
            return overflow(error);
    }
    return 0;
}
