/* What people ask before they have an id: the order of a symbol, the accounts there are. */
#include "journal/internal.h"

#include "base/names.h"

#include <stdio.h>
#include <string.h>

#define LISTED_MAX 4 /* ids that a hint names */

int journal_find_order(struct journal *journal, const struct order *order, struct error *error)
{
    struct event event;
    const int found = journal_find(journal, RECORD_ORDER, order->id, &event, error);
    if (found <= 0)
        return found;
    struct buf line;
    buf_init(&line, RECORD_LINE_MAX + 1);
    record_encode(&line, RECORD_ORDER, order);
    const bool whole = buf_check(&line, error) == 0;
    const bool same = line.n == event.record.n + 1 && memcmp(line.p, event.record.p, event.record.n) == 0;
    buf_clear(&line);
    if (!whole)
        return -1;
    return same ? 1 : 2;
}

/* 1: an update of the order carries out just this replace; 0; -1. */
static int carries_out(struct event_reader *reader, struct str line, const struct replace *replace, struct error *error)
{
    struct order_update update;
    if (event_reader_read(reader, line, error) != 0 || record_decode(&reader->record, &update, error) != 0)
        return -1;
    return update.revision > 0 && update.time >= replace->time && update.quantity == replace->quantity &&
           update.limit_price == replace->limit_price && update.stop_price == replace->stop_price;
}

int journal_has_replace(struct journal *journal, const struct replace *replace, struct error *error)
{
    struct statement *rows = statement_open(
        journal->db,
        "SELECT record FROM event WHERE type = 'order_update' AND json_extract(record, '$.order_id') = ?1"
        " AND seq > coalesce((SELECT seq FROM event WHERE key = 'order/' || ?1), 0) ORDER BY seq",
        error);
    if (rows == NULL)
        return -1;
    statement_bind_text(rows, 1, str_of(replace->order_id));
    int got, found = 0;
    while (found == 0 && (got = statement_step(rows, error)) != 0)
        found = got < 0 ? -1 : carries_out(&journal->reader, statement_bytes(rows, 0), replace, error);
    statement_close(rows);
    return found;
}

struct latest {
    struct names owners; /* "ACCOUNT\nSTRATEGY", those whose last entry has been seen */
    char id[ID_SIZE];
    char hint[LISTED_MAX * (ID_SIZE + STRATEGY_SIZE)];
    size_t used;
};

static void list_order(struct latest *latest, const struct order *order)
{
    const size_t room = sizeof latest->hint - latest->used;
    const int n = snprintf(latest->hint + latest->used, room, "%s%s of %s", latest->used == 0 ? "" : ", ", order->id,
                           order->strategy[0] == '\0' ? "no strategy" : order->strategy);
    if (n > 0 && (size_t)n < room)
        latest->used += (size_t)n;
}

static int take(struct latest *latest, struct event_reader *reader, struct str line, struct error *error)
{
    struct order order;
    char owner[ID_SIZE + STRATEGY_SIZE];
    if (event_reader_read(reader, line, error) != 0 || record_decode(&reader->record, &order, error) != 0)
        return -1;
    (void)snprintf(owner, sizeof owner, "%s\n%s", order.account, order.strategy);
    const size_t before = latest->owners.count;
    if (names_add(&latest->owners, str_of(owner), error) < 0)
        return -1;
    if (latest->owners.count == before)
        return 0;
    if (before == 0)
        memcpy(latest->id, order.id, sizeof latest->id);
    if (latest->owners.count <= LISTED_MAX)
        list_order(latest, &order);
    return 0;
}

static int read_entries(struct journal *journal, const char *account, const char *symbol, struct latest *latest,
                        struct error *error)
{
    struct statement *rows = statement_open(
        journal->db,
        "SELECT record FROM event WHERE type = 'order' AND (?1 IS NULL OR account = ?1)"
        " AND json_extract(record, '$.symbol') = ?2 AND coalesce(json_extract(record, '$.role'), 'entry') = 'entry'"
        " ORDER BY seq DESC",
        error);
    if (rows == NULL)
        return -1;
    if (account == NULL)
        statement_bind_null(rows, 1);
    else
        statement_bind_text(rows, 1, str_of(account));
    statement_bind_text(rows, 2, str_of(symbol));
    int got;
    while ((got = statement_step(rows, error)) == 1)
        if (take(latest, &journal->reader, statement_bytes(rows, 0), error) != 0) {
            got = -1;
            break;
        }
    statement_close(rows);
    return got;
}

int journal_latest_entry(struct journal *journal, const char *account, const char *symbol, char id[static ID_SIZE],
                         struct error *error)
{
    struct latest latest = {.used = 0};
    names_init(&latest.owners);
    int found = read_entries(journal, account, symbol, &latest, error);
    if (found == 0 && latest.owners.count > 1) {
        error_set(error, EXIT_NO, "%s: %zu strategies or accounts have ordered it: name one order", symbol,
                  latest.owners.count);
        error_hint(error, "%s%s", latest.hint, latest.owners.count > LISTED_MAX ? ", …" : "");
        found = -1;
    } else if (found == 0 && latest.owners.count == 1) {
        memcpy(id, latest.id, ID_SIZE);
        found = 1;
    }
    names_clear(&latest.owners);
    return found;
}

void refusal_name(char name[static REFUSAL_NAME_SIZE], const struct refusal *refusal)
{
    (void)snprintf(name, REFUSAL_NAME_SIZE, "%s %s", refusal->code, refusal->cause);
}

/* The keys of refusals follow each other in their index. */
int journal_refusals(struct journal *journal, const char *account, struct names *refused, struct error *error)
{
    struct statement *rows = statement_open(
        journal->db,
        "SELECT json_extract(record, '$.code') || ' ' || json_extract(record, '$.cause') AS name FROM event"
        " WHERE key >= 'refusal/' AND key < 'refusal0' AND account = ?1 AND name IS NOT NULL",
        error);
    if (rows == NULL)
        return -1;
    statement_bind_text(rows, 1, str_of(account));
    int got;
    while ((got = statement_step(rows, error)) == 1)
        if (names_add(refused, statement_bytes(rows, 0), error) < 0) {
            got = -1;
            break;
        }
    statement_close(rows);
    return got;
}

int journal_accounts(struct journal *journal, struct names *accounts, struct error *error)
{
    struct statement *rows =
        statement_open(journal->db,
                       "SELECT account FROM last WHERE EXISTS (SELECT 1 FROM cash WHERE cash.account = last.account)"
                       " ORDER BY (SELECT seq FROM event WHERE event.account = last.account AND event.n = 1)",
                       error);
    if (rows == NULL)
        return -1;
    int got;
    while ((got = statement_step(rows, error)) == 1)
        if (names_add(accounts, statement_bytes(rows, 0), error) < 0) {
            got = -1;
            break;
        }
    statement_close(rows);
    return got;
}
