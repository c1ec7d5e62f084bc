/* tn-report equity: the curve and its drawdown, as text, picture or data. */
#include "tn-report/commands.h"

#include "base/time.h"
#include "show/chart_gnuplot.h"
#include "show/chart_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct column columns[] = {
    {.key = "time", .kind = COLUMN_TIME},    {.key = "mode", .kind = COLUMN_TEXT},
    {.key = "account", .kind = COLUMN_TEXT}, {.key = "run", .kind = COLUMN_TEXT},
    {.key = "equity", .kind = COLUMN_DEC},   {.key = "cash", .kind = COLUMN_DEC},
    {.key = "exposure", .kind = COLUMN_DEC}, {.key = "drawdown", .kind = COLUMN_DOUBLE},
};

static int show_points(struct view *view, struct error *error)
{
    view->table = table_new("equity", columns, sizeof columns / sizeof *columns, error);
    if (view->table == NULL)
        return -1;
    for (size_t i = 0; i < view->report.books; i++) {
        const struct book *book = view->report.book[i];
        double peak = -INFINITY;
        for (size_t k = 0; k < book->points; k++) {
            const struct equity *point = &book->equity[k];
            const double value = dec_to_double(point->equity);
            peak = fmax(peak, value);
            table_time(view->table, point->time);
            table_text(view->table, mode_text(book->mode));
            table_text(view->table, book->account);
            table_text(view->table, book->name);
            table_dec(view->table, point->equity);
            table_dec(view->table, point->cash);
            table_dec(view->table, point->exposure);
            table_double(view->table, peak > 0 ? 1 - value / peak : NAN);
        }
    }
    return table_show(view->table, &view->style, error);
}

static int add_curve(struct chart_curve *curve, const struct book *book, struct error *error)
{
    struct chart_point *point = calloc(book->points + 1, sizeof *point);
    if (point == NULL)
        return error_memory(error);
    for (size_t i = 0; i < book->points; i++)
        point[i] = (struct chart_point){.time = book->equity[i].time, .value = dec_to_double(book->equity[i].equity)};
    *curve = (struct chart_curve){.name = book->name, .point = point, .points = book->points};
    return 0;
}

static void percent(char *text, size_t size, const struct book *book, const char *metric)
{
    const double figure = book_figure(book, (int)(metric_find(metric) - metric_table));
    if (isfinite(figure))
        (void)snprintf(text, size, "%.2f %%", 100 * figure);
    else
        (void)snprintf(text, size, "not defined");
}

/* "BACKTEST, 3 runs" and what a single one made. */
static void name_chart(char title[static 128], char subtitle[static 512], const struct report *report)
{
    subtitle[0] = '\0';
    if (report->books == 0) {
        (void)snprintf(title, 128, "no equity curve");
        return;
    }
    const struct book *book = report->book[0];
    if (report->books > 1) {
        (void)snprintf(title, 128, "%s and others, %zu curves", book_mode(book), report->books);
        return;
    }
    (void)snprintf(title, 128, "%s equity", book_mode(book));
    char gain[32], depth[32], date[2][TIME_TEXT_MAX] = {"", ""};
    percent(gain, sizeof gain, book, "return");
    percent(depth, sizeof depth, book, "max_drawdown");
    if (book->first != TIME_NONE) {
        (void)date_format(date[0], date_from_days(book->first / TIME_DAY));
        (void)date_format(date[1], date_from_days(book->last / TIME_DAY));
    }
    const bool has_input = book->result_record != NULL && book->result.input.n >= 12;
    (void)snprintf(subtitle, 512, "%s to %s, return %s, maximum drawdown %s%s%.12s%s%s", date[0], date[1], gain, depth,
                   has_input ? ", input " : "", has_input ? book->result.input.p : "", has_input ? ", version " : "",
                   has_input ? book->result.version : "");
}

static int show_chart(struct view *view, const char *file, struct error *error)
{
    const size_t books = view->report.books;
    struct chart_curve *curve = calloc(books + 1, sizeof *curve);
    if (curve == NULL)
        return error_memory(error);
    int result = 0;
    for (size_t i = 0; i < books && result == 0; i++)
        result = add_curve(&curve[i], view->report.book[i], error);
    char title[128], subtitle[512];
    name_chart(title, subtitle, &view->report);
    const struct equity_chart chart = {
        .title = title, .subtitle = subtitle, .curve = curve, .curves = (int)books, .zone = view->style.zone};
    if (result == 0 && file != NULL) {
        result = chart_gnuplot_equity(&chart, file, error);
    } else if (result == 0) {
        struct buf out;
        buf_init(&out, (size_t)1 << 24);
        result = chart_text_equity(&chart, &view->style, &out, error);
        if (result == 0)
            result = style_write(&out, error);
        buf_clear(&out);
    }
    for (size_t i = 0; i < books; i++)
        free((void *)(uintptr_t)curve[i].point);
    free(curve);
    return result;
}

enum exit_code report_equity(struct invocation *invocation, struct error *error)
{
    const char *file = option_text(invocation, "out", NULL);
    enum picture_kind kind;
    struct view view;
    int result = view_open(&view, invocation, true, NULL, error);
    if (result == 0 && file != NULL)
        result = picture_kind_of(file, &kind, error);
    if (result == 0)
        result = view_read(&view, error);
    if (result == 0)
        result = file != NULL || view.style.format == FORMAT_TABLE ? show_chart(&view, file, error)
                                                                   : show_points(&view, error);
    const enum exit_code code = result == 0 ? view.report.status : error->code;
    view_close(&view);
    return code;
}
