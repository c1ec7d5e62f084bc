/* Bars put together: as they come, moment by moment, and then by track in columns, over which strategies step. */
#include "backtest/internal.h"

#include <stdlib.h>

void pending_begin(struct pending_bars *pending, int64_t known)
{
    require(pending->moments < WINDOW_MOMENTS);
    pending->end[pending->moments++] = known;
    pending->first[pending->moments - 1] = pending->first[pending->moments] = pending->bars;
}

int pending_add(struct pending_bars *pending, int track, enum adjusted adjusted, const struct bars *bar,
                struct error *error)
{
    if (list_grow(&pending->bar, &pending->capacity, pending->bars, sizeof *pending->bar, error) != 0)
        return -1;
    pending->bar[pending->bars++] =
        (struct window_bar){.track = track, .adjusted = adjusted, .candle = bars_at(bar, 0)};
    pending->first[pending->moments] = pending->bars;
    return 0;
}

bool pending_is_full(const struct pending_bars *pending)
{
    return pending->turned || (pending->single && pending->moments > 0) || pending->moments == WINDOW_MOMENTS ||
           pending->bars >= WINDOW_BARS;
}

void pending_drop(struct pending_bars *pending, size_t moments)
{
    const size_t gone = pending->first[moments];
    if (moments == 0)
        return;
    for (size_t i = gone; i < pending->bars; i++)
        pending->bar[i - gone] = pending->bar[i];
    for (size_t m = moments; m < pending->moments; m++) {
        pending->end[m - moments] = pending->end[m];
        pending->first[m - moments + 1] = pending->first[m + 1] - gone;
    }
    pending->bars -= gone;
    pending->moments -= moments;
    pending->first[0] = 0;
    pending->first[pending->moments] = pending->bars;
    pending->passed = 0;
    pending->turned = pending->turned && pending->moments > 0;
}

enum { COLUMNS = 8, PLACES = 4 };

/* The columns are followed by lists of half their size. */
static int make_room(struct window_memory *memory, size_t bars, struct error *error)
{
    if (bars <= memory->capacity)
        return 0;
    const size_t capacity = bars < 64 ? 64 : bars + bars / 2;
    free(memory->column);
    memory->column = capacity > UINT32_MAX ? NULL : malloc(capacity * (COLUMNS * sizeof(int64_t) + PLACES * 4));
    memory->capacity = memory->column == NULL ? 0 : capacity;
    return memory->column == NULL ? error_memory(error) : 0;
}

/* The columns of some bars from the k-th on. */
static struct bars columns_at(const struct window_memory *memory, size_t k, size_t count)
{
    int64_t *const column = memory->column;
    const size_t n = memory->capacity;
    return (struct bars){.time = column + k,
                         .opens = column + n + k,
                         .end = column + 2 * n + k,
                         .open = column + 3 * n + k,
                         .high = column + 4 * n + k,
                         .low = column + 5 * n + k,
                         .close = column + 6 * n + k,
                         .volume = (const double *)(const void *)(column + 7 * n + k),
                         .count = count};
}

static void put_bar(const struct window_memory *memory, size_t k, const struct candle *candle)
{
    int64_t *const column = memory->column + k;
    const size_t n = memory->capacity;
    column[0] = candle->time;
    column[n] = candle->opens;
    column[2 * n] = candle->end;
    column[3 * n] = candle->open;
    column[4 * n] = candle->high;
    column[5 * n] = candle->low;
    column[6 * n] = candle->close;
    ((double *)(void *)(column + 7 * n))[0] = candle->volume;
}

static struct piece *add_piece(struct backtest *backtest, size_t index, int track, struct error *error)
{
    struct window_memory *memory = &backtest->memory;
    if (list_grow(&memory->piece, &memory->piece_capacity, index, sizeof *memory->piece, error) != 0)
        return NULL;
    memory->piece[index] = (struct piece){.track = track};
    backtest->track[track].window = memory->windows;
    backtest->track[track].piece = index;
    return &memory->piece[index];
}

