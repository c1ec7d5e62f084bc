/* Small charts of a report: bars, and days as a calendar. */
#ifndef TN_SHOW_DRAW_BARS_H
#define TN_SHOW_DRAW_BARS_H

#include "show/drawing.h"

#include <stdint.h>

struct bar_value {
    char label[40];
    double base, value; /* from base to base + value */
    bool total;         /* of a waterfall: drawn in the colour of text */
};

/* Bars side by side, coloured by sign, labels below where there is room. */
int draw_bars(struct drawing *drawing, const struct bar_value *bar, size_t bars, const char *unit, struct error *error);

struct day_value {
    int64_t day; /* since 1970-01-01 */
    double value;
};

/* A square a day, a column a week, Mondays on top; the colour by sign and by size against `full`, a year below the
 * other. The height that so many years want. */
double draw_calendar_height(const struct day_value *day, size_t days);
int draw_calendar(struct drawing *drawing, const struct day_value *day, size_t days, double full, struct error *error);

#endif
