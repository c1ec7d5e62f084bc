/* tn-report positions: what is held, from position records or else from the fills. */
#include "tn-report/commands.h"

#include "base/time.h"

static const struct column columns[] = {
    {.key = "mode", .kind = COLUMN_TEXT, .optional = true},
    {.key = "account", .kind = COLUMN_TEXT, .optional = true},
    {.key = "time", .title = "marked", .kind = COLUMN_TIME, .optional = true, .rank = 2},
    {.key = "strategy", .kind = COLUMN_TEXT, .optional = true, .rank = 5},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "quantity", .kind = COLUMN_DEC},
    {.key = "unprotected", .kind = COLUMN_DEC, .optional = true},
    {.key = "average_price", .title = "average", .kind = COLUMN_DEC, .digits = 2, .optional = true},
    {.key = "market_price", .title = "market", .kind = COLUMN_DEC, .digits = 2, .optional = true},
    {.key = "unrealized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true},
    {.key = "realized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .rank = 4},
    {.key = "currency", .kind = COLUMN_TEXT, .optional = true, .rank = 9},
    {.key = "opened", .kind = COLUMN_TIME, .optional = true, .rank = 3},
};

static void add_position(const struct view *view, const struct account_report *account_report,
                         const struct position *position)
{
    struct table *table = view->table;
    view_owner(view, account_report);
    table_time(table, position->time);
    table_text(table, position->strategy);
    table_text(table, position->symbol);
    table_dec(table, position->quantity);
    table_dec(table, position->unprotected);
    table_dec(table, position->average_price);
    table_dec(table, position->market_price);
    table_dec(table, position->unrealized);
    table_dec(table, position->realized);
    table_text(table, position->currency);
    table_time(table, position->opened);
}

static int add_holdings(const struct view *view, const struct account_report *account_report, struct error *error)
{
    const struct ledger *ledger = &account_report->ledger;
    struct position position;
    for (size_t i = 0; i < ledger->holdings; i++) {
        if (ledger->holding[i].quantity == 0)
            continue;
        if (ledger_position(ledger, &ledger->holding[i], &position, error) != 0)
            return -1;
        position.unprotected = DEC_NONE; /* of fills alone nobody knows what protects them */
        add_position(view, account_report, &position);
    }
    return 0;
}

static int add_book(struct view *view, const struct account_report *account_report, struct error *error)
{
    for (size_t i = 0; i < account_report->positions; i++)
        add_position(view, account_report, &account_report->position[i]);
    return account_report->positions > 0 ? 0 : add_holdings(view, account_report, error);
}

enum exit_code report_positions(struct invocation *invocation, struct error *error)
{
    static const struct view_plan plan = {
        .type = "position",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .empty = "nothing held\n",
        .add = add_book,
    };
    return view_table(invocation, &plan, error);
}
