/* The last records of a run: what is still held, and the `result`: what was run on what, under which assumptions, and
 * what came of it. */
#include "backtest/internal.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX (256 * 1024)

static void add_params(struct buf *out, const struct strategy_use *use)
{
    buf_add_char(out, '{');
    for (int i = 0; i < use->strategy->parameters; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(use->strategy->parameter[i].name));
        buf_add_char(out, ':');
        json_add_double(out, use->parameter[i]);
    }
    buf_add_char(out, '}');
}

/* Units of one position are one instance here. */
static int count_instances(const struct backtest *backtest)
{
    int count = 0;
    for (int i = 0; i < backtest->options.count; i++)
        count += backtest->use[i].unit == 0;
    return count;
}

static void write_params(struct buf *out, const struct backtest *backtest)
{
    if (backtest->options.count == 0)
        buf_add_char(out, '{');
    if (count_instances(backtest) == 1) {
        add_params(out, &backtest->use[0]);
        return;
    }
    for (int i = 0; i < backtest->options.count; i++) {
        if (backtest->use[i].unit > 0)
            continue;
        buf_add_char(out, i == 0 ? '{' : ',');
        json_add_string(out, str_of(backtest->use[i].instance));
        buf_add_char(out, ':');
        add_params(out, &backtest->use[i]);
    }
    buf_add_char(out, '}');
}

static void add_dec(struct buf *out, const char *name, dec value)
{
    buf_printf(out, ",\"%s\":", name);
    json_add_dec(out, value);
}

/* What nobody vouches for stands in the head of the run. */
static void write_anomalies(struct buf *out, const struct backtest *backtest)
{
    const struct anomalies *anomalies = &backtest->anomalies;
    char text[1024];
    size_t used = 0;
    if (anomalies->symbols.count == 0)
        return;
    for (size_t i = 0; i < anomalies->symbols.count && used + SYMBOL_SIZE + 16 < sizeof text; i++) {
        char time[TIME_TEXT_MAX];
        time_format(time, anomalies->since[i]);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.10s", i == 0 ? "" : ", ",
                                 anomalies->symbols.name[i], time);
    }
    buf_add_text(out, ",\"anomalies\":");
    json_add_string(out, str_of(text));
}

/* Which rates: by name, what their text was, and how old they are. */
static void write_fees(struct buf *out, const struct fee_schedule *fees)
{
    char date[TIME_TEXT_MAX];
    buf_printf(out, ",\"fees\":\"%s\",\"fee_level\":%lld,\"fees_text\":\"%.16s\"", fees->label, (long long)fees->level,
               fees->digest);
    if (fees->read != INT64_MIN) {
        (void)date_format(date, date_from_days(fees->read));
        buf_printf(out, ",\"fees_read\":\"%s\"", date);
    }
}

/* Symbols that are held and of which no bar has come for a week: what they are valued at, and what would be left were
 * they worth nothing. */
static void write_stopped(struct buf *out, const struct backtest *backtest)
{
    const struct ledger *ledger = &backtest->ledger;
    char text[1024];
    size_t used = 0;
    dec equity = 0, lost = 0;
    struct error ignored = {0};
    if (ledger_equity(ledger, &equity, &ignored) != 0)
        return;
    for (size_t i = 0; i < ledger->slots && used + SYMBOL_SIZE + 40 < sizeof text; i++) {
        const struct ledger_symbol_state *state = &ledger->symbol_state[i];
        char day[TIME_TEXT_MAX];
        dec value, own = 0;
        if (state->quantity == 0 || state->marked == TIME_NONE || backtest->last - state->marked <= 7 * TIME_DAY ||
            dec_narrow(&value, state->value) != 0 ||
            ledger_convert(ledger, state->currency, value, 1, ROUND_HALF_EVEN, &own, &ignored) != 0 ||
            own == DEC_NONE || dec_add(&lost, lost, own) != 0)
            continue;
        time_format(day, state->marked);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.10s", used == 0 ? "" : ", ",
                                 ledger_symbol(ledger, (int)i), day);
    }
    if (used == 0 || equity == DEC_NONE || dec_subtract(&equity, equity, lost) != 0)
        return;
    buf_add_text(out, ",\"stopped\":");
    json_add_string(out, str_of(text));
    add_dec(out, "stopped_value", lost);
    add_dec(out, "equity_without", equity);
}

