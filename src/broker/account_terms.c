/* Reads the terms of an account. */
#include "broker/account_terms.h"

#include "base/num.h"
#include "journal/replay.h"
#include "market/currency.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec account_terms_limit_options[] = {
    CALENDAR_OPTION("calendar of the sessions (default: the account's)"),
    {"sizing", 0, OPTION_TEXT, "RULE", "risk:1%, notional:10000, notional:5% or quantity:100", NULL, 0, 0},
    {"max-position", 0, OPTION_PERCENT, "SHARE", "largest position in one symbol, as a percentage of equity", NULL, 0,
     0},
    {"max-sector", 0, OPTION_PERCENT, "SHARE", "largest exposure to one sector; 0%: no limit", NULL, 0, 0},
    {"daily-loss", 0, OPTION_PERCENT, "SHARE", "daily loss limit, at which entries stop", NULL, 0, 0},
    {"max-positions", 0, OPTION_COUNT, "N", "most positions open at the same time", NULL, 1, 1000000},
    {"entry-within", 0, OPTION_TEXT, "BARS", "closed bars after which a decision is no longer entered, or 'any'", NULL,
     0, 0},
    {"long-only", 0, OPTION_WORD, "YESNO", "whether short sales are refused", "yes no", 0, 0},
    {"fractional", 0, OPTION_WORD, "YESNO", "whether quantities may be fractions of a lot", "yes no", 0, 0},
    {0},
};

const struct option_spec account_terms_calendar_option[] = {
    CALENDAR_OPTION("calendar of the sessions (default: the account's)"),
    {0},
};

const struct option_spec account_terms_cost_options[] = {
    {"commission-per-share", 0, OPTION_DECIMAL, "MONEY", "commission per share", NULL, 0, 0},
    {"commission-percent", 0, OPTION_PERCENT, "SHARE", "commission, as a percentage of the amount traded", NULL, 0, 0},
    {"commission-minimum", 0, OPTION_DECIMAL, "MONEY", "minimum commission per order", NULL, 0, 0},
    {"fees", 0, OPTION_TEXT, "NAME", "a fee schedule, tn-fees(5), or none", NULL, 0, 0},
    {"fee-level", 0, OPTION_COUNT, "N", "which level of the fee schedule applies", NULL, 0, 1000},
    {"carry", 0, OPTION_TEXT, "NAME", "a schedule of carrying costs, tn-fees(5), or none", NULL, 0, 0},
    {"margin-rate", 0, OPTION_PERCENT, "SHARE", "yearly interest on a debit balance", NULL, 0, 0},
    {"cash-rate", 0, OPTION_PERCENT, "SHARE", "yearly interest on idle cash", NULL, 0, 0},
    {"borrow-rate", 0, OPTION_PERCENT, "SHARE", "yearly borrow fee on short positions", NULL, 0, 0},
    {"account-type", 0, OPTION_WORD, "TYPE", "margin or cash", "margin cash", 0, 0},
    {"initial-margin", 0, OPTION_PERCENT, "SHARE", "fraction of a purchase that must be your own money", NULL, 0, 0},
    {"maintenance-long", 0, OPTION_PERCENT, "SHARE", "maintenance margin of long positions", NULL, 0, 0},
    {"maintenance-short", 0, OPTION_PERCENT, "SHARE", "maintenance margin of short positions", NULL, 0, 0},
    {"slippage-ticks", 0, OPTION_DECIMAL, "N", "slippage of market and stop orders, in ticks", NULL, 0, 0},
    {"slippage-bps", 0, OPTION_DECIMAL, "N", "slippage of market and stop orders, in basis points", NULL, 0, 0},
    {"fill-seed", 0, OPTION_COUNT, "N", "random seed of --fills probabilistic (default: 1)", NULL, 0, INT32_MAX},
    {0},
};

