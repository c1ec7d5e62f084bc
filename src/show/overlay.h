/* What a user draws on his charts, from a file that he edits: a line of words each.
 *
 *     # a comment
 *     level AAPL 185.50 high of March
 *     zone  AAPL 170 175 demand
 *     line  AAPL 2026-01-02 150 2026-03-02 180 trend
 *     fib   AAPL 2026-01-02 150 2026-03-02 180
 *     note  AAPL 2026-02-14 earnings
 *
 * Dates are those of bars in the chart's zone; RFC 3339 times are moments. */
#ifndef TN_SHOW_OVERLAY_H
#define TN_SHOW_OVERLAY_H

#include "base/error.h"
#include "base/str.h"
#include "base/zone.h"
#include "record/types.h"

#include <stddef.h>

#define OVERLAY_BYTES_MAX ((size_t)1 << 20)

enum overlay_kind { OVERLAY_LEVEL, OVERLAY_ZONE, OVERLAY_LINE, OVERLAY_FIB, OVERLAY_NOTE };

struct overlay_moment {
    int64_t time;
    bool local; /* a date: of the clock in the chart's zone */
};

struct overlay_item {
    enum overlay_kind kind;
    char symbol[SYMBOL_SIZE];
    struct overlay_moment from, to;
    double low, high; /* of a zone; from and to of a line; low alone of a level */
    char words[80];   /* foreign text */
};

struct overlay {
    struct overlay_item *item; /* owned */
    size_t items, capacity;
};

void overlay_clear(struct overlay *overlay);
/* Adds the lines of a text; a line that cannot be read is EXIT_USAGE and named by `name` and its number. */
int overlay_parse(struct overlay *overlay, struct str text, const char *name, struct error *error);
int overlay_read(struct overlay *overlay, const char *file, struct error *error);
int64_t overlay_time(struct overlay_moment moment, const struct zone *zone);

#endif
