/* What the gnuplot scripts share: head, panels, tics. */
#ifndef TN_SHOW_GNUPLOT_PARTS_H
#define TN_SHOW_GNUPLOT_PARTS_H

#include "base/buf.h"
#include "show/gnuplot_script.h"

#define GNUPLOT_UP   "#1b8a6b"
#define GNUPLOT_DOWN "#c8463c"
#define GNUPLOT_GREY "#6b7280"

/* Colours of curves and indicator lines, told apart by the colour-blind too (after Okabe and Ito 2008). */
extern const char *const gnuplot_colors[];
#define GNUPLOT_COLORS 6

/* Terminal of 1200 × `height` pixels, fonts, title and subtitle; opens the multiplot. */
void gnuplot_head(struct buf *out, enum picture_kind kind, int height, const char *title, const char *subtitle);
/* Where the next panel lies, in parts of the picture's height from below. */
void gnuplot_panel(struct buf *out, double bottom, double top);
/* Range and tics of the vertical axis, `most` tics at most; digits grouped by thousands. The
 * unit is part of a format: a per cent sign is written twice. */
void gnuplot_tics_y(struct buf *out, double low, double high, int most, const char *unit);

#endif
