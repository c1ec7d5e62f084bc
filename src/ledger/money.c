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

#define NO_RATE                                                                                                        \
    ((struct money_rate){.rate = RATE_NONE, .pair = -1, .cross_pair = -1, .rated = TIME_NONE, .marked = TIME_NONE})
#define OWN_RATE                                                                                                       \
    ((struct money_rate){.rate = RATE_ONE, .pair = -1, .cross_pair = -1, .rated = TIME_NONE, .marked = TIME_NONE})

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

/* Is a rate of a moment good at another? */
static bool is_good(int64_t rated, int64_t time)
{
    return rated != TIME_NONE && (time == TIME_NONE || time - rated <= LEDGER_RATE_AGE);
}

/* The pair of two currencies that was marked last; -1: there is none, or none that was marked. */
static int find_pair(const struct ledger *ledger, const char *code, const char *other, bool *inverse)
{
    char symbol[CURRENCY_PAIR_SIZE];
    int found = -1;
    for (int i = 0; i < 2 * CURRENCY_SPELLINGS; i++) {
        const bool back = i >= CURRENCY_SPELLINGS;
        if (back)
            currency_pair(symbol, other, code, i - CURRENCY_SPELLINGS);
        else
            currency_pair(symbol, code, other, i);
        const int slot = ledger_find_slot(ledger, symbol);
        if (slot < 0 || ledger->symbol_state[slot].mark == DEC_NONE || ledger->symbol_state[slot].mark <= 0 ||
            (found >= 0 && ledger->symbol_state[slot].marked <= ledger->symbol_state[found].marked))
            continue;
        found = slot;
        *inverse = back;
    }
    return found;
}

static struct money_rate find_direct(const struct ledger *ledger, const char *code)
{
    bool inverse = false;
    const int slot = find_pair(ledger, code, ledger->terms.currency, &inverse);
    if (slot < 0)
        return NO_RATE;
    return (struct money_rate){.rate = {.price = ledger->symbol_state[slot].mark, .inverse = inverse},
                               .pair = slot,
                               .cross_pair = -1,
                               .rated = ledger->symbol_state[slot].marked,
                               .marked = ledger->symbol_state[slot].marked};
}

/* By two pairs through a third currency, if both are good. */
static struct money_rate find_through(const struct ledger *ledger, const char *code, const char *third, int64_t time)
{
    bool inverse = false, cross_inverse = false;
    const int first = find_pair(ledger, code, third, &inverse);
    const int second = first < 0 ? -1 : find_pair(ledger, third, ledger->terms.currency, &cross_inverse);
    if (second < 0)
        return NO_RATE;
    const struct ledger_symbol_state *a = &ledger->symbol_state[first], *b = &ledger->symbol_state[second];
    const bool older = a->marked < b->marked;
    if (!is_good(older ? a->marked : b->marked, time))
        return NO_RATE;
    return (struct money_rate){
        .rate = {.price = a->mark, .inverse = inverse, .cross = b->mark, .cross_inverse = cross_inverse},
        .pair = first,
        .cross_pair = second,
        .rated = older ? a->marked : b->marked,
        .marked = older ? b->marked : a->marked};
}

/* Through dollars if that can be, else through what comes first by the alphabet: the same whatever came when. */
static struct money_rate find_cross(const struct ledger *ledger, const char *code, int64_t time)
{
    char third[CURRENCY_SIZE], chosen[CURRENCY_SIZE] = "";
    struct money_rate found = find_through(ledger, code, "USD", time);
    if (found.pair >= 0)
        return found;
    for (size_t i = 0; i < ledger->slots; i++) {
        if (!currency_pair_other(ledger->symbols.name[i], code, third) || is_own(ledger, third) ||
            (chosen[0] != '\0' && strcmp(third, chosen) >= 0))
            continue;
        const struct money_rate through = find_through(ledger, code, third, time);
        if (through.pair < 0)
            continue;
        found = through;
        memcpy(chosen, third, sizeof chosen);
    }
    return found;
}

bool ledger_is_rate(const struct ledger *ledger, const char *symbol, const char *code)
{
    char other[CURRENCY_SIZE];
    return currency_pair_way(symbol, code, ledger->terms.currency) != 0 || currency_pair_other(symbol, code, other) ||
           currency_pair_other(symbol, ledger->terms.currency, other);
}

void ledger_name_pairs(const struct ledger *ledger, const char *code, char text[static LEDGER_PAIRS_SIZE])
{
    const char *own = ledger->terms.currency;
    char pair[CURRENCY_PAIR_SIZE], first[CURRENCY_PAIR_SIZE], second[CURRENCY_PAIR_SIZE];
    currency_pair(pair, code, own, 0);
    if (strcmp(code, "USD") == 0 || strcmp(own, "USD") == 0) {
        (void)snprintf(text, LEDGER_PAIRS_SIZE, "%s", pair);
        return;
    }
    currency_pair(first, code, "USD", 0);
    currency_pair(second, "USD", own, 0);
    (void)snprintf(text, LEDGER_PAIRS_SIZE, "%s, or of %s and %s", pair, first, second);
}

