/* Reads a CSV file whole: what it says about itself is decided from all of it. */
#include "feed/csv_text.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE (256 * 1024)

static int read_all(int fd, struct buf *text, struct error *error)
{
    for (;;) {
        char *room = buf_reserve(text, PIECE);
        if (room == NULL)
            return buf_check(text, error);
        const ssize_t got = read(fd, room, PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, "cannot read");
        if (got == 0)
            return 0;
        text->n += (size_t)got;
    }
}

static void add_character(struct buf *text, uint32_t c)
{
    if (c < 0x80) {
        buf_add_char(text, (char)c);
    } else if (c < 0x800) {
        buf_add_char(text, (char)(0xc0 | c >> 6));
        buf_add_char(text, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_add_char(text, (char)(0xe0 | c >> 12));
        buf_add_char(text, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(text, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_add_char(text, (char)(0xf0 | c >> 18));
        buf_add_char(text, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_add_char(text, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(text, (char)(0x80 | (c & 0x3f)));
    }
}

/* One 16-bit unit; `high` is the index of its high byte. */
static uint32_t unit_at(const unsigned char *p, int high)
{
    return (uint32_t)p[high] << 8 | p[1 - high];
}

/* A half of a pair without the other half becomes U+FFFD, the Unicode Standard's replacement character. */
static int from_utf16(struct buf *text, int high, struct error *error)
{
    const unsigned char *p = (const unsigned char *)text->p, *end = p + text->n;
    struct buf out;
    buf_init(&out, text->maximum);
    while (end - p >= 2) {
        uint32_t c = unit_at(p, high);
        p += 2;
        if (c >= 0xd800 && c < 0xdc00 && end - p >= 2 && (unit_at(p, high) & 0xfc00) == 0xdc00) {
            c = 0x10000 + ((c - 0xd800) << 10) + (unit_at(p, high) - 0xdc00);
            p += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd;
        }
        if (c != 0xfeff)
            add_character(&out, c);
    }
    const int result = buf_check(&out, error);
    buf_clear(text);
    *text = out;
    return result;
}

/* The index of the high byte of UTF-16; -1 when the text is none. */
static int utf16_high(const struct buf *text)
{
    const unsigned char *p = (const unsigned char *)text->p;
    if (text->n >= 2 && p[0] == 0xff && p[1] == 0xfe)
        return 1;
    if (text->n >= 2 && p[0] == 0xfe && p[1] == 0xff)
        return 0;
    if (text->n >= 8 && p[0] != 0 && p[1] == 0 && p[2] != 0 && p[3] == 0 && p[5] == 0 && p[7] == 0)
        return 1;
    if (text->n >= 8 && p[0] == 0 && p[1] != 0 && p[2] == 0 && p[3] != 0 && p[4] == 0 && p[6] == 0)
        return 0;
    return -1;
}

int csv_text_decode(struct buf *text, struct error *error)
{
    const int high = utf16_high(text);
    if (high >= 0)
        return from_utf16(text, high, error);
    if (text->n >= 3 && memcmp(text->p, "\xef\xbb\xbf", 3) == 0) {
        text->n -= 3;
        memmove(text->p, text->p + 3, text->n);
    }
    return 0;
}

int csv_text_read(const char *path, struct buf *text, struct error *error)
{
    const bool standard_input = strcmp(path, "-") == 0;
    buf_init(text, CSV_TEXT_MAX);
    const int fd = standard_input ? STDIN_FILENO : file_open_any(path, error);
    if (fd < 0)
        return -1;
    int result = read_all(fd, text, error);
    if (result == 0)
        result = csv_text_decode(text, error);
    if (result < 0)
        error_prefix(error, "cannot read '%s'", path);
    if (!standard_input)
        close(fd);
    return result;
}
