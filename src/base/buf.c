/* A growing byte buffer with a maximum. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *buf, size_t maximum)
{
    *buf = (struct buf){.maximum = maximum};
}

void buf_clear(struct buf *buf)
{
    free(buf->p);
    buf_init(buf, buf->maximum);
}

void buf_reset(struct buf *buf)
{
    buf->n = 0;
    buf->failed = buf->full = false;
    if (buf->p != NULL)
        buf->p[0] = '\0';
}

char *buf_reserve(struct buf *buf, size_t more)
{
    if (buf->failed)
        return NULL;
    if (more > buf->maximum || buf->n > buf->maximum - more) {
        buf->failed = buf->full = true;
        return NULL;
    }
    const size_t wanted = buf->n + more + 1;
    if (wanted > buf->capacity) {
        size_t capacity = buf->capacity < 128 ? 128 : buf->capacity + buf->capacity / 2;
        if (capacity < wanted)
            capacity = wanted;
        char *p = realloc(buf->p, capacity);
        if (p == NULL) {
            buf->failed = true;
            return NULL;
        }
        buf->p = p;
        buf->capacity = capacity;
    }
    return buf->p + buf->n;
}

void buf_add(struct buf *buf, const void *bytes, size_t count)
{
    char *room = buf_reserve(buf, count);
    if (room == NULL)
        return;
    if (count > 0)
        memcpy(room, bytes, count);
    buf->n += count;
    buf->p[buf->n] = '\0';
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_str(struct buf *buf, struct str text)
{
    buf_add(buf, text.p, text.n);
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    require(length >= 0); /* our formats have no wide characters */
    char *room = buf_reserve(buf, (size_t)length);
    if (room != NULL) {
        (void)vsnprintf(room, (size_t)length + 1, format, again);
        buf->n += (size_t)length;
    }
    va_end(again);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(buf, format, arguments);
    va_end(arguments);
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->p == NULL ? "" : buf->p, buf->n};
}

int buf_check(const struct buf *buf, struct error *error)
{
    if (!buf->failed)
        return 0;
    if (buf->full)
        return error_set(error, EXIT_INPUT, "longer than %zu bytes", buf->maximum);
    return error_memory(error);
}
