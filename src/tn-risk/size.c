/* tn-risk size: levels in, permitted orders out; by batch, or with --session moment by moment in step with tn-order. */
#include "broker/sync.h"
#include "journal/halt.h"
#include "risk/anomalies.h"
#include "tn-risk/commands.h"
#include "tn-risk/quiet.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

struct sizing_run {
    struct config *config;
    struct account account;
    struct ledger *ledger; /* the account's */
    struct input *input;
    struct levels *levels;
    struct risk_result decided;
    struct anomalies anomalies; /* of the input */
    struct names said;          /* refusals that were told: a level repeats, its refusal does not */
    /* --session */
    bool session;
    int64_t patience; /* for an answer, ns */
    int64_t moment;   /* of the levels */
    char *sync_path;
    char *halt_path;
    struct sync sync;
    int watch;              /* for the answer, -1: none can be had */
    struct quiet *quiet;    /* what need not be asked … */
    bool foreign;           /* … unless others order, too */
    int64_t now;            /* of a batch */
    uint64_t late, ordered; /* decisions passed over as LATE, entries written */
    enum exit_code worst;
};

static int open_account(struct sizing_run *run, const struct invocation *invocation, struct error *error)
{
    const char *name = account_choose(run->config, option_text(invocation, "account", NULL), error);
    const struct account_options options = {
        .config = run->config, .name = name, .invocation = invocation, .tables = TERMS_LIMITS};
    if (name == NULL || account_open(&run->account, &options, ACCOUNT_READ, error) != 0)
        return -1;
    tell_dropped(invocation, &run->account);
    run->ledger = run->account.ledger;
    run->sync_path = account_file(run->config, name, "sync", error);
    run->halt_path = account_file(run->config, name, "halt", error);
    return run->sync_path == NULL || run->halt_path == NULL ? -1 : 0;
}

/* tn-order knows only the configuration: what is allowed here beyond it would be refused there. */
static int warn_wider(const struct sizing_run *run, const struct invocation *invocation, struct error *error)
{
    const char *account = run->ledger->terms.account;
    const struct risk_terms *limits = &run->account.terms.limits;
    struct risk_terms gate;
    if (account_terms_gate(&gate, run->config, account, error) != 0)
        return -1;
    const bool wider[] = {
        limits->max_position > gate.max_position,
        limits->daily_loss > gate.daily_loss,
        limits->max_positions > gate.max_positions,
        desk_is_wider(limits->entry_within, gate.entry_within),
        !limits->long_only && gate.long_only,
        limits->fractional && !gate.fractional,
        gate.max_sector > 0 && (limits->max_sector <= 0 || limits->max_sector > gate.max_sector),
    };
    static const char *const names[] = {"max_position", "daily_loss", "max_positions", "entry_within",
                                        "long_only",    "fractional", "max_sector"};
    for (size_t i = 0; i < sizeof wider / sizeof *wider; i++)
        if (wider[i])
            say(invocation, 0, "%s is wider than in account '%s': tn-order will refuse what exceeds it", names[i],
                account);
    return 0;
}

/* A token that no earlier session has used. */
static int make_token(struct sync *sync, const char *account, struct error *error)
{
    uint8_t bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_system(error, "cannot draw a token");
    hash_hex(sync->token, bytes, sizeof bytes);
    (void)snprintf(sync->account, sizeof sync->account, "%s", account);
    return 0;
}

static int run_open(struct sizing_run *run, struct invocation *invocation, struct error *error)
{
    names_init(&run->said);
    anomalies_init(&run->anomalies);
    risk_result_init(&run->decided);
    run->session = option_flag(invocation, "session");
    run->patience = option_count(invocation, "sync-timeout", 5) * TIME_SECOND;
    run->now = option_time(invocation, "now", time_now());
    run->moment = TIME_NONE;
    run->levels = levels_new(error);
    run->quiet = quiet_new(error);
    run->config = config_open(error);
    if (run->levels == NULL || run->quiet == NULL || run->config == NULL || open_account(run, invocation, error) != 0 ||
        make_token(&run->sync, run->ledger->terms.account, error) != 0)
        return -1;
    if (warn_wider(run, invocation, error) != 0)
        return -1;
    run->watch = run->session ? sync_watch(run->sync_path) : -1;
    run->input = input_open(invocation, option_flag(invocation, "pass"), error);
    return run->input == NULL ? -1 : 0;
}

static enum exit_code run_close(struct sizing_run *run, struct error *error)
{
    enum exit_code code = run->worst;
    if (run->input != NULL)
        code = exit_worst(code, input_close(run->input, error));
    levels_free(run->levels);
    quiet_free(run->quiet);
    sync_unwatch(run->watch);
    risk_result_clear(&run->decided);
    names_clear(&run->said);
    anomalies_clear(&run->anomalies);
    account_close(&run->account);
    config_free(run->config);
    free(run->sync_path);
    free(run->halt_path);
    return code;
}

