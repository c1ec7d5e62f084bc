/* A drawing as a gnuplot script: gnuplot is the pen for PNG and PDF, where everything lies is decided here already. */
#include "show/drawing_render.h"

#include "base/terminal.h"

#include <math.h>

/* gnuplot 5.4 does not read a doubled quote where a label begins with one, so quotes become typographic ones. */
void gnuplot_label(struct buf *out, struct str text)
{
    struct buf clean;
    buf_init(&clean, out->maximum);
    terminal_strip(&clean, text);
    buf_add_char(out, '\'');
    for (size_t i = 0; i < clean.n; i++) {
        if (clean.p[i] == '\'')
            buf_add_text(out, "\u2019");
        else
            buf_add_char(out, clean.p[i]);
    }
    buf_add_char(out, '\'');
    out->failed |= clean.failed;
    buf_clear(&clean);
}

static void head_add(const struct drawing *drawing, enum picture_kind kind, struct buf *out)
{
    const double w = drawing->width, h = drawing->height;
    buf_add_text(out, "set encoding utf8\nset locale 'C'\nset decimalsign '.'\n");
    if (kind == PICTURE_PDF)
        buf_printf(out,
                   "set terminal pdfcairo noenhanced size %.4fin,%.4fin font 'DejaVu Sans,10' background '#ffffff'\n",
                   w / 96, h / 96);
    else
        buf_printf(out,
                   "if (strstrt(GPVAL_TERMINALS, 'pngcairo') > 0) {\n"
                   "set terminal pngcairo noenhanced size %.0f,%.0f font 'DejaVu Sans,10' background '#ffffff'\n"
                   "} else {\nset terminal png noenhanced size %.0f,%.0f background '#ffffff'\n}\n",
                   w, h, w, h);
    buf_printf(out,
               "unset border\nunset tics\nunset key\nset lmargin 0\nset rmargin 0\nset tmargin 0\nset bmargin 0\n"
               "set xrange [0:%.4f]\nset yrange [%.4f:0]\n",
               w, h);
}

/* Parts of a line are separated by an empty line; so are polygons of filled curves. */
static void data_add(const struct drawing *drawing, size_t page, size_t index, struct buf *out)
{
    const struct shape *shape = &drawing->shape[index];
    buf_printf(out, "$p%zud%zu << EOD\n", page, index);
    for (size_t i = shape->from; i < shape->from + shape->count; i++)
        if (isnan(drawing->point[i].x))
            buf_add_char(out, '\n');
        else
            buf_printf(out, "%.2f %.2f\n", drawing->point[i].x, drawing->point[i].y);
    buf_add_text(out, "EOD\n");
}

/* Sizes are pixels; cairo's terminals count points of 1/96 inch times 0.75. */
static void label_add(const struct drawing *drawing, size_t index, struct buf *out)
{
    static const char *const anchors[] = {"left", "center", "right"};
    const struct shape *shape = &drawing->shape[index];
    buf_printf(out, "set label %zu ", index + 1);
    gnuplot_label(out, (struct str){drawing->text.p + shape->from, shape->count});
    buf_printf(out, " at %.2f,%.2f %s front font '%s,%.4g' textcolor rgb '%s'\n", shape->at.x, shape->at.y,
               anchors[shape->anchor], shape->bold ? "DejaVu Sans:Bold" : "DejaVu Sans", shape->size * 0.75,
               ink_color(shape->pen.ink));
}

static void page_add(const struct drawing *drawing, size_t page, struct buf *out)
{
    if (page > 0)
        buf_add_text(out, "unset label\n");
    for (size_t i = 0; i < drawing->shapes; i++)
        if (drawing->shape[i].kind == SHAPE_TEXT)
            label_add(drawing, i, out);
        else
            data_add(drawing, page, i, out);
    buf_add_text(out, "plot NaN notitle");
    for (size_t i = 0; i < drawing->shapes; i++) {
        const struct shape *shape = &drawing->shape[i];
        const struct pen *pen = &shape->pen;
        if (shape->kind == SHAPE_LINE)
            buf_printf(out, ", $p%zud%zu using 1:2 with lines linewidth %.3g dashtype %s linecolor rgb '%s'", page, i,
                       pen->width, pen->dashed ? "(8,6)" : "1", ink_color(pen->ink));
        else if (shape->kind == SHAPE_AREA)
            buf_printf(out,
                       ", $p%zud%zu using 1:2 with filledcurves closed fillstyle transparent solid %.3g noborder "
                       "fillcolor rgb '%s'",
                       page, i, pen->opacity, ink_color(pen->ink));
    }
    buf_add_char(out, '\n');
}

void drawing_gnuplot(const struct drawing *drawing, size_t pages, enum picture_kind kind, struct buf *out)
{
    head_add(drawing, kind, out);
    for (size_t i = 0; i < pages; i++)
        page_add(&drawing[i], i, out);
}
