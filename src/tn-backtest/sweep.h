/* The parts of a sweep that several files need. */
#ifndef TN_BACKTEST_SWEEP_H
#define TN_BACKTEST_SWEEP_H

#include "backtest/trials.h"
#include "tn-backtest/study.h"

/* k of --shard k/N: the cells with i mod N = k − 1. N 0: not a shard. */
struct shard {
    uint64_t number, of;
};

int shard_parse(struct shard *shard, const char *text, struct error *error);

/* What the many cells say of the best one: the trial ledger and White's reality check. */
struct verdict;
struct verdict *verdict_new(struct study *study, const struct sweep_head *head, struct error *error);
void verdict_free(struct verdict *verdict); /* NULL is allowed */
/* Before cells are run: how many returns do they have? The reality check is left out where it would be of a part of
 * what was tried. */
int verdict_prepare(struct verdict *verdict, uint64_t cell, bool partial, struct error *error);
/* In a worker: appends what chance makes of a cell's returns / here: takes it. */
void verdict_add_chance(struct verdict *verdict, const struct metrics *metrics, struct buf *out);
int verdict_take_chance(struct verdict *verdict, struct str chance, struct error *error);
/* Trials that are no cells of the output. */
int verdict_add(struct verdict *verdict, const struct trials *trials, struct error *error);
int verdict_cell(struct verdict *verdict, const struct sweep_cell *cell, struct error *error);
/* All cells have come: they go into the ledger, and the best is judged as the best of all trials of its kind. */
void verdict_reach(struct verdict *verdict, const char *best_run);
void verdict_tell(const struct verdict *verdict, const struct invocation *invocation);

/* A file of --resume: what has been worked out is read from it, what is new is added. */
struct resume {
    int fd; /* -1: none */
    const char *path;
    struct buf text;  /* what it held, up to the last whole line */
    size_t at;        /* of `text` */
    struct buf added; /* not written yet */
    int64_t written;  /* when that was last done */
};

/* Opens or makes it, and takes the head away: that must be `head`, or nothing. EXIT_STATE: it is of another sweep. */
int resume_open(struct resume *resume, const char *path, struct str head, struct error *error);
/* 1: *line (LF included) is the next that it held; 0: no more. */
int resume_next(struct resume *resume, struct str *line);
int resume_add(struct resume *resume, struct str line, struct error *error);
/* Writes and syncs what is left. */
int resume_finish(struct resume *resume, struct error *error);
void resume_close(struct resume *resume);

/* A sweep under way. */
struct sweep {
    struct study study;
    struct objective objective;
    struct shard shard;
    uint64_t *cell; /* those that are run, in order */
    size_t kept, kept_capacity;
    uint64_t left_out;
    uint64_t halving;      /* one in so many goes on from round to round; 0: none */
    struct trials dropped; /* in its rounds */
    char id[ID_SIZE];
    struct buf head; /* its record, as a line */
    struct resume resume;
    size_t resumed; /* cells that the file had */
    struct progress *progress;
    size_t done;
    double best;
    char best_strategy[STRATEGY_SIZE], best_run[ID_SIZE];
    double best_trades;
    struct verdict *verdict; /* NULL for a shard */
};

/* halving.c: leaves those cells that are to be run on all days; the bars have been read. */
int sweep_halve(struct sweep *sweep, uint64_t share, struct error *error);
/* sweep_head.c: its record, as the line `head`, and its name; the verdict too, where it is whole. */
int sweep_make_head(struct sweep *sweep, struct error *error);

#endif
