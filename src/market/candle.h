/* The prices of bars without their labels: what engines and strategies walk over. */
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

/* Bars that follow each other, in columns. Whoever walks over them reads only those it needs. */
struct bars {
    const int64_t *time, *opens, *end;
    const dec *open, *high, *low, *close;
    const double *volume;
    size_t count;
};

static inline struct candle bars_at(const struct bars *bars, size_t i)
{
    return (struct candle){.time = bars->time[i],
                           .opens = bars->opens[i],
                           .end = bars->end[i],
                           .open = bars->open[i],
                           .high = bars->high[i],
                           .low = bars->low[i],
                           .close = bars->close[i],
                           .volume = bars->volume[i]};
}

/* `count` of them from the i-th on. */
static inline struct bars bars_part(const struct bars *bars, size_t i, size_t count)
{
    return (struct bars){.time = bars->time + i,
                         .opens = bars->opens + i,
                         .end = bars->end + i,
                         .open = bars->open + i,
                         .high = bars->high + i,
                         .low = bars->low + i,
                         .close = bars->close + i,
                         .volume = bars->volume + i,
                         .count = count};
}

/* A single one as columns, as long as it is there. */
static inline struct bars bars_of(const struct candle *candle)
{
    return (struct bars){.time = &candle->time,
                         .opens = &candle->opens,
                         .end = &candle->end,
                         .open = &candle->open,
                         .high = &candle->high,
                         .low = &candle->low,
                         .close = &candle->close,
                         .volume = &candle->volume,
                         .count = 1};
}

#endif