/* What was borrowed on which terms, and what came of it. */
static void write_margin(struct buf *out, const struct backtest *backtest)
{
    const struct risk_terms *limits = &backtest->options.limits;
    const struct order_manager *manager = &backtest->manager;
    if (limits->cash_account)
        buf_add_text(out, ",\"account_type\":\"cash\"");
    if (backtest->options.terms.loan != 0)
        add_dec(out, "initial_margin", DEC_ONE - backtest->options.terms.loan);
    if (manager->margin_calls > 0)
        buf_printf(out, ",\"margin_calls\":%llu,\"liquidated\":%llu", (unsigned long long)manager->margin_calls,
                   (unsigned long long)manager->liquidated);
}

/* What holding was charged by, and came to; and what was held and not charged. */
static void write_carry(struct buf *out, const struct backtest *backtest)
{
    const struct fee_schedule *carry = backtest->options.costs.carry;
    const struct next_night *night = &backtest->manager.night;
    if (carry != NULL && carry->label[0] != '\0')
        buf_printf(out, ",\"carry\":\"%s\",\"carry_text\":\"%.16s\"", carry->label, carry->digest);
    for (size_t i = 0; carry != NULL && carry->label[0] == '\0' && i < carry->carries; i++)
        add_dec(out,
                carry->carry[i].kind == CARRY_DEBIT    ? "margin_rate"
                : carry->carry[i].kind == CARRY_CREDIT ? "cash_rate"
                                                       : "borrow_rate",
                carry->carry[i].tier[0].rate);
    if (carry != NULL) {
        add_dec(out, "margin_interest", night->interest);
        add_dec(out, "credit_interest", night->credit);
        add_dec(out, "borrow", night->borrow);
    }
    const char *const said[] = {
        backtest->shorted && !carry_has(carry, CARRY_BORROW) ? "short positions without a borrow fee" : NULL,
        backtest->owed && !carry_has(carry, CARRY_DEBIT) ? "debit balances without interest" : NULL,
        backtest->owed_abroad ? "debit balances in other currencies without interest" : NULL,
    };
    bool any = false;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (said[i] == NULL)
            continue;
        buf_printf(out, "%s%s", any ? ", " : ",\"uncharged\":\"", said[i]);
        any = true;
    }
    if (any)
        buf_add_text(out, "\"");
}

/* Net of what costs of 5 bp a side would take, of a run that was charged nothing. */
static void write_net(struct buf *out, const struct backtest *backtest)
{
    const struct metrics *metrics = &backtest->metrics;
    const struct next_night *night = &backtest->manager.night;
    const double traded = money_to_double(metrics->traded);
    if (metrics->cost != 0 || metrics->slippage != 0 || night->interest != 0 || night->borrow != 0 || traded <= 0)
        return;
    dec equity, net;
    struct error ignored = {0};
    if (ledger_equity(&backtest->ledger, &equity, &ignored) != 0 ||
        dec_subtract(&net, equity, backtest->options.cash) != 0)
        return;
    buf_add_text(out, ",\"net_at_5bp\":");
    json_add_double(out, dec_to_double(net) - traded * 0.0005);
}

