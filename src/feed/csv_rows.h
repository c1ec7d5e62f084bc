/* The rows of a CSV text (RFC 4180), field by field, with line numbers; what the fields mean is left to the caller. */
#ifndef TN_FEED_CSV_ROWS_H
#define TN_FEED_CSV_ROWS_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

#define CSV_FIELDS_MAX 256 /* of a row; what comes after them is counted and left out */

struct csv_fields {
    uint64_t line; /* where the row begins, from 1 */
    int count;     /* as many as the row has, also those left out */
    struct str field[CSV_FIELDS_MAX];
};

struct csv_rows {
    const char *p, *end;
    char separator; /* ' ' stands for any run of blanks and tabs */
    uint64_t line;  /* the next row's */
};

/* The text must outlive it and what it gives. */
void csv_rows_init(struct csv_rows *rows, struct str text, char separator);
/* 1: *fields is the next row that is not blank, as slices of the text: without the blanks and quotes around a field, a
 * doubled quote within one as it stands. 0: no more. -1: EXIT_INPUT, no CSV: an open quote, a quote inside a field, a
 * field longer than 65536 bytes. */
int csv_rows_next(struct csv_rows *rows, struct csv_fields *fields, struct error *error);

#endif
