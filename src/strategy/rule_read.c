/* Reading rule files: statements into a program. */
#include "strategy/rule_set.h"
#include "strategy/rules.h"

#include "base/command.h"
#include "base/num.h"
#include "indicator/parameter.h"
#include "strategy/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLD_MAX 100000

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
static const char *const other_keys[] = {"param",   "let",       "title",     "source", "hold",
                                         "rank by", "rebalance", "otherwise", "among"};

bool rules_are_named(const char *text, size_t *length)
{
    const size_t n = strcspn(text, ":");
    *length = n;
    return n > 3 && memcmp(text + n - 3, ".tn", 3) == 0;
}

/* One statement of the file: its line, and its text with continuation lines joined. */
struct statement_text {
    int line;
    char text[4096];
};

struct source {
    const char *file;
    struct str rest;
    int line;
};

static int refuse(const struct source *source, int line, struct error *error)
{
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "%s:%d", source->file, line);
    return -1;
}

static struct str take_line(struct source *source)
{
    const char *end = source->rest.n == 0 ? NULL : memchr(source->rest.p, '\n', source->rest.n);
    struct str line = {source->rest.p, end == NULL ? source->rest.n : (size_t)(end - source->rest.p)};
    const size_t taken = line.n + (end != NULL);
    source->rest = (struct str){source->rest.p + taken, source->rest.n - taken};
    source->line++;
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        quoted ^= line.p[i] == '"' || line.p[i] == '\'';
        if (line.p[i] == '#' && !quoted)
            line.n = i;
    }
    while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t' || line.p[line.n - 1] == '\r'))
        line.n--;
    return line;
}

