/* The run itself: moments, levels, what the events mean for the figures. */
#include "backtest/internal.h"

#include "market/bar_times.h"
#include "market/validate.h"

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
    const struct ticket *ticket = fill->ticket;
    dec distance, money;
    if (ticket == NULL || ticket->order.leg_count == 0 || ticket->order.legs[0].role != ROLE_STOP)
        return 0;
    if (dec_subtract(&distance, fill->price, ticket->order.legs[0].stop_price) != 0 ||
        ledger_amount(&backtest->ledger, fill->quantity, distance < 0 ? -distance : distance, fill->multiplier, &money,
                      error) != 0)
        return overflow(error);
    if (backtest->risks == backtest->risk_capacity) {
        const size_t capacity = backtest->risk_capacity == 0 ? 16 : 2 * backtest->risk_capacity;
        struct entry_risk *list = realloc(backtest->risk, capacity * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        backtest->risk = list;
        backtest->risk_capacity = capacity;
    }
    backtest->risk[backtest->risks++] = (struct entry_risk){.fill = fill->number, .risk = money, .cost = fill->amount};
    return 0;
}

static int note_fill(void *context, const struct execution *fill, struct error *error)
{
    struct backtest *backtest = context;
    if (metrics_fill(&backtest->metrics, fill->amount, fill->commission, fill->slippage, error) != 0)
        return -1;
    return fill->role == ROLE_ENTRY ? note_risk(backtest, fill, error) : 0;
}

