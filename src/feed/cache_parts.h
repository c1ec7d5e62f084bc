/* The inside of the cache, for the files that make it up; others use cache.h. */
#ifndef TN_FEED_CACHE_PARTS_H
#define TN_FEED_CACHE_PARTS_H

#include "db/db.h"
#include "feed/cache.h"

enum cache_statement {
    CACHE_FIND,
    CACHE_INSERT,
    CACHE_USED,
    CACHE_COVERED,
    CACHE_BEFORE,
    CACHE_AFTER,
    CACHE_BARS,
    CACHE_PUT,
    CACHE_DELETE,
    CACHE_CORRECTED,
    CACHE_UNCOVER,
    CACHE_COVER,
    CACHE_ASKED,
    CACHE_ACTIONS,
    CACHE_DELETE_ACTIONS,
    CACHE_PUT_ACTION,
    CACHE_ACTIONS_ASKED,
    CACHE_CLEAR_BARS,
    CACHE_CLEAR_COVERED,
    CACHE_EPOCH,
    CACHE_STATEMENTS
};

struct cache {
    struct db *db;
    struct statement *statement[CACHE_STATEMENTS];
};

/* The statement, prepared when it is first used; NULL with the error. */
struct statement *cache_statement(struct cache *cache, enum cache_statement which, struct error *error);
void cache_bind(struct statement *statement, int parameter, int64_t value); /* NULL for TIME_NONE and DEC_NONE */
int64_t cache_int(struct statement *statement, int column);                 /* and back */

#endif
