/* Indicators: columns of bars in, columns of figures out, with a state of constant or window size and no look-ahead.
 *
 * An indicator is a const struct in its family's file and a name in list.h. It works on doubles in one constant basis
 * and one unit: whoever feeds it multiplies raw prices with the adjustment known so far (market/adjust.h) and divides
 * what comes out by the same factor to the output's powers, so that a split never bends a moving average.
 *
 * The law: figures of n bars at once are those of n times one bar, bit for bit, however the bars are split. One bar
 * at a time is the stream, and nothing else is needed for it. */
#ifndef TN_INDICATOR_INDICATOR_H
#define TN_INDICATOR_INDICATOR_H

#include "base/error.h"
#include "base/str.h"
#include "record/interval.h"

#include <stddef.h>
#include <stdint.h>

#define INDICATOR_PARAMS_MAX  8
#define INDICATOR_OUTPUTS_MAX 16
#define INDICATOR_WINDOW_MAX  100000 /* the longest window in bars: a year of minutes */
#define COLUMNS_MAX           128    /* bars of one run */

struct calendar;

/* Bars of one series that follow each other, oldest first. NaN is "no value"; a column that nobody asks for may be
 * NULL. Volumes may be missing, prices may not. */
struct columns {
    size_t n; /* at most COLUMNS_MAX */
    const double *open, *high, *low, *close, *volume;
    const int64_t *time, *end, *session; /* session: the day it belongs to, days since 1970 */
    const double *source;                /* what `source` means, for whoever computes it; NULL: as the parameter says */
    const double *other;                 /* a second series, value by value; NULL: as the parameter `other` says */
    /* For rules: */
    double price_scale, volume_scale; /* what 1 of the day is in these columns; 0: 1 */
    struct interval interval;         /* of the bars */
    const struct calendar *calendar;  /* whose sessions they have; NULL: days of UTC */
    const double *const *others;      /* figures of other symbols, a column for each that the program asks for; NULL:
                                         none is known */
    const double *const *known;       /* what is known beside bars, likewise */
};

/* What an indicator reads. */
enum {
    INPUT_OPEN = 1,
    INPUT_HIGH = 2,
    INPUT_LOW = 4,
    INPUT_CLOSE = 8,
    INPUT_VOLUME = 16,
    INPUT_TIME = 32, /* time and end */
    INPUT_SESSION = 64,
    INPUT_SOURCE = 128, /* the parameter `source` says which price; indicator_inputs() resolves it */
    INPUT_OTHER = 256,
    INPUT_RANGE = INPUT_HIGH | INPUT_LOW | INPUT_CLOSE,
    INPUT_PRICES = INPUT_OPEN | INPUT_RANGE
};

struct parameter {
    const char *name;
    double standard;         /* the default */
    double low, high;        /* inclusive */
    bool whole;              /* an integer */
    const char *const *word; /* not NULL: the value is the index of one of these words, which end with NULL */
    bool quiet;              /* in field names only where it is not the default, and with its name */
    bool ranged;             /* low … high is what a sweep covers, */
    double step;             /* in such steps; 0: not said */
};

/* clang-format off */
#define PARAMETER_WINDOW(name_, standard_, low_) \
    {.name = name_, .standard = standard_, .low = low_, .high = INDICATOR_WINDOW_MAX, .whole = true}
#define PARAMETER_COUNT(name_, standard_, low_, high_) \
    {.name = name_, .standard = standard_, .low = low_, .high = high_, .whole = true}
#define PARAMETER_NUMBER(name_, standard_, low_, high_) {.name = name_, .standard = standard_, .low = low_, .high = high_}
#define PARAMETER_QUIET(name_, standard_, low_, high_) \
    {.name = name_, .standard = standard_, .low = low_, .high = high_, .quiet = true}
#define PARAMETER_COUNT_QUIET(name_, standard_, low_, high_) \
    {.name = name_, .standard = standard_, .low = low_, .high = high_, .whole = true, .quiet = true}
#define PARAMETER_WORD(name_, words_)                   {.name = name_, .whole = true, .word = words_}
#define PARAMETER_SOURCE                                PARAMETER_WORD("source", source_words)
#define PARAMETER_OTHER                                 PARAMETER_WORD("other", other_words)
/* clang-format on */

/* close open high low hl2 hlc3 ohlc4 volume; for `other` first "series", what the caller gives. */
extern const char *const source_words[];
extern const char *const other_words[];

