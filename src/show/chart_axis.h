/* The axes of text charts: labels on the left, dates below, and the line with the title. */
#ifndef TN_SHOW_CHART_AXIS_H
#define TN_SHOW_CHART_AXIS_H

#include "base/zone.h"
#include "show/scale.h"
#include "show/style.h"

#define AXIS_WIDTH 12 /* cells that the labels and the axis take */

/* A vertical scale of `rows` cells, the highest value at the top. */
struct axis {
    double low, high, step;
    int digits;
    const char *unit; /* after each label: "" or " %" */
    int rows;
};

void axis_init(struct axis *axis, double low, double high, int rows, const char *unit);
/* The dot of a value among `dots`, 0 at the top. */
int axis_place(const struct axis *axis, double value, int dots);
/* Append the label and axis at the left of a row of cells. */
void axis_row(const struct axis *axis, int row, const struct style *style, struct buf *out);
/* Append title and subtitle, cleaned, as lines of their own. */
void axis_title(const char *title, const char *subtitle, const struct style *style, struct buf *out);
/* Append the axis with the label of one value. */
void axis_label(double value, const struct axis *axis, const struct style *style, struct buf *out);
/* Append the line of labels below a chart of `columns` cells; tick.at is the cell. What has no room is left out. */
void axis_ticks(const struct tick *tick, int ticks, int columns, struct buf *out);

#endif
