/* Bodies of answers: checked strictly, numbers as strings. */
#include "adapter/body.h"

#include "base/hash.h"
#include "base/list.h"
#include "record/scan.h"

#include <stdlib.h>

/* So many keys of an object are compared one by one; more go into a table. */
#define FEW_KEYS 16

struct reader {
    const char *begin, *p, *end;
    struct buf *out;
    struct error *error;
};

/* The keys of one open object, quotes left out. */
struct keys {
    struct str few[FEW_KEYS];
    size_t count;
    struct str *slot; /* open addressing, at most half full; NULL while they are few */
    size_t slots;
};

static int refuse(struct reader *reader, const char *what)
{
    return error_set(reader->error, EXIT_INPUT, "not JSON: %s at byte %zu", what,
                     (size_t)(reader->p - reader->begin) + 1);
}

static void skip_blanks(struct reader *reader)
{
    while (reader->p < reader->end &&
           (*reader->p == ' ' || *reader->p == '\n' || *reader->p == '\r' || *reader->p == '\t'))
        reader->p++;
}

/* Length of the well-formed UTF-8 sequence at p (Unicode 15, table 3-7), or 0. */
static size_t utf8_length(const char *text, const char *end)
{
    const unsigned char *p = (const unsigned char *)text;
    const size_t length = p[0] < 0xc2 || p[0] > 0xf4 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (length == 0 || length > (size_t)(end - text))
        return 0;
    const unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* Past the character at p, or NULL when it is none. */
static const char *past_character(const char *p, const char *end)
{
    const size_t n = utf8_length(p, end);
    return n == 0 ? NULL : p + n;
}

static int hex_unit(const char *p, const char *end)
{
    int unit = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Past the escape at p (a backslash), or NULL. */
static const char *skip_escape(const char *p, const char *end)
{
    if (end - p < 2 || p[1] == '\0')
        return NULL;
    if (p[1] != 'u')
        return strchr("\"\\/bfnrt", p[1]) == NULL ? NULL : p + 2;
    const int unit = hex_unit(p + 2, end);
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return NULL;
    if (unit < 0xd800 || unit > 0xdbff)
        return p + 6;
    const int second = end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex_unit(p + 8, end) : -1;
    return second >= 0xdc00 && second <= 0xdfff ? p + 12 : NULL;
}

/* The string at p (its quote), copied as it is; *text gets what is between the quotes. */
static int take_string(struct reader *reader, struct str *text)
{
    const char *const start = reader->p++;
    while (reader->p < reader->end && *reader->p != '"') {
        const unsigned char c = (unsigned char)*reader->p;
        const char *next = reader->p + 1;
        if (c == '\\')
            next = skip_escape(reader->p, reader->end);
        else if (c >= 0x80)
            next = past_character(reader->p, reader->end);
        if (c < 0x20 || next == NULL)
            return refuse(reader, c == '\\'  ? "an invalid escape"
                                  : c < 0x20 ? "a control byte within a string"
                                             : "a byte that is not UTF-8");
        reader->p = next;
    }
    if (reader->p == reader->end)
        return refuse(reader, "a string that does not end");
    *text = (struct str){start + 1, (size_t)(reader->p - start) - 1};
    reader->p++;
    buf_add(reader->out, start, (size_t)(reader->p - start));
    return 0;
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* The end of the number at p, or NULL. */
static const char *skip_number(const char *p, const char *end)
{
    const char *digits = p + (*p == '-'), *after = skip_digits(digits, end);
    if (after == digits || (*digits == '0' && after - digits > 1))
        return NULL;
    if (after < end && *after == '.') {
        digits = after + 1;
        if ((after = skip_digits(digits, end)) == digits)
            return NULL;
    }
    if (after == end || (*after != 'e' && *after != 'E'))
        return after;
    digits = after + 1;
    if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
    after = skip_digits(digits, end);
    return after == digits ? NULL : after;
}

static int take_number(struct reader *reader)
{
    const char *after = skip_number(reader->p, reader->end);
    if (after == NULL)
        return refuse(reader, "no number");
    buf_add_char(reader->out, '"');
    buf_add(reader->out, reader->p, (size_t)(after - reader->p));
    buf_add_char(reader->out, '"');
    reader->p = after;
    return 0;
}

static int take_word(struct reader *reader)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        const size_t n = strlen(words[i]);
        if ((size_t)(reader->end - reader->p) >= n && memcmp(reader->p, words[i], n) == 0) {
            buf_add(reader->out, reader->p, n);
            reader->p += n;
            return 0;
        }
    }
    return refuse(reader, "no value");
}

/* ---- the keys of an object ---- */

static bool key_equal(struct str a, struct str b)
{
    const char *p = a.p, *q = b.p;
    if (memchr(a.p, '\\', a.n) == NULL && memchr(b.p, '\\', b.n) == NULL)
        return str_equal(a, b);
    while (p < a.p + a.n && q < b.p + b.n) {
        char x[4], y[4];
        const size_t n = text_unit(&p, x), m = text_unit(&q, y);
        if (n != m || memcmp(x, y, n) != 0)
            return false;
    }
    return p == a.p + a.n && q == b.p + b.n;
}

static size_t key_hash(struct str key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *p = key.p; p < key.p + key.n;) {
        char unit[4];
        const size_t n = text_unit(&p, unit);
        for (size_t i = 0; i < n; i++)
            hash = (hash ^ (unsigned char)unit[i]) * UINT64_C(0x100000001b3);
    }
    return (size_t)(hash ^ hash >> 29);
}

