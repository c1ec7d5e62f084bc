/* A command line of a setting, split into words without a shell: blanks separate, '…' keeps all, "…" all but a
 * backslash before " or \, a backslash outside quotes keeps the next character. Nothing is expanded. */
#ifndef TN_BASE_WORDS_H
#define TN_BASE_WORDS_H

#include "base/error.h"

/* A NULL-terminated list for words_free; EXIT_USAGE for an open quote, a backslash at the end, or no word at all. */
char **words_split(const char *text, struct error *error);
void words_free(char **words); /* NULL is allowed */

#define SHELL_WORD_MAX 512

/* A name as a word of a command that a hint offers for copying: as it is, or in '…' where a shell would make something
 * of it. `out` holds it; one that is too long is "…", which names nothing. */
const char *shell_word(char out[static SHELL_WORD_MAX], const char *text);

#endif
