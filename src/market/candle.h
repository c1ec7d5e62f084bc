/* The prices of one bar without its labels: what engines and strategies walk over, a cache line each. */
#ifndef TN_MARKET_CANDLE_H
#define TN_MARKET_CANDLE_H

#include "record/types.h"

struct candle {
    int64_t time;  /* start of the bar, as on the record */
    int64_t opens; /* when its trading starts: the session's open for daily bars, else `time` */
    int64_t end;   /* when it became known */
    dec open, high, low, close;
    double volume;
};

/* The candle of a bar; `opens` is its time until somebody asks the calendar. */
static inline struct candle candle_of_bar(const struct bar *bar)
{
    return (struct candle){.time = bar->time,
                           .opens = bar->time,
                           .end = bar->end,
                           .open = bar->open,
                           .high = bar->high,
                           .low = bar->low,
                           .close = bar->close,
                           .volume = bar->volume};
}

#endif
