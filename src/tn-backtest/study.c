/* Opening and reading what is run many times. */
#include "tn-backtest/study.h"

#include "expr/expr.h"
#include "feed/operands.h"
#include "feed/rule_file.h"
#include "indicator/parameter.h"
#include "record/record.h"
#include "strategy/known.h"
#include "tn-backtest/packed.h"

#include <stdlib.h>
#include <string.h>

const struct option_spec study_terms_options[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "trade on this account's terms (default: backtest)", NULL, 0, 0},
    {"cash", 0, OPTION_DECIMAL, "MONEY", "opening cash (default: the account's, 100000)", NULL, 0, 0},
    {"fills", 0, OPTION_WORD, "MODEL", "how bars fill orders (default: the account's, conservative)", TERMS_FILLS, 0,
     0},
    {0},
};

const struct option_spec study_input_options[] = {
    {"file", 'f', OPTION_LIST, "FILE", "read this file, in the order given (default: standard input)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {0},
};

const struct option_spec study_jobs_option[] = {
    {"jobs", 0, OPTION_COUNT, "N", "number of parallel processes (default: one per core)", NULL, 1, POOL_WORKERS_MAX},
    {0},
};

const struct option_spec study_grid_options[] = {
    {"where", 0, OPTION_TEXT, "EXPR", "only cells for whose parameters EXPR, tn-expr(7), holds", NULL, 0, 0},
    {"random", 0, OPTION_COUNT, "N", "draw N cells at random instead of all combinations", NULL, 1, GRID_CELLS_MAX},
    {"latin", 0, OPTION_COUNT, "N", "draw N cells as a Latin hypercube", NULL, 1, GRID_CELLS_MAX},
    {"seed", 0, OPTION_COUNT, "N", "random seed (default: 0)", NULL, 0, INT64_MAX},
    {0},
};

const struct option_spec study_objective_options[] = {
    {"by", 0, OPTION_TEXT, "METRIC", "figure that decides which run is best (default: sharpe)", NULL, 0, 0},
    {"least-trades", 0, OPTION_COUNT, "N", "trades that a run needs to be the best (default: 30)", NULL, 0, INT32_MAX},
    {0},
};

static const struct instrument *find_instrument(void *account_terms, const char *symbol, struct error *error)
{
    return account_terms_instrument(account_terms, symbol, error);
}

/* The strategy comes first of those that are neither files nor ranges. */
static int sort_study(struct study *study, const char **strategy, struct error *error)
{
    const struct invocation *invocation = study->invocation;
    const size_t count = (size_t)invocation_operands(invocation);
    char *const *list = invocation_operand_list(invocation);
    size_t ranges = 0, files = 0;
    const int execs = strategy_execs(invocation);
    study->ranges = calloc(count + 1, sizeof(char *));
    study->files = calloc(count + 1, sizeof(char *));
    if (study->ranges == NULL || study->files == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        const bool named = *strategy == NULL && strategy_is_named(list[i]);
        if (named)
            *strategy = list[i];
        else if (grid_is_range(list[i]))
            study->ranges[ranges++] = list[i];
        else if (operand_is_file(list[i]))
            study->files[files++] = list[i];
        else if (*strategy != NULL || execs > 0)
            return error_set(error, EXIT_USAGE, "'%s' is neither a range nor a file", list[i]);
        else
            *strategy = list[i]; /* its reader says what is wrong with it */
    }
    if (execs > 1 || (execs == 1 && *strategy != NULL))
        return error_set(error, EXIT_USAGE, "%s: only one strategy is possible, and --exec names another",
                         invocation_command(invocation)->name);
    if (*strategy != NULL || execs == 1)
        return 0;
    error_set(error, EXIT_USAGE, "%s: a strategy is missing", invocation_command(invocation)->name);
    error_hint(error, "tn-signal list shows what there is");
    return -1;
}

void study_terms(struct study *study, const char *account)
{
    const struct invocation *invocation = study->invocation;
    const dec cash = config_decimal(study->config, "account", account, "cash");
    struct account_terms *account_terms = &study->account_terms;
    study->terms = (struct backtest_options){
        .terms = account_terms->ledger,
        .limits = account_terms->limits,
        .fills = account_terms->fills,
        .costs = account_terms->costs,
        .calendar = &account_terms->calendar,
        .calendars = account_terms->calendars,
        .hash = account_terms->hash,
        .instrument = find_instrument,
        .instruments = account_terms,
        .cash = option_known(invocation, "cash") ? option_decimal(invocation, "cash", cash) : cash,
    };
}

int study_open(struct study *study, struct invocation *invocation, struct error *error)
{
    const char *strategy = NULL, *account = option_text(invocation, "account", "backtest");
    *study = (struct study){.invocation = invocation};
    study->workers = option_known(invocation, "jobs") ? (int)option_count(invocation, "jobs", pool_cores()) : 1;
    if (sort_study(study, &strategy, error) != 0 || (study->config = config_open(error)) == NULL)
        return -1;
    char *located = strategy == NULL ? NULL : strategy_locate(strategy);
    const int opened = strategy == NULL  ? strategy_open_exec(&study->subject.use, invocation, 0, study->config, error)
                       : located == NULL ? error_memory(error)
                                         : subject_open(&study->subject, located, error);
    free(located);
    if (opened != 0 || account_terms_open(&study->account_terms, study->config, account, MODE_BACKTEST, invocation,
                                          TERMS_LIMITS | TERMS_COSTS, error) != 0)
        return -1;
    study_terms(study, account);
    return 0;
}

static int take(struct history *history, const struct record *record, struct error *error)
{
    union record_value value;
    if (record->type == RECORD_EVENT) {
        struct known_event event;
        return known_event_read(&event, record, error) != 0 ? -1 : history_event(history, &event, record->line, error);
    }
    if (record->type != RECORD_BAR && record->type != RECORD_ACTION && record->type != RECORD_ANOMALY)
        return 0;
    if (record_decode(record, &value, error) != 0)
        return -1;
    if (record->type == RECORD_BAR)
        return history_bar(history, &value.bar, record->line, error);
    if (record->type == RECORD_ACTION)
        return history_action(history, &value.action, record->line, error);
    return history_anomaly(history, &value.anomaly, error);
}

/* As in a run: no bars are no figures, and half of the bars look like all of them. */
static int check_bars(const struct study *study, struct error *error)
{
    const struct flow *flow = input_flow(study->input);
    const bool ended = flow_input_has_ended(flow);
    if (history_bars(study->history) > 0) {
        if (!ended && study->files[0] == NULL && !option_given(study->invocation, "file"))
            say(study->invocation, 0,
                "the input has no end record: if a program upstream was stopped, bars are missing");
        return 0;
    }
    if (flow_status(flow) != EXIT_DONE)
        error_set(error, flow_status(flow), "there are no bars, and something failed upstream");
    else if (ended)
        error_set(error, EXIT_NO, "there are no bars");
    else
        error_set(error, EXIT_UNAVAILABLE, "there are no bars, and the input has no end record");
    error_hint(error, "tn-quote bars SYMBOL -n 1000 | tn-backtest %s …", invocation_command(study->invocation)->name);
    return -1;
}

int study_read(struct study *study, struct error *error)
{
    const struct record *record;
    struct input_plan plan = {.files = study->files, .all = true, .sink = study->silent};
    struct pack_source source = {.complete = true};
    const char *pack;
    int got;
    if (packed_find(study->invocation, study->files, &pack, error) != 0)
        return -1;
    study->history = pack == NULL ? history_new(&study->terms, error) : pack_open(pack, &study->terms, &source, error);
    plan.none = pack != NULL;
    if (study->history == NULL || (study->input = input_open_plan(study->invocation, &plan, error)) == NULL)
        return -1;
    if (!source.complete)
        flow_cut(input_flow(study->input));
    if (pack != NULL)
        return check_bars(study, error);
    while ((got = flow_next(input_flow(study->input), &record, error)) == 1)
        if (take(study->history, record, error) != 0 && input_refused(study->input, error) != 0)
            return -1;
    if (got < 0 || history_end(study->history, error) != 0)
        return -1;
    return check_bars(study, error);
}

enum exit_code study_close(struct study *study, struct error *error)
{
    enum exit_code code = error->code;
    if (study->input != NULL)
        code = input_close(study->input, error);
    history_free(study->history);
    grid_clear(&study->grid);
    expr_free(study->where);
    subject_close(&study->subject);
    account_terms_close(&study->account_terms);
    config_free(study->config);
    free(study->ranges);
    free(study->files);
    return code;
}

int study_grid(struct study *study, struct error *error)
{
    const struct invocation *invocation = study->invocation;
    const bool random = option_given(invocation, "random"), latin = option_given(invocation, "latin");
    const enum grid_method method = random ? GRID_RANDOM : latin ? GRID_LATIN : GRID_ALL;
    const int64_t cells = random  ? option_count(invocation, "random", 0)
                          : latin ? option_count(invocation, "latin", 0)
                                  : 0;
    const char *where = option_text(invocation, "where", NULL);
    if (random && latin)
        return error_set(error, EXIT_USAGE, "--random and --latin exclude each other");
    grid_init(&study->grid, study->subject.use.strategy, method, (uint64_t)cells,
              (uint64_t)option_count(invocation, "seed", 0));
    for (char **range = study->ranges; *range != NULL; range++)
        if (grid_add(&study->grid, *range, error) != 0)
            return -1;
    if (study->ranges[0] == NULL && grid_add_own(&study->grid, error) != 0)
        return -1;
    if (where != NULL && (study->where = expr_parse(where, error)) == NULL)
        return -1;
    return grid_begin(&study->grid, error);
}

/* --where is asked about {"type":"cell","fast":5,"slow":20}. */
static int is_kept(struct study *study, const double *parameter, struct error *error)
{
    const struct strategy *strategy = study->subject.use.strategy;
    struct record record = {.fields = 0};
    struct buf line, scratch;
    if (study->where == NULL)
        return 1;
    buf_init(&line, 65536);
    buf_init(&scratch, 65536);
    record.scratch = &scratch;
    buf_add_text(&line, "{\"type\":\"cell\"");
    for (int i = 0; i < strategy->parameters; i++) {
        const struct parameter *of = &strategy->parameter[i];
        buf_add_char(&line, ',');
        json_add_string(&line, str_of(of->name));
        buf_add_char(&line, ':');
        if (of->word != NULL)
            json_add_string(&line, str_of(of->word[(int)parameter[i]]));
        else
            json_add_double(&line, parameter[i]);
    }
    buf_add_char(&line, '}');
    int kept = -1;
    if (buf_check(&line, error) == 0 && record_scan(&record, line.p, line.n, error) == 0)
        kept = expr_test(study->where, &record, error);
    if (kept < 0)
        error_recode(error, EXIT_USAGE);
    buf_clear(&line);
    buf_clear(&scratch);
    return kept;
}

int study_cell(struct study *study, uint64_t cell, double *parameter, struct error *error)
{
    const uint64_t attempts = study->grid.method == GRID_RANDOM ? GRID_ATTEMPTS_MAX : 1;
    for (uint64_t attempt = 0; attempt < attempts; attempt++) {
        memcpy(parameter, study->subject.use.parameter, sizeof study->subject.use.parameter);
        grid_values(&study->grid, cell, attempt, parameter);
        if (!subject_permits(&study->subject, parameter))
            continue;
        const int kept = is_kept(study, parameter, error);
        if (kept != 0)
            return kept;
    }
    return 0;
}

int study_check_where(const struct study *study, struct error *error)
{
    const struct strategy *strategy = study->subject.use.strategy;
    const char *missing = study->where == NULL ? NULL : expr_missing_field(study->where);
    const char *words[STRATEGY_PARAMS_MAX];
    if (missing == NULL)
        return 0;
    for (int i = 0; i < strategy->parameters; i++)
        words[i] = strategy->parameter[i].name;
    const char *near = nearest_word(missing, words, strategy->parameters);
    error_set(error, EXIT_USAGE, "--where: %s has no parameter '%s'", strategy->name, missing);
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    return -1;
}
