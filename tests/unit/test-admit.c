/* Which cash and fills a journal takes from outside. An account of 100 dollars and 50 euros of 2 dollars each: 200
 * may leave it, and of euros no more than there are. */
#include "journal/admit.h"
#include "money.h"

#include "record/record.h"

static struct error error;

static const struct row {
    enum cash_kind kind;
    const char *currency, *amount;
    const char *what; /* the field that is refused, NULL: it is taken */
    const char *left; /* how much may leave, where it says so */
} rows[] = {
    {CASH_DEPOSIT, "USD", "1", NULL, NULL},
    {CASH_DEPOSIT, "JPY", "1", NULL, NULL},
    {CASH_DEPOSIT, "QQX", "1", "currency: ", "'QQX'"},
    {CASH_DEPOSIT, "USD", "0", "amount: ", NULL},
    {CASH_DEPOSIT, "USD", "-1", "amount: ", NULL},
    {CASH_DIVIDEND, "USD", "-1", NULL, NULL},
    {CASH_WITHDRAWAL, "USD", "0", "amount: ", NULL},
    {CASH_WITHDRAWAL, "USD", "1", "amount: ", NULL},
    {CASH_WITHDRAWAL, "USD", "-200", NULL, NULL},
    {CASH_WITHDRAWAL, "USD", "-200.01", "amount: ", " 200"},
    {CASH_WITHDRAWAL, "EUR", "-50", NULL, NULL},
    {CASH_WITHDRAWAL, "EUR", "-50.01", "amount: ", " 50"},
    {CASH_WITHDRAWAL, "EUR", "-101", "amount: ", " 50"},
    {CASH_WITHDRAWAL, "JPY", "-1", "amount: ", " 0"},
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

/* Is it taken (`what` NULL), or refused as bad input of that field, in words that have `left` in them? */
static bool answers(const struct ledger *ledger, enum record_type type, const union record_value *value,
                    const char *what, const char *left)
{
    error_clear(&error);
    const int result = journal_admit(ledger, type, value, &error);
    if (what == NULL)
        return result == 0;
    return result == -1 && error.code == EXIT_INPUT && strncmp(error.text, what, strlen(what)) == 0 &&
           (left == NULL || strstr(error.text, left) != NULL);
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
        check(answers(&ledger, RECORD_CASH, &value, rows[i].what, rows[i].left), "kind %d of %s %s: %s",
              (int)rows[i].kind, rows[i].amount, rows[i].currency, error.text);
    }
    value.cash = cash_of("x", CASH_WITHDRAWAL, "USD", "-1");
    check(answers(NULL, RECORD_CASH, &value, "amount: ", NULL), "nothing leaves an account that is not open");
    value.cash = cash_of("x", CASH_DEPOSIT, "QQX", "1");
    check(answers(NULL, RECORD_CASH, &value, NULL, NULL), "any currency can open one");
    /* 20 dollars less than nothing: 50 euros of 2 dollars leave 80, which are 40 euros, though there are 50. */
    const struct cash spent = cash_of("s", CASH_DIVIDEND, "USD", "-120");
    require(ledger_apply(&ledger, RECORD_CASH, &spent, &error) == 0);
    value.cash = cash_of("x", CASH_WITHDRAWAL, "EUR", "-40");
    check(answers(&ledger, RECORD_CASH, &value, NULL, NULL), "what buying power buys of a currency may leave");
    value.cash = cash_of("x", CASH_WITHDRAWAL, "EUR", "-40.01");
    check(answers(&ledger, RECORD_CASH, &value, "amount: ", " 40"), "no more, in that currency: %s", error.text);
    require(ledger_apply(&ledger, RECORD_CASH, &yen, &error) == 0);
    value.cash = cash_of("x", CASH_WITHDRAWAL, "USD", "-1");
    check(answers(&ledger, RECORD_CASH, &value, "amount: ", "JPY"), "nor while yen are held and no rate is known");
    value.fill = make_fill("f", dollars.time, "AAA", SIDE_BUY, "1", "1", "0");
    check(answers(&ledger, RECORD_FILL, &value, NULL, NULL), "a fill");
    memcpy(value.fill.corrects, "f0", 3);
    check(answers(&ledger, RECORD_FILL, &value, "corrects: ", NULL), "not one that corrects another");
    check(strstr(error.hint, "'f0'") != NULL, "and what to do instead");
    ledger_clear(&ledger);
    return done();
}
