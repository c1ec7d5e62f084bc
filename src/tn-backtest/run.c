/* tn-backtest run: strategies, or the signals of others, over history. */
#include "broker/account_terms.h"
#include "feed/input.h"
#include "feed/operands.h"
#include "feed/rule_file.h"
#include "strategy/known.h"
#include "tn-backtest/commands.h"
#include "tn-backtest/ledger.h"
#include "tn-backtest/packed.h"
#include "tn-backtest/range.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where the records of a run go; what its result says of it as a trial is kept. */
struct run_output {
    struct flow *flow;
    struct range *range;             /* whose runs are finished before */
    const struct backtest *backtest; /* that of the records */
    struct trial trial;
    bool tried;
};

static int write_record(void *context, enum record_type type, const void *value, struct error *error)
{
    struct run_output *output = context;
    struct result result;
    if (type == RECORD_RESULT) {
        result = *(const struct result *)value;
        value = &result;
        record_blank(RECORD_TRIAL, &output->trial);
        memcpy(output->trial.run, result.run, sizeof output->trial.run);
        memcpy(output->trial.strategy, result.strategy, sizeof output->trial.strategy);
        memcpy(output->trial.version, result.version, sizeof output->trial.version);
        output->trial.last = result.time;
        output->tried = trial_from_metrics(&output->trial, result.metrics) && result.time != TIME_NONE;
        if (output->range->low != NULL &&
            range_write(output->range, backtest_metrics(output->backtest), &result.range, error) != 0)
            return -1;
    }
    return flow_write(output->flow, type, value, error);
}

static void note_trial(const struct config *config, const struct invocation *invocation,
                       const struct backtest *backtest, struct run_output *output)
{
    char symbols[1024];
    struct trials trials;
    struct error ignored = {0};
    trials_init(&trials);
    backtest_symbols(backtest, symbols, sizeof symbols);
    output->trial.symbols = str_of(symbols);
    output->trial.first = backtest_first(backtest);
    if (trials_add(&trials, &output->trial, &ignored) == 1)
        ledger_note(config, invocation, &trials);
    output->trial.symbols = (struct str){NULL, 0};
    trials_clear(&trials);
}

static const struct instrument *find_instrument(void *account_terms, const char *symbol, struct error *error)
{
    return account_terms_instrument(account_terms, symbol, error);
}

static int take(struct backtest *backtest, const struct record *record, bool signals, struct error *error)
{
    if (record->type == RECORD_BAR) {
        struct bar bar;
        return record_decode(record, &bar, error) != 0 ? -1 : backtest_bar(backtest, &bar, record->line, error);
    }
    if (record->type == RECORD_ACTION) {
        struct action action;
        return record_decode(record, &action, error) != 0 ? -1
                                                          : backtest_action(backtest, &action, record->line, error);
    }
    if (record->type == RECORD_QUOTE) {
        struct quote quote;
        return record_decode(record, &quote, error) != 0 ? -1 : backtest_quote(backtest, &quote, record->line, error);
    }
    if (record->type == RECORD_TRADE) {
        struct trade trade;
        return record_decode(record, &trade, error) != 0 ? -1 : backtest_trade(backtest, &trade, record->line, error);
    }
    if (record->type == RECORD_ANOMALY) {
        struct anomaly anomaly;
        return record_decode(record, &anomaly, error) != 0 ? -1 : backtest_anomaly(backtest, &anomaly, error);
    }
    if (record->type == RECORD_EVENT) {
        struct known_event event;
        return known_event_read(&event, record, error) != 0 ? -1
                                                            : backtest_event(backtest, &event, record->line, error);
    }
    if (record->type == RECORD_SIGNAL && signals) {
        struct signal signal;
        return record_decode(record, &signal, error) != 0 ? -1
                                                          : backtest_signal(backtest, &signal, record->line, error);
    }
    if (record->type == RECORD_ORDER && signals) {
        struct order order;
        return record_decode(record, &order, error) != 0 ? -1 : backtest_order(backtest, &order, record->line, error);
    }
    if (record->type == RECORD_REPLACE && signals) {
        struct replace replace;
        return record_decode(record, &replace, error) != 0 ? -1
                                                           : backtest_replace(backtest, &replace, record->line, error);
    }
    if (record->type == RECORD_CANCEL && signals) {
        struct cancel cancel;
        return record_decode(record, &cancel, error) != 0 ? -1
                                                          : backtest_cancel(backtest, &cancel, record->line, error);
    }
    return 0;
}

