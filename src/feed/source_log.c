/* How sources did, day by day. */
#include "feed/source_log.h"

#include "base/time.h"
#include "db/db.h"

#include <unistd.h>

static const char *const migrations[] = {
    "CREATE TABLE day(day INTEGER NOT NULL, source TEXT NOT NULL, requests INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " failures INTEGER NOT NULL, bytes INTEGER NOT NULL, took INTEGER NOT NULL, symbols INTEGER NOT NULL,"
    " failed INTEGER NOT NULL, bars INTEGER NOT NULL, corrected INTEGER NOT NULL, compared INTEGER NOT NULL,"
    " outliers INTEGER NOT NULL, missing INTEGER NOT NULL, newest INTEGER, failure TEXT NOT NULL,"
    " PRIMARY KEY(source, day)) STRICT, WITHOUT ROWID;"};

static const struct db_schema schema = {
    .what = "record of sources",
    .application = 0x544e7331, /* "TNs1" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "it is made when a source is asked",
    .damaged_hint = "delete sources.db: what is lost is only how sources did",
};

static const char add_sql[] =
    "INSERT INTO day VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    " ON CONFLICT(source, day) DO UPDATE SET requests = requests + ?3, attempts = attempts + ?4,"
    " failures = failures + ?5, bytes = bytes + ?6, took = took + ?7, symbols = symbols + ?8, failed = failed + ?9,"
    " bars = bars + ?10, corrected = corrected + ?11, compared = compared + ?12, outliers = outliers + ?13,"
    " missing = missing + ?14, newest = max(coalesce(newest, ?15), coalesce(?15, newest)),"
    " failure = CASE WHEN ?16 = '' THEN failure ELSE ?16 END";

static const char read_sql[] =
    "SELECT source, sum(requests), sum(attempts), sum(failures), sum(bytes), sum(took), sum(symbols), sum(failed),"
    " sum(bars), sum(corrected), sum(compared), sum(outliers), sum(missing), max(newest), count(*), min(day),"
    " coalesce((SELECT failure FROM day AS d WHERE d.source = day.source AND d.failure <> '' AND d.day >= ?1"
    " ORDER BY d.day DESC LIMIT 1), '') FROM day WHERE day >= ?1 AND day < ?2 GROUP BY source ORDER BY source";

static const char days_sql[] =
    "SELECT '', sum(requests), sum(attempts), sum(failures), sum(bytes), sum(took), sum(symbols), sum(failed),"
    " sum(bars), sum(corrected), sum(compared), sum(outliers), sum(missing), max(newest), count(*), day, ''"
    " FROM day WHERE day >= ?1 AND day < ?2 GROUP BY day ORDER BY day";

static int add_one(struct statement *statement, int64_t day, const struct source_facts *facts, struct error *error)
{
    const int64_t value[] = {facts->requests,  facts->attempts, facts->failures, facts->bytes,
                             facts->took,      facts->symbols,  facts->failed,   facts->bars,
                             facts->corrected, facts->compared, facts->outliers, facts->missing};
    statement_bind_int(statement, 1, day);
    statement_bind_text(statement, 2, facts->source);
    for (int i = 0; i < (int)(sizeof value / sizeof *value); i++)
        statement_bind_int(statement, 3 + i, value[i]);
    if (facts->newest == TIME_NONE)
        statement_bind_null(statement, 15);
    else
        statement_bind_int(statement, 15, facts->newest);
    statement_bind_text(statement, 16, facts->failure.p == NULL ? STR("") : facts->failure);
    return statement_run(statement, error);
}

int source_log_add(const char *path, int64_t day, const struct source_facts *facts, size_t count, struct error *error)
{
    struct db *db = db_open(path, DB_CREATE, &schema, error);
    if (db == NULL)
        return -1;
    db_set_patience(db, 500);
    struct statement *statement = NULL;
    int result = db_begin(db, error);
    if (result == 0)
        result = (statement = statement_open(db, add_sql, error)) == NULL ? -1 : 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = add_one(statement, day, &facts[i], error);
    statement_close(statement);
    if (result == 0)
        result = db_commit(db, error);
    db_rollback(db);
    db_close(db);
    return result;
}

/* Both questions have the same columns. */
static int read_facts(const char *path, const char *sql, int64_t since, int64_t until,
                      int (*take)(void *context, const struct source_facts *facts, struct error *error), void *context,
                      struct error *error)
{
    if (access(path, F_OK) != 0)
        return 0;
    struct db *db = db_open(path, DB_READ, &schema, error);
    struct statement *statement = db == NULL ? NULL : statement_open(db, sql, error);
    int got = statement == NULL ? -1 : 0;
    if (statement != NULL)
        statement_bind_int(statement, 1, since), statement_bind_int(statement, 2, until);
    while (got >= 0 && statement != NULL && (got = statement_step(statement, error)) == 1) {
        const struct source_facts facts = {
            .source = statement_bytes(statement, 0),
            .requests = statement_int(statement, 1),
            .attempts = statement_int(statement, 2),
            .failures = statement_int(statement, 3),
            .bytes = statement_int(statement, 4),
            .took = statement_int(statement, 5),
            .symbols = statement_int(statement, 6),
            .failed = statement_int(statement, 7),
            .bars = statement_int(statement, 8),
            .corrected = statement_int(statement, 9),
            .compared = statement_int(statement, 10),
            .outliers = statement_int(statement, 11),
            .missing = statement_int(statement, 12),
            .newest = statement_kind(statement, 13) == SQL_NULL ? TIME_NONE : statement_int(statement, 13),
            .days = statement_int(statement, 14),
            .first = statement_int(statement, 15),
            .failure = statement_bytes(statement, 16),
        };
        if (take(context, &facts, error) != 0)
            got = -1;
    }
    statement_close(statement);
    db_close(db);
    return got;
}

int source_log_read(const char *path, int64_t since,
                    int (*take)(void *context, const struct source_facts *facts, struct error *error), void *context,
                    struct error *error)
{
    return read_facts(path, read_sql, since, INT64_MAX, take, context, error);
}

int source_log_days(const char *path, int64_t since, int64_t until,
                    int (*take)(void *context, const struct source_facts *facts, struct error *error), void *context,
                    struct error *error)
{
    return read_facts(path, days_sql, since, until, take, context, error);
}