/* Ask tn-order whether everything before this point is handled: 1 yes, 0 no answer in time. */
static int synchronise(struct sizing_run *run, struct error *error)
{
    struct flow *flow = input_flow(run->input);
    run->sync.time = run->moment;
    run->sync.n++;
    if (flow_write(flow, RECORD_SYNC, &run->sync, error) != 0 || flow_flush(flow, error) != 0)
        return -1;
    const int64_t deadline = time_monotonic() + run->patience;
    while (!sync_is_answered(run->sync_path, &run->sync)) {
        if (time_monotonic() > deadline)
            return 0;
        sync_wait(run->watch);
    }
    ledger_unplan(run->ledger);
    return account_catch_up(&run->account, error) == 0 ? 1 : -1;
}

/* Has a later session (or period) been completed since a level became known? */
static int is_stale(const struct sizing_run *run, const struct signal *signal, bool *stale, struct error *error)
{
    if (!interval_is_daily(signal->interval)) {
        const int64_t bar = interval_end(signal->interval, signal->time) - signal->time;
        *stale = run->now - signal->time > 3 * (bar > 0 ? bar : TIME_MINUTE);
        return 0;
    }
    struct session last;
    if (calendar_last_completed(account_terms_calendar(&run->account.terms, signal->symbol), run->now, &last, error) !=
        0)
        return -1;
    const bool one_day = signal->interval.unit == INTERVAL_DAY && signal->interval.count == 1;
    *stale = one_day ? last.close > signal->time : last.close >= interval_end(signal->interval, signal->time);
    return 0;
}

static int refuse(struct sizing_run *run, const struct signal *signal, const struct refusal *refusal,
                  struct error *error)
{
    char name[2 * ID_SIZE + STRATEGY_SIZE];
    (void)snprintf(name, sizeof name, "%s %s %s", signal->id, refusal->code, signal->symbol);
    if (names_find(&run->said, str_of(name)) >= 0)
        return 0;
    if (names_add(&run->said, str_of(name), error) < 0)
        return -1;
    /* An old level is every day's fare: it is told, and no failure. */
    if (strcmp(refusal->code, "LATE") != 0)
        run->worst = exit_worst(run->worst, EXIT_REFUSED);
    return flow_write(input_flow(run->input), RECORD_REFUSAL, refusal, error);
}

static void name_refusal(const struct sizing_run *run, struct refusal *refusal)
{
    refusal->mode = run->ledger->terms.mode;
    memcpy(refusal->account, run->ledger->terms.account, sizeof refusal->account);
    memcpy(refusal->order_id, run->decided.order.id, sizeof refusal->order_id);
}

static int withhold_anomaly(struct sizing_run *run, const struct signal *signal, struct error *error)
{
    struct refusal refusal;
    anomalies_refusal(&refusal, signal);
    name_refusal(run, &refusal);
    return refuse(run, signal, &refusal, error);
}

/* An entry that may not be made now, for reasons that are no limit of the account. */
static int withhold(struct sizing_run *run, const struct signal *signal, const char *code, const char *message,
                    struct error *error)
{
    struct refusal refusal = {.time = signal->time, .limit = DEC_NONE, .observed = DEC_NONE};
    memcpy(refusal.symbol, signal->symbol, sizeof refusal.symbol);
    memcpy(refusal.strategy, signal->strategy, sizeof refusal.strategy);
    name_refusal(run, &refusal);
    memcpy(refusal.cause, signal->id, sizeof signal->id);
    (void)snprintf(refusal.code, sizeof refusal.code, "%s", code);
    (void)snprintf(refusal.message, sizeof refusal.message, "%s", message);
    return refuse(run, signal, &refusal, error);
}

