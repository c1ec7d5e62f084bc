/* The grammar of rules over bars: names, history, crosses, `within`, `if`. */
#include "expr/series_parts.h"

#include "base/command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum bar_column column;
} bar_names[] = {{"open", BARS_OPEN},
                 {"high", BARS_HIGH},
                 {"low", BARS_LOW},
                 {"close", BARS_CLOSE},
                 {"volume", BARS_VOLUME},
                 {"weekday", BARS_WEEKDAY},
                 {"month", BARS_MONTH},
                 {"day", BARS_DAY},
                 {"minutes_since_open", BARS_SINCE_OPEN},
                 {"minutes_to_close", BARS_TO_CLOSE}};

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const char *const other_names[] = {
    "hl2",     "hlc3",  "ohlc4", "gap",    "change", "rvol", "sum",  "bars_since", "value_when", "coalesce",
    "crosses", "above", "below", "within", "bars",   "if",   "then", "else",       "of"};

/* Words of other languages, and ours for them. */
static const struct {
    const char *word, *ours;
} foreign[] = {
    {"crossover", "a crosses above b"},
    {"crossunder", "a crosses below b"},
    {"cross", "a crosses b"},
    {"crossed_above", "a crosses above b"},
    {"ref", "close[1]"},
    {"shift", "close[1]"},
    {"barssince", "bars_since(…)"},
    {"sincetrue", "bars_since(…)"},
    {"valuewhen", "value_when(…)"},
    {"hhv", "highest(high, n)"},
    {"llv", "lowest(low, n)"},
    {"max_n", "highest(high, n)"},
    {"na", "x == null"},
    {"isnull", "x == null"},
    {"nz", "coalesce(x, 0)"},
    {"iff", "if … then … else …"},
    {"mov", "sma(n) or ema(n)"},
    {"avg", "sma(n)"},
    {"avgc", "sma(n)"},
    {"xavgc", "ema(n)"},
    {"average", "sma(n)"},
    {"ma", "sma(n)"},
    {"stoc", "stoch(n)"},
    {"countif", "count(…, n)"},
    {"counttrue", "count(…, n)"},
    {"entry_price", NULL},
    {"bars_in_trade", NULL},
    {"open_profit", NULL},
    {"position", NULL},
    {"position_size", NULL},
    {"entry", NULL},
    {"bars_held", NULL},
    {"profit", NULL},
    {"r", NULL},
};

bool series_is_question(const struct expr *expr)
{
    return expr->root->type == TYPE_TRUTH;
}

struct expr *series_parse(const char *text, const struct scope *scope, bool question, struct error *error)
{
    static const struct scope none = {NULL, 0};
    return parser_parse(text, scope == NULL ? &none : scope, question, error);
}

/* An indicator of this name, or the output of one: "macd", "macd_signal". */
const struct indicator *series_indicator(struct str name, int *output)
{
    const struct indicator *found = indicator_find(name);
    *output = 0;
    for (int i = 0; i < indicator_count && found == NULL; i++) {
        const struct indicator *indicator = indicator_table[i];
        const size_t n = strlen(indicator->name);
        if (name.n <= n + 1 || memcmp(name.p, indicator->name, n) != 0 || name.p[n] != '_')
            continue;
        for (int k = 0; k < indicator->outputs && found == NULL; k++)
            if (str_is((struct str){name.p + n + 1, name.n - n - 1}, indicator->output[k].suffix)) {
                found = indicator;
                *output = k;
            }
    }
    return found;
}

/* Calls `each` with every name of the language, until it says stop. */
static bool each_name(bool (*each)(void *context, const char *name), void *context)
{
    bool stop = false;
    for (size_t i = 0; i < sizeof bar_names / sizeof *bar_names && !stop; i++)
        stop = each(context, bar_names[i].name);
    for (size_t i = 0; i < sizeof day_names / sizeof *day_names && !stop; i++)
        stop = each(context, day_names[i]);
    stop = stop || series_each_call(each, context) || series_each_known(each, context);
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names && !stop; i++)
        stop = each(context, other_names[i]);
    for (int i = 0; i < indicator_count && !stop; i++)
        stop = each(context, indicator_table[i]->name);
    return stop;
}

static bool is_same(void *context, const char *name)
{
    return strcmp(context, name) == 0;
}

bool series_is_name(const char *name)
{
    int output;
    char copy[64];
    if (strlen(name) >= sizeof copy)
        return false;
    memcpy(copy, name, strlen(name) + 1);
    return each_name(is_same, copy) || series_is_known(copy) || series_indicator(str_of(name), &output) != NULL;
}

struct names {
    const char *name[512];
    int count;
};

static bool collect(void *context, const char *name)
{
    struct names *names = context;
    if (names->count < 512)
        names->name[names->count++] = name;
    return false;
}

