/* A rule over a universe. */
#include "strategy/scan.h"

#include "base/list.h"
#include "indicator/series.h"
#include "strategy/known.h"
#include "strategy/others.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    struct expr *expr;
    struct program *program;
    struct series_set *set;
    struct others *others;     /* NULL: it asks for none */
    struct known *known;       /* likewise */
    struct column_block block; /* of the bar that came last */
    int figures, stages;
    bool question;
};

/* The state of a series: the result, then the program's. */
static size_t result_size(void)
{
    const size_t unit = _Alignof(max_align_t);
    return (sizeof(struct scan_result) + unit - 1) / unit * unit;
}

static void init_series(void *state, const void *context)
{
    const struct scan *scan = context;
    struct scan_result *result = state;
    *result = (struct scan_result){.before = NAN, .value = NAN, .end = TIME_NONE};
    program_init(scan->program, (char *)state + result_size());
}

int scan_set_calendar(struct scan *scan, const struct calendar *calendar, const struct symbol_calendars *calendars,
                      struct error *error)
{
    series_set_calendar(scan->set, calendar, calendars);
    if (program_known(scan->program) > 0) {
        known_free(scan->known);
        if ((scan->known = known_new(scan->program, calendar, error)) == NULL)
            return -1;
    }
    if (program_others(scan->program) == 0)
        return 0;
    others_free(scan->others);
    scan->others = others_new(scan->program, calendar, calendars, error);
    return scan->others == NULL ? -1 : 0;
}

bool scan_hears(const struct scan *scan)
{
    return scan->known != NULL;
}

int scan_event(struct scan *scan, const struct known_event *event, struct error *error)
{
    return scan->known == NULL ? 0 : known_add(scan->known, event, error);
}

const char *scan_unheard(const struct scan *scan)
{
    return scan->known == NULL ? NULL : known_missing(scan->known);
}

bool scan_wants_calendar(const struct scan *scan)
{
    return program_wants_calendar(scan->program);
}

bool scan_waits(const struct scan *scan)
{
    return scan->others != NULL;
}

const char *scan_missing(const struct scan *scan)
{
    return scan->others == NULL ? NULL : others_missing(scan->others);
}

int scan_note(struct scan *scan, const struct bar *bar, struct error *error)
{
    return scan->others == NULL ? 0 : others_note(scan->others, bar, error);
}

struct scan *scan_new(const char *rule, bool question, struct error *error)
{
    struct scan *scan = calloc(1, sizeof *scan);
    if (scan == NULL) {
        error_memory(error);
        return NULL;
    }
    scan->question = question;
    scan->expr = series_parse(rule, NULL, question, error);
    const struct expr *roots[] = {scan->expr};
    scan->program = scan->expr == NULL ? NULL : program_compile(roots, 1, 0, error);
    if (scan->program != NULL && !question && series_is_question(scan->expr))
        error_set(error, EXIT_USAGE, "'%s' is a question; a ranking needs a number", rule);
    if (scan->program != NULL && !error_is_set(error))
        scan->set = series_set_new(result_size() + program_size(scan->program), init_series, scan, error);
    if (scan->set == NULL || scan_set_calendar(scan, NULL, NULL, error) != 0) {
        scan_free(scan);
        return NULL;
    }
    const int figures = program_figures(scan->program, 0), stages = program_stages(scan->program, 0);
    scan->figures = figures < SCAN_FIGURES_MAX ? figures : SCAN_FIGURES_MAX;
    scan->stages = stages < SCAN_STAGES_MAX ? stages : SCAN_STAGES_MAX;
    return scan;
}

void scan_free(struct scan *scan)
{
    if (scan == NULL)
        return;
    series_set_free(scan->set);
    others_free(scan->others);
    known_free(scan->known);
    program_free(scan->program);
    expr_free(scan->expr);
    free(scan);
}

int scan_lookback(const struct scan *scan)
{
    return program_lookback(scan->program);
}

