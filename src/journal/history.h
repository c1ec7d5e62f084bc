/* Reading the journal back: what happened, and why. */
#ifndef TN_JOURNAL_HISTORY_H
#define TN_JOURNAL_HISTORY_H

#include "journal/journal.h"

struct history_filter {
    const char *type, *account; /* NULL for all */
    int64_t since;              /* events that became known at this time or later; TIME_NONE for all */
    int64_t until;              /* and before this one; TIME_NONE for all */
    int64_t count;              /* only the last so many; 0 for all */
};

/* `event->seq` is 0 for a part that stands inside another record; then `recorded` is the moment of that record and
 * `key` its symbol. `depth` says how far it is from the first cause. */
typedef int history_visit(void *context, const struct event *event, int depth, struct error *error);

/* Visit the events that pass the filter, oldest first: how many, -1 on error. */
int64_t journal_history(struct journal *journal, const struct history_filter *filter, history_visit *visit,
                        void *context, struct error *error);

/* Visit the chain that an id belongs to, causes first: what the signal rested on, the signal, its orders with their
 * updates and fills, the protective orders of these, refusals, notes about any of them. The id is that of an order,
 * fill, signal, or of another event, which stands alone then. 1, or 0 when the journal does not know it, -1. */
int journal_why(struct journal *journal, const char *id, history_visit *visit, void *context, struct error *error);

/* Visit what was refused in a symbol since its last entry was ordered: 1, 0 for nothing, -1. */
int journal_why_not(struct journal *journal, const char *symbol, history_visit *visit, void *context,
                    struct error *error);

/* Run SQL of a user, which can only read. The statement is the caller's to step and close, before the journal. Mistakes
 * in it, anything that writes and more than one statement are EXIT_USAGE. */
struct statement *journal_query(struct journal *journal, const char *sql, struct error *error);

#endif
