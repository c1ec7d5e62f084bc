/* Saved states, checkpoints and the events after them, as one ledger. */
#include "journal/replay.h"

#include "journal/internal.h"
#include "ledger/state.h"
#include "record/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A state is written once the events since the last one are as large: twice the bytes at most. */
#define CHECKPOINT_BYTES 65536

void day_rolls_text(char text[static KEY_SIZE], const struct ledger_terms *terms)
{
    const int minutes = (int)(terms->day_rolls / TIME_MINUTE);
    (void)snprintf(text, KEY_SIZE, "%02d:%02d %s", minutes / 60, minutes % 60,
                   terms->zone == NULL ? "UTC" : zone_name(terms->zone));
}

int day_rolls_parse(const char *text, int64_t *rolls, struct zone **zone, struct error *error)
{
    const char *space = strchr(text, ' ');
    *zone = NULL;
    if (space == NULL || space - text != 5 || text[2] != ':' || strspn(text, "0123456789:") != 5)
        return error_set(error, EXIT_USAGE, "'%s' is not HH:MM ZONE", text);
    const int hour = 10 * (text[0] - '0') + (text[1] - '0'), minute = 10 * (text[3] - '0') + (text[4] - '0');
    if (hour > 23 || minute > 59)
        return error_set(error, EXIT_USAGE, "'%s' is not a time of day", text);
    *rolls = hour * TIME_HOUR + minute * TIME_MINUTE;
    *zone = zone_open(space + 1, error);
    return *zone == NULL ? -1 : 0;
}

/* The checkpoint event of a state: 1, 0 when there is none, -1. */
static int find_checkpoint(struct replay *replay, const char *account, int64_t n, struct checkpoint *checkpoint,
                           struct error *error)
{
    char key[EVENT_KEY_MAX];
    struct event event;
    (void)snprintf(key, sizeof key, "checkpoint/%s/%" PRId64, account, n);
    const int got = events_find(replay->journal->events, str_of(key), &event, error);
    if (got != 1)
        return got;
    const bool at_place = event.n == n + 1;
    const int read = journal_replay(&replay->reader, &event, error);
    events_release(replay->journal->events);
    if (read != 0)
        return -1;
    *checkpoint = replay->reader.value.checkpoint;
    return at_place ? 1 : 0;
}

static int drop(struct replay *replay, const char *why)
{
    error_set(&replay->dropped, EXIT_STATE, "%s", why);
    return 0;
}

int replay_check_state(struct replay *replay, const char *account, int64_t n, struct str state, struct error *error)
{
    struct checkpoint checkpoint = {.format = 0};
    uint8_t digest[SHA256_SIZE];
    char text[SHA256_HEX_SIZE];
    const int found = find_checkpoint(replay, account, n, &checkpoint, error);
    if (found <= 0)
        return found < 0 ? -1 : drop(replay, "no event refers to it");
    replay->outdated = checkpoint.format != LEDGER_FORMAT;
    if (replay->outdated)
        return drop(replay, "it has another version");
    if (sha256_of(replay->reader.sha256, state.p, state.n, digest, error) != 0)
        return -1;
    hash_hex(text, digest, SHA256_SIZE);
    return strcmp(text, checkpoint.digest) == 0 ? 1 : drop(replay, "it does not match its checkpoint");
}

static int load(struct replay *replay, const char *account, const struct ledger_terms *given, int64_t n,
                struct str state, struct error *error)
{
    struct ledger_terms terms;
    const int fits = replay_check_state(replay, account, n, state, error);
    if (fits != 1)
        return fits;
    if (given != NULL) {
        terms = *given;
    } else {
        terms = (struct ledger_terms){.settlement_unit = DEC_ONE / 100};
        if (ledger_state_terms(&terms, state, error) != 0 ||
            day_rolls_parse(replay->reader.value.checkpoint.day_rolls, &terms.day_rolls, &replay->zone, error) != 0)
            return -1;
        terms.zone = replay->zone;
    }
    if (ledger_load(&replay->ledger, &terms, state, &replay->dropped) != 0) {
        if (replay->dropped.code != EXIT_SYSTEM)
            return 0;
        *error = replay->dropped;
        return -1;
    }
    replay->n = replay->start = n;
    replay->state_size = state.n;
    return 1;
}

