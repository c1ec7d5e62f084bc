/* Verifying a journal, and computing its derived tables anew. */
#include "journal/internal.h"

#include <inttypes.h>
#include <stdio.h>

/* Put and fold every event of `events` into the tables of derived and books. */
static int derive_all(struct events *events, struct derived *derived, struct books *books, struct event_reader *reader,
                      struct error *error)
{
    struct event_cursor *cursor = event_cursor_open(events, 0, error);
    struct event event;
    int got = cursor == NULL ? -1 : 1;
    while (got == 1 && (got = event_cursor_next(cursor, &event, error)) == 1)
        if (journal_replay(reader, &event, error) != 0 || derived_put(derived, &event, reader, error) != 0 ||
            books_fold(books, &event, reader, error) != 0)
            got = -1;
    event_cursor_close(cursor);
    return got == 0 ? books_flush(books, error) : -1;
}

int journal_rebuild(struct journal *journal, struct error *error)
{
    if (journal_begin(journal, error) != 0)
        return -1;
    books_forget(journal->books);
    if (derived_empty(journal->derived, error) == 0 &&
        derive_all(journal->events, journal->derived, journal->books, &journal->replay, error) == 0)
        return journal_commit(journal, error);
    books_forget(journal->books);
    journal_rollback(journal);
    return -1;
}

static bool same_cell(struct statement *a, struct statement *b, int column)
{
    const enum sql_kind kind = statement_kind(a, column);
    if (kind != statement_kind(b, column))
        return false;
    switch (kind) {
    case SQL_INT:
        return statement_int(a, column) == statement_int(b, column);
    case SQL_REAL:
        return statement_real(a, column) == statement_real(b, column);
    case SQL_NULL:
        return true;
    default:
        return str_equal(statement_bytes(a, column), statement_bytes(b, column));
    }
}

static bool same_row(struct statement *a, struct statement *b)
{
    for (int i = 0; i < statement_columns(a); i++)
        if (!same_cell(a, b, i))
            return false;
    return true;
}

static int same_rows(const struct derived_table *table, struct statement *kept, struct statement *computed,
                     struct error *error)
{
    int64_t row = 0;
    for (;;) {
        row++;
        const int a = statement_step(kept, error), b = statement_step(computed, error);
        if (a < 0 || b < 0)
            return -1;
        if (a == 0 && b == 0)
            return 0;
        if (a != b || !same_row(kept, computed)) {
            error_set(error, EXIT_STATE, "table %s: row %" PRId64 " (by %s) is not what the events give", table->name,
                      row, table->order);
            error_hint(error, "the events are sound; tn-journal rebuild computes the tables anew");
            return -1;
        }
    }
}

static int compare_table(const struct derived_table *table, struct db *kept, struct db *computed, struct error *error)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY %s", table->name, table->order);
    struct statement *a = statement_open(kept, sql, error), *b = statement_open(computed, sql, error);
    const int result = a == NULL || b == NULL ? -1 : same_rows(table, a, b, error);
    statement_close(a);
    statement_close(b);
    return result;
}

/* Compute the tables in memory and compare them with the file's. */
static int verify_derived(struct journal *journal, struct error *error)
{
    int result = -1;
    struct derived *derived = NULL;
    struct books *books = NULL;
    struct db *memory = db_open_memory(&journal_schema, error);
    if (memory != NULL && (derived = derived_new(memory, error)) != NULL &&
        (books = books_new(memory, error)) != NULL && db_begin(memory, error) == 0 &&
        derive_all(journal->events, derived, books, &journal->replay, error) == 0 && db_commit(memory, error) == 0)
        result = 0;
    for (int i = 0; i < derived_table_count && result == 0; i++)
        result = compare_table(&derived_tables[i], journal->db, memory, error);
    books_free(books);
    derived_free(derived);
    db_close(memory);
    return result;
}

static int settle(const char *path, struct error *error)
{
    struct journal *journal = journal_open_to_settle(path, JOURNAL_WRITE, error);
    const int result = journal == NULL ? -1 : events_settle(journal->events, error);
    journal_close(journal);
    return result;
}

/* Nothing is wrong with the events that are there; are they all? */
static int refuse_headless(const struct journal_check *check, const char *path, struct error *error)
{
    error_set(error, EXIT_STATE,
              "%" PRId64 " events are sound, head %s, but '%s-head' is missing, empty or damaged: nothing says whether "
              "events after them are lost",
              check->events, check->head, path);
    error_hint(error, "compare that hash with one you kept, then: tn-journal verify --new-head");
    return -1;
}

static int verify(const char *path, bool new_head, struct journal_check *check, struct error *error)
{
    *check = (struct journal_check){0};
    struct journal *journal = journal_open_to_settle(path, JOURNAL_READ, error);
    if (journal == NULL)
        return -1;
    struct head head;
    int result = db_begin_read(journal->db, error);
    if (result == 0)
        result = db_check_integrity(journal->db, error);
    if (result == 0)
        result = events_verify(journal->events, &check->events, error);
    if (result == 0)
        result = verify_derived(journal, error);
    if (result == 0)
        result = events_head(journal->events, &head, error);
    if (result == 0 && head.seq > 0)
        hash_hex(check->head, head.hash, SHA256_SIZE);
    check->was_doubtful = events_are_doubtful(journal->events);
    const int there = result == 0 && check->events > 0 ? events_have_head(journal->events, error) : 1;
    journal_close(journal);
    if (there < 0)
        return -1;
    const bool headless = there == 0;
    if (headless && !new_head)
        return refuse_headless(check, path, error);
    check->new_head = headless;
    return result == 0 && (check->was_doubtful || headless) ? settle(path, error) : result;
}

int journal_verify(const char *path, struct journal_check *check, struct error *error)
{
    return verify(path, false, check, error);
}

int journal_renew_head(const char *path, struct journal_check *check, struct error *error)
{
    return verify(path, true, check, error);
}
