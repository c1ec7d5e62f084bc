/* Order books of a live stream: kept from snapshots and changes, written at their depth and pace as long as they are
 * the market's. One that is not is said, asked for anew, and written again when it is whole. */
#include "stream/live_parts.h"

#include "base/hash.h"
#include "base/list.h"
#include "base/time.h"
#include "stream/line.h"

#include <stdio.h>
#include <stdlib.h>

#define PATIENCE    (10 * TIME_SECOND) /* for a snapshot */
#define GOOD_TIME   (60 * TIME_SECOND) /* after which earlier failures are forgotten */
#define LEVELS_KEPT 200000             /* of changes that wait for a snapshot */
#define FAILED      5                  /* failures in a row that make the run fail */

/* A change that waits for the snapshot it belongs to: its levels are in `level` from `at` on, bids first. */
struct kept {
    struct book_change change;
    size_t at;
};

struct live_book {
    struct book book;
    struct kept *kept;
    size_t kepts, kept_capacity;
    struct book_level *level;
    size_t levels, level_capacity;
    bool catching_up;  /* changes that waited are being taken */
    bool asked_for;    /* a snapshot of the REST server was handed to sendmail, or will be */
    bool expected;     /* a snapshot should come by `again`; else it is asked for then */
    bool doubtful;     /* told that it is not whole */
    bool crossed;      /* and that it is crossed */
    int64_t ask_after; /* monotonic */
    int64_t shallow;   /* monotonic: when it last was asked for because too few levels are known */
    int failures;
    int64_t failed_at, again; /* monotonic */
    int64_t written;          /* monotonic: when it last was */
    uint64_t shown;           /* digest of what was */
    bool due;                 /* something new waits for its turn */
    int64_t received;         /* wall clock of the last change */
    struct pulse pulse;
};

void live_book_free(struct live_book *book)
{
    if (book == NULL)
        return;
    book_clear(&book->book);
    free(book->kept);
    free(book->level);
    free(book);
}

static void forget_kept(struct live_book *book)
{
    book->kepts = book->levels = 0;
}

void live_books_reset(struct live_part *part)
{
    asking_free(part->asking);
    part->asking = NULL;
    for (size_t i = 0; i < part->symbols; i++) {
        struct live_book *book = part->symbol[i].book;
        if (book == NULL)
            continue;
        book_reset(&book->book);
        forget_kept(book);
        book->asked_for = book->doubtful = book->due = false;
        book->expected = true;
        book->again = time_monotonic() + PATIENCE;
    }
}

/* ---- writing ---- */

static void add_side(struct buf *out, const struct book *book, int side, size_t depth)
{
    const size_t count = book->count[side];
    stream_levels_add(out, count == 0 ? NULL : book_level(book, side, 0), -1, count < depth ? count : depth);
}

/* The best levels again, unless they are those that were written last. */
static int write_book(struct live_part *part, uint32_t index, int64_t now, struct error *error)
{
    struct live *live = part->live;
    struct live_book *own = part->symbol[index].book;
    const struct stream *stream = connection_stream(part->connection);
    own->due = false;
    stream_book_begin(&live->line, stream, index, own->book.time);
    const size_t from = live->line.n;
    buf_add_text(&live->line, ",\"bids\":");
    add_side(&live->line, &own->book, BOOK_BIDS, (size_t)stream->depth);
    buf_add_text(&live->line, ",\"asks\":");
    add_side(&live->line, &own->book, BOOK_ASKS, (size_t)stream->depth);
    const uint64_t digest = live->line.failed ? 0 : hash_fnv1a(live->line.p + from, live->line.n - from);
    if (digest == own->shown && own->written != 0) {
        buf_reset(&live->line);
        return 0;
    }
    own->shown = digest;
    own->written = now;
    stream_book_end(&live->line, stream, true, own->received);
    return live_write(live, OUTLET_LATEST, 2 * part->symbol[index].number + 1, RECORD_BOOK, error);
}

static int on_due(void *context, int64_t now, struct error *error)
{
    struct live *live = context;
    live->book_timer = 0;
    for (int i = 0; i < live->request->sources; i++)
        for (uint32_t j = 0; j < live->part[i].symbols; j++) {
            const struct live_book *book = live->part[i].symbol[j].book;
            if (book != NULL && book->due && book->book.whole && write_book(&live->part[i], j, now, error) < 0)
                return -1;
        }
    return 0;
}

static int show_book(struct live_part *part, uint32_t index, int64_t now, struct error *error)
{
    struct live *live = part->live;
    struct live_book *book = part->symbol[index].book;
    if (now - book->written >= live->request->book_pause)
        return write_book(part, index, now, error);
    book->due = true;
    if (live->book_timer > 0)
        return 0;
    live->book_timer = loop_timer(live->loop, book->written + live->request->book_pause, on_due, live, error);
    return live->book_timer < 0 ? -1 : 0;
}

/* ---- asking for it anew ---- */

static int take_change(struct live_part *part, uint32_t index, const struct book_change *change, struct error *error);
static int ask_next(struct live_part *part, struct error *error);

