/* Walking from an id to what caused it and what became of it. */
#include "journal/history.h"
#include "journal/internal.h"

#include <stdio.h>
#include <stdlib.h>

#define ORDERS_DEEP 8 /* orders under orders: an entry and its protective ones are two */

struct walk {
    struct journal *journal;
    history_visit *visit;
    void *context;
    int64_t visited;
    struct event event; /* the one loaded, read into journal->replay; until the next load */
};

/* Numbers of events, collected before the first of them is visited. */
struct seqs {
    int64_t *p;
    size_t n;
};

static int collect(struct walk *walk, const char *sql, const char *id, struct seqs *seqs, struct error *error)
{
    struct statement *rows = statement_open(walk->journal->db, sql, error);
    *seqs = (struct seqs){0};
    if (rows == NULL)
        return -1;
    statement_bind_text(rows, 1, str_of(id));
    int got;
    while ((got = statement_step(rows, error)) == 1) {
        int64_t *p = realloc(seqs->p, (seqs->n + 1) * sizeof *p);
        if (p == NULL) {
            got = error_memory(error);
            break;
        }
        seqs->p = p;
        seqs->p[seqs->n++] = statement_int(rows, 0);
    }
    statement_close(rows);
    return got;
}

static int visit(struct walk *walk, const struct event *event, int depth, struct error *error)
{
    walk->visited++;
    return walk->visit(walk->context, event, depth, error);
}

/* Make an event of the journal the loaded one. */
static int load(struct walk *walk, int64_t seq, struct error *error)
{
    const int got = events_at(walk->journal->events, seq, &walk->event, error);
    if (got == 0)
        return error_set(error, EXIT_STATE, "event %lld is missing", (long long)seq);
    return got == 1 ? journal_replay(&walk->journal->replay, &walk->event, error) : -1;
}

/* The number of the event of a type and id: 1, 0, -1. */
static int find(struct walk *walk, enum record_type type, const char *id, int64_t *seq, struct error *error)
{
    struct event event;
    const int got = journal_find(walk->journal, type, id, &event, error);
    *seq = got == 1 ? event.seq : 0;
    return got;
}

static int visit_seq(struct walk *walk, int64_t seq, int depth, struct error *error)
{
    return load(walk, seq, error) == 0 ? visit(walk, &walk->event, depth, error) : -1;
}

static int visit_each(struct walk *walk, const char *sql, const char *id, int depth, struct error *error)
{
    struct seqs seqs;
    int result = collect(walk, sql, id, &seqs, error);
    for (size_t i = 0; i < seqs.n && result == 0; i++)
        result = visit_seq(walk, seqs.p[i], depth, error);
    free(seqs.p);
    return result;
}

/* A part of a record of this moment and symbol. */
static int visit_part(struct walk *walk, const char *type, struct str object, int64_t time, const char *symbol,
                      struct error *error)
{
    const struct event part = {.type = str_of(type), .record = object, .recorded = time, .key = str_of(symbol)};
    return visit(walk, &part, 0, error);
}

/* What the loaded order says it rests on: the decision in its own words, and before it the bar they speak of, both at
 * the time of the decision. */
static int visit_decision(struct walk *walk, int64_t time, struct error *error)
{
    const struct order *order = &walk->journal->replay.value.order;
    const struct str basis = order->basis;
    struct str rest = basis;
    struct field member;
    if (basis.n == 0)
        return 0;
    while (raw_next(&rest, &member))
        if (str_is(member.key, "bar") && member.kind == VALUE_OBJECT &&
            visit_part(walk, "bar", member.value, time, order->symbol, error) != 0)
            return -1;
    return visit_part(walk, "decision", basis, time, order->symbol, error);
}

/* The signal of an id, after the bar it rests on: 1, 0 when the journal does not have it, -1. */
static int visit_signal(struct walk *walk, const char *id, struct error *error)
{
    int64_t seq;
    const int got = id[0] == '\0' ? 0 : find(walk, RECORD_SIGNAL, id, &seq, error);
    if (got != 1)
        return got;
    if (load(walk, seq, error) != 0)
        return -1;
    const struct signal *signal = &walk->journal->replay.value.signal;
    if (signal->basis.n > 0 && visit_part(walk, "bar", signal->basis, signal->time, signal->symbol, error) != 0)
        return -1;
    return visit(walk, &walk->event, 0, error) == 0 ? 1 : -1;
}

/* An order, what became of it, and the orders that protect it. */
static int visit_order(struct walk *walk, int64_t seq, int depth, struct error *error)
{
    char id[ID_SIZE];
    if (visit_seq(walk, seq, depth, error) != 0)
        return -1;
    memcpy(id, walk->journal->replay.value.order.id, sizeof id);
    if (visit_each(walk,
                   "SELECT seq FROM order_updates WHERE order_id = ?1 UNION SELECT seq FROM fills WHERE order_id = ?1"
                   " UNION SELECT seq FROM notes WHERE about = ?1 ORDER BY seq",
                   id, depth + 1, error) != 0)
        return -1;
    if (depth + 1 == ORDERS_DEEP)
        return 0;
    struct seqs children;
    int result = collect(walk, "SELECT seq FROM orders WHERE parent = ? ORDER BY seq", id, &children, error);
    for (size_t i = 0; i < children.n && result == 0; i++)
        result = visit_order(walk, children.p[i], depth + 1, error);
    free(children.p);
    return result;
}

