/* Arrays that grow. */
#ifndef TN_BASE_LIST_H
#define TN_BASE_LIST_H

#include "base/error.h"

#include <stddef.h>

/* What list_grow does when there is no room. */
int list_enlarge(void *list, size_t *capacity, size_t size, struct error *error);

/* Room for one more element behind `count` of `size` bytes each. `list` is the address of the pointer to the first;
 * what is added is not cleared. On an error (out of memory) the array is as it was. */
static inline int list_grow(void *list, size_t *capacity, size_t count, size_t size, struct error *error)
{
    return count < *capacity ? 0 : list_enlarge(list, capacity, size, error);
}

#endif
