/* The rows of a CSV file, field by field, with line numbers; what the fields mean is left to the caller. */
#ifndef TN_FEED_CSV_ROWS_H
#define TN_FEED_CSV_ROWS_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

#define CSV_FIELDS_MAX 256 /* of a row; what comes after them is left out */

struct csv_fields {
    uint64_t line; /* where the row begins, from 1 */
    int count;     /* as many as the row has, also those left out */
    struct str field[CSV_FIELDS_MAX];
};

/* Calls `row` for every row that is not blank; it returns 0 to go on, 1 to stop, -1 to stop with an error. Comma,
 * semicolon or tab separate, whichever the first line has; a byte order mark is skipped. "-" is standard input.
 * EXIT_UNAVAILABLE when the file is not there, EXIT_INPUT when it is no CSV (an open quote, an endless field, nothing
 * at all). */
int csv_rows_read(const char *path, int (*row)(void *context, const struct csv_fields *fields, struct error *error),
                  void *context, struct error *error);

#endif
