/* Memory that is taken piece by piece and given back all at once: for what lives as long as one line, bar or run.
 *
 * Resetting keeps the blocks, so that work on the next line takes no memory from the system. */
#ifndef TN_BASE_ARENA_H
#define TN_BASE_ARENA_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first, *current;
    size_t taken;   /* bytes in blocks */
    size_t maximum; /* `taken` never passes it */
};

void arena_init(struct arena *arena, size_t maximum); /* owns nothing yet */
void arena_clear(struct arena *arena);                /* frees; the arena can be used again */
void arena_reset(struct arena *arena);                /* everything taken is void, the memory stays */
/* Memory for any type, not cleared; NULL when out of memory (EXIT_SYSTEM) or past the maximum (EXIT_INPUT). */
void *arena_take(struct arena *arena, size_t size, struct error *error);
/* A NUL-terminated copy. */
char *arena_text(struct arena *arena, struct str text, struct error *error);

#endif
