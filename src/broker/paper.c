/* The paper account over the journal. */
#include "broker/paper_parts.h"

#include "base/file.h"
#include "base/list.h"
#include "broker/correction.h"
#include "broker/fee_history.h"
#include "broker/mark_list.h"
#include "broker/sync.h"
#include "broker/timely.h"
#include "journal/halt.h"
#include "market/bar_times.h"
#include "market/validate.h"
#include "net/clock.h"
#include "net/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PENDING_MAX (64 * 1024 * 1024)
/* How long a transaction may keep others (a halt) from writing, and how much it may keep from being told. */
#define TRANSACTION_TIME (TIME_SECOND / 4)
#define TRANSACTION_SIZE (1024 * 1024)

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    struct paper *paper = context;
    return account_terms_instrument(&paper->account.terms, symbol, error);
}

/* Marks and equity points are for the journal; the rest is news. */
static bool is_told(enum record_type type)
{
    return type != RECORD_MARK && type != RECORD_EQUITY && type != RECORD_ACTION && type != RECORD_INSTRUMENT;
}

static int append(void *context, enum record_type type, const void *value, struct error *error)
{
    struct paper *paper = context;
    const size_t start = paper->lines.n;
    struct str line;
    const int appended = account_append(&paper->account, type, value, &line, error);
    if (appended < 0) {
        /* An event of ours is not the input's fault: nothing goes on after it. */
        error->code = error->code == EXIT_INPUT ? EXIT_STATE : error->code;
        return -1;
    }
    if (appended == 0 && (type == RECORD_ORDER || type == RECORD_FILL || type == RECORD_CASH || type == RECORD_ACTION))
        return error_set(error, EXIT_STATE, "the journal already has this %s, but the account does not",
                         record_type_text(type));
    /* Why an order was refused is told as often as it is. */
    if (!is_told(type) || (appended == 0 && type != RECORD_REFUSAL))
        return 0;
    buf_add_str(&paper->lines, line);
    buf_add_char(&paper->lines, '\n');
    if (buf_check(&paper->lines, error) != 0 ||
        list_grow(&paper->pending, &paper->pending_capacity, paper->pendings, sizeof *paper->pending, error) != 0)
        return -1;
    paper->pending[paper->pendings++] = (struct pending){type, start};
    return 0;
}

int paper_store(void *context, enum record_type type, const void *value, struct error *error)
{
    struct paper *paper = context;
    require(paper->begun);
    const int taken = mark_list_take(&paper->marks, type, value, error);
    paper->dirty |= taken == 0;
    return taken;
}

/* Halts that the journal has not heard of: whoever threw the switch found it busy. */
static int note_halts(struct paper *paper, struct error *error)
{
    struct halt halt;
    halt_file_read(paper->halts, paper->halt_path);
    while (halt_file_next(paper->halts, paper->options.account, time_now(), &halt) == 1)
        if (paper_store(paper, RECORD_HALT, &halt, error) != 0 ||
            ledger_apply(paper->ledger, RECORD_HALT, &halt, error) != 0)
            return -1;
    return 0;
}

/* Everything starts from what the journal says now. */
int paper_begin(struct paper *paper, struct error *error)
{
    if (paper->begun)
        return 0;
    if (account_begin(&paper->account, error) != 0)
        return -1;
    paper->begun = true;
    paper->begun_at = time_monotonic();
    if (note_halts(paper, error) != 0)
        return -1;
    for (size_t i = paper->ledger->open_orders; i-- > 0;) {
        const struct open_order *open_order = paper->ledger->open_order[i];
        if (open_order->halted != TIME_NONE &&
            orders_cancel(&paper->manager, open_order->order.id, open_order->halted, "halt", error) < 0)
            return -1;
    }
    return 0;
}

int paper_commit(struct paper *paper, struct error *error)
{
    if (!paper->begun)
        return 0;
    if (mark_list_flush(&paper->marks, error) != 0)
        return -1;
    if (paper->options.dry_run)
        account_discard(&paper->account);
    else if (account_commit(&paper->account, error) != 0)
        return -1;
    paper->begun = false;
    if (!paper->options.dry_run && halt_file_note(paper->halts, paper->halt_path, error) != 0)
        return -1;
    for (size_t i = 0; paper->options.say != NULL && i < paper->pendings; i++) {
        const size_t start = paper->pending[i].start;
        const size_t end = i + 1 < paper->pendings ? paper->pending[i + 1].start : paper->lines.n;
        if (paper->options.say(paper->options.context, paper->pending[i].type,
                               (struct str){paper->lines.p + start, end - start}, error) != 0)
            return -1;
    }
    paper->pendings = 0;
    buf_reset(&paper->lines);
    return 0;
}

