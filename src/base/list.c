/* Arrays that grow: twice as large each time, so that adding costs the same however many there are. */
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define FIRST 16

int list_enlarge(void *list, size_t *capacity, size_t size, struct error *error)
{
    const size_t wanted = *capacity == 0 ? FIRST : *capacity * 2;
    void *old;
    memcpy(&old, list, sizeof old);
    void *grown = reallocarray(old, wanted, size);
    if (grown == NULL)
        return error_memory(error);
    memcpy(list, &grown, sizeof grown);
    *capacity = wanted;
    /* cppcheck-suppress memleak ; it is in *list now */
    return 0;
}
