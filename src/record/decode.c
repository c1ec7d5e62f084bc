/* Records to C values: the generic reader that goes by the tables, and what a record must fulfil as a whole. */
#include "record/bar.h"
#include "record/layout.h"
#include "record/take.h"

#include "base/num.h"

#include <stdio.h>

static const char *const kind_name[] = {
    [VALUE_STRING] = "a string", [VALUE_NUMBER] = "a number",  [VALUE_TRUE] = "true",      [VALUE_FALSE] = "false",
    [VALUE_NULL] = "null",       [VALUE_OBJECT] = "an object", [VALUE_ARRAY] = "an array",
};

static int wrong_kind(const struct field *field, const char *wanted, struct error *error)
{
    return error_set(error, EXIT_INPUT, "%s, not %s", kind_name[field->kind], wanted);
}

int symbol_check(struct str symbol, struct error *error)
{
    if (symbol.n == 0 || symbol.n >= SYMBOL_SIZE)
        return error_set(error, EXIT_INPUT, "not 1 to %d characters long", SYMBOL_SIZE - 1);
    if (symbol.p[0] == '/')
        return error_set(error, EXIT_INPUT, "a symbol that starts with '/'");
    for (size_t i = 0; i < symbol.n; i++)
        if (symbol.p[i] < 0x20 || symbol.p[i] > 0x7e)
            return error_set(error, EXIT_INPUT, "a character that is not printable ASCII");
    return 0;
}

static int decode_text(const struct record *record, const struct member *member, const struct field *field, char *at,
                       struct error *error)
{
    struct str text;
    if (field->kind != VALUE_STRING)
        return wrong_kind(field, "a string", error);
    if (record_text(record, field, &text, error) != 0)
        return -1;
    if (member->kind == MEMBER_SYMBOL && symbol_check(text, error) != 0)
        return -1;
    if (text.n >= member->size)
        return error_set(error, EXIT_INPUT, "longer than %d bytes", member->size - 1);
    if (text.n == 0 && (member->flags & NEED) != 0)
        return error_set(error, EXIT_INPUT, "empty");
    memcpy(at, text.p, text.n);
    at[text.n] = '\0';
    return 0;
}

static int decode_str(const struct record *record, const struct member *member, const struct field *field,
                      struct str *at, struct error *error)
{
    if (field->kind != VALUE_STRING)
        return wrong_kind(field, "a string", error);
    if (record_text(record, field, at, error) != 0)
        return -1;
    struct date date;
    if (member->kind == MEMBER_DATE && at->n > 0)
        return date_parse(&date, at->p, at->n, error);
    return 0;
}

static int decode_raw(const struct member *member, const struct field *field, struct str *at, struct error *error)
{
    const bool object = member->kind == MEMBER_OBJECT;
    if (field->kind != (object ? VALUE_OBJECT : VALUE_ARRAY))
        return wrong_kind(field, object ? "an object" : "an array", error);
    *at = field->value;
    return 0;
}

static int sign_check(const struct member *member, bool negative, bool zero, struct error *error)
{
    if ((member->flags & ABOVE) != 0 && (negative || zero))
        return error_set(error, EXIT_INPUT, "not above zero");
    if ((member->flags & NATURAL) != 0 && negative)
        return error_set(error, EXIT_INPUT, "below zero");
    return 0;
}

static int decode_number(const struct member *member, const struct field *field, char *at, struct error *error)
{
    if (field->kind != VALUE_NUMBER)
        return wrong_kind(field, "a number", error);
    const struct str text = field->value;
    if (member->kind == MEMBER_DEC) {
        dec value;
        if (dec_parse(&value, text.p, text.n, error) != 0)
            return -1;
        memcpy(at, &value, sizeof value);
        return sign_check(member, value < 0, value == 0, error);
    }
    if (member->kind == MEMBER_DOUBLE) {
        double value;
        if (num_parse(&value, text.p, text.n, error) != 0)
            return -1;
        memcpy(at, &value, sizeof value);
        return sign_check(member, value < 0, value == 0, error);
    }
    char digits[24];
    int64_t value;
    if (text.n >= sizeof digits)
        return error_set(error, EXIT_INPUT, "not a whole number in range");
    memcpy(digits, text.p, text.n);
    digits[text.n] = '\0';
    if (num_parse_int(&value, digits, INT64_MIN + 1, INT64_MAX, error) != 0) {
        error->code = EXIT_INPUT; /* of a line, not of an option */
        return -1;
    }
    memcpy(at, &value, sizeof value);
    return sign_check(member, value < 0, value == 0, error);
}