void paper_record_done(struct paper *paper)
{
    paper->dirty = false;
}

int paper_commit_done(struct paper *paper, struct error *error)
{
    return paper->dirty ? 0 : paper_commit(paper, error);
}

static int open_parts(struct paper *paper, struct error *error)
{
    const struct paper_options *options = &paper->options;
    const struct account_options wanted = {.config = options->config, .name = options->account, .wait = options->wait};
    if (account_open(&paper->account, &wanted, ACCOUNT_TRADE, error) != 0)
        return -1;
    paper->ledger = paper->account.ledger;
    paper->sync_path = account_file(options->config, options->account, "sync", error);
    paper->halt_path = paper->sync_path == NULL ? NULL : account_file(options->config, options->account, "halt", error);
    paper->clock_path = paper->halt_path == NULL ? NULL : network_clock_file(options->config, error);
    paper->halts = paper->clock_path == NULL ? NULL : halt_file_new(error);
    if (paper->ledger->barred > paper->ledger->point)
        paper->unfinished = paper->ledger->barred;
    return paper->halts == NULL ? -1 : 0;
}

static int on_report(void *context, struct report *report, struct error *error)
{
    struct paper *paper = context;
    return orders_report(&paper->manager, report, error);
}

/* Once there is an order manager. */
static int open_venue(struct paper *paper, struct error *error)
{
    const struct broker_options options = {.ledger = paper->ledger,
                                           .terms = &paper->account.terms,
                                           .costs = &paper->manager.costs,
                                           .instrument = find_instrument,
                                           .report = on_report,
                                           .context = paper};
    paper->broker = broker_find(mode_text(paper->ledger->terms.mode));
    require(paper->broker != NULL && paper->broker->at_once && paper->broker->market != NULL);
    paper->venue = paper->broker->open(&options, error);
    return paper->venue == NULL ? -1 : 0;
}

struct paper *paper_open(const struct paper_options *options, struct error *error)
{
    struct paper *paper = calloc(1, sizeof *paper);
    if (paper == NULL) {
        error_memory(error);
        return NULL;
    }
    paper->options = *options;
    paper->moment = paper->unfinished = TIME_NONE;
    names_init(&paper->batch);
    rate_bars_init(&paper->rates);
    fee_state_init(&paper->fees);
    mark_list_init(&paper->marks, append, paper);
    buf_init(&paper->lines, PENDING_MAX);
    buf_init(&paper->scratch, RECORD_LINE_MAX);
    buf_init(&paper->found, RECORD_LINE_MAX);
    paper->record.scratch = &paper->scratch;
    if (open_parts(paper, error) != 0) {
        paper_close(paper);
        return NULL;
    }
    paper->manager = (struct order_manager){.ledger = paper->ledger,
                                            .costs = paper->account.terms.costs,
                                            .limits = paper->account.terms.limits,
                                            .hash = paper->account.terms.hash,
                                            .calendar = &paper->account.terms.calendar,
                                            .calendars = paper->account.terms.calendars,
                                            .instrument = find_instrument,
                                            .emit = paper_store,
                                            .context = paper,
                                            .orders = true,
                                            .marks = true};
    paper->manager.costs.state = &paper->fees;
    if (open_venue(paper, error) != 0 ||
        (paper->manager.costs.fees != NULL &&
         fee_history_read(&paper->fees, paper->manager.costs.fees, paper->account.journal, paper->ledger,
                          paper->manager.calendar->zone, error) != 0)) {
        paper_close(paper);
        return NULL;
    }
    return paper;
}

void paper_close(struct paper *paper)
{
    if (paper == NULL)
        return;
    if (paper->broker != NULL)
        paper->broker->close(paper->venue);
    account_close(&paper->account);
    free(paper->pending);
    free(paper->sync_path);
    free(paper->halt_path);
    free(paper->clock_path);
    names_clear(&paper->batch);
    rate_bars_clear(&paper->rates);
    fee_state_clear(&paper->fees);
    mark_list_clear(&paper->marks);
    buf_clear(&paper->lines);
    buf_clear(&paper->scratch);
    buf_clear(&paper->found);
    halt_file_free(paper->halts);
    free(paper);
}

