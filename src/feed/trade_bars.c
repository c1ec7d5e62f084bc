/* Bars of many symbols built from one stream of trades. */
#include "feed/trade_bars.h"

#include <stdlib.h>

struct due {
    struct bar bar;
    uint32_t symbol;
};

struct trade_bars {
    struct interval interval;
    const struct calendar *calendar;
    bool extended;
    int (*give)(void *context, const struct bar *bar, struct error *error);
    void *context;
    struct bar_builder *builder; /* by number of the symbol */
    uint32_t count, capacity;
    int64_t next_end; /* of the bars that are open: nothing is due before it */
    struct due *due;  /* room for one per symbol */
};

struct trade_bars *trade_bars_new(struct interval interval, const struct calendar *calendar, bool extended,
                                  int (*give)(void *context, const struct bar *bar, struct error *error), void *context,
                                  struct error *error)
{
    struct bar_builder probe;
    if (bar_builder_init(&probe, interval, calendar, extended, error) < 0)
        return NULL;
    struct trade_bars *bars = calloc(1, sizeof *bars);
    if (bars == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    *bars = (struct trade_bars){
        .interval = interval,
        .calendar = calendar,
        .extended = extended,
        .give = give,
        .context = context,
        .next_end = INT64_MAX,
    };
    return bars;
}

void trade_bars_free(struct trade_bars *bars)
{
    if (bars == NULL)
        return;
    free(bars->builder);
    free(bars->due);
    free(bars);
}

static int grow(struct trade_bars *bars, uint32_t symbol, struct error *error)
{
    if (symbol >= bars->capacity) {
        const uint32_t capacity = symbol < 8 ? 16 : symbol * 2;
        struct bar_builder *builder = reallocarray(bars->builder, capacity, sizeof *builder);
        if (builder != NULL)
            bars->builder = builder;
        struct due *due = builder == NULL ? NULL : reallocarray(bars->due, capacity, sizeof *due);
        if (due == NULL)
            return error_memory(error);
        bars->due = due;
        bars->capacity = capacity;
    }
    for (; bars->count <= symbol; bars->count++)
        if (bar_builder_init(&bars->builder[bars->count], bars->interval, bars->calendar, bars->extended, error) < 0)
            return -1;
    return 0;
}

/* Bars of trades, volume and value have no end that time brings. */
static void note_end(struct trade_bars *bars, const struct bar_builder *builder)
{
    if (builder->open && bars->interval.unit <= INTERVAL_MONTH && builder->slot.end < bars->next_end)
        bars->next_end = builder->slot.end;
}

int trade_bars_push(struct trade_bars *bars, uint32_t symbol, const struct trade *trade, enum trade_fate *fate,
                    struct error *error)
{
    struct bar closed;
    if (symbol >= bars->count && grow(bars, symbol, error) < 0)
        return -1;
    struct bar_builder *builder = &bars->builder[symbol];
    const int over = bar_builder_push(builder, trade, &closed, fate, error);
    if (over < 0 || (over == 1 && bars->give(bars->context, &closed, error) < 0))
        return -1;
    note_end(bars, builder);
    return 0;
}

static int compare(const void *first, const void *second)
{
    const struct due *a = first, *b = second;
    if (a->bar.end != b->bar.end)
        return a->bar.end < b->bar.end ? -1 : 1;
    return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

int trade_bars_advance(struct trade_bars *bars, int64_t moment, struct error *error)
{
    if (moment < bars->next_end)
        return 0;
    size_t due = 0;
    bars->next_end = INT64_MAX;
    for (uint32_t i = 0; i < bars->count; i++) {
        struct bar_builder *builder = &bars->builder[i];
        if (bar_builder_advance(builder, moment, &bars->due[due].bar) == 1)
            bars->due[due++].symbol = i;
        else
            note_end(bars, builder);
    }
    if (due > 1)
        qsort(bars->due, due, sizeof *bars->due, compare);
    for (size_t i = 0; i < due; i++)
        if (bars->give(bars->context, &bars->due[i].bar, error) < 0)
            return -1;
    return 0;
}

uint64_t trade_bars_open(const struct trade_bars *bars)
{
    uint64_t open = 0;
    for (uint32_t i = 0; i < bars->count; i++)
        open += bars->builder[i].open;
    return open;
}
