/* Equity curves over each other, drawdowns below: filled lightly, so that several can be seen. */
#include "show/draw.h"

#include "base/time.h"

#include <math.h>
#include <stdlib.h>

#define CURVES_TAGGED 12

struct extent {
    double low, high, deepest;
    int64_t first, last;
};

static void extend(struct extent *extent, const struct chart_curve *curve)
{
    double peak = -INFINITY;
    for (size_t i = 0; i < curve->points; i++) {
        const double value = curve->point[i].value;
        peak = fmax(peak, value);
        extent->low = fmin(extent->low, value);
        extent->high = fmax(extent->high, value);
        if (peak > 0 && !curve->benchmark)
            extent->deepest = fmin(extent->deepest, 100 * (value / peak - 1));
    }
    if (curve->points == 0)
        return;
    extent->first = curve->point[0].time < extent->first ? curve->point[0].time : extent->first;
    extent->last =
        curve->point[curve->points - 1].time > extent->last ? curve->point[curve->points - 1].time : extent->last;
}

/* Points from `from` to `to`, thinned where there are more than a picture has columns: of each group the first, the
 * lowest, the highest and the last stay. `depth`: the drawdown in per cent instead of the value. */
static void trace(struct drawing *drawing, const struct chart_curve *curve, const struct scale *across,
                  const struct scale *up, const struct zone *zone, bool depth)
{
    const size_t most = (size_t)fabs(across->to - across->from);
    const size_t groups = curve->points > 4 * most ? most : curve->points;
    double peak = -INFINITY;
    for (size_t g = 0; g < groups; g++) {
        const size_t from = curve->points * g / groups, to = curve->points * (g + 1) / groups;
        size_t lowest = from, highest = from;
        for (size_t i = from + 1; i < to; i++) {
            lowest = curve->point[i].value < curve->point[lowest].value ? i : lowest;
            highest = curve->point[i].value > curve->point[highest].value ? i : highest;
        }
        for (size_t i = from; i < to; i++) {
            const double value = curve->point[i].value;
            peak = fmax(peak, value);
            if (i != from && i != lowest && i != highest && i != to - 1)
                continue;
            const double x = scale_place(across, (double)zone_local(zone, curve->point[i].time));
            drawing_to(drawing, x, scale_place(up, !depth ? value : peak > 0 ? 100 * (value / peak - 1) : 0));
        }
    }
}

static struct pen pen_of(const struct equity_chart *chart, int i)
{
    const bool benchmark = chart->curve[i].benchmark;
    return (struct pen){
        .ink = benchmark ? INK_QUIET : draw_series(i), .width = benchmark ? 1.3 : 1.8, .dashed = benchmark};
}

static void equity_panel(struct drawing *drawing, const struct equity_chart *chart, const struct extent *extent,
                         const struct frame *frame, const struct scale *across, const struct tick *tick, int ticks)
{
    struct scale up;
    const bool is_log = !chart->plain && chart_is_log(chart->scale, extent->low, extent->high);
    const char *unit = chart->plain && chart->unit != NULL ? chart->unit : "";
    const double margin = (extent->high - extent->low) * 0.05,
                 ratio = is_log ? pow(extent->high / extent->low, 0.05) : 1;
    scale_init(&up, is_log ? extent->low / ratio : extent->low - margin,
               is_log ? extent->high * ratio : extent->high + margin, is_log, frame->bottom, frame->top);
    const int most = (int)((frame->bottom - frame->top) / 45);
    draw_times(drawing, across, frame, tick, ticks, chart->plain);
    draw_values(drawing, &up, frame, most);
    struct tag tag[CURVES_TAGGED];
    int tags = 0;
    drawing->group = 1;
    for (int i = 0; i < chart->curves; i++) {
        const struct chart_curve *curve = &chart->curve[i];
        if (curve->points == 0)
            continue;
        drawing_line(drawing, pen_of(chart, i));
        trace(drawing, curve, across, &up, chart->zone, false);
        if (tags == CURVES_TAGGED)
            continue;
        const double last = curve->point[curve->points - 1].value;
        tag[tags] = (struct tag){.y = scale_place(&up, last), .ink = pen_of(chart, i).ink};
        value_text(tag[tags++].text, last, fabs(last) < 1000 ? 2 : 0, unit);
    }
    drawing->group = 0;
    draw_tags(drawing, tag, tags, frame);
    draw_value_labels(drawing, &up, frame, most, unit, tag, tags);
}

