/* Regimes by rules. */
#include "strategy/regime.h"

#include "base/list.h"
#include "base/names.h"
#include "record/record.h"
#include "strategy/scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 65536

enum { BULL, BEAR, VOLATILE, RULES };

/* Since when a series is in its regime. */
struct since {
    enum trend trend;
    enum volatility volatility;
    int64_t time, age;
};

struct regimes {
    struct scan *scan[RULES];
    struct names series; /* "SYMBOL\nINTERVAL" */
    struct since *since; /* by their index */
    size_t count, capacity;
    struct buf figures;
};

struct regimes *regimes_new(const char *bull, const char *bear, const char *is_volatile,
                            const struct calendar *calendar, struct error *error)
{
    static const char *const names[RULES] = {"--bull", "--bear", "--volatile"};
    const char *const rules[RULES] = {bull, bear, is_volatile};
    struct regimes *regimes = calloc(1, sizeof *regimes);
    if (regimes == NULL) {
        error_memory(error);
        return NULL;
    }
    names_init(&regimes->series);
    buf_init(&regimes->figures, TEXT_MAX);
    for (int i = 0; i < RULES; i++)
        if ((regimes->scan[i] = scan_new(rules[i], true, error)) == NULL ||
            scan_set_calendar(regimes->scan[i], calendar, NULL, error) != 0 ||
            (scan_waits(regimes->scan[i]) &&
             error_set(error, EXIT_USAGE, "a regime uses the bars of its own symbol only") != 0)) {
            error_prefix(error, "%s", names[i]);
            regimes_free(regimes);
            return NULL;
        }
    return regimes;
}

void regimes_free(struct regimes *regimes)
{
    if (regimes == NULL)
        return;
    for (int i = 0; i < RULES; i++)
        scan_free(regimes->scan[i]);
    names_clear(&regimes->series);
    free(regimes->since);
    buf_clear(&regimes->figures);
    free(regimes);
}

int regimes_lookback(const struct regimes *regimes)
{
    int most = 0;
    for (int i = 0; i < RULES; i++)
        most = scan_lookback(regimes->scan[i]) > most ? scan_lookback(regimes->scan[i]) : most;
    return most;
}

static struct since *find_since(struct regimes *regimes, const char *symbol, struct interval interval,
                                struct error *error)
{
    char key[SYMBOL_SIZE + INTERVAL_TEXT_MAX + 1];
    const int n = snprintf(key, sizeof key, "%s\n", symbol);
    const size_t length = (size_t)n + interval_format(key + n, interval);
    const int64_t index = names_add(&regimes->series, (struct str){key, length}, error);
    if (index < 0)
        return NULL;
    if ((size_t)index == regimes->count) {
        if (list_grow(&regimes->since, &regimes->capacity, regimes->count, sizeof *regimes->since, error) != 0)
            return NULL;
        regimes->since[regimes->count++] = (struct since){.time = TIME_NONE};
    }
    return &regimes->since[index];
}

/* What the rules compare, each figure once. */
static int write_figures(struct regimes *regimes, struct scan_result *const *result, struct error *error)
{
    struct buf *out = &regimes->figures;
    buf_reset(out);
    buf_add_char(out, '{');
    for (int i = 0; i < RULES; i++)
        for (int k = 0; k < scan_figures(regimes->scan[i]); k++) {
            const struct str name = scan_figure_name(regimes->scan[i], k);
            bool said = false;
            for (int r = 0; r < i && !said; r++)
                for (int f = 0; f < scan_figures(regimes->scan[r]); f++)
                    said |= str_equal(name, scan_figure_name(regimes->scan[r], f));
            if (said)
                continue;
            if (out->n > 1)
                buf_add_char(out, ',');
            json_add_string(out, name);
            buf_add_char(out, ':');
            json_add_double(out, result[i]->figure[k]);
        }
    buf_add_char(out, '}');
    return buf_check(out, error);
}

int regimes_bar(struct regimes *regimes, const struct bar *bar, struct regime *regime, struct error *error)
{
    struct scan_result *result[RULES];
    for (int i = 0; i < RULES; i++)
        if ((result[i] = scan_bar(regimes->scan[i], bar, error)) == NULL)
            return -1;
    if (isnan(result[BULL]->value) || isnan(result[BEAR]->value) || isnan(result[VOLATILE]->value))
        return 0;
    struct since *since = find_since(regimes, bar->symbol, bar->interval, error);
    if (since == NULL || write_figures(regimes, result, error) != 0)
        return -1;
    const enum trend trend = result[BULL]->value == 1   ? TREND_BULL
                             : result[BEAR]->value == 1 ? TREND_BEAR
                                                        : TREND_SIDEWAYS;
    const enum volatility volatility = result[VOLATILE]->value == 1 ? VOLATILITY_VOLATILE : VOLATILITY_CALM;
    if (since->trend != trend || since->volatility != volatility)
        *since = (struct since){.trend = trend, .volatility = volatility, .time = bar->end, .age = -1};
    since->age++;
    record_blank(RECORD_REGIME, regime);
    regime->time = bar->end;
    memcpy(regime->symbol, bar->symbol, sizeof regime->symbol);
    regime->interval = bar->interval;
    regime->trend = trend;
    regime->volatility = volatility;
    regime->since = since->time;
    regime->age = since->age;
    regime->price = bar->close;
    regime->figures = buf_str(&regimes->figures);
    bar_key(regime->cause, bar);
    return 1;
}

/* The series of a symbol go on under its new name. */
static int rename_series(struct regimes *regimes, const struct action *action, struct error *error)
{
    const size_t n = strlen(action->symbol);
    for (size_t i = 0, count = regimes->count; i < count; i++) {
        const char *name = regimes->series.name[i];
        struct interval interval;
        if (strncmp(name, action->symbol, n) != 0 || name[n] != '\n')
            continue;
        if (interval_parse(&interval, name + n + 1, strlen(name + n + 1), error) != 0)
            return -1;
        struct since *to = find_since(regimes, action->new_symbol, interval, error);
        if (to == NULL)
            return -1;
        *to = regimes->since[i];
        regimes->since[i] = (struct since){.time = TIME_NONE};
    }
    return 0;
}

int regimes_action(struct regimes *regimes, const struct action *action, struct error *error)
{
    for (int i = 0; i < RULES; i++)
        if (scan_action(regimes->scan[i], action, error) != 0)
            return -1;
    return action->kind == ACTION_RENAME && strcmp(action->symbol, action->new_symbol) != 0
               ? rename_series(regimes, action, error)
               : 0;
}
