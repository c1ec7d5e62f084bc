/* A picture as a list of shapes: what a chart wants drawn, before anyone knows whether it becomes SVG, PNG or PDF.
 *
 * Coordinates are pixels, 0,0 the upper left corner. A colour is named by what it is for; who renders decides what that
 * looks like on light or dark. Adding never fails: a drawing that ran out of memory remembers it (drawing_check). */
#ifndef TN_SHOW_DRAWING_H
#define TN_SHOW_DRAWING_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum ink {
    INK_TEXT,
    INK_QUIET, /* secondary text, benchmarks */
    INK_GRID,
    INK_PAPER, /* the background, for what must be cut out of something else */
    INK_UP,
    INK_DOWN,
    INK_WARNING,
    INK_CRITICAL,
    INK_SERIES, /* and five more: INK_SERIES + 0 … 5 */
    INK_COUNT = INK_SERIES + 6
};

enum shape_kind { SHAPE_LINE, SHAPE_AREA, SHAPE_TEXT };
enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

/* How lines and areas look. Equal ones that follow each other become one shape with several parts. */
struct pen {
    enum ink ink;
    double width;   /* of a line */
    double opacity; /* of an area, 0 to 1 */
    bool dashed;
};

struct drawing_point {
    double x, y; /* x NaN: a new part begins with the next point */
};

struct shape {
    enum shape_kind kind;
    struct pen pen;
    size_t from, count; /* points; of a text, its bytes */
    struct drawing_point at;
    double size; /* of a text, in pixels */
    enum anchor anchor;
    bool bold;
    bool tick; /* a label or grid line of the axis across: it does not hold when a reader zooms */
    int group; /* 0: what frames the picture; else what it shows, panel by panel */
};

struct drawing {
    double width, height;
    const char *title; /* said to those who cannot see it; borrowed */
    const char *words;
    struct shape *shape;
    size_t shapes, shape_capacity;
    struct drawing_point *point;
    size_t points, point_capacity;
    struct buf text;
    double from, to; /* across, where the groups show what a reader may zoom; 0, 0: nowhere */
    int group;       /* of the shapes to come */
    bool tick;
    bool failed;
};

void drawing_init(struct drawing *drawing, double width, double height);
void drawing_clear(struct drawing *drawing);
int drawing_check(const struct drawing *drawing, struct error *error);

/* Begin a line or an area; drawing_to adds its points. Areas close by themselves. */
void drawing_line(struct drawing *drawing, struct pen pen);
void drawing_area(struct drawing *drawing, struct pen pen);
void drawing_to(struct drawing *drawing, double x, double y);
/* A straight line; a filled rectangle between two corners. */
void drawing_segment(struct drawing *drawing, struct pen pen, double x0, double y0, double x1, double y1);
void drawing_box(struct drawing *drawing, struct pen pen, double x0, double y0, double x1, double y1);
/* Foreign text is welcome: renderers clean and escape it. `y` is the middle of the letters' height. */
void drawing_text(struct drawing *drawing, enum ink ink, double x, double y, double size, enum anchor anchor, bool bold,
                  const char *text);
/* Add the shapes of another drawing, its upper left corner at x, y, everything `scale` times as large. */
void drawing_place(struct drawing *drawing, const struct drawing *other, double x, double y, double scale);
/* Pixels that a text takes, about: no font is asked. */
double drawing_text_width(const char *text, double size);
/* The text, or its beginning and an ellipsis where it is wider than `most` pixels. */
#define DRAWING_FIT_MAX 256
void drawing_text_fit(char fitted[static DRAWING_FIT_MAX], const char *text, double size, double most);

#endif