/* 1: the next statement; 0: no more; -1. A line that begins with a blank goes on with the one before it. */
static int next_statement(struct source *source, struct statement_text *statement, struct error *error)
{
    size_t n = 0;
    while (source->rest.n > 0) {
        const struct source before = *source;
        const struct str line = take_line(source);
        if (line.n == 0)
            continue;
        const bool goes_on = line.p[0] == ' ' || line.p[0] == '\t';
        if (n > 0 && !goes_on) {
            *source = before;
            break;
        }
        if (n == 0 && goes_on)
            return error_set(error, EXIT_USAGE, "%s:%d: a line that begins with a blank goes on with the one before it",
                             source->file, source->line);
        if (n == 0)
            statement->line = source->line;
        if (n + line.n + 1 >= sizeof statement->text)
            return error_set(error, EXIT_USAGE, "%s:%d: a rule has at most %zu bytes", source->file, source->line,
                             sizeof statement->text - 1);
        if (memchr(line.p, '\0', line.n) != NULL)
            return error_set(error, EXIT_USAGE, "%s:%d: a NUL byte", source->file, source->line);
        memcpy(statement->text + n, line.p, line.n);
        n += line.n;
        statement->text[n] = '\0';
    }
    return n > 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* NAME behind a word, then what follows it. NULL with an error. */
static const char *take_name(const struct rule_set *set, const char *p, char name[static RULE_NAME_SIZE],
                             struct error *error)
{
    size_t n = 0;
    p = skip_blanks(p);
    while (is_letter(p[n]) || (n > 0 && p[n] >= '0' && p[n] <= '9'))
        n++;
    if (n == 0 || n >= RULE_NAME_SIZE) {
        error_set(error, EXIT_USAGE, "a name of 1 to %d letters, digits and _ is needed", RULE_NAME_SIZE - 1);
        return NULL;
    }
    memcpy(name, p, n);
    name[n] = '\0';
    if (series_is_name(name) || strcmp(name, "and") == 0 || strcmp(name, "or") == 0 || strcmp(name, "not") == 0 ||
        strcmp(name, "null") == 0 || strcmp(name, "true") == 0 || strcmp(name, "false") == 0) {
        error_set(error, EXIT_USAGE, "'%s' is a name of the language already", name);
        return NULL;
    }
    for (int i = 0; i < set->names; i++)
        if (strcmp(set->scope[i].name, name) == 0) {
            error_set(error, EXIT_USAGE, "'%s' is named twice", name);
            return NULL;
        }
    return skip_blanks(p + n);
}

/* A number at *p, which is moved behind it. */
static int take_number(const char **p, double *number, struct error *error)
{
    *p = skip_blanks(*p);
    size_t n = 0;
    while ((*p)[n] != '\0' && strchr("0123456789.+-eE", (*p)[n]) != NULL && strncmp(*p + n, "..", 2) != 0)
        n++;
    if (num_parse(number, *p, n, error) != 0)
        return -1;
    *p = skip_blanks(*p + n);
    return 0;
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
    if (take_number(&p, &standard, error) != 0)
        return -1;
    if (strncmp(p, "in", 2) == 0) {
        p += 2;
        ranged = true;
        if (take_number(&p, &low, error) != 0)
            return -1;
        if (strncmp(p, "..", 2) != 0)
            return error_set(error, EXIT_USAGE, "'..' is missing: param %s = 10 in 5..50", set->parameter_name[i]);
        p += 2;
        if (take_number(&p, &high, error) != 0)
            return -1;
        if (strncmp(p, "step", 4) == 0) {
            p += 4;
            if (take_number(&p, &step, error) != 0)
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

static int take_let(struct rule_set *set, const char *p, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    const int i = set->lets;
    if (i == RULE_LETS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d names by let", RULE_LETS_MAX);
    if ((p = take_name(set, p, set->let_name[i], error)) == NULL)
        return -1;
    if (*p != '=')
        return error_set(error, EXIT_USAGE, "'=' is missing: let %s = …", set->let_name[i]);
    if ((set->let[i] = series_parse(skip_blanks(p + 1), &scope, false, error)) == NULL)
        return -1;
    set->lets++;
    set->scope[set->names++] = (struct scope_name){.name = set->let_name[i], .expr = set->let[i]};
    return 0;
}

/* "CONDITION within N bars": cuts the end off, and gives N. */
static int cut_within(char *text, int *bars, struct error *error)
{
    char *found = NULL;
    for (char *p = strstr(text, " within "); p != NULL; p = strstr(p + 1, " within "))
        found = p;
    double number = 0;
    const char *p = found == NULL ? "" : found + 8;
    if (found == NULL || take_number(&p, &number, error) != 0 || strncmp(p, "bar", 3) != 0 || number < 1 ||
        number > HOLD_MAX || number != floor(number)) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "confirm says until when: confirm: close > high[1] within 3 bars");
    }
    *bars = (int)number;
    *found = '\0';
    return 0;
}

static int unknown_key(const char *text, struct error *error)
{
    const char *words[sizeof keys / sizeof *keys + sizeof other_keys / sizeof *other_keys];
    int count = 0;
    char word[64];
    const size_t n = strcspn(text, ":=");
    (void)snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), text);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        words[count++] = keys[i].key;
    for (size_t i = 0; i < sizeof other_keys / sizeof *other_keys; i++)
        words[count++] = other_keys[i];
    error_set(error, EXIT_USAGE, "'%s' is no statement", word);
    const char *near = nearest_word(word, words, count);
    if (near != NULL)
        error_hint(error, "did you mean '%s'?", near);
    else
        error_hint(error, "param, let, enter long:, exit long:, stop:, … see tn-strategies(7)");
    return -1;
}

static int take_rule(struct rule_set *set, char *text, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const size_t n = strlen(keys[i].key);
        if (strncmp(text, keys[i].key, n) != 0 || *skip_blanks(text + n) != ':')
            continue;
        char *rule = text + (skip_blanks(text + n) - text) + 1;
        struct expr **root = &set->root[keys[i].root];
        if (*root != NULL)
            return error_set(error, EXIT_USAGE, "'%s' is said twice", keys[i].key);
        if (keys[i].root == CONFIRM && cut_within(rule, &set->confirm_within, error) != 0)
            return -1;
        *root = series_parse(skip_blanks(rule), &scope, keys[i].question, error);
        if (*root != NULL && !keys[i].question && series_is_question(*root))
            return error_set(error, EXIT_USAGE, "'%s' is a number, not a question", keys[i].key);
        return *root == NULL ? -1 : 0;
    }
    return unknown_key(text, error);
}

static int take_hold(struct rule_set *set, const char *p, struct error *error)
{
    double number = 0;
    if (take_number(&p, &number, error) != 0)
        return -1;
    if (strncmp(p, "bar", 3) != 0 || number < 1 || number > HOLD_MAX || number != floor(number))
        return error_set(error, EXIT_USAGE, "hold is a number of bars: hold: 10 bars");
    set->hold = (int)number;
    return 0;
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
        p = skip_blanks(p + side);
        if (strncmp(p, words[which].end, end) != 0)
            break;
        p += end;
        if (take_number(&p, &count, error) != 0)
            break;
        picks[which]->percent = *p == '%';
        p = skip_blanks(p + (*p == '%'));
        picks[which]->count = count;
        if (!(count > 0) || (picks[which]->percent ? count > 100 : count != floor(count) || count > HOLD_MAX))
            break;
    }
    if (*p == '\0' && (set->top.count > 0 || set->bottom.count > 0))
        return 0;
    error_clear(error);
    return error_set(error, EXIT_USAGE, "whom a ranking chooses: long top 10%%, long top 5 short bottom 5");
}

