/* A set of names, each with a small index in the order first seen: symbols, keys, ids. Open addressing, FNV-1a. */
#ifndef TN_BASE_NAMES_H
#define TN_BASE_NAMES_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

struct names_piece;

struct names {
    char **name; /* by index, NUL-terminated, owned; each stays where it is */
    size_t count;
    size_t capacity;
    uint64_t *slot; /* 0: empty */
    size_t slots;
    struct names_piece *piece; /* where the texts are: the last piece, and its room behind `next` */
    char *next;
    size_t room, piece_size;
};

void names_init(struct names *names);
void names_clear(struct names *names);
/* The index of a name, added when new; -1 when out of memory, with a NUL byte inside, or past 16 777 216 names. */
int64_t names_add(struct names *names, struct str name, struct error *error);
/* The index, or -1 when it is not there. */
int64_t names_find(const struct names *names, struct str name);

#endif
