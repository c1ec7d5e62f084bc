/* The portable scanner: one line, byte by byte, with every rule and every message of the wire. What the fast path
 * (layout.c) does not recognise ends here, so that both accept and refuse the same. */
#include "record/scan.h"

#include <stdlib.h>

enum { NESTED_KEYS_MAX = 32768 }; /* in all nested objects of a line; bounds the work on hostile lines */

/* The keys of nested objects seen so far: a hash set of (object, key). Kept in the scratch buffer, which is free during
 * a scan. */
struct nested_key {
    uint32_t object, key; /* offsets into the line, 0 for an empty slot (no nested object starts at 0) */
};

struct scan {
    const char *line, *p, *end;
    struct buf *scratch;
    uint32_t keys, slots, seed;
    struct error *error;
};

static size_t at(const struct scan *scan)
{
    return (size_t)(scan->p - scan->line) + 1;
}

static int refuse(struct scan *scan, const char *what)
{
    return error_set(scan->error, EXIT_INPUT, "%s at byte %zu", what, at(scan));
}

static int unexpected(struct scan *scan, const char *wanted)
{
    if (scan->p == scan->end)
        return error_set(scan->error, EXIT_INPUT, "not JSON: the line ends where %s should be", wanted);
    const unsigned char c = (unsigned char)*scan->p;
    if (c == 0)
        return refuse(scan, "a NUL byte");
    if (c > 0x20 && c < 0x7f)
        return error_set(scan->error, EXIT_INPUT, "not JSON: '%c' where %s should be, at byte %zu", c, wanted,
                         at(scan));
    return error_set(scan->error, EXIT_INPUT, "not JSON: byte 0x%02x where %s should be, at byte %zu", c, wanted,
                     at(scan));
}

static void skip_space(struct scan *scan)
{
    while (scan->p < scan->end && (*scan->p == ' ' || *scan->p == '\t' || *scan->p == '\r' || *scan->p == '\n'))
        scan->p++;
}

/* Length of the well-formed UTF-8 sequence at p (Unicode 15, table 3-7), or 0. */
static size_t utf8_length(const unsigned char *p, size_t available)
{
    const unsigned char c = p[0];
    if (c < 0xc2 || c > 0xf4)
        return 0;
    const size_t length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (length > available)
        return 0;
    const unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static int hex4(const char *p, const char *end)
{
    if (end - p < 4)
        return -1;
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The escape at scan->p (a backslash): checked and passed over. */
static int scan_escape(struct scan *scan)
{
    const char *const p = scan->p;
    if (scan->end - p < 2)
        return refuse(scan, "not JSON: the line ends within a string");
    if (p[1] != 'u') {
        if (p[1] == '\0' || strchr("\"\\/bfnrt", p[1]) == NULL)
            return refuse(scan, "not JSON: invalid escape");
        scan->p += 2;
        return 0;
    }
    const int unit = hex4(p + 2, scan->end);
    if (unit < 0)
        return refuse(scan, "not JSON: \\u without four hexadecimal digits");
    if (unit == 0)
        return refuse(scan, "the escape \\u0000, a NUL");
    if (unit >= 0xdc00 && unit <= 0xdfff)
        return refuse(scan, "half of a surrogate pair");
    if (unit >= 0xd800 && unit <= 0xdbff) {
        const int second = scan->end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, scan->end) : -1;
        if (second < 0xdc00 || second > 0xdfff)
            return refuse(scan, "half of a surrogate pair");
        scan->p += 6;
    }
    scan->p += 6;
    return 0;
}

/* The string at scan->p (its quote): checked and passed over. */
static int scan_string(struct scan *scan, bool *escaped)
{
    *escaped = false;
    scan->p++;
    while (scan->p < scan->end) {
        const unsigned char c = (unsigned char)*scan->p;
        if (c == '"') {
            scan->p++;
            return 0;
        }
        if (c == '\\') {
            *escaped = true;
            if (scan_escape(scan) != 0)
                return -1;
        } else if (c == 0) {
            return refuse(scan, "a NUL byte");
        } else if (c < 0x20) {
            return error_set(scan->error, EXIT_INPUT, "not JSON: control byte 0x%02x within a string, at byte %zu", c,
                             at(scan));
        } else if (c < 0x80) {
            scan->p++;
        } else {
            const size_t length = utf8_length((const unsigned char *)scan->p, (size_t)(scan->end - scan->p));
            if (length == 0)
                return refuse(scan, "not UTF-8");
            scan->p += length;
        }
    }
    return refuse(scan, "not JSON: the line ends within a string");
}

static bool is_digit(const struct scan *scan)
{
    return scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9';
}

static int scan_digits(struct scan *scan)
{
    if (!is_digit(scan))
        return unexpected(scan, "a digit");
    while (is_digit(scan))
        scan->p++;
    return 0;
}

static int scan_number(struct scan *scan, uint8_t *whole)
{
    const char *const start = scan->p;
    *whole = 0;
    const bool negative = *scan->p == '-';
    if (negative)
        scan->p++;
    const char *const digits = scan->p;
    if (scan_digits(scan) != 0)
        return -1;
    if (*digits == '0' && scan->p - digits > 1) {
        scan->p = digits;
        return refuse(scan, "not JSON: a number with a leading zero");
    }
    const ptrdiff_t before = scan->p - start;
    if (scan->p < scan->end && *scan->p == '.') {
        scan->p++;
        if (scan_digits(scan) != 0)
            return -1;
    }
    if (scan->p < scan->end && (*scan->p == 'e' || *scan->p == 'E')) {
        scan->p++;
        if (scan->p < scan->end && (*scan->p == '+' || *scan->p == '-'))
            scan->p++;
        return scan_digits(scan);
    }
    if (!negative && scan->p - start <= 16)
        *whole = (uint8_t)before;
    return 0;
}

static int scan_word(struct scan *scan, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(scan->end - scan->p) < length || memcmp(scan->p, word, length) != 0)
        return unexpected(scan, "a value");
    scan->p += length;
    return 0;
}

