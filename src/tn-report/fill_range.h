/* The range that fill models give the figures of a run (tn-backtest run --fills range), as a result has it. */
#ifndef TN_REPORT_FILL_RANGE_H
#define TN_REPORT_FILL_RANGE_H

#include "show/account_report.h"
#include "show/style.h"

/* " (LOW to HIGH)" behind a figure's text, where the result has a range that is one. */
void fill_range_add(char *text, size_t size, const struct account_report *account_report, const struct metric *metric);
/* A line on what the range is of, and on the figures in which it is out of order; nothing without one. */
void fill_range_note(const struct account_report *account_report, const struct style *style, struct buf *note);

#endif
