/* The inside of the parser: what the grammar of records (parse.c) and that of bars (series.c) share. */
#ifndef TN_EXPR_PARSER_H
#define TN_EXPR_PARSER_H

#include "expr/lexer.h"

struct scope;

struct parser {
    struct expr *expr;
    const struct scope *scope; /* NULL: fields of records; else bars, and these names */
    struct token token;        /* the one to be looked at next */
    size_t strings;            /* bytes used of expr->strings */
    int depth;
    struct error *error;
};

/* Each returns -1 or NULL with the error set, placed in the text. */
int parser_refuse(struct parser *parser, size_t at);
int parser_advance(struct parser *parser);
struct node *parser_unexpected(struct parser *parser, const char *wanted);
struct node *parser_node(struct parser *parser, enum operation operation, enum value_type type, size_t at, size_t end);
int parser_want(struct parser *parser, const struct node *node, enum value_type type);
struct node *parser_or(struct parser *parser);  /* the loosest: any expression */
struct node *parser_sum(struct parser *parser); /* one side of a comparison */
bool parser_at_word(const struct parser *parser, const char *word);
/* The text of an expression; `question`: it must be answerable by yes or no. */
struct expr *parser_parse(const char *text, const struct scope *scope, bool question, struct error *error);

/* series.c */
struct node *series_name(struct parser *parser, struct str name, size_t at);
struct node *series_postfix(struct parser *parser, struct node *node);
struct node *series_comparison(struct parser *parser, struct node *node);
struct node *series_if(struct parser *parser);

#endif