static int flush_before_wait(void *context, struct error *error)
{
    struct backtest *const *backtest = context;
    return *backtest == NULL ? 0 : backtest_flush(*backtest, error);
}

/* A record that the run has taken, for those of the range. */
struct taken {
    const struct record *record;
    bool signals;
};

static int take_again(struct backtest *backtest, void *context, struct error *error)
{
    const struct taken *taken = context;
    return take(backtest, taken->record, taken->signals, error);
}

static int finish(struct backtest *backtest, void *context, struct error *error)
{
    (void)context;
    return backtest_finish(backtest, error);
}

/* *cash counts the records of cash, which a run does not take. */
static int run_all(struct backtest *backtest, struct range *range, struct input *input, bool signals, int64_t *cash,
                   struct error *error)
{
    struct taken taken = {.signals = signals};
    int got;
    while ((got = flow_next(input_flow(input), &taken.record, error)) == 1) {
        *cash += taken.record->type == RECORD_CASH;
        if (take(backtest, taken.record, signals, error) != 0) {
            if (backtest_has_failed(backtest) || input_refused(input, error) != 0)
                return -1;
        } else if (range_take(range, take_again, &taken, error) != 0) {
            return -1;
        }
    }
    return got < 0 || range_take(range, finish, NULL, error) != 0 ? -1 : backtest_finish(backtest, error);
}

/* A run of no bars is not one that earned nothing: whoever waits for its figures must not read zeros. */
static int check_bars(const struct backtest *backtest, const struct flow *flow, struct error *error)
{
    if (backtest_outcome(backtest)->bars > 0)
        return 0;
    if (flow_status(flow) != EXIT_DONE)
        error_set(error, flow_status(flow), "there are no bars, and something failed upstream");
    else if (flow_input_has_ended(flow))
        error_set(error, EXIT_NO, "there are no bars");
    else
        error_set(error, EXIT_UNAVAILABLE, "there are no bars, and the input has no end record");
    error_hint(error, "tn-quote bars -s SOURCE SYMBOL | tn-backtest run …");
    return -1;
}

/* A run without a trade looks like a strategy without an opinion: say which it is. And the figures of half the bars
 * look like those of all: a program that dies leaves no `end`, while a file of bars may do without one. */
static void tell_doubts(const struct invocation *invocation, const struct backtest *backtest, bool cut, int64_t cash)
{
    struct buf reason;
    if (cut)
        say(invocation, 0, "the input has no end record: if a program upstream was stopped, bars are missing");
    if (cash > 0)
        say(invocation, 0, "%" PRId64 " cash record%s ignored: a run has only its opening cash; diff takes payments",
            cash, cash == 1 ? " was" : "s were");
    if (backtest_outcome(backtest)->late_trades > 0)
        say(invocation, 0, "%llu trades came after their bar and were ignored",
            (unsigned long long)backtest_outcome(backtest)->late_trades);
    if (backtest_fills(backtest) > 0)
        return;
    buf_init(&reason, 4096);
    outcome_add_reason(backtest_outcome(backtest), &reason);
    say(invocation, 0, "no trades: %.*s", (int)reason.n, reason.p);
    buf_clear(&reason);
}

/* With --signals all operands are files. */
static int sort_operands(struct operands *operands, const struct invocation *invocation, bool signals,
                         struct error *error)
{
    const int execs = strategy_execs(invocation);
    if (operands_sort(operands, invocation, strategy_is_named, "strategy", signals || execs > 0 ? 0 : 1, error) != 0) {
        if (error->code == EXIT_USAGE && error->hint[0] == '\0')
            error_hint(error, "tn-signal list shows them; --signals trades the signals in the input");
        return -1;
    }
    if (!signals || operands->words + execs == 0)
        return 0;
    error_set(error, EXIT_USAGE, "--signals trades the signals in the input: '%s' would not run",
              operands->words > 0 ? operands->word[0] : "--exec");
    error_hint(error, "omit one of the two");
    return -1;
}