static int size_level(struct sizing_run *run, const struct signal *level, bool in_step, struct error *error)
{
    struct flow *flow = input_flow(run->input);
    struct risk_result *decided = &run->decided;
    struct signal copy = *level, *signal = &copy;
    const struct instrument *instrument = account_terms_instrument(&run->account.terms, signal->symbol, error);
    int64_t until;
    bool stale = false;
    run->account.terms.limits.halted = halt_file_is_there(run->halt_path);
    run->account.terms.limits.now = run->session ? signal->time : run->now;
    if (instrument == NULL ||
        risk_complete_signal(account_terms_calendar(&run->account.terms, signal->symbol), signal, error) != 0 ||
        account_terms_valid_until(&run->account.terms, signal->symbol, signal->time, &until, error) != 0 ||
        risk_decide(run->ledger, &run->account.terms.limits, instrument, run->account.terms.hash, signal, until,
                    decided, error) != 0)
        return -1;
    for (int i = 0; i < decided->cancels; i++) {
        if (flow_write(flow, RECORD_CANCEL, &decided->cancel[i], error) != 0)
            return -1;
        ledger_plan_cancel(run->ledger, decided->cancel[i].order_id);
    }
    if (decided->has_refusal) {
        run->late += strcmp(decided->refusal.code, "LATE") == 0;
        return refuse(run, signal, &decided->refusal, error);
    }
    for (int i = 0; i < decided->replaces; i++)
        if (flow_write(flow, RECORD_REPLACE, &decided->replace[i], error) != 0)
            return -1;
    if (!decided->has_order)
        return 0;
    if (decided->order.role == ROLE_ENTRY) {
        if (!run->session && is_stale(run, signal, &stale, error) != 0)
            return -1;
        if (stale)
            return withhold(run, signal, "STALE_PRICE", "decided on stale prices", error);
        if (anomalies_refuse(&run->anomalies, signal->symbol, signal->time))
            return withhold_anomaly(run, signal, error);
        if (!in_step)
            return withhold(run, signal, "NO_SYNC", "tn-order did not answer: the position is not known", error);
    }
    /* What is planned counts as what it is. */
    const int slot = ledger_slot(run->ledger, signal->symbol, error);
    if (slot < 0 || ledger_compare(run->ledger, slot, instrument, error) != 0 ||
        ledger_plan(run->ledger, &decided->order, error) != 0)
        return -1;
    run->ordered += decided->order.role == ROLE_ENTRY;
    return flow_write(flow, RECORD_ORDER, &decided->order, error);
}

/* Everything that belongs to the levels has come; `later`: and something later, by which tn-order finishes the moment.
 */
static int size_all(struct sizing_run *run, bool later, struct error *error)
{
    const size_t count = levels_count(run->levels);
    if (count > 0 && later && run->session && !run->foreign && quiet_are(run->quiet, run->levels)) {
        levels_reset(run->levels);
        return 0;
    }
    if (count == 0)
        return 0;
    const int in_step = run->session ? synchronise(run, error) : 1;
    if (in_step < 0)
        return -1;
    levels_sort(run->levels);
    for (size_t i = 0; i < count; i++)
        if (size_level(run, levels_at(run->levels, i), in_step == 1, error) != 0 ||
            (run->session && quiet_note(run->quiet, run->ledger, levels_at(run->levels, i), in_step == 1, error) != 0))
            return -1;
    levels_reset(run->levels);
    return 0;
}

static int take(struct sizing_run *run, const struct record *record, struct error *error)
{
    int64_t known;
    if (record_known(record, &known, error) != 0)
        return input_refused(run->input, error);
    if (run->session && record_tells_time(record->type) && known != TIME_NONE && known != run->moment) {
        if (run->moment != TIME_NONE && known < run->moment && record->type == RECORD_SIGNAL) {
            error_set(error, EXIT_INPUT, "a signal is earlier than the one before");
            return input_refused(run->input, error);
        }
        if (known > run->moment || run->moment == TIME_NONE) {
            if (size_all(run, true, error) != 0)
                return -1;
            run->moment = known;
        }
    }
    run->foreign |= record->type == RECORD_ORDER || record->type == RECORD_CANCEL || record->type == RECORD_REPLACE;
    if (record->type == RECORD_ANOMALY) {
        struct anomaly anomaly;
        if (record_decode(record, &anomaly, error) != 0)
            return input_refused(run->input, error);
        if (anomalies_add(&run->anomalies, &anomaly, error) != 0)
            return -1;
    }
    if (record->type != RECORD_SIGNAL)
        return flow_pass(input_flow(run->input), record, error);
    struct signal signal;
    if (record_decode(record, &signal, error) != 0)
        return input_refused(run->input, error);
    return levels_add(run->levels, &signal, error);
}

enum exit_code risk_size(struct invocation *invocation, struct error *error)
{
    struct sizing_run run = {.config = NULL, .watch = -1};
    const struct record *record;
    int got = -1;
    if (run_open(&run, invocation, error) == 0)
        while ((got = flow_next(input_flow(run.input), &record, error)) == 1)
            if (take(&run, record, error) != 0)
                break;
    if (got == 0 && size_all(&run, false, error) == 0 && !run.session && run.late > 0 && run.ordered == 0)
        say(invocation, 0,
            "no entries: every new position was decided before the last bar (%llu LATE). "
            "entry_within of the account, or --entry-within, sets how old a decision may be: see tn-config(5)",
            (unsigned long long)run.late);
    return run_close(&run, error);
}
