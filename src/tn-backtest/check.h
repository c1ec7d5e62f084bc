/* What the checks of a result share. */
#ifndef TN_BACKTEST_CHECK_H
#define TN_BACKTEST_CHECK_H

#include "tn-backtest/study.h"

/* One run, as far as the checks ask. */
struct outcome_of_run {
    struct buf fills; /* lines, in order */
    struct buf result;
    double gain, sharpe;
    uint64_t trades;
    double *pnl;
    size_t count, capacity;
};

struct checker {
    struct study study;
    struct strategy_use unit[RULE_UNITS_MAX]; /* the strategy as it is run */
    int units;
    struct outcome_of_run base;
    int64_t *day;
    size_t days;
    int failed, doubtful;
};

enum grade { GRADE_PASSED, GRADE_DOUBTFUL, GRADE_FAILED };

void check_run_init(struct outcome_of_run *run);
void check_run_clear(struct outcome_of_run *run);
/* The options of a run that is kept in *run. */
struct backtest_options check_options(const struct checker *checker, struct outcome_of_run *run);
/* Runs a part of the history. */
int check_run_part(const struct checker *checker, const struct backtest_options *options,
                   const struct history_part *part, struct outcome_of_run *run, struct error *error);
void check_note_figures(struct outcome_of_run *run, const struct backtest *backtest);
/* An answer; NaN: it has no such figure. */
int check_write(struct checker *checker, const char *name, enum grade grade, double gain, double sharpe,
                const char *text, struct error *error);
/* check_prefixes.c: what the first bars lead to must not change with the bars that follow. */
int check_prefixes(struct checker *checker, struct error *error);
/* check_delay.c: every decision one bar later. */
int check_delay(struct checker *checker, struct error *error);

#endif
