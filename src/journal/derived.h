/* The tables of a journal that follow from one event each, kept for queries: orders, order_updates, fills, cash,
 * equity, notes.
 *
 * A type of record that names a table has one (.table of record/types/): its columns are the members, their kinds say
 * what SQLite makes of them. Times are RFC 3339 text; quantities and money are numbers as SQLite has them (doubles),
 * exact only in the events. The tables are made and filled by whoever opens a journal to write and finds others. */
#ifndef TN_JOURNAL_DERIVED_H
#define TN_JOURNAL_DERIVED_H

#include "journal/kinds.h"

/* Part of the second migration: the end of the tables of version 0.1.0, where there are any. */
#define DERIVED_SCHEMA_2                                                                                               \
    "DROP TABLE IF EXISTS accounts; DROP TABLE IF EXISTS orders; DROP TABLE IF EXISTS order_updates;"                  \
    "DROP TABLE IF EXISTS fills; DROP TABLE IF EXISTS positions; DROP TABLE IF EXISTS lots;"                           \
    "DROP TABLE IF EXISTS cash; DROP TABLE IF EXISTS equity; DROP TABLE IF EXISTS notes;"

/* The table of a type: its name and the order of its rows; false: the type has none. */
struct derived_table {
    const char *name, *order;
};
bool derived_table(enum record_type type, struct derived_table *table);

/* 1: the file has these tables; 0: others, or none; -1. */
int derived_fit(struct db *db, struct error *error);
/* Make them, empty, in place of what is there. */
int derived_make(struct db *db, struct error *error);

struct derived;

/* The prepared statements; closed before the file is. */
struct derived *derived_new(struct db *db, struct error *error);
void derived_free(struct derived *derived);
/* Write the rows of one event. */
int derived_put(struct derived *derived, const struct event *event, const struct event_reader *reader,
                struct error *error);

#endif
