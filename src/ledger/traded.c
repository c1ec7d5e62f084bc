/* What the symbols of an account are: its own events say it, so that a replay needs no file that may have changed. */
#include "ledger/internal.h"

#include <stdio.h>
#include <stdlib.h>

int ledger_trade_as(struct ledger *ledger, int slot, const struct instrument *instrument, struct error *error)
{
    const int currency = ledger_add_currency(ledger, instrument->currency, error);
    if (currency < 0 || ledger_set_currency(ledger, slot, currency, error) != 0)
        return -1;
    struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    if (at->instrument == NULL && (at->instrument = malloc(sizeof *at->instrument)) == NULL)
        return error_memory(error);
    *at->instrument = *instrument;
    const int64_t ends = ledger_expiry(ledger, at);
    if (ends < ledger->next_expiry)
        ledger->next_expiry = ends;
    return 0;
}

bool ledger_trades_as_other(const struct ledger *ledger, int slot, const struct instrument *instrument)
{
    const struct instrument stock = INSTRUMENT_STOCK;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    if (instrument_equal(instrument, at->instrument == NULL ? &stock : at->instrument))
        return false;
    return at->open == 0 || ledger_find_currency(ledger, instrument->currency) == at->currency;
}

int ledger_compare(struct ledger *ledger, int slot, const struct instrument *instrument, struct error *error)
{
    if (ledger->symbol_state[slot].compared)
        return 0;
    ledger->symbol_state[slot].compared = ledger->symbol_state[slot].open == 0;
    return ledger_trades_as_other(ledger, slot, instrument) ? ledger_trade_as(ledger, slot, instrument, error) : 0;
}

int ledger_apply_instrument(struct ledger *ledger, const struct instrument_facts *facts, struct error *error)
{
    struct instrument instrument = INSTRUMENT_STOCK;
    if (facts->account[0] == '\0' || facts->symbol[0] == '\0')
        return 0;
    const int slot = ledger_slot(ledger, facts->symbol, error);
    if (slot < 0)
        return -1;
    if (facts->tick_size > 0)
        instrument.tick_size = facts->tick_size;
    if (facts->lot_size > 0)
        instrument.lot_size = facts->lot_size;
    if (facts->multiplier > 0)
        instrument.multiplier = facts->multiplier;
    instrument.kind = facts->kind;
    instrument.first_day = facts->valid_from > 0 ? facts->valid_from : 0;
    instrument.last_day = facts->valid_to > 0 ? facts->valid_to : 0;
    instrument.expiry = facts->expiry > 0 ? facts->expiry : 0;
    (void)snprintf(instrument.sector, sizeof instrument.sector, "%s", facts->sector);
    if (ledger_find_currency(ledger, facts->currency) != 0)
        (void)snprintf(instrument.currency, sizeof instrument.currency, "%s", facts->currency);
    return ledger_trade_as(ledger, slot, &instrument, error);
}

int64_t ledger_expiry(const struct ledger *ledger, const struct ledger_symbol_state *state)
{
    return state->instrument == NULL || state->instrument->expiry == 0
               ? INT64_MAX
               : ledger_day_end(ledger, state->instrument->expiry);
}

void ledger_note_expiries(struct ledger *ledger, int64_t known)
{
    ledger->next_expiry = INT64_MAX;
    for (size_t i = 0; i < ledger->slots; i++) {
        const int64_t ends = ledger_expiry(ledger, &ledger->symbol_state[i]);
        if (ends > known && ends < ledger->next_expiry)
            ledger->next_expiry = ends;
    }
}
