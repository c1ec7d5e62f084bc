/* Reading rule files: statements into a program. */
#include "strategy/rule_set.h"
#include "strategy/rule_text.h"
#include "strategy/rules.h"

#include "indicator/parameter.h"
#include "strategy/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *key;
    enum rule_root root;
    bool question;
} keys[] = {
    {"enter long", ENTER_LONG, true},      {"exit long", EXIT_LONG, true}, {"enter short", ENTER_SHORT, true},
    {"exit short", EXIT_SHORT, true},      {"stop", STOP, false},          {"stop long", STOP, false},
    {"stop short", STOP_SHORT, false},     {"target", TARGET, false},      {"target long", TARGET, false},
    {"target short", TARGET_SHORT, false}, {"when", WHEN, true},           {"confirm", CONFIRM, true},
    {"strength", STRENGTH, false},         {"weight", WEIGHT, false},
};
bool rules_are_named(const char *text, size_t *length)
{
    const size_t n = strcspn(text, ":");
    *length = n;
    return n > 3 && memcmp(text + n - 3, ".tn", 3) == 0;
}

static int refuse(const struct rule_source *source, int line, struct error *error)
{
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "%s:%d", source->file, line + error->lines);
    return -1;
}

/* NAME behind a word, then what follows it. NULL with an error. */
static const char *take_name(const struct rule_set *set, const char *p, char name[static RULE_NAME_SIZE],
                             struct error *error)
{
    size_t n = 0;
    p = rule_skip_blanks(p);
    while (rule_is_letter(p[n]) || (n > 0 && p[n] >= '0' && p[n] <= '9'))
        n++;
    if (n == 0 || n >= RULE_NAME_SIZE) {
        error_set(error, EXIT_USAGE, "a name of 1 to %d letters, digits and _ is needed", RULE_NAME_SIZE - 1);
        return NULL;
    }
    memcpy(name, p, n);
    name[n] = '\0';
    if (series_is_name(name) || strcmp(name, "and") == 0 || strcmp(name, "or") == 0 || strcmp(name, "not") == 0 ||
        strcmp(name, "null") == 0 || strcmp(name, "true") == 0 || strcmp(name, "false") == 0) {
        error_set(error, EXIT_USAGE, "'%s' is already a name of the language", name);
        return NULL;
    }
    for (int i = 0; i < set->names; i++)
        if (strcmp(set->scope[i].name, name) == 0) {
            error_set(error, EXIT_USAGE, "'%s' is named twice", name);
            return NULL;
        }
    return rule_skip_blanks(p + n);
}