/* Goes on with the moment in which another process was ended. */
static void resume_moment(struct paper *paper)
{
    if (paper->unfinished == TIME_NONE)
        return;
    paper->moment = paper->unfinished;
    paper->unfinished = TIME_NONE;
    paper->concerned = paper->barred = true;
}

int paper_finish_moment(struct paper *paper, struct error *error)
{
    resume_moment(paper);
    if (paper->moment == TIME_NONE || (!paper->concerned && !ledger_has_expiring(paper->ledger, paper->moment) &&
                                       paper->moment < paper->ledger->next_expiry))
        return 0;
    struct worth worth;
    if (paper_begin(paper, error) != 0 ||
        orders_finish(&paper->manager, paper->moment, paper->barred, &worth, error) != 0 ||
        mark_list_flush(&paper->marks, error) != 0)
        return -1;
    paper->concerned = paper->barred = false;
    return 0;
}

int paper_heartbeat(struct paper *paper, int64_t time, struct error *error)
{
    return time > paper->moment ? paper_finish_moment(paper, error) : 0;
}

static int reach(struct paper *paper, int64_t known, const char *what, const char *symbol, struct error *error)
{
    if (paper->moment != TIME_NONE && known < paper->moment)
        return error_set(error, EXIT_INPUT, "%s: a %s is earlier than the one before", symbol, what);
    resume_moment(paper);
    if (known == paper->moment)
        return 0;
    if (paper_finish_moment(paper, error) != 0)
        return -1;
    paper->moment = known;
    /* A replay at full speed does not wait for the disk at every bar; whoever needs it durable says so. */
    const bool enough =
        paper->begun && (paper->lines.n > TRANSACTION_SIZE || time_monotonic() - paper->begun_at > TRANSACTION_TIME);
    if (enough && paper_commit(paper, error) != 0)
        return -1;
    return !orders_has_nights(&paper->manager, known) ? 0
           : paper_begin(paper, error) != 0           ? -1
                                                      : orders_charge_nights(&paper->manager, known, error);
}

/* Does it matter now what other currencies are worth? */
static bool needs_rates(const struct ledger *ledger)
{
    return ledger->exposed > 0 || (ledger->currencies > 0 && ledger->open_orders > 0);
}

static int keep_rates(struct paper *paper, bool last, struct error *error)
{
    for (const struct bar *bar; (bar = rate_bars_next(&paper->rates, paper->ledger, last)) != NULL;) {
        const struct candle candle = candle_of_bar(bar);
        const struct bars bars = bars_of(&candle);
        const int slot = paper_begin(paper, error) == 0 ? ledger_slot(paper->ledger, bar->symbol, error) : -1;
        if (slot < 0)
            return -1;
        if (!ledger_has_seen(paper->ledger, slot, bar->interval, bar->time) &&
            orders_after_bar(&paper->manager, slot, bar->interval, &bars, false, error) != 0)
            return -1;
        paper->concerned |= paper->ledger->exposed > 0;
        paper->barred |= paper->ledger->exposed > 0 && bar->end == paper->moment;
    }
    return 0;
}

int paper_keep_rates(struct paper *paper, struct error *error)
{
    return keep_rates(paper, false, error);
}

int paper_keep_last_rates(struct paper *paper, struct error *error)
{
    return keep_rates(paper, true, error);
}

int paper_bar(struct paper *paper, const struct bar *bar, struct error *error)
{
    struct candle candle = candle_of_bar(bar);
    if (bar->final == 0)
        return 0;
    if (bar_opens(account_terms_calendar(&paper->account.terms, bar->symbol), bar, &candle.opens, error) != 0 ||
        reach(paper, bar->end, "bar", bar->symbol, error) != 0)
        return -1;
    paper->adjusted = bar->adjusted;
    const int slot = ledger_find_slot(paper->ledger, bar->symbol);
    if ((slot < 0 || (paper->ledger->symbol_state[slot].working == 0 && paper->ledger->symbol_state[slot].open == 0)) &&
        rate_bars_want(&paper->rates, paper->ledger, bar->symbol))
        return rate_bars_keep(&paper->rates, bar, error) != 0 ? -1
               : needs_rates(paper->ledger)                   ? paper_keep_rates(paper, error)
                                                              : 0;
    if (slot < 0 || !ledger_wants_bar(paper->ledger, slot, bar->interval, bar->time, bar->end))
        return 0;
    if (paper_begin(paper, error) != 0)
        return -1;
    paper->concerned = paper->barred = true;
    const struct bars bars = bars_of(&candle);
    const int use = orders_before_bar(&paper->manager, slot, &bars, error);
    if (use <= 0)
        return use;
    return use == 2 && paper->broker->market(paper->venue, slot, bar->interval, &bars, error) != 0
               ? -1
               : orders_after_bar(&paper->manager, slot, bar->interval, &bars, use == 2, error);
}

