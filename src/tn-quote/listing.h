/* A table of plain text, for the commands that answer a question. */
#ifndef TN_TN_QUOTE_LISTING_H
#define TN_TN_QUOTE_LISTING_H

#include "base/command.h"

struct listing;

/* Columns by their keys, NULL-terminated; one that begins with '-' is for data only, not for the terminal. Display
 * options are the invocation's. */
struct listing *listing_open(const char *const *keys, const struct invocation *invocation, struct error *error);
/* The next cell; "" is an empty one. */
void listing_cell(struct listing *listing, const char *text);
int listing_show(struct listing *listing, struct error *error);
void listing_close(struct listing *listing); /* NULL is allowed */

#endif
