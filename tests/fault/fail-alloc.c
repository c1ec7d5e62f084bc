/* LD_PRELOAD for memory.t: the allocation whose number is in FAIL_ALLOC fails, the first being 1; with FAIL_ALLOC_LOG
 * the number of all allocations is written to that file at the end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long failing = -1, count;

static int fails(void)
{
    if (failing < 0) {
        const char *text = getenv("FAIL_ALLOC");
        failing = text == NULL ? 0 : strtol(text, NULL, 10);
    }
    if (__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) != failing)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}

__attribute__((destructor)) static void write_count(void)
{
    const char *path = getenv("FAIL_ALLOC_LOG");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL)
        return;
    fprintf(file, "%ld\n", count);
    fclose(file);
}
