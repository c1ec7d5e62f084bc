/* The parts of a sweep that several files need. */
#ifndef TN_BACKTEST_SWEEP_H
#define TN_BACKTEST_SWEEP_H

#include "tn-backtest/study.h"

/* k of --shard k/N: the cells with i mod N = k − 1. N 0: not a shard. */
struct shard {
    uint64_t number, of;
};

int shard_parse(struct shard *shard, const char *text, struct error *error);

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

#endif
