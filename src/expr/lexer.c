/* Cuts the text of an expression into tokens. */
#include "expr/lexer.h"

#include "base/command.h"

#include <string.h>

static const struct {
    const char *text;
    enum token_kind kind;
    enum operation operation;
} words[] = {
    {"and", TOKEN_OPERATOR, OP_AND},   {"or", TOKEN_OPERATOR, OP_OR},     {"not", TOKEN_OPERATOR, OP_NOT},
    {"null", TOKEN_NULL, OP_CONSTANT}, {"true", TOKEN_TRUE, OP_CONSTANT}, {"false", TOKEN_FALSE, OP_CONSTANT},
};

/* Longer signs before their beginnings. A sign with a hint is none of ours. */
static const struct {
    const char *text;
    enum token_kind kind;
    enum operation operation;
    const char *instead;
} signs[] = {
    {"===", TOKEN_END, OP_EQUAL, "=="},
    {"!==", TOKEN_END, OP_EQUAL, "!="},
    {"<>", TOKEN_END, OP_EQUAL, "!="},
    {"=>", TOKEN_END, OP_EQUAL, ">="},
    {"=<", TOKEN_END, OP_EQUAL, "<="},
    {"==", TOKEN_OPERATOR, OP_EQUAL, NULL},
    {"!=", TOKEN_OPERATOR, OP_DIFFERENT, NULL},
    {"<=", TOKEN_OPERATOR, OP_AT_MOST, NULL},
    {">=", TOKEN_OPERATOR, OP_AT_LEAST, NULL},
    {"&&", TOKEN_OPERATOR, OP_AND, NULL},
    {"||", TOKEN_OPERATOR, OP_OR, NULL},
    {"=", TOKEN_OPERATOR, OP_EQUAL, NULL},
    {"<", TOKEN_OPERATOR, OP_LESS, NULL},
    {">", TOKEN_OPERATOR, OP_MORE, NULL},
    {"!", TOKEN_OPERATOR, OP_NOT, NULL},
    {"&", TOKEN_END, OP_AND, "and"},
    {"|", TOKEN_END, OP_OR, "or"},
    {"+", TOKEN_OPERATOR, OP_ADD, NULL},
    {"-", TOKEN_OPERATOR, OP_SUBTRACT, NULL},
    {"*", TOKEN_OPERATOR, OP_MULTIPLY, NULL},
    {"/", TOKEN_OPERATOR, OP_DIVIDE, NULL},
    {"%", TOKEN_OPERATOR, OP_REMAINDER, NULL},
    {"(", TOKEN_OPEN, OP_CONSTANT, NULL},
    {")", TOKEN_CLOSE, OP_CONSTANT, NULL},
    {",", TOKEN_COMMA, OP_CONSTANT, NULL},
    {"[", TOKEN_OPEN_HISTORY, OP_CONSTANT, NULL},
    {"]", TOKEN_CLOSE_HISTORY, OP_CONSTANT, NULL},
    {"@", TOKEN_AT, OP_CONSTANT, NULL},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Where a character begins, at this byte or before. */
static size_t character_at(const char *text, size_t at, size_t low)
{
    while (at > low && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

int token_place(const char *text, size_t at, struct error *error)
{
    enum { SHOWN = 60 };
    size_t begin = at, end = at + strcspn(text + at, "\n"), column = 1;
    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    for (size_t i = begin; i < at; i++)
        column += ((unsigned char)text[i] & 0xC0) != 0x80;
    for (size_t i = 0; i < begin && error->excerpt[0] == '\0'; i++)
        error->lines += text[i] == '\n';
    size_t start = begin + strspn(text + begin, " \t"); /* blanks may stand for what is before the expression */
    if (start > at)
        start = at;
    if (end - start > SHOWN && at - start > SHOWN / 2)
        start = at - SHOWN / 2 < end - SHOWN ? at - SHOWN / 2 : end - SHOWN;
    start = character_at(text, start, begin);
    size_t last = end - start > SHOWN ? start + SHOWN : end;
    while (last < end && ((unsigned char)text[last] & 0xC0) == 0x80)
        last++;
    int caret = 0;
    for (size_t i = start; i < at; i++)
        caret += ((unsigned char)text[i] & 0xC0) != 0x80;
    error_mark(error, text + start, last - start, caret);
    error_prefix(error, "%s%.*s%s, column %zu", start > begin + strspn(text + begin, " \t") ? "…" : "",
                 (int)(last - start), text + start, last < end ? "…" : "", column);
    return -1;
}

static int take_text(struct token *token, const char *text, struct error *error)
{
    const char quote = text[token->at];
    size_t at = token->at + 1;
    for (; text[at] != '\0' && text[at] != quote; at++) {
        if (text[at] != '\\')
            continue;
        at++;
        if (text[at] != '\\' && text[at] != '\'' && text[at] != '"') {
            error_set(error, EXIT_USAGE, "a backslash must precede a quote or a backslash");
            return token_place(text, at - 1, error);
        }
    }
    if (text[at] == '\0') {
        error_set(error, EXIT_USAGE, "the text has no closing %c", quote);
        return token_place(text, token->at, error);
    }
    token->kind = TOKEN_TEXT;
    token->end = at + 1;
    return 0;
}

/* As much as a number can be made of; what is wrong with it (01, 1e) is found when it is read. */
static void take_number(struct token *token, const char *text)
{
    size_t at = token->at;
    while (is_digit(text[at]) || text[at] == '.')
        at++;
    if (text[at] == 'e' || text[at] == 'E') {
        at++;
        if (text[at] == '+' || text[at] == '-')
            at++;
        while (is_digit(text[at]))
            at++;
    }
    while (is_letter(text[at]) || is_digit(text[at]))
        at++;
    token->kind = TOKEN_NUMBER;
    token->end = at;
}

/* Letters, digits and '_', and a '.' between them: fields are named bbands_20_2.5_upper too. */
static void take_name(struct token *token, const char *text)
{
    size_t at = token->at;
    while (is_letter(text[at]) || is_digit(text[at]) ||
           (text[at] == '.' && (is_letter(text[at + 1]) || is_digit(text[at + 1]))))
        at++;
    token->kind = TOKEN_NAME;
    token->end = at;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].text) == at - token->at && memcmp(words[i].text, text + token->at, at - token->at) == 0) {
            token->kind = words[i].kind;
            token->operation = words[i].operation;
        }
    }
}

