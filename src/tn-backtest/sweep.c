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

struct sweep {
    struct study study;
    struct objective objective;
    struct shard shard;
    uint64_t *cell; /* those that are run, in order */
    size_t kept, kept_capacity;
    uint64_t left_out;
    char id[ID_SIZE];
    struct buf head; /* its record, as a line */
    struct resume resume;
    size_t resumed; /* cells that the file had */
    struct progress *progress;
    size_t done;
    double best;
    char best_strategy[STRATEGY_SIZE];
    double best_trades;
};

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
    error_set(error, EXIT_USAGE, "--shard: '%s' is no shard", text);
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

static void add_params(struct buf *out, const struct strategy_use *use)
{
    for (int i = 0; i < use->strategy->parameters; i++) {
        buf_add_char(out, i == 0 ? '{' : ',');
        json_add_string(out, str_of(use->strategy->parameter[i].name));
        buf_add_char(out, ':');
        json_add_double(out, use->parameter[i]);
    }
    buf_add_text(out, use->strategy->parameters == 0 ? "{}" : "}");
}

/* By all that decides the cells, so that the shards of a sweep have one name. */
static int name_sweep(struct sweep *sweep, struct sweep_head *head, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char numbers[64];
    struct sha256 *hash = sweep->study.desk.hash;
    const struct str parts[] = {head->input,  str_of(head->strategy), head->params,
                                head->ranges, str_of(head->method),   head->where,
                                head->rules,  head->assumptions,      str_of(head->version)};
    if (sha256_begin(hash, error) != 0)
        return -1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (sha256_add(hash, parts[i].p, parts[i].n, error) != 0 || sha256_add(hash, "\n", 1, error) != 0)
            return -1;
    const int n = snprintf(numbers, sizeof numbers, "%lld %lld", (long long)head->cells, (long long)head->seed);
    if (sha256_add(hash, numbers, (size_t)n, error) != 0 || sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(head->sweep, "sw", 2);
    hash_base32(head->sweep + 2, digest, 80);
    memcpy(sweep->id, head->sweep, sizeof sweep->id);
    return 0;
}

static int digest_rules(const struct subject *subject, struct sha256 *hash, char hex[static SHA256_HEX_SIZE],
                        struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    hex[0] = '\0';
    if (!subject->in_file)
        return 0;
    if (sha256_of(hash, subject->rules.p, subject->rules.n, digest, error) != 0)
        return -1;
    hash_hex(hex, digest, SHA256_SIZE);
    return 0;
}

static int write_head(struct sweep *sweep, struct error *error)
{
    static const char *const methods[] = {"grid", "random", "latin"};
    const struct study *study = &sweep->study;
    const struct subject *subject = &study->subject;
    const char *where = option_text(study->invocation, "where", NULL);
    char rules[SHA256_HEX_SIZE];
    struct buf ranges, params;
    struct sweep_head head = {.time = history_last(study->history),
                              .where = where == NULL ? (struct str){NULL, 0} : str_of(where),
                              .cells = (int64_t)study->grid.cells,
                              .kept = (int64_t)sweep->kept,
                              .seed = (int64_t)study->grid.seed,
                              .input = str_of(history_input(study->history)),
                              .assumptions = history_assumptions(study->history)};
    buf_init(&ranges, 65536);
    buf_init(&params, 65536);
    grid_json(&study->grid, &ranges);
    add_params(&params, &subject->use);
    head.ranges = buf_str(&ranges);
    head.params = buf_str(&params);
    (void)snprintf(head.strategy, sizeof head.strategy, "%s", subject->use.strategy->name);
    (void)snprintf(head.method, sizeof head.method, "%s", methods[study->grid.method]);
    (void)snprintf(head.version, sizeof head.version, "%s", TN_VERSION);
    if (sweep->shard.of > 0)
        (void)snprintf(head.shard, sizeof head.shard, "%llu/%llu", (unsigned long long)sweep->shard.number,
                       (unsigned long long)sweep->shard.of);
    int status = buf_check(&ranges, error) != 0 || buf_check(&params, error) != 0 ||
                         digest_rules(subject, study->desk.hash, rules, error) != 0
                     ? -1
                     : 0;
    if (status == 0 && rules[0] != '\0')
        head.rules = str_of(rules);
    if (status == 0)
        status = name_sweep(sweep, &head, error);
    if (status == 0) {
        record_encode(&sweep->head, RECORD_SWEEP, &head);
        status = buf_check(&sweep->head, error);
    }
    buf_clear(&ranges);
    buf_clear(&params);
    return status;
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
        (void)snprintf(note, sizeof note, "best %.4g: %s", sweep->objective.least ? -figure : figure, cell.strategy);
        progress_note(sweep->progress, note);
    }
    progress_step(sweep->progress, (int64_t)++sweep->done);
out:
    buf_clear(&scratch);
    return status;
}