static int decode_moment(const struct record *record, const struct member *member, const struct field *field, char *at,
                         struct error *error)
{
    struct str text;
    if (field->kind != VALUE_STRING)
        return wrong_kind(field, "a time", error);
    if (record_text(record, field, &text, error) != 0)
        return -1;
    int64_t value;
    if (member->kind == MEMBER_DAY) {
        struct date date;
        if (date_parse(&date, text.p, text.n, error) != 0)
            return -1;
        value = date_to_days(date);
    } else if (time_parse(&value, text.p, text.n, error) != 0) {
        return -1;
    }
    memcpy(at, &value, sizeof value);
    return 0;
}

static int decode_interval(const struct record *record, const struct field *field, char *at, struct error *error)
{
    struct str text;
    struct interval interval;
    if (field->kind != VALUE_STRING)
        return wrong_kind(field, "an interval", error);
    if (record_text(record, field, &text, error) != 0 || interval_parse(&interval, text.p, text.n, error) != 0)
        return -1;
    memcpy(at, &interval, sizeof interval);
    return 0;
}

static int decode_word(const struct record *record, const struct member *member, const struct field *field, char *at,
                       struct error *error)
{
    struct str text;
    if (field->kind != VALUE_STRING)
        return wrong_kind(field, "a word", error);
    if (record_text(record, field, &text, error) != 0)
        return -1;
    for (int i = 1; i < member->words->count; i++)
        if (str_is(text, member->words->word[i])) {
            memcpy(at, &i, sizeof i);
            return 0;
        }
    char list[160] = "";
    size_t n = 0;
    for (int i = 1; i < member->words->count && n < sizeof list; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i == 1 ? "" : " ", member->words->word[i]);
    return error_set(error, EXIT_INPUT, "'%.*s' is not one of: %s", (int)(text.n < 40 ? text.n : 40), text.p, list);
}

static int decode_flag(const struct field *field, char *at, struct error *error)
{
    if (field->kind != VALUE_TRUE && field->kind != VALUE_FALSE)
        return wrong_kind(field, "true or false", error);
    const int value = field->kind == VALUE_TRUE;
    memcpy(at, &value, sizeof value);
    return 0;
}

static int decode_member(const struct record *record, const struct member *member, const struct field *field,
                         void *value, struct error *error);

static int decode_legs(const struct record *record, const struct field *field, struct leg *list, struct error *error)
{
    int *const count = legs_count(list);
    if (field->kind != VALUE_ARRAY)
        return wrong_kind(field, "an array", error);
    struct str legs = field->value;
    struct field leg, part;
    for (*count = 0; raw_next(&legs, &leg); ++*count) {
        if (*count == LEGS_MAX)
            return error_set(error, EXIT_INPUT, "more than %d legs", LEGS_MAX);
        if (leg.kind != VALUE_OBJECT)
            return wrong_kind(&leg, "an object", error);
        struct leg *at = &list[*count];
        *at = leg_blank();
        while (raw_next(&leg.value, &part)) {
            const int index = schema_member(&leg_schema, part.key);
            if (index >= 0 && decode_member(record, &leg_schema.member[index], &part, at, error) != 0)
                return -1;
        }
        if (leg_check(at, error) != 0)
            return -1;
    }
    return 0;
}

