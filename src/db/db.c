/* Opening a SQLite file hardened and versioned, its transactions and checkpoints, and what its failures mean. */
#include "db/internal.h"

#include "base/time.h"
#include "db/head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS         5000
#define CHECKPOINT_PAGES    1000 /* 4 MiB of log: SQLite's own default */
#define CHECKPOINT_ON_CLOSE 256  /* a longer log would be felt when the next program opens the file */
#define VERSION_TEXT_MAX    64

/* SQLite calls a page that the disk did not give "malformed", as it does one with wrong bytes. The errno of the last
 * read that failed: 0 when none did. */
static int failed_read(struct db *db)
{
    sqlite3_file *log = NULL;
    int main_errno = 0, log_errno = 0;
    if (db->handle == NULL)
        return 0;
    (void)sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_LAST_ERRNO, &main_errno);
    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log) == SQLITE_OK &&
        log != NULL && log->pMethods != NULL)
        (void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &log_errno);
    const int failed = main_errno != 0 ? main_errno : log_errno;
    return failed == EIO || failed == ENXIO || failed == ERANGE ? failed : 0;
}

/* The disk said no, which system call it was that failed, and why. */
static int fail_in_system(struct db *db, const char *what, struct error *error)
{
    errno = sqlite3_system_errno(db->handle);
    if (errno == 0)
        return error_set(error, EXIT_SYSTEM, "cannot %s '%s': %s", what, db->path, sqlite3_errmsg(db->handle));
    return error_system(error, "cannot %s '%s'", what, db->path);
}

static int fail_changed(const struct db *db, const char *what, struct error *error)
{
    error_set(error, EXIT_STATE, "'%s' was changed from outside: %s", db->path, what);
    error_hint(error, "%s", db->schema->damaged_hint);
    return -1;
}

int db_fail(struct db *db, int result, const char *what, struct error *error)
{
    const char *message = db->handle == NULL ? sqlite3_errstr(result) : sqlite3_errmsg(db->handle);
    if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC)
        db->doubtful = true;
    switch (result & 0xff) {
    case SQLITE_NOMEM:
        return error_memory(error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        error_set(error, EXIT_UNAVAILABLE, "cannot %s '%s': another program has locked it", what, db->path);
        error_hint(error, "nothing was changed; try again");
        return -1;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        if ((errno = failed_read(db)) != 0)
            return error_system(error, "cannot read '%s'", db->path);
        error_set(error, EXIT_STATE, "'%s' is damaged: %s", db->path, message);
        error_hint(error, "%s", db->schema->damaged_hint);
        return -1;
    case SQLITE_FULL:
        return error_set(error, EXIT_SYSTEM, "cannot %s '%s': the disk is full", what, db->path);
    case SQLITE_READONLY:
        return error_set(error, EXIT_SYSTEM, "cannot %s '%s': it is read-only", what, db->path);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return fail_in_system(db, what, error);
    case SQLITE_CONSTRAINT:
        return error_set(error, EXIT_STATE, "cannot %s '%s': %s", what, db->path, message);
    default:
        if (db->restricted && (result & 0xff) == SQLITE_AUTH)
            return error_set(error, EXIT_USAGE, "a query can only read");
        if (db->restricted)
            return error_set(error, EXIT_USAGE, "%s", message);
        /* Our own SQL does not fit what it finds: a table or a column is gone. */
        if ((result & 0xff) == SQLITE_ERROR || (result & 0xff) == SQLITE_MISMATCH)
            return fail_changed(db, message, error);
        return error_set(error, EXIT_SYSTEM, "cannot %s '%s': %s", what, db->path, message);
    }
}

static int on_log_growth(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    ((struct db *)context)->log_pages = pages;
    return SQLITE_OK;
}

