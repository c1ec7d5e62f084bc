/* Other currencies than the account's own: their cash, and what they are worth in it.
 *
 * A rate is the last mark of a pair, so it is an event like any other. The trading day goes by the last rates there
 * were, however old; what an entry is measured by (equity, buying power) does not: without a rate that is good it is
 * not known. */
#include "ledger/internal.h"

#include "base/list.h"

#include <stdio.h>
#include <string.h>

#define CURRENCIES_MAX 256

static bool is_own(const struct ledger *ledger, const char *code)
{
    /* An account of which nobody has said its currency yet takes what comes. */
    return code[0] == '\0' || ledger->terms.currency[0] == '\0' || strcmp(code, ledger->terms.currency) == 0;
}

int ledger_find_currency(const struct ledger *ledger, const char *code)
{
    if (is_own(ledger, code))
        return 0;
    for (size_t i = 0; i < ledger->currencies; i++)
        if (strcmp(ledger->money[i].code, code) == 0)
            return (int)i + 1;
    return -1;
}

/* Its pair with the account's currency that was marked last; -1: there is none, or none that was marked. */
static int find_pair(const struct ledger *ledger, const char *code, struct rate *rate)
{
    char symbol[CURRENCY_PAIR_SIZE];
    int found = -1;
    *rate = RATE_NONE;
    for (int i = 0; i < 2 * CURRENCY_SPELLINGS; i++) {
        const bool inverse = i >= CURRENCY_SPELLINGS;
        if (inverse)
            currency_pair(symbol, ledger->terms.currency, code, i - CURRENCY_SPELLINGS);
        else
            currency_pair(symbol, code, ledger->terms.currency, i);
        const int slot = ledger_find_slot(ledger, symbol);
        if (slot < 0 || ledger->slot[slot].mark == DEC_NONE || ledger->slot[slot].mark <= 0 ||
            (found >= 0 && ledger->slot[slot].marked <= ledger->slot[found].marked))
            continue;
        found = slot;
        *rate = (struct rate){.price = ledger->slot[slot].mark, .inverse = inverse};
    }
    return found;
}

void ledger_find_rates(struct ledger *ledger, int slot)
{
    for (size_t i = 0; i < ledger->currencies; i++)
        if (currency_pair_way(ledger_symbol(ledger, slot), ledger->money[i].code, ledger->terms.currency) != 0)
            ledger->slot[slot].rates = (int)i + 1;
}

int ledger_add_currency(struct ledger *ledger, const char *code, struct error *error)
{
    const int known = ledger_find_currency(ledger, code);
    if (known >= 0)
        return known;
    if (ledger->currencies == CURRENCIES_MAX || strlen(code) >= CURRENCY_SIZE)
        return error_set(error, EXIT_STATE, "account '%s': '%s' is not a currency, or there are too many",
                         ledger->terms.account, code);
    if (list_grow(&ledger->money, &ledger->currency_capacity, ledger->currencies, sizeof *ledger->money, error) != 0)
        return -1;
    struct money *money = &ledger->money[ledger->currencies++];
    *money = (struct money){.unit = currency_unit(code),
                            .rate = RATE_NONE,
                            .pair = -1,
                            .rated = TIME_NONE,
                            .before = RATE_NONE,
                            .before_pair = -1,
                            .before_rated = TIME_NONE};
    (void)snprintf(money->code, sizeof money->code, "%s", code);
    const int pair = find_pair(ledger, code, &money->rate);
    if (pair >= 0) {
        money->pair = pair;
        money->rated = ledger->slot[pair].marked;
    }
    for (size_t i = 0; i < ledger->slots; i++)
        ledger_find_rates(ledger, (int)i);
    return (int)ledger->currencies;
}

const char *ledger_currency_code(const struct ledger *ledger, int currency)
{
    require(currency >= 0 && (size_t)currency <= ledger->currencies);
    return currency == 0 ? ledger->terms.currency : ledger->money[currency - 1].code;
}

dec ledger_unit(const struct ledger *ledger, int currency)
{
    return currency == 0 ? ledger->terms.settlement_unit : ledger->money[currency - 1].unit;
}

static int overflow(const struct ledger *ledger, int currency, struct error *error)
{
    char what[CURRENCY_SIZE + 40];
    (void)snprintf(what, sizeof what, "an amount of %s in the account's currency",
                   ledger_currency_code(ledger, currency));
    return ledger_overflow(error, what);
}

int ledger_convert(const struct ledger *ledger, int currency, dec amount, dec unit, enum rounding rounding, dec *own,
                   struct error *error)
{
    const struct rate rate = currency == 0 ? RATE_ONE : ledger->money[currency - 1].rate;
    return rate_convert(&rate, amount, unit, rounding, own) == 0 ? 0 : overflow(ledger, currency, error);
}

/* Is a rate of a moment good at another? */
static bool is_good(int64_t rated, int64_t time)
{
    return rated != TIME_NONE && (time == TIME_NONE || time - rated <= LEDGER_RATE_AGE);
}

struct rate ledger_rate(const struct ledger *ledger, const char *code, int64_t time, int *pair, int64_t *rated)
{
    struct rate rate = RATE_ONE;
    int slot = -1;
    int64_t since = TIME_NONE;
    if (!is_own(ledger, code)) {
        const int currency = ledger_find_currency(ledger, code);
        if (currency < 0) {
            slot = find_pair(ledger, code, &rate);
            since = slot < 0 ? TIME_NONE : ledger->slot[slot].marked;
        } else {
            rate = ledger->money[currency - 1].rate;
            slot = ledger->money[currency - 1].pair;
            since = ledger->money[currency - 1].rated;
        }
        if (!is_good(since, time))
            rate = RATE_NONE;
    }
    if (pair != NULL)
        *pair = slot;
    if (rated != NULL)
        *rated = since;
    return rate;
}

