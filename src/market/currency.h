/* Currencies: the smallest amount of money that changes hands in each (ISO 4217, minor units), and what one is worth in
 * another, by the price of a pair. */
#ifndef TN_MARKET_CURRENCY_H
#define TN_MARKET_CURRENCY_H

#include "base/dec.h"

#include <stdbool.h>
#include <stddef.h>

/* 0.01 for USD, 1 for JPY, 0.001 for KWD, 0.00000001 for BTC; 0.01 for a code that is not known. */
dec currency_unit(const char *code);
/* A currency of ISO 4217, or one of the coins that money is kept in. */
bool currency_is_known(const char *code);

#define CURRENCY_SIZE      9  /* a code of 8 characters at most, and its NUL */
#define CURRENCY_PAIR_SIZE 20 /* a pair's symbol */
#define CURRENCY_SPELLINGS 6  /* ways to write a pair */

/* The symbol of the pair whose price is one `base` in `quote`, in a spelling: EURUSD, EUR/USD, EUR-USD, EUR.USD,
 * EUR_USD, EURUSD=X. */
void currency_pair(char symbol[static CURRENCY_PAIR_SIZE], const char *base, const char *quote, int spelling);
/* Is a symbol such a pair: 1, or the other way round (USDEUR): -1, or neither: 0? */
int currency_pair_way(const char *symbol, const char *base, const char *quote);
/* The currency that a symbol is a pair of with `code` (of EURUSD and USD: EUR), if both are known. */
bool currency_pair_other(const char *symbol, const char *code, char other[static CURRENCY_SIZE]);

/* What one unit of a currency is worth in another. */
struct rate {
    dec price;    /* of the pair, > 0; DEC_NONE: there is none */
    bool inverse; /* the pair is the other way round: divide */
    /* A cross rate: the pair leads to a third currency, and this is the price of that one's pair with the other, and
     * its way round. 0: there is one pair only. */
    dec cross;
    bool cross_inverse;
};

#define RATE_NONE ((struct rate){.price = DEC_NONE})
#define RATE_ONE  ((struct rate){.price = DEC_ONE})

/* What a record says that one unit of `code` is worth in `own`: the price of their pair, or, where `cross_pair` is not
 * "", those of two. No price above 0: none. */
struct rate rate_of_pairs(const char *code, const char *own, const char *pair, dec price, const char *cross_pair,
                          dec cross_price);

/* An amount in the other currency, in one step to a multiple of `unit` (> 0). DEC_NONE for DEC_NONE, and without a
 * rate. -1: out of range. */
int rate_convert(const struct rate *rate, dec amount, dec unit, enum rounding rounding, dec *converted)
    __attribute__((warn_unused_result));
/* The way back. */
static inline struct rate rate_back(const struct rate *rate)
{
    return (struct rate){
        .price = rate->price, .inverse = !rate->inverse, .cross = rate->cross, .cross_inverse = !rate->cross_inverse};
}

#endif
