/* tn-order positions, account, orders: what an account has. */
#include "tn-order/commands.h"

#include "journal/halt.h"

#include <stdlib.h>
#include <unistd.h>

/* The account as the journal has it; needs no lock. */
struct view {
    struct config *config;
    struct account account;
    struct style style;
    bool styled;
};

static int open_account(struct view *view, struct invocation *invocation, const char *account, struct error *error)
{
    const struct account_options options = {.config = view->config, .name = account};
    if (account == NULL || account_open(&view->account, &options, ACCOUNT_READ, error) != 0)
        return -1;
    tell_dropped(invocation, &view->account);
    char *halt_path = account_file(view->config, account, "halt", error);
    if (halt_path == NULL)
        return -1;
    view->account.ledger->halted = view->account.ledger->halted || halt_file_is_there(halt_path);
    free(halt_path);
    view->styled = style_init(&view->style, invocation, NULL, error) == 0;
    return view->styled ? 0 : -1;
}

static int view_open(struct view *view, struct invocation *invocation, struct error *error)
{
    view->config = config_open(error);
    const char *account =
        view->config == NULL ? NULL : account_choose(view->config, option_text(invocation, "account", NULL), error);
    return open_account(view, invocation, account, error);
}

static void view_close(struct view *view)
{
    if (view->styled)
        style_clear(&view->style);
    account_close(&view->account);
    config_free(view->config);
}

static enum exit_code show(struct view *view, struct table *table, const char *nothing, struct error *error)
{
    if (table != NULL)
        (void)table_show_or(table, nothing, &view->style, error);
    table_free(table);
    view_close(view);
    return EXIT_DONE;
}

/* The last columns are for accounts with money in several currencies. */
static int count_columns(const struct view *view, size_t all, size_t last)
{
    return (int)(view->account.ledger->exposed > 0 ? all : all - last);
}

static int add_position(struct table *table, const struct ledger *ledger, const struct holding *holding,
                        struct error *error)
{
    struct position position;
    if (ledger_position(ledger, holding, &position, error) != 0)
        return -1;
    table_time(table, position.time);
    table_text(table, position.symbol);
    table_text(table, position.account);
    table_text(table, position.strategy);
    table_dec(table, position.quantity);
    table_dec(table, position.unprotected);
    table_tone(table, position.unprotected > 0 ? TONE_WARNING : TONE_NONE);
    table_dec(table, position.average_price);
    table_dec(table, position.market_price);
    table_dec(table, position.unrealized);
    table_dec(table, position.realized);
    table_text(table, position.currency);
    table_time(table, position.opened);
    table_text(table, mode_text(position.mode));
    if (ledger->exposed == 0)
        return 0;
    table_dec(table, position.account_unrealized);
    table_dec(table, position.account_realized);
    return 0;
}

enum exit_code order_positions(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .title = "marked", .kind = COLUMN_TIME, .rank = 5},
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "account", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "strategy", .kind = COLUMN_TEXT, .fold = true},
        {.key = "quantity", .kind = COLUMN_DEC},
        {.key = "unprotected", .kind = COLUMN_DEC},
        {.key = "average_price", .title = "average", .kind = COLUMN_DEC, .digits = 2, .rank = 4},
        {.key = "market_price", .title = "market", .kind = COLUMN_DEC, .digits = 2},
        {.key = "unrealized", .kind = COLUMN_DEC, .digits = 2, .sign = true},
        {.key = "realized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .rank = 8},
        {.key = "currency", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "opened", .kind = COLUMN_TIME, .rank = 9},
        {.key = "mode", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "account_unrealized",
         .title = "in the account's",
         .kind = COLUMN_DEC,
         .digits = 2,
         .sign = true,
         .optional = true},
        {.key = "account_realized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .data_only = true},
    };
    struct view view = {.config = NULL};
    struct table *table = NULL;
    if (option_flag(invocation, "watch"))
        return positions_watch(invocation, error);
    if (invocation_operands(invocation) > 0)
        return error_set(error, EXIT_USAGE, "files of prices are only for --watch"), EXIT_USAGE;
    if (view_open(&view, invocation, error) == 0)
        table = table_new("position", columns, count_columns(&view, sizeof columns / sizeof *columns, 2), error);
    for (size_t i = 0; table != NULL && i < view.account.ledger->holdings; i++)
        if (view.account.ledger->holding[i].quantity != 0 &&
            add_position(table, view.account.ledger, &view.account.ledger->holding[i], error) != 0)
            break;
    return show(&view, error_is_set(error) ? (table_free(table), NULL) : table, "no positions", error);
}