/* A file that is not there, or empty, though the head beside it says that it held events (head.h). */
static int check_head(const struct db *db, struct error *error)
{
    struct head head;
    enum head_state state;
    if (head_read(db->path, &head, &state, error) != 0)
        return -1;
    if (state == HEAD_DAMAGED)
        return error_set(error, EXIT_STATE, "'%s' is missing, and '%s-head' is damaged", db->path, db->path);
    if (head.seq == 0)
        return 0;
    error_set(error, EXIT_STATE, "'%s' has lost everything: event %lld was written", db->path, (long long)head.seq);
    error_hint(error, "%s", db->schema->damaged_hint);
    return -1;
}

static int missing(const struct db *db, struct error *error)
{
    if (check_head(db, error) != 0)
        return -1;
    error_set(error, EXIT_USAGE, "there is no %s '%s'", db->schema->what, db->path);
    error_hint(error, "%s", db->schema->missing_hint);
    return -1;
}

/* Made here, not by SQLite, for its permissions; the log and the shared memory get the same. */
static int file_create(const struct db *db, struct error *error)
{
    if (access(db->path, F_OK) == 0)
        return 0;
    if (check_head(db, error) != 0)
        return -1;
    const int fd = open(db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? 0 : error_system(error, "cannot create '%s'", db->path);
    close(fd);
    return 0;
}

static int file_find(const struct db *db, struct error *error)
{
    struct stat status;
    if (stat(db->path, &status) == 0)
        return S_ISREG(status.st_mode) ? 0 : error_set(error, EXIT_USAGE, "'%s' is not a regular file", db->path);
    if (errno != ENOENT)
        return error_system(error, "cannot read '%s'", db->path);
    return missing(db, error);
}

static int harden(struct db *db, struct error *error)
{
    sqlite3 *handle = db->handle;
    static const int on[] = {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_ENABLE_FKEY};
    static const int off[] = {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                              SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL};
    int result = SQLITE_OK;
    for (size_t i = 0; i < sizeof on / sizeof *on && result == SQLITE_OK; i++)
        result = sqlite3_db_config(handle, on[i], 1, (int *)NULL);
    for (size_t i = 0; i < sizeof off / sizeof *off && result == SQLITE_OK; i++)
        result = sqlite3_db_config(handle, off[i], 0, (int *)NULL);
    if (result == SQLITE_OK)
        result = sqlite3_extended_result_codes(handle, 1);
    if (result != SQLITE_OK)
        return db_fail(db, result, "open", error);
    db_set_patience(db, PATIENCE_MS);
    sqlite3_wal_hook(handle, on_log_growth, db);
    return db_execute(db,
                      "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA recursive_triggers=ON;"
                      "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-16000;",
                      error);
}

static int read_int(struct db *db, const char *sql, int64_t *value, struct error *error)
{
    struct statement *statement = statement_open(db, sql, error);
    if (statement == NULL)
        return -1;
    const int got = statement_step(statement, error);
    if (got == 1)
        *value = statement_int(statement, 0);
    statement_close(statement);
    return got == 1 ? 0 : error_set(error, EXIT_STATE, "'%s' does not support '%s'", db->path, sql);
}

/* Changing into WAL mode takes an exclusive lock without asking the busy handler: two programs that make the same file
 * at the same moment meet here. */
static int enter_wal(struct db *db, struct error *error)
{
    const int64_t deadline = time_monotonic() + PATIENCE_MS * (TIME_SECOND / 1000);
    for (;;) {
        const int result = sqlite3_exec(db->handle, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
        if (result == SQLITE_OK)
            return 0;
        if ((result & 0xff) != SQLITE_BUSY || time_monotonic() > deadline)
            return db_fail(db, result, "open", error);
        usleep(5000);
    }
}

/* Texts are read as they are stored, this one too: it is another one in UTF-16. */
static int check_encoding(struct db *db, struct error *error)
{
    struct statement *statement = statement_open(db, "PRAGMA encoding", error);
    if (statement == NULL)
        return -1;
    int got = statement_step(statement, error);
    if (got == 1 && !str_is(statement_bytes(statement, 0), "UTF-8"))
        got = error_set(error, EXIT_STATE, "'%s' stores text as UTF-16, not as UTF-8", db->path);
    statement_close(statement);
    return got == 1 ? 0 : -1;
}

static int versions(struct db *db, int64_t *version, int64_t *application, struct error *error)
{
    return read_int(db, "PRAGMA user_version", version, error) == 0 &&
                   read_int(db, "PRAGMA application_id", application, error) == 0
               ? 0
               : -1;
}

static int migrate_step(struct db *db, int version, struct error *error)
{
    char number[VERSION_TEXT_MAX];
    (void)sqlite3_snprintf((int)sizeof number, number, "PRAGMA user_version=%d", version + 1);
    if (version == 0) {
        char application[VERSION_TEXT_MAX];
        (void)sqlite3_snprintf((int)sizeof application, application, "PRAGMA application_id=%d",
                               (int)db->schema->application);
        if (db_execute(db, application, error) != 0 ||
            db_execute(db,
                       "CREATE TABLE migration(version INTEGER PRIMARY KEY, applied INTEGER NOT NULL,"
                       " program TEXT NOT NULL) STRICT",
                       error) != 0)
            return -1;
    }
    if (db_execute(db, db->schema->migration[version], error) != 0 || db_execute(db, number, error) != 0)
        return -1;
    struct statement *note = statement_open(db, "INSERT INTO migration VALUES(?, ?, ?)", error);
    if (note == NULL)
        return -1;
    statement_bind_int(note, 1, version + 1);
    statement_bind_int(note, 2, time_now());
    statement_bind_text(note, 3, STR("True North " TN_VERSION));
    const int result = statement_run(note, error);
    statement_close(note);
    return result;
}

/* All missing steps in one transaction: the file has the old schema or the new one. */
static int migrate(struct db *db, struct error *error)
{
    int64_t version = 0, application = 0;
    if (db_begin(db, error) != 0)
        return -1;
    int result = versions(db, &version, &application, error); /* again: another program may have been faster */
    while (result == 0 && version < db->schema->versions)
        result = migrate_step(db, (int)version++, error);
    if (result == 0)
        result = db_commit(db, error);
    db_rollback(db);
    return result;
}

/* What a file says of itself, in one snapshot: another program may be making it. */
struct claim {
    int64_t version, application; /* in its head, where anybody can set them */
    int64_t tables, noted;        /* what is in it, and the version that the migrations have noted */
};

static int read_claim(struct db *db, struct claim *claim, struct error *error)
{
    *claim = (struct claim){0, 0, 0, 0};
    if (db_begin_read(db, error) != 0)
        return -1;
    int result = versions(db, &claim->version, &claim->application, error);
    if (result == 0)
        result = read_int(db, "SELECT count(*) FROM sqlite_schema", &claim->tables, error);
    if (result == 0 && claim->application == db->schema->application)
        result = read_int(db, "SELECT coalesce(max(version), 0) FROM migration", &claim->noted, error);
    db_rollback(db);
    return result;
}

/* A file of another program is left alone; one of ours is of the version that was made. */
static int check_claim(struct db *db, const struct claim *claim, struct error *error)
{
    char what[VERSION_TEXT_MAX];
    if (claim->application != db->schema->application &&
        (claim->application != 0 || claim->version != 0 || claim->tables != 0))
        return error_set(error, EXIT_USAGE, "'%s' is not a %s of True North", db->path, db->schema->what);
    if (claim->tables == 0 || (claim->noted == claim->version && claim->version > 0))
        return 0;
    (void)sqlite3_snprintf((int)sizeof what, what, "its schema should be %lld, but is %lld", (long long)claim->version,
                           (long long)claim->noted);
    return fail_changed(db, what, error);
}

static int check_schema(struct db *db, enum db_access wanted, struct error *error)
{
    struct claim claim;
    if (read_claim(db, &claim, error) != 0)
        return -1;
    const int64_t version = claim.version;
    if (version == 0 && claim.application == 0 && check_head(db, error) != 0)
        return -1;
    if (version == 0 && claim.application == 0 && claim.tables == 0 && wanted != DB_CREATE)
        return missing(db, error);
    if (check_claim(db, &claim, error) != 0 || check_encoding(db, error) != 0)
        return -1;
    if (version > db->schema->versions) {
        error_set(error, EXIT_USAGE, "'%s' was written by a newer True North: its schema is %d, this one knows %d",
                  db->path, (int)version, db->schema->versions);
        error_hint(error, "install the newer version; the file was not changed");
        return -1;
    }
    if (version == db->schema->versions)
        return wanted == DB_READ ? 0 : enter_wal(db, error); /* a copy put back is not in WAL mode yet */
    if (wanted == DB_READ) {
        error_set(error, EXIT_USAGE, "'%s' was written by an older True North (schema %d)", db->path, (int)version);
        error_hint(error, "any command that reads it upgrades it, if the user may write to it");
        db->outdated = true;
        return -1;
    }
    return enter_wal(db, error) == 0 && migrate(db, error) == 0 ? 0 : -1;
}

static struct db *db_new(const char *path, const struct db_schema *schema, struct error *error)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL || (db->path = strdup(path)) == NULL) {
        free(db);
        error_memory(error);
        return NULL;
    }
    db->schema = schema;
    return db;
}

