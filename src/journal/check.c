/* Verifying a journal, and computing its derived tables anew.
 *
 * Every event is read once: its row goes into tables in memory, and into a ledger of its account for each way in which
 * the account's days were counted; each checkpoint must be what that ledger is then. */
#include "journal/internal.h"

#include "base/list.h"
#include "ledger/state.h"
#include "record/schema.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* The events of an account under one setting of `day_rolls`. */
struct variant {
    struct replay replay;
    char day_rolls[KEY_SIZE];
};

struct audit {
    struct journal *journal;
    struct derived *derived; /* in memory */
    struct event_reader reader;
    struct variant **variant;
    size_t variants, capacity;
    struct buf state;
    int64_t checkpoints;
};

static struct variant *find_variant(const struct audit *audit, const char *account, const char *day_rolls)
{
    for (size_t i = 0; i < audit->variants; i++)
        if (strcmp(audit->variant[i]->replay.ledger.terms.account, account) == 0 &&
            (day_rolls == NULL || strcmp(audit->variant[i]->day_rolls, day_rolls) == 0))
            return audit->variant[i];
    return NULL;
}

static int add_variant(struct audit *audit, const char *account, const char *day_rolls, struct error *error)
{
    struct ledger_terms terms = {.settlement_unit = DEC_ONE / 100};
    if (list_grow(&audit->variant, &audit->capacity, audit->variants, sizeof(struct variant *), error) != 0)
        return -1;
    struct variant *variant = calloc(1, sizeof *variant);
    if (variant == NULL)
        return error_memory(error);
    audit->variant[audit->variants++] = variant;
    (void)snprintf(variant->day_rolls, sizeof variant->day_rolls, "%s", day_rolls);
    (void)snprintf(terms.account, sizeof terms.account, "%s", account);
    if (day_rolls[0] != '\0' && day_rolls_parse(day_rolls, &terms.day_rolls, &variant->replay.zone, error) != 0)
        return error_recode(error, EXIT_STATE), -1;
    terms.zone = variant->replay.zone;
    return ledger_init(&variant->replay.ledger, &terms, error);
}

/* How the days of the accounts were counted, from their checkpoints. */
static int find_variants(struct audit *audit, struct error *error)
{
    struct statement *rows =
        statement_open(audit->journal->db,
                       "SELECT " EVENT_COLUMNS " FROM event WHERE key >= 'checkpoint/' AND key < 'checkpoint0'", error);
    struct event event;
    int got = rows == NULL ? -1 : 1;
    while (got == 1 && (got = statement_step(rows, error)) == 1) {
        if (event_from_row(audit->journal->events, rows, &event, error) != 1 ||
            journal_replay(&audit->reader, &event, error) != 0) {
            got = -1;
            break;
        }
        const struct checkpoint *checkpoint = &audit->reader.value.checkpoint;
        if (checkpoint->format == LEDGER_FORMAT &&
            find_variant(audit, checkpoint->account, checkpoint->day_rolls) == NULL &&
            add_variant(audit, checkpoint->account, checkpoint->day_rolls, error) != 0)
            got = -1;
    }
    statement_close(rows);
    return got;
}

static int check_checkpoint(struct audit *audit, const struct event *event, struct error *error)
{
    const struct checkpoint *checkpoint = &audit->reader.value.checkpoint;
    uint8_t digest[SHA256_SIZE];
    char text[SHA256_HEX_SIZE];
    if (checkpoint->format != LEDGER_FORMAT)
        return 0;
    const struct variant *variant = find_variant(audit, checkpoint->account, checkpoint->day_rolls);
    require(variant != NULL);
    buf_reset(&audit->state);
    if (ledger_save(&variant->replay.ledger, &audit->state, error) != 0 ||
        sha256_of(audit->reader.sha256, audit->state.p, audit->state.n, digest, error) != 0)
        return -1;
    hash_hex(text, digest, SHA256_SIZE);
    audit->checkpoints++;
    if (checkpoint->n == variant->replay.n && checkpoint->n + 1 == event->n && strcmp(text, checkpoint->digest) == 0)
        return 0;
    error_set(error, EXIT_STATE, "event %" PRId64 ": the checkpoint of account '%s' does not match its events",
              event->seq, checkpoint->account);
    return -1;
}

