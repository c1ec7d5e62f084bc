/* Reads the terms of an account. */
#include "broker/desk.h"

#include "base/num.h"
#include "journal/replay.h"
#include "market/currency.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec desk_limit_options[] = {
    CALENDAR_OPTION("when the market is open (default: the account's)"),
    {"sizing", 0, OPTION_TEXT, "RULE", "risk:1%, notional:10000, notional:5% or quantity:100", NULL, 0, 0},
    {"max-position", 0, OPTION_PERCENT, "SHARE", "largest position, as part of equity", NULL, 0, 0},
    {"daily-loss", 0, OPTION_PERCENT, "SHARE", "loss of a trading day after which entries stop", NULL, 0, 0},
    {"max-positions", 0, OPTION_COUNT, "N", "most positions open at a time", NULL, 1, 1000000},
    {"entry-within", 0, OPTION_TEXT, "BARS", "closed bars after which a decision is not entered, or any", NULL, 0, 0},
    {"long-only", 0, OPTION_WORD, "YESNO", "whether short sales are refused", "yes no", 0, 0},
    {"fractional", 0, OPTION_WORD, "YESNO", "whether quantities may be fractions of a lot", "yes no", 0, 0},
    {0},
};

const struct option_spec desk_calendar_option[] = {
    CALENDAR_OPTION("when the market is open (default: the account's)"),
    {0},
};

const struct option_spec desk_cost_options[] = {
    {"commission-per-share", 0, OPTION_DECIMAL, "MONEY", "commission for each unit", NULL, 0, 0},
    {"commission-percent", 0, OPTION_PERCENT, "SHARE", "commission as part of the amount", NULL, 0, 0},
    {"commission-minimum", 0, OPTION_DECIMAL, "MONEY", "least commission of an order", NULL, 0, 0},
    {"fees", 0, OPTION_TEXT, "NAME", "a schedule of fees, tn-fees(5), or none", NULL, 0, 0},
    {"fee-level", 0, OPTION_COUNT, "N", "which level of the schedule", NULL, 0, 1000},
    {"slippage-ticks", 0, OPTION_DECIMAL, "N", "ticks that market and stop fills lose", NULL, 0, 0},
    {"slippage-bps", 0, OPTION_DECIMAL, "N", "basis points that market and stop fills lose", NULL, 0, 0},
    {"fill-seed", 0, OPTION_COUNT, "N", "what --fills probabilistic draws with (default: 1)", NULL, 0, INT32_MAX},
    {0},
};

int account_check_name(const char *name, struct error *error)
{
    if (name[0] != '.' && name[0] != '\0' && strlen(name) <= ACCOUNT_MAX &&
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name))
        return 0;
    error_set(error, EXIT_USAGE, "'%s' cannot name an account", name);
    error_hint(error, "up to %d letters, digits, '.', '_' and '-', the first no '.'", ACCOUNT_MAX);
    return -1;
}

/* A setting that fits its kind and is wrong all the same: the message says where it stands. */
static int wrong(const char *origin, const char *name, struct error *error)
{
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "%s: %s", origin, name);
    return -1;
}

static int read_roll(struct desk *desk, const char *account, struct error *error)
{
    const char *origin;
    const char *text = config_text(desk->config, "account", account, "day_rolls", &origin);
    if (day_rolls_parse(text, &desk->terms.day_rolls, &desk->roll_zone, error) != 0)
        return wrong(origin, "day_rolls", error);
    desk->terms.zone = desk->roll_zone;
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
        .daily_loss = config_decimal(config, "account", account, "daily_loss"),
        .max_positions = config_integer(config, "account", account, "max_positions"),
        .long_only = config_flag(config, "account", account, "long_only"),
        .fractional = config_flag(config, "account", account, "fractional"),
    };
    if (risk_parse_within(limits, config_text(config, "account", account, "entry_within", &origin), error) != 0)
        return wrong(origin, "entry_within", error);
    if (risk_parse_sizing(limits, config_text(config, "account", account, "sizing", &origin), error) != 0)
        return wrong(origin, "sizing", error);
    return 0;
}

