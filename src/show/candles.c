/* The bars of one symbol with indicators beside them. */
#include "show/candles.h"

#include "base/list.h"
#include "base/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int candles_init(struct candles *candles, const char *symbol, struct interval interval, const char *const *with,
                 int count, const struct calendar *calendar, struct error *error)
{
    *candles = (struct candles){.symbol = symbol, .interval = interval, .uses = count, .session = TIME_NONE};
    names_init(&candles->actions);
    if (count == 0)
        return 0;
    candles->use = calloc((size_t)count, sizeof *candles->use);
    if (candles->use == NULL)
        return error_memory(error);
    for (int i = 0; i < count; i++)
        if (indicator_use_parse(&candles->use[i], with[i], error) != 0)
            return -1;
    const struct study_terms terms = {.calendar = calendar};
    candles->study = study_new(candles->use, count, &terms, error);
    if (candles->study == NULL)
        return -1;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < candles->use[i].indicator->outputs; k++) {
            const int field = candles->fields++;
            indicator_powers(&candles->use[i], k, &candles->power[field], &candles->volume_power[field]);
            candles->output[field] = &candles->use[i].indicator->output[k];
            candles->owner[field] = i;
        }
    require(candles->fields == study_fields(candles->study));
    return 0;
}

void candles_clear(struct candles *candles)
{
    names_clear(&candles->actions);
    study_free(candles->study);
    free(candles->use);
    free(candles->bar);
    free(candles->figure);
    free(candles->column);
    free(candles->mark);
    free(candles->round_trip);
}

static int take_bar(struct candles *candles, const struct bar *bar, struct error *error)
{
    if (candles->interval.unit == INTERVAL_NONE)
        candles->interval = bar->interval;
    if (!interval_equal(candles->interval, bar->interval))
        return 0;
    double values[STUDY_FIELDS_MAX];
    if (candles->study != NULL && study_bar(candles->study, bar, values, error) != 0)
        return -1;
    const size_t fields = (size_t)candles->fields;
    if (candles->bars == candles->bar_capacity) {
        if (list_grow(&candles->bar, &candles->bar_capacity, candles->bars, sizeof *candles->bar, error) != 0)
            return -1;
        double *figure = reallocarray(candles->figure, candles->bar_capacity, (fields + 1) * sizeof *figure);
        if (figure == NULL)
            return error_memory(error);
        candles->figure = figure;
    }
    memcpy(candles->figure + candles->bars * fields, values, fields * sizeof *values);
    candles->bar[candles->bars++] = (struct chart_bar){.time = bar->time,
                                                       .open = dec_to_double(bar->open),
                                                       .high = dec_to_double(bar->high),
                                                       .low = dec_to_double(bar->low),
                                                       .close = dec_to_double(bar->close),
                                                       .volume = bar->volume};
    candles->end = bar->end;
    candles->session = bar->session;
    memcpy(candles->source, bar->source, sizeof candles->source);
    return 0;
}

static void restate(struct candles *candles, double factor)
{
    for (size_t i = 0; i < candles->bars; i++) {
        struct chart_bar *bar = &candles->bar[i];
        bar->open *= factor;
        bar->high *= factor;
        bar->low *= factor;
        bar->close *= factor;
        bar->volume /= factor;
        for (int k = 0; k < candles->fields; k++)
            candles->figure[i * (size_t)candles->fields + (size_t)k] *=
                pow(factor, candles->power[k] - candles->volume_power[k]);
    }
}

/* Whose chart it is, where nobody said. */
static int settle_symbol(struct candles *candles, const char *symbol, struct error *error)
{
    if (candles->symbol == NULL) {
        (void)snprintf(candles->own, sizeof candles->own, "%s", symbol);
        candles->symbol = candles->own;
    }
    if (strcmp(candles->symbol, symbol) == 0)
        return 0;
    error_set(error, EXIT_USAGE, "there are several symbols: name one");
    char word[SHELL_WORD_MAX], other[SHELL_WORD_MAX];
    error_hint(error, "tn-report chart %s, or %s", shell_word(word, candles->symbol), shell_word(other, symbol));
    return -1;
}

int candles_take(void *context, const struct record *record, struct error *error)
{
    struct candles *candles = context;
    union {
        struct bar bar;
        struct action action;
    } value;
    if (record_decode(record, &value, error) != 0)
        return -1;
    if (candles->symbol == NULL || candles->symbol == candles->own) {
        const char *symbol = record->type == RECORD_BAR ? value.bar.symbol : value.action.symbol;
        if (settle_symbol(candles, symbol, error) != 0)
            return -1;
    }
    if (record->type == RECORD_BAR)
        return strcmp(value.bar.symbol, candles->symbol) == 0 ? take_bar(candles, &value.bar, error) : 0;
    if (strcmp(value.action.symbol, candles->symbol) != 0 ||
        names_find(&candles->actions, str_of(value.action.id)) >= 0)
        return 0;
    if (names_add(&candles->actions, str_of(value.action.id), error) < 0)
        return -1;
    if (candles->study != NULL && study_action(candles->study, &value.action, error) != 0)
        return -1;
    if (value.action.kind == ACTION_SPLIT && value.action.new_shares > 0 && value.action.old_shares > 0)
        restate(candles, (double)value.action.old_shares / (double)value.action.new_shares);
    return 0;
}