/* From an order up to the entry it protects. */
static int climb(struct walk *walk, int64_t *seq, struct error *error)
{
    for (int i = 0; i < ORDERS_DEEP; i++) {
        int64_t above;
        char parent[ID_SIZE];
        if (load(walk, *seq, error) != 0)
            return -1;
        memcpy(parent, walk->journal->replay.value.order.parent, sizeof parent);
        const int got = parent[0] == '\0' ? 0 : find(walk, RECORD_ORDER, parent, &above, error);
        if (got != 1)
            return got;
        *seq = above;
    }
    return 0;
}

/* When a decision was made: the time of the first order of its signal. An order that repeats it has its own. */
static int decision_time(struct walk *walk, int64_t seq, const char *signal, int64_t *time, struct error *error)
{
    struct seqs first = {0};
    if (signal[0] != '\0' &&
        collect(walk, "SELECT seq FROM orders WHERE signal = ? ORDER BY seq LIMIT 1", signal, &first, error) != 0) {
        free(first.p);
        return -1;
    }
    const int result = load(walk, first.n > 0 ? first.p[0] : seq, error);
    *time = result == 0 ? walk->journal->replay.value.order.time : TIME_NONE;
    free(first.p);
    return result;
}

static int why_order(struct walk *walk, int64_t seq, struct error *error)
{
    char signal[ID_SIZE];
    int64_t time;
    if (climb(walk, &seq, error) != 0 || load(walk, seq, error) != 0)
        return -1;
    memcpy(signal, walk->journal->replay.value.order.signal, sizeof signal);
    const int told = visit_signal(walk, signal, error);
    if (told < 0 || decision_time(walk, seq, signal, &time, error) != 0 || load(walk, seq, error) != 0 ||
        (told == 0 && visit_decision(walk, time, error) != 0))
        return -1;
    return visit_order(walk, seq, 0, error);
}

/* A fill stands in its order's chain; one without an order (from an import) stands alone. */
static int why_fill(struct walk *walk, int64_t seq, struct error *error)
{
    char id[ID_SIZE];
    int64_t order;
    if (load(walk, seq, error) != 0)
        return -1;
    memcpy(id, walk->journal->replay.value.fill.order_id, sizeof id);
    const int got = find(walk, RECORD_ORDER, id, &order, error);
    if (got < 0)
        return -1;
    return got == 1 ? why_order(walk, order, error) : visit_seq(walk, seq, 0, error);
}

static int why_signal(struct walk *walk, const char *id, struct error *error)
{
    struct seqs orders;
    int told = visit_signal(walk, id, error);
    if (told < 0 || collect(walk, "SELECT seq FROM orders WHERE signal = ? AND parent IS NULL ORDER BY seq", id,
                            &orders, error) != 0)
        return -1;
    int result = 0;
    for (size_t i = 0; i < orders.n && result == 0; i++) {
        if (told == 0)
            result = load(walk, orders.p[i], error) == 0
                         ? visit_decision(walk, walk->journal->replay.value.order.time, error)
                         : -1;
        told = 1;
        if (result == 0)
            result = visit_order(walk, orders.p[i], 0, error);
    }
    free(orders.p);
    return result;
}

static int why(struct walk *walk, const char *id, struct error *error)
{
    static const struct {
        enum record_type type;
        int (*tell)(struct walk *walk, int64_t seq, struct error *error); /* NULL: it stands alone */
    } kinds[] = {{RECORD_ORDER, why_order}, {RECORD_FILL, why_fill}, {RECORD_CASH, NULL}, {RECORD_NOTE, NULL}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int64_t seq;
        const int got = find(walk, kinds[i].type, id, &seq, error);
        if (got < 0)
            return -1;
        if (got == 1)
            return kinds[i].tell != NULL ? kinds[i].tell(walk, seq, error) : visit_seq(walk, seq, 0, error);
    }
    return why_signal(walk, id, error);
}

int journal_why_not(struct journal *journal, const char *symbol, history_visit *visitor, void *context,
                    struct error *error)
{
    struct walk walk = {.journal = journal, .visit = visitor, .context = context};
    if (db_begin_read(journal->db, error) != 0)
        return -1;
    const int result = visit_each(
        &walk,
        "SELECT seq FROM event WHERE key >= 'refusal/' AND key < 'refusal0' AND json_extract(record, '$.symbol') = ?1"
        " AND seq > (SELECT coalesce(max(seq), 0) FROM orders WHERE symbol = ?1 AND coalesce(role, 'entry') = 'entry')"
        " ORDER BY seq",
        symbol, 0, error);
    events_rollback(journal->events);
    return result != 0 ? -1 : walk.visited > 0;
}

int journal_why(struct journal *journal, const char *id, history_visit *visitor, void *context, struct error *error)
{
    struct walk walk = {.journal = journal, .visit = visitor, .context = context};
    if (db_begin_read(journal->db, error) != 0)
        return -1;
    int result = why(&walk, id, error);
    if (result == 0)
        result = visit_each(&walk,
                            "SELECT seq FROM event WHERE (type = 'refusal' AND (json_extract(record, '$.cause') = ?1"
                            " OR json_extract(record, '$.order_id') = ?1))"
                            " OR (type = 'action' AND json_extract(record, '$.id') = ?1) ORDER BY seq",
                            id, 0, error);
    events_rollback(journal->events);
    return result != 0 ? -1 : walk.visited > 0;
}
