/* A grid of dots drawn with characters: Braille patterns (2 × 4 dots a cell) or, in ASCII, `'` and `.` (1 × 2). */
#ifndef TN_SHOW_CANVAS_H
#define TN_SHOW_CANVAS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

struct canvas {
    int columns, rows; /* cells */
    bool ascii;
    unsigned char *cell; /* dots of each cell as bits; owned */
};

int canvas_init(struct canvas *canvas, int columns, int rows, bool ascii, struct error *error);
void canvas_clear(struct canvas *canvas);
int canvas_width(const struct canvas *canvas); /* dots */
int canvas_height(const struct canvas *canvas);
/* Set a dot, 0,0 the upper left one; outside the grid nothing happens. */
void canvas_dot(struct canvas *canvas, int x, int y);
/* A straight line between two dots (Bresenham). */
void canvas_line(struct canvas *canvas, int x0, int y0, int x1, int y1);
/* Append one row of cells, trailing blanks left out; empty cells as `empty` (a character). */
void canvas_row(const struct canvas *canvas, int row, struct buf *out);
void canvas_row_over(const struct canvas *canvas, int row, const char *empty, struct buf *out);

#endif
