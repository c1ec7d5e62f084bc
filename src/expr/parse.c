/* From text to tree: recursive descent, or < and < not < comparison < sum < product < sign. What cannot be answered
 * whatever the record holds is refused here. */
#include "expr/parser.h"
#include "expr/series.h"

#include "base/command.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

int parser_refuse(struct parser *parser, size_t at)
{
    return token_place(parser->expr->text, at, parser->error);
}

int parser_advance(struct parser *parser)
{
    return token_next(&parser->token, parser->expr->text, parser->token.end, parser->error);
}

struct node *parser_unexpected(struct parser *parser, const char *wanted)
{
    const struct token *token = &parser->token;
    const char *text = parser->expr->text;
    if (token->kind == TOKEN_END)
        error_set(parser->error, EXIT_USAGE, "%s is missing", wanted);
    else
        error_set(parser->error, EXIT_USAGE, "%s is missing before '%.*s'", wanted,
                  token->end - token->at > 40 ? 40 : (int)(token->end - token->at), text + token->at);
    token_hint(text, token, parser->error);
    parser_refuse(parser, token->at);
    return NULL;
}

struct node *parser_node(struct parser *parser, enum operation operation, enum value_type type, size_t at, size_t end)
{
    struct expr *expr = parser->expr;
    if (expr->nodes == EXPR_NODES_MAX) {
        error_set(parser->error, EXIT_USAGE, "an expression has at most %d parts", EXPR_NODES_MAX);
        parser_refuse(parser, at);
        return NULL;
    }
    struct node *node = &expr->node[expr->nodes++];
    *node = (struct node){.op = operation, .type = type, .at = at, .end = end, .owner = expr};
    return node;
}

static int shown_length(const struct node *node)
{
    return node->end - node->at > 40 ? 40 : (int)(node->end - node->at);
}

/* Whether an operand can be what the operator wants: a field can be anything, null spreads. */
int parser_want(struct parser *parser, const struct node *node, enum value_type type)
{
    if (node->type == type || node->type == TYPE_ANY || node->type == TYPE_NULL)
        return 0;
    error_set(parser->error, EXIT_USAGE, "'%.*s' is %s; %s is needed", shown_length(node),
              parser->expr->text + node->at, value_type_words(node->type), value_type_words(type));
    return parser_refuse(parser, node->at);
}

static struct node *pair(struct parser *parser, enum operation operation, enum value_type type, struct node *first,
                         struct node *second)
{
    struct node *node = parser_node(parser, operation, type, first->at, second->end);
    if (node != NULL) {
        node->first = first;
        first->next = second;
    }
    return node;
}

static struct node *parse_text(struct parser *parser)
{
    const struct token *token = &parser->token;
    const char *text = parser->expr->text;
    struct node *node = parser_node(parser, OP_CONSTANT, TYPE_TEXT, token->at, token->end);
    if (node == NULL)
        return NULL;
    char *start = parser->expr->strings + parser->strings, *out = start;
    for (size_t i = token->at + 1; i < token->end - 1; i++) {
        if (text[i] == '\\')
            i++;
        *out++ = text[i];
    }
    *out = '\0';
    parser->strings += (size_t)(out - start) + 1;
    const struct str value = {start, (size_t)(out - start)};
    node->constant = (struct value){.type = TYPE_TEXT, .text = value, .moment = value_moment(value)};
    struct date date;
    if (value.n == 10 && value_looks_like_date(value) && date_parse(&date, value.p, value.n, parser->error) != 0) {
        error_clear(parser->error);
        error_set(parser->error, EXIT_USAGE, "'%s' is not a date", value.p);
        parser_refuse(parser, node->at);
        return NULL;
    }
    return parser_advance(parser) == 0 ? node : NULL;
}

