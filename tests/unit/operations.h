/* A unit test that can also serve as a calculator: given the word `operations`, it answers one line per line of
 * standard input, for tests/cli/arithmetic.py to compare with Python's arithmetic. */
#ifndef TN_TESTS_OPERATIONS_H
#define TN_TESTS_OPERATIONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `answer` writes the answer to a line (its LF taken off) into `out`. */
static inline int operations_serve(void (*answer)(char *line, char *out, size_t size))
{
    static char line[1 << 16], out[1 << 16];
    static char in_buffer[1 << 20], out_buffer[1 << 20];
    (void)setvbuf(stdin, in_buffer, _IOFBF, sizeof in_buffer);
    (void)setvbuf(stdout, out_buffer, _IOFBF, sizeof out_buffer);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        answer(line, out, sizeof out);
        (void)puts(out);
    }
    return fflush(stdout) != 0 || ferror(stdin);
}

#endif
