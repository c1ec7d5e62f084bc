/* Charts as drawings: where everything lies, in pixels of a picture that is 1200 wide unless told otherwise. */
#ifndef TN_SHOW_DRAW_H
#define TN_SHOW_DRAW_H

#include "show/chart.h"
#include "show/drawing.h"
#include "show/scale.h"

#define DRAW_WIDTH   1200.0
#define DRAW_HEIGHT  700.0
#define DRAW_LETTERS 13.0 /* pixels, of the text */
#define DRAW_LEFT    16.0 /* margins of the plot */
#define DRAW_RIGHT   92.0

/* The drawing must be initialised with its size; `headed`: title and subtitle stand in it (a page has its own). */
int draw_equity(struct drawing *drawing, const struct equity_chart *chart, bool headed, struct error *error);
int draw_candles(struct drawing *drawing, const struct candle_chart *chart, bool headed, struct error *error);
/* The height that a chart of candles wants for its panels. */
double draw_candles_height(const struct candle_chart *chart);

/* draw_overlay.c: what the user drew; returns how much of it lies outside of what is shown. */
struct frame;
int draw_overlay(struct drawing *drawing, const struct candle_chart *chart, const struct scale *across,
                 const struct scale *up, const struct frame *frame);

/* draw_parts.c: what charts share. */
struct frame {
    double left, right, top, bottom; /* of the plot */
};
/* Title and subtitle; where the next line may begin. */
double draw_head(struct drawing *drawing, const char *title, const char *subtitle, bool headed);
/* Grid lines of a value axis; its labels, at the right, which leave room for the tags that draw_tags placed. */
void draw_values(struct drawing *drawing, const struct scale *scale, const struct frame *frame, int most);
/* Grid lines at ticks; labels below `frame` when `labelled`. `scale` places tick.at. */
void draw_times(struct drawing *drawing, const struct scale *scale, const struct frame *frame, const struct tick *tick,
                int ticks, bool labelled);
/* One entry of a key at x, y; where the next may begin. */
double draw_key(struct drawing *drawing, struct pen pen, bool filled, double x, double y, const char *name,
                const char *words);

/* The last values at the right edge, pushed apart where they would cover each other. */
struct tag {
    double y;
    enum ink ink;
    char text[TICK_TEXT_MAX];
};
void draw_tags(struct drawing *drawing, struct tag *tag, int tags, const struct frame *frame);
/* Labels of ticks at the right edge, but where a tag stands. */
void draw_labels(struct drawing *drawing, const struct scale *scale, const struct frame *frame, const struct tick *tick,
                 int ticks, const struct tag *tag, int tags);
void draw_value_labels(struct drawing *drawing, const struct scale *scale, const struct frame *frame, int most,
                       const char *unit, const struct tag *tag, int tags);

static inline enum ink draw_series(int index)
{
    return (enum ink)(INK_SERIES + index % 6);
}

#endif