static int take_cell(void *context, uint64_t piece, struct str line, struct error *error)
{
    struct sweep *sweep = context;
    (void)piece;
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
            return error_set(error, EXIT_STATE, "'%s': its line %zu is none of this sweep", path, sweep->done + 2);
        }
        if (flow_write_line(input_flow(sweep->study.input), RECORD_CELL, line, error) != 0)
            return -1;
    }
    sweep->resumed = sweep->done;
    if (sweep->resumed > 0)
        say(sweep->study.invocation, 0, "%zu of %zu cells come from '%s'", sweep->resumed, sweep->kept, path);
    return 0;
}

static int run_cells(struct sweep *sweep, struct error *error)
{
    struct flow *flow = input_flow(sweep->study.input);
    sweep->progress = flow_progress(flow, "cells", (int64_t)sweep->kept);
    if (flow_write_line(flow, RECORD_SWEEP, buf_str(&sweep->head), error) != 0 || take_resumed(sweep, error) != 0)
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
    char left_out[64] = "";
    if (sweep->left_out > 0)
        (void)snprintf(left_out, sizeof left_out, ", %llu left out", (unsigned long long)sweep->left_out);
    if (isnan(sweep->best))
        say(invocation, 0, "cells: %zu%s; none has %llu trades and a %s, so none is the best", sweep->kept, left_out,
            (unsigned long long)sweep->objective.least_trades, metric->title);
    else
        say(invocation, 0, "cells: %zu%s; best by %s: %s with %.4g and %.0f trades", sweep->kept, left_out,
            metric->title, sweep->best_strategy, sweep->objective.least ? -sweep->best : sweep->best,
            sweep->best_trades);
}

static int run_sweep(struct sweep *sweep, struct error *error)
{
    struct study *study = &sweep->study;
    const char *shard = option_text(study->invocation, "shard", NULL);
    if ((shard != NULL && shard_parse(&sweep->shard, shard, error) != 0) ||
        study_objective(study, &sweep->objective, error) != 0 || study_grid(study, error) != 0 ||
        list_cells(sweep, error) != 0)
        return -1;
    if (sweep->kept == 0 && sweep->shard.of == 0) {
        error_set(error, EXIT_USAGE, "no cell is left: the strategy or --where permits none of %llu",
                  (unsigned long long)study->grid.cells);
        return -1;
    }
    return study_read(study, error) != 0 || write_head(sweep, error) != 0 ? -1 : run_cells(sweep, error);
}

enum exit_code backtest_sweep(struct invocation *invocation, struct error *error)
{
    struct sweep sweep = {.best = NAN, .resume = {.fd = -1}};
    buf_init(&sweep.head, RECORD_LINE_MAX);
    const bool done = study_open(&sweep.study, invocation, error) == 0 && run_sweep(&sweep, error) == 0;
    const enum exit_code code = study_close(&sweep.study, error);
    if (done)
        tell_best(&sweep);
    resume_close(&sweep.resume);
    buf_clear(&sweep.head);
    free(sweep.cell);
    return code;
}
