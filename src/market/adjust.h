/* Corporate actions as forward factors: raw price × factor stays on one basis, that of the first bar seen.
 *
 * A split of `new` for `old` multiplies the price factor by new/old and the volume factor by old/new. A cash dividend
 * multiplies the price factor by 1/(1 − cash/close), close being the last raw close before the ex-date. These are the
 * split and dividend multipliers that Yahoo Finance documents for its adjusted close ("What exactly is adjusted
 * close?", after CRSP), applied forwards to what comes instead of backwards to what was, so that a factor known today
 * never changes what was seen yesterday. Returns of the series so adjusted are total returns. */
#ifndef TN_MARKET_ADJUST_H
#define TN_MARKET_ADJUST_H

#include "record/types.h"

struct adjust {
    double price, volume; /* both begin at 1 */
};

void adjust_init(struct adjust *adjust);
/* Apply one action. *close is the last raw close (NaN when none was seen); a split and a dividend restate it, so that
 * several actions of one day work together. Returns true when the factors changed: actions of other kinds, splits
 * without positive new and old, dividends without positive cash, with unknown close or of the whole price are left out.
 */
bool adjust_action(struct adjust *adjust, const struct action *action, double *close);

#endif
