/* tn-backtest sweep: one strategy with many values of its parameters. */
#include "tn-backtest/sweep.h"

#include "base/list.h"
#include "base/num.h"
#include "base/progress.h"
#include "record/record.h"
#include "tn-backtest/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int shard_parse(struct shard *shard, const char *text, struct error *error)
{
    const char *slash = strchr(text, '/');
    int64_t number = 0, of = 0;
    char first[24];
    if (slash == NULL || (size_t)(slash - text) >= sizeof first)
        goto bad;
    memcpy(first, text, (size_t)(slash - text));
    first[slash - text] = '\0';
    if (num_parse_int(&of, slash + 1, 1, 1000000, error) != 0 || num_parse_int(&number, first, 1, of, error) != 0) {
        error_clear(error);
        goto bad;
    }
    *shard = (struct shard){.number = (uint64_t)number, .of = (uint64_t)of};
    return 0;
bad:
    error_set(error, EXIT_USAGE, "--shard: '%s' is not a shard", text);
    error_hint(error, "--shard 1/4 is the first of four");
    return -1;
}

/* Which cells are to be run here. */
static int list_cells(struct sweep *sweep, struct error *error)
{
    double parameter[STRATEGY_PARAMS_MAX];
    struct study *study = &sweep->study;
    const uint64_t step = sweep->shard.of > 0 ? sweep->shard.of : 1;
    uint64_t asked = 0;
    for (uint64_t i = sweep->shard.of > 0 ? sweep->shard.number - 1 : 0; i < study->grid.cells; i += step) {
        const int kept = study_cell(study, i, parameter, error);
        asked++;
        if (kept < 0)
            return -1;
        if (kept == 0)
            continue;
        if (list_grow(&sweep->cell, &sweep->kept_capacity, sweep->kept, sizeof *sweep->cell, error) != 0)
            return -1;
        sweep->cell[sweep->kept++] = i;
    }
    sweep->left_out = asked - sweep->kept;
    return study_check_where(study, error);
}

/* The record of a cell from the result of its run. */
struct cell_writer {
    const struct sweep *sweep;
    uint64_t cell;
    struct buf *out;
};

static int write_cell(void *context, const struct result *result, struct error *error)
{
    const struct cell_writer *writer = context;
    struct sweep_cell cell = {.cell = (int64_t)writer->cell,
                              .params = result->params,
                              .metrics = result->metrics,
                              .outcome = result->outcome};
    memcpy(cell.sweep, writer->sweep->id, sizeof cell.sweep);
    memcpy(cell.run, result->run, sizeof cell.run);
    memcpy(cell.strategy, result->strategy, sizeof cell.strategy);
    record_encode(writer->out, RECORD_CELL, &cell);
    return buf_check(writer->out, error);
}

static int run_cell(void *context, uint64_t piece, struct buf *out, struct error *error)
{
    struct sweep *sweep = context;
    struct study *study = &sweep->study;
    struct cell_writer writer = {.sweep = sweep, .cell = sweep->cell[sweep->resumed + piece], .out = out};
    const struct result_sink sink = {.take = write_cell, .context = &writer};
    double parameter[STRATEGY_PARAMS_MAX];
    struct strategy_use use;
    const int kept = study_cell(study, writer.cell, parameter, error);
    require(kept != 0);
    if (kept < 0 || subject_use(&study->subject, parameter, &use, error) != 0)
        return -1;
    struct backtest *backtest = subject_run(&study->terms, study->history, &use, NULL, &sink, error);
    if (backtest == NULL)
        error_prefix(error, "%s", use.instance);
    else if (sweep->verdict != NULL)
        verdict_add_chance(sweep->verdict, backtest_metrics(backtest), out);
    backtest_free(backtest);
    strategy_use_clear(&use);
    return backtest == NULL ? -1 : 0;
}

/* A line of a cell: is it the best so far? */
static int note_cell(struct sweep *sweep, struct str line, struct error *error)
{
    struct record record = {.fields = 0};
    struct sweep_cell cell;
    struct buf scratch;
    buf_init(&scratch, RECORD_LINE_MAX);
    record.scratch = &scratch;
    int status = -1;
    if (line.n < 2 || record_scan(&record, line.p, line.n - 1, error) != 0 || record.type != RECORD_CELL ||
        record_decode(&record, &cell, error) != 0)
        goto out;
    status = strcmp(cell.sweep, sweep->id) == 0 && (uint64_t)cell.cell == sweep->cell[sweep->done] ? 0 : -1;
    if (status != 0)
        goto out;
    const double figure = objective_read(&sweep->objective, cell.metrics);
    if (!isnan(figure) && (isnan(sweep->best) || figure > sweep->best)) {
        char note[STRATEGY_SIZE + 64];
        sweep->best = figure;
        sweep->best_trades = metrics_read(cell.metrics, "trades");
        memcpy(sweep->best_strategy, cell.strategy, sizeof sweep->best_strategy);
        memcpy(sweep->best_run, cell.run, sizeof sweep->best_run);
        (void)snprintf(note, sizeof note, "best %.4g: %s", sweep->objective.least ? -figure : figure, cell.strategy);
        progress_note(sweep->progress, note);
    }
    if (sweep->verdict != NULL)
        status = verdict_cell(sweep->verdict, &cell, error);
    progress_step(sweep->progress, (int64_t)++sweep->done);
out:
    buf_clear(&scratch);
    return status;
}

