/* The file of the cache: its tables, finding a series, what is missing of it, reading it. */
#include "base/list.h"
#include "feed/cache_parts.h"
#include "record/record.h"

#include <stdlib.h>

/* Times are nanoseconds, prices counts of 1e-8, dates days since 1970. */
static const char *const migrations[] = {
    "CREATE TABLE series(id INTEGER PRIMARY KEY, source TEXT NOT NULL, origin TEXT NOT NULL, calendar TEXT NOT NULL,"
    " interval TEXT NOT NULL, adjusted TEXT NOT NULL, session TEXT NOT NULL, symbol TEXT NOT NULL,"
    " epoch INTEGER NOT NULL DEFAULT 0, asked INTEGER, fetched INTEGER, actions_from INTEGER, actions_asked INTEGER,"
    " used INTEGER NOT NULL, UNIQUE(source, symbol, interval, origin, calendar, adjusted, session)) STRICT;"
    "CREATE TABLE covered(series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, start INTEGER NOT NULL,"
    " finish INTEGER NOT NULL, PRIMARY KEY(series, start)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE bar(series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, time INTEGER NOT NULL,"
    " session INTEGER, \"end\" INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,"
    " close INTEGER NOT NULL, volume REAL, vwap INTEGER, trades REAL, PRIMARY KEY(series, time)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE action(series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, date INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, new INTEGER NOT NULL, old INTEGER NOT NULL, cash INTEGER, basis_share INTEGER,"
    " currency TEXT NOT NULL, new_symbol TEXT NOT NULL, announced TEXT NOT NULL, pay_date TEXT NOT NULL) STRICT;"
    "CREATE INDEX action_date ON action(series, date);"
    "CREATE TABLE correction(series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, time INTEGER NOT NULL,"
    " found INTEGER NOT NULL, close INTEGER, new_close INTEGER, volume REAL, new_volume REAL) STRICT;"
    "CREATE INDEX correction_series ON correction(series, found);"};

