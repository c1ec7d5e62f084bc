/* Reading the event log forward: all of it, or the events of one account. */
#include "db/event_log.h"

#include <inttypes.h>
#include <stdlib.h>

struct event_cursor {
    struct events *events;
    struct statement *rows;
    char *account; /* NULL: all */
    int64_t after; /* the number of the last event read: of the account, else of the log */
    int64_t seq;   /* of the account: where that is in the log */
    bool running;
};

static struct event_cursor *open_cursor(struct events *events, const struct str *account, int64_t after,
                                        struct error *error)
{
    struct event_cursor *cursor = malloc(sizeof *cursor);
    if (cursor == NULL) {
        error_memory(error);
        return NULL;
    }
    *cursor = (struct event_cursor){.events = events, .after = after};
    if (account != NULL && (cursor->account = strndup(account->p, account->n)) == NULL)
        error_memory(error);
    else
        cursor->rows = statement_open(
            events->db,
            account != NULL ? "SELECT " EVENT_COLUMNS " FROM event WHERE account = ?2 AND n > ?1 ORDER BY n"
                            : "SELECT " EVENT_COLUMNS " FROM event WHERE seq > ?1 ORDER BY seq",
            error);
    if (cursor->rows != NULL)
        return cursor;
    event_cursor_close(cursor);
    return NULL;
}

struct event_cursor *event_cursor_open(struct events *events, int64_t after, struct error *error)
{
    return open_cursor(events, NULL, after, error);
}

struct event_cursor *event_cursor_of_account(struct events *events, struct str account, int64_t after_n,
                                             struct error *error)
{
    return open_cursor(events, &account, after_n, error);
}

static int step(struct event_cursor *cursor, struct error *error)
{
    if (!cursor->running) {
        statement_bind_int(cursor->rows, 1, cursor->after);
        if (cursor->account != NULL)
            statement_bind_text(cursor->rows, 2, str_of(cursor->account));
    }
    const int got = statement_step(cursor->rows, error);
    cursor->running = got == 1;
    return got;
}

/* No more rows: is this where the account ends? Others may have appended since the rows were looked up, so what seems
 * missing is looked for once more. */
static int check_end(struct event_cursor *cursor, struct error *error)
{
    int64_t n, seq;
    if (events_end(cursor->events, str_of(cursor->account), &n, &seq, error) != 0)
        return -1;
    if (n > cursor->after) {
        const int got = step(cursor, error);
        if (got != 0)
            return got;
    }
    if (n == cursor->after && (cursor->seq == 0 || seq == cursor->seq))
        return 0;
    error_set(error, EXIT_STATE, "account '%s' ends at its event %" PRId64 ", not %" PRId64, cursor->account,
              cursor->after, n);
    return events_refuse(cursor->events, error);
}

int event_cursor_next(struct event_cursor *cursor, struct event *event, struct error *error)
{
    int got = step(cursor, error);
    if (got == 0 && cursor->account != NULL)
        got = check_end(cursor, error);
    if (got != 1)
        return got;
    if (event_from_row(cursor->events, cursor->rows, event, error) != 1)
        return -1;
    if (cursor->account == NULL) {
        cursor->after = event->seq;
        return 1;
    }
    if (event->n != cursor->after + 1 || event->seq <= cursor->seq) {
        error_set(error, EXIT_STATE, "event %" PRId64 " of account '%s' is missing", cursor->after + 1,
                  cursor->account);
        return events_refuse(cursor->events, error);
    }
    cursor->after = event->n;
    cursor->seq = event->seq;
    return 1;
}

void event_cursor_close(struct event_cursor *cursor)
{
    if (cursor == NULL)
        return;
    statement_close(cursor->rows);
    free(cursor->account);
    free(cursor);
}
