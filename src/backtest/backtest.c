/* The run itself: moments, levels, what the events mean for the figures. */
#include "backtest/internal.h"
#include "strategy/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_record(struct backtest *backtest, enum record_type type, const void *value, struct error *error)
{
    if (backtest->options.write == NULL)
        return 0;
    return backtest->options.write(backtest->options.context, type, value, error);
}

static int overflow(struct error *error)
{
    return error_set(error, EXIT_STATE, "a number in the run is out of range");
}

/* Figures are in the account's currency, at the rate by which what happened at a moment is booked. DEC_NONE stays. */
static int backtest_own(const struct backtest *backtest, int currency, int64_t time, dec amount, dec *own,
                        struct error *error)
{
    const struct ledger *ledger = &backtest->ledger;
    *own = amount;
    if (currency == 0 || amount == DEC_NONE)
        return 0;
    const struct rate rate = ledger_rate_before(ledger, currency, time).rate;
    if (rate_convert(&rate, amount, ledger->terms.settlement_unit, ROUND_HALF_EVEN, own) != 0)
        return overflow(error);
    require(*own != DEC_NONE); /* an entry is not made without a rate */
    return 0;
}

/* Remember what an entry puts at risk: its R. */
static int note_risk(struct backtest *backtest, const struct execution *fill, struct error *error)
{
    dec stop, distance, money;
    if (fill->open_order == NULL)
        return 0;
    if (orders_first_stop(&backtest->manager, &fill->open_order->order, fill->price, &stop, error) != 0)
        return -1;
    if (stop == DEC_NONE)
        return 0;
    if (dec_subtract(&distance, fill->price, stop) != 0 ||
        ledger_amount(&backtest->ledger, fill->slot, fill->quantity, distance < 0 ? -distance : distance,
                      fill->multiplier, &money, error) != 0)
        return overflow(error);
    if (backtest_own(backtest, backtest->ledger.symbol_state[fill->slot].currency, fill->time, money, &money, error) !=
        0)
        return -1;
    if (list_grow(&backtest->risk, &backtest->risk_capacity, backtest->risks, sizeof *backtest->risk, error) != 0)
        return -1;
    /* As the lot has it: what was paid for a long one, what was received for a short one. */
    dec costs, cost;
    if (dec_add(&costs, fill->commission, fill->fees) != 0 ||
        dec_add(&cost, fill->amount, side_sign(fill->side) * costs) != 0)
        return overflow(error);
    backtest->risk[backtest->risks++] = (struct entry_risk){.fill = fill->number, .risk = money, .cost = cost};
    return 0;
}

/* An order that is more than a tenth of the bar in which it begins to fill: what it would have done to the price nobody
 * knows. */
static void note_share(struct outcome *outcome, const struct execution *fill)
{
    if (fill->open_order == NULL || fill->open_order->fills > 0 || !(fill->volume > 0))
        return;
    const double share = dec_to_double(fill->open_order->order.quantity) / fill->volume;
    outcome->large += share > OUTCOME_LARGE;
    if (share > outcome->largest)
        outcome->largest = share;
}

/* Looked at with each fill, as it finds the account, and at the end. */
static void note_debit(struct backtest *backtest)
{
    const struct ledger *ledger = &backtest->ledger;
    const __int128 shorts = (ledger->gross - ledger->value) / 2;
    backtest->owed = backtest->owed || (__int128)ledger->cash * DEC_ONE < shorts;
    for (size_t i = 0; ledger->exposed > 0 && i < ledger->currencies; i++) {
        const struct money *money = &ledger->money[i];
        backtest->owed_abroad =
            backtest->owed_abroad || (__int128)money->cash * DEC_ONE < (money->gross - money->value) / 2;
    }
}

static int note_fill(void *context, struct execution *fill, struct error *error)
{
    struct backtest *backtest = context;
    const dec held = backtest->ledger.holding[fill->holding].quantity;
    const int sign = side_sign(fill->side);
    const bool closes = held != 0 && (held > 0) != (sign > 0);
    if (closes && backtest_leave_lots(backtest, fill, error) != 0)
        return -1;
    if ((!closes || fill->quantity > (held < 0 ? -held : held)) && backtest_open_excursion(backtest, fill, error) != 0)
        return -1;
    const int currency = backtest->ledger.symbol_state[fill->slot].currency;
    dec amount, costs, slippage;
    if (backtest_own(backtest, currency, fill->time, fill->amount, &amount, error) != 0 ||
        backtest_own(backtest, currency, fill->time, fill->commission + fill->fees, &costs, error) != 0 ||
        backtest_own(backtest, currency, fill->time, fill->slippage, &slippage, error) != 0)
        return -1;
    metrics_fill(&backtest->metrics, amount, costs, slippage);
    note_share(&backtest->outcome, fill);
    backtest->shorted = backtest->shorted || (fill->role == ROLE_ENTRY && sign < 0);
    note_debit(backtest);
    if (fill->role == ROLE_ENTRY)
        return note_risk(backtest, fill, error);
    tally_add(&backtest->outcome.exits, role_text(fill->role), 1);
    return 0;
}