static int ask_when_due(struct live_part *part, uint32_t index, int64_t now, struct error *error)
{
    struct live_book *book = part->symbol[index].book;
    const struct stream_feed *feed = part->source->terms.feed;
    if (now < book->again)
        return 0;
    book->expected = true;
    book->again = now + PATIENCE;
    if (feed->book_question != NULL) {
        book->asked_for = true;
        return ask_next(part, error);
    }
    return feed->whole_books ? 0 : connection_again(part->connection, index, STREAM_BOOK, error);
}

/* What is not whole is said once, and asked for at growing pauses. */
static int doubt(struct live_part *part, uint32_t index, const char *why, struct error *error)
{
    struct live *live = part->live;
    struct live_book *book = part->symbol[index].book;
    const char *name = connection_stream(part->connection)->symbol[index].name;
    const int64_t now = time_monotonic();
    char text[200];
    if (now - book->failed_at > GOOD_TIME && !book->doubtful)
        book->failures = 0;
    book->failed_at = now;
    book->failures++;
    live->books_again++;
    book_reset(&book->book);
    forget_kept(book);
    if (!book->doubtful) {
        book->doubtful = true;
        (void)snprintf(text, sizeof text, "the book is not whole: %s; asked for again", why);
        live_say(live, 0, "%s: %s: %s", part->source->terms.source, name, text);
        if (live_status(part, index, STREAM_STATE_STALE, text, error) < 0)
            return -1;
    }
    if (book->failures == FAILED) {
        (void)snprintf(text, sizeof text, "the book is not whole: %s", why);
        live_failed(live, name, EXIT_UNAVAILABLE, text);
    }
    book->expected = false;
    book->again = now;
    if (book->failures > 1)
        book->again += TIME_SECOND << (book->failures > 6 ? 6 : book->failures - 2);
    return ask_when_due(part, index, now, error);
}

static int on_answered(void *context, struct str body, const struct error *failure, struct error *error)
{
    struct live_part *part = context;
    struct stream *stream = connection_stream(part->connection);
    const uint32_t index = part->asked_symbol;
    struct live_book *book = part->symbol[index].book;
    struct error bad = *failure;
    int result = 0;
    book->asked_for = false;
    if (!error_is_set(&bad)) {
        stream->received = loop_now(part->live->loop);
        result = stream->feed->book_answer(stream, index, body, &bad);
        if (result < 0 && bad.code != EXIT_INPUT)
            *error = bad;
        else
            result = 0;
    }
    asking_free(part->asking);
    part->asking = NULL;
    if (result == 0 && error_is_set(&bad))
        result = doubt(part, index, bad.text, error);
    return result == 0 ? ask_next(part, error) : result;
}

/* One question at a time: the source's own pace is kept by whoever asks. */
static int ask_next(struct live_part *part, struct error *error)
{
    const struct stream *stream = connection_stream(part->connection);
    struct stream_question question = {.method = "GET"};
    const int64_t now = time_monotonic();
    if (part->asking != NULL || part->state != STREAM_STATE_CONNECTED)
        return 0;
    for (uint32_t i = 0; i < part->symbols; i++) {
        const struct live_book *book = part->symbol[i].book;
        if (book == NULL || !book->asked_for || now < book->ask_after)
            continue;
        buf_init(&question.path, 4096);
        part->asked_symbol = i;
        const int result = stream->feed->book_question(stream, i, &question, error);
        if (result == 0)
            part->asking = asking_start(part->live->loop, &part->source->terms, &question, on_answered, part, error);
        buf_clear(&question.path);
        return part->asking == NULL ? -1 : 0;
    }
    return 0;
}

/* ---- changes ---- */

/* A copy of a change that came before its snapshot. */
static int keep(struct live_book *book, const struct book_change *change, struct error *error)
{
    const size_t count = change->bid_count + change->ask_count;
    if (book->levels + count > LEVELS_KEPT)
        forget_kept(book); /* the snapshot will show that some are missing */
    if (list_grow(&book->kept, &book->kept_capacity, book->kepts, sizeof *book->kept, error) < 0)
        return -1;
    const size_t at = book->levels;
    for (size_t i = 0; i < count; i++) {
        if (list_grow(&book->level, &book->level_capacity, book->levels, sizeof *book->level, error) < 0)
            return -1;
        book->level[book->levels++] = i < change->bid_count ? change->bids[i] : change->asks[i - change->bid_count];
    }
    book->kept[book->kepts++] = (struct kept){*change, at};
    return 0;
}

static int take_kept(struct live_part *part, uint32_t index, struct error *error)
{
    struct live_book *book = part->symbol[index].book;
    int result = 0;
    if (book->kepts > 0 && book->kept[0].change.first > book->book.number + 1) { /* older than what waits */
        book_reset(&book->book);
        book->asked_for = true;
        book->ask_after = time_monotonic() + TIME_SECOND / 2;
        return 0;
    }
    book->catching_up = true;
    for (size_t i = 0; result == 0 && i < book->kepts; i++) { /* a doubt forgets the rest */
        struct book_change change = book->kept[i].change;
        change.bids = book->level + book->kept[i].at;
        change.asks = change.bids + change.bid_count;
        result = take_change(part, index, &change, error);
    }
    book->catching_up = false;
    forget_kept(book);
    return result;
}

