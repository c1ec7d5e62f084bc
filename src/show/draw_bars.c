/* Small charts of a report. */
#include "show/draw_bars.h"

#include "base/time.h"
#include "show/draw.h"

#include <math.h>
#include <stdio.h>

int draw_bars(struct drawing *drawing, const struct bar_value *bar, size_t bars, const char *unit, struct error *error)
{
    const struct frame frame = {DRAW_LEFT, drawing->width - DRAW_RIGHT, 14, drawing->height - 34};
    double low = 0, high = 0;
    for (size_t i = 0; i < bars; i++) {
        low = fmin(low, fmin(bar[i].base, bar[i].base + bar[i].value));
        high = fmax(high, fmax(bar[i].base, bar[i].base + bar[i].value));
    }
    if (bars == 0) {
        drawing_text(drawing, INK_QUIET, drawing->width / 2, drawing->height / 2, DRAW_LETTERS, ANCHOR_MIDDLE, false,
                     "nothing to show");
        return drawing_check(drawing, error);
    }
    struct scale up;
    const double margin = (high - low) * 0.05;
    scale_init(&up, low < 0 ? low - margin : 0, high > 0 ? high + margin : 0, false, frame.bottom, frame.top);
    const int most = (int)((frame.bottom - frame.top) / 40);
    draw_values(drawing, &up, &frame, most);
    draw_value_labels(drawing, &up, &frame, most, unit, NULL, 0);
    const double step = (frame.right - frame.left) / (double)bars, half = fmin(step * 0.4, 40);
    drawing->from = frame.left;
    drawing->to = frame.right;
    drawing->group = 1;
    for (size_t i = 0; i < bars; i++) {
        const double x = frame.left + step * ((double)i + 0.5);
        const double from = scale_place(&up, bar[i].base), to = scale_place(&up, bar[i].base + bar[i].value);
        const struct pen pen = {.ink = bar[i].total       ? INK_QUIET
                                       : bar[i].value < 0 ? INK_DOWN
                                                          : INK_UP,
                                .opacity = 0.85};
        drawing_box(drawing, pen, x - half, from, x + half, bar[i].value != 0 && fabs(to - from) < 1 ? from - 1 : to);
    }
    drawing->group = 0;
    const double zero = round(scale_place(&up, 0)) + 0.5;
    drawing_segment(drawing, (struct pen){.ink = INK_QUIET, .width = 1}, frame.left, zero, frame.right, zero);
    double free_from = -INFINITY;
    drawing->tick = true;
    for (size_t i = 0; i < bars; i++) {
        const double x = frame.left + step * ((double)i + 0.5);
        const double wide = drawing_text_width(bar[i].label, DRAW_LETTERS - 1) / 2;
        if (bar[i].label[0] == '\0' || x - wide < free_from)
            continue;
        drawing_text(drawing, INK_QUIET, x, frame.bottom + 16, DRAW_LETTERS - 1, ANCHOR_MIDDLE, false, bar[i].label);
        free_from = x + wide + 8;
    }
    drawing->tick = false;
    return drawing_check(drawing, error);
}

#define YEAR_HEIGHT 130.0
#define YEARS_MOST  5

static int year_of(const struct day_value *day)
{
    return date_from_days(day->day).year;
}

double draw_calendar_height(const struct day_value *day, size_t days)
{
    const int years = days == 0 ? 1 : year_of(&day[days - 1]) - year_of(&day[0]) + 1;
    return YEAR_HEIGHT * (years > YEARS_MOST ? YEARS_MOST : years) + 10;
}

/* Monday 0 to Sunday 6. */
static int weekday(int64_t day)
{
    return (date_weekday(day) + 6) % 7;
}

int draw_calendar(struct drawing *drawing, const struct day_value *day, size_t days, double full, struct error *error)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const double steps[] = {0.25, 0.45, 0.7, 1};
    if (days == 0)
        return drawing_check(drawing, error);
    const int last = year_of(&day[days - 1]);
    const double left = 52, cell = (drawing->width - left - 12) / 53.5;
    const double side = fmin(cell, (YEAR_HEIGHT - 24) / 7);
    for (int kind = 0; kind < 9; kind++) /* equal squares follow each other, so that they become one path */
        for (size_t i = 0; i < days; i++) {
            const int year = year_of(&day[i]);
            if (last - year >= YEARS_MOST)
                continue;
            const double part = full > 0 ? fabs(day[i].value) / full : 0;
            const int size = day[i].value == 0 ? 0 : part < 0.25 ? 1 : part < 0.5 ? 2 : part < 1 ? 3 : 4;
            if ((size == 0 ? 0 : day[i].value > 0 ? size : 4 + size) != kind)
                continue;
            const int64_t first = date_to_days((struct date){year, 1, 1});
            const int64_t week = (day[i].day - first + weekday(first)) / 7;
            const double x = left + cell * (double)week;
            const double y = YEAR_HEIGHT * (last - year) + 20 + side * weekday(day[i].day);
            const struct pen pen = {.ink = kind == 0  ? INK_GRID
                                           : kind > 4 ? INK_DOWN
                                                      : INK_UP,
                                    .opacity = size == 0 ? 1 : steps[size - 1]};
            drawing_box(drawing, pen, x, y, x + side - 2, y + side - 2);
        }
    const int first_year = last - year_of(&day[0]) >= YEARS_MOST ? last - YEARS_MOST + 1 : year_of(&day[0]);
    for (int year = first_year; year <= last; year++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", year);
        const double top = YEAR_HEIGHT * (last - year);
        drawing_text(drawing, INK_TEXT, 8, top + 20 + 3.5 * side, DRAW_LETTERS, ANCHOR_START, true, text);
        const int64_t first = date_to_days((struct date){year, 1, 1});
        for (int month = 1; month <= 12; month++) {
            const int64_t at = date_to_days((struct date){year, month, 1}) - first + weekday(first);
            const int64_t week = at / 7;
            drawing_text(drawing, INK_QUIET, left + cell * (double)week, top + 10, DRAW_LETTERS - 2, ANCHOR_START,
                         false, names[month - 1]);
        }
    }
    return drawing_check(drawing, error);
}
