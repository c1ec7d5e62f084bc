/* tn-report page: the blocks of a file, each a card. */
#include "tn-report/sheet.h"

#include "expr/expr.h"
#include "feed/input.h"
#include "show/blocks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A row of a table as a record, so that a question can be put to it. */
struct row {
    struct record record;
    struct buf line, scratch;
    struct expr *where;
    bool first;
};

static struct row *row_open(const char *where, struct error *error)
{
    struct row *row = calloc(1, sizeof *row);
    if (row == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    buf_init(&row->line, RECORD_LINE_MAX);
    buf_init(&row->scratch, RECORD_LINE_MAX);
    row->record.scratch = &row->scratch;
    if ((row->where = expr_parse(where, error)) != NULL)
        return row;
    free(row);
    return NULL;
}

static void row_close(struct row *row, const struct invocation *invocation)
{
    where_close(invocation, row->where);
    buf_clear(&row->line);
    buf_clear(&row->scratch);
    free(row);
}

static void row_name(struct row *row, const char *name)
{
    buf_printf(&row->line, ",\"%s\":", name);
}

static void row_text(struct row *row, const char *name, const char *text)
{
    row_name(row, name);
    json_add_string(&row->line, str_of(text));
}

static void row_dec(struct row *row, const char *name, dec value)
{
    row_name(row, name);
    json_add_dec(&row->line, value);
}

static void row_double(struct row *row, const char *name, double value)
{
    row_name(row, name);
    json_add_double(&row->line, value);
}

static void row_time(struct row *row, const char *name, int64_t time)
{
    row_name(row, name);
    json_add_time(&row->line, time);
}

static void row_begin(struct row *row, const char *type)
{
    buf_reset(&row->line);
    buf_printf(&row->line, "{\"type\":\"%s\"", type);
}

/* 1, 0, or -1. */
static int row_test(struct row *row, struct error *error)
{
    buf_add_char(&row->line, '}');
    if (buf_check(&row->line, error) != 0 || record_scan(&row->record, row->line.p, row->line.n, error) != 0)
        return -1;
    return expr_test(row->where, &row->record, error);
}

static int round_trip_test(struct row *row, const struct round_trip *round_trip, struct error *error)
{
    row_begin(row, "round_trip");
    row_text(row, "symbol", round_trip->symbol);
    row_text(row, "side", round_trip->quantity < 0 ? "short" : "long");
    row_dec(row, "quantity", round_trip->quantity < 0 ? -round_trip->quantity : round_trip->quantity);
    row_time(row, "entered", round_trip->entered);
    row_time(row, "left", round_trip->left);
    row_double(row, "days", (double)(round_trip->left - round_trip->entered) / (double)TIME_DAY);
    row_dec(row, "entry", round_trip_entry_price(round_trip));
    row_dec(row, "exit", round_trip_exit_price(round_trip));
    row_dec(row, "pnl", round_trip->pnl);
    row_dec(row, "dividends", round_trip->dividends);
    row_double(row, "return", round_trip_ratio(round_trip->pnl, round_trip->cost));
    row_double(row, "r", round_trip_ratio(round_trip->pnl, round_trip->risk));
    row_text(row, "by", role_text(round_trip->exit_role));
    row_text(row, "strategy", round_trip->strategy);
    return row_test(row, error);
}

static int order_test(struct row *row, const struct order_line *line, struct error *error)
{
    row_begin(row, "order_line");
    row_time(row, "time", line->time);
    row_text(row, "symbol", line->order.symbol);
    row_text(row, "side", side_text(line->order.side));
    row_dec(row, "quantity", line->order.quantity);
    row_text(row, "role", role_text(line->order.role));
    row_text(row, "status", line->refused ? "refused" : order_status_text(line->status));
    row_dec(row, "filled", line->filled);
    row_dec(row, "average", line->average_price);
    row_text(row, "code", line->code);
    row_text(row, "strategy", line->order.strategy);
    return row_test(row, error);
}

static int say_text(const struct sheet *sheet, const char *text, struct error *error)
{
    struct buf *out = document_text(sheet->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    buf_add_text(out, text);
    return 0;
}

/* The question that a table answers stands in it. */
static int say_where(const struct sheet *sheet, const char *where, size_t kept, size_t of, struct error *error)
{
    struct buf *out = document_text(sheet->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    buf_printf(out, "%zu of %zu: where %s", kept, of, where);
    return 0;
}

static int block_trades(const struct sheet *sheet, const struct part *part, const struct page_block *block,
                        struct error *error)
{
    if (block->where == NULL)
        return card_trades(sheet, part, error);
    struct part some = *part;
    struct row *row = row_open(block->where, error);
    some.round_trip = calloc(part->round_trips + 1, sizeof *some.round_trip);
    some.round_trips = 0;
    int kept = row == NULL ? -1 : some.round_trip == NULL ? error_memory(error) : 0;
    for (size_t i = 0; some.round_trip != NULL && i < part->round_trips && kept >= 0; i++)
        if (row != NULL && (kept = round_trip_test(row, part->round_trip[i], error)) == 1)
            some.round_trip[some.round_trips++] = part->round_trip[i];
    int result = kept < 0 ? -1 : card_trades(sheet, &some, error);
    if (result == 0)
        result = say_where(sheet, block->where, some.round_trips, part->round_trips, error);
    free(some.round_trip);
    if (row != NULL)
        row_close(row, sheet->report->options.invocation);
    return result;
}

static int block_orders(const struct sheet *sheet, const struct part *part, const struct page_block *block,
                        struct error *error)
{
    struct sheet some = *sheet;
    size_t kept = 0;
    if (part->orders + part->refusals == 0)
        return document_card(sheet->document, "orders", "Orders and refusals", true, error) != 0
                   ? -1
                   : say_text(sheet, "No orders and no refusals.", error);
    if (block->where == NULL)
        return card_orders(sheet, part, error);
    struct row *row = row_open(block->where, error);
    bool *keep = calloc(part->account_report->orders + 1, sizeof *keep);
    int test = row == NULL ? -1 : keep == NULL ? error_memory(error) : 0;
    for (size_t i = 0; keep != NULL && i < part->account_report->orders && test >= 0; i++) {
        const struct order_line *line = &part->account_report->order[i];
        if (line->time == TIME_NONE || line->time < part->from || line->time >= part->to)
            continue;
        test = row == NULL ? -1 : order_test(row, line, error);
        keep[i] = test == 1;
        kept += keep[i];
    }
    some.kept_orders = keep;
    int result = test < 0 ? -1 : card_orders(&some, part, error);
    if (result == 0)
        result = say_where(sheet, block->where, kept, part->orders + part->refusals, error);
    free(keep);
    if (row != NULL)
        row_close(row, sheet->report->options.invocation);
    return result;
}

static bool has_bars(const struct sheet *sheet, const char *symbol)
{
    for (int i = 0; i < sheet->bars->symbols; i++)
        if (strcmp(sheet->bars->symbol[i], symbol) == 0)
            return true;
    return false;
}

/* Charts that need bars say so when none came. */
static int block_with_bars(const struct sheet *sheet, const struct part *part, const struct page_block *block,
                           struct error *error)
{
    struct sheet one = *sheet;
    const bool equity = block->what == PAGE_EQUITY;
    one.symbol = block->symbol[0] == '\0' ? NULL : block->symbol;
    if (one.symbol != NULL && !has_bars(sheet, one.symbol)) {
        char text[SYMBOL_SIZE + 96];
        (void)snprintf(text, sizeof text, "The input has no bars of %s: %s.", one.symbol,
                       equity ? "there is no such curve" : "there is nothing to draw");
        struct sheet none = *sheet;
        none.symbol = one.symbol;
        if (equity ? card_equity(&none, part, 1, error) != 0
                   : document_card(sheet->document, "candles", "Trades on candles", true, error) != 0)
            return -1;
        struct buf *out = document_text(sheet->document, BLOCK_WARNING, error);
        if (out != NULL)
            buf_add_text(out, text);
        return out == NULL ? -1 : 0;
    }
    return equity ? card_equity(&one, part, 1, error) : card_candles(&one, part, error);
}

static int block_note(const struct sheet *sheet, const struct page_block *block, struct error *error)
{
    if (document_card(sheet->document, "remark", "Note", true, error) != 0)
        return -1;
    return say_text(sheet, block->text, error);
}

static int block_card(const struct sheet *sheet, const struct part *part, const struct page_block *block,
                      struct error *error)
{
    switch (block->what) {
    case PAGE_NOTE:
        return 0; /* said once, whatever the number of parts */
    case PAGE_VERDICT:
        return card_verdict(sheet, part, error);
    case PAGE_GOALS:
        return card_goals(sheet, part, error);
    case PAGE_FIGURES:
        return card_metrics(sheet, part, 1, error);
    case PAGE_ASSUMPTIONS:
        return card_assumptions(sheet, part, 1, error);
    case PAGE_TRADES:
        return block_trades(sheet, part, block, error);
    case PAGE_ORDERS:
        return block_orders(sheet, part, block, error);
    case PAGE_POSITIONS:
        return card_positions(sheet, part, error);
    case PAGE_DRAWDOWNS:
        return card_drawdowns(sheet, part, error);
    case PAGE_MONTHS:
        return card_months(sheet, part, error);
    case PAGE_ROLLING:
        return card_rolling(sheet, part, error);
    case PAGE_DISTRIBUTION:
        return card_distribution(sheet, part, error);
    case PAGE_GROUPS:
        return card_groups(sheet, part, error);
    case PAGE_ALLOCATION:
        return card_allocation(sheet, part, error);
    case PAGE_COSTS:
        return card_costs(sheet, part, error);
    case PAGE_CALENDAR:
        return card_calendar(sheet, part, error);
    default:
        return block_with_bars(sheet, part, block, error);
    }
}

/* Of several runs or accounts each card says whose it is. */
static int name_cards(struct document *document, size_t from, const char *name, struct error *error)
{
    for (size_t i = from; i < document->blocks; i++) {
        struct buf *title = &document->block[i].text;
        if (document->block[i].kind != BLOCK_CARD)
            continue;
        buf_printf(title, ": %s", name);
        if (buf_check(title, error) != 0)
            return -1;
    }
    return 0;
}

int sheet_page(const struct sheet *sheet, const struct page *page, const struct part *part, size_t parts,
               struct error *error)
{
    for (size_t i = 0; i < page->blocks; i++) {
        const struct page_block *block = &page->block[i];
        int result = block->what == PAGE_NOTE ? block_note(sheet, block, error) : 0;
        for (size_t k = 0; k < parts && result == 0; k++) {
            const size_t before = sheet->document->blocks;
            result = block_card(sheet, &part[k], block, error);
            /* What has nothing to show is said, since it was asked for. */
            if (result == 0 && block->what != PAGE_NOTE && sheet->document->blocks == before)
                result =
                    document_card(sheet->document, "empty", "Nothing to show", false, error) != 0
                        ? -1
                        : say_text(sheet,
                                   block->what == PAGE_GOALS ? "No goal is set: goal_return and others in tn-config(5)."
                                                             : "The input has nothing for this block.",
                                   error);
            if (result == 0 && parts > 1)
                result = name_cards(sheet->document, before, part[k].account_report->name, error);
        }
        if (result != 0) {
            if (error->code == EXIT_USAGE || error->code == EXIT_INPUT)
                error_prefix(error, "the block of line %zu", block->line);
            return -1;
        }
    }
    return 0;
}
