/* A SQLite file opened hardened: versions, access, locks, damage, and what each failure means. */
#include "db/db.h"
#include "tap.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const steps[] = {"CREATE TABLE pair(a INTEGER PRIMARY KEY, b TEXT) STRICT;",
                                    "ALTER TABLE pair ADD COLUMN c INTEGER;"};
static const struct db_schema first = {"diary", 0x746e3031, steps, 1, "write one", "restore it"};
static const struct db_schema second = {"diary", 0x746e3031, steps, 2, "write one", "restore it"};
static const struct db_schema other = {"atlas", 0x746e3032, steps, 1, "draw one", "draw it again"};

static char folder[] = "/tmp/test-db-XXXXXX";
static char path[64], log_path[64];
static struct error error;

static enum exit_code open_fails(enum db_access access, const struct db_schema *schema)
{
    error_clear(&error);
    struct db *db = db_open(path, access, schema, &error);
    if (db != NULL)
        db_close(db);
    return error.code;
}

static int64_t number(struct db *db, const char *sql)
{
    struct statement *statement = statement_open(db, sql, &error);
    const int64_t value =
        statement != NULL && statement_step(statement, &error) == 1 ? statement_int(statement, 0) : -1;
    statement_close(statement);
    return value;
}

static void check_versions(void)
{
    check(open_fails(DB_READ, &first) == EXIT_USAGE, "a file that is not there is a usage error");
    check_text(error.hint, "write one", "with the hint of its schema");
    check(access(path, F_OK) != 0, "and is not made by looking");
    struct db *db = db_open(path, DB_CREATE, &first, &error);
    error_clear(&error);
    check(db != NULL && number(db, "PRAGMA user_version") == 1, "created at version 1");
    struct stat status;
    check(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600, "for its owner only");
    check(db_execute(db, "INSERT INTO pair VALUES(1, 'x')", &error) == 0, "takes a row");
    check(number(db, "PRAGMA synchronous") == 2, "synchronous is FULL");
    db_close(db);
    db = db_open(path, DB_READ, &second, &error);
    check(db != NULL && number(db, "PRAGMA user_version") == 2, "a reader who may write brings it up to date");
    check(db != NULL && db_execute(db, "INSERT INTO pair VALUES(9, 'z', 1)", &error) != 0, "and then only reads");
    db_close(db);
    error_clear(&error);
    db = db_open(path, DB_WRITE, &second, &error);
    check(db != NULL && number(db, "SELECT count(*) FROM pair WHERE c IS NULL") == 1, "a migration keeps the rows");
    check(number(db, "SELECT count(*) FROM migration") == 2, "and is noted");
    db_close(db);
    check(open_fails(DB_WRITE, &first) == EXIT_USAGE, "fault-017: a newer schema is a usage error");
    check(open_fails(DB_READ, &first) == EXIT_USAGE, "fault-017: for readers too");
    check(open_fails(DB_CREATE, &other) == EXIT_USAGE, "a file of another kind is refused");
}

/* What was set from outside: of a file at version 2 its number, then its tables. */
static void check_changed(void)
{
    static const struct {
        const char *sql;
        enum exit_code code;
        const char *what;
    } changes[] = {
        {"PRAGMA user_version=0", EXIT_STATE, "its schema should be 0, but is 2"},
        {"PRAGMA user_version=-1", EXIT_STATE, "its schema should be -1, but is 2"},
        {"PRAGMA user_version=1", EXIT_STATE, "its schema should be 1, but is 2"},
        {"PRAGMA user_version=3", EXIT_STATE, "its schema should be 3, but is 2"},
        {"PRAGMA user_version=2147483647", EXIT_STATE, "its schema should be 2147483647, but is 2"},
        {"PRAGMA user_version=2; PRAGMA application_id=0", EXIT_USAGE, "is not a diary of True North"},
        {"PRAGMA user_version=0; PRAGMA application_id=0", EXIT_USAGE, "is not a diary of True North"},
        {"PRAGMA user_version=2; PRAGMA application_id=1953378353; DELETE FROM migration WHERE version=2", EXIT_STATE,
         "its schema should be 2, but is 1"},
        {"DELETE FROM migration", EXIT_STATE, "its schema should be 2, but is 0"},
        {"DROP TABLE migration", EXIT_STATE, "no such table: migration"},
    };
    static const enum db_access ways[] = {DB_READ, DB_WRITE, DB_CREATE};
    (void)snprintf(path, sizeof path, "%s/changed.db", folder);
    db_close(db_open(path, DB_CREATE, &second, &error));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sqlite3 *handle = NULL;
        check(sqlite3_open(path, &handle) == SQLITE_OK &&
                  sqlite3_exec(handle, changes[i].sql, NULL, NULL, NULL) == SQLITE_OK,
              "from outside: %s", changes[i].sql);
        sqlite3_close(handle);
        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
            check(open_fails(ways[way], &second) == changes[i].code && strstr(error.text, changes[i].what) != NULL,
                  "%s: %d, %s (%s)", changes[i].sql, changes[i].code, changes[i].what, error.text);
            check(changes[i].code == EXIT_USAGE || strcmp(error.hint, "restore it") == 0, "and what to do");
        }
    }
    /* A statement of ours that finds no table or column. */
    (void)snprintf(path, sizeof path, "%s/poor.db", folder);
    struct db *db = db_open(path, DB_CREATE, &second, &error);
    error_clear(&error);
    check(db_execute(db, "DROP TABLE pair; SELECT a FROM pair", &error) != 0 && error.code == EXIT_STATE,
          "a table that is gone: changed from outside");
    check(strstr(error.text, "was changed from outside: no such table: pair") != NULL, "it is named");
    error_clear(&error);
    db_close(db);
    (void)snprintf(path, sizeof path, "%s/diary.db", folder);
}

