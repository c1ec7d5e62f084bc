/* The bars of one symbol with indicators beside them, gathered for a chart.
 *
 * Prices before a split are shown in the shares after it, as on any chart; dividends are left alone. */
#ifndef TN_SHOW_CANDLES_H
#define TN_SHOW_CANDLES_H

#include "indicator/study.h"
#include "show/chart.h"
#include "show/report.h"

struct candles {
    const char *symbol; /* NULL until the first record decides, where none was named */
    char own[SYMBOL_SIZE];
    struct interval interval; /* unit NONE until the first bar decides */
    struct indicator_use *use;
    int uses;
    struct study *study; /* NULL without indicators */
    int fields;
    int power[STUDY_FIELDS_MAX], volume_power[STUDY_FIELDS_MAX];
    const struct output *output[STUDY_FIELDS_MAX];
    int owner[STUDY_FIELDS_MAX]; /* index of the indicator */
    struct chart_bar *bar;
    size_t bars, bar_capacity;
    double *figure; /* bar by bar, `fields` each */
    size_t figure_capacity;
    int64_t end;          /* of the last bar */
    int64_t session;      /* its date in days, TIME_NONE of bars within a day */
    char source[ID_SIZE]; /* of the last bar, "" when it says none */
    struct names actions; /* ids taken: the journal tells them once more */
    /* What candles_chart made: */
    struct chart_line line[STUDY_FIELDS_MAX];
    double *column;
    struct chart_mark *mark;
    struct chart_round_trip *round_trip;
};

/* `with`: "sma:20" and the like. Symbol and calendar (whose days are sessions) must live as long as the candles; NULL:
 * the only one that comes. Where more come, that is EXIT_USAGE. An interval with unit NONE: the first bar's. */
int candles_init(struct candles *candles, const char *symbol, struct interval interval, const char *const *with,
                 int count, const struct calendar *calendar, struct error *error);
void candles_clear(struct candles *candles);
/* Takes bars and actions (a callback of report_options). */
int candles_take(void *context, const struct record *record, struct error *error);
/* The last `most` bars (0: all) with the fills of the report's books. The chart borrows from the candles,
 * until the next call. */
int candles_chart(struct candles *candles, const struct report *report, size_t most, struct candle_chart *chart,
                  struct error *error);

#endif
