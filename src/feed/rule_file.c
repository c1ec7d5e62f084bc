/* Opening a strategy that a user names. */
#include "feed/rule_file.h"

#include "base/file.h"
#include "base/install.h"
#include "base/list.h"
#include "strategy/rules.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_rule_file(const struct dirent *entry)
{
    size_t length;
    return entry->d_name[0] != '.' && rules_are_named(entry->d_name, &length) && entry->d_name[length] == '\0';
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int strategy_each_file(int (*each)(void *context, const char *name, struct error *error), void *context,
                       struct error *error)
{
    char path[PATH_MAX];
    struct error none;
    struct dirent **entry = NULL;
    error_clear(&none);
    if (install_path(path, INSTALL_SHARE, "strategies", &none) != 0)
        return 0;
    const int count = scandir(path, &entry, is_rule_file, compare_entries);
    int result = count < 0 ? error_system(error, "cannot read '%s'", path) : 0;
    for (int i = 0; i < count; i++) {
        if (result == 0)
            result = each(context, entry[i]->d_name, error);
        free(entry[i]);
    }
    free(entry);
    return result;
}

/* The path of a name: itself, or where the programs' own rule files are. */
static char *find_file(const char *text, size_t length)
{
    char path[PATH_MAX], name[NAME_MAX + 16];
    struct error none;
    char *own = strndup(text, length);
    error_clear(&none);
    if (own == NULL || strchr(own, '/') != NULL || access(own, F_OK) == 0 || length > NAME_MAX)
        return own;
    (void)snprintf(name, sizeof name, "strategies/%s", own);
    if (install_path(path, INSTALL_SHARE, name, &none) != 0)
        return own;
    free(own);
    return strdup(path);
}

char *strategy_locate(const char *text)
{
    size_t length;
    if (!rules_are_named(text, &length))
        return strdup(text);
    char *path = find_file(text, length), *whole = NULL;
    if (path != NULL && asprintf(&whole, "%s%s", path, text + length) < 0)
        whole = NULL;
    free(path);
    return whole;
}

int strategy_open(struct strategy_use *use, const char *text, struct error *error)
{
    size_t length;
    if (!rules_are_named(text, &length))
        return strategy_use_parse(use, text, error);
    if (text[length] == ':' && text[length + 1] == '\0')
        return error_set(error, EXIT_USAGE, "%s parameters are missing after ':'", text);
    char *path = find_file(text, length);
    struct buf content;
    if (path == NULL)
        return error_memory(error);
    buf_init(&content, RULE_FILE_MAX);
    int result = file_read_any(path, &content, error);
    if (result == 0)
        result = strategy_use_rules(use, path, buf_str(&content), text[length] == ':' ? text + length + 1 : "", error);
    buf_clear(&content);
    free(path);
    return result;
}

static int add_use(struct strategies *strategies, const struct strategy_use *use, struct error *error)
{
    if (list_grow(&strategies->use, &strategies->capacity, (size_t)strategies->count, sizeof *use, error) != 0)
        return -1;
    strategies->use[strategies->count++] = *use;
    return 0;
}

int strategies_add(struct strategies *strategies, struct strategy_use *use, struct error *error)
{
    struct strategy_use unit;
    for (int i = 0; i < strategies->count; i++)
        if (strcmp(strategies->use[i].instance, use->instance) == 0) {
            error_set(error, EXIT_USAGE, "%s is named twice", use->instance);
            strategy_use_clear(use);
            return -1;
        }
    if (add_use(strategies, use, error) != 0) {
        strategy_use_clear(use);
        return -1;
    }
    for (int i = 1; i < strategy_units(use); i++)
        if (strategy_use_unit(&unit, use, i, error) != 0 || add_use(strategies, &unit, error) != 0)
            return -1;
    return 0;
}

int strategies_open(struct strategies *strategies, char *const *text, int count, struct error *error)
{
    *strategies = (struct strategies){.use = NULL};
    for (int i = 0; i < count; i++) {
        struct strategy_use use;
        if (strategy_open(&use, text[i], error) != 0 || strategies_add(strategies, &use, error) != 0)
            return -1;
    }
    return 0;
}

void strategies_close(struct strategies *strategies)
{
    for (int i = 0; i < strategies->count; i++)
        strategy_use_clear(&strategies->use[i]);
    free(strategies->use);
    *strategies = (struct strategies){.use = NULL};
}
