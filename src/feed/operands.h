/* Operands of a command that takes names of a kind (strategies, indicators) and files to read, in any order. */
#ifndef TN_FEED_OPERANDS_H
#define TN_FEED_OPERANDS_H

#include "base/command.h"

struct operands {
    char **word, **file; /* NULL-terminated; the arrays are owned, the texts are argv's */
    int words, files;
};

/* Does it name a file? '-' does, and what has a '/', ends in .ndjson, .csv or .zst, or is there and no folder but one
 * of tn-stream record; what ends in .tn or has .tn: in it, rules and their parameters, does not. */
bool operand_is_file(const char *text);
/* Sorts the operands. `is_word`: is this one of the things that there are? What is that and a file is refused; what is
 * neither stays a word, for its reader to say so. `kind`: "strategy", for messages. At least `least` words are needed.
 */
int operands_sort(struct operands *operands, const struct invocation *invocation, bool (*is_word)(const char *text),
                  const char *kind, int least, struct error *error);
void operands_clear(struct operands *operands);

#endif
