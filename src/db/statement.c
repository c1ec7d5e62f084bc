/* Prepared statements: bind, step, read columns. */
#include "db/internal.h"

#include <limits.h>
#include <stdlib.h>

struct statement {
    struct db *db;
    sqlite3_stmt *handle;
};

struct statement *statement_open_first(struct db *db, const char *sql, const char **rest, struct error *error)
{
    sqlite3_stmt *handle = NULL;
    const int result = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, rest);
    if (result != SQLITE_OK) {
        db_fail(db, result, "read", error);
        return NULL;
    }
    if (handle == NULL)
        return NULL;
    struct statement *statement = malloc(sizeof *statement);
    if (statement == NULL) {
        sqlite3_finalize(handle);
        error_memory(error);
        return NULL;
    }
    *statement = (struct statement){.db = db, .handle = handle};
    return statement;
}

struct statement *statement_open(struct db *db, const char *sql, struct error *error)
{
    return statement_open_first(db, sql, NULL, error);
}

void statement_close(struct statement *statement)
{
    if (statement == NULL)
        return;
    sqlite3_finalize(statement->handle);
    free(statement);
}

void statement_bind_int(struct statement *statement, int parameter, int64_t value)
{
    require(sqlite3_bind_int64(statement->handle, parameter, value) == SQLITE_OK);
}

void statement_bind_real(struct statement *statement, int parameter, double value)
{
    require(sqlite3_bind_double(statement->handle, parameter, value) == SQLITE_OK);
}

void statement_bind_text(struct statement *statement, int parameter, struct str text)
{
    require(text.n <= INT_MAX);
    require(sqlite3_bind_text(statement->handle, parameter, text.p, (int)text.n, SQLITE_STATIC) == SQLITE_OK);
}

void statement_bind_blob(struct statement *statement, int parameter, const void *bytes, size_t count)
{
    require(count <= INT_MAX);
    require(sqlite3_bind_blob(statement->handle, parameter, bytes, (int)count, SQLITE_STATIC) == SQLITE_OK);
}

void statement_bind_null(struct statement *statement, int parameter)
{
    require(sqlite3_bind_null(statement->handle, parameter) == SQLITE_OK);
}

int statement_step(struct statement *statement, struct error *error)
{
    const int result = sqlite3_step(statement->handle);
    if (result == SQLITE_ROW)
        return 1;
    if (result != SQLITE_DONE) {
        const bool writes = sqlite3_stmt_readonly(statement->handle) == 0;
        db_fail(statement->db, result, writes ? "write" : "read", error);
    }
    (void)sqlite3_reset(statement->handle);
    return result == SQLITE_DONE ? 0 : -1;
}

int statement_run(struct statement *statement, struct error *error)
{
    const int got = statement_step(statement, error);
    require(got != 1);
    return got;
}

void statement_reset(struct statement *statement)
{
    (void)sqlite3_reset(statement->handle);
}

int statement_columns(const struct statement *statement)
{
    return sqlite3_column_count(statement->handle);
}

const char *statement_column_name(const struct statement *statement, int column)
{
    return sqlite3_column_name(statement->handle, column);
}

enum sql_kind statement_kind(struct statement *statement, int column)
{
    switch (sqlite3_column_type(statement->handle, column)) {
    case SQLITE_INTEGER:
        return SQL_INT;
    case SQLITE_FLOAT:
        return SQL_REAL;
    case SQLITE_TEXT:
        return SQL_TEXT;
    case SQLITE_BLOB:
        return SQL_BLOB;
    default:
        return SQL_NULL;
    }
}

int64_t statement_int(struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

double statement_real(struct statement *statement, int column)
{
    return sqlite3_column_double(statement->handle, column);
}

/* A text too: asked for as text, SQLite would copy it for the NUL, and say NULL when it could not. */
struct str statement_bytes(struct statement *statement, int column)
{
    const char *bytes = sqlite3_column_blob(statement->handle, column);
    const int length = sqlite3_column_bytes(statement->handle, column);
    return bytes == NULL ? STR("") : (struct str){bytes, (size_t)length};
}
