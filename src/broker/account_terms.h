/* The terms one account trades on, from its section of the configuration and the command line: calendar, trading day,
 * costs, limits, instruments. Backtest, sizing and paper trading ask the same terms and so agree. */
#ifndef TN_BROKER_DESK_H
#define TN_BROKER_DESK_H

#include "base/command.h"
#include "base/config.h"
#include "broker/fees.h"
#include "cost/costs.h"
#include "exchange/exchange.h"
#include "exchange/instruments.h"
#include "exchange/listed_calendars.h"
#include "market/instrument.h"
#include "risk/risk.h"
#include "sim/fill_models.h"

struct account_terms {
    const struct config *config; /* not owned */
    struct exchange exchange;    /* what the calendar points into */
    struct zone *roll_zone;
    struct calendar calendar;
    struct ledger_terms ledger;
    struct risk_terms limits;
    struct costs costs;
    struct fill_terms fills;
    struct fee_schedule fees;  /* no rules: none */
    struct fee_schedule carry; /* of it only what holding costs */
    struct sha256 *hash;
    struct instruments listed; /* those of the file, … */
    struct listed_calendars own_calendars;
    const struct symbol_calendars *calendars; /* … and those of them with sessions of their own; NULL: none has */
    struct names currencies;                  /* other than the account's that they trade in */
    struct names symbols;
    struct instrument *instrument; /* by index in `symbols`; tick_size 0: not read yet */
    size_t instruments;
    size_t last_symbol; /* that was asked for */
};

#define ACCOUNT_MAX 56 /* characters of an account's name: ids are made of it */

/* Can it name an account? It is part of file names, and of commands that hints spell out: letters, digits, '.', '_' and
 * '-', the first no '.'. EXIT_USAGE. */
int account_check_name(const char *name, struct error *error);

/* --calendar, --sizing and the limits; fill models, commissions and slippage. */
extern const struct option_spec account_terms_limit_options[], account_terms_cost_options[],
    account_terms_calendar_option[];
/* Words of --fills. */
#define TERMS_FILLS "conservative ohlc olhc optimistic pessimistic probabilistic volume spread queue"
enum {
    TERMS_LIMITS = 1,
    TERMS_COSTS = 2,
    TERMS_CALENDAR = 4
}; /* which of these the command has; --calendar is one of the limits */

/* `account` names the section ("*": of what the files do not name); one that the files do not define has the defaults.
 * The limits and the ledger's terms point into it. */
int account_terms_open(struct account_terms *account_terms, const struct config *config, const char *account,
                       enum mode mode, const struct invocation *invocation, int tables, struct error *error);
/* The limits that hold under the account's lock: of the configuration with and without the environment, the narrower of
 * each. A variable that somebody left in a shell can stop an entry, never let one through. */
int account_terms_gate(struct risk_terms *gate, const struct config *config, const char *account, struct error *error);
/* Of two values of entry_within: is the first the wider? */
bool desk_is_wider(int64_t within, int64_t than);
/* The lot order that the configuration says: of backtests and new accounts. One that is open has its own. */
enum lot_order account_terms_lot_order(const struct config *config, const char *account);
/* Would it open? EXIT_USAGE names the setting that is wrong, and its file and line. */
int account_terms_check(const struct config *config, const char *account, struct error *error);
void account_terms_close(struct account_terms *account_terms); /* harmless on zeroed terms */
/* The instrument of a symbol, read from the configuration on first use; good until the next call. NULL: out of
 * memory, or (EXIT_USAGE) a future or option of which nobody says what a point is worth. */
const struct instrument *account_terms_instrument(struct account_terms *account_terms, const char *symbol,
                                                  struct error *error);
/* The calendar of a symbol's sessions: its own, else the account's. */
const struct calendar *account_terms_calendar(const struct account_terms *account_terms, const char *symbol);
/* The close of a symbol's first session that ends after a moment: how long an entry decided then may wait. */
int account_terms_valid_until(const struct account_terms *account_terms, const char *symbol, int64_t decided,
                              int64_t *until, struct error *error);

#endif
