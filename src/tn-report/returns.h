/* Returns that any tool has written, as a table of text: "date,return" or one number a line. */
#ifndef TN_REPORT_RETURNS_H
#define TN_REPORT_RETURNS_H

#include "tn-report/commands.h"

/* Is the input one? Not records: its first byte is no '{'. `file` NULL: standard input, of which nothing is taken. */
bool returns_are(const char *file);
/* Takes them as a book of their own. `periods`: returns a year; 0: what the dates say. EXIT_INPUT names the line. */
int returns_read(struct view *view, const char *file, double periods, struct error *error);

#endif