/* What asks records cannot ask columns. */
static int find_pack(const struct invocation *invocation, const struct operands *operands, bool signals,
                     const char **pack, struct error *error)
{
    if (packed_find(invocation, operands->file, pack, error) != 0)
        return -1;
    if (*pack != NULL && (signals || option_given(invocation, "where")))
        return error_set(error, EXIT_USAGE, "'%s' is a file of columns: %s", *pack,
                         signals ? "it has no signals" : "--where asks records");
    return 0;
}

static int play(struct backtest *backtest, void *history, struct error *error)
{
    return history_play(history, backtest, NULL, error);
}

static int play_all(struct backtest *backtest, struct range *range, struct history *history, struct error *error)
{
    return range_take(range, play, history, error) != 0 || range_take(range, finish, NULL, error) != 0 ||
                   history_play(history, backtest, NULL, error) != 0
               ? -1
               : backtest_finish(backtest, error);
}

enum exit_code backtest_run(struct invocation *invocation, struct error *error)
{
    const bool signals = option_flag(invocation, "signals");
    const char *account = option_text(invocation, "account", "backtest");
    struct strategies strategies = {.use = NULL};
    struct operands operands = {.word = NULL};
    struct config *config = config_open(error);
    struct account_terms account_terms = {0};
    struct input *input = NULL;
    struct backtest *backtest = NULL;
    struct input_plan plan = {.on_wait = flush_before_wait, .context = &backtest};
    enum exit_code code = EXIT_DONE;
    struct history *history = NULL; /* of a file of columns */
    struct pack_source source = {.complete = true};
    struct range range = {0};
    struct run_output output = {.tried = false, .range = &range};
    const char *pack;
    bool finished, cut;
    int64_t cash = 0;
    int files;
    if (config == NULL || sort_operands(&operands, invocation, signals, error) != 0 ||
        strategies_open(&strategies, operands.word, operands.words, error) != 0 ||
        strategies_open_execs(&strategies, invocation, config, error) != 0 ||
        account_terms_open(&account_terms, config, account, MODE_BACKTEST, invocation, TERMS_LIMITS | TERMS_COSTS,
                           error) != 0)
        goto out;
    if (find_pack(invocation, &operands, signals, &pack, error) != 0)
        goto out;
    plan.files = operands.file;
    plan.none = pack != NULL;
    if ((input = input_open_plan(invocation, &plan, error)) == NULL)
        goto out;
    struct backtest_options options = {
        .terms = account_terms.ledger,
        .limits = account_terms.limits,
        .fills = account_terms.fills,
        .costs = account_terms.costs,
        .calendar = &account_terms.calendar,
        .calendars = account_terms.calendars,
        .hash = account_terms.hash,
        .instrument = find_instrument,
        .instruments = &account_terms,
        .cash = option_decimal(invocation, "cash", config_decimal(config, "account", account, "cash")),
        .strategies = strategies.use,
        .count = strategies.count,
        .orders = option_flag(invocation, "orders"),
        .write = write_record,
        .context = &output,
    };
    output.flow = input_flow(input);
    if (pack != NULL && (history = pack_open(pack, &options, &source, error)) == NULL)
        goto out;
    if (history != NULL)
        options.input = history_input(history);
    if (!source.complete)
        flow_cut(input_flow(input));
    if (strcmp(option_text(invocation, "fills", ""), "range") == 0 && range_open(&range, &options, error) != 0)
        goto out;
    output.backtest = backtest = backtest_new(&options, error);
    if (backtest != NULL && (history == NULL ? run_all(backtest, &range, input, signals, &cash, error)
                                             : play_all(backtest, &range, history, error)) == 0)
        (void)check_bars(backtest, input_flow(input), error);
out:
    finished = backtest != NULL && !error_is_set(error);
    (void)option_list(invocation, "file", &files);
    cut = input != NULL && files + operands.files == 0 && !flow_input_has_ended(input_flow(input));
    if (input != NULL)
        code = input_close(input, error);
    if (finished)
        tell_doubts(invocation, backtest, cut, cash);
    if (finished && output.tried)
        note_trial(config, invocation, backtest, &output);
    range_clear(&range);
    backtest_free(backtest);
    history_free(history);
    account_terms_close(&account_terms);
    config_free(config);
    strategies_close(&strategies);
    operands_clear(&operands);
    return code;
}
