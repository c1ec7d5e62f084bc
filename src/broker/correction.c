/* Finds corrections of corporate actions, and applies those that were accepted. */
#include "broker/correction.h"

#include "base/words.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Are there at most CORRECTION_SESSIONS sessions after one date up to another? */
static bool are_near(const struct calendar *calendar, int64_t a, int64_t b)
{
    struct error error = {0};
    int64_t date = calendar_date(calendar, a < b ? a : b);
    const int64_t last = calendar_date(calendar, a < b ? b : a);
    for (int i = 0; i <= CORRECTION_SESSIONS; i++) {
        struct session session;
        if (calendar_next(calendar, date, &session, &error) != 0 || session.date > last)
            return true; /* a date that the calendar does not know is beside those it knows */
        date = session.date;
    }
    return false;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

const struct applied_action *correction_find(const struct ledger *ledger, const struct calendar *calendar, int slot,
                                             const struct action *action, const struct names *batch)
{
    const struct applied_actions *applied = slot < 0 ? NULL : ledger->symbol_state[slot].actions;
    const struct applied_action *found = NULL;
    for (int i = 0; applied != NULL && i < applied->count; i++) {
        const struct applied_action *past = &applied->action[i];
        if (past->held || past->kind != action->kind || strcmp(past->id, action->id) == 0 ||
            (batch != NULL && names_find(batch, str_of(past->id)) >= 0) ||
            !are_near(calendar, past->time, action->time))
            continue;
        if (found == NULL || distance(past->time, action->time) < distance(found->time, action->time))
            found = past;
    }
    return found;
}

/* An id of its own for what is made of an action: however long the action's is. */
static int make_id(char id[static ID_SIZE], struct sha256 *hash, const char *account, const char *prefix,
                   const char *action, const char *strategy, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    if (sha256_begin(hash, error) != 0 || sha256_add(hash, account, strlen(account) + 1, error) != 0 ||
        sha256_add(hash, action, strlen(action) + 1, error) != 0 ||
        sha256_add(hash, strategy, strlen(strategy) + 1, error) != 0 || sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(id, prefix, 3);
    hash_base32(id + 2, digest, 80);
    return 0;
}

int correction_alert(struct alert *alert, struct sha256 *hash, const struct action *held,
                     char text[static CORRECTION_TEXT], struct error *error)
{
    *alert = (struct alert){.time = held->time, .level = ALERT_WARNING, .mode = MODE_PAPER};
    memcpy(alert->symbol, held->symbol, sizeof alert->symbol);
    memcpy(alert->account, held->account, sizeof alert->account);
    memcpy(alert->cause, held->id, sizeof held->id);
    char word[SHELL_WORD_MAX];
    (void)snprintf(
        text, CORRECTION_TEXT,
        "a %s of %s seems to correct %s, which was applied: 'tn-journal adjust %s -a %s' books the difference",
        action_kind_text(held->kind), held->symbol, held->corrects, shell_word(word, held->id), held->account);
    alert->title = STR("corporate action held back");
    alert->text = str_of(text);
    return make_id(alert->id, hash, held->account, "th", held->id, "", error);
}

/* The account as it was when an action became due: before the first event of its symbol, a fill or another action, at
 * its time or later. */
static int replay_until(struct journal *journal, struct ledger *ledger, struct event_reader *reader, const char *symbol,
                        int64_t time, struct error *error)
{
    struct event_cursor *cursor = journal_read_account(journal, ledger->terms.account, error);
    struct event event;
    int got = cursor == NULL ? -1 : 1;
    while (got == 1 && (got = event_cursor_next(cursor, &event, error)) == 1) {
        if (event_reader_read(reader, event.record, error) != 0) {
            got = -1;
            break;
        }
        const union record_value *value = &reader->value;
        const bool due =
            (reader->type == RECORD_FILL && value->fill.time >= time && strcmp(value->fill.symbol, symbol) == 0) ||
            (reader->type == RECORD_ACTION && value->action.time >= time && strcmp(value->action.symbol, symbol) == 0);
        if (due) {
            got = 0;
            break;
        }
        if (ledger_apply(ledger, reader->type, value, error) != 0) {
            got = -1;
            break;
        }
    }
    event_cursor_close(cursor);
    return got;
}

static int open_at(struct journal *journal, const struct account_terms *account_terms, struct ledger *ledger,
                   const char *symbol, int64_t time, struct error *error)
{
    struct event_reader reader;
    if (ledger_init(ledger, &account_terms->ledger, error) != 0)
        return -1;
    int status = event_reader_init(&reader, error);
    if (status == 0)
        status = replay_until(journal, ledger, &reader, symbol, time, error);
    event_reader_clear(&reader);
    return status;
}

/* What a dividend comes to for an instance. */
static int amount_of(const struct ledger *ledger, const char *symbol, const char *strategy, dec cash, dec *amount,
                     struct error *error)
{
    const struct holding *holding = ledger_holding(ledger, strategy, ledger_find_slot(ledger, symbol));
    *amount = 0;
    if (holding == NULL || holding->quantity == 0)
        return 0;
    return ledger_amount(ledger, holding->slot, holding->quantity, cash, holding->multiplier, amount, error);
}

static int append(struct journal *journal, enum record_type type, const void *value, struct error *error)
{
    struct buf line;
    buf_init(&line, RECORD_LINE_MAX + 1);
    record_encode(&line, type, value);
    const int status =
        buf_check(&line, error) == 0 && journal_append(journal, MODE_PAPER, buf_str(&line), error) == 1 ? 0 : -1;
    buf_clear(&line);
    return status == 0 || error_is_set(error) ? status : error_set(error, EXIT_STATE, "it has already been accepted");
}

/* The two ledgers as each of the dates found them. */
struct sides {
    struct ledger before, after;
};

static int book_dividends(struct journal *journal, const struct account_terms *account_terms, const struct sides *sides,
                          const struct ledger *now, const struct applied_action *old, const struct applied_action *new,
                          struct correction *correction, struct error *error)
{
    const int slot = ledger_find_slot(now, correction->symbol);
    for (int i = 0; i < now->symbol_state[slot].holdings; i++) {
        const char *strategy = now->holding[now->symbol_state[slot].holding[i]].strategy;
        dec paid, due;
        struct cash cash = {.time = new->time,
                            .kind = CASH_DIVIDEND,
                            .rate = DEC_NONE,
                            .cross_rate = DEC_NONE,
                            .settlement_unit = DEC_NONE,
                            .reference = str_of(new->id)};
        if (amount_of(&sides->before, correction->symbol, strategy, old->cash, &paid, error) != 0 ||
            amount_of(&sides->after, correction->symbol, strategy, new->cash, &due, error) != 0 ||
            dec_subtract(&cash.amount, due, paid) != 0 ||
            dec_add(&correction->booked, correction->booked, cash.amount) != 0)
            return error_is_set(error) ? -1 : error_set(error, EXIT_STATE, "a corrected dividend is out of range");
        if (cash.amount == 0)
            continue;
        memcpy(cash.symbol, correction->symbol, sizeof cash.symbol);
        memcpy(cash.account, account_terms->ledger.account, sizeof cash.account);
        memcpy(cash.currency, account_terms->ledger.currency, sizeof cash.currency);
        (void)snprintf(cash.strategy, sizeof cash.strategy, "%s", strategy);
        if (make_id(cash.id, account_terms->hash, account_terms->ledger.account, "tc", new->id, strategy, error) != 0 ||
            append(journal, RECORD_CASH, &cash, error) != 0)
            return -1;
    }
    return 0;
}

/* A split that was moved: nothing is left to do when nothing was traded in between. */
static int check_split(const struct sides *sides, const char *symbol, const struct applied_action *old,
                       const struct applied_action *new, struct error *error)
{
    const int a = ledger_find_slot(&sides->before, symbol), b = ledger_find_slot(&sides->after, symbol);
    if ((__int128)old->new_shares * new->old_shares != (__int128)new->new_shares * old->old_shares)
        return error_set(error, EXIT_NO,
                         "%s: the split has another ratio, which cannot be booked as a difference: record fills",
                         symbol);
    const uint64_t traded = distance((int64_t)sides->before.fills, (int64_t)sides->after.fills) != 0;
    return a == b && traded == 0
               ? 0
               : error_set(error, EXIT_NO, "%s: there were trades between the two dates: record fills", symbol);
}

static int accept(struct journal *journal, struct account_terms *account_terms, const struct ledger *now, int slot,
                  const struct applied_action *new, int64_t time, const char *reason, struct correction *correction,
                  struct error *error)
{
    struct action action = {.kind = new->kind, .time = new->time};
    memcpy(action.id, new->id, sizeof action.id);
    const struct applied_action *old =
        correction_find(now, account_terms_calendar(account_terms, ledger_symbol(now, slot)), slot, &action, NULL);
    if (old == NULL)
        return error_set(error, EXIT_NO, "%s: the action it corrects is too old", new->id);
    *correction = (struct correction){.kind = new->kind, .from = DEC_NONE, .to = DEC_NONE};
    (void)snprintf(correction->symbol, sizeof correction->symbol, "%s", ledger_symbol(now, slot));
    struct sides sides;
    memset(&sides, 0, sizeof sides);
    int status = open_at(journal, account_terms, &sides.before, correction->symbol, old->time, error);
    if (status == 0)
        status = open_at(journal, account_terms, &sides.after, correction->symbol, new->time, error);
    if (status == 0 && new->kind == ACTION_SPLIT)
        status = check_split(&sides, correction->symbol, old, new, error);
    if (status == 0 && new->kind == ACTION_DIVIDEND) {
        correction->from = old->cash;
        correction->to = new->cash;
        status = book_dividends(journal, account_terms, &sides, now, old, new, correction, error);
    }
    ledger_clear(&sides.before);
    ledger_clear(&sides.after);
    if (status != 0)
        return -1;
    struct adjustment adjustment = {
        .time = time, .from = correction->from, .to = correction->to, .reason = str_of(reason)};
    memcpy(adjustment.symbol, correction->symbol, sizeof adjustment.symbol);
    memcpy(adjustment.account, account_terms->ledger.account, sizeof adjustment.account);
    memcpy(adjustment.cause, new->id, sizeof new->id);
    return make_id(adjustment.id, account_terms->hash, account_terms->ledger.account, "ta", new->id, "", error) == 0
               ? append(journal, RECORD_ADJUSTMENT, &adjustment, error)
               : -1;
}

static int find_and_accept(struct journal *journal, struct account_terms *account_terms, struct ledger *now,
                           const char *id, int64_t time, const char *reason, struct correction *correction,
                           struct error *error)
{
    for (size_t slot = 0; slot < now->slots; slot++) {
        const struct applied_action *held = ledger_find_action(now, (int)slot, id);
        if (held != NULL && held->held)
            return accept(journal, account_terms, now, (int)slot, held, time, reason, correction, error);
        if (held != NULL)
            return error_set(error, EXIT_NO, "%s: it has already been applied", id);
    }
    return error_set(error, EXIT_NO, "%s: no action with this id is held back", id);
}

int correction_accept(struct journal *journal, struct account_terms *account_terms, const char *id, int64_t now,
                      const char *reason, struct correction *correction, struct error *error)
{
    struct replay replay;
    if (journal_begin(journal, error) != 0)
        return -1;
    int status = replay_open(&replay, journal, account_terms->ledger.account, &account_terms->ledger, error);
    if (status == 0)
        status = find_and_accept(journal, account_terms, &replay.ledger, id, now, reason, correction, error);
    replay_close(&replay);
    if (status == 0)
        return journal_commit(journal, error);
    journal_rollback(journal);
    return -1;
}