static int take_sign(struct token *token, const char *text, struct error *error)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t length = strlen(signs[i].text);
        if (strncmp(text + token->at, signs[i].text, length) != 0)
            continue;
        if (signs[i].instead != NULL) {
            error_set(error, EXIT_USAGE, "'%s' is not an operator", signs[i].text);
            error_hint(error, "write %s", signs[i].instead);
            return token_place(text, token->at, error);
        }
        token->kind = signs[i].kind;
        token->operation = signs[i].operation;
        token->end = token->at + length;
        return 0;
    }
    size_t length = 1;
    while (((unsigned char)text[token->at + length] & 0xC0) == 0x80)
        length++;
    error_set(error, EXIT_USAGE, "unexpected '%.*s'", (int)length, text + token->at);
    return token_place(text, token->at, error);
}

int token_next(struct token *token, const char *text, size_t at, struct error *error)
{
    while (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')
        at++;
    *token = (struct token){.kind = TOKEN_END, .operation = OP_CONSTANT, .at = at, .end = at};
    const char c = text[at];
    if (c == '\0')
        return 0;
    if (c == '\'' || c == '"')
        return take_text(token, text, error);
    if (is_digit(c) || (c == '.' && is_digit(text[at + 1]))) {
        take_number(token, text);
        return 0;
    }
    if (is_letter(c)) {
        take_name(token, text);
        return 0;
    }
    return take_sign(token, text, error);
}

void token_hint(const char *text, const struct token *token, struct error *error)
{
    char word[32];
    const size_t length = token->end - token->at;
    if (token->kind != TOKEN_NAME || length >= sizeof word)
        return;
    for (size_t i = 0; i < length; i++) {
        const char c = text[token->at + i];
        word[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    word[length] = '\0';
    const char *known[sizeof words / sizeof *words];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        known[i] = words[i].text;
    const char *nearest = nearest_word(word, known, sizeof words / sizeof *words);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
}
