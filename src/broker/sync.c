/* The answer to a sync. The file is small and rewritten in place: one write of a fixed size, so that a reader sees all
 * of it or the last one. */
#include "broker/sync.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SYNC_SIZE 160

static void sync_text(char text[static SYNC_SIZE + 1], const struct sync *sync)
{
    (void)snprintf(text, SYNC_SIZE + 1, "%-64.64s %20lld", sync->token, (long long)sync->n);
    const size_t used = strlen(text);
    memset(text + used, ' ', SYNC_SIZE - used);
    text[SYNC_SIZE - 1] = '\n';
    text[SYNC_SIZE] = '\0';
}

int sync_answer(const char *path, const struct sync *sync, struct error *error)
{
    char text[SYNC_SIZE + 1];
    sync_text(text, sync);
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_system(error, "cannot write '%s'", path);
    const bool written = pwrite(fd, text, SYNC_SIZE, 0) == SYNC_SIZE;
    if (!written)
        error_system(error, "cannot write '%s'", path);
    (void)close(fd);
    return written ? 0 : -1;
}

bool sync_is_answered(const char *path, const struct sync *sync)
{
    char text[SYNC_SIZE + 1], got[SYNC_SIZE];
    sync_text(text, sync);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool same = pread(fd, got, SYNC_SIZE, 0) == SYNC_SIZE && memcmp(got, text, SYNC_SIZE) == 0;
    (void)close(fd);
    return same;
}

int sync_watch(const char *path)
{
    const int file = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    const int watch = file < 0 ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (file >= 0)
        (void)close(file);
    if (watch >= 0 && inotify_add_watch(watch, path, IN_MODIFY) >= 0)
        return watch;
    sync_unwatch(watch);
    return -1;
}

void sync_unwatch(int watch)
{
    if (watch >= 0)
        (void)close(watch);
}

void sync_wait(int watch)
{
    char events[1024];
    struct pollfd ready = {.fd = watch, .events = POLLIN}; /* without a watch poll only sleeps */
    if (poll(&ready, 1, watch >= 0 ? 20 : 1) == 1)
        while (read(watch, events, sizeof events) > 0)
            continue;
}
