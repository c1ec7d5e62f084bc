/* What the ledgers of all accounts hold, as tables for a query: accounts, positions, lots. They are TEMP tables of the
 * connection, made when somebody asks, so that nothing has to keep them in step. */
#include "journal/binder.h"
#include "journal/halt.h"
#include "journal/internal.h"

enum put { PUT_ACCOUNT, PUT_MONEY, PUT_POSITION, PUT_LOT, PUTS };

static const char tables[] =
    "CREATE TEMP TABLE accounts(account TEXT PRIMARY KEY, mode TEXT, currency TEXT, cash NUMERIC, commission NUMERIC,"
    " fees NUMERIC, halted INTEGER, opened TEXT) WITHOUT ROWID;"
    "CREATE TEMP TABLE money(account TEXT, currency TEXT, cash NUMERIC, commission NUMERIC, fees NUMERIC, pair TEXT,"
    " rate NUMERIC, cross_pair TEXT, cross_rate NUMERIC, rated TEXT, PRIMARY KEY(account, currency)) WITHOUT ROWID;"
    "CREATE TEMP TABLE positions(account TEXT, strategy TEXT, symbol TEXT, quantity NUMERIC, average_price NUMERIC,"
    " cost NUMERIC, realized NUMERIC, multiplier NUMERIC, PRIMARY KEY(account, strategy, symbol)) WITHOUT ROWID;"
    "CREATE TEMP TABLE lots(account TEXT, strategy TEXT, symbol TEXT, n INTEGER, quantity NUMERIC, cost NUMERIC,"
    " dividends NUMERIC, opened TEXT, fill TEXT, PRIMARY KEY(account, strategy, symbol, n)) WITHOUT ROWID;";

static const char *const put_sql[PUTS] = {
    [PUT_ACCOUNT] = "INSERT INTO temp.accounts(account, mode, currency, cash, commission, fees, halted, opened)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_MONEY] = "INSERT INTO temp.money(account, currency, cash, commission, fees, pair, rate, cross_pair,"
                  " cross_rate, rated) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_POSITION] = "INSERT INTO temp.positions(account, strategy, symbol, quantity, average_price, cost, realized,"
                     " multiplier) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_LOT] = "INSERT INTO temp.lots(account, strategy, symbol, n, quantity, cost, dividends, opened,"
                " fill) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static int put_position(struct statement *put, const struct ledger *ledger, const struct holding *holding,
                        struct error *error)
{
    struct binder b = binder_of(put);
    bind_key(&b, ledger->terms.account);
    bind_key(&b, holding->strategy);
    bind_key(&b, ledger_symbol(ledger, holding->slot));
    bind_dec(&b, holding->quantity);
    bind_dec(&b, holding_average_price(holding));
    bind_dec(&b, holding_cost(holding));
    bind_dec(&b, holding->realized);
    bind_dec(&b, holding->multiplier);
    return statement_run(put, error);
}

static int put_lots(struct statement *put, const struct ledger *ledger, const struct holding *holding,
                    struct error *error)
{
    for (size_t i = 0; i < holding->lots; i++) {
        const struct lot *lot = &holding->lot[i];
        struct binder b = binder_of(put);
        bind_key(&b, ledger->terms.account);
        bind_key(&b, holding->strategy);
        bind_key(&b, ledger_symbol(ledger, holding->slot));
        bind_int(&b, (int64_t)i + 1);
        bind_dec(&b, lot->quantity);
        bind_dec(&b, lot->cost);
        bind_dec(&b, lot->dividends);
        bind_time(&b, lot->opened);
        bind_text(&b, lot->fill);
        if (statement_run(put, error) != 0)
            return -1;
    }
    return 0;
}

/* Of each currency. The account's own has no rate. */
static int put_money(struct statement *put, const struct ledger *ledger, struct error *error)
{
    char pair[SYMBOL_SIZE], cross_pair[SYMBOL_SIZE];
    dec rate, cross_rate;
    for (int i = 0; (size_t)i <= ledger->currencies; i++) {
        const struct money own = {.cash = ledger->cash,
                                  .commission = ledger->commission,
                                  .fees = ledger->fees,
                                  .last = {.pair = -1, .cross_pair = -1, .rated = TIME_NONE}};
        const struct money *money = i == 0 ? &own : &ledger->money[i - 1];
        struct binder b = binder_of(put);
        bind_key(&b, ledger->terms.account);
        bind_key(&b, ledger_currency_code(ledger, i));
        bind_dec(&b, money->cash);
        bind_dec(&b, money->commission);
        bind_dec(&b, money->fees);
        ledger_say_rate(ledger, &money->last, pair, &rate, cross_pair, &cross_rate);
        bind_text(&b, pair);
        bind_dec(&b, rate);
        bind_text(&b, cross_pair);
        bind_dec(&b, cross_rate);
        bind_time(&b, money->last.rated);
        if (statement_run(put, error) != 0)
            return -1;
    }
    return 0;
}

static int put_account(struct statement *const put[static PUTS], const struct ledger *ledger, struct error *error)
{
    struct binder b = binder_of(put[PUT_ACCOUNT]);
    bind_key(&b, ledger->terms.account);
    bind_text(&b, mode_text(ledger->terms.mode));
    bind_text(&b, ledger->terms.currency);
    bind_dec(&b, ledger->cash);
    bind_dec(&b, ledger->commission);
    bind_dec(&b, ledger->fees);
    bind_int(&b, ledger->halted ? 1 : 0);
    bind_time(&b, ledger->opening);
    if (statement_run(put[PUT_ACCOUNT], error) != 0 || put_money(put[PUT_MONEY], ledger, error) != 0)
        return -1;
    for (size_t i = 0; i < ledger->holdings; i++) {
        const struct holding *holding = &ledger->holding[i];
        if (holding->quantity == 0 && holding->realized == 0)
            continue;
        if (put_position(put[PUT_POSITION], ledger, holding, error) != 0 ||
            put_lots(put[PUT_LOT], ledger, holding, error) != 0)
            return -1;
    }
    return 0;
}

int journal_show_ledgers(struct journal *journal, struct error *error)
{
    struct statement *put[PUTS] = {NULL};
    struct names accounts;
    names_init(&accounts);
    int result = db_execute(journal->db, tables, error);
    for (int i = 0; i < PUTS && result == 0; i++)
        result = (put[i] = statement_open(journal->db, put_sql[i], error)) == NULL ? -1 : 0;
    if (result == 0)
        result = journal_accounts(journal, &accounts, error);
    for (size_t i = 0; i < accounts.count && result == 0; i++) {
        struct replay replay;
        result = replay_open(&replay, journal, accounts.name[i], NULL, error);
        if (result == 0) {
            replay.ledger.halted = replay.ledger.halted || halt_file_halts(journal, accounts.name[i]);
            result = put_account(put, &replay.ledger, error);
        }
        replay_close(&replay);
    }
    for (int i = 0; i < PUTS; i++)
        statement_close(put[i]);
    names_clear(&accounts);
    return result;
}
