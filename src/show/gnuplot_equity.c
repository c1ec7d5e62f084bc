/* The gnuplot script of equity curves with their drawdowns. */
#include "base/time.h"
#include "show/gnuplot_parts.h"

#include <math.h>

#define POINTS_MAX 6000 /* more than a picture has columns: thinned to the extremes of POINTS_MAX / 4 groups */

struct extent {
    double low, high, deepest;
    int64_t first, last;
};

static void point_add(struct buf *out, const struct chart_point *point, double peak, const struct zone *zone)
{
    const int64_t local = zone == NULL ? point->time : zone_to_local(zone, point->time);
    const double depth = peak > 0 ? 100 * (point->value / peak - 1) : 0;
    buf_printf(out, "%.3f %.12g %.6g\n", (double)local / (double)TIME_SECOND, point->value, depth);
}

/* Points from..to as they are, or the first, the lowest, the highest and the last of them. */
static void group_add(struct buf *out, const struct chart_curve *curve, size_t from, size_t to, double *peak,
                      const struct zone *zone)
{
    size_t lowest = from, highest = from;
    for (size_t i = from + 1; i < to; i++) {
        if (curve->point[i].value < curve->point[lowest].value)
            lowest = i;
        if (curve->point[i].value > curve->point[highest].value)
            highest = i;
    }
    for (size_t i = from; i < to; i++) {
        *peak = fmax(*peak, curve->point[i].value);
        if (i == from || i == lowest || i == highest || i == to - 1)
            point_add(out, &curve->point[i], *peak, zone);
    }
}

static void curve_data(struct buf *out, const struct equity_chart *chart, int index, struct extent *extent)
{
    const struct chart_curve *curve = &chart->curve[index];
    buf_printf(out, "$c%d << EOD\n", index);
    const size_t groups = curve->points > POINTS_MAX ? POINTS_MAX / 4 : curve->points;
    double peak = -INFINITY;
    for (size_t i = 0; i < groups; i++)
        group_add(out, curve, curve->points * i / groups, curve->points * (i + 1) / groups, &peak, chart->zone);
    buf_add_text(out, "EOD\n");
    peak = -INFINITY;
    for (size_t i = 0; i < curve->points; i++) {
        const double value = curve->point[i].value;
        peak = fmax(peak, value);
        extent->low = fmin(extent->low, value);
        extent->high = fmax(extent->high, value);
        extent->deepest = peak > 0 ? fmin(extent->deepest, 100 * (value / peak - 1)) : extent->deepest;
    }
    if (curve->points > 0 && curve->point[0].time < extent->first)
        extent->first = curve->point[0].time;
    if (curve->points > 0 && curve->point[curve->points - 1].time > extent->last)
        extent->last = curve->point[curve->points - 1].time;
}

static void plots(struct buf *out, const struct equity_chart *chart, bool drawdown)
{
    const char *separator = "plot ";
    for (int i = 0; i < chart->curves; i++) {
        if (chart->curve[i].points == 0)
            continue;
        const char *color = chart->curves == 1 && drawdown ? GNUPLOT_DOWN : gnuplot_colors[i % GNUPLOT_COLORS];
        if (drawdown)
            buf_printf(out,
                       "%s$c%d using 1:3 with filledcurves y=0 fillstyle solid 0.18 noborder linecolor rgb '%s' "
                       "notitle, $c%d using 1:3 with lines linewidth 1.1 linecolor rgb '%s' notitle",
                       separator, i, color, i, color);
        else {
            buf_printf(out, "%s$c%d using 1:2 with lines linewidth 1.7 linecolor rgb '%s' title ", separator, i, color);
            gnuplot_label(out, chart->curve[i].name);
        }
        separator = ", ";
    }
    buf_add_char(out, '\n');
}

int gnuplot_script_equity(const struct equity_chart *chart, enum picture_kind kind, struct buf *out,
                          struct error *error)
{
    struct extent extent = {INFINITY, -INFINITY, 0, INT64_MAX, INT64_MIN};
    for (int i = 0; i < chart->curves; i++)
        curve_data(out, chart, i, &extent);
    gnuplot_head(out, kind, 720, chart->title, chart->subtitle);
    if (extent.first > extent.last) {
        buf_add_text(out, "set label 3 'no equity curve' at screen 0.5,0.5 center textcolor rgb '" GNUPLOT_GREY "'\n"
                          "unset xtics\nunset ytics\nset xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n");
        return buf_check(out, error);
    }
    const double days = (double)(extent.last - extent.first) / (double)TIME_DAY;
    const char *format = days > 800 ? "%Y" : days > 80 ? "%b %Y" : days > 3 ? "%d %b" : "%d %b %H:%M";
    const double margin = (extent.high - extent.low) * 0.04;
    buf_add_text(out, "set xdata time\nset timefmt '%s'\n");
    /* Points are in the zone's time; a single one still needs a range. */
    const double shift = chart->zone == NULL ? 0 : (double)zone_offset(chart->zone, extent.first, NULL);
    const double around = extent.first == extent.last ? 43200 : 0;
    buf_printf(out, "set xrange [%.3f:%.3f]\n", (double)extent.first / 1e9 + shift - around,
               (double)extent.last / 1e9 + shift + around);
    gnuplot_panel(out, 0.36, 0.88);
    buf_add_text(out, "set format x ''\n");
    gnuplot_tics_y(out, extent.low - margin, extent.high + margin, 7, "");
    plots(out, chart, false);
    buf_add_text(out, "unset label 1\nunset label 2\nset key off\n");
    gnuplot_panel(out, 0.075, 0.32);
    buf_printf(out, "set format x '%s'\n", format);
    gnuplot_tics_y(out, extent.deepest < 0 ? extent.deepest * 1.06 : -1, 0, 4, " %%");
    plots(out, chart, true);
    return buf_check(out, error);
}
