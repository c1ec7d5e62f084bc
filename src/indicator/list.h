/* The indicators there are, in the order in which they are listed. From this list come the declarations, the table and
 * the entries of tn-indicators(7). */
#ifndef TN_INDICATOR_LIST_H
#define TN_INDICATOR_LIST_H

#include "indicator/indicator.h"

/* clang-format off */
#define INDICATORS(I)                                                                         \
    /* average.c */         I(sma) I(ema) I(rma) I(wma) I(vwma)                               \
    /* average_more.c */    I(dema) I(tema) I(t3) I(kama) I(hma) I(alma)                      \
    /* momentum.c */        I(rsi) I(cutler) I(macd) I(ppo) I(mom) I(roc)                     \
    /* oscillator.c */      I(stochf) I(stoch) I(stochrsi) I(willr) I(cci)                    \
    /* oscillator_more.c */ I(trix) I(tsi) I(cmo) I(ultosc) I(ao)                             \
    /* trend.c */           I(adx) I(aroon) I(vortex) I(chop) I(linreg)                       \
    /* stop.c */            I(psar) I(supertrend) I(chandelier) I(ichimoku)                   \
    /* volatility.c */      I(tr) I(atr) I(natr) I(bbands) I(pctb) I(bbwidth)                 \
    /* channel.c */         I(donchian) I(keltner)                                            \
    /* estimate.c */        I(hv) I(parkinson) I(garmanklass) I(rogerssatchell) I(yangzhang)  \
    /* volume.c */          I(obv) I(ad) I(cmf) I(mfi) I(rvol) I(vosc) I(vwap)                \
    /* statistics.c */      I(stddev) I(zscore) I(percentrank) I(correl) I(beta)              \
    /* levels.c */          I(pivots) I(camarilla) I(fractal) I(zigzag)                       \
    /* heikinashi.c */      I(heikinashi)                                                     \
    /* candles.c */         I(doji) I(dragonflydoji) I(gravestonedoji)                        \
                            I(hammer) I(hangingman) I(invertedhammer) I(shootingstar)         \
                            I(engulfing) I(harami) I(piercing) I(darkcloudcover)              \
                            I(morningstar) I(eveningstar) I(whitesoldiers) I(blackcrows)      \
                            I(marubozu) I(spinningtop)
/* clang-format on */

#define DECLARE_INDICATOR(name) extern const struct indicator indicator_##name;
INDICATORS(DECLARE_INDICATOR)
#undef DECLARE_INDICATOR

#endif