static const struct db_schema schema = {
    .what = "cache",
    .application = 0x544e6331, /* "TNc1" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "it is made when a source is asked for bars, without --offline",
    .damaged_hint = "delete bars.db, its -wal and its -shm: what is needed is asked for again",
};

static const char *const sql[CACHE_STATEMENTS] = {
    [CACHE_FIND] = "SELECT id, epoch, asked, fetched, actions_from, actions_asked, used FROM series WHERE source = ?1"
                   " AND symbol = ?2 AND interval = ?3 AND origin = ?4 AND calendar = ?5 AND adjusted = ?6"
                   " AND session = ?7",
    [CACHE_INSERT] = "INSERT INTO series(source, symbol, interval, origin, calendar, adjusted, session, used)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CACHE_USED] = "UPDATE series SET used = ?2 WHERE id = ?1",
    [CACHE_COVERED] = "SELECT start, finish FROM covered WHERE series = ?1 AND finish > ?2 AND start < ?3"
                      " ORDER BY start",
    [CACHE_BEFORE] = "SELECT time FROM bar WHERE series = ?1 AND time < ?2 ORDER BY time DESC LIMIT ?3",
    [CACHE_AFTER] = "SELECT time FROM bar WHERE series = ?1 AND time >= ?2 ORDER BY time LIMIT ?3",
    [CACHE_BARS] = "SELECT time, session, \"end\", open, high, low, close, volume, vwap, trades FROM bar"
                   " WHERE series = ?1 AND time >= ?2 AND time < ?3 ORDER BY time",
    [CACHE_PUT] = "INSERT OR REPLACE INTO bar VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [CACHE_DELETE] = "DELETE FROM bar WHERE series = ?1 AND time = ?2",
    [CACHE_CORRECTED] = "INSERT INTO correction VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CACHE_UNCOVER] = "DELETE FROM covered WHERE series = ?1 AND start <= ?3 AND finish >= ?2"
                      " RETURNING start, finish",
    [CACHE_COVER] = "INSERT INTO covered VALUES(?1, ?2, ?3)",
    [CACHE_ASKED] = "UPDATE series SET asked = ?2, fetched = ?3 WHERE id = ?1",
    [CACHE_ACTIONS] = "SELECT date, kind, new, old, cash, basis_share, currency, new_symbol, announced, pay_date"
                      " FROM action WHERE series = ?1 AND date >= ?2 AND date <= ?3 ORDER BY date, rowid",
    [CACHE_DELETE_ACTIONS] = "DELETE FROM action WHERE series = ?1 AND date >= ?2 AND date <= ?3",
    [CACHE_PUT_ACTION] = "INSERT INTO action VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [CACHE_ACTIONS_ASKED] = "UPDATE series SET actions_from = ?2, actions_asked = ?3 WHERE id = ?1",
    [CACHE_CLEAR_BARS] = "DELETE FROM bar WHERE series = ?1 AND (time < ?2 OR time >= ?3)",
    [CACHE_CLEAR_COVERED] = "DELETE FROM covered WHERE series = ?1",
    [CACHE_EPOCH] = "UPDATE series SET epoch = epoch + 1 WHERE id = ?1",
};

struct statement *cache_statement(struct cache *cache, enum cache_statement which, struct error *error)
{
    if (cache->statement[which] == NULL)
        cache->statement[which] = statement_open(cache->db, sql[which], error);
    return cache->statement[which];
}

void cache_bind(struct statement *statement, int parameter, int64_t value)
{
    if (value == TIME_NONE)
        statement_bind_null(statement, parameter);
    else
        statement_bind_int(statement, parameter, value);
}

int64_t cache_int(struct statement *statement, int column)
{
    return statement_kind(statement, column) == SQL_NULL ? TIME_NONE : statement_int(statement, column);
}

struct cache *cache_open(const char *path, enum cache_use use, struct error *error)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    cache->db = db_open(path, use == CACHE_READ ? DB_READ : DB_CREATE, &schema, error);
    if (cache->db != NULL)
        return cache;
    free(cache);
    return NULL;
}

void cache_close(struct cache *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; i < CACHE_STATEMENTS; i++)
        statement_close(cache->statement[i]);
    db_close(cache->db);
    free(cache);
}

int cache_begin(struct cache *cache, bool write, struct error *error)
{
    return write ? db_begin(cache->db, error) : db_begin_read(cache->db, error);
}

int cache_commit(struct cache *cache, struct error *error)
{
    return db_commit(cache->db, error);
}

void cache_rollback(struct cache *cache)
{
    db_rollback(cache->db);
}

static void bind_key(struct statement *statement, const struct cache_key *key, const char *symbol,
                     char interval[static INTERVAL_TEXT_MAX])
{
    const size_t n = interval_format(interval, key->interval);
    statement_bind_text(statement, 1, str_of(key->source));
    statement_bind_text(statement, 2, str_of(symbol));
    statement_bind_text(statement, 3, (struct str){interval, n});
    statement_bind_text(statement, 4, str_of(key->origin));
    statement_bind_text(statement, 5, str_of(key->calendar));
    statement_bind_text(statement, 6, str_of(adjusted_text(key->adjusted)));
    statement_bind_text(statement, 7, key->extended ? STR("extended") : STR("regular"));
}

/* 1, 0, -1. */
static int find(struct cache *cache, const struct cache_key *key, const char *symbol, struct cache_series *series,
                struct error *error)
{
    char interval[INTERVAL_TEXT_MAX];
    struct statement *statement = cache_statement(cache, CACHE_FIND, error);
    if (statement == NULL)
        return -1;
    *series = (struct cache_series){
        .asked = TIME_NONE, .fetched = TIME_NONE, .actions_from = TIME_NONE, .actions_asked = TIME_NONE};
    bind_key(statement, key, symbol, interval);
    const int got = statement_step(statement, error);
    if (got == 1) {
        *series = (struct cache_series){
            .id = statement_int(statement, 0),
            .epoch = statement_int(statement, 1),
            .asked = cache_int(statement, 2),
            .fetched = cache_int(statement, 3),
            .actions_from = cache_int(statement, 4),
            .actions_asked = cache_int(statement, 5),
            .used = statement_int(statement, 6),
        };
        statement_reset(statement);
    }
    return got;
}

int cache_find(struct cache *cache, const struct cache_key *key, const char *symbol, struct cache_series *series,
               struct error *error)
{
    return find(cache, key, symbol, series, error) < 0 ? -1 : 0;
}

int cache_make(struct cache *cache, const struct cache_key *key, const char *symbol, int64_t clock,
               struct cache_series *series, struct error *error)
{
    char interval[INTERVAL_TEXT_MAX];
    int found = find(cache, key, symbol, series, error);
    if (found == 1 && series->used / TIME_DAY != clock / TIME_DAY) {
        struct statement *statement = cache_statement(cache, CACHE_USED, error);
        if (statement == NULL)
            return -1;
        statement_bind_int(statement, 1, series->id);
        statement_bind_int(statement, 2, clock);
        return statement_run(statement, error);
    }
    if (found != 0)
        return found < 0 ? -1 : 0;
    struct statement *statement = cache_statement(cache, CACHE_INSERT, error);
    if (statement == NULL)
        return -1;
    bind_key(statement, key, symbol, interval);
    statement_bind_int(statement, 8, clock);
    if (statement_run(statement, error) < 0)
        return -1;
    found = find(cache, key, symbol, series, error);
    require(found != 0);
    return found < 0 ? -1 : 0;
}

static int add_range(struct cache_range range, struct cache_range **list, size_t *count, size_t *capacity,
                     struct error *error)
{
    if (range.from >= range.to)
        return 0;
    if (list_grow(list, capacity, *count, sizeof **list, error) != 0)
        return -1;
    (*list)[(*count)++] = range;
    return 0;
}

int cache_missing(struct cache *cache, int64_t series, struct cache_range wanted, struct cache_range **missing,
                  size_t *count, size_t *capacity, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_COVERED, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, wanted.from);
    statement_bind_int(statement, 3, wanted.to);
    int64_t at = wanted.from;
    int got;
    while ((got = statement_step(statement, error)) == 1) {
        const int64_t start = statement_int(statement, 0), finish = statement_int(statement, 1);
        if (add_range((struct cache_range){at, start}, missing, count, capacity, error) < 0) {
            statement_reset(statement);
            return -1;
        }
        at = finish > at ? finish : at;
    }
    return got < 0 ? -1 : add_range((struct cache_range){at, wanted.to}, missing, count, capacity, error);
}

