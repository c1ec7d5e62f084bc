/* A growing byte buffer with a maximum.
 *
 * Appending never returns an error: a buffer that could not grow (out of memory, or past its maximum) remembers it and
 * ignores what follows, and the caller asks once, with buf_check, before using what was built. */
#ifndef TN_BASE_BUF_H
#define TN_BASE_BUF_H

#include "base/error.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
    char *p; /* NUL-terminated whenever not NULL, the NUL not counted in n */
    size_t n, capacity, maximum;
    bool failed, full; /* an append failed; for the maximum's sake */
};

void buf_init(struct buf *buf, size_t maximum); /* owns nothing yet */
void buf_clear(struct buf *buf);                /* frees; the buffer can be used again */
void buf_reset(struct buf *buf);                /* empties, keeps the memory, forgets a failure */
/* Room for `more` bytes at p + n, or NULL; the caller writes there and adds to n. */
char *buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *bytes, size_t count);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_str(struct buf *buf, struct str text);
void buf_add_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
struct str buf_str(const struct buf *buf);
/* 0, or -1 with "out of memory" or "longer than N bytes" when an append failed since the last reset. */
int buf_check(const struct buf *buf, struct error *error);

#endif
