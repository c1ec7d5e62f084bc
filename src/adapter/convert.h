/* What an adapter answers, made into records: figures that it passed on as text become numbers again, exactly, and
 * moments in the forms that servers use become those of tn-records(5). */
#ifndef TN_ADAPTER_CONVERT_H
#define TN_ADAPTER_CONVERT_H

#include "base/zone.h"
#include "record/record.h"

struct converter {
    const char *source; /* for the field `source`; NULL for none */
    struct zone *zone;  /* the last one used; owned */
    struct buf scratch;
    uint64_t rounded; /* prices that had more than 8 digits after the point */
};

void converter_init(struct converter *converter, const char *source);
void converter_clear(struct converter *converter);

/* `from` is a scanned answer with a type; its record is appended to `line`, LF included. A number may be given as text
 * wherever a record has a number; null is left out. A time may be RFC 3339, "s:N", "ms:N", "us:N" or "ns:N" (since
 * 1970, N may have a fraction), or "local:ZONE:YYYY-MM-DD HH:MM:SS". EXIT_INPUT for what is none of these. The
 * ratio of a split may have fractions; an action may do without time and id. */
int convert_record(struct converter *converter, const struct record *from, struct buf *line, struct error *error);
/* The time of such a text. */
int convert_time(struct converter *converter, struct str text, int64_t *time, struct error *error);

#endif
