/* Candles with volume, indicators, own round trips and fills. The candles have half the picture at least. */
#include "show/draw.h"

#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PANELS_MAX 4 /* below the candles; what is more is said, not drawn */
#define TAGS_MAX   8

struct plot {
    struct drawing *drawing;
    const struct candle_chart *chart;
    struct scale across, up;
    struct frame price;
    struct tick tick[TICKS_MAX];
    int ticks;
    double step; /* pixels a bar */
};

static int panels_of(const struct candle_chart *chart)
{
    int panels = 0;
    for (int i = 0; i < chart->lines; i++)
        panels = chart->line[i].panel > panels ? chart->line[i].panel : panels;
    return panels;
}

double draw_candles_height(const struct candle_chart *chart)
{
    const int panels = panels_of(chart) > PANELS_MAX ? PANELS_MAX : panels_of(chart);
    return DRAW_HEIGHT + (panels > 2 ? 90.0 * (panels - 2) : 0);
}

static double x_of(const struct plot *plot, size_t bar)
{
    return scale_place(&plot->across, (double)bar);
}

static double y_of(const struct plot *plot, double price)
{
    return scale_place(&plot->up, price);
}

/* Wicks, then bodies: hollow when the bar rose, filled when it fell, one pixel at least when it did neither. */
static void bodies(const struct plot *plot, bool rising)
{
    struct drawing *drawing = plot->drawing;
    const double half = fmax(0.5, fmin(plot->step * 0.36, 9));
    const bool thin = plot->step < 3; /* too narrow for a body: the range alone */
    const enum ink ink = rising ? INK_UP : INK_DOWN;
    const struct pen line = {.ink = ink, .width = thin ? fmax(0.6, fmin(1, plot->step * 0.7)) : 1};
    for (size_t i = 0; i < plot->chart->bars; i++) {
        const struct chart_bar *bar = &plot->chart->bar[i];
        if ((bar->close >= bar->open) != rising)
            continue;
        const double x = x_of(plot, i), high = y_of(plot, bar->high), low = y_of(plot, bar->low);
        const double top = y_of(plot, fmax(bar->open, bar->close)), bottom = y_of(plot, fmin(bar->open, bar->close));
        if (thin) {
            drawing_segment(drawing, line, x, fmin(high, low - 1), x, low);
            continue;
        }
        drawing_segment(drawing, line, x, high, x, top);
        drawing_segment(drawing, line, x, bottom, x, low);
    }
    for (size_t i = 0; !thin && i < plot->chart->bars; i++) {
        const struct chart_bar *bar = &plot->chart->bar[i];
        if ((bar->close >= bar->open) != rising)
            continue;
        const double x = x_of(plot, i);
        double top = y_of(plot, fmax(bar->open, bar->close)), bottom = y_of(plot, fmin(bar->open, bar->close));
        if (bottom - top < 1) {
            top = (top + bottom) / 2 - 0.5;
            bottom = top + 1;
        }
        if (!rising || bottom - top <= 1) {
            drawing_box(drawing, (struct pen){.ink = ink, .opacity = 1}, x - half, top, x + half, bottom);
            continue;
        }
        drawing_line(drawing, (struct pen){.ink = ink, .width = 1.1});
        drawing_to(drawing, x - half, top);
        drawing_to(drawing, x + half, top);
        drawing_to(drawing, x + half, bottom);
        drawing_to(drawing, x - half, bottom);
        drawing_to(drawing, x - half, top);
    }
}

/* Where a figure lies, at the edge when it is beyond it. */
static double place_within(const struct scale *up, double value)
{
    const double place = scale_place(up, value);
    return fmin(fmax(place, fmin(up->from, up->to)), fmax(up->from, up->to));
}

/* A line of figures, interrupted where there are none. */
static void figures(const struct plot *plot, const struct chart_line *line, const struct scale *up, struct pen pen)
{
    bool open = false;
    for (size_t i = 0; i < plot->chart->bars; i++) {
        const double value = line->value[i];
        if (!isfinite(value)) {
            open = false;
            continue;
        }
        if (!open)
            drawing_line(plot->drawing, pen);
        open = true;
        drawing_to(plot->drawing, x_of(plot, i), place_within(up, value));
    }
}

static void histogram(const struct plot *plot, const struct chart_line *line, const struct scale *up)
{
    const double zero = scale_place(up, 0), half = fmax(0.4, fmin(plot->step * 0.36, 9));
    for (int sign = 0; sign < 2; sign++)
        for (size_t i = 0; i < plot->chart->bars; i++)
            if (isfinite(line->value[i]) && (line->value[i] < 0) == sign)
                drawing_box(plot->drawing, (struct pen){.ink = sign ? INK_DOWN : INK_UP, .opacity = 0.45},
                            x_of(plot, i) - half, zero, x_of(plot, i) + half, scale_place(up, line->value[i]));
}

