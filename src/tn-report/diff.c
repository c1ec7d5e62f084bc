/* tn-report diff: orders of an account that went otherwise than in the re-run of tn-backtest diff. */
#include "base/list.h"
#include "tn-report/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec diff_options[] = {
    {.name = "all", .kind = OPTION_FLAG, .summary = "include those that are the same"},
    {.name = NULL},
};

static const struct column columns[] = {
    {.key = "time", .kind = COLUMN_TIME, .rank = 4},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "kind", .kind = COLUMN_TEXT},
    {.key = "side", .kind = COLUMN_TEXT},
    {.key = "role", .kind = COLUMN_TEXT, .rank = 3},
    {.key = "filled", .kind = COLUMN_DEC},
    {.key = "price", .kind = COLUMN_DEC, .digits = 2},
    {.key = "rerun_filled", .title = "rerun", .kind = COLUMN_DEC},
    {.key = "rerun_price", .title = "price", .kind = COLUMN_DEC, .digits = 2},
    {.key = "money", .kind = COLUMN_DEC, .digits = 2, .sign = true},
    {.key = "cause", .kind = COLUMN_TEXT, .fold = true, .optional = true},
    {.key = "strategy", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "order_id", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "account", .kind = COLUMN_TEXT, .data_only = true},
};

struct kinds {
    struct table *table;
    bool all;
    size_t count[DIFFERENCE_CASH + 1];
    double money[DIFFERENCE_CASH + 1];
    size_t records;
};

static void add_row(struct table *table, const struct difference *difference)
{
    table_time(table, difference->time);
    table_text(table, difference->symbol);
    table_text(table, difference_kind_text(difference->kind));
    table_text(table, side_text(difference->side));
    table_text(table, role_text(difference->role));
    table_dec(table, difference->filled);
    table_dec(table, difference->price);
    table_dec(table, difference->rerun_filled);
    table_dec(table, difference->rerun_price);
    table_dec(table, difference->money);
    table_text(table, difference->cause);
    table_text(table, difference->strategy);
    table_text(table, difference->order_id);
    table_text(table, difference->account);
}

static int read_all(struct kinds *kinds, const struct view *view, enum exit_code *code, struct error *error)
{
    const struct flow_options options = {.program = view->options.program,
                                         .invocation = view->options.invocation,
                                         .files = view->files,
                                         .strict = view->options.strict,
                                         .quiet = view->options.quiet,
                                         .no_end = true};
    struct flow *flow = flow_open(&options, error);
    const struct record *record;
    struct difference difference;
    int got = flow == NULL ? -1 : 1;
    while (got == 1 && (got = flow_next(flow, &record, error)) == 1) {
        if (record->type != RECORD_DIFFERENCE)
            continue;
        if (record_decode(record, &difference, error) != 0) {
            if (error->code != EXIT_INPUT || flow_bad(flow, error) != 0)
                got = -1;
            continue;
        }
        kinds->records++;
        kinds->count[difference.kind]++;
        if (difference.money != DEC_NONE)
            kinds->money[difference.kind] += dec_to_double(difference.money);
        if (kinds->all || difference.kind != DIFFERENCE_SAME)
            add_row(kinds->table, &difference);
    }
    struct error late = {0};
    if (flow != NULL)
        *code = flow_close(flow, got < 0 ? &late : error);
    return got < 0 || error_is_set(error) ? -1 : 0;
}

/* "12 orders: 9 the same, 2 price (-3.10), 1 missed (+40.00)". */
static void add_total(const struct kinds *kinds, struct buf *out)
{
    const char *between = ": ";
    buf_printf(out, "%zu orders", kinds->records - kinds->count[DIFFERENCE_CASH]);
    for (int kind = DIFFERENCE_SAME; kind <= DIFFERENCE_CASH; kind++) {
        if (kinds->count[kind] == 0)
            continue;
        buf_printf(out, "%s%zu %s", between, kinds->count[kind],
                   kind == DIFFERENCE_SAME ? "the same" : difference_kind_text((enum difference_kind)kind));
        if (kind != DIFFERENCE_SAME)
            buf_printf(out, " (%+.2f)", kinds->money[kind]);
        between = ", ";
    }
    buf_add_text(out, "\n");
}

static int show(struct view *view, struct kinds *kinds, struct error *error)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    const bool people = view->style.format == FORMAT_TABLE;
    int result = table_check(kinds->table, error);
    if (result == 0 && (!people || table_rows(kinds->table) > 0))
        result = table_render(kinds->table, &view->style, &out, error);
    if (result == 0 && people)
        add_total(kinds, &out);
    if (result == 0 && buf_check(&out, error) == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result;
}

enum exit_code report_diff(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct kinds kinds = {.all = option_flag(invocation, "all")};
    enum exit_code code = EXIT_DONE;
    if (view_open(&view, invocation, invocation_operand_list(invocation), NULL, error) != 0) {
        view_close(&view);
        return error->code;
    }
    if ((kinds.table = table_new("difference", columns, sizeof columns / sizeof *columns, error)) != NULL &&
        read_all(&kinds, &view, &code, error) == 0) {
        if (kinds.records == 0 && code == EXIT_DONE) {
            error_set(error, EXIT_NO, "no differences in the input");
            error_hint(error, "tn-backtest diff -a ACCOUNT --from DATE BARS | tn-report diff");
        } else {
            (void)show(&view, &kinds, error);
        }
    }
    table_free(kinds.table);
    view_close(&view);
    return error_is_set(error) ? error->code : code;
}
