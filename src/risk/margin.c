/* What a broker asks for positions. */
#include "risk/internal.h"

#include "base/error.h"

static int of_currency(const struct risk_terms *terms, __int128 gross, __int128 value, dec *margin)
{
    const __int128 longs = (gross + value) / 2, shorts = (gross - value) / 2;
    const __int128 sum = longs / DEC_ONE * terms->maintenance[0] + shorts / DEC_ONE * terms->maintenance[1];
    if (sum / DEC_ONE > DEC_MAX)
        return -1;
    *margin = (dec)(sum / DEC_ONE);
    return 0;
}

int risk_maintenance(const struct ledger *ledger, const struct risk_terms *terms, dec *margin, struct error *error)
{
    int status = of_currency(terms, ledger->gross, ledger->value, margin);
    for (size_t i = 0; status == 0 && i < ledger->currencies && *margin != DEC_NONE; i++) {
        const struct money *money = &ledger->money[i];
        dec part, own;
        status = money->gross == 0 ? 0 : of_currency(terms, money->gross, money->value, &part);
        if (status != 0 || money->gross == 0)
            continue;
        if (ledger_convert(ledger, (int)i + 1, part, 1, ROUND_UP, &own, error) != 0)
            return -1;
        if (own == DEC_NONE)
            *margin = DEC_NONE;
        else
            status = dec_add(margin, *margin, own);
    }
    return status == 0 ? 0 : error_set(error, EXIT_STATE, "the maintenance margin is out of range");
}
