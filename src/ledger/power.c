/* What an account may spend. */
#include "ledger/internal.h"

dec ledger_unsettled(const struct ledger *ledger, int64_t time)
{
    dec sum = 0;
    for (int i = 0; i < ledger->unsettleds; i++)
        if (ledger->unsettled[i].settles > time && dec_add(&sum, sum, ledger->unsettled[i].amount) != 0)
            return DEC_MAX;
    return sum;
}

int ledger_add_loan(const struct ledger *ledger, __int128 value, __int128 gross, dec *power)
{
    const __int128 longs = (gross + value) / 2;
    dec lent = 0;
    return ledger->terms.loan != 0 &&
                   (dec_narrow(&lent, longs) != 0 || dec_multiply(&lent, lent, ledger->terms.loan, ROUND_DOWN) != 0 ||
                    dec_add(power, *power, lent) != 0)
               ? -1
               : 0;
}

static int power_at(const struct ledger *ledger, int64_t time, dec *power, struct error *error)
{
    const __int128 shorts = (ledger->gross - ledger->value) / 2; /* each counts twice in the difference */
    dec held = 0;
    if ((shorts != 0 && dec_narrow(&held, shorts + shorts / 2) != 0) || dec_subtract(power, ledger->cash, held) != 0 ||
        (ledger->unsettleds > 0 && dec_subtract(power, *power, ledger_unsettled(ledger, time)) != 0) ||
        ledger_add_loan(ledger, ledger->value, ledger->gross, power) != 0)
        return ledger_overflow(error, "buying power");
    if (ledger->exposed == 0)
        return 0;
    if (ledger_unrated(ledger) == 0)
        return ledger_add_powers(ledger, power, error);
    *power = DEC_NONE;
    return 0;
}

int ledger_buying_power(const struct ledger *ledger, dec *power, struct error *error)
{
    return power_at(ledger, ledger->now, power, error);
}

int ledger_buying_power_at(const struct ledger *ledger, int64_t time, dec *power, struct error *error)
{
    if (power_at(ledger, time, power, error) != 0)
        return -1;
    if (*power != DEC_NONE && ledger->late_time > time && dec_subtract(power, *power, ledger->late_power) != 0)
        return ledger_overflow(error, "buying power");
    return 0;
}