static int connect(struct db *db, int flags, struct error *error)
{
    const int result =
        sqlite3_open_v2(db->path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    return result == SQLITE_OK ? harden(db, error) : db_fail(db, result, "open", error);
}

static struct db *open_once(const char *path, enum db_access wanted, const struct db_schema *schema, bool *outdated,
                            struct error *error)
{
    struct db *db = db_new(path, schema, error);
    if (db == NULL)
        return NULL;
    db->writes = wanted != DB_READ;
    if ((wanted == DB_CREATE ? file_create(db, error) : file_find(db, error)) == 0 &&
        connect(db, wanted == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, error) == 0 &&
        check_schema(db, wanted, error) == 0)
        return db;
    *outdated = db->outdated && access(path, W_OK) == 0;
    db_close(db);
    return NULL;
}

struct db *db_open(const char *path, enum db_access wanted, const struct db_schema *schema, struct error *error)
{
    bool outdated = false;
    struct db *db = open_once(path, wanted, schema, &outdated, error);
    if (db != NULL || !outdated)
        return db;
    error_clear(error);
    db_close(open_once(path, DB_WRITE, schema, &outdated, error));
    return error_is_set(error) ? NULL : open_once(path, wanted, schema, &outdated, error);
}

struct db *db_open_memory(const struct db_schema *schema, struct error *error)
{
    struct db *db = db_new(":memory:", schema, error);
    if (db == NULL)
        return NULL;
    db->writes = true;
    if (connect(db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, error) == 0 && migrate(db, error) == 0)
        return db;
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    if (db->handle != NULL) {
        db_rollback(db);
        if (db->writes && !db->doubtful && db->log_pages >= CHECKPOINT_ON_CLOSE) {
            sqlite3_busy_timeout(db->handle, 0); /* tidying up is no reason to wait for a reader */
            (void)sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        }
        const int result = sqlite3_close(db->handle);
        require(result == SQLITE_OK); /* a statement was left open */
    }
    free(db->path);
    free(db);
}

const char *db_path(const struct db *db)
{
    return db->path;
}

const char *db_damaged_hint(const struct db *db)
{
    return db->schema->damaged_hint;
}

void db_set_patience(struct db *db, int milliseconds)
{
    sqlite3_busy_timeout(db->handle, milliseconds);
}

bool db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

bool db_is_doubtful(const struct db *db)
{
    return db->doubtful;
}

/* A transaction stands where there was no memory to end it. */
static bool is_left_open(struct db *db, struct error *error)
{
    if (!db_in_transaction(db))
        return false;
    error_set(error, EXIT_SYSTEM, "an earlier transaction in '%s' could not be completed", db->path);
    return true;
}

int db_begin(struct db *db, struct error *error)
{
    if (is_left_open(db, error))
        return -1;
    if (db->doubtful)
        return error_set(error, EXIT_SYSTEM, "cannot write '%s': the disk failed in an earlier write", db->path);
    return db_execute(db, "BEGIN IMMEDIATE", error);
}

int db_begin_read(struct db *db, struct error *error)
{
    return is_left_open(db, error) ? -1 : db_execute(db, "BEGIN", error);
}

void db_rollback(struct db *db)
{
    if (db_in_transaction(db))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static bool is_disk_failure(int result)
{
    return (result & 0xff) == SQLITE_IOERR;
}

int db_checkpoint(struct db *db, struct error *error)
{
    const int result = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (result == SQLITE_OK) {
        db->log_pages = 0;
        return 0;
    }
    if (is_disk_failure(result))
        db->doubtful = true;
    return db_fail(db, result, "write", error);
}

int db_commit(struct db *db, struct error *error)
{
    const int result = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK) {
        /* After a failed fsync the kernel may drop the page and report success the next time: never try again. */
        if (is_disk_failure(result))
            db->doubtful = true;
        db_fail(db, result, "write", error);
        db_rollback(db);
        return -1;
    }
    if (db->log_pages >= CHECKPOINT_PAGES) {
        /* The rows are safe in the log whatever happens here; but a disk that fails now must stop the next write. */
        const int moved = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if (is_disk_failure(moved))
            db->doubtful = true;
    }
    return 0;
}

int db_execute(struct db *db, const char *sql, struct error *error)
{
    const int result = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? 0 : db_fail(db, result, db->writes ? "write" : "read", error);
}

int db_check_integrity(struct db *db, struct error *error)
{
    struct statement *statement = statement_open(db, "PRAGMA integrity_check(1)", error);
    if (statement == NULL)
        return -1;
    int result = statement_step(statement, error);
    if (result == 1) {
        const struct str finding = statement_bytes(statement, 0);
        result = str_is(finding, "ok") ? 0 : -1;
        if (result != 0) {
            error_set(error, EXIT_STATE, "'%s' is damaged: " STR_FMT, db->path, STR_ARG(finding));
            error_hint(error, "%s", db->schema->damaged_hint);
        }
    }
    statement_close(statement);
    return result;
}

static int authorize(void *context, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    static const char *const pragmas[] = {"table_info", "table_list",   "table_xinfo", "index_list",
                                          "index_info", "user_version", "page_count"};
    (void)context;
    (void)database;
    (void)trigger;
    if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE)
        return SQLITE_OK;
    if (action == SQLITE_FUNCTION)
        return b != NULL && (sqlite3_stricmp(b, "load_extension") == 0 || sqlite3_stricmp(b, "fts3_tokenizer") == 0)
                   ? SQLITE_DENY
                   : SQLITE_OK;
    if (action == SQLITE_PRAGMA && a != NULL)
        for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
            if (sqlite3_stricmp(a, pragmas[i]) == 0)
                return SQLITE_OK;
    return SQLITE_DENY;
}

int db_restrict(struct db *db, struct error *error)
{
    if (db_execute(db, "PRAGMA query_only=ON", error) != 0)
        return -1;
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db->handle, SQLITE_LIMIT_SQL_LENGTH, 100000);
    const int result = sqlite3_set_authorizer(db->handle, authorize, NULL);
    db->restricted = true;
    return result == SQLITE_OK ? 0 : db_fail(db, result, "open", error);
}
