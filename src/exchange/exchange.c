/* Opens calendars with their time zones. */
#include "exchange/exchange.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/shelf.h"
#include "market/calendar_table.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 4 /* of calendars that are like another */

static const struct shelf shelf = {.folder = "calendars", .suffix = ".calendar", .name_size = CALENDAR_NAME_SIZE};

static bool find_file(const char *name, char path[static PATH_MAX])
{
    return shelf_is_name(&shelf, str_of(name)) && shelf_find(&shelf, name, path);
}

int exchange_each(int (*each)(void *context, const char *name, struct error *error), void *context, struct error *error)
{
    return each(context, "nyse", error) != 0 || each(context, "always", error) != 0
               ? -1
               : shelf_each(&shelf, each, context, error);
}

static int refuse_name(const char *name, struct error *error)
{
    struct buf text;
    struct error ignored;
    error_clear(&ignored);
    buf_init(&text, 1024);
    error_set(error, EXIT_USAGE, "there is no calendar '%s'", name);
    if (exchange_each(shelf_add_name, &text, &ignored) == 0)
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
        if (depth == DEPTH_MAX || !find_file(base_name, base_path)) {
            error_set(error, EXIT_USAGE, "%s: like: '%s' is not a calendar of another file", path, base_name);
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
        return find_file(calendar, path) ? open_file(exchange, calendar, path, error) : refuse_name(calendar, error);
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
