/* Files of one kind that have names, such as calendars: those of the user, in a folder beside the configuration, come
 * before those that belong to the programs, in share/. A name is of letters, digits, '-' and '_'. */
#ifndef TN_BASE_SHELF_H
#define TN_BASE_SHELF_H

#include "base/buf.h"
#include "base/error.h"

#include <limits.h>

struct shelf {
    const char *folder; /* "calendars": of both places */
    const char *suffix; /* ".calendar" */
    size_t name_size;   /* more than the longest name has */
};

bool shelf_is_name(const struct shelf *shelf, struct str name);
/* The path of a file that is there; false: there is none. */
bool shelf_find(const struct shelf *shelf, const char *name, char path[static PATH_MAX]);
/* Each name once, those of the user first, in order. Ends with the first result that is not 0, as -1. A folder that
 * cannot be read has none. */
int shelf_each(const struct shelf *shelf, int (*each)(void *context, const char *name, struct error *error),
               void *context, struct error *error);
/* For shelf_each: the names as words of a buf, which is the context. */
int shelf_add_name(void *context, const char *name, struct error *error);

#endif
