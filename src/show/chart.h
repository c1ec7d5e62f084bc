/* What a chart shows, for the text and the gnuplot renderer alike.
 *
 * Everything here is borrowed: points, bars and names must outlive the call that draws them. Values are finite unless a
 * comment says otherwise; times rise. Names are foreign text: renderers clean or escape them. */
#ifndef TN_SHOW_CHART_H
#define TN_SHOW_CHART_H

#include "base/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chart_point {
    int64_t time;
    double value;
};

struct chart_curve {
    const char *name;
    const struct chart_point *point;
    size_t points;
};

/* Equity curves over each other, their drawdowns below. */
struct equity_chart {
    const char *title;    /* "BACKTEST sma-cross" */
    const char *subtitle; /* one line: dates, figures; "" for none */
    const struct chart_curve *curve;
    int curves;
    const struct zone *zone; /* of the time axis; NULL is UTC */
};

struct chart_bar {
    int64_t time; /* its start */
    double open, high, low, close;
    double volume; /* NaN when not known */
};

/* A figure beside every bar: an indicator's. */
struct chart_line {
    const char *name;
    const double *value; /* one a bar, NaN for none */
    int panel;           /* 0: in price units, over the candles; from 1: a panel of its own below, shared by number */
};

struct chart_mark {
    int64_t time; /* of the fill */
    double price;
    bool buy;
};

struct candle_chart {
    const char *title; /* "AAPL 1d" */
    const char *subtitle;
    const struct chart_bar *bar;
    size_t bars;
    const struct chart_line *line;
    int lines;
    const struct chart_mark *mark;
    size_t marks;
    bool daily; /* bars of whole days: dates on the axis, no hours */
    const struct zone *zone;
};

/* A step of 1, 2, 2.5 or 5 × 10^n that divides [low, high] into at most `most` parts; 1 for an empty range. */
double chart_step(double low, double high, int most);
/* Fraction digits that a multiple of the step needs, 0–8. */
int chart_digits(double step);
/* Index of the last bar that began at or before `time`, or -1: where a mark belongs. */
int64_t chart_bar_at(const struct candle_chart *chart, int64_t time);

#endif
