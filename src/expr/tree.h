/* The syntax tree of an expression: what the parser makes, and what two back ends work on: expr.c asks a record
 * (--where), program.c runs over columns of bars (rules). Constants are values: exact decimals where they fit. */
#ifndef TN_EXPR_TREE_H
#define TN_EXPR_TREE_H

#include "base/dec.h"
#include "base/str.h"
#include "expr/expr.h"
#include "expr/known.h"
#include "indicator/indicator.h"

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
    /* over bars only (series.h) */
    OP_BARS,       /* a column of the bars: node->column */
    OP_INDICATOR,  /* node->use; its source, when it is an expression, is `first` */
    OP_HISTORY,    /* first, node->count bars ago */
    OP_CROSSES,    /* node->direction 1: above, -1: below, 0: either */
    OP_WITHIN,     /* first held on one of the last node->count bars */
    OP_IF,         /* first ? second : third */
    OP_WINDOW,     /* node->window over the last node->count bars of first */
    OP_SINCE,      /* bars since first held */
    OP_VALUE_WHEN, /* second, when first held the last time but node->count */
    OP_COALESCE,
    OP_PLAIN, /* node->plain */
    OP_SAME,  /* another tree: node->same */
    OP_AT,    /* first, over the coarser bars of node->interval */
    OP_OF,    /* first, over the bars of another symbol: node->name */
    OP_KNOWN, /* what node->known says of node->name, for a period of node->count */
};

enum bar_column {
    BARS_OPEN,
    BARS_HIGH,
    BARS_LOW,
    BARS_CLOSE,
    BARS_VOLUME,
    BARS_WEEKDAY,
    BARS_MONTH,
    BARS_DAY,
    BARS_SINCE_OPEN,
    BARS_TO_CLOSE
};
enum window { WINDOW_HIGHEST, WINDOW_LOWEST, WINDOW_COUNT, WINDOW_ANY, WINDOW_ALL, WINDOW_RISING, WINDOW_FALLING };
enum plain { PLAIN_ABS, PLAIN_SIGN, PLAIN_FLOOR, PLAIN_CEIL, PLAIN_SQRT, PLAIN_LOG, PLAIN_EXP, PLAIN_MAX, PLAIN_MIN };

/* A field that no record was asked for yet, and one that none had. */
enum { SEEN_NEVER_ASKED = -1, SEEN_NOWHERE = -2 };

struct node {
    enum operation op;
    enum value_type type; /* what it gives, as far as parsing can tell */
    struct node *first;   /* operand, or first of them */
    struct node *next;    /* the operand after this one */
    size_t at, end;       /* its part of the text, for messages */
    const struct expr *owner;
    struct str name;    /* OP_FIELD, OP_OF, OP_KNOWN; NUL-terminated */
    int seen;           /* OP_FIELD: where the last record had it, or one of SEEN_… */
    bool may_be_absent; /* OP_FIELD: compared with null */
    int arguments;      /* OP_CALL */
    const struct function *function;
    struct value constant;
    union {
        enum bar_column column;
        enum window window;
        enum plain plain;
        enum known_what known;
        int direction;
        int output; /* OP_INDICATOR */
    };
    int64_t count;
    struct interval interval;
    struct indicator_use use;
    const struct node *same;
};

struct expr {
    char *text;
    char *strings; /* names and decoded text constants, each NUL-terminated */
    struct node *node;
    int nodes;
    struct node *root;
};

static inline struct str node_text(const struct node *node)
{
    return (struct str){node->owner->text + node->at, node->end - node->at};
}

/* Arithmetic of constants, known before the run: is it that, and what is it? */
bool node_is_constant(const struct node *node);
void node_fold(const struct node *node, struct value *value);

#endif