static int read_limits(struct desk *desk, const char *account, const struct invocation *invocation, struct error *error)
{
    struct risk_terms *limits = &desk->limits;
    if (configured_limits(limits, desk->config, account, error) != 0)
        return -1;
    if (invocation == NULL)
        return 0;
    limits->max_position = option_decimal(invocation, "max-position", limits->max_position);
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

int desk_gate(struct risk_terms *gate, const struct config *config, const char *account, struct error *error)
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
    gate->daily_loss = gate->daily_loss < files.daily_loss ? gate->daily_loss : files.daily_loss;
    gate->max_positions = gate->max_positions < files.max_positions ? gate->max_positions : files.max_positions;
    gate->entry_within =
        desk_is_wider(gate->entry_within, files.entry_within) ? files.entry_within : gate->entry_within;
    gate->long_only = gate->long_only || files.long_only;
    gate->fractional = gate->fractional && files.fractional;
    return 0;
}

static void read_costs(struct desk *desk, const char *account, const struct invocation *invocation)
{
    static const char *const settings[] = {"commission_per_share", "commission_percent", "commission_minimum",
                                           "slippage_ticks", "slippage_bps"};
    static const char *const options[] = {"commission-per-share", "commission-percent", "commission-minimum",
                                          "slippage-ticks", "slippage-bps"};
    dec *const values[] = {&desk->costs.per_share, &desk->costs.percent, &desk->costs.minimum,
                           &desk->costs.slippage_ticks, &desk->costs.slippage_bps};
    for (int i = 0; i < 5; i++) {
        *values[i] = config_decimal(desk->config, "account", account, settings[i]);
        if (invocation != NULL)
            *values[i] = option_decimal(invocation, options[i], *values[i]);
        if (*values[i] == DEC_NONE)
            *values[i] = 0;
    }
}

static int refuse_currency(const struct desk *desk, struct error *error)
{
    error_set(error, EXIT_USAGE, "the fees of '%s' are in %s, and the account is in %s", desk->fees.label,
              desk->fees.currency, desk->terms.currency);
    error_hint(error, "set the account's currency, or write a schedule: tn-fees(5)");
    return -1;
}

/* The schedule of fees; what is said twice, in it and in the settings, is added. */
static int read_fees(struct desk *desk, const char *account, const struct invocation *invocation, struct error *error)
{
    const char *origin = "--fees", *name = config_text(desk->config, "account", account, "fees", &origin);
    int64_t level = config_integer(desk->config, "account", account, "fee_level");
    if (invocation != NULL) {
        origin = option_given(invocation, "fees") ? "--fees" : origin;
        name = option_text(invocation, "fees", name);
        level = option_count(invocation, "fee-level", level);
    }
    if (strcmp(name, "none") == 0)
        return 0;
    if (fee_schedule_open(&desk->fees, name, level, error) != 0)
        return wrong(origin, "fees", error);
    if (strcmp(desk->fees.currency, desk->terms.currency) != 0 &&
        !(strcmp(desk->fees.currency, "USDT") == 0 && strcmp(desk->terms.currency, "USD") == 0))
        return refuse_currency(desk, error);
    desk->costs.fees = &desk->fees;
    return 0;
}

static void read_fills(struct desk *desk, const char *account, const struct invocation *invocation)
{
    const char *name = config_text(desk->config, "account", account, "fills", NULL);
    int64_t seed = config_integer(desk->config, "account", account, "fill_seed");
    if (invocation != NULL) {
        const char *asked = option_text(invocation, "fills", name);
        name = strcmp(asked, "range") == 0 ? name : asked;
        seed = option_count(invocation, "fill-seed", seed);
    }
    desk->fills = (struct fill_terms){.model = fill_model_find(name), .seed = (uint64_t)seed};
    require(desk->fills.model != NULL);
}

enum lot_order desk_lot_order(const struct config *config, const char *account)
{
    return lot_order_find(config_text(config, "account", account, "lot_order", NULL));
}

static int read_terms(struct desk *desk, const char *account, struct error *error)
{
    const char *currency = config_text(desk->config, "account", account, "currency", NULL);
    if (strcmp(account, "*") != 0 && account_check_name(account, error) != 0)
        return -1;
    if (strlen(currency) >= sizeof desk->terms.currency)
        return error_set(error, EXIT_USAGE, "account '%s': '%s' is no currency", account, currency);
    memcpy(desk->terms.account, account, strlen(account) + 1);
    memcpy(desk->terms.currency, currency, strlen(currency) + 1);
    desk->terms.settlement_unit = currency_unit(currency);
    if (desk->terms.mode == MODE_BACKTEST)
        desk->terms.lot_order = desk_lot_order(desk->config, account);
    return read_roll(desk, account, error);
}

