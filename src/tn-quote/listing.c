/* A table whose columns are their keys. */
#include "tn-quote/listing.h"

#include "show/table.h"

#include <stdlib.h>

enum { COLUMNS_MAX = 16 };

struct listing {
    struct column column[COLUMNS_MAX];
    struct style style;
    struct table *table;
};

struct listing *listing_open(const char *const *keys, const struct invocation *invocation, struct error *error)
{
    int count = 0;
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL) {
        error_memory(error);
        return NULL;
    }
    if (style_init(&listing->style, invocation, NULL, error) != 0) {
        free(listing);
        return NULL;
    }
    for (; count < COLUMNS_MAX && keys[count] != NULL; count++) {
        const char sign = keys[count][0];
        listing->column[count] = (struct column){
            .key = keys[count] + (strchr("#@-?~", sign) != NULL),
            .kind = sign == '#'   ? COLUMN_COUNT
                    : sign == '@' ? COLUMN_DATE
                                  : COLUMN_TEXT,
            .data_only = sign == '-',
            .optional = sign == '?',
            .fold = sign == '~',
            .rank = count < 9 ? count : 9,
        };
    }
    if ((listing->table = table_new(NULL, listing->column, count, error)) != NULL)
        return listing;
    listing_close(listing);
    return NULL;
}

void listing_cell(struct listing *listing, const char *text)
{
    table_text(listing->table, text);
}

void listing_str(struct listing *listing, struct str text)
{
    table_str(listing->table, text);
}

void listing_count(struct listing *listing, int64_t value)
{
    table_count(listing->table, value);
}

void listing_time(struct listing *listing, int64_t time)
{
    table_time(listing->table, time);
}

int listing_show(struct listing *listing, struct error *error)
{
    return table_show(listing->table, &listing->style, error);
}

void listing_close(struct listing *listing)
{
    if (listing == NULL)
        return;
    table_free(listing->table);
    style_clear(&listing->style);
    free(listing);
}
