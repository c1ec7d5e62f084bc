/* A set of names with small indexes: open addressing over an index table, at most half full. */
#include "base/names.h"

#include "base/hash.h"

#include <stdlib.h>

#define NAMES_MAX (UINT32_C(1) << 24) /* far more than there are symbols; keeps outside data from taking all memory */

/* Texts stand behind each other in pieces: a set of a hundred thousand ids asks for memory a few times. */
struct names_piece {
    struct names_piece *before;
    char text[];
};

#define PIECE_FIRST 128
#define PIECE_LAST  65536

void names_init(struct names *names)
{
    *names = (struct names){0};
}

void names_clear(struct names *names)
{
    for (struct names_piece *piece = names->piece, *before; piece != NULL; piece = before) {
        before = piece->before;
        free(piece);
    }
    free(names->name);
    free(names->slot);
    names_init(names);
}

/* What a slot holds: the index + 1, and above it half of the hash, so that another name is seldom looked at. */
static uint64_t slot_of(size_t index, uint32_t hash)
{
    return (uint64_t)hash << 32 | ((uint64_t)index + 1);
}

static uint32_t hash_of(struct str name)
{
    return (uint32_t)hash_fnv1a(name.p, name.n);
}

/* The slot that holds the name, or the empty one where it would go. */
static size_t find_slot(const struct names *names, struct str name, uint32_t hash)
{
    size_t at = hash & (names->slots - 1);
    for (; names->slot[at] != 0; at = (at + 1) & (names->slots - 1)) {
        if (names->slot[at] >> 32 != hash)
            continue;
        const char *held = names->name[(uint32_t)names->slot[at] - 1];
        if (strncmp(held, name.p, name.n) == 0 && held[name.n] == '\0')
            break;
    }
    return at;
}

/* All of them in a table twice as large. */
static int widen(struct names *names, struct error *error)
{
    const size_t slots = names->slots == 0 ? 32 : names->slots * 2;
    uint64_t *wider = calloc(slots, sizeof *wider);
    if (wider == NULL)
        return error_memory(error);
    for (size_t i = 0; i < names->slots; i++) {
        size_t at = (size_t)(names->slot[i] >> 32) & (slots - 1);
        if (names->slot[i] == 0)
            continue;
        while (wider[at] != 0)
            at = (at + 1) & (slots - 1);
        wider[at] = names->slot[i];
    }
    free(names->slot);
    names->slot = wider;
    names->slots = slots;
    return 0;
}

static int grow(struct names *names, struct error *error)
{
    if (names->count >= NAMES_MAX)
        return error_set(error, EXIT_INPUT, "more than %u different names", (unsigned)NAMES_MAX);
    if (names->count == names->capacity) {
        const size_t capacity = names->capacity == 0 ? 16 : names->capacity * 2;
        char **name = reallocarray(names->name, capacity, sizeof *name);
        if (name == NULL)
            return error_memory(error);
        names->name = name;
        names->capacity = capacity;
    }
    return names->count * 2 < names->slots ? 0 : widen(names, error);
}

/* A copy that ends with a NUL; NULL when out of memory. */
static char *keep(struct names *names, struct str name)
{
    if (names->room <= name.n) {
        const size_t next = names->piece_size == 0            ? PIECE_FIRST
                            : names->piece_size >= PIECE_LAST ? PIECE_LAST
                                                              : 2 * names->piece_size;
        const size_t size = name.n < next ? next : name.n + 1;
        struct names_piece *piece = malloc(sizeof *piece + size);
        if (piece == NULL)
            return NULL;
        piece->before = names->piece;
        names->piece = piece;
        names->piece_size = next;
        names->next = piece->text;
        names->room = size;
    }
    char *copy = names->next;
    if (name.n > 0)
        memcpy(copy, name.p, name.n);
    copy[name.n] = '\0';
    names->next += name.n + 1;
    names->room -= name.n + 1;
    return copy;
}

int64_t names_add(struct names *names, struct str name, struct error *error)
{
    if (name.n > 0 && memchr(name.p, '\0', name.n) != NULL)
        return error_set(error, EXIT_INPUT, "a name contains a NUL byte");
    const size_t slots = names->slots;
    const uint32_t hash = hash_of(name);
    size_t at = slots == 0 ? 0 : find_slot(names, name, hash);
    if (slots > 0 && names->slot[at] != 0)
        return (int64_t)(uint32_t)names->slot[at] - 1;
    if (grow(names, error) != 0)
        return -1;
    char *copy = keep(names, name);
    if (copy == NULL)
        return error_memory(error);
    names->name[names->count] = copy;
    if (names->slots != slots)
        at = find_slot(names, name, hash);
    names->slot[at] = slot_of(names->count, hash);
    return (int64_t)names->count++;
}

int64_t names_find(const struct names *names, struct str name)
{
    if (names->slots == 0 || (name.n > 0 && memchr(name.p, '\0', name.n) != NULL))
        return -1;
    return (int64_t)(uint32_t)names->slot[find_slot(names, name, hash_of(name))] - 1;
}