/* What trading needs of the facts; a stock's where nothing is said. */
static int fill_instrument(struct instrument *instrument, const struct instrument_facts *facts, struct error *error)
{
    const struct instrument stock = INSTRUMENT_STOCK;
    const bool contract = facts->kind == INSTRUMENT_KIND_FUTURE || facts->kind == INSTRUMENT_KIND_OPTION;
    if (contract && facts->multiplier == DEC_NONE) {
        error_set(error, EXIT_USAGE, "what a point of %s is worth is not said", facts->symbol);
        error_hint(error, "%s is %s: give its multiplier in instruments.ndjson", facts->symbol,
                   facts->kind == INSTRUMENT_KIND_FUTURE ? "a future" : "an option");
        return -1;
    }
    *instrument = (struct instrument){
        .tick_size = facts->tick_size == DEC_NONE ? stock.tick_size : facts->tick_size,
        .lot_size = facts->lot_size == DEC_NONE ? stock.lot_size : facts->lot_size,
        .multiplier = facts->multiplier == DEC_NONE ? stock.multiplier : facts->multiplier,
    };
    return 0;
}

const struct instrument *desk_instrument(struct desk *desk, const char *symbol, struct error *error)
{
    const int64_t index = names_add(&desk->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    if ((size_t)index >= desk->instruments) {
        const size_t count = 2 * ((size_t)index + 8);
        struct instrument *list = realloc(desk->instrument, count * sizeof *list);
        if (list == NULL) {
            error_memory(error);
            return NULL;
        }
        for (size_t i = desk->instruments; i < count; i++)
            list[i].tick_size = 0;
        desk->instrument = list;
        desk->instruments = count;
    }
    struct instrument *instrument = &desk->instrument[index];
    struct instrument_facts facts;
    if (instrument->tick_size != 0)
        return instrument;
    instruments_facts(&desk->listed, desk->config, symbol, &facts);
    return fill_instrument(instrument, &facts, error) == 0 ? instrument : NULL;
}

static const struct instrument *find(void *desk, const char *symbol, struct error *error)
{
    return desk_instrument(desk, symbol, error);
}

int desk_open(struct desk *desk, const struct config *config, const char *account, enum mode mode,
              const struct invocation *invocation, int tables, struct error *error)
{
    *desk = (struct desk){.config = config, .terms = {.mode = mode, .instrument = find, .instruments = desk}};
    names_init(&desk->symbols);
    instruments_init(&desk->listed);
    const struct invocation *limits = (tables & DESK_LIMITS) != 0 ? invocation : NULL;
    const struct invocation *costs = (tables & DESK_COSTS) != 0 ? invocation : NULL;
    const char *calendar = config_text(config, "account", account, "calendar", NULL);
    if ((tables & (DESK_LIMITS | DESK_CALENDAR)) != 0)
        calendar = option_text(invocation, "calendar", calendar);
    desk->hash = sha256_new(error);
    if (desk->hash == NULL || read_terms(desk, account, error) != 0 || read_limits(desk, account, limits, error) != 0)
        goto failed;
    read_costs(desk, account, costs);
    read_fills(desk, account, costs);
    if (read_fees(desk, account, costs, error) != 0)
        goto failed;
    char path[PATH_MAX];
    if (instruments_path(config, path, error) != 0 || instruments_read(&desk->listed, path, error) != 0)
        goto failed;
    if (exchange_open(&desk->exchange, calendar, error) == 0) {
        desk->calendar = desk->exchange.calendar;
        return 0;
    }
failed:
    desk_close(desk);
    return -1;
}

int desk_check(const struct config *config, const char *account, struct error *error)
{
    struct desk desk;
    if (desk_open(&desk, config, account, MODE_PAPER, NULL, 0, error) != 0)
        return -1;
    desk_close(&desk);
    return 0;
}

void desk_close(struct desk *desk)
{
    exchange_close(&desk->exchange);
    zone_free(desk->roll_zone);
    sha256_free(desk->hash);
    names_clear(&desk->symbols);
    instruments_clear(&desk->listed);
    fee_schedule_clear(&desk->fees);
    free(desk->instrument);
    *desk = (struct desk){0};
}

int desk_valid_until(const struct desk *desk, int64_t decided, int64_t *until, struct error *error)
{
    struct session session;
    if (calendar_current_or_next(&desk->calendar, decided, &session, error) != 0)
        return -1;
    *until = session.close;
    return 0;
}
