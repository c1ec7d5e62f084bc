/* tn-quote continuous: one series out of the contracts of a future. */
#include "market/continuous.h"
#include "base/list.h"
#include "exchange/instruments.h"
#include "feed/input.h"
#include "tn-quote/commands.h"

#include <stdio.h>
#include <stdlib.h>

/* A bar that waits for the rolls behind it. */
struct kept_bar {
    struct bar bar;
    int contract;
    size_t stretch; /* rolls before it */
};

struct joining {
    const struct invocation *invocation;
    const char *root, *symbol;
    enum join join;
    bool first; /* on the basis of the first contract: nothing has to wait */
    struct config *config;
    struct instruments known;
    struct exchange exchange;
    struct continuous series;
    struct names contracts; /* by index in `series`; other symbols are in `others` */
    struct interval interval;
    struct input *input;
    struct roll *roll;
    struct join_step *step; /* rolls + 1 */
    struct kept_bar *bar;
    size_t rolls, roll_capacity, bars, bar_capacity;
    struct buf line;
};

/* Its months by name, or else the file of instruments, make a symbol a contract: 1; 0: it is none; -1. */
static int read_contract(struct joining *joining, const struct bar *bar, struct instrument_facts *facts, int64_t *month)
{
    const size_t n = strlen(joining->root);
    instruments_facts(&joining->known, joining->config, bar->symbol, facts);
    *month = strncmp(bar->symbol, joining->root, n) == 0
                 ? contract_month(bar->symbol + n, date_from_days(bar->time / TIME_DAY).year)
                 : -1;
    return *month >= 0 || (facts->kind == INSTRUMENT_KIND_FUTURE && strcmp(facts->underlying, joining->root) == 0);
}

/* The contract of a bar: 1 and its index, 0: it is of something else, -1. */
static int find_contract(struct joining *joining, const struct bar *bar, int *contract, struct error *error)
{
    struct instrument_facts facts;
    int64_t month;
    const int64_t known = names_find(&joining->contracts, str_of(bar->symbol));
    if (known >= 0) {
        *contract = (int)known;
        return 1;
    }
    if (read_contract(joining, bar, &facts, &month) == 0)
        return 0;
    *contract = continuous_add(&joining->series, bar->symbol, month, facts.expiry, error);
    if (*contract < 0 || names_add(&joining->contracts, str_of(bar->symbol), error) != *contract)
        return -1;
    return 1;
}

static int write_roll(struct joining *joining, const struct roll *roll, struct error *error)
{
    const struct calendar *calendar = &joining->exchange.calendar;
    char session[TIME_TEXT_MAX];
    struct action action;
    struct session day;
    record_blank(RECORD_ACTION, &action);
    session[date_format(session, date_from_days(roll->session))] = '\0';
    const int found = calendar_session(calendar, roll->session, &day, error);
    if (found < 0)
        return -1;
    action.time = calendar_midnight(calendar, roll->session);
    if (found == 1 && day.open < action.time) /* the evening before belongs to it */
        action.time = day.open;
    action.kind = ACTION_ROLL;
    action.ex_date = str_of(session);
    action.old_close = roll->old_close;
    action.new_close = roll->new_close;
    (void)snprintf(action.symbol, sizeof action.symbol, "%s", joining->symbol);
    (void)snprintf(action.id, sizeof action.id, "roll/%.32s/%.10s", joining->symbol, session);
    (void)snprintf(action.old_symbol, sizeof action.old_symbol, "%s", joining->series.contract[roll->from].symbol);
    (void)snprintf(action.new_symbol, sizeof action.new_symbol, "%s", joining->series.contract[roll->to].symbol);
    say(joining->invocation, 1, "%s: from %s to %s", session, action.old_symbol, action.new_symbol);
    return flow_write(input_flow(joining->input), RECORD_ACTION, &action, error);
}

