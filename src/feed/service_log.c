/* How the desk did, day by day. */
#include "feed/service_log.h"

#include "base/time.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const migrations[] = {
    "CREATE TABLE day(day INTEGER NOT NULL, measure TEXT NOT NULL, subject TEXT NOT NULL, n INTEGER NOT NULL,"
    " bad INTEGER NOT NULL, total INTEGER NOT NULL, worst INTEGER NOT NULL,"
    " PRIMARY KEY(day, measure, subject)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE memory(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"};

static const struct db_schema schema = {
    .what = "record of service",
    .application = 0x544e7632, /* "TNv2" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "it is made by tn health --keep",
    .damaged_hint = "delete service.db: what is lost is only how the desk did",
};

struct service_log {
    struct db *db;
    struct statement *add, *recall, *remember;
};

struct service_log *service_log_open(const char *path, struct error *error)
{
    struct service_log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    if ((log->db = db_open(path, DB_CREATE, &schema, error)) == NULL)
        goto failed;
    db_set_patience(log->db, 500);
    if (db_begin(log->db, error) != 0 ||
        (log->add =
             statement_open(log->db,
                            "INSERT INTO day VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(day, measure, subject)"
                            " DO UPDATE SET n = n + ?4, bad = bad + ?5, total = total + ?6, worst = max(worst, ?7)",
                            error)) == NULL ||
        (log->recall = statement_open(log->db, "SELECT value FROM memory WHERE name = ?1", error)) == NULL ||
        (log->remember = statement_open(log->db, "INSERT OR REPLACE INTO memory VALUES(?1, ?2)", error)) == NULL)
        goto failed;
    return log;
failed:
    service_log_close(log);
    return NULL;
}

void service_log_close(struct service_log *log)
{
    if (log == NULL)
        return;
    statement_close(log->add);
    statement_close(log->recall);
    statement_close(log->remember);
    if (log->db != NULL)
        db_rollback(log->db);
    db_close(log->db);
    free(log);
}

int service_log_commit(struct service_log *log, struct error *error)
{
    return db_commit(log->db, error);
}

int service_log_count(struct service_log *log, int64_t day, const struct service_count *count, struct error *error)
{
    const int64_t value[] = {count->n, count->bad, count->total, count->worst};
    statement_bind_int(log->add, 1, day);
    statement_bind_text(log->add, 2, str_of(count->measure));
    statement_bind_text(log->add, 3, str_of(count->subject));
    for (int i = 0; i < (int)(sizeof value / sizeof *value); i++)
        statement_bind_int(log->add, 4 + i, value[i]);
    return statement_run(log->add, error);
}

int service_log_recall(struct service_log *log, const char *name, int64_t *value, struct error *error)
{
    *value = TIME_NONE;
    statement_bind_text(log->recall, 1, str_of(name));
    const int got = statement_step(log->recall, error);
    if (got == 1)
        *value = statement_int(log->recall, 0);
    statement_reset(log->recall);
    return got < 0 ? -1 : 0;
}

int service_log_remember(struct service_log *log, const char *name, int64_t value, struct error *error)
{
    statement_bind_text(log->remember, 1, str_of(name));
    statement_bind_int(log->remember, 2, value);
    return statement_run(log->remember, error);
}

static void copy(char text[static SERVICE_NAME_SIZE], struct str from)
{
    const size_t n = from.n < SERVICE_NAME_SIZE ? from.n : SERVICE_NAME_SIZE - 1;
    memcpy(text, from.n == 0 ? "" : from.p, n);
    text[n] = '\0';
}

int service_log_read(const char *path, int64_t since, int64_t until,
                     int (*take)(void *context, int64_t day, const struct service_count *count, struct error *error),
                     void *context, struct error *error)
{
    if (access(path, F_OK) != 0)
        return 0;
    struct db *db = db_open(path, DB_READ, &schema, error);
    struct statement *statement =
        db == NULL ? NULL
                   : statement_open(db,
                                    "SELECT day, measure, subject, n, bad, total, worst FROM day WHERE day >= ?1 AND"
                                    " day < ?2 ORDER BY day, measure, subject",
                                    error);
    int got = statement == NULL ? -1 : 0;
    if (statement != NULL) {
        statement_bind_int(statement, 1, since);
        statement_bind_int(statement, 2, until);
    }
    while (got >= 0 && statement != NULL && (got = statement_step(statement, error)) == 1) {
        char measure[SERVICE_NAME_SIZE], subject[SERVICE_NAME_SIZE];
        copy(measure, statement_bytes(statement, 1));
        copy(subject, statement_bytes(statement, 2));
        const struct service_count count = {
            .measure = measure,
            .subject = subject,
            .n = statement_int(statement, 3),
            .bad = statement_int(statement, 4),
            .total = statement_int(statement, 5),
            .worst = statement_int(statement, 6),
        };
        if (take(context, statement_int(statement, 0), &count, error) != 0)
            got = -1;
    }
    statement_close(statement);
    db_close(db);
    return got;
}

int service_log_times(const char *path, const char *measure, const struct flow_times *times, struct error *error)
{
    if (times->turns == 0)
        return 0;
    const struct service_count count = {
        .measure = measure,
        .subject = "",
        .n = times->turns,
        .bad = times->late,
        .total = times->total,
        .worst = times->worst,
    };
    struct service_log *log = service_log_open(path, error);
    const int result = log == NULL || service_log_count(log, time_now() / TIME_DAY, &count, error) != 0 ||
                               service_log_commit(log, error) != 0
                           ? -1
                           : 0;
    service_log_close(log);
    return result;
}
