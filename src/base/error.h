/* What went wrong, as a value.
 *
 * Library functions return 0 or a pointer on success and -1 or NULL on failure, and then have filled the `struct error`
 * the caller passed in. Nothing below the programs prints or exits. The first error set stays: a later error_set on the
 * same object is ignored until error_clear, so a cleanup path cannot hide the cause. */
#ifndef TN_BASE_ERROR_H
#define TN_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* The exit codes of every program (tn(7)). An error carries the code its program would end with. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO = 1,          /* nothing matched, a check failed, figures differ */
    EXIT_USAGE = 2,       /* usage or configuration */
    EXIT_INPUT = 3,       /* bad input */
    EXIT_CREDENTIALS = 4, /* credentials or passphrase */
    EXIT_UNAVAILABLE = 5, /* network, server, lock, incomplete upstream: nothing was changed */
    EXIT_REFUSED = 6,     /* a safety gate, a risk limit, a stale price, the kill switch */
    EXIT_REJECTED = 7,    /* the broker said no */
    EXIT_UNKNOWN = 8,     /* outcome unknown: reconcile first */
    EXIT_STATE = 9,       /* state that does not hold together */
    EXIT_SYSTEM = 10,     /* disk, memory, a bug */
};

struct error {
    enum exit_code code; /* EXIT_DONE: no error */
    char text[512];      /* one line, lower case, no full stop, no program name */
    char hint[256];      /* what the user can do; "" for none */
    char excerpt[96];    /* of a text that somebody wrote, the line that is wrong; "": there is none */
    int caret;           /* the place in it, in characters */
    int lines;           /* of how many lines further down in that text it is */
};

/* The more urgent of two exit codes: 8 9 10 7 6 5 4 3 2 1 0. */
enum exit_code exit_worst(enum exit_code a, enum exit_code b);

void error_clear(struct error *error);
bool error_is_set(const struct error *error);

/* Fill `error` unless it is filled already; always returns -1, so that `return error_set(…)` reads well. Control bytes
 * in the text are shown as `?`, so that a message is one line whatever the input was. */
int error_set(struct error *error, enum exit_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for a failed system call: appends ": " and the text of errno; code is EXIT_SYSTEM. */
int error_system(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Out of memory, code EXIT_SYSTEM. */
int error_memory(struct error *error);
void error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shows the place in a line of what somebody wrote, where the error has none yet. */
void error_mark(struct error *error, const char *line, size_t length, int caret);
/* Say what a failure means to the caller. One of the system (memory, a disk) keeps its code. */
void error_recode(struct error *error, enum exit_code code);
/* Put "PREFIX: " before the text: the place where it happened, added on the way up. */
void error_prefix(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* States an invariant of ours. It stays on in release builds: one line on stderr, exit 10, no core. Never for input. */
#define require(condition) ((condition) ? (void)0 : require_failed(#condition, __FILE__, __LINE__))
/* Called before that: puts right what would stay broken, such as a terminal. NULL: nothing. */
extern void (*error_before_bug)(void);
_Noreturn void require_failed(const char *condition, const char *file, int line);

#endif
