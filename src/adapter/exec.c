/* A source as a program of any kind. */
#include "adapter/exec.h"

#include "base/file.h"
#include "base/spawn.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SECRETS_MAX 32768 /* less than a pipe holds, so that writing never waits */

/* A pipe that holds the secrets: its reading end, or -1 when there are none. */
static int open_secrets(const struct secrets *secrets, int *fd, struct error *error)
{
    int pair[2];
    struct buf text;
    *fd = -1;
    if (secrets->count == 0)
        return 0;
    buf_init(&text, SECRETS_MAX);
    if (buf_reserve(&text, SECRETS_MAX / 2) != NULL)
        for (size_t i = 0; i < secrets->count; i++)
            buf_printf(&text, "%s = %s\n", secrets->list[i].name, secrets->list[i].text);
    int result = buf_check(&text, error);
    if (result == 0 && pipe2(pair, O_CLOEXEC) != 0)
        result = error_system(error, "cannot make a pipe");
    if (result == 0) {
        result = fd_write_all(pair[1], "a pipe", text.p, text.n, error);
        (void)close(pair[1]);
        *fd = pair[0];
    }
    if (text.p != NULL)
        explicit_bzero(text.p, text.capacity);
    buf_clear(&text);
    return result;
}

int exec_call(const char *const *argv, const struct secrets *secrets, struct str input, int64_t timeout,
              struct buf *output, struct error *error)
{
    char *path = NULL, *home = NULL;
    int third = -1, status = 0;
    buf_reset(output);
    int result = child_variable(&path, "PATH", "/usr/bin:/bin", error) < 0 ||
                         child_variable(&home, "HOME", "/", error) < 0 || open_secrets(secrets, &third, error) < 0
                     ? -1
                     : 0;
    const char *const environment[] = {path, home, "LANG=C.UTF-8", "TZ=UTC", NULL};
    const struct child_terms terms = {.environment = environment, .third = third, .apart = true};
    if (result == 0)
        result = spawn_run_as(argv, &terms, input, timeout, output, NULL, &status, error);
    if (result == 0 && status != 0)
        result = error_set(error, EXIT_UNAVAILABLE, "'%s' ended with %d", argv[0], status);
    if (third != -1)
        (void)close(third);
    free(path);
    free(home);
    return result;
}
