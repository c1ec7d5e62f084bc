/* tn-report equity: the curve and its drawdown, as text, picture or data. */
#include "tn-report/commands.h"

#include "base/time.h"
#include "show/chart_text.h"
#include "show/draw.h"
#include "show/drawing_render.h"

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
        const struct account_report *account_report = view->report.account_report[i];
        double peak = -INFINITY;
        for (size_t k = 0; k < account_report->points; k++) {
            const struct equity *point = &account_report->equity[k];
            const double value = dec_to_double(point->equity);
            peak = fmax(peak, value);
            table_time(view->table, point->time);
            table_text(view->table, mode_text(account_report->mode));
            table_text(view->table, account_report->account);
            table_text(view->table, account_report->name);
            table_dec(view->table, point->equity);
            table_dec(view->table, point->cash);
            table_dec(view->table, point->exposure);
            table_double(view->table, peak > 0 ? 1 - value / peak : NAN);
        }
    }
    return table_show(view->table, &view->style, error);
}

static void percent_add(struct buf *out, const struct account_report *account_report, const char *metric, bool sign)
{
    const double figure = account_report_figure(account_report, (int)(metric_find(metric) - metric_table));
    if (isfinite(figure))
        buf_printf(out, sign ? "%+.1f %%" : "%.1f %%", 100 * figure);
    else
        buf_add_text(out, "not defined");
}

/* The symbols that were traded, four at most; nothing where none was. */
static void symbols_add(struct buf *out, const struct report *report, struct error *error)
{
    struct names names;
    names_init(&names);
    int64_t known = 0;
    for (size_t b = 0; b < report->books && known >= 0; b++)
        for (size_t i = 0; i < report->account_report[b]->fills && known >= 0; i++)
            known = names_add(&names, str_of(report->account_report[b]->fill[i].symbol), error);
    for (size_t i = 0; i < names.count && i < 4; i++) {
        buf_add_text(out, i == 0 ? ", " : " ");
        buf_add_text(out, names.name[i]);
    }
    if (names.count > 4)
        buf_printf(out, " and %zu more", names.count - 4);
    names_clear(&names);
}

/* "Equity of momentum and buy-and-hold, AAPL MSFT". */
static void title_add(struct buf *out, const struct report *report, bool is_log, struct error *error)
{
    buf_add_text(out, report->books == 0 ? "No equity curve" : "Equity of ");
    for (size_t i = 0; i < report->books && i < 4; i++) {
        const bool last = i + 1 == report->books;
        buf_printf(out, "%s%s", i == 0 ? "" : last ? " and " : ", ", report->account_report[i]->name);
    }
    if (report->books > 4)
        buf_printf(out, " and %zu more", report->books - 4);
    symbols_add(out, report, error);
    buf_add_text(out, is_log ? ", log scale" : "");
}

/* Dates, what came of it, mode, currency and source. */
static void subtitle_add(struct buf *out, const struct report *report, const struct zone *zone)
{
    int64_t first = TIME_NONE, last = TIME_NONE;
    for (size_t i = 0; i < report->books; i++) {
        const struct account_report *account_report = report->account_report[i];
        if (account_report->first == TIME_NONE)
            continue;
        first = first == TIME_NONE || account_report->first < first ? account_report->first : first;
        last = account_report->last > last ? account_report->last : last;
    }
    if (first != TIME_NONE) {
        style_add_day(out, first, zone);
        buf_add_text(out, " to ");
        style_add_day(out, last, zone);
    }
    if (report->books == 1) {
        buf_add_text(out, ", return ");
        percent_add(out, report->account_report[0], "return", true);
        buf_add_text(out, ", maximum drawdown ");
        percent_add(out, report->account_report[0], "max_drawdown", false);
    }
    for (size_t i = 0; i < report->books; i++) {
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said |= report->account_report[k]->mode == report->account_report[i]->mode;
        if (!said)
            buf_printf(out, ", %s", account_report_mode(report->account_report[i]));
    }
    if (report->books > 0 && report->account_report[0]->currency[0] != '\0')
        buf_printf(out, ", %s", report->account_report[0]->currency);
}

struct curves {
    struct chart_curve *curve;
    struct buf *words;
};

