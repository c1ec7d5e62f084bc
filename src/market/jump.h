/* Prices that jump between sessions as no market does. */
#ifndef TN_MARKET_JUMP_H
#define TN_MARKET_JUMP_H

#include "record/types.h"

struct jump {
    enum anomaly_check check;       /* ANOMALY_SPLIT, ANOMALY_UNIT */
    int64_t new_shares, old_shares; /* of the split that would do it: 4:1, 1:10; of another unit its factor: 100:1 */
};

/* Does the open after a close look like a split (2 to 50 for 1, or 1 for 2 to 50, within a part in 16 for the small
 * ones and in 8 from 4 on) or like another unit (100 times, within a part in 4)? `before` is the close, less the splits
 * that are known between the two. A fall to a tenth is a split of 10:1, a tenfold rise another unit. */
bool jump_find(struct jump *jump, dec before, dec open);

/* Is a high or low no price of its bar: five times the open and close, or a fifth of them? A misplaced decimal point,
 * or trades that were cancelled. `price` is the high with the higher of the two as `near`, or the low with the lower.
 */
bool jump_is_misprint(dec price, dec near);

#endif
