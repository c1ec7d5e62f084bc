/* What a terminal is told and spared: width, colour, and no byte of foreign data that it would obey. */
#ifndef TN_BASE_TERMINAL_H
#define TN_BASE_TERMINAL_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

bool terminal_is(int fd);
/* Columns of the terminal behind `fd`, else of $COLUMNS, else 80; within 20–1000. */
int terminal_width(int fd);
/* Colour is for a terminal, without NO_COLOR (any value but ""), without TERM=dumb or no TERM, and not `refused`
 * (--no-color, display color = no). */
bool terminal_color(int fd, bool refused);

/* Append `text` as a terminal may see it: escape sequences (CSI, OSC and the like), control characters (C0, DEL, C1)
 * and text-direction overrides are left out, tabs and line feeds become spaces, bytes that are no UTF-8 become `?`. */
void terminal_strip(struct buf *out, struct str text);
/* Columns that valid UTF-8 text takes: one a character, none for combining marks, two for wide ones. */
int terminal_columns(struct str text);

#endif
