/* What an adapter answers, made into records. */
#include "adapter/convert.h"

#include "base/num.h"
#include "record/schema.h"

#include <math.h>

void converter_init(struct converter *converter, const char *source)
{
    *converter = (struct converter){.source = source};
    buf_init(&converter->scratch, RECORD_LINE_MAX);
}

void converter_clear(struct converter *converter)
{
    zone_free(converter->zone);
    buf_clear(&converter->scratch);
}

/* ---- moments ---- */

/* "1795530600.123" of a unit of so many ns. */
static int count_time(struct str text, int64_t unit, int64_t *time, struct error *error)
{
    int64_t whole = 0, part = 0, size = unit;
    size_t i = 0;
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, text.p[i] - '0', &whole))
            break;
    const bool some = i > 0;
    if (i < text.n && text.p[i] == '.')
        for (i++; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
            size /= 10;
            part += (text.p[i] - '0') * size;
        }
    if (!some || i < text.n || __builtin_mul_overflow(whole, unit, time) || __builtin_add_overflow(*time, part, time))
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' is not a time since 1970", text.n > 40 ? 40 : (int)text.n,
                         text.p);
    return 0;
}

/* "US/Eastern:2026-11-24 19:55:00" */
static int local_time(struct converter *converter, struct str text, int64_t *time, struct error *error)
{
    const char *colon = memchr(text.p, ':', text.n);
    char name[64], moment[32];
    const size_t n = colon == NULL ? 0 : (size_t)(colon - text.p), rest = text.n - n - 1;
    if (n == 0 || n >= sizeof name || rest >= sizeof moment - 1)
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' is not a local time", text.n > 60 ? 60 : (int)text.n,
                         text.p);
    memcpy(name, text.p, n);
    name[n] = '\0';
    memcpy(moment, colon + 1, rest);
    moment[rest] = '\0';
    if (rest > 10) { /* as if it were UTC */
        moment[10] = 'T';
        moment[rest] = 'Z';
        moment[rest + 1] = '\0';
    }
    if (time_parse(time, moment, strlen(moment), error) < 0)
        return -1;
    if (converter->zone == NULL || strcmp(zone_name(converter->zone), name) != 0) {
        zone_free(converter->zone);
        if ((converter->zone = zone_open(name, error)) == NULL) {
            error_recode(error, EXIT_INPUT);
            return -1;
        }
    }
    *time = zone_to_utc(converter->zone, *time);
    return 0;
}

int convert_time(struct converter *converter, struct str text, int64_t *time, struct error *error)
{
    static const struct {
        const char *prefix;
        int64_t unit;
    } units[] = {{"s:", TIME_SECOND}, {"ms:", 1000000}, {"us:", 1000}, {"ns:", 1}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t n = strlen(units[i].prefix);
        if (text.n > n && memcmp(text.p, units[i].prefix, n) == 0)
            return count_time((struct str){text.p + n, text.n - n}, units[i].unit, time, error);
    }
    if (text.n > 6 && memcmp(text.p, "local:", 6) == 0)
        return local_time(converter, (struct str){text.p + 6, text.n - 6}, time, error);
    return time_parse(time, text.p, text.n, error);
}

/* ---- members ---- */