int account_check_name(const char *name, struct error *error)
{
    if (name[0] != '.' && name[0] != '\0' && strlen(name) <= ACCOUNT_MAX &&
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name))
        return 0;
    error_set(error, EXIT_USAGE, "'%s' is not a valid account name", name);
    error_hint(error, "up to %d letters, digits, '.', '_' and '-', not starting with '.'", ACCOUNT_MAX);
    return -1;
}

/* A setting that fits its kind and is wrong all the same: the message says where it stands. */
static int wrong(const char *origin, const char *name, struct error *error)
{
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "%s: %s", origin, name);
    return -1;
}

static int read_roll(struct account_terms *account_terms, const char *account, struct error *error)
{
    const char *origin;
    const char *text = config_text(account_terms->config, "account", account, "day_rolls", &origin);
    if (day_rolls_parse(text, &account_terms->ledger.day_rolls, &account_terms->roll_zone, error) != 0)
        return wrong(origin, "day_rolls", error);
    account_terms->ledger.zone = account_terms->roll_zone;
    return 0;
}

static bool yes(const struct invocation *invocation, const char *name, bool standard)
{
    return option_given(invocation, name) ? strcmp(option_text(invocation, name, "no"), "yes") == 0 : standard;
}

/* What the configuration says. */
static int configured_limits(struct risk_terms *limits, const struct config *config, const char *account,
                             struct error *error)
{
    const char *origin;
    *limits = (struct risk_terms){
        .max_position = config_decimal(config, "account", account, "max_position"),
        .max_sector = config_decimal(config, "account", account, "max_sector"),
        .daily_loss = config_decimal(config, "account", account, "daily_loss"),
        .max_positions = config_integer(config, "account", account, "max_positions"),
        .long_only = config_flag(config, "account", account, "long_only"),
        .fractional = config_flag(config, "account", account, "fractional"),
        .maintenance = {config_decimal(config, "account", account, "maintenance_long"),
                        config_decimal(config, "account", account, "maintenance_short")},
        .cash_account = strcmp(config_text(config, "account", account, "account_type", NULL), "cash") == 0,
    };
    if (risk_parse_within(limits, config_text(config, "account", account, "entry_within", &origin), error) != 0)
        return wrong(origin, "entry_within", error);
    if (risk_parse_sizing(limits, config_text(config, "account", account, "sizing", &origin), error) != 0)
        return wrong(origin, "sizing", error);
    return 0;
}

/* A part that is within bounds. */
static int read_share(const struct config *config, const char *account, const struct invocation *invocation,
                      const char *setting, const char *option, dec least, dec *share, struct error *error)
{
    const char *origin;
    (void)config_text(config, "account", account, setting, &origin);
    *share = config_decimal(config, "account", account, setting);
    if (invocation != NULL)
        *share = option_decimal(invocation, option, *share);
    if (*share >= least && *share <= DEC_ONE)
        return 0;
    error_set(error, EXIT_USAGE, "a part of %lld %% to 100 %%", (long long)(least * 100 / DEC_ONE));
    return wrong(origin, setting, error);
}

/* How the account may trade with money that is not its own. */
static int read_margin(struct account_terms *account_terms, const char *account, const struct invocation *invocation,
                       struct error *error)
{
    const struct config *config = account_terms->config;
    struct risk_terms *limits = &account_terms->limits;
    dec own;
    const char *type = config_text(config, "account", account, "account_type", NULL);
    if (invocation != NULL)
        type = option_text(invocation, "account-type", type);
    limits->cash_account = strcmp(type, "cash") == 0;
    if (read_share(config, account, invocation, "initial_margin", "initial-margin", DEC_ONE / 10, &own, error) != 0 ||
        read_share(config, account, invocation, "maintenance_long", "maintenance-long", DEC_ONE / 100,
                   &limits->maintenance[0], error) != 0 ||
        read_share(config, account, invocation, "maintenance_short", "maintenance-short", DEC_ONE / 100,
                   &limits->maintenance[1], error) != 0)
        return -1;
    account_terms->ledger.loan = limits->cash_account ? 0 : DEC_ONE - own;
    return 0;
}

