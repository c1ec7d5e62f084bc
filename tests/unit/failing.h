/* Calls into the system that fail when a test says so: the n-th of those that are made while `failing_on` holds, the
 * first being 1. Files are synced without a disk to wait for. Under AddressSanitizer, which has an allocator of its
 * own, only those about files fail. Included by one unit: it defines what libtn.a and SQLite call. */
#ifndef TN_TESTS_FAILING_H
#define TN_TESTS_FAILING_H

#include "base/hash.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FAILING_FRAMES 24
#define FAILING_PLACES 16384

static bool failing_on;
static __thread bool failing_notes; /* this thread writes a place down */
static pthread_mutex_t failing_lock = PTHREAD_MUTEX_INITIALIZER;
static long failing_count, failing_at; /* 0: none fails */
static long failing_blocks;            /* allocated and not freed */

/* Which calls came from a place from which none had come before. A place is told by the functions of this program that
 * led there (those of libraries are one) and by what fails. */
extern const char __executable_start, etext;
static bool failing_records;
static uint64_t failing_seen[FAILING_PLACES];
static long failing_place[FAILING_PLACES];
static int failing_places;

static void failing_note(long number, int cause)
{
    void *frame[FAILING_FRAMES], *own[FAILING_FRAMES + 1] = {(void *)(uintptr_t)cause};
    int depth, owns = 1;
    failing_notes = true;
    depth = backtrace(frame, FAILING_FRAMES);
    for (int i = 2; i < depth; i++) /* behind this function and the one that fails */
        if ((const char *)frame[i] >= &__executable_start && (const char *)frame[i] < &etext)
            own[owns++] = frame[i];
    const uint64_t hash = hash_fnv1a(own, (size_t)owns * sizeof *own) | 1;
    (void)pthread_mutex_lock(&failing_lock);
    uint64_t at = hash % FAILING_PLACES;
    while (failing_seen[at] != 0 && failing_seen[at] != hash)
        at = (at + 1) % FAILING_PLACES;
    if (failing_seen[at] == 0 && failing_places < FAILING_PLACES - 1) {
        failing_seen[at] = hash;
        failing_place[failing_places++] = number;
    }
    (void)pthread_mutex_unlock(&failing_lock);
    failing_notes = false;
}

static bool fails(int cause)
{
    if (!failing_on || failing_notes)
        return false;
    const long number = __atomic_add_fetch(&failing_count, 1, __ATOMIC_RELAXED); /* verify has a second thread */
    if (failing_records)
        failing_note(number, cause);
    if (number != failing_at)
        return false;
    errno = cause;
    return true;
}

#ifndef __SANITIZE_ADDRESS__
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);

static void *failing_given(void *block)
{
    (void)__atomic_add_fetch(&failing_blocks, block != NULL, __ATOMIC_RELAXED);
    return block;
}

void *malloc(size_t size)
{
    return fails(ENOMEM) ? NULL : failing_given(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
    return fails(ENOMEM) ? NULL : failing_given(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
    if (fails(ENOMEM))
        return NULL;
    void *grown = __libc_realloc(old, size);
    return old == NULL ? failing_given(grown) : grown;
}

void *reallocarray(void *old, size_t n, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(n, size, &bytes))
        return realloc(old, bytes);
    errno = ENOMEM;
    return NULL;
}

void free(void *old)
{
    (void)__atomic_sub_fetch(&failing_blocks, old != NULL, __ATOMIC_RELAXED);
    __libc_free(old);
}
#endif

static int failing_open(const char *path, int flags, mode_t mode)
{
    return fails(EMFILE) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;                                    \
        va_end(arguments);                                                                                             \
        return failing_open(path, flags, mode);                                                                        \
    }
OPENS(open)
OPENS(open64)

#define READS(name, offset_type)                                                                                       \
    ssize_t name(int fd, void *bytes, size_t size, offset_type offset)                                                 \
    {                                                                                                                  \
        return fails(EIO) ? -1 : syscall(SYS_pread64, fd, bytes, size, offset);                                        \
    }
READS(pread, off_t)
READS(pread64, off64_t)

#define WRITES(name, offset_type)                                                                                      \
    ssize_t name(int fd, const void *bytes, size_t size, offset_type offset)                                           \
    {                                                                                                                  \
        return fails(ENOSPC) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);                                    \
    }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t size)
{
    return fails(ENOSPC) ? -1 : syscall(SYS_write, fd, bytes, size);
}

int fsync(int fd)
{
    (void)fd;
    return fails(EIO) ? -1 : 0;
}

int fdatasync(int fd)
{
    return fsync(fd);
}

int rename(const char *from, const char *to)
{
    return fails(EACCES) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    return fails(EACCES) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

#endif
