/* tn-signal list: what there is, with parameters and defaults. */
#include "tn-signal/commands.h"

#include "indicator/parameter.h"
#include "show/table.h"
#include "strategy/strategy.h"

#define LIST_TEXT_MAX 1024

static const struct column columns[] = {
    {.key = "kind", .kind = COLUMN_TEXT},
    {.key = "name", .kind = COLUMN_TEXT},
    {.key = "parameters", .kind = COLUMN_TEXT},
    {.key = "lookback", .kind = COLUMN_COUNT},
    {.key = "title", .kind = COLUMN_TEXT},
    {.key = "fields", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "source", .kind = COLUMN_TEXT, .data_only = true},
};

/* "fast=10,slow=30": what could be written after the name to get what one gets without it. */
static int add_parameters(struct table *table, struct buf *text, const struct parameter *parameter, int count,
                          struct error *error)
{
    buf_reset(text);
    for (int i = 0; i < count; i++) {
        char number[PARAMETER_TEXT_MAX];
        parameter_text(&parameter[i], parameter[i].standard, number);
        buf_printf(text, "%s%s=%s", i > 0 ? "," : "", parameter[i].name, number);
    }
    table_str(table, buf_str(text));
    return buf_check(text, error);
}

static int add_fields(struct table *table, struct buf *text, const struct indicator_use *use, struct error *error)
{
    buf_reset(text);
    for (int i = 0; i < use->indicator->outputs; i++) {
        char name[128];
        if (indicator_use_field(use, i, name, sizeof name, error) != 0)
            return -1;
        buf_printf(text, "%s%s", i > 0 ? "," : "", name);
    }
    table_str(table, buf_str(text));
    return buf_check(text, error);
}

static int list_indicators(struct table *table, struct buf *text, struct error *error)
{
    for (int i = 0; i < indicator_count; i++) {
        const struct indicator *indicator = indicator_table[i];
        struct indicator_use use;
        if (indicator_use_parse(&use, indicator->name, error) != 0)
            return -1;
        table_text(table, "indicator");
        table_text(table, indicator->name);
        if (add_parameters(table, text, indicator->parameter, indicator->parameters, error) != 0)
            return -1;
        table_count(table, indicator_lookback(&use));
        table_text(table, indicator->title);
        if (add_fields(table, text, &use, error) != 0)
            return -1;
        table_text(table, indicator->source);
    }
    return 0;
}

static int list_strategies(struct table *table, struct buf *text, struct error *error)
{
    for (int i = 0; i < strategy_count; i++) {
        const struct strategy *strategy = strategy_table[i];
        struct strategy_use use;
        if (strategy_use_parse(&use, strategy->name, error) != 0)
            return -1;
        table_text(table, "strategy");
        table_text(table, strategy->name);
        if (add_parameters(table, text, strategy->parameter, strategy->parameters, error) != 0)
            return -1;
        table_count(table, strategy_lookback(&use));
        table_text(table, strategy->title);
        table_none(table);
        table_text(table, strategy->source);
    }
    return 0;
}

enum exit_code signal_list(struct invocation *invocation, struct error *error)
{
    struct style style;
    struct buf text;
    if (style_init(&style, invocation, NULL, error) != 0)
        return error->code;
    buf_init(&text, LIST_TEXT_MAX);
    struct table *table = table_new(NULL, columns, (int)(sizeof columns / sizeof *columns), error);
    if (table != NULL && list_indicators(table, &text, error) == 0 && list_strategies(table, &text, error) == 0)
        (void)table_show(table, &style, error);
    table_free(table);
    buf_clear(&text);
    style_clear(&style);
    return error->code;
}
