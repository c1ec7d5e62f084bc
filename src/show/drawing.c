/* A picture as a list of shapes. */
#include "show/drawing.h"

#include "base/list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 26)

void drawing_init(struct drawing *drawing, double width, double height)
{
    *drawing = (struct drawing){.width = width, .height = height, .title = "", .words = ""};
    buf_init(&drawing->text, TEXT_MAXIMUM);
}

void drawing_clear(struct drawing *drawing)
{
    free(drawing->shape);
    free(drawing->point);
    buf_clear(&drawing->text);
    drawing->shape = NULL;
    drawing->point = NULL;
    drawing->shapes = drawing->points = drawing->shape_capacity = drawing->point_capacity = 0;
}

int drawing_check(const struct drawing *drawing, struct error *error)
{
    return drawing->failed ? error_memory(error) : buf_check(&drawing->text, error);
}

static struct shape *shape_add(struct drawing *drawing, enum shape_kind kind, struct pen pen)
{
    struct error error;
    error_clear(&error);
    if (drawing->failed ||
        list_grow(&drawing->shape, &drawing->shape_capacity, drawing->shapes, sizeof *drawing->shape, &error) != 0) {
        drawing->failed = true;
        return NULL;
    }
    require(drawing->shape != NULL);
    struct shape *shape = &drawing->shape[drawing->shapes++];
    *shape = (struct shape){
        .kind = kind, .pen = pen, .from = drawing->points, .group = drawing->group, .tick = drawing->tick};
    return shape;
}

static void point_add(struct drawing *drawing, double x, double y)
{
    struct error error;
    error_clear(&error);
    if (drawing->failed || drawing->shapes == 0 ||
        list_grow(&drawing->point, &drawing->point_capacity, drawing->points, sizeof *drawing->point, &error) != 0) {
        drawing->failed = true;
        return;
    }
    drawing->point[drawing->points++] = (struct drawing_point){x, y};
    drawing->shape[drawing->shapes - 1].count++;
}

static bool pen_equal(struct pen a, struct pen b)
{
    return a.ink == b.ink && fabs(a.width - b.width) < 1e-9 && fabs(a.opacity - b.opacity) < 1e-9 &&
           a.dashed == b.dashed;
}

static void path_begin(struct drawing *drawing, enum shape_kind kind, struct pen pen)
{
    const struct shape *last = drawing->shapes > 0 ? &drawing->shape[drawing->shapes - 1] : NULL;
    if (last != NULL && last->kind == kind && last->group == drawing->group && last->tick == drawing->tick &&
        pen_equal(last->pen, pen))
        point_add(drawing, NAN, NAN);
    else
        (void)shape_add(drawing, kind, pen);
}

void drawing_line(struct drawing *drawing, struct pen pen)
{
    path_begin(drawing, SHAPE_LINE, pen);
}

void drawing_area(struct drawing *drawing, struct pen pen)
{
    path_begin(drawing, SHAPE_AREA, pen);
}

void drawing_to(struct drawing *drawing, double x, double y)
{
    point_add(drawing, x, y);
}

void drawing_segment(struct drawing *drawing, struct pen pen, double x0, double y0, double x1, double y1)
{
    drawing_line(drawing, pen);
    drawing_to(drawing, x0, y0);
    drawing_to(drawing, x1, y1);
}

void drawing_box(struct drawing *drawing, struct pen pen, double x0, double y0, double x1, double y1)
{
    drawing_area(drawing, pen);
    drawing_to(drawing, x0, y0);
    drawing_to(drawing, x1, y0);
    drawing_to(drawing, x1, y1);
    drawing_to(drawing, x0, y1);
}

void drawing_text(struct drawing *drawing, enum ink ink, double x, double y, double size, enum anchor anchor, bool bold,
                  const char *text)
{
    struct shape *shape = shape_add(drawing, SHAPE_TEXT, (struct pen){.ink = ink});
    if (shape == NULL)
        return;
    shape->at = (struct drawing_point){x, y};
    shape->size = size;
    shape->anchor = anchor;
    shape->bold = bold;
    shape->from = drawing->text.n;
    shape->count = strlen(text);
    buf_add_text(&drawing->text, text);
}

#define LETTERS_LEAST 8.5 /* pixels: smaller ones cannot be read on paper */

void drawing_place(struct drawing *drawing, const struct drawing *other, double x, double y, double scale)
{
    for (size_t i = 0; i < other->shapes; i++) {
        const struct shape *from = &other->shape[i];
        struct pen pen = from->pen;
        pen.width *= scale;
        struct shape *shape = shape_add(drawing, from->kind, pen);
        if (shape == NULL)
            return;
        if (from->kind == SHAPE_TEXT) {
            shape->at = (struct drawing_point){x + scale * from->at.x, y + scale * from->at.y};
            shape->size = fmax(scale * from->size, fmin(from->size, LETTERS_LEAST));
            shape->anchor = from->anchor;
            shape->bold = from->bold;
            shape->from = drawing->text.n;
            shape->count = from->count;
            buf_add(&drawing->text, other->text.p + from->from, from->count);
            continue;
        }
        for (size_t k = from->from; k < from->from + from->count; k++)
            point_add(drawing, x + scale * other->point[k].x, y + scale * other->point[k].y);
    }
}

void drawing_text_fit(char fitted[static DRAWING_FIT_MAX], const char *text, double size, double most)
{
    (void)snprintf(fitted, DRAWING_FIT_MAX, "%s", text);
    for (size_t n = strlen(fitted); n > 1 && drawing_text_width(fitted, size) > most;) {
        n--;
        while (n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80) /* not inside a character */
            n--;
        (void)snprintf(fitted, DRAWING_FIT_MAX, "%.*s…", (int)n, text);
    }
}

double drawing_text_width(const char *text, double size)
{
    double width = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (((unsigned char)*p & 0xc0) == 0x80)
            continue; /* inside a character */
        if (strchr("iljI.,:;'|!()[] ft", *p) != NULL)
            width += 0.36;
        else if (strchr("mwMW%", *p) != NULL)
            width += 0.97;
        else if (*p >= 'A' && *p <= 'Z')
            width += 0.72;
        else
            width += 0.62;
    }
    return width * size;
}