static void write_assumptions(struct buf *out, const struct backtest *backtest)
{
    static const char *const sizings[] = {"risk", "notional", "quantity"};
    const struct costs *costs = &backtest->options.costs;
    const struct risk_terms *limits = &backtest->options.limits;
    const struct fill_model *model = fill_model_of(&backtest->options.fills);
    buf_printf(out, "{\"fill_model\":\"%s\",\"fills\":\"%s\"", model->name, model->words);
    if (fill_model_draws(model))
        buf_printf(out, ",\"fill_seed\":%llu", (unsigned long long)backtest->options.fills.seed);
    buf_printf(out, ",\"calendar\":\"%s\",\"prices\":\"%s\"", calendar_name(backtest->options.calendar),
               backtest->mixed ? "mixed" : adjusted_text(backtest->adjusted));
    add_dec(out, "cash", backtest->options.cash);
    buf_add_text(out, ",\"currency\":");
    json_add_string(out, str_of(backtest->options.terms.currency));
    add_dec(out, "commission_per_share", costs->per_share);
    add_dec(out, "commission_percent", costs->percent);
    add_dec(out, "commission_minimum", costs->minimum);
    if (costs->fees != NULL)
        write_fees(out, costs->fees);
    add_dec(out, "slippage_ticks", costs->slippage_ticks);
    add_dec(out, "slippage_bps", costs->slippage_bps);
    write_margin(out, backtest);
    write_carry(out, backtest);
    write_net(out, backtest);
    buf_printf(out, ",\"sizing\":\"%s\"", sizings[limits->sizing]);
    add_dec(out, limits->sizing_fraction ? "sizing_share" : "sizing_value", limits->sizing_value);
    add_dec(out, "max_position", limits->max_position);
    add_dec(out, "daily_loss", limits->daily_loss);
    buf_printf(out, ",\"max_positions\":%lld", (long long)limits->max_positions);
    if (limits->entry_within > 0)
        buf_printf(out, ",\"entry_within\":%lld", (long long)limits->entry_within);
    else
        buf_add_text(out, ",\"entry_within\":\"any\"");
    buf_printf(out, ",\"long_only\":%s,\"fractional\":%s", limits->long_only ? "true" : "false",
               limits->fractional ? "true" : "false");
    buf_add_text(out, ",\"first\":");
    json_add_time(out, backtest->moment == TIME_NONE ? TIME_NONE : backtest->first);
    buf_add_text(out, ",\"last\":");
    json_add_time(out, backtest->moment == TIME_NONE ? TIME_NONE : backtest->last);
    write_anomalies(out, backtest);
    write_stopped(out, backtest);
    buf_printf(out, ",\"bars\":%llu,\"actions\":%llu,\"orders\":%llu,\"refusals\":%llu}",
               (unsigned long long)backtest->outcome.bars, (unsigned long long)backtest->action_count,
               (unsigned long long)backtest->order_count, (unsigned long long)backtest->refusal_count);
}

/* Instances side by side; more than fit are counted. */
static void write_strategy(char *text, size_t size, const struct backtest *backtest)
{
    const struct names *came = &backtest->signals.instances;
    const int count = backtest->options.count > 0 ? backtest->options.count : (int)came->count;
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = backtest->options.count > 0 ? backtest->use[i].instance : came->name[i];
        if (backtest->options.count > 0 && backtest->use[i].unit > 0)
            continue;
        const size_t length = strlen(name);
        if (used + length + 16 > size && i > 0) {
            (void)snprintf(text + used, size - used, " +%d", count - i);
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : " ", name);
    }
}