/* The area between a line and its partner, where both have figures. */
static void band(const struct plot *plot, const struct chart_line *line, const struct chart_line *other,
                 const struct scale *up, struct pen pen)
{
    pen.opacity = 0.08;
    for (size_t from = 0, to; from < plot->chart->bars; from = to + 1) {
        for (to = from; to < plot->chart->bars && isfinite(line->value[to]) && isfinite(other->value[to]); to++)
            ;
        if (to - from < 2)
            continue;
        drawing_area(plot->drawing, pen);
        for (size_t i = from; i < to; i++)
            drawing_to(plot->drawing, x_of(plot, i), place_within(up, line->value[i]));
        for (size_t i = to; i-- > from;)
            drawing_to(plot->drawing, x_of(plot, i), place_within(up, other->value[i]));
    }
}

/* The lines of a panel with their key and last values. */
static int lines(const struct plot *plot, int panel, const struct scale *up, double y, double x, struct tag *tag,
                 int tags)
{
    const struct candle_chart *chart = plot->chart;
    for (int i = 0; i < chart->lines; i++) {
        const struct chart_line *line = &chart->line[i];
        if (line->panel != panel)
            continue;
        const struct pen pen = {.ink = draw_series(i + 2), .width = 1.4};
        plot->drawing->group = panel + 1;
        if (line->histogram)
            histogram(plot, line, up);
        else
            figures(plot, line, up, pen);
        if (line->band != 0 && i + line->band < chart->lines)
            band(plot, line, &chart->line[i + line->band], up, pen);
        plot->drawing->group = 0;
        x = draw_key(plot->drawing, line->histogram ? (struct pen){.ink = INK_QUIET, .opacity = 0.45} : pen,
                     line->histogram, x, y, line->name, "");
        const double last = line->value[chart->bars - 1];
        if (!isfinite(last) || line->histogram || tags == TAGS_MAX)
            continue;
        tag[tags] = (struct tag){.y = scale_place(up, last), .ink = pen.ink};
        if (panel > 0 && fabs(last) >= 1e6)
            amount_text(tag[tags++].text, last);
        else
            value_text(tag[tags++].text, last,
                       panel > 0 ? price_digits(last) : chart_price_digits(chart->bar, chart->bars, last), "");
    }
    return tags;
}

static void triangle(struct drawing *drawing, double x, double tip, double size, bool up)
{
    const double sign = up ? size : -size;
    drawing_area(drawing, (struct pen){.ink = INK_TEXT, .opacity = 1});
    drawing_to(drawing, x, tip);
    drawing_to(drawing, x + 0.6 * size, tip + sign);
    drawing_to(drawing, x - 0.6 * size, tip + sign);
}

/* ▲ below the bar of a purchase, ▼ above that of a sale; between entry and exit a line in the colour of the result. */
static void fills(const struct plot *plot)
{
    const struct candle_chart *chart = plot->chart;
    const double size = plot->step < 2 ? 7 : 10;
    for (size_t i = 0; i < chart->round_trips; i++) {
        const struct chart_round_trip *round_trip = &chart->round_trip[i];
        const int64_t from = chart_bar_at(chart, round_trip->entered), to = chart_bar_at(chart, round_trip->left);
        if (from < 0 || to < 0)
            continue;
        drawing_segment(plot->drawing, (struct pen){.ink = round_trip->won ? INK_UP : INK_DOWN, .width = 1.6},
                        x_of(plot, (size_t)from), y_of(plot, round_trip->entry), x_of(plot, (size_t)to),
                        y_of(plot, round_trip->exit));
        if (isfinite(round_trip->stop) && round_trip->stop > plot->up.low && round_trip->stop < plot->up.high)
            drawing_segment(plot->drawing, (struct pen){.ink = INK_CRITICAL, .width = 1.1, .dashed = true},
                            x_of(plot, (size_t)from), y_of(plot, round_trip->stop), x_of(plot, (size_t)to),
                            y_of(plot, round_trip->stop));
    }
    for (size_t i = 0; i < chart->marks; i++) {
        const int64_t at = chart_bar_at(chart, chart->mark[i].time);
        if (at < 0)
            continue;
        const struct chart_bar *bar = &chart->bar[at];
        if (chart->mark[i].buy)
            triangle(plot->drawing, x_of(plot, (size_t)at), y_of(plot, bar->low) + 5, size, true);
        else
            triangle(plot->drawing, x_of(plot, (size_t)at), y_of(plot, bar->high) - 5, size, false);
    }
}