/* Levels that stand on a few bars only are drawn until the next. */
static void carry_on(double *column, size_t bars)
{
    for (size_t i = 1; i < bars; i++)
        column[i] = isnan(column[i]) ? column[i - 1] : column[i];
}

/* 0: over the candles. Else figures of one indicator share a panel where they have one scale. */
static int panel_of(const struct candles *candles, int field, int *panels)
{
    const struct output *output = candles->output[field];
    if (output->panel == PANEL_PRICE && candles->power[field] == 1 && candles->volume_power[field] == 0)
        return 0;
    for (int k = 0; k < field; k++)
        if (candles->owner[k] == candles->owner[field] && candles->line[k].panel > 0 &&
            candles->power[k] == candles->power[field] && candles->output[k]->low == output->low &&
            candles->output[k]->high == output->high)
            return candles->line[k].panel;
    return ++*panels;
}

static int add_lines(struct candles *candles, struct candle_chart *chart, size_t from, struct error *error)
{
    const size_t fields = (size_t)candles->fields;
    int panels = 0;
    candles->column = calloc(chart->bars * fields + 1, sizeof *candles->column);
    if (candles->column == NULL)
        return error_memory(error);
    for (size_t k = 0; k < fields; k++) {
        double *column = candles->column + k * chart->bars;
        for (size_t i = 0; i < chart->bars; i++)
            column[i] = candles->figure[(from + i) * fields + k];
        const struct output *output = candles->output[k];
        if (candles->use[candles->owner[k]].indicator->sparse && output->panel == PANEL_PRICE)
            carry_on(column, chart->bars);
        candles->line[k] = (struct chart_line){.name = study_field(candles->study, (int)k),
                                               .value = column,
                                               .histogram = output->histogram,
                                               .band = output->band,
                                               .bound = output->level,
                                               .bounds = output->levels};
        candles->line[k].panel = panel_of(candles, (int)k, &panels);
    }
    chart->line = candles->line;
    chart->lines = candles->fields;
    return 0;
}

static int add_marks(struct candles *candles, const struct report *report, struct candle_chart *chart,
                     struct error *error)
{
    size_t capacity = 0, count = 0;
    for (size_t b = 0; b < report->books; b++)
        for (size_t i = 0; i < report->account_report[b]->fills; i++) {
            const struct fill_line *fill = &report->account_report[b]->fill[i];
            if (strcmp(fill->symbol, candles->symbol) != 0 || fill->time > candles->end ||
                chart_bar_at(chart, fill->time) < 0)
                continue;
            if (list_grow(&candles->mark, &capacity, count, sizeof *candles->mark, error) != 0)
                return -1;
            candles->mark[count++] =
                (struct chart_mark){.time = fill->time, .price = dec_to_double(fill->price), .buy = fill->buy};
        }
    chart->mark = candles->mark;
    chart->marks = count;
    return 0;
}

/* Where a stop stood when its entry filled; NaN for none. */
static double stop_of(const struct account_report *account_report, const char *entry_order)
{
    const int64_t index = names_find(&account_report->order_ids, str_of(entry_order));
    const dec stop = index < 0 ? DEC_NONE : account_report->order[index].stop;
    return stop == DEC_NONE ? NAN : dec_to_double(stop);
}

static double price_or_nan(dec price)
{
    return price == DEC_NONE ? NAN : dec_to_double(price);
}

/* Round trips that lie within the bars shown. */
static int add_round_trips(struct candles *candles, const struct report *report, struct candle_chart *chart,
                           struct error *error)
{
    size_t capacity = 0, count = 0;
    for (size_t b = 0; b < report->books; b++)
        for (size_t i = 0; i < report->account_report[b]->round_trips; i++) {
            const struct round_trip *round_trip = &report->account_report[b]->round_trip[i];
            if (strcmp(round_trip->symbol, candles->symbol) != 0 || chart_bar_at(chart, round_trip->entered) < 0 ||
                round_trip->left > candles->end)
                continue;
            if (list_grow(&candles->round_trip, &capacity, count, sizeof *candles->round_trip, error) != 0)
                return -1;
            candles->round_trip[count] =
                (struct chart_round_trip){.entered = round_trip->entered,
                                          .left = round_trip->left,
                                          .entry = price_or_nan(round_trip_entry_price(round_trip)),
                                          .exit = price_or_nan(round_trip_exit_price(round_trip)),
                                          .stop = stop_of(report->account_report[b], round_trip->entry_order),
                                          .won = round_trip->pnl > 0};
            count += isfinite(candles->round_trip[count].entry) && isfinite(candles->round_trip[count].exit);
        }
    chart->round_trip = candles->round_trip;
    chart->round_trips = count;
    return 0;
}

int candles_chart(struct candles *candles, const struct report *report, size_t most, struct candle_chart *chart,
                  struct error *error)
{
    const size_t from = most == 0 || candles->bars <= most ? 0 : candles->bars - most;
    free(candles->column);
    free(candles->mark);
    free(candles->round_trip);
    candles->column = NULL;
    candles->mark = NULL;
    candles->round_trip = NULL;
    chart->bar = candles->bar + from;
    chart->bars = candles->bars - from;
    chart->daily = interval_is_daily(candles->interval);
    if (chart->bars == 0)
        return 0;
    if (add_lines(candles, chart, from, error) != 0 || add_marks(candles, report, chart, error) != 0)
        return -1;
    return add_round_trips(candles, report, chart, error);
}