/* NAME = D in A..B [step S] */
static int take_param(struct rule_set *set, const char *p, struct error *error)
{
    struct strategy *strategy = &set->strategy;
    double standard, low = -1e9, high = 1e9, step = 0;
    bool ranged = false;
    const int i = strategy->parameters;
    if (i == STRATEGY_PARAMS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d parameters", STRATEGY_PARAMS_MAX);
    if ((p = take_name(set, p, set->parameter_name[i], error)) == NULL)
        return -1;
    if (*p != '=')
        return error_set(error, EXIT_USAGE, "'=' is missing: param %s = 10 in 5..50", set->parameter_name[i]);
    p++;
    if (rule_take_number(&p, &standard, error) != 0)
        return -1;
    if (strncmp(p, "in", 2) == 0) {
        p += 2;
        ranged = true;
        if (rule_take_number(&p, &low, error) != 0)
            return -1;
        if (strncmp(p, "..", 2) != 0)
            return error_set(error, EXIT_USAGE, "'..' is missing: param %s = 10 in 5..50", set->parameter_name[i]);
        p += 2;
        if (rule_take_number(&p, &high, error) != 0)
            return -1;
        if (strncmp(p, "step", 4) == 0) {
            p += 4;
            if (rule_take_number(&p, &step, error) != 0)
                return -1;
            if (!(step > 0))
                return error_set(error, EXIT_USAGE, "the step of %s must be above 0", set->parameter_name[i]);
        } else if (low == floor(low) && high == floor(high) && standard == floor(standard)) {
            step = 1;
        }
    }
    if (*p != '\0')
        return error_set(error, EXIT_USAGE, "'%s' is unexpected: param %s = 10 in 5..50", p, set->parameter_name[i]);
    if (!(low <= standard && standard <= high))
        return error_set(error, EXIT_USAGE, "%s = %g is not within %g..%g", set->parameter_name[i], standard, low,
                         high);
    strategy->parameter[i] = (struct parameter){
        .name = set->parameter_name[i], .standard = standard, .low = low, .high = high, .ranged = ranged, .step = step};
    strategy->parameters++;
    set->scope[set->names++] = (struct scope_name){.name = set->parameter_name[i], .constant = standard};
    return 0;
}

struct expr *rule_parse(const struct rule_set *set, const char *text, bool question, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    char padded[STATEMENT_MAX];
    text = rule_skip_blanks(text);
    const size_t before = (size_t)(text - set->statement), length = strlen(text);
    require(before + length < sizeof padded);
    for (size_t i = 0; i < before; i++)
        padded[i] = set->whole[i] == '\n' ? '\n' : ' ';
    memcpy(padded + before, text, length + 1);
    return series_parse(padded, &scope, question, error);
}

static int take_let(struct rule_set *set, const char *p, struct error *error)
{
    const int i = set->lets;
    if (i == RULE_LETS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d names by let", RULE_LETS_MAX);
    if ((p = take_name(set, p, set->let_name[i], error)) == NULL)
        return -1;
    if (*p != '=')
        return error_set(error, EXIT_USAGE, "'=' is missing: let %s = …", set->let_name[i]);
    if ((set->let[i] = rule_parse(set, p + 1, false, error)) == NULL)
        return -1;
    set->lets++;
    set->scope[set->names++] = (struct scope_name){.name = set->let_name[i], .expr = set->let[i]};
    return 0;
}

/* "CONDITION within N bars": cuts the end off, and gives N. */
static int cut_within(const struct rule_set *set, char *text, int *bars, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    const char *number = rule_cut_bars(text, "within");
    double value = 0;
    if (number == NULL)
        return error_set(error, EXIT_USAGE, "confirm needs a number of bars: confirm: close > high[1] within 3 bars");
    if (series_parse_constant(rule_skip_blanks(number), &scope, &value, error) != 0)
        return -1;
    if (!(value >= 1 && value <= RULE_BARS_MAX && value == floor(value)))
        return error_set(error, EXIT_USAGE, "confirm within 1 to %d bars", RULE_BARS_MAX);
    *bars = (int)value;
    return 0;
}

static int unknown_key(const char *text, struct error *error);

static int take_rule(struct rule_set *set, char *text, struct error *error)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const size_t n = strlen(keys[i].key);
        if (strncmp(text, keys[i].key, n) != 0 || *rule_skip_blanks(text + n) != ':')
            continue;
        char *rule = text + (rule_skip_blanks(text + n) - text) + 1;
        struct expr **root = &set->root[keys[i].root];
        if (*root != NULL)
            return error_set(error, EXIT_USAGE, "'%s' is given twice", keys[i].key);
        if (keys[i].root == CONFIRM && cut_within(set, rule, &set->confirm_within, error) != 0)
            return -1;
        *root = rule_parse(set, rule, keys[i].question, error);
        if (*root != NULL && !keys[i].question && series_is_question(*root))
            return error_set(error, EXIT_USAGE, "'%s' is a number, not a condition", keys[i].key);
        return *root == NULL ? -1 : 0;
    }
    return unknown_key(text, error);
}

/* long top 10% short bottom 5 */
static int take_picks(struct rule_set *set, const char *p, struct error *error)
{
    static const struct {
        const char *side, *end;
    } words[] = {{"long", "top"}, {"short", "bottom"}};
    struct picks *const picks[] = {&set->top, &set->bottom};
    while (*p != '\0') {
        const int which = strncmp(p, "short", 5) == 0;
        const size_t side = strlen(words[which].side), end = strlen(words[which].end);
        double count = 0;
        if (strncmp(p, words[which].side, side) != 0)
            break;
        p = rule_skip_blanks(p + side);
        if (strncmp(p, words[which].end, end) != 0)
            break;
        p += end;
        if (rule_take_number(&p, &count, error) != 0)
            break;
        picks[which]->percent = *p == '%';
        p = rule_skip_blanks(p + (*p == '%'));
        picks[which]->count = count;
        if (!(count > 0) || (picks[which]->percent ? count > 100 : count != floor(count) || count > RULE_BARS_MAX))
            break;
    }
    if (*p == '\0' && (set->top.count > 0 || set->bottom.count > 0))
        return 0;
    error_clear(error);
    return error_set(error, EXIT_USAGE, "a ranking needs its choice: long top 10%%, long top 5 short bottom 5");
}

