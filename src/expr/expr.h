/* The expression language of --where (tn-expr(7)): a question about a record, answered yes or no.
 *
 * An expression is parsed once and then put to any number of records; a test allocates nothing. Numbers that fit `dec`
 * are compared and calculated exactly, others as doubles. A missing field is null, and null spreads. */
#ifndef TN_EXPR_EXPR_H
#define TN_EXPR_EXPR_H

#include "base/error.h"

#define EXPR_TEXT_MAX  4096 /* bytes */
#define EXPR_NODES_MAX 512  /* fields, constants, operators */
#define EXPR_DEPTH_MAX 64   /* parentheses, signs and `not` inside each other */

struct expr;
struct record;

/* NULL with a message that names the column (EXIT_USAGE) when the text is no expression, or one that cannot be answered
 * by yes or no. */
struct expr *expr_parse(const char *text, struct error *error);
void expr_free(struct expr *expr); /* NULL is allowed */
/* 1: yes; 0: no, or not known (null); -1: the record's values do not fit the question, such as text compared with a
 * number (EXIT_INPUT). Remembers where fields were found, for speed: one expression serves one thread. */
int expr_test(struct expr *expr, const struct record *record, struct error *error);
/* A field that was asked for and that no record had, most likely a misspelt one; NULL when there is none. Fields that
 * are compared with null do not count. */
const char *expr_missing_field(const struct expr *expr);
/* The same as expr_test in the form that struct flow_options wants; `expr` is a struct expr. */
int expr_where(void *expr, const struct record *record, struct error *error);

#endif
