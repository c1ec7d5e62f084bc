/* How answers look: the format (-O), the zone of displayed times (--tz), colour, and whether only ASCII may be used. */
#ifndef TN_SHOW_STYLE_H
#define TN_SHOW_STYLE_H

#include "base/buf.h"
#include "base/command.h"
#include "base/error.h"
#include "base/zone.h"

#include <stdbool.h>

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV, FORMAT_TSV };

struct style {
    enum format format;
    bool terminal; /* data too are spared what a terminal would obey */
    bool color;
    bool ascii;
    int width;         /* cells of the terminal; 80 when it is none; 0: no limit */
    struct zone *zone; /* of displayed times; NULL is UTC; owned */
};

/* The options -O/--output, --tz and --ascii, for the option list of a command. */
extern const struct option_spec style_options[];

/* From the options, the environment (LC_ALL, LC_CTYPE, LANG, TERM, NO_COLOR, COLUMNS) and whether standard output is a
 * terminal: then a table, else NDJSON, unless -O says otherwise. `zone` is the zone of displayed times when --tz is not
 * given; NULL is America/New_York, the zone of the only exchange known by default. */
int style_init(struct style *style, const struct invocation *invocation, const char *zone, struct error *error);
void style_clear(struct style *style);

/* Append foreign text as the style's reader may see it: terminal escapes stripped, one line, ASCII only when asked. */
void style_add(struct buf *out, struct str text, const struct style *style);
/* Append the date of a moment in a zone (NULL: UTC). */
void style_add_date(struct buf *out, int64_t time, const struct zone *zone);
/* That of the day which a moment is in or ends: midnight ends the day before it. */
void style_add_day(struct buf *out, int64_t time, const struct zone *zone);
/* Append text in words, from cell `used` of a line on, in lines of the style's width (0: one line); those that follow
 * are indented. No line feed at the end. */
void style_wrap(struct buf *out, struct str text, int used, int indent, const struct style *style);
/* Write to standard output; an error when it cannot be. */
int style_write(const struct buf *text, struct error *error);

#endif
