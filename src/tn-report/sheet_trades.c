/* Cards of a report that come from its trades: by symbol, weekday and hour, costs, the trades and orders themselves. */
#include "tn-report/sheet.h"

#include "base/time.h"
#include "show/draw.h"
#include "show/draw_bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIPS_SHOWN  5000
#define GROUPS_SHOWN 24

struct group {
    char name[STRATEGY_SIZE];
    size_t trades, won;
    double pnl;
};

struct groups {
    struct group *group;
    size_t count, capacity;
    struct names names;
};

static int group_take(struct groups *groups, const char *name, const struct round_trip *round_trip, struct error *error)
{
    const int64_t at = names_add(&groups->names, str_of(name), error);
    if (at < 0)
        return -1;
    if ((size_t)at == groups->count) {
        if (groups->count == groups->capacity) {
            const size_t capacity = groups->capacity == 0 ? 32 : 2 * groups->capacity;
            struct group *group = reallocarray(groups->group, capacity, sizeof *group);
            if (group == NULL)
                return error_memory(error);
            groups->group = group;
            groups->capacity = capacity;
        }
        groups->group[groups->count] = (struct group){.trades = 0};
        (void)snprintf(groups->group[groups->count++].name, STRATEGY_SIZE, "%s", name);
    }
    struct group *group = &groups->group[at];
    group->trades++;
    group->won += round_trip->pnl > 0;
    group->pnl += dec_to_double(round_trip->pnl);
    return 0;
}

static int by_pnl(const void *a, const void *b)
{
    const double x = ((const struct group *)a)->pnl, y = ((const struct group *)b)->pnl;
    return (x < y) - (x > y);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct group *)a)->name, ((const struct group *)b)->name);
}

enum grouping { BY_SYMBOL, BY_STRATEGY, BY_WEEKDAY, BY_HOUR, GROUPINGS };

/* The name of a trip's group: weekday and hour of its entry, in the zone of the report. Names sort as they should. */
static const char *name_of(enum grouping grouping, const struct round_trip *round_trip, const struct zone *zone,
                           char text[static STRATEGY_SIZE])
{
    static const char *const days[] = {"7 Sunday",   "1 Monday", "2 Tuesday", "3 Wednesday",
                                       "4 Thursday", "5 Friday", "6 Saturday"};
    const int64_t local = zone_local(zone, round_trip->entered), day = local / TIME_DAY - (local % TIME_DAY < 0);
    switch (grouping) {
    case BY_SYMBOL:
        return round_trip->symbol;
    case BY_STRATEGY:
        return round_trip->strategy;
    case BY_WEEKDAY:
        return days[date_weekday(day)];
    default:
        (void)snprintf(text, STRATEGY_SIZE, "%02d:00", (int)((local - day * TIME_DAY) / TIME_HOUR));
        return text;
    }
}

/* The figures of the groups as a table, and the largest as bars. */
static int groups_show(const struct sheet *sheet, const struct groups *groups, enum grouping grouping,
                       const char *title, struct error *error)
{
    static const struct column columns[] = {
        {.key = "of", .title = "", .kind = COLUMN_TEXT},
        {.key = "trades", .kind = COLUMN_COUNT},
        {.key = "won", .kind = COLUMN_FRACTION, .digits = 0},
        {.key = "pnl", .title = "P&L", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true},
        {.key = "mean", .title = "mean P&L", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true},
    };
    const size_t skip = grouping == BY_WEEKDAY ? 2 : 0; /* the figure that sorts */
    struct figure *figure = document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
    if (figure == NULL)
        return -1;
    struct bar_value bar[GROUPS_SHOWN] = {0};
    const size_t bars = groups->count > GROUPS_SHOWN ? GROUPS_SHOWN : groups->count;
    for (size_t i = 0; i < bars; i++) {
        /* of many the best and the worst halves of what has room */
        const size_t at = i < bars / 2 ? i : groups->count - bars + i;
        char text[STRATEGY_SIZE + TICK_TEXT_MAX + 16], money[TICK_TEXT_MAX];
        (void)snprintf(bar[i].label, sizeof bar[i].label, "%.*s", skip > 0 ? 3 : 39, groups->group[at].name + skip);
        bar[i].value = groups->group[at].pnl;
        money_text(money, bar[i].value, true);
        (void)snprintf(text, sizeof text, "%s: %s", groups->group[at].name + skip, money);
        figure_value(figure, DRAW_LEFT + (FIGURE_SMALL - DRAW_LEFT - DRAW_RIGHT) / (double)bars * ((double)i + 0.5),
                     text);
    }
    buf_add_text(&figure->title, title);
    buf_add_text(&figure->words, title);
    figure->drawing.title = figure->title.p;
    figure->drawing.words = figure->words.p;
    if (draw_bars(&figure->drawing, bar, bars, "", error) != 0)
        return -1;
    struct table *table =
        document_table(sheet->document, columns, 5, title, TABLE_FOLDED | (groups->count > 30 ? TABLE_LONG : 0), error);
    for (size_t i = 0; table != NULL && i < groups->count; i++) {
        const struct group *group = &groups->group[i];
        table_text(table, group->name + skip);
        table_count(table, (int64_t)group->trades);
        table_double(table, (double)group->won / (double)group->trades);
        table_double(table, group->pnl);
        table_double(table, group->pnl / (double)group->trades);
    }
    return table == NULL ? -1 : 0;
}

