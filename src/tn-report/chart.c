/* tn-report chart: candles of one symbol with volume, indicators and own fills. */
#include "tn-report/commands.h"

#include "base/terminal.h"
#include "base/time.h"
#include "show/candles.h"
#include "show/chart_gnuplot.h"
#include "show/chart_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BARS_STANDARD 250

static const struct column bar_columns[] = {
    {.key = "time", .kind = COLUMN_TIME},     {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "open", .kind = COLUMN_DOUBLE},   {.key = "high", .kind = COLUMN_DOUBLE},
    {.key = "low", .kind = COLUMN_DOUBLE},    {.key = "close", .kind = COLUMN_DOUBLE},
    {.key = "volume", .kind = COLUMN_DOUBLE}, {.key = "bought", .kind = COLUMN_COUNT},
    {.key = "sold", .kind = COLUMN_COUNT},
};
#define BAR_COLUMNS (sizeof bar_columns / sizeof *bar_columns)

static int64_t fills_at(const struct candle_chart *chart, size_t bar, bool buy)
{
    int64_t count = 0;
    for (size_t i = 0; i < chart->marks; i++)
        count += chart->mark[i].buy == buy && chart_bar_at(chart, chart->mark[i].time) == (int64_t)bar;
    return count;
}

/* What the chart shows, as data: a bar a line, its fills counted, a column for each indicator. */
static int show_bars(struct view *view, const struct candle_chart *chart, const char *symbol, struct error *error)
{
    struct column *columns = calloc(BAR_COLUMNS + (size_t)chart->lines, sizeof *columns);
    if (columns == NULL)
        return error_memory(error);
    memcpy(columns, bar_columns, sizeof bar_columns);
    for (int k = 0; k < chart->lines; k++)
        columns[BAR_COLUMNS + (size_t)k] = (struct column){.key = chart->line[k].name, .kind = COLUMN_DOUBLE};
    int result = -1;
    view->table = table_new("candle", columns, (int)BAR_COLUMNS + chart->lines, error);
    if (view->table != NULL) {
        for (size_t i = 0; i < chart->bars; i++) {
            const struct chart_bar *bar = &chart->bar[i];
            table_time(view->table, bar->time);
            table_text(view->table, symbol);
            table_double(view->table, bar->open);
            table_double(view->table, bar->high);
            table_double(view->table, bar->low);
            table_double(view->table, bar->close);
            table_double(view->table, bar->volume);
            table_count(view->table, fills_at(chart, i, true));
            table_count(view->table, fills_at(chart, i, false));
            for (int k = 0; k < chart->lines; k++)
                table_double(view->table, chart->line[k].value[i]);
        }
        result = table_show(view->table, &view->style, error);
    }
    table_free(view->table);
    view->table = NULL;
    free(columns);
    return result;
}

static int show_text(const struct view *view, const struct candle_chart *chart, struct error *error)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 24);
    int result = chart_text_candles(chart, &view->style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result;
}

static void date_of(char text[static TIME_TEXT_MAX], int64_t time, const struct zone *zone)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    (void)date_format(text, date_from_days(local / TIME_DAY));
}

/* Symbol and interval; dates, source and zone of the bars; whose fills are drawn. */
static void name_chart(char title[static 128], char subtitle[static 512], const struct candles *candles,
                       const struct view *view, const struct candle_chart *chart)
{
    char interval[INTERVAL_TEXT_MAX] = "", first[TIME_TEXT_MAX], last[TIME_TEXT_MAX];
    subtitle[0] = '\0';
    if (chart->bars > 0) {
        (void)interval_format(interval, candles->interval);
        date_of(first, chart->bar[0].time, view->style.zone);
        date_of(last, chart->bar[chart->bars - 1].time, view->style.zone);
        (void)snprintf(subtitle, 512, "%s to %s%s%s, times of %s", first, last,
                       candles->source[0] != '\0' ? ", source " : "", candles->source, zone_name(view->style.zone));
    }
    (void)snprintf(title, 128, "%s %s", candles->symbol, interval);
    for (size_t i = 0; i < view->report.books && strlen(subtitle) < 400; i++) {
        const size_t used = strlen(subtitle);
        (void)snprintf(subtitle + used, 512 - used, "%s%s %.40s", i == 0 ? "; fills of " : ", ",
                       book_mode(view->report.book[i]), view->report.book[i]->name);
    }
}

static int show(struct view *view, struct candles *candles, const struct invocation *invocation, struct error *error)
{
    const char *file = option_text(invocation, "out", NULL);
    char title[128], subtitle[512];
    struct candle_chart chart = {.title = title, .subtitle = subtitle, .zone = view->style.zone};
    if (candles_chart(candles, &view->report, (size_t)option_count(invocation, "last", BARS_STANDARD), &chart, error) !=
        0)
        return -1;
    name_chart(title, subtitle, candles, view, &chart);
    if (chart.bars == 0) {
        (void)error_set(error, EXIT_NO, "no bars of '%s' in %s", candles->symbol, view->report.source);
        error_hint(error, "tn-quote bars %s | tn-report chart %s", candles->symbol, candles->symbol);
        return -1;
    }
    if (file != NULL)
        return chart_gnuplot_candles(&chart, file, error);
    return view->style.format == FORMAT_TABLE ? show_text(view, &chart, error)
                                              : show_bars(view, &chart, candles->symbol, error);
}

/* Bars come from files or standard input, fills from there or from the journal. */
static int choose_source(struct view *view, const struct invocation *invocation, struct error *error)
{
    if (view->files[0] == NULL && terminal_is(STDIN_FILENO)) {
        (void)error_set(error, EXIT_USAGE, "no bars to draw: none piped in and no --file");
        error_hint(error, "tn-quote bars %s | tn-report chart %s", invocation_operand_list(invocation)[0],
                   invocation_operand_list(invocation)[0]);
        return -1;
    }
    view->records = true;
    return 0;
}

enum exit_code report_chart(struct invocation *invocation, struct error *error)
{
    const char *symbol = invocation_operand_list(invocation)[0];
    const char *file = option_text(invocation, "out", NULL), *wanted = option_text(invocation, "interval", NULL);
    int count;
    const char *const *with = option_list(invocation, "with", &count);
    struct interval interval = {.unit = INTERVAL_NONE};
    enum picture_kind kind;
    struct view view;
    struct candles candles = {0};
    int result = view_open(&view, invocation, false, symbol, error);
    if (result == 0 && wanted != NULL && interval_parse(&interval, wanted, strlen(wanted), error) != 0) {
        error_recode(error, EXIT_USAGE);
        result = -1;
    }
    if (result == 0 && file != NULL)
        result = picture_kind_of(file, &kind, error);
    if (result == 0)
        result = candles_init(&candles, symbol, interval, with, count, error);
    if (result == 0)
        result = choose_source(&view, invocation, error);
    if (result == 0) {
        view.options.market = candles_take;
        view.options.context = &candles;
        result = view_read(&view, error);
    }
    if (result == 0)
        result = show(&view, &candles, invocation, error);
    const enum exit_code code = result == 0 ? view.report.status : exit_worst(view.report.status, error->code);
    candles_clear(&candles);
    view_close(&view);
    return code;
}