int cache_neighbour(struct cache *cache, int64_t series, int64_t moment, int n, int64_t *time, struct error *error)
{
    struct statement *statement = cache_statement(cache, n > 0 ? CACHE_BEFORE : CACHE_AFTER, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, moment);
    statement_bind_int(statement, 3, n > 0 ? n : -n);
    int got, found = 0;
    while ((got = statement_step(statement, error)) == 1) {
        *time = statement_int(statement, 0);
        found = 1;
    }
    return got < 0 ? -1 : found;
}

int cache_load(struct cache *cache, const struct cache_key *key, const char *symbol, int64_t series,
               struct cache_range range, struct bar **bar, size_t *count, size_t *capacity, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_BARS, error);
    if (statement == NULL)
        return -1;
    struct bar blank;
    record_blank(RECORD_BAR, &blank);
    memcpy(blank.symbol, symbol, strlen(symbol) + 1);
    memcpy(blank.source, key->source, strlen(key->source) + 1);
    blank.interval = key->interval;
    blank.adjusted = key->adjusted;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, range.from);
    statement_bind_int(statement, 3, range.to);
    int got;
    while ((got = statement_step(statement, error)) == 1) {
        if (list_grow(bar, capacity, *count, sizeof **bar, error) != 0) {
            statement_reset(statement);
            return -1;
        }
        struct bar *next = &(*bar)[(*count)++];
        *next = blank;
        next->time = statement_int(statement, 0);
        next->session = cache_int(statement, 1);
        next->end = statement_int(statement, 2);
        next->open = statement_int(statement, 3);
        next->high = statement_int(statement, 4);
        next->low = statement_int(statement, 5);
        next->close = statement_int(statement, 6);
        if (statement_kind(statement, 7) != SQL_NULL)
            next->volume = statement_real(statement, 7);
        next->vwap = cache_int(statement, 8);
        if (statement_kind(statement, 9) != SQL_NULL)
            next->trades = statement_real(statement, 9);
    }
    return got;
}

static void copy_text(char *to, size_t size, struct str text)
{
    const size_t n = text.n < size ? text.n : size - 1;
    memcpy(to, text.p, n);
    to[n] = '\0';
}

int cache_load_actions(struct cache *cache, const char *symbol, int64_t series, struct cache_range range,
                       const struct calendar *calendar, struct action_set *actions, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_ACTIONS, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, calendar_date(calendar, range.from));
    statement_bind_int(statement, 3, calendar_date(calendar, range.to - 1));
    int got;
    while ((got = statement_step(statement, error)) == 1) {
        struct action action;
        record_blank(RECORD_ACTION, &action);
        memcpy(action.symbol, symbol, strlen(symbol) + 1);
        action.kind = (enum action_kind)statement_int(statement, 1);
        action.new_shares = statement_int(statement, 2);
        action.old_shares = statement_int(statement, 3);
        action.cash = cache_int(statement, 4);
        action.basis_share = cache_int(statement, 5);
        copy_text(action.currency, sizeof action.currency, statement_bytes(statement, 6));
        copy_text(action.new_symbol, sizeof action.new_symbol, statement_bytes(statement, 7));
        action.announced = statement_bytes(statement, 8);
        action.pay_date = statement_bytes(statement, 9);
        if (action_set_add(actions, &action, statement_int(statement, 0), calendar, error) < 0) {
            statement_reset(statement);
            return -1;
        }
    }
    return got;
}
