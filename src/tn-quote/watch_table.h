/* The table that tn-quote watch draws. */
#ifndef TN_TN_QUOTE_WATCH_TABLE_H
#define TN_TN_QUOTE_WATCH_TABLE_H

#include "base/command.h"
#include "record/types.h"

struct watched {
    const char *symbol;
    struct quote quote; /* time TIME_NONE: none yet */
    double first;       /* the first middle price, NaN before it */
    char trouble[128];  /* why there is no newer one; "" */
};

/* Between bid and ask, or NaN. */
double watch_middle(const struct quote *quote);
/* Draw it as wide as the window is now, in place of what is there when `again` and on a terminal. */
int watch_table_show(const struct watched *list, size_t count, const struct invocation *invocation, bool again,
                     struct error *error);

#endif