static int fold(struct audit *audit, const struct event *event, struct error *error)
{
    const char *account = audit->reader.account;
    if (account[0] == '\0' || schema_table[audit->reader.type].member == NULL)
        return 0;
    if (find_variant(audit, account, NULL) == NULL && add_variant(audit, account, "", error) != 0)
        return -1;
    if (audit->reader.type == RECORD_CHECKPOINT && check_checkpoint(audit, event, error) != 0)
        return -1;
    for (size_t i = 0; i < audit->variants; i++) {
        struct replay *replay = &audit->variant[i]->replay;
        if (strcmp(replay->ledger.terms.account, account) != 0)
            continue;
        if (replay_apply(replay, event, &audit->reader, error) != 0) {
            error_prefix(error, "event %" PRId64, event->seq);
            return -1;
        }
        replay->n = event->n;
    }
    return 0;
}

/* Put and fold an event. */
static int take_event(void *context, const struct event *event, struct error *error)
{
    struct audit *audit = context;
    if (journal_replay(&audit->reader, event, error) != 0 ||
        derived_put(audit->derived, event, &audit->reader, error) != 0)
        return -1;
    return fold(audit, event, error);
}

/* A saved state is the one that its checkpoint names; one of another version is no harm. `drop`: throw away what is
 * not.
 */
static int check_states(struct audit *audit, bool drop, struct error *error)
{
    struct db *db = audit->journal->db;
    struct statement *rows = statement_open(db, "SELECT account, n, state FROM state ORDER BY account, n", error);
    struct statement *gone = drop ? statement_open(db, "DELETE FROM state WHERE account = ? AND n = ?", error) : NULL;
    int got = rows == NULL || (drop && gone == NULL) ? -1 : 1;
    while (got == 1 && (got = statement_step(rows, error)) == 1) {
        struct replay replay = {.journal = audit->journal};
        char account[ID_SIZE];
        (void)snprintf(account, sizeof account, STR_FMT, STR_ARG(statement_bytes(rows, 0)));
        const int64_t n = statement_int(rows, 1);
        int fits = event_reader_init(&replay.reader, error);
        if (fits == 0)
            fits = replay_check_state(&replay, account, n, statement_bytes(rows, 2), error);
        if (fits == 0 && drop) {
            statement_bind_text(gone, 1, str_of(account));
            statement_bind_int(gone, 2, n);
            got = statement_run(gone, error) == 0 ? 1 : -1;
        } else if (fits == 0 && !replay.outdated) {
            error_set(error, EXIT_STATE, "the saved state of account '%s' after its event %" PRId64 ": %s", account, n,
                      replay.dropped.text);
            error_hint(error, "the events are sound; tn-journal rebuild removes it");
            got = -1;
        } else if (fits < 0) {
            got = -1;
        }
        replay_close(&replay);
    }
    statement_close(rows);
    statement_close(gone);
    return got;
}

static int audit_init(struct audit *audit, struct journal *journal, struct error *error)
{
    *audit = (struct audit){.journal = journal};
    buf_init(&audit->state, LEDGER_STATE_MAX);
    return event_reader_init(&audit->reader, error) == 0 ? find_variants(audit, error) : -1;
}

static void audit_clear(struct audit *audit)
{
    for (size_t i = 0; i < audit->variants; i++) {
        replay_close(&audit->variant[i]->replay);
        free(audit->variant[i]);
    }
    free(audit->variant);
    buf_clear(&audit->state);
    event_reader_clear(&audit->reader);
}

