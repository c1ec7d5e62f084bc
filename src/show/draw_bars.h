/* Small charts of a report: bars, and days as a calendar. */
#ifndef TN_SHOW_DRAW_BARS_H
#define TN_SHOW_DRAW_BARS_H

#include "show/drawing.h"

#include <stdint.h>

struct bar_value {
    char label[40];
    double base, value; /* from base to base + value */
    bool total;         /* of a waterfall: drawn in the colour of text */
    bool edge;          /* the label is of where the bar begins, not of the bar */
};

/* Bars side by side, coloured by sign, labels below, in two rows where one has no room,
 * shortened where two have none. */
int draw_bars(struct drawing *drawing, const struct bar_value *bar, size_t bars, const char *unit, struct error *error);

struct day_value {
    int64_t day; /* since 1970-01-01 */
    double value;
};

/* A square a day, a column a week, Mondays on top; the colour by sign and by size against `full`. A strip a year, or
 * with `halves` two, the last year on top; `years` at most. The height that this takes. */
struct calendar_form {
    int years;
    bool halves;
};
double draw_calendar_height(const struct day_value *day, size_t days, const struct calendar_form *form, double width);
int draw_calendar(struct drawing *drawing, const struct day_value *day, size_t days, double full,
                  const struct calendar_form *form, struct error *error);

#endif
