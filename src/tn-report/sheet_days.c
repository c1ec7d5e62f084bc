/* Cards of a report that come from its days: rolling figures, distributions, the calendar. */
#include "tn-report/sheet_curves.h"

#include "base/time.h"
#include "show/draw.h"
#include "show/draw_bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BINS_MOST   40
#define LABEL_WIDTH 58 /* pixels */
#define WEEKS_SHOWN 53

/* One chart of a rolling figure; the days before the window are left out. */
static int rolling(const struct sheet *sheet, const struct part *part, size_t window, const double *value,
                   const char *title, const char *unit, double factor, struct error *error)
{
    const struct daily *daily = &part->daily;
    struct curves curves;
    if (curves_init(&curves, 1, error) != 0)
        return -1;
    struct chart_point *point = curve_add(&curves, title, daily->count - window, false, error);
    struct figure *figure =
        point == NULL ? NULL : document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
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

/* Has any day changed anything? */
static bool has_moved(const struct daily *daily)
{
    for (size_t i = 1; i < daily->count; i++)
        if (daily_return(daily, i) != 0)
            return true;
    return false;
}

int card_rolling(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct daily *daily = &part->daily;
    const size_t window = daily->count > 400 ? 126 : 21;
    if (daily->count < 3 * window || !has_moved(daily))
        return 0;
    double *figure = calloc(3 * daily->count, sizeof *figure);
    if (figure == NULL)
        return error_memory(error);
    double *gain = figure, *volatility = figure + daily->count, *sharpe = figure + 2 * daily->count;
    daily_rolling(daily, window, sheet->sessions, gain, volatility, sharpe);
    int result = document_card_spread(sheet->document, "rolling", "Rolling figures", error);
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
    /* Two bins for the root of what is counted, as Rice's rule has about as many: few figures make no fine picture. */
    const int wanted = (int)ceil(2 * sqrt((double)count));
    const double step = scale_step(low, high, wanted < 6 ? 6 : wanted < BINS_MOST - 4 ? wanted : BINS_MOST - 4);
    const int first = (int)floor(low / step), bins = (int)floor(high / step) - first + 1;
    struct bar_value bar[BINS_MOST] = {0};
    size_t beyond = 0;
    for (size_t i = 0; i < count; i++) {
        const int at = (int)floor(value[i] / step) - first;
        bar[at < 0 ? 0 : at >= bins ? bins - 1 : at].value++;
        beyond += at < 0 || at >= bins;
    }
    int every = 1; /* bins from label to label, so that 0 has one */
    for (int k = 0; k < 4 && (FIGURE_SMALL - DRAW_LEFT - DRAW_RIGHT) / bins * every < LABEL_WIDTH; k++)
        every = (int[]){2, 5, 10, 20}[k];
    struct figure *figure = document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
    if (figure == NULL)
        return -1;
    for (int i = 0; i < bins; i++) {
        char text[128], from[TICK_TEXT_MAX];
        value_text(from, (first + i) * step, scale_digits(step), unit);
        bar[i].edge = true;
        if ((first + i) % every == 0)
            (void)snprintf(bar[i].label, sizeof bar[i].label, "%.39s", from);
        const double x = DRAW_LEFT + (FIGURE_SMALL - DRAW_LEFT - DRAW_RIGHT) / bins * (i + 0.5);
        (void)snprintf(text, sizeof text, "from %s: %.0f", from, bar[i].value);
        figure_value(figure, x, text);
        bar[i].total = first + i < 0; /* losses are quiet, gains are not */
    }
    char words[160];
    (void)snprintf(words, sizeof words, beyond > 0 ? "%s; %zu beyond the ends are included in them" : "%s", title,
                   beyond);
    figure_named(figure, title, words);
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
            result = histogram(sheet, value, n, "Daily returns, without days of no change", " %", 10, error);
    }
    n = 0;
    for (size_t i = 0; i < part->round_trips; i++)
        if (part->round_trip[i]->risk != DEC_NONE)
            value[n++] = dec_to_double(part->round_trip[i]->pnl) / dec_to_double(part->round_trip[i]->risk);
    if (result == 0 && n >= 5) {
        if (!begun)
            result = document_card(sheet->document, "distribution", "Distribution", false, error);
        if (result == 0)
            result = histogram(sheet, value, n, "Trades by R: P&L divided by the money at risk at the stop", " R", 10,
                               error);
    }
    free(value);
    return result;
}

static int64_t monday_of(int64_t day)
{
    return day - (date_weekday(day) + 6) % 7;
}

/* The days of the last weeks with the whole of each: a row a week. */
static int weeks_add(const struct sheet *sheet, const struct day_value *day, size_t days, struct error *error)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "week"};
    struct column columns[9] = {{.key = "from", .title = "week of", .kind = COLUMN_TEXT}};
    for (int i = 0; i < 8; i++)
        columns[i + 1] = (struct column){
            .key = names[i], .kind = COLUMN_FRACTION, .digits = 2, .sign = true, .optional = i == 5 || i == 6};
    struct table *table =
        document_table(sheet->document, columns, 9, "The last weeks, day by day", TABLE_HEAT | TABLE_FOLDED, error);
    size_t i = days;
    for (size_t weeks = 0; i > 0 && weeks < WEEKS_SHOWN; weeks++)
        for (const int64_t monday = monday_of(day[i - 1].day); i > 0 && day[i - 1].day >= monday;)
            i--;
    while (table != NULL && i < days) {
        const int64_t monday = monday_of(day[i].day);
        char text[TIME_TEXT_MAX];
        text[date_format(text, date_from_days(monday))] = '\0';
        table_text(table, text);
        double whole = 1;
        for (int k = 0; k < 7; k++) {
            const bool is_it = i < days && day[i].day == monday + k;
            table_double(table, is_it ? day[i].value : NAN);
            whole *= is_it ? 1 + day[i].value : 1;
            i += is_it;
        }
        table_double(table, whole - 1);
    }
    return table == NULL ? -1 : 0;
}

int card_calendar(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct daily *daily = &part->daily;
    if (daily->count < 40 || !has_moved(daily))
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
    static const struct {
        double width;
        enum figure_room room;
        struct calendar_form form;
    } forms[] = {{1000, ROOM_WIDE, {5, false}}, {FIGURE_SMALL, ROOM_NARROW, {2, true}}};
    int result = document_card(sheet->document, "calendar", "Calendar of days", true, error);
    for (int i = 0; i < 2 && result == 0; i++) {
        const double width = forms[i].width;
        struct figure *figure = document_figure(
            sheet->document, width, draw_calendar_height(day, days, &forms[i].form, width), forms[i].room, error);
        if (figure == NULL) {
            result = -1;
            break;
        }
        char words[160];
        (void)snprintf(words, sizeof words,
                       "The last %d years at most. Full colour from %.2f %% on, blue for gains and orange for losses.",
                       forms[i].form.years, 100 * full);
        figure_named(figure, "Return of each day", words);
        result = draw_calendar(&figure->drawing, day, days, full, &forms[i].form, error);
    }
    if (result == 0)
        result = weeks_add(sheet, day, days, error);
    free(day);
    return result;
}
