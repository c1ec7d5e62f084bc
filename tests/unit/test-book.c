/* market/book: Kraken's checksum by its documented example, Binance's rules of numbers by theirs, and a book kept by
 * random changes against one that is sorted anew each time. */
#include "market/book.h"

#include "base/checksum.h"

#include "tap.h"

#include <stdlib.h>

static struct error error;

/* "45285.2/0.00100000 …": levels with their digits; how many. */
static size_t levels_of(struct book_level *level, const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p != '\0'; n++) {
        dec *const figure[] = {&level[n].price, &level[n].quantity};
        uint8_t *const places[] = {&level[n].price_places, &level[n].quantity_places};
        for (int i = 0; i < 2; i++) {
            const size_t length = strcspn(p, "/ ");
            const char *point = memchr(p, '.', length);
            *places[i] = point == NULL ? 0 : (uint8_t)(p + length - point - 1);
            if (dec_parse(figure[i], p, length, &error) < 0)
                printf("# %s\n", error.text);
            p += length + (p[length] != '\0');
        }
    }
    return n;
}

/* "SNAPSHOT|DELTA BIDS|ASKS" as a change. */
struct made {
    struct book_level bid[64], ask[64];
    struct book_change change;
};

static void make(struct made *made, bool snapshot, const char *bids, const char *asks)
{
    made->change = (struct book_change){.snapshot = snapshot, .first = -1, .last = -1, .before = -1};
    made->change.bid_count = levels_of(made->bid, bids);
    made->change.ask_count = levels_of(made->ask, asks);
    made->change.bids = made->bid;
    made->change.asks = made->ask;
}

static const char *text_of(const struct book *book)
{
    static char text[2048];
    char price[DEC_TEXT_MAX], quantity[DEC_TEXT_MAX];
    size_t n = 0;
    text[0] = '\0';
    for (int side = 0; side < BOOK_SIDES; side++) {
        for (size_t i = 0; i < book->count[side]; i++) {
            (void)dec_format(price, book_level(book, side, i)->price);
            (void)dec_format(quantity, book_level(book, side, i)->quantity);
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s/%s", i == 0 ? "" : " ", price, quantity);
        }
        if (side == 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "|");
    }
    return text;
}

/* docs.kraken.com, Spot WebSockets v2, "Book checksum": the book, its text and the CRC-32 of that. */
#define KRAKEN_ASKS                                                                                                    \
    "45285.2/0.00100000 45286.4/1.54571953 45286.6/1.54571109 45289.6/1.54560911 45290.2/0.15890660 "                  \
    "45291.8/1.54553491 45294.7/0.04454749 45296.1/0.35380000 45297.5/0.09945542 45299.5/0.18772827"
#define KRAKEN_BIDS                                                                                                    \
    "45283.5/0.10000000 45283.4/1.54582015 45282.1/0.10000000 45281.0/0.10000000 45280.3/1.54592586 "                  \
    "45279.0/0.07990000 45277.6/0.03310103 45277.5/0.30000000 45277.3/1.54602737 45276.6/0.15445238"

static void test_checksum(void)
{
    struct book book;
    struct made made;
    enum book_fate fate;
    uint32_t sum = 0;
    book_init(&book);
    check(checksum_crc32(0, "123456789", 9) == 0xcbf43926, "CRC-32 of 123456789 (its usual check value)");
    check(checksum_crc32(checksum_crc32(0, "1234", 4), "56789", 5) == 0xcbf43926, "in two pieces");
    make(&made, true, KRAKEN_BIDS, KRAKEN_ASKS);
    made.change.has_checksum = true;
    made.change.checksum = 3310070434;
    made.change.depth = 10;
    check(book_apply(&book, &made.change, &fate, &error) == 0 && fate == BOOK_TAKEN && book.whole,
          "Kraken's example: the checksum fits");
    check(book_checksum(&book, &sum) && sum == 3310070434, "and is 3310070434: %lu", (unsigned long)sum);
    /* A better ask drives out the tenth; the CRC-32 of the new text by Python's zlib. */
    make(&made, false, "", "45285.1/0.00500000");
    made.change.has_checksum = true;
    made.change.depth = 10;
    made.change.checksum = 1305071092;
    (void)book_apply(&book, &made.change, &fate, &error);
    check(fate == BOOK_TAKEN && book.count[BOOK_ASKS] == 10, "a change, cut to ten levels: its checksum fits");
    made.change.checksum--;
    (void)book_apply(&book, &made.change, &fate, &error);
    check(fate == BOOK_DIFFERS && !book.whole, "another checksum: not whole any more");
    make(&made, false, "", "45285.1/0");
    (void)book_apply(&book, &made.change, &fate, &error);
    check(fate == BOOK_WAITING, "until a snapshot comes");
    make(&made, true, "1.5/1", "2/1");
    made.bid[0].price_places = 10;
    made.change.has_checksum = true;
    (void)book_apply(&book, &made.change, &fate, &error);
    check(fate == BOOK_TAKEN && !book_checksum(&book, &sum), "digits that we do not keep: no checksum can be made");
    error_clear(&error);
    book_clear(&book);
}