static int read_limits(struct account_terms *account_terms, const char *account, const struct invocation *invocation,
                       struct error *error)
{
    struct risk_terms *limits = &account_terms->limits;
    if (configured_limits(limits, account_terms->config, account, error) != 0)
        return -1;
    if (invocation == NULL)
        return 0;
    limits->max_position = option_decimal(invocation, "max-position", limits->max_position);
    limits->max_sector = option_decimal(invocation, "max-sector", limits->max_sector);
    limits->daily_loss = option_decimal(invocation, "daily-loss", limits->daily_loss);
    limits->max_positions = option_count(invocation, "max-positions", limits->max_positions);
    limits->long_only = yes(invocation, "long-only", limits->long_only);
    limits->fractional = yes(invocation, "fractional", limits->fractional);
    if (option_given(invocation, "entry-within") &&
        risk_parse_within(limits, option_text(invocation, "entry-within", NULL), error) != 0)
        return -1;
    if (option_given(invocation, "sizing"))
        return risk_parse_sizing(limits, option_text(invocation, "sizing", NULL), error);
    return 0;
}

bool desk_is_wider(int64_t within, int64_t than)
{
    return than != 0 && (within == 0 || within > than);
}

int account_terms_gate(struct risk_terms *gate, const struct config *config, const char *account, struct error *error)
{
    struct risk_terms files;
    struct config *written = config_open_files(error);
    int status = written == NULL || configured_limits(gate, config, account, error) != 0
                     ? -1
                     : configured_limits(&files, written, account, error);
    config_free(written);
    if (status != 0)
        return -1;
    gate->max_position = gate->max_position < files.max_position ? gate->max_position : files.max_position;
    if (gate->max_sector <= 0 || (files.max_sector > 0 && files.max_sector < gate->max_sector))
        gate->max_sector = files.max_sector;
    gate->daily_loss = gate->daily_loss < files.daily_loss ? gate->daily_loss : files.daily_loss;
    gate->max_positions = gate->max_positions < files.max_positions ? gate->max_positions : files.max_positions;
    gate->entry_within =
        desk_is_wider(gate->entry_within, files.entry_within) ? files.entry_within : gate->entry_within;
    gate->long_only = gate->long_only || files.long_only;
    gate->fractional = gate->fractional && files.fractional;
    return 0;
}

static void read_costs(struct account_terms *account_terms, const char *account, const struct invocation *invocation)
{
    static const char *const settings[] = {"commission_per_share", "commission_percent", "commission_minimum",
                                           "slippage_ticks", "slippage_bps"};
    static const char *const options[] = {"commission-per-share", "commission-percent", "commission-minimum",
                                          "slippage-ticks", "slippage-bps"};
    dec *const values[] = {&account_terms->costs.per_share, &account_terms->costs.percent,
                           &account_terms->costs.minimum, &account_terms->costs.slippage_ticks,
                           &account_terms->costs.slippage_bps};
    for (int i = 0; i < 5; i++) {
        *values[i] = config_decimal(account_terms->config, "account", account, settings[i]);
        if (invocation != NULL)
            *values[i] = option_decimal(invocation, options[i], *values[i]);
        if (*values[i] == DEC_NONE)
            *values[i] = 0;
    }
}

static int refuse_currency(const struct account_terms *account_terms, const struct fee_schedule *fees,
                           struct error *error)
{
    error_set(error, EXIT_USAGE, "the fees of '%s' are in %s, and the account is in %s", fees->label, fees->currency,
              account_terms->ledger.currency);
    error_hint(error, "set the account's currency, or write a schedule: tn-fees(5)");
    return -1;
}