/* by EXPRESSION: long top 10% */
static int take_ranking(struct rule_set *set, char *p, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    char *colon = strrchr(p, ':');
    if (set->root[RANK] != NULL)
        return error_set(error, EXIT_USAGE, "'rank by' is said twice");
    if (strncmp(p, "by", 2) != 0 || colon == NULL)
        return error_set(error, EXIT_USAGE, "a ranking is: rank by roc(126): long top 10%%");
    *colon = '\0';
    if (take_picks(set, skip_blanks(colon + 1), error) != 0 ||
        (set->root[RANK] = series_parse(skip_blanks(p + 2), &scope, false, error)) == NULL)
        return -1;
    return series_is_question(set->root[RANK]) ? error_set(error, EXIT_USAGE, "a ranking goes by a number") : 0;
}

static int take_rebalance(struct rule_set *set, const char *p, struct error *error)
{
    static const char *const words[] = {"session", "week_end", "month_end", "quarter_end"};
    for (int i = 0; i < 4; i++)
        if (strcmp(p, words[i]) == 0) {
            set->rebalance = (enum rebalance)(REBALANCE_SESSION + i);
            return 0;
        }
    error_set(error, EXIT_USAGE, "'%s' is no time to rebalance", p);
    error_hint(error, "session, week_end, month_end or quarter_end");
    return -1;
}

/* SPY VXUS, AGG */
static int take_among(struct rule_set *set, const char *p, struct error *error)
{
    for (p += strspn(p, " \t,"); *p != '\0'; p += strspn(p, " \t,")) {
        const size_t n = strcspn(p, " \t,");
        if (set->amongs == RULE_AMONG_MAX)
            return error_set(error, EXIT_USAGE, "among names at most %d symbols", RULE_AMONG_MAX);
        if (n >= SYMBOL_SIZE)
            return error_set(error, EXIT_USAGE, "'%.*s' is no symbol", (int)n, p);
        memcpy(set->among[set->amongs], p, n);
        set->among[set->amongs++][n] = '\0';
        p += n;
    }
    return set->amongs > 0 ? 0 : error_set(error, EXIT_USAGE, "symbols are missing: among: SPY VXUS AGG");
}

static int take_otherwise(struct rule_set *set, const char *p, struct error *error)
{
    if (strncmp(p, "long ", 5) != 0)
        return error_set(error, EXIT_USAGE, "what is held when the ranking chooses none: otherwise: long AGG");
    p = skip_blanks(p + 5);
    const size_t n = strcspn(p, " \t");
    if (n == 0 || n >= SYMBOL_SIZE || p[n] != '\0')
        return error_set(error, EXIT_USAGE, "'%s' is no symbol", p);
    memcpy(set->otherwise, p, n + 1);
    return 0;
}

static bool begins(const char *text, const char *word, const char **rest)
{
    const size_t n = strlen(word);
    *rest = text + n;
    return strncmp(text, word, n) == 0 && (text[n] == '\0' || !is_letter(text[n]));
}

/* `values`: only what is not a parameter is read, since these have their values now. */
static int take_statement(struct rule_set *set, char *text, bool values, struct error *error)
{
    const char *rest;
    if (begins(text, "param", &rest))
        return values ? 0 : take_param(set, rest, error);
    if (!values)
        return 0;
    if (begins(text, "let", &rest))
        return take_let(set, rest, error);
    if (begins(text, "title", &rest) && *skip_blanks(rest) == ':') {
        (void)snprintf(set->title, sizeof set->title, "%s", skip_blanks(skip_blanks(rest) + 1));
        return 0;
    }
    if (begins(text, "source", &rest) && *skip_blanks(rest) == ':') {
        (void)snprintf(set->source, sizeof set->source, "%s", skip_blanks(skip_blanks(rest) + 1));
        return 0;
    }
    if (begins(text, "hold", &rest) && *skip_blanks(rest) == ':')
        return take_hold(set, skip_blanks(rest) + 1, error);
    if (begins(text, "rank", &rest))
        return take_ranking(set, text + (skip_blanks(rest) - text), error);
    if (begins(text, "rebalance", &rest) && *skip_blanks(rest) == ':')
        return take_rebalance(set, skip_blanks(skip_blanks(rest) + 1), error);
    if (begins(text, "among", &rest) && *skip_blanks(rest) == ':')
        return take_among(set, skip_blanks(rest) + 1, error);
    if (begins(text, "otherwise", &rest) && *skip_blanks(rest) == ':')
        return take_otherwise(set, skip_blanks(skip_blanks(rest) + 1), error);
    return take_rule(set, text, error);
}