/* A closed lot is a trade. */
static int note_close(void *context, const struct closing *closing, struct error *error)
{
    struct backtest *backtest = context;
    struct metrics_trade trade = {
        .entered = closing->opened, .left = closing->closed, .pnl = closing->realized, .risk = DEC_NONE};
    for (size_t i = 0; i < backtest->risks; i++) {
        struct entry_risk *risk = &backtest->risk[i];
        if (risk->fill != closing->opening)
            continue;
        const dec cost = closing->cost < 0 ? -closing->cost : closing->cost;
        /* The lot's cost holds its commission, so the part closed may be a little more than the whole. */
        const dec part = cost < risk->cost ? cost : risk->cost;
        if (risk->cost > 0 && dec_multiply_divide(&trade.risk, risk->risk, part, risk->cost, ROUND_HALF_EVEN) != 0)
            return overflow(error);
        if (trade.risk == 0)
            trade.risk = DEC_NONE;
        if (closing->whole)
            *risk = backtest->risk[--backtest->risks];
        break;
    }
    return metrics_trade(&backtest->metrics, &trade, error);
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
    struct cash cash = {.time = time, .amount = backtest->options.cash, .kind = CASH_DEPOSIT};
    memcpy(cash.account, backtest->ledger.terms.account, sizeof cash.account);
    memcpy(cash.currency, backtest->ledger.terms.currency, sizeof cash.currency);
    (void)snprintf(cash.id, sizeof cash.id, "opening");
    backtest->first = time;
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
    backtest->moment = backtest->closes = TIME_NONE;
    risk_result_init(&backtest->decided);
    const struct metrics_options sessions = {
        .sessions = strcmp(calendar_name(options->calendar), "always") == 0 ? 365.0 : METRICS_SESSIONS};
    metrics_init(&backtest->metrics, &sessions);
    backtest->input = sha256_new(error);
    backtest->runner = calloc((size_t)options->count, sizeof(struct runner *));
    backtest->use = calloc((size_t)options->count, sizeof *backtest->use);
    if (backtest->runner == NULL || backtest->use == NULL)
        error_memory(error);
    if (backtest->input == NULL || error_is_set(error) || sha256_begin(backtest->input, error) != 0 ||
        ledger_init(&backtest->ledger, &options->terms, error) != 0)
        goto failed;
    memcpy(backtest->use, options->strategies, (size_t)options->count * sizeof *backtest->use);
    for (int i = 0; i < options->count; i++)
        if ((backtest->runner[i] = runner_new(&backtest->use[i], error)) == NULL)
            goto failed;
    backtest->decided.brief = !options->orders || options->write == NULL;
    for (int i = 0; options->write == NULL && i < options->count; i++)
        runner_use_plain_ids(backtest->runner[i], i);
    backtest->ledger.on_close = note_close;
    backtest->ledger.context = backtest;
    backtest->engine = (struct engine){.ledger = &backtest->ledger,
                                       .costs = options->costs,
                                       .limits = options->limits,
                                       .hash = options->write == NULL ? NULL : options->hash,
                                       .instrument = find_instrument,
                                       .emit = options->write == NULL ? NULL : on_event,
                                       .executed = note_fill,
                                       .orders = options->orders && options->write != NULL,
                                       .context = backtest};
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
    free(backtest->bar);
    free(backtest->risk);
    free(backtest->refused);
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

const struct ledger *backtest_ledger(const struct backtest *backtest)
{
    return &backtest->ledger;
}

/* A level is repeated every bar; why it is refused is said once. */
static int report_refusal(struct backtest *backtest, const struct refusal *refusal, const char *signal, int slot,
                          int strategy, struct error *error)
{
    const size_t index = (size_t)slot * (size_t)backtest->options.count + (size_t)strategy;
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
    backtest->refusal_count++;
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
static int take_order(struct backtest *backtest, const struct order *order, int slot, struct member *member,
                      struct error *error)
{
    if (member->holding < 0 &&
        (member->holding = ledger_add_holding(&backtest->ledger, order->strategy, slot, error)) < 0)
        return -1;
    backtest->order_count++;
    return engine_accept(&backtest->engine, order, slot, member->holding, order->time, error);
}

static int follow_level(struct backtest *backtest, const struct signal *signal, const struct track *track, int strategy,
                        struct error *error)
{
    struct risk_result *decided = &backtest->decided;
    struct member *member = &track->member[strategy];
    const struct instrument *instrument = find_instrument(backtest, signal->symbol, error);
    if (instrument == NULL || find_close(backtest, signal->time, error) != 0 ||
        risk_decide_at(&backtest->ledger, &backtest->engine.limits, instrument, backtest->engine.hash, signal,
                       track->slot, member->holding, backtest->closes, decided, error) != 0)
        return -1;
    for (int i = 0; i < decided->cancels; i++)
        if (engine_cancel(&backtest->engine, decided->cancel[i].order_id, signal->time, decided->cancel[i].reason,
                          error) < 0)
            return -1;
    if (decided->has_order)
        return take_order(backtest, &decided->order, track->slot, member, error);
    if (decided->has_refusal)
        return report_refusal(backtest, &decided->refusal, signal->id, track->slot, strategy, error);
    return 0;
}

static int explain(struct runner *runner, const struct track *track, const struct candle *candle, struct signal *signal,
                   struct error *error)
{
    struct bar bar = {.time = candle->time,
                      .end = candle->end,
                      .session = TIME_NONE,
                      .interval = track->interval,
                      .open = candle->open,
                      .high = candle->high,
                      .low = candle->low,
                      .close = candle->close,
                      .volume = candle->volume,
                      .vwap = DEC_NONE,
                      .adjusted = track->adjusted,
                      .final = 1};
    memcpy(bar.symbol, track->symbol, sizeof bar.symbol);
    return runner_explain(runner, &bar, signal, error);
}

/* Not within its caller, which every bar goes through: the records it makes are a kilobyte of stack. */
__attribute__((noinline)) static int follow_decision(struct backtest *backtest, const struct moment_bar *at,
                                                     int strategy, struct error *error)
{
    const struct track *track = &backtest->track[at->track];
    struct signal signal;
    struct runner *runner = backtest->runner[strategy];
    if (runner_signal(runner, &at->candle, track->interval, &signal, error) != 0 ||
        (!backtest->decided.brief && explain(runner, track, &at->candle, &signal, error) != 0))
        return -1;
    return follow_level(backtest, &signal, track, strategy, error);
}

static bool is_settled(const struct backtest *backtest, const struct track *track, int strategy, enum want side)
{
    const struct ledger *ledger = &backtest->ledger;
    struct member *member = &track->member[strategy];
    if (member->holding < 0)
        member->holding = ledger_find_holding(ledger, backtest->use[strategy].instance, track->slot);
    return risk_is_settled(ledger, member->holding < 0 ? NULL : &ledger->holding[member->holding], track->slot, side);
}

static int step_strategy(struct backtest *backtest, const struct moment_bar *at, int strategy, struct error *error)
{
    const struct track *track = &backtest->track[at->track];
    struct runner *runner = backtest->runner[strategy];
    struct series **series = &track->member[strategy].series;
    enum want side;
    if (*series == NULL && (*series = runner_series(runner, track->symbol, track->interval, error)) == NULL)
        return -1;
    if (runner_step(runner, *series, &at->candle, track->adjusted, track->symbol, &side, error) != 0)
        return -1;
    if (side == WANT_NONE || is_settled(backtest, track, strategy, side))
        return 0;
    return follow_decision(backtest, at, strategy, error);
}

static int write_point(struct backtest *backtest, const struct worth *worth, struct error *error)
{
    struct equity point;
    engine_point(&backtest->engine, backtest->moment, worth, &point);
    return write_record(backtest, RECORD_EQUITY, &point, error);
}

/* Everything of the moment has come: expire, take the equity point, let the strategies step, size. */
static int complete_moment(struct backtest *backtest, struct error *error)
{
    if (backtest->moment == TIME_NONE)
        return 0;
    struct worth worth;
    if (engine_finish(&backtest->engine, backtest->moment, &worth, error) != 0 ||
        metrics_equity(&backtest->metrics, backtest->moment, worth.equity, worth.exposure, error) != 0 ||
        (backtest->options.write != NULL && write_point(backtest, &worth, error) != 0))
        return -1;
    for (size_t b = 0; b < backtest->bars; b++)
        for (int i = 0; i < backtest->options.count; i++)
            if (step_strategy(backtest, &backtest->bar[b], i, error) != 0)
                return -1;
    backtest->bars = 0;
    return 0;
}

static int refuse_time(int64_t known, const char *what, const char *symbol, struct error *error)
{
    char text[TIME_TEXT_MAX];
    text[time_format(text, known)] = '\0';
    error_set(error, EXIT_INPUT, "%s: the %s of %s goes back in time", symbol, what, text);
    error_hint(error, "'tn-stream replay FILE FILE' merges several files by time");
    return -1;
}

static int reach(struct backtest *backtest, int64_t known, const char *what, const char *symbol, struct error *error)
{
    if (known < backtest->moment) /* TIME_NONE is before every time */
        return refuse_time(known, what, symbol, error);
    if (known == backtest->moment)
        return 0;
    const bool first = backtest->moment == TIME_NONE;
    if (complete_moment(backtest, error) != 0)
        return -1;
    backtest->moment = known;
    backtest->last = known;
    return first ? open_account(backtest, known, error) : 0;
}

static int hash_line(struct backtest *backtest, struct str line, struct error *error)
{
    if (line.n == 0)
        return 0;
    if (sha256_add(backtest->input, line.p, line.n, error) != 0)
        return -1;
    return sha256_add(backtest->input, "\n", 1, error);
}

static int keep_bar(struct backtest *backtest, int track, const struct candle *candle, struct error *error)
{
    if (backtest->bars == backtest->bar_capacity) {
        const size_t capacity = backtest->bar_capacity == 0 ? 16 : 2 * backtest->bar_capacity;
        struct moment_bar *list = realloc(backtest->bar, capacity * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        backtest->bar = list;
        backtest->bar_capacity = capacity;
    }
    backtest->bar[backtest->bars++] = (struct moment_bar){.track = track, .candle = *candle};
    return 0;
}

static int add_track(struct backtest *backtest, const char *symbol, struct interval interval, struct error *error)
{
    if (backtest->tracks == backtest->track_capacity) {
        const size_t capacity = backtest->track_capacity == 0 ? 16 : 2 * backtest->track_capacity;
        struct track *list = realloc(backtest->track, capacity * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        backtest->track = list;
        backtest->track_capacity = capacity;
    }
    struct track *track = &backtest->track[backtest->tracks];
    *track = (struct track){.interval = interval, .last = TIME_NONE};
    (void)snprintf(track->symbol, sizeof track->symbol, "%s", symbol);
    track->slot = ledger_slot(&backtest->ledger, symbol, error);
    track->member = calloc((size_t)backtest->options.count, sizeof *track->member);
    if (track->slot < 0 || track->member == NULL) {
        free(track->member);
        return track->slot < 0 ? -1 : error_memory(error);
    }
    for (int i = 0; i < backtest->options.count; i++)
        track->member[i].holding = -1;
    return (int)backtest->tracks++;
}

static bool is_track(const struct track *track, const char *symbol, struct interval interval)
{
    return strcmp(track->symbol, symbol) == 0 && interval_equal(track->interval, interval);
}

int backtest_series(struct backtest *backtest, const char *symbol, struct interval interval, enum adjusted adjusted,
                    struct error *error)
{
    /* Merged streams go round and round: the next one after the last is the best guess. */
    size_t index = backtest->tracks;
    for (size_t i = 0; i < backtest->tracks && index == backtest->tracks; i++) {
        const size_t guess = (backtest->last_track + 1 + i) % backtest->tracks;
        if (is_track(&backtest->track[guess], symbol, interval))
            index = guess;
    }
    if (index == backtest->tracks && add_track(backtest, symbol, interval, error) < 0)
        return -1;
    backtest->last_track = index;
    backtest->track[index].adjusted = adjusted;
    const enum adjusted kind = adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : adjusted;
    backtest->mixed = backtest->mixed || (backtest->adjusted != ADJUSTED_NONE && backtest->adjusted != kind);
    backtest->adjusted = kind;
    return (int)index;
}

int backtest_candle(struct backtest *backtest, int series, const struct candle *candle, struct error *error)
{
    struct track *track = &backtest->track[series];
    if (candle->end <= track->last) /* TIME_NONE is before every time */
        return error_set(error, EXIT_INPUT, "%s: a bar that does not end after the last one", track->symbol);
    if (reach(backtest, candle->end, "bar", track->symbol, error) != 0)
        return -1;
    track->last = candle->end;
    backtest->bar_count++;
    if (engine_bar(&backtest->engine, track->slot, track->interval, candle, error) != 0)
        return -1;
    return keep_bar(backtest, series, candle, error);
}

int backtest_bar(struct backtest *backtest, const struct bar *bar, struct str line, struct error *error)
{
    struct candle candle = candle_of_bar(bar);
    if (bar->final == 0)
        return 0;
    const int series = backtest_series(backtest, bar->symbol, bar->interval, bar->adjusted, error);
    if (series < 0 || bar_opens(backtest->options.calendar, bar, &candle.opens, error) != 0 ||
        backtest_candle(backtest, series, &candle, error) != 0)
        return -1;
    return hash_line(backtest, line, error);
}

int backtest_action(struct backtest *backtest, const struct action *action, struct str line, struct error *error)
{
    if (action_is_in_prices(backtest->adjusted, action->kind))
        return error_set(error, EXIT_INPUT, "%s: a corporate action among bars that are adjusted already",
                         action->symbol);
    if (reach(backtest, action->time, "corporate action", action->symbol, error) != 0)
        return -1;
    backtest->action_count++;
    if (hash_line(backtest, line, error) != 0 || engine_action(&backtest->engine, action, error) != 0)
        return -1;
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_action(backtest->runner[i], action, error) != 0)
            return -1;
    for (size_t i = 0; action->kind == ACTION_RENAME && i < backtest->tracks; i++)
        for (int k = 0; k < backtest->options.count; k++)
            backtest->track[i].member[k].series = NULL;
    return 0;
}

int backtest_finish(struct backtest *backtest, struct error *error)
{
    if (complete_moment(backtest, error) != 0 || metrics_finish(&backtest->metrics, error) != 0)
        return -1;
    return backtest_write_result(backtest, error);
}
