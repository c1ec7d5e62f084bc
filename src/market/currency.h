/* Currencies: the smallest amount of money that changes hands in each (ISO 4217, minor units). */
#ifndef TN_MARKET_CURRENCY_H
#define TN_MARKET_CURRENCY_H

#include "base/dec.h"

/* 0.01 for USD, 1 for JPY, 0.001 for KWD, 0.00000001 for BTC; 0.01 for a code that is not known. */
dec currency_unit(const char *code);

#endif
