/* What a holding is, as a record. */
#include "ledger/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

dec holding_cost(const struct holding *holding)
{
    dec cost = 0;
    for (size_t i = 0; i < holding->lots; i++)
        require(dec_add(&cost, cost, holding->lot[i].cost) == 0);
    return cost;
}

dec holding_average_price(const struct holding *holding)
{
    dec average, scaled;
    if (holding->quantity == 0 || dec_multiply(&scaled, holding->quantity, holding->multiplier, ROUND_HALF_EVEN) != 0 ||
        scaled == 0 || dec_divide(&average, holding_cost(holding), scaled, ROUND_HALF_EVEN) != 0)
        return DEC_NONE;
    return average;
}

int ledger_position(const struct ledger *ledger, const struct holding *holding, struct position *position,
                    struct error *error)
{
    const struct ledger_symbol_state *state = &ledger->symbol_state[holding->slot];
    const bool valued = state->intervals > 0 && state->mark != DEC_NONE;
    *position = (struct position){.time = valued ? state->marked : TIME_NONE,
                                  .quantity = holding->quantity,
                                  .average_price = holding_average_price(holding),
                                  .market_price = valued ? state->mark : DEC_NONE,
                                  .unrealized = DEC_NONE,
                                  .realized = holding->realized,
                                  .account_unrealized = DEC_NONE,
                                  .account_realized = state->currency == 0 ? DEC_NONE : holding->own_realized,
                                  .unprotected = ledger_unprotected(ledger, holding),
                                  .risk = DEC_NONE,
                                  .mfe = DEC_NONE,
                                  .mae = DEC_NONE,
                                  .r = NAN,
                                  .opened = holding->lots > 0 ? holding->lot[0].opened : TIME_NONE,
                                  .mode = ledger->terms.mode};
    (void)snprintf(position->symbol, sizeof position->symbol, "%s", ledger_symbol(ledger, holding->slot));
    memcpy(position->account, ledger->terms.account, sizeof position->account);
    memcpy(position->strategy, holding->strategy, sizeof position->strategy);
    memcpy(position->currency, ledger_currency_code(ledger, state->currency), sizeof position->currency);
    dec value = 0;
    if (!valued)
        return 0;
    if (ledger_amount(ledger, holding->slot, holding->quantity, state->mark, holding->multiplier, &value, error) != 0)
        return -1;
    if (dec_subtract(&position->unrealized, value, holding_cost(holding)) != 0)
        return ledger_overflow(error, "unrealised profit");
    if (state->currency == 0)
        return 0;
    /* What it would bring now, less what it cost then. */
    dec own, cost = 0;
    const dec unit = ledger->terms.settlement_unit;
    if (ledger_convert(ledger, state->currency, value, unit, ROUND_HALF_EVEN, &own, error) != 0)
        return -1;
    for (size_t i = 0; i < holding->lots && cost != DEC_NONE; i++)
        if (holding->lot[i].own_cost == DEC_NONE)
            cost = DEC_NONE;
        else
            require(dec_add(&cost, cost, holding->lot[i].own_cost) == 0);
    if (own != DEC_NONE && cost != DEC_NONE && dec_subtract(&position->account_unrealized, own, cost) != 0)
        return ledger_overflow(error, "unrealised profit");
    return 0;
}