static struct str between(const char *from, const char *to)
{
    return (struct str){from, (size_t)(to - from)};
}

/* Are two keys the same once decoded? Each is a quoted string that has been checked. */
static bool key_equal(struct str a, bool a_escaped, struct str b, bool b_escaped)
{
    if (!a_escaped && !b_escaped)
        return str_equal(a, b);
    const char *p = a.p, *q = b.p;
    while (p < a.p + a.n && q < b.p + b.n) {
        char x[4], y[4];
        const size_t n = text_unit(&p, x), m = text_unit(&q, y);
        if (n != m || memcmp(x, y, n) != 0)
            return false;
    }
    return p == a.p + a.n && q == b.p + b.n;
}

static uint32_t key_hash(const struct scan *scan, uint32_t object, struct str key)
{
    uint32_t hash = scan->seed ^ object;
    for (const char *p = key.p; p < key.p + key.n;) {
        char unit[4];
        const size_t n = text_unit(&p, unit);
        for (size_t i = 0; i < n; i++)
            hash = (hash ^ (unsigned char)unit[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static struct str key_at(const struct scan *scan, uint32_t offset)
{
    const char *p = scan->line + offset;
    while (*p != '"')
        p += *p == '\\' ? 2 : 1;
    return between(scan->line + offset, p);
}

static void nested_insert(struct nested_key *slot, uint32_t slots, uint32_t hash, struct nested_key entry)
{
    uint32_t i = hash & (slots - 1);
    while (slot[i].object != 0)
        i = (i + 1) & (slots - 1);
    slot[i] = entry;
}

static int nested_grow(struct scan *scan)
{
    const uint32_t slots = scan->slots == 0 ? 64 : scan->slots * 2;
    const size_t old_bytes = scan->slots * sizeof(struct nested_key);
    struct nested_key *old = old_bytes == 0 ? NULL : malloc(old_bytes);
    if (old_bytes > 0 && old == NULL)
        return error_memory(scan->error);
    if (old != NULL)
        memcpy(old, scan->scratch->p, old_bytes);
    if (buf_reserve(scan->scratch, slots * sizeof(struct nested_key)) == NULL) {
        free(old);
        return buf_check(scan->scratch, scan->error);
    }
    struct nested_key *slot = (struct nested_key *)(void *)scan->scratch->p;
    memset(slot, 0, slots * sizeof *slot);
    for (uint32_t i = 0; old != NULL && i < scan->slots; i++)
        if (old[i].object != 0)
            nested_insert(slot, slots, key_hash(scan, old[i].object, key_at(scan, old[i].key)), old[i]);
    free(old);
    scan->slots = slots;
    return 0;
}

static int key_twice(struct scan *scan, struct str key)
{
    return error_set(scan->error, EXIT_INPUT, "key '%.*s' twice, at byte %zu", (int)(key.n < 64 ? key.n : 64), key.p,
                     (size_t)(key.p - scan->line));
}

/* Remember a key of the nested object that starts at `object`; refuses one that is there already. */
static int nested_add(struct scan *scan, uint32_t object, struct str key)
{
    if (scan->keys >= scan->slots / 2 && nested_grow(scan) != 0)
        return -1;
    if (++scan->keys > NESTED_KEYS_MAX)
        return error_set(scan->error, EXIT_INPUT, "more than %d keys in nested objects", NESTED_KEYS_MAX);
    struct nested_key *slot = (struct nested_key *)(void *)scan->scratch->p;
    require(slot != NULL);
    const uint32_t hash = key_hash(scan, object, key);
    for (uint32_t i = hash & (scan->slots - 1); slot[i].object != 0; i = (i + 1) & (scan->slots - 1))
        if (slot[i].object == object && key_equal(key_at(scan, slot[i].key), true, key, true))
            return key_twice(scan, key);
    nested_insert(slot, scan->slots, hash, (struct nested_key){object, (uint32_t)(key.p - scan->line)});
    return 0;
}

/* A key and its colon: scan->p is at the quote; ends at the value. */
static int scan_key(struct scan *scan, struct str *key, bool *escaped)
{
    if (scan->p == scan->end || *scan->p != '"')
        return unexpected(scan, "a key");
    const char *const start = scan->p + 1;
    if (scan_string(scan, escaped) != 0)
        return -1;
    *key = between(start, scan->p - 1);
    skip_space(scan);
    if (scan->p == scan->end || *scan->p != ':')
        return unexpected(scan, "':'");
    scan->p++;
    skip_space(scan);
    return 0;
}

/* After a member: true and past the comma when another follows, false and past the bracket at the end. */
static int scan_more(struct scan *scan, char bracket)
{
    skip_space(scan);
    if (scan->p < scan->end && *scan->p == ',') {
        scan->p++;
        skip_space(scan);
        return 1;
    }
    if (scan->p < scan->end && *scan->p == bracket) {
        scan->p++;
        return 0;
    }
    return unexpected(scan, bracket == '}' ? "',' or '}'" : "',' or ']'");
}

static int scan_value(struct scan *scan, struct field *field, int depth);

static int scan_nested(struct scan *scan, int depth)
{
    const bool object = *scan->p == '{';
    const uint32_t start = (uint32_t)(scan->p - scan->line);
    const char bracket = object ? '}' : ']';
    if (depth > RECORD_DEPTH_MAX)
        return refuse(scan, "nested deeper than 64");
    scan->p++;
    skip_space(scan);
    if (scan->p < scan->end && *scan->p == bracket) {
        scan->p++;
        return 0;
    }
    for (;;) {
        struct field member = {.key = {"", 0}};
        if (object && (scan_key(scan, &member.key, &member.escaped) != 0 || nested_add(scan, start, member.key) != 0))
            return -1;
        if (scan_value(scan, &member, depth) != 0)
            return -1;
        const int more = scan_more(scan, bracket);
        if (more <= 0)
            return more;
    }
}

static int scan_value(struct scan *scan, struct field *field, int depth)
{
    const char *const start = scan->p;
    field->escaped = false;
    field->whole = 0;
    int result;
    switch (scan->p < scan->end ? *scan->p : '\0') {
    case '"':
        field->kind = VALUE_STRING;
        result = scan_string(scan, &field->escaped);
        break;
    case '{':
        field->kind = VALUE_OBJECT;
        result = scan_nested(scan, depth + 1);
        break;
    case '[':
        field->kind = VALUE_ARRAY;
        result = scan_nested(scan, depth + 1);
        break;
    case 't':
        field->kind = VALUE_TRUE;
        result = scan_word(scan, "true");
        break;
    case 'f':
        field->kind = VALUE_FALSE;
        result = scan_word(scan, "false");
        break;
    case 'n':
        field->kind = VALUE_NULL;
        result = scan_word(scan, "null");
        break;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        field->kind = VALUE_NUMBER;
        result = scan_number(scan, &field->whole);
        break;
    default:
        return unexpected(scan, "a value");
    }
    field->value = between(start, scan->p);
    return result;
}

/* A key written with escapes must not hide the name of a field: one whose text is plain ASCII needed none. */
static bool key_hides(struct str key)
{
    for (const char *p = key.p; p < key.p + key.n;) {
        char unit[4];
        if (text_unit(&p, unit) > 1 || unit[0] < 0x20 || unit[0] > 0x7e || unit[0] == '"' || unit[0] == '\\')
            return false;
    }
    return true;
}

static int check_key(struct scan *scan, const struct record *record, const bool *escapes)
{
    const struct str key = record->field[record->fields].key;
    const bool escaped = escapes[record->fields];
    if (escaped && key_hides(key))
        return error_set(scan->error, EXIT_INPUT, "key '%.*s' is written with unnecessary escapes",
                         (int)(key.n < 64 ? key.n : 64), key.p);
    for (int i = 0; i < record->fields; i++)
        if (key_equal(record->field[i].key, escapes[i], key, escaped))
            return key_twice(scan, key);
    return 0;
}

/* The fields of the outer object, and nothing after it. */
static int scan_fields(struct scan *scan, struct record *record)
{
    bool escapes[RECORD_FIELD_MAX] = {false};
    skip_space(scan);
    if (scan->p < scan->end && *scan->p == '}')
        scan->p++;
    else
        for (;;) {
            if (record->fields == RECORD_FIELD_MAX)
                return error_set(scan->error, EXIT_INPUT, "more than %d fields", RECORD_FIELD_MAX);
            struct field *field = &record->field[record->fields];
            if (scan_key(scan, &field->key, &escapes[record->fields]) != 0 || check_key(scan, record, escapes) != 0 ||
                scan_value(scan, field, 1) != 0)
                return -1;
            record->fields++;
            const int more = scan_more(scan, '}');
            if (more < 0)
                return -1;
            if (more == 0)
                break;
        }
    skip_space(scan);
    return scan->p == scan->end ? 0 : unexpected(scan, "the end of the line");
}

static int find_type(struct record *record, struct error *error)
{
    const struct field *field = record_field(record, "type");
    if (field == NULL)
        return error_set(error, EXIT_INPUT, "no field 'type'");
    if (field->kind != VALUE_STRING || field->escaped || field->value.n < 3 || field->value.n > 66)
        return error_set(error, EXIT_INPUT, "field 'type' is not a word");
    record->type_text = (struct str){field->value.p + 1, field->value.n - 2};
    record->type = schema_type(record->type_text);
    return 0;
}

int record_scan(struct record *record, const char *line, size_t length, struct error *error)
{
    record->line = (struct str){line, length};
    record->fields = 0;
    record->type = RECORD_UNKNOWN;
    record->layout = NULL;
    buf_reset(record->scratch);
    if (length > RECORD_LINE_MAX)
        return error_set(error, EXIT_INPUT, "longer than %d bytes", RECORD_LINE_MAX);
    /* The place of the scratch buffer, which differs from run to run, keeps prepared keys from all meeting in one slot.
     */
    const uint32_t seed = 2166136261u ^ (uint32_t)((uintptr_t)record->scratch >> 4);
    struct scan scan = {line, line, line + length, record->scratch, 0, 0, seed, error};
    if (length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
        return error_set(error, EXIT_INPUT, "starts with a byte order mark");
    skip_space(&scan);
    if (scan.p == scan.end)
        return error_set(error, EXIT_INPUT, "an empty line");
    if (*scan.p != '{')
        return unexpected(&scan, "'{'");
    scan.p++;
    const int result = scan_fields(&scan, record);
    buf_reset(record->scratch);
    return result != 0 ? -1 : find_type(record, error);
}

bool scan_bare(struct field *field)
{
    struct error ignored = {0};
    const char *const p = field->value.p;
    const size_t length = field->value.n;
    if (length == 0 || *p == '"' || *p == '{' || *p == '[')
        return false;
    struct scan scan = {.line = p, .p = p, .end = p + length, .error = &ignored};
    return scan_value(&scan, field, 1) == 0 && field->value.n == length;
}

const struct field *record_find(const struct record *record, const char *key, size_t length)
{
    for (int i = 0; i < record->fields; i++) {
        const struct str *own = &record->field[i].key;
        if (own->n == length && (length == 0 || (own->p[0] == key[0] && memcmp(own->p, key, length) == 0)))
            return &record->field[i];
    }
    return NULL;
}
