/* tn-backtest diff: what the strategies of an account would have done over the same bars, beside what its journal says.
 */
#include "tn-backtest/diff.h"
#include "broker/account.h"
#include "feed/operands.h"
#include "feed/rule_file.h"
#include "tn-backtest/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec diff_option_table[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "the account (default: the only one configured, else paper)", NULL, 0, 0},
    {"from", 0, OPTION_TIME, "TIME", "only orders decided at this time or later", NULL, 0, 0},
    {"to", 0, OPTION_TIME, "TIME", "only orders decided before this time", NULL, 0, 0},
    {0},
};

static int take_rerun(void *context, enum record_type type, const void *value, struct error *error)
{
    struct comparing *comparing = context;
    switch (type) {
    case RECORD_ORDER: {
        const struct order *order = value;
        return diff_is_of_period(comparing, order->time) ? pairs_order(&comparing->pairs, RERUN, order, error) : 0;
    }
    case RECORD_FILL:
        return pairs_fill(&comparing->pairs, RERUN, value, error);
    case RECORD_ORDER_UPDATE:
        pairs_update(&comparing->pairs, RERUN, value);
        return 0;
    case RECORD_REFUSAL:
        return pairs_refusal(&comparing->pairs, RERUN, value, error);
    default:
        return 0;
    }
}

static const struct instrument *find_instrument(void *account_terms, const char *symbol, struct error *error)
{
    return account_terms_instrument(account_terms, symbol, error);
}

static int run_again(struct comparing *comparing, struct account_terms *account_terms,
                     const struct strategies *strategies, struct error *error)
{
    const struct backtest_options options = {
        .terms = account_terms->ledger,
        .limits = account_terms->limits,
        .costs = account_terms->costs,
        .fills = account_terms->fills,
        .calendar = &account_terms->calendar,
        .hash = account_terms->hash,
        .instrument = find_instrument,
        .instruments = account_terms,
        .cash = comparing->cash,
        .strategies = strategies->use,
        .count = strategies->count,
        .orders = true,
        .write = take_rerun,
        .context = comparing,
    };
    const struct history_part part = {.from = comparing->opened, .until = TIME_NONE};
    struct history *history = history_new(&options, error);
    struct backtest *backtest = NULL;
    int result = history == NULL ? -1 : diff_fill_history(comparing, history, error);
    if (result == 0 && history_last(history) < comparing->opened)
        result = error_set(error, EXIT_NO, "the bars end before the account was opened");
    if (result == 0)
        result = (backtest = backtest_new(&options, error)) == NULL ||
                         history_play(history, backtest, &part, error) != 0 || backtest_finish(backtest, error) != 0
                     ? -1
                     : 0;
    backtest_free(backtest);
    history_free(history);
    return result;
}

static int compare_differences(const void *a, const void *b)
{
    const struct difference *x = a, *y = b;
    const int order = strcmp(x->symbol, y->symbol);
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
           : order != 0       ? order
                              : strcmp(x->order_id, y->order_id);
}

static int write_all(struct comparing *comparing, const char *account, size_t *differ, struct error *error)
{
    const size_t count = comparing->pairs.orders.count;
    struct difference *list = calloc(count + 1, sizeof *list);
    char text[DEC_TEXT_MAX];
    dec money = 0;
    int result = 0;
    if (list == NULL)
        return error_memory(error);
    *differ = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        pairs_compare(&comparing->pairs, i, &list[i]);
        (void)snprintf(list[i].account, sizeof list[i].account, "%s", account);
        *differ += list[i].kind != DIFFERENCE_SAME;
        if (dec_add(&money, money, list[i].money) != 0)
            result = error_set(error, EXIT_INPUT, "the differences are out of range");
    }
    if (result == 0 && count > 0)
        qsort(list, count, sizeof *list, compare_differences);
    for (size_t i = 0; result == 0 && i < count; i++)
        result = flow_write(input_flow(comparing->input), RECORD_DIFFERENCE, &list[i], error);
    free(list);
    if (result != 0)
        return -1;
    (void)dec_format(text, money);
    say(comparing->invocation, 0, "%zu orders, %zu the same, %zu different: %s of money", count, count - *differ,
        *differ, text);
    if (comparing->by_hand > 0)
        say(comparing->invocation, 0, "%llu orders by hand are not compared: no strategy decides them",
            (unsigned long long)comparing->by_hand);
    if (comparing->paid)
        say(comparing->invocation, 0, "money was paid in or out after the first order: the re-run sizes without it");
    return 0;
}

/* The strategies that are named, else those of the journal. */
static int open_strategies(const struct comparing *comparing, struct operands *operands, struct strategies *strategies,
                           struct error *error)
{
    if (operands->words > 0)
        return strategies_open(strategies, operands->word, operands->words, error);
    if (comparing->strategies.count == 0) {
        error_set(error, EXIT_NO, "no strategy has ordered anything in this account");
        error_hint(error, "name the strategies that should have");
        return -1;
    }
    if (strategies_open(strategies, comparing->strategies.name, (int)comparing->strategies.count, error) == 0)
        return 0;
    if (error->hint[0] == '\0')
        error_hint(error, "name the strategies, with the files of their rules");
    return -1;
}

static void comparing_clear(struct comparing *comparing)
{
    pairs_clear(&comparing->pairs);
    names_clear(&comparing->strategies);
    names_clear(&comparing->symbols);
    free(comparing->record);
}

enum exit_code backtest_diff(struct invocation *invocation, struct error *error)
{
    struct comparing comparing = {.invocation = invocation,
                                  .from = option_time(invocation, "from", INT64_MIN),
                                  .to = option_time(invocation, "to", INT64_MAX),
                                  .opened = TIME_NONE};
    struct strategies strategies = {.use = NULL};
    struct operands operands = {NULL};
    struct account_terms account_terms = {0};
    struct input_plan plan = {.pass = false};
    const char *account = NULL;
    size_t differ = 0;
    enum exit_code code = EXIT_DONE;
    pairs_init(&comparing.pairs);
    names_init(&comparing.strategies);
    names_init(&comparing.symbols);
    struct config *config = config_open(error);
    if (config != NULL)
        account = account_choose(config, option_text(invocation, "account", NULL), error);
    if (account != NULL && operands_sort(&operands, invocation, strategy_is_named, "strategy", 0, error) == 0 &&
        diff_read_journal(&comparing, config, account, error) == 0 &&
        open_strategies(&comparing, &operands, &strategies, error) == 0 &&
        account_terms_open(&account_terms, config, account, MODE_BACKTEST, NULL, 0, error) == 0) {
        plan.files = operands.file;
        comparing.input = input_open_plan(invocation, &plan, error);
    }
    if (comparing.input != NULL) {
        if (diff_read_bars(&comparing, error) != 0 || run_again(&comparing, &account_terms, &strategies, error) != 0 ||
            write_all(&comparing, account, &differ, error) != 0)
            flow_failed(input_flow(comparing.input), account, error->code, error->text);
        code = input_close(comparing.input, error);
    }
    if (error_is_set(error) && code == EXIT_DONE)
        code = error->code;
    comparing_clear(&comparing);
    account_terms_close(&account_terms);
    config_free(config);
    strategies_close(&strategies);
    operands_clear(&operands);
    return code == EXIT_DONE && differ > 0 ? EXIT_NO : code;
}