/* by EXPRESSION: long top 10% */
static int take_ranking(struct rule_set *set, char *p, struct error *error)
{
    char *colon = strrchr(p, ':');
    if (set->root[RANK] != NULL)
        return error_set(error, EXIT_USAGE, "'rank by' is given twice");
    if (strncmp(p, "by", 2) != 0 || colon == NULL)
        return error_set(error, EXIT_USAGE, "a ranking is: rank by roc(126): long top 10%%");
    *colon = '\0';
    if (take_picks(set, rule_skip_blanks(colon + 1), error) != 0 ||
        (set->root[RANK] = rule_parse(set, p + 2, false, error)) == NULL)
        return -1;
    return series_is_question(set->root[RANK]) ? error_set(error, EXIT_USAGE, "a ranking needs a number") : 0;
}

static int take_rebalance(struct rule_set *set, char *p, struct error *error)
{
    static const char *const words[] = {"session", "week_end", "month_end", "quarter_end"};
    for (int i = 0; i < 4; i++)
        if (strcmp(p, words[i]) == 0) {
            set->rebalance = (enum rebalance)(REBALANCE_SESSION + i);
            return 0;
        }
    error_set(error, EXIT_USAGE, "'%s' is not a time to rebalance", p);
    error_hint(error, "session, week_end, month_end or quarter_end");
    return -1;
}

/* SPY VXUS, AGG */
static int take_among(struct rule_set *set, char *p, struct error *error)
{
    for (p += strspn(p, " \t\n,"); *p != '\0'; p += strspn(p, " \t\n,")) {
        const size_t n = strcspn(p, " \t\n,");
        if (set->amongs == RULE_AMONG_MAX)
            return error_set(error, EXIT_USAGE, "among has at most %d symbols", RULE_AMONG_MAX);
        if (n >= SYMBOL_SIZE)
            return error_set(error, EXIT_USAGE, "'%.*s' is not a symbol", (int)n, p);
        memcpy(set->among[set->amongs], p, n);
        set->among[set->amongs++][n] = '\0';
        p += n;
    }
    return set->amongs > 0 ? 0 : error_set(error, EXIT_USAGE, "symbols are missing: among: SPY VXUS AGG");
}

static int take_otherwise(struct rule_set *set, char *text, struct error *error)
{
    const char *p = text;
    if (strncmp(p, "long ", 5) != 0)
        return error_set(error, EXIT_USAGE, "a symbol is needed: otherwise: long AGG");
    p = rule_skip_blanks(p + 5);
    const size_t n = strcspn(p, " \t\n");
    if (n == 0 || n >= SYMBOL_SIZE || p[n] != '\0')
        return error_set(error, EXIT_USAGE, "'%s' is not a symbol", p);
    memcpy(set->otherwise, p, n + 1);
    return 0;
}

/* Lines that go on are one. */
static void copy_line(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text);
    for (; *to != '\0'; to++)
        *to = *to == '\n' ? ' ' : *to;
}

static int take_title(struct rule_set *set, char *text, struct error *error)
{
    (void)error;
    copy_line(set->title, sizeof set->title, text);
    return 0;
}

static int take_source(struct rule_set *set, char *text, struct error *error)
{
    (void)error;
    copy_line(set->source, sizeof set->source, text);
    return 0;
}

static int take_hold(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_bars(set, text, "hold", &set->hold, error);
}

static int take_size(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_number_root(set, SIZE, text, error);
}

static int take_long_stop(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_at(set, AT_LONG, ORDER_STOP, text, error);
}

static int take_long_limit(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_at(set, AT_LONG, ORDER_LIMIT, text, error);
}

static int take_short_stop(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_at(set, AT_SHORT, ORDER_STOP, text, error);
}

static int take_short_limit(struct rule_set *set, char *text, struct error *error)
{
    return rule_take_at(set, AT_SHORT, ORDER_LIMIT, text, error);
}

/* Statements that are "KEY: TEXT" and no rule. */
static const struct {
    const char *key;
    int (*take)(struct rule_set *set, char *text, struct error *error);
} others[] = {
    {"title", take_title},
    {"source", take_source},
    {"hold", take_hold},
    {"exits", rule_take_exits},
    {"add", rule_take_add},
    {"size", take_size},
    {"rebalance", take_rebalance},
    {"among", take_among},
    {"otherwise", take_otherwise},
    {"enter long at stop", take_long_stop},
    {"enter long at limit", take_long_limit},
    {"enter short at stop", take_short_stop},
    {"enter short at limit", take_short_limit},
};

