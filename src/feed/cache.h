/* bars.db: what sources have answered, kept so that only what is missing is asked for again. Safe to delete.
 *
 * A series is a symbol's bars of one source. The source is an adapter with its feed, at one server; the calendar,
 * interval, adjustment and session hours are part of it too, so bars that are not comparable never meet. Bars and
 * actions are kept as they were answered; only finished bars are. What of the time line was asked for is kept beside
 * them: a time that was asked for and has no bar has none. Two processes may use the file at once. */
#ifndef TN_FEED_CACHE_H
#define TN_FEED_CACHE_H

#include "feed/actions.h"

struct cache;

enum cache_use {
    CACHE_READ,  /* nothing is asked: the file must exist and is not written */
    CACHE_WRITE, /* made when it is not there */
};

struct cache_key {
    const char *source; /* "alpaca:iex" */
    const char *origin; /* the server, or the program, that was asked */
    const char *calendar;
    struct interval interval;
    enum adjusted adjusted;
    bool extended;
};

/* What is known of a series. */
struct cache_series {
    int64_t id;      /* 0: nothing was asked yet */
    int64_t epoch;   /* rises whenever what was kept turned out to be on another basis and was thrown away */
    int64_t asked;   /* the present moment when its end was asked for last; TIME_NONE: never */
    int64_t fetched; /* the wall clock of its last answer; TIME_NONE: there is none */
    int64_t actions_from, actions_asked; /* its actions since then are known, as of that moment; TIME_NONE: none are */
    int64_t used;                        /* the wall clock of a day on which it was asked for */
};

/* A stretch of the time line: from <= time < to. */
struct cache_range {
    int64_t from, to;
};

/* An answer: all the bars of a stretch, finished ones, in order of time. */
struct cache_answer {
    struct cache_range asked;
    int64_t known_to; /* bars that begin before are all there: what is absent does not exist */
    int64_t now;      /* the present moment of the question */
    int64_t clock;    /* the wall clock when it was asked */
    bool at_end;      /* it asked for all up to now */
    const struct bar *bar;
    size_t bars;
};

/* What an answer changed in what was kept. */
struct cache_change {
    size_t added, corrected, withdrawn;
    bool rebased;      /* the basis of the prices has changed: only this answer is kept */
    bool outdated;     /* another process has a later answer on another basis: this one is not kept */
    bool empty;        /* it has no bar where some are kept: it is not believed */
    struct bar before; /* the last one corrected in price or withdrawn; its time is TIME_NONE when there is none */
    struct bar after;
};

struct cache *cache_open(const char *path, enum cache_use use, struct error *error);
void cache_close(struct cache *cache); /* NULL is allowed */

/* A write transaction, or a snapshot to read from. */
int cache_begin(struct cache *cache, bool write, struct error *error);
int cache_commit(struct cache *cache, struct error *error);
void cache_rollback(struct cache *cache);

int cache_find(struct cache *cache, const struct cache_key *key, const char *symbol, struct cache_series *series,
               struct error *error);
/* The same within a write transaction; made when it is not there, and noted as used on this day. */
int cache_make(struct cache *cache, const struct cache_key *key, const char *symbol, int64_t clock,
               struct cache_series *series, struct error *error);
/* The stretches of `wanted` that were never asked for, in order, into a list that grows (base/list.h). */
int cache_missing(struct cache *cache, int64_t series, struct cache_range wanted, struct cache_range **missing,
                  size_t *count, size_t *capacity, struct error *error);
/* The time of the n-th bar before a moment (n from 1), or of the n-th at or after it (n below 0); of the farthest there
 * is when they are fewer: 1; 0: there is none. */
int cache_neighbour(struct cache *cache, int64_t series, int64_t moment, int n, int64_t *time, struct error *error);

/* Keep an answer, within a write transaction. */
int cache_keep(struct cache *cache, const struct cache_key *key, struct cache_series *series,
               const struct cache_answer *answer, struct cache_change *change, struct error *error);
/* Replace the actions of the dates of a stretch by those of the answer. */
int cache_keep_actions(struct cache *cache, struct cache_series *series, struct cache_range asked, int64_t now,
                       const struct calendar *calendar, struct action_set *actions, struct error *error);

/* Append the kept bars of a stretch to a list, in order, with what the key says of them. */
int cache_load(struct cache *cache, const struct cache_key *key, const char *symbol, int64_t series,
               struct cache_range range, struct bar **bar, size_t *count, size_t *capacity, struct error *error);
/* Add the kept actions of the dates of a stretch to a set. */
int cache_load_actions(struct cache *cache, const char *symbol, int64_t series, struct cache_range range,
                       const struct calendar *calendar, struct action_set *actions, struct error *error);

/* What is kept of the series that have all this in common, for people. */
struct cache_line {
    struct str source, symbol, interval, adjusted, session, calendar, origin; /* until the next; symbol "" for many */
    int64_t series, bars, actions, corrections;
    int64_t first, last; /* times of bars; TIME_NONE without one */
    int64_t asked, used; /* when the last of them was asked for at its source, and wanted by anyone */
};

/* Lines in order of source, symbol, interval; texts that are not NULL choose. Series are put together over all symbols
 * unless one is named. `line` returns 0 to go on. */
int cache_list(struct cache *cache, const char *source, const char *symbol,
               int (*line)(void *context, const struct cache_line *line, struct error *error), void *context,
               struct error *error);
/* Forget series that nobody has wanted since a moment (TIME_NONE: whatever their use): *forgotten of them. */
int cache_forget(struct cache *cache, const char *source, const char *symbol, int64_t unused_since, int64_t *forgotten,
                 struct error *error);

#endif