static struct node *parse_number(struct parser *parser)
{
    const struct token token = parser->token;
    const char *text = parser->expr->text;
    struct node *node = parser_node(parser, OP_CONSTANT, TYPE_NUMBER, token.at, token.end);
    if (node == NULL)
        return NULL;
    if (value_read_number(&node->constant, (struct str){text + token.at, token.end - token.at}, parser->error) != 0) {
        error_recode(parser->error, EXIT_USAGE);
        if (text[token.at] == '.')
            error_hint(parser->error, "write 0%.*s", (int)(token.end - token.at > 20 ? 20 : token.end - token.at),
                       text + token.at);
        parser_refuse(parser, token.at);
        return NULL;
    }
    return parser_advance(parser) == 0 ? node : NULL;
}

static const struct function *find_function(struct parser *parser, struct str name, size_t at)
{
    for (int i = 0; i < function_count; i++)
        if (str_is(name, function_table[i].name))
            return &function_table[i];
    const char *known[16];
    const int count = function_count < 16 ? function_count : 16;
    for (int i = 0; i < count; i++)
        known[i] = function_table[i].name;
    error_set(parser->error, EXIT_USAGE, "no function '%.40s'", name.p);
    const char *nearest = nearest_word(name.p, known, count);
    if (series_is_name(name.p))
        error_hint(parser->error, "an expression sees one record only; tn-signal scan sees past bars");
    else if (nearest != NULL)
        error_hint(parser->error, "did you mean '%s'?", nearest);
    parser_refuse(parser, at);
    return NULL;
}

/* FUNCTION(ARGUMENT, …); the token is the parenthesis. */
static struct node *parse_call(struct parser *parser, struct str name, size_t at)
{
    const struct function *function = find_function(parser, name, at);
    struct node *node = function == NULL ? NULL : parser_node(parser, OP_CALL, TYPE_NUMBER, at, at);
    if (node == NULL)
        return NULL;
    node->function = function;
    struct node **place = &node->first;
    do {
        if (parser_advance(parser) != 0)
            return NULL;
        struct node *argument = parser_or(parser);
        if (argument == NULL || parser_want(parser, argument, TYPE_NUMBER) != 0)
            return NULL;
        *place = argument;
        place = &argument->next;
        node->arguments++;
    } while (parser->token.kind == TOKEN_COMMA);
    if (parser->token.kind != TOKEN_CLOSE)
        return parser_unexpected(parser, "a comma or ')'");
    node->end = parser->token.end;
    if (node->arguments < function->low || node->arguments > function->high) {
        if (function->low == function->high)
            error_set(parser->error, EXIT_USAGE, "%s takes %d argument%s, not %d", function->name, function->low,
                      function->low == 1 ? "" : "s", node->arguments);
        else
            error_set(parser->error, EXIT_USAGE, "%s takes %d to %d arguments, not %d", function->name, function->low,
                      function->high, node->arguments);
        parser_refuse(parser, at);
        return NULL;
    }
    return parser_advance(parser) == 0 ? node : NULL;
}

static struct node *parse_name(struct parser *parser)
{
    const struct token token = parser->token;
    char *name = parser->expr->strings + parser->strings;
    const size_t length = token.end - token.at;
    memcpy(name, parser->expr->text + token.at, length);
    name[length] = '\0';
    parser->strings += length + 1;
    if (parser_advance(parser) != 0)
        return NULL;
    if (parser->scope != NULL)
        return series_name(parser, (struct str){name, length}, token.at);
    if (parser->token.kind == TOKEN_OPEN)
        return parse_call(parser, (struct str){name, length}, token.at);
    struct node *node = parser_node(parser, OP_FIELD, TYPE_ANY, token.at, token.end);
    if (node != NULL) {
        node->name = (struct str){name, length};
        node->seen = SEEN_NEVER_ASKED;
    }
    return node;
}

static struct node *parse_constant(struct parser *parser, enum value_type type, bool truth)
{
    struct node *node = parser_node(parser, OP_CONSTANT, type, parser->token.at, parser->token.end);
    if (node == NULL || parser_advance(parser) != 0)
        return NULL;
    node->constant = (struct value){.type = type, .truth = truth};
    return node;
}