static int unknown_key(const char *text, struct error *error)
{
    enum { KEYS = sizeof keys / sizeof *keys, OTHERS = sizeof others / sizeof *others };
    const char *words[KEYS + OTHERS + 3] = {"param", "let", "rank by"};
    int count = 3;
    char word[64];
    const size_t n = strcspn(text, ":=");
    (void)snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), text);
    for (size_t i = 0; i < KEYS; i++)
        words[count++] = keys[i].key;
    for (size_t i = 0; i < OTHERS; i++)
        words[count++] = others[i].key;
    error_set(error, EXIT_USAGE, "'%s' is not a statement", word);
    rule_hint_statement(word, words, count, error);
    return -1;
}

/* `values`: only what is not a parameter is read, since these have their values now. */
static int take_statement(struct rule_set *set, char *text, bool values, struct error *error)
{
    const char *rest;
    if (rule_begins(text, "param", &rest))
        return values ? 0 : take_param(set, rest, error);
    if (!values)
        return 0;
    if (rule_begins(text, "let", &rest))
        return take_let(set, rest, error);
    if (rule_begins(text, "rank", &rest))
        return take_ranking(set, text + (rule_skip_blanks(rest) - text), error);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (rule_begins(text, others[i].key, &rest) && *(rest = rule_skip_blanks(rest)) == ':')
            return others[i].take(set, text + (rule_skip_blanks(rest + 1) - text), error);
    return take_rule(set, text, error);
}

static int read_file(struct rule_set *set, const char *file, struct str text, bool values, struct error *error)
{
    struct rule_source source = {file, text, 0};
    struct statement_text *statement = calloc(1, sizeof *statement);
    int got = 1;
    if (statement == NULL)
        return error_memory(error);
    set->statement = statement->text;
    set->whole = statement->whole;
    while (got == 1 && (got = rule_next_statement(&source, statement, error)) == 1)
        if (take_statement(set, statement->text, values, error) != 0)
            got = refuse(&source, statement->line, error);
    free(statement);
    return got;
}

static int check_ranking(const struct rule_set *set, const char *file, struct error *error)
{
    static const enum rule_root roots[] = {ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT, CONFIRM,
                                           AT_LONG,    AT_SHORT,  SIZE,        ADD};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (set->root[roots[i]] != NULL || set->hold > 0)
            return error_set(error, EXIT_USAGE,
                             "%s: a ranking decides entries, exits and sizes: no enter, exit, "
                             "confirm, hold, size or add",
                             file);
    if (set->rebalance == REBALANCE_NEVER)
        return error_set(error, EXIT_USAGE, "%s: 'rebalance: month_end' is missing", file);
    return 0;
}

enum {
    PRICES = 1U << STOP | 1U << STOP_SHORT | 1U << TARGET | 1U << TARGET_SHORT | 1U << AT_LONG | 1U << AT_SHORT |
             1U << ADD | ((1U << RULE_EXITS_MAX) - 1) << EXIT_FIGURE
};

/* A stop, a target and the price of an entry must be prices, and what is between units an amount of money. */
static int check_prices(const struct rule_set *set, const char *file, struct error *error)
{
    static const struct {
        enum rule_root root;
        const char *key, *like;
    } prices[] = {{STOP, "stop", "close - 2 * atr(14)"},
                  {STOP_SHORT, "stop", "close + 2 * atr(14)"},
                  {TARGET, "target", "close + 2 * atr(14)"},
                  {TARGET_SHORT, "target", "close - 2 * atr(14)"},
                  {AT_LONG, "the price of an entry", "highest(20)"},
                  {AT_SHORT, "the price of an entry", "lowest(20)"},
                  {ADD, "the distance of units", "0.5 * atr(20)"}};
    for (size_t i = 0; i < sizeof prices / sizeof *prices; i++) {
        int price, volume;
        if (set->root[prices[i].root] != NULL && program_powers(set->program, (int)prices[i].root, &price, &volume) &&
            (price != 1 || volume != 0))
            return error_set(error, EXIT_USAGE, "%s: %s is not a price: %s is one", file, prices[i].key,
                             prices[i].like);
    }
    for (int i = 0; i < 2; i++) {
        const enum rule_root root = i == 0 ? SIZE : STRENGTH;
        int price, volume;
        if (set->root[root] != NULL && program_powers(set->program, (int)root, &price, &volume) &&
            (price != 0 || volume != 0))
            return error_set(error, EXIT_USAGE, "%s: %s is a price or a volume: 0.02 / natr(20) is a plain number",
                             file, i == 0 ? "size" : "strength");
    }
    return rule_check_exits(set, file, error);
}

