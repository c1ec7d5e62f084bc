/* Charts as SVG and PNG files, drawn by gnuplot.
 *
 * gnuplot is started without a shell, reads its script from standard input and gives the picture on standard output;
 * the file is written by us, whole or not at all. EXIT_UNAVAILABLE with a hint when gnuplot is not installed or fails,
 * EXIT_USAGE for a file name that ends in neither .svg nor .png. */
#ifndef TN_SHOW_CHART_GNUPLOT_H
#define TN_SHOW_CHART_GNUPLOT_H

#include "base/error.h"
#include "show/chart.h"
#include "show/gnuplot_script.h"

/* Asked before anything is read, so that a wrong name costs nothing. */
int picture_kind_of(const char *file, enum picture_kind *kind, struct error *error);
/* `file` "-" is not allowed. */
int chart_gnuplot_equity(const struct equity_chart *chart, const char *file, struct error *error);
int chart_gnuplot_candles(const struct candle_chart *chart, const char *file, struct error *error);

#endif