static void add_switch(struct table *table, const struct ledger *ledger)
{
    table_text(table, ledger->halted ? "true" : "false");
    table_tone(table, ledger->halted ? TONE_WARNING : TONE_NONE);
    table_text(table, "paper");
}

static void add_rate(struct table *table, const struct ledger *ledger, const struct money_rate *at)
{
    char pair[SYMBOL_SIZE], cross_pair[SYMBOL_SIZE];
    dec rate, cross_rate;
    ledger_say_rate(ledger, at, pair, &rate, cross_pair, &cross_rate);
    table_text(table, pair);
    table_dec(table, rate);
    table_text(table, cross_pair);
    table_dec(table, cross_rate);
    table_time(table, at->rated);
}

/* The account, in its own currency. */
static int add_whole(struct table *table, const struct ledger *ledger, struct error *error)
{
    dec equity, power, base, loss;
    if (ledger_equity(ledger, &equity, error) != 0 || ledger_buying_power(ledger, &power, error) != 0 ||
        ledger_daily_loss(ledger, equity, &base, &loss, error) != 0)
        return -1;
    const bool known = loss != DEC_NONE;
    table_time(table, ledger->now);
    table_text(table, ledger->terms.account);
    table_text(table, ledger->terms.currency);
    table_dec(table, ledger->cash);
    table_dec(table, equity);
    table_dec(table, power);
    table_dec(table, known ? -loss : DEC_NONE);
    table_tone(table, !known || loss == 0 ? TONE_NONE : loss > 0 ? TONE_BAD : TONE_GOOD);
    add_switch(table, ledger);
    if (ledger->exposed > 0)
        add_rate(table, ledger, &(struct money_rate){.pair = -1, .cross_pair = -1, .rated = TIME_NONE});
    return 0;
}

/* What it has of another, and the rate by which that counts. */
static void add_money(struct table *table, const struct ledger *ledger, const struct money *money)
{
    table_time(table, ledger->now);
    table_text(table, ledger->terms.account);
    table_text(table, money->code);
    for (int i = 0; i < 4; i++) /* equity, buying power and the profit of the day are of the whole */
        table_dec(table, i == 0 ? money->cash : DEC_NONE);
    add_switch(table, ledger);
    add_rate(table, ledger, &money->last);
}

enum exit_code order_account(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .title = "as of", .kind = COLUMN_TIME, .rank = 5},
        {.key = "account", .kind = COLUMN_TEXT},
        {.key = "currency", .kind = COLUMN_TEXT, .rank = 4},
        {.key = "cash", .kind = COLUMN_DEC, .digits = 2},
        {.key = "equity", .kind = COLUMN_DEC, .digits = 2},
        {.key = "buying_power", .kind = COLUMN_DEC, .digits = 2},
        {.key = "day_pnl", .title = "today", .kind = COLUMN_DEC, .digits = 2, .sign = true},
        {.key = "halted", .kind = COLUMN_RAW},
        {.key = "mode", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "pair", .kind = COLUMN_TEXT, .optional = true},
        {.key = "rate", .kind = COLUMN_DEC, .optional = true},
        {.key = "cross_pair", .kind = COLUMN_TEXT, .optional = true},
        {.key = "cross_rate", .kind = COLUMN_DEC, .optional = true},
        {.key = "rated", .kind = COLUMN_TIME, .optional = true, .rank = 6},
    };
    struct view view = {.config = NULL};
    struct table *table = NULL;
    if (view_open(&view, invocation, error) == 0)
        table = table_new("account", columns, count_columns(&view, sizeof columns / sizeof *columns, 5), error);
    if (table != NULL && add_whole(table, view.account.ledger, error) != 0) {
        table_free(table);
        table = NULL;
    }
    for (size_t i = 0; table != NULL && i < view.account.ledger->currencies; i++)
        if (view.account.ledger->money[i].exposed)
            add_money(table, view.account.ledger, &view.account.ledger->money[i]);
    return show(&view, table, "no account", error);
}

static int add_account(struct table *table, const struct ledger *ledger, struct error *error)
{
    dec equity;
    size_t held = 0;
    if (ledger_equity(ledger, &equity, error) != 0)
        return -1;
    for (size_t i = 0; i < ledger->holdings; i++)
        held += ledger->holding[i].quantity != 0;
    table_text(table, ledger->terms.account);
    table_text(table, "paper");
    table_text(table, ledger->terms.currency);
    table_time(table, ledger->opening);
    table_time(table, ledger->now);
    table_dec(table, ledger->cash);
    table_dec(table, equity);
    table_count(table, (int64_t)held);
    table_count(table, (int64_t)ledger->open_orders);
    table_text(table, ledger->halted ? "true" : "false");
    table_tone(table, ledger->halted ? TONE_WARNING : TONE_NONE);
    return 0;
}