/* Is there something that ends a position of this side? */
static bool is_ended(const struct rule_set *set, bool is_short)
{
    bool ends = set->hold > 0 || set->root[STOP] != NULL || set->root[TARGET] != NULL ||
                set->root[is_short ? EXIT_SHORT : EXIT_LONG] != NULL ||
                (is_short && (set->root[STOP_SHORT] != NULL || set->root[TARGET_SHORT] != NULL));
    double shares = 0;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        if (exit->kind == RULE_PART)
            shares += isnan(exit->share) ? 1 : exit->share;
        ends |= exit->kind != RULE_EVEN && exit->kind != RULE_PART;
    }
    return ends || shares > 1 - 1e-9;
}

static int check_set(const struct rule_set *set, const char *file, struct error *error)
{
    if (set->root[RANK] != NULL)
        return check_ranking(set, file, error) != 0 ? -1 : check_prices(set, file, error);
    if (set->rebalance != REBALANCE_NEVER || set->root[WEIGHT] != NULL || set->otherwise[0] != '\0')
        return error_set(error, EXIT_USAGE, "%s: rebalance, weight and otherwise belong to a ranking: rank by …", file);
    const bool prices[] = {set->at[0] != ORDER_NONE, set->at[1] != ORDER_NONE};
    const bool enters[] = {set->root[ENTER_LONG] != NULL || prices[0], set->root[ENTER_SHORT] != NULL || prices[1]};
    if (!enters[0] && !enters[1])
        return error_set(error, EXIT_USAGE, "%s: it has no entry: enter long: or enter short: is missing", file);
    if (enters[0] && !enters[1] && !is_ended(set, false))
        return error_set(error, EXIT_USAGE,
                         "%s: nothing ends a long position: exit long:, stop:, target:, exits: or hold:", file);
    if (enters[1] && !enters[0] && !is_ended(set, true))
        return error_set(error, EXIT_USAGE,
                         "%s: nothing ends a short position: exit short:, stop short:, exits: or hold:", file);
    if ((!enters[0] && set->root[EXIT_LONG] != NULL) || (!enters[1] && set->root[EXIT_SHORT] != NULL))
        return error_set(error, EXIT_USAGE, "%s: an exit without its entry", file);
    if (prices[0] && prices[1] && set->root[ENTER_LONG] == NULL && set->root[ENTER_SHORT] == NULL) {
        error_set(error, EXIT_USAGE, "%s: only one side can wait for its price at a time", file);
        error_hint(error, "add conditions: enter long: close > sma(20), enter short: close < sma(20)");
        return -1;
    }
    return check_prices(set, file, error);
}

/* The figures that the entries are about explain a signal. */
static void choose_reasons(struct rule_set *set)
{
    static const enum rule_root roots[] = {ENTER_LONG, ENTER_SHORT, WHEN};
    struct strategy *strategy = &set->strategy;
    if (set->root[RANK] != NULL) {
        set->reason[0].root = RANK;
        set->reason[0].figure = -1; /* itself */
        strategy->reason[strategy->reasons++] = (struct reason){"rank", 0};
    }
    for (int r = 0; r < (set->root[RANK] != NULL ? 3 : 2); r++)
        for (int i = 0; i < program_figures(set->program, (int)roots[r]) && strategy->reasons < STRATEGY_REASONS_MAX;
             i++) {
            const struct str text = program_figure_name(set->program, (int)roots[r], i);
            char *name = set->reason_name[strategy->reasons];
            const size_t n = text.n < sizeof set->reason_name[0] ? text.n : sizeof set->reason_name[0] - 1;
            memcpy(name, text.p, n);
            name[n] = '\0';
            for (char *p = name; *p != '\0'; p++)
                *p = *p == '\n' ? ' ' : *p;
            bool there = false;
            for (int k = 0; k < strategy->reasons; k++)
                there |= strcmp(set->reason_name[k], name) == 0;
            if (there)
                continue;
            set->reason[strategy->reasons].root = (int)roots[r];
            set->reason[strategy->reasons].figure = i;
            strategy->reason[strategy->reasons++] = (struct reason){name, 0}; /* given in units of the day */
        }
}