static void check_transactions(void)
{
    error_clear(&error);
    struct db *a = db_open(path, DB_WRITE, &second, &error);
    struct db *b = db_open(path, DB_WRITE, &second, &error);
    check(a != NULL && b != NULL, "two writers open");
    db_set_patience(b, 50);
    check(db_begin(a, &error) == 0 && db_in_transaction(a), "one begins");
    check(db_begin(b, &error) != 0 && error.code == EXIT_UNAVAILABLE, "fault-015: the other is told to try again");
    error_clear(&error);
    db_execute(a, "INSERT INTO pair VALUES(2, 'y', 3)", &error);
    check(number(b, "SELECT count(*) FROM pair") == 1, "unseen before the commit");
    check(db_commit(a, &error) == 0 && number(b, "SELECT count(*) FROM pair") == 2, "seen after it");
    check(db_begin(a, &error) == 0 && db_execute(a, "DELETE FROM pair", &error) == 0, "a deletion");
    db_rollback(a);
    check(number(a, "SELECT count(*) FROM pair") == 2, "is rolled back");
    check(db_execute(a, "INSERT INTO pair VALUES(2, 'z', 3)", &error) != 0 && error.code == EXIT_STATE,
          "a key twice does not hold together");
    error_clear(&error);
    db_close(a);
    db_close(b);
}

static void check_restricted(void)
{
    static const char *const refused[] = {
        "DELETE FROM pair",       "INSERT INTO pair VALUES(9, 'x', 1)", "ATTACH ':memory:' AS more",
        "PRAGMA query_only=OFF",  "PRAGMA writable_schema=ON",          "SELECT load_extension('x')",
        "CREATE TEMP TABLE t(a)", "SELECT nothing FROM pair",           "SELECT \"no column\" FROM pair",
    };
    struct db *db = db_open(path, DB_WRITE, &second, &error);
    check(db_restrict(db, &error) == 0 && number(db, "SELECT count(*) FROM pair") == 2, "a restricted file is read");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        error_clear(&error);
        check(db_execute(db, refused[i], &error) != 0 && error.code == EXIT_USAGE, "fault-071: refused: %s",
              refused[i]);
    }
    error_clear(&error);
    db_close(db);
}

static void check_statements(void)
{
    struct db *db = db_open(path, DB_WRITE, &second, &error);
    struct statement *put = statement_open(db, "INSERT INTO pair VALUES(?, ?, ?)", &error);
    const struct str text = STR("o'; DROP TABLE pair; --");
    statement_bind_int(put, 1, 5);
    statement_bind_text(put, 2, text);
    statement_bind_null(put, 3);
    check(statement_run(put, &error) == 0, "fault-071: SQL in a text is data");
    statement_close(put);
    struct statement *get = statement_open(db, "SELECT b, c, a FROM pair WHERE a = 5", &error);
    check(statement_step(get, &error) == 1 && str_equal(statement_bytes(get, 0), text), "and comes back to the byte");
    check(statement_kind(get, 1) == SQL_NULL && statement_kind(get, 2) == SQL_INT, "kinds are known");
    check_text(statement_column_name(get, 1), "c", "names are known");
    statement_close(get);
    const char *rest;
    check(statement_open_first(db, "  -- nothing\n", &rest, &error) == NULL && !error_is_set(&error),
          "a comment is not a statement");
    check(db_checkpoint(db, &error) == 0, "the log goes into the file");
    db_close(db);
}

static void spoil(off_t at, const char *bytes, size_t count)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    check(fd >= 0 && pwrite(fd, bytes, count, at) == (ssize_t)count, "spoil the file");
    close(fd);
}

