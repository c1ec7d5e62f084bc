/* What the files of db/ share and nobody else sees. */
#ifndef TN_DB_INTERNAL_H
#define TN_DB_INTERNAL_H

#include "db/db.h"

#include <sqlite3.h>

struct db {
    sqlite3 *handle;
    char *path;
    const struct db_schema *schema;
    bool writes;     /* opened to write */
    bool restricted; /* runs a user's SQL */
    bool outdated;   /* opened to read, but its schema is older */
    bool doubtful;
    int log_pages; /* in the write-ahead log after the last commit */
};

/* Turn SQLite's result into an error: "cannot WHAT 'PATH': …". Always -1. */
int db_fail(struct db *db, int result, const char *what, struct error *error);

#endif
