/* What live feeds have in common: a feed is one file that turns frames into events and says what must be told to the
 * server, and one line of stream_table. A decoder is pure: it opens nothing, asks no clock, and keeps its state in the
 * struct stream that it is given.
 *
 * A frame that is none of the feed's is an error of the frame (EXIT_INPUT); the connection goes on. Events point into
 * the frame and are valid during the call. */
#ifndef TN_STREAM_DECODER_H
#define TN_STREAM_DECODER_H

#include "base/buf.h"
#include "base/names.h"
#include "market/book.h"
#include "net/secret.h"
#include "record/types.h"
#include "stream/json.h"

/* What can be wanted of a symbol; a feed says which of it it has. */
enum stream_channel {
    STREAM_TRADES = 1,
    STREAM_QUOTES = 2,
    STREAM_BARS = 4, /* of a minute, as the server builds them */
    STREAM_BOOK = 8,
    STREAM_NEWS = 16,
};
#define STREAM_CHANNELS 5

enum stream_kind {
    STREAM_TRADE,     /* `trade`; its `canceled` is 1 when it takes back one that was told before */
    STREAM_QUOTE,     /* `quote` */
    STREAM_BAR,       /* `bar`, closed */
    STREAM_LEVELS,    /* `book`: all of it, or what changed */
    STREAM_NEWS_ITEM, /* `text`: a record, without its line feed */
    STREAM_SAY,       /* `text` is to be sent */
    STREAM_READY,     /* logged in: symbols may be subscribed */
    STREAM_CONFIRMED, /* the server says that it sends `channel` of `symbol` */
    STREAM_REFUSED,   /* the server will not: `text` says why */
    STREAM_MISSING,   /* messages of `symbol` (or of all) are missing between the last and this one */
    STREAM_LEAVE,     /* the server wants us to connect again, or the connection is of no use: `text` says why */
    STREAM_STOP,      /* it will not do, now or later: `text` says why, `code` the kind */
    STREAM_PULSE,     /* the server lives; nothing else to tell */
};

#define STREAM_NO_SYMBOL UINT32_MAX

struct stream_event {
    enum stream_kind kind;
    uint32_t symbol; /* index, or STREAM_NO_SYMBOL: all */
    enum stream_channel channel;
    int64_t number; /* the feed's own number of a trade, which rises by one; -1: it has none */
    bool replayed;  /* a trade from before the connection, told again */
    bool amended;   /* a bar that was told before, as it is after late trades */
    int64_t wait;   /* STREAM_LEAVE: ns not to come back for; 0: the usual */
    enum exit_code code;
    struct str text;
    union {
        struct trade trade;
        struct quote quote;
        struct bar bar;
        struct book_change book;
    };
};

/* A request with the source's own credentials. */
struct stream_question {
    const char *method;
    struct buf path; /* and query */
};

struct stream;
struct stream_feed {
    const char *name, *title;
    const char *url;
    const char *credentials; /* names of secrets, separated by spaces; "" for none */
    const char *calendar;
    unsigned channels; /* what it has */
    int64_t ping;      /* ns of silence before a ping; 0: the client's */
    int64_t
        silence; /* ns after which a connection from which nothing comes is dead although it answers pings; 0: none */
    bool binary_json;    /* JSON may come in binary frames */
    bool confirms;       /* the server says which symbols it sends */
    bool numbers_trades; /* by one, within a symbol */
    bool whole_books;    /* each of its books is a snapshot */
    /* Does the variant tell the official close of the listing exchange? NULL: none does. */
    bool (*official)(const char *variant);
    int64_t say_every; /* ns between two messages of ours; 0: as they come */
    size_t most;       /* symbols times channels of a connection; 0: any */
    /* Append the connection's address to `url`, which holds the server's; for feeds that have parameters in it. NULL:
     * the server's alone. */
    int (*address)(struct stream *stream, struct buf *url, struct error *error);
    /* What must be asked of the source's REST server before a connection, and what the answer's body gives; NULL: none.
     */
    int (*question)(const struct stream *stream, struct stream_question *question, struct error *error);
    int (*answer)(struct stream *stream, struct str body, struct error *error);
    /* The same for a symbol's whole book, where the stream sends changes alone: the answer is given as STREAM_LEVELS.
     */
    int (*book_question)(const struct stream *stream, uint32_t symbol, struct stream_question *question,
                         struct error *error);
    int (*book_answer)(struct stream *stream, uint32_t symbol, struct str body, struct error *error);
    /* What the feed writes for our symbol, and nothing where it knows no such. */
    void (*spell)(char out[static SYMBOL_SIZE], const char *symbol);
    /* The connection is open: what is said first. STREAM_READY follows, at once or from a frame. */
    int (*greet)(struct stream *stream, struct error *error);
    /* Ask for symbols, or give them up. */
    int (*subscribe)(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error);
    int (*frame)(struct stream *stream, bool binary, struct str frame, struct error *error);
};

