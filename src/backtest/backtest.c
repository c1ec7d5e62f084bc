/* The run itself: moments, levels, what the events mean for the figures. */
#include "backtest/internal.h"

#include "market/bar_times.h"

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
static int note_risk(struct backtest *backtest, const struct fill *fill, dec amount, struct error *error)
{
    const struct ticket *ticket = ledger_ticket(&backtest->ledger, fill->order_id);
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
    struct entry_risk *risk = &backtest->risk[backtest->risks++];
    memcpy(risk->fill, fill->id, sizeof risk->fill);
    risk->risk = money;
    risk->cost = amount;
    return 0;
}

static int note_fill(struct backtest *backtest, const struct fill *fill, struct error *error)
{
    dec amount;
    if (ledger_amount(&backtest->ledger, fill->quantity, fill->price, fill->multiplier, &amount, error) != 0)
        return -1;
    if (metrics_fill(&backtest->metrics, amount, fill->commission, DEC_NONE, error) != 0)
        return -1;
    return fill->role == ROLE_ENTRY ? note_risk(backtest, fill, amount, error) : 0;
}

/* A closed lot is a trade. */
static int note_close(void *context, const struct closing *closing, struct error *error)
{
    struct backtest *backtest = context;
    struct metrics_trade trade = {
        .entered = closing->opened, .left = closing->closed, .pnl = closing->realized, .risk = DEC_NONE};
    for (size_t i = 0; i < backtest->risks; i++) {
        struct entry_risk *risk = &backtest->risk[i];
        if (strcmp(risk->fill, closing->opening_fill) != 0)
            continue;
        const dec cost = closing->cost < 0 ? -closing->cost : closing->cost;
        /* The lot's cost holds its commission, so the part closed may be a little more than the whole. */
        const dec part = cost < risk->cost ? cost : risk->cost;
        if (risk->cost > 0 && dec_multiply_divide(&trade.risk, risk->risk, part, risk->cost, ROUND_HALF_EVEN) != 0)
            return overflow(error);
        if (trade.risk == 0)
            trade.risk = DEC_NONE;
        const struct holding *holding =
            ledger_holding(&backtest->ledger, closing->strategy, ledger_find_slot(&backtest->ledger, closing->symbol));
        if (holding != NULL && holding->lots <= 1)
            *risk = backtest->risk[--backtest->risks];
        break;
    }
    return metrics_trade(&backtest->metrics, &trade, error);
}

