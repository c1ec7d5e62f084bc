/* C values to records: the generic writer that goes by the tables. */
#include "record/scan.h"

#include <math.h>

static void add_quoted(struct buf *out, const char *text, size_t length)
{
    buf_add_char(out, '"');
    buf_add(out, text, length);
    buf_add_char(out, '"');
}

/* Is the member there? One that is absent is not written. */
static bool member_present(const struct member *member, const char *at, const void *value, enum record_type type)
{
    int64_t whole;
    double real;
    int word;
    struct str text;
    struct interval interval;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
        return *at != '\0';
    case MEMBER_STR:
    case MEMBER_DATE:
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        memcpy(&text, at, sizeof text);
        return text.n > 0;
    case MEMBER_TIME:
        if (type == RECORD_BAR && member->offset == offsetof(struct bar, end)) {
            const struct bar *bar = value;
            return bar->end != TIME_NONE && bar->end != interval_end(bar->interval, bar->time);
        }
        memcpy(&whole, at, sizeof whole);
        return whole != TIME_NONE;
    case MEMBER_DEC:
    case MEMBER_DAY:
        memcpy(&whole, at, sizeof whole);
        return whole != INT64_MIN;
    case MEMBER_INTEGER:
        memcpy(&whole, at, sizeof whole);
        return whole != 0 || (member->flags & MEMBER_ALWAYS) != 0;
    case MEMBER_DOUBLE:
        memcpy(&real, at, sizeof real);
        return isfinite(real);
    case MEMBER_INTERVAL:
        memcpy(&interval, at, sizeof interval);
        return interval.unit != INTERVAL_NONE;
    case MEMBER_WORD:
        memcpy(&word, at, sizeof word);
        return word > 0 && word < member->words->count;
    case MEMBER_FLAG:
        memcpy(&word, at, sizeof word);
        return word >= 0;
    case MEMBER_LEGS:
        return ((const struct order *)value)->leg_count > 0;
    }
    return false;
}

static void encode_value(struct buf *out, const struct member *member, const char *at, const void *value);

static void encode_legs(struct buf *out, const struct order *order)
{
    for (int i = 0; i < order->leg_count; i++) {
        const struct leg *leg = &order->legs[i];
        bool first = true;
        buf_add_text(out, i == 0 ? "[{" : ",{");
        for (int j = 0; j < leg_schema.members; j++) {
            const struct member *member = &leg_schema.member[j];
            const char *at = (const char *)leg + member->offset;
            if (!member_present(member, at, leg, RECORD_UNKNOWN))
                continue;
            buf_add(out, member->lead + first, (size_t)(member->lead_length - first));
            encode_value(out, member, at, leg);
            first = false;
        }
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void encode_value(struct buf *out, const struct member *member, const char *at, const void *value)
{
    char text[64];
    int64_t whole = 0;
    double real;
    int word;
    struct str slice = {NULL, 0};
    struct interval interval;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
        json_add_string(out, str_of(at));
        break;
    case MEMBER_STR:
    case MEMBER_DATE:
        memcpy(&slice, at, sizeof slice);
        json_add_string(out, slice);
        break;
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        memcpy(&slice, at, sizeof slice);
        buf_add_str(out, slice);
        break;
    case MEMBER_DEC:
        memcpy(&whole, at, sizeof whole);
        json_add_dec(out, whole);
        break;
    case MEMBER_DOUBLE:
        memcpy(&real, at, sizeof real);
        json_add_double(out, real);
        break;
    case MEMBER_INTEGER:
        memcpy(&whole, at, sizeof whole);
        buf_printf(out, "%lld", (long long)whole);
        break;
    case MEMBER_TIME:
        memcpy(&whole, at, sizeof whole);
        json_add_time(out, whole);
        break;
    case MEMBER_DAY:
        memcpy(&whole, at, sizeof whole);
        add_quoted(out, text, date_format(text, date_from_days(whole)));
        break;
    case MEMBER_INTERVAL:
        memcpy(&interval, at, sizeof interval);
        add_quoted(out, text, interval_format(text, interval));
        break;
    case MEMBER_WORD:
        memcpy(&word, at, sizeof word);
        add_quoted(out, member->words->word[word], strlen(member->words->word[word]));
        break;
    case MEMBER_FLAG:
        memcpy(&word, at, sizeof word);
        buf_add_text(out, word != 0 ? "true" : "false");
        break;
    case MEMBER_LEGS:
        encode_legs(out, value);
        break;
    }
}

static void encode_member(struct buf *out, enum record_type type, const struct member *member, const void *value)
{
    const char *const at = (const char *)value + member->offset;
    if (!member_present(member, at, value, type))
        return;
    buf_add(out, member->lead, member->lead_length);
    encode_value(out, member, at, value);
}

void record_encode(struct buf *out, enum record_type type, const void *value)
{
    const struct schema *schema = &schema_table[type];
    require(schema->members > 0);
    buf_add_text(out, "{\"type\":\"");
    buf_add_text(out, schema->name);
    buf_add_char(out, '"');
    for (int i = 0; i < schema->members; i++)
        encode_member(out, type, &schema->member[i], value);
    buf_add_text(out, "}\n");
}

void record_encode_over(struct buf *out, const struct record *original, const void *value)
{
    const struct schema *schema = &schema_table[original->type];
    require(schema->members > 0);
    uint32_t written = 0;
    buf_add_text(out, "{\"type\":\"");
    buf_add_text(out, schema->name);
    buf_add_char(out, '"');
    for (int i = 0; i < original->fields; i++) {
        const struct field *field = &original->field[i];
        if (str_is(field->key, "type"))
            continue;
        const int index = schema_member(schema, field->key);
        if (index >= 0) {
            encode_member(out, original->type, &schema->member[index], value);
            written |= UINT32_C(1) << index;
            continue;
        }
        buf_add_text(out, ",\"");
        buf_add_str(out, field->key);
        buf_add_text(out, "\":");
        buf_add_str(out, field->value);
    }
    for (int i = 0; i < schema->members; i++)
        if ((written >> i & 1) == 0)
            encode_member(out, original->type, &schema->member[i], value);
    buf_add_text(out, "}\n");
}
