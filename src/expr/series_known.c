/* What a rule may ask beside bars: events (earnings_in, since_event("fomc")) and figures (fact("NetIncomeLoss",
 * "year")). */
#include "expr/series_parts.h"

#include "expr/program.h"

#include <string.h>

/* Kinds of events that have names of their own; for the others there are event_in and since_event. */
static const char *const kinds[] = {"earnings", "fomc", "cpi", "nfp", "holiday", "filing", "insider", "release"};

static const struct {
    const char *name, *form;
    enum known_what what;
} calls[] = {
    {"event_in", "event_in(\"fomc\")", KNOWN_NEXT},
    {"since_event", "since_event(\"fomc\")", KNOWN_LAST},
    {"fact", "fact(\"NetIncomeLoss\"), or with \"quarter\" or \"year\" behind", KNOWN_FACT},
    {"observation", "observation(\"DGS10\")", KNOWN_OBSERVATION},
};

/* "earnings_in", "since_earnings": the kind, NULL for another name. */
static const char *find_kind(struct str name, enum known_what *what)
{
    static const struct str since = STR("since_"), in = STR("_in");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t n = strlen(kinds[i]);
        *what = KNOWN_LAST;
        if (name.n == since.n + n && memcmp(name.p, since.p, since.n) == 0 &&
            memcmp(name.p + since.n, kinds[i], n) == 0)
            return kinds[i];
        *what = KNOWN_NEXT;
        if (name.n == n + in.n && memcmp(name.p, kinds[i], n) == 0 && memcmp(name.p + n, in.p, in.n) == 0)
            return kinds[i];
    }
    return NULL;
}

bool series_is_known(const char *name)
{
    enum known_what what;
    return find_kind(str_of(name), &what) != NULL;
}

bool series_each_known(bool (*each)(void *context, const char *name), void *context)
{
    bool stop = each(context, "earnings_in") || each(context, "since_earnings");
    for (size_t i = 0; i < sizeof calls / sizeof *calls && !stop; i++)
        stop = each(context, calls[i].name);
    return stop;
}

static struct node *make(struct parser *parser, enum known_what what, struct str name, size_t at, size_t end)
{
    struct node *node = parser_node(parser, OP_KNOWN, TYPE_NUMBER, at, end);
    if (node == NULL)
        return NULL;
    if (name.n == 0 || name.n >= KNOWN_NAME_SIZE) {
        error_set(parser->error, EXIT_USAGE, "a name of 1 to %d bytes is needed", KNOWN_NAME_SIZE - 1);
        parser_refuse(parser, at);
        return NULL;
    }
    node->known = what;
    node->name = name;
    node->count = KNOWN_ANY;
    return node;
}

struct node *series_known_name(struct parser *parser, struct str name, size_t at, bool *found)
{
    enum known_what what;
    const char *kind = find_kind(name, &what);
    *found = kind != NULL;
    return kind == NULL ? NULL : make(parser, what, str_of(kind), at, at + name.n);
}

/* A text in quotes, without its quotes; kept with the expression. */
static int take_text(struct parser *parser, const char *form, struct str *text)
{
    const struct token token = parser->token;
    if (token.kind != TOKEN_TEXT) {
        error_set(parser->error, EXIT_USAGE, "it is %s", form);
        return parser_refuse(parser, token.at);
    }
    char *copy = parser->expr->strings + parser->strings;
    *text = (struct str){copy, token.end - token.at - 2};
    memcpy(copy, parser->expr->text + token.at + 1, text->n);
    copy[text->n] = '\0';
    parser->strings += text->n + 1;
    return parser_advance(parser);
}

static int take_period(struct parser *parser, const char *form, enum known_period *period)
{
    const size_t at = parser->token.at;
    struct str text = {NULL, 0};
    if (take_text(parser, form, &text) != 0)
        return -1;
    *period = str_is(text, "quarter") ? KNOWN_QUARTER : KNOWN_YEAR;
    if (str_is(text, "quarter") || str_is(text, "year"))
        return 0;
    error_set(parser->error, EXIT_USAGE, "a period is \"quarter\" or \"year\"");
    return parser_refuse(parser, at);
}

struct node *series_known_call(struct parser *parser, struct str name, size_t at, bool *found)
{
    size_t i = 0;
    struct str text = {NULL, 0};
    enum known_period period = KNOWN_ANY;
    while (i < sizeof calls / sizeof *calls && !str_is(name, calls[i].name))
        i++;
    *found = i < sizeof calls / sizeof *calls;
    if (!*found || parser_advance(parser) != 0 || take_text(parser, calls[i].form, &text) != 0)
        return NULL;
    if (calls[i].what == KNOWN_FACT && parser->token.kind == TOKEN_COMMA &&
        (parser_advance(parser) != 0 || take_period(parser, calls[i].form, &period) != 0))
        return NULL;
    if (parser->token.kind != TOKEN_CLOSE)
        return parser_unexpected(parser, "')'");
    struct node *node = make(parser, calls[i].what, text, at, parser->token.end);
    if (node != NULL)
        node->count = period;
    return parser_advance(parser) == 0 ? node : NULL;
}
