/* The tables of record types, their fields and their words. */
#include "record/schema.h"
#include "record/record.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): names of types and members take none */
#define WORD_TEXT(value, text) , text
#define WORDS(name, absent, list)                                                                                      \
    static const char *const name##_list[] = {"" list(WORD_TEXT)};                                                     \
    static const struct words name##_words = {name##_list, (int)(sizeof name##_list / sizeof name##_list[0])};
ALL_WORDS(WORDS)

#define NO_WORDS(...)          NULL
#define WORDS_OF(flags, words) &words##_words
#define WORDS_OF_SYMBOL        NO_WORDS
#define WORDS_OF_TEXT          NO_WORDS
#define WORDS_OF_STR           NO_WORDS
#define WORDS_OF_DATE          NO_WORDS
#define WORDS_OF_OBJECT        NO_WORDS
#define WORDS_OF_ARRAY         NO_WORDS
#define WORDS_OF_DEC           NO_WORDS
#define WORDS_OF_DOUBLE        NO_WORDS
#define WORDS_OF_INTEGER       NO_WORDS
#define WORDS_OF_TIME          NO_WORDS
#define WORDS_OF_DAY           NO_WORDS
#define WORDS_OF_INTERVAL      NO_WORDS
#define WORDS_OF_WORD          WORDS_OF
#define WORDS_OF_FLAG          NO_WORDS
#define WORDS_OF_LEGS          NO_WORDS
#define FLAGS_OF(flags, ...)   (flags)

#define MEMBER(type, kind_, field, text, ...)                                                                          \
    {                                                                                                                  \
        .name = text,                                                                                                  \
        .words = WORDS_OF_##kind_(__VA_ARGS__),                                                                        \
        .offset = offsetof(struct type, field),                                                                        \
        .size = sizeof(((struct type *)0)->field),                                                                     \
        .kind = MEMBER_##kind_,                                                                                        \
        .flags = FLAGS_OF(__VA_ARGS__, 0),                                                                             \
        .name_length = sizeof(text) - 1,                                                                               \
        .lead = ",\"" text "\":",                                                                                      \
        .lead_length = sizeof(text) + 3,                                                                               \
    },
#define SAME_NAME(type, kind, field, ...) MEMBER(type, kind, field, #field, __VA_ARGS__)
#define MEMBER_LIST(id, name, type, members, ...)                                                                      \
    static const struct member name##_members[] = {members(SAME_NAME, MEMBER, type)};
#define NO_LIST(...)

MEMBER_LIST(LEG, leg, leg, LEG_MEMBERS)
RECORDS(MEMBER_LIST, NO_LIST)

#define TABLE(name_, type)                                                                                             \
    .name = #name_, .member = name_##_members, .members = sizeof name_##_members / sizeof name_##_members[0],          \
    .size = sizeof(struct type)
#define SCHEMA(id, name_, type, members_, ...) [RECORD_##id] = {TABLE(name_, type), .traits = {__VA_ARGS__}},
#define NAME_ONLY(id, name_, ...)              [RECORD_##id] = {.name = #name_, .traits = {__VA_ARGS__}},

const struct schema schema_table[RECORD_TYPES] = {[RECORD_UNKNOWN] = {.name = ""}, RECORDS(SCHEMA, NAME_ONLY)};
const struct schema leg_schema = {TABLE(leg, leg)};

#define LONGEST(id, name, type, members, ...)                                                                          \
    static_assert(sizeof name##_members / sizeof name##_members[0] <= SCHEMA_MEMBERS_MAX, "more members than fit");
RECORDS(LONGEST, NO_LIST)
/* NOLINTEND(bugprone-macro-parentheses) */

enum record_type schema_type(struct str name)
{
    for (int type = RECORD_UNKNOWN + 1; type < RECORD_TYPES; type++)
        if (str_is(name, schema_table[type].name))
            return (enum record_type)type;
    return RECORD_UNKNOWN;
}

int schema_member(const struct schema *schema, struct str name)
{
    for (int i = 0; i < schema->members; i++)
        if (schema->member[i].name_length == name.n && memcmp(schema->member[i].name, name.p, name.n) == 0)
            return i;
    return -1;
}

void member_blank(const struct member *member, void *value)
{
    char *const at = (char *)value + member->offset;
    switch ((enum member_kind)member->kind) {
    case MEMBER_DEC:
    case MEMBER_TIME:
    case MEMBER_DAY:
        memcpy(at, &(int64_t){INT64_MIN}, sizeof(int64_t));
        break;
    case MEMBER_DOUBLE:
        memcpy(at, &(double){NAN}, sizeof(double));
        break;
    case MEMBER_FLAG:
        memcpy(at, &(int){-1}, sizeof(int));
        break;
    default:
        memset(at, 0, member->size);
        break;
    }
}

void record_blank(enum record_type type, void *value)
{
    const struct schema *schema = &schema_table[type];
    memset(value, 0, schema->size);
    for (int i = 0; i < schema->members; i++)
        member_blank(&schema->member[i], value);
}

struct leg leg_blank(void)
{
    struct leg leg = {0};
    for (int i = 0; i < leg_schema.members; i++)
        member_blank(&leg_schema.member[i], &leg);
    return leg;
}

static const char *word(const struct words *words, int value)
{
    return value >= 0 && value < words->count ? words->word[value] : "";
}

/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define TEXT_OF(name, absent, list)                                                                                    \
    const char *name##_text(enum name value)                                                                           \
    {                                                                                                                  \
        return word(&name##_words, (int)value);                                                                        \
    }
ALL_WORDS(TEXT_OF)

const char *record_type_text(enum record_type type)
{
    return (int)type >= 0 && type < RECORD_TYPES ? schema_table[type].name : "";
}

bool record_is_control(enum record_type type)
{
    return schema_table[type].traits.control;
}

bool record_tells_time(enum record_type type)
{
    return type == RECORD_BAR || type == RECORD_ACTION || type == RECORD_SIGNAL || type == RECORD_HEARTBEAT ||
           type == RECORD_SYNC;
}

bool record_is_market(enum record_type type)
{
    return schema_table[type].traits.market;
}
