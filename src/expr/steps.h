/* The steps of a program: one column from others, with the state that it takes to go on. */
#ifndef TN_EXPR_STEPS_H
#define TN_EXPR_STEPS_H

#include "indicator/indicator.h"

struct program;

enum step_op {
    STEP_CONSTANT, /* kind 1: null */
    STEP_BARS,     /* kind: enum bar_column */
    STEP_INDICATOR,
    STEP_OUTPUT,  /* another output of the indicator at a, written by it */
    STEP_UNSCALE, /* to units of the day; kind and count: the powers */
    STEP_HISTORY,
    STEP_AND,
    STEP_OR,
    STEP_NOT,
    STEP_EQUAL,
    STEP_DIFFERENT,
    STEP_LESS,
    STEP_AT_MOST,
    STEP_MORE,
    STEP_AT_LEAST,
    STEP_IS_NULL,
    STEP_IS_KNOWN,
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_MULTIPLY,
    STEP_DIVIDE,
    STEP_REMAINDER,
    STEP_NEGATE,
    STEP_PLAIN,   /* kind: enum plain */
    STEP_CROSSES, /* kind: 1 above, -1 below, 0 either */
    STEP_WITHIN,
    STEP_WINDOW, /* kind: enum window */
    STEP_SINCE,
    STEP_VALUE_WHEN,
    STEP_COALESCE,
    STEP_IF,
    STEP_AT,    /* inner, over coarser bars (coarse.h) */
    STEP_OF,    /* column number `kind` of the figures of other symbols */
    STEP_KNOWN, /* of what is known beside bars */
};

struct step {
    enum step_op op;
    int kind, output;
    int a, b, c;       /* steps it looks at, all before it; -1: none */
    int64_t count;     /* bars of a window or back in history */
    int price, volume; /* powers of what it gives */
    bool bare;         /* a constant without a power yet */
    int lookback;
    double number, counts; /* STEP_CONSTANT: in units, and in counts of 1e-8 */
    struct indicator_use use;
    struct program *inner; /* STEP_AT; the program's */
    struct interval interval;
    size_t state; /* offset */
};

/* What 1 of the day with these powers is in the columns. */
double step_scale(int price, int volume, const struct columns *in);
/* Bytes of state, a multiple of that of max_align_t; it comes zeroed to step_init. */
size_t step_state_size(const struct step *step);
void step_init(const struct step *step, void *state);
/* Fills the column of step number `index` in `room`, which has COLUMNS_MAX figures for each step. */
void step_run(const struct step *step, void *state, const struct columns *in, double *room, int index);

#endif
