/* tn-report sweep: the best cells of a sweep, side by side. */
#include "base/list.h"
#include "base/num.h"
#include "stat/metrics.h"
#include "tn-report/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec sweep_options[] = {
    {.name = "by", .kind = OPTION_TEXT, .argument = "METRIC", .summary = "figure to sort by (default: sharpe)"},
    {.name = "least-trades",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "leave out cells with fewer trades (default: 30)",
     .low = 0,
     .high = INT32_MAX},
    {.name = "count",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "number of cells, 0 for all (default: 20 in a table, else all)",
     .low = 0,
     .high = INT32_MAX},
    {.name = NULL},
};

/* Beside what they are sorted by. */
static const char *const shown[] = {"return",       "sharpe",        "sharpe_probability",
                                    "max_drawdown", "profit_factor", "trades"};
#define SHOWN ((int)(sizeof shown / sizeof *shown))

static const struct column columns[] = {
    {.key = "cell", .kind = COLUMN_COUNT, .rank = 2},
    {.key = "strategy", .kind = COLUMN_TEXT},
    {.key = "by", .title = "figure", .kind = COLUMN_DOUBLE, .digits = 4},
    {.key = "return", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
    {.key = "sharpe", .title = "Sharpe", .kind = COLUMN_DOUBLE, .digits = 2},
    {.key = "sharpe_probability", .title = "above 0", .kind = COLUMN_FRACTION, .digits = 1, .rank = 1},
    {.key = "max_drawdown", .title = "drawdown", .kind = COLUMN_FRACTION, .digits = 2},
    {.key = "profit_factor", .title = "profit factor", .kind = COLUMN_DOUBLE, .digits = 2, .rank = 3},
    {.key = "trades", .kind = COLUMN_COUNT},
};

struct cell_row {
    int64_t cell;
    char strategy[STRATEGY_SIZE];
    double figure, weight; /* of the metric; more is better */
    double shown[sizeof shown / sizeof *shown];
};

struct cells {
    const struct metric *metric;
    struct cell_row *row;
    size_t count, capacity, few; /* cells with too few trades or without the figure */
    double least_trades;
    struct buf head; /* a line for people */
};

static double figure_of(const struct field *member)
{
    struct error ignored = {0};
    double value;
    return member->kind == VALUE_NUMBER && num_parse(&value, member->value.p, member->value.n, &ignored) == 0 ? value
                                                                                                              : NAN;
}

static int take_cell(struct cells *cells, const struct record *record, struct error *error)
{
    struct sweep_cell cell;
    struct field member;
    struct cell_row row = {.figure = NAN};
    if (record_decode(record, &cell, error) != 0)
        return -1;
    for (int i = 0; i < SHOWN; i++)
        row.shown[i] = NAN;
    while (raw_next(&cell.metrics, &member)) {
        if (str_is(member.key, cells->metric->name))
            row.figure = figure_of(&member);
        for (int i = 0; i < SHOWN; i++)
            if (str_is(member.key, shown[i]))
                row.shown[i] = figure_of(&member);
    }
    if (isnan(row.figure) || !(row.shown[SHOWN - 1] >= cells->least_trades)) {
        cells->few++;
        return 0;
    }
    row.cell = cell.cell;
    row.weight = metric_less_is_better(cells->metric) ? -row.figure : row.figure;
    memcpy(row.strategy, cell.strategy, sizeof row.strategy);
    if (list_grow(&cells->row, &cells->capacity, cells->count, sizeof *cells->row, error) != 0)
        return -1;
    require(cells->row != NULL);
    cells->row[cells->count++] = row;
    return 0;
}

static int take_head(struct cells *cells, const struct record *record, struct error *error)
{
    struct sweep_head head;
    if (record_decode(record, &head, error) != 0)
        return -1;
    buf_printf(&cells->head, "%s %s: %s, %lld of %lld cells, bars %.12s", head.sweep, head.shard, head.strategy,
               (long long)head.kept, (long long)head.cells, head.input.n >= 12 ? head.input.p : "");
    if (head.where.n > 0)
        buf_printf(&cells->head, ", where " STR_FMT, STR_ARG(head.where));
    buf_add_char(&cells->head, '\n');
    return 0;
}

/* The best first; equal ones in the order of the sweep. */
static int compare_rows(const void *a, const void *b)
{
    const struct cell_row *x = a, *y = b;
    return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
                                  : (x->cell > y->cell) - (x->cell < y->cell);
}

static int read_cells(struct cells *cells, const struct view *view, enum exit_code *code, struct error *error)
{
    const struct flow_options options = {.program = view->options.program,
                                         .invocation = view->options.invocation,
                                         .files = view->files,
                                         .strict = view->options.strict,
                                         .quiet = view->options.quiet,
                                         .no_end = true};
    struct flow *flow = flow_open(&options, error);
    const struct record *record;
    int got = flow == NULL ? -1 : 1;
    while (got == 1 && (got = flow_next(flow, &record, error)) == 1) {
        const int status = record->type == RECORD_CELL    ? take_cell(cells, record, error)
                           : record->type == RECORD_SWEEP ? take_head(cells, record, error)
                                                          : 0;
        if (status != 0 && (error->code != EXIT_INPUT || flow_bad(flow, error) != 0))
            got = -1;
    }
    struct error late = {0};
    if (flow != NULL)
        *code = flow_close(flow, got < 0 ? &late : error);
    return got < 0 || error_is_set(error) ? -1 : 0;
}

static int show(struct view *view, struct cells *cells, size_t count, struct error *error)
{
    struct column own[sizeof columns / sizeof *columns];
    const bool people = view->style.format == FORMAT_TABLE;
    struct buf out;
    memcpy(own, columns, sizeof own);
    own[2].title = cells->metric->title;
    own[2].kind = cells->metric->unit == METRIC_FRACTION ? COLUMN_FRACTION : COLUMN_DOUBLE;
    own[2].digits = 2;
    for (int i = 0; i < SHOWN && people; i++) /* once is enough for people */
        own[2].data_only = own[2].data_only || strcmp(shown[i], cells->metric->name) == 0;
    view->table = table_new("sweep_row", own, (int)(sizeof own / sizeof *own), error);
    if (view->table == NULL)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const struct cell_row *row = &cells->row[i];
        table_count(view->table, row->cell);
        table_text(view->table, row->strategy);
        table_double(view->table, row->figure);
        for (int k = 0; k < SHOWN - 1; k++)
            table_double(view->table, row->shown[k]);
        table_count(view->table, (int64_t)row->shown[SHOWN - 1]);
    }
    if (!people)
        return table_show(view->table, &view->style, error);
    buf_init(&out, (size_t)1 << 28);
    style_add(&out, (struct str){cells->head.p, cells->head.n > 0 ? cells->head.n - 1 : 0}, &view->style);
    buf_add_text(&out, "\n\n");
    int status = table_render(view->table, &view->style, &out, error);
    if (cells->count > count)
        buf_printf(&out, "%zu more; --count N shows them\n", cells->count - count);
    if (cells->few > 0)
        buf_printf(&out, "%zu with fewer than %.0f trades, or without the metric, are left out (--least-trades)\n",
                   cells->few, cells->least_trades);
    if (status == 0)
        status = style_write(&out, error);
    buf_clear(&out);
    return status;
}

