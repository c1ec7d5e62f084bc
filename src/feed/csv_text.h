/* The bytes of a CSV file, whole, as UTF-8 or any other superset of ASCII. */
#ifndef TN_FEED_CSV_TEXT_H
#define TN_FEED_CSV_TEXT_H

#include "base/buf.h"

#define CSV_TEXT_MAX (UINT64_C(4) << 30)

/* "-" is standard input. A byte order mark is left out; UTF-16 (with a mark, or with a NUL in every second byte at the
 * beginning) becomes UTF-8. EXIT_UNAVAILABLE when the file is not there, EXIT_INPUT when it is longer than
 * CSV_TEXT_MAX. `text` is initialised and then the caller's to clear, also after an error. */
int csv_text_read(const char *path, struct buf *text, struct error *error);

/* The same for bytes that are there already. */
int csv_text_decode(struct buf *text, struct error *error);

#endif
