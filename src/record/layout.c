/* Stage two of the fast path: the walk over the index that expects a shape, and how shapes are learnt. */
#include "record/layout.h"

#include "record/bar.h"

#if defined(__x86_64__)
#include <emmintrin.h>

/* Are the first `length` (1 to 16) bytes the same? Both sides have 16 readable ones. */
static inline bool same_16(const char *a, const char *b, unsigned length)
{
    const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)a);
    const __m128i y = _mm_loadu_si128((const __m128i *)(const void *)b);
    return ((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) | ~0u << length) == ~0u;
}

/* Which of 16 bytes are no digits. */
static inline unsigned no_digits(const char *p)
{
    const __m128i value = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8('0'));
    return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value));
}
#else
static inline bool same_16(const char *a, const char *b, unsigned length)
{
    return memcmp(a, b, length) == 0;
}

static inline unsigned no_digits(const char *p)
{
    unsigned bits = ~0xffffu;
    for (unsigned i = 0; i < 16; i++)
        bits |= (unsigned)(p[i] < '0' || p[i] > '9') << i;
    return bits;
}
#endif

static inline bool lead_is(const struct layout_field *field, const char *at)
{
    unsigned length = field->lead_length;
    const char *lead = field->lead;
    for (; length > 16; length -= 16, lead += 16, at += 16)
        if (!same_16(lead, at, 16))
            return false;
    return same_16(lead, at, length);
}

/* A number or a word that fills the slice. */
static inline bool bare_value(struct field *field, const char *p, size_t length)
{
    field->value = (struct str){p, length};
    if (length - 1 < 16) {
        const unsigned others = no_digits(p) & ((1u << length) - 1);
        const unsigned whole = others == 0 ? (unsigned)length : (unsigned)__builtin_ctz(others);
        const bool plain = others == 0 || ((others & (others - 1)) == 0 && p[whole] == '.' && whole + 1 < length);
        if (plain && (whole == 1 || (whole > 0 && *p != '0'))) {
            field->kind = VALUE_NUMBER;
            field->whole = (uint8_t)whole;
            return true;
        }
    }
    return scan_bare(field);
}

static inline bool take_value(struct field *field, bool string, const char *value, const char *end)
{
    if (!string)
        return bare_value(field, value, (size_t)(end - value));
    field->value = (struct str){value - 1, (size_t)(end - value) + 2};
    return true;
}

/* What every line of a shape has in common. */
static void record_laid_out(struct record *record, const struct layout *layout)
{
    record->layout = layout;
    record->type = layout->type;
    record->type_text = layout->type_text;
    record->fields = layout->fields + 1;
    record->field[0] = (struct field){.key = {layout->field[0].lead + layout->type_at, 4},
                                      .value = {layout->type_text.p - 1, layout->type_text.n + 2},
                                      .kind = VALUE_STRING};
    for (int i = 0; i < layout->fields; i++) {
        const struct layout_field *from = &layout->field[i];
        record->field[i + 1] =
            (struct field){.key = {from->lead + from->key_at, from->key_length}, .kind = VALUE_STRING};
    }
}

static bool layout_scan(const struct layout *layout, struct record *record, const char *block, size_t start,
                        const uint32_t *position)
{
    const char *value = block + start;
    if (!lead_is(&layout->field[0], value))
        return false;
    value += layout->field[0].lead_length;
    const int fields = layout->fields;
    if (record->layout != layout)
        record_laid_out(record, layout);
    struct field *field = &record->field[1];
    for (int i = 1; i < fields; i++, field++) {
        const struct layout_field *const next = &layout->field[i];
        const char *const end = block + position[next->quote] + 1 - next->key_at;
        /* Before the lead is looked at: a quote that comes too early would place it in front of the block. */
        if (end < value || !lead_is(next, end) || !take_value(field, next[-1].string, value, end))
            return false;
        value = end + next->lead_length;
    }
    const char *const end = block + position[layout->quotes] + 1 - layout->tail_length;
    return end >= value && same_16(layout->tail, end, layout->tail_length) &&
           take_value(field, layout->field[fields - 1].string, value, end);
}

