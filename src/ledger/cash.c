/* Money that comes and goes without a trade. */
#include "ledger/internal.h"

#include <string.h>

/* The first cash says terms of the account. Those of 0.1.0 say none. */
static void open_account(struct ledger *ledger, const struct cash *cash)
{
    ledger->opening = cash->time;
    ledger_note_traded(ledger, cash->time);
    if (ledger->terms.lot_order == LOTS_NONE)
        ledger->terms.lot_order = cash->lot_order == LOTS_NONE ? LOTS_FIFO : cash->lot_order;
    if (cash->settlement_unit > 0)
        ledger->terms.settlement_unit = cash->settlement_unit;
}

/* What the nights since a roll have cost or brought. */
static bool cash_is_carry(const struct cash *cash)
{
    return cash->kind == CASH_MARGIN_INTEREST || cash->kind == CASH_BORROW || cash->kind == CASH_CREDIT_INTEREST;
}

int ledger_apply_cash(struct ledger *ledger, const struct cash *cash, struct error *error)
{
    const int currency = ledger_add_currency(ledger, cash->currency, error);
    if (currency < 0 || ledger_advance(ledger, cash->time, error) != 0)
        return -1;
    dec own = 0, flows = ledger->day_flows;
    const bool flow = cash->kind == CASH_DEPOSIT || cash->kind == CASH_WITHDRAWAL;
    if (flow && ledger_convert(ledger, currency, cash->amount, 1, ROUND_HALF_EVEN, &own, error) != 0)
        return -1;
    /* Without a rate it counts from the first one on. */
    if ((own != DEC_NONE && dec_add(&flows, flows, own) != 0) ||
        ledger_add_cash(ledger, currency, cash->amount, error) != 0)
        return ledger_overflow(error, "cash");
    ledger->day_flows = flows;
    if (flow)
        ledger->day_lowest = DEC_MAX;
    if (ledger->opening == TIME_NONE)
        open_account(ledger, cash);
    if (cash_is_carry(cash) && cash->time > ledger->carried)
        ledger->carried = cash->time;
    return cash->kind == CASH_DIVIDEND || cash->kind == CASH_BORROW ? ledger_share_dividend(ledger, cash, error) : 0;
}
