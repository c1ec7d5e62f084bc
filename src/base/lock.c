/* File locks: open file description locks, so that threads and closed duplicates do not lose them. */
#include "base/lock.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PAUSE (TIME_SECOND / 500)
#define LAST_PAUSE  (TIME_SECOND / 20)

struct lock {
    int fd;
};

/* "process 4711 (tn-order)", as far as it is known. */
static void holder_name(int fd, char name[static 96])
{
    char text[32] = "", path[64], command[32] = "";
    (void)snprintf(name, 96, "another process");
    if (pread(fd, text, sizeof text - 1, 0) <= 0)
        return;
    text[strcspn(text, "\n")] = '\0';
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text))
        return;
    (void)snprintf(path, sizeof path, "/proc/%s/comm", text);
    const int comm = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = comm == -1 ? -1 : read(comm, command, sizeof command - 1);
    if (comm != -1)
        (void)close(comm);
    command[got > 0 ? got : 0] = '\0';
    command[strcspn(command, "\n")] = '\0';
    if (command[0] == '\0')
        (void)snprintf(name, 96, "process %s", text);
    else
        (void)snprintf(name, 96, "process %s (%s)", text, command);
}

static void pause_for(int64_t nanoseconds)
{
    const struct timespec span = {nanoseconds / TIME_SECOND, nanoseconds % TIME_SECOND};
    (void)nanosleep(&span, NULL);
}

/* 1 when locked, 0 when somebody else has it, -1 on an error. */
static int try_lock(int fd)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &range) == 0)
        return 1;
    return errno == EAGAIN || errno == EACCES || errno == EINTR ? 0 : -1;
}

static void note_holder(int fd)
{
    char text[32];
    const int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    /* for messages only: a full disk must not keep anybody from locking */
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, text, (size_t)length, 0);
}

struct lock *lock_take(const char *path, const char *what, int64_t wait, struct error *error)
{
    struct lock *lock = malloc(sizeof *lock);
    if (lock == NULL) {
        error_memory(error);
        return NULL;
    }
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
    if (lock->fd == -1) {
        error_system(error, "cannot lock %s: '%s'", what, path);
        free(lock);
        return NULL;
    }
    const int64_t deadline = time_monotonic() + wait;
    for (int64_t span = FIRST_PAUSE;; span = span < LAST_PAUSE ? span * 2 : LAST_PAUSE) {
        const int got = try_lock(lock->fd);
        if (got == 1)
            break;
        if (got == -1) {
            error_system(error, "cannot lock %s: '%s'", what, path);
            lock_free(lock);
            return NULL;
        }
        const int64_t left = deadline - time_monotonic();
        if (left <= 0) {
            char name[96];
            holder_name(lock->fd, name);
            error_set(error, EXIT_UNAVAILABLE, "%s is in use by %s", what, name);
            error_hint(error, "wait for it to end, then try again");
            lock_free(lock);
            return NULL;
        }
        pause_for(left < span ? left : span);
    }
    note_holder(lock->fd);
    return lock;
}

void lock_free(struct lock *lock)
{
    if (lock == NULL)
        return;
    (void)close(lock->fd);
    free(lock);
}
