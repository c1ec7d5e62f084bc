/* A bump allocator over a list of blocks. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define ARENA_BLOCK_MIN 4096

struct arena_block {
    struct arena_block *next;
    size_t size, used; /* of bytes */
    alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *arena, size_t maximum)
{
    *arena = (struct arena){.maximum = maximum};
}

void arena_clear(struct arena *arena)
{
    for (struct arena_block *block = arena->first, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    arena_init(arena, arena->maximum);
}

void arena_reset(struct arena *arena)
{
    arena->current = arena->first;
    if (arena->first != NULL)
        arena->first->used = 0;
}

/* A new block behind the current one; blocks after it were kept by a reset and stay in the list. */
static struct arena_block *add_block(struct arena *arena, size_t size, struct error *error)
{
    const size_t left = arena->maximum - arena->taken;
    if (size > left) {
        error_set(error, EXIT_INPUT, "needs more than %zu bytes of memory", arena->maximum);
        return NULL;
    }
    size_t wanted = arena->taken < ARENA_BLOCK_MIN ? ARENA_BLOCK_MIN : arena->taken;
    if (wanted < size)
        wanted = size;
    if (wanted > left)
        wanted = left;
    struct arena_block *block = malloc(sizeof *block + wanted);
    if (block == NULL) {
        error_memory(error);
        return NULL;
    }
    struct arena_block **place = arena->current == NULL ? &arena->first : &arena->current->next;
    *block = (struct arena_block){.next = *place, .size = wanted};
    *place = block;
    arena->taken += wanted;
    return block;
}

void *arena_take(struct arena *arena, size_t size, struct error *error)
{
    const size_t align = alignof(max_align_t);
    if (size > arena->maximum) {
        error_set(error, EXIT_INPUT, "needs more than %zu bytes of memory", arena->maximum);
        return NULL;
    }
    size = (size + align - 1) / align * align;
    struct arena_block *block = arena->current;
    while (block != NULL && block->size - block->used < size) {
        block = block->next;
        if (block != NULL) {
            block->used = 0;
            arena->current = block;
        }
    }
    if (block == NULL && (block = add_block(arena, size, error)) == NULL)
        return NULL;
    arena->current = block;
    void *taken = block->bytes + block->used;
    block->used += size;
    return taken;
}

char *arena_text(struct arena *arena, struct str text, struct error *error)
{
    char *copy = text.n < SIZE_MAX ? arena_take(arena, text.n + 1, error) : NULL;
    if (copy == NULL)
        return NULL;
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return copy;
}
