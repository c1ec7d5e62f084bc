/* Runs one strategy instance over many series and turns its decisions into signals. */
#include "base/buf.h"
#include "base/digits.h"
#include "base/hash.h"
#include "record/record.h"
#include "strategy/strategy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 4096 /* of a reason or a basis */

struct track {
    enum want side; /* WANT_NONE until the strategy could judge */
    bool changed;   /* the side has been another one before */
    int64_t decided;
    char id[ID_SIZE]; /* of the current decision */
    char symbol[SYMBOL_SIZE];
    max_align_t state[]; /* the strategy's */
};

struct runner {
    struct strategy_use use;
    struct series_set *set;
    struct sha256 *hash;
    struct buf reason, basis;
    int number;                  /* -1: ids are hashes */
    uint64_t decisions;          /* named plainly */
    const struct series *series; /* of the last bar */
    struct decision decision;    /* after it */
};

static void track_init(void *state, const void *context)
{
    const struct strategy_use *use = context;
    struct track *track = state;
    *track = (struct track){.side = WANT_NONE, .decided = TIME_NONE};
    use->strategy->init(track->state, use->parameter);
}

struct runner *runner_new(const struct strategy_use *use, struct error *error)
{
    struct runner *runner = calloc(1, sizeof *runner);
    if (runner == NULL) {
        error_memory(error);
        return NULL;
    }
    runner->use = *use;
    runner->number = -1;
    buf_init(&runner->reason, TEXT_MAX);
    buf_init(&runner->basis, TEXT_MAX);
    const size_t size = sizeof(struct track) + use->strategy->size(use->parameter);
    runner->set = series_set_new(size, track_init, &runner->use, error);
    runner->hash = sha256_new(error);
    if (runner->set == NULL || runner->hash == NULL) {
        runner_free(runner);
        return NULL;
    }
    return runner;
}

void runner_free(struct runner *runner)
{
    if (runner == NULL)
        return;
    series_set_free(runner->set);
    sha256_free(runner->hash);
    buf_clear(&runner->reason);
    buf_clear(&runner->basis);
    free(runner);
}

void runner_use_plain_ids(struct runner *runner, int number)
{
    runner->number = number;
}

int runner_action(struct runner *runner, const struct action *action, struct error *error)
{
    return series_set_action(runner->set, action, error);
}

/* The number of the instance and of its decision. */
static void name_plainly(struct runner *runner, struct track *track)
{
    char *p = digits_write_32(track->id, (uint64_t)runner->number);
    *p++ = '.';
    *digits_write_32(p, ++runner->decisions) = '\0';
}

/* The id says what is wanted since when, and nothing that a later bar could change. */
static int name_decision(struct runner *runner, struct track *track, struct error *error)
{
    if (runner->number >= 0) {
        name_plainly(runner, track);
        return 0;
    }
    char text[STRATEGY_SIZE + SYMBOL_SIZE + TIME_TEXT_MAX + 16], decided[TIME_TEXT_MAX];
    uint8_t digest[SHA256_SIZE];
    decided[time_format(decided, track->decided)] = '\0';
    const int n = snprintf(text, sizeof text, "%s\n%s\n%s\n%s", runner->use.instance, track->symbol,
                           want_text(track->side), decided);
    require(n > 0 && (size_t)n < sizeof text);
    if (sha256_of(runner->hash, text, (size_t)n, digest, error) != 0)
        return -1;
    memcpy(track->id, "sg", 2);
    hash_base32(track->id + 2, digest, 80);
    return 0;
}

static void follow_decision(struct track *track, int64_t end, enum want side)
{
    track->changed = track->side != WANT_NONE;
    track->side = side;
    track->decided = end;
    track->id[0] = '\0';
}

/* The price of the day, DEC_NONE for one too small to be written. */
static int round_price(dec *price, const struct series *series, double value, struct error *error)
{
    if (dec_from_double(price, series_of_day(series, value, 1, 0), ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_INPUT, "a protective price is out of range");
    if (*price <= 0)
        *price = DEC_NONE;
    return 0;
}

static int write_reason(struct buf *out, const struct series *series, const struct decision *decision,
                        struct error *error)
{
    buf_reset(out);
    buf_add_char(out, '{');
    for (int i = 0; i < decision->reasons; i++) {
        const struct reason *reason = &decision->reason[i];
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(reason->name));
        buf_add_char(out, ':');
        json_add_double(out, series_of_day(series, reason->value, reason->price_power, 0));
    }
    buf_add_char(out, '}');
    return buf_check(out, error);
}

