/* The gnuplot script of candles with volume, indicator lines and fills. */
#include "base/time.h"
#include "show/gnuplot_parts.h"

#include <math.h>

#define TICS_MOST  11
#define PANELS_MAX 3 /* of indicators below the candles; further ones share the last */

static int64_t local_of(const struct candle_chart *chart, size_t i)
{
    return chart->zone == NULL ? chart->bar[i].time : zone_to_local(chart->zone, chart->bar[i].time);
}

/* The month (daily bars) or day of a bar: where it changes, a tic may stand. */
static int64_t group_of(const struct candle_chart *chart, size_t i)
{
    const int64_t day = local_of(chart, i) / TIME_DAY;
    if (!chart->daily)
        return day;
    const struct date date = date_from_days(day);
    return date.year * 12 + date.month;
}

enum labels { LABELS_NONE, LABELS_GROUP, LABELS_FULL };

static void tic_add(struct buf *out, const struct candle_chart *chart, size_t i, enum labels labels,
                    const char **separator)
{
    const int64_t local = local_of(chart, i);
    const struct date date = date_from_days(local / TIME_DAY);
    const int minutes = (int)(local % TIME_DAY / TIME_MINUTE);
    buf_add_text(out, *separator);
    if (labels == LABELS_NONE)
        buf_printf(out, "'' %zu", i);
    else if (chart->daily && labels == LABELS_GROUP)
        buf_printf(out, "'%04d-%02d' %zu", date.year, date.month, i);
    else if (chart->daily || labels == LABELS_GROUP)
        buf_printf(out, "'%04d-%02d-%02d' %zu", date.year, date.month, date.day, i);
    else
        buf_printf(out, "'%02d-%02d %02d:%02d' %zu", date.month, date.day, minutes / 60, minutes % 60, i);
    *separator = ", ";
}

/* Tics where months (days) begin; where that would be fewer than three, evenly spaced. */
static void tics_x(struct buf *out, const struct candle_chart *chart, bool labelled)
{
    size_t groups = 0;
    for (size_t i = 1; i < chart->bars; i++)
        groups += group_of(chart, i) != group_of(chart, i - 1);
    const char *separator = "";
    buf_add_text(out, "set xtics (");
    if (groups >= 3) {
        const size_t every = (groups + TICS_MOST - 1) / TICS_MOST;
        size_t seen = 0;
        for (size_t i = 1; i < chart->bars; i++)
            if (group_of(chart, i) != group_of(chart, i - 1) && seen++ % every == 0)
                tic_add(out, chart, i, labelled ? LABELS_GROUP : LABELS_NONE, &separator);
    } else {
        const size_t every = chart->bars / 8 + 1;
        for (size_t i = every / 2; i < chart->bars; i += every)
            tic_add(out, chart, i, labelled ? LABELS_FULL : LABELS_NONE, &separator);
    }
    buf_add_text(out, ")\n");
}

static void number_add(struct buf *out, double value)
{
    if (isfinite(value))
        buf_printf(out, " %.12g", value);
    else
        buf_add_text(out, " NaN");
}

static void bar_data(struct buf *out, const struct candle_chart *chart)
{
    buf_add_text(out, "$bars << EOD\n");
    for (size_t i = 0; i < chart->bars; i++) {
        const struct chart_bar *bar = &chart->bar[i];
        buf_printf(out, "%zu %.12g %.12g %.12g %.12g", i, bar->open, bar->low, bar->high, bar->close);
        number_add(out, bar->volume);
        for (int k = 0; k < chart->lines; k++)
            number_add(out, chart->line[k].value[i]);
        buf_add_char(out, '\n');
    }
    buf_add_text(out, "EOD\n");
}

/* Fills, a little below the candle's low for buys and above its high for sales; tells which kinds there are. */
static void mark_data(struct buf *out, const struct candle_chart *chart, double span, bool *bought, bool *sold)
{
    *bought = *sold = false;
    for (int buy = 0; buy < 2; buy++) {
        buf_add_text(out, buy ? "$buys << EOD\n" : "$sells << EOD\n");
        for (size_t i = 0; i < chart->marks; i++) {
            const int64_t at = chart_bar_at(chart, chart->mark[i].time);
            if (at < 0 || chart->mark[i].buy != buy)
                continue;
            const struct chart_bar *bar = &chart->bar[at];
            buf_printf(out, "%lld %.12g\n", (long long)at, buy ? bar->low - 0.03 * span : bar->high + 0.03 * span);
            *(buy ? bought : sold) = true;
        }
        buf_add_text(out, "EOD\n");
    }
}

static int panel_of(const struct chart_line *line)
{
    return line->panel > PANELS_MAX ? PANELS_MAX : line->panel;
}

static void line_plots(struct buf *out, const struct candle_chart *chart, int panel, const char *separator)
{
    for (int i = 0; i < chart->lines; i++) {
        if (panel_of(&chart->line[i]) != panel)
            continue;
        buf_printf(out, "%s$bars using 1:%d with lines linewidth 1.4 linecolor rgb '%s' title ", separator, 7 + i,
                   gnuplot_colors[i % GNUPLOT_COLORS]);
        gnuplot_label(out, chart->line[i].name);
        separator = ", ";
    }
    buf_add_char(out, '\n');
}

