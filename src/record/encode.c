/* C values to records: the writer that goes by the tables. It writes at a pointer into room reserved once a record;
 * only text of any length asks for more. */
#include "record/bar.h"
#include "record/put.h"
#include "record/scan.h"

#include <stddef.h>
#include <stdio.h>

/* More than all members of bounded length of any type take, each byte of text six times. */
enum { ROOM = 16384 };

struct writer {
    struct buf *out;
    char *p; /* where to write; NULL when the buffer could not grow */
};

static void room(struct writer *writer)
{
    writer->p = buf_reserve(writer->out, ROOM);
}

static void commit(struct writer *writer)
{
    if (writer->p != NULL) {
        writer->out->n = (size_t)(writer->p - writer->out->p);
        *writer->p = '\0';
    }
}

static void put_lead(struct writer *writer, const struct member *member)
{
    memcpy(writer->p, member->lead, sizeof member->lead);
    writer->p += member->lead_length;
}

static void put_word(struct writer *writer, const char *text)
{
    const size_t length = strlen(text);
    memcpy(writer->p, text, length);
    writer->p += length;
}

static void put_str(struct writer *writer, struct str text, bool raw)
{
    commit(writer);
    if (raw)
        buf_add_str(writer->out, text);
    else
        json_add_string(writer->out, text);
    room(writer);
}

static void put_array(struct writer *writer, const char *text, size_t size)
{
    char *const end = put_text(writer->p, text, size);
    if (end != NULL)
        writer->p = end;
    else
        put_str(writer, (struct str){text, strnlen(text, size)}, false);
}

/* Each of the following writes a member with its lead, unless it is absent. */

static inline void put_text_member(struct writer *writer, const struct member *member, const char *at)
{
    struct str text;
    if (member->kind == MEMBER_SYMBOL || member->kind == MEMBER_TEXT) {
        if (*at == '\0')
            return;
        put_lead(writer, member);
        put_array(writer, at, member->size);
        return;
    }
    memcpy(&text, at, sizeof text);
    if (text.n == 0)
        return;
    put_lead(writer, member);
    put_str(writer, text, member->kind == MEMBER_OBJECT || member->kind == MEMBER_ARRAY);
}

static inline void put_number_member(struct writer *writer, const struct member *member, const char *at)
{
    int64_t whole;
    double real;
    if (member->kind == MEMBER_DOUBLE) {
        memcpy(&real, at, sizeof real);
        if (!isfinite(real))
            return;
        put_lead(writer, member);
        writer->p = put_double(writer->p, real);
        return;
    }
    memcpy(&whole, at, sizeof whole);
    if (member->kind == MEMBER_DEC ? whole == DEC_NONE : whole == 0 && (member->flags & ALWAYS) == 0)
        return;
    put_lead(writer, member);
    if (member->kind == MEMBER_DEC)
        writer->p = put_dec(writer->p, whole);
    else
        writer->p += snprintf(writer->p, DEC_TEXT_MAX, "%lld", (long long)whole);
}

/* The end of a bar is written only where it is not what time and interval say. */
static bool is_usual_end(enum record_type type, const struct member *member, const void *value, int64_t end)
{
    const struct bar *bar = value;
    return type == RECORD_BAR && member->offset == offsetof(struct bar, end) &&
           end == interval_end(bar->interval, bar->time);
}

static inline void put_moment_member(struct writer *writer, enum record_type type, const struct member *member,
                                     const void *value, const char *at)
{
    int64_t moment;
    memcpy(&moment, at, sizeof moment);
    if (moment == TIME_NONE || is_usual_end(type, member, value, moment))
        return;
    put_lead(writer, member);
    if (member->kind == MEMBER_TIME) {
        writer->p = put_time(writer->p, moment);
        return;
    }
    *writer->p++ = '"';
    writer->p += date_format(writer->p, date_from_days(moment));
    *writer->p++ = '"';
}

