/* Charts as gnuplot scripts that write the picture to standard output.
 *
 * A script holds numbers and labels only: labels stand in single quotes, where gnuplot substitutes nothing (backticks
 * and @ are plain there), quotes in them become typographic, control characters are left out, enhanced text is off. No
 * file name and no other foreign text enters it, so data never become commands (fault-073). */
#ifndef TN_SHOW_GNUPLOT_SCRIPT_H
#define TN_SHOW_GNUPLOT_SCRIPT_H

#include "base/buf.h"
#include "base/error.h"
#include "show/chart.h"

enum picture_kind { PICTURE_SVG, PICTURE_PNG };

int gnuplot_script_equity(const struct equity_chart *chart, enum picture_kind kind, struct buf *out,
                          struct error *error);
int gnuplot_script_candles(const struct candle_chart *chart, enum picture_kind kind, struct buf *out,
                           struct error *error);

/* Append a label in gnuplot's single quotes. */
void gnuplot_label(struct buf *out, const char *text);

#endif
