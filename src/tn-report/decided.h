/* What decided the result of each book: rows of the summary's table, and lines below it. */
#ifndef TN_REPORT_DECIDED_H
#define TN_REPORT_DECIDED_H

#include "show/outcome.h"
#include "show/table.h"

struct decided;

/* The books must outlive it. */
struct decided *decided_new(struct account_report *const *account_report, size_t books, struct error *error);
void decided_free(struct decided *decided);
/* Rows of a title and a text a book; none of what happened in no book. */
void decided_add_rows(const struct decided *decided, struct table *table);
/* The row of buying and holding that stands below the metric of a name, if there is one. */
void decided_add_hold(const struct decided *decided, const char *metric, struct table *table);
/* Lines: why there are no trades, strategies without bars enough, costs that are 0. */
int decided_add_notes(const struct decided *decided, const struct style *style, struct buf *note, struct error *error);

/* The same for programs: each figure by a stable name ("refused.NO_STOP", "hold_return") / the two objects, as cells.
 */
void decided_each(const struct account_report *account_report,
                  void (*each)(void *context, const struct account_report *account_report, const char *name,
                               double figure, enum metric_unit unit),
                  void *context);
int decided_add_raw(struct table *table, const struct account_report *account_report, struct error *error);

/* summary.c: a figure as people read it; "" when undefined. */
void figure_text(char *text, size_t size, double figure, enum metric_unit unit);

#endif
