/* A drawing as SVG text, and as a gnuplot script that draws the same.
 *
 * SVG: classes name the inks, so that a page around it may decide the colours; alone it brings a light style of its
 * own. All text is escaped for XML (fault-074).
 *
 * gnuplot: the script holds numbers and labels only. Labels stand in single quotes, where gnuplot substitutes nothing
 * (backticks and @ are plain there), quotes in them become typographic, control characters are left out, enhanced text
 * is off. No file name and no other foreign text enters it, so data never become commands (fault-073). */
#ifndef TN_SHOW_DRAWING_RENDER_H
#define TN_SHOW_DRAWING_RENDER_H

#include "show/drawing.h"

/* Append an SVG element. `alone`: a file of its own, with name space, size and style; else for a page of HTML, where
 * `id` (ours, not foreign) makes the ids of title and description. */
void drawing_svg(const struct drawing *drawing, bool alone, const char *id, struct buf *out);
/* Append text for XML and HTML: control characters left out, < > & " ' as entities, bytes that are no UTF-8 as "?". */
void markup_add(struct buf *out, struct str text);

enum picture_kind { PICTURE_SVG, PICTURE_PNG, PICTURE_PDF };

/* Append the script that writes the picture to standard output; not for SVG. Of a PDF there may be several pages, all
 * of the size of the first. */
void drawing_gnuplot(const struct drawing *drawing, size_t pages, enum picture_kind kind, struct buf *out);
/* Append a label in gnuplot's single quotes. */
void gnuplot_label(struct buf *out, struct str text);

/* "#0072b2": of the light theme. */
const char *ink_color(enum ink ink);
/* The class that the SVG gives it: "text", "up", "s1". */
const char *ink_class(enum ink ink);

/* Write a drawing (a PDF: its pages) into a file of that kind, whole or not at all. EXIT_UNAVAILABLE with a hint when
 * gnuplot is needed and not installed, or fails. */
int drawing_write(const struct drawing *drawing, size_t pages, enum picture_kind kind, const char *file,
                  struct error *error);
/* The kind by the suffix; EXIT_USAGE for others. Asked before anything is read, so that a wrong name costs nothing. */
int picture_kind_of(const char *file, enum picture_kind *kind, struct error *error);

#endif
