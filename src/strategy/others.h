/* The figures that a rule takes from other symbols (`rsi(14) of SPY`).
 *
 * Bars of these symbols are noted as they come, in any of their intervals; a series goes by those of its own interval.
 * At the end of a bar the figure is that of the other symbol's last closed bar, when that ended no later, and no
 * longer ago than OTHERS_OLDEST or three bars, whichever is more; else it is not known. So a moment has to be complete
 * before anything in it is judged. */
#ifndef TN_STRATEGY_OTHERS_H
#define TN_STRATEGY_OTHERS_H

#include "expr/program.h"
#include "indicator/series.h"

#define OTHERS_MAX    16
#define OTHERS_OLDEST (5 * TIME_DAY) /* over a long weekend */

struct others;

/* Of a program that has others, which must live as long. EXIT_USAGE for more than OTHERS_MAX. */
struct others *others_new(const struct program *program, const struct calendar *calendar,
                          const struct symbol_calendars *calendars, struct error *error);
void others_free(struct others *others);
/* A closed bar of any symbol. EXIT_INPUT for one that is not after the last. */
int others_note(struct others *others, const struct bar *bar, struct error *error);
/* A symbol of which no bar was noted, NULL when there is none. */
const char *others_missing(const struct others *others);
int others_action(struct others *others, const struct action *action, struct error *error);
/* For one bar of this interval that ended then: columns of one figure each, which live until the next call. */
int others_columns(struct others *others, struct interval interval, int64_t end, const double *const **columns,
                   struct error *error);

#endif
