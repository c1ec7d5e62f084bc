/* The merge order and its binary heap. */
#include "market/merge.h"

#include <stdlib.h>

static int rank(enum record_type type)
{
    switch (type) {
    case RECORD_ACTION:
        return 0;
    case RECORD_BAR:
        return 1;
    case RECORD_HEARTBEAT:
    case RECORD_SYNC:
        return 3;
    default:
        return 2;
    }
}

int merge_key_compare(const struct merge_key *a, const struct merge_key *b)
{
    if (a->known != b->known)
        return a->known < b->known ? -1 : 1;
    int difference = rank(a->type) - rank(b->type);
    if (difference != 0)
        return difference;
    difference = interval_compare(a->interval, b->interval);
    if (difference != 0)
        return difference;
    if (a->symbol != b->symbol)
        return a->symbol < b->symbol ? -1 : 1;
    return (a->input > b->input) - (a->input < b->input);
}

void merge_init(struct merge *merge)
{
    *merge = (struct merge){0};
}

void merge_clear(struct merge *merge)
{
    free(merge->key);
    merge_init(merge);
}

static void sift_down(struct merge *merge, struct merge_key key)
{
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->count)
            break;
        if (child + 1 < merge->count && merge_key_compare(&merge->key[child + 1], &merge->key[child]) < 0)
            child++;
        if (merge_key_compare(&key, &merge->key[child]) <= 0)
            break;
        merge->key[at] = merge->key[child];
        at = child;
    }
    merge->key[at] = key;
}

int merge_push(struct merge *merge, struct merge_key key, struct error *error)
{
    if (merge->count == merge->capacity) {
        size_t capacity = merge->capacity ? 2 * merge->capacity : 16;
        struct merge_key *grown = reallocarray(merge->key, capacity, sizeof *grown);
        if (!grown)
            return error_memory(error);
        merge->key = grown;
        merge->capacity = capacity;
    }
    size_t at = merge->count++;
    while (at > 0 && merge_key_compare(&key, &merge->key[(at - 1) / 2]) < 0) {
        merge->key[at] = merge->key[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    merge->key[at] = key;
    return 0;
}

const struct merge_key *merge_first(const struct merge *merge)
{
    return merge->count > 0 ? merge->key : NULL;
}

void merge_pop(struct merge *merge)
{
    require(merge->count > 0);
    struct merge_key last = merge->key[--merge->count];
    if (merge->count > 0)
        sift_down(merge, last);
}

void merge_replace(struct merge *merge, struct merge_key key)
{
    require(merge->count > 0);
    sift_down(merge, key);
}
