/* What the cache holds, told and forgotten. */
#include "feed/cache_parts.h"

static const char list_sql[] =
    "SELECT source, CASE WHEN ?2 IS NULL THEN '' ELSE symbol END, interval, adjusted, session, calendar, origin,"
    " count(*), sum(bars), sum(actions), sum(corrections), min(first), max(last), max(fetched), max(used) FROM"
    " (SELECT s.*, (SELECT count(*) FROM bar WHERE series = s.id) AS bars,"
    " (SELECT min(time) FROM bar WHERE series = s.id) AS first,"
    " (SELECT max(time) FROM bar WHERE series = s.id) AS last,"
    " (SELECT count(*) FROM action WHERE series = s.id) AS actions,"
    " (SELECT count(*) FROM correction WHERE series = s.id) AS corrections FROM series AS s"
    " WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR symbol = ?2))"
    " GROUP BY source, 2, interval, adjusted, session, calendar, origin"
    " ORDER BY source, 2, interval, adjusted, session, calendar, origin";

static const char forget_sql[] = "DELETE FROM series WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR symbol = ?2)"
                                 " AND (?3 IS NULL OR used < ?3) RETURNING id";

static struct statement *open_for(struct cache *cache, const char *text, const char *source, const char *symbol,
                                  struct error *error)
{
    struct statement *statement = statement_open(cache->db, text, error);
    if (statement != NULL && source != NULL)
        statement_bind_text(statement, 1, str_of(source));
    if (statement != NULL && symbol != NULL)
        statement_bind_text(statement, 2, str_of(symbol));
    return statement;
}

int cache_list(struct cache *cache, const char *source, const char *symbol,
               int (*line)(void *context, const struct cache_line *line, struct error *error), void *context,
               struct error *error)
{
    struct statement *statement = open_for(cache, list_sql, source, symbol, error);
    if (statement == NULL)
        return -1;
    int got;
    while ((got = statement_step(statement, error)) == 1) {
        const struct cache_line found = {
            .source = statement_bytes(statement, 0),
            .symbol = statement_bytes(statement, 1),
            .interval = statement_bytes(statement, 2),
            .adjusted = statement_bytes(statement, 3),
            .session = statement_bytes(statement, 4),
            .calendar = statement_bytes(statement, 5),
            .origin = statement_bytes(statement, 6),
            .series = statement_int(statement, 7),
            .bars = statement_int(statement, 8),
            .actions = statement_int(statement, 9),
            .corrections = statement_int(statement, 10),
            .first = cache_int(statement, 11),
            .last = cache_int(statement, 12),
            .asked = cache_int(statement, 13),
            .used = cache_int(statement, 14),
        };
        if (line(context, &found, error) != 0) {
            got = -1;
            break;
        }
    }
    statement_close(statement);
    return got;
}

int cache_forget(struct cache *cache, const char *source, const char *symbol, int64_t unused_since, int64_t *forgotten,
                 struct error *error)
{
    *forgotten = 0;
    if (db_begin(cache->db, error) < 0)
        return -1;
    struct statement *statement = open_for(cache, forget_sql, source, symbol, error);
    int got = statement == NULL ? -1 : 0;
    if (statement != NULL) {
        cache_bind(statement, 3, unused_since);
        while ((got = statement_step(statement, error)) == 1)
            (*forgotten)++;
        statement_close(statement);
    }
    if (got == 0)
        got = db_commit(cache->db, error);
    db_rollback(cache->db);
    /* What is free is given back, as far as other programs let it. */
    struct error ignored;
    error_clear(&ignored);
    if (got == 0 && *forgotten > 0 && db_execute(cache->db, "VACUUM", &ignored) == 0)
        (void)db_checkpoint(cache->db, &ignored);
    return got;
}
