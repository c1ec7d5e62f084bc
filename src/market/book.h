/* The order book of one symbol, made of a snapshot and the changes after it, and what shows that it is not the
 * market's: numbers that are left out, a checksum that differs, a bid at or above an ask.
 *
 * The rules of numbers are Binance's (binance-spot-api-docs, "How to manage a local order book correctly", and the same
 * page for futures): a change that ends at or before the book's number is old; the first after the snapshot may begin
 * before it; each later one begins where the one before it ended. The checksum is Kraken's (docs.kraken.com, "Spot
 * WebSockets v2: book checksum"). A feed without either has changes whose numbers are -1. */
#ifndef TN_MARKET_BOOK_H
#define TN_MARKET_BOOK_H

#include "base/dec.h"

#include <stdbool.h>

/* A price of a side. */
struct book_level {
    dec price, quantity;                   /* quantity 0: the level is gone */
    uint8_t price_places, quantity_places; /* digits behind the point as the server wrote them, for the checksum */
};

/* All of a book, or what changed. The arrays are the caller's, in any order. */
struct book_change {
    int64_t time;
    bool snapshot;
    const struct book_level *bids, *asks;
    size_t bid_count, ask_count;
    /* Numbers of the first and last update that it holds, and of the one before it; -1: the feed has none. A snapshot
     * has `last` alone. */
    int64_t first, last, before;
    bool has_checksum;
    uint32_t checksum;
    size_t depth; /* levels that the server keeps up to date; 0: all */
    bool partial; /* a snapshot of the best levels alone: what is worse than its worst stays unknown */
};

enum { BOOK_BIDS, BOOK_ASKS, BOOK_SIDES };
#define BOOK_LEVELS_MAX 100000 /* of a side; the worst are left out */

struct book {
    struct book_level *level[BOOK_SIDES]; /* worst first, so that what changes most is at the end */
    size_t count[BOOK_SIDES], capacity[BOOK_SIDES];
    bool bounded[BOOK_SIDES]; /* levels worse than `reach` are unknown */
    dec reach[BOOK_SIDES];
    bool whole;     /* a snapshot has come, and nothing since has been missed */
    bool fresh;     /* no change has come since the snapshot */
    int64_t number; /* of the last update that is in it, -1: none */
    int64_t time;   /* of the last change */
};

enum book_fate {
    BOOK_TAKEN,   /* the book is the market's */
    BOOK_OLD,     /* known already: left out */
    BOOK_WAITING, /* a change without a snapshot before it: left out */
    BOOK_MISSED,  /* changes between the last and this one are missing: the book is not whole any more */
    BOOK_DIFFERS, /* the checksum is another: the same */
    BOOK_CROSSED  /* the best bid is not below the best ask: the same */
};

void book_init(struct book *book);
void book_clear(struct book *book);
/* Forget it: only a snapshot makes it whole again. */
void book_reset(struct book *book);
/* Apply a change; *fate says what came of it. -1: out of memory. */
int book_apply(struct book *book, const struct book_change *change, enum book_fate *fate, struct error *error);
/* The level of a side, 0 is the best; NULL beyond the last. */
static inline const struct book_level *book_level(const struct book *book, int side, size_t at)
{
    return at < book->count[side] ? &book->level[side][book->count[side] - 1 - at] : NULL;
}
/* Kraken's checksum of the ten best levels of each side: CRC-32 of their digits, asks first. False when a figure has
 * more digits than we keep. */
bool book_checksum(const struct book *book, uint32_t *checksum);

#endif
