/* Buffered output of which every byte is checked. */
#include "base/out.h"
#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>
#include <unistd.h>

#define OUT_BUFFER ((size_t)64 * 1024)
#define LINE_BYTES ((size_t)1 << 24) /* most bytes of one out_printf */

struct out {
    struct buf buf;
    struct draft draft; /* fd -1: standard output */
    struct error error; /* the first failure */
};

struct out *out_open(const char *path, struct error *error)
{
    struct out *out = calloc(1, sizeof *out);
    if (out == NULL) {
        error_memory(error);
        return NULL;
    }
    buf_init(&out->buf, LINE_BYTES);
    out->draft.fd = -1;
    if (path == NULL || strcmp(path, "-") == 0 || draft_open(&out->draft, path, 0666, error) == 0)
        return out;
    free(out);
    return NULL;
}

static int out_fd(const struct out *out)
{
    return out->draft.fd == -1 ? STDOUT_FILENO : out->draft.fd;
}

void out_flush(struct out *out)
{
    const char *name = out->draft.fd == -1 ? "standard output" : out->draft.path;
    if (buf_check(&out->buf, &out->error) == 0 && !error_is_set(&out->error))
        (void)fd_write_all(out_fd(out), name, out->buf.p, out->buf.n, &out->error);
    buf_reset(&out->buf);
}

static void flush_when_full(struct out *out)
{
    if (out->buf.n >= OUT_BUFFER || out->buf.failed)
        out_flush(out);
}

void out_write(struct out *out, const void *bytes, size_t length)
{
    buf_add(&out->buf, bytes, length);
    flush_when_full(out);
}

void out_str(struct out *out, struct str text)
{
    out_write(out, text.p, text.n);
}

void out_printf(struct out *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&out->buf, format, arguments);
    va_end(arguments);
    flush_when_full(out);
}

int out_close(struct out *out, struct error *error)
{
    int result = 0;
    out_flush(out);
    if (error_is_set(&out->error)) {
        error_set(error, out->error.code, "%s", out->error.text);
        draft_close(&out->draft);
        result = -1;
    } else if (out->draft.fd != -1) {
        result = draft_commit(&out->draft, error);
    }
    out_free(out);
    return result;
}

void out_free(struct out *out)
{
    if (out == NULL)
        return;
    draft_close(&out->draft);
    buf_clear(&out->buf);
    free(out);
}
