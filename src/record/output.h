/* Standard output for records: whole, or not at all. */
#ifndef TN_RECORD_OUTPUT_H
#define TN_RECORD_OUTPUT_H

#include "base/error.h"

#include <stddef.h>

/* Write whole lines. A signal that would end the program (SIGINT, SIGTERM, SIGHUP, where nobody handles them) takes
 * effect behind a line, not within one; a second one at once. */
int output_write(const char *bytes, size_t length, struct error *error);

#endif
