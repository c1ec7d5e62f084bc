/* A rule as a program over columns of bars: the second back end of the language.
 *
 * The law of indicators holds: figures of n bars at once are those of n times one bar, bit for bit. What is written
 * twice is computed once. A truth is 1, 0, or NaN where it is not known; a number that is not known is NaN.
 *
 * Numbers have powers of price and volume, as outputs of indicators do. What has one power is computed in the basis of
 * the columns, so that a later split changes nothing; a bare number takes the power of what it is compared with or
 * added to, at the day's scale (`close > 100.1` compares counts exactly); numbers of different powers are compared in
 * plain units of the day. */
#ifndef TN_EXPR_PROGRAM_H
#define TN_EXPR_PROGRAM_H

#include "expr/known.h"
#include "expr/series.h"
#include "indicator/indicator.h"

#define PROGRAM_ROOTS_MAX 32
#define PROGRAM_KNOWN_MAX 16 /* things asked beside bars */

struct program;

/* `roots`: expressions of series_parse (a NULL is never known). They must outlive the program. `prices`: bit i says
 * that root i is a price, so that a bare number there is one of the day. */
struct program *program_compile(const struct expr *const *roots, int count, uint32_t prices, struct error *error);
void program_free(struct program *program); /* NULL is allowed */

unsigned program_inputs(const struct program *program);
/* Bars before the first that every root can be known at, as far as windows tell. */
int program_lookback(const struct program *program);
/* Bytes of state of one series; it comes zeroed to program_init. */
size_t program_size(const struct program *program);
void program_init(const struct program *program, void *state);
/* The next bars: a figure for each root into out[0 … roots), in the columns' basis. One program runs one series at a
 * time. */
void program_run(struct program *program, void *state, const struct columns *in, double *const *out);
/* The same without copying: the answers of a root are in a column, until the next run. NULL of a root that is NULL. */
void program_step_all(struct program *program, void *state, const struct columns *in);
const double *program_answers(const struct program *program, int root);
/* Other symbols whose bars it goes by, in an order of their own: program_run finds their figures in the columns'
 * `others`, in units of the day. They are those of the one root of program_other, run over the bars of that symbol. */
int program_others(const struct program *program);
const char *program_other_symbol(const struct program *program, int index);
struct program *program_other(const struct program *program, int index);
/* What it asks beside bars: program_run finds the answers in the columns' `known`, in this order. */
int program_known(const struct program *program);
const struct known_ask *program_known_at(const struct program *program, int index);
/* Does it ask when sessions are? */
bool program_wants_calendar(const struct program *program);
/* Can the coarser bars it asks for be made of these? EXIT_INPUT. */
int program_check_interval(const struct program *program, struct interval interval, struct error *error);
/* A root's powers of price and volume; false: a bare number of no power. */
bool program_powers(const struct program *program, int root, int *price, int *volume);

/* What the questions of a root are about: the sides of its comparisons that are no constants, by their text. After a
 * run: their values at a row of it, in units of the day. */
int program_figures(const struct program *program, int root);
struct str program_figure_name(const struct program *program, int root, int index);
double program_figure(const struct program *program, int root, int index, const struct columns *in, size_t row);
/* The same of all rows, into a column. */
void program_figure_column(const struct program *program, int root, int index, const struct columns *in, double *out);

/* The stages of a root: what its outermost `and`s join, in the order they are written. After a run: their answers. */
int program_stages(const struct program *program, int root);
struct str program_stage_name(const struct program *program, int root, int index);
double program_stage(const struct program *program, int root, int index, size_t row);

/* After a run: each question of a root with its answer at a row, outermost first: depth, text, answer (1, 0, NaN) and
 * for a comparison its sides in units of the day. -1 from `visit` ends it. */
struct program_answer {
    int depth;
    struct str text;
    double answer;
    bool sides;
    double left, right;
};
typedef int program_visit(void *context, const struct program_answer *answer, struct error *error);
int program_explain(const struct program *program, int root, const struct columns *in, size_t row, program_visit *visit,
                    void *context, struct error *error);

#endif