/* A schedule by the name that a setting or its option gives; "none" has no rules. */
static int open_schedule(const struct account_terms *account_terms, struct fee_schedule *fees, const char *account,
                         const char *setting, int64_t level, const struct invocation *invocation, struct error *error)
{
    char option[16];
    const char *origin, *name = config_text(account_terms->config, "account", account, setting, &origin);
    (void)snprintf(option, sizeof option, "--%s", setting);
    if (invocation != NULL && option_given(invocation, setting)) {
        origin = option;
        name = option_text(invocation, setting, name);
    }
    if (strcmp(name, "none") == 0)
        return 0;
    if (fee_schedule_open(fees, name, level, error) != 0)
        return wrong(origin, setting, error);
    if (strcmp(fees->currency, account_terms->ledger.currency) != 0 &&
        !(strcmp(fees->currency, "USDT") == 0 && strcmp(account_terms->ledger.currency, "USD") == 0))
        return refuse_currency(account_terms, fees, error);
    return 0;
}

/* The schedule of fees; what is said twice, in it and in the settings, is added. */
static int read_fees(struct account_terms *account_terms, const char *account, const struct invocation *invocation,
                     struct error *error)
{
    int64_t level = config_integer(account_terms->config, "account", account, "fee_level");
    if (invocation != NULL)
        level = option_count(invocation, "fee-level", level);
    if (open_schedule(account_terms, &account_terms->fees, account, "fees", level, invocation, error) != 0)
        return -1;
    if (account_terms->fees.label[0] != '\0' && account_terms->fees.rules == 0 && !carry_is_there(&account_terms->fees))
        return error_set(error, EXIT_USAGE, "the schedule '%s' has no fee", account_terms->fees.label);
    account_terms->costs.fees = account_terms->fees.rules > 0 ? &account_terms->fees : NULL;
    return 0;
}

/* What holding costs: by its own schedule, else by that of the fees, else by the plain rates. */
static int read_carry(struct account_terms *account_terms, const char *account, const struct invocation *invocation,
                      struct error *error)
{
    static const char *const settings[] = {"margin_rate", "cash_rate", "borrow_rate"};
    static const char *const options[] = {"margin-rate", "cash-rate", "borrow-rate"};
    dec rates[3];
    if (open_schedule(account_terms, &account_terms->carry, account, "carry", 0, invocation, error) != 0)
        return -1;
    if (account_terms->carry.label[0] != '\0' && !carry_is_there(&account_terms->carry))
        return error_set(error, EXIT_USAGE, "the schedule '%s' has no rates for the cost of holding",
                         account_terms->carry.label);
    bool plain = false;
    for (int i = 0; i < 3; i++) {
        rates[i] = config_decimal(account_terms->config, "account", account, settings[i]);
        if (invocation != NULL)
            rates[i] = option_decimal(invocation, options[i], rates[i]);
        if (rates[i] < 0 || rates[i] > 10 * DEC_ONE)
            return error_set(error, EXIT_USAGE, "%s: a yearly rate is of 0 %% to 1000 %%", settings[i]);
        plain = plain || rates[i] != 0;
    }
    const bool other = carry_is_there(&account_terms->carry) || carry_is_there(&account_terms->fees);
    if (plain && other) {
        error_set(error, EXIT_USAGE, "the cost of holding is set twice, by a schedule and by a rate");
        error_hint(error, "margin_rate, cash_rate and borrow_rate are for accounts without one");
        return -1;
    }
    if (!other && carry_add_plain(&account_terms->carry, rates[0], rates[1], rates[2], error) != 0)
        return -1;
    account_terms->costs.carry = carry_is_there(&account_terms->carry)  ? &account_terms->carry
                                 : carry_is_there(&account_terms->fees) ? &account_terms->fees
                                                                        : NULL;
    return 0;
}

static void read_fills(struct account_terms *account_terms, const char *account, const struct invocation *invocation)
{
    const char *name = config_text(account_terms->config, "account", account, "fills", NULL);
    int64_t seed = config_integer(account_terms->config, "account", account, "fill_seed");
    if (invocation != NULL) {
        const char *asked = option_text(invocation, "fills", name);
        name = strcmp(asked, "range") == 0 ? name : asked;
        seed = option_count(invocation, "fill-seed", seed);
    }
    account_terms->fills = (struct fill_terms){.model = fill_model_find(name), .seed = (uint64_t)seed};
    require(account_terms->fills.model != NULL);
}

