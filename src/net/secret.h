/* Secrets: read from a command or a private file, kept out of everything that is written.
 *
 * A list holds the secrets of one run. Their texts live in memory that is wiped when they go; programs have no cores.
 * Whoever writes something a secret might be in (a trace, the log, a recording, a message) passes it through
 * secrets_blank first. */
#ifndef TN_NET_SECRET_H
#define TN_NET_SECRET_H

#include "base/buf.h"

#define SECRET_NAME_SIZE 33
#define SECRET_SIZE      4096

struct secret {
    char name[SECRET_NAME_SIZE]; /* "key", "secret", "token" … */
    char *text;                  /* owned, NUL-terminated, without control bytes */
};

struct secrets {
    struct secret *list;
    size_t count, capacity;
};

void secrets_init(struct secrets *secrets);
void secrets_clear(struct secrets *secrets); /* wipes */

/* Add a copy. */
int secrets_add(struct secrets *secrets, const char *name, struct str text, struct error *error);
/* The same in place of an older one of that name. */
int secrets_set(struct secrets *secrets, const char *name, struct str text, struct error *error);
/* The text of a name, or NULL. */
const char *secrets_find(const struct secrets *secrets, const char *name);
/* Read what a command or file gave: lines "NAME = TEXT" or "NAME: TEXT" with a name of `names` (separated by spaces);
 * a first line that is none of these is the secret of the first name, the rest of the lines is left alone.
 * EXIT_CREDENTIALS when nothing is there. The message shows nothing of the text. */
int secrets_parse(struct secrets *secrets, const char *names, struct str text, struct error *error);
/* Run a command (split as words_split does, no shell) and parse its first output; it has a minute, for a person may
 * have to unlock something. */
int secrets_command(struct secrets *secrets, const char *names, const char *command, struct error *error);
/* Read a file that only its owner may read (file_check_private). */
int secrets_file(struct secrets *secrets, const char *names, const char *path, struct error *error);

/* Replace every occurrence of every secret by "***": as it is, percent-encoded, and as JSON has it. */
int secrets_blank(const struct secrets *secrets, struct buf *text, struct error *error);
/* The same for an error's text and hint. */
void secrets_blank_error(const struct secrets *secrets, struct error *error);

#endif
