/* tn-report orders: orders, what became of them, and refusals with their reasons. */
#include "tn-report/commands.h"

#include <stdio.h>

static const struct column columns[] = {
    {.key = "time", .kind = COLUMN_TIME, .rank = 1},
    {.key = "mode", .kind = COLUMN_TEXT, .optional = true},
    {.key = "account", .kind = COLUMN_TEXT, .optional = true},
    {.key = "strategy", .kind = COLUMN_TEXT, .optional = true, .rank = 8},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "side", .kind = COLUMN_TEXT},
    {.key = "quantity", .kind = COLUMN_DEC},
    {.key = "order_type", .title = "type", .kind = COLUMN_TEXT, .rank = 4},
    {.key = "price", .kind = COLUMN_DEC, .digits = 2, .optional = true},
    {.key = "stop", .kind = COLUMN_DEC, .digits = 2, .optional = true, .rank = 3},
    {.key = "target", .kind = COLUMN_DEC, .digits = 2, .optional = true, .rank = 6},
    {.key = "role", .kind = COLUMN_TEXT, .optional = true, .rank = 5},
    {.key = "status", .kind = COLUMN_TEXT},
    {.key = "filled", .kind = COLUMN_DEC, .optional = true, .rank = 7},
    {.key = "average_price", .title = "average", .kind = COLUMN_DEC, .digits = 2, .optional = true, .rank = 2},
    {.key = "id", .kind = COLUMN_TEXT, .fold = true},
    {.key = "limit", .kind = COLUMN_DEC, .optional = true, .rank = 9},
    {.key = "observed", .kind = COLUMN_DEC, .optional = true, .rank = 9},
    {.key = "code", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "reason", .title = "why", .kind = COLUMN_TEXT, .optional = true, .fold = true},
};

static enum tone tone_of(const struct order_line *line)
{
    if (line->refused)
        return TONE_BAD;
    switch (line->status) {
    case STATUS_ACCEPTED:
    case STATUS_FILLED:
    case STATUS_PARTIALLY_FILLED:
        return TONE_GOOD;
    case STATUS_REJECTED:
        return TONE_BAD;
    case STATUS_CANCELED:
    case STATUS_EXPIRED:
    case STATUS_REPLACED:
        return TONE_QUIET;
    case STATUS_UNKNOWN:
    case STATUS_PENDING_NEW:
    case STATUS_PENDING_CANCEL:
    case STATUS_PENDING_REPLACE:
        return TONE_WARNING;
    default:
        return TONE_NONE;
    }
}

static dec target_of(const struct order *order)
{
    for (int i = 0; i < order->leg_count; i++)
        if (order->legs[i].role == ROLE_TARGET)
            return order->legs[i].limit_price;
    return DEC_NONE;
}

static void add_order(const struct view *view, const struct account_report *account_report,
                      const struct order_line *line)
{
    struct table *table = view->table;
    const struct order *order = &line->order;
    table_time(table, line->time);
    view_owner(view, account_report);
    table_text(table, order->strategy);
    table_text(table, order->symbol);
    table_text(table, side_text(order->side));
    table_dec(table, order->quantity);
    table_text(table, order_type_text(order->order_type));
    table_dec(table, order->limit_price != DEC_NONE ? order->limit_price : order->stop_price);
    table_dec(table, line->stop);
    table_dec(table, target_of(order));
    table_text(table, role_text(order->role));
    table_text(table, line->refused ? "refused" : order_status_text(line->status));
    table_tone(table, tone_of(line));
    table_dec(table, line->filled);
    table_dec(table, line->average_price);
    table_text(table, order->id);
    table_dec(table, line->limit);
    table_dec(table, line->observed);
    table_text(table, line->code);
    char why[sizeof line->code + sizeof line->text + 2];
    const bool both = view->style.format == FORMAT_TABLE && line->code[0] != '\0';
    (void)snprintf(why, sizeof why, "%s%s%s", both ? line->code : "", both && line->text[0] != '\0' ? ": " : "",
                   line->text);
    table_text(table, why);
}

static int add_book(struct view *view, const struct account_report *account_report, struct error *error)
{
    (void)error;
    for (size_t i = 0; i < account_report->orders; i++)
        add_order(view, account_report, &account_report->order[i]);
    return 0;
}

enum exit_code report_orders(struct invocation *invocation, struct error *error)
{
    static const struct view_plan plan = {
        .type = "order_line",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .empty = "no orders\n",
        .add = add_book,
    };
    return view_table(invocation, &plan, error);
}
