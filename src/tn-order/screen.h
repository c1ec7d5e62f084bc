/* A table that refreshes: the alternate screen of the terminal behind standard output, and its keys. */
#ifndef TN_ORDER_SCREEN_H
#define TN_ORDER_SCREEN_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <termios.h>

struct screen {
    bool shown;
    int keys; /* where they come from, -1: nowhere */
    struct termios before;
};

/* Keys are read as they are pressed, from standard input, or with `other_input` from the terminal itself. */
int screen_enter(struct screen *screen, bool other_input, struct error *error);
/* As it was before; harmless when it was not entered. */
void screen_leave(struct screen *screen);
/* Show this text, cut to the screen's lines, with a last line that says how to quit. */
int screen_draw(struct buf *text, struct error *error);

#endif
