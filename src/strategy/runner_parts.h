/* What the files of the runner share. */
#ifndef TN_STRATEGY_RUNNER_PARTS_H
#define TN_STRATEGY_RUNNER_PARTS_H

#include "base/buf.h"
#include "base/hash.h"
#include "strategy/known.h"
#include "strategy/others.h"
#include "strategy/rules.h"
#include "strategy/strategy.h"

struct track {
    enum want side;         /* WANT_NONE until the strategy could judge */
    int64_t decided, first; /* when that was, and the first side of all */
    int64_t age;            /* closed bars since */
    int64_t named;          /* the decision that has a name: */
    char id[ID_SIZE];       /* or where ids are plain */
    uint64_t number;
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    uint64_t bars;
    bool passed; /* a symbol that the strategy does not go by */
    /* Of a ranking: */
    enum want chosen;    /* WANT_NONE before it was ranked … */
    uint64_t choice;     /* … for the last time */
    double weight;       /* when it was chosen */
    size_t noted;        /* its bar of the moment, counted from 1 */
    max_align_t state[]; /* the strategy's */
};

/* A bar of the moment that a ranking has taken in. */
struct noted {
    struct bar bar;
    struct series *series;
    struct rule_answer answer;
};

struct runner {
    struct strategy_use use;
    struct series_set *set;
    struct sha256 *hash;
    struct buf reason, basis;
    int number;          /* -1: ids are hashes */
    uint64_t decisions;  /* named plainly */
    struct levels level; /* of runner_bar: one row */
    const struct calendar *calendar;
    const struct symbol_calendars *calendars;
    struct others *others;       /* NULL: it asks for none */
    struct known *known;         /* likewise */
    struct foreign_run *foreign; /* NULL: it is no other program */
    bool ranks;
    struct noted *noted;
    struct rule_candidate *candidate;
    size_t notes, note_capacity, candidate_capacity;
    struct interval interval; /* of what is ranked */
    uint64_t choices;
    int64_t ranked_last, ranked_seen; /* rule_set_is_due */
};

/* A bar of a ranking: all of them have one interval, and each series one bar in a moment. */
int runner_rank_note(struct runner *runner, const struct bar *bar, struct error *error);
/* All bars of the moment have come: choose, when it is time to. */
int runner_rank_moment(struct runner *runner, struct error *error);
/* The row of a bar that was noted. */
void runner_rank_step(struct runner *runner, const struct series *series, struct levels *levels);

#endif