static void drawdown_panel(struct drawing *drawing, const struct equity_chart *chart, const struct extent *extent,
                           const struct frame *frame, const struct scale *across, const struct tick *tick, int ticks)
{
    struct scale up;
    scale_init(&up, extent->deepest < 0 ? extent->deepest * 1.08 : -1, 0, false, frame->bottom, frame->top);
    draw_times(drawing, across, frame, tick, ticks, true);
    draw_values(drawing, &up, frame, 4);
    draw_value_labels(drawing, &up, frame, 4, " %", NULL, 0);
    drawing->group = 2;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < chart->curves; i++) {
            const struct chart_curve *curve = &chart->curve[i];
            if (curve->points == 0 || curve->benchmark)
                continue;
            struct pen pen = pen_of(chart, i);
            pen.ink = chart->curves == 1 ? INK_DOWN : pen.ink;
            pen.opacity = 0.2;
            pen.width = 1.2;
            if (pass == 0) {
                drawing_area(drawing, pen);
                drawing_to(drawing, scale_place(across, (double)zone_local(chart->zone, curve->point[0].time)),
                           frame->top);
            } else {
                drawing_line(drawing, pen);
            }
            trace(drawing, curve, across, &up, chart->zone, true);
            if (pass == 0)
                drawing_to(drawing,
                           scale_place(across, (double)zone_local(chart->zone, curve->point[curve->points - 1].time)),
                           frame->top);
        }
    drawing->group = 0;
}

/* Name and figures of each curve, as many lines as they need. */
static double key(struct drawing *drawing, const struct equity_chart *chart, double y)
{
    if (chart->curves < 2)
        return y;
    double x = 20;
    for (int i = 0; i < chart->curves; i++) {
        const struct chart_curve *curve = &chart->curve[i];
        const double need =
            48 + drawing_text_width(curve->name, DRAW_LETTERS) + drawing_text_width(curve->words, DRAW_LETTERS);
        if (x > 20 && x + need > drawing->width) {
            x = 20;
            y += 22;
        }
        x = draw_key(drawing, pen_of(chart, i), false, x, y, curve->name, curve->words);
    }
    return y + 20;
}

int draw_equity(struct drawing *drawing, const struct equity_chart *chart, bool headed, struct error *error)
{
    struct extent extent = {INFINITY, -INFINITY, 0, INT64_MAX, INT64_MIN};
    for (int i = 0; i < chart->curves; i++)
        extend(&extent, &chart->curve[i]);
    const double top = key(drawing, chart, draw_head(drawing, chart->title, chart->subtitle, headed));
    if (extent.first >= extent.last) {
        drawing_text(drawing, INK_QUIET, drawing->width / 2, drawing->height / 2, 15, ANCHOR_MIDDLE, false,
                     chart->plain ? "no curve: fewer than two points" : "no equity curve: fewer than two points");
        return drawing_check(drawing, error);
    }
    if (chart->plain) {
        extent.low = fmin(extent.low, 0);
        extent.high = fmax(extent.high, 0);
    }
    const double bottom = drawing->height - 34, split = chart->plain ? bottom : top + (bottom - top) * 0.7;
    const struct frame upper = {DRAW_LEFT, drawing->width - DRAW_RIGHT, top, split},
                       lower = {DRAW_LEFT, drawing->width - DRAW_RIGHT, split + 30, bottom};
    struct scale across;
    scale_init(&across, (double)zone_local(chart->zone, extent.first), (double)zone_local(chart->zone, extent.last),
               false, upper.left, upper.right);
    drawing->from = upper.left;
    drawing->to = upper.right;
    struct tick tick[TICKS_MAX];
    const int ticks =
        time_ticks(extent.first, extent.last, chart->zone, (int)(drawing->width / (chart->plain ? 65 : 90)), tick);
    equity_panel(drawing, chart, &extent, &upper, &across, tick, ticks);
    if (chart->plain)
        return drawing_check(drawing, error);
    drawing_text(drawing, INK_QUIET, lower.left, lower.top - 12, DRAW_LETTERS - 1, ANCHOR_START, false, "drawdown");
    drawdown_panel(drawing, chart, &extent, &lower, &across, tick, ticks);
    return drawing_check(drawing, error);
}
