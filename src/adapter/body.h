/* Bodies of answers, before anything of another author sees them: strict RFC 8259 (UTF-8, no NUL, unique keys, depth at
 * most 64), and every number turned into a string with the same digits, so that a reader whose numbers are doubles
 * cannot change one. */
#ifndef TN_ADAPTER_BODY_H
#define TN_ADAPTER_BODY_H

#include "base/buf.h"

#define BODY_DEPTH_MAX 64

/* Append the value to `out`, blanks between its parts left out. EXIT_INPUT with the byte where it goes wrong. */
int body_take(struct buf *out, struct str body, struct error *error);
/* Is the whole text UTF-8 without NUL bytes? For bodies that are no JSON. */
int body_check_text(struct str body, struct error *error);

#endif
