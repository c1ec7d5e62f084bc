/* The Test Anything Protocol for the unit tests: one line a check, a plan at the end.
 *
 *     int main(void) { check(dec_add(&x, 1, 2) == 0, "adds"); return done(); } */
#ifndef TN_TESTS_TAP_H
#define TN_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 3, 4))) static inline bool tap_line(bool passed, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    if (!passed) {
        tap_failed++;
        printf("# failed at line %d\n", line);
    }
    return passed;
}

#define check(condition, ...) tap_line((condition), __LINE__, __VA_ARGS__)

static inline bool tap_text(const char *got, const char *want, int line, const char *name)
{
    const bool same = strcmp(got, want) == 0;
    if (!tap_line(same, line, "%s", name))
        printf("# got  %s\n# want %s\n", got, want);
    return same;
}

#define check_text(got, want, name) tap_text((got), (want), __LINE__, (name))

static inline int done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed > 0 || tap_count == 0;
}

#endif
