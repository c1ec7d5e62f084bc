/* What the files of the live stream share. */
#ifndef TN_STREAM_LIVE_PARTS_H
#define TN_STREAM_LIVE_PARTS_H

#include "feed/trade_bars.h"
#include "record/record.h"
#include "stream/asking.h"
#include "stream/backfill.h"
#include "stream/live.h"
#include "stream/outlet.h"

enum { RECENT = 64 };

/* How often something comes, learnt from when it came. */
struct pulse {
    int64_t last; /* monotonic: when something came, 0 before */
    double mean;  /* ns between two arrivals, as a moving average */
    uint64_t arrivals;
};
void pulse_beat(struct pulse *pulse, int64_t now);
/* The silence in ns, `least` at least, that its usual pauses do not explain; 0 as long as they are not known. */
double pulse_limit(const struct pulse *pulse, double least);

/* A symbol of a source. */
struct live_symbol {
    uint32_t number; /* over all sources */
    bool wanted, confirmed, refused, stale, told;
    int64_t since; /* monotonic: when it was asked for */
    struct pulse pulse;
    struct live_book *book;  /* NULL before its first levels */
    int64_t trade_number;    /* the last, -1 before the first */
    int64_t trade_time;      /* of the last, TIME_NONE before the first */
    uint64_t recent[RECENT]; /* digests of the last trades, where the feed does not number them */
    unsigned next;
};

/* What is missing between two moments, and what is done about it. */
struct live_gap {
    bool open;
    int64_t from, to; /* `to` INT64_MAX: still going on */
    char reason[160];
    int tries;
    int64_t timer;
    int64_t floor; /* bars that ended by then were out before it began */
    struct backfill *backfill;
    struct bar *held; /* bars that wait until it is filled, in order */
    size_t held_count, held_capacity;
    int64_t lost_from, lost_to; /* of the last that is over: bars of our own do not count; 0: none */
    int64_t bars_from, bars_to; /* the bars that are asked for: begun in it, or before and not over */
};

struct live;
struct live_part { /* one source */
    struct live *live;
    const struct live_source *source;
    struct connection *connection;
    struct live_symbol *symbol;
    size_t symbols, capacity;
    struct live_gap gap;
    bool started; /* its connection: one that has no symbols has none */
    enum stream_state state;
    int64_t state_since;
    struct trade_bars *bars; /* NULL: none are built */
    int64_t written;         /* end of the last bar that was, 0 before the first */
    uint64_t duplicates, bad;
    int64_t behind;        /* ns by which moments of the gap were moved, since our clock is behind the market's; 0 */
    int64_t lag;           /* ns from the last trade or quote to when we had it; TIME_NONE before the first */
    struct asking *asking; /* for the book of `asked_symbol`; NULL: nothing is asked */
    uint32_t asked_symbol;
};

struct live {
    const struct live_request *request;
    struct loop *loop;
    struct outlet *outlet;
    struct live_part *part;
    uint32_t symbols;        /* of all sources, so far */
    struct buf line, failed; /* `failed`: members of our end record's object */
    struct names failed_names;
    struct record *scanned; /* for --where */
    struct buf scratch;
    uint64_t counts[RECORD_TYPES];
    int64_t book_timer;   /* for books whose turn to be written comes; 0: none */
    uint64_t books_again; /* how often one was asked for anew */
    uint64_t dropped_told;
    int64_t dropped_from; /* time of the first record left out since it was told, TIME_NONE: none */
    int64_t beaten;       /* monotonic: the last heartbeat */
    int64_t step;         /* ns by which the wall clock was moved, as long as nothing shows whether that was right; 0 */
    int64_t stepped;      /* monotonic: when */
    enum exit_code status;
    bool stopping;
};

/* Queue the record in live->line, which is emptied. */
int live_write(struct live *live, enum outlet_kind kind, uint32_t key, enum record_type type, struct error *error);
int live_write_record(struct live *live, enum record_type type, const void *record, struct error *error);
void live_say(struct live *live, int level, const char *format, ...) __attribute__((format(printf, 3, 4)));
void live_failed(struct live *live, const char *what, enum exit_code code, const char *reason);
int live_status(struct live_part *part, uint32_t symbol, enum stream_state state, const char *message,
                struct error *error);

/* live_bars.c: a closed bar, from trades or from the source; a gap begins, or grows; the connection is back. */
int live_bar(struct live_part *part, const struct bar *bar, struct error *error);
/* The source tells a bar again that is out. */
int live_bar_again(struct live_part *part, const struct bar *bar, struct error *error);
/* A trade came late, or was taken back, and its bar is out: what it should have been (trade_bars.h). */
int live_amend(struct live_part *part, const struct trade *trade, const struct bar *bar, struct error *error);
int live_gap_begin(struct live_part *part, int64_t from, int64_t to, const char *reason, struct error *error);
/* Symbols were added while the stream runs, within a bar: none is built of half its trades. */
int live_gap_added(struct live_part *part, struct error *error);
/* A symbol is confirmed: what was traded before is not known. Where a bar has begun since the connection was made, it
 * is not whole either. */
int live_gap_confirmed(struct live_part *part, struct error *error);
int live_gap_end(struct live_part *part, struct error *error);
int live_gap_finish(struct live_part *part, struct error *error); /* at the end of the run: what is held is decided */
void live_gap_clear(struct live_part *part);
/* The moment up to which every bar has been written. */
int64_t live_bars_until(const struct live *live, int64_t moment);

/* live_book.c: levels of a book; a look at it each second; the connection is lost. */
int live_book_take(struct live_part *part, const struct stream_event *event, struct error *error);
int live_book_look(struct live_part *part, uint32_t index, int64_t now, struct error *error);
void live_books_reset(struct live_part *part);
void live_book_free(struct live_book *book);

/* live_clock.c: the wall clock was moved. Until trades show which is right, or a minute is over, that of before counts:
 * bars neither close early nor stay open. Each trade or quote is a witness. */
int live_clock_moved(void *context, int64_t step, struct error *error);
void live_clock_witness(struct live_part *part, int64_t received, int64_t time);
void live_clock_look(struct live *live, int64_t now);

/* live_take.c: what a connection brings. */
int live_take(void *context, struct connection *connection, const struct stream_event *event, struct error *error);

#endif
