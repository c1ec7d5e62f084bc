/* tn-report chart: candles of one symbol with volume, indicators and own fills. */
#include "tn-report/commands.h"

#include "base/terminal.h"
#include "base/time.h"
#include "base/words.h"
#include "exchange/exchange.h"
#include "feed/operands.h"
#include "show/candles.h"
#include "show/chart_text.h"
#include "show/draw.h"
#include "show/drawing_render.h"

#include <math.h>
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

struct bar_fills {
    int64_t bought, sold;
};

static struct bar_fills *count_fills(const struct candle_chart *chart, struct error *error)
{
    struct bar_fills *fills = calloc(chart->bars + 1, sizeof *fills);
    if (fills == NULL) {
        error_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < chart->marks; i++) {
        const int64_t at = chart_bar_at(chart, chart->mark[i].time);
        if (at < 0)
            continue;
        fills[at].bought += chart->mark[i].buy;
        fills[at].sold += !chart->mark[i].buy;
    }
    return fills;
}

/* What the chart shows, as data: a bar a line, its fills counted, a column for each indicator. */
static int show_bars(struct view *view, const struct candle_chart *chart, const char *symbol, struct error *error)
{
    struct column *columns = calloc(BAR_COLUMNS + (size_t)chart->lines, sizeof *columns);
    struct bar_fills *fills = columns == NULL ? NULL : count_fills(chart, error);
    if (fills == NULL) {
        free(columns);
        return error_memory(error);
    }
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
            table_count(view->table, fills[i].bought);
            table_count(view->table, fills[i].sold);
            for (int k = 0; k < chart->lines; k++)
                table_double(view->table, chart->line[k].value[i]);
        }
        result = table_show(view->table, &view->style, error);
    }
    table_free(view->table);
    view->table = NULL;
    free(fills);
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

/* "daily", "weekly", else "5m bars". */
static void interval_words(char text[static INTERVAL_TEXT_MAX + 8], struct interval interval)
{
    char plain[INTERVAL_TEXT_MAX] = "";
    (void)interval_format(plain, interval);
    if (strcmp(plain, "1d") == 0 || strcmp(plain, "1w") == 0 || strcmp(plain, "1mo") == 0)
        (void)snprintf(text, INTERVAL_TEXT_MAX + 8, "%s",
                       plain[1] == 'd'   ? "daily"
                       : plain[1] == 'w' ? "weekly"
                                         : "monthly");
    else
        (void)snprintf(text, INTERVAL_TEXT_MAX + 8, "%s bars", plain);
}

/* Symbol, interval and scale; then dates, change, source and whose fills are drawn. */
static void name_chart(struct buf *title, struct buf *subtitle, const struct candles *candles, const struct view *view,
                       const struct candle_chart *chart)
{
    char interval[INTERVAL_TEXT_MAX + 8];
    interval_words(interval, candles->interval);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < chart->bars; i++) {
        low = fmin(low, chart->bar[i].low);
        high = fmax(high, chart->bar[i].high);
    }
    buf_printf(title, "%s, %s%s", candles->symbol, interval,
               chart_is_log(chart->scale, low, high) ? ", log scale" : "");
    const double from = chart->bar[0].open, to = chart->bar[chart->bars - 1].close;
    style_add_date(subtitle, chart->bar[0].time, view->style.zone);
    const size_t length = subtitle->n;
    buf_add_text(subtitle, " to ");
    style_add_date(subtitle, chart->bar[chart->bars - 1].time, view->style.zone);
    if (!subtitle->failed && memcmp(subtitle->p, subtitle->p + length + 4, length) == 0)
        subtitle->n = length; /* one day */
    if (from > 0)
        buf_printf(subtitle, ", %+.1f %%", 100 * (to / from - 1));
    if (candles->source[0] != '\0')
        buf_printf(subtitle, ", source %s", candles->source);
    if (!chart->daily)
        buf_printf(subtitle, ", times of %s", zone_name(view->style.zone));
    for (size_t i = 0; i < view->report.books && subtitle->n < 200; i++)
        buf_printf(subtitle, "%s%s %.60s", i == 0 ? "; fills of " : ", ",
                   account_report_mode(view->report.account_report[i]), view->report.account_report[i]->name);
}

