/* What a rule may ask beside the bars of its own series: coarser ones (@1d) and those of another symbol (of SPY). */
#include "expr/series_parts.h"

#include "record/types.h"

#include <string.h>

/* The first operation of a kind in a tree, or NULL. */
static const struct node *find_operation(const struct node *node, enum operation op)
{
    if (node->op == op)
        return node;
    if (node->op == OP_SAME)
        return find_operation(node->same, op);
    for (const struct node *part = node->first; part != NULL; part = part->next) {
        const struct node *found = find_operation(part, op);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static struct node *refuse(struct parser *parser, size_t at, const char *why, const char *hint)
{
    error_set(parser->error, EXIT_USAGE, "%s", why);
    error_hint(parser->error, "%s", hint);
    parser_refuse(parser, at);
    return NULL;
}

static struct node *wrap(struct parser *parser, enum operation op, struct node *first, size_t end)
{
    struct node *node = parser_node(parser, op, first->type, first->at, end);
    if (node != NULL)
        node->first = first;
    return node;
}

struct node *series_at(struct parser *parser, struct node *node)
{
    struct interval interval;
    const size_t sign = parser->token.at;
    if (parser_advance(parser) != 0)
        return NULL;
    const struct token token = parser->token;
    if (token.kind != TOKEN_NUMBER)
        return parser_unexpected(parser, "an interval such as 1d");
    if (interval_parse(&interval, parser->expr->text + token.at, token.end - token.at, parser->error) != 0) {
        error_recode(parser->error, EXIT_USAGE);
        parser_refuse(parser, token.at);
        return NULL;
    }
    if (interval_is_counted(interval) || (interval.unit == INTERVAL_DAY && interval.count != 1) ||
        (!interval_is_daily(interval) && interval_end(interval, 0) > TIME_DAY))
        return refuse(parser, token.at, "bars of this interval cannot be made from finer ones",
                      "up to 24h, 1d, weeks and months can");
    if (find_operation(node, OP_AT) != NULL)
        return refuse(parser, sign, "coarser bars of coarser bars", "write one interval");
    if (find_operation(node, OP_OF) != NULL)
        return refuse(parser, sign, "an interval after 'of'", "write it before: sma(50)@1d of SPY");
    if (find_operation(node, OP_KNOWN) != NULL)
        return refuse(parser, sign, "events and figures have no interval", "write them beside it");
    if (node_is_constant(node))
        return refuse(parser, sign, "a constant does not depend on bars", "write it without the interval");
    struct node *outer = wrap(parser, OP_AT, node, token.end);
    if (outer != NULL)
        outer->interval = interval;
    return parser_advance(parser) == 0 ? outer : NULL;
}

struct node *series_of(struct parser *parser, struct node *node)
{
    const size_t word = parser->token.at;
    if (parser_advance(parser) != 0)
        return NULL;
    const struct token token = parser->token;
    const bool quoted = token.kind == TOKEN_TEXT;
    if (!quoted && token.kind != TOKEN_NAME)
        return parser_unexpected(parser, "a symbol (in quotes where it has other signs than letters, digits and '.')");
    const size_t length = token.end - token.at - (quoted ? 2 : 0);
    if (length == 0 || length >= SYMBOL_SIZE)
        return refuse(parser, token.at, "no symbol", "write a symbol as in the bars");
    if (find_operation(node, OP_OF) != NULL)
        return refuse(parser, word, "another symbol within another symbol", "write one 'of'");
    if (find_operation(node, OP_KNOWN) != NULL)
        return refuse(parser, word, "events and figures are those of the rule's own symbol", "write them without 'of'");
    if (node_is_constant(node))
        return refuse(parser, word, "a constant does not depend on symbols", "write it without 'of'");
    struct node *outer = wrap(parser, OP_OF, node, token.end);
    if (outer == NULL)
        return NULL;
    char *name = parser->expr->strings + parser->strings;
    memcpy(name, parser->expr->text + token.at + quoted, length);
    name[length] = '\0';
    parser->strings += length + 1;
    outer->name = (struct str){name, length};
    return parser_advance(parser) == 0 ? outer : NULL;
}