static int decode_member(const struct record *record, const struct member *member, const struct field *field,
                         void *value, struct error *error)
{
    char *const at = (char *)value + member->offset;
    int result = 0;
    if (field->kind == VALUE_NULL)
        return 0;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
        result = decode_text(record, member, field, at, error);
        break;
    case MEMBER_STR:
    case MEMBER_DATE:
        result = decode_str(record, member, field, (struct str *)(void *)at, error);
        break;
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        result = decode_raw(member, field, (struct str *)(void *)at, error);
        break;
    case MEMBER_DEC:
    case MEMBER_DOUBLE:
    case MEMBER_INTEGER:
        result = decode_number(member, field, at, error);
        break;
    case MEMBER_TIME:
    case MEMBER_DAY:
        result = decode_moment(record, member, field, at, error);
        break;
    case MEMBER_INTERVAL:
        result = decode_interval(record, field, at, error);
        break;
    case MEMBER_WORD:
        result = decode_word(record, member, field, at, error);
        break;
    case MEMBER_FLAG:
        result = decode_flag(field, at, error);
        break;
    case MEMBER_LEGS:
        result = decode_legs(record, field, (struct leg *)(void *)at, error);
        break;
    }
    if (result != 0)
        error_prefix(error, "field '%s'", member->name);
    return result;
}

static int check_required(const struct schema *schema, uint64_t present, struct error *error)
{
    for (int i = 0; i < schema->members; i++)
        if ((schema->member[i].flags & NEED) != 0 && (present >> i & 1) == 0)
            return error_set(error, EXIT_INPUT, "%s without '%s'", schema->name, schema->member[i].name);
    return 0;
}

/* The members of a line with a shape, in the order of the line: common forms at once, the others as ever. */
static int decode_laid_out(const struct record *record, void *result, struct error *error)
{
    const struct layout *const layout = record->layout;
    const struct schema *const schema = &schema_table[record->type];
    uint64_t nulls = 0;
    memset(result, 0, schema->size);
    for (int i = 0; i < layout->absents; i++)
        member_blank(&schema->member[layout->absent[i]], result);
    const struct field *field = record->field;
    for (int i = 0; i < layout->fields; i++) {
        field++;
        if (layout->field[i].member < 0)
            continue;
        const unsigned index = (unsigned)layout->field[i].member;
        const struct member *const member = &schema->member[index];
        char *const at = (char *)result + member->offset;
        bool taken = false;
        int64_t whole;
        double real;
        struct interval interval;
        switch ((enum member_kind)member->kind) {
        case MEMBER_DEC:
            if ((taken = take_dec(field, &whole) && (whole > 0 || (member->flags & ABOVE) == 0)))
                memcpy(at, &whole, sizeof whole);
            break;
        case MEMBER_DOUBLE:
            if ((taken = take_double(field, &real) && (real > 0 || (member->flags & ABOVE) == 0)))
                memcpy(at, &real, sizeof real);
            break;
        case MEMBER_TIME:
            if ((taken = take_time(field, &whole)))
                memcpy(at, &whole, sizeof whole);
            break;
        case MEMBER_INTERVAL:
            if ((taken = take_interval(field, &interval)))
                memcpy(at, &interval, sizeof interval);
            break;
        case MEMBER_SYMBOL:
            taken = field->kind == VALUE_STRING && field->value.p[1] != '/' && take_text(field, at);
            break;
        case MEMBER_TEXT:
            taken = field->kind == VALUE_STRING && member->size > 32 && take_text(field, at);
            break;
        default:
            break;
        }
        if (taken)
            continue;
        if (field->kind == VALUE_NULL) {
            member_blank(member, result);
            nulls |= UINT64_C(1) << index;
        } else if (decode_member(record, member, field, result, error) != 0) {
            return -1;
        }
    }
    uint64_t missing = nulls;
    for (int i = 0; i < layout->absents; i++)
        missing |= UINT64_C(1) << layout->absent[i];
    return check_required(schema, ~missing, error);
}

int record_decode(const struct record *record, void *result, struct error *error)
{
    const struct schema *schema = &schema_table[record->type];
    require(schema->members > 0);
    if (record->layout != NULL && record->layout->plain_bar && bar_take(record, result))
        return 0;
    if (record->layout != NULL)
        return decode_laid_out(record, result, error) != 0 ? -1 : record_check(record->type, result, error);
    record_blank(record->type, result);
    uint64_t present = 0;
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        const int index = schema_member(schema, field->key);
        if (index < 0)
            continue;
        if (decode_member(record, &schema->member[index], field, result, error) != 0)
            return -1;
        present |= (uint64_t)(field->kind != VALUE_NULL) << index;
    }
    if (check_required(schema, present, error) != 0)
        return -1;
    return record_check(record->type, result, error);
}
