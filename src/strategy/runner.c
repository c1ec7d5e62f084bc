/* Runs one strategy instance over many series and turns its decisions into signals. */
#include "base/digits.h"
#include "record/record.h"
#include "strategy/foreign.h"
#include "strategy/others.h"
#include "strategy/rules.h"
#include "strategy/runner_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 4096 /* of a reason or a basis */

static void track_init(void *state, const void *context)
{
    const struct strategy_use *use = context;
    struct track *track = state;
    *track = (struct track){.side = WANT_NONE,
                            .decided = TIME_NONE,
                            .first = TIME_NONE,
                            .named = TIME_NONE,
                            .chosen = WANT_NONE,
                            .weight = NAN};
    strategy_init(use, track->state);
}

static int open_others(struct runner *runner, struct error *error)
{
    const struct program *program = runner->use.rules == NULL ? NULL : rule_set_program(runner->use.rules);
    if (program != NULL && program_known(program) > 0) {
        known_free(runner->known);
        if ((runner->known = known_new(program, runner->calendar, error)) == NULL)
            return -1;
    }
    if (program == NULL || program_others(program) == 0)
        return 0;
    others_free(runner->others);
    runner->others = others_new(program, runner->calendar, runner->calendars, error);
    return runner->others == NULL ? -1 : 0;
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
    const size_t size = sizeof(struct track) + strategy_size(use);
    runner->set = series_set_new(size, track_init, &runner->use, error);
    runner->hash = sha256_new(error);
    runner->ranks = use->rules != NULL && rule_set_ranks(use->rules);
    if (runner->set == NULL || runner->hash == NULL || levels_reserve(&runner->level, 1, error) != 0 ||
        open_others(runner, error) != 0 ||
        (use->foreign != NULL && (runner->foreign = foreign_run_new(use, error)) == NULL)) {
        runner_free(runner);
        return NULL;
    }
    return runner;
}

int runner_set_calendar(struct runner *runner, const struct calendar *calendar,
                        const struct symbol_calendars *calendars, struct error *error)
{
    runner->calendar = calendar;
    runner->calendars = calendars;
    series_set_calendar(runner->set, calendar, calendars);
    return open_others(runner, error);
}

bool runner_wants_calendar(const struct runner *runner)
{
    return runner->ranks || (runner->use.inputs & INPUT_SESSION) != 0 ||
           (runner->use.rules != NULL && program_wants_calendar(rule_set_program(runner->use.rules)));
}

const char *runner_missing(const struct runner *runner)
{
    return runner->others == NULL ? NULL : others_missing(runner->others);
}

bool runner_hears(const struct runner *runner)
{
    return runner->known != NULL;
}

int runner_event(struct runner *runner, const struct known_event *event, struct error *error)
{
    return runner->known == NULL ? 0 : known_add(runner->known, event, error);
}

const char *runner_unheard(const struct runner *runner)
{
    return runner->known == NULL ? NULL : known_missing(runner->known);
}

bool runner_waits(const struct runner *runner)
{
    return runner->others != NULL || runner->ranks || runner->foreign != NULL;
}

void runner_free(struct runner *runner)
{
    if (runner == NULL)
        return;
    series_set_free(runner->set);
    others_free(runner->others);
    known_free(runner->known);
    foreign_run_free(runner->foreign);
    free(runner->noted);
    free(runner->candidate);
    levels_free(&runner->level);
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
    if (runner->others != NULL && others_action(runner->others, action, error) != 0)
        return -1;
    if (runner->foreign != NULL && foreign_run_action(runner->foreign, action, error) != 0)
        return -1;
    return series_set_action(runner->set, action, error);
}

/* The number of the instance and of its decision. */
static void name_plainly(struct runner *runner, struct track *track, int64_t decided, char id[static ID_SIZE])
{
    if (track->named != decided)
        track->number = ++runner->decisions;
    track->named = decided;
    char *p = digits_write_32(id, (uint64_t)runner->number);
    *p++ = '.';
    *digits_write_32(p, track->number) = '\0';
}

/* The id says what is wanted since when, and nothing that a later bar could change. */
static int name_decision(struct runner *runner, struct track *track, enum want side, int64_t decided,
                         struct error *error)
{
    if (track->named == decided)
        return 0;
    char text[STRATEGY_SIZE + SYMBOL_SIZE + TIME_TEXT_MAX + 16], since[TIME_TEXT_MAX];
    uint8_t digest[SHA256_SIZE];
    since[time_format(since, decided)] = '\0';
    const int n =
        snprintf(text, sizeof text, "%s\n%s\n%s\n%s", runner->use.instance, track->symbol, want_text(side), since);
    require(n > 0 && (size_t)n < sizeof text);
    if (sha256_of(runner->hash, text, (size_t)n, digest, error) != 0)
        return -1;
    memcpy(track->id, "sg", 2);
    hash_base32(track->id + 2, digest, 80);
    track->named = decided;
    return 0;
}

