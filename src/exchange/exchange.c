/* Opens calendars with their time zones. */
#include "exchange/exchange.h"

#include "base/buf.h"
#include "base/config.h"
#include "base/file.h"
#include "base/install.h"
#include "market/calendar_table.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX    ".calendar"
#define DEPTH_MAX 4 /* of calendars that are like another */

static bool is_name(const char *name)
{
    const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return n > 0 && name[n] == '\0' && n < CALENDAR_NAME_SIZE;
}

/* The folder of the user's calendars. */
static int own_folder(char path[static PATH_MAX])
{
    struct error ignored;
    error_clear(&ignored);
    if (config_place(path, &ignored) != 0)
        return -1;
    const size_t n = strlen(path);
    return snprintf(path + n, PATH_MAX - n, "/calendars") < (int)(PATH_MAX - n) ? 0 : -1;
}

/* 0, and the path of the file; 1: there is none. The user's own come first. */
static int find_file(const char *name, char path[static PATH_MAX])
{
    struct error ignored;
    char folder[PATH_MAX], relative[CALENDAR_NAME_SIZE + 32];
    error_clear(&ignored);
    if (own_folder(folder) == 0 && snprintf(path, PATH_MAX, "%s/%s" SUFFIX, folder, name) < PATH_MAX &&
        access(path, F_OK) == 0)
        return 0;
    (void)snprintf(relative, sizeof relative, "calendars/%s" SUFFIX, name);
    return install_path(path, INSTALL_SHARE, relative, &ignored) == 0 ? 0 : 1;
}

static int is_calendar(const struct dirent *entry)
{
    const size_t n = strlen(entry->d_name);
    return n > sizeof SUFFIX - 1 && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + n - (sizeof SUFFIX - 1), SUFFIX) == 0;
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* The calendars of a folder; those that `hidden` has too are passed over. */
static int each_in(const char *folder, const char *hidden,
                   int (*each)(void *context, const char *name, struct error *error), void *context,
                   struct error *error)
{
    struct dirent **entry = NULL;
    int result = 0;
    const int count = scandir(folder, &entry, is_calendar, compare_entries);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        const bool there = hidden != NULL &&
                           snprintf(path, sizeof path, "%s/%s", hidden, entry[i]->d_name) < PATH_MAX &&
                           access(path, F_OK) == 0;
        entry[i]->d_name[strlen(entry[i]->d_name) - (sizeof SUFFIX - 1)] = '\0';
        if (result == 0 && !there && is_name(entry[i]->d_name))
            result = each(context, entry[i]->d_name, error);
        free(entry[i]);
    }
    free(entry);
    return result;
}

int exchange_each(int (*each)(void *context, const char *name, struct error *error), void *context, struct error *error)
{
    char own[PATH_MAX], shared[PATH_MAX];
    struct error ignored;
    error_clear(&ignored);
    const bool has_own = own_folder(own) == 0;
    if (each(context, "nyse", error) != 0 || each(context, "always", error) != 0 ||
        (has_own && each_in(own, NULL, each, context, error) != 0))
        return -1;
    return install_path(shared, INSTALL_SHARE, "calendars", &ignored) != 0
               ? 0
               : each_in(shared, has_own ? own : NULL, each, context, error);
}

static int add_name(void *context, const char *name, struct error *error)
{
    struct buf *text = context;
    (void)error;
    if (text->n > 0)
        buf_add_text(text, " ");
    buf_add_text(text, name);
    return 0;
}

static int refuse_name(const char *name, struct error *error)
{
    struct buf text;
    struct error ignored;
    error_clear(&ignored);
    buf_init(&text, 1024);
    error_set(error, EXIT_USAGE, "there is no calendar '%s'", name);
    if (exchange_each(add_name, &text, &ignored) == 0)
        error_hint(error, "calendars are: %.*s; tn-calendars(5) says how to write one", (int)text.n, text.p);
    buf_clear(&text);
    return -1;
}

/* A file, with those it is based on. */
static struct calendar_table *read_table(const char *name, const char *path, int depth, struct error *error)
{
    struct buf text;
    char base_name[CALENDAR_NAME_SIZE], base_path[PATH_MAX];
    struct calendar_table *table = NULL, *base = NULL;
    buf_init(&text, CALENDAR_FILE_MAX);
    if (file_read_any(path, &text, error) != 0)
        goto out;
    if (calendar_table_like(buf_str(&text), base_name)) {
        if (depth == DEPTH_MAX || !is_name(base_name) || find_file(base_name, base_path) != 0) {
            error_set(error, EXIT_USAGE, "%s: like: %s is no other calendar of a file", path, base_name);
            goto out;
        }
        if ((base = read_table(base_name, base_path, depth + 1, error)) == NULL)
            goto out;
    }
    table = calendar_table_read(name, base, path, buf_str(&text), error);
out:
    calendar_table_free(base);
    buf_clear(&text);
    return table;
}

static int open_file(struct exchange *exchange, const char *name, const char *path, struct error *error)
{
    exchange->table = read_table(name, path, 0, error);
    if (exchange->table == NULL)
        return -1;
    if ((exchange->zone = zone_open(calendar_table_zone(exchange->table), error)) == NULL) {
        error_prefix(error, "%s", path);
        return -1;
    }
    calendar_of_table(&exchange->calendar, exchange->table, exchange->zone);
    return 0;
}

int exchange_open(struct exchange *exchange, const char *calendar, struct error *error)
{
    char path[PATH_MAX];
    const char *zone = calendar_zone_name(calendar);
    *exchange = (struct exchange){.zone = NULL};
    if (!calendar_is_built_in(calendar))
        return is_name(calendar) && find_file(calendar, path) == 0 ? open_file(exchange, calendar, path, error)
                                                                   : refuse_name(calendar, error);
    if (zone != NULL && (exchange->zone = zone_open(zone, error)) == NULL)
        return -1;
    return calendar_init(&exchange->calendar, calendar, exchange->zone, error);
}

const char *exchange_zone_name(const struct exchange *exchange)
{
    return exchange->table != NULL ? calendar_table_zone(exchange->table)
                                   : calendar_zone_name(calendar_name(&exchange->calendar));
}

void exchange_close(struct exchange *exchange)
{
    zone_free(exchange->zone);
    calendar_table_free(exchange->table);
}