/* Says that an action looks like a correction of one that was applied, and leaves it at that. */
static int hold_back(struct paper *paper, const struct action *action, const struct applied_action *past,
                     struct error *error)
{
    struct action held = *action;
    char text[CORRECTION_TEXT];
    memcpy(held.account, paper->ledger->terms.account, sizeof held.account);
    memcpy(held.corrects, past->id, sizeof held.corrects);
    struct alert alert;
    return correction_alert(&alert, paper->manager.hash, &held, text, error) == 0 && paper_begin(paper, error) == 0 &&
                   paper_store(paper, RECORD_ACTION, &held, error) == 0 &&
                   ledger_apply(paper->ledger, RECORD_ACTION, &held, error) == 0
               ? paper_store(paper, RECORD_ALERT, &alert, error)
               : -1;
}

int paper_action(struct paper *paper, const struct action *action, struct error *error)
{
    const bool done = action_is_in_prices(paper->adjusted, action->kind);
    if (done && action->kind == ACTION_ROLL) /* joined prices say where they are: nothing is left to do */
        return 0;
    if (done)
        return error_set(error, EXIT_INPUT, "%s: a corporate action, but the bars are already adjusted for it",
                         action->symbol);
    if (reach(paper, action->time, "corporate action", action->symbol, error) != 0)
        return -1;
    const int slot = ledger_find_slot(paper->ledger, action->symbol);
    if (slot < 0)
        return 0;
    if (paper_begin(paper, error) != 0)
        return -1;
    const struct applied_action *known = ledger_find_action(paper->ledger, slot, action->id);
    if (known != NULL && known->held)
        return 0;
    /* Also when nothing is held any more: what was paid on it may have been too much or too little. */
    const struct calendar *calendar = account_terms_calendar(&paper->account.terms, action->symbol);
    const struct applied_action *past =
        known == NULL ? correction_find(paper->ledger, calendar, slot, action, &paper->batch) : NULL;
    if (past != NULL)
        return hold_back(paper, action, past, error);
    const uint64_t before = paper->ledger->actions;
    if (orders_action(&paper->manager, action, error) != 0)
        return -1;
    if (paper->ledger->actions == before)
        return 0;
    paper->concerned = true;
    return names_add(&paper->batch, str_of(action->id), error) < 0 ? -1 : 0;
}

/* An order that is none for this account now. 0, as paper_submit says it. */
static int refuse_order(struct paper *paper, const struct order *order, const char *code, const char *message,
                        struct error *error)
{
    struct refusal refusal;
    (void)orders_refuse(&paper->manager, &refusal, order, code, message);
    return paper_store(paper, RECORD_REFUSAL, &refusal, error);
}

int paper_check(struct paper *paper, const struct order *order, struct error *error)
{
    if (order->account[0] != '\0' && strcmp(order->account, paper->ledger->terms.account) != 0)
        return error_set(error, EXIT_INPUT, "order %s is for account '%s'", order->id, order->account);
    if (order->mode != MODE_NONE && order->mode != MODE_PAPER)
        return error_set(error, EXIT_INPUT, "order %s is for %s trading", order->id, mode_text(order->mode));
    const struct instrument *instrument = account_terms_instrument(&paper->account.terms, order->symbol, error);
    return instrument == NULL ? -1 : order_check_tick(order, instrument->tick_size, error);
}

bool paper_clock_is_off(const struct paper *paper)
{
    return paper->clock_off;
}

