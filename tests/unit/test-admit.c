/* Which cash and fills a journal takes from outside. An account of 100 dollars and 50 euros of 2 dollars each: 200
 * may leave it, and of euros no more than there are. */
#include "journal/admit.h"
#include "money.h"

#include "record/record.h"

static struct error error;

static const struct row {
    enum cash_kind kind;
    const char *currency, *amount, *what; /* NULL: it is taken */
} rows[] = {
    {CASH_DEPOSIT, "USD", "1", NULL},
    {CASH_DEPOSIT, "JPY", "1", NULL},
    {CASH_DEPOSIT, "QQX", "1", "currency: unknown currency 'QQX'"},
    {CASH_DEPOSIT, "USD", "0", "amount: a deposit must be above 0"},
    {CASH_DEPOSIT, "USD", "-1", "amount: a deposit must be above 0"},
    {CASH_DIVIDEND, "USD", "-1", NULL},
    {CASH_WITHDRAWAL, "USD", "0", "amount: a withdrawal must be below 0"},
    {CASH_WITHDRAWAL, "USD", "1", "amount: a withdrawal must be below 0"},
    {CASH_WITHDRAWAL, "USD", "-200", NULL},
    {CASH_WITHDRAWAL, "USD", "-200.01", "amount: a withdrawal of more than the available 200"},
    {CASH_WITHDRAWAL, "EUR", "-50", NULL},
    {CASH_WITHDRAWAL, "EUR", "-50.01", "amount: a withdrawal of more than the available 50"},
    {CASH_WITHDRAWAL, "EUR", "-101", "amount: a withdrawal of more than the available 0"},
    {CASH_WITHDRAWAL, "JPY", "-1", "amount: a withdrawal of more than the available 0"},
};

static struct cash cash_of(const char *id, enum cash_kind kind, const char *currency, const char *amount)
{
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = at("2026-01-05T14:30:00Z");
    cash.kind = kind;
    cash.amount = d(amount);
    memcpy(cash.account, "test", 5);
    (void)snprintf(cash.id, sizeof cash.id, "%s", id);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s", currency);
    return cash;
}

static const char *answer(const struct ledger *ledger, enum record_type type, const union record_value *value)
{
    error_clear(&error);
    const int result = journal_admit(ledger, type, value, &error);
    return result == 0 ? "" : error.code == EXIT_INPUT ? error.text : "another code";
}

int main(void)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    const struct cash dollars = cash_of("d", CASH_DEPOSIT, "USD", "100"),
                      euros = cash_of("e", CASH_DEPOSIT, "EUR", "50"), yen = cash_of("y", CASH_DEPOSIT, "JPY", "1000");
    require(ledger_init(&ledger, &terms, &error) == 0);
    require(ledger_apply(&ledger, RECORD_CASH, &dollars, &error) == 0 &&
            apply_mark(&ledger, "EURUSD", dollars.time, dollars.time, "2", &error) == 0 &&
            ledger_apply(&ledger, RECORD_CASH, &euros, &error) == 0);
    union record_value value;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        value.cash = cash_of("x", rows[i].kind, rows[i].currency, rows[i].amount);
        char name[80];
        (void)snprintf(name, sizeof name, "kind %d of %s %s", (int)rows[i].kind, rows[i].amount, rows[i].currency);
        check_text(answer(&ledger, RECORD_CASH, &value), rows[i].what == NULL ? "" : rows[i].what, name);
    }
    value.cash = cash_of("x", CASH_WITHDRAWAL, "USD", "-1");
    check_text(answer(NULL, RECORD_CASH, &value), "amount: a withdrawal from an account without cash",
               "nothing leaves an account that is not open");
    value.cash = cash_of("x", CASH_DEPOSIT, "QQX", "1");
    check_text(answer(NULL, RECORD_CASH, &value), "", "any currency can open one");
    require(ledger_apply(&ledger, RECORD_CASH, &yen, &error) == 0);
    value.cash = cash_of("x", CASH_WITHDRAWAL, "USD", "-1");
    check_text(answer(&ledger, RECORD_CASH, &value), "amount: a withdrawal, but there is no rate of JPY",
               "nor while yen are held and no rate is known");
    value.fill = make_fill("f", dollars.time, "AAA", SIDE_BUY, "1", "1", "0");
    check_text(answer(&ledger, RECORD_FILL, &value), "", "a fill");
    memcpy(value.fill.corrects, "f0", 3);
    check_text(answer(&ledger, RECORD_FILL, &value), "corrects: this version cannot replace a fill",
               "one that corrects another");
    check(strstr(error.hint, "'f0'") != NULL, "and what to do instead");
    ledger_clear(&ledger);
    return done();
}