int scan_figures(const struct scan *scan)
{
    return scan->figures;
}

struct str scan_figure_name(const struct scan *scan, int index)
{
    return program_figure_name(scan->program, 0, index);
}

int scan_stages(const struct scan *scan)
{
    return scan->stages;
}

struct str scan_stage_name(const struct scan *scan, int index)
{
    return program_stage_name(scan->program, 0, index);
}

struct scan_result *scan_bar(struct scan *scan, const struct bar *bar, struct error *error)
{
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    struct series *series = series_set_find(scan->set, bar->symbol, bar->interval, error);
    double value = NAN;
    double *const out[] = {&value};
    if (series == NULL || series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0)
        return NULL;
    struct scan_result *result = series->state;
    series_columns(series, &bars, program_inputs(scan->program), UNIT_COUNT, &scan->block);
    if (result->bars == 0 && program_check_interval(scan->program, bar->interval, error) != 0)
        return NULL;
    if (scan->others != NULL &&
        others_columns(scan->others, bar->interval, bar->end, &scan->block.columns.others, error) != 0)
        return NULL;
    if (scan->known != NULL && known_columns(scan->known, bar->symbol, &scan->block.columns, error) != 0)
        return NULL;
    program_run(scan->program, (char *)series->state + result_size(), &scan->block.columns, out);
    memcpy(result->symbol, bar->symbol, sizeof result->symbol);
    result->interval = bar->interval;
    result->time = bar->time;
    result->end = bar->end;
    result->close = bar->close;
    result->bars++;
    result->before = result->value;
    result->value = value;
    int price, volume;
    if (!scan->question && program_powers(scan->program, 0, &price, &volume))
        result->value = series_of_day(series, value, price, volume);
    for (int i = 0; !scan->question && i < price; i++)
        result->value /= (double)DEC_ONE;
    for (int i = 0; i < scan->figures; i++)
        result->figure[i] = program_figure(scan->program, 0, i, &scan->block.columns, 0);
    for (int i = 0; i < scan->stages; i++)
        result->stage[i] = program_stage(scan->program, 0, i, 0);
    return result;
}

int scan_action(struct scan *scan, const struct action *action, struct error *error)
{
    if (scan->others != NULL && others_action(scan->others, action, error) != 0)
        return -1;
    return series_set_action(scan->set, action, error);
}

struct collecting {
    const struct scan_result **list;
    size_t count, capacity;
    struct error *error;
};

static void collect(void *context, const void *state)
{
    struct collecting *to = context;
    const struct scan_result *result = state;
    if (result->bars > 0 && !error_is_set(to->error) &&
        list_grow(&to->list, &to->capacity, to->count, sizeof *to->list, to->error) == 0)
        to->list[to->count++] = result;
}

static int compare_results(const void *a, const void *b)
{
    const struct scan_result *x = *(const struct scan_result *const *)a, *y = *(const struct scan_result *const *)b;
    const int order = strcmp(x->symbol, y->symbol);
    if (order != 0)
        return order;
    return (x->interval.unit > y->interval.unit) - (x->interval.unit < y->interval.unit) != 0
               ? (x->interval.unit > y->interval.unit) - (x->interval.unit < y->interval.unit)
               : (x->interval.count > y->interval.count) - (x->interval.count < y->interval.count);
}

const struct scan_result **scan_results(struct scan *scan, size_t *count, struct error *error)
{
    struct collecting to = {.error = error};
    series_set_each(scan->set, collect, &to);
    if (error_is_set(error)) {
        free(to.list);
        return NULL;
    }
    if (to.count > 1)
        qsort(to.list, to.count, sizeof *to.list, compare_results);
    *count = to.count;
    return to.list;
}

int scan_explain(const struct scan *scan, program_visit *visit, void *context, struct error *error)
{
    return program_explain(scan->program, 0, &scan->block.columns, 0, visit, context, error);
}