/* Which tracks have bars, and how many each. */
static int find_pieces(struct backtest *backtest, size_t bars, size_t *pieces, struct error *error)
{
    *pieces = 0;
    for (size_t p = 0; p < bars; p++) {
        const struct window_bar *bar = &backtest->pending.bar[p];
        struct piece *piece = window_has(backtest, bar->track)
                                  ? &backtest->memory.piece[backtest->track[bar->track].piece]
                                  : add_piece(backtest, (*pieces)++, bar->track, error);
        if (piece == NULL)
            return -1;
        piece->bars.count++;
        piece->adjusted = bar->adjusted;
    }
    return 0;
}

int window_arrange(struct backtest *backtest, size_t moments, struct window *window, struct error *error)
{
    struct pending_bars *pending = &backtest->pending;
    struct window_memory *memory = &backtest->memory;
    const size_t bars = pending->first[moments];
    size_t pieces, from = 0;
    memory->windows++;
    if (make_room(memory, bars, error) != 0 || find_pieces(backtest, bars, &pieces, error) != 0)
        return -1;
    uint32_t *const list = (uint32_t *)(void *)(memory->column + COLUMNS * memory->capacity);
    uint32_t *moment = list, *of = moment + memory->capacity, *row = of + memory->capacity;
    uint32_t *places = row + memory->capacity;
    for (size_t i = 0; i < pieces; i++) {
        struct piece *piece = &memory->piece[i];
        piece->place = places + from;
        piece->at = from; /* for now: where its next bar goes */
        from += piece->bars.count;
    }
    for (size_t m = 0, p = 0; m < moments; m++)
        for (; p < pending->first[m + 1]; p++) {
            const struct window_bar *bar = &pending->bar[p];
            struct piece *piece = &memory->piece[backtest->track[bar->track].piece];
            moment[p] = (uint32_t)m;
            of[p] = (uint32_t)(piece - memory->piece);
            row[p] = (uint32_t)(places + piece->at - piece->place);
            places[piece->at] = (uint32_t)p;
            put_bar(memory, piece->at++, &bar->candle);
        }
    for (size_t i = 0; i < pieces; i++) {
        struct piece *piece = &memory->piece[i];
        piece->bars = columns_at(memory, (size_t)(piece->place - places), piece->bars.count);
        piece->at = 0;
    }
    *window = (struct window){.moments = moments,
                              .bars = bars,
                              .end = pending->end,
                              .first = pending->first,
                              .moment = moment,
                              .of = of,
                              .row = row,
                              .piece = memory->piece,
                              .pieces = pieces,
                              .passed = pending->passed};
    return 0;
}

/* 0, 1, 2 … and 0, 0, 0 …: the places of a window of one track. */
struct counted {
    uint32_t row[WINDOW_MOMENTS], none[WINDOW_MOMENTS];
    size_t first[WINDOW_MOMENTS + 1];
};

#define FOUR(n)    n, n + 1, n + 2, n + 3
#define SIXTEEN(n) FOUR(n), FOUR(n + 4), FOUR(n + 8), FOUR(n + 12)
#define ALL        SIXTEEN(0), SIXTEEN(16), SIXTEEN(32), SIXTEEN(48), SIXTEEN(64), SIXTEEN(80), SIXTEEN(96), SIXTEEN(112)

_Static_assert(WINDOW_MOMENTS == 128, "they are counted");

int window_of(struct backtest *backtest, int track, const struct bars *bars, struct window *window, struct error *error)
{
    static const struct counted counted = {.row = {ALL}, .first = {ALL, 128}};
    require(bars->count <= WINDOW_MOMENTS);
    backtest->memory.windows++;
    struct piece *piece = add_piece(backtest, 0, track, error);
    if (piece == NULL)
        return -1;
    piece->bars = *bars;
    piece->place = counted.row;
    piece->adjusted = backtest->track[track].adjusted;
    *window = (struct window){.moments = bars->count,
                              .bars = bars->count,
                              .end = bars->end,
                              .first = counted.first,
                              .moment = counted.row,
                              .of = counted.none,
                              .row = counted.row,
                              .piece = piece,
                              .pieces = 1,
                              .passed = 0};
    return 0;
}
