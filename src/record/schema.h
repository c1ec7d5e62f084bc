/* The record types as tables: what the generic reader and writer, and the test of tn-records(5), go by. */
#ifndef TN_RECORD_SCHEMA_H
#define TN_RECORD_SCHEMA_H

#include "base/buf.h"
#include "record/types.h"

#include <stdbool.h>

enum member_kind {
    MEMBER_SYMBOL,   /* char[SYMBOL_SIZE] */
    MEMBER_TEXT,     /* char[size] */
    MEMBER_STR,      /* struct str, decoded */
    MEMBER_DATE,     /* struct str, "YYYY-MM-DD" */
    MEMBER_OBJECT,   /* struct str, raw */
    MEMBER_ARRAY,    /* struct str, raw */
    MEMBER_DEC,      /* dec */
    MEMBER_DOUBLE,   /* double */
    MEMBER_INTEGER,  /* int64_t, 0 when absent */
    MEMBER_TIME,     /* int64_t */
    MEMBER_DAY,      /* int64_t days since 1970, "YYYY-MM-DD" on the wire */
    MEMBER_INTERVAL, /* struct interval */
    MEMBER_WORD,     /* an enum, by its words */
    MEMBER_FLAG,     /* int: -1, 0, 1 */
    MEMBER_LEGS,     /* struct leg[LEGS_MAX] and their number */
};

struct words {
    const char *const *word; /* by enum value; [0] is "" */
    int count;
};

struct member {
    const char *name;
    const struct words *words; /* MEMBER_WORD */
    uint16_t offset, size;
    uint8_t kind, flags, name_length;
    uint8_t lead_length;
    char lead[32]; /* ,"name": as it is written */
};

struct schema {
    const char *name;
    const struct member *member; /* in the order they are written; NULL: a type that no program here reads or writes */
    int members;
    size_t size; /* of the struct */
    struct traits {
        bool market, control; /* record_is_market, record_is_control */
        uint8_t event;        /* EVENT … of types/member.h; 0: no event */
        const char *key;      /* names of the members that make its key (journal/kinds.h); NULL: its id */
        const char *summary;  /* the template of its words (record_describe); NULL: none */
        /* Its table for queries (journal/derived.h); NULL: none. Its members are the columns, but for raw text. */
        const char *table, *index; /* columns that are looked up by, with a space between */
        const char *more;          /* columns that other events fill, as SQL */
    } traits;
};

#define SCHEMA_MEMBERS_MAX 64

/* By record_type; [RECORD_UNKNOWN] is empty. */
extern const struct schema schema_table[RECORD_TYPES];

/* The members of one leg of an order. */
extern const struct schema leg_schema;

/* The type of a name, RECORD_UNKNOWN when there is none. */
enum record_type schema_type(struct str name);
/* The index of a member, or -1. */
int schema_member(const struct schema *schema, struct str name);
/* Set a member of a record's struct to absent. */
void member_blank(const struct member *member, void *value);
/* Append a member as plain text: decimals, times and words as they are on the wire, without quotes; an object or array
 * in words. Nothing when it is absent. */
void member_add_text(struct buf *out, const struct member *member, const void *value);
/* Append a raw object in words: {"fast":10.2,"trend":{"up":true}} is "fast 10.2, trend (up true)". */
void object_add_words(struct buf *out, struct str object);
/* The same of a bar inside another record: "close 29.49 on 2026-02-27 (open 29.71, high 29.74, low 29.29)". */
void bar_add_words(struct buf *out, struct str object);
/* Append a record in a few words, by the template of its type; false when the type has none.
 *
 * In a template, {name} is a member's text, {a|b} the first of two that is there, {name-x-y} the member unless its text
 * is x or y, {name?yes:no} one of two words for a flag, and [ … ] is left out when a member inside is absent. */
bool record_describe(struct buf *out, enum record_type type, const void *value);
/* What the fields must fulfil together: high >= low, a limit order has its limit. Used on what was read. */
int record_check(enum record_type type, void *value, struct error *error);
/* Can a text be a symbol? */
int symbol_check(struct str symbol, struct error *error);
/* The part of it that an order and a leg share: a trail where there must be one, said in one way. */
int trail_check(const char *type, bool trails, dec amount, dec percent, dec multiple, dec atr, struct error *error);
/* The legs behind a member of that kind: LEGS_MAX of them, and behind these how many there are. */
static inline int *legs_count(struct leg *legs)
{
    return (int *)(void *)(legs + LEGS_MAX);
}
/* Is a leg a stop, a target or an exit at a time, with the prices it needs and no others? */
int leg_check(const struct leg *leg, struct error *error);
/* A leg of which nothing is said. */
struct leg leg_blank(void);

#endif