/* The numbers of types that no table describes. */
static bool is_number_name(struct str name)
{
    static const char *const names[] = {"strike",
                                        "multiplier",
                                        "bid",
                                        "ask",
                                        "last",
                                        "volume",
                                        "open_interest",
                                        "delta",
                                        "gamma",
                                        "theta",
                                        "vega",
                                        "rho",
                                        "implied_volatility",
                                        "tick_size",
                                        "lot_size",
                                        "bid_size",
                                        "ask_size",
                                        "value",
                                        "quantity",
                                        "price",
                                        "held",
                                        "score",
                                        "comments",
                                        "likes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static bool is_time_name(struct str name)
{
    return str_is(name, "time") || str_is(name, "published") || str_is(name, "first_seen");
}

static enum member_kind kind_of(const struct schema *schema, struct str name)
{
    const int index = schema->member == NULL ? -1 : schema_member(schema, name);
    if (index >= 0)
        return schema->member[index].kind;
    if (schema->member != NULL)
        return MEMBER_STR;
    return is_time_name(name) ? MEMBER_TIME : is_number_name(name) ? MEMBER_DOUBLE : MEMBER_STR;
}

/* The text of a number: what stands between the quotes, or the number itself. */
static struct str number_text(const struct field *field)
{
    if (field->kind != VALUE_STRING)
        return field->value;
    return (struct str){field->value.p + 1, field->value.n - 2};
}

static int put_dec(struct converter *converter, struct str text, struct buf *line, struct error *error)
{
    dec value = 0;
    bool rounded = false;
    if (dec_parse_rounded(&value, &rounded, text.p, text.n, error) < 0)
        return -1;
    converter->rounded += rounded;
    json_add_dec(line, value);
    return 0;
}

static int put_double(struct str text, struct buf *line, struct error *error)
{
    double value = 0;
    if (num_parse(&value, text.p, text.n, error) < 0)
        return -1;
    json_add_double(line, value);
    return 0;
}

static int put_integer(struct str text, struct buf *line, struct error *error)
{
    dec value = 0;
    if (dec_parse(&value, text.p, text.n, error) < 0)
        return -1;
    if (value % DEC_ONE != 0)
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' is not a whole number", STR_ARG(text));
    json_add_dec(line, value);
    return 0;
}

static int put_time(struct converter *converter, const struct record *from, const struct field *field, struct buf *line,
                    struct error *error)
{
    struct str text = STR("");
    int64_t time = 0;
    if (record_text(from, field, &text, error) < 0 || convert_time(converter, text, &time, error) < 0)
        return -1;
    json_add_time(line, time);
    return 0;
}

static int put_value(struct converter *converter, const struct record *from, const struct field *field,
                     enum member_kind kind, struct buf *line, struct error *error)
{
    const bool figure = field->kind == VALUE_STRING || field->kind == VALUE_NUMBER;
    switch (kind) {
    case MEMBER_DEC:
        if (figure)
            return put_dec(converter, number_text(field), line, error);
        break;
    case MEMBER_DOUBLE:
        if (figure)
            return put_double(number_text(field), line, error);
        break;
    case MEMBER_INTEGER:
        if (figure)
            return put_integer(number_text(field), line, error);
        break;
    case MEMBER_TIME:
        if (field->kind == VALUE_STRING)
            return put_time(converter, from, field, line, error);
        break;
    default:
        break;
    }
    buf_add_str(line, field->value);
    return 0;
}

/* ---- corporate actions ---- */

static bool is_ratio(const struct record *from, const struct field *field)
{
    return from->type == RECORD_ACTION && (str_is(field->key, "new") || str_is(field->key, "old"));
}

static int ratio_part(const struct record *from, const char *name, dec *part, struct error *error)
{
    const struct field *field = record_field(from, name);
    *part = 0;
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    const struct str text = number_text(field);
    return dec_parse(part, text.p, text.n, error);
}

/* 1.5 for 1 is 3 for 2: a split's figures are whole. */
static int put_ratio(const struct record *from, struct buf *line, struct error *error)
{
    dec part[2] = {0, 0};
    if (ratio_part(from, "new", &part[0], error) < 0 || ratio_part(from, "old", &part[1], error) < 0)
        return -1;
    if (part[0] <= 0 || part[1] <= 0)
        return 0; /* the reader of the record says what is missing */
    dec a = part[0], b = part[1];
    while (b != 0) {
        const dec rest = a % b;
        a = b;
        b = rest;
    }
    buf_printf(line, ",\"new\":%lld,\"old\":%lld", (long long)(part[0] / a), (long long)(part[1] / a));
    return 0;
}

/* What the record needs and an adapter may leave out: its moment is its ex-date's, its id is made of what it says. */
static int complete_action(const struct record *from, struct buf *line, struct error *error)
{
    const struct field *ex_date = record_field(from, "ex_date");
    if (put_ratio(from, line, error) < 0)
        return -1;
    if (record_field(from, "time") == NULL && ex_date != NULL && ex_date->kind == VALUE_STRING) {
        buf_add_text(line, ",\"time\":");
        buf_add_str(line, ex_date->value);
    }
    if (record_field(from, "id") == NULL)
        buf_add_text(line, ",\"id\":\"none\"");
    return 0;
}

int convert_record(struct converter *converter, const struct record *from, struct buf *line, struct error *error)
{
    const struct schema *schema = &schema_table[from->type];
    buf_add_text(line, "{\"type\":\"");
    buf_add_str(line, from->type_text);
    buf_add_char(line, '"');
    for (int i = 0; i < from->fields; i++) {
        const struct field *field = &from->field[i];
        if (field->kind == VALUE_NULL || str_is(field->key, "type") || str_is(field->key, "source") ||
            is_ratio(from, field))
            continue;
        buf_add_text(line, ",\"");
        buf_add_str(line, field->key);
        buf_add_text(line, "\":");
        if (put_value(converter, from, field, kind_of(schema, field->key), line, error) < 0) {
            error_prefix(error, "field '" STR_FMT "'", field->key.n > 40 ? 40 : (int)field->key.n, field->key.p);
            return -1;
        }
    }
    if (from->type == RECORD_ACTION && complete_action(from, line, error) < 0)
        return -1;
    if (converter->source != NULL) {
        buf_add_text(line, ",\"source\":");
        json_add_string(line, str_of(converter->source));
    }
    buf_add_text(line, "}\n");
    return buf_check(line, error);
}