struct node *series_unknown(struct parser *parser, struct str name, size_t at)
{
    struct names names = {.count = 0};
    char word[64];
    size_t n = 0;
    for (; n < name.n && n < sizeof word - 1; n++)
        word[n] = (char)(name.p[n] >= 'A' && name.p[n] <= 'Z' ? name.p[n] - 'A' + 'a' : name.p[n]);
    word[n] = '\0';
    error_set(parser->error, EXIT_USAGE, "'%.40s' is not a name in rules", name.p);
    const char *last = strrchr(word, '.');
    const char *bare = last == NULL ? word : last + 1;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strcmp(bare, foreign[i].word) == 0) {
            if (foreign[i].ours == NULL)
                error_hint(parser->error,
                           "conditions do not see the position; use 'exits:' in a rule file, tn-strategies(7)");
            else
                error_hint(parser->error, "write %s", foreign[i].ours);
            parser_refuse(parser, at);
            return NULL;
        }
    for (int i = 0; i < parser->scope->count; i++)
        collect(&names, parser->scope->name[i].name);
    (void)each_name(collect, &names);
    const char *nearest = nearest_word(word, names.name, names.count);
    if (nearest != NULL)
        error_hint(parser->error, "did you mean '%s'?", nearest);
    else
        error_hint(parser->error, "tn-expr(7) lists the names; tn-signal list the indicators");
    parser_refuse(parser, at);
    return NULL;
}

struct node *series_number(struct parser *parser, int64_t number, size_t at, size_t end)
{
    struct node *node = parser_node(parser, OP_CONSTANT, TYPE_NUMBER, at, end);
    if (node != NULL)
        node->constant = (struct value){.type = TYPE_NUMBER, .exact = true, .decimal = number * DEC_ONE};
    return node;
}

struct node *series_bars(struct parser *parser, enum bar_column column, size_t at, size_t end)
{
    struct node *node = parser_node(parser, OP_BARS, TYPE_NUMBER, at, end);
    if (node != NULL)
        node->column = column;
    return node;
}

struct node *series_pair(struct parser *parser, enum operation operation, struct node *first, struct node *second)
{
    struct node *node =
        first == NULL || second == NULL ? NULL : parser_node(parser, operation, TYPE_NUMBER, first->at, second->end);
    if (node != NULL) {
        node->first = first;
        first->next = second;
    }
    return node;
}

struct node *series_history(struct parser *parser, struct node *first, int64_t count, size_t end)
{
    struct node *node = first == NULL ? NULL : parser_node(parser, OP_HISTORY, first->type, first->at, end);
    if (node != NULL) {
        node->first = first;
        node->count = count;
    }
    return node;
}

/* Sum of some columns over their number. */
static struct node *make_mean(struct parser *parser, const enum bar_column *columns, int count, size_t at, size_t end)
{
    struct node *sum = series_bars(parser, columns[0], at, end);
    for (int i = 1; i < count; i++)
        sum = series_pair(parser, OP_ADD, sum, series_bars(parser, columns[i], at, end));
    return series_pair(parser, OP_DIVIDE, sum, series_number(parser, count, at, end));
}

/* VALUE / VALUE[1] - 1. */
static struct node *make_change(struct parser *parser, enum bar_column now, size_t at, size_t end)
{
    struct node *before = series_history(parser, series_bars(parser, BARS_CLOSE, at, end), 1, end);
    struct node *ratio = series_pair(parser, OP_DIVIDE, series_bars(parser, now, at, end), before);
    return series_pair(parser, OP_SUBTRACT, ratio, series_number(parser, 1, at, end));
}

bool node_is_constant(const struct node *node)
{
    if (node->op == OP_CONSTANT)
        return true;
    if (node->op < OP_ADD || node->op > OP_NEGATE)
        return false;
    for (const struct node *part = node->first; part != NULL; part = part->next)
        if (!node_is_constant(part))
            return false;
    return true;
}

/* Arithmetic of constants, done once. */
void node_fold(const struct node *node, struct value *value)
{
    struct value first, second;
    if (node->op == OP_CONSTANT) {
        *value = node->constant;
        return;
    }
    node_fold(node->first, &first);
    if (node->first->next != NULL)
        node_fold(node->first->next, &second);
    if (first.type != TYPE_NUMBER || (node->first->next != NULL && second.type != TYPE_NUMBER)) {
        *value = (struct value){.type = TYPE_NULL};
        return;
    }
    switch (node->op) {
    case OP_ADD:
        value_add(value, &first, &second);
        break;
    case OP_SUBTRACT:
        value_subtract(value, &first, &second);
        break;
    case OP_MULTIPLY:
        value_multiply(value, &first, &second);
        break;
    case OP_DIVIDE:
        value_divide(value, &first, &second);
        break;
    case OP_REMAINDER:
        value_remainder(value, &first, &second);
        break;
    default:
        value_negate(value, &first);
        break;
    }
}

