/* Cards of a report that come from its curve: equity, drawdowns, months, rolling figures, distribution, calendar. */
#include "tn-report/sheet_curves.h"

#include "base/time.h"
#include "show/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIPS         5
#define POINTS_READ  1200 /* values that can be read off a chart */
#define POINTS_SHOWN 600  /* in the table of values */

void figure_named(struct figure *figure, const char *title, const char *words)
{
    buf_add_text(&figure->title, title);
    buf_add_text(&figure->words, words);
    figure->drawing.title = figure->title.p;
    figure->drawing.words = figure->words.p == NULL ? "" : figure->words.p;
}

void curves_clear(struct curves *curves)
{
    for (size_t i = 0; i < curves->count; i++) {
        free(curves->point[i]);
        buf_clear(&curves->words[i]);
    }
    free(curves->curve);
    free(curves->point);
    free(curves->words);
    *curves = (struct curves){.count = 0};
}

int curves_init(struct curves *curves, size_t most, struct error *error)
{
    *curves = (struct curves){.curve = calloc(most, sizeof *curves->curve),
                              .point = calloc(most, sizeof(struct chart_point *)),
                              .words = calloc(most, sizeof *curves->words)};
    if (curves->curve != NULL && curves->point != NULL && curves->words != NULL)
        return 0;
    curves_clear(curves);
    (void)error_memory(error);
    return -1;
}