static int name_set(struct rule_set *set, const char *file, struct error *error)
{
    size_t length;
    const char *slash = strrchr(file, '/'), *name = slash == NULL ? file : slash + 1;
    (void)rules_are_named(name, &length);
    if (length - 3 >= RULE_NAME_SIZE || length <= 3)
        return error_set(error, EXIT_USAGE, "'%s': the name of a rule file has at most %d characters", file,
                         RULE_NAME_SIZE - 1);
    memcpy(set->name, name, length - 3);
    set->name[length - 3] = '\0';
    for (const char *p = set->name; *p != '\0'; p++)
        if (!rule_is_letter(*p) && !(*p >= '0' && *p <= '9') && *p != '-' && *p != '.')
            return error_set(error, EXIT_USAGE, "'%s': a rule file's name is of letters, digits, - _ .", file);
    for (int i = 0; i < strategy_count; i++)
        if (strcmp(strategy_table[i]->name, set->name) == 0)
            return error_set(error, EXIT_USAGE, "'%s': the strategy '%s' already exists", file, set->name);
    set->strategy.name = set->name;
    return 0;
}

static void give_values(struct rule_set *set, const double *value)
{
    for (int i = 0; i < set->strategy.parameters; i++) {
        set->scope[i].constant = value[i];
        if (dec_from_double(&set->scope[i].exact, value[i], ROUND_HALF_EVEN) != 0 ||
            dec_to_double(set->scope[i].exact) != value[i])
            set->scope[i].exact = DEC_NONE;
    }
}

int strategy_use_rules(struct strategy_use *use, const char *name, struct str text, const char *parameters,
                       struct error *error)
{
    struct rule_set *set = calloc(1, sizeof *set);
    *use = (struct strategy_use){.rules = set};
    if (set == NULL)
        return error_memory(error);
    set->units = 1;
    set->strategy.title = set->title;
    set->strategy.source = set->source;
    (void)snprintf(set->source, sizeof set->source, "rules of the user");
    if (name_set(set, name, error) != 0 || read_file(set, name, text, false, error) != 0)
        goto failed;
    use->strategy = &set->strategy;
    if (parameters_parse(use->parameter, set->strategy.parameter, set->strategy.parameters, str_of(parameters),
                         set->name, error) != 0)
        goto failed;
    give_values(set, use->parameter);
    if (read_file(set, name, text, true, error) != 0)
        goto failed;
    set->priced = set->exits > 0 || set->at[0] != ORDER_NONE || set->at[1] != ORDER_NONE;
    for (enum rule_root root = STOP; root < ROOTS; root++)
        set->priced |= root != WHEN && root != CONFIRM && set->root[root] != NULL;
    set->needs_stop = rule_exits_need_stop(set);
    if (rule_exits_count_sessions(set) &&
        (set->root[SESSION_ENDS] = series_parse("if minutes_to_close <= 0 then 1 else 0", NULL, false, error)) == NULL)
        goto failed;
    set->mirrored[0] = set->root[STOP_SHORT] == NULL && set->root[STOP] != NULL;
    set->mirrored[1] = set->root[TARGET_SHORT] == NULL && set->root[TARGET] != NULL;
    set->program = program_compile((const struct expr *const *)set->root, ROOTS, PRICES, error);
    if (set->program == NULL || check_set(set, name, error) != 0)
        goto failed;
    choose_reasons(set);
    use->inputs = program_inputs(set->program) | INPUT_OPEN | INPUT_RANGE;
    if (strategy_name_instance(use, error) == 0)
        return 0;
failed:
    if (error->hint[0] == '\0')
        error_hint(error, "tn-strategies(7) has the statements of a rule file, tn-expr(7) the rules in them");
    rule_set_free(set);
    use->rules = NULL;
    return -1;
}

void rule_set_free(struct rule_set *set)
{
    if (set == NULL)
        return;
    program_free(set->program);
    for (int i = 0; i < ROOTS; i++)
        expr_free(set->root[i]);
    for (int i = 0; i < set->lets; i++)
        expr_free(set->let[i]);
    free(set);
}