enum lot_order account_terms_lot_order(const struct config *config, const char *account)
{
    return lot_order_find(config_text(config, "account", account, "lot_order", NULL));
}

static int read_terms(struct account_terms *account_terms, const char *account, struct error *error)
{
    const char *currency = config_text(account_terms->config, "account", account, "currency", NULL);
    if (strcmp(account, "*") != 0 && account_check_name(account, error) != 0)
        return -1;
    if (strlen(currency) >= sizeof account_terms->ledger.currency)
        return error_set(error, EXIT_USAGE, "account '%s': '%s' is not a currency", account, currency);
    memcpy(account_terms->ledger.account, account, strlen(account) + 1);
    memcpy(account_terms->ledger.currency, currency, strlen(currency) + 1);
    account_terms->ledger.settlement_unit = currency_unit(currency);
    if (account_terms->ledger.mode == MODE_BACKTEST)
        account_terms->ledger.lot_order = account_terms_lot_order(account_terms->config, account);
    return read_roll(account_terms, account, error);
}

/* What trading needs of the facts; a stock's where nothing is said. */
static int fill_instrument(struct instrument *instrument, const struct instrument_facts *facts, const char *own,
                           struct error *error)
{
    const struct instrument stock = INSTRUMENT_STOCK;
    const bool contract = facts->kind == INSTRUMENT_KIND_FUTURE || facts->kind == INSTRUMENT_KIND_OPTION;
    if (contract && facts->multiplier == DEC_NONE) {
        error_set(error, EXIT_USAGE, "the multiplier of %s is unknown", facts->symbol);
        error_hint(error, "%s is %s: give its multiplier in instruments.ndjson", facts->symbol,
                   facts->kind == INSTRUMENT_KIND_FUTURE ? "a future" : "an option");
        return -1;
    }
    *instrument = (struct instrument){
        .tick_size = facts->tick_size == DEC_NONE ? stock.tick_size : facts->tick_size,
        .lot_size = facts->lot_size == DEC_NONE ? stock.lot_size : facts->lot_size,
        .multiplier = facts->multiplier == DEC_NONE ? stock.multiplier : facts->multiplier,
        .kind = facts->kind,
        .first_day = facts->valid_from == TIME_NONE ? 0 : facts->valid_from,
        .last_day = facts->valid_to == TIME_NONE ? 0 : facts->valid_to,
        .expiry = facts->expiry == TIME_NONE ? 0 : facts->expiry,
    };
    if (strcmp(facts->currency, own) != 0)
        memcpy(instrument->currency, facts->currency, sizeof instrument->currency);
    memcpy(instrument->sector, facts->sector, sizeof instrument->sector);
    return 0;
}