/* The price of the day, DEC_NONE for one too small to be written. */
static int round_price(dec *price, const struct series *series, double value, struct error *error)
{
    const double count = nearbyint(series_of_day(series, value, 1, 0)); /* half-even, as any program starts */
    if (!(count < 0x1p63))
        return error_set(error, EXIT_INPUT, "a protective price is out of range");
    *price = count > 0 ? (dec)count : DEC_NONE;
    return 0;
}

static int write_reason(struct buf *out, const struct strategy_use *use, const struct series *series,
                        const struct levels *levels, size_t row, struct error *error)
{
    const struct strategy *strategy = use->strategy;
    buf_reset(out);
    buf_add_char(out, '{');
    for (int i = 0; i < strategy->reasons; i++) {
        const struct reason *reason = &strategy->reason[i];
        const double value = series_of_day(series, levels->reason[i][row], reason->price_power, 0);
        if (isnan(value))
            continue;
        double unit = 1; /* divided by in one go */
        for (int k = 0; k < reason->price_power; k++)
            unit *= (double)DEC_ONE;
        if (out->n > 1)
            buf_add_char(out, ',');
        json_add_string(out, str_of(reason->name));
        buf_add_char(out, ':');
        json_add_double(out, value / unit);
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
        track->interval = interval;
        track->named = TIME_NONE;
        track->passed = runner->use.rules != NULL && !rule_set_covers(runner->use.rules, symbol);
        if (runner->use.rules != NULL &&
            program_check_interval(rule_set_program(runner->use.rules), interval, error) != 0)
            return NULL;
    }
    return series;
}

/* The first row from one on whose side is not that of the row before it. Nearly all rows are like that one: so eight
 * are looked at in one go. */
static size_t next_change(const enum want *side, size_t i, size_t end)
{
    for (; i + 8 <= end; i += 8) {
        unsigned other = 0;
        for (size_t k = i; k < i + 8; k++)
            other |= (unsigned)side[k] ^ (unsigned)side[k - 1];
        if (other != 0)
            break;
    }
    while (i < end && side[i] == side[i - 1])
        i++;
    return i;
}

/* Find the stretches of the new rows, and when their sides were decided. */
static void note_stretches(struct track *track, const struct bars *bars, struct levels *levels)
{
    const enum want *side = levels->side;
    const size_t begin = levels->count, end = begin + bars->count;
    for (size_t i = begin; i < end; i++) {
        if (!levels->renews)
            i = i > begin ? next_change(side, i, end) : i;
        else
            while (i > begin && i < end && side[i] == side[i - 1] && !levels->anew[i])
                i++;
        if (i == end)
            break;
        if (side[i] != WANT_NONE && (side[i] != track->side || (levels->renews && levels->anew[i]))) {
            track->decided = bars->end[i - begin];
            track->first = track->side == WANT_NONE ? track->decided : track->first;
            track->side = side[i];
            track->age = (int64_t)begin - (int64_t)i;
        }
        levels->stretch[levels->stretches++] =
            (struct stretch){i, track->decided, track->age + (int64_t)i - (int64_t)begin};
    }
    levels->count += bars->count;
    track->bars += bars->count;
    track->age += (int64_t)bars->count;
}

/* A bar for another program. */
static int note_foreign(struct runner *runner, const struct bar *bar, struct error *error)
{
    struct series *series = runner_series(runner, bar->symbol, bar->interval, error);
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    if (series == NULL || series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0)
        return -1;
    return foreign_run_bar(runner->foreign, bar, error);
}

int runner_note(struct runner *runner, const struct bar *bar, struct error *error)
{
    if (bar->final == 0)
        return 0;
    if (runner->foreign != NULL)
        return note_foreign(runner, bar, error);
    if (runner->others != NULL && others_note(runner->others, bar, error) != 0)
        return -1;
    const bool ranked = runner->ranks && rule_set_covers(runner->use.rules, bar->symbol);
    return ranked ? runner_rank_note(runner, bar, error) : 0;
}

int runner_finish(struct runner *runner, struct error *error)
{
    return runner->foreign == NULL ? 0 : foreign_run_finish(runner->foreign, error);
}

bool runner_asks_ahead(const struct runner *runner)
{
    return runner->foreign != NULL;
}

int runner_ask(struct runner *runner, struct error *error)
{
    if (runner->foreign != NULL)
        return foreign_run_ask(runner->foreign, error);
    return runner->ranks ? runner_rank_moment(runner, error) : 0;
}

