/* The indicators there are, in the order in which they are listed. From this list come the declarations, the table and
 * the entries of tn-indicators(7). */
#ifndef TN_INDICATOR_LIST_H
#define TN_INDICATOR_LIST_H

#include "indicator/indicator.h"

/* clang-format off */
#define INDICATORS(I)                                     \
    /* average.c */    I(sma) I(ema)                      \
    /* momentum.c */   I(rsi) I(macd)                     \
    /* volatility.c */ I(atr) I(bbands)                   \
    /* channel.c */    I(donchian)
/* clang-format on */

#define DECLARE_INDICATOR(name) extern const struct indicator indicator_##name;
INDICATORS(DECLARE_INDICATOR)
#undef DECLARE_INDICATOR

#endif