/* A whole number that is known before the run. */
int series_count(struct parser *parser, const struct node *node, int64_t low, const char *what, int64_t *count)
{
    struct value value;
    if (!node_is_constant(node)) {
        error_set(parser->error, EXIT_USAGE, "%s must be a constant number", what);
        return parser_refuse(parser, node->at);
    }
    node_fold(node, &value);
    const double number = value.type == TYPE_NUMBER ? value_as_double(&value) : (double)NAN;
    if (!(number >= (double)low && number <= SERIES_BARS_MAX && number == nearbyint(number))) {
        error_set(parser->error, EXIT_USAGE, "%s must be a whole number from %d to %d", what, (int)low,
                  SERIES_BARS_MAX);
        return parser_refuse(parser, node->at);
    }
    *count = (int64_t)number;
    return 0;
}

int series_parse_constant(const char *text, const struct scope *scope, double *number, struct error *error)
{
    struct expr *expr = series_parse(text, scope, false, error);
    struct value value = {.type = TYPE_NULL};
    if (expr == NULL)
        return -1;
    if (node_is_constant(expr->root))
        node_fold(expr->root, &value);
    expr_free(expr);
    if (value.type != TYPE_NUMBER)
        return error_set(error, EXIT_USAGE, "'%.40s' is not a constant number", text);
    *number = value_as_double(&value);
    return 0;
}

static struct node *name_of_scope(struct parser *parser, const struct scope_name *name, size_t at, size_t end)
{
    if (name->expr == NULL) {
        struct node *node = parser_node(parser, OP_CONSTANT, TYPE_NUMBER, at, end);
        if (node != NULL)
            node->constant = name->exact != DEC_NONE
                                 ? (struct value){.type = TYPE_NUMBER, .exact = true, .decimal = name->exact}
                                 : (struct value){.type = TYPE_NUMBER, .number = name->constant};
        return node;
    }
    struct node *node = parser_node(parser, OP_SAME, name->expr->root->type, at, end);
    if (node != NULL)
        node->same = name->expr->root;
    return node;
}

struct node *series_name(struct parser *parser, struct str name, size_t at)
{
    const size_t end = at + name.n;
    for (int i = 0; i < parser->scope->count; i++)
        if (str_is(name, parser->scope->name[i].name))
            return name_of_scope(parser, &parser->scope->name[i], at, end);
    bool found;
    struct node *known = series_known_name(parser, name, at, &found);
    if (found)
        return known;
    if (parser->token.kind == TOKEN_OPEN)
        return series_call(parser, name, at);
    for (size_t i = 0; i < sizeof bar_names / sizeof *bar_names; i++)
        if (str_is(name, bar_names[i].name))
            return series_bars(parser, bar_names[i].column, at, end);
    for (size_t i = 0; i < sizeof day_names / sizeof *day_names; i++)
        if (str_is(name, day_names[i]))
            return series_number(parser, (int64_t)i + 1, at, end);
    static const enum bar_column prices[] = {BARS_HIGH, BARS_LOW, BARS_CLOSE},
                                 all[] = {BARS_OPEN, BARS_HIGH, BARS_LOW, BARS_CLOSE};
    if (str_is(name, "hl2") || str_is(name, "hlc3"))
        return make_mean(parser, prices, name.p[2] == '2' ? 2 : 3, at, end);
    if (str_is(name, "ohlc4"))
        return make_mean(parser, all, 4, at, end);
    if (str_is(name, "gap") || str_is(name, "change"))
        return make_change(parser, name.p[0] == 'g' ? BARS_OPEN : BARS_CLOSE, at, end);
    int output;
    if (series_indicator(name, &output) != NULL) {
        error_set(parser->error, EXIT_USAGE, "'%.40s' needs its parameters", name.p);
        error_hint(parser->error, "write %.40s(…), or %.40s() for the defaults", name.p, name.p);
        parser_refuse(parser, at);
        return NULL;
    }
    return series_unknown(parser, name, at);
}

static struct node *read_history(struct parser *parser, struct node *node)
{
    int64_t count = 0;
    struct node *index = parser_advance(parser) == 0 ? parser_sum(parser) : NULL;
    if (index == NULL || series_count(parser, index, 0, "a number of bars ago", &count) != 0)
        return NULL;
    if (parser->token.kind != TOKEN_CLOSE_HISTORY)
        return parser_unexpected(parser, "']'");
    node = series_history(parser, node, count, parser->token.end);
    return parser_advance(parser) == 0 ? node : NULL;
}