static int write_bar(struct joining *joining, struct bar *bar, int contract, size_t stretch, struct error *error)
{
    static const enum adjusted basis[] = {ADJUSTED_RAW, ADJUSTED_DIFFERENCE, ADJUSTED_RATIO};
    struct buf *line = &joining->line;
    if (continuous_join(bar, &joining->step[stretch], error) != 0) {
        char time[TIME_TEXT_MAX];
        time[time_format(time, bar->time)] = '\0';
        error_prefix(error, "%s of %s", bar->symbol, time);
        return -1;
    }
    (void)snprintf(bar->symbol, sizeof bar->symbol, "%s", joining->symbol);
    bar->adjusted = basis[joining->join];
    buf_reset(line);
    record_encode(line, RECORD_BAR, bar);
    if (buf_check(line, error) != 0)
        return -1;
    require(line->n > 2 && line->p[line->n - 2] == '}');
    line->n -= 2;
    buf_printf(line, ",\"contract\":\"%s\"}\n", joining->series.contract[contract].symbol);
    return buf_check(line, error) != 0 ? -1
                                       : flow_write_line(input_flow(joining->input), RECORD_BAR, buf_str(line), error);
}

static bool waits(const struct joining *joining)
{
    return joining->join != JOIN_NONE && !joining->first;
}

static int note_roll(struct joining *joining, const struct roll *roll, struct error *error)
{
    if (list_grow(&joining->roll, &joining->roll_capacity, joining->rolls, sizeof *roll, error) != 0)
        return -1;
    joining->roll[joining->rolls++] = *roll;
    struct join_step *step = realloc(joining->step, (joining->rolls + 1) * sizeof *step);
    if (step == NULL)
        return error_memory(error);
    joining->step = step;
    if (waits(joining))
        return 0;
    if (continuous_steps(step, joining->roll, joining->rolls, joining->join, joining->first) != 0)
        return error_set(error, EXIT_INPUT, "the differences between contracts are out of range");
    return write_roll(joining, roll, error);
}

static int keep_bar(struct joining *joining, const struct bar *bar, int contract, struct error *error)
{
    if (list_grow(&joining->bar, &joining->bar_capacity, joining->bars, sizeof *joining->bar, error) != 0)
        return -1;
    joining->bar[joining->bars++] = (struct kept_bar){*bar, contract, joining->rolls};
    return 0;
}

/* 0, 1: the line is to blame; -1: the run cannot go on. */
static int take_bar(struct joining *joining, const struct record *record, struct error *error)
{
    struct bar bar;
    struct roll roll;
    int contract;
    if (record_decode(record, &bar, error) != 0)
        return 1;
    const int found = find_contract(joining, &bar, &contract, error);
    if (found <= 0)
        return found < 0 ? -1 : input_pass(joining->input, record, error);
    if (joining->interval.unit == INTERVAL_NONE)
        joining->interval = bar.interval;
    if (!interval_equal(joining->interval, bar.interval)) {
        error_set(error, EXIT_INPUT, "bars of several intervals cannot be one series");
        error_hint(error, "choose one: --where 'interval == \"1d\"'");
        return -1;
    }
    const int got = continuous_push(&joining->series, contract, &bar, &roll, error);
    if (got < 0) {
        error_prefix(error, "%s", bar.symbol);
        return -1;
    }
    if ((got & CONTINUOUS_ROLLED) != 0 && note_roll(joining, &roll, error) != 0)
        return -1;
    if ((got & CONTINUOUS_USED) == 0)
        return 0;
    return waits(joining) ? keep_bar(joining, &bar, contract, error)
                          : write_bar(joining, &bar, contract, joining->first ? joining->rolls : 0, error);
}

static int take_record(struct joining *joining, const struct record *record, struct error *error)
{
    struct instrument_facts facts;
    if (record->type == RECORD_BAR) {
        const int taken = take_bar(joining, record, error);
        return taken > 0 ? input_refused(joining->input, error) : taken;
    }
    if (record->type == RECORD_INSTRUMENT && record_decode(record, &facts, error) != 0)
        return input_refused(joining->input, error);
    if (record->type == RECORD_INSTRUMENT && instruments_take(&joining->known, &facts, error) < 0)
        return -1;
    return input_pass(joining->input, record, error);
}

/* What had to wait for the last roll. */
static int write_kept(struct joining *joining, struct error *error)
{
    size_t stretch = 0;
    if (continuous_steps(joining->step, joining->roll, joining->rolls, joining->join, false) != 0)
        return error_set(error, EXIT_INPUT, "the differences between contracts are out of range");
    for (size_t i = 0; i < joining->bars; i++) {
        struct kept_bar *kept = &joining->bar[i];
        for (; stretch < kept->stretch; stretch++)
            if (write_roll(joining, &joining->roll[stretch], error) != 0)
                return -1;
        if (write_bar(joining, &kept->bar, kept->contract, kept->stretch, error) != 0)
            return -1;
    }
    return 0;
}

