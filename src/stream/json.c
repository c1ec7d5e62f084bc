/* The JSON of frames: one pass, slices into the frame. */
#include "stream/json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static bool fail(struct json_reader *reader, const char *what)
{
    if (reader->wrong == NULL)
        reader->wrong = what;
    reader->end = reader->p;
    return false;
}

static inline void skip_blanks(struct json_reader *reader)
{
    if (reader->p < reader->end && (unsigned char)*reader->p > ' ')
        return;
    while (reader->p < reader->end &&
           (*reader->p == ' ' || *reader->p == '\n' || *reader->p == '\r' || *reader->p == '\t'))
        reader->p++;
}

static inline char peek(struct json_reader *reader)
{
    skip_blanks(reader);
    return reader->p < reader->end ? *reader->p : '\0';
}

char json_peek(struct json_reader *reader)
{
    return peek(reader);
}

bool json_done(struct json_reader *reader)
{
    return peek(reader) == '\0';
}

static bool is_hexadecimal(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Behind a backslash; the reader is moved past the escape. */
static bool take_escape(struct json_reader *reader)
{
    const char *p = reader->p;
    if (reader->end - p < 1)
        return fail(reader, "unterminated string");
    if (*p == 'u') {
        if (reader->end - p < 5)
            return fail(reader, "unterminated string");
        for (int i = 1; i <= 4; i++)
            if (!is_hexadecimal(p[i]))
                return fail(reader, "invalid escape");
        reader->p += 5;
        return true;
    }
    if (strchr("\"\\/bfnrt", *p) == NULL || *p == '\0')
        return fail(reader, "invalid escape");
    reader->p++;
    return true;
}

/* The next quote, backslash or control byte, or the end. */
static inline const char *string_stop(const char *p, const char *end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), low = _mm_set1_epi8(0x1f);
    while (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)),
                                           _mm_cmpeq_epi8(_mm_min_epu8(bytes, low), bytes));
        const int mask = _mm_movemask_epi8(stops);
        if (mask != 0)
            return p + __builtin_ctz((unsigned)mask);
        p += 16;
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
        p++;
    return p;
}

