/* Named files of the user and of the programs. */
#include "base/shelf.h"

#include "base/config.h"
#include "base/install.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool shelf_is_name(const struct shelf *shelf, struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '\0' ||
            strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", name.p[i]) == NULL)
            return false;
    return name.n > 0 && name.n < shelf->name_size;
}

static bool own_folder(const struct shelf *shelf, char path[static PATH_MAX])
{
    struct error ignored = {0};
    if (config_place(path, &ignored) != 0)
        return false;
    const size_t n = strlen(path);
    return snprintf(path + n, PATH_MAX - n, "/%s", shelf->folder) < (int)(PATH_MAX - n);
}

static bool is_there(const struct shelf *shelf, const char *folder, struct str name, char path[static PATH_MAX])
{
    return snprintf(path, PATH_MAX, "%s/%.*s%s", folder, (int)name.n, name.p, shelf->suffix) < PATH_MAX &&
           access(path, F_OK) == 0;
}

bool shelf_find(const struct shelf *shelf, const char *name, char path[static PATH_MAX])
{
    struct error ignored = {0};
    char folder[PATH_MAX];
    return (own_folder(shelf, folder) && is_there(shelf, folder, str_of(name), path)) ||
           (install_path(folder, INSTALL_SHARE, shelf->folder, &ignored) == 0 &&
            is_there(shelf, folder, str_of(name), path));
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* The names of a folder; those that `hidden` (NULL: none) has too are passed over. */
static int each_in(const struct shelf *shelf, const char *folder, const char *hidden,
                   int (*each)(void *context, const char *name, struct error *error), void *context,
                   struct error *error)
{
    struct dirent **entry = NULL;
    const size_t suffix = strlen(shelf->suffix);
    int result = 0;
    const int count = scandir(folder, &entry, NULL, compare_entries);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX], *const name = entry[i]->d_name;
        const size_t n = strlen(name);
        if (result == 0 && n > suffix && strcmp(name + n - suffix, shelf->suffix) == 0 &&
            shelf_is_name(shelf, (struct str){name, n - suffix}) &&
            (hidden == NULL || !is_there(shelf, hidden, (struct str){name, n - suffix}, path))) {
            name[n - suffix] = '\0';
            result = each(context, name, error) == 0 ? 0 : -1;
        }
        free(entry[i]);
    }
    free(entry);
    return result;
}

int shelf_each(const struct shelf *shelf, int (*each)(void *context, const char *name, struct error *error),
               void *context, struct error *error)
{
    char own[PATH_MAX], shared[PATH_MAX];
    struct error ignored = {0};
    const bool has_own = own_folder(shelf, own);
    if (has_own && each_in(shelf, own, NULL, each, context, error) != 0)
        return -1;
    return install_path(shared, INSTALL_SHARE, shelf->folder, &ignored) != 0
               ? 0
               : each_in(shelf, shared, has_own ? own : NULL, each, context, error);
}

int shelf_add_name(void *context, const char *name, struct error *error)
{
    struct buf *text = context;
    (void)error;
    buf_printf(text, "%s%s", text->n > 0 ? " " : "", name);
    return 0;
}
