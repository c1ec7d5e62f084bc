/* tn-report levels: proposals for support and resistance, as lines of the file that chart --overlay draws. */
#include "tn-report/commands.h"

#include "base/command.h"
#include "show/candles.h"
#include "show/levels.h"
#include "tn-report/sheet.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS_MOST 20

const struct option_spec levels_options[] = {
    {.name = "count",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "at most N per symbol (default 6)",
     .low = 1,
     .high = LEVELS_MOST},
    {.name = NULL},
};

static const struct column columns[] = {
    {.key = "symbol", .kind = COLUMN_TEXT}, {.key = "price", .kind = COLUMN_DOUBLE, .digits = 2},
    {.key = "kind", .kind = COLUMN_TEXT},   {.key = "touches", .kind = COLUMN_COUNT},
    {.key = "last", .kind = COLUMN_TIME},
};

static void line_add(struct buf *out, const struct view *view, const char *symbol, const struct candles *candles,
                     const struct level *level)
{
    const char *kind = level->support ? "support" : "resistance";
    buf_add_text(out, "level ");
    style_add(out, str_of(symbol), &view->style);
    buf_printf(out, " %.*f %s, touched %d times, last ", chart_price_digits(candles->bar, candles->bars, level->price),
               level->price, kind, level->touches);
    style_add_date(out, level->last, view->style.zone);
    buf_add_char(out, '\n');
}

static void row_add(struct table *table, const char *symbol, const struct level *level)
{
    table_text(table, symbol);
    table_double(table, level->price);
    table_text(table, level->support ? "support" : "resistance");
    table_count(table, level->touches);
    table_time(table, level->last);
}

static int show(struct view *view, const struct sheet_bars *bars, int most, bool lines, struct error *error)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 20);
    view->table = table_new("level", columns, sizeof columns / sizeof *columns, error);
    int result = view->table == NULL ? -1 : 0;
    for (int i = 0; i < bars->symbols && result == 0; i++) {
        struct level level[LEVELS_MOST];
        const int count = levels_find(bars->candles[i].bar, bars->candles[i].bars, level, most, error);
        result = count < 0 ? -1 : 0;
        if (count == 0 && lines) {
            buf_add_text(&out, "# ");
            style_add(&out, str_of(bars->symbol[i]), &view->style);
            buf_printf(&out, ": no price turned twice in %zu bars\n", bars->candles[i].bars);
        }
        for (int k = 0; k < count; k++)
            if (lines)
                line_add(&out, view, bars->symbol[i], &bars->candles[i], &level[k]);
            else
                row_add(view->table, bars->symbol[i], &level[k]);
    }
    if (result == 0)
        result = lines ? style_write(&out, error) : table_show(view->table, &view->style, error);
    buf_clear(&out);
    return result;
}

enum exit_code report_levels(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct sheet_bars *bars = calloc(1, sizeof *bars);
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (bars == NULL) {
        (void)error_memory(error);
        view_close(&view);
        return error->code;
    }
    if (result == 0) {
        view.records = true;
        view.journal = false;
        view.options.market = sheet_bars_take;
        view.options.context = bars;
        result = view_read(&view, error);
    }
    if (result == 0 && bars->symbols == 0) {
        result = error_set(error, EXIT_NO, "no bars in %s", view.report.source);
        error_hint(error, "tn-quote bars AAPL -n 250 | tn-report levels");
    }
    if (result == 0)
        result = view_use_zone_of_bars(&view, &bars->candles[0], error);
    if (result == 0)
        result =
            show(&view, bars, (int)option_count(invocation, "count", 6), !option_given(invocation, "output"), error);
    if (result == 0 && bars->more)
        say(invocation, 0, "only the first %d symbols are used", SHEET_SYMBOLS);
    const enum exit_code code = result == 0 ? view.report.status : exit_worst(view.report.status, error->code);
    sheet_bars_clear(bars);
    free(bars);
    view_close(&view);
    return code;
}
