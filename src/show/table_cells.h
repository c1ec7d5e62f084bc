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
    enum tone tone;
};

struct table {
    const char *type;
    const struct column *column;
    size_t columns;
    struct cell *cell; /* row by row */
    size_t cells, capacity;
    struct buf text;
    bool failed;
    bool stacked;
};

/* How a column is laid out. */
struct layout {
    bool hidden;     /* no cell of it stands in the row: */
    bool folded;     /* its text goes below */
    bool dropped;    /* or it is left out */
    bool short_time; /* the date alone */
    bool seconds;
    bool broken; /* long texts are broken into lines */
    int digits;  /* of fractions */
    int width;
};

/* Digits, seconds, and whether the column is there at all; of any width. */
void table_layout_of(const struct table *table, size_t at, struct layout *layout);
/* Append the heading / a cell as people read it, not padded. */
void table_title_add(const struct column *column, struct buf *out);
void table_cell_add(const struct table *table, const struct cell *cell, const struct column *column,
                    const struct layout *layout, const struct style *style, struct buf *out);
/* Text, times and dates stand left, figures right. */
bool table_is_left(const struct column *column);
enum tone table_cell_tone(const struct cell *cell, const struct column *column);
struct str table_cell_text(const struct table *table, const struct cell *cell);
int table_render_text(const struct table *table, const struct style *style, struct buf *out, struct error *error);

#endif