enum panel { PANEL_PRICE, PANEL_OWN }; /* drawn over the bars; below them */

struct output {
    const char *suffix; /* "" for the one that bears the indicator's name, else "signal", "upper" … */
    /* 1: a price; 0: a ratio or count; 2: a variance of prices … Where the source is a volume, read volume for price.
     */
    int price_power;
    int volume_power;
    enum panel panel;
    bool histogram;   /* drawn as bars from zero */
    double low, high; /* what it cannot leave; both 0: no such bounds */
    double level[2];  /* lines that are always drawn with it, such as 30 and 70 */
    int levels;
    int band; /* how many outputs further on its partner is, which encloses an area with it; 0: none */
};

struct indicator {
    const char *name;  /* "sma" */
    const char *title; /* "simple moving average" */
    const char
        *definition; /* a few plain sentences for tn-indicators(7): formula, seed, what it says where it has no value */
    const char *source; /* book and page, paper or standard of the formula */
    int version;        /* of what the state means; a saved one of another version is not read */
    struct parameter parameter[INDICATOR_PARAMS_MAX];
    int parameters;
    unsigned inputs;
    bool finite;   /* sums, means, differences: of finite values they never overflow, so nobody need look */
    bool sparse;   /* null on most bars, by its nature */
    bool repaints; /* what it says of a bar may be known later only: charts yes, signals no */
    const struct output *output;
    int outputs;
    /* -1 with a message when parameters do not fit each other. May be NULL. */
    int (*check)(const double *parameter, struct error *error);
    /* Bars before the first that gives a value; the most over its outputs is `warm-up`. */
    int (*lookback)(const double *parameter);
    /* Bars before the first that no longer depends on where the series began, to nine digits; -1: it always does.
     * NULL: that is the warm-up. */
    int (*stable)(const double *parameter);
    size_t (*size)(const double *parameter); /* bytes of state; NULL: always `bytes` */
    size_t bytes;
    /* The state comes zeroed. It holds no pointer and no padding that is not zero. */
    void (*init)(void *state, const double *parameter);
    /* Columns out[0 … outputs) get in->n figures each: NaN while warming up and where the figure is undefined. Called
     * by indicator_run alone, with values in every column that `inputs` names. */
    void (*run)(void *state, const struct columns *in, double *const *out);
};

extern const struct indicator *const indicator_table[];
extern const int indicator_count;

/* NULL for a name that is none. */
const struct indicator *indicator_find(struct str name);

/* An indicator with its parameters, from "sma:20", "macd:12,26,9", "bbands:n=20,k=2.5", "ema:20,source=hl2". */
struct indicator_use {
    const struct indicator *indicator;
    double parameter[INDICATOR_PARAMS_MAX];
};

/* Does the text begin with the name of an indicator? */
bool indicator_is_named(const char *text);
/* Unknown names suggest the nearest; parameters by position or name=value, whole text, in range. */
int indicator_use_parse(struct indicator_use *use, const char *text, struct error *error);
/* The field name of an output: "sma_20", "macd_12_26_9_signal", "bbands_20_2_upper", "ema_20_hl2": every number that
 * is not quiet, and each word and quiet number that is not the default ("hammer_near_0.3"). A '.' of a parameter is
 * kept. */
int indicator_use_field(const struct indicator_use *use, int output, char *name, size_t size, struct error *error);

int indicator_lookback(const struct indicator_use *use);
int indicator_stable(const struct indicator_use *use); /* -1: never */
/* The columns it needs, with `source` and `other` resolved: INPUT_OTHER only where the caller must give one. Whoever
 * sets columns.source need not provide what `source` names. */
unsigned indicator_inputs(const struct indicator_use *use);
/* The powers of an output in price and volume, the source considered. */
void indicator_powers(const struct indicator_use *use, int output, int *price, int *volume);

/* Bytes of state, a multiple of that of max_align_t: states may lie one after the other. */
size_t indicator_size(const struct indicator_use *use);
void indicator_init(const struct indicator_use *use, void *state);
/* The next bars: figures for each into the columns out[0 … outputs), which overlap nothing else. Where an input has no
 * value (or one beyond 1e100) the state stays as it is and there is no figure. A figure is finite or NaN. */
void indicator_run(const struct indicator_use *use, void *state, const struct columns *in, double *const *out);

#endif
