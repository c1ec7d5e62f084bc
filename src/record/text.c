/* JSON text: strings decoded and written, numbers and times written, raw values walked. */
#include "record/scan.h"

#include "base/num.h"

#include <math.h>

static unsigned hex_value(const char *p)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned c = (unsigned char)p[i];
        value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static size_t utf8_write(char unit[static 4], unsigned c)
{
    if (c < 0x80) {
        unit[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        unit[0] = (char)(0xc0 | c >> 6);
        unit[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        unit[0] = (char)(0xe0 | c >> 12);
        unit[1] = (char)(0x80 | (c >> 6 & 0x3f));
        unit[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    unit[0] = (char)(0xf0 | c >> 18);
    unit[1] = (char)(0x80 | (c >> 12 & 0x3f));
    unit[2] = (char)(0x80 | (c >> 6 & 0x3f));
    unit[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t text_unit(const char **p, char unit[static 4])
{
    const char *s = *p;
    if (*s != '\\') {
        const unsigned char c = (unsigned char)*s;
        const size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        memcpy(unit, s, length);
        *p = s + length;
        return length;
    }
    if (s[1] != 'u') {
        static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
        const char *found = strchr(from, s[1]);
        unit[0] = (char)(found == NULL ? s[1] : to[found - from]);
        *p = s + 2;
        return 1;
    }
    unsigned c = hex_value(s + 2);
    *p = s + 6;
    if (c >= 0xd800 && c < 0xdc00) {
        c = 0x10000 + ((c - 0xd800) << 10) + (hex_value(s + 8) - 0xdc00);
        *p = s + 12;
    }
    return utf8_write(unit, c);
}

int record_text(const struct record *record, const struct field *field, struct str *text, struct error *error)
{
    if (field->kind != VALUE_STRING)
        return error_set(error, EXIT_INPUT, "field '%.*s' is not a string", (int)field->key.n, field->key.p);
    *text = (struct str){field->value.p + 1, field->value.n - 2};
    if (!field->escaped)
        return 0;
    /* The text goes where it stands in the line: decoding never lengthens, so no two fields meet, a field decoded twice
     * is the same, and the buffer never moves while slices point into it. */
    require(text->p > record->line.p && text->p <= record->line.p + record->line.n);
    if (buf_reserve(record->scratch, record->line.n) == NULL)
        return buf_check(record->scratch, error);
    char *const start = record->scratch->p + (text->p - record->line.p), *out = start;
    for (const char *p = text->p; p < text->p + text->n;) {
        char unit[4];
        const size_t length = text_unit(&p, unit);
        memcpy(out, unit, length);
        out += length;
    }
    *text = (struct str){start, (size_t)(out - start)};
    return 0;
}

static const char *past_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p;
}

static const char *past_string(const char *p, bool *escaped)
{
    *escaped = false;
    for (p++; *p != '"'; p++)
        if (*p == '\\') {
            *escaped = true;
            p++;
        }
    return p + 1;
}

static const char *past_value(const char *p, const char *end, bool *escaped)
{
    *escaped = false;
    if (*p == '"')
        return past_string(p, escaped);
    if (*p == '{' || *p == '[') {
        int depth = 0;
        do {
            bool ignored;
            if (*p == '"') {
                p = past_string(p, &ignored);
                continue;
            }
            depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
            p++;
        } while (depth > 0);
        return p;
    }
    while (p < end && strchr(",]} \t\r\n", *p) == NULL)
        p++;
    return p;
}

static enum value_kind kind_of(char c)
{
    switch (c) {
    case '"':
        return VALUE_STRING;
    case '{':
        return VALUE_OBJECT;
    case '[':
        return VALUE_ARRAY;
    case 't':
        return VALUE_TRUE;
    case 'f':
        return VALUE_FALSE;
    case 'n':
        return VALUE_NULL;
    default:
        return VALUE_NUMBER;
    }
}

bool raw_next(struct str *rest, struct field *member)
{
    const char *const end = rest->p + rest->n;
    const char *p = rest->n == 0 ? end : past_space(rest->p, end);
    if (p == end || strchr("{[,", *p) == NULL)
        return false;
    p = past_space(p + 1, end);
    if (p == end || *p == '}' || *p == ']')
        return false;
    *member = (struct field){.key = {p, 0}};
    /* A string before a colon is a key, any other is a member of an array. */
    if (*p == '"') {
        bool escaped;
        const char *const after = past_string(p, &escaped);
        const char *const colon = past_space(after, end);
        if (colon < end && *colon == ':') {
            member->key = (struct str){p + 1, (size_t)(after - p) - 2};
            p = past_space(colon + 1, end);
        }
    }
    const char *const after = past_value(p, end, &member->escaped);
    member->kind = kind_of(*p);
    member->value = (struct str){p, (size_t)(after - p)};
    p = past_space(after, end);
    *rest = (struct str){p, (size_t)(end - p)};
    return true;
}

void json_add_string(struct buf *out, struct str text)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_char(out, '"');
    size_t done = 0;
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, text.p + done, i - done);
        done = i + 1;
        static const char short_from[] = "\"\\\b\f\n\r\t", short_to[] = "\"\\bfnrt";
        const char *found = c == 0 ? NULL : strchr(short_from, c);
        const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        if (found != NULL)
            buf_add(out, (char[]){'\\', short_to[found - short_from]}, 2);
        else
            buf_add(out, escape, sizeof escape);
    }
    buf_add(out, text.p + done, text.n - done);
    buf_add_char(out, '"');
}

void json_add_double(struct buf *out, double value)
{
    char text[NUM_TEXT_MAX];
    if (isfinite(value))
        buf_add(out, text, num_format(text, value));
    else
        buf_add_text(out, "null");
}

void json_add_dec(struct buf *out, dec value)
{
    char text[DEC_TEXT_MAX];
    if (value != DEC_NONE)
        buf_add(out, text, dec_format(text, value));
    else
        buf_add_text(out, "null");
}

void json_add_time(struct buf *out, int64_t time)
{
    char text[TIME_TEXT_MAX];
    if (time == TIME_NONE) {
        buf_add_text(out, "null");
        return;
    }
    buf_add_char(out, '"');
    buf_add(out, text, time_format(text, time));
    buf_add_char(out, '"');
}
