/* Every account of the journal: is it halted, has every position a stop, how old are its prices, how far is it from its
 * limits? */
#include "tn/checks.h"

#include "base/list.h"
#include "broker/account.h"
#include "journal/halt.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PRICES_LATE (24 * TIME_HOUR) /* after the close of a session its bars are there */
#define USED_WARN   0.6

int checks_add_limit(struct checks *checks, const char *account, const char *name, double used, struct error *error)
{
    char subject[KEY_SIZE];
    (void)snprintf(subject, sizeof subject, "%.56s %s", account, name);
    if (checks_add(checks, used >= USED_WARN ? CHECK_WARN : CHECK_OK, "limit", subject,
                   used >= 1 ? "no entries beyond it; see tn-risk(1)" : "", error, "%.0f %% used", used * 100) != 0)
        return -1;
    checks->finding[checks->findings - 1].used = used;
    return 0;
}

/* The loss of the day as a part of what a day may lose: the worst that it has shown. */
static int check_limits(struct checks *checks, const struct account *account, dec equity,
                        struct account_figures *figures, struct error *error)
{
    const struct ledger *ledger = account->ledger;
    const struct risk_terms *limits = &account->terms.limits;
    const char *name = ledger->terms.account;
    dec base, loss;
    double largest = 0, lost = 0;
    int64_t symbols = 0;
    if (ledger_daily_loss(ledger, equity, &base, &loss, error) != 0)
        return -1;
    const bool today = checks->now < ledger->day_ends;
    figures->today = today ? -dec_to_double(loss) : 0;
    if (today && limits->daily_loss > 0) {
        const double may = dec_to_double(limits->daily_loss);
        const double share = base > 0 ? dec_to_double(loss) / dec_to_double(base) : 0;
        const double worst = dec_to_double(ledger->day_worst_share);
        lost = (share > worst ? share : worst) / may;
    }
    for (size_t i = 0; i < ledger->slots; i++) {
        dec own = 0; /* in the account's currency */
        if (dec_narrow(&own, ledger->symbol_state[i].value) != 0 ||
            ledger_convert(ledger, ledger->symbol_state[i].currency, own, 1, ROUND_HALF_EVEN, &own, error) != 0)
            return -1;
        const double value = own == DEC_NONE ? 0 : dec_to_double(own), size = value < 0 ? -value : value;
        symbols += ledger->symbol_state[i].open > 0;
        largest = size > largest ? size : largest;
    }
    const double max_position = dec_to_double(limits->max_position), worth = dec_to_double(equity);
    if (checks_add_limit(checks, name, "daily_loss", lost > 0 ? lost : 0, error) != 0)
        return -1;
    if (limits->max_positions > 0 &&
        checks_add_limit(checks, name, "max_positions", (double)symbols / (double)limits->max_positions, error) != 0)
        return -1;
    if (max_position > 0 && worth > 0 &&
        checks_add_limit(checks, name, "max_position", largest / worth / max_position, error) != 0)
        return -1;
    return 0;
}

static int check_positions(struct checks *checks, const struct ledger *ledger, struct account_figures *figures,
                           struct error *error)
{
    char bare[256] = "";
    for (size_t i = 0; i < ledger->holdings; i++) {
        struct position position;
        if (ledger->holding[i].quantity == 0)
            continue;
        figures->positions++;
        if (ledger_position(ledger, &ledger->holding[i], &position, error) != 0)
            return -1;
        if (position.unprotected == DEC_NONE || position.unprotected <= 0)
            continue;
        const size_t used = strlen(bare);
        figures->unprotected++;
        (void)snprintf(bare + used, sizeof bare - used, "%s%s", used > 0 ? " " : "", position.symbol);
    }
    if (figures->unprotected > 0)
        return checks_add(checks, CHECK_FAIL, "stops", ledger->terms.account, "tn-order positions", error,
                          "%lld of %lld positions are not fully covered by a stop: %s", (long long)figures->unprotected,
                          (long long)figures->positions, bare);
    return checks_add(checks, CHECK_OK, "stops", ledger->terms.account, "", error,
                      "%lld positions, each covered by a stop", (long long)figures->positions);
}

/* Prices of what is held: of the last session whose bars should be there by now. */
static int check_prices(struct checks *checks, const struct account *account, struct error *error)
{
    const struct ledger *ledger = account->ledger;
    struct session due;
    const char *oldest = NULL;
    int64_t marked = INT64_MAX;
    for (size_t i = 0; i < ledger->slots; i++)
        if (ledger->symbol_state[i].open > 0 && ledger->symbol_state[i].marked < marked) {
            marked = ledger->symbol_state[i].marked;
            oldest = ledger->symbols.name[i];
        }
    if (oldest == NULL)
        return checks_add(checks, CHECK_OK, "prices", ledger->terms.account, "", error, "nothing is held");
    if (calendar_last_completed(&account->terms.calendar, checks->now - PRICES_LATE, &due, error) != 0)
        return -1;
    char text[TIME_TEXT_MAX];
    time_format(text, marked / TIME_SECOND * TIME_SECOND);
    if (marked < due.close)
        return checks_add(checks, CHECK_FAIL, "prices", ledger->terms.account,
                          "tn-quote check SOURCE; then tn-end-of-day", error, "the price of %s is from %s", oldest,
                          text);
    return checks_add(checks, CHECK_OK, "prices", ledger->terms.account, "", error, "the oldest is from %s", text);
}