/* The reader stands behind the opening quote. */
static inline bool take_string(struct json_reader *reader, struct json *value)
{
    const char *const start = reader->p;
    value->kind = JSON_STRING;
    value->escaped = false;
    for (;;) {
        const char *const p = string_stop(reader->p, reader->end);
        reader->p = p;
        if (p == reader->end)
            return fail(reader, "unterminated string");
        if (*p == '"')
            break;
        if (*p != '\\')
            return fail(reader, "a control byte in a string");
        value->escaped = true;
        reader->p++;
        if (!take_escape(reader))
            return false;
    }
    value->text = (struct str){start, (size_t)(reader->p - start)};
    reader->p++;
    return true;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_digits(struct json_reader *reader)
{
    const char *const start = reader->p;
    while (reader->p < reader->end && is_digit(*reader->p))
        reader->p++;
    return reader->p > start || fail(reader, "invalid number");
}

static bool take_number(struct json_reader *reader, struct json *value)
{
    const char *const start = reader->p;
    if (*reader->p == '-')
        reader->p++;
    if (reader->p < reader->end && *reader->p == '0')
        reader->p++;
    else if (!take_digits(reader))
        return false;
    if (reader->p < reader->end && *reader->p == '.') {
        reader->p++;
        if (!take_digits(reader))
            return false;
    }
    if (reader->p < reader->end && (*reader->p == 'e' || *reader->p == 'E')) {
        reader->p++;
        if (reader->p < reader->end && (*reader->p == '+' || *reader->p == '-'))
            reader->p++;
        if (!take_digits(reader))
            return false;
    }
    *value = (struct json){{start, (size_t)(reader->p - start)}, JSON_NUMBER, false};
    return true;
}

static bool take_word(struct json_reader *reader, const char *word, size_t length, enum json_kind kind,
                      struct json *value)
{
    if ((size_t)(reader->end - reader->p) < length || memcmp(reader->p, word, length) != 0)
        return fail(reader, "invalid word");
    *value = (struct json){{reader->p, length}, kind, false};
    reader->p += length;
    return true;
}

/* An array or object that nobody looks into; the reader stands before its bracket. */
static bool pass_over(struct json_reader *reader, struct json *value)
{
    const char *const start = reader->p;
    const bool object = *start == '{';
    const char close = object ? '}' : ']';
    struct json part;
    bool first = true;
    if (++reader->depth > JSON_DEPTH_MAX)
        return fail(reader, "nested too deeply");
    reader->p++;
    for (;;) {
        const char c = peek(reader);
        if (c == close)
            break;
        if (!first) {
            if (c != ',')
                return fail(reader, "no comma");
            reader->p++;
        }
        first = false;
        if (object) {
            if (peek(reader) != '"')
                return fail(reader, "a member without a name");
            reader->p++;
            if (!take_string(reader, &part))
                return false;
            if (peek(reader) != ':')
                return fail(reader, "a member without a value");
            reader->p++;
        }
        if (!json_value(reader, &part))
            return false;
    }
    reader->p++;
    reader->depth--;
    *value = (struct json){{start, (size_t)(reader->p - start)}, object ? JSON_OBJECT : JSON_ARRAY, false};
    return true;
}

bool json_value(struct json_reader *reader, struct json *value) /* NOLINT(misc-no-recursion): JSON_DEPTH_MAX */
{
    switch (peek(reader)) {
    case '"':
        reader->p++;
        return take_string(reader, value);
    case '{':
    case '[':
        return pass_over(reader, value);
    case 't':
        return take_word(reader, "true", 4, JSON_TRUE, value);
    case 'f':
        return take_word(reader, "false", 5, JSON_FALSE, value);
    case 'n':
        return take_word(reader, "null", 4, JSON_NULL, value);
    case '\0':
        return fail(reader, "the end comes early");
    default:
        if (*reader->p == '-' || is_digit(*reader->p))
            return take_number(reader, value);
        return fail(reader, "unexpected byte");
    }
}

static inline bool is_name(struct str name, struct str text)
{
    if (name.n != text.n)
        return false;
    for (size_t i = 0; i < text.n; i++) /* names have a few letters */
        if (name.p[i] != text.p[i])
            return false;
    return true;
}

/* Members come in the same order in every frame of a kind, so the one behind the last is looked at first. */
static int find_name(const struct str *name, int names, int next, struct str text)
{
    if (next < names && is_name(name[next], text))
        return next;
    for (int i = 0; i < names; i++)
        if (is_name(name[i], text))
            return i;
    return -1;
}

bool json_object(struct json_reader *reader, const struct str *name, int names, struct json *value)
{
    struct json key, ignored;
    int next = 0;
    memset(value, 0, (size_t)names * sizeof *value); /* JSON_ABSENT */
    if (peek(reader) != '{')
        return fail(reader, "no object");
    reader->p++;
    for (bool first = true;; first = false) {
        const char c = peek(reader);
        if (c == '}')
            break;
        if (!first) {
            if (c != ',')
                return fail(reader, "no comma");
            reader->p++;
            if (peek(reader) != '"')
                return fail(reader, "a member without a name");
        } else if (c != '"') {
            return fail(reader, "a member without a name");
        }
        reader->p++;
        if (!take_string(reader, &key))
            return false;
        if (peek(reader) != ':')
            return fail(reader, "a member without a value");
        reader->p++;
        const int index = key.escaped ? -1 : find_name(name, names, next, key.text);
        if (index >= 0 && value[index].kind != JSON_ABSENT)
            return fail(reader, "duplicate member");
        if (!json_value(reader, index < 0 ? &ignored : &value[index]))
            return false;
        if (index >= 0)
            next = index + 1;
    }
    reader->p++;
    return true;
}

bool json_array(struct json_reader *reader)
{
    if (peek(reader) != '[')
        return fail(reader, "no array");
    reader->p++;
    return true;
}

bool json_more(struct json_reader *reader, bool *first)
{
    const char c = peek(reader);
    if (c == ']') {
        reader->p++;
        return false;
    }
    if (*first) {
        *first = false;
        return c != '\0' || fail(reader, "the end comes early");
    }
    if (c != ',')
        return fail(reader, "no comma");
    reader->p++;
    return true;
}

/* Up to 10 digits, a point and up to 8 more: nearly all there are. */
static bool plain_dec(struct str text, dec *result, int *places)
{
    const char *p = text.p;
    const char *const end = p + text.n;
    uint64_t whole = 0, units = 0;
    int behind = 0;
    if (text.n == 0 || text.n > 19 || !is_digit(*p))
        return false;
    for (; p < end && is_digit(*p); p++)
        whole = whole * 10 + (uint64_t)(*p - '0');
    if (p - text.p > 10)
        return false;
    if (p < end) {
        if (*p++ != '.' || p == end)
            return false;
        for (; p < end && is_digit(*p) && behind < 8; p++, behind++)
            units = units * 10 + (uint64_t)(*p - '0');
        if (p < end)
            return false;
    }
    static const uint64_t power[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    *places = behind;
    *result = (dec)(whole * (uint64_t)DEC_ONE + units * power[behind]);
    return true;
}

bool json_dec(const struct json *value, dec *result, int *places, bool *rounded)
{
    int count = 0;
    bool cut = false;
    if ((value->kind != JSON_STRING && value->kind != JSON_NUMBER) || value->escaped)
        return false;
    if (!plain_dec(value->text, result, &count)) {
        if (dec_parse_rounded(result, &cut, value->text.p, value->text.n, NULL) != 0)
            return false;
        const char *point = memchr(value->text.p, '.', value->text.n);
        count = point == NULL ? 0 : (int)(value->text.p + value->text.n - point) - 1;
    }
    if (places != NULL)
        *places = count;
    if (cut && rounded != NULL)
        *rounded = true;
    return true;
}

bool json_integer(const struct json *value, int64_t *result)
{
    uint64_t number = 0;
    if ((value->kind != JSON_STRING && value->kind != JSON_NUMBER) || value->escaped || value->text.n == 0)
        return false;
    const char *p = value->text.p, *const end = p + value->text.n;
    const bool negative = *p == '-';
    p += negative;
    if (p == end || end - p > 24)
        return false;
    for (; p < end && is_digit(*p); p++)
        if (__builtin_mul_overflow(number, UINT64_C(10), &number) ||
            __builtin_add_overflow(number, (uint64_t)(*p - '0'), &number))
            return false;
    if (p < end && *p == '.' && p > value->text.p) /* 12.0 */
        for (p++; p < end && *p == '0';)
            p++;
    if (p < end || number > (uint64_t)INT64_MAX || !is_digit(value->text.p[negative]))
        return false;
    *result = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

bool json_is(const struct json *value, const char *text)
{
    return value->kind == JSON_STRING && !value->escaped && str_is(value->text, text);
}