struct rate ledger_rate_before(const struct ledger *ledger, int currency, int64_t time, int *pair)
{
    int none = -1;
    pair = pair == NULL ? &none : pair;
    *pair = -1;
    if (currency == 0)
        return RATE_ONE;
    const struct money *money = &ledger->money[currency - 1];
    const bool last = money->rated < time || money->before_rated == TIME_NONE;
    *pair = last ? money->pair : money->before_pair;
    return last ? money->rate : money->before;
}

int ledger_unrated(const struct ledger *ledger)
{
    for (size_t i = 0; ledger->exposed > 0 && i < ledger->currencies; i++)
        if (ledger->money[i].exposed && !is_good(ledger->money[i].rated, ledger->now))
            return (int)i + 1;
    return 0;
}

/* Cash and value of a currency, in the account's. */
static int worth_of(const struct ledger *ledger, int currency, dec *own, struct error *error)
{
    const struct money *money = &ledger->money[currency - 1];
    dec value;
    if (dec_narrow(&value, money->value) != 0 || dec_add(&value, money->cash, value) != 0)
        return overflow(ledger, currency, error);
    return ledger_convert(ledger, currency, value, 1, ROUND_HALF_EVEN, own, error);
}

int ledger_add_worths(const struct ledger *ledger, dec *equity, struct error *error)
{
    for (size_t i = 0; i < ledger->currencies; i++) {
        dec own = 0;
        if (!ledger->money[i].exposed)
            continue;
        if (worth_of(ledger, (int)i + 1, &own, error) != 0)
            return -1;
        if (own != DEC_NONE && dec_add(equity, *equity, own) != 0)
            return ledger_overflow(error, "equity");
    }
    return 0;
}

int ledger_add_exposures(const struct ledger *ledger, dec *exposure, struct error *error)
{
    for (size_t i = 0; i < ledger->currencies; i++) {
        dec gross, own;
        if (ledger->money[i].gross == 0)
            continue;
        if (dec_narrow(&gross, ledger->money[i].gross) != 0 ||
            ledger_convert(ledger, (int)i + 1, gross, 1, ROUND_HALF_EVEN, &own, error) != 0)
            return ledger_overflow(error, "exposure");
        if (own != DEC_NONE && dec_add(exposure, *exposure, own) != 0)
            return ledger_overflow(error, "exposure");
    }
    return 0;
}

int ledger_add_powers(const struct ledger *ledger, dec *power, struct error *error)
{
    for (size_t i = 0; i < ledger->currencies; i++) {
        const struct money *money = &ledger->money[i];
        const __int128 shorts = (money->gross - money->value) / 2;
        dec held = 0, own = 0;
        if (!money->exposed)
            continue;
        if (dec_narrow(&held, shorts + shorts / 2) != 0 || dec_subtract(&held, money->cash, held) != 0)
            return ledger_overflow(error, "buying power");
        if (ledger_convert(ledger, (int)i + 1, held, 1, ROUND_FLOOR, &own, error) != 0)
            return -1;
        if (own != DEC_NONE && dec_add(power, *power, own) != 0)
            return ledger_overflow(error, "buying power");
    }
    return 0;
}

void ledger_note_exposed(struct ledger *ledger, int currency)
{
    struct money *money = &ledger->money[currency - 1];
    const bool exposed = money->cash != 0 || money->gross != 0;
    ledger->exposed += exposed - money->exposed;
    money->exposed = exposed;
}

int ledger_add_cash(struct ledger *ledger, int currency, dec amount, struct error *error)
{
    dec *const cash = currency == 0 ? &ledger->cash : &ledger->money[currency - 1].cash;
    dec total;
    if (dec_add(&total, *cash, amount) != 0)
        return ledger_overflow(error, "cash");
    *cash = total;
    if (currency > 0)
        ledger_note_exposed(ledger, currency);
    return 0;
}

/* The first rate of money that is there already is no gain of the day: until now it counted for nothing. */
int ledger_note_rate(struct ledger *ledger, const struct ledger_slot *pair, struct error *error)
{
    const int currency = pair->rates;
    struct money *money = &ledger->money[currency - 1];
    const bool first = money->rated == TIME_NONE;
    if (pair->mark <= 0 || pair->marked < money->rated) /* DEC_NONE is below 0, TIME_NONE before every time */
        return 0;
    const char *symbol = ledger_symbol(ledger, (int)(pair - ledger->slot));
    if (pair->marked > money->rated) {
        money->before = money->rate;
        money->before_pair = money->pair;
        money->before_rated = money->rated;
    }
    money->rate = (struct rate){.price = pair->mark,
                                .inverse = currency_pair_way(symbol, money->code, ledger->terms.currency) < 0};
    money->pair = (int)(pair - ledger->slot);
    money->rated = pair->marked;
    dec own = 0;
    if (!first || !money->exposed)
        return 0;
    if (worth_of(ledger, currency, &own, error) != 0 || dec_add(&ledger->day_flows, ledger->day_flows, own) != 0)
        return ledger_overflow(error, "equity");
    ledger->day_lowest = DEC_MAX;
    return 0;
}

int ledger_set_currency(struct ledger *ledger, int slot, int currency, struct error *error)
{
    struct ledger_slot *at = &ledger->slot[slot];
    require(currency >= 0 && (size_t)currency <= ledger->currencies);
    if (at->currency == currency)
        return 0;
    if (at->open > 0)
        return error_set(error, EXIT_STATE, "%s: its currency changed from %s to %s while a position was open",
                         ledger_symbol(ledger, slot), ledger_currency_code(ledger, at->currency),
                         ledger_currency_code(ledger, currency));
    ledger_take_costs(ledger, slot, currency);
    return 0;
}
