/* An order book out of snapshots and changes. */
#include "market/book.h"

#include "base/checksum.h"
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define CHECKED 10 /* levels of a side in the checksum */
#define PLACES  8  /* of a dec */

void book_init(struct book *book)
{
    *book = (struct book){.number = -1};
}

void book_clear(struct book *book)
{
    free(book->level[BOOK_BIDS]);
    free(book->level[BOOK_ASKS]);
    book_init(book);
}

void book_reset(struct book *book)
{
    book->count[BOOK_BIDS] = book->count[BOOK_ASKS] = 0;
    book->bounded[BOOK_BIDS] = book->bounded[BOOK_ASKS] = false;
    book->whole = book->fresh = false;
    book->number = -1;
}

/* Does `a` come before `b` in the array, that is, is it worse? */
static bool is_worse(int side, dec a, dec b)
{
    return side == BOOK_BIDS ? a < b : a > b;
}

/* Where the price is, or belongs. Most changes are near the best price, at the end: from there in growing steps. */
static size_t place_of(const struct book *book, int side, dec price)
{
    const struct book_level *level = book->level[side];
    size_t high = book->count[side], low = high, step = 1;
    while (low > 0 && !is_worse(side, level[low - 1].price, price)) {
        high = low - 1;
        low = step < high ? high - step : 0;
        step *= 2;
    }
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (is_worse(side, level[middle].price, price))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int set_level(struct book *book, int side, const struct book_level *change, struct error *error)
{
    if (book->bounded[side] && is_worse(side, change->price, book->reach[side]))
        return 0;
    const size_t at = place_of(book, side, change->price);
    const bool known = at < book->count[side] && book->level[side][at].price == change->price;
    if (change->quantity == 0) {
        if (!known)
            return 0;
        book->count[side]--;
        memmove(&book->level[side][at], &book->level[side][at + 1], (book->count[side] - at) * sizeof *change);
        return 0;
    }
    if (!known) {
        if (list_grow(&book->level[side], &book->capacity[side], book->count[side], sizeof *change, error) < 0)
            return -1;
        memmove(&book->level[side][at + 1], &book->level[side][at], (book->count[side] - at) * sizeof *change);
        book->count[side]++;
    }
    book->level[side][at] = *change;
    return 0;
}

/* What is worse than the `most` best. */
static void cut(struct book *book, int side, size_t most)
{
    if (book->count[side] <= most)
        return;
    const size_t worse = book->count[side] - most;
    memmove(book->level[side], book->level[side] + worse, most * sizeof *book->level[side]);
    book->count[side] = most;
}

static int worse_bid_first(const void *first, const void *second)
{
    const struct book_level *a = first, *b = second;
    return a->price < b->price ? -1 : a->price > b->price;
}

static int worse_ask_first(const void *first, const void *second)
{
    return worse_bid_first(second, first);
}

/* A side of a snapshot: as it comes, then in order, without empty levels and such that are there twice. */
static int set_side(struct book *book, int side, const struct book_level *level, size_t count, struct error *error)
{
    bool sorted = true;
    size_t n = 0;
    for (size_t i = count; i-- > 0;) { /* they come best first */
        if (level[i].quantity == 0)
            continue;
        if (list_grow(&book->level[side], &book->capacity[side], n, sizeof *level, error) < 0)
            return -1;
        book->level[side][n] = level[i];
        sorted = sorted && (n == 0 || is_worse(side, book->level[side][n - 1].price, level[i].price));
        n++;
    }
    if (!sorted) {
        qsort(book->level[side], n, sizeof *level, side == BOOK_BIDS ? worse_bid_first : worse_ask_first);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++)
            if (kept == 0 || book->level[side][kept - 1].price != book->level[side][i].price)
                book->level[side][kept++] = book->level[side][i];
        n = kept;
    }
    book->count[side] = n;
    return 0;
}

