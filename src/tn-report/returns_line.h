/* A line of a table of text: its cells, and what they say. */
#ifndef TN_REPORT_RETURNS_LINE_H
#define TN_REPORT_RETURNS_LINE_H

#include "base/str.h"
#include "base/time.h"

#define RETURNS_COLUMNS_MAX 64

/* The cells of a line; the separator is the first of ; tab , that is in it. How many; more than the most are cut off.
 */
int returns_cut(struct str line, struct str cell[static RETURNS_COLUMNS_MAX]);
/* "0.012" or "1.2%". */
bool returns_number(struct str text, double *value);
/* A date, a moment, or a month, which ends with its last day. */
bool returns_date(struct str text, int64_t *time);

#endif
