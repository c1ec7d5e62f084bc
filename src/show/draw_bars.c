/* Small charts of a report. */
#include "show/draw_bars.h"

#include "base/time.h"
#include "show/draw.h"

#include <math.h>
#include <stdio.h>

#define LABEL_SIZE  (DRAW_LETTERS - 1)
#define LABEL_GAP   8.0
#define LABEL_LEAST 48.0 /* pixels, below which a cut name says nothing */

/* Below the bars: in one row where they fit, in two by turns, cut so that they do; of very many some. */
static void labels(struct drawing *drawing, const struct bar_value *bar, size_t bars, const struct frame *frame,
                   double step)
{
    double widest = 0;
    for (size_t i = 0; i < bars; i++)
        widest = fmax(widest, bar[i].edge ? 0 : drawing_text_width(bar[i].label, LABEL_SIZE));
    const bool turns = widest + LABEL_GAP > step;
    const double room = 2 * step - LABEL_GAP;
    const bool some = turns && widest > room && room < LABEL_LEAST;
    const size_t every = some ? (size_t)ceil((fmin(widest, LABEL_LEAST) + LABEL_GAP) / step) : 1;
    for (size_t i = 0; i < bars; i += every) {
        const double x = frame->left + step * ((double)i + (bar[i].edge ? 0 : 0.5));
        char text[DRAWING_FIT_MAX];
        drawing_text_fit(text, bar[i].label, LABEL_SIZE, bar[i].edge ? drawing->width : some ? LABEL_LEAST : room);
        const double half = drawing_text_width(text, LABEL_SIZE) / 2;
        if (text[0] != '\0')
            drawing_text(drawing, INK_QUIET, fmax(half + 1, x),
                         frame->bottom + (turns && !some && i % 2 == 1 ? 28 : 15), LABEL_SIZE, ANCHOR_MIDDLE, false,
                         text);
    }
}

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
    drawing->tick = true;
    labels(drawing, bar, bars, &frame, step);
    drawing->tick = false;
    return drawing_check(drawing, error);
}

#define STRIP_HEAD 20.0 /* the names of the months */
#define STRIP_FOOT 14.0
#define STRIP_LEFT 52.0
#define SIDE_MOST  15.0

static int year_of(const struct day_value *day)
{
    return date_from_days(day->day).year;
}

/* Monday 0 to Sunday 6. */
static int weekday(int64_t day)
{
    return (date_weekday(day) + 6) % 7;
}

/* Where a day stands: strips below each other, weeks across. */
struct calendar_plan {
    int first, last; /* years */
    int halves;      /* strips a year */
    int days;        /* of a week: five where nothing happened at weekends */
    double cell, side;
};

static void plan_init(struct calendar_plan *plan, const struct day_value *day, size_t days,
                      const struct calendar_form *form, double width)
{
    const int last = days == 0 ? 1970 : year_of(&day[days - 1]), first = days == 0 ? last : year_of(&day[0]);
    *plan = (struct calendar_plan){.first = last - first >= form->years ? last - form->years + 1 : first,
                                   .last = last,
                                   .halves = form->halves ? 2 : 1,
                                   .days = 5};
    for (size_t i = 0; i < days; i++)
        if (weekday(day[i].day) >= 5)
            plan->days = 7;
    plan->cell = (width - STRIP_LEFT - 12) / (form->halves ? 27.5 : 53.5);
    plan->side = fmin(plan->cell, SIDE_MOST);
}

static double strip_height(const struct calendar_plan *plan)
{
    return STRIP_HEAD + plan->side * plan->days + STRIP_FOOT;
}

double draw_calendar_height(const struct day_value *day, size_t days, const struct calendar_form *form, double width)
{
    struct calendar_plan plan;
    plan_init(&plan, day, days, form, width);
    return strip_height(&plan) * (plan.last - plan.first + 1) * plan.halves;
}

struct place {
    double x, top; /* of the strip */
};

/* The week of a day in its strip; the second half of a year begins with the week of the first of July. */
static struct place place_of(const struct calendar_plan *plan, int64_t day)
{
    const struct date date = date_from_days(day);
    const int half = plan->halves == 2 && date.month > 6;
    const int64_t first = date_to_days((struct date){date.year, half ? 7 : 1, 1});
    const int64_t week = (day - first + weekday(first)) / 7;
    return (struct place){STRIP_LEFT + plan->cell * (double)week,
                          strip_height(plan) * (double)((plan->last - date.year) * plan->halves + half)};
}

/* Its year and the names of its months. */
static void calendar_names(struct drawing *drawing, const struct calendar_plan *plan)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (int year = plan->first; year <= plan->last; year++)
        for (int month = 1; month <= 12; month++) {
            const struct place place = place_of(plan, date_to_days((struct date){year, month, 1}));
            char text[16];
            (void)snprintf(text, sizeof text, "%d", year);
            if (month == 1 || (plan->halves == 2 && month == 7))
                drawing_text(drawing, INK_TEXT, 8, place.top + STRIP_HEAD + plan->side * plan->days / 2, DRAW_LETTERS,
                             ANCHOR_START, true, text);
            drawing_text(drawing, INK_QUIET, place.x, place.top + 10, DRAW_LETTERS - 2, ANCHOR_START, false,
                         names[month - 1]);
        }
}

int draw_calendar(struct drawing *drawing, const struct day_value *day, size_t days, double full,
                  const struct calendar_form *form, struct error *error)
{
    static const double steps[] = {0.25, 0.45, 0.7, 1};
    if (days == 0)
        return drawing_check(drawing, error);
    struct calendar_plan plan;
    plan_init(&plan, day, days, form, drawing->width);
    for (int kind = 0; kind < 9; kind++) /* equal squares follow each other, so that they become one path */
        for (size_t i = 0; i < days; i++) {
            if (year_of(&day[i]) < plan.first)
                continue;
            const double part = full > 0 ? fabs(day[i].value) / full : 0;
            const int size = day[i].value == 0 ? 0 : part < 0.25 ? 1 : part < 0.5 ? 2 : part < 1 ? 3 : 4;
            if ((size == 0 ? 0 : day[i].value > 0 ? size : 4 + size) != kind)
                continue;
            const struct place place = place_of(&plan, day[i].day);
            const double y = place.top + STRIP_HEAD + plan.side * weekday(day[i].day);
            const struct pen pen = {.ink = kind == 0  ? INK_GRID
                                           : kind > 4 ? INK_DOWN
                                                      : INK_UP,
                                    .opacity = size == 0 ? 1 : steps[size - 1]};
            drawing_box(drawing, pen, place.x, y, place.x + plan.side - 2, y + plan.side - 2);
        }
    calendar_names(drawing, &plan);
    return drawing_check(drawing, error);
}