/* An account keeps the order of lots that it was opened with. Who has changed the setting since must know. */
static int check_lots(struct checks *checks, const struct ledger *ledger, struct error *error)
{
    const char *name = ledger->terms.account;
    const enum lot_order own = ledger->terms.lot_order, wanted = account_terms_lot_order(checks->config, name);
    char hint[ID_SIZE + 64];
    if (own == wanted || ledger->opening == TIME_NONE)
        return 0;
    (void)snprintf(hint, sizeof hint, "account %s { lot_order = %s }", name, lot_order_text(own));
    return checks_add(checks, CHECK_WARN, "lots", name, hint, error,
                      "closed in the order it was opened with, %s; the configuration says %s", lot_order_text(own),
                      lot_order_text(wanted));
}

/* Without a rate nobody knows what the account is worth. */
static int check_rates(struct checks *checks, const struct ledger *ledger, struct error *error)
{
    char hint[LEDGER_PAIRS_SIZE + 40], pairs[LEDGER_PAIRS_SIZE];
    const int missing = ledger_unrated(ledger);
    if (missing == 0)
        return 0;
    const char *code = ledger_currency_code(ledger, missing);
    ledger_name_pairs(ledger, code, pairs);
    (void)snprintf(hint, sizeof hint, "settle bars of %s", pairs);
    return checks_add(checks, CHECK_WARN, "rates", ledger->terms.account, hint, error,
                      "no rate for %s from the last 4 days: no entries", code);
}

static int check_account(struct checks *checks, struct journal *journal, const char *name, struct error *error)
{
    struct account account = {0};
    const struct account_options options = {.config = checks->config, .name = name};
    struct account_figures figures = {.positions = 0};
    dec equity;
    (void)snprintf(figures.account, sizeof figures.account, "%s", name);
    int result = account_open(&account, &options, ACCOUNT_READ, error);
    if (result == 0)
        result = ledger_equity(account.ledger, &equity, error);
    if (result == 0) {
        char *halt_path = account_file(checks->config, name, "halt", error);
        figures.halted = account.ledger->halted || (halt_path != NULL && halt_file_is_there(halt_path));
        result = halt_path == NULL ? -1 : 0;
        free(halt_path);
    }
    if (result == 0 && figures.halted)
        result = checks_add(checks, CHECK_WARN, "halt", name, "tn-order resume", error, "halted: no entries");
    if (result == 0)
        result = check_lots(checks, account.ledger, error);
    if (result == 0)
        result = check_rates(checks, account.ledger, error);
    if (result == 0 && (result = check_positions(checks, account.ledger, &figures, error)) == 0 &&
        (result = check_prices(checks, &account, error)) == 0)
        result = check_limits(checks, &account, equity, &figures, error);
    if (result == 0)
        result = check_losses(checks, &account, journal, equity, error);
    if (result == 0) {
        figures.equity = dec_to_double(equity);
        figures.cash = dec_to_double(account.ledger->cash);
        figures.working = (int64_t)account.ledger->open_orders;
        result =
            list_grow(&checks->account, &checks->account_capacity, checks->accounts, sizeof *checks->account, error);
    }
    if (result == 0)
        checks->account[checks->accounts++] = figures;
    account_close(&account);
    return result;
}

int check_accounts(struct checks *checks, struct error *error)
{
    char path[PATH_MAX];
    struct names accounts;
    (void)snprintf(path, sizeof path, "%s/journal.db", config_folder_name(checks->config, "data"));
    if (access(path, F_OK) != 0)
        return 0;
    names_init(&accounts);
    struct error why;
    error_clear(&why);
    struct journal *journal = journal_open(path, JOURNAL_READ, &why);
    if (journal != NULL)
        (void)journal_accounts(journal, &accounts, &why);
    int result = 0;
    for (size_t i = 0; i < accounts.count && result == 0; i++) {
        error_clear(&why);
        if (check_account(checks, journal, accounts.name[i], &why) != 0)
            result =
                checks_add(checks, CHECK_FAIL, "account", accounts.name[i], "tn-journal verify", error, "%s", why.text);
    }
    journal_close(journal);
    names_clear(&accounts);
    return result;
}