static void note_end(void *context, const struct order *order, enum order_status status, const char *reason)
{
    struct backtest *backtest = context;
    if (order->role != ROLE_ENTRY)
        return;
    if (status == STATUS_REJECTED)
        tally_add(&backtest->outcome.rejected, reason, 1);
    else if (status == STATUS_EXPIRED)
        backtest->outcome.expired++;
    else
        backtest->outcome.canceled++;
}

/* A closed lot is a trade. */
static int note_close(void *context, const struct lot_close *lot_close, struct error *error)
{
    struct backtest *backtest = context;
    struct metrics_trade trade = {
        .entered = lot_close->opened, .left = lot_close->closed, .risk = DEC_NONE, .mfe = DEC_NONE, .mae = DEC_NONE};
    if (backtest->lefts_taken < backtest->lefts) {
        trade.mfe = backtest->left[backtest->lefts_taken].mfe;
        trade.mae = backtest->left[backtest->lefts_taken++].mae;
    }
    if (lot_close->whole)
        backtest_drop_excursion(backtest, lot_close->opening);
    if (dec_add(&trade.pnl, lot_close->own_realized, lot_close->own_dividends) != 0)
        return overflow(error);
    if (backtest_own(backtest, lot_close->currency, lot_close->closed, trade.mfe, &trade.mfe, error) != 0 ||
        backtest_own(backtest, lot_close->currency, lot_close->closed, trade.mae, &trade.mae, error) != 0)
        return -1;
    for (size_t i = 0; i < backtest->risks; i++) {
        struct entry_risk *risk = &backtest->risk[i];
        if (risk->fill != lot_close->opening)
            continue;
        const dec cost = lot_close->cost < 0 ? -lot_close->cost : lot_close->cost;
        const dec part = cost < risk->cost ? cost : risk->cost;
        if (risk->cost > 0 && dec_multiply_divide(&trade.risk, risk->risk, part, risk->cost, ROUND_HALF_EVEN) != 0)
            return overflow(error);
        if (trade.risk == 0)
            trade.risk = DEC_NONE;
        if (lot_close->whole)
            *risk = backtest->risk[--backtest->risks];
        break;
    }
    metrics_trade(&backtest->metrics, &trade);
    return backtest->options.trade == NULL ? 0 : backtest->options.trade(backtest->options.context, &trade, error);
}

static int on_event(void *context, enum record_type type, const void *value, struct error *error)
{
    return write_record(context, type, value, error);
}

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    const struct backtest *backtest = context;
    return backtest->options.instrument(backtest->options.instruments, symbol, error);
}

int backtest_open(struct backtest *backtest, int64_t time, struct error *error)
{
    struct cash cash = {
        .time = time, .amount = backtest->options.cash, .kind = CASH_DEPOSIT, .rate = DEC_NONE, .cross_rate = DEC_NONE};
    memcpy(cash.account, backtest->ledger.terms.account, sizeof cash.account);
    memcpy(cash.currency, backtest->ledger.terms.currency, sizeof cash.currency);
    (void)snprintf(cash.id, sizeof cash.id, "opening");
    backtest->first = time;
    if (backtest->options.terms.lot_order > LOTS_FIFO) { /* who reads the run's fills must know which lots they close */
        cash.lot_order = backtest->options.terms.lot_order;
        cash.settlement_unit = backtest->options.terms.settlement_unit;
        if (backtest->options.write != NULL && write_record(backtest, RECORD_CASH, &cash, error) != 0)
            return -1;
    }
    return ledger_apply(&backtest->ledger, RECORD_CASH, &cash, error);
}

