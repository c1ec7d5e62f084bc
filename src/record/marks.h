/* The prices at which bars have marked an account's symbols, in the order of the bars: an equity point carries those of
 * its moment, a mark event those that had to be in the journal before it, one or a list. An entry of a list is
 * [symbol, interval, bar, price], known at the record's time. */
#ifndef TN_RECORD_MARKS_H
#define TN_RECORD_MARKS_H

#include "base/buf.h"
#include "record/types.h"

#include <stdbool.h>

struct marks {
    struct mark mark; /* the one that marks_next has read, without a list */
    struct str rest;  /* of the list */
    bool single;
    int64_t entry; /* its number, from 1 */
};

/* Those of a MARK or EQUITY record, which has to stay. */
void marks_open(struct marks *marks, enum record_type type, const void *value);
/* The next one: 1; 0: there are no more; EXIT_INPUT: -1, it is none. */
int marks_next(struct marks *marks, struct error *error);
/* Append one to a list, which the first begins. The caller adds the last ']'. */
void marks_add(struct buf *list, const struct mark *mark);

#endif
