/* The order in which records of several inputs are merged, and a heap that keeps it.
 *
 * Records come by the moment they became known (record_known). Within a moment: corporate actions, then bars from fine
 * to coarse, then everything else, and last the heartbeats and syncs that say a moment is complete; within these,
 * symbols in the order they were named, then inputs in the order they were named. The heap knows nothing of the
 * records: each input has at most one key in it, that of its next record. */
#ifndef TN_MARKET_MERGE_H
#define TN_MARKET_MERGE_H

#include "record/types.h"

struct merge_key {
    int64_t known;
    enum record_type type;
    struct interval interval; /* of bars; INTERVAL_NONE for others */
    uint32_t symbol;          /* place among the symbols named; UINT32_MAX for none */
    uint32_t input;           /* whose record it is */
};

/* Below, at or above zero, as qsort wants it. Equal only for keys of one input. */
int merge_key_compare(const struct merge_key *a, const struct merge_key *b);

struct merge {
    struct merge_key *key;
    size_t count, capacity;
};

void merge_init(struct merge *merge);
void merge_clear(struct merge *merge);
int merge_push(struct merge *merge, struct merge_key key, struct error *error);
/* The first key, or NULL when the heap is empty; it stays until popped or replaced. */
const struct merge_key *merge_first(const struct merge *merge);
void merge_pop(struct merge *merge);
/* Put the next key of the first key's input in its place: pop and push in one. */
void merge_replace(struct merge *merge, struct merge_key key);

#endif