static int read_file(struct rule_set *set, const char *file, struct str text, bool values, struct error *error)
{
    struct source source = {file, text, 0};
    struct statement_text *statement = calloc(1, sizeof *statement);
    int got = statement == NULL ? error_memory(error) : 1;
    while (got == 1 && (got = next_statement(&source, statement, error)) == 1)
        if (take_statement(set, statement->text, values, error) != 0)
            got = refuse(&source, statement->line, error);
    free(statement);
    return got;
}

static int check_ranking(const struct rule_set *set, const char *file, struct error *error)
{
    static const enum rule_root others[] = {ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT, CONFIRM};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (set->root[others[i]] != NULL || set->hold > 0)
            return error_set(error, EXIT_USAGE,
                             "%s: a ranking says itself who is entered and left: no enter, exit, confirm or hold",
                             file);
    if (set->rebalance == REBALANCE_NEVER)
        return error_set(error, EXIT_USAGE, "%s: 'rebalance: month_end' is missing", file);
    return 0;
}

/* A stop or target must be a price. */
static int check_prices(const struct rule_set *set, const char *file, struct error *error)
{
    for (int i = STOP; i <= TARGET_SHORT; i++) {
        int price, volume;
        if (set->root[i] != NULL && program_powers(set->program, i, &price, &volume) && (price != 1 || volume != 0))
            return error_set(error, EXIT_USAGE, "%s: %s is no price: close - 2 * atr(14) is one", file,
                             i == STOP || i == STOP_SHORT ? "stop" : "target");
    }
    return 0;
}

static int check_set(const struct rule_set *set, const char *file, struct error *error)
{
    if (set->root[RANK] != NULL)
        return check_ranking(set, file, error) != 0 ? -1 : check_prices(set, file, error);
    if (set->rebalance != REBALANCE_NEVER || set->root[WEIGHT] != NULL || set->otherwise[0] != '\0')
        return error_set(error, EXIT_USAGE, "%s: rebalance, weight and otherwise belong to a ranking: rank by …", file);
    const bool enters_long = set->root[ENTER_LONG] != NULL, enters_short = set->root[ENTER_SHORT] != NULL;
    const bool ends = set->hold > 0 || set->root[STOP] != NULL || set->root[TARGET] != NULL;
    if (!enters_long && !enters_short)
        return error_set(error, EXIT_USAGE, "%s: nothing is entered: enter long: or enter short: is missing", file);
    if (enters_long && !ends && set->root[EXIT_LONG] == NULL && !enters_short)
        return error_set(error, EXIT_USAGE,
                         "%s: nothing ends a long position: exit long:, stop:, target: or hold:", file);
    if (enters_short && !ends && set->root[EXIT_SHORT] == NULL && set->root[STOP_SHORT] == NULL &&
        set->root[TARGET_SHORT] == NULL && !enters_long)
        return error_set(error, EXIT_USAGE,
                         "%s: nothing ends a short position: exit short:, stop short: or hold:", file);
    if ((!enters_long && set->root[EXIT_LONG] != NULL) || (!enters_short && set->root[EXIT_SHORT] != NULL))
        return error_set(error, EXIT_USAGE, "%s: an exit without its entry", file);
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
        for (int i = 0; i < program_figures(set->program, roots[r]) && strategy->reasons < STRATEGY_REASONS_MAX; i++) {
            const struct str text = program_figure_name(set->program, roots[r], i);
            char *name = set->reason_name[strategy->reasons];
            const size_t n = text.n < sizeof set->reason_name[0] ? text.n : sizeof set->reason_name[0] - 1;
            memcpy(name, text.p, n);
            name[n] = '\0';
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
        if (!is_letter(*p) && !(*p >= '0' && *p <= '9') && *p != '-' && *p != '.')
            return error_set(error, EXIT_USAGE, "'%s': the name of a rule file is of letters, digits, - _ and .", file);
    for (int i = 0; i < strategy_count; i++)
        if (strcmp(strategy_table[i]->name, set->name) == 0)
            return error_set(error, EXIT_USAGE, "'%s': there is a strategy '%s' already", file, set->name);
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
    set->mirrored[0] = set->root[STOP_SHORT] == NULL && set->root[STOP] != NULL;
    set->mirrored[1] = set->root[TARGET_SHORT] == NULL && set->root[TARGET] != NULL;
    set->program = program_compile((const struct expr *const *)set->root, ROOTS, error);
    if (set->program == NULL || check_set(set, name, error) != 0)
        goto failed;
    choose_reasons(set);
    use->inputs = program_inputs(set->program) | INPUT_RANGE;
    if (strategy_name_instance(use, error) == 0)
        return 0;
failed:
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
