/* What an event has to fulfil to be taken. Those that are in a journal already are read as they are. */
#include "journal/admit.h"

/* What of a currency may leave the account: of another than its own no more than there is of it either. */
static int find_power(const struct ledger *ledger, const struct cash *cash, dec *power, struct error *error)
{
    const int currency = ledger_find_currency(ledger, cash->currency);
    dec own = DEC_NONE;
    /* By the time of the payment: money of sales may have settled since the account's last event. */
    if (ledger_buying_power_at(ledger, cash->time > ledger->now ? cash->time : ledger->now, power, error) != 0)
        return -1;
    if (*power == DEC_NONE)
        return error_set(error, EXIT_INPUT, "amount: a withdrawal, but there is no rate of %s",
                         ledger_currency_code(ledger, ledger_unrated(ledger)));
    if (currency == 0)
        return 0;
    const struct money *money = currency < 0 ? NULL : &ledger->money[currency - 1];
    if (money != NULL && ledger_convert(ledger, currency, -cash->amount, 1, ROUND_UP, &own, error) != 0)
        return -1;
    if (own != DEC_NONE && own > *power) { /* as much of it as that buys */
        const struct rate back = rate_back(&money->last.rate);
        if (rate_convert(&back, *power > 0 ? *power : 0, money->unit, ROUND_DOWN, power) != 0)
            *power = 0;
    } else {
        *power = DEC_MAX;
    }
    const dec there = money == NULL ? 0 : money->cash;
    *power = *power < there ? *power : there;
    return 0;
}

static int check_cash(const struct ledger *ledger, const struct cash *cash, struct error *error)
{
    dec power;
    if (ledger != NULL && ledger_find_currency(ledger, cash->currency) < 0 && !currency_is_known(cash->currency))
        return error_set(error, EXIT_INPUT, "currency: unknown currency '%s'", cash->currency);
    if (cash->kind == CASH_DEPOSIT && cash->amount <= 0)
        return error_set(error, EXIT_INPUT, "amount: a deposit must be above 0");
    if (cash->kind != CASH_WITHDRAWAL)
        return 0;
    if (cash->amount >= 0)
        return error_set(error, EXIT_INPUT, "amount: a withdrawal must be below 0");
    if (ledger == NULL)
        return error_set(error, EXIT_INPUT, "amount: a withdrawal from an account without cash");
    if (find_power(ledger, cash, &power, error) != 0)
        return -1;
    if (-cash->amount <= power)
        return 0;
    char text[DEC_TEXT_MAX];
    text[dec_format(text, power > 0 ? power : 0)] = '\0';
    return error_set(error, EXIT_INPUT, "amount: a withdrawal of more than the available %s", text);
}

int journal_admit(const struct ledger *ledger, enum record_type type, const union record_value *value,
                  struct error *error)
{
    if (type == RECORD_CASH)
        return check_cash(ledger, &value->cash, error);
    if (type != RECORD_FILL || value->fill.corrects[0] == '\0')
        return 0;
    error_set(error, EXIT_INPUT, "corrects: this version cannot replace a fill");
    error_hint(error, "record two fills without it instead: one that reverses '%s' and the correct one",
               value->fill.corrects);
    return -1;
}