/* Numbers: first-last of the change, or before/first-last for futures. The snapshot's is 160. */
static const struct {
    int64_t before, first, last;
    enum book_fate fate;
    const char *what;
} steps[][4] = {
    {{-1, 155, 160, BOOK_OLD, "u <= lastUpdateId: dropped"},
     {-1, 158, 163, BOOK_TAKEN, "U <= lastUpdateId + 1 <= u: the first"},
     {-1, 164, 164, BOOK_TAKEN, "U = u of the one before + 1"},
     {-1, 166, 170, BOOK_MISSED, "165 is missing"}},
    {{-1, 161, 161, BOOK_TAKEN, "the very next"},
     {-1, 161, 161, BOOK_OLD, "twice"},
     {-1, 150, 155, BOOK_OLD, "an old one between"},
     {-1, 162, 190, BOOK_TAKEN, "and on"}},
    {{-1, 162, 163, BOOK_MISSED, "the snapshot is older than the first change"}, {0}},
    {{150, 151, 159, BOOK_OLD, "futures: u < lastUpdateId"},
     {150, 151, 160, BOOK_TAKEN, "futures: U <= lastUpdateId <= u"},
     {160, 165, 170, BOOK_TAKEN, "futures: pu is the u before, whatever U"},
     {171, 172, 180, BOOK_MISSED, "futures: pu is not"}},
};

static void test_numbers(void)
{
    struct made made;
    enum book_fate fate;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct book book;
        book_init(&book);
        make(&made, false, "9/1", "");
        (void)book_apply(&book, &made.change, &fate, &error);
        check(fate == BOOK_WAITING && book.count[BOOK_BIDS] == 0, "before the snapshot");
        make(&made, true, "10/1", "11/1");
        made.change.last = 160;
        (void)book_apply(&book, &made.change, &fate, &error);
        check(fate == BOOK_TAKEN, "the snapshot");
        for (size_t j = 0; j < 4 && steps[i][j].what != NULL; j++) {
            make(&made, false, "9.5/1", "");
            made.change.before = steps[i][j].before == 0 ? -1 : steps[i][j].before;
            made.change.first = steps[i][j].first;
            made.change.last = steps[i][j].last;
            (void)book_apply(&book, &made.change, &fate, &error);
            check(fate == steps[i][j].fate, "fault-050: %s: %d", steps[i][j].what, (int)fate);
        }
        check(book.whole == (fate != BOOK_MISSED), "and whole or not");
        book_clear(&book);
    }
}

static const struct {
    bool snapshot;
    size_t depth;
    bool partial;
    const char *bids, *asks, *book;
    enum book_fate fate;
} changes[] = {
    {true, 0, false, "10/1 9/2", "11/3 12/4", "10/1 9/2|11/3 12/4", BOOK_TAKEN},
    {false, 0, false, "9.5/7", "11/0 11.5/1", "10/1 9.5/7 9/2|11.5/1 12/4", BOOK_TAKEN},
    {false, 0, false, "10/0 8/1 9/5", "13/0", "9.5/7 9/5 8/1|11.5/1 12/4", BOOK_TAKEN},
    {false, 2, false, "", "11/1", "9.5/7 9/5|11/1 11.5/1", BOOK_TAKEN},
    {true, 0, false, "", "", "|", BOOK_TAKEN},
    {true, 0, false, "8/1 10/2 9/3 10/2 7/0", "12/1 11/1", "10/2 9/3 8/1|11/1 12/1", BOOK_TAKEN},
    {false, 0, false, "11/1", "", "11/1 10/2 9/3 8/1|11/1 12/1", BOOK_CROSSED},
    {true, 0, true, "10/1 9/1", "11/1 12/1", "10/1 9/1|11/1 12/1", BOOK_TAKEN},
    {false, 0, true, "8/5 9.5/1 9/0", "13/5 12/2", "10/1 9.5/1|11/1 12/2", BOOK_TAKEN}, /* beyond 9 and 12: unknown */
    {true, 0, false, "10/1", "9/1", "10/1|9/1", BOOK_CROSSED},
};

static void test_changes(void)
{
    struct book book;
    struct made made;
    enum book_fate fate;
    book_init(&book);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        make(&made, changes[i].snapshot, changes[i].bids, changes[i].asks);
        made.change.depth = changes[i].depth;
        made.change.partial = changes[i].partial;
        (void)book_apply(&book, &made.change, &fate, &error);
        check(fate == changes[i].fate, "fault-051: change %zu: %d", i, (int)fate);
        check_text(text_of(&book), changes[i].book, "and its book");
    }
    book_clear(&book);
}

/* Two thousand changes at random prices against an array of all prices there are. */
static void test_random(void)
{
    enum { PRICES = 300 };
    dec quantity[PRICES] = {0};
    struct book book;
    enum book_fate fate;
    unsigned wrong = 0, state = 1;
    struct book_level level = {.price = 5 * DEC_ONE, .quantity = 0};
    struct book_change change = {
        .snapshot = true, .bids = &level, .bid_count = 1, .first = -1, .last = -1, .before = -1};
    book_init(&book);
    (void)book_apply(&book, &change, &fate, &error);
    change.snapshot = false;
    for (int i = 0; i < 2000; i++) {
        state = state * 1103515245 + 12345;
        const unsigned at = state / 65536 % PRICES;
        level.price = (dec)(1 + at) * DEC_ONE;
        level.quantity = quantity[at] = state / 65536 % 3 == 0 ? 0 : (dec)(i + 1) * DEC_ONE;
        if (book_apply(&book, &change, &fate, &error) < 0 || fate != BOOK_TAKEN)
            wrong++;
        size_t next = 0;
        for (int j = PRICES - 1; j >= 0; j--) { /* bids: the highest price first */
            if (quantity[j] == 0)
                continue;
            const struct book_level *kept = book_level(&book, BOOK_BIDS, next++);
            wrong += kept == NULL || kept->price != (dec)(1 + j) * DEC_ONE || kept->quantity != quantity[j];
        }
        wrong += next != book.count[BOOK_BIDS];
    }
    check(wrong == 0, "2000 random changes give the book that sorting gives: %u differences", wrong);
    book_clear(&book);
}

int main(void)
{
    test_checksum();
    test_numbers();
    test_changes();
    test_random();
    return done();
}
