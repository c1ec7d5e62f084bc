/* A command line of a setting, split into words without a shell: blanks separate, '…' keeps all, "…" all but a
 * backslash before " or \, a backslash outside quotes keeps the next character. Nothing is expanded. */
#ifndef TN_BASE_WORDS_H
#define TN_BASE_WORDS_H

#include "base/error.h"

/* A NULL-terminated list for words_free; EXIT_USAGE for an open quote, a backslash at the end, or no word at all. */
char **words_split(const char *text, struct error *error);
void words_free(char **words); /* NULL is allowed */

#endif
