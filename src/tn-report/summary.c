/* tn-report summary: the figures of each run or account, side by side. */
#include "tn-report/commands.h"
#include "tn-report/decided.h"
#include "tn-report/fill_range.h"
#include "tn-report/returns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* For programs: JSON has one result a run, CSV and TSV one line a figure. */
static const struct column result_columns[] = {
    {.key = "time", .kind = COLUMN_TIME},     {.key = "run", .kind = COLUMN_TEXT},
    {.key = "mode", .kind = COLUMN_TEXT},     {.key = "account", .kind = COLUMN_TEXT},
    {.key = "strategy", .kind = COLUMN_TEXT}, {.key = "currency", .kind = COLUMN_TEXT},
    {.key = "from", .kind = COLUMN_TIME},     {.key = "to", .kind = COLUMN_TIME},
    {.key = "params", .kind = COLUMN_RAW},    {.key = "metrics", .kind = COLUMN_RAW},
    {.key = "input", .kind = COLUMN_TEXT},    {.key = "assumptions", .kind = COLUMN_RAW},
    {.key = "seed", .kind = COLUMN_COUNT},    {.key = "version", .kind = COLUMN_TEXT},
    {.key = "outcome", .kind = COLUMN_RAW},   {.key = "benchmark", .kind = COLUMN_RAW},
    {.key = "range", .kind = COLUMN_RAW},
};

static const struct column figure_columns[] = {
    {.key = "run", .kind = COLUMN_TEXT},     {.key = "mode", .kind = COLUMN_TEXT},
    {.key = "account", .kind = COLUMN_TEXT}, {.key = "metric", .kind = COLUMN_TEXT},
    {.key = "value", .kind = COLUMN_DOUBLE}, {.key = "unit", .kind = COLUMN_TEXT},
};

static const struct column explain_columns[] = {
    {.key = "metric", .kind = COLUMN_TEXT}, {.key = "title", .kind = COLUMN_TEXT},
    {.key = "unit", .kind = COLUMN_TEXT},   {.key = "formula", .kind = COLUMN_TEXT},
    {.key = "source", .kind = COLUMN_TEXT},
};

static const char *unit_text(enum metric_unit unit)
{
    static const char *const words[] = {"money", "fraction", "ratio", "count", "days"};
    return words[unit];
}

static int add_result(struct table *table, const struct account_report *account_report, struct error *error)
{
    const bool has_result = account_report->result_record != NULL;
    const struct field *seed = has_result ? record_field(account_report->result_record, "seed") : NULL;
    struct buf metrics;
    buf_init(&metrics, 65536);
    table_time(table, has_result && account_report->result.time != TIME_NONE ? account_report->result.time
                                                                             : account_report->last);
    table_text(table, has_result ? account_report->result.run : account_report->name);
    table_text(table, mode_text(account_report->mode));
    table_text(table, account_report->account);
    table_text(table, has_result ? account_report->result.strategy : "");
    table_text(table, account_report->currency);
    table_time(table, account_report->first);
    table_time(table, account_report->last);
    table_str(table, has_result ? account_report->result.params : STR(""));
    for (int i = 0; i < metric_count; i++) {
        buf_printf(&metrics, "%c\"%s\":", i == 0 ? '{' : ',', metric_table[i].name);
        json_add_double(&metrics, account_report_figure(account_report, i));
    }
    buf_add_char(&metrics, '}');
    const int result = buf_check(&metrics, error);
    table_str(table, buf_str(&metrics));
    table_str(table, has_result ? account_report->result.input : STR(""));
    table_str(table, has_result ? account_report->result.assumptions : STR(""));
    if (seed != NULL && seed->kind == VALUE_NUMBER)
        table_count(table, account_report->result.seed);
    else
        table_none(table);
    table_text(table, has_result ? account_report->result.version : "");
    buf_clear(&metrics);
    if (result != 0 || decided_add_raw(table, account_report, error) != 0)
        return -1;
    if (has_result && account_report->result.range.n > 0)
        table_str(table, account_report->result.range);
    else
        table_none(table);
    return 0;
}

static void add_figure(void *context, const struct account_report *account_report, const char *name, double figure,
                       enum metric_unit unit)
{
    struct table *table = context;
    table_text(table, account_report->result_record != NULL ? account_report->result.run : account_report->name);
    table_text(table, mode_text(account_report->mode));
    table_text(table, account_report->account);
    table_text(table, name);
    table_double(table, figure);
    table_text(table, unit_text(unit));
}

static void add_figures(struct table *table, const struct account_report *account_report)
{
    for (int i = 0; i < metric_count; i++)
        add_figure(table, account_report, metric_table[i].name, account_report_figure(account_report, i),
                   metric_table[i].unit);
    decided_each(account_report, add_figure, table);
}

#define FIGURE_WRITTEN 1e15 /* beyond it digits say nothing: four days of luck are a yearly return of 6.68e+67 % */

/* A figure as people read it; "" when undefined. */
void figure_text(char *text, size_t size, double figure, enum metric_unit unit)
{
    text[0] = '\0';
    if (!isfinite(figure))
        return;
    const int digits = unit == METRIC_COUNT ? 0 : unit == METRIC_DAYS ? 1 : 2;
    const double shown = unit == METRIC_FRACTION ? figure * 100 : figure;
    const char *const after = unit == METRIC_FRACTION ? " %" : unit == METRIC_DAYS ? " d" : "";
    const bool is_zero = fabs(shown) < 0.5 * pow(10, -digits); /* no "-0.00" */
    if (fabs(shown) < FIGURE_WRITTEN)
        (void)snprintf(text, size, "%.*f%s", digits, is_zero ? 0.0 : shown, after);
    else
        (void)snprintf(text, size, "%.3g%s", shown, after);
}

