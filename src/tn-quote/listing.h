/* A table, for the commands that answer a question. */
#ifndef TN_TN_QUOTE_LISTING_H
#define TN_TN_QUOTE_LISTING_H

#include "base/command.h"

struct listing;

/* Columns by their keys, NULL-terminated. A sign before one says what it holds: '#' counts, '@' dates; '-' that it is
 * for data only, not for the terminal; '?' that it is left out there when all its cells are empty; '~' that a long text
 * goes on a line of its own. Display options are the invocation's. */
struct listing *listing_open(const char *const *keys, const struct invocation *invocation, struct error *error);
/* The next cell; "" is an empty one. */
void listing_cell(struct listing *listing, const char *text);
void listing_str(struct listing *listing, struct str text);
void listing_count(struct listing *listing, int64_t value);
void listing_time(struct listing *listing, int64_t time); /* TIME_NONE is an empty cell */
int listing_show(struct listing *listing, struct error *error);
void listing_close(struct listing *listing); /* NULL is allowed */

#endif
