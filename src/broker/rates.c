/* Keeps the last bar of each pair. */
#include "broker/rates.h"

#include "base/list.h"

#include <stdlib.h>

void rate_bars_init(struct rate_bars *bars)
{
    *bars = (struct rate_bars){.bar = NULL};
    names_init(&bars->symbols);
}

void rate_bars_clear(struct rate_bars *bars)
{
    names_clear(&bars->symbols);
    free(bars->bar);
    free(bars->fresh);
    bars->bar = NULL;
    bars->fresh = NULL;
}

bool rate_bars_want(const struct ledger *ledger, const char *symbol)
{
    const struct names *listed = ledger->terms.currencies;
    const char *own = ledger->terms.currency;
    for (size_t i = 0; i < ledger->currencies; i++)
        if (currency_pair_way(symbol, ledger->money[i].code, own) != 0)
            return true;
    for (size_t i = 0; listed != NULL && i < listed->count; i++)
        if (currency_pair_way(symbol, listed->name[i], own) != 0)
            return true;
    return false;
}

int rate_bars_keep(struct rate_bars *bars, const struct bar *bar, struct error *error)
{
    const size_t known = bars->symbols.count;
    const int64_t index = names_add(&bars->symbols, str_of(bar->symbol), error);
    if (index < 0 || list_grow(&bars->bar, &bars->capacity, (size_t)index, sizeof *bars->bar, error) != 0 ||
        list_grow(&bars->fresh, &bars->fresh_capacity, (size_t)index, sizeof *bars->fresh, error) != 0)
        return -1;
    bars->waiting += (size_t)index == known || !bars->fresh[index];
    bars->bar[index] = *bar;
    bars->fresh[index] = true;
    return 0;
}

const struct bar *rate_bars_next(struct rate_bars *bars)
{
    for (size_t i = 0; bars->waiting > 0 && i < bars->symbols.count; i++)
        if (bars->fresh[i]) {
            bars->fresh[i] = false;
            bars->waiting--;
            return &bars->bar[i];
        }
    return NULL;
}