static void check_damage(void)
{
    struct stat before, after;
    stat(path, &before);
    struct db *db = db_open(path, DB_READ, &second, &error);
    check(db != NULL && db_check_integrity(db, &error) == 0, "whole before");
    db_close(db);
    static const char garbage[4096] = "garbage";
    spoil(4096, garbage, sizeof garbage); /* a page inside */
    error_clear(&error);
    db = db_open(path, DB_READ, &second, &error);
    check(db == NULL || db_check_integrity(db, &error) != 0, "fault-016: a spoilt page is found");
    check(error.code == EXIT_STATE, "fault-016: ends with 9");
    check_text(error.hint, "restore it", "fault-016: says what to do");
    db_close(db);
    check(truncate(path, before.st_size - 4096) == 0 && open_fails(DB_READ, &second) == EXIT_STATE,
          "fault-016: a truncated file ends with 9");
    check(stat(path, &after) == 0 && after.st_size == before.st_size - 4096, "fault-016: and is left as it is");
    spoil(0, garbage, 100);
    check(open_fails(DB_WRITE, &second) == EXIT_STATE, "fault-016: no database at all ends with 9");
}

static void make_file(const char *name, const char *text)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

/* What is in the place of a file, or beside where it was. */
static void check_places(void)
{
    char long_path[5000], head[96];
    (void)snprintf(path, sizeof path, "%s/place.db", folder);
    (void)snprintf(head, sizeof head, "%s-head", path);
    require(mkdir(path, 0700) == 0);
    check(open_fails(DB_READ, &first) == EXIT_USAGE, "a folder: %s", error.text);
    require(rmdir(path) == 0);
    make_file(head, "rubbish");
    check(open_fails(DB_READ, &first) == EXIT_STATE && open_fails(DB_CREATE, &first) == EXIT_STATE &&
              access(path, F_OK) != 0,
          "a log that is gone beside a damaged head is not made anew: %s", error.text);
    make_file(head, "00000000000000000042 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff sure \n");
    check(open_fails(DB_CREATE, &first) == EXIT_STATE && strstr(error.text, "42") != NULL,
          "nor beside one of 42 events: %s", error.text);
    require(unlink(head) == 0);
    (void)snprintf(path, sizeof path, "%s/nowhere/place.db", folder);
    check(open_fails(DB_CREATE, &first) == EXIT_SYSTEM, "in a folder that is not there: %s", error.text);
    (void)snprintf(path, sizeof path, "/dev/null/place.db");
    check(open_fails(DB_READ, &first) == EXIT_SYSTEM, "in something that is no folder: %s", error.text);
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    error_clear(&error);
    check(db_open(long_path, DB_CREATE, &first, &error) == NULL && error_is_set(&error), "a path that is too long");
    /* Texts in UTF-16 are others to whoever reads bytes. */
    (void)snprintf(path, sizeof path, "%s/wide.db", folder);
    sqlite3 *handle = NULL;
    require(sqlite3_open(path, &handle) == SQLITE_OK &&
            sqlite3_exec(handle,
                         "PRAGMA encoding='UTF-16'; PRAGMA application_id=1953378353; PRAGMA user_version=1;"
                         "CREATE TABLE migration(version INTEGER PRIMARY KEY, applied INTEGER NOT NULL,"
                         " program TEXT NOT NULL) STRICT; INSERT INTO migration VALUES(1, 1, 'x');",
                         NULL, NULL, NULL) == SQLITE_OK);
    require(sqlite3_close(handle) == SQLITE_OK);
    check(open_fails(DB_READ, &first) == EXIT_STATE && strstr(error.text, "UTF-16") != NULL, "UTF-16: %s", error.text);
    require(unlink(path) == 0);
    /* Of functions a query calls all but those that load code. */
    error_clear(&error);
    struct db *db = db_open_memory(&first, &error);
    require(db != NULL && db_restrict(db, &error) == 0);
    check(number(db, "SELECT length('abc')") == 3, "a function");
    check(number(db, "SELECT load_extension('x')") == -1 && error_is_set(&error), "not load_extension: %s", error.text);
    error_clear(&error);
    check(number(db, "PRAGMA page_size") == -1 && error.code == EXIT_USAGE, "nor a pragma that is not listed");
    error_clear(&error);
    check(number(db, "PRAGMA user_version") == 1, "but one that is");
    db_close(db);
    error_clear(&error);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/diary.db", folder);
    check_versions();
    check_changed();
    check_transactions();
    check_restricted();
    check_statements();
    check_damage();
    check_places();
    static const char *const names[] = {"diary", "changed", "poor"}, *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 9; i++) {
        (void)snprintf(log_path, sizeof log_path, "%s/%s.db%s", folder, names[i / 3], suffixes[i % 3]);
        unlink(log_path);
    }
    rmdir(folder);
    return done();
}
