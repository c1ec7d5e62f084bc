/* Rules over bars (tn-expr(7), RULES): the same language as --where, with the columns of a series of bars for fields,
 * indicators and windows for functions, and what was a number of bars ago. Nothing in it can look ahead. */
#ifndef TN_EXPR_SERIES_H
#define TN_EXPR_SERIES_H

#include "base/dec.h"
#include "expr/expr.h"

/* A name that a rule may use beside those of the language: a parameter with its value, or another expression. */
struct scope_name {
    const char *name;
    double constant;
    dec exact;               /* the same, DEC_NONE when it is no decimal */
    const struct expr *expr; /* NULL: a parameter. It must outlive whatever is parsed in this scope */
};

struct scope {
    const struct scope_name *name;
    int count;
};

/* Parse a rule (a question), or anything that has a value for each bar. NULL with a message that names the column
 * (EXIT_USAGE). expr_free frees it. `scope` may be NULL. */
struct expr *series_parse(const char *text, const struct scope *scope, bool question, struct error *error);
/* A number that is known before the run: constants, parameters and their arithmetic. EXIT_USAGE for anything else. */
int series_parse_constant(const char *text, const struct scope *scope, double *number, struct error *error);
/* Is the name one of the language, so that a scope may not have it? */
bool series_is_name(const char *name);
/* Does the expression ask a question? */
bool series_is_question(const struct expr *expr);

#endif