/* The slot of a key, or the empty one where it would go. */
static struct str *key_slot(const struct keys *keys, struct str key)
{
    size_t at = key_hash(key) & (keys->slots - 1);
    while (keys->slot[at].p != NULL && !key_equal(keys->slot[at], key))
        at = (at + 1) & (keys->slots - 1);
    return &keys->slot[at];
}

static int keys_grow(struct keys *keys, struct error *error)
{
    const struct keys old = *keys;
    const struct str *from = old.slot == NULL ? old.few : old.slot;
    keys->slots = old.slots == 0 ? 8 * FEW_KEYS : old.slots * 2;
    keys->slot = calloc(keys->slots, sizeof *keys->slot);
    if (keys->slot == NULL) {
        *keys = old;
        return error_memory(error);
    }
    for (size_t i = 0; i < (old.slot == NULL ? old.count : old.slots); i++)
        if (from[i].p != NULL)
            *key_slot(keys, from[i]) = from[i];
    free(old.slot);
    return 0;
}

/* 1: new; 0: there already. */
static int keys_add(struct keys *keys, struct str key, struct error *error)
{
    if (keys->slot == NULL && keys->count < FEW_KEYS) {
        for (size_t i = 0; i < keys->count; i++)
            if (key_equal(keys->few[i], key))
                return 0;
        keys->few[keys->count++] = key;
        return 1;
    }
    if ((keys->slot == NULL || keys->count >= keys->slots / 2) && keys_grow(keys, error) < 0)
        return -1;
    struct str *slot = key_slot(keys, key);
    if (slot->p != NULL)
        return 0;
    *slot = key;
    keys->count++;
    return 1;
}

/* ---- values ---- */

static int take_value(struct reader *reader, int depth);

/* A key, its colon and its value. */
static int take_member(struct reader *reader, struct keys *keys, int depth)
{
    struct str key;
    skip_blanks(reader);
    if (reader->p == reader->end || *reader->p != '"')
        return refuse(reader, "no key");
    if (take_string(reader, &key) < 0)
        return -1;
    const int added = keys_add(keys, key, reader->error);
    if (added <= 0)
        return added < 0 ? -1 : refuse(reader, "a duplicate key");
    skip_blanks(reader);
    if (reader->p == reader->end || *reader->p != ':')
        return refuse(reader, "no colon");
    reader->p++;
    buf_add_char(reader->out, ':');
    return take_value(reader, depth);
}

/* An object or an array, from its bracket to its bracket. */
static int take_group(struct reader *reader, char close, int depth)
{
    struct keys keys = {.count = 0};
    int result = 0;
    buf_add_char(reader->out, *reader->p++);
    skip_blanks(reader);
    const bool empty = reader->p < reader->end && *reader->p == close;
    while (result == 0 && !empty) {
        result = close == '}' ? take_member(reader, &keys, depth) : take_value(reader, depth);
        skip_blanks(reader);
        if (result < 0 || (reader->p < reader->end && *reader->p == close))
            break;
        if (reader->p == reader->end || *reader->p != ',')
            result = refuse(reader, "neither a comma nor an end");
        else
            buf_add_char(reader->out, *reader->p++);
    }
    free(keys.slot);
    if (result == 0)
        buf_add_char(reader->out, *reader->p++);
    return result;
}

/* NOLINTNEXTLINE(misc-no-recursion): the depth is bounded */
static int take_value(struct reader *reader, int depth)
{
    struct str text;
    skip_blanks(reader);
    if (reader->p == reader->end)
        return refuse(reader, "the end, where a value should be,");
    if (depth == BODY_DEPTH_MAX)
        return refuse(reader, "deeper nesting than 64 levels");
    switch (*reader->p) {
    case '{':
        return take_group(reader, '}', depth + 1);
    case '[':
        return take_group(reader, ']', depth + 1);
    case '"':
        return take_string(reader, &text);
    case '-':
    case '0' ... '9':
        return take_number(reader);
    default:
        return take_word(reader);
    }
}

int body_take(struct buf *out, struct str body, struct error *error)
{
    struct reader reader = {.begin = body.p, .p = body.p, .end = body.p + body.n, .out = out, .error = error};
    if (take_value(&reader, 0) < 0)
        return -1;
    skip_blanks(&reader);
    return reader.p == reader.end ? buf_check(out, error) : refuse(&reader, "something after the value");
}

int body_check_text(struct str body, struct error *error)
{
    for (const char *p = body.p, *const end = body.p + body.n; p < end;) {
        const size_t n = (unsigned char)*p < 0x80 ? (*p != '\0') : utf8_length(p, end);
        if (n == 0)
            return error_set(error, EXIT_INPUT, "not UTF-8 text at byte %zu", (size_t)(p - body.p) + 1);
        p += n;
    }
    return 0;
}