static int write_basis(struct buf *out, const struct bar *bar, struct error *error)
{
    static const char *const names[] = {",\"open\":", ",\"high\":", ",\"low\":", ",\"close\":"};
    const dec prices[] = {bar->open, bar->high, bar->low, bar->close};
    char interval[INTERVAL_TEXT_MAX];
    buf_reset(out);
    buf_add_text(out, "{\"interval\":");
    json_add_string(out, (struct str){interval, interval_format(interval, bar->interval)});
    buf_add_text(out, ",\"time\":");
    json_add_time(out, bar->time);
    for (int i = 0; i < 4; i++) {
        buf_add_text(out, names[i]);
        json_add_dec(out, prices[i]);
    }
    buf_add_char(out, '}');
    return buf_check(out, error);
}

struct series *runner_series(struct runner *runner, const char *symbol, struct interval interval, struct error *error)
{
    struct series *series = series_set_find(runner->set, symbol, interval, error);
    if (series == NULL)
        return NULL;
    struct track *track = series->state;
    if (strcmp(track->symbol, symbol) != 0) { /* new, or renamed: the id names the symbol */
        (void)snprintf(track->symbol, sizeof track->symbol, "%s", symbol);
        track->id[0] = '\0';
    }
    return series;
}

int runner_step(struct runner *runner, struct series *series, const struct candle *candle, enum adjusted adjusted,
                const char *symbol, enum want *side, struct error *error)
{
    runner->series = series;
    if (series_step(series, candle, adjusted, symbol, error) != 0)
        return -1;
    struct track *track = series->state;
    runner->use.strategy->step(track->state, &series->sample, &runner->decision);
    *side = runner->decision.side;
    if (*side != WANT_NONE && *side != track->side)
        follow_decision(track, candle->end, *side);
    return 0;
}

int runner_signal(struct runner *runner, const struct candle *candle, struct interval interval, struct signal *signal,
                  struct error *error)
{
    const struct series *series = runner->series;
    const struct decision *decision = &runner->decision;
    require(decision->side != WANT_NONE);
    struct track *track = series->state;
    if (track->id[0] == '\0' && name_decision(runner, track, error) != 0)
        return -1;
    /* Field by field: what a literal would clear are mostly texts that are copied next. */
    memcpy(signal->symbol, track->symbol, sizeof signal->symbol);
    signal->time = candle->end;
    memcpy(signal->id, track->id, sizeof signal->id);
    memcpy(signal->strategy, runner->use.instance, sizeof signal->strategy);
    signal->side = track->side;
    signal->decided = track->decided;
    signal->initial = track->changed ? -1 : 1;
    signal->interval = interval;
    signal->strength = decision->strength;
    signal->units = NAN;
    signal->price = candle->close;
    signal->stop = signal->target = DEC_NONE;
    signal->horizon = signal->reason = signal->basis = (struct str){NULL, 0};
    signal->cause[0] = '\0';
    if ((!isnan(decision->stop) && round_price(&signal->stop, series, decision->stop, error) != 0) ||
        (!isnan(decision->target) && round_price(&signal->target, series, decision->target, error) != 0))
        return -1;
    return 0;
}

int runner_explain(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error)
{
    if (write_reason(&runner->reason, runner->series, &runner->decision, error) != 0 ||
        write_basis(&runner->basis, bar, error) != 0)
        return -1;
    signal->reason = buf_str(&runner->reason);
    signal->basis = buf_str(&runner->basis);
    bar_key(signal->cause, bar);
    return 0;
}

int runner_bar(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error)
{
    const struct candle candle = candle_of_bar(bar);
    enum want side;
    if (bar->final == 0)
        return 0;
    struct series *series = runner_series(runner, bar->symbol, bar->interval, error);
    if (series == NULL || runner_step(runner, series, &candle, bar->adjusted, bar->symbol, &side, error) != 0)
        return -1;
    if (side == WANT_NONE)
        return 0;
    if (runner_signal(runner, &candle, bar->interval, signal, error) != 0 ||
        runner_explain(runner, bar, signal, error) != 0)
        return -1;
    return 1;
}
