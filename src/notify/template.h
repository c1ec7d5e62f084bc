/* Texts with holes that the fields of a record fill: "{side} {quantity} {symbol}[ of {strategy}]".
 *
 * {name} is the field's text: a string without its quotes, anything else as it is on the wire; {name:2} is a number
 * rounded to two digits. A part in brackets is
 * left out when a field inside it is absent or null; outside of brackets such a field is "–". {{ and [[ are the
 * characters themselves. Control bytes of a field become spaces, so that a text is one line whatever a record says. */
#ifndef TN_NOTIFY_TEMPLATE_H
#define TN_NOTIFY_TEMPLATE_H

#include "record/record.h"

/* Is the text a template? EXIT_USAGE where a bracket or brace is not closed. */
int template_check(const char *text, struct error *error);
/* Append the filled text of a template that has been checked. -1 only for want of memory while decoding a field. */
int template_fill(struct buf *out, const char *text, const struct record *record, struct error *error);

#endif