/* The latest state that fits: 1; 0: none. */
static int load_latest(struct replay *replay, const char *account, const struct ledger_terms *terms,
                       struct error *error)
{
    struct statement *rows =
        statement_open(replay->journal->db, "SELECT n, state FROM state WHERE account = ? ORDER BY n DESC", error);
    int got = rows == NULL ? -1 : 1, loaded = 0;
    if (rows != NULL)
        statement_bind_text(rows, 1, str_of(account));
    struct error first = {0}; /* of the latest that was not used */
    while (got == 1 && loaded == 0 && (got = statement_step(rows, error)) == 1) {
        error_clear(&replay->dropped);
        loaded = load(replay, account, terms, statement_int(rows, 0), statement_bytes(rows, 1), error);
        if (loaded != 0 || error_is_set(&first))
            continue;
        error_prefix(&replay->dropped, "the saved state of account '%s' after its event %" PRId64 " is not used",
                     account, statement_int(rows, 0));
        first = replay->dropped;
    }
    statement_close(rows);
    replay->dropped = first;
    return got < 0 || loaded < 0 ? -1 : loaded;
}

int replay_open(struct replay *replay, struct journal *journal, const char *account, const struct ledger_terms *terms,
                struct error *error)
{
    *replay = (struct replay){.journal = journal};
    if (event_reader_init(&replay->reader, error) != 0)
        return -1;
    const int loaded = load_latest(replay, account, terms, error);
    if (loaded < 0)
        return -1;
    if (loaded == 0) {
        struct ledger_terms first = {.settlement_unit = DEC_ONE / 100};
        (void)snprintf(first.account, sizeof first.account, "%s", account);
        if (ledger_init(&replay->ledger, terms != NULL ? terms : &first, error) != 0)
            return -1;
    }
    return replay_catch_up(replay, error);
}

void replay_close(struct replay *replay)
{
    ledger_clear(&replay->ledger);
    event_reader_clear(&replay->reader);
    zone_free(replay->zone);
    *replay = (struct replay){0};
}

/* An account is of one mode and one currency, which its first events say where nobody else did. */
static int settle_terms(struct ledger *ledger, const struct event *event, const struct event_reader *reader,
                        struct error *error)
{
    struct ledger_terms *terms = &ledger->terms;
    const char *currency = reader->type == RECORD_CASH ? reader->value.cash.currency : "";
    if (terms->mode == MODE_NONE)
        terms->mode = event->mode;
    if (event->mode != terms->mode && event->mode != MODE_NONE)
        return error_set(error, EXIT_STATE, "account '%s' is a %s account", terms->account, mode_text(terms->mode));
    if (terms->currency[0] == '\0')
        (void)snprintf(terms->currency, sizeof terms->currency, "%s", currency);
    if (ledger->opening != TIME_NONE || currency[0] == '\0' || strcmp(currency, terms->currency) == 0)
        return 0;
    (void)error_set(error, EXIT_STATE, "account '%s' was opened in %s; its currency is now set to %s", terms->account,
                    currency, terms->currency);
    error_hint(error, "Set the account's currency to %s again, or open another account.", currency);
    return -1;
}

int replay_apply(struct replay *replay, const struct event *event, const struct event_reader *reader,
                 struct error *error)
{
    if (settle_terms(&replay->ledger, event, reader, error) != 0)
        return -1;
    return schema_table[reader->type].member == NULL
               ? 0
               : ledger_apply(&replay->ledger, reader->type, &reader->value, error);
}

int replay_catch_up(struct replay *replay, struct error *error)
{
    struct event event;
    struct event_cursor *cursor =
        event_cursor_of_account(replay->journal->events, str_of(replay->ledger.terms.account), replay->n, error);
    int got = cursor == NULL ? -1 : 1;
    while (got == 1 && (got = event_cursor_next(cursor, &event, error)) == 1) {
        if (journal_replay(&replay->reader, &event, error) != 0) {
            got = -1;
        } else if (replay_apply(replay, &event, &replay->reader, error) != 0) {
            error_recode(error, EXIT_STATE);
            error_prefix(error, "event %" PRId64, event.seq);
            got = -1;
        } else {
            replay->n = event.n;
            replay->bytes += event.record.n;
        }
    }
    event_cursor_close(cursor);
    replay->begun = replay->n;
    return got;
}

