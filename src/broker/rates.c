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

/* Calls a function with each currency that is not the account's own until it says yes. */
static bool any_currency(const struct rate_bars *bars, const struct ledger *ledger, const char *symbol,
                         bool (*is)(const struct rate_bars *, const struct ledger *, const char *symbol,
                                    const char *code))
{
    const struct names *listed = ledger->terms.currencies;
    for (size_t i = 0; i < ledger->currencies; i++)
        if (is(bars, ledger, symbol, ledger->money[i].code))
            return true;
    for (size_t i = 0; listed != NULL && i < listed->count; i++)
        if (is(bars, ledger, symbol, listed->name[i]))
            return true;
    return false;
}

/* Has a pair of two currencies come, or was one marked? */
static bool has_pair(const struct rate_bars *bars, const struct ledger *ledger, const char *code, const char *other)
{
    char symbol[CURRENCY_PAIR_SIZE];
    for (int i = 0; i < 2 * CURRENCY_SPELLINGS; i++) {
        const bool back = i >= CURRENCY_SPELLINGS;
        currency_pair(symbol, back ? other : code, back ? code : other, i % CURRENCY_SPELLINGS);
        const int slot = ledger_find_slot(ledger, symbol);
        if (names_find(&bars->symbols, str_of(symbol)) >= 0 || (slot >= 0 && ledger->symbol_state[slot].mark > 0))
            return true;
    }
    return false;
}

/* A pair with a third currency is asked for as long as no pair of the two says enough. */
static bool needs_cross(const struct rate_bars *bars, const struct ledger *ledger, const char *code)
{
    const struct money_rate rate = ledger_rate(ledger, code, ledger->now);
    return rate.rate.price == DEC_NONE ? rate.pair >= 0 || !has_pair(bars, ledger, code, ledger->terms.currency)
                                       : rate.cross_pair >= 0;
}

static bool may_say(const struct rate_bars *bars, const struct ledger *ledger, const char *symbol, const char *code)
{
    return ledger_is_rate(ledger, symbol, code) &&
           (currency_pair_way(symbol, code, ledger->terms.currency) != 0 || needs_cross(bars, ledger, code));
}

/* A pair with a third currency says something where there is the second one, too. */
static bool says(const struct rate_bars *bars, const struct ledger *ledger, const char *symbol, const char *code)
{
    const char *own = ledger->terms.currency;
    char third[CURRENCY_SIZE];
    if (currency_pair_way(symbol, code, own) != 0)
        return true;
    return needs_cross(bars, ledger, code) &&
           ((currency_pair_other(symbol, code, third) && has_pair(bars, ledger, third, own)) ||
            (currency_pair_other(symbol, own, third) && has_pair(bars, ledger, code, third)));
}

bool rate_bars_want(const struct rate_bars *bars, const struct ledger *ledger, const char *symbol)
{
    return any_currency(bars, ledger, symbol, may_say);
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

const struct bar *rate_bars_next(struct rate_bars *bars, const struct ledger *ledger, bool last)
{
    for (size_t i = 0; bars->waiting > 0 && i < bars->symbols.count; i++)
        if (bars->fresh[i] && any_currency(bars, ledger, bars->bar[i].symbol, last ? may_say : says)) {
            bars->fresh[i] = false;
            bars->waiting--;
            return &bars->bar[i];
        }
    return NULL;
}
