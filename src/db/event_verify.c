/* Checking a whole event log: its rows, its chain, the numbers of its accounts, its end. */
#include "db/event_log.h"

#include "base/list.h"

#include <inttypes.h>
#include <stdlib.h>

/* The accounts' numbers, counted anew. */
struct count {
    struct names accounts;
    struct account_end *end;
    size_t capacity;
};

static int count_row(struct count *count, const struct event *event, struct error *error)
{
    if (event->account.n == 0)
        return event->n == 0 ? 0 : error_set(error, EXIT_STATE, "event %" PRId64 " is numbered", event->seq);
    if (list_grow(&count->end, &count->capacity, count->accounts.count, sizeof *count->end, error) != 0)
        return -1;
    const size_t before = count->accounts.count;
    const int64_t index = names_add(&count->accounts, event->account, error);
    if (index < 0)
        return -1;
    if (count->accounts.count > before)
        count->end[index] = (struct account_end){0};
    struct account_end *end = &count->end[index];
    if (event->n != end->n + 1)
        return error_set(error, EXIT_STATE, "event %" PRId64 " is numbered %" PRId64 " of its account, not %" PRId64,
                         event->seq, event->n, end->n + 1);
    *end = (struct account_end){event->n, event->seq, false};
    return 0;
}

/* Each account ends where it says, and no other account says anything. */
static int check_ends(struct events *events, const struct count *count, struct error *error)
{
    int64_t n, seq;
    for (size_t i = 0; i < count->accounts.count; i++) {
        if (events_last(events, str_of(count->accounts.name[i]), &n, &seq, error) != 0)
            return -1;
        if (n != count->end[i].n || seq != count->end[i].seq)
            return error_set(error, EXIT_STATE, "the recorded end of account '%s' does not match its events",
                             count->accounts.name[i]);
    }
    struct statement *all = statement_open(events->db, "SELECT count(*) FROM last", error);
    int got = all == NULL ? -1 : statement_step(all, error);
    if (got == 1 && statement_int(all, 0) != (int64_t)count->accounts.count)
        got = error_set(error, EXIT_STATE, "an account without events has a recorded end");
    statement_close(all);
    return got < 0 ? -1 : 0;
}

/* Every row; with `count` its hash and its number are checked too. */
static int read_rows(struct events *events, struct count *count, int64_t *good, event_visit *visit, void *context,
                     struct error *error)
{
    struct statement *all = statement_open(
        events->db, "SELECT seq, recorded, mode, type, account, key, record, n, hash FROM event ORDER BY seq", error);
    unsigned char hash[SHA256_SIZE] = {0};
    int got = all == NULL ? -1 : 1;
    while (got == 1 && (got = statement_step(all, error)) == 1) {
        struct event event = {.seq = statement_int(all, 0),
                              .recorded = statement_int(all, 1),
                              .type = statement_bytes(all, 3),
                              .account = statement_bytes(all, 4),
                              .key = statement_bytes(all, 5),
                              .record = statement_bytes(all, 6),
                              .n = statement_int(all, 7)};
        const struct str stored = statement_bytes(all, 8);
        if (event.seq != *good + 1)
            got = error_set(error, EXIT_STATE, "event %" PRId64 " is missing", *good + 1);
        else if (event_mode_of(statement_bytes(all, 2), &event.mode) != 0)
            got = error_set(error, EXIT_STATE, "event %" PRId64 " has an unknown mode", event.seq);
        else if (count != NULL &&
                 (event_check_hash(events, &event, (struct str){(char *)hash, SHA256_SIZE}, stored, error) != 0 ||
                  count_row(count, &event, error) != 0))
            got = -1;
        if (got == 1) {
            if (count != NULL)
                memcpy(hash, stored.p, SHA256_SIZE);
            ++*good;
            if (visit != NULL && visit(context, &event, error) != 0)
                got = -1;
        }
    }
    statement_close(all);
    return got;
}

int events_verify(struct events *events, int64_t *rows, struct error *error)
{
    return events_verify_each(events, rows, NULL, NULL, error);
}

int events_read_each(struct events *events, int64_t *rows, event_visit *visit, void *context, struct error *error)
{
    *rows = 0;
    return read_rows(events, NULL, rows, visit, context, error);
}

int events_verify_each(struct events *events, int64_t *rows, event_visit *visit, void *context, struct error *error)
{
    struct count count = {0};
    int64_t good = 0;
    names_init(&count.accounts);
    int result = read_rows(events, &count, &good, visit, context, error);
    if (result == 0)
        result = events_compare_head(events, error);
    if (result == 0)
        result = check_ends(events, &count, error);
    if (result != 0 && error->code == EXIT_STATE && error->hint[0] == '\0')
        error_hint(error, "%s", db_damaged_hint(events->db));
    names_clear(&count.accounts);
    free(count.end);
    if (rows != NULL)
        *rows = good;
    return result;
}
