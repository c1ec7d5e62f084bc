/* Checked output for programs that print tables and reports: to standard output, or to a file that is replaced as a
 * whole.
 *
 * Writing never returns an error: the first failure is remembered, what follows is dropped, and out_close tells
 * (EXIT_SYSTEM: a full disk is never a success). A file appears only when out_close succeeds. */
#ifndef TN_BASE_OUT_H
#define TN_BASE_OUT_H

#include "base/error.h"
#include "base/str.h"

struct out;

/* `path` NULL or "-" is standard output. */
struct out *out_open(const char *path, struct error *error);
void out_write(struct out *out, const void *bytes, size_t length);
void out_str(struct out *out, struct str text);
void out_printf(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Pass on what is buffered; for what a person waits for. */
void out_flush(struct out *out);
/* Write the rest, check, free. -1 with the first error. */
int out_close(struct out *out, struct error *error);
/* Free; a file stays as it was. NULL is allowed. */
void out_free(struct out *out);

#endif