struct chart_point *curve_add(struct curves *curves, const char *name, size_t points, bool benchmark,
                              struct error *error)
{
    struct chart_point *point = calloc(points + 1, sizeof *point);
    if (point == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    curves->point[curves->count] = point;
    buf_init(&curves->words[curves->count], 256);
    curves->curve[curves->count++] =
        (struct chart_curve){.name = name, .words = "", .point = point, .points = points, .benchmark = benchmark};
    return point;
}

/* The points of a part, from the one it starts with. */
static int add_part(struct curves *curves, const struct part *part, struct error *error)
{
    const size_t from = part->first_point > 0 ? part->first_point - 1 : 0, n = part->end_point - from;
    struct chart_point *point = curve_add(curves, part->account_report->name, n, false, error);
    if (point == NULL)
        return -1;
    for (size_t i = 0; i < n; i++)
        point[i] = (struct chart_point){part->account_report->equity[from + i].time,
                                        dec_to_double(part->account_report->equity[from + i].equity)};
    return 0;
}

/* Equal parts of every symbol whose bars are there, bought at the first close and held. */
static int add_benchmark(struct curves *curves, const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct chart_curve *curve = &curves->curve[0];
    int symbols = 0;
    for (int k = 0; k < sheet->bars->symbols; k++)
        symbols += sheet->symbol == NULL || strcmp(sheet->symbol, sheet->bars->symbol[k]) == 0;
    if (symbols == 0 || (sheet->bars->more && sheet->symbol == NULL) || curve->points < 2 || part->paid != 0)
        return 0;
    struct chart_point *point = curve_add(curves, sheet->symbol == NULL ? "buy and hold, equal parts" : sheet->symbol,
                                          curve->points, true, error);
    if (point == NULL)
        return -1;
    for (size_t i = 0; i < curve->points; i++) {
        double sum = 0;
        for (int k = 0; k < sheet->bars->symbols; k++) {
            const struct candles *candles = &sheet->bars->candles[k];
            if (sheet->symbol != NULL && strcmp(sheet->symbol, sheet->bars->symbol[k]) != 0)
                continue;
            const struct candle_chart bars = {.bar = candles->bar, .bars = candles->bars};
            /* A point is of the end of a bar; where markets never pause, the next one begins with it. */
            const int64_t now = chart_bar_at(&bars, curve->point[i].time - 1);
            const int64_t start = chart_bar_at(&bars, curve->point[0].time - 1);
            const double first = candles->bar[start < 0 ? 0 : start].close;
            sum += now < 0 ? 1 : candles->bar[now].close / first;
        }
        point[i] = (struct chart_point){curve->point[i].time, curve->point[0].value * sum / symbols};
    }
    return 0;
}

/* The last value at a moment or before it; NaN where the curve has not begun. */
static double curve_at(const struct chart_curve *curve, int64_t time)
{
    size_t low = 0, high = curve->points;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (curve->point[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NAN : curve->point[low - 1].value;
}

/* "2024-03-04 · momentum 101 295 · hold 130 000" at places across. */
void curves_read_off(struct figure *figure, const struct curves *curves, const struct zone *zone, int digits,
                     const char *unit)
{
    if (curves->count == 0 || curves->curve[0].points < 2)
        return;
    const struct chart_curve *main = &curves->curve[0];
    int64_t first = main->point[0].time, last = main->point[main->points - 1].time;
    for (size_t i = 1; i < curves->count; i++) {
        const struct chart_curve *curve = &curves->curve[i];
        if (curve->points == 0)
            continue;
        first = curve->point[0].time < first ? curve->point[0].time : first;
        last = curve->point[curve->points - 1].time > last ? curve->point[curve->points - 1].time : last;
    }
    if (first >= last)
        return;
    struct scale across;
    scale_init(&across, (double)zone_local(zone, first), (double)zone_local(zone, last), false, figure->drawing.from,
               figure->drawing.to);
    const size_t every = main->points / POINTS_READ + 1;
    struct buf text;
    buf_init(&text, 4096);
    for (size_t i = 0; i < main->points; i += every) {
        const int64_t time = main->point[i].time;
        char value[TICK_TEXT_MAX];
        buf_reset(&text);
        style_add_day(&text, time, zone);
        for (size_t k = 0; k < curves->count && k < 6; k++) {
            const double at = curve_at(&curves->curve[k], time);
            if (isnan(at))
                continue;
            value_text(value, at, digits, unit);
            buf_printf(&text, " · %.60s %s", curves->curve[k].name, value);
        }
        figure_value(figure, scale_place(&across, (double)zone_local(zone, time)), text.p == NULL ? "" : text.p);
    }
    figure->values.failed |= text.failed;
    buf_clear(&text);
}

static int equity_draw(const struct sheet *sheet, struct figure *figure, const struct curves *curves, const char *words,
                       struct error *error)
{
    figure_named(figure, "Equity and drawdown", words);
    const struct equity_chart chart = {.title = figure->title.p,
                                       .subtitle = figure->drawing.words,
                                       .curve = curves->curve,
                                       .curves = (int)curves->count,
                                       .zone = sheet->zone};
    if (draw_equity(&figure->drawing, &chart, false, error) != 0)
        return -1;
    curves_read_off(figure, curves, sheet->zone, 0, "");
    return 0;
}

/* The values of the curves at the moments of the first, as many as can be read off. */
static int values_add(const struct sheet *sheet, const struct curves *curves, struct error *error)
{
    const struct chart_curve *main = &curves->curve[0];
    if (curves->count == 0 || main->points == 0)
        return 0;
    struct column *columns = calloc(curves->count + 1, sizeof *columns);
    if (columns == NULL)
        return error_memory(error);
    columns[0] = (struct column){.key = "date", .kind = COLUMN_DATE};
    for (size_t k = 0; k < curves->count; k++)
        columns[k + 1] =
            (struct column){.key = "value", .title = curves->curve[k].name, .kind = COLUMN_DOUBLE, .digits = 2};
    struct table *table =
        document_table(sheet->document, columns, (int)curves->count + 1, "Values", TABLE_FOLDED | TABLE_CURVE, error);
    const size_t every = main->points / POINTS_SHOWN + 1;
    for (size_t i = (main->points - 1) % every; table != NULL && i < main->points; i += every) {
        table_time(table, main->point[i].time - 1); /* midnight ends the day before it */
        for (size_t k = 0; k < curves->count; k++)
            table_double(table, curve_at(&curves->curve[k], main->point[i].time));
    }
    free(columns);
    return table == NULL ? -1 : 0;
}

int card_equity(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    struct curves curves;
    if (document_card(sheet->document, "equity", "Equity and drawdown", true, error) != 0 ||
        curves_init(&curves, parts + 1, error) != 0)
        return -1;
    int result = 0;
    for (size_t i = 0; i < parts && result == 0; i++)
        result = add_part(&curves, &part[i], error);
    if (result == 0 && parts == 1)
        result = add_benchmark(&curves, sheet, part, error);
    static const struct {
        double width, height;
        enum figure_room room;
    } forms[] = {{1200, 480, ROOM_WIDE}, {FIGURE_SMALL, 380, ROOM_NARROW}};
    for (int form = 0; form < 2 && result == 0; form++) {
        struct figure *figure =
            document_figure(sheet->document, forms[form].width, forms[form].height, forms[form].room, error);
        result = figure == NULL
                     ? -1
                     : equity_draw(sheet, figure, &curves,
                                   curves.count > parts ? "The benchmark is without costs and dividends." : "", error);
    }
    if (result == 0)
        result = values_add(sheet, &curves, error);
    curves_clear(&curves);
    return result;
}

int card_drawdowns(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const struct column columns[] = {
        {.key = "depth", .kind = COLUMN_FRACTION, .digits = 2},
        {.key = "from", .kind = COLUMN_TEXT},
        {.key = "lowest", .kind = COLUMN_TEXT},
        {.key = "until", .kind = COLUMN_TEXT},
        {.key = "days", .kind = COLUMN_COUNT},
    };
    struct dip dip[DIPS];
    const struct daily *daily = &part->daily;
    const size_t dips = daily_dips(daily, dip, DIPS);
    if (dips == 0)
        return 0;
    struct table *table = document_card(sheet->document, "drawdowns", "The worst drawdowns", false, error) != 0
                              ? NULL
                              : document_table(sheet->document, columns, 5, "", 0, error);
    if (table == NULL)
        return -1;
    for (size_t i = 0; i < dips; i++) {
        char text[TIME_TEXT_MAX];
        const size_t places[] = {dip[i].peak, dip[i].lowest, dip[i].until};
        table_double(table, dip[i].depth);
        for (int k = 0; k < 3; k++) {
            (void)date_format(text, date_from_days(daily->day[places[k]]));
            table_text(table, k == 2 && dip[i].until == 0 ? "lasts" : text);
        }
        const size_t end = dip[i].until == 0 ? daily->count - 1 : dip[i].until;
        table_count(table, daily->day[end] - daily->day[dip[i].peak]);
    }
    return 0;
}

/* A row a year, a column a month, the year at the end. */
int card_months(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                                        "Aug", "Sep", "Oct", "Nov", "Dec", "year"};
    struct column columns[14] = {{.key = "year", .title = "", .kind = COLUMN_TEXT}};
    for (int i = 0; i < 13; i++)
        columns[i + 1] = (struct column){.key = names[i], .kind = COLUMN_FRACTION, .digits = 1, .sign = true};
    const struct daily *daily = &part->daily;
    const size_t most = daily->count + 1;
    struct month_return *month = calloc(most, sizeof *month);
    if (month == NULL)
        return error_memory(error);
    const size_t months = daily_months(daily, month, most);
    struct table *table = NULL;
    int result = 0;
    if (months >= 2) {
        if (document_card(sheet->document, "months", "Return by month", true, error) == 0)
            table = document_table(sheet->document, columns, 14, "", TABLE_HEAT, error);
        result = table == NULL ? -1 : 0;
    }
    for (size_t i = 0; table != NULL && i < months;) {
        char text[16];
        const int year = month[i].year;
        (void)snprintf(text, sizeof text, "%d", year);
        table_text(table, text);
        double whole = 1;
        for (int m = 1; m <= 12; m++) {
            const bool is_it = i < months && month[i].year == year && month[i].month == m;
            table_double(table, is_it ? month[i].value : NAN);
            whole *= is_it ? 1 + month[i].value : 1;
            i += is_it;
        }
        table_double(table, whole - 1);
    }
    free(month);
    return result;
}
