/* Candles on a terminal: one a column, volume and fills below, then a panel for each indicator that needs one. */
#include "show/chart_text.h"

#include "base/time.h"
#include "show/canvas.h"
#include "show/chart_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CANDLE_ROWS 18
#define VOLUME_ROWS 3
#define PANEL_ROWS  5
#define PANELS_MAX  4
#define COLUMNS_MAX 120

/* What one column shows: `bars` bars joined into one. */
struct slice {
    struct chart_bar bar;
    size_t last; /* index of its last bar */
    bool bought, sold;
};

struct picture {
    struct slice *slice;
    int slices;
    size_t join; /* bars a column */
    struct axis axis;
    double most_volume;
};

/* Glyphs: wick, rising body, falling body, buy, sell, both. Bodies differ in more than colour. */
static const char *const unicode[] = {"│", "█", "░", "▲", "▼", "◆"};
static const char *const ascii[] = {"|", "#", "o", "^", "v", "X"};
enum glyph { WICK, RISING, FALLING, BUY, SELL, BOTH };

/* Lines over the candles, by their order. */
#define LINE_GLYPHS 4
static const char *const line_unicode[LINE_GLYPHS] = {"·", "×", "+", "◦"};
static const char *const line_ascii[LINE_GLYPHS] = {".", "x", "+", "*"};
static const char *const line_paint[LINE_GLYPHS] = {"\033[33m", "\033[36m", "\033[35m", "\033[34m"};

static int picture_init(struct picture *picture, const struct candle_chart *chart, int columns, struct error *error)
{
    picture->join = (chart->bars + (size_t)columns - 1) / (size_t)columns;
    picture->slices = (int)((chart->bars + picture->join - 1) / picture->join);
    picture->most_volume = 0;
    picture->slice = calloc((size_t)picture->slices, sizeof *picture->slice);
    if (picture->slice == NULL)
        return error_memory(error);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < chart->bars; i++) {
        const struct chart_bar *from = &chart->bar[i];
        struct slice *slice = &picture->slice[i / picture->join];
        struct chart_bar *bar = &slice->bar;
        slice->last = i;
        if (i % picture->join == 0) {
            *bar = *from;
        } else {
            bar->high = fmax(bar->high, from->high);
            bar->low = fmin(bar->low, from->low);
            bar->close = from->close;
            bar->volume += from->volume;
        }
        low = fmin(low, from->low);
        high = fmax(high, from->high);
    }
    for (int i = 0; i < picture->slices; i++)
        picture->most_volume = fmax(picture->most_volume, picture->slice[i].bar.volume);
    for (size_t i = 0; i < chart->marks; i++) {
        const int64_t at = chart_bar_at(chart, chart->mark[i].time);
        if (at < 0)
            continue;
        struct slice *slice = &picture->slice[(size_t)at / picture->join];
        slice->bought |= chart->mark[i].buy;
        slice->sold |= !chart->mark[i].buy;
    }
    axis_init(&picture->axis, low, high, CANDLE_ROWS, "");
    return 0;
}

/* The line in price units that passes this cell, counted among those; -1 for none. */
static int line_at(const struct candle_chart *chart, const struct picture *picture, int column, int row)
{
    const size_t at = picture->slice[column].last;
    int count = 0;
    for (int i = 0; i < chart->lines; i++) {
        if (chart->line[i].panel != 0)
            continue;
        const double value = chart->line[i].value[at];
        if (value >= picture->axis.low && value <= picture->axis.high &&
            axis_place(&picture->axis, value, CANDLE_ROWS) == row)
            return count;
        count++;
    }
    return -1;
}

/* Does a level or an edge of a zone that the user drew lie in this row? */
static bool is_drawn(const struct candle_chart *chart, const struct picture *picture, int row)
{
    for (size_t i = 0; i < chart->overlays; i++) {
        const struct overlay_item *item = &chart->overlay[i];
        const double price[2] = {item->low, item->high};
        const int prices = item->kind == OVERLAY_LEVEL ? 1 : item->kind == OVERLAY_ZONE ? 2 : 0;
        for (int k = 0; k < prices; k++)
            if (price[k] >= picture->axis.low && price[k] <= picture->axis.high &&
                axis_place(&picture->axis, price[k], CANDLE_ROWS) == row)
                return true;
    }
    return false;
}