int runner_hear(struct runner *runner, struct error *error)
{
    return runner->foreign == NULL ? 0 : foreign_run_hear(runner->foreign, error);
}

int runner_moment(struct runner *runner, struct error *error)
{
    return runner_ask(runner, error) != 0 || runner_hear(runner, error) != 0 ? -1 : 0;
}

/* What another program said to the bar of a row. */
static const struct signal *foreign_said(const struct runner *runner, const struct levels *levels, size_t row)
{
    return foreign_run_signal(runner->foreign, levels->answer[row]);
}

int runner_step(struct runner *runner, struct series *series, const struct bars *bars, enum adjusted adjusted,
                const char *symbol, struct levels *levels, struct error *error)
{
    struct column_block block;
    struct track *track = series->state;
    require(bars->count <= levels->capacity - levels->count && bars->count <= LEVELS_MAX &&
            (bars->count <= 1 || !runner_waits(runner)));
    if (track->passed) {
        for (size_t i = 0; i < bars->count; i++)
            levels->side[levels->count + i] = WANT_NONE;
        note_stretches(track, bars, levels);
        track->bars = 0; /* nobody waits for it */
        return 0;
    }
    if (runner->foreign != NULL) {
        levels->answer[levels->count] = foreign_run_find(runner->foreign, track->symbol, track->interval);
        const struct signal *said = foreign_said(runner, levels, levels->count);
        levels->side[levels->count] = said == NULL ? WANT_NONE : said->side;
        note_stretches(track, bars, levels);
        return 0;
    }
    if (runner->ranks) {
        runner_rank_step(runner, series, levels);
        note_stretches(track, bars, levels);
        return 0;
    }
    if (series_step(series, bars, adjusted, symbol, error) != 0)
        return -1;
    series_columns(series, bars, runner->use.inputs, UNIT_COUNT, &block);
    if (runner->others != NULL &&
        others_columns(runner->others, track->interval, bars->end[0], &block.columns.others, error) != 0)
        return -1;
    if (runner->known != NULL && known_columns(runner->known, symbol, &block.columns, error) != 0)
        return -1;
    strategy_run(&runner->use, track->state, &block.columns, levels);
    note_stretches(track, bars, levels);
    return 0;
}

bool runner_moves(const struct runner *runner, const struct levels *levels, size_t row)
{
    return runner->foreign != NULL && foreign_said(runner, levels, row)->moves == 1;
}

/* Its words for how much and at what prices, in prices of the day. */
static void take_foreign(struct signal *signal, const struct signal *said)
{
    signal->strength = said->strength;
    signal->units = said->units;
    signal->stop = said->stop;
    signal->target = said->target;
    signal->entry = said->entry;
    signal->entry_price = said->entry_price;
    signal->entry_bars = said->entry_bars;
    memcpy(signal->exits, said->exits, sizeof signal->exits);
    signal->leg_count = said->leg_count;
    signal->moves = said->moves;
    signal->horizon = said->horizon;
}

int runner_signal(struct runner *runner, const struct series *series, const struct levels *levels, size_t row,
                  int64_t end, dec close, struct signal *signal, struct error *error)
{
    struct track *track = series->state;
    const enum want side = levels->side[row];
    require(row < levels->count && side != WANT_NONE);
    const struct stretch *of = levels_stretch(levels, row);
    if (runner->number >= 0)
        name_plainly(runner, track, of->decided, signal->id);
    else if (name_decision(runner, track, side, of->decided, error) != 0)
        return -1;
    else
        memcpy(signal->id, track->id, sizeof signal->id);
    /* Field by field: what a literal would clear are mostly texts that are copied next. */
    memcpy(signal->symbol, track->symbol, sizeof signal->symbol);
    signal->time = end;
    memcpy(signal->strategy, runner->use.instance, sizeof signal->strategy);
    signal->side = side;
    signal->decided = of->decided;
    signal->age = of->age + (int64_t)(row - of->from);
    signal->initial = of->decided == track->first ? 1 : -1;
    signal->interval = track->interval;
    signal->strength = levels->strength[row];
    signal->units = levels->units[row];
    signal->price = close;
    signal->stop = signal->target = signal->entry_price = DEC_NONE;
    signal->entry = ORDER_NONE;
    signal->entry_bars = 0;
    signal->leg_count = 0;
    signal->moves = -1;
    signal->horizon = (struct str){NULL, 0};
    signal->reason = (struct str){NULL, 0};
    signal->basis = (struct str){NULL, 0};
    signal->cause[0] = '\0';
    if (runner->foreign != NULL) {
        take_foreign(signal, foreign_said(runner, levels, row));
        return 0;
    }
    const double stop = levels->stop[row], target = levels->target[row];
    if ((!isnan(stop) && round_price(&signal->stop, series, stop, error) != 0) ||
        (!isnan(target) && round_price(&signal->target, series, target, error) != 0))
        return -1;
    return runner->use.rules == NULL ? 0 : rule_set_describe(&runner->use, series, levels, row, signal, error);
}

