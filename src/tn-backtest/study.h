/* What the commands share that run one strategy many times: its terms, the bars in memory, the cells. */
#ifndef TN_BACKTEST_STUDY_H
#define TN_BACKTEST_STUDY_H

#include "backtest/history.h"
#include "backtest/subject.h"
#include "base/pool.h"
#include "broker/account_terms.h"
#include "feed/input.h"
#include "strategy/grid.h"

/* --account --cash; --file --strict; --jobs. */
extern const struct option_spec study_terms_options[], study_input_options[], study_jobs_option[];
/* --random --latin --seed --where; --by --least-trades. */
extern const struct option_spec study_grid_options[], study_objective_options[];

struct study {
    struct invocation *invocation;
    struct config *config;
    struct account_terms account_terms;
    struct input *input; /* what is written goes through its flow, input_flow */
    struct subject subject;
    struct backtest_options terms;
    struct history *history;
    struct grid grid;
    struct expr *where;
    int workers;
    bool silent; /* writes no records, no `end` either */
    /* Operands, sorted: texts are argv's, arrays owned and NULL-terminated. */
    char **ranges, **files;
};

/* Operands, terms, strategy and ranges; nothing is read yet. study_close also after a failure. */
int study_open(struct study *study, struct invocation *invocation, struct error *error);
/* The terms of the desk, which is open. */
void study_terms(struct study *study, const char *account);
/* Opens the input and keeps what is in it. */
int study_read(struct study *study, struct error *error);
/* Ends the input's flow and frees everything; the exit code of the run. */
enum exit_code study_close(struct study *study, struct error *error);

/* The ranges as they were named, or those of the rule file. */
int study_grid(struct study *study, struct error *error);
/* The values of all parameters in a cell, drawn again while they are not permitted. 1: *parameter has them; 0: the
 * strategy or --where leaves the cell out; -1: error. */
int study_cell(struct study *study, uint64_t cell, double *parameter, struct error *error);
/* Once cells have been asked for: does --where go by parameters that there are? */
int study_check_where(const struct study *study, struct error *error);

/* What is best: a figure of metrics.h, among runs with trades enough. */
struct objective {
    int metric; /* in metric_table */
    bool least; /* less of it is better */
    uint64_t least_trades;
};
int study_objective(const struct study *study, struct objective *objective, struct error *error);
/* How good; NaN where it is undefined or there are too few trades. More is better, whatever the metric. */
double objective_of(const struct objective *objective, const struct metrics *metrics);
/* The same from the `metrics` of a record. */
double objective_read(const struct objective *objective, struct str metrics);
/* A figure of the `metrics` of a record; NaN when it is not there. */
double metrics_read(struct str metrics, const char *name);

#endif