struct backtest *backtest_new(const struct backtest_options *options, struct error *error)
{
    struct backtest *backtest = calloc(1, sizeof *backtest);
    if (backtest == NULL) {
        error_memory(error);
        return NULL;
    }
    backtest->options = *options;
    backtest->outcome.run = true;
    backtest->outcome.by_signals = options->count == 0;
    anomalies_init(&backtest->anomalies);
    names_init(&backtest->signals.instances);
    names_init(&backtest->signals.keys);
    names_init(&backtest->orders.ids);
    names_init(&backtest->track_keys);
    buf_init(&backtest->signals.texts, (size_t)1 << 28);
    backtest->moment = backtest->last = backtest->clock = TIME_NONE;
    risk_result_init(&backtest->decided);
    const struct metrics_options sessions = {.sessions = calendar_sessions(options->calendar),
                                             .zone = options->calendar->zone};
    metrics_init(&backtest->metrics, &sessions);
    backtest->input = sha256_new(error);
    backtest->runner = calloc((size_t)options->count + 1, sizeof(struct runner *));
    backtest->use = calloc((size_t)options->count + 1, sizeof *backtest->use);
    backtest->levels = calloc((size_t)options->count + 1, sizeof *backtest->levels);
    backtest->judged = calloc((size_t)options->count + 1, sizeof *backtest->judged);
    names_init(&backtest->stake_actions);
    fee_state_init(&backtest->fees);
    if (backtest->runner == NULL || backtest->use == NULL || backtest->levels == NULL || backtest->judged == NULL)
        error_memory(error);
    if (backtest->input == NULL || error_is_set(error) || sha256_begin(backtest->input, error) != 0 ||
        ledger_init(&backtest->ledger, &options->terms, error) != 0)
        goto failed;
    if (options->count > 0)
        memcpy(backtest->use, options->strategies, (size_t)options->count * sizeof *backtest->use);
    for (int i = 0; i < options->count; i++) {
        if ((backtest->runner[i] = runner_new(&backtest->use[i], error)) == NULL ||
            runner_set_calendar(backtest->runner[i], options->calendar, options->calendars, error) != 0)
            goto failed;
        backtest->waits |= runner_waits(backtest->runner[i]);
        backtest->judged[i] = backtest->use[i].foreign != NULL; /* what it waits for is its own affair */
    }
    backtest->pending.single = options->one_by_one;
    backtest->decided.brief = !options->orders || options->write == NULL;
    for (int i = 0; options->write == NULL && i < options->count; i++)
        runner_use_plain_ids(backtest->runner[i], i);
    for (size_t i = 0; options->terms.currencies != NULL && i < options->terms.currencies->count; i++)
        if (ledger_add_currency(&backtest->ledger, options->terms.currencies->name[i], error) < 0)
            goto failed;
    backtest->ledger.on_close = note_close;
    backtest->ledger.context = backtest;
    backtest->manager = (struct order_manager){.ledger = &backtest->ledger,
                                               .calendar = options->calendar,
                                               .calendars = options->calendars,
                                               .costs = options->costs,
                                               .limits = options->limits,
                                               .hash = options->write == NULL ? NULL : options->hash,
                                               .instrument = find_instrument,
                                               .emit = options->write == NULL ? NULL : on_event,
                                               .executed = note_fill,
                                               .ended = note_end,
                                               .liquidates = true,
                                               .orders = options->orders && options->write != NULL,
                                               .context = backtest};
    backtest->manager.costs.state = &backtest->fees;
    backtest_open_venue(backtest);
    return backtest;
failed:
    backtest_free(backtest);
    return NULL;
}

void backtest_free(struct backtest *backtest)
{
    if (backtest == NULL)
        return;
    for (int i = 0; backtest->runner != NULL && i < backtest->options.count; i++)
        runner_free(backtest->runner[i]);
    free(backtest->runner);
    free(backtest->use);
    for (size_t i = 0; i < backtest->tracks; i++)
        free(backtest->track[i].member);
    free(backtest->track);
    names_clear(&backtest->track_keys);
    for (int i = 0; backtest->levels != NULL && i < backtest->options.count; i++)
        levels_free(&backtest->levels[i]);
    free(backtest->levels);
    free(backtest->pending.bar);
    free(backtest->memory.piece);
    free(backtest->memory.column);
    free(backtest->memory.held);
    free(backtest->slot_track);
    free(backtest->judged);
    free(backtest->stake);
    free(backtest->stake_day);
    names_clear(&backtest->stake_actions);
    fee_state_clear(&backtest->fees);
    names_clear(&backtest->signals.instances);
    names_clear(&backtest->signals.keys);
    buf_clear(&backtest->signals.texts);
    free(backtest->signals.list);
    names_clear(&backtest->orders.ids);
    free(backtest->orders.list);
    free(backtest->risk);
    free(backtest->excursion);
    free(backtest->left);
    free(backtest->refused);
    backtest_clear_trades(backtest);
    anomalies_clear(&backtest->anomalies);
    metrics_clear(&backtest->metrics);
    risk_result_clear(&backtest->decided);
    sha256_free(backtest->input);
    ledger_clear(&backtest->ledger);
    free(backtest);
}

uint64_t backtest_fills(const struct backtest *backtest)
{
    return backtest->metrics.fills;
}

const struct outcome *backtest_outcome(const struct backtest *backtest)
{
    return &backtest->outcome;
}

const struct metrics *backtest_metrics(const struct backtest *backtest)
{
    return &backtest->metrics;
}

const struct ledger *backtest_ledger(const struct backtest *backtest)
{
    return &backtest->ledger;
}

bool backtest_has_failed(const struct backtest *backtest)
{
    return backtest->failed;
}

int backtest_finish(struct backtest *backtest, struct error *error)
{
    struct window window;
    if (backtest_release(backtest, INT64_MAX, error) != 0)
        return -1;
    if (backtest->moment == TIME_NONE ? backtest_warm_end(backtest, error) != 0
                                      : window_arrange(backtest, backtest->pending.moments, &window, error) != 0 ||
                                            backtest_walk(backtest, &window, error) != 0)
        return -1;
    pending_drop(&backtest->pending, backtest->pending.moments);
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_finish(backtest->runner[i], error) != 0)
            return -1;
    note_debit(backtest);
    if (metrics_finish(&backtest->metrics, error) != 0)
        return -1;
    return backtest_write_result(backtest, error);
}