int runner_explain(struct runner *runner, const struct series *series, const struct levels *levels, size_t row,
                   const struct bar *bar, struct signal *signal, struct error *error)
{
    if (write_reason(&runner->reason, &runner->use, series, levels, row, error) != 0 ||
        write_basis(&runner->basis, bar, error) != 0)
        return -1;
    signal->reason = buf_str(&runner->reason);
    if (runner->foreign != NULL && foreign_said(runner, levels, row)->reason.n > 0)
        signal->reason = foreign_said(runner, levels, row)->reason;
    signal->basis = buf_str(&runner->basis);
    bar_key(signal->cause, bar);
    return 0;
}

static void note_waiting(void *context, const void *state)
{
    struct runner_waiting *waiting = context;
    const struct track *track = state;
    if (track->side != WANT_NONE || track->bars == 0)
        return;
    if (waiting->series++ > 0 && track->bars <= waiting->bars)
        return;
    memcpy(waiting->symbol, track->symbol, sizeof waiting->symbol);
    waiting->bars = track->bars;
}

void runner_waiting(const struct runner *runner, struct runner_waiting *waiting)
{
    *waiting = (struct runner_waiting){.series = 0};
    series_set_each(runner->set, note_waiting, waiting);
}

/* Steps over a bar: its level is the only row. */
static int step_bar(struct runner *runner, struct series *series, const struct bar *bar, struct error *error)
{
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    levels_clear(&runner->level);
    if (series == NULL || runner_step(runner, series, &bars, bar->adjusted, bar->symbol, &runner->level, error) != 0)
        return -1;
    return runner->level.side[0] != WANT_NONE;
}

static int signal_bar(struct runner *runner, const struct series *series, const struct bar *bar, struct signal *signal,
                      struct error *error)
{
    if (runner_signal(runner, series, &runner->level, 0, bar->end, bar->close, signal, error) != 0 ||
        runner_explain(runner, series, &runner->level, 0, bar, signal, error) != 0)
        return -1;
    return 1;
}

int runner_bar(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error)
{
    if (bar->final == 0)
        return 0;
    struct series *series = runner_series(runner, bar->symbol, bar->interval, error);
    const int got = step_bar(runner, series, bar, error);
    return got == 1 ? signal_bar(runner, series, bar, signal, error) : got;
}

int runner_bar_row(struct runner *runner, const struct bar *bar, struct level_row *row, struct error *error)
{
    if (bar->final == 0)
        return 0;
    const int got = step_bar(runner, runner_series(runner, bar->symbol, bar->interval, error), bar, error);
    if (got != 1)
        return got;
    const struct levels *levels = &runner->level;
    *row = (struct level_row){.side = levels->side[0],
                              .strength = levels->strength[0],
                              .units = levels->units[0],
                              .stop = levels->stop[0],
                              .target = levels->target[0],
                              .entry = levels->entry[0],
                              .anew = levels->anew[0],
                              .answer = levels->answer[0],
                              .decided = levels->stretch[0].decided,
                              .age = levels->stretch[0].age};
    for (int i = 0; i < LEVEL_FIGURES_MAX; i++)
        row->figure[i] = levels->figure[i][0];
    for (int i = 0; i < STRATEGY_REASONS_MAX; i++)
        row->reason[i] = levels->reason[i][0];
    return 1;
}

int runner_row_signal(struct runner *runner, const struct level_row *row, const struct bar *bar, struct signal *signal,
                      struct error *error)
{
    const struct series *series = runner_series(runner, bar->symbol, bar->interval, error);
    struct levels *levels = &runner->level;
    if (series == NULL)
        return -1;
    levels->count = levels->stretches = 1;
    levels->stretch[0] = (struct stretch){0, row->decided, row->age};
    levels->side[0] = row->side;
    levels->strength[0] = row->strength;
    levels->units[0] = row->units;
    levels->stop[0] = row->stop;
    levels->target[0] = row->target;
    levels->entry[0] = row->entry;
    levels->anew[0] = row->anew;
    levels->answer[0] = row->answer;
    for (int i = 0; i < LEVEL_FIGURES_MAX; i++)
        levels->figure[i][0] = row->figure[i];
    for (int i = 0; i < STRATEGY_REASONS_MAX; i++)
        levels->reason[i][0] = row->reason[i];
    return signal_bar(runner, series, bar, signal, error) == 1 ? 0 : -1;
}
