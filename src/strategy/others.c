/* The figures that a rule takes from other symbols. */
#include "strategy/others.h"

#include "expr/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct others {
    const struct program *program;
    int count;
    struct series_set *set;
    struct column_block block;
    bool noted[OTHERS_MAX]; /* a bar of its symbol came */
    double value[OTHERS_MAX];
    const double *column[OTHERS_MAX];
};

/* Of one symbol in one interval; behind it the states of all programs, of which its own symbol's are used. */
struct other {
    int64_t end; /* of its last bar, TIME_NONE before the first */
    double value[OTHERS_MAX];
};

static size_t round_up(size_t size)
{
    const size_t unit = _Alignof(max_align_t);
    return (size + unit - 1) / unit * unit;
}

/* Where the state of the index-th program is; of the one behind the last: the size of all. */
static size_t state_at(const struct others *others, int index)
{
    size_t at = round_up(sizeof(struct other));
    for (int i = 0; i < index; i++)
        at += round_up(program_size(program_other(others->program, i)));
    return at;
}

static void init_other(void *state, const void *context)
{
    const struct others *others = context;
    struct other *other = state;
    other->end = TIME_NONE;
    for (int i = 0; i < others->count; i++) {
        other->value[i] = NAN;
        program_init(program_other(others->program, i), (char *)state + state_at(others, i));
    }
}

struct others *others_new(const struct program *program, const struct calendar *calendar,
                          const struct symbol_calendars *calendars, struct error *error)
{
    struct others *others = calloc(1, sizeof *others);
    if (others == NULL) {
        error_memory(error);
        return NULL;
    }
    others->program = program;
    others->count = program_others(program);
    if (others->count > OTHERS_MAX)
        error_set(error, EXIT_USAGE, "a rule uses other symbols %d times, at most %d are possible", others->count,
                  OTHERS_MAX);
    else
        others->set = series_set_new(state_at(others, others->count), init_other, others, error);
    if (others->set == NULL) {
        others_free(others);
        return NULL;
    }
    series_set_calendar(others->set, calendar, calendars);
    for (int i = 0; i < others->count; i++)
        others->column[i] = &others->value[i];
    return others;
}

void others_free(struct others *others)
{
    if (others == NULL)
        return;
    series_set_free(others->set);
    free(others);
}

static bool is_named(const struct others *others, int index, const char *symbol)
{
    return strcmp(program_other_symbol(others->program, index), symbol) == 0;
}

/* Runs the index-th program over the bar, which the series has taken in. */
static void run(struct others *others, int index, const struct series *series, const struct bars *bars)
{
    struct program *program = program_other(others->program, index);
    struct other *other = series->state;
    double value = NAN;
    double *const out[] = {&value};
    int price, volume;
    series_columns(series, bars, program_inputs(program), UNIT_COUNT, &others->block);
    program_run(program, (char *)series->state + state_at(others, index), &others->block.columns, out);
    /* As a rule makes its own figures plain, to the bit: what is compared with itself is equal. */
    (void)program_powers(program, 0, &price, &volume);
    other->value[index] = value / step_scale(price, volume, &others->block.columns);
    other->end = *bars->end;
    others->noted[index] = true;
}

int others_note(struct others *others, const struct bar *bar, struct error *error)
{
    struct series *series = NULL;
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    if (bar->final == 0)
        return 0;
    for (int i = 0; i < others->count; i++) {
        if (!is_named(others, i, bar->symbol))
            continue;
        if (series == NULL && ((series = series_set_find(others->set, bar->symbol, bar->interval, error)) == NULL ||
                               program_check_interval(program_other(others->program, i), bar->interval, error) != 0 ||
                               series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0))
            return -1;
        run(others, i, series, &bars);
    }
    return 0;
}

const char *others_missing(const struct others *others)
{
    for (int i = 0; i < others->count; i++)
        if (!others->noted[i])
            return program_other_symbol(others->program, i);
    return NULL;
}

int others_action(struct others *others, const struct action *action, struct error *error)
{
    return series_set_action(others->set, action, error);
}

static bool is_known(const struct other *other, struct interval interval, int64_t end)
{
    if (other->end == TIME_NONE || other->end > end)
        return false;
    const int64_t length = interval_end(interval, 0);
    const int64_t oldest = length < INT64_MAX / 3 && 3 * length > OTHERS_OLDEST ? 3 * length : OTHERS_OLDEST;
    return end - other->end <= oldest;
}

int others_columns(struct others *others, struct interval interval, int64_t end, const double *const **columns,
                   struct error *error)
{
    for (int i = 0; i < others->count; i++) {
        const struct series *series =
            series_set_find(others->set, program_other_symbol(others->program, i), interval, error);
        if (series == NULL)
            return -1;
        const struct other *other = series->state;
        others->value[i] = is_known(other, interval, end) ? other->value[i] : (double)NAN;
    }
    *columns = others->column;
    return 0;
}
