/* Charts on a terminal: Braille dots and block characters, or plain ASCII; colour when the style has it. */
#ifndef TN_SHOW_CHART_TEXT_H
#define TN_SHOW_CHART_TEXT_H

#include "show/chart.h"
#include "show/style.h"

/* Bars that a terminal shows well: one a column, 90 at most. */
int chart_text_bars(const struct style *style);
/* Cells beside the axis: of the style's width, 16 to 120. */
int chart_text_columns(const struct style *style);

/* One curve after the other: equity above, its drawdown in per cent below. A curve of fewer than two points says so. */
int chart_text_equity(const struct equity_chart *chart, const struct style *style, struct buf *out,
                      struct error *error);
/* Candles, one a column (joined where there are more than columns), volume below, fills as ▲ and ▼ on a line of their
 * own, lines in price units as dots; lines with panels of their own are listed with their last value. */
int chart_text_candles(const struct candle_chart *chart, const struct style *style, struct buf *out,
                       struct error *error);

#endif
