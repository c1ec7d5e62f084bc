/* The indicators there are: what each family's file gives to table.c. */
#ifndef TN_INDICATOR_TABLE_H
#define TN_INDICATOR_TABLE_H

#include "indicator/indicator.h"

/* average.c */
extern const struct indicator indicator_sma;
extern const struct indicator indicator_ema;
/* momentum.c */
extern const struct indicator indicator_rsi;
extern const struct indicator indicator_macd;
/* volatility.c */
extern const struct indicator indicator_atr;
extern const struct indicator indicator_bbands;
/* channel.c */
extern const struct indicator indicator_donchian;

#endif