int paper_submit(struct paper *paper, const struct order *order, int64_t now, struct error *error)
{
    struct refusal refusal;
    struct order taken = *order;
    if (paper_check(paper, order, error) != 0 || (now == TIME_NONE && paper_finish_moment(paper, error) != 0))
        return -1;
    memcpy(taken.account, paper->ledger->terms.account, sizeof taken.account);
    taken.mode = MODE_PAPER;
    const struct calendar *calendar = account_terms_calendar(&paper->account.terms, order->symbol);
    if (orders_find_end(calendar, &taken, error) != 0 || paper_begin(paper, error) != 0 ||
        paper_keep_rates(paper, error) != 0)
        return -1;
    const int known = journal_find_order(paper->account.journal, &taken, error);
    if (known < 0 || known == 1)
        return known < 0 ? -1 : 2;
    if (known == 2) /* its sender's mistake, and nobody else's: the orders beside it go on */
        return refuse_order(paper, &taken, "DUPLICATE", "another order with this id is in the journal", error);
    const char *stale = order_is_stale(paper->ledger, calendar, &taken, now, paper->moment);
    if (stale != NULL)
        return refuse_order(paper, &taken, "STALE_PRICE", stale, error);
    const char *doubt = order_is_in_doubt(paper->ledger, &taken, now);
    if (doubt != NULL)
        return refuse_order(paper, &taken, "CLOCK", doubt, error);
    struct clock_off off;
    if (order_is_by_the_clock(&taken, now, time_now()) && clock_is_off(paper->clock_path, time_now(), &off)) {
        char text[CLOCK_HOST_MAX + 64];
        (void)snprintf(text, sizeof text, "the clock is %lld s %s that of %s",
                       (long long)((off.by < 0 ? -off.by : off.by) / TIME_SECOND), off.by < 0 ? "behind" : "ahead of",
                       off.host);
        paper->clock_off = true;
        return refuse_order(paper, &taken, "CLOCK", text, error);
    }
    const int64_t from = now == TIME_NONE || now < order->time ? order->time : now;
    paper->manager.limits.halted = halt_file_is_there(paper->halt_path);
    const int submitted = orders_submit(&paper->manager, &taken, from, &refusal, error);
    if (submitted == 0)
        return paper_store(paper, RECORD_REFUSAL, &refusal, error);
    return submitted;
}

int paper_remember(struct paper *paper, const struct refusal *refusal, struct error *error)
{
    return paper_begin(paper, error) == 0 && account_append(&paper->account, RECORD_REFUSAL, refusal, NULL, error) >= 0
               ? 0
               : -1;
}

int paper_remembered(struct paper *paper, struct names *refused, struct error *error)
{
    return journal_refusals(paper->account.journal, paper->ledger->terms.account, refused, error);
}

int paper_replace(struct paper *paper, const struct replace *replace, int64_t now, struct error *error)
{
    struct refusal refusal;
    if (paper_begin(paper, error) != 0)
        return -1;
    /* In a batch that is submitted again: what was changed since, by hand, stays. */
    const struct open_order *open_order = ledger_open_order(paper->ledger, replace->order_id);
    const bool again = now > replace->time && open_order != NULL && open_order->revision > 0;
    const int known = again ? journal_has_replace(paper->account.journal, replace, error) : 0;
    if (known != 0)
        return known < 0 ? -1 : 2;
    paper->manager.limits.halted = halt_file_is_there(paper->halt_path);
    const int replaced = orders_replace(&paper->manager, replace, now, &refusal, error);
    if (replaced != 0)
        return replaced;
    memcpy(refusal.account, paper->ledger->terms.account, sizeof refusal.account);
    return paper_store(paper, RECORD_REFUSAL, &refusal, error) == 0 ? 0 : -1;
}

int paper_cancel(struct paper *paper, const char *order_id, int64_t now, const char *reason, struct error *error)
{
    if (paper_begin(paper, error) != 0)
        return -1;
    return orders_cancel(&paper->manager, order_id, now, reason, error);
}

int paper_obey_halt(struct paper *paper, int *cancelled, struct error *error)
{
    const size_t before = paper->ledger->open_orders;
    if (paper_begin(paper, error) != 0)
        return -1;
    *cancelled = (int)(before - paper->ledger->open_orders);
    return 0;
}

int paper_confirm(struct paper *paper, const struct sync *sync, struct error *error)
{
    return paper_keep_rates(paper, error) != 0 || paper_finish_moment(paper, error) != 0 ||
                   paper_commit(paper, error) != 0
               ? -1
               : sync_answer(paper->sync_path, sync, error);
}