/* What was drawn in words, and what only a picture shows. */
static void drawn_add(const struct candle_chart *chart, const struct style *style, struct buf *out)
{
    size_t others = 0;
    for (size_t i = 0; i < chart->overlays; i++) {
        const struct overlay_item *item = &chart->overlay[i];
        if (item->kind > OVERLAY_ZONE) {
            others++;
            continue;
        }
        const int digits = chart_price_digits(chart->bar, chart->bars, item->low);
        buf_printf(out, "%*s%s %.*f", AXIS_WIDTH, "", style->ascii ? "-" : "╌", digits, item->low);
        if (item->kind == OVERLAY_ZONE)
            buf_printf(out, " to %.*f", digits, item->high);
        buf_add_char(out, ' ');
        style_add(out, str_of(item->words), style);
        buf_add_char(out, '\n');
    }
    if (others > 0)
        buf_printf(out, "%*s%zu line%s and notes are shown only in pictures (-o FILE)\n", AXIS_WIDTH, "", others,
                   others == 1 ? "" : "s");
}

static void cell_add(struct buf *out, const char *glyph, const char *paint, const struct style *style)
{
    const bool painted = style->color && paint[0] != '\0';
    buf_add_text(out, painted ? paint : "");
    buf_add_text(out, glyph);
    buf_add_text(out, painted ? "\033[0m" : "");
}

static void row_end(struct buf *out)
{
    while (!out->failed && out->n > 0 && out->p[out->n - 1] == ' ')
        out->n--;
    buf_add_char(out, '\n');
}

static void candle_row(const struct candle_chart *chart, const struct picture *picture, int row,
                       const struct style *style, struct buf *out)
{
    const char *const *glyph = style->ascii ? ascii : unicode;
    const char *rest = !is_drawn(chart, picture, row) ? " " : style->ascii ? "-" : "╌";
    axis_row(&picture->axis, row, style, out);
    for (int i = 0; i < picture->slices; i++) {
        const struct chart_bar *bar = &picture->slice[i].bar;
        const bool rising = bar->close >= bar->open;
        const char *paint = rising ? "\033[32m" : "\033[31m";
        const int top = axis_place(&picture->axis, fmax(bar->open, bar->close), CANDLE_ROWS);
        const int bottom = axis_place(&picture->axis, fmin(bar->open, bar->close), CANDLE_ROWS);
        const int line = line_at(chart, picture, i, row) % LINE_GLYPHS;
        if (row >= top && row <= bottom)
            cell_add(out, glyph[rising ? RISING : FALLING], paint, style);
        else if (row >= axis_place(&picture->axis, bar->high, CANDLE_ROWS) &&
                 row <= axis_place(&picture->axis, bar->low, CANDLE_ROWS))
            cell_add(out, glyph[WICK], paint, style);
        else if (line >= 0)
            cell_add(out, (style->ascii ? line_ascii : line_unicode)[line], line_paint[line], style);
        else
            buf_add_text(out, rest);
    }
    row_end(out);
}

static void marks_row(const struct picture *picture, const struct style *style, struct buf *out)
{
    const char *const *glyph = style->ascii ? ascii : unicode;
    buf_printf(out, "%*s %s", AXIS_WIDTH - 2, "fills", style->ascii ? "|" : "│");
    for (int i = 0; i < picture->slices; i++) {
        const struct slice *slice = &picture->slice[i];
        if (slice->bought && slice->sold)
            cell_add(out, glyph[BOTH], "\033[33m", style);
        else if (slice->bought || slice->sold)
            cell_add(out, glyph[slice->bought ? BUY : SELL], slice->bought ? "\033[32m" : "\033[31m", style);
        else
            buf_add_char(out, ' ');
    }
    row_end(out);
}