const struct instrument *account_terms_instrument(struct account_terms *account_terms, const char *symbol,
                                                  struct error *error)
{
    const struct names *const symbols = &account_terms->symbols;
    /* A fill asks several times for the same one. */
    if (symbols->count > 0 && strcmp(symbols->name[account_terms->last_symbol], symbol) == 0 &&
        account_terms->instrument[account_terms->last_symbol].tick_size != 0)
        return &account_terms->instrument[account_terms->last_symbol];
    const int64_t index = names_add(&account_terms->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    if ((size_t)index >= account_terms->instruments) {
        const size_t count = 2 * ((size_t)index + 8);
        struct instrument *list = realloc(account_terms->instrument, count * sizeof *list);
        if (list == NULL) {
            error_memory(error);
            return NULL;
        }
        for (size_t i = account_terms->instruments; i < count; i++)
            list[i].tick_size = 0;
        account_terms->instrument = list;
        account_terms->instruments = count;
    }
    struct instrument *instrument = &account_terms->instrument[index];
    struct instrument_facts facts;
    account_terms->last_symbol = (size_t)index;
    if (instrument->tick_size != 0)
        return instrument;
    instruments_facts(&account_terms->listed, account_terms->config, symbol, &facts);
    return fill_instrument(instrument, &facts, account_terms->ledger.currency, error) == 0 ? instrument : NULL;
}

static const struct instrument *find(void *account_terms, const char *symbol, struct error *error)
{
    return account_terms_instrument(account_terms, symbol, error);
}

static int note_currencies(struct account_terms *account_terms, struct error *error)
{
    for (size_t i = 0; i < account_terms->listed.symbols.count; i++) {
        const char *code = account_terms->listed.list[i].currency;
        if (code[0] != '\0' && strcmp(code, account_terms->ledger.currency) != 0 &&
            names_add(&account_terms->currencies, str_of(code), error) < 0)
            return -1;
    }
    account_terms->ledger.currencies = &account_terms->currencies;
    return 0;
}

int account_terms_open(struct account_terms *account_terms, const struct config *config, const char *account,
                       enum mode mode, const struct invocation *invocation, int tables, struct error *error)
{
    *account_terms = (struct account_terms){.config = config,
                                            .ledger = {.mode = mode, .instrument = find, .instruments = account_terms}};
    names_init(&account_terms->symbols);
    names_init(&account_terms->currencies);
    instruments_init(&account_terms->listed);
    const struct invocation *limits = (tables & TERMS_LIMITS) != 0 ? invocation : NULL;
    const struct invocation *costs = (tables & TERMS_COSTS) != 0 ? invocation : NULL;
    const char *calendar = config_text(config, "account", account, "calendar", NULL);
    if ((tables & (TERMS_LIMITS | TERMS_CALENDAR)) != 0)
        calendar = option_text(invocation, "calendar", calendar);
    account_terms->hash = sha256_new(error);
    if (account_terms->hash == NULL || read_terms(account_terms, account, error) != 0 ||
        read_limits(account_terms, account, limits, error) != 0 ||
        read_margin(account_terms, account, costs, error) != 0)
        goto failed;
    read_costs(account_terms, account, costs);
    read_fills(account_terms, account, costs);
    if (read_fees(account_terms, account, costs, error) != 0 || read_carry(account_terms, account, costs, error) != 0)
        goto failed;
    char path[PATH_MAX];
    if (instruments_path(config, path, error) != 0 || instruments_read(&account_terms->listed, path, error) != 0 ||
        note_currencies(account_terms, error) != 0)
        goto failed;
    if (exchange_open(&account_terms->exchange, calendar, error) == 0 &&
        listed_calendars_open(&account_terms->own_calendars, &account_terms->listed, calendar, error) == 0) {
        account_terms->calendar = account_terms->exchange.calendar;
        account_terms->calendars = listed_calendars_of(&account_terms->own_calendars);
        return 0;
    }
failed:
    account_terms_close(account_terms);
    return -1;
}

int account_terms_check(const struct config *config, const char *account, struct error *error)
{
    struct account_terms account_terms;
    if (account_terms_open(&account_terms, config, account, MODE_PAPER, NULL, 0, error) != 0)
        return -1;
    account_terms_close(&account_terms);
    return 0;
}

void account_terms_close(struct account_terms *account_terms)
{
    exchange_close(&account_terms->exchange);
    listed_calendars_close(&account_terms->own_calendars);
    zone_free(account_terms->roll_zone);
    sha256_free(account_terms->hash);
    names_clear(&account_terms->symbols);
    names_clear(&account_terms->currencies);
    instruments_clear(&account_terms->listed);
    fee_schedule_clear(&account_terms->fees);
    fee_schedule_clear(&account_terms->carry);
    free(account_terms->instrument);
    *account_terms = (struct account_terms){0};
}

const struct calendar *account_terms_calendar(const struct account_terms *account_terms, const char *symbol)
{
    return symbol_calendar(account_terms->calendars, &account_terms->calendar, symbol);
}

int account_terms_valid_until(const struct account_terms *account_terms, const char *symbol, int64_t decided,
                              int64_t *until, struct error *error)
{
    struct session session;
    if (calendar_current_or_next(account_terms_calendar(account_terms, symbol), decided, &session, error) != 0)
        return -1;
    *until = session.close;
    return 0;
}
