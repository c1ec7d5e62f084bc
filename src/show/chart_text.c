/* Equity and drawdown on a terminal. Candles are in chart_text_candles.c. */
#include "show/chart_text.h"

#include "base/time.h"
#include "show/canvas.h"
#include "show/chart_axis.h"

#include <math.h>

#define EQUITY_ROWS   14
#define DRAWDOWN_ROWS 5
#define COLUMNS_MAX   120
#define BARS_MAX      90

static int column_of(const struct chart_curve *curve, size_t i, int width)
{
    const double span = (double)(curve->point[curve->points - 1].time - curve->point[0].time);
    if (!(span > 0))
        return (int)(i * (size_t)(width - 1) / (curve->points - 1));
    return (int)lround((double)(curve->point[i].time - curve->point[0].time) / span * (width - 1));
}

static void panel_add(const struct canvas *canvas, const struct axis *axis, const char *paint,
                      const struct style *style, struct buf *out)
{
    for (int row = 0; row < canvas->rows; row++) {
        axis_row(axis, row, style, out);
        buf_add_text(out, style->color ? paint : "");
        canvas_row(canvas, row, out);
        buf_add_text(out, style->color ? "\033[0m\n" : "\n");
    }
}

static int equity_panel(const struct chart_curve *curve, int columns, const struct style *style, struct buf *out,
                        struct error *error)
{
    double low = curve->point[0].value, high = low;
    for (size_t i = 1; i < curve->points; i++) {
        low = fmin(low, curve->point[i].value);
        high = fmax(high, curve->point[i].value);
    }
    struct canvas canvas;
    if (canvas_init(&canvas, columns, EQUITY_ROWS, style->ascii, error) != 0)
        return -1;
    struct axis axis;
    axis_init(&axis, low, high, EQUITY_ROWS, "");
    int x = 0, y = axis_place(&axis, curve->point[0].value, canvas_height(&canvas));
    for (size_t i = 1; i < curve->points; i++) {
        const int next_x = column_of(curve, i, canvas_width(&canvas));
        const int next_y = axis_place(&axis, curve->point[i].value, canvas_height(&canvas));
        canvas_line(&canvas, x, y, next_x, next_y);
        x = next_x;
        y = next_y;
    }
    panel_add(&canvas, &axis, "\033[36m", style, out);
    canvas_clear(&canvas);
    return 0;
}

/* The drawdown hangs from zero; the deepest of the points that share a column counts. */
static int drawdown_panel(const struct chart_curve *curve, int columns, const struct style *style, struct buf *out,
                          struct error *error)
{
    double peak = curve->point[0].value, deepest = 0;
    for (size_t i = 0; i < curve->points; i++) {
        peak = fmax(peak, curve->point[i].value);
        deepest = peak > 0 ? fmin(deepest, curve->point[i].value / peak - 1) : deepest;
    }
    struct canvas canvas;
    if (canvas_init(&canvas, columns, DRAWDOWN_ROWS, style->ascii, error) != 0)
        return -1;
    struct axis axis;
    axis_init(&axis, deepest < 0 ? 100 * deepest : -1, 0, DRAWDOWN_ROWS, " %");
    peak = curve->point[0].value;
    int from = 0;
    for (size_t i = 0; i < curve->points; i++) {
        peak = fmax(peak, curve->point[i].value);
        const int x = column_of(curve, i, canvas_width(&canvas));
        const double depth = peak > 0 ? 100 * (curve->point[i].value / peak - 1) : 0;
        const int y = axis_place(&axis, depth, canvas_height(&canvas));
        for (; from < x; from++)
            canvas_line(&canvas, from, 0, from, depth < 0 ? y : 0);
        canvas_line(&canvas, x, 0, x, y);
    }
    panel_add(&canvas, &axis, "\033[31m", style, out);
    canvas_clear(&canvas);
    return 0;
}

int chart_text_columns(const struct style *style)
{
    const int columns = style->width - AXIS_WIDTH;
    return columns > COLUMNS_MAX ? COLUMNS_MAX : columns < 16 ? 16 : columns;
}

int chart_text_bars(const struct style *style)
{
    const int columns = chart_text_columns(style);
    return columns > BARS_MAX ? BARS_MAX : columns;
}

/* Ticks at the columns where their moments lie. */
static void times_add(const struct chart_curve *curve, int columns, const struct zone *zone, struct buf *out)
{
    const int64_t first = curve->point[0].time, last = curve->point[curve->points - 1].time;
    const double from = (double)zone_local(zone, first), to = (double)zone_local(zone, last);
    struct tick tick[TICKS_MAX];
    const int ticks = time_ticks(first, last, zone, columns / 9 + 1, tick);
    for (int i = 0; i < ticks; i++)
        tick[i].at = to > from ? (tick[i].at - from) / (to - from) * (columns - 1) : 0;
    axis_ticks(tick, ticks, columns, out);
}

int chart_text_equity(const struct equity_chart *chart, const struct style *style, struct buf *out, struct error *error)
{
    const int columns = chart_text_columns(style);
    axis_title(chart->title, chart->subtitle, style, out);
    for (int i = 0; i < chart->curves; i++) {
        const struct chart_curve *curve = &chart->curve[i];
        axis_title(chart->curves > 1 ? curve->name : "", "", style, out);
        if (curve->points < 2) {
            buf_add_text(out, "no equity curve: fewer than two points\n");
            continue;
        }
        if (equity_panel(curve, columns, style, out, error) != 0)
            return -1;
        if (drawdown_panel(curve, columns, style, out, error) != 0)
            return -1;
        times_add(curve, columns, chart->zone, out);
    }
    return buf_check(out, error);
}
