/* Money of an account in other currencies than its own, and what it is worth. */
#ifndef TN_LEDGER_MONEY_H
#define TN_LEDGER_MONEY_H

#include "base/error.h"
#include "base/time.h"
#include "market/currency.h"
#include "record/types.h"

struct ledger;

/* A rate older than this is none: long enough for a weekend with a holiday beside it. */
#define LEDGER_RATE_AGE (4 * TIME_DAY)

/* What a currency is worth in the account's own: by the last mark of their pair, or, as long as there is none that is
 * good, by those of two that lead there through a third currency. */
struct money_rate {
    struct rate rate;
    int pair;       /* the pair's slot, -1: there was none */
    int cross_pair; /* that of the third currency with the account's, -1: one pair is enough */
    int64_t rated;  /* when that was, of two the earlier, TIME_NONE: never */
    int64_t marked; /* when it was last moved: of two the later */
};

/* Money in a currency that is not the account's own. */
struct money {
    char code[CURRENCY_SIZE];
    dec unit; /* smallest amount */
    dec cash;
    __int128 value;      /* Σ quantity × multiplier × mark of the symbols that trade in it, in 1e-16 */
    __int128 gross;      /* Σ of their magnitudes */
    __int128 entry_need; /* as the ledger's */
    dec commission, fees;
    struct money_rate last, before; /* the one before it, in its time: of a fill within the bar */
    bool exposed;                   /* there is cash in it, or something held */
};

/* The currency of a code, as a slot's: 0 for the account's own and for ""; -1: the account has none of it. */
int ledger_find_currency(const struct ledger *ledger, const char *code);
/* The same, made when new; -1: error. */
int ledger_add_currency(struct ledger *ledger, const char *code, struct error *error);
const char *ledger_currency_code(const struct ledger *ledger, int currency);
/* The smallest amount of a currency. */
dec ledger_unit(const struct ledger *ledger, int currency);
/* The money of an amount's currency is this much of the account's at the last rate, rounded to `unit`. DEC_NONE: there
 * never was one. */
int ledger_convert(const struct ledger *ledger, int currency, dec amount, dec unit, enum rounding rounding, dec *own,
                   struct error *error);
/* The rate of a currency by its code, whether the account has money in it or not, if it is not older than
 * LEDGER_RATE_AGE at `time`: the last mark of a pair with the account's; where there is none that is good, a cross rate
 * of two pairs, through dollars if that can be, else through the first third currency by the alphabet. */
struct money_rate ledger_rate(const struct ledger *ledger, const char *code, int64_t time);
/* The rate by which something is booked that happened at a moment: the last one marked before it, as far as that is
 * remembered, so that it is the same whether a pair comes before a symbol or after it. `pair` is -1: there is none. */
struct money_rate ledger_rate_before(const struct ledger *ledger, int currency, int64_t time);
/* The rate as records say it: pair and price, and those of the second pair of a cross rate; "" and DEC_NONE without. */
void ledger_say_rate(const struct ledger *ledger, const struct money_rate *rate, char pair[static SYMBOL_SIZE],
                     dec *price, char cross_pair[static SYMBOL_SIZE], dec *cross_price);
/* May the mark of a pair say, alone or with another, what a currency is worth in the account's own? */
bool ledger_is_rate(const struct ledger *ledger, const char *symbol, const char *code);
/* The pairs of which bars would say it: "JPYEUR, or of JPYUSD and USDEUR". */
#define LEDGER_PAIRS_SIZE (3 * CURRENCY_PAIR_SIZE + 20)
void ledger_name_pairs(const struct ledger *ledger, const char *code, char text[static LEDGER_PAIRS_SIZE]);
/* The first currency that the account has money in without a rate that is good at the ledger's moment; 0: none. */
int ledger_unrated(const struct ledger *ledger);
/* Settles in which currency a symbol trades; EXIT_STATE while something of another is held. */
int ledger_set_currency(struct ledger *ledger, int slot, int currency, struct error *error);

#endif
