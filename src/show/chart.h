/* What a chart shows, for the text and the picture alike.
 *
 * Everything here is borrowed: points, bars and names must outlive the call that draws them. Values are finite unless a
 * comment says otherwise; times rise. Names are foreign text: renderers clean or escape it. */
#ifndef TN_SHOW_CHART_H
#define TN_SHOW_CHART_H

#include "base/zone.h"
#include "show/overlay.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chart_point {
    int64_t time;
    double value;
};

struct chart_curve {
    const char *name;
    const char *words; /* after the name in the key: "+12.3 %, drawdown 8.1 %"; "" for none */
    const struct chart_point *point;
    size_t points;
    bool benchmark; /* grey and dashed, without a drawdown */
};

enum chart_scale { CHART_SCALE_AUTO, CHART_SCALE_LOG, CHART_SCALE_LINEAR }; /* AUTO: log when the range is over 5:1 */

/* Equity curves over each other, their drawdowns below. */
struct equity_chart {
    const char *title;    /* what, of what: "Equity of momentum, AAPL MSFT" */
    const char *subtitle; /* one line: dates, figures, mode; "" for none */
    const struct chart_curve *curve;
    int curves;
    const struct zone *zone; /* of the time axis; NULL is UTC */
    enum chart_scale scale;
    bool plain;       /* figures over time, no money: no drawdowns, 0 always in sight */
    const char *unit; /* of plain figures: "" or " %"; NULL is "" */
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
    bool histogram;      /* bars from zero */
    int band;            /* how many lines further on the one is that this encloses an area with; 0: none */
    const double *bound; /* lines that are always drawn in its panel, such as 30 and 70 */
    int bounds;
};

struct chart_mark {
    int64_t time; /* of the fill */
    double price;
    bool buy;
};

/* A round trip: a thin line from entry to exit, the stop dashed. */
struct chart_round_trip {
    int64_t entered, left;
    double entry, exit;
    double stop; /* NaN for none */
    bool won;
};

struct candle_chart {
    const char *title; /* "AAPL, daily" */
    const char *subtitle;
    const struct chart_bar *bar;
    size_t bars;
    const struct chart_line *line;
    int lines;
    const struct chart_mark *mark;
    size_t marks;
    bool daily; /* bars of whole days: dates on the axis, no hours */
    const struct zone *zone;
    const struct chart_round_trip *round_trip;
    size_t round_trips;
    const struct overlay_item *overlay; /* of this symbol */
    size_t overlays;
    enum chart_scale scale;
};

/* Index of the last bar that began at or before `time`, or -1: where a mark belongs. */
int64_t chart_bar_at(const struct candle_chart *chart, int64_t time);
/* Digits after the point for a price beside these bars: as many as nearly all their closes are quoted with, up to 5,
 * and no fewer than price_digits. Closes that have more are no quotes but adjusted ones, and say nothing. */
int chart_price_digits(const struct chart_bar *bar, size_t bars, double price);
/* Is a range from low to high drawn on a log scale? */
bool chart_is_log(enum chart_scale scale, double low, double high);

#endif