/* First what decided the result, then the figures, buying and holding beside the return. */
static int add_rows(struct view *view, struct table *table, struct error *error)
{
    const size_t books = view->report.books;
    struct decided *decided = decided_new(view->report.account_report, books, error);
    if (decided == NULL)
        return -1;
    decided_add_rows(decided, table);
    for (int i = 0; i < metric_count; i++) {
        char text[192];
        table_text(table, metric_table[i].title);
        for (size_t k = 0; k < books; k++) {
            const double figure = account_report_figure(view->report.account_report[k], i);
            figure_text(text, sizeof text, figure, metric_table[i].unit);
            fill_range_add(text, sizeof text, view->report.account_report[k], &metric_table[i]);
            table_text(table, text);
        }
        decided_add_hold(decided, metric_table[i].name, table);
    }
    int result = decided_add_notes(decided, &view->style, &view->note, error);
    if (result == 0)
        result = trials_add_notes(&view->report, &view->style, &view->note, error);
    decided_free(decided);
    return result;
}

/* One column a book: its heading is the book's name. */
static int show_side_by_side(struct view *view, struct error *error)
{
    const size_t books = view->report.books;
    struct column *columns = calloc(books + 1, sizeof *columns);
    if (columns == NULL)
        return error_memory(error);
    columns[0] = (struct column){.key = "metric", .title = "", .kind = COLUMN_TEXT};
    for (size_t i = 0; i < books; i++)
        columns[i + 1] = (struct column){
            .key = "value", .title = view->report.account_report[i]->name, .kind = COLUMN_TEXT, .right = true};
    struct buf out;
    buf_init(&out, (size_t)1 << 24);
    report_head(&view->report, &view->style, &out);
    int result = -1;
    struct table *table = table_new(NULL, columns, (int)books + 1, error);
    if (table != NULL) {
        table_stack(table);
        result = books == 0 ? 0 : add_rows(view, table, error);
        if (result == 0 && books > 0)
            result = table_render(table, &view->style, &out, error);
        buf_add_str(&out, buf_str(&view->note));
    }
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    table_free(table);
    free(columns);
    return result;
}

static int show_explanation(const struct view *view, struct error *error)
{
    struct table *table = table_new("metric", explain_columns, 5, error);
    if (table == NULL)
        return -1;
    for (int i = 0; i < metric_count; i++) {
        table_text(table, metric_table[i].name);
        table_text(table, metric_table[i].title);
        table_text(table, unit_text(metric_table[i].unit));
        table_text(table, metric_table[i].formula);
        table_text(table, metric_table[i].source);
    }
    const int result = table_show(table, &view->style, error);
    table_free(table);
    return result;
}

static int show_data(struct view *view, struct error *error)
{
    const bool json = view->style.format == FORMAT_JSON;
    view->table = json ? table_new("result", result_columns, sizeof result_columns / sizeof *result_columns, error)
                       : table_new(NULL, figure_columns, sizeof figure_columns / sizeof *figure_columns, error);
    if (view->table == NULL)
        return -1;
    for (size_t i = 0; i < view->report.books; i++)
        if (!json)
            add_figures(view->table, view->report.account_report[i]);
        else if (add_result(view->table, view->report.account_report[i], error) != 0)
            return -1;
    return table_show(view->table, &view->style, error);
}

/* Files of returns are books of their own; what is left are records. */
static int read_all(struct view *view, double periods, struct error *error)
{
    size_t kept = 0, taken = 0;
    if (report_init(&view->report, &view->options, error) != 0)
        return -1;
    if (view->records && view->files[0] == NULL && returns_are(NULL)) {
        view->records = false;
        return returns_read(view, NULL, periods, error) != 0 ? -1 : report_finish(&view->report, error);
    }
    for (size_t i = 0; view->files[i] != NULL; i++) {
        if (!returns_are(view->files[i])) {
            view->files[kept++] = view->files[i];
        } else if (returns_read(view, view->files[i], periods, error) != 0) {
            return -1;
        } else {
            taken++;
        }
    }
    view->files[kept] = NULL;
    view->records = view->records && (taken == 0 || kept > 0);
    return view_read_more(view, error);
}

enum exit_code report_summary(struct invocation *invocation, struct error *error)
{
    struct view view;
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    view.options.metrics.sessions = (double)option_count(invocation, "sessions", (int64_t)METRICS_SESSIONS);
    view.options.metrics.risk_free = dec_to_double(option_decimal(invocation, "risk-free", 0));
    if (result == 0 && option_flag(invocation, "explain")) {
        result = show_explanation(&view, error);
        view_close(&view);
        return result == 0 ? EXIT_DONE : error->code;
    }
    if (result == 0)
        result = read_all(&view, (double)option_count(invocation, "periods", 0), error);
    if (result == 0)
        result = view.style.format == FORMAT_TABLE ? show_side_by_side(&view, error) : show_data(&view, error);
    if (result == 0 && view.report.books == 0)
        say(invocation, 0, "no run and no account in the input: tn-backtest run and tn-order write them");
    const enum exit_code code = result == 0 ? view.report.status : error->code;
    view_close(&view);
    return code;
}