static struct node *parse_parenthesis(struct parser *parser)
{
    const size_t at = parser->token.at;
    struct node *node = parser_advance(parser) == 0 ? parser_or(parser) : NULL;
    if (node == NULL)
        return NULL;
    if (parser->token.kind != TOKEN_CLOSE)
        return parser_unexpected(parser, "')'");
    node->at = at;
    node->end = parser->token.end;
    return parser_advance(parser) == 0 ? node : NULL;
}

static struct node *parse_value(struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_TEXT:
        return parse_text(parser);
    case TOKEN_NAME:
        return parse_name(parser);
    case TOKEN_NULL:
        return parse_constant(parser, TYPE_NULL, false);
    case TOKEN_TRUE:
        return parse_constant(parser, TYPE_TRUTH, true);
    case TOKEN_FALSE:
        return parse_constant(parser, TYPE_TRUTH, false);
    case TOKEN_OPEN:
        return parse_parenthesis(parser);
    default:
        return parser_unexpected(parser, "a field or value");
    }
}

static struct node *parse_operand(struct parser *parser)
{
    if (parser->scope == NULL)
        return parse_value(parser);
    if (parser_at_word(parser, "if"))
        return series_if(parser);
    struct node *node = parse_value(parser);
    return node == NULL ? NULL : series_postfix(parser, node);
}

bool parser_at_word(const struct parser *parser, const char *word)
{
    const struct token *token = &parser->token;
    return token->kind == TOKEN_NAME &&
           str_is((struct str){parser->expr->text + token->at, token->end - token->at}, word);
}

static bool at_operator(const struct parser *parser, enum operation low, enum operation high)
{
    return parser->token.kind == TOKEN_OPERATOR && parser->token.operation >= low && parser->token.operation <= high;
}

/* An operator before its one operand, which `parse` reads. */
static struct node *parse_prefix(struct parser *parser, enum operation operation, enum value_type type,
                                 struct node *(*parse)(struct parser *))
{
    const size_t at = parser->token.at;
    struct node *operand = parser_advance(parser) == 0 ? parse(parser) : NULL;
    if (operand == NULL || parser_want(parser, operand, type) != 0)
        return NULL;
    struct node *node = parser_node(parser, operation, type, at, operand->end);
    if (node != NULL)
        node->first = operand;
    return node;
}

/* Whatever nests passes through here or parse_not, so these two count the depth. */
static int enter(struct parser *parser)
{
    if (++parser->depth <= EXPR_DEPTH_MAX)
        return 0;
    error_set(parser->error, EXIT_USAGE, "nested deeper than %d", EXPR_DEPTH_MAX);
    return parser_refuse(parser, parser->token.at);
}

static struct node *parse_sign(struct parser *parser)
{
    if (!at_operator(parser, OP_SUBTRACT, OP_SUBTRACT))
        return parse_operand(parser);
    struct node *node = enter(parser) == 0 ? parse_prefix(parser, OP_NEGATE, TYPE_NUMBER, parse_sign) : NULL;
    parser->depth--;
    if (node != NULL && node->first->op == OP_CONSTANT && node->first->type == TYPE_NUMBER) {
        value_negate(&node->constant, &node->first->constant);
        node->op = OP_CONSTANT;
        node->first = NULL;
    }
    return node;
}

static struct node *parse_product(struct parser *parser)
{
    struct node *node = parse_sign(parser);
    while (node != NULL && at_operator(parser, OP_MULTIPLY, OP_REMAINDER)) {
        const enum operation operation = parser->token.operation;
        struct node *second = parser_advance(parser) == 0 ? parse_sign(parser) : NULL;
        if (second == NULL || parser_want(parser, node, TYPE_NUMBER) != 0 ||
            parser_want(parser, second, TYPE_NUMBER) != 0)
            return NULL;
        node = pair(parser, operation, TYPE_NUMBER, node, second);
    }
    return node;
}

