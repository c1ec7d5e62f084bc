/* Queues at prices. */
#include "sim/queue.h"

#include "base/list.h"

#include <math.h>
#include <stdlib.h>

static const struct shown nothing = {.price = DEC_NONE, .size = NAN};

void queues_clear(struct queues *queues)
{
    free(queues->book);
    free(queues->place);
    *queues = (struct queues){.book = NULL};
}

static struct queue_book *find_book(struct queues *queues, int slot, struct error *error)
{
    while (queues->books <= (size_t)slot) {
        size_t capacity = queues->books;
        if (list_enlarge(&queues->book, &capacity, sizeof *queues->book, error) != 0)
            return NULL;
        while (queues->books < capacity)
            queues->book[queues->books++] = (struct queue_book){.bid = nothing, .ask = nothing};
    }
    return &queues->book[slot];
}

struct shown *queues_other_side(const struct queues *queues, int slot, int sign)
{
    if ((size_t)slot >= queues->books)
        return NULL;
    struct shown *side = sign > 0 ? &queues->book[slot].ask : &queues->book[slot].bid;
    return side->price == DEC_NONE ? NULL : side;
}

/* Waits at its limit. */
static bool rests(const struct open_order *open_order)
{
    return open_order->kind->limit && !open_order_is_waiting(open_order) && !open_order->sleeps;
}

/* What is ahead of an order that comes to a price, by its own side of the market. */
static double ahead_at(const struct shown *side, int sign, dec price)
{
    if (side->price == DEC_NONE)
        return NAN;
    if (price == side->price)
        return side->size - side->traded > 0 || isnan(side->size) ? side->size - side->traded : 0;
    return (sign > 0) == (price > side->price) ? 0 : NAN;
}

static struct queue_place *find_place(const struct queues *queues, uint64_t order)
{
    for (size_t i = 0; i < queues->places; i++)
        if (queues->place[i].order == order)
            return &queues->place[i];
    return NULL;
}

static const struct open_order *find_open_order(const struct ledger *ledger, int slot, uint64_t order)
{
    const struct open_order *open_order = ledger->symbol_state[slot].open_order;
    while (open_order != NULL && open_order->serial != order)
        open_order = open_order->next;
    return open_order;
}

/* Orders that have come since the last record of the symbol take their places by what was shown until now; those that
 * are gone leave theirs. */
static int settle_places(struct queues *queues, const struct ledger *ledger, int slot, struct error *error)
{
    const struct queue_book *book = &queues->book[slot];
    for (size_t i = queues->places; i-- > 0;)
        if (queues->place[i].slot == slot && find_open_order(ledger, slot, queues->place[i].order) == NULL)
            queues->place[i] = queues->place[--queues->places];
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        const struct order *order = &open_order->order;
        const int sign = side_sign(order->side);
        struct queue_place *place = rests(open_order) ? find_place(queues, open_order->serial) : NULL;
        if (!rests(open_order) ||
            (place != NULL && place->price == order->limit_price && place->quantity >= order->quantity))
            continue;
        if (place == NULL) {
            if (list_grow(&queues->place, &queues->capacity, queues->places, sizeof *queues->place, error) != 0)
                return -1;
            place = &queues->place[queues->places++];
        }
        *place = (struct queue_place){.slot = slot,
                                      .order = open_order->serial,
                                      .price = order->limit_price,
                                      .quantity = order->quantity,
                                      .ahead = ahead_at(sign > 0 ? &book->bid : &book->ask, sign, order->limit_price)};
    }
    return 0;
}

/* What another size or price of a side means for those who wait on it. */
static void follow(const struct shown *was, const struct shown *is, int sign, struct queue_place *place)
{
    if (is->price == DEC_NONE)
        return;
    if (place->price != is->price) {
        if ((sign > 0) == (place->price > is->price)) /* the market is beyond it, and nobody else is there */
            place->ahead = 0;
        return;
    }
    if (isnan(place->ahead)) {
        place->ahead = is->size;
        return;
    }
    const double left = was->size - was->traded;
    if (was->price == is->price && left > 0 && is->size < left)
        place->ahead *= is->size / left;
    if (place->ahead > is->size)
        place->ahead = is->size;
}

static struct shown side_of(dec price, double size)
{
    return price == DEC_NONE || price <= 0 ? nothing : (struct shown){.price = price, .size = size};
}

int queues_quote(struct queues *queues, const struct ledger *ledger, int slot, const struct quote *quote,
                 struct error *error)
{
    struct queue_book *book = find_book(queues, slot, error);
    if (book == NULL || settle_places(queues, ledger, slot, error) != 0)
        return -1;
    const struct queue_book now = {.bid = side_of(quote->bid, quote->bid_size),
                                   .ask = side_of(quote->ask, quote->ask_size)};
    for (size_t i = 0; i < queues->places; i++) {
        struct queue_place *place = &queues->place[i];
        const struct open_order *open_order = place->slot == slot ? find_open_order(ledger, slot, place->order) : NULL;
        if (open_order == NULL)
            continue;
        const int sign = side_sign(open_order->order.side);
        follow(sign > 0 ? &book->bid : &book->ask, sign > 0 ? &now.bid : &now.ask, sign, place);
    }
    *book = now;
    return 0;
}

int queues_trade(struct queues *queues, const struct ledger *ledger, int slot, dec price, dec quantity,
                 struct error *error)
{
    struct queue_book *book = find_book(queues, slot, error);
    if (book == NULL || settle_places(queues, ledger, slot, error) != 0)
        return -1;
    const double size = dec_to_double(quantity);
    for (size_t i = 0; i < queues->places; i++) {
        struct queue_place *place = &queues->place[i];
        const struct open_order *open_order = place->slot == slot ? find_open_order(ledger, slot, place->order) : NULL;
        if (open_order == NULL)
            continue;
        const bool beyond = side_sign(open_order->order.side) > 0 ? price < place->price : price > place->price;
        place->share = 0;
        if (beyond) {
            place->ahead = 0;
            place->share = INFINITY;
        } else if (price == place->price && !isnan(place->ahead)) {
            place->share = size > place->ahead ? size - place->ahead : 0;
            place->ahead = size < place->ahead ? place->ahead - size : 0;
        }
    }
    if (price == book->bid.price)
        book->bid.traded += size;
    if (price == book->ask.price)
        book->ask.traded += size;
    return 0;
}

double queues_share(const struct queues *queues, const struct open_order *open_order)
{
    const struct queue_place *place = find_place(queues, open_order->serial);
    return place == NULL ? 0 : place->share;
}
