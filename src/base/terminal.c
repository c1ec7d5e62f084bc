/* Terminals: width, colour, and the stripping of everything in foreign text that a terminal would obey. */
#include "base/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ESCAPE 0x1b

bool terminal_is(int fd)
{
    return isatty(fd) == 1;
}

int terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col < 20 ? 20 : size.ws_col > 1000 ? 1000 : size.ws_col;
    const char *columns = getenv("COLUMNS");
    char *end = NULL;
    const long wanted = columns == NULL ? 0 : strtol(columns, &end, 10);
    return wanted >= 20 && wanted <= 1000 && *end == '\0' ? (int)wanted : 80;
}

bool terminal_color(int fd, bool refused)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return !refused && terminal_is(fd) && (no_color == NULL || no_color[0] == '\0') && term != NULL &&
           term[0] != '\0' && strcmp(term, "dumb") != 0;
}

/* Decode one character: its length in bytes, or 0 when the bytes are no UTF-8 (RFC 3629). */
static size_t utf8_decode(const unsigned char *p, size_t left, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    uint32_t value = length == 1 ? p[0] : p[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3fU);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *character = value;
    return length;
}

/* Length of the escape sequence at p[0] == ESC: ECMA-48 §5.4 (CSI), §5.6 (strings, ended by ST or BEL), else ESC,
 * intermediate bytes and one final byte. A sequence that never ends takes the rest. */
static size_t escape_length(const unsigned char *p, size_t left)
{
    size_t i = 1;
    if (left < 2)
        return left;
    if (p[1] == '[') {
        for (i = 2; i < left && p[i] >= 0x20 && p[i] <= 0x3f; i++)
            ;
        return i < left ? i + 1 : left;
    }
    if (p[1] == ']' || p[1] == 'P' || p[1] == 'X' || p[1] == '^' || p[1] == '_') {
        for (i = 2; i < left; i++) {
            if (p[i] == 0x07)
                return i + 1;
            if (p[i] == ESCAPE && i + 1 < left && p[i + 1] == '\\')
                return i + 2;
        }
        return left;
    }
    for (; i < left && p[i] >= 0x20 && p[i] <= 0x2f; i++)
        ;
    return i < left && p[i] >= 0x20 && p[i] < 0x7f ? i + 1 : i;
}

static bool is_unwanted(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x200e || character == 0x200f ||
           (character >= 0x2028 && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
           character == 0xfeff;
}

void terminal_strip(struct buf *out, struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    for (size_t i = 0; i < text.n;) {
        uint32_t character = 0;
        const size_t length = utf8_decode(p + i, text.n - i, &character);
        if (length == 0) {
            buf_add_char(out, '?');
            i++;
        } else if (character == ESCAPE) {
            i += escape_length(p + i, text.n - i);
        } else if (character == '\t' || character == '\n') {
            buf_add_char(out, ' ');
            i++;
        } else {
            if (!is_unwanted(character))
                buf_add(out, p + i, length);
            i += length;
        }
    }
}

int terminal_columns(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    int columns = 0;
    for (size_t i = 0; i < text.n;) {
        uint32_t c = 0;
        const size_t length = utf8_decode(p + i, text.n - i, &c);
        const bool combining = (c >= 0x300 && c < 0x370) || (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c < 0xfe10);
        const bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xa4d0) || (c >= 0xac00 && c < 0xd7a4) ||
                          (c >= 0xf900 && c < 0xfb00) || (c >= 0xff00 && c < 0xff61) || (c >= 0x1f300 && c < 0x1fb00);
        columns += combining ? 0 : wide ? 2 : 1;
        i += length == 0 ? 1 : length;
    }
    return columns;
}