static void volume_row(const struct picture *picture, int row, const struct style *style, struct buf *out)
{
    static const char *const eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    char most[TICK_TEXT_MAX] = "";
    if (row == 0)
        amount_text(most, picture->most_volume);
    buf_printf(out, "%*s %s", AXIS_WIDTH - 2,
               row == 0                 ? most
               : row == VOLUME_ROWS - 1 ? "volume"
                                        : "",
               style->ascii ? "|" : "│");
    for (int i = 0; i < picture->slices; i++) {
        const double part = picture->slice[i].bar.volume / picture->most_volume;
        const double filled = isnan(part) ? 0 : part * VOLUME_ROWS * 8 - (VOLUME_ROWS - 1 - row) * 8;
        const int level = filled < 0 ? 0 : filled > 8 ? 8 : (int)lround(filled);
        buf_add_text(out, style->ascii ? (level >= 4 ? "#" : " ") : eighths[level]);
    }
    row_end(out);
}

/* Range of a panel: its figures at the columns, and its bounds. */
static void panel_range(const struct candle_chart *chart, const struct picture *picture, int panel, double *low,
                        double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int k = 0; k < chart->lines; k++) {
        const struct chart_line *line = &chart->line[k];
        for (int i = 0; line->panel == panel && i < picture->slices; i++)
            if (isfinite(line->value[picture->slice[i].last])) {
                *low = fmin(*low, line->value[picture->slice[i].last]);
                *high = fmax(*high, line->value[picture->slice[i].last]);
            }
        for (int i = 0; line->panel == panel && i < line->bounds; i++) {
            *low = fmin(*low, line->bound[i]);
            *high = fmax(*high, line->bound[i]);
        }
        if (line->panel == panel && line->histogram) {
            *low = fmin(*low, 0);
            *high = fmax(*high, 0);
        }
    }
}

static void panel_lines(const struct candle_chart *chart, const struct picture *picture, int panel,
                        const struct axis *axis, struct canvas *canvas)
{
    const int across = canvas_width(canvas) / canvas->columns, height = canvas_height(canvas);
    for (int k = 0; k < chart->lines; k++) {
        const struct chart_line *line = &chart->line[k];
        int x = -1, y = 0;
        for (int i = 0; line->panel == panel && i < picture->slices; i++) {
            const double value = line->value[picture->slice[i].last];
            const int next_x = i * across, next_y = isfinite(value) ? axis_place(axis, value, height) : 0;
            if (isfinite(value) && line->histogram)
                canvas_line(canvas, next_x, axis_place(axis, 0, height), next_x, next_y);
            else if (isfinite(value))
                canvas_line(canvas, x < 0 ? next_x : x, x < 0 ? next_y : y, next_x, next_y);
            x = isfinite(value) ? next_x : -1;
            y = next_y;
        }
    }
}

/* Is this row of cells that of a bound? Its label stands there instead of the axis's. */
static const double *bound_at(const struct candle_chart *chart, int panel, const struct axis *axis, int row)
{
    for (int k = 0; k < chart->lines; k++)
        for (int i = 0; chart->line[k].panel == panel && i < chart->line[k].bounds; i++)
            if (axis_place(axis, chart->line[k].bound[i], PANEL_ROWS) == row)
                return &chart->line[k].bound[i];
    return NULL;
}

static int panel_add(const struct candle_chart *chart, const struct picture *picture, int panel,
                     const struct style *style, struct buf *out, struct error *error)
{
    double low, high;
    panel_range(chart, picture, panel, &low, &high);
    if (low > high)
        return 0;
    struct canvas canvas;
    if (canvas_init(&canvas, picture->slices, PANEL_ROWS, style->ascii, error) != 0)
        return -1;
    struct axis axis;
    axis_init(&axis, low, high, PANEL_ROWS, "");
    panel_lines(chart, picture, panel, &axis, &canvas);
    for (int row = 0; row < PANEL_ROWS; row++) {
        const double *bound = bound_at(chart, panel, &axis, row);
        if (bound != NULL)
            axis_label(*bound, &axis, style, out);
        else
            axis_row(&axis, row, style, out);
        buf_add_text(out, style->color ? "\033[36m" : "");
        canvas_row_over(&canvas, row, bound == NULL ? " " : style->ascii ? "-" : "╌", out);
        buf_add_text(out, style->color ? "\033[0m" : "");
        row_end(out);
    }
    canvas_clear(&canvas);
    return 0;
}

