/* Cards of a report that come from its days: rolling figures, distributions, the calendar. */
#include "tn-report/sheet_curves.h"

#include "base/time.h"
#include "show/draw.h"
#include "show/draw_bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BINS_MOST 40

/* One chart of a rolling figure; the days before the window are left out. */
static int rolling(const struct sheet *sheet, const struct part *part, size_t window, const double *value,
                   const char *title, const char *unit, double factor, struct error *error)
{
    const struct daily *daily = &part->daily;
    struct curves curves;
    if (curves_init(&curves, 1, error) != 0)
        return -1;
    struct chart_point *point = curve_add(&curves, title, daily->count - window, false, error);
    struct figure *figure = point == NULL ? NULL : document_figure(sheet->document, 440, 230, ROOM_ANY, error);
    int result = figure == NULL ? -1 : 0;
    if (figure != NULL) {
        size_t n = 0;
        for (size_t i = window; i < daily->count; i++)
            if (isfinite(value[i]))
                point[n++] = (struct chart_point){daily->day[i] * TIME_DAY + TIME_DAY / 2, factor * value[i]};
        curves.curve[0].points = n;
        char words[128];
        (void)snprintf(words, sizeof words, "%s over %zu days.", title, window);
        figure_named(figure, title, words);
        const struct equity_chart chart = {.title = figure->title.p,
                                           .subtitle = figure->drawing.words,
                                           .curve = curves.curve,
                                           .curves = 1,
                                           .plain = true,
                                           .unit = unit};
        result = draw_equity(&figure->drawing, &chart, false, error);
        curves_read_off(figure, &curves, NULL, 2, unit);
    }
    curves_clear(&curves);
    return result;
}

int card_rolling(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct daily *daily = &part->daily;
    const size_t window = daily->count > 400 ? 126 : 21;
    if (daily->count < 3 * window)
        return 0;
    double *figure = calloc(3 * daily->count, sizeof *figure);
    if (figure == NULL)
        return error_memory(error);
    double *gain = figure, *volatility = figure + daily->count, *sharpe = figure + 2 * daily->count;
    daily_rolling(daily, window, sheet->sessions, gain, volatility, sharpe);
    int result = document_card(sheet->document, "rolling", "Rolling figures", false, error);
    if (result == 0)
        result = rolling(sheet, part, window, gain, "Return", " %", 100, error);
    if (result == 0)
        result = rolling(sheet, part, window, volatility, "Yearly volatility", " %", 100, error);
    if (result == 0)
        result = rolling(sheet, part, window, sharpe, "Sharpe ratio", "", 1, error);
    free(figure);
    return result;
}

/* A histogram of figures, in steps that are round; figures beyond the ends count with them. */
static int histogram(const struct sheet *sheet, const double *value, size_t count, const char *title, const char *unit,
                     double most_span, struct error *error)
{
    double low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
    }
    low = fmax(low, -most_span);
    high = fmin(high, most_span);
    const double step = scale_step(low, high, BINS_MOST - 4);
    const int first = (int)floor(low / step), bins = (int)floor(high / step) - first + 1;
    struct bar_value bar[BINS_MOST] = {0};
    for (size_t i = 0; i < count; i++) {
        const int at = (int)floor(value[i] / step) - first;
        bar[at < 0 ? 0 : at >= bins ? bins - 1 : at].value++;
    }
    struct figure *figure = document_figure(sheet->document, 440, 230, ROOM_ANY, error);
    if (figure == NULL)
        return -1;
    for (int i = 0; i < bins; i++) {
        char text[128], from[TICK_TEXT_MAX];
        value_text(from, (first + i) * step, scale_digits(step), unit);
        (void)snprintf(bar[i].label, sizeof bar[i].label, "%.39s", from);
        const double x = DRAW_LEFT + (440 - DRAW_LEFT - DRAW_RIGHT) / bins * (i + 0.5);
        (void)snprintf(text, sizeof text, "from %s: %.0f", from, bar[i].value);
        figure_value(figure, x, text);
        bar[i].total = first + i < 0; /* losses are quiet, gains are not */
    }
    figure_named(figure, title, title);
    return draw_bars(&figure->drawing, bar, (size_t)bins, "", error);
}

int card_distribution(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct daily *daily = &part->daily;
    const size_t most = (daily->count > part->round_trips ? daily->count : part->round_trips) + 1;
    double *value = calloc(most, sizeof *value);
    if (value == NULL)
        return error_memory(error);
    int result = 0;
    size_t n = 0;
    bool begun = false;
    for (size_t i = 1; i < daily->count; i++)
        if (daily_return(daily, i) != 0)
            value[n++] = 100 * daily_return(daily, i);
    if (n >= 10) {
        result = document_card(sheet->document, "distribution", "Distribution", false, error);
        begun = true;
        if (result == 0)
            result = histogram(sheet, value, n, "Daily returns, days without a change left out", " %", 10, error);
    }
    n = 0;
    for (size_t i = 0; i < part->round_trips; i++)
        if (part->round_trip[i]->risk != DEC_NONE)
            value[n++] = dec_to_double(part->round_trip[i]->pnl) / dec_to_double(part->round_trip[i]->risk);
    if (result == 0 && n >= 5) {
        if (!begun)
            result = document_card(sheet->document, "distribution", "Distribution", false, error);
        if (result == 0)
            result = histogram(sheet, value, n, "Trades by R: P&L over the money at risk at the stop", " R", 10, error);
    }
    free(value);
    return result;
}

int card_calendar(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct daily *daily = &part->daily;
    if (daily->count < 40)
        return 0;
    struct day_value *day = calloc(daily->count, sizeof *day);
    if (day == NULL)
        return error_memory(error);
    const size_t days = daily->count - 1;
    double squares = 0;
    for (size_t i = 0; i < days; i++) {
        day[i] = (struct day_value){daily->day[i + 1], daily_return(daily, i + 1)};
        squares += day[i].value * day[i].value;
    }
    const double full = 2 * sqrt(squares / (double)days);
    struct figure *figure =
        document_card(sheet->document, "calendar", "Calendar of days", true, error) != 0
            ? NULL
            : document_figure(sheet->document, 1000, draw_calendar_height(day, days), ROOM_ANY, error);
    int result = -1;
    if (figure != NULL) {
        char words[160];
        (void)snprintf(
            words, sizeof words,
            "The last five years at most. Full colour from %.2f %% on, blue for gains and orange for losses.",
            100 * full);
        figure_named(figure, "Return of each day", words);
        result = draw_calendar(&figure->drawing, day, days, full, error);
    }
    free(day);
    return result;
}
