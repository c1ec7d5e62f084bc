/* Bars in their usual form, read and written without the tables: a part of decode.c and encode.c. */
#ifndef TN_RECORD_BAR_H
#define TN_RECORD_BAR_H

#include "record/layout.h"

/* May bar_take be tried on lines of this shape? It has what a bar must have, and nothing that it leaves to the tables.
 */
bool bar_layout_is_plain(const struct layout *layout);
/* Decode and check the whole bar; false leaves everything to the tables. */
bool bar_take(const struct record *record, struct bar *bar);
/* When it becomes known: as record_known, likewise. */
bool bar_take_known(const struct record *record, int64_t *known);
/* The whole line at a pointer with room for 8 KiB: its end, or NULL, which leaves everything to the tables. */
char *bar_put(char *p, const struct bar *bar);
/* record_encode without bar_put: a test holds both to the same bytes. */
void record_encode_by_tables(struct buf *out, enum record_type type, const void *value);

#endif