static int take_cell(void *context, uint64_t piece, struct str result, struct error *error)
{
    struct sweep *sweep = context;
    const char *end = memchr(result.p, '\n', result.n);
    (void)piece;
    require(end != NULL);
    const struct str line = {result.p, (size_t)(end - result.p) + 1};
    if (sweep->verdict != NULL &&
        verdict_take_chance(sweep->verdict, (struct str){line.p + line.n, result.n - line.n}, error) != 0)
        return -1;
    if (note_cell(sweep, line, error) != 0 || resume_add(&sweep->resume, line, error) != 0)
        return -1;
    return flow_write_line(input_flow(sweep->study.input), RECORD_CELL, line, error);
}

/* What the file of --resume has already. */
static int take_resumed(struct sweep *sweep, struct error *error)
{
    struct str line;
    const char *path = option_text(sweep->study.invocation, "resume", NULL);
    if (path == NULL)
        return 0;
    if (resume_open(&sweep->resume, path, buf_str(&sweep->head), error) != 0)
        return -1;
    while (resume_next(&sweep->resume, &line) == 1) {
        if (sweep->done == sweep->kept || note_cell(sweep, line, error) != 0) {
            error_clear(error);
            return error_set(error, EXIT_STATE, "'%s': line %zu is not of this sweep", path, sweep->done + 2);
        }
        if (flow_write_line(input_flow(sweep->study.input), RECORD_CELL, line, error) != 0)
            return -1;
    }
    sweep->resumed = sweep->done;
    if (sweep->resumed > 0)
        say(sweep->study.invocation, 0, "%zu of %zu cells are read from '%s'", sweep->resumed, sweep->kept, path);
    return 0;
}

static int run_cells(struct sweep *sweep, struct error *error)
{
    struct flow *flow = input_flow(sweep->study.input);
    sweep->progress = flow_progress(flow, "cells", (int64_t)sweep->kept);
    if (flow_write_line(flow, RECORD_SWEEP, buf_str(&sweep->head), error) != 0 || take_resumed(sweep, error) != 0)
        return -1;
    if (sweep->verdict != NULL && sweep->kept > sweep->resumed &&
        verdict_prepare(sweep->verdict, sweep->cell[0], sweep->resumed > 0 || sweep->halving > 0, error) != 0)
        return -1;
    const struct pool_work work = {.workers = sweep->study.workers,
                                   .count = sweep->kept - sweep->resumed,
                                   .work = run_cell,
                                   .take = take_cell,
                                   .context = sweep};
    return pool_run(&work, error) != 0 ? -1 : resume_finish(&sweep->resume, error);
}

/* What came of it, to whoever watches. */
static void tell_best(const struct sweep *sweep)
{
    const struct invocation *invocation = sweep->study.invocation;
    const struct metric *metric = &metric_table[sweep->objective.metric];
    char left_out[128] = "";
    if (sweep->left_out > 0)
        (void)snprintf(left_out, sizeof left_out, ", %llu left out", (unsigned long long)sweep->left_out);
    if (sweep->halving > 0) {
        const size_t used = strlen(left_out);
        (void)snprintf(left_out + used, sizeof left_out - used, ", %llu dropped on fewer days",
                       (unsigned long long)sweep->study.grid.cells - sweep->left_out - sweep->kept);
    }
    if (isnan(sweep->best))
        say(invocation, 0, "cells: %zu%s; none has %llu trades and a %s, so there is no best one", sweep->kept,
            left_out, (unsigned long long)sweep->objective.least_trades, metric->title);
    else
        say(invocation, 0, "cells: %zu%s; best by %s: %s with %.4g and %.0f trades", sweep->kept, left_out,
            metric->title, sweep->best_strategy, sweep->objective.least ? -sweep->best : sweep->best,
            sweep->best_trades);
}

static int run_sweep(struct sweep *sweep, struct error *error)
{
    struct study *study = &sweep->study;
    const char *shard = option_text(study->invocation, "shard", NULL);
    sweep->halving = (uint64_t)option_count(study->invocation, "halving", 0);
    if (sweep->halving > 0 && (shard != NULL || option_given(study->invocation, "resume")))
        return error_set(error, EXIT_USAGE, "--halving compares all cells and cannot be used with --%s",
                         shard != NULL ? "shard" : "resume");
    if ((shard != NULL && shard_parse(&sweep->shard, shard, error) != 0) ||
        study_objective(study, &sweep->objective, error) != 0 || study_grid(study, error) != 0 ||
        list_cells(sweep, error) != 0)
        return -1;
    if (sweep->kept == 0 && sweep->shard.of == 0) {
        error_set(error, EXIT_USAGE, "no cell is left: the strategy or --where excludes all %llu",
                  (unsigned long long)study->grid.cells);
        return -1;
    }
    if (study_read(study, error) != 0 || (sweep->halving > 0 && sweep_halve(sweep, sweep->halving, error) != 0))
        return -1;
    return sweep_make_head(sweep, error) != 0 ? -1 : run_cells(sweep, error);
}

enum exit_code backtest_sweep(struct invocation *invocation, struct error *error)
{
    struct sweep sweep = {.best = NAN, .resume = {.fd = -1}};
    trials_init(&sweep.dropped);
    buf_init(&sweep.head, RECORD_LINE_MAX);
    const bool done = study_open(&sweep.study, invocation, error) == 0 && run_sweep(&sweep, error) == 0;
    if (done && sweep.verdict != NULL)
        verdict_reach(sweep.verdict, sweep.best_run);
    const enum exit_code code = study_close(&sweep.study, error);
    if (done)
        tell_best(&sweep);
    if (done && sweep.verdict != NULL)
        verdict_tell(sweep.verdict, invocation);
    verdict_free(sweep.verdict);
    trials_clear(&sweep.dropped);
    resume_close(&sweep.resume);
    buf_clear(&sweep.head);
    free(sweep.cell);
    return code;
}
