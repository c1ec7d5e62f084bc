/* What parser and evaluation share: values and the nodes of the tree. */
#ifndef TN_EXPR_INTERNAL_H
#define TN_EXPR_INTERNAL_H

#include "base/dec.h"
#include "base/str.h"
#include "expr/expr.h"

#include <stdint.h>

enum value_type {
    TYPE_NULL,
    TYPE_TRUTH,
    TYPE_NUMBER,
    TYPE_TEXT,
    TYPE_OBJECT,
    TYPE_ARRAY,
    TYPE_ANY, /* while parsing: a field, whose type the record will tell */
};

/* `moment` of a text nobody has tried to read as a time. */
#define MOMENT_UNREAD (INT64_MIN + 1)

struct value {
    enum value_type type;
    bool exact; /* a number: `decimal` holds it, else `number` */
    union {
        dec decimal;
        double number;
        bool truth;
        struct str text;
    };
    int64_t moment; /* a text as a time: ns UTC, TIME_NONE when it is none, or MOMENT_UNREAD */
};

/* The words of the language for a type: "a number". */
const char *value_type_words(enum value_type type);
/* Whole number text into a value: exact when it fits. */
int value_read_number(struct value *value, struct str text, struct error *error);
double value_as_double(const struct value *number);
int value_compare_numbers(const struct value *a, const struct value *b); /* -1, 0, 1 */
/* As moments when both are times, else by bytes. */
int value_compare_texts(const struct value *a, const struct value *b);
/* The text's moment, TIME_NONE when it is no RFC 3339 time or date. */
int64_t value_moment(struct str text);
bool value_looks_like_date(struct str text); /* starts with NNNN-NN-NN */

/* Arithmetic on two numbers: exact when the result is a decimal that fits, else as doubles; null when not defined. */
void value_add(struct value *result, const struct value *a, const struct value *b);
void value_subtract(struct value *result, const struct value *a, const struct value *b);
void value_multiply(struct value *result, const struct value *a, const struct value *b);
void value_divide(struct value *result, const struct value *a, const struct value *b);
void value_remainder(struct value *result, const struct value *a, const struct value *b); /* has the sign of a */
void value_negate(struct value *result, const struct value *a);

#define EXPR_ARGUMENTS_MAX 8

/* A function of numbers. It is not called when an argument is null: then it is null. */
struct function {
    const char *name;
    int low, high; /* how many arguments; high at most EXPR_ARGUMENTS_MAX */
    void (*call)(struct value *result, const struct value *argument, int arguments);
};

extern const struct function function_table[];
extern const int function_count;

enum operation {
    /* answer yes, no or null */
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_EQUAL,
    OP_DIFFERENT,
    OP_LESS,
    OP_AT_MOST,
    OP_MORE,
    OP_AT_LEAST,
    OP_IS_NULL,
    OP_IS_KNOWN,
    /* give any value */
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_NEGATE,
    OP_CALL,
    OP_FIELD,
    OP_CONSTANT,
};

/* A field that no record was asked for yet, and one that none had. */
enum { SEEN_NEVER_ASKED = -1, SEEN_NOWHERE = -2 };

struct node {
    enum operation op;
    enum value_type type; /* what it gives, as far as parsing can tell */
    struct node *first;   /* operand, or first of them */
    struct node *next;    /* the operand after this one */
    size_t at, end;       /* its part of the text, for messages */
    struct str name;      /* OP_FIELD; NUL-terminated */
    int seen;             /* OP_FIELD: where the last record had it, or one of SEEN_… */
    bool may_be_absent;   /* OP_FIELD: compared with null */
    int arguments;        /* OP_CALL */
    const struct function *function;
    struct value constant;
};

struct expr {
    char *text;
    char *strings; /* names and decoded text constants, each NUL-terminated */
    struct node *node;
    int nodes;
    struct node *root;
};

#endif