struct node *parser_sum(struct parser *parser)
{
    struct node *node = parse_product(parser);
    while (node != NULL && at_operator(parser, OP_ADD, OP_SUBTRACT)) {
        const enum operation operation = parser->token.operation;
        struct node *second = parser_advance(parser) == 0 ? parse_product(parser) : NULL;
        if (second == NULL || parser_want(parser, node, TYPE_NUMBER) != 0 ||
            parser_want(parser, second, TYPE_NUMBER) != 0)
            return NULL;
        node = pair(parser, operation, TYPE_NUMBER, node, second);
    }
    return node;
}

static bool is_null(const struct node *node)
{
    return node->op == OP_CONSTANT && node->type == TYPE_NULL;
}

/* AAPL in `symbol == AAPL` and bar in `type == bar` would be names of fields, which no record has: most likely the
 * quotes were forgotten. */
static bool lacks_quotes(const struct node *node, const struct node *other)
{
    if (node->op != OP_FIELD || other->op != OP_FIELD)
        return false;
    if (str_is(other->name, "type"))
        return true;
    bool letter = false;
    for (size_t i = 0; i < node->name.n; i++) {
        if (node->name.p[i] >= 'a' && node->name.p[i] <= 'z')
            return false;
        letter = letter || (node->name.p[i] >= 'A' && node->name.p[i] <= 'Z');
    }
    return letter;
}

static struct node *check_comparison(struct parser *parser, struct node *node)
{
    const char *text = parser->expr->text;
    struct node *first = node->first, *second = first->next;
    const bool ordered = node->op >= OP_LESS && node->op <= OP_AT_LEAST;
    if (ordered && (is_null(first) || is_null(second) || first->type == TYPE_TRUTH || second->type == TYPE_TRUTH)) {
        const struct node *bad = is_null(first) || first->type == TYPE_TRUTH ? first : second;
        error_set(parser->error, EXIT_USAGE, "%s can only be == or !=", value_type_words(bad->type));
        parser_refuse(parser, bad->at);
        return NULL;
    }
    if (is_null(first) || is_null(second)) {
        node->op = node->op == OP_EQUAL ? OP_IS_NULL : OP_IS_KNOWN;
        node->first = is_null(first) ? second : first;
        node->first->may_be_absent = true;
        return node;
    }
    if (first->type != TYPE_ANY && second->type != TYPE_ANY && first->type != TYPE_NULL && second->type != TYPE_NULL &&
        first->type != second->type) {
        error_set(parser->error, EXIT_USAGE, "'%.*s' is %s and '%.*s' is %s: they cannot be compared",
                  shown_length(first), text + first->at, value_type_words(first->type), shown_length(second),
                  text + second->at, value_type_words(second->type));
        parser_refuse(parser, first->at);
        return NULL;
    }
    if (!ordered && lacks_quotes(first, second) != lacks_quotes(second, first)) {
        const struct node *bad = lacks_quotes(first, second) ? first : second;
        error_set(parser->error, EXIT_USAGE, "'%.*s' without quotes is the name of a field", shown_length(bad),
                  text + bad->at);
        error_hint(parser->error, "write \"%.*s\" with quotes", shown_length(bad), text + bad->at);
        parser_refuse(parser, bad->at);
        return NULL;
    }
    return node;
}

