/* The card of a report with trades on candles, and the bars that it takes. */
#include "tn-report/sheet.h"

#include "base/time.h"
#include "show/draw.h"

#include <stdio.h>
#include <string.h>

#define BARS_SHOWN   250
#define BARS_MOST    2000
#define BARS_NARROW  80
#define CHARTS_SHOWN 4

int sheet_bars_take(void *context, const struct record *record, struct error *error)
{
    struct sheet_bars *bars = context;
    const struct field *field = record_field(record, "symbol");
    struct str symbol;
    if (field == NULL || record_text(record, field, &symbol, error) != 0)
        return error_is_set(error) ? -1 : 0;
    int at = 0;
    while (at < bars->symbols && !str_is(symbol, bars->symbol[at]))
        at++;
    if (at == bars->symbols && record->type != RECORD_BAR)
        return 0; /* an action of a symbol whose bars have not come */
    if (at == SHEET_SYMBOLS || symbol.n >= SYMBOL_SIZE) {
        bars->more = true;
        return 0;
    }
    if (at == bars->symbols) {
        (void)snprintf(bars->symbol[at], SYMBOL_SIZE, STR_FMT, STR_ARG(symbol));
        bars->symbols++;
        if (candles_init(&bars->candles[at], bars->symbol[at], (struct interval){.unit = INTERVAL_NONE}, NULL, 0, NULL,
                         error) != 0)
            return -1;
    }
    return candles_take(&bars->candles[at], record, error);
}

void sheet_bars_clear(struct sheet_bars *bars)
{
    for (int i = 0; i < bars->symbols; i++)
        candles_clear(&bars->candles[i]);
}

static int trades_of(const struct part *part, const char *symbol)
{
    int count = 0;
    for (size_t i = 0; i < part->round_trips; i++)
        count += strcmp(part->round_trip[i]->symbol, symbol) == 0;
    return count;
}

static int candles_draw(const struct sheet *sheet, const struct candle_chart *whole, const char *symbol, double width,
                        enum figure_room room, struct error *error)
{
    struct candle_chart chart = *whole;
    struct figure *figure = document_figure(sheet->document, width, room == ROOM_NARROW ? 360 : 520, room, error);
    if (figure == NULL)
        return -1;
    buf_printf(&figure->title, "%s with its trades", symbol);
    buf_printf(&figure->words, "%s: %zu bars, with entries and exits.", symbol, chart.bars);
    figure->drawing.title = chart.title = figure->title.p;
    figure->drawing.words = chart.subtitle = figure->words.p;
    if (draw_candles(&figure->drawing, &chart, false, error) != 0)
        return -1;
    struct scale across;
    scale_init(&across, -1, (double)chart.bars, false, figure->drawing.from, figure->drawing.to);
    struct buf text;
    buf_init(&text, 4096);
    const int digits = chart_price_digits(chart.bar, chart.bars, chart.bars > 0 ? chart.bar[0].close : 0);
    for (size_t i = 0; i < chart.bars; i++) {
        const struct chart_bar *bar = &chart.bar[i];
        buf_reset(&text);
        style_add_date(&text, bar->time, sheet->zone);
        const int64_t local = zone_local(sheet->zone, bar->time);
        if (!chart.daily)
            buf_printf(&text, " %02d:%02d", (int)(local % TIME_DAY / TIME_HOUR),
                       (int)(local % TIME_HOUR / TIME_MINUTE));
        buf_printf(&text, " · open %.*f high %.*f low %.*f close %.*f", digits, bar->open, digits, bar->high, digits,
                   bar->low, digits, bar->close);
        figure_value(figure, scale_place(&across, (double)i), text.p == NULL ? "" : text.p);
    }
    figure->values.failed |= text.failed;
    buf_clear(&text);
    return 0;
}

/* Only bars [from, to) of the chart, and what was filled by their end. */
static void candles_cut(struct candles *candles, struct candle_chart *chart, size_t from, size_t to)
{
    const int64_t end = to < chart->bars ? chart->bar[to].time : INT64_MAX;
    size_t marks = 0, round_trips = 0;
    for (size_t i = 0; i < chart->marks; i++)
        if (candles->mark[i].time < end)
            candles->mark[marks++] = candles->mark[i];
    for (size_t i = 0; i < chart->round_trips; i++)
        if (candles->round_trip[i].left < end)
            candles->round_trip[round_trips++] = candles->round_trip[i];
    chart->marks = marks;
    chart->round_trips = round_trips;
    chart->bar += from;
    chart->bars = to - from;
}

/* The last bars of a symbol, or those of the period, with its trades. */
static int candles_show(const struct sheet *sheet, const struct part *part, struct candles *candles,
                        struct error *error)
{
    struct candle_chart chart = {.title = "", .subtitle = "", .zone = sheet->zone};
    struct report one = *sheet->report; /* this book's fills alone */
    struct account_report *account_report = (struct account_report *)(uintptr_t)part->account_report;
    one.account_report = &account_report;
    one.books = 1;
    if (candles_chart(candles, &one, 0, &chart, error) != 0)
        return -1;
    size_t from = 0, to = chart.bars;
    while (!part->whole && to > 0 && chart.bar[to - 1].time >= part->to)
        to--;
    while (!part->whole && from < to && chart.bar[from].time < part->from)
        from++;
    if (part->whole || to - from < 40)
        from = to > (part->whole ? BARS_SHOWN : 60) ? to - (part->whole ? BARS_SHOWN : 60) : 0;
    else if (to - from > BARS_MOST)
        from = to - BARS_MOST;
    if (to == from)
        return 0;
    candles_cut(candles, &chart, from, to);
    if (candles_draw(sheet, &chart, candles->symbol, 1200, ROOM_WIDE, error) != 0)
        return -1;
    if (chart.bars > BARS_NARROW) {
        chart.bar += chart.bars - BARS_NARROW;
        chart.bars = BARS_NARROW;
    }
    return candles_draw(sheet, &chart, candles->symbol, FIGURE_SMALL, ROOM_NARROW, error);
}

/* Of the symbols whose bars came along those that were traded most. */
int card_candles(const struct sheet *sheet, const struct part *part, struct error *error)
{
    bool shown[SHEET_SYMBOLS] = {false};
    for (int n = 0; n < CHARTS_SHOWN; n++) {
        int best = -1, most = 0;
        for (int i = 0; i < sheet->bars->symbols; i++) {
            const bool asked = sheet->symbol != NULL && strcmp(sheet->symbol, sheet->bars->symbol[i]) == 0;
            const int trades = sheet->symbol != NULL ? asked : trades_of(part, sheet->bars->symbol[i]);
            if (!shown[i] && trades > most) {
                best = i;
                most = trades;
            }
        }
        if (best < 0)
            break;
        shown[best] = true;
        if (n == 0 && document_card(sheet->document, "candles", "Trades on candles", true, error) != 0)
            return -1;
        if (candles_show(sheet, part, &sheet->bars->candles[best], error) != 0)
            return -1;
    }
    return 0;
}