static int on_event(void *context, enum record_type type, const void *value, struct error *error)
{
    struct backtest *backtest = context;
    if (type == RECORD_FILL && note_fill(backtest, value, error) != 0)
        return -1;
    if (type == RECORD_FILL || type == RECORD_CASH || type == RECORD_ACTION ||
        (backtest->options.orders && (type == RECORD_ORDER || type == RECORD_ORDER_UPDATE)))
        return write_record(backtest, type, value, error);
    return 0;
}

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    const struct backtest *backtest = context;
    return desk_instrument(backtest->options.desk, symbol, error);
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
    backtest->moment = TIME_NONE;
    risk_result_init(&backtest->decided);
    const struct metrics_options sessions = {
        .sessions = strcmp(calendar_name(&options->desk->calendar), "always") == 0 ? 365.0 : METRICS_SESSIONS};
    metrics_init(&backtest->metrics, &sessions);
    backtest->input = sha256_new(error);
    backtest->runner = calloc((size_t)options->count, sizeof(struct runner *));
    backtest->use = calloc((size_t)options->count, sizeof *backtest->use);
    if (backtest->runner == NULL || backtest->use == NULL)
        error_memory(error);
    if (backtest->input == NULL || error_is_set(error) || sha256_begin(backtest->input, error) != 0 ||
        ledger_init(&backtest->ledger, &options->desk->terms, error) != 0)
        goto failed;
    memcpy(backtest->use, options->strategies, (size_t)options->count * sizeof *backtest->use);
    for (int i = 0; i < options->count; i++)
        if ((backtest->runner[i] = runner_new(&backtest->use[i], error)) == NULL)
            goto failed;
    backtest->ledger.on_close = note_close;
    backtest->ledger.context = backtest;
    backtest->engine = (struct engine){.ledger = &backtest->ledger,
                                       .costs = options->desk->costs,
                                       .limits = options->desk->limits,
                                       .hash = options->desk->hash,
                                       .instrument = find_instrument,
                                       .emit = on_event,
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
    free(backtest->bar);
    free(backtest->risk);
    free(backtest->refused);
    metrics_clear(&backtest->metrics);
    risk_result_clear(&backtest->decided);
    sha256_free(backtest->input);
    ledger_clear(&backtest->ledger);
    free(backtest);
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

static int follow_level(struct backtest *backtest, const struct signal *signal, int slot, int strategy,
                        struct error *error)
{
    struct risk_result *decided = &backtest->decided;
    const struct instrument *instrument = desk_instrument(backtest->options.desk, signal->symbol, error);
    int64_t until;
    if (instrument == NULL || desk_valid_until(backtest->options.desk, signal->time, &until, error) != 0 ||
        risk_decide(&backtest->ledger, &backtest->engine.limits, instrument, backtest->options.desk->hash, signal,
                    until, decided, error) != 0)
        return -1;
    for (int i = 0; i < decided->cancels; i++)
        if (engine_cancel(&backtest->engine, decided->cancel[i].order_id, signal->time, decided->cancel[i].reason,
                          error) < 0)
            return -1;
    if (decided->has_order) {
        const int taken = engine_submit(&backtest->engine, &decided->order, signal->time, &decided->refusal, error);
        if (taken < 0)
            return -1;
        backtest->order_count += taken == 1;
        decided->has_refusal = taken == 0;
    }
    if (decided->has_refusal)
        return report_refusal(backtest, &decided->refusal, signal->id, slot, strategy, error);
    return 0;
}

/* Everything of the moment has come: expire, take the equity point, let the strategies step, size. */
static int complete_moment(struct backtest *backtest, struct error *error)
{
    if (backtest->moment == TIME_NONE)
        return 0;
    struct equity point;
    if (engine_finish(&backtest->engine, backtest->moment, &point, error) != 0 ||
        metrics_equity(&backtest->metrics, point.time, point.equity, point.exposure, error) != 0 ||
        write_record(backtest, RECORD_EQUITY, &point, error) != 0)
        return -1;
    for (size_t b = 0; b < backtest->bars; b++) {
        const struct moment_bar *at = &backtest->bar[b];
        for (int i = 0; i < backtest->options.count; i++) {
            enum want side;
            if (runner_step(backtest->runner[i], &at->bar, &side, error) != 0)
                return -1;
            struct signal signal;
            if (side == WANT_NONE || risk_is_settled(&backtest->ledger, backtest->use[i].instance, at->slot, side))
                continue;
            if (runner_signal(backtest->runner[i], &at->bar, &signal, error) != 0 ||
                follow_level(backtest, &signal, at->slot, i, error) != 0)
                return -1;
        }
    }
    backtest->bars = 0;
    return 0;
}

static int reach(struct backtest *backtest, int64_t known, const char *what, const char *symbol, struct error *error)
{
    if (backtest->moment != TIME_NONE && known < backtest->moment) {
        char text[TIME_TEXT_MAX];
        text[time_format(text, known)] = '\0';
        return error_set(error, EXIT_INPUT, "%s: the %s of %s goes back in time", symbol, what, text);
    }
    if (known == backtest->moment)
        return 0;
    const bool first = backtest->moment == TIME_NONE;
    if (complete_moment(backtest, error) != 0)
        return -1;
    backtest->moment = known;
    backtest->last = known;
    if (first && open_account(backtest, known, error) != 0)
        return -1;
    return engine_begin(&backtest->engine, known, error);
}

static int hash_line(struct backtest *backtest, struct str line, struct error *error)
{
    if (line.n == 0)
        return 0;
    if (sha256_add(backtest->input, line.p, line.n, error) != 0)
        return -1;
    return sha256_add(backtest->input, "\n", 1, error);
}

static int keep_bar(struct backtest *backtest, const struct bar *bar, int slot, struct error *error)
{
    if (backtest->bars == backtest->bar_capacity) {
        const size_t capacity = backtest->bar_capacity == 0 ? 16 : 2 * backtest->bar_capacity;
        struct moment_bar *list = realloc(backtest->bar, capacity * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        backtest->bar = list;
        backtest->bar_capacity = capacity;
    }
    backtest->bar[backtest->bars++] = (struct moment_bar){.bar = *bar, .slot = slot};
    return 0;
}

int backtest_bar(struct backtest *backtest, const struct bar *bar, struct str line, struct error *error)
{
    struct candle candle = {.time = bar->time,
                            .end = bar->end,
                            .open = bar->open,
                            .high = bar->high,
                            .low = bar->low,
                            .close = bar->close,
                            .volume = bar->volume};
    if (bar->final == 0)
        return 0;
    if (bar_opens(&backtest->options.desk->calendar, bar, &candle.opens, error) != 0 ||
        reach(backtest, bar->end, "bar", bar->symbol, error) != 0)
        return -1;
    const int slot = ledger_slot(&backtest->ledger, bar->symbol, error);
    if (slot < 0)
        return -1;
    for (size_t i = 0; i < backtest->bars; i++)
        if (backtest->bar[i].slot == slot && interval_equal(backtest->bar[i].bar.interval, bar->interval))
            return error_set(error, EXIT_INPUT, "%s: two bars of one interval end at the same time", bar->symbol);
    const enum adjusted adjusted = bar->adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : bar->adjusted;
    backtest->mixed = backtest->mixed || (backtest->adjusted != ADJUSTED_NONE && backtest->adjusted != adjusted);
    backtest->adjusted = adjusted;
    backtest->bar_count++;
    if (hash_line(backtest, line, error) != 0 ||
        engine_bar(&backtest->engine, slot, bar->interval, &candle, error) != 0)
        return -1;
    return keep_bar(backtest, bar, slot, error);
}

int backtest_action(struct backtest *backtest, const struct action *action, struct str line, struct error *error)
{
    if (backtest->adjusted == ADJUSTED_TOTAL || backtest->adjusted == ADJUSTED_SPLIT)
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
    return 0;
}

int backtest_finish(struct backtest *backtest, struct error *error)
{
    if (complete_moment(backtest, error) != 0 || metrics_finish(&backtest->metrics, error) != 0)
        return -1;
    return backtest_write_result(backtest, error);
}