static struct node *parse_comparison(struct parser *parser)
{
    struct node *node = parser_sum(parser);
    if (node == NULL || !at_operator(parser, OP_EQUAL, OP_AT_LEAST))
        return node == NULL || parser->scope == NULL ? node : series_comparison(parser, node);
    const enum operation operation = parser->token.operation;
    struct node *second = parser_advance(parser) == 0 ? parser_sum(parser) : NULL;
    node = second == NULL ? NULL : pair(parser, operation, TYPE_TRUTH, node, second);
    node = node == NULL ? NULL : check_comparison(parser, node);
    if (node != NULL && at_operator(parser, OP_EQUAL, OP_AT_LEAST)) {
        error_set(parser->error, EXIT_USAGE, "a comparison has two sides");
        error_hint(parser->error, "write a < b and b < c");
        parser_refuse(parser, parser->token.at);
        return NULL;
    }
    return node == NULL || parser->scope == NULL ? node : series_comparison(parser, node);
}

static struct node *parse_not(struct parser *parser)
{
    if (enter(parser) != 0)
        return NULL;
    struct node *node = at_operator(parser, OP_NOT, OP_NOT) ? parse_prefix(parser, OP_NOT, TYPE_TRUTH, parse_not)
                                                            : parse_comparison(parser);
    parser->depth--;
    return node;
}

static struct node *parse_chain(struct parser *parser, enum operation operation, struct node *(*parse)(struct parser *))
{
    struct node *node = parse(parser);
    while (node != NULL && at_operator(parser, operation, operation)) {
        struct node *second = parser_advance(parser) == 0 ? parse(parser) : NULL;
        if (second == NULL || parser_want(parser, node, TYPE_TRUTH) != 0 ||
            parser_want(parser, second, TYPE_TRUTH) != 0)
            return NULL;
        node = pair(parser, operation, TYPE_TRUTH, node, second);
    }
    return node;
}

static struct node *parse_and(struct parser *parser)
{
    return parse_chain(parser, OP_AND, parse_not);
}

struct node *parser_or(struct parser *parser)
{
    return parse_chain(parser, OP_OR, parse_and);
}

static int parse_all(struct parser *parser, bool question)
{
    if (parser_advance(parser) != 0)
        return -1;
    if (parser->token.kind == TOKEN_END)
        return error_set(parser->error, EXIT_USAGE, "the expression is empty");
    struct node *root = parser_or(parser);
    if (root == NULL)
        return -1;
    if (parser->token.kind != TOKEN_END) {
        parser_unexpected(parser, "an operator");
        return -1;
    }
    if (question && root->type != TYPE_TRUTH && root->type != TYPE_ANY && root->type != TYPE_NULL) {
        error_set(parser->error, EXIT_USAGE, "'%.*s' is %s, not a condition", shown_length(root),
                  parser->expr->text + root->at, value_type_words(root->type));
        error_hint(parser->error, "compare it with something: close > 100");
        return -1;
    }
    parser->expr->root = root;
    return 0;
}

struct expr *expr_parse(const char *text, struct error *error)
{
    return parser_parse(text, NULL, true, error);
}

struct expr *parser_parse(const char *text, const struct scope *scope, bool question, struct error *error)
{
    const size_t length = strlen(text);
    if (length > EXPR_TEXT_MAX) {
        error_set(error, EXIT_USAGE, "an expression has at most %d bytes", EXPR_TEXT_MAX);
        return NULL;
    }
    struct expr *expr = calloc(1, sizeof *expr);
    if (expr != NULL) {
        expr->text = strdup(text);
        /* Every token is at least one byte and makes one node, and one text with its NUL, at most. */
        expr->strings = malloc(2 * length + 1);
        expr->node = calloc(EXPR_NODES_MAX, sizeof *expr->node);
    }
    if (expr == NULL || expr->text == NULL || expr->strings == NULL || expr->node == NULL) {
        error_memory(error);
        expr_free(expr);
        return NULL;
    }
    struct parser parser = {.expr = expr, .scope = scope, .error = error};
    if (parse_all(&parser, question) != 0) {
        expr_free(expr);
        return NULL;
    }
    return expr;
}

void expr_free(struct expr *expr)
{
    if (expr == NULL)
        return;
    free(expr->text);
    free(expr->strings);
    free(expr->node);
    free(expr);
}