/* The accounts of the journal; none where there is no journal yet. */
static int find_accounts(struct names *accounts, struct error *error)
{
    struct config *config = config_open(error);
    char *path = config == NULL ? NULL : journal_path(config, error);
    struct journal *journal = path == NULL || access(path, F_OK) != 0 ? NULL : journal_open(path, JOURNAL_READ, error);
    const int result = journal == NULL ? 0 : journal_accounts(journal, accounts, error);
    journal_close(journal);
    free(path);
    config_free(config);
    return error_is_set(error) ? -1 : result;
}

enum exit_code order_accounts(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "account", .kind = COLUMN_TEXT},
        {.key = "mode", .kind = COLUMN_TEXT, .rank = 9},
        {.key = "currency", .kind = COLUMN_TEXT, .rank = 8},
        {.key = "opened", .kind = COLUMN_TIME, .rank = 7},
        {.key = "time", .title = "as of", .kind = COLUMN_TIME, .rank = 5},
        {.key = "cash", .kind = COLUMN_DEC, .digits = 2},
        {.key = "equity", .kind = COLUMN_DEC, .digits = 2},
        {.key = "positions", .kind = COLUMN_COUNT},
        {.key = "orders", .title = "working", .kind = COLUMN_COUNT},
        {.key = "halted", .kind = COLUMN_RAW},
    };
    struct names accounts;
    struct style style;
    names_init(&accounts);
    struct table *table = table_new("account", columns, sizeof columns / sizeof *columns, error);
    if (table != NULL && find_accounts(&accounts, error) == 0)
        for (size_t i = 0; i < accounts.count && !error_is_set(error); i++) {
            struct view view = {.config = config_open(error)};
            if (view.config != NULL && open_account(&view, invocation, accounts.name[i], error) == 0)
                (void)add_account(table, view.account.ledger, error);
            view_close(&view);
        }
    if (!error_is_set(error) && accounts.count == 0) {
        error_set(error, EXIT_NO, "no account is open");
        error_hint(error, "tn-order open paper --cash 100000");
    }
    if (!error_is_set(error) && style_init(&style, invocation, NULL, error) == 0) {
        (void)table_show(table, &style, error);
        style_clear(&style);
    }
    table_free(table);
    names_clear(&accounts);
    return EXIT_DONE;
}

static void add_order(struct table *table, const struct open_order *open_order)
{
    const struct order *order = &open_order->order;
    table_time(table, order->time);
    table_text(table, order->id);
    table_text(table, order->symbol);
    table_text(table, role_text(order->role));
    table_text(table, side_text(order->side));
    table_dec(table, order->quantity);
    table_dec(table, open_order->filled);
    table_text(table, order_type_text(order->order_type));
    table_dec(table, order->limit_price);
    table_dec(table, order->stop_price);
    table_text(table, order_status_text(open_order_status(open_order)));
    table_time(table, order->valid_until);
    table_text(table, order->strategy);
}

enum exit_code order_orders(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .title = "decided", .kind = COLUMN_TIME, .rank = 5},
        {.key = "id", .kind = COLUMN_TEXT},
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "role", .kind = COLUMN_TEXT},
        {.key = "side", .kind = COLUMN_TEXT},
        {.key = "quantity", .kind = COLUMN_DEC},
        {.key = "filled_quantity", .title = "filled", .kind = COLUMN_DEC, .rank = 8},
        {.key = "order_type", .title = "type", .kind = COLUMN_TEXT},
        {.key = "limit_price", .title = "limit", .kind = COLUMN_DEC, .digits = 2, .optional = true},
        {.key = "stop_price", .title = "stop", .kind = COLUMN_DEC, .digits = 2, .optional = true},
        {.key = "status", .kind = COLUMN_TEXT},
        {.key = "valid_until", .kind = COLUMN_TIME, .rank = 7},
        {.key = "strategy", .kind = COLUMN_TEXT, .fold = true},
    };
    struct view view = {.config = NULL};
    struct table *table = NULL;
    if (view_open(&view, invocation, error) == 0)
        table = table_new("order", columns, sizeof columns / sizeof *columns, error);
    for (size_t i = 0; table != NULL && i < view.account.ledger->open_orders; i++)
        add_order(table, view.account.ledger->open_order[i]);
    return show(&view, table, "no working orders", error);
}
