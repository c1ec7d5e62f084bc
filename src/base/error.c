/* Errors as values, and the end of the program for broken invariants. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum exit_code exit_worst(enum exit_code a, enum exit_code b)
{
    static const int urgency[] = {0, 1, 2, 3, 4, 5, 6, 7, 10, 9, 8};
    return urgency[a] >= urgency[b] ? a : b;
}

void error_clear(struct error *error)
{
    error->code = EXIT_DONE;
    error->text[0] = '\0';
    error->hint[0] = error->excerpt[0] = '\0';
    error->lines = 0;
}

bool error_is_set(const struct error *error)
{
    return error->code != EXIT_DONE;
}

static void make_one_line(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

int error_set(struct error *error, enum exit_code code, const char *format, ...)
{
    if (error_is_set(error))
        return -1;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    make_one_line(error->text);
    error->hint[0] = error->excerpt[0] = '\0';
    error->lines = 0;
    error->code = code;
    return -1;
}

int error_system(struct error *error, const char *format, ...)
{
    const int cause = errno;
    if (error_is_set(error))
        return -1;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    const size_t used = strlen(error->text);
    /* safe among threads since glibc 2.32; a form of strerror_r that all libraries share does not exist */
    (void)snprintf(error->text + used, sizeof error->text - used, ": %s", strerror(cause));
    make_one_line(error->text);
    error->hint[0] = error->excerpt[0] = '\0';
    error->lines = 0;
    error->code = EXIT_SYSTEM;
    return -1;
}

int error_memory(struct error *error)
{
    return error_set(error, EXIT_SYSTEM, "out of memory");
}

void error_mark(struct error *error, const char *line, size_t length, int caret)
{
    if (error->excerpt[0] != '\0' || length == 0)
        return;
    (void)snprintf(error->excerpt, sizeof error->excerpt, "%.*s", (int)length, line);
    make_one_line(error->excerpt);
    error->caret = caret;
}

void error_recode(struct error *error, enum exit_code code)
{
    if (error->code != EXIT_SYSTEM)
        error->code = code;
}

void error_hint(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
    make_one_line(error->hint);
}

void error_prefix(struct error *error, const char *format, ...)
{
    char text[sizeof error->text];
    memcpy(text, error->text, sizeof text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    const size_t used = strlen(error->text);
    (void)snprintf(error->text + used, sizeof error->text - used, ": %s", text);
    make_one_line(error->text);
}

void (*error_before_bug)(void);

void require_failed(const char *condition, const char *file, int line)
{
    if (error_before_bug != NULL)
        error_before_bug();
    dprintf(STDERR_FILENO, "%s: this is a bug: %s (%s:%d)\n", program_invocation_short_name, condition, file, line);
    _exit(EXIT_SYSTEM);
}