static void tell(const struct joining *joining)
{
    if (joining->join == JOIN_NONE && joining->rolls > 0)
        say(joining->invocation, 0, "%s: %zu rolls; prices jump at each, and a position would too", joining->symbol,
            joining->rolls);
    if (waits(joining) && joining->rolls > 0)
        say(joining->invocation, 0,
            "%s: %zu rolls; prices are on the basis of %s and change with the next roll (--anchor first: never)",
            joining->symbol, joining->rolls, joining->series.contract[joining->roll[joining->rolls - 1].to].symbol);
}

static int join_all(struct joining *joining, struct error *error)
{
    const struct record *record;
    int got;
    if ((joining->step = calloc(1, sizeof *joining->step)) == NULL)
        return error_memory(error);
    joining->step[0].multiply = 1;
    while ((got = flow_next(input_flow(joining->input), &record, error)) == 1)
        if (take_record(joining, record, error) != 0)
            return -1;
    if (got < 0 || (waits(joining) && write_kept(joining, error) != 0))
        return -1;
    tell(joining);
    if (joining->series.contracts == 0)
        flow_failed(input_flow(joining->input), joining->root, EXIT_NO, "no bars of its contracts in the input");
    else if (joining->series.current < 0)
        flow_failed(input_flow(joining->input), joining->root, EXIT_NO, "one session only chooses; no second one came");
    return 0;
}

/* The place of a word that the options' table has checked. */
static int place_of(const char *word, const char *const *list, int count)
{
    int i = 0;
    while (i < count && strcmp(list[i], word) != 0)
        i++;
    require(i < count);
    return i;
}

static int open_all(struct joining *joining, struct error *error)
{
    static const char *const rules[] = {"date", "volume", "interest"}, *const joins[] = {"none", "difference", "ratio"};
    const struct invocation *invocation = joining->invocation;
    const char *rule = option_text(invocation, "roll", "volume"),
               *join = option_text(invocation, "adjust", "difference");
    char path[PATH_MAX];
    const int which = place_of(rule, rules, 3);
    joining->join = (enum join)place_of(join, joins, 3);
    if (!feed_symbol_is_valid(str_of(joining->root)) || !feed_symbol_is_valid(str_of(joining->symbol)))
        return error_set(error, EXIT_USAGE, "a symbol has 1 to 32 printable characters");
    if (which != ROLL_DATE && option_given(invocation, "days"))
        return error_set(error, EXIT_USAGE, "--days goes with --roll date");
    if ((joining->config = config_open(error)) == NULL || instruments_path(joining->config, path, error) != 0 ||
        instruments_read(&joining->known, path, error) != 0)
        return -1;
    struct instrument_facts facts;
    instruments_facts(&joining->known, joining->config, joining->root, &facts);
    const char *usual = facts.calendar[0] == '\0' ? "cme-equity" : facts.calendar;
    if (exchange_open(&joining->exchange, option_text(invocation, "calendar", usual), error) != 0)
        return -1;
    continuous_init(&joining->series, (enum roll_rule)which, option_count(invocation, "days", 5),
                    &joining->exchange.calendar);
    const struct input_plan plan = {.files = invocation_operand_list(invocation) + 1,
                                    .pass = option_flag(invocation, "pass")};
    joining->input = input_open_plan(invocation, &plan, error);
    return joining->input == NULL ? -1 : 0;
}

enum exit_code quote_continuous(struct invocation *invocation, struct error *error)
{
    const char *root = invocation_operand_list(invocation)[0];
    struct joining joining = {.invocation = invocation,
                              .root = root,
                              .symbol = option_text(invocation, "as", root),
                              .first = strcmp(option_text(invocation, "anchor", "last"), "first") == 0};
    enum exit_code code;
    instruments_init(&joining.known);
    names_init(&joining.contracts);
    buf_init(&joining.line, RECORD_LINE_MAX + 1);
    if (open_all(&joining, error) == 0) {
        if (join_all(&joining, error) != 0)
            flow_failed(input_flow(joining.input), root, error->code, error->text);
        code = input_close(joining.input, error);
    } else {
        code = error->code;
    }
    free(joining.roll);
    free(joining.step);
    free(joining.bar);
    buf_clear(&joining.line);
    names_clear(&joining.contracts);
    continuous_clear(&joining.series);
    exchange_close(&joining.exchange);
    instruments_clear(&joining.known);
    config_free(joining.config);
    return code;
}
