/* Axes: round steps for values, and for times what a person would say: 09:30, a Monday, a month, a year. */
#ifndef TN_SHOW_SCALE_H
#define TN_SHOW_SCALE_H

#include "base/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TICK_TEXT_MAX 48
#define TICKS_MAX     64
#define LOG_RANGE     5 /* a range of more than 5:1 is drawn on a log scale */

struct tick {
    double at; /* value; index of a bar; local time in ns */
    char text[TICK_TEXT_MAX];
};

/* Widens a range that is empty, or so narrow that its steps are lost in the last digits of a double; cuts one that no
 * double can span. */
void scale_range(double *low, double *high);
/* A step of 1, 2, 2.5 or 5 × 10^n that divides [low, high] into at most `most` parts; 1 for an empty range. */
double scale_step(double low, double high, int most);
/* Fraction digits that a multiple of the step needs, 0–8. */
int scale_digits(double step);

struct scale {
    double low, high; /* low < high; of a log scale, both above 0 */
    bool log;
    double from, to; /* pixels of low and of high */
};

/* Widens an empty range. A log scale that meets a value that is not above 0 becomes a linear one. */
void scale_init(struct scale *scale, double low, double high, bool log, double from, double to);
double scale_place(const struct scale *scale, double value);
/* Ticks within the scale, at most `most` (and TICKS_MAX). `unit` follows each figure: "" or " %". */
int scale_ticks(const struct scale *scale, int most, const char *unit, struct tick tick[static TICKS_MAX]);

/* "1 234 567.50", thousands parted by narrow no-break spaces; what rounds to zero bears no sign. Minus as "−". */
void value_text(char text[static TICK_TEXT_MAX], double value, int digits, const char *unit);
/* Large amounts as people say them: "100 M", "1.2 bn", "25 k", "950". */
void amount_text(char text[static TICK_TEXT_MAX], double value);
/* A price with the digits that the step of its axis, or the price itself, is given in: at least two below 1000. */
int price_digits(double price);

/* Ticks between two moments, at period starts (years, months, Mondays, days, hours …). `at` is local ns. */
int time_ticks(int64_t first, int64_t last, const struct zone *zone, int most, struct tick tick[static TICKS_MAX]);
/* Ticks at bars that begin a period, of a day at least where the bars are; `local` are rising local times. `at` is the
 * index. */
int bar_ticks(const int64_t *local, size_t count, bool daily, int most, struct tick tick[static TICKS_MAX]);
int64_t zone_local(const struct zone *zone, int64_t time); /* zone NULL: UTC */

#endif
