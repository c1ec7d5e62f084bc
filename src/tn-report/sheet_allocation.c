/* The card of a report that says where the money was: how much of the equity was at work from day to day, and how much
 * of it each symbol had. */
#include "tn-report/sheet_curves.h"

#include "base/list.h"
#include "base/time.h"
#include "show/draw.h"
#include "show/draw_bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_DRAWN 12
#define CURVE_POINTS  250

struct share {
    char symbol[SYMBOL_SIZE];
    double mean; /* what its lots had cost, over all of the time, as part of the mean equity */
    double last; /* the same of what is held at the end, as part of the last equity */
};

struct shares {
    struct share *share;
    size_t count, capacity;
    struct names names;
    int64_t from, to;
    double equity, last_equity; /* mean, and at the end */
};

/* What lots had cost, from one moment to another, as far as that lies in the period. */
static int tied_up(struct shares *shares, const char *symbol, dec cost, int64_t from, int64_t to, struct error *error)
{
    from = from > shares->from ? from : shares->from;
    const bool to_the_end = to > shares->to;
    to = to < shares->to ? to : shares->to;
    if (to < from)
        return 0;
    const int64_t at = names_add(&shares->names, str_of(symbol), error);
    if (at < 0)
        return -1;
    if ((size_t)at == shares->count) {
        if (list_grow(&shares->share, &shares->capacity, shares->count, sizeof *shares->share, error) != 0)
            return -1;
        shares->share[shares->count] = (struct share){.mean = 0};
        (void)snprintf(shares->share[shares->count++].symbol, SYMBOL_SIZE, "%s", symbol);
    }
    struct share *share = &shares->share[at];
    const double amount = fabs(dec_to_double(cost));
    share->mean += amount / shares->equity * ((double)(to - from) / (double)(shares->to - shares->from));
    share->last += to_the_end ? amount / shares->last_equity : 0;
    return 0;
}

static int shares_take(struct shares *shares, const struct account_report *account_report, struct error *error)
{
    for (size_t i = 0; i < account_report->round_trips; i++) {
        const struct round_trip *trip = &account_report->round_trip[i];
        if (tied_up(shares, trip->symbol, trip->cost, trip->entered, trip->left, error) != 0)
            return -1;
    }
    const struct ledger *ledger = &account_report->ledger;
    for (size_t i = 0; i < ledger->holdings; i++) {
        const struct holding *holding = &ledger->holding[i];
        for (size_t k = 0; k < holding->lots; k++)
            if (tied_up(shares, ledger_symbol(ledger, holding->slot), holding->lot[k].cost, holding->lot[k].opened,
                        INT64_MAX, error) != 0)
                return -1;
    }
    return 0;
}

static int by_mean(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    return x->mean != y->mean ? (x->mean < y->mean) - (x->mean > y->mean) : strcmp(x->symbol, y->symbol);
}

static int shares_show(const struct sheet *sheet, const struct shares *shares, struct error *error)
{
    static const struct column columns[] = {
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "mean", .kind = COLUMN_FRACTION, .digits = 1},
        {.key = "last", .title = "at the end", .kind = COLUMN_FRACTION, .digits = 1},
    };
    const size_t bars = shares->count < SYMBOLS_DRAWN ? shares->count : SYMBOLS_DRAWN;
    struct bar_value bar[SYMBOLS_DRAWN] = {0};
    struct figure *figure = document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
    if (figure == NULL)
        return -1;
    for (size_t i = 0; i < bars; i++) {
        char text[SYMBOL_SIZE + TICK_TEXT_MAX + 4], part[TICK_TEXT_MAX];
        (void)snprintf(bar[i].label, sizeof bar[i].label, "%.39s", shares->share[i].symbol);
        bar[i].value = 100 * shares->share[i].mean;
        percent_text(part, shares->share[i].mean, false);
        (void)snprintf(text, sizeof text, "%s: %s", shares->share[i].symbol, part);
        figure_value(figure, DRAW_LEFT + (FIGURE_SMALL - DRAW_LEFT - DRAW_RIGHT) / (double)bars * ((double)i + 0.5),
                     text);
    }
    char words[128];
    (void)snprintf(words, sizeof words, "At cost, mean over time, as a share of mean equity%s",
                   shares->count > bars ? "; the largest" : "");
    figure_named(figure, "Allocation by symbol", words);
    if (draw_bars(&figure->drawing, bar, bars, " %", error) != 0)
        return -1;
    struct table *table = document_table(sheet->document, columns, 3, "Allocation by symbol",
                                         TABLE_FOLDED | (shares->count > 30 ? TABLE_LONG : 0), error);
    for (size_t i = 0; table != NULL && i < shares->count; i++) {
        table_text(table, shares->share[i].symbol);
        table_double(table, shares->share[i].mean);
        table_double(table, shares->share[i].last);
    }
    return table == NULL ? -1 : 0;
}