static int add_curve(struct curves *curves, size_t index, const struct account_report *account_report,
                     struct error *error)
{
    struct chart_point *point = calloc(account_report->points + 1, sizeof *point);
    if (point == NULL)
        return error_memory(error);
    for (size_t i = 0; i < account_report->points; i++)
        point[i] = (struct chart_point){.time = account_report->equity[i].time,
                                        .value = dec_to_double(account_report->equity[i].equity)};
    struct buf *words = &curves->words[index];
    buf_init(words, 256);
    percent_add(words, account_report, "return", true);
    buf_add_text(words, ", drawdown ");
    percent_add(words, account_report, "max_drawdown", false);
    curves->curve[index] = (struct chart_curve){
        .name = account_report->name, .words = words->p, .point = point, .points = account_report->points};
    return buf_check(words, error);
}

static int show_text(const struct view *view, const struct equity_chart *chart, struct error *error)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 24);
    int result = chart_text_equity(chart, &view->style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result;
}

static int draw(const struct equity_chart *chart, const char *file, struct error *error)
{
    enum picture_kind kind = PICTURE_SVG;
    struct drawing drawing;
    drawing_init(&drawing, DRAW_WIDTH, DRAW_HEIGHT);
    int result = picture_kind_of(file, &kind, error);
    if (result == 0)
        result = draw_equity(&drawing, chart, true, error);
    if (result == 0)
        result = drawing_write(&drawing, 1, kind, file, error);
    drawing_clear(&drawing);
    return result;
}

static bool is_log(enum chart_scale scale, const struct curves *curves, size_t count)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < curves->curve[i].points; k++) {
            low = fmin(low, curves->curve[i].point[k].value);
            high = fmax(high, curves->curve[i].point[k].value);
        }
    return chart_is_log(scale, low, high);
}

static int show_chart(struct view *view, const char *file, enum chart_scale scale, struct error *error)
{
    const size_t books = view->report.books;
    struct curves curves = {calloc(books + 1, sizeof *curves.curve), calloc(books + 1, sizeof *curves.words)};
    struct buf title, subtitle;
    buf_init(&title, 65536);
    buf_init(&subtitle, 65536);
    int result = 0;
    if (curves.curve == NULL || curves.words == NULL) {
        (void)error_memory(error);
        result = -1;
    }
    for (size_t i = 0; i < books && result == 0; i++)
        result = add_curve(&curves, i, view->report.account_report[i], error);
    if (result == 0) {
        title_add(&title, &view->report, is_log(scale, &curves, books), error);
        subtitle_add(&subtitle, &view->report, view->style.zone);
        buf_add_text(&subtitle, "");
        result = error_is_set(error) || buf_check(&title, error) != 0 || buf_check(&subtitle, error) != 0 ? -1 : 0;
    }
    const struct equity_chart chart = {.title = title.p,
                                       .subtitle = subtitle.p == NULL ? "" : subtitle.p,
                                       .curve = curves.curve,
                                       .curves = (int)books,
                                       .zone = view->style.zone,
                                       .scale = scale};
    if (result == 0)
        result = file != NULL ? draw(&chart, file, error) : show_text(view, &chart, error);
    for (size_t i = 0; curves.curve != NULL && curves.words != NULL && i < books; i++) {
        free((void *)(uintptr_t)curves.curve[i].point);
        buf_clear(&curves.words[i]);
    }
    free(curves.curve);
    free(curves.words);
    buf_clear(&title);
    buf_clear(&subtitle);
    return result;
}

enum exit_code report_equity(struct invocation *invocation, struct error *error)
{
    const char *file = option_text(invocation, "out", NULL);
    enum picture_kind kind;
    struct view view;
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (result == 0 && file != NULL)
        result = picture_kind_of(file, &kind, error);
    if (result == 0)
        result = view_read(&view, error);
    if (result == 0)
        result = file != NULL || view.style.format == FORMAT_TABLE
                     ? show_chart(&view, file, scale_of(invocation), error)
                     : show_points(&view, error);
    const enum exit_code code = result == 0 ? view.report.status : error->code;
    view_close(&view);
    return code;
}
