/* The grammar of rules over bars: names, calls, history, crosses, `within`, `if`. */
#include "expr/series.h"

#include "base/buf.h"
#include "base/command.h"
#include "base/num.h"
#include "expr/parser.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BARS_MAX 10000 /* of a window, or back in history */

static const struct {
    const char *name;
    enum bar_column column;
} bar_names[] = {{"open", BARS_OPEN},     {"high", BARS_HIGH},       {"low", BARS_LOW},     {"close", BARS_CLOSE},
                 {"volume", BARS_VOLUME}, {"weekday", BARS_WEEKDAY}, {"month", BARS_MONTH}, {"day", BARS_DAY}};

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const struct {
    const char *name;
    enum window window;
    bool question; /* of a condition */
    int standard;  /* bar column when the window alone is given; -1: it must be named */
} windows[] = {
    {"highest", WINDOW_HIGHEST, false, BARS_HIGH},
    {"lowest", WINDOW_LOWEST, false, BARS_LOW},
    {"count", WINDOW_COUNT, true, -1},
    {"any", WINDOW_ANY, true, -1},
    {"all", WINDOW_ALL, true, -1},
    {"rising", WINDOW_RISING, false, BARS_CLOSE},
    {"falling", WINDOW_FALLING, false, BARS_CLOSE},
};

static const struct {
    const char *name;
    enum plain plain;
} plains[] = {{"abs", PLAIN_ABS},   {"sign", PLAIN_SIGN}, {"floor", PLAIN_FLOOR}, {"ceil", PLAIN_CEIL},
              {"sqrt", PLAIN_SQRT}, {"max", PLAIN_MAX},   {"min", PLAIN_MIN}};

static const char *const other_names[] = {"hl2",   "hlc3",       "ohlc4",      "gap",      "change",  "rvol",
                                          "sum",   "bars_since", "value_when", "coalesce", "crosses", "above",
                                          "below", "within",     "bars",       "if",       "then",    "else"};

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
static const struct indicator *find_indicator(struct str name, int *output)
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
    for (size_t i = 0; i < sizeof windows / sizeof *windows && !stop; i++)
        stop = each(context, windows[i].name);
    for (size_t i = 0; i < sizeof plains / sizeof *plains && !stop; i++)
        stop = each(context, plains[i].name);
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
    return each_name(is_same, copy) || find_indicator(str_of(name), &output) != NULL;
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

static struct node *unknown_name(struct parser *parser, struct str name, size_t at)
{
    struct names names = {.count = 0};
    char word[64];
    size_t n = 0;
    for (; n < name.n && n < sizeof word - 1; n++)
        word[n] = (char)(name.p[n] >= 'A' && name.p[n] <= 'Z' ? name.p[n] - 'A' + 'a' : name.p[n]);
    word[n] = '\0';
    error_set(parser->error, EXIT_USAGE, "'%.40s' is no name of a rule", name.p);
    const char *last = strrchr(word, '.');
    const char *bare = last == NULL ? word : last + 1;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strcmp(bare, foreign[i].word) == 0) {
            if (foreign[i].ours == NULL)
                error_hint(parser->error,
                           "a rule knows nothing of the position: stops and exits are rules of their own");
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

static struct node *make_number(struct parser *parser, int64_t number, size_t at, size_t end)
{
    struct node *node = parser_node(parser, OP_CONSTANT, TYPE_NUMBER, at, end);
    if (node != NULL)
        node->constant = (struct value){.type = TYPE_NUMBER, .exact = true, .decimal = number * DEC_ONE};
    return node;
}

static struct node *make_bars(struct parser *parser, enum bar_column column, size_t at, size_t end)
{
    struct node *node = parser_node(parser, OP_BARS, TYPE_NUMBER, at, end);
    if (node != NULL)
        node->column = column;
    return node;
}

static struct node *make_pair(struct parser *parser, enum operation operation, struct node *first, struct node *second)
{
    struct node *node =
        first == NULL || second == NULL ? NULL : parser_node(parser, operation, TYPE_NUMBER, first->at, second->end);
    if (node != NULL) {
        node->first = first;
        first->next = second;
    }
    return node;
}

static struct node *make_history(struct parser *parser, struct node *first, int64_t count, size_t end)
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
    struct node *sum = make_bars(parser, columns[0], at, end);
    for (int i = 1; i < count; i++)
        sum = make_pair(parser, OP_ADD, sum, make_bars(parser, columns[i], at, end));
    return make_pair(parser, OP_DIVIDE, sum, make_number(parser, count, at, end));
}

