/* Starts tests/servers/standin.py for a unit test. It ends with our end of its standard input. */
#ifndef TN_TESTS_STANDIN_H
#define TN_TESTS_STANDIN_H

#include "base/spawn.h"
#include "base/time.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A path within the repository, from the place of the test: build/VARIANT/test-NAME. */
static inline const char *repository_path(char path[static PATH_MAX], const char *name)
{
    char self[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    for (int i = 0; i < 3; i++) {
        char *slash = strrchr(self, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    return (size_t)snprintf(path, PATH_MAX, "%s/%s", self, name) < PATH_MAX ? path : "";
}

/* The port, or 0. More arguments (a NULL-terminated list) go to the server, tests/servers/`name`. */
static inline int standin_start_as(struct child *child, const char *name, const char *port_file,
                                   const char *const *more)
{
    char program[PATH_MAX], path[128], text[16] = "";
    (void)snprintf(path, sizeof path, "tests/servers/%s", name);
    const char *argv[16] = {"python3", repository_path(program, path), port_file};
    struct error error;
    error_clear(&error);
    for (int i = 0; more != NULL && more[i] != NULL && i < 12; i++)
        argv[3 + i] = more[i];
    if (child_start(child, argv, NULL, CHILD_INPUT, &error) < 0)
        return 0;
    for (int i = 0; i < 1000; i++) {
        FILE *file = fopen(port_file, "r");
        if (file != NULL) {
            const size_t n = fread(text, 1, sizeof text - 1, file);
            text[n] = '\0';
            (void)fclose(file);
            return (int)strtol(text, NULL, 10);
        }
        usleep(10000);
    }
    return 0;
}

static inline int standin_start(struct child *child, const char *port_file, const char *const *more)
{
    return standin_start_as(child, "standin.py", port_file, more);
}

static inline void standin_stop(struct child *child)
{
    struct error error;
    int status;
    error_clear(&error);
    (void)child_wait(child, time_monotonic() + 2 * TIME_SECOND, &status, &error);
}

#endif
