/* Watchlists: files of symbols. */
#ifndef TN_FEED_WATCHLIST_H
#define TN_FEED_WATCHLIST_H

#include "base/names.h"

/* Adds the symbols of a file. A word that is none goes to `bad`, which returns 0 to go on (and clears the error). A
 * file without any, when there are none before, is EXIT_INPUT. */
int watchlist_read(struct names *symbols, const char *path,
                   int (*bad)(void *context, const char *path, uint64_t line, struct error *error), void *context,
                   struct error *error);

#endif