static void volume(const struct plot *plot, double most, double top, double bottom)
{
    const double half = fmax(0.4, fmin(plot->step * 0.36, 9));
    for (int rising = 0; rising < 2; rising++)
        for (size_t i = 0; i < plot->chart->bars; i++) {
            const struct chart_bar *bar = &plot->chart->bar[i];
            if (isfinite(bar->volume) && bar->volume > 0 && (bar->close >= bar->open) == rising)
                drawing_box(plot->drawing, (struct pen){.ink = rising ? INK_UP : INK_DOWN, .opacity = 0.35},
                            x_of(plot, i) - half, bottom - (bottom - top) * bar->volume / most, x_of(plot, i) + half,
                            bottom);
        }
    char text[TICK_TEXT_MAX];
    amount_text(text, most);
    drawing_text(plot->drawing, INK_QUIET, plot->price.right + 8, top + 6, DRAW_LETTERS - 1, ANCHOR_START, false, text);
    drawing_text(plot->drawing, INK_QUIET, plot->price.right + 8, bottom - 4, DRAW_LETTERS - 1, ANCHOR_START, false,
                 "volume");
}

/* What could not be shown is said: "2 more panels not drawn". */
static void said(struct drawing *drawing, int count, const char *what, const char *why, double y)
{
    char text[96];
    (void)snprintf(text, sizeof text, "%d %s%s %s", count, what, count == 1 ? "" : "s", why);
    drawing_text(drawing, INK_WARNING, drawing->width - DRAW_RIGHT - 4, y, DRAW_LETTERS, ANCHOR_END, false, text);
}

static void price_range(const struct candle_chart *chart, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < chart->bars; i++) {
        *low = fmin(*low, chart->bar[i].low);
        *high = fmax(*high, chart->bar[i].high);
    }
    /* Overlays may widen the range by half, no more: the candles are what is looked at. */
    const double least = *low - (*high - *low) / 4, most = *high + (*high - *low) / 4;
    for (int k = 0; k < chart->lines; k++)
        for (size_t i = 0; i < chart->bars && chart->line[k].panel == 0; i++)
            if (isfinite(chart->line[k].value[i])) {
                *low = fmin(*low, fmax(chart->line[k].value[i], least));
                *high = fmax(*high, fmin(chart->line[k].value[i], most));
            }
}

static void price_panel(struct plot *plot, double most, double strip, double key_y, bool last)
{
    struct drawing *drawing = plot->drawing;
    const struct candle_chart *chart = plot->chart;
    double low, high;
    price_range(chart, &low, &high);
    const bool is_log = chart_is_log(chart->scale, low, high);
    const double margin = (high - low) * 0.06, ratio = is_log ? pow(high / low, 0.06) : 1;
    scale_init(&plot->up, is_log ? low / ratio : low - margin, is_log ? high * ratio : high + margin, is_log,
               plot->price.bottom, plot->price.top);
    struct frame whole = plot->price;
    whole.bottom += strip;
    draw_times(drawing, &plot->across, &whole, plot->tick, plot->ticks, last);
    draw_values(drawing, &plot->up, &plot->price, 9);
    drawing->group = 1;
    bodies(plot, true);
    bodies(plot, false);
    struct tag tag[TAGS_MAX + 1];
    const double close = chart->bar[chart->bars - 1].close;
    tag[0] = (struct tag){.y = y_of(plot, close), .ink = close >= chart->bar[chart->bars - 1].open ? INK_UP : INK_DOWN};
    value_text(tag[0].text, close, chart_price_digits(chart->bar, chart->bars, close), "");
    const int tags = lines(plot, 0, &plot->up, key_y, 20, tag, 1);
    drawing->group = 1;
    const int outside = draw_overlay(drawing, chart, &plot->across, &plot->up, &plot->price);
    fills(plot);
    if (most > 0)
        volume(plot, most, plot->price.bottom + 6, plot->price.bottom + strip);
    drawing->group = 0;
    if (outside > 0)
        said(drawing, outside, "drawn line", "outside of the prices and dates shown", plot->price.top + 8);
    draw_tags(drawing, tag, tags, &plot->price);
    draw_value_labels(drawing, &plot->up, &plot->price, 9, "", tag, tags);
}