static int draw(const struct candle_chart *chart, const char *file, struct error *error)
{
    enum picture_kind kind = PICTURE_SVG;
    struct drawing drawing;
    drawing_init(&drawing, DRAW_WIDTH, draw_candles_height(chart));
    int result = picture_kind_of(file, &kind, error);
    if (result == 0)
        result = draw_candles(&drawing, chart, true, error);
    if (result == 0)
        result = drawing_write(&drawing, 1, kind, file, error);
    drawing_clear(&drawing);
    return result;
}

/* The items of this symbol, moved to the front. */
static void overlay_choose(struct overlay *overlay, const char *symbol)
{
    size_t kept = 0;
    for (size_t i = 0; i < overlay->items; i++)
        if (strcmp(overlay->item[i].symbol, symbol) == 0)
            overlay->item[kept++] = overlay->item[i];
    overlay->items = kept;
}

/* Heikin-Ashi bars (S. Nison, "Beyond Candlesticks", 1994): the close is the mean of the bar's four prices, the open
 * the middle of the body before. */
static int heikin_ashi(struct candle_chart *chart, struct chart_bar **made, struct error *error)
{
    struct chart_bar *bar = calloc(chart->bars + 1, sizeof *bar);
    if (bar == NULL)
        return error_memory(error);
    for (size_t i = 0; i < chart->bars; i++) {
        bar[i] = chart->bar[i];
        bar[i].close = (bar[i].open + bar[i].high + bar[i].low + bar[i].close) / 4;
        bar[i].open =
            i == 0 ? (chart->bar[0].open + chart->bar[0].close) / 2 : (bar[i - 1].open + bar[i - 1].close) / 2;
        bar[i].high = fmax(bar[i].high, fmax(bar[i].open, bar[i].close));
        bar[i].low = fmin(bar[i].low, fmin(bar[i].open, bar[i].close));
    }
    *made = bar;
    chart->bar = bar;
    return 0;
}

static int show(struct view *view, struct candles *candles, struct overlay *overlay,
                const struct invocation *invocation, struct error *error)
{
    const char *file = option_text(invocation, "out", NULL);
    struct candle_chart chart = {.title = "", .subtitle = "", .zone = view->style.zone, .scale = scale_of(invocation)};
    const bool as_text = file == NULL && view->style.format == FORMAT_TABLE;
    const int64_t bars = as_text ? chart_text_bars(&view->style) : BARS_STANDARD;
    if (candles_chart(candles, &view->report, (size_t)option_count(invocation, "last", bars), &chart, error) != 0)
        return -1;
    if (chart.bars == 0) {
        if (candles->symbol == NULL)
            return error_set(error, EXIT_NO, "no bars in %s", view->report.source);
        (void)error_set(error, EXIT_NO, "no bars of '%s' in %s", candles->symbol, view->report.source);
        char word[SHELL_WORD_MAX];
        const char *name = shell_word(word, candles->symbol);
        error_hint(error, "tn-quote bars %s | tn-report chart %s", name, name);
        return -1;
    }
    overlay_choose(overlay, candles->symbol);
    chart.overlay = overlay->item;
    chart.overlays = overlay->items;
    struct chart_bar *made = NULL;
    const bool averaged = option_flag(invocation, "heikin-ashi");
    struct buf title, subtitle;
    buf_init(&title, 4096);
    buf_init(&subtitle, 4096);
    name_chart(&title, &subtitle, candles, view, &chart);
    buf_add_text(&title, averaged ? ", Heikin-Ashi" : "");
    int result = buf_check(&title, error) != 0 || buf_check(&subtitle, error) != 0 ? -1 : 0;
    chart.title = title.p;
    chart.subtitle = subtitle.p;
    if (result == 0 && averaged)
        result = heikin_ashi(&chart, &made, error);
    if (result == 0)
        result = file != NULL ? draw(&chart, file, error)
                 : as_text    ? show_text(view, &chart, error)
                              : show_bars(view, &chart, candles->symbol, error);
    free(made);
    buf_clear(&title);
    buf_clear(&subtitle);
    return result;
}

