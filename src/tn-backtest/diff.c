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
    case RECORD_ORDER:
        return pairs_order(&comparing->pairs, RERUN, value, error);
    case RECORD_FILL:
        return pairs_fill(&comparing->pairs, RERUN, value, error);
    case RECORD_CASH:
        return pairs_cash(&comparing->pairs, RERUN, value, error);
    case RECORD_ACTION:
        return pairs_action(&comparing->pairs, RERUN, value, error);
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

/* The rates of what is paid in or out are wanted from the first bar on. */
static int add_currencies(struct comparing *comparing, struct account_terms *account_terms, struct error *error)
{
    for (size_t i = 0; i < comparing->hands; i++) {
        const struct hand_event *hand = &comparing->hand[i];
        if (hand->type != RECORD_CASH || hand->cash.currency[0] == '\0' ||
            strcmp(hand->cash.currency, account_terms->ledger.currency) == 0)
            continue;
        comparing->pairs.totals.foreign = true;
        if (names_add(&account_terms->currencies, str_of(hand->cash.currency), error) < 0)
            return -1;
    }
    return 0;
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
        .calendars = account_terms->calendars,
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
    if (add_currencies(comparing, account_terms, error) != 0)
        return -1;
    struct backtest *backtest = backtest_new(&options, error);
    const int result = backtest == NULL ? -1 : diff_play(comparing, backtest, account_terms, error);
    backtest_free(backtest);
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

/* Where the difference of the two accounts comes from. */
struct summary {
    size_t orders, differ, cash;
    dec of_orders, of_cash, before; /* money; `before`: of orders of another time */
};

static int list_all(const struct comparing *comparing, const char *account, struct difference *list,
                    struct summary *sums, struct error *error)
{
    const struct pairs *pairs = &comparing->pairs;
    size_t count = 0;
    for (size_t i = 0; i < pairs->orders.count; i++) {
        struct difference *next = &list[count];
        if (pairs_compare(pairs, i, next, error) != 0)
            return -1;
        dec *sum = pairs->pair[i].of_period ? &sums->of_orders : &sums->before;
        if (dec_add(sum, *sum, next->money) != 0)
            return error_set(error, EXIT_INPUT, "the differences are out of range");
        sums->orders += pairs->pair[i].of_period;
        sums->differ += pairs->pair[i].of_period && next->kind != DIFFERENCE_SAME;
        count += pairs->pair[i].of_period;
    }
    for (size_t i = 0; i < pairs->cash_ids.count; i++) {
        if (!pairs_compare_cash(pairs, i, &list[count]))
            continue;
        if (dec_add(&sums->of_cash, sums->of_cash, list[count].money) != 0)
            return error_set(error, EXIT_INPUT, "the differences are out of range");
        const int64_t time = list[count].time;
        count += time >= pairs->from && time < pairs->to;
    }
    sums->cash = count - sums->orders;
    for (size_t i = 0; i < count; i++)
        (void)snprintf(list[i].account, sizeof list[i].account, "%s", account);
    if (count > 0)
        qsort(list, count, sizeof *list, compare_differences);
    return 0;
}

static const char *money_text(char text[static DEC_TEXT_MAX], dec money)
{
    text[dec_format(text, money)] = '\0';
    return text;
}

static int tell(const struct comparing *comparing, const struct summary *sums, struct error *error)
{
    char text[6][DEC_TEXT_MAX];
    dec recorded = 0, rerun = 0, difference;
    if (totals_equity(&comparing->pairs.totals, RECORDED, &recorded, error) != 0 ||
        totals_equity(&comparing->pairs.totals, RERUN, &rerun, error) != 0)
        return -1;
    if (dec_subtract(&difference, recorded, rerun) != 0)
        return error_set(error, EXIT_INPUT, "the differences are out of range");
    say(comparing->invocation, 0, "%zu orders, %zu the same, %zu different: %s of money", sums->orders,
        sums->orders - sums->differ, sums->differ, money_text(text[0], sums->of_orders));
    if (comparing->by_hand > 0)
        say(comparing->invocation, 0, "%llu of them manual, repeated at their times",
            (unsigned long long)comparing->by_hand);
    if (comparing->pairs.totals.foreign) {
        say(comparing->invocation, 0,
            "the account has several currencies: each amount is in that of its symbol, and no sum of money is "
            "meaningful");
        return 0;
    }
    say(comparing->invocation, 0,
        "at the last closes the account has %s, the rerun %s: a difference of %s, from these orders %s, from orders at "
        "other times %s, from dividends, interest and payments %s",
        money_text(text[0], recorded), money_text(text[1], rerun), money_text(text[2], difference),
        money_text(text[3], sums->of_orders), money_text(text[4], sums->before), money_text(text[5], sums->of_cash));
    return 0;
}

static int write_all(struct comparing *comparing, const char *account, size_t *differ, struct error *error)
{
    struct summary sums = {.orders = 0};
    struct difference *list = calloc(comparing->pairs.orders.count + comparing->pairs.cash_ids.count + 1, sizeof *list);
    if (list == NULL)
        return error_memory(error);
    int result = list_all(comparing, account, list, &sums, error);
    for (size_t i = 0; result == 0 && i < sums.orders + sums.cash; i++)
        result = flow_write(input_flow(comparing->input), RECORD_DIFFERENCE, &list[i], error);
    free(list);
    *differ = sums.differ + sums.cash;
    return result == 0 ? tell(comparing, &sums, error) : -1;
}

/* The strategies that are named, else those of the journal. */
static int open_strategies(const struct comparing *comparing, struct operands *operands, struct strategies *strategies,
                           struct error *error)
{
    if (operands->words > 0)
        return strategies_open(strategies, operands->word, operands->words, error);
    if (comparing->strategies.count == 0 && comparing->by_hand > 0)
        return 0;
    if (comparing->strategies.count == 0) {
        error_set(error, EXIT_NO, "this account has no orders");
        error_hint(error, "name the strategies that should have ordered");
        return -1;
    }
    if (strategies_open(strategies, comparing->strategies.name, (int)comparing->strategies.count, error) == 0)
        return 0;
    if (error->hint[0] == '\0')
        error_hint(error, "name the strategies, with the files of their rules");
    return -1;
}

static int read_journal(struct comparing *comparing, const struct account_terms *account_terms,
                        const struct config *config, const char *account, struct error *error)
{
    comparing->pairs.totals.settlement_unit = account_terms->ledger.settlement_unit;
    return diff_read_journal(comparing, config, account, error);
}

static void comparing_clear(struct comparing *comparing)
{
    pairs_clear(&comparing->pairs);
    names_clear(&comparing->strategies);
    names_clear(&comparing->own);
    names_clear(&comparing->symbols);
    free(comparing->record);
    free(comparing->hand);
}

enum exit_code backtest_diff(struct invocation *invocation, struct error *error)
{
    struct comparing comparing = {.invocation = invocation, .opened = TIME_NONE};
    struct strategies strategies = {.use = NULL};
    struct operands operands = {.word = NULL};
    struct account_terms account_terms = {0};
    struct input_plan plan = {.pass = false};
    const char *account = NULL;
    size_t differ = 0;
    enum exit_code code = EXIT_DONE;
    pairs_init(&comparing.pairs, 0);
    comparing.pairs.from = option_time(invocation, "from", INT64_MIN);
    comparing.pairs.to = option_time(invocation, "to", INT64_MAX);
    names_init(&comparing.strategies);
    names_init(&comparing.own);
    names_init(&comparing.symbols);
    struct config *config = config_open(error);
    if (config != NULL)
        account = account_choose(config, option_text(invocation, "account", NULL), error);
    if (account != NULL && operands_sort(&operands, invocation, strategy_is_named, "strategy", 0, error) == 0 &&
        account_terms_open(&account_terms, config, account, MODE_BACKTEST, NULL, 0, error) == 0 &&
        read_journal(&comparing, &account_terms, config, account, error) == 0 &&
        open_strategies(&comparing, &operands, &strategies, error) == 0) {
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