/* [n], @1d and of SPY, in the order they stand there, as often as they do. */
struct node *series_postfix(struct parser *parser, struct node *node)
{
    while (node != NULL)
        if (parser->token.kind == TOKEN_OPEN_HISTORY)
            node = read_history(parser, node);
        else if (parser->token.kind == TOKEN_AT)
            node = series_at(parser, node);
        else if (parser->scope != NULL && parser_at_word(parser, "of"))
            node = series_of(parser, node);
        else
            break;
    return node;
}

/* A high or close can never be above the highest of bars that include its own: most likely [1] was forgotten. */
static int check_breakout(struct parser *parser, const struct node *node)
{
    const struct node *first = node->first, *second = first->next;
    const bool up = node->op == OP_MORE || (node->op == OP_CROSSES && node->direction > 0);
    const bool down = node->op == OP_LESS || (node->op == OP_CROSSES && node->direction < 0);
    if (first->op != OP_BARS || second->op != OP_WINDOW || second->first->op != OP_BARS)
        return 0;
    const enum bar_column of = second->first->column, asked = first->column;
    if (!(up && second->window == WINDOW_HIGHEST && (of == asked || (of == BARS_HIGH && asked <= BARS_CLOSE))) &&
        !(down && second->window == WINDOW_LOWEST && (of == asked || (of == BARS_LOW && asked <= BARS_CLOSE))))
        return 0;
    error_set(parser->error, EXIT_USAGE, "this is never true: the window includes the bar itself");
    error_hint(parser->error, "write %.*s[1]", (int)(second->end - second->at), parser->expr->text + second->at);
    return parser_refuse(parser, node->at);
}

static struct node *read_crosses(struct parser *parser, struct node *first)
{
    int direction = 0;
    if (parser_advance(parser) != 0)
        return NULL;
    if (parser_at_word(parser, "above") || parser_at_word(parser, "below")) {
        direction = parser_at_word(parser, "above") ? 1 : -1;
        if (parser_advance(parser) != 0)
            return NULL;
    }
    struct node *second = parser_sum(parser);
    if (second == NULL || parser_want(parser, first, TYPE_NUMBER) != 0 || parser_want(parser, second, TYPE_NUMBER) != 0)
        return NULL;
    struct node *node = parser_node(parser, OP_CROSSES, TYPE_TRUTH, first->at, second->end);
    if (node != NULL) {
        node->first = first;
        first->next = second;
        node->direction = direction;
    }
    return node;
}

/* What may follow one side of a comparison, or a whole one: crosses …, within … bars. */
struct node *series_comparison(struct parser *parser, struct node *node)
{
    if (parser_at_word(parser, "crosses") && (node = read_crosses(parser, node)) == NULL)
        return NULL;
    if ((node->op == OP_MORE || node->op == OP_LESS || node->op == OP_CROSSES) && check_breakout(parser, node) != 0)
        return NULL;
    while (parser_at_word(parser, "within")) {
        int64_t count = 0;
        struct node *bars = parser_advance(parser) == 0 ? parser_sum(parser) : NULL;
        if (bars == NULL || parser_want(parser, node, TYPE_TRUTH) != 0 ||
            series_count(parser, bars, 1, "a number of bars", &count) != 0)
            return NULL;
        const size_t end = parser->token.end;
        if (!parser_at_word(parser, "bars") && !parser_at_word(parser, "bar"))
            return parser_unexpected(parser, "'bars'");
        struct node *outer = parser_node(parser, OP_WITHIN, TYPE_TRUTH, node->at, end);
        if (outer == NULL || parser_advance(parser) != 0)
            return NULL;
        outer->first = node;
        outer->count = count;
        node = outer;
    }
    return node;
}

/* if C then A else B */
struct node *series_if(struct parser *parser)
{
    static const char *const words[] = {"then", "else"};
    const size_t at = parser->token.at;
    struct node *part[3];
    if (++parser->depth > EXPR_DEPTH_MAX) {
        error_set(parser->error, EXIT_USAGE, "nested deeper than %d", EXPR_DEPTH_MAX);
        parser_refuse(parser, at);
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        if (parser_advance(parser) != 0 || (part[i] = parser_or(parser)) == NULL)
            return NULL;
        if (i < 2 && !parser_at_word(parser, words[i]))
            return parser_unexpected(parser, i == 0 ? "'then'" : "'else'");
    }
    parser->depth--;
    const enum value_type type = part[1]->type == TYPE_NULL ? part[2]->type : part[1]->type;
    if (parser_want(parser, part[0], TYPE_TRUTH) != 0 || parser_want(parser, part[2], type) != 0)
        return NULL;
    struct node *node = parser_node(parser, OP_IF, type, at, part[2]->end);
    if (node != NULL) {
        node->first = part[0];
        part[0]->next = part[1];
        part[1]->next = part[2];
        part[2]->next = NULL;
    }
    return node;
}
