/* Indicators: one bar in, one row of figures out, O(1) or O(window) state, no look-ahead.
 *
 * An indicator is a const struct in its family's file and a line in table.c. It works on `struct sample`: doubles in
 * one constant basis. Whoever feeds it multiplies raw prices with the adjustment known so far (market/adjust.h) and
 * divides what comes out by the same factor to the output's powers, so that a split never bends a moving average. */
#ifndef TN_INDICATOR_INDICATOR_H
#define TN_INDICATOR_INDICATOR_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define INDICATOR_PARAMS_MAX  6
#define INDICATOR_OUTPUTS_MAX 6
#define INDICATOR_WINDOW_MAX  100000 /* the longest window in bars: a year of minutes */

struct sample {
    double open, high, low, close, volume;
    int64_t time, end;
};

struct parameter {
    const char *name;
    double standard;  /* the default */
    double low, high; /* inclusive */
    bool whole;       /* an integer */
};

struct output {
    const char *suffix; /* "" for the one that bears the indicator's name, else "signal", "upper" … */
    int price_power;    /* 1: a price; 0: a ratio or count; 2: a variance of prices … */
    int volume_power;
};

struct indicator {
    const char *name;   /* "sma" */
    const char *title;  /* "simple moving average" */
    const char *source; /* book and page, paper or standard of the formula */
    struct parameter parameter[INDICATOR_PARAMS_MAX];
    int parameters;
    struct output output[INDICATOR_OUTPUTS_MAX];
    int outputs;
    /* Bars before the first that gives a value; the most over its outputs is `warm-up`. */
    int (*lookback)(const double *parameter);
    size_t (*size)(const double *parameter); /* bytes of state, 8-byte aligned */
    void (*init)(void *state, const double *parameter);
    /* NaN while warming up and where the figure is undefined. */
    void (*step)(void *state, const struct sample *sample, double *out);
};

extern const struct indicator *const indicator_table[];
extern const int indicator_count;

/* An indicator with its parameters and state, from "sma:20", "macd:12,26,9", "bbands:n=20,k=2.5". */
struct indicator_use {
    const struct indicator *indicator;
    double parameter[INDICATOR_PARAMS_MAX];
};

/* Unknown names suggest the nearest; parameters by position or name=value, whole text, in range. */
int indicator_use_parse(struct indicator_use *use, const char *text, struct error *error);
/* The field name of an output: "sma_20", "macd_12_26_9_signal", "bbands_20_2_upper". A '.' of a parameter is kept. */
int indicator_use_field(const struct indicator_use *use, int output, char *name, size_t size, struct error *error);

#endif