static void figure_panel(struct plot *plot, int panel, const struct frame *frame, bool last)
{
    const struct candle_chart *chart = plot->chart;
    double low = INFINITY, high = -INFINITY;
    const struct chart_line *bounded = NULL;
    for (int k = 0; k < chart->lines; k++) {
        const struct chart_line *line = &chart->line[k];
        if (line->panel != panel)
            continue;
        bounded = line->bounds > 0 ? line : bounded;
        for (size_t i = 0; i < chart->bars; i++)
            if (isfinite(line->value[i])) {
                low = fmin(low, line->value[i]);
                high = fmax(high, line->value[i]);
            }
    }
    for (int i = 0; bounded != NULL && i < bounded->bounds; i++) {
        low = fmin(low, bounded->bound[i]);
        high = fmax(high, bounded->bound[i]);
    }
    if (low > high)
        low = 0, high = 1;
    struct scale up;
    const double margin = (high - low) * 0.1;
    scale_init(&up, low - margin, high + margin, false, frame->bottom, frame->top);
    draw_times(plot->drawing, &plot->across, frame, plot->tick, plot->ticks, last);
    struct tick tick[TICKS_MAX];
    int ticks = bounded == NULL || bounded->bounds < 2 ? scale_ticks(&up, 3, "", tick) : 0;
    if (ticks > 0)
        draw_values(plot->drawing, &up, frame, 3);
    for (int i = 0; bounded != NULL && i < bounded->bounds; i++) {
        const double y = scale_place(&up, bounded->bound[i]);
        drawing_segment(plot->drawing, (struct pen){.ink = INK_QUIET, .width = 0.8, .dashed = true}, frame->left, y,
                        frame->right, y);
        if (bounded->bounds < 2)
            continue;
        tick[ticks].at = bounded->bound[i];
        value_text(tick[ticks++].text, bounded->bound[i], scale_digits(bounded->bound[i]), "");
    }
    struct tag tag[TAGS_MAX];
    const int tags = lines(plot, panel, &up, frame->top - 10, frame->left, tag, 0);
    draw_tags(plot->drawing, tag, tags, frame);
    draw_labels(plot->drawing, &up, frame, tick, ticks, tag, tags);
}

static int find_ticks(struct plot *plot, struct error *error)
{
    int64_t *local = calloc(plot->chart->bars, sizeof *local);
    if (local == NULL)
        return error_memory(error);
    for (size_t i = 0; i < plot->chart->bars; i++)
        local[i] = zone_local(plot->chart->zone, plot->chart->bar[i].time);
    plot->ticks = bar_ticks(local, plot->chart->bars, plot->chart->daily, (int)(plot->drawing->width / 85), plot->tick);
    free(local);
    return 0;
}

int draw_candles(struct drawing *drawing, const struct candle_chart *chart, bool headed, struct error *error)
{
    double top = draw_head(drawing, chart->title, chart->subtitle, headed);
    if (chart->bars == 0) {
        drawing_text(drawing, INK_QUIET, drawing->width / 2, drawing->height / 2, 15, ANCHOR_MIDDLE, false, "no bars");
        return drawing_check(drawing, error);
    }
    double most = 0;
    bool overlays = false;
    for (size_t i = 0; i < chart->bars; i++)
        most = fmax(most, chart->bar[i].volume);
    for (int i = 0; i < chart->lines; i++)
        overlays |= chart->line[i].panel == 0;
    const int wanted = panels_of(chart), panels = wanted > PANELS_MAX ? PANELS_MAX : wanted;
    if (wanted > panels)
        said(drawing, wanted - panels, "more panel", "not drawn", headed ? 28 : top);
    const double key_y = top;
    top += overlays ? 18 : -8;
    const double bottom = drawing->height - 34, height = bottom - top, gap = 26;
    const double strip = most > 0 ? 0.09 * height : 0;
    /* Of the height, the candles have what the panels leave: half of it at least. */
    const double share =
        panels == 0
            ? 0
            : fmin(0.18,
                   (0.5 * drawing->height > height ? 0.3 : (height - strip - 0.5 * drawing->height) / height / panels));
    const double each = share * height - gap;
    struct plot plot = {.drawing = drawing, .chart = chart};
    plot.price = (struct frame){DRAW_LEFT, drawing->width - DRAW_RIGHT, top, bottom - strip - panels * (each + gap)};
    plot.step = (plot.price.right - plot.price.left) / ((double)chart->bars + 1);
    scale_init(&plot.across, -1, (double)chart->bars, false, plot.price.left, plot.price.right);
    drawing->from = plot.price.left;
    drawing->to = plot.price.right;
    if (find_ticks(&plot, error) != 0)
        return -1;
    price_panel(&plot, most, strip, key_y, panels == 0);
    double from = plot.price.bottom + strip;
    for (int panel = 1; panel <= panels; panel++) {
        const struct frame frame = {plot.price.left, plot.price.right, from + gap, from + gap + each};
        figure_panel(&plot, panel, &frame, panel == panels);
        from = frame.bottom;
    }
    return drawing_check(drawing, error);
}
