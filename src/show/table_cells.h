/* The inside of a table, for the files that render it. */
#ifndef TN_SHOW_TABLE_CELLS_H
#define TN_SHOW_TABLE_CELLS_H

#include "show/table.h"

struct cell {
    union {
        int64_t integer; /* dec, count, time */
        double number;
        size_t offset; /* of text in the table's */
    };
    size_t length;
    bool empty;
    enum mood mood;
};

struct table {
    const char *type;
    const struct column *column;
    size_t columns;
    struct cell *cell; /* row by row */
    size_t cells, capacity;
    struct buf text;
    bool failed;
};

struct str table_cell_text(const struct table *table, const struct cell *cell);
int table_render_text(const struct table *table, const struct style *style, struct buf *out, struct error *error);

#endif