int card_groups(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const char *const titles[] = {"P&L by symbol", "P&L by strategy", "P&L by weekday of entry",
                                         "P&L by hour of entry"};
    bool begun = false;
    for (int grouping = 0; grouping < GROUPINGS && part->round_trips > 0; grouping++) {
        struct groups groups = {.count = 0};
        names_init(&groups.names);
        int result = 0;
        for (size_t i = 0; i < part->round_trips && result == 0; i++) {
            char text[STRATEGY_SIZE];
            result = group_take(&groups, name_of((enum grouping)grouping, part->round_trip[i], sheet->zone, text),
                                part->round_trip[i], error);
        }
        if (result == 0 && groups.count > 1) {
            qsort(groups.group, groups.count, sizeof *groups.group, grouping <= BY_STRATEGY ? by_pnl : by_name);
            if (!begun)
                result = document_card_spread(sheet->document, "groups", "Where the P&L came from", error);
            begun = true;
            if (result == 0)
                result = groups_show(sheet, &groups, (enum grouping)grouping, titles[grouping], error);
        }
        free(groups.group);
        names_clear(&groups.names);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* From what the trades made before costs to what was left. */
int card_costs(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const double commission = part_figure_named(part, "commission"), slippage = part_figure_named(part, "slippage");
    const double net = part_figure_named(part, "net_profit");
    if (part->fills == 0 || !isfinite(net) || !isfinite(commission))
        return 0;
    const double slipped = isfinite(slippage) ? slippage : 0, gross = net + commission + slipped;
    const struct bar_value bar[4] = {
        {.label = "before costs", .value = gross},
        {.label = "commission and fees", .base = gross, .value = -commission},
        {.label = "slippage", .base = gross - commission, .value = -slipped},
        {.label = "net", .value = net, .total = true},
    };
    struct figure *figure = document_card(sheet->document, "costs", "Costs", false, error) != 0
                                ? NULL
                                : document_figure(sheet->document, FIGURE_SMALL, FIGURE_SMALL_HEIGHT, ROOM_ANY, error);
    if (figure == NULL)
        return -1;
    char text[4][TICK_TEXT_MAX];
    const double shown[] = {gross, -commission, -slipped, net};
    for (int i = 0; i < 4; i++) {
        char line[128];
        money_text(text[i], shown[i], true);
        (void)snprintf(line, sizeof line, "%s: %s", bar[i].label, text[i]);
        figure_value(figure, DRAW_LEFT + (FIGURE_SMALL - DRAW_LEFT - DRAW_RIGHT) / 4 * (i + 0.5), line);
    }
    buf_add_text(&figure->title, "From P&L before costs to the net");
    buf_printf(&figure->words, "%s before costs, %s commission and fees, %s slippage%s, %s net.", text[0], text[1],
               text[2], isfinite(slippage) ? "" : " (not known)", text[3]);
    figure->drawing.title = figure->title.p;
    figure->drawing.words = figure->words.p;
    return draw_bars(&figure->drawing, bar, 4, "", error);
}

int card_trades(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const struct column columns[] = {
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "side", .kind = COLUMN_TEXT, .rank = 5},
        {.key = "quantity", .kind = COLUMN_DEC, .rank = 4},
        {.key = "entered", .kind = COLUMN_TIME, .rank = 1},
        {.key = "left", .kind = COLUMN_TIME, .rank = 1},
        {.key = "days", .kind = COLUMN_DOUBLE, .digits = 1, .rank = 8},
        {.key = "entry", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
        {.key = "exit", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
        {.key = "pnl", .title = "P&L", .kind = COLUMN_DEC, .digits = 2, .sign = true},
        {.key = "dividends", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true, .rank = 6},
        {.key = "return", .kind = COLUMN_FRACTION, .digits = 1, .sign = true},
        {.key = "r", .title = "R", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true, .optional = true, .rank = 3},
        {.key = "by", .kind = COLUMN_TEXT, .optional = true, .rank = 7},
        {.key = "strategy", .kind = COLUMN_TEXT, .optional = true, .rank = 9},
    };
    const size_t from = part->round_trips > TRIPS_SHOWN ? part->round_trips - TRIPS_SHOWN : 0;
    char caption[128];
    if (from > 0)
        (void)snprintf(caption, sizeof caption, "the last %d of %zu; tn-report trades -O csv has all", TRIPS_SHOWN,
                       part->round_trips);
    else
        (void)snprintf(caption, sizeof caption, "%zu round trip%s", part->round_trips,
                       part->round_trips == 1 ? "" : "s");
    if (document_card(sheet->document, "trades", "Trades", true, error) != 0)
        return -1;
    if (part->round_trips == 0) {
        struct buf *out = document_text(sheet->document, BLOCK_TEXT, error);
        if (out != NULL)
            buf_add_text(out, "No closed trades.");
        return out == NULL ? -1 : 0;
    }
    struct table *table =
        document_table(sheet->document, columns, (int)(sizeof columns / sizeof *columns), caption, TABLE_LONG, error);
    for (size_t i = from; table != NULL && i < part->round_trips; i++) {
        const struct round_trip *round_trip = part->round_trip[i];
        table_text(table, round_trip->symbol);
        table_text(table, round_trip->quantity < 0 ? "short" : "long");
        table_dec(table, round_trip->quantity < 0 ? -round_trip->quantity : round_trip->quantity);
        table_time(table, round_trip->entered);
        table_time(table, round_trip->left);
        table_double(table, (double)(round_trip->left - round_trip->entered) / (double)TIME_DAY);
        table_dec(table, round_trip_entry_price(round_trip));
        table_dec(table, round_trip_exit_price(round_trip));
        table_dec(table, round_trip->pnl);
        table_dec(table, round_trip->dividends == 0 ? DEC_NONE : round_trip->dividends);
        table_double(table, round_trip_ratio(round_trip->pnl, round_trip->cost));
        table_double(table, round_trip_ratio(round_trip->pnl, round_trip->risk));
        table_text(table, role_text(round_trip->exit_role));
        table_text(table, round_trip->strategy);
    }
    return table == NULL ? -1 : 0;
}

int card_orders(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .kind = COLUMN_TIME, .rank = 1},
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "side", .kind = COLUMN_TEXT},
        {.key = "quantity", .kind = COLUMN_DEC},
        {.key = "role", .kind = COLUMN_TEXT, .rank = 5},
        {.key = "status", .kind = COLUMN_TEXT},
        {.key = "average", .kind = COLUMN_DEC, .digits = 2, .optional = true, .rank = 4},
        {.key = "why", .kind = COLUMN_TEXT, .optional = true, .fold = true},
    };
    if (part->orders + part->refusals == 0)
        return 0;
    struct table *table = document_card(sheet->document, "orders", "Orders and refusals", true, error) != 0
                              ? NULL
                              : document_table(sheet->document, columns, 8, "", TABLE_LONG, error);
    for (size_t i = 0; table != NULL && i < part->account_report->orders; i++) {
        const struct order_line *line = &part->account_report->order[i];
        if (line->time == TIME_NONE || line->time < part->from || line->time >= part->to ||
            (sheet->kept_orders != NULL && !sheet->kept_orders[i]))
            continue;
        char why[sizeof line->code + sizeof line->text + 2];
        (void)snprintf(why, sizeof why, "%s%s%s", line->code,
                       line->code[0] != '\0' && line->text[0] != '\0' ? ": " : "", line->text);
        table_time(table, line->time);
        table_text(table, line->order.symbol);
        table_text(table, side_text(line->order.side));
        table_dec(table, line->order.quantity);
        table_text(table, role_text(line->order.role));
        table_text(table, line->refused ? "refused" : order_status_text(line->status));
        table_tone(table, line->refused ? TONE_BAD : TONE_NONE);
        table_dec(table, line->average_price);
        table_text(table, why);
    }
    return table == NULL ? -1 : 0;
}

/* What is held at the end of the records, whatever the period. */
int card_positions(const struct sheet *sheet, const struct part *part, struct error *error)
{
    return document_card(sheet->document, "positions", "Positions", false, error) == 0
               ? table_held(sheet->document, part->account_report, "", error)
               : -1;
}