bool layouts_scan(struct layouts *layouts, struct record *record, const char *block, size_t start,
                  const uint32_t *position, size_t positions, size_t *length)
{
    const uint8_t expected = layouts->layout[layouts->last].followed_by;
    for (unsigned i = 0; i < SHAPES; i++) {
        const uint8_t at = (uint8_t)((expected + i) % SHAPES);
        const struct layout *layout = &layouts->layout[at];
        if (layout->fields == 0 || layout->quotes >= positions || !layout_scan(layout, record, block, start, position))
            continue;
        *length = position[layout->quotes] - start;
        record->line = (struct str){block + start, *length};
        layouts->layout[layouts->last].followed_by = at;
        layouts->last = at;
        return *length <= RECORD_LINE_MAX;
    }
    return false;
}

/* Text that the index does not mention but for its quotes, and that fits. */
static bool plain_text(const char *p, const char *end, size_t maximum)
{
    if (p >= end || (size_t)(end - p) > maximum)
        return false;
    for (; p < end; p++)
        if ((signed char)*p < 0x20 || *p == '\\')
            return false;
    return true;
}

static bool learn_field(struct layout_field *to, const struct field *from, const char *start)
{
    const bool string = from->kind == VALUE_STRING;
    const char *const end = from->value.p + string;
    if (from->kind == VALUE_OBJECT || from->kind == VALUE_ARRAY || !plain_text(start, end, LAYOUT_LEAD_MAX))
        return false;
    memcpy(to->lead, start, (size_t)(end - start));
    to->lead_length = (uint8_t)(end - start);
    to->key_at = (uint8_t)(from->key.p - start);
    to->key_length = (uint8_t)from->key.n;
    to->string = string;
    return true;
}

static bool learn(struct layout *layout, const struct record *record)
{
    const struct schema *schema = &schema_table[record->type];
    const struct field *field = record->field;
    const int fields = record->fields - 1;
    if (fields < 1 || fields > LAYOUT_FIELDS_MAX || !str_is(field->key, "type") || record->line.p[0] != '{')
        return false;
    layout->quotes = 4;
    const char *start = record->line.p;
    for (int i = 0; i < fields; i++) {
        struct layout_field *const to = &layout->field[i];
        if (!learn_field(to, ++field, start))
            return false;
        to->quote = (uint16_t)layout->quotes;
        to->member = (int8_t)schema_member(schema, field->key);
        if (to->member >= 0)
            layout->place[to->member] = (uint8_t)(i + 1);
        layout->quotes += to->string ? 4 : 2;
        start = field->value.p + field->value.n - to->string;
    }
    const char *const end = record->line.p + record->line.n;
    if (!plain_text(start, end, sizeof layout->tail - 1))
        return false;
    memcpy(layout->tail, start, (size_t)(end - start));
    layout->tail[end - start] = '\n';
    layout->tail_length = (uint8_t)(end - start + 1);
    layout->type = record->type;
    layout->type_at = (uint8_t)(record->field[0].key.p - record->line.p);
    layout->type_text =
        (struct str){layout->field[0].lead + (record->type_text.p - record->line.p), record->type_text.n};
    for (int i = 0; i < schema->members; i++)
        if (layout->place[i] == 0)
            layout->absent[layout->absents++] = (uint8_t)i;
    layout->fields = fields;
    layout->plain_bar = bar_layout_is_plain(layout);
    return true;
}

void layouts_learn(struct layouts *layouts, const struct record *record)
{
    struct layout *const layout = &layouts->layout[layouts->oldest];
    memset(layout, 0, offsetof(struct layout, field));
    layout->followed_by = layouts->oldest;
    if (!learn(layout, record)) {
        layout->fields = 0;
        return;
    }
    if (layouts->most_quotes <= layout->quotes)
        layouts->most_quotes = layout->quotes + 1;
    layouts->layout[layouts->last].followed_by = layouts->oldest;
    layouts->last = layouts->oldest;
    layouts->oldest = (uint8_t)((layouts->oldest + 1) % SHAPES);
}
