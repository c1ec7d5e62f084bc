/* What an account may lose, and has lost: at the stops of all its positions, and from its highest equity. */
#include "tn/checks.h"

#include "broker/account.h"
#include "stat/daily.h"

#include <math.h>
#include <stdlib.h>

/* A setting of the account as a part of 1; 0: it is not set. */
static double part_of(const struct checks *checks, const char *account, const char *name)
{
    const dec value = config_decimal(checks->config, "account", account, name);
    return value == DEC_NONE ? 0 : dec_to_double(value);
}

/* An amount of a currency in the account's; one without a rate counts for nothing, and check_rates warns of it. */
static int to_own(const struct ledger *ledger, int currency, double amount, double *own, struct error *error)
{
    dec one = DEC_NONE;
    if (currency >= 0 && ledger_convert(ledger, currency, DEC_ONE * 1000, 1, ROUND_HALF_EVEN, &one, error) != 0)
        return -1;
    *own = one == DEC_NONE ? 0 : amount * dec_to_double(one) / 1000;
    return 0;
}

/* What a holding loses when its stops fill at their prices: from its mark to the stop, all of it where it has none. */
static double at_risk(const struct ledger *ledger, const struct holding *holding)
{
    const struct ledger_symbol_state *state = &ledger->symbol_state[holding->slot];
    if (state->mark == DEC_NONE)
        return 0;
    const double mark = dec_to_double(state->mark), sign = holding->quantity < 0 ? -1 : 1;
    double left = fabs(dec_to_double(holding->quantity)), lost = 0;
    for (const struct open_order *open_order = state->open_order; open_order != NULL && left > 0;
         open_order = open_order->next) {
        if (open_order->sleeps || &ledger->holding[open_order->holding] != holding ||
            !order_is_reducing(&open_order->order) || open_order->kind->trigger != TRIGGER_STOPPED ||
            open_order->order.stop_price == DEC_NONE)
            continue;
        const double stop = dec_to_double(open_order->order.stop_price);
        const double quantity = fmin(left, dec_to_double(open_order->order.quantity - open_order->filled));
        lost += quantity * fmax(0, sign * (mark - stop));
        left -= quantity;
    }
    return (lost + left * mark) * dec_to_double(holding->multiplier);
}

static int check_at_risk(struct checks *checks, const struct account *account, dec equity, struct error *error)
{
    const struct ledger *ledger = account->ledger;
    const double may = part_of(checks, ledger->terms.account, "watch_at_risk"), worth = dec_to_double(equity);
    double lost = 0;
    if (may <= 0 || worth <= 0)
        return 0;
    for (size_t i = 0; i < ledger->holdings; i++)
        if (ledger->holding[i].quantity != 0) {
            const int currency = ledger->symbol_state[ledger->holding[i].slot].currency;
            double own;
            if (to_own(ledger, currency, at_risk(ledger, &ledger->holding[i]), &own, error) != 0)
                return -1;
            lost += own;
        }
    return checks_add_limit(checks, ledger->terms.account, "watch_at_risk", lost / worth / may, error);
}

/* The account's value from point to point, money paid in and out taken out of it: that in another currency by its last
 * rate. */
static int read_curve(struct daily *daily, struct journal *journal, const struct ledger *ledger, struct error *error)
{
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        return error_memory(error);
    struct event_cursor *cursor = journal_read_account(journal, ledger->terms.account, error);
    struct buf scratch;
    struct event event;
    double paid = 0;
    int result = cursor == NULL ? -1 : 1;
    buf_init(&scratch, (size_t)RECORD_LINE_MAX);
    record->scratch = &scratch;
    while (result == 1 && (result = event_cursor_next(cursor, &event, error)) == 1) {
        union record_value value;
        if (!str_is(event.type, "cash") && !str_is(event.type, "equity"))
            continue;
        if (record_scan(record, event.record.p, event.record.n, error) != 0 ||
            record_decode(record, &value, error) != 0) {
            result = -1;
        } else if (record->type == RECORD_EQUITY) {
            if (daily_point(daily, value.equity.time, dec_to_double(value.equity.equity), paid, error) != 0)
                result = -1;
            paid = 0;
        } else if (value.cash.kind == CASH_DEPOSIT || value.cash.kind == CASH_WITHDRAWAL) {
            double own;
            const int currency = ledger_find_currency(ledger, value.cash.currency);
            if (to_own(ledger, currency, dec_to_double(value.cash.amount), &own, error) != 0)
                result = -1;
            else
                paid += own;
        }
    }
    event_cursor_close(cursor);
    buf_clear(&scratch);
    free(record);
    return result;
}

static int check_drawdown(struct checks *checks, struct journal *journal, const struct ledger *ledger,
                          struct error *error)
{
    const char *account = ledger->terms.account;
    const double may = part_of(checks, account, "goal_drawdown");
    struct daily daily;
    double highest = 0;
    if (may <= 0)
        return 0;
    daily_init(&daily, NULL);
    int result = read_curve(&daily, journal, ledger, error);
    for (size_t i = 0; i < daily.count; i++)
        highest = fmax(highest, daily.value[i]);
    if (result == 0 && daily.count > 0 && highest > 0)
        result = checks_add_limit(checks, account, "goal_drawdown", (1 - daily.value[daily.count - 1] / highest) / may,
                                  error);
    daily_clear(&daily);
    return result;
}

int check_losses(struct checks *checks, const struct account *account, struct journal *journal, dec equity,
                 struct error *error)
{
    return check_at_risk(checks, account, equity, error) != 0 ? -1
                                                              : check_drawdown(checks, journal, account->ledger, error);
}