enum exit_code report_sweep(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct cells cells = {.metric = metric_find(option_text(invocation, "by", "sharpe")),
                          .least_trades = (double)option_count(invocation, "least-trades", 30)};
    enum exit_code code = EXIT_DONE;
    buf_init(&cells.head, (size_t)1 << 20);
    int status = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (status == 0 && cells.metric == NULL) {
        status = error_set(error, EXIT_USAGE, "--by: there is no metric '%s'", option_text(invocation, "by", ""));
        error_hint(error, "tn-report summary --explain lists them");
    }
    if (status == 0)
        status = read_cells(&cells, &view, &code, error);
    if (status == 0 && cells.count + cells.few == 0) {
        status = error_set(error, EXIT_NO, "no sweep cells in the input");
        error_hint(error, "tn-backtest sweep STRATEGY RANGE FILE | tn-report sweep");
    }
    if (status == 0) {
        const int64_t most = option_count(invocation, "count", view.style.format == FORMAT_TABLE ? 20 : 0);
        if (cells.count > 0)
            qsort(cells.row, cells.count, sizeof *cells.row, compare_rows);
        status = show(&view, &cells, most > 0 && (size_t)most < cells.count ? (size_t)most : cells.count, error);
    }
    code = status == 0 ? code : exit_worst(code, error->code);
    free(cells.row);
    buf_clear(&cells.head);
    view_close(&view);
    return code;
}
