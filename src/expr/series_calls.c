/* The functions of rules over bars: indicators, windows, and what is computed bar by bar. */
#include "expr/series_parts.h"

#include "base/buf.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

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
} plains[] = {{"abs", PLAIN_ABS},   {"sign", PLAIN_SIGN}, {"floor", PLAIN_FLOOR},
              {"ceil", PLAIN_CEIL}, {"sqrt", PLAIN_SQRT}, {"log", PLAIN_LOG},
              {"exp", PLAIN_EXP},   {"max", PLAIN_MAX},   {"min", PLAIN_MIN}};

bool series_each_call(bool (*each)(void *context, const char *name), void *context)
{
    bool stop = false;
    for (size_t i = 0; i < sizeof windows / sizeof *windows && !stop; i++)
        stop = each(context, windows[i].name);
    for (size_t i = 0; i < sizeof plains / sizeof *plains && !stop; i++)
        stop = each(context, plains[i].name);
    return stop;
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
        if (parser_advance(parser) != 0) /* the name, then '=' */
            return -1;
        if (parser_advance(parser) != 0)
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
            error_set(parser->error, EXIT_USAGE, "a parameter of %s must be a constant number", indicator->name);
            if (!named && !has_source(indicator))
                error_hint(parser->error, "%s is computed from bars, not from another series", indicator->name);
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
    size_t end;
    if (indicator->repaints) {
        error_set(parser->error, EXIT_USAGE, "%s uses later bars: a rule would look ahead", indicator->name);
        parser_refuse(parser, at);
        return NULL;
    }
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
    struct arguments arguments = {.count = 0};
    if (read_arguments(parser, &arguments) != 0)
        return NULL;
    const int standard = windows[index].standard;
    char form[64];
    (void)snprintf(form, sizeof form, "%s(%s, n)%s", windows[index].name, windows[index].question ? "condition" : "x",
                   standard >= 0 ? " or with n alone" : "");
    if (want_arguments(parser, &arguments, standard >= 0 ? 1 : 2, 2, form, at) != 0)
        return NULL;
    struct node *of =
        arguments.count == 2 ? arguments.node[0] : series_bars(parser, (enum bar_column)standard, at, arguments.end);
    const enum value_type type = windows[index].window == WINDOW_ANY || windows[index].window == WINDOW_ALL ||
                                         windows[index].window == WINDOW_RISING ||
                                         windows[index].window == WINDOW_FALLING
                                     ? TYPE_TRUTH
                                     : TYPE_NUMBER;
    int64_t count = 0;
    if (of == NULL || parser_want(parser, of, windows[index].question ? TYPE_TRUTH : TYPE_NUMBER) != 0 ||
        series_count(parser, arguments.node[arguments.count - 1], 1, "a window", &count) != 0)
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
    struct arguments arguments = {.count = 0};
    int64_t count = 0;
    char text[32];
    if (read_arguments(parser, &arguments) != 0 || want_arguments(parser, &arguments, 2, 2, "sum(x, n)", at) != 0 ||
        parser_want(parser, arguments.node[0], TYPE_NUMBER) != 0 ||
        series_count(parser, arguments.node[1], 1, "a window", &count) != 0)
        return NULL;
    struct node *mean = parser_node(parser, OP_INDICATOR, TYPE_NUMBER, at, arguments.end);
    if (mean == NULL)
        return NULL;
    (void)snprintf(text, sizeof text, "sma:%d", (int)count);
    if (indicator_use_parse(&mean->use, text, parser->error) != 0)
        return NULL;
    arguments.node[0]->next = NULL;
    mean->first = arguments.node[0];
    return series_pair(parser, OP_MULTIPLY, mean, series_number(parser, count, at, arguments.end));
}

/* volume / sma(volume, n)[1] */
static struct node *call_rvol(struct parser *parser, size_t at)
{
    struct arguments arguments = {.count = 0};
    int64_t count = 20;
    char text[48];
    if (read_arguments(parser, &arguments) != 0 || want_arguments(parser, &arguments, 0, 1, "rvol(n)", at) != 0 ||
        (arguments.count == 1 && series_count(parser, arguments.node[0], 1, "a window", &count) != 0))
        return NULL;
    struct node *mean = parser_node(parser, OP_INDICATOR, TYPE_NUMBER, at, arguments.end);
    if (mean == NULL)
        return NULL;
    (void)snprintf(text, sizeof text, "sma:%d,source=volume", (int)count);
    if (indicator_use_parse(&mean->use, text, parser->error) != 0)
        return NULL;
    return series_pair(parser, OP_DIVIDE, series_bars(parser, BARS_VOLUME, at, arguments.end),
                       series_history(parser, mean, 1, arguments.end));
}

static struct node *call_since(struct parser *parser, bool value, size_t at)
{
    struct arguments arguments = {.count = 0};
    int64_t count = 0;
    if (read_arguments(parser, &arguments) != 0 ||
        want_arguments(parser, &arguments, value ? 2 : 1, value ? 3 : 1,
                       value ? "value_when(condition, x) or value_when(condition, x, k)" : "bars_since(condition)",
                       at) != 0 ||
        parser_want(parser, arguments.node[0], TYPE_TRUTH) != 0 ||
        (arguments.count == 3 && series_count(parser, arguments.node[2], 0, "k", &count) != 0))
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
    struct arguments arguments = {.count = 0};
    const bool coalesce = str_is(name, "coalesce");
    size_t index = 0;
    while (!coalesce && index < sizeof plains / sizeof *plains && !str_is(name, plains[index].name))
        index++;
    if (!coalesce && index == sizeof plains / sizeof *plains)
        return series_unknown(parser, name, at);
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

struct node *series_call(struct parser *parser, struct str name, size_t at)
{
    int output;
    bool found;
    const struct indicator *indicator = series_indicator(name, &output);
    struct node *known = series_known_call(parser, name, at, &found);
    if (found)
        return known;
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