/* The run is named by all that decides its output. */
static int name_run(struct backtest *backtest, struct result *result, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    struct sha256 *hash = backtest->options.hash;
    if (sha256_begin(hash, error) != 0 || sha256_add(hash, result->input.p, result->input.n, error) != 0 ||
        sha256_add(hash, result->strategy, strlen(result->strategy) + 1, error) != 0 ||
        sha256_add(hash, result->params.p, result->params.n, error) != 0 ||
        sha256_add(hash, result->assumptions.p, result->assumptions.n, error) != 0 ||
        sha256_add(hash, result->version, strlen(result->version), error) != 0 || sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(result->run, "bt", 2);
    hash_base32(result->run + 2, digest, 80);
    return 0;
}

int64_t backtest_first(const struct backtest *backtest)
{
    return backtest->moment == TIME_NONE ? TIME_NONE : backtest->first;
}

void backtest_symbols(const struct backtest *backtest, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < backtest->tracks; i++) {
        const char *symbol = backtest->track[i].symbol;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(backtest->track[k].symbol, symbol) == 0;
        if (seen)
            continue;
        if (used + strlen(symbol) + 24 > size) {
            (void)snprintf(text + used, size - used, " +%zu", backtest->tracks - i);
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ", symbol);
    }
}

/* What is still held. */
static int write_positions(struct backtest *backtest, struct error *error)
{
    const struct ledger *ledger = &backtest->ledger;
    struct position position;
    for (size_t i = 0; i < ledger->holdings; i++)
        if (ledger->holding[i].quantity != 0 &&
            (ledger_position(ledger, &ledger->holding[i], &position, error) != 0 ||
             backtest->options.write(backtest->options.context, RECORD_POSITION, &position, error) != 0))
            return -1;
    return 0;
}

/* What is known at the end only. */
static void finish_outcome(struct backtest *backtest)
{
    struct outcome *outcome = &backtest->outcome;
    outcome->traded = money_to_double(backtest->metrics.traded);
    for (int i = 0; i < backtest->options.count; i++) {
        const char *missing = runner_missing(backtest->runner[i]);
        const char *unheard = runner_unheard(backtest->runner[i]);
        if (unheard != NULL && outcome->unheard[0] == '\0')
            (void)snprintf(outcome->unheard, sizeof outcome->unheard, "%s", unheard);
        if (missing != NULL && outcome->missing[0] == '\0')
            (void)snprintf(outcome->missing, sizeof outcome->missing, "%s", missing);
        if (!backtest->judged[i] && backtest->use[i].unit == 0)
            tally_add(&outcome->waiting, backtest->use[i].instance, (uint64_t)strategy_lookback(&backtest->use[i]) + 1);
    }
}

int backtest_write_result(struct backtest *backtest, struct error *error)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    struct result result = {.time = backtest->moment == TIME_NONE ? TIME_NONE : backtest->last};
    char input[SHA256_HEX_SIZE];
    uint8_t digest[SHA256_SIZE];
    int status = -1;
    if (sha256_end(backtest->input, digest, error) != 0)
        goto out;
    hash_hex(input, digest, SHA256_SIZE);
    write_strategy(result.strategy, sizeof result.strategy, backtest);
    (void)snprintf(result.version, sizeof result.version, "%s", TN_VERSION);
    write_params(&text, backtest);
    const size_t params = text.n;
    write_assumptions(&text, backtest);
    const size_t assumptions = text.n;
    metrics_json(&backtest->metrics, &text);
    const size_t metrics = text.n;
    finish_outcome(backtest);
    outcome_json(&backtest->outcome, backtest->metrics.fills, &text);
    const size_t outcome = text.n;
    if (backtest_write_benchmark(backtest, &text, error) != 0 || buf_check(&text, error) != 0)
        goto out;
    result.params = (struct str){text.p, params};
    result.assumptions = (struct str){text.p + params, assumptions - params};
    result.metrics = (struct str){text.p + assumptions, metrics - assumptions};
    result.outcome = (struct str){text.p + metrics, outcome - metrics};
    result.benchmark = (struct str){text.p + outcome, text.n - outcome};
    result.input = str_of(backtest->options.input != NULL ? backtest->options.input : input);
    if (name_run(backtest, &result, error) != 0)
        goto out;
    status = 0;
    if (backtest->options.write != NULL &&
        (write_positions(backtest, error) != 0 ||
         backtest->options.write(backtest->options.context, RECORD_RESULT, &result, error) != 0))
        status = -1;
    if (backtest->options.write == NULL && backtest->options.result != NULL)
        status = backtest->options.result(backtest->options.context, &result, error);
out:
    buf_clear(&text);
    return status;
}