void ledger_find_rates(struct ledger *ledger, int slot)
{
    for (size_t i = 0; i < ledger->currencies && !ledger->symbol_state[slot].rates; i++)
        ledger->symbol_state[slot].rates = ledger_is_rate(ledger, ledger_symbol(ledger, slot), ledger->money[i].code);
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
    *money = (struct money){.unit = currency_unit(code), .last = find_direct(ledger, code), .before = NO_RATE};
    (void)snprintf(money->code, sizeof money->code, "%s", code);
    if (!is_good(money->last.rated, ledger->now)) {
        const struct money_rate cross = find_cross(ledger, code, ledger->now);
        money->last = cross.pair >= 0 ? cross : money->last;
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
    const struct rate rate = currency == 0 ? RATE_ONE : ledger->money[currency - 1].last.rate;
    return rate_convert(&rate, amount, unit, rounding, own) == 0 ? 0 : overflow(ledger, currency, error);
}

struct money_rate ledger_rate(const struct ledger *ledger, const char *code, int64_t time)
{
    if (is_own(ledger, code))
        return OWN_RATE;
    const int currency = ledger_find_currency(ledger, code);
    struct money_rate found = currency < 0 ? find_direct(ledger, code) : ledger->money[currency - 1].last;
    if (currency < 0 && !is_good(found.rated, time == TIME_NONE ? ledger->now : time)) {
        const struct money_rate cross = find_cross(ledger, code, time == TIME_NONE ? ledger->now : time);
        found = cross.pair >= 0 ? cross : found;
    }
    if (!is_good(found.rated, time))
        found.rate = RATE_NONE;
    return found;
}

struct money_rate ledger_rate_before(const struct ledger *ledger, int currency, int64_t time)
{
    if (currency == 0)
        return OWN_RATE;
    const struct money *money = &ledger->money[currency - 1];
    return money->last.marked < time || money->before.marked == TIME_NONE ? money->last : money->before;
}

void ledger_say_rate(const struct ledger *ledger, const struct money_rate *rate, char pair[static SYMBOL_SIZE],
                     dec *price, char cross_pair[static SYMBOL_SIZE], dec *cross_price)
{
    pair[0] = cross_pair[0] = '\0';
    *price = rate->pair < 0 ? DEC_NONE : rate->rate.price;
    *cross_price = rate->cross_pair < 0 ? DEC_NONE : rate->rate.cross;
    if (rate->pair >= 0)
        (void)snprintf(pair, SYMBOL_SIZE, "%s", ledger_symbol(ledger, rate->pair));
    if (rate->cross_pair >= 0)
        (void)snprintf(cross_pair, SYMBOL_SIZE, "%s", ledger_symbol(ledger, rate->cross_pair));
}

int ledger_unrated(const struct ledger *ledger)
{
    for (size_t i = 0; ledger->exposed > 0 && i < ledger->currencies; i++)
        if (ledger->money[i].exposed && !is_good(ledger->money[i].last.rated, ledger->now))
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
        if (dec_narrow(&held, shorts + shorts / 2) != 0 || dec_subtract(&held, money->cash, held) != 0 ||
            ledger_add_loan(ledger, money->value, money->gross, &held) != 0)
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
static int set_rate(struct ledger *ledger, int currency, const struct money_rate *rate, struct error *error)
{
    struct money *money = &ledger->money[currency - 1];
    const bool first = money->last.rated == TIME_NONE;
    if (rate->marked > money->last.marked)
        money->before = money->last;
    money->last = *rate;
    dec own = 0;
    if (!first || !money->exposed)
        return 0;
    if (worth_of(ledger, currency, &own, error) != 0 || dec_add(&ledger->day_flows, ledger->day_flows, own) != 0)
        return ledger_overflow(error, "equity");
    ledger->day_lowest = DEC_MAX;
    return 0;
}

/* A pair of two currencies was marked that is no pair of this one with the account's: it may be a part of the way. */
static int note_cross(struct ledger *ledger, int currency, int64_t time, struct error *error)
{
    const struct money_rate *last = &ledger->money[currency - 1].last;
    if (last->cross_pair < 0 && is_good(last->rated, time))
        return 0;
    const struct money_rate cross = find_cross(ledger, ledger->money[currency - 1].code, time);
    return cross.pair < 0 || cross.marked < last->marked ? 0 : set_rate(ledger, currency, &cross, error);
}

int ledger_note_rate(struct ledger *ledger, int slot, struct error *error)
{
    const struct ledger_symbol_state *pair = &ledger->symbol_state[slot];
    const char *symbol = ledger_symbol(ledger, slot);
    if (pair->mark <= 0) /* DEC_NONE is below 0 */
        return 0;
    for (int i = 1; (size_t)i <= ledger->currencies; i++) {
        const struct money *money = &ledger->money[i - 1];
        const int way = currency_pair_way(symbol, money->code, ledger->terms.currency);
        const struct money_rate direct = {.rate = {.price = pair->mark, .inverse = way < 0},
                                          .pair = slot,
                                          .cross_pair = -1,
                                          .rated = pair->marked,
                                          .marked = pair->marked};
        if (way == 0 ? note_cross(ledger, i, pair->marked, error) != 0
                     : pair->marked >= money->last.marked && set_rate(ledger, i, &direct, error) != 0)
            return -1;
    }
    return 0;
}

int ledger_set_currency(struct ledger *ledger, int slot, int currency, struct error *error)
{
    struct ledger_symbol_state *at = &ledger->symbol_state[slot];
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
