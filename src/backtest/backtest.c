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
    return error_set(error, EXIT_STATE, "a figure of the run is out of range");
}

/* Remember what an entry puts at risk: its R. */
static int note_risk(struct backtest *backtest, const struct execution *fill, struct error *error)
{
    dec stop, distance, money;
    if (fill->ticket == NULL)
        return 0;
    if (orders_first_stop(&backtest->manager, &fill->ticket->order, fill->price, &stop, error) != 0)
        return -1;
    if (stop == DEC_NONE)
        return 0;
    if (dec_subtract(&distance, fill->price, stop) != 0 ||
        ledger_amount(&backtest->ledger, fill->slot, fill->quantity, distance < 0 ? -distance : distance,
                      fill->multiplier, &money, error) != 0)
        return overflow(error);
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
    if (fill->ticket == NULL || fill->ticket->fills > 0 || !(fill->volume > 0))
        return;
    const double share = dec_to_double(fill->ticket->order.quantity) / fill->volume;
    outcome->large += share > OUTCOME_LARGE;
    if (share > outcome->largest)
        outcome->largest = share;
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
    metrics_fill(&backtest->metrics, fill->amount, fill->commission + fill->fees, fill->slippage);
    note_share(&backtest->outcome, fill);
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
static int note_close(void *context, const struct closing *closing, struct error *error)
{
    struct backtest *backtest = context;
    struct metrics_trade trade = {
        .entered = closing->opened, .left = closing->closed, .risk = DEC_NONE, .mfe = DEC_NONE, .mae = DEC_NONE};
    if (backtest->lefts_taken < backtest->lefts) {
        trade.mfe = backtest->left[backtest->lefts_taken].mfe;
        trade.mae = backtest->left[backtest->lefts_taken++].mae;
    }
    if (closing->whole)
        backtest_drop_excursion(backtest, closing->opening);
    if (dec_add(&trade.pnl, closing->realized, closing->dividends) != 0)
        return overflow(error);
    for (size_t i = 0; i < backtest->risks; i++) {
        struct entry_risk *risk = &backtest->risk[i];
        if (risk->fill != closing->opening)
            continue;
        const dec cost = closing->cost < 0 ? -closing->cost : closing->cost;
        const dec part = cost < risk->cost ? cost : risk->cost;
        if (risk->cost > 0 && dec_multiply_divide(&trade.risk, risk->risk, part, risk->cost, ROUND_HALF_EVEN) != 0)
            return overflow(error);
        if (trade.risk == 0)
            trade.risk = DEC_NONE;
        if (closing->whole)
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

static int open_account(struct backtest *backtest, int64_t time, struct error *error)
{
    struct cash cash = {.time = time, .amount = backtest->options.cash, .kind = CASH_DEPOSIT, .rate = DEC_NONE};
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
    backtest->moment = backtest->closes = backtest->last = backtest->clock = TIME_NONE;
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
        levels_init(&backtest->levels[i]);
        if ((backtest->runner[i] = runner_new(&backtest->use[i], error)) == NULL ||
            runner_set_calendar(backtest->runner[i], options->calendar, error) != 0)
            goto failed;
        backtest->waits |= runner_waits(backtest->runner[i]);
        backtest->judged[i] = backtest->use[i].foreign != NULL; /* what it waits for is its own affair */
    }
    backtest->decided.brief = !options->orders || options->write == NULL;
    for (int i = 0; options->write == NULL && i < options->count; i++)
        runner_use_plain_ids(backtest->runner[i], i);
    backtest->ledger.on_close = note_close;
    backtest->ledger.context = backtest;
    backtest->manager = (struct order_manager){.ledger = &backtest->ledger,
                                               .calendar = options->calendar,
                                               .costs = options->costs,
                                               .limits = options->limits,
                                               .hash = options->write == NULL ? NULL : options->hash,
                                               .instrument = find_instrument,
                                               .emit = options->write == NULL ? NULL : on_event,
                                               .executed = note_fill,
                                               .ended = note_end,
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
    free(backtest->bar);
    free(backtest->levels);
    free(backtest->judged);
    free(backtest->stake);
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

int backtest_anomaly(struct backtest *backtest, const struct anomaly *anomaly, struct error *error)
{
    return anomalies_add(&backtest->anomalies, anomaly, error);
}

int backtest_event(struct backtest *backtest, const struct known_event *event, struct str line, struct error *error)
{
    struct known_event known = *event;
    known.after = backtest->clock;
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_event(backtest->runner[i], &known, error) != 0)
            return -1;
    return backtest_hash_line(backtest, line, error);
}

/* A level is repeated every bar; why it is refused is said once. */
static int report_refusal(struct backtest *backtest, const struct refusal *refusal, const char *signal, size_t index,
                          struct error *error)
{
    if (index >= backtest->refused_count) {
        const size_t count = 2 * index + 8;
        struct last_refusal *list = realloc(backtest->refused, count * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        memset(list + backtest->refused_count, 0, (count - backtest->refused_count) * sizeof *list);
        backtest->refused = list;
        backtest->refused_count = count;
    }
    struct last_refusal *last = &backtest->refused[index];
    if (strcmp(last->signal, signal) == 0 && strcmp(last->code, refusal->code) == 0)
        return 0;
    memcpy(last->signal, signal, sizeof last->signal);
    memcpy(last->code, refusal->code, sizeof last->code);
    return backtest_count_refusal(backtest, refusal, error);
}

int backtest_count_refusal(struct backtest *backtest, const struct refusal *refusal, struct error *error)
{
    tally_add(&backtest->outcome.refused, refusal->code, 1);
    if (backtest->refusal_count++ == 0)
        (void)snprintf(backtest->outcome.first_refusal, sizeof backtest->outcome.first_refusal, "%s: %.180s",
                       refusal->code, refusal->message);
    return backtest->options.orders ? write_record(backtest, RECORD_REFUSAL, refusal, error) : 0;
}

/* When the session running at a moment, or else the next one, closes. */
static int find_close(struct backtest *backtest, int64_t time, struct error *error)
{
    struct session session;
    if (time >= backtest->asked && time < backtest->closes)
        return 0;
    if (calendar_current_or_next(backtest->options.calendar, time, &session, error) != 0)
        return -1;
    backtest->asked = time;
    backtest->closes = session.close;
    return 0;
}

/* An order that was decided right now. */
static int take_order(struct backtest *backtest, const struct order *order, int slot, int *holding, struct error *error)
{
    if (*holding < 0 && (*holding = ledger_add_holding(&backtest->ledger, order->strategy, slot, error)) < 0)
        return -1;
    backtest->order_count++;
    return orders_accept(&backtest->manager, order, slot, *holding, order->time, error);
}

int backtest_follow(struct backtest *backtest, const struct signal *signal, int slot, int *holding, size_t key,
                    struct error *error)
{
    struct risk_result *decided = &backtest->decided;
    decided->told = key < backtest->refused_count ? backtest->refused[key].signal : NULL;
    const struct instrument *instrument = find_instrument(backtest, signal->symbol, error);
    if (instrument == NULL || find_close(backtest, signal->time, error) != 0 ||
        risk_decide_at(&backtest->ledger, &backtest->manager.limits, instrument, backtest->manager.hash, signal, slot,
                       *holding, backtest->closes, decided, error) != 0)
        return -1;
    for (int i = 0; i < decided->cancels; i++)
        if (orders_cancel(&backtest->manager, decided->cancel[i].order_id, signal->time, decided->cancel[i].reason,
                          error) < 0)
            return -1;
    if (decided->has_order && decided->order.role == ROLE_ENTRY &&
        anomalies_refuse(&backtest->anomalies, signal->symbol, signal->time)) {
        struct refusal refusal;
        anomalies_refusal(&refusal, signal);
        refusal.mode = backtest->ledger.terms.mode;
        memcpy(refusal.account, backtest->ledger.terms.account, sizeof refusal.account);
        memcpy(refusal.order_id, decided->order.id, sizeof refusal.order_id);
        return report_refusal(backtest, &refusal, signal->id, key, error);
    }
    if (decided->has_order) {
        backtest->outcome.entries += decided->order.role == ROLE_ENTRY;
        if (decided->clipped != NULL)
            tally_add(&backtest->outcome.cut, decided->clipped, 1);
        return take_order(backtest, &decided->order, slot, holding, error);
    }
    for (int i = 0; i < decided->replaces; i++) {
        struct refusal refusal;
        const int moved = orders_replace(&backtest->manager, &decided->replace[i], signal->time, &refusal, error);
        if (moved < 0 || (moved == 0 && report_refusal(backtest, &refusal, signal->id, key, error) != 0))
            return -1;
    }
    if (decided->has_refusal)
        return report_refusal(backtest, &decided->refusal, signal->id, key, error);
    return 0;
}

static struct bar record_of(const struct track *track, enum adjusted adjusted, const struct candle *candle)
{
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    bar.time = candle->time;
    bar.end = candle->end;
    bar.interval = track->interval;
    bar.open = candle->open;
    bar.high = candle->high;
    bar.low = candle->low;
    bar.close = candle->close;
    bar.volume = candle->volume;
    bar.adjusted = adjusted;
    memcpy(bar.symbol, track->symbol, sizeof bar.symbol);
    return bar;
}

static int explain(struct backtest *backtest, const struct track *track, const struct bars *from, int strategy,
                   size_t row, struct signal *signal, struct error *error)
{
    const struct candle candle = bars_at(from, 0);
    const struct bar bar = record_of(track, track->adjusted, &candle);
    return runner_explain(backtest->runner[strategy], track->member[strategy].series, &backtest->levels[strategy], row,
                          &bar, signal, error);
}

/* Not within its caller, which every bar goes through: the records it makes are a kilobyte of stack. */
__attribute__((noinline)) static int follow_decision(struct backtest *backtest, int track, const struct bars *bar,
                                                     int strategy, size_t row, struct error *error)
{
    const struct track *of = &backtest->track[track];
    struct signal signal;
    if (runner_signal(backtest->runner[strategy], of->member[strategy].series, &backtest->levels[strategy], row,
                      bar->end[0], bar->close[0], &signal, error) != 0 ||
        (!backtest->decided.brief && explain(backtest, of, bar, strategy, row, &signal, error) != 0))
        return -1;
    return backtest_follow(backtest, &signal, of->slot, &of->member[strategy].holding,
                           (size_t)of->slot * (size_t)backtest->options.count + (size_t)strategy, error);
}

const struct holding *backtest_holding(struct backtest *backtest, int track, int strategy)
{
    const struct ledger *ledger = &backtest->ledger;
    const struct track *of = &backtest->track[track];
    struct member *member = &of->member[strategy];
    if (member->holding < 0)
        member->holding = ledger_find_holding(ledger, backtest->use[strategy].instance, of->slot);
    return member->holding < 0 ? NULL : &ledger->holding[member->holding];
}

int backtest_step(struct backtest *backtest, int track, int strategy, enum adjusted adjusted, const struct bars *bars,
                  struct error *error)
{
    const struct track *of = &backtest->track[track];
    struct runner *runner = backtest->runner[strategy];
    struct series **series = &of->member[strategy].series;
    if (*series == NULL && (*series = runner_series(runner, of->symbol, of->interval, error)) == NULL)
        return -1;
    struct levels *levels = &backtest->levels[strategy];
    const size_t before = levels->stretches;
    if (runner_step(runner, *series, bars, adjusted, of->symbol, levels, error) != 0)
        return -1;
    for (size_t i = before; i < levels->stretches; i++) {
        const enum want side = levels->side[levels->stretch[i].from];
        backtest->judged[strategy] |= side != WANT_NONE;
        backtest->outcome.wanted |= side == WANT_LONG || side == WANT_SHORT;
    }
    return 0;
}

int backtest_heed(struct backtest *backtest, int track, const struct bars *bar, int strategy, size_t row,
                  struct error *error)
{
    const enum want side = backtest->levels[strategy].side[row];
    if (side == WANT_NONE ||
        (risk_is_settled(&backtest->ledger, backtest_holding(backtest, track, strategy), backtest->track[track].slot,
                         side) &&
         !runner_moves(backtest->runner[strategy], backtest->track[track].member[strategy].series)))
        return 0;
    return follow_decision(backtest, track, bar, strategy, row, error);
}

int backtest_write_point(struct backtest *backtest, int64_t time, const struct worth *worth, struct error *error)
{
    struct equity point;
    if (backtest->options.write == NULL)
        return 0;
    orders_point(&backtest->manager, time, worth, &point);
    return write_record(backtest, RECORD_EQUITY, &point, error);
}

int backtest_close_moment(struct backtest *backtest, struct error *error)
{
    struct worth worth;
    const bool point = backtest->bars > 0; /* an action alone makes none: the day's bars have theirs */
    if (orders_finish(&backtest->manager, backtest->moment, point, &worth, error) != 0)
        return -1;
    if (!point)
        return 0;
    if (metrics_equity(&backtest->metrics, backtest->moment, worth.equity, worth.exposure, error) != 0)
        return -1;
    return backtest_write_point(backtest, backtest->moment, &worth, error);
}

bool backtest_has_failed(const struct backtest *backtest)
{
    return backtest->failed;
}

int backtest_is_broken(struct backtest *backtest, struct error *error)
{
    backtest->failed = true;
    if (error->code == EXIT_INPUT)
        error->code = EXIT_STATE;
    return -1;
}

int backtest_note_moment(struct backtest *backtest, struct error *error)
{
    for (int i = 0; i < backtest->options.count; i++) {
        struct runner *runner = backtest->runner[i];
        for (size_t b = 0; runner_waits(runner) && b < backtest->bars; b++) {
            const struct moment_bar *at = &backtest->bar[b];
            const struct bar bar = record_of(&backtest->track[at->track], at->adjusted, &at->candle);
            if (runner_note(runner, &bar, error) != 0)
                return backtest_is_broken(backtest, error);
        }
        if (runner_moment(runner, error) != 0) {
            backtest->failed = true; /* another program's bad record is none of ours */
            return backtest->use[i].foreign != NULL ? -1 : backtest_is_broken(backtest, error);
        }
    }
    return 0;
}

/* Everything of the moment has come: expire, take the equity point, let the strategies step, size. */
static int complete_moment(struct backtest *backtest, struct error *error)
{
    if (backtest->moment == TIME_NONE)
        return 0;
    if (backtest_close_moment(backtest, error) != 0)
        return backtest_is_broken(backtest, error);
    if (backtest->waits && backtest_note_moment(backtest, error) != 0)
        return -1;
    for (size_t b = 0; b < backtest->bars; b++)
        for (int i = 0; i < backtest->options.count; i++) {
            const struct moment_bar *at = &backtest->bar[b];
            const struct bars one = bars_of(&at->candle);
            levels_clear(&backtest->levels[i]);
            if (backtest_step(backtest, at->track, i, at->adjusted, &one, error) != 0 ||
                backtest_heed(backtest, at->track, &one, i, 0, error) != 0)
                return backtest_is_broken(backtest, error);
        }
    backtest->bars = 0;
    if ((backtest->signals.count > 0 && backtest_follow_signals(backtest, error) != 0) ||
        (backtest->orders.count > 0 && backtest_take_orders(backtest, error) != 0))
        return backtest_is_broken(backtest, error);
    return 0;
}

int backtest_reach(struct backtest *backtest, int64_t known, struct error *error)
{
    if (known == backtest->moment)
        return 0;
    const bool first = backtest->moment == TIME_NONE;
    if ((first && backtest_warm_end(backtest, error) != 0) || complete_moment(backtest, error) != 0)
        return -1;
    backtest->moment = known;
    return first ? open_account(backtest, known, error) : 0;
}

int backtest_keep_bar(struct backtest *backtest, int track, const struct bars *bar, struct error *error)
{
    if (list_grow(&backtest->bar, &backtest->bar_capacity, backtest->bars, sizeof *backtest->bar, error) != 0)
        return -1;
    backtest->bar[backtest->bars++] =
        (struct moment_bar){.track = track, .adjusted = backtest->track[track].adjusted, .candle = bars_at(bar, 0)};
    return 0;
}

int backtest_finish(struct backtest *backtest, struct error *error)
{
    if (backtest_flush(backtest, error) != 0 || backtest_release(backtest, INT64_MAX, error) != 0 ||
        complete_moment(backtest, error) != 0)
        return -1;
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_finish(backtest->runner[i], error) != 0)
            return -1;
    if (metrics_finish(&backtest->metrics, error) != 0)
        return -1;
    return backtest_write_result(backtest, error);
}