/* VALUE / VALUE[1] - 1. */
static struct node *make_change(struct parser *parser, enum bar_column now, size_t at, size_t end)
{
    struct node *before = make_history(parser, make_bars(parser, BARS_CLOSE, at, end), 1, end);
    struct node *ratio = make_pair(parser, OP_DIVIDE, make_bars(parser, now, at, end), before);
    return make_pair(parser, OP_SUBTRACT, ratio, make_number(parser, 1, at, end));
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
static int read_count(struct parser *parser, const struct node *node, int64_t low, const char *what, int64_t *count)
{
    struct value value;
    if (!node_is_constant(node)) {
        error_set(parser->error, EXIT_USAGE, "%s must be a number that does not change from bar to bar", what);
        return parser_refuse(parser, node->at);
    }
    node_fold(node, &value);
    const double number = value.type == TYPE_NUMBER ? value_as_double(&value) : (double)NAN;
    if (!(number >= (double)low && number <= BARS_MAX && number == nearbyint(number))) {
        error_set(parser->error, EXIT_USAGE, "%s must be a whole number from %d to %d", what, (int)low, BARS_MAX);
        return parser_refuse(parser, node->at);
    }
    *count = (int64_t)number;
    return 0;
}

#define ARGUMENTS_MAX 12

struct arguments {
    struct node *node[ARGUMENTS_MAX];
    int count;
    size_t end;
};

/* (A, B, …); the token is the parenthesis. */
static int read_arguments(struct parser *parser, struct arguments *arguments)
{
    arguments->count = 0;
    do {
        if (parser_advance(parser) != 0)
            return -1;
        if (arguments->count == 0 && parser->token.kind == TOKEN_CLOSE)
            break;
        if (arguments->count == ARGUMENTS_MAX) {
            error_set(parser->error, EXIT_USAGE, "more than %d arguments", ARGUMENTS_MAX);
            return parser_refuse(parser, parser->token.at);
        }
        struct node *node = parser_or(parser);
        if (node == NULL)
            return -1;
        arguments->node[arguments->count++] = node;
    } while (parser->token.kind == TOKEN_COMMA);
    if (parser->token.kind != TOKEN_CLOSE) {
        parser_unexpected(parser, "a comma or ')'");
        return -1;
    }
    arguments->end = parser->token.end;
    return parser_advance(parser);
}

static int want_arguments(struct parser *parser, const struct arguments *arguments, int low, int high, const char *form,
                          size_t at)
{
    if (arguments->count >= low && arguments->count <= high)
        return 0;
    error_set(parser->error, EXIT_USAGE, "it is %s", form);
    return parser_refuse(parser, at);
}

/* NAME = at the token, where NAME is a parameter of the indicator. */
static bool at_named(const struct parser *parser, const struct indicator *indicator)
{
    struct token next;
    struct error ignored;
    const struct token *token = &parser->token;
    const struct str name = {parser->expr->text + token->at, token->end - token->at};
    error_clear(&ignored);
    if (token->kind != TOKEN_NAME || token_next(&next, parser->expr->text, token->end, &ignored) != 0 ||
        next.kind != TOKEN_OPERATOR || next.operation != OP_EQUAL || next.end != next.at + 1)
        return false;
    for (int i = 0; i < indicator->parameters; i++)
        if (str_is(name, indicator->parameter[i].name))
            return true;
    return false;
}

static bool has_source(const struct indicator *indicator)
{
    return (indicator->inputs & INPUT_SOURCE) != 0;
}

/* One argument of an indicator: its source, when it is the first and no constant; a parameter by position or name. */
static int read_parameter(struct parser *parser, const struct indicator *indicator, struct buf *text,
                          struct node **source, int position)
{
    char number[NUM_TEXT_MAX];
    const bool named = at_named(parser, indicator);
    const char separator = memchr(text->p, ':', text->n) == NULL ? ':' : ',';
    if (named) {
        buf_add_char(text, separator);
        buf_add(text, parser->expr->text + parser->token.at, parser->token.end - parser->token.at);
        buf_add_char(text, '=');
        if (parser_advance(parser) != 0 || parser_advance(parser) != 0)
            return -1;
        if (parser->token.kind == TOKEN_NAME) { /* a word, unless it is a name of the scope */
            const struct str word = {parser->expr->text + parser->token.at, parser->token.end - parser->token.at};
            bool ours = false;
            for (int i = 0; i < parser->scope->count; i++)
                ours |= str_is(word, parser->scope->name[i].name);
            if (!ours) {
                buf_add_str(text, word);
                return parser_advance(parser);
            }
        }
    }
    struct node *node = parser_or(parser);
    struct value value;
    if (node == NULL || parser_want(parser, node, TYPE_NUMBER) != 0)
        return -1;
    if (!node_is_constant(node)) {
        if (named || position > 0 || !has_source(indicator)) {
            error_set(parser->error, EXIT_USAGE,
                      "a parameter of %s must be a number that does not change from bar to bar", indicator->name);
            if (!named && !has_source(indicator))
                error_hint(parser->error, "%s is of the bars, not of another series", indicator->name);
            return parser_refuse(parser, node->at);
        }
        *source = node;
        return 0;
    }
    node_fold(node, &value);
    if (!named)
        buf_add_char(text, separator);
    buf_add(text, number, value.type == TYPE_NUMBER ? num_format(number, value_as_double(&value)) : 0);
    return 0;
}

/* INDICATOR(…); the token is the parenthesis. */
static struct node *call_indicator(struct parser *parser, const struct indicator *indicator, int output, size_t at)
{
    struct buf text;
    struct node *source = NULL, *node = NULL;
    size_t end = parser->token.end;
    buf_init(&text, 512);
    buf_add_text(&text, indicator->name);
    for (int position = 0; position == 0 || parser->token.kind == TOKEN_COMMA; position++) {
        if (parser_advance(parser) != 0)
            goto out;
        if (position == 0 && parser->token.kind == TOKEN_CLOSE)
            break;
        if (read_parameter(parser, indicator, &text, &source, position) != 0)
            goto out;
    }
    if (parser->token.kind != TOKEN_CLOSE) {
        parser_unexpected(parser, "a comma or ')'");
        goto out;
    }
    end = parser->token.end;
    if (buf_check(&text, parser->error) != 0)
        goto out;
    if ((node = parser_node(parser, OP_INDICATOR, TYPE_NUMBER, at, end)) == NULL)
        goto out;
    node->first = source;
    node->output = output;
    if (indicator_use_parse(&node->use, text.p, parser->error) != 0) {
        parser_refuse(parser, at);
        node = NULL;
        goto out;
    }
    if ((indicator_inputs(&node->use) & INPUT_OTHER) != 0) {
        error_set(parser->error, EXIT_USAGE, "%s needs a second series: name one with other=", indicator->name);
        parser_refuse(parser, at);
        node = NULL;
        goto out;
    }
    if (parser_advance(parser) != 0)
        node = NULL;
out:
    buf_clear(&text);
    return node;
}

static struct node *call_window(struct parser *parser, size_t index, size_t at)
{
    struct arguments arguments;
    if (read_arguments(parser, &arguments) != 0)
        return NULL;
    const int standard = windows[index].standard;
    char form[64];
    (void)snprintf(form, sizeof form, "%s(%s, n)%s", windows[index].name, windows[index].question ? "condition" : "x",
                   standard >= 0 ? " or with n alone" : "");
    if (want_arguments(parser, &arguments, standard >= 0 ? 1 : 2, 2, form, at) != 0)
        return NULL;
    struct node *of =
        arguments.count == 2 ? arguments.node[0] : make_bars(parser, (enum bar_column)standard, at, arguments.end);
    const enum value_type type = windows[index].window == WINDOW_ANY || windows[index].window == WINDOW_ALL ||
                                         windows[index].window == WINDOW_RISING ||
                                         windows[index].window == WINDOW_FALLING
                                     ? TYPE_TRUTH
                                     : TYPE_NUMBER;
    int64_t count;
    if (of == NULL || parser_want(parser, of, windows[index].question ? TYPE_TRUTH : TYPE_NUMBER) != 0 ||
        read_count(parser, arguments.node[arguments.count - 1], 1, "a window", &count) != 0)
        return NULL;
    struct node *node = parser_node(parser, OP_WINDOW, type, at, arguments.end);
    if (node != NULL) {
        of->next = NULL;
        node->first = of;
        node->window = windows[index].window;
        node->count = count;
    }
    return node;
}

/* sum(x, n) is sma(x, n) times n. */
static struct node *call_sum(struct parser *parser, size_t at)
{
    struct arguments arguments;
    int64_t count;
    char text[32];
    if (read_arguments(parser, &arguments) != 0 || want_arguments(parser, &arguments, 2, 2, "sum(x, n)", at) != 0 ||
        parser_want(parser, arguments.node[0], TYPE_NUMBER) != 0 ||
        read_count(parser, arguments.node[1], 1, "a window", &count) != 0)
        return NULL;
    struct node *mean = parser_node(parser, OP_INDICATOR, TYPE_NUMBER, at, arguments.end);
    if (mean == NULL)
        return NULL;
    (void)snprintf(text, sizeof text, "sma:%d", (int)count);
    if (indicator_use_parse(&mean->use, text, parser->error) != 0)
        return NULL;
    arguments.node[0]->next = NULL;
    mean->first = arguments.node[0];
    return make_pair(parser, OP_MULTIPLY, mean, make_number(parser, count, at, arguments.end));
}

/* volume / sma(volume, n)[1] */
static struct node *call_rvol(struct parser *parser, size_t at)
{
    struct arguments arguments;
    int64_t count = 20;
    char text[48];
    if (read_arguments(parser, &arguments) != 0 || want_arguments(parser, &arguments, 0, 1, "rvol(n)", at) != 0 ||
        (arguments.count == 1 && read_count(parser, arguments.node[0], 1, "a window", &count) != 0))
        return NULL;
    struct node *mean = parser_node(parser, OP_INDICATOR, TYPE_NUMBER, at, arguments.end);
    if (mean == NULL)
        return NULL;
    (void)snprintf(text, sizeof text, "sma:%d,source=volume", (int)count);
    if (indicator_use_parse(&mean->use, text, parser->error) != 0)
        return NULL;
    return make_pair(parser, OP_DIVIDE, make_bars(parser, BARS_VOLUME, at, arguments.end),
                     make_history(parser, mean, 1, arguments.end));
}

static struct node *call_since(struct parser *parser, bool value, size_t at)
{
    struct arguments arguments;
    int64_t count = 0;
    if (read_arguments(parser, &arguments) != 0 ||
        want_arguments(parser, &arguments, value ? 2 : 1, value ? 3 : 1,
                       value ? "value_when(condition, x) or value_when(condition, x, k)" : "bars_since(condition)",
                       at) != 0 ||
        parser_want(parser, arguments.node[0], TYPE_TRUTH) != 0 ||
        (arguments.count == 3 && read_count(parser, arguments.node[2], 0, "k", &count) != 0))
        return NULL;
    struct node *node = parser_node(parser, value ? OP_VALUE_WHEN : OP_SINCE,
                                    value ? arguments.node[1]->type : TYPE_NUMBER, at, arguments.end);
    if (node == NULL)
        return NULL;
    node->first = arguments.node[0];
    node->first->next = value ? arguments.node[1] : NULL;
    if (value)
        arguments.node[1]->next = NULL;
    node->count = count;
    return node;
}

/* abs, sqrt …, max, min, coalesce: bar by bar. */
static struct node *call_plain(struct parser *parser, struct str name, size_t at)
{
    struct arguments arguments;
    const bool coalesce = str_is(name, "coalesce");
    size_t index = 0;
    while (!coalesce && index < sizeof plains / sizeof *plains && !str_is(name, plains[index].name))
        index++;
    if (!coalesce && index == sizeof plains / sizeof *plains)
        return unknown_name(parser, name, at);
    const bool several = !coalesce && plains[index].plain >= PLAIN_MAX;
    if (read_arguments(parser, &arguments) != 0 || want_arguments(parser, &arguments, coalesce || several ? 2 : 1,
                                                                  several    ? ARGUMENTS_MAX
                                                                  : coalesce ? 2
                                                                             : 1,
                                                                  coalesce  ? "coalesce(x, y)"
                                                                  : several ? "of two numbers or more"
                                                                            : "of one number",
                                                                  at) != 0)
        return NULL;
    const enum value_type type = coalesce ? arguments.node[0]->type : TYPE_NUMBER;
    struct node *node = arguments.node[0];
    for (int i = 0; i < arguments.count; i++)
        if (parser_want(parser, arguments.node[i], type) != 0)
            return NULL;
    for (int i = 1; i < arguments.count || (i == 1 && !coalesce && !several); i++) {
        struct node *outer = parser_node(parser, coalesce ? OP_COALESCE : OP_PLAIN, type, at, arguments.end);
        if (outer == NULL)
            return NULL;
        outer->first = node;
        node->next = i < arguments.count ? arguments.node[i] : NULL;
        if (node->next != NULL)
            node->next->next = NULL;
        if (!coalesce)
            outer->plain = plains[index].plain;
        node = outer;
    }
    return node;
}

static struct node *call(struct parser *parser, struct str name, size_t at)
{
    int output;
    const struct indicator *indicator = find_indicator(name, &output);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        if (str_is(name, windows[i].name))
            return call_window(parser, i, at);
    if (str_is(name, "sum"))
        return call_sum(parser, at);
    if (str_is(name, "rvol"))
        return call_rvol(parser, at);
    if (str_is(name, "bars_since") || str_is(name, "value_when"))
        return call_since(parser, str_is(name, "value_when"), at);
    return indicator != NULL ? call_indicator(parser, indicator, output, at) : call_plain(parser, name, at);
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
    if (parser->token.kind == TOKEN_OPEN)
        return call(parser, name, at);
    for (size_t i = 0; i < sizeof bar_names / sizeof *bar_names; i++)
        if (str_is(name, bar_names[i].name))
            return make_bars(parser, bar_names[i].column, at, end);
    for (size_t i = 0; i < sizeof day_names / sizeof *day_names; i++)
        if (str_is(name, day_names[i]))
            return make_number(parser, (int64_t)i + 1, at, end);
    static const enum bar_column prices[] = {BARS_HIGH, BARS_LOW, BARS_CLOSE},
                                 all[] = {BARS_OPEN, BARS_HIGH, BARS_LOW, BARS_CLOSE};
    if (str_is(name, "hl2") || str_is(name, "hlc3"))
        return make_mean(parser, prices, name.p[2] == '2' ? 2 : 3, at, end);
    if (str_is(name, "ohlc4"))
        return make_mean(parser, all, 4, at, end);
    if (str_is(name, "gap") || str_is(name, "change"))
        return make_change(parser, name.p[0] == 'g' ? BARS_OPEN : BARS_CLOSE, at, end);
    int output;
    if (find_indicator(name, &output) != NULL) {
        error_set(parser->error, EXIT_USAGE, "'%.40s' needs its parameters", name.p);
        error_hint(parser->error, "write %.40s(…), or %.40s() with those of the table", name.p, name.p);
        parser_refuse(parser, at);
        return NULL;
    }
    return unknown_name(parser, name, at);
}

/* [n], as often as it stands there. */
struct node *series_postfix(struct parser *parser, struct node *node)
{
    while (node != NULL && parser->token.kind == TOKEN_OPEN_HISTORY) {
        int64_t count;
        struct node *index = parser_advance(parser) == 0 ? parser_sum(parser) : NULL;
        if (index == NULL || read_count(parser, index, 0, "a number of bars ago", &count) != 0)
            return NULL;
        if (parser->token.kind != TOKEN_CLOSE_HISTORY)
            return parser_unexpected(parser, "']'");
        node = make_history(parser, node, count, parser->token.end);
        if (parser_advance(parser) != 0)
            return NULL;
    }
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
    error_set(parser->error, EXIT_USAGE, "this can never be: the window includes the bar itself");
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
        int64_t count;
        struct node *bars = parser_advance(parser) == 0 ? parser_sum(parser) : NULL;
        if (bars == NULL || parser_want(parser, node, TYPE_TRUTH) != 0 ||
            read_count(parser, bars, 1, "a number of bars", &count) != 0)
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
