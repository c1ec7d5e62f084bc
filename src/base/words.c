/* A command line of a setting, split into words. */
#include "base/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The word at *p, unquoted into `word`; *p moves past it. -1: not ended. */
static int take_word(const char **p, char *word)
{
    char quote = '\0';
    for (; **p != '\0'; (*p)++) {
        const char c = **p;
        if (quote == '\0' && (c == ' ' || c == '\t'))
            break;
        if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        } else if (c == '\\' && quote != '\'' && (quote == '\0' || (*p)[1] == '"' || (*p)[1] == '\\')) {
            if (*++*p == '\0')
                return -1;
            *word++ = **p;
        } else {
            *word++ = c;
        }
    }
    *word = '\0';
    return quote == '\0' ? 0 : -1;
}

char **words_split(const char *text, struct error *error)
{
    /* A word and its separator are two characters at least. */
    const size_t most = strlen(text) / 2 + 2;
    char **words = calloc(most, sizeof *words);
    if (words == NULL) {
        error_memory(error);
        return NULL;
    }
    size_t count = 0;
    for (;;) {
        text += strspn(text, " \t");
        if (*text == '\0')
            break;
        if ((words[count] = malloc(strlen(text) + 1)) == NULL) {
            error_memory(error);
            goto failed;
        }
        if (take_word(&text, words[count++]) < 0) {
            (void)error_set(error, EXIT_USAGE, "missing closing quote, or a backslash at the end");
            goto failed;
        }
    }
    if (count > 0)
        return words;
    (void)error_set(error, EXIT_USAGE, "no command");
failed:
    words_free(words);
    return NULL;
}

void words_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        free(words[i]);
    free(words);
}

const char *shell_word(char out[static SHELL_WORD_MAX], const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-^";
    const size_t length = strlen(text);
    const bool as_it_is = length > 0 && strspn(text, plain) == length;
    size_t n = 0;
    if (!as_it_is)
        out[n++] = '\'';
    for (size_t i = 0; i < length; i++) {
        const bool quote = text[i] == '\'';
        if (n + 6 > SHELL_WORD_MAX)
            return "…";
        if (quote) {
            memcpy(out + n, "'\\'", 3);
            n += 3;
        }
        out[n++] = text[i];
    }
    if (!as_it_is)
        out[n++] = '\'';
    out[n] = '\0';
    return out;
}
