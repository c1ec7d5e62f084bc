/* The events that pass a filter, and a user's queries. */
#include "journal/history.h"

#include "journal/internal.h"

static int filter_open(struct journal *journal, const struct history_filter *filter, const char *sql, int64_t from,
                       struct statement **rows, struct error *error)
{
    *rows = statement_open(journal->db, sql, error);
    if (*rows == NULL)
        return -1;
    const char *const words[] = {filter->type, filter->account};
    for (int i = 0; i < 2; i++) {
        if (words[i] == NULL)
            statement_bind_null(*rows, i + 1);
        else
            statement_bind_text(*rows, i + 1, str_of(words[i]));
    }
    statement_bind_int(*rows, 3, from);
    return 0;
}

static int is_within(struct journal *journal, const struct history_filter *filter, struct str record,
                     struct error *error)
{
    if (filter->since == TIME_NONE && filter->until == TIME_NONE)
        return 1;
    int64_t known = TIME_NONE;
    if (event_reader_read(&journal->reader, record, error) != 0 ||
        record_known(&journal->reader.record, &known, error) != 0)
        return -1;
    return known == TIME_NONE || ((filter->since == TIME_NONE || known >= filter->since) &&
                                  (filter->until == TIME_NONE || known < filter->until));
}

/* Where the last `count` events that pass begin. */
static int find_start(struct journal *journal, const struct history_filter *filter, int64_t *start, struct error *error)
{
    struct statement *rows;
    *start = 0;
    if (filter->count == 0)
        return 0;
    if (filter_open(journal, filter,
                    "SELECT seq, record FROM event WHERE (?1 IS NULL OR type = ?1) AND (?2 IS NULL OR account = ?2)"
                    " AND seq >= ?3 ORDER BY seq DESC",
                    0, &rows, error) != 0)
        return -1;
    int64_t passed = 0;
    int got = 0;
    while (passed < filter->count && (got = statement_step(rows, error)) == 1) {
        got = is_within(journal, filter, statement_bytes(rows, 1), error);
        if (got < 0)
            break;
        if (got == 1) {
            *start = statement_int(rows, 0);
            passed++;
        }
    }
    statement_close(rows);
    return got < 0 ? -1 : 0;
}

int64_t journal_history(struct journal *journal, const struct history_filter *filter, history_visit *visit,
                        void *context, struct error *error)
{
    struct statement *rows = NULL;
    int64_t start, passed = 0;
    if (db_begin_read(journal->db, error) != 0)
        return -1;
    int got = find_start(journal, filter, &start, error);
    if (got == 0)
        got = filter_open(journal, filter,
                          "SELECT " EVENT_COLUMNS " FROM event"
                          " WHERE (?1 IS NULL OR type = ?1) AND (?2 IS NULL OR account = ?2) AND seq >= ?3"
                          " ORDER BY seq",
                          start, &rows, error);
    struct event event;
    while (got == 0 && (got = statement_step(rows, error)) == 1) {
        const int wanted = event_from_row(journal->events, rows, &event, error) == 1
                               ? is_within(journal, filter, event.record, error)
                               : -1;
        passed += wanted == 1;
        got = wanted < 0 || (wanted == 1 && visit(context, &event, 0, error) != 0) ? -1 : 0;
    }
    statement_close(rows);
    db_rollback(journal->db);
    return got < 0 ? -1 : passed;
}

struct statement *journal_query(struct journal *journal, const char *sql, struct error *error)
{
    const char *rest = "";
    if (db_begin_read(journal->db, error) != 0 || journal_show_ledgers(journal, error) != 0 ||
        db_restrict(journal->db, error) != 0)
        return NULL;
    struct statement *statement = statement_open_first(journal->db, sql, &rest, error);
    if (statement == NULL) {
        error_set(error, EXIT_USAGE, "the query is empty");
        return NULL;
    }
    struct statement *second = *rest == '\0' ? NULL : statement_open_first(journal->db, rest, &rest, error);
    if (second != NULL || error_is_set(error)) {
        statement_close(second);
        statement_close(statement);
        error_set(error, EXIT_USAGE, "more than one statement in a query");
        return NULL;
    }
    if (statement_columns(statement) == 0) {
        statement_close(statement);
        error_set(error, EXIT_USAGE, "a query can only read");
        return NULL;
    }
    return statement;
}
