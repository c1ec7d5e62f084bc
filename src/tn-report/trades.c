/* tn-report trades: the round trips, one a line. */
#include "tn-report/commands.h"

#include "base/time.h"

#include <math.h>

static const struct column columns[] = {
    {.key = "mode", .kind = COLUMN_TEXT, .optional = true},
    {.key = "account", .kind = COLUMN_TEXT, .optional = true},
    {.key = "strategy", .kind = COLUMN_TEXT, .optional = true, .rank = 9},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "side", .kind = COLUMN_TEXT, .rank = 5},
    {.key = "quantity", .kind = COLUMN_DEC, .rank = 4},
    {.key = "entered", .kind = COLUMN_TIME, .rank = 1},
    {.key = "left", .kind = COLUMN_TIME, .rank = 1},
    {.key = "days", .kind = COLUMN_DOUBLE, .digits = 1, .rank = 8},
    {.key = "entry_price", .title = "entry", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
    {.key = "exit_price", .title = "exit", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
    {.key = "pnl", .title = "P&L", .kind = COLUMN_DEC, .digits = 2, .sign = true},
    {.key = "dividends", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true, .rank = 6},
    {.key = "return", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
    {.key = "r", .title = "R", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true, .optional = true, .rank = 3},
    {.key = "mfe", .title = "MFE", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true, .rank = 6},
    {.key = "mae", .title = "MAE", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true, .rank = 6},
    {.key = "exit", .title = "by", .kind = COLUMN_TEXT, .optional = true, .rank = 7},
    {.key = "risk", .kind = COLUMN_DEC, .data_only = true},
    {.key = "currency", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "entry_order", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "exit_order", .kind = COLUMN_TEXT, .data_only = true},
};

static void add_round_trip(const struct view *view, const struct account_report *account_report,
                           const struct round_trip *round_trip)
{
    struct table *table = view->table;
    view_owner(view, account_report);
    table_text(table, round_trip->strategy);
    table_text(table, round_trip->symbol);
    table_text(table, round_trip->quantity < 0 ? "short" : "long");
    table_dec(table, round_trip->quantity < 0 ? -round_trip->quantity : round_trip->quantity);
    table_time(table, round_trip->entered);
    table_time(table, round_trip->left);
    table_double(table, (double)(round_trip->left - round_trip->entered) / (double)TIME_DAY);
    table_dec(table, round_trip_entry_price(round_trip));
    table_dec(table, round_trip_exit_price(round_trip));
    table_dec(table, round_trip->pnl);
    table_dec(table,
              round_trip->dividends == 0 && view->style.format == FORMAT_TABLE ? DEC_NONE : round_trip->dividends);
    table_double(table, round_trip_ratio(round_trip->pnl, round_trip->cost));
    table_double(table, round_trip_ratio(round_trip->pnl, round_trip->risk));
    table_dec(table, round_trip->mfe);
    table_dec(table, round_trip->mae);
    table_text(table, role_text(round_trip->exit_role));
    table_dec(table, round_trip->risk);
    table_text(table, account_report->currency);
    table_text(table, round_trip->entry_order);
    table_text(table, round_trip->exit_order);
}

static int add_book(struct view *view, const struct account_report *account_report, struct error *error)
{
    dec sum = 0;
    for (size_t i = 0; i < account_report->round_trips; i++) {
        add_round_trip(view, account_report, &account_report->round_trip[i]);
        if (dec_add(&sum, sum, account_report->round_trip[i].pnl) != 0)
            return error_set(error, EXIT_INPUT, "the sum of P&L is out of range");
    }
    if (account_report->round_trips == 0)
        return 0;
    style_add(&view->note, str_of(account_report->name), &view->style);
    buf_printf(&view->note, ": %zu round trip%s, P&L ", account_report->round_trips,
               account_report->round_trips == 1 ? "" : "s");
    table_dec_add(&view->note, sum, 2, true);
    buf_add_char(&view->note, ' ');
    style_add(&view->note, str_of(account_report->currency), &view->style);
    buf_add_char(&view->note, '\n');
    return buf_check(&view->note, error);
}

enum exit_code report_trades(struct invocation *invocation, struct error *error)
{
    static const struct view_plan plan = {
        .type = "round_trip",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .empty = "no round trips\n",
        .add = add_book,
    };
    return view_table(invocation, &plan, error);
}
