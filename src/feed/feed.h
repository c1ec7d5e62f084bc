/* Data sources: what can be asked for bars and corporate actions of symbols, one struct and one file each, in
 * feed_table.
 *
 * A source is opened once and then gives one stream per symbol; streams of one source are independent and may be open
 * at the same time. A stream delivers bars and actions in order of time, bars of the asked interval or of a finer one
 * (the caller resamples), and may deliver more than the asked range at its start. */
#ifndef TN_FEED_FEED_H
#define TN_FEED_FEED_H

#include "base/names.h"
#include "base/zone.h"
#include "feed/csv_format.h"
#include "market/calendar.h"
#include "record/types.h"

/* Whether times in files are the starts or the ends of bars. */
enum csv_stamps { CSV_STAMPS_FOUND /* the file shows it */, CSV_STAMPS_START, CSV_STAMPS_END };

struct feed_request {
    const char *name;     /* for `source` on the records; "" for none */
    const char *argument; /* what follows the colon: a path for csv */
    struct interval interval;
    int64_t from, to; /* wanted: from <= time of the bar < to; TIME_NONE: no bound */
    int64_t last;     /* only so many bars at the end are wanted; 0: all */
    int64_t now;      /* nothing after it exists yet */
    const struct calendar *calendar;
    const struct zone *csv_zone; /* of local times in files */
    bool csv_zone_said;          /* by the user; else it is the exchange's */
    struct csv_options csv;      /* what is said about files */
    enum csv_stamps csv_stamps;
    enum adjusted adjusted; /* what the file's prices are; ADJUSTED_NONE: the file shows it, or they are raw */
    bool actions_said;      /* corporate actions come from elsewhere */
    enum adjusted wanted;   /* put the prices on that basis; ADJUSTED_NONE: as they come */
    const char *accepted;   /* jumps of prices that are known: "AAPL 2020-08-31, XYZ 2003-02-18"; NULL: none */
    uint64_t seed;
    int64_t begins;                /* date on which a synthetic market opens for the first time */
    bool extended;                 /* bars outside the sessions too */
    const struct rest *rest;       /* of a source that is asked over the network (feed/rest.h) */
    const struct repairs *repairs; /* that the user has accepted (feed/repairs.h); NULL for none */
    struct agree_sources *agree;   /* of several that are compared (feed/agree.h) */
    /* A bad line: count it, say it, and return 0 to go on (with the error cleared), or put the place before the error
     * and return -1 to stop. */
    int (*bad)(void *context, const char *file, uint64_t line, struct error *error);
    /* Something worth knowing about a symbol that is no error. */
    void (*note)(void *context, const char *symbol, const char *text);
    /* Something that the user must know, of a symbol or of all (""); the hint may be NULL. */
    void (*warn)(void *context, const char *symbol, const char *text, const char *hint);
    void *context;
};

struct feed_item {
    enum record_type type; /* RECORD_BAR, RECORD_ACTION, RECORD_ANOMALY or (of a merged feed) RECORD_GAP */
    int64_t begins;        /* RECORD_ANOMALY and RECORD_GAP: the time of the bar that shows it */
    const char *deltas;    /* RECORD_BAR of sources that were compared: a JSON object; lives as long as the source */
    union {
        struct bar bar;
        struct action action; /* its slices live as long as the stream */
        struct anomaly anomaly;
        struct gap gap; /* bars within a day that a coarser one was made without */
    };
};

struct feed_stream;

struct feed {
    const char *name;     /* "csv" */
    const char *argument; /* "PATH"; NULL when it takes none */
    const char *summary;
    /* *source belongs to the caller until close. The request must outlive the source. */
    int (*open)(void **source, const struct feed_request *request, struct error *error);
    void (*close)(void *source);
    /* Adds every symbol the source has; EXIT_USAGE when it cannot know. */
    int (*symbols)(void *source, struct names *symbols, struct error *error);
    /* Called once with all symbols before the first is started, for who asks for many at once; may be NULL. */
    int (*prepare)(void *source, const struct names *symbols, struct error *error);
    /* The symbol is a valid one. NULL when it cannot be had: EXIT_UNAVAILABLE not there, EXIT_INPUT unreadable. */
    struct feed_stream *(*start)(void *source, const char *symbol, struct error *error);
    /* 1: *item is the next; 0: no more; -1: error. */
    int (*next)(struct feed_stream *stream, struct feed_item *item, struct error *error);
    void (*stop)(struct feed_stream *stream);
};

extern const struct feed feed_csv, feed_sim;

/* 1 to 32 printable ASCII characters without a space, no '/' first: what every source takes as a symbol. */
bool feed_symbol_is_valid(struct str symbol);

extern const struct feed *const feed_table[];
extern const int feed_count;

/* The feed of "csv:PATH" or "sim"; *argument points to what follows the colon, or to "". Unknown: EXIT_USAGE with the
 * nearest name. */
const struct feed *feed_find(const char *text, const char **argument, struct error *error);

#endif