static void key_add(const struct candle_chart *chart, int panel, const struct style *style, struct buf *out)
{
    int count = 0;
    for (int i = 0; i < chart->lines; i++) {
        if (chart->line[i].panel != panel)
            continue;
        buf_printf(out, count == 0 ? "%*s" : "   ", AXIS_WIDTH, "");
        const int glyph = count++ % LINE_GLYPHS;
        if (panel == 0) {
            cell_add(out, (style->ascii ? line_ascii : line_unicode)[glyph], line_paint[glyph], style);
            buf_add_char(out, ' ');
        }
        style_add(out, str_of(chart->line[i].name), style);
        const double value = chart->line[i].value[chart->bars - 1];
        if (isfinite(value))
            buf_printf(out, " %.*f",
                       panel > 0 ? price_digits(value) : chart_price_digits(chart->bar, chart->bars, value), value);
        else
            buf_add_text(out, style->ascii ? " -" : " –");
    }
    buf_add_text(out, count > 0 ? "\n" : "");
}

static int times_add(const struct candle_chart *chart, const struct picture *picture, struct buf *out,
                     struct error *error)
{
    int64_t *local = calloc((size_t)picture->slices, sizeof *local);
    if (local == NULL)
        return error_memory(error);
    for (int i = 0; i < picture->slices; i++)
        local[i] = zone_local(chart->zone, picture->slice[i].bar.time);
    struct tick tick[TICKS_MAX];
    const int ticks = bar_ticks(local, (size_t)picture->slices, chart->daily, picture->slices / 9 + 1, tick);
    free(local);
    axis_ticks(tick, ticks, picture->slices, out);
    return 0;
}

int chart_text_candles(const struct candle_chart *chart, const struct style *style, struct buf *out,
                       struct error *error)
{
    const int columns = chart_text_columns(style);
    axis_title(chart->title, chart->subtitle, style, out);
    if (chart->bars == 0) {
        buf_add_text(out, "no bars\n");
        return buf_check(out, error);
    }
    struct picture picture = {.slices = 0};
    if (picture_init(&picture, chart, columns, error) != 0)
        return -1;
    key_add(chart, 0, style, out);
    for (int row = 0; row < CANDLE_ROWS; row++)
        candle_row(chart, &picture, row, style, out);
    if (chart->marks > 0)
        marks_row(&picture, style, out);
    for (int row = 0; row < VOLUME_ROWS && picture.most_volume > 0; row++)
        volume_row(&picture, row, style, out);
    int result = 0, panels = 0;
    for (int i = 0; i < chart->lines; i++)
        panels = chart->line[i].panel > panels ? chart->line[i].panel : panels;
    for (int panel = 1; panel <= panels && panel <= PANELS_MAX && result == 0; panel++) {
        key_add(chart, panel, style, out);
        result = panel_add(chart, &picture, panel, style, out, error);
    }
    if (result == 0)
        result = times_add(chart, &picture, out, error);
    if (panels > PANELS_MAX)
        buf_printf(out, "%*s%d more panel%s not drawn\n", AXIS_WIDTH, "", panels - PANELS_MAX,
                   panels == PANELS_MAX + 1 ? "" : "s");
    drawn_add(chart, style, out);
    if (picture.join > 1)
        buf_printf(out, "%*seach column is %zu bars\n", AXIS_WIDTH, "", picture.join);
    free(picture.slice);
    return result != 0 ? -1 : buf_check(out, error);
}