/* A bid at or above the ask cannot be traded on: an anomaly stands in the book's place. */
static int tell_crossed(struct live_part *part, uint32_t index, struct error *error)
{
    struct live_book *book = part->symbol[index].book;
    struct anomaly anomaly;
    if (book->crossed)
        return 0;
    book->crossed = true;
    record_blank(RECORD_ANOMALY, &anomaly);
    anomaly.time = book->received;
    memcpy(anomaly.symbol, connection_stream(part->connection)->symbol[index].name, sizeof anomaly.symbol);
    anomaly.check = ANOMALY_CROSSED;
    anomaly.observed = book_level(&book->book, BOOK_BIDS, 0)->price;
    anomaly.expected = book_level(&book->book, BOOK_ASKS, 0)->price;
    (void)snprintf(anomaly.message, sizeof anomaly.message, "the book of %s is crossed", part->source->terms.source);
    return live_write_record(part->live, RECORD_ANOMALY, &anomaly, error);
}

/* It is the market's: after a doubt that is said. */
static int trust(struct live_part *part, uint32_t index, struct error *error)
{
    struct live_book *book = part->symbol[index].book;
    book->crossed = false;
    if (!book->doubtful)
        return 0;
    book->doubtful = false;
    return live_status(part, index, STREAM_STATE_CONNECTED, "the book is whole again", error);
}

static bool is_shallow(const struct live_part *part, const struct book *book)
{
    const size_t depth = (size_t)connection_stream(part->connection)->depth;
    for (int side = 0; side < BOOK_SIDES; side++)
        if (book->bounded[side] && book->count[side] < depth)
            return true;
    return false;
}

static int take_change(struct live_part *part, uint32_t index, const struct book_change *change, struct error *error)
{
    struct live_book *own = part->symbol[index].book;
    enum book_fate fate;
    if (book_apply(&own->book, change, &fate, error) < 0)
        return -1;
    switch (fate) {
    case BOOK_OLD:
        return 0;
    case BOOK_WAITING:
        if (part->source->terms.feed->book_question == NULL)
            return 0;
        if (keep(own, change, error) < 0)
            return -1;
        if (own->asked_for)
            return 0;
        own->asked_for = true;
        return ask_next(part, error);
    case BOOK_MISSED:
        return doubt(part, index, "changes are missing", error);
    case BOOK_DIFFERS:
        return doubt(part, index, "its checksum differs", error);
    case BOOK_CROSSED:
        if (tell_crossed(part, index, error) < 0)
            return -1;
        return doubt(part, index, "the bid is not below the ask", error);
    case BOOK_TAKEN:
        break;
    }
    if (trust(part, index, error) < 0)
        return -1;
    if (own->catching_up)
        return 0;
    const int64_t now = time_monotonic();
    if (is_shallow(part, &own->book) && !own->asked_for &&
        (own->shallow == 0 || now - own->shallow > TIME_SECOND)) { /* the market has moved out of the snapshot */
        own->asked_for = true;
        own->shallow = now;
        if (ask_next(part, error) < 0)
            return -1;
    }
    /* the snapshot that was handed to sendmail will be older than this change */
    return own->asked_for && !change->snapshot ? keep(own, change, error) : 0;
}

int live_book_take(struct live_part *part, const struct stream_event *event, struct error *error)
{
    struct live_symbol *symbol = &part->symbol[event->symbol];
    const int64_t now = time_monotonic();
    if (symbol->book == NULL) {
        symbol->book = calloc(1, sizeof *symbol->book);
        if (symbol->book == NULL)
            return error_memory(error);
        book_init(&symbol->book->book);
        symbol->book->expected = true;
        symbol->book->again = now + PATIENCE;
        symbol->book->failed_at = now;
    }
    struct live_book *book = symbol->book;
    pulse_beat(&book->pulse, now);
    book->received = connection_stream(part->connection)->received;
    if (take_change(part, event->symbol, &event->book, error) < 0 ||
        (event->book.snapshot && book->book.whole && take_kept(part, event->symbol, error) < 0))
        return -1;
    return book->book.whole ? show_book(part, event->symbol, now, error) : 0;
}

int live_book_look(struct live_part *part, uint32_t index, int64_t now, struct error *error)
{
    struct live_book *book = part->symbol[index].book;
    char text[120];
    if (book == NULL || !part->symbol[index].wanted || part->symbol[index].refused)
        return 0;
    if (book->asked_for)
        return ask_next(part, error);
    if (!book->book.whole && now >= book->again)
        return book->expected ? doubt(part, index, "no snapshot comes", error) : ask_when_due(part, index, now, error);
    const double limit = pulse_limit(&book->pulse, (double)part->live->request->quiet);
    if (!book->book.whole || limit <= 0 || (double)(now - book->pulse.last) < limit)
        return 0;
    (void)snprintf(text, sizeof text, "it has not changed for %.1f s", (double)(now - book->pulse.last) / 1e9);
    book->pulse.last = now;
    return doubt(part, index, text, error);
}