int journal_rebuild(struct journal *journal, struct error *error)
{
    struct audit audit;
    if (journal_begin(journal, error) != 0)
        return -1;
    derived_free(journal->derived);
    journal->derived = NULL;
    int result = audit_init(&audit, journal, error);
    if (result == 0)
        result = derived_make(journal->db, error);
    if (result == 0)
        result = (audit.derived = journal->derived = derived_new(journal->db, error)) == NULL ? -1 : 0;
    if (result == 0)
        result = events_verify_each(journal->events, NULL, take_event, &audit, error);
    if (result == 0)
        result = check_states(&audit, true, error);
    audit_clear(&audit);
    if (result == 0)
        return journal_commit(journal, error);
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
            error_set(error, EXIT_STATE, "table %s: row %" PRId64 " (by %s) does not match the events", table->name,
                      row, table->order);
            error_hint(error, "the events are sound; tn-journal rebuild computes the tables again");
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

/* The tables and ledgers from the first event on, compared with what the file holds. */
static int verify_derived(struct journal *journal, struct journal_check *check, struct error *error)
{
    struct audit audit;
    struct derived_table table;
    struct db *memory = NULL;
    int result = audit_init(&audit, journal, error);
    if (result == 0)
        result = (memory = db_open_memory(&journal_schema, error)) == NULL ? -1 : 0;
    if (result == 0)
        result = derived_make(memory, error);
    if (result == 0)
        result = (audit.derived = derived_new(memory, error)) == NULL ? -1 : 0;
    if (result == 0 && (result = db_begin(memory, error)) == 0 &&
        (result = events_read_each(journal->events, &check->events, take_event, &audit, error)) == 0)
        result = db_commit(memory, error);
    /* Tables of another version, or none yet: whoever writes next makes them, and nothing reads them until then. */
    const int fit = result == 0 ? derived_fit(journal->db, error) : 0;
    result = fit < 0 ? -1 : result;
    for (int type = 0; type < RECORD_TYPES && result == 0 && fit == 1; type++)
        if (derived_table((enum record_type)type, &table))
            result = compare_table(&table, journal->db, memory, error);
    if (result == 0)
        result = check_states(&audit, false, error);
    check->checkpoints = audit.checkpoints;
    derived_free(audit.derived);
    db_close(memory);
    audit_clear(&audit);
    return result;
}

/* The file and its chain, read by a thread of its own over a connection of its own: half of the work of a verification,
 * and what the other half reads is sound only if this says so. */
struct chain {
    const char *path;
    int64_t events;
    int result;
    struct error error;
};

static void *check_chain(void *context)
{
    struct chain *chain = context;
    struct error *error = &chain->error;
    struct journal *journal = journal_open_to_settle(chain->path, JOURNAL_READ, error);
    chain->result = journal != NULL && db_begin_read(journal->db, error) == 0 &&
                            db_check_integrity(journal->db, error) == 0 &&
                            events_verify(journal->events, &chain->events, error) == 0
                        ? 0
                        : -1;
    journal_close(journal);
    return NULL;
}

/* Both halves. What is wrong with the chain is said first: tables and ledgers follow from it. */
static int verify_halves(struct journal *journal, const char *path, struct journal_check *check, struct error *error)
{
    struct chain chain = {.path = path};
    pthread_t thread;
    const bool beside = pthread_create(&thread, NULL, check_chain, &chain) == 0;
    if (!beside)
        (void)check_chain(&chain);
    int result = verify_derived(journal, check, error);
    if (beside)
        require(pthread_join(thread, NULL) == 0);
    if (chain.result == 0 && result == 0 && chain.events < check->events) /* it began later, so it has seen them all */
        result = error_set(error, EXIT_STATE, "'%s' was replaced while it was being read", path);
    if (chain.result == 0)
        return result;
    *error = chain.error;
    return -1;
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
              "%" PRId64 " events are sound, head %s, but '%s-head' is missing, empty or damaged: "
              "later events may be lost",
              check->events, check->head, path);
    error_hint(error, "compare that hash with one that you kept, then run tn-journal verify --new-head");
    return -1;
}

static int verify(const char *path, bool new_head, struct journal_check *check, struct error *error)
{
    *check = (struct journal_check){0};
    struct journal *journal = journal_open_to_settle(path, JOURNAL_READ, error);
    if (journal == NULL)
        return -1;
    struct head head = {0};
    int result = db_begin_read(journal->db, error);
    if (result == 0) /* from here on, what this connection reads stays as it is */
        result = events_head(journal->events, &head, error);
    if (result == 0)
        result = verify_halves(journal, path, check, error);
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