struct stream_symbol {
    char name[SYMBOL_SIZE];     /* ours */
    char spelling[SYMBOL_SIZE]; /* the feed's */
    int64_t sequence;           /* of the feed's own numbers, -1 before the first */
    double total;               /* Kite: the day's volume so far, -1 before the first */
    uint32_t token;             /* Kite: its instrument, 0 for none */
    bool asked;                 /* subscribed on this connection */
    char auction;               /* exchange of the last closing auction, 0 before the first */
};

struct stream {
    const struct stream_feed *feed;
    char source[ID_SIZE]; /* for `source` on records */
    const char *variant;  /* which of the feed's variants ("iex", "futures"); "" for the first */
    unsigned channels;    /* what is wanted of each symbol */
    int64_t depth;        /* levels of the book that are wanted */
    const struct secrets *secrets;
    char session[128]; /* what the answer to the question gave; "" */
    struct stream_symbol *symbol;
    size_t symbols, capacity;
    struct names spellings; /* by index of the symbol */
    struct names aliases;   /* other spellings, which `alias` leads to symbols */
    uint32_t *alias;
    size_t alias_capacity;
    int64_t received; /* wall clock of the frame */
    int (*take)(void *context, const struct stream_event *event, struct error *error);
    void *context;
    /* state of the connection: cleared by stream_reset */
    int64_t sequence; /* of the connection, -1 before the first */
    int64_t asked;    /* how many requests were numbered */
    int64_t answered; /* how many of them have been */
    bool ready;
    /* what went by */
    uint64_t frames, unknown, rounded;
    struct stream_event event; /* being filled */
    struct book_level *level;
    size_t level_capacity;
    struct buf scratch; /* of the event */
};

void stream_init(struct stream *stream, const struct stream_feed *feed, const char *source);
void stream_clear(struct stream *stream);
/* A new connection: what was agreed on the old one is void. */
void stream_reset(struct stream *stream);
/* The index of a symbol, added when new. EXIT_INPUT when the feed cannot have it. */
int64_t stream_symbol(struct stream *stream, const char *name, struct error *error);
/* Ask for symbols, or give them up; nothing without any. */
int stream_subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error);
/* The same for some of the channels that are wanted. */
int stream_subscribe_channels(struct stream *stream, uint32_t symbol, unsigned channels, bool on, struct error *error);
/* Decode a frame that was read at `received`. */
int stream_frame(struct stream *stream, bool binary, struct str frame, int64_t received, struct error *error);

extern const struct stream_feed *const stream_table[];
extern const int stream_count;
const struct stream_feed *stream_feed_find(const char *name);
extern const struct stream_feed stream_binance, stream_alpaca, stream_massive, stream_kraken, stream_coinbase,
    stream_kite, stream_tradier;

/* ---- for decoders ---- */

/* Errors of a frame. */
int stream_bad(const struct json_reader *reader, struct error *error);
int stream_bad_field(const char *what, struct error *error);
/* Another spelling of a symbol. */
int stream_alias(struct stream *stream, struct str spelling, uint32_t symbol, struct error *error);
/* The symbol of a spelling, STREAM_NO_SYMBOL when nobody asked for it (counted). */
uint32_t stream_find(struct stream *stream, const struct json *spelling);
/* The event of a kind, all its fields absent but symbol, source and `received`. */
struct stream_event *stream_event(struct stream *stream, enum stream_kind kind, uint32_t symbol);
/* Tell it. */
int stream_give(struct stream *stream, struct error *error);
int stream_say(struct stream *stream, struct buf *text, struct error *error);
int stream_tell(struct stream *stream, enum stream_kind kind, uint32_t symbol, enum stream_channel channel,
                struct str text, struct error *error);
/* The text of a venue's number of a trade. */
void stream_id(char id[static ID_SIZE], int64_t number);
/* A price or quantity: false where it is none or negative. */
bool stream_dec(struct stream *stream, const struct json *value, dec *result);
/* The same as a double, NaN for absent or null; false when it is something else. */
bool stream_double(const struct json *value, double *result);
/* Milliseconds since 1970, as a number or text. */
bool stream_milliseconds(const struct json *value, int64_t *time);
bool stream_rfc3339(const struct json *value, int64_t *time);
/* What a trade of a US stock does, by its conditions (market/sale_conditions.h). */
void stream_effect(struct stream *stream, struct trade *trade, bool numbers, char tape, char exchange);
/* ["@", "I"] or [37, 12] as "@ I" and "37 12", in `scratch`; "" for none. */
struct str stream_conditions(struct stream *stream, const struct json *array);
/* Append "A","B" of the spellings. */
void stream_add_spellings(const struct stream *stream, struct buf *out, const uint32_t *symbol, size_t count);
/* [["price", "quantity"], …] or [{"price":…, "qty":…}, …] behind the levels that are there already; how many, or -1. */
int64_t stream_levels(struct stream *stream, const struct json *array, const struct str *names, size_t from,
                      struct error *error);
/* A price level; grows. */
int stream_level_add(struct stream *stream, size_t at, const struct json *price, const struct json *quantity,
                     struct error *error);

#endif