/* What is held as part of the equity, by value, point after point; nothing where no point says it. */
static int exposure_show(const struct sheet *sheet, const struct part *part, struct error *error)
{
    struct curves curves;
    if (curves_init(&curves, 1, error) != 0)
        return -1;
    const struct account_report *account_report = part->account_report;
    const size_t points = part->end_point - part->first_point;
    struct chart_point *point = curve_add(&curves, "held", points, false, error);
    int result = point == NULL ? -1 : 0;
    /* So many points that each can be seen: means of as many as that takes. */
    const size_t every = points / CURVE_POINTS + 1;
    size_t n = 0, in = 0;
    double sum = 0;
    for (size_t i = part->first_point; i < part->end_point && result == 0; i++) {
        const struct equity *now = &account_report->equity[i];
        if (now->exposure == DEC_NONE || now->equity <= 0)
            continue;
        sum += 100 * dec_to_double(now->exposure) / dec_to_double(now->equity);
        if (++in < every && i + 1 < part->end_point)
            continue;
        point[n++] = (struct chart_point){now->time, sum / (double)in};
        sum = 0;
        in = 0;
    }
    if (result == 0)
        curves.curve[0].points = n;
    struct figure *figure =
        n < 2 ? NULL : document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
    if (n >= 2 && figure == NULL)
        result = -1;
    if (figure != NULL) {
        char words[128];
        (void)snprintf(words, sizeof words, every > 1 ? "%s; means of %zu points" : "%s",
                       "Positions by value, as a share of equity", every);
        figure_named(figure, "Exposure", words);
        const struct equity_chart chart = {.title = figure->title.p,
                                           .subtitle = figure->drawing.words,
                                           .curve = curves.curve,
                                           .curves = 1,
                                           .zone = sheet->zone,
                                           .plain = true,
                                           .unit = " %"};
        result = draw_equity(&figure->drawing, &chart, false, error);
        curves_read_off(figure, &curves, sheet->zone, 1, " %");
    }
    curves_clear(&curves);
    return result;
}

int card_allocation(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const struct account_report *account_report = part->account_report;
    const size_t points = part->end_point - part->first_point;
    if (points < 2 || account_report->fills == 0)
        return 0;
    struct shares shares = {.from = account_report->equity[part->first_point].time,
                            .to = account_report->equity[part->end_point - 1].time};
    for (size_t i = part->first_point; i < part->end_point; i++)
        shares.equity += dec_to_double(account_report->equity[i].equity) / (double)points;
    shares.last_equity = dec_to_double(account_report->equity[part->end_point - 1].equity);
    if (shares.to <= shares.from || shares.equity <= 0 || shares.last_equity <= 0)
        return 0;
    names_init(&shares.names);
    int result = shares_take(&shares, account_report, error);
    if (result == 0 && shares.count > 0) {
        qsort(shares.share, shares.count, sizeof *shares.share, by_mean);
        result = document_card_spread(sheet->document, "allocation", "Where the money was", error);
        if (result == 0)
            result = exposure_show(sheet, part, error);
        if (result == 0)
            result = shares_show(sheet, &shares, error);
    }
    free(shares.share);
    names_clear(&shares.names);
    return result;
}
