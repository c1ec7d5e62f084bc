/* Reads a configuration file word by word.
 *
 * Text stands as it is, in '…' or in "…". In "…" a backslash begins an escape as in C, and ${NAME} or ${NAME:-TEXT} is
 * a variable of the environment, as it is where a word begins. Version 0.1.0 read files with libconfuse; what that
 * took, this takes, and means the same. */
#include "base/config_words.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX ((size_t)1 << 20)

void config_words_init(struct config_words *words, const char *path, struct str text)
{
    *words = (struct config_words){.path = path, .p = text.p, .end = text.p + text.n, .at = {1, 1}};
    buf_init(&words->text, TEXT_MAX);
}

void config_words_clear(struct config_words *words)
{
    buf_clear(&words->text);
}

int config_refuse(const struct config_words *words, struct place place, struct error *error, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(error, EXIT_USAGE, "%s:%d:%d: %s", words->path, place.line, place.column, text);
}

/* The byte so many ahead, '\0' behind the end: a file has none itself. */
static char peek(const struct config_words *words, size_t ahead)
{
    return ahead < (size_t)(words->end - words->p) ? words->p[ahead] : '\0';
}

static void step(struct config_words *words, size_t count)
{
    for (; count > 0; count--) {
        const char c = *words->p++;
        if (c == '\n')
            words->at = (struct place){words->at.line + 1, 1};
        else
            words->at.column += ((unsigned char)c & 0xc0) != 0x80;
    }
}

static int not_ended(const struct config_words *words, struct error *error)
{
    return config_refuse(words, words->place, error, "this quote or comment does not end");
}

/* Over blanks and comments. */
static int skip(struct config_words *words, struct error *error)
{
    for (;;) {
        const char c = peek(words, 0);
        words->place = words->at;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            step(words, 1);
        } else if (c == '#' || (c == '/' && peek(words, 1) == '/')) {
            while (words->p < words->end && *words->p != '\n')
                step(words, 1);
        } else if (c == '/' && peek(words, 1) == '*') {
            step(words, 2);
            while (words->p < words->end && !(*words->p == '*' && peek(words, 1) == '/'))
                step(words, 1);
            if (words->p == words->end)
                return not_ended(words, error);
            step(words, 2);
        } else {
            return 0;
        }
    }
}

/* ${NAME} or ${NAME:-TEXT}: adds its value and moves past it; false when this is none. */
static bool take_variable(struct config_words *words)
{
    const char *close =
        peek(words, 0) == '$' && peek(words, 1) == '{' ? memchr(words->p, '}', (size_t)(words->end - words->p)) : NULL;
    if (close == NULL)
        return false;
    const size_t length = (size_t)(close - words->p) - 2;
    char *name = strndup(words->p + 2, length);
    if (name == NULL) {
        words->text.failed = true;
        return true;
    }
    char *standard = strchr(name, ':');
    if (standard != NULL && standard[1] == '-')
        *standard = '\0';
    else
        standard = NULL;
    const char *value = getenv(name);
    if (value == NULL && standard != NULL)
        value = standard + 2;
    buf_add_text(&words->text, value == NULL ? "" : value);
    free(name);
    step(words, length + 3);
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* \101 and \x41. -1 when they are none, or NUL. */
static int take_number(struct config_words *words, struct error *error)
{
    const struct place place = words->at;
    int value = 0, digits = 0;
    if (peek(words, 1) == 'x') {
        while (digits < 2 && hex_digit(peek(words, 2 + (size_t)digits)) >= 0)
            value = 16 * value + hex_digit(peek(words, 2 + (size_t)digits++));
        step(words, 2 + (size_t)digits);
    } else {
        for (char c; (c = peek(words, 1 + (size_t)digits)) >= '0' && c <= '9'; digits++)
            value = c > '7' || digits > 2 ? 256 : 8 * value + (c - '0');
        step(words, 1 + (size_t)digits);
    }
    if (value == 0 || value > 255)
        return config_refuse(words, place, error, "invalid escape sequence");
    buf_add_char(&words->text, (char)value);
    return 0;
}

/* A backslash in "…". */
static int take_escape(struct config_words *words, struct error *error)
{
    static const char letters[] = "abefnrtv", meant[] = "\a\b\033\f\n\r\t\v";
    const char c = peek(words, 1);
    if ((c >= '0' && c <= '9') || (c == 'x' && hex_digit(peek(words, 2)) >= 0))
        return take_number(words, error);
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (c != '\n' && c != '\0') /* an escaped end of line is none */
        buf_add_char(&words->text, letter == NULL ? c : meant[letter - letters]);
    step(words, c == '\0' ? 1 : 2);
    return 0;
}

static int take_quoted(struct config_words *words, char quote, struct error *error)
{
    step(words, 1);
    while (words->p < words->end && *words->p != quote) {
        const char next = peek(words, 1);
        if (quote == '"' && take_variable(words))
            continue;
        if (*words->p != '\\') {
            buf_add_char(&words->text, *words->p);
            step(words, 1);
        } else if (quote == '"') {
            if (take_escape(words, error) != 0)
                return -1;
        } else {
            if (next != '\n' && next != quote && next != '\\')
                buf_add_char(&words->text, '\\');
            step(words, 1);
            if (words->p < words->end) {
                if (next != '\n')
                    buf_add_char(&words->text, next);
                step(words, 1);
            }
        }
    }
    if (words->p == words->end)
        return not_ended(words, error);
    step(words, 1);
    return 0;
}

int config_words_next(struct config_words *words, struct error *error)
{
    static const char signs[] = "{}=,()", ends[] = " \t\r\n{}=,()+\"'#";
    if (skip(words, error) != 0)
        return -1;
    buf_reset(&words->text);
    const char c = peek(words, 0);
    if (words->p == words->end) {
        words->kind = WORD_END;
        return 0;
    }
    words->kind = strchr(signs, c) != NULL || (c == '+' && peek(words, 1) == '=') ? WORD_SIGN : WORD_TEXT;
    words->sign = c;
    if (words->kind == WORD_SIGN) {
        step(words, c == '+' ? 2 : 1);
        return 0;
    }
    if (c == '"' || c == '\'') {
        if (take_quoted(words, c, error) != 0)
            return -1;
    } else if (!take_variable(words)) {
        do { /* of the first, whatever it is */
            buf_add_char(&words->text, *words->p);
            step(words, 1);
        } while (words->p < words->end && strchr(ends, *words->p) == NULL);
    }
    buf_add_text(&words->text, "");
    return buf_check(&words->text, error);
}