static void price_panel(struct buf *out, const struct candle_chart *chart, double low, double high)
{
    const double span = high - low > 0 ? high - low : 1;
    bool bought, sold;
    mark_data(out, chart, span, &bought, &sold);
    for (int k = 0; k < chart->lines; k++)
        for (size_t i = 0; i < chart->bars && chart->line[k].panel == 0; i++)
            if (isfinite(chart->line[k].value[i])) {
                low = fmin(low, chart->line[k].value[i]);
                high = fmax(high, chart->line[k].value[i]);
            }
    gnuplot_tics_y(out, low - 0.06 * span, high + 0.06 * span, 8, "");
    buf_add_text(
        out, "set style fill solid 1.0 border\nset boxwidth 0.66\n"
             "plot $bars using 1:($5>=$2?$2:NaN):3:4:5 with candlesticks linewidth 1 linecolor rgb '" GNUPLOT_UP
             "' notitle, $bars using 1:($5<$2?$2:NaN):3:4:5 with candlesticks linewidth 1 linecolor rgb '" GNUPLOT_DOWN
             "' notitle");
    if (bought)
        buf_add_text(out, ", $buys using 1:2 with points pointtype 9 pointsize 1.5 linecolor rgb '#0b5d47' "
                          "title 'bought'");
    if (sold)
        buf_add_text(out, ", $sells using 1:2 with points pointtype 11 pointsize 1.5 linecolor rgb '#8f2018' "
                          "title 'sold'");
    line_plots(out, chart, 0, ", ");
}

static void figure_panel(struct buf *out, const struct candle_chart *chart, int panel)
{
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < chart->lines; k++)
        for (size_t i = 0; i < chart->bars && panel_of(&chart->line[k]) == panel; i++)
            if (isfinite(chart->line[k].value[i])) {
                low = fmin(low, chart->line[k].value[i]);
                high = fmax(high, chart->line[k].value[i]);
            }
    if (low > high)
        low = 0, high = 1;
    const double margin = (high - low) * 0.08;
    gnuplot_tics_y(out, low - margin, high + margin, 3, "");
    line_plots(out, chart, panel, "plot ");
}

static void volume_panel(struct buf *out, double most)
{
    static const struct {
        double factor;
        const char *unit;
    } scale[] = {{1e9, " bn"}, {1e6, " m"}, {1e3, " k"}, {1, ""}};
    size_t at = 0;
    while (at < 3 && most < scale[at].factor)
        at++;
    gnuplot_tics_y(out, 0, most / scale[at].factor * 1.05, 3, scale[at].unit);
    buf_printf(
        out,
        "plot $bars using 1:($5>=$2?$6/%.0f:NaN) with boxes fillstyle solid 0.55 noborder linecolor rgb '" GNUPLOT_UP
        "' notitle, $bars using 1:($5<$2?$6/%.0f:NaN) with boxes fillstyle solid 0.55 noborder "
        "linecolor rgb '" GNUPLOT_DOWN "' notitle\n",
        scale[at].factor, scale[at].factor);
}

int gnuplot_script_candles(const struct candle_chart *chart, enum picture_kind kind, struct buf *out,
                           struct error *error)
{
    double low = INFINITY, high = -INFINITY, most = 0;
    for (size_t i = 0; i < chart->bars; i++) {
        low = fmin(low, chart->bar[i].low);
        high = fmax(high, chart->bar[i].high);
        most = fmax(most, chart->bar[i].volume);
    }
    int panels = 0;
    for (int i = 0; i < chart->lines; i++)
        if (panel_of(&chart->line[i]) > panels)
            panels = panel_of(&chart->line[i]);
    bar_data(out, chart);
    gnuplot_head(out, kind, 720 + 110 * panels, chart->title, chart->subtitle);
    if (chart->bars == 0) {
        buf_add_text(out, "set label 3 'no bars' at screen 0.5,0.5 center textcolor rgb '" GNUPLOT_GREY "'\n"
                          "unset xtics\nunset ytics\nset xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n");
        return buf_check(out, error);
    }
    const double each = 0.15, gap = 0.03;
    double bottom = 0.075 + (panels + (most > 0)) * (each + gap);
    buf_printf(out, "set xrange [-1:%zu]\n", chart->bars);
    tics_x(out, chart, bottom < 0.1);
    gnuplot_panel(out, bottom, 0.88);
    price_panel(out, chart, low, high);
    buf_add_text(out, "unset label 1\nunset label 2\n");
    for (int panel = 1; panel <= panels; panel++) {
        bottom -= each + gap;
        tics_x(out, chart, bottom < 0.1);
        buf_printf(out, "set key at screen 0.975,%.4f right top horizontal samplen 2\n", bottom + each + 0.5 * gap);
        gnuplot_panel(out, bottom, bottom + each);
        figure_panel(out, chart, panel);
    }
    if (most > 0) {
        tics_x(out, chart, true);
        gnuplot_panel(out, 0.075, 0.075 + each);
        volume_panel(out, most);
    }
    return buf_check(out, error);
}
