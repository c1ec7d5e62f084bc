/* A grid of dots drawn with characters. */
#include "show/canvas.h"

#include <stdlib.h>

int canvas_init(struct canvas *canvas, int columns, int rows, bool ascii, struct error *error)
{
    require(columns > 0 && rows > 0);
    *canvas = (struct canvas){.columns = columns, .rows = rows, .ascii = ascii};
    canvas->cell = calloc((size_t)columns * (size_t)rows, 1);
    return canvas->cell == NULL ? error_memory(error) : 0;
}

void canvas_clear(struct canvas *canvas)
{
    free(canvas->cell);
    canvas->cell = NULL;
}

int canvas_width(const struct canvas *canvas)
{
    return canvas->ascii ? canvas->columns : 2 * canvas->columns;
}

int canvas_height(const struct canvas *canvas)
{
    return canvas->ascii ? 2 * canvas->rows : 4 * canvas->rows;
}

void canvas_dot(struct canvas *canvas, int x, int y)
{
    /* Bits of the dots by row and column: Unicode Standard, Braille Patterns block. */
    static const unsigned char braille[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0 || x >= canvas_width(canvas) || y >= canvas_height(canvas))
        return;
    const int across = canvas->ascii ? 1 : 2, down = canvas->ascii ? 2 : 4;
    const int bit = canvas->ascii ? 1 << y % 2 : braille[y % 4][x % 2];
    unsigned char *cell = &canvas->cell[y / down * canvas->columns + x / across];
    *cell = (unsigned char)(*cell | bit);
}

void canvas_line(struct canvas *canvas, int x0, int y0, int x1, int y1)
{
    const int dx = abs(x1 - x0), dy = -abs(y1 - y0);
    const int step_x = x0 < x1 ? 1 : -1, step_y = y0 < y1 ? 1 : -1;
    int off = dx + dy;
    for (;;) {
        canvas_dot(canvas, x0, y0);
        if (x0 == x1 && y0 == y1)
            return;
        const int twice = 2 * off;
        if (twice >= dy) {
            off += dy;
            x0 += step_x;
        }
        if (twice <= dx) {
            off += dx;
            y0 += step_y;
        }
    }
}

static void cells_add(const struct canvas *canvas, int row, int count, const char *empty, struct buf *out)
{
    const unsigned char *cell = canvas->cell + (size_t)row * (size_t)canvas->columns;
    for (int i = 0; i < count; i++) {
        if (cell[i] == 0) {
            buf_add_text(out, empty);
        } else if (canvas->ascii) {
            buf_add_char(out, " '.:"[cell[i]]);
        } else { /* U+2800 + dots in UTF-8 */
            const char text[3] = {(char)0xe2, (char)(0xa0 | cell[i] >> 6), (char)(0x80 | (cell[i] & 0x3f))};
            buf_add(out, text, 3);
        }
    }
}

void canvas_row(const struct canvas *canvas, int row, struct buf *out)
{
    const unsigned char *cell = canvas->cell + (size_t)row * (size_t)canvas->columns;
    int last = canvas->columns;
    while (last > 0 && cell[last - 1] == 0)
        last--;
    cells_add(canvas, row, last, " ", out);
}

void canvas_row_over(const struct canvas *canvas, int row, const char *empty, struct buf *out)
{
    cells_add(canvas, row, canvas->columns, empty, out);
}
