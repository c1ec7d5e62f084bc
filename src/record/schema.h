/* The record types as tables: what the generic reader and writer, and the test of tn-records(5), go by. */
#ifndef TN_RECORD_SCHEMA_H
#define TN_RECORD_SCHEMA_H

#include "record/types.h"

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
    MEMBER_LEGS,     /* the legs of an order */
};

enum {
    MEMBER_REQUIRED = 1, /* reading refuses a record without it */
    MEMBER_POSITIVE = 2, /* numbers: > 0 */
    MEMBER_NATURAL = 4,  /* numbers: >= 0 */
    MEMBER_ALWAYS = 8,   /* integers: written even when 0 */
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
};

#define SCHEMA_MEMBERS_MAX 32

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
/* What the fields must fulfil together: high >= low, a limit order has its limit. Used on what was read. */
int record_check(enum record_type type, void *value, struct error *error);

#endif