static inline void put_choice_member(struct writer *writer, const struct member *member, const char *at)
{
    int choice;
    memcpy(&choice, at, sizeof choice);
    if (member->kind == MEMBER_FLAG) {
        if (choice < 0)
            return;
        put_lead(writer, member);
        put_word(writer, choice != 0 ? "true" : "false");
        return;
    }
    if (choice <= 0 || choice >= member->words->count)
        return;
    put_lead(writer, member);
    *writer->p++ = '"';
    put_word(writer, member->words->word[choice]);
    *writer->p++ = '"';
}

static inline void put_interval_member(struct writer *writer, const struct member *member, const char *at)
{
    struct interval interval;
    memcpy(&interval, at, sizeof interval);
    if (interval.unit == INTERVAL_NONE)
        return;
    put_lead(writer, member);
    writer->p = put_interval(writer->p, interval);
}

static void put_legs(struct writer *writer, const struct member *member, const struct leg *legs, int count);

static inline void put_member(struct writer *writer, enum record_type type, const struct member *member,
                              const void *value)
{
    const char *const at = (const char *)value + member->offset;
    if (writer->p == NULL)
        return;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
    case MEMBER_STR:
    case MEMBER_DATE:
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        put_text_member(writer, member, at);
        return;
    case MEMBER_DEC:
    case MEMBER_DOUBLE:
    case MEMBER_INTEGER:
        put_number_member(writer, member, at);
        return;
    case MEMBER_TIME:
    case MEMBER_DAY:
        put_moment_member(writer, type, member, value, at);
        return;
    case MEMBER_INTERVAL:
        put_interval_member(writer, member, at);
        return;
    case MEMBER_WORD:
    case MEMBER_FLAG:
        put_choice_member(writer, member, at);
        return;
    case MEMBER_LEGS:
        put_legs(writer, member, (const struct leg *)(const void *)at,
                 *(const int *)(const void *)(at + LEGS_MAX * sizeof(struct leg)));
        return;
    }
}

static void put_legs(struct writer *writer, const struct member *member, const struct leg *legs, int count)
{
    if (count <= 0)
        return;
    put_lead(writer, member);
    *writer->p++ = '[';
    for (int i = 0; i < count && i < LEGS_MAX; i++) {
        if (i > 0)
            *writer->p++ = ',';
        /* The first member's lead starts with a comma: the brace takes its place. */
        char *const start = writer->p;
        for (int j = 0; j < leg_schema.members; j++)
            put_member(writer, RECORD_UNKNOWN, &leg_schema.member[j], &legs[i]);
        if (writer->p == start)
            writer->p++;
        *start = '{';
        *writer->p++ = '}';
    }
    *writer->p++ = ']';
}

static void put_type(struct writer *writer, const struct schema *schema)
{
    put_word(writer, "{\"type\":\"");
    put_word(writer, schema->name);
    *writer->p++ = '"';
}

static void put_end(struct writer *writer)
{
    if (writer->p == NULL)
        return;
    *writer->p++ = '}';
    *writer->p++ = '\n';
    commit(writer);
}

void record_encode_by_tables(struct buf *out, enum record_type type, const void *value)
{
    const struct schema *schema = &schema_table[type];
    struct writer writer = {.out = out};
    require(schema->members > 0);
    room(&writer);
    if (writer.p == NULL)
        return;
    put_type(&writer, schema);
    for (int i = 0; i < schema->members; i++)
        put_member(&writer, type, &schema->member[i], value);
    put_end(&writer);
}

void record_encode(struct buf *out, enum record_type type, const void *value)
{
    struct writer writer = {.out = out};
    char *end = NULL;
    if (type == RECORD_BAR) {
        room(&writer);
        end = writer.p == NULL ? NULL : bar_put(writer.p, value);
    }
    if (end == NULL) {
        record_encode_by_tables(out, type, value);
        return;
    }
    writer.p = end;
    commit(&writer);
}
