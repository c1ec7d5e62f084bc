/* tn-signal list: what there is, with parameters and defaults. */
#include "tn-signal/commands.h"

#include "feed/rule_file.h"
#include "indicator/parameter.h"
#include "show/table.h"

#define LIST_TEXT_MAX 1024

static const struct column columns[] = {
    {.key = "kind", .kind = COLUMN_TEXT},
    {.key = "name", .kind = COLUMN_TEXT},
    {.key = "parameters", .kind = COLUMN_TEXT},
    {.key = "bars", .title = "bars needed", .kind = COLUMN_COUNT},
    {.key = "lookback", .kind = COLUMN_COUNT, .data_only = true},
    {.key = "title", .kind = COLUMN_TEXT},
    {.key = "ranges", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "stable", .kind = COLUMN_COUNT, .data_only = true},
    {.key = "fields", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "definition", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "source", .kind = COLUMN_TEXT, .data_only = true},
};

/* "fast=10,slow=30": what could be written after the name. */
static int add_parameters(struct table *table, struct buf *text, const struct parameter *parameter, const double *value,
                          int count, struct error *error)
{
    buf_reset(text);
    for (int i = 0; i < count; i++) {
        char number[PARAMETER_TEXT_MAX];
        parameter_text(&parameter[i], value[i], number);
        buf_printf(text, "%s%s=%s", i > 0 ? "," : "", parameter[i].name, number);
    }
    table_str(table, buf_str(text));
    return buf_check(text, error);
}

/* "n=1..100000,source=close|open": what may be written. */
static int add_ranges(struct table *table, struct buf *text, const struct parameter *parameter, int count,
                      struct error *error)
{
    buf_reset(text);
    for (int i = 0; i < count; i++) {
        char low[PARAMETER_TEXT_MAX], high[PARAMETER_TEXT_MAX];
        buf_printf(text, "%s%s=", i > 0 ? "," : "", parameter[i].name);
        if (parameter[i].word != NULL) {
            for (int k = 0; parameter[i].word[k] != NULL; k++)
                buf_printf(text, "%s%s", k > 0 ? "|" : "", parameter[i].word[k]);
            continue;
        }
        parameter_text(&parameter[i], parameter[i].low, low);
        parameter_text(&parameter[i], parameter[i].high, high);
        buf_printf(text, "%s..%s", low, high);
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

static int list_indicator(struct table *table, struct buf *text, const char *name, struct error *error)
{
    struct indicator_use use;
    if (indicator_use_parse(&use, name, error) != 0)
        return -1;
    const struct indicator *indicator = use.indicator;
    table_text(table, "indicator");
    table_text(table, name);
    if (add_parameters(table, text, indicator->parameter, use.parameter, indicator->parameters, error) != 0)
        return -1;
    table_count(table, indicator_lookback(&use) + 1);
    table_count(table, indicator_lookback(&use));
    table_text(table, indicator->title);
    if (add_ranges(table, text, indicator->parameter, indicator->parameters, error) != 0)
        return -1;
    if (indicator_stable(&use) >= 0)
        table_count(table, indicator_stable(&use));
    else
        table_none(table);
    if (add_fields(table, text, &use, error) != 0)
        return -1;
    table_text(table, indicator->definition);
    table_text(table, indicator->source);
    return 0;
}

static int list_strategy(struct table *table, struct buf *text, const char *name, struct error *error)
{
    struct strategy_use use;
    if (strategy_open(&use, name, error) != 0)
        return -1;
    const struct strategy *strategy = use.strategy;
    table_text(table, "strategy");
    table_text(table, name);
    const int result = add_parameters(table, text, strategy->parameter, use.parameter, strategy->parameters, error);
    table_count(table, strategy_lookback(&use) + 1);
    table_count(table, strategy_lookback(&use));
    table_text(table, strategy->title);
    if (add_ranges(table, text, strategy->parameter, strategy->parameters, error) != 0)
        return -1;
    table_none(table);
    table_none(table);
    table_none(table);
    table_text(table, strategy->source);
    strategy_use_clear(&use);
    return result;
}

struct listing {
    struct table *table;
    struct buf *text;
};

static int list_file(void *context, const char *name, struct error *error)
{
    const struct listing *listing = context;
    return list_strategy(listing->table, listing->text, name, error);
}

/* What is named, with its parameters; without names all there is, with the defaults. */
static int list_all(const struct invocation *invocation, struct table *table, struct buf *text, struct error *error)
{
    int result = 0;
    for (char *const *name = invocation_operand_list(invocation); result == 0 && *name != NULL; name++)
        result = strategy_is_named(*name) ? list_strategy(table, text, *name, error)
                                          : list_indicator(table, text, *name, error);
    if (invocation_operands(invocation) > 0)
        return result;
    for (int i = 0; result == 0 && i < indicator_count; i++)
        result = list_indicator(table, text, indicator_table[i]->name, error);
    for (int i = 0; result == 0 && i < strategy_count; i++)
        result = list_strategy(table, text, strategy_table[i]->name, error);
    struct listing listing = {table, text};
    return result != 0 ? result : strategy_each_file(list_file, &listing, error);
}

enum exit_code signal_list(struct invocation *invocation, struct error *error)
{
    struct style style;
    struct buf text;
    if (style_init(&style, invocation, NULL, error) != 0)
        return error->code;
    buf_init(&text, LIST_TEXT_MAX);
    struct table *table = table_new(NULL, columns, (int)(sizeof columns / sizeof *columns), error);
    if (table != NULL && list_all(invocation, table, &text, error) == 0)
        (void)table_show(table, &style, error);
    table_free(table);
    buf_clear(&text);
    style_clear(&style);
    return error->code;
}
