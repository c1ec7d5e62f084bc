/* What the account is worth: now, and in columns, after prices that nothing else came with. */
#include "ledger/internal.h"

int ledger_worth(const struct ledger *ledger, struct worth *worth, struct error *error)
{
    dec value = 0;
    if (ledger->exposed > 0)
        return ledger_equity(ledger, &worth->equity, error) == 0 ? ledger_exposure(ledger, &worth->exposure, error)
                                                                 : -1;
    if (ledger->gross == 0) { /* flat: most moments of most accounts */
        *worth = (struct worth){.equity = ledger->cash, .exposure = 0};
        return 0;
    }
    if (dec_narrow(&value, ledger->value) != 0 || dec_add(&worth->equity, ledger->cash, value) != 0)
        return ledger_overflow(error, "equity");
    if (ledger->gross != ledger->value)
        return ledger_exposure(ledger, &worth->exposure, error);
    worth->exposure = value; /* nothing is held short */
    return 0;
}

/* A position of whole units and nothing beside it needs no rounding. False where that may leave the range. */
static bool worth_of_units(const struct ledger *ledger, dec units, const dec *close, size_t count, struct curve *curve)
{
    const dec cash = ledger->cash;
    dec low = DEC_MAX, bits = 0, most, total;
    for (size_t i = 0; i < count; i++)
        bits |= close[i];
    /* No close is above their bits together, and where one is below 0 these are. */
    if (bits < 0 || __builtin_mul_overflow(bits, units, &most) || dec_add(&total, cash, most) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const dec value = units * close[i], worth = cash + value;
        curve->exposure[i] = value;
        curve->equity[i] = worth;
        low = worth < low ? worth : low;
    }
    curve->lowest = low;
    return true;
}

size_t ledger_worth_at(const struct ledger *ledger, int slot, const dec *close, size_t count, struct curve *curve)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    const __int128 others = ledger->value - at->value, rest = ledger->gross - ledger_magnitude(at->value);
    require(count <= CURVE_MAX && ledger->exposed == 0 && at->currency == 0);
    if (others == 0 && rest == 0 && at->quantity > 0 && at->quantity % DEC_ONE == 0 &&
        worth_of_units(ledger, at->quantity / DEC_ONE, close, count, curve))
        return count;
    curve->lowest = DEC_MAX;
    for (size_t i = 0; i < count; i++) {
        const __int128 value = (__int128)at->quantity * close[i];
        dec total = 0;
        if (!ledger_is_value(value) || dec_narrow(&total, others + value) != 0 ||
            dec_add(&curve->equity[i], ledger->cash, total) != 0 ||
            dec_narrow(&curve->exposure[i], rest + ledger_magnitude(value)) != 0)
            return i;
        curve->lowest = curve->equity[i] < curve->lowest ? curve->equity[i] : curve->lowest;
    }
    return count;
}

void ledger_worth_begin(const struct ledger *ledger, struct worth_sum *sum, size_t count)
{
    require(count > 0 && count <= CURVE_MAX);
    sum->count = count;
    for (size_t i = 0; i < count; i++)
        sum->value[i] = sum->gross[i] = 0;
    sum->value[0] = ledger->value;
    sum->gross[0] = ledger->gross;
}

void ledger_worth_begin_slot(const struct ledger *ledger, struct worth_sum *sum, int slot)
{
    sum->quantity = ledger->symbol_state[slot].quantity;
    sum->last = ledger->symbol_state[slot].value;
}

void ledger_worth_mark(struct worth_sum *sum, size_t moment, dec close)
{
    const __int128 value = (__int128)sum->quantity * close;
    if (!ledger_is_value(value))
        sum->count = moment < sum->count ? moment : sum->count;
    if (moment >= sum->count)
        return;
    sum->value[moment] += value - sum->last;
    sum->gross[moment] += ledger_magnitude(value) - ledger_magnitude(sum->last);
    sum->last = value;
}

size_t ledger_worth_end(const struct ledger *ledger, struct worth_sum *sum, struct curve *curve)
{
    __int128 value = 0, gross = 0;
    curve->lowest = DEC_MAX;
    for (size_t i = 0; i < sum->count; i++) {
        dec total = 0;
        value += sum->value[i];
        gross += sum->gross[i];
        if (dec_narrow(&total, value) != 0 || dec_add(&curve->equity[i], ledger->cash, total) != 0 ||
            dec_narrow(&curve->exposure[i], gross) != 0)
            return i;
        curve->lowest = curve->equity[i] < curve->lowest ? curve->equity[i] : curve->lowest;
    }
    return sum->count;
}
