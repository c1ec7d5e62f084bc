/* The derived tables of a journal: what the events mean, kept for queries.
 *
 * orders, order_updates, fills, cash, equity and notes follow from one event each and are written here; accounts,
 * positions and lots follow from the ledger and are written by books.h. Times are RFC 3339 text; quantities and money
 * are numbers as SQLite has them (doubles), exact only in the events. */
#ifndef TN_JOURNAL_DERIVED_H
#define TN_JOURNAL_DERIVED_H

#include "journal/kinds.h"

/* SQL of the tables, and their names with the order of their rows, for comparing and emptying them. */
#define DERIVED_SCHEMA                                                                                                 \
    "CREATE TABLE accounts(account TEXT PRIMARY KEY, mode TEXT, currency TEXT, cash NUMERIC, commission NUMERIC,"      \
    " fees NUMERIC, halted INTEGER, opened TEXT) WITHOUT ROWID;"                                                       \
    "CREATE TABLE orders(id TEXT PRIMARY KEY, account TEXT, mode TEXT, time TEXT, symbol TEXT, side TEXT,"             \
    " quantity NUMERIC, order_type TEXT, limit_price NUMERIC, stop_price NUMERIC, time_in_force TEXT,"                 \
    " valid_until TEXT, class TEXT, role TEXT, parent TEXT, strategy TEXT, signal TEXT, status TEXT,"                  \
    " filled_quantity NUMERIC, average_price NUMERIC, broker_id TEXT, reason TEXT, updated TEXT, seq INTEGER)"         \
    " WITHOUT ROWID;"                                                                                                  \
    "CREATE INDEX orders_signal ON orders(signal) WHERE signal IS NOT NULL;"                                           \
    "CREATE INDEX orders_parent ON orders(parent) WHERE parent IS NOT NULL;"                                           \
    "CREATE TABLE order_updates(seq INTEGER PRIMARY KEY, order_id TEXT, account TEXT, mode TEXT, time TEXT,"           \
    " status TEXT, filled_quantity NUMERIC, average_price NUMERIC, reason TEXT, revision INTEGER);"                    \
    "CREATE INDEX order_updates_order ON order_updates(order_id);"                                                     \
    "CREATE TABLE fills(id TEXT PRIMARY KEY, order_id TEXT, account TEXT, mode TEXT, time TEXT, symbol TEXT,"          \
    " strategy TEXT, role TEXT, side TEXT, quantity NUMERIC, price NUMERIC, currency TEXT, multiplier NUMERIC,"        \
    " commission NUMERIC, fees NUMERIC, liquidity TEXT, venue TEXT, corrects TEXT, seq INTEGER) WITHOUT ROWID;"        \
    "CREATE INDEX fills_order ON fills(order_id);"                                                                     \
    "CREATE TABLE positions(account TEXT, strategy TEXT, symbol TEXT, quantity NUMERIC, average_price NUMERIC,"        \
    " cost NUMERIC, realized NUMERIC, multiplier NUMERIC, PRIMARY KEY(account, strategy, symbol)) WITHOUT ROWID;"      \
    "CREATE TABLE lots(account TEXT, strategy TEXT, symbol TEXT, n INTEGER, quantity NUMERIC, cost NUMERIC,"           \
    " opened TEXT, fill TEXT, PRIMARY KEY(account, strategy, symbol, n)) WITHOUT ROWID;"                               \
    "CREATE TABLE cash(id TEXT PRIMARY KEY, account TEXT, mode TEXT, time TEXT, currency TEXT, amount NUMERIC,"        \
    " kind TEXT, symbol TEXT, strategy TEXT, reference TEXT, seq INTEGER) WITHOUT ROWID;"                              \
    "CREATE TABLE equity(seq INTEGER PRIMARY KEY, account TEXT, mode TEXT, time TEXT, equity NUMERIC, cash NUMERIC,"   \
    " exposure NUMERIC);"                                                                                              \
    "CREATE INDEX equity_account ON equity(account, time);"                                                            \
    "CREATE TABLE notes(seq INTEGER PRIMARY KEY, id TEXT, time TEXT, symbol TEXT, about TEXT, tags TEXT, text TEXT);"  \
    "CREATE INDEX notes_about ON notes(about) WHERE about IS NOT NULL;"

struct derived_table {
    const char *name, *order;
};

extern const struct derived_table derived_tables[];
extern const int derived_table_count;

struct derived;

/* The prepared statements; closed before the file is. */
struct derived *derived_new(struct db *db, struct error *error);
void derived_free(struct derived *derived);
/* Write the rows of one event. */
int derived_put(struct derived *derived, const struct event *event, const struct event_reader *reader,
                struct error *error);
/* Empty all tables. */
int derived_empty(struct derived *derived, struct error *error);

#endif