/* Bars come from files or standard input, fills from there or from the journal. */
static int choose_source(struct view *view, const char *symbol, struct error *error)
{
    if (view->files[0] == NULL && terminal_is(STDIN_FILENO)) {
        (void)error_set(error, EXIT_USAGE, "no bars to draw: give them on standard input or with --file");
        char word[SHELL_WORD_MAX];
        const char *name = symbol == NULL ? "AAPL" : shell_word(word, symbol);
        error_hint(error, "tn-quote bars %s | tn-report chart %s", name, name);
        return -1;
    }
    view->records = true;
    return 0;
}

/* The operands are a symbol, if one is named, and files. A pair (BTC/USD) is a symbol unless it is there as a file. */
static int sort_operands(const struct invocation *invocation, const char **symbol, char **files, struct error *error)
{
    char *const *list = invocation_operand_list(invocation);
    *symbol = NULL;
    for (int count = 0; *list != NULL; list++) {
        const bool file = operand_is_file(*list), pair = strchr("/.", **list) == NULL && strchr(*list, '/') != NULL;
        if (file && !(pair && access(*list, F_OK) != 0)) {
            files[count++] = *list;
            continue;
        }
        if (*symbol != NULL)
            return error_set(error, EXIT_USAGE, "a chart shows one symbol: '%s' or '%s'", *symbol, *list);
        *symbol = *list;
    }
    return 0;
}

enum exit_code report_chart(struct invocation *invocation, struct error *error)
{
    const char *symbol;
    char **files = calloc((size_t)invocation_operands(invocation) + 1, sizeof *files);
    const char *file = option_text(invocation, "out", NULL), *wanted = option_text(invocation, "interval", NULL);
    int count;
    const char *const *with = option_list(invocation, "with", &count);
    struct interval interval = {.unit = INTERVAL_NONE};
    enum picture_kind kind;
    struct view view;
    struct candles candles = {0};
    struct exchange exchange = {.zone = NULL};
    struct overlay overlay = {.items = 0};
    const char *drawn = option_text(invocation, "overlay", NULL);
    if (files == NULL || sort_operands(invocation, &symbol, files, error) != 0) {
        free(files);
        if (!error_is_set(error))
            error_memory(error);
        return error->code;
    }
    int result = view_open(&view, invocation, files, symbol, error);
    if (result == 0 && wanted != NULL && interval_parse(&interval, wanted, strlen(wanted), error) != 0) {
        error_recode(error, EXIT_USAGE);
        result = -1;
    }
    if (result == 0 && file != NULL)
        result = picture_kind_of(file, &kind, error);
    if (result == 0 && drawn != NULL)
        result = overlay_read(&overlay, drawn, error);
    if (result == 0)
        result = exchange_open(&exchange, "nyse", error);
    if (result == 0)
        result = candles_init(&candles, symbol, interval, with, count, &exchange.calendar, error);
    if (result == 0)
        result = choose_source(&view, symbol, error);
    if (result == 0) {
        view.options.market = candles_take;
        view.options.context = &candles;
        result = view_read(&view, error);
    }
    if (result == 0)
        result = view_use_zone_of_bars(&view, &candles, error);
    if (result == 0)
        result = show(&view, &candles, &overlay, invocation, error);
    const enum exit_code code = result == 0 ? view.report.status : exit_worst(view.report.status, error->code);
    candles_clear(&candles);
    overlay_clear(&overlay);
    exchange_close(&exchange);
    view_close(&view);
    free(files);
    return code;
}
