/* A copy of an event log in a file of its own, while others go on writing: whole, or up to one of its events. */
#include "db/event_log.h"
#include "db/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Made here, for its permissions: SQLite takes an empty file as none. */
static int make_empty(const char *path, struct error *error)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_system(error, "cannot create '%s'", path);
    close(fd);
    return 0;
}

static int sync_file(const char *path, struct error *error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_system(error, "cannot read '%s'", path);
    const int result = fsync(fd);
    const int cause = errno;
    close(fd);
    errno = cause;
    return result == 0 ? 0 : error_system(error, "cannot write '%s'", path);
}

static int copy_file(struct db *db, const char *path, struct error *error)
{
    struct statement *copy = statement_open(db, "VACUUM INTO ?", error);
    if (copy == NULL)
        return -1;
    statement_bind_text(copy, 1, str_of(path));
    const int result = statement_run(copy, error);
    statement_close(copy);
    return result == 0 ? sync_file(path, error) : -1;
}

/* What the copy ends with, in the file beside it. */
static int write_head(struct db *copy, const char *path, struct error *error)
{
    struct head head = {0};
    struct statement *last = statement_open(copy, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", error);
    const int got = last == NULL ? -1 : statement_step(last, error);
    if (got == 1) {
        const struct str hash = statement_bytes(last, 1);
        head.seq = statement_int(last, 0);
        if (hash.n == SHA256_SIZE)
            memcpy(head.hash, hash.p, SHA256_SIZE);
    }
    statement_close(last);
    const int fd = got < 0 ? -1 : head_open(path, error);
    if (fd < 0)
        return -1;
    const int result = head_reset(fd, &head);
    if (result != 0)
        error_system(error, "cannot write '%s-head'", path);
    close(fd);
    return result;
}

/* Takes away the events after `last`: in this copy, and nowhere else, the trigger that forbids it is set aside. */
static int cut(struct db *copy, int64_t last, struct error *error)
{
    char remove[96];
    (void)snprintf(remove, sizeof remove, "DELETE FROM event WHERE seq > %" PRId64, last);
    if (db_begin(copy, error) != 0)
        return -1;
    int result = db_execute(copy, "DROP TRIGGER event_stays", error);
    if (result == 0)
        result = db_execute(copy, remove, error);
    if (result == 0)
        result = db_execute(copy,
                            EVENT_STAYS "DELETE FROM last; INSERT INTO last SELECT account, max(n), max(seq) FROM event"
                                        " WHERE account IS NOT NULL GROUP BY account;",
                            error);
    if (result == 0)
        result = db_commit(copy, error);
    db_rollback(copy);
    return result;
}

int events_copy(struct events *events, const char *path, int64_t last, struct error *error)
{
    if (make_empty(path, error) != 0)
        return -1;
    struct db *copy = NULL;
    int result = copy_file(events->db, path, error);
    if (result == 0)
        result = (copy = db_open(path, last < 0 ? DB_READ : DB_WRITE, events->db->schema, error)) == NULL ? -1 : 0;
    if (result == 0 && last >= 0)
        result = cut(copy, last, error);
    if (result == 0)
        result = write_head(copy, path, error);
    db_close(copy);
    return result;
}
