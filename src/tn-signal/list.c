/* tn-signal list: what there is, with parameters and defaults. */
#include "tn-signal/commands.h"

#include "base/num.h"
#include "indicator/indicator.h"
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
static void write_parameters(struct buf *out, const struct parameter *parameter, int count)
{
    buf_reset(out);
    for (int i = 0; i < count; i++) {
        char number[NUM_TEXT_MAX];
        number[num_format(number, parameter[i].standard)] = '\0';
        buf_printf(out, "%s%s=%s", i > 0 ? "," : "", parameter[i].name, number);
    }
}

static void write_fields(struct buf *out, const struct indicator_use *use, struct error *error)
{
    buf_reset(out);
    for (int i = 0; i < use->indicator->outputs; i++) {
        char name[128];
        if (indicator_use_field(use, i, name, sizeof name, error) == 0)
            buf_printf(out, "%s%s", i > 0 ? "," : "", name);
    }
}

static int list_indicators(struct table *table, struct buf *text, struct error *error)
{
    for (int i = 0; i < indicator_count; i++) {
        struct indicator_use use;
        if (indicator_use_parse(&use, indicator_table[i]->name, error) != 0)
            return -1;
        table_text(table, "indicator");
        table_text(table, use.indicator->name);
        write_parameters(text, use.indicator->parameter, use.indicator->parameters);
        table_str(table, buf_str(text));
        table_count(table, use.indicator->lookback(use.parameter));
        table_text(table, use.indicator->title);
        write_fields(text, &use, error);
        table_str(table, buf_str(text));
        table_text(table, use.indicator->source);
    }
    return buf_check(text, error);
}

static int list_strategies(struct table *table, struct buf *text, struct error *error)
{
    for (int i = 0; i < strategy_count; i++) {
        struct strategy_use use;
        if (strategy_use_parse(&use, strategy_table[i]->name, error) != 0)
            return -1;
        table_text(table, "strategy");
        table_text(table, use.strategy->name);
        write_parameters(text, use.strategy->parameter, use.strategy->parameters);
        table_str(table, buf_str(text));
        table_count(table, use.strategy->lookback(use.parameter));
        table_text(table, use.strategy->title);
        table_text(table, "");
        table_text(table, use.strategy->source);
    }
    return buf_check(text, error);
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
