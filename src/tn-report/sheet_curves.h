/* Curves for the charts of a report, and what can be read off them. */
#ifndef TN_REPORT_SHEET_CURVES_H
#define TN_REPORT_SHEET_CURVES_H

#include "tn-report/sheet.h"

struct curves {
    struct chart_curve *curve;
    struct chart_point **point;
    struct buf *words;
    size_t count;
};

int curves_init(struct curves *curves, size_t most, struct error *error);
void curves_clear(struct curves *curves);
/* The points of a new curve, to be filled; at most as many curves as were asked for. The name must outlive them. */
struct chart_point *curve_add(struct curves *curves, const char *name, size_t points, bool benchmark,
                              struct error *error);
/* "2024-03-04 · momentum 101 295 · hold 130 000" at places across a drawn figure. */
void curves_read_off(struct figure *figure, const struct curves *curves, const struct zone *zone, int digits,
                     const char *unit);
/* Title and caption, for those who cannot see it too. */
void figure_named(struct figure *figure, const char *title, const char *words);

#endif
