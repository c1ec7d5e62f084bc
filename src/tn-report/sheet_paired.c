/* Runs against the first one on the days that both have: all of them, by year, and by what the market did. */
#include "tn-report/sheet.h"

#include "base/list.h"
#include "base/time.h"
#include "stat/paired.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MEAN_BARS 200 /* of the market's trend */

/* The days that two runs share, and what the other was better by. */
struct pairs {
    int64_t *day;
    double *difference;
    size_t count, day_capacity, difference_capacity;
};

/* Which days of them. */
struct choice {
    int year;  /* 0: any */
    int trend; /* 1 and −1: the market was above and below its mean the day before; 0: whatever */
    const struct candles *market;
    const struct zone *zone;
};

static void pairs_clear(struct pairs *pairs)
{
    free(pairs->day);
    free(pairs->difference);
}

static int pairs_add(struct pairs *pairs, int64_t day, double difference, struct error *error)
{
    if (list_grow(&pairs->day, &pairs->day_capacity, pairs->count, sizeof *pairs->day, error) != 0 ||
        list_grow(&pairs->difference, &pairs->difference_capacity, pairs->count, sizeof *pairs->difference, error) != 0)
        return -1;
    pairs->day[pairs->count] = day;
    pairs->difference[pairs->count++] = difference;
    return 0;
}

static int pairs_make(struct pairs *pairs, const struct daily *of, const struct daily *against, struct error *error)
{
    for (size_t i = 1, k = 1; i < of->count && k < against->count;) {
        if (of->day[i] < against->day[k]) {
            i++;
        } else if (of->day[i] > against->day[k]) {
            k++;
        } else {
            const int64_t day = of->day[i];
            const double difference = daily_return(of, i++) - daily_return(against, k++);
            if (pairs_add(pairs, day, difference, error) != 0)
                return -1;
        }
    }
    return 0;
}

static int64_t day_of_bar(const struct choice *choice, const struct chart_bar *bar)
{
    const int64_t local = choice->zone == NULL ? bar->time : zone_to_local(choice->zone, bar->time);
    return local / TIME_DAY - (local % TIME_DAY < 0);
}

/* Where the market's close stood against the mean of its last closes when a day began; 0: there were too few. */
static int trend_before(const struct choice *choice, int64_t day)
{
    const struct candles *market = choice->market;
    size_t end = 0, high = market->bars;
    double sum = 0;
    while (end < high) { /* the first bar that is not before the day */
        const size_t middle = end + (high - end) / 2;
        if (day_of_bar(choice, &market->bar[middle]) < day)
            end = middle + 1;
        else
            high = middle;
    }
    if (end < MEAN_BARS)
        return 0;
    for (size_t i = end - MEAN_BARS; i < end; i++)
        sum += market->bar[i].close;
    return market->bar[end - 1].close > sum / MEAN_BARS ? 1 : -1;
}

static bool is_chosen(const struct choice *choice, int64_t day)
{
    return (choice->year == 0 || date_from_days(day).year == choice->year) &&
           (choice->trend == 0 || trend_before(choice, day) == choice->trend);
}

/* A row, of the days chosen; none where there are none. */
static int add_row(const struct pairs *all, const struct choice *choice, const char *name, const char *what,
                   double sessions, struct table *table, struct error *error)
{
    struct pairs some = {.count = 0};
    struct paired paired = {.days = 0};
    int status = 0;
    for (size_t i = 0; status == 0 && i < all->count; i++)
        if (is_chosen(choice, all->day[i]))
            status = pairs_add(&some, all->day[i], all->difference[i], error);
    if (status == 0 && some.count > 0)
        status = paired_difference(some.difference, some.count, &paired, error);
    if (status == 0 && some.count > 0) {
        table_text(table, name);
        table_text(table, what);
        table_count(table, (int64_t)paired.days);
        table_double(table, paired.mean * sessions);
        table_double(table, paired.low * sessions);
        table_double(table, paired.high * sessions);
        table_double(table, paired.probability);
    }
    pairs_clear(&some);
    return status;
}

static int add_run(const struct sheet *sheet, const struct part *against, const struct part *of,
                   const struct candles *market, struct table *table, struct error *error)
{
    struct pairs pairs = {.count = 0};
    struct choice choice = {.zone = sheet->zone, .market = market};
    const char *name = of->account_report->name;
    int status = pairs_make(&pairs, &of->daily, &against->daily, error);
    if (status == 0)
        status = add_row(&pairs, &choice, name, "all days", sheet->sessions, table, error);
    const int last = pairs.count == 0 ? 0 : date_from_days(pairs.day[pairs.count - 1]).year;
    for (int year = pairs.count == 0 ? 1 : date_from_days(pairs.day[0]).year; status == 0 && year <= last; year++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", year);
        choice.year = year;
        status = add_row(&pairs, &choice, name, text, sheet->sessions, table, error);
    }
    choice.year = 0;
    for (int trend = 1; status == 0 && market != NULL && trend >= -1; trend -= 2) {
        char text[SYMBOL_SIZE + 32];
        (void)snprintf(text, sizeof text, "%s %s its average of %d days", market->own, trend > 0 ? "above" : "below",
                       MEAN_BARS);
        choice.trend = trend;
        status = add_row(&pairs, &choice, name, text, sheet->sessions, table, error);
    }
    pairs_clear(&pairs);
    return status;
}

int card_paired(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    static const struct column columns[] = {
        {.key = "run", .title = "", .kind = COLUMN_TEXT},
        {.key = "over", .title = "over", .kind = COLUMN_TEXT},
        {.key = "days", .title = "days", .kind = COLUMN_COUNT},
        {.key = "better", .title = "a year", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
        {.key = "low", .title = "from", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
        {.key = "high", .title = "to", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
        {.key = "probability", .title = "better", .kind = COLUMN_FRACTION, .digits = 1},
    };
    const struct candles *market = sheet->bars != NULL && sheet->bars->symbols > 0 &&
                                           sheet->bars->candles[0].session != TIME_NONE &&
                                           sheet->bars->candles[0].bars > MEAN_BARS
                                       ? &sheet->bars->candles[0]
                                       : NULL;
    char title[STRATEGY_SIZE + 64];
    if (parts < 2)
        return 0;
    (void)snprintf(title, sizeof title, "Against %s, day by day", part[0].account_report->name);
    if (document_card(sheet->document, "paired", title, false, error) != 0)
        return -1;
    struct table *table = document_table(sheet->document, columns, sizeof columns / sizeof *columns, "", 0, error);
    for (size_t i = 1; table != NULL && i < parts; i++)
        if (add_run(sheet, &part[0], &part[i], market, table, error) != 0)
            return -1;
    struct buf *out = table == NULL ? NULL : document_text(sheet->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    buf_printf(
        out,
        "The mean difference of the returns of days that both have, as a yearly sum, with its 95 %% interval and "
        "the probability that it is above 0: %d resamples of the pairs in blocks.%s",
        PAIRED_RESAMPLES,
        market == NULL ? " With 200 or more daily bars of a market in the input, its trend is shown too." : "");
    return 0;
}
