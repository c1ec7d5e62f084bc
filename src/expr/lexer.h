/* The words and signs of an expression's text. */
#ifndef TN_EXPR_LEXER_H
#define TN_EXPR_LEXER_H

#include "base/error.h"
#include "expr/tree.h"

#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_TEXT, /* with its quotes */
    TOKEN_NAME, /* a field or a function */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_OPEN_HISTORY,  /* [ */
    TOKEN_CLOSE_HISTORY, /* ] */
    TOKEN_AT,            /* @ */
    TOKEN_NULL,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_OPERATOR, /* token.operation says which; `-` is OP_SUBTRACT */
};

struct token {
    enum token_kind kind;
    enum operation operation;
    size_t at, end; /* bytes of the text */
};

/* The token at or after `at`. -1 (EXIT_USAGE) for a character that starts none, a text without its closing quote and
 * signs of other languages, for which the hint names ours. */
int token_next(struct token *token, const char *text, size_t at, struct error *error);
/* "EXPRESSION, column N: " before the error's text; always returns -1. */
int token_place(const char *text, size_t at, struct error *error);
/* For a word that was not expected: the word of the language that may be meant, as hint. */
void token_hint(const char *text, const struct token *token, struct error *error);

#endif
