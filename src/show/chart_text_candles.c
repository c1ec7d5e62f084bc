/* Candles on a terminal: one a column, volume and fills below. */
#include "show/chart_text.h"

#include "base/time.h"
#include "show/chart_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CANDLE_ROWS 18
#define VOLUME_ROWS 3
#define COLUMNS_MAX 120

/* What one column shows: `bars` bars joined into one. */
struct slice {
    struct chart_bar bar;
    bool bought, sold;
};

struct picture {
    struct slice *slice;
    int slices;
    size_t join; /* bars a column */
    struct axis axis;
    double most_volume;
};

/* Glyphs: wick, rising body, falling body, line, buy, sell, both. */
static const char *const unicode[] = {"│", "█", "░", "·", "▲", "▼", "◆"};
static const char *const ascii[] = {"|", "#", "o", ".", "^", "v", "X"};
enum glyph { WICK, RISING, FALLING, LINE, BUY, SELL, BOTH };

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
        struct chart_bar *bar = &picture->slice[i / picture->join].bar;
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

/* Does a line in price units pass this cell? */
static bool is_on_line(const struct candle_chart *chart, const struct picture *picture, int column, int row)
{
    size_t at = (size_t)column * picture->join + picture->join - 1;
    if (at >= chart->bars)
        at = chart->bars - 1;
    for (int i = 0; i < chart->lines; i++) {
        const double value = chart->line[i].value[at];
        if (chart->line[i].panel == 0 && value >= picture->axis.low && value <= picture->axis.high &&
            axis_place(&picture->axis, value, CANDLE_ROWS) == row)
            return true;
    }
    return false;
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
    axis_row(&picture->axis, row, style, out);
    for (int i = 0; i < picture->slices; i++) {
        const struct chart_bar *bar = &picture->slice[i].bar;
        const bool rising = bar->close >= bar->open;
        const char *paint = rising ? "\033[32m" : "\033[31m";
        const int top = axis_place(&picture->axis, fmax(bar->open, bar->close), CANDLE_ROWS);
        const int bottom = axis_place(&picture->axis, fmin(bar->open, bar->close), CANDLE_ROWS);
        if (row >= top && row <= bottom)
            cell_add(out, glyph[rising ? RISING : FALLING], paint, style);
        else if (row >= axis_place(&picture->axis, bar->high, CANDLE_ROWS) &&
                 row <= axis_place(&picture->axis, bar->low, CANDLE_ROWS))
            cell_add(out, glyph[WICK], paint, style);
        else if (is_on_line(chart, picture, i, row))
            cell_add(out, glyph[LINE], "\033[33m", style);
        else
            buf_add_char(out, ' ');
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
    buf_printf(out, "%*s %s", AXIS_WIDTH - 2, row == 0 ? "volume" : "", style->ascii ? "|" : "│");
    for (int i = 0; i < picture->slices; i++) {
        const double part = picture->slice[i].bar.volume / picture->most_volume;
        const double filled = isnan(part) ? 0 : part * VOLUME_ROWS * 8 - (VOLUME_ROWS - 1 - row) * 8;
        const int level = filled < 0 ? 0 : filled > 8 ? 8 : (int)lround(filled);
        buf_add_text(out, style->ascii ? (level >= 4 ? "#" : " ") : eighths[level]);
    }
    row_end(out);
}

static void legend_add(const struct candle_chart *chart, const struct picture *picture, const struct style *style,
                       struct buf *out)
{
    if (picture->join > 1)
        buf_printf(out, "%*seach column is %zu bars\n", AXIS_WIDTH, "", picture->join);
    for (int i = 0; i < chart->lines; i++) {
        const double value = chart->line[i].value[chart->bars - 1];
        buf_printf(out, "%*s", AXIS_WIDTH, "");
        style_add(out, str_of(chart->line[i].name), style);
        if (isfinite(value))
            buf_printf(out, " %.6g\n", value);
        else
            buf_add_text(out, style->ascii ? " -\n" : " –\n");
    }
}

int chart_text_candles(const struct candle_chart *chart, const struct style *style, struct buf *out,
                       struct error *error)
{
    int columns = style->width - AXIS_WIDTH;
    columns = columns > COLUMNS_MAX ? COLUMNS_MAX : columns < 16 ? 16 : columns;
    axis_title(chart->title, chart->subtitle, style, out);
    if (chart->bars == 0) {
        buf_add_text(out, "no bars\n");
        return buf_check(out, error);
    }
    struct picture picture;
    if (picture_init(&picture, chart, columns, error) != 0)
        return -1;
    for (int row = 0; row < CANDLE_ROWS; row++)
        candle_row(chart, &picture, row, style, out);
    if (chart->marks > 0)
        marks_row(&picture, style, out);
    for (int row = 0; row < VOLUME_ROWS && picture.most_volume > 0; row++)
        volume_row(&picture, row, style, out);
    axis_times(chart->bar[0].time, chart->bar[chart->bars / 2].time, chart->bar[chart->bars - 1].time, picture.slices,
               !chart->daily, chart->zone, out);
    legend_add(chart, &picture, style, out);
    free(picture.slice);
    return buf_check(out, error);
}
