/* How the lists of members are read: M(T, KIND, name, flags, more) names one, AS(T, KIND, name, "wire name", flags,
 * more) one whose name on the wire is no good name in C. `more` is the size of a TEXT and the words of a WORD; T is
 * whatever the reader of the list passes.
 *
 * A list is in the order the members are written. Its struct has the same members in the same order (STRUCT_MEMBER);
 * the tables of schema.h come from it too, so the two cannot differ. */
#ifndef TN_RECORD_TYPES_MEMBER_H
#define TN_RECORD_TYPES_MEMBER_H

#include "base/dec.h"
#include "base/str.h"
#include "base/time.h"
#include "record/interval.h"
#include "record/types/words.h"

#define SYMBOL_SIZE   33  /* 1–32 printable ASCII characters, no '/' first, and the NUL */
#define ID_SIZE       65  /* record ids, account and source names */
#define STRATEGY_SIZE 129 /* a strategy instance: name and parameters */
#define KEY_SIZE      129 /* type/interval/time/symbol */
#define WORD_SIZE     9   /* a currency, or another short word */
#define MESSAGE_SIZE  241 /* a sentence of ours */

/* Flags. */
enum {
    NEED = 1,    /* reading refuses a record without it */
    ABOVE = 2,   /* numbers: > 0 */
    NATURAL = 4, /* numbers: >= 0 */
    ALWAYS = 8,  /* integers: written even when 0 */
    ROW = 16,    /* raw text: a column of its table all the same */
};

/* What an event is (journal/kinds.h). */
enum {
    EVENT = 1,
    EVENT_BYTES = 2,        /* without an id: the same bytes are the same event */
    EVENT_COMMON = 4,       /* may concern no account */
    EVENT_OF_ACCOUNT = 8,   /* must say its account */
    EVENT_REPEATS = 16,     /* the first of an id is kept */
    EVENT_AS_IT_CAME = 64,  /* version 0.1.0 took any such record: its fields are not read */
    EVENT_NEEDS_LEDGER = 32 /* changes a ledger, so it must fit to what was before */
};

/* NOLINTBEGIN(bugprone-macro-parentheses): names of members and types take none */
#define STRUCT_SYMBOL(name, ...)        char name[SYMBOL_SIZE];
#define STRUCT_TEXT(name, flags, size)  char name[size];
#define STRUCT_STR(name, ...)           struct str name;
#define STRUCT_DATE(name, ...)          struct str name;
#define STRUCT_OBJECT(name, ...)        struct str name;
#define STRUCT_ARRAY(name, ...)         struct str name;
#define STRUCT_DEC(name, ...)           dec name;
#define STRUCT_DOUBLE(name, ...)        double name;
#define STRUCT_INTEGER(name, ...)       int64_t name;
#define STRUCT_TIME(name, ...)          int64_t name;
#define STRUCT_DAY(name, ...)           int64_t name;
#define STRUCT_INTERVAL(name, ...)      struct interval name;
#define STRUCT_WORD(name, flags, words) enum words name;
#define STRUCT_FLAG(name, ...)          int name;
#define LEGS_MAX                        8
#define STRUCT_LEGS(name, ...)                                                                                         \
    struct leg name[LEGS_MAX];                                                                                         \
    int leg_count;

#define STRUCT_MEMBER(type, kind, name, ...)          STRUCT_##kind(name, __VA_ARGS__)
#define STRUCT_MEMBER_AS(type, kind, name, wire, ...) STRUCT_##kind(name, __VA_ARGS__)
#define RECORD_STRUCT(id, name, type, members, ...)                                                                    \
    struct type {                                                                                                      \
        members(STRUCT_MEMBER, STRUCT_MEMBER_AS, type)                                                                 \
    };
/* NOLINTEND(bugprone-macro-parentheses) */
#define RECORD_NO_STRUCT(...)

#endif
