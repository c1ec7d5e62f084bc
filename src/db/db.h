/* A SQLite file that must not lie: opened with one set of pragmas, versioned, its failures mapped to exit codes.
 *
 * This folder is the only user of sqlite3. Every connection is hardened (defensive mode, untrusted schema, no
 * extensions, no double-quoted strings) and writes with WAL and synchronous=FULL, so that db_commit returns 0 only
 * when the rows are on the disk. The write-ahead log is checkpointed by us, never silently by SQLite, because a failed
 * fsync must be seen.
 *
 * Errors: locked for longer than 5 s is EXIT_UNAVAILABLE; damaged, or with another schema than
 * was made, is EXIT_STATE with the advice to restore; newer than this program is EXIT_USAGE; disk full, read-only,
 * failed fsync and the like are EXIT_SYSTEM. */
#ifndef TN_DB_DB_H
#define TN_DB_DB_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct statement;

enum db_access {
    DB_READ,   /* the file must exist; an older schema is brought up to date first, where the user may write */
    DB_WRITE,  /* the file must exist; brings an older schema up to date */
    DB_CREATE, /* as DB_WRITE, and makes the file (0600) when it is not there */
};

struct db_schema {
    const char *what;             /* "journal", for messages */
    int32_t application;          /* SQLite's application_id of such a file */
    const char *const *migration; /* SQL; migration[i] takes version i to version i + 1 */
    int versions;
    const char *missing_hint; /* what to do when there is no such file */
    const char *damaged_hint; /* what to do when it is damaged */
};

/* A file that is not there (or has no schema yet), opened without DB_CREATE, is EXIT_USAGE. `schema` must outlive it.
 */
struct db *db_open(const char *path, enum db_access wanted, const struct db_schema *schema, struct error *error);
/* A new one in memory, at the newest schema: for comparing. */
struct db *db_open_memory(const struct db_schema *schema, struct error *error);
void db_close(struct db *db);
const char *db_path(const struct db *db);
const char *db_damaged_hint(const struct db *db);
/* Milliseconds to wait for another program's lock; 5000 after opening. */
void db_set_patience(struct db *db, int milliseconds);

/* A write transaction (taken at once, so that it cannot fail half-way for a lock), or a read snapshot. */
int db_begin(struct db *db, struct error *error);
int db_begin_read(struct db *db, struct error *error);
/* On an error nothing of the transaction is kept as far as this connection can tell. When the disk itself failed,
 * db_is_doubtful is true from then on. */
int db_commit(struct db *db, struct error *error);
void db_rollback(struct db *db); /* harmless without a transaction */
bool db_in_transaction(const struct db *db);
/* A commit or checkpoint of this connection failed in the disk: what the file holds is not known. */
bool db_is_doubtful(const struct db *db);
/* Write the whole write-ahead log into the file and sync it. */
int db_checkpoint(struct db *db, struct error *error);

/* Run one or more statements that return no rows. */
int db_execute(struct db *db, const char *sql, struct error *error);
/* SQLite's own check of pages, indexes and constraints: 0, or EXIT_STATE with the first finding. */
int db_check_integrity(struct db *db, struct error *error);
/* From now on only statements that read (and no attach, no pragma that changes anything): for SQL from a user, whose
 * mistakes are EXIT_USAGE. There is no way back. */
int db_restrict(struct db *db, struct error *error);

/* Prepared statements. A bound text or blob must stay until the statement is reset; a column's bytes live until the
 * next step or reset. Parameters count from 1, columns from 0, as in SQLite. */
struct statement *statement_open(struct db *db, const char *sql, struct error *error);
/* The same for the first of several statements; *rest is where the next begins. NULL with an error not set: only
 * blanks or a comment. */
struct statement *statement_open_first(struct db *db, const char *sql, const char **rest, struct error *error);
void statement_close(struct statement *statement);
void statement_bind_int(struct statement *statement, int parameter, int64_t value);
void statement_bind_real(struct statement *statement, int parameter, double value); /* NaN is NULL */
void statement_bind_text(struct statement *statement, int parameter, struct str text);
void statement_bind_blob(struct statement *statement, int parameter, const void *bytes, size_t count);
void statement_bind_null(struct statement *statement, int parameter);
/* 1 a row, 0 no more, -1 error; after 0 and -1 the statement is reset and can run again. */
int statement_step(struct statement *statement, struct error *error);
/* Step a statement that gives no row. */
int statement_run(struct statement *statement, struct error *error);
void statement_reset(struct statement *statement);

enum sql_kind { SQL_NULL, SQL_INT, SQL_REAL, SQL_TEXT, SQL_BLOB };
int statement_columns(const struct statement *statement);
const char *statement_column_name(const struct statement *statement, int column);
enum sql_kind statement_kind(struct statement *statement, int column);
int64_t statement_int(struct statement *statement, int column);
double statement_real(struct statement *statement, int column);
struct str statement_bytes(struct statement *statement, int column); /* of a text (UTF-8) or blob; "" for NULL */

#endif