static int set_levels(struct book *book, const struct book_change *change, struct error *error)
{
    const struct book_level *const level[] = {change->bids, change->asks};
    const size_t count[] = {change->bid_count, change->ask_count};
    const size_t most = change->depth == 0 || change->depth > BOOK_LEVELS_MAX ? BOOK_LEVELS_MAX : change->depth;
    for (int side = 0; side < BOOK_SIDES; side++) {
        if (change->snapshot && set_side(book, side, level[side], count[side], error) < 0)
            return -1;
        for (size_t i = 0; !change->snapshot && i < count[side]; i++)
            if (set_level(book, side, &level[side][i], error) < 0)
                return -1;
        cut(book, side, most);
        if (change->snapshot && change->partial && book->count[side] > 0) {
            book->bounded[side] = true;
            book->reach[side] = book->level[side][0].price;
        }
    }
    return 0;
}

/* Is the change the next one? */
static enum book_fate check_numbers(const struct book *book, const struct book_change *change)
{
    if (change->snapshot || change->last < 0 || book->number < 0)
        return BOOK_TAKEN;
    if (change->before >= 0) { /* futures: the change names the one before it */
        if (change->last < book->number || (change->last == book->number && !book->fresh))
            return BOOK_OLD;
        if (book->fresh)
            return change->first <= book->number ? BOOK_TAKEN : BOOK_MISSED;
        return change->before == book->number ? BOOK_TAKEN : BOOK_MISSED;
    }
    if (change->last <= book->number)
        return BOOK_OLD;
    return change->first <= book->number + 1 ? BOOK_TAKEN : BOOK_MISSED;
}

static bool is_crossed(const struct book *book)
{
    const struct book_level *bid = book_level(book, BOOK_BIDS, 0), *ask = book_level(book, BOOK_ASKS, 0);
    return bid != NULL && ask != NULL && bid->price >= ask->price;
}

int book_apply(struct book *book, const struct book_change *change, enum book_fate *fate, struct error *error)
{
    uint32_t checksum;
    *fate = BOOK_WAITING;
    if (!change->snapshot && !book->whole)
        return 0;
    *fate = check_numbers(book, change);
    if (*fate == BOOK_OLD)
        return 0;
    if (*fate == BOOK_MISSED) {
        book_reset(book);
        return 0;
    }
    if (change->snapshot)
        book_reset(book);
    if (set_levels(book, change, error) < 0) {
        book_reset(book);
        return -1;
    }
    book->whole = true;
    book->fresh = change->snapshot;
    book->time = change->time;
    if (change->last >= 0)
        book->number = change->last;
    if (change->has_checksum && book_checksum(book, &checksum) && checksum != change->checksum)
        *fate = BOOK_DIFFERS;
    else if (is_crossed(book))
        *fate = BOOK_CROSSED;
    if (*fate != BOOK_TAKEN)
        book->whole = false; /* the levels stay, for who wants to say what was wrong */
    return 0;
}

/* The figure's digits as they were written, without point and leading zeros; how many, or -1 when some are lost. */
static int digits_of(char text[static DEC_TEXT_MAX], dec value, int places)
{
    char reversed[DEC_TEXT_MAX];
    int n = 0;
    if (places > PLACES)
        return -1;
    for (int i = places; i < PLACES; i++)
        value /= 10;
    for (; value > 0; value /= 10)
        reversed[n++] = (char)('0' + value % 10);
    for (int i = 0; i < n; i++)
        text[i] = reversed[n - 1 - i];
    return n;
}

bool book_checksum(const struct book *book, uint32_t *checksum)
{
    static const int sides[] = {BOOK_ASKS, BOOK_BIDS};
    char text[DEC_TEXT_MAX];
    *checksum = 0;
    for (int i = 0; i < BOOK_SIDES; i++)
        for (size_t j = 0; j < CHECKED; j++) {
            const struct book_level *level = book_level(book, sides[i], j);
            if (level == NULL)
                break;
            const int price = digits_of(text, level->price, level->price_places);
            if (price < 0)
                return false;
            *checksum = checksum_crc32(*checksum, text, (size_t)price);
            const int quantity = digits_of(text, level->quantity, level->quantity_places);
            if (quantity < 0)
                return false;
            *checksum = checksum_crc32(*checksum, text, (size_t)quantity);
        }
    return true;
}
