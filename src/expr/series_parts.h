/* What the two files of the grammar of rules share. */
#ifndef TN_EXPR_SERIES_PARTS_H
#define TN_EXPR_SERIES_PARTS_H

#include "expr/parser.h"
#include "expr/series.h"

#define SERIES_BARS_MAX 10000 /* of a window, or back in history */

/* Nodes; NULL with the error set, or where a part is NULL. */
struct node *series_number(struct parser *parser, int64_t number, size_t at, size_t end);
struct node *series_bars(struct parser *parser, enum bar_column column, size_t at, size_t end);
struct node *series_pair(struct parser *parser, enum operation operation, struct node *first, struct node *second);
struct node *series_history(struct parser *parser, struct node *first, int64_t count, size_t end);
/* A whole number from `low` on that is known before the run; `what` it is, for the message. */
int series_count(struct parser *parser, const struct node *node, int64_t low, const char *what, int64_t *count);
/* An indicator of this name, or the output of one: "macd", "macd_signal". */
const struct indicator *series_indicator(struct str name, int *output);
struct node *series_unknown(struct parser *parser, struct str name, size_t at);

/* series_other.c: what follows an expression: @INTERVAL, of SYMBOL; the token is the sign, or the word. */
struct node *series_at(struct parser *parser, struct node *node);
struct node *series_of(struct parser *parser, struct node *node);

/* series_known.c: NULL with *found false where the name is none of these. */
struct node *series_known_name(struct parser *parser, struct str name, size_t at, bool *found);
struct node *series_known_call(struct parser *parser, struct str name, size_t at, bool *found);
bool series_is_known(const char *name);
bool series_each_known(bool (*each)(void *context, const char *name), void *context);

/* series_calls.c: NAME(…), the token being the parenthesis. */
struct node *series_call(struct parser *parser, struct str name, size_t at);
/* Calls `each` with the names of functions, until it says stop. */
bool series_each_call(bool (*each)(void *context, const char *name), void *context);

#endif