void replay_count(struct replay *replay, size_t bytes)
{
    replay->n++;
    replay->bytes += bytes;
}

void replay_rewind(struct replay *replay)
{
    replay->n = replay->begun;
}

static int put_state(struct replay *replay, const struct checkpoint *checkpoint, struct str state, struct error *error)
{
    struct journal *journal = replay->journal;
    struct statement *put =
        statement_open(journal->db, "INSERT OR REPLACE INTO state(account, n, state) VALUES(?, ?, ?)", error);
    struct statement *drop = statement_open(journal->db,
                                            "DELETE FROM state WHERE account = ?1 AND n NOT IN"
                                            " (SELECT n FROM state WHERE account = ?1 ORDER BY n DESC LIMIT 2)",
                                            error);
    int result = put == NULL || drop == NULL ? -1 : 0;
    if (result == 0) {
        statement_bind_text(put, 1, str_of(checkpoint->account));
        statement_bind_int(put, 2, checkpoint->n);
        statement_bind_blob(put, 3, state.p, state.n);
        statement_bind_text(drop, 1, str_of(checkpoint->account));
        result = statement_run(put, error) == 0 ? statement_run(drop, error) : -1;
    }
    statement_close(put);
    statement_close(drop);
    return result;
}

#ifdef TN_CHECKED
/* Whoever trades has applied each event as it was made: that is what folding the journal gives. */
static int check_fold(const struct replay *replay, const struct buf *state, struct error *error)
{
    struct replay own = {.n = 0};
    struct buf folded;
    buf_init(&folded, LEDGER_STATE_MAX);
    const struct ledger_terms *terms = &replay->ledger.terms;
    const int result = replay_open(&own, replay->journal, terms->account, terms, error) == 0
                           ? ledger_save(&own.ledger, &folded, error)
                           : -1;
    require(result != 0 || (own.n == replay->n && str_equal(buf_str(&folded), buf_str(state))));
    replay_close(&own);
    buf_clear(&folded);
    return result;
}
#endif

static int save(struct replay *replay, struct buf *state, struct error *error)
{
    const struct ledger_terms *terms = &replay->ledger.terms;
    uint8_t digest[SHA256_SIZE];
    struct checkpoint checkpoint = {.time = replay->ledger.now, .n = replay->n, .format = LEDGER_FORMAT};
    (void)snprintf(checkpoint.account, sizeof checkpoint.account, "%s", terms->account);
    day_rolls_text(checkpoint.day_rolls, terms);
    if (ledger_save(&replay->ledger, state, error) != 0 ||
        sha256_of(replay->reader.sha256, state->p, state->n, digest, error) != 0)
        return -1;
#ifdef TN_CHECKED
    if (check_fold(replay, state, error) != 0)
        return -1;
#endif
    hash_hex(checkpoint.digest, digest, SHA256_SIZE);
    struct str line;
    const int appended = journal_put_line(replay->journal, terms->mode, RECORD_CHECKPOINT, &checkpoint, &line, error);
    if (appended != 1)
        return appended < 0 ? -1 : error_set(error, EXIT_STATE, "the journal already has this checkpoint");
    if (put_state(replay, &checkpoint, buf_str(state), error) != 0)
        return -1;
    replay->n++;
    replay->bytes = 0;
    replay->state_size = state->n;
    return 0;
}

int replay_checkpoint(struct replay *replay, struct error *error)
{
    const size_t least = replay->state_size > CHECKPOINT_BYTES ? replay->state_size : CHECKPOINT_BYTES;
    if (replay->bytes < least || replay->ledger.now == TIME_NONE)
        return 0;
    struct buf state;
    buf_init(&state, LEDGER_STATE_MAX);
    const int result = save(replay, &state, error);
    buf_clear(&state);
    return result;
}
