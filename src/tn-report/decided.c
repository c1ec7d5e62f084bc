/* tn-report summary: what decided the result. */
#include "tn-report/decided.h"

#include "show/flat.h"
#include "tn-report/fill_range.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct decided {
    struct account_report *const *account_report;
    size_t books;
    struct outcome_view view[];
};

struct decided *decided_new(struct account_report *const *account_report, size_t books, struct error *error)
{
    struct decided *decided = calloc(1, sizeof *decided + books * sizeof decided->view[0]);
    if (decided == NULL) {
        error_memory(error);
        return NULL;
    }
    decided->account_report = account_report;
    decided->books = books;
    for (size_t i = 0; i < books; i++)
        outcome_read(&decided->view[i], account_report[i]);
    return decided;
}

void decided_free(struct decided *decided)
{
    free(decided);
}

/* The tallies of an outcome: how a row of them is called, how a figure, and of what it is a part. */
static const struct {
    const char *title, *name;
    size_t offset;
    bool code_as_word; /* "left by stop", not "refused STOP" */
    bool of_entries, of_all;
} tallies[] = {
    {"cut by", "cut", offsetof(struct outcome, cut), true, true, false},
    {"refused", "refused", offsetof(struct outcome, refused), false, false, false},
    {"rejected", "rejected", offsetof(struct outcome, rejected), false, true, false},
    {"left by", "exits", offsetof(struct outcome, exits), true, false, true},
};

static const struct tally *tally_at(const struct outcome *outcome, size_t offset)
{
    return (const struct tally *)(const void *)((const char *)outcome + offset);
}

static uint64_t count_of(const struct tally *tally, const char *code)
{
    for (int i = 0; i < tally->count; i++)
        if (strcmp(tally->of[i].code, code) == 0)
            return tally->of[i].count;
    return 0;
}

/* "cut by max position", "refused MAX_POSITION" */
static void write_title(char *text, size_t size, size_t kind, const char *code)
{
    int at = snprintf(text, size, "%s ", tallies[kind].title);
    for (; *code != '\0' && at >= 0 && (size_t)at + 1 < size; code++, at++) {
        const bool word = tallies[kind].code_as_word;
        text[at] = !word ? *code : *code == '_' ? ' ' : (char)tolower((unsigned char)*code);
        text[at + 1] = '\0';
    }
}

static void add_code(const struct decided *decided, size_t kind, const char *code, struct table *table)
{
    char text[2 * STRATEGY_SIZE];
    write_title(text, sizeof text, kind, code);
    table_text(table, text);
    for (size_t i = 0; i < decided->books; i++) {
        const struct outcome *outcome = &decided->view[i].outcome;
        const struct tally *tally = tally_at(outcome, tallies[kind].offset);
        const unsigned long long count = count_of(tally, code);
        const uint64_t all = tallies[kind].of_entries ? outcome->entries : tallies[kind].of_all ? tally_sum(tally) : 0;
        if (all > 0)
            (void)snprintf(text, sizeof text, "%llu of %llu", count, (unsigned long long)all);
        else
            (void)snprintf(text, sizeof text, "%llu", count);
        table_text(table, text);
    }
}

/* The codes of a tally over all books, each in one row. */
static void add_tally(const struct decided *decided, size_t kind, struct table *table)
{
    for (size_t i = 0; i < decided->books; i++) {
        const struct tally *tally = tally_at(&decided->view[i].outcome, tallies[kind].offset);
        for (int k = 0; k < tally->count; k++) {
            bool had = false;
            for (size_t j = 0; j < i && !had; j++)
                had = count_of(tally_at(&decided->view[j].outcome, tallies[kind].offset), tally->of[k].code) > 0;
            if (!had)
                add_code(decided, kind, tally->of[k].code, table);
        }
    }
}

static void add_count(const struct decided *decided, const char *title, size_t offset, bool always, struct table *table)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < decided->books; i++)
        sum += *(const uint64_t *)(const void *)((const char *)&decided->view[i].outcome + offset);
    if (sum == 0 && !always)
        return;
    table_text(table, title);
    for (size_t i = 0; i < decided->books; i++) {
        char text[32];
        (void)snprintf(
            text, sizeof text, "%llu",
            (unsigned long long)*(const uint64_t *)(const void *)((const char *)&decided->view[i].outcome + offset));
        table_text(table, text);
    }
}

void decided_add_rows(const struct decided *decided, struct table *table)
{
    add_count(decided, "entries ordered", offsetof(struct outcome, entries), true, table);
    for (size_t i = 0; i + 1 < sizeof tallies / sizeof *tallies; i++)
        add_tally(decided, i, table);
    add_count(decided, "expired unfilled", offsetof(struct outcome, expired), false, table);
    add_count(decided, "cancelled unfilled", offsetof(struct outcome, canceled), false, table);
    add_tally(decided, sizeof tallies / sizeof *tallies - 1, table);
}

/* Figures that buying and holding has beside those of a run. */
static double hold_figure(const struct decided *decided, size_t account_report, const char *metric)
{
    return decided->account_report[account_report]->result_record == NULL
               ? NAN
               : flat_number(decided->account_report[account_report]->result.benchmark, metric);
}

void decided_add_hold(const struct decided *decided, const char *metric, struct table *table)
{
    static const char *const beside[] = {"return",  "cagr",   "volatility",   "sharpe",  "sharpe_error",
                                         "sortino", "calmar", "max_drawdown", "cvar_95", "exposure"};
    const struct metric *of = metric_find(metric);
    char title[96];
    bool any = false, shown = false;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        shown |= strcmp(metric, beside[i]) == 0;
    for (size_t i = 0; i < decided->books; i++)
        any |= isfinite(hold_figure(decided, i, metric));
    if (!any || !shown)
        return;
    (void)snprintf(title, sizeof title, "buy and hold, %s", of->title);
    table_text(table, strcmp(metric, "return") == 0 ? "buy and hold"
                      : strcmp(metric, "cagr") == 0 ? "buy and hold, yearly"
                                                    : title);
    for (size_t i = 0; i < decided->books; i++) {
        char text[64];
        figure_text(text, sizeof text, hold_figure(decided, i, metric), of->unit);
        table_text(table, text);
    }
}

/* "NAME: ", where there are several. */
static void begin_note(const struct decided *decided, size_t i, const struct style *style, struct buf *note)
{
    if (decided->books < 2)
        return;
    style_add(note, str_of(decided->account_report[i]->name), style);
    buf_add_text(note, ": ");
}

static void note_waiting(const struct outcome_view *view, const struct style *style, struct buf *note)
{
    for (int i = 0; i < view->outcome.waiting.count; i++) {
        buf_add_text(note, i == 0 ? "" : "; ");
        style_add(note, str_of(view->outcome.waiting.of[i].code), style);
        buf_printf(note, " never had the %llu bars per symbol that it needs",
                   (unsigned long long)view->outcome.waiting.of[i].count);
    }
    buf_add_char(note, '\n');
}

static double figure_of(const struct account_report *account_report, const char *name);

/* What would be left at costs of 5 bp a side, where there were none: of an account. The head of a result says it. */
static void note_costs(const struct account_report *account_report, double traded, const struct style *style,
                       struct buf *note)
{
    const double taken = traded * 0.0005, net = figure_of(account_report, "net_profit");
    buf_printf(note, "all costs are 0: 5 bp per side of the %.2f traded would cost %.2f ", traded, taken);
    style_add(note, str_of(account_report->currency), style);
    if (isfinite(net))
        buf_printf(note, " and leave a net profit of %.2f instead of %.2f", net - taken, net);
    buf_add_char(note, '\n');
}

/* Orders that no market would have taken as the bars say. */
static void note_large(const struct outcome *outcome, struct buf *note)
{
    buf_printf(note, "%llu %s for more than %.0f %% of the volume of the bar that filled %s, the largest for %.0f %%\n",
               (unsigned long long)outcome->large, outcome->large == 1 ? "order was" : "orders were",
               100 * OUTCOME_LARGE, outcome->large == 1 ? "it" : "them", 100 * outcome->largest);
}

/* Fills after slippage stand on ticks. Where a cent is much of the price, as of currencies, that is most of it. */
static void note_ticks(double taken, double asked, struct buf *note)
{
    buf_printf(note,
               "slippage was %.1f bp of the amount traded, not %.4g: fills are on ticks (0.01, or tick_size in "
               "tn-config(5))\n",
               taken, asked);
}

static double figure_of(const struct account_report *account_report, const char *name)
{
    for (int i = 0; i < metric_count; i++)
        if (strcmp(metric_table[i].name, name) == 0)
            return account_report_figure(account_report, i);
    return NAN;
}

/* What slippage took in basis points of what was traded, where that is far more than was asked; else 0. */
static double slippage_beyond(const struct account_report *account_report, double traded, double asked)
{
    const double taken = traded > 0 ? figure_of(account_report, "slippage") / traded * 1e4 : 0;
    return account_report->result_record != NULL &&
                   flat_number(account_report->result.assumptions, "slippage_ticks") == 0 && taken > 20 &&
                   taken > 3 * asked
               ? taken
               : 0;
}

int decided_add_notes(const struct decided *decided, const struct style *style, struct buf *note, struct error *error)
{
    for (size_t i = 0; i < decided->books; i++) {
        const struct outcome_view *view = &decided->view[i];
        const bool counted = decided->account_report[i]->result_record == NULL;
        if (counted && decided->account_report[i]->fills == 0) {
            begin_note(decided, i, style, note);
            buf_add_text(note, "no trades: ");
            outcome_add_reason(&view->outcome, note);
            buf_add_char(note, '\n');
        } else if (view->no_trades.n > 0) {
            begin_note(decided, i, style, note);
            buf_add_text(note, "no trades: ");
            style_add(note, view->no_trades, style);
            buf_add_char(note, '\n');
        } else if (view->outcome.waiting.count > 0) {
            begin_note(decided, i, style, note);
            note_waiting(view, style, note);
        }
        const double asked = counted ? 0 : flat_number(decided->account_report[i]->result.assumptions, "slippage_bps");
        const double taken = slippage_beyond(decided->account_report[i], view->outcome.traded, asked);
        if (taken > 0) {
            begin_note(decided, i, style, note);
            note_ticks(taken, asked, note);
        }
        if (view->outcome.large > 0) {
            begin_note(decided, i, style, note);
            note_large(&view->outcome, note);
        }
        if (decided->account_report[i]->result_record != NULL && decided->account_report[i]->result.range.n > 0) {
            begin_note(decided, i, style, note);
            fill_range_note(decided->account_report[i], style, note);
        }
        if (counted && view->outcome.traded > 0 && figure_of(decided->account_report[i], "costs") == 0) {
            begin_note(decided, i, style, note);
            note_costs(decided->account_report[i], view->outcome.traded, style, note);
        }
    }
    return buf_check(note, error);
}

void decided_each(const struct account_report *account_report,
                  void (*each)(void *context, const struct account_report *account_report, const char *name,
                               double figure, enum metric_unit unit),
                  void *context)
{
    struct outcome_view view;
    outcome_read(&view, account_report);
    const struct outcome *outcome = &view.outcome;
    for (int i = 0; i < metric_count; i++) {
        char name[96];
        const double figure = account_report->result_record == NULL
                                  ? NAN
                                  : flat_number(account_report->result.benchmark, metric_table[i].name);
        (void)snprintf(name, sizeof name, "hold_%s", metric_table[i].name);
        if (isfinite(figure) || strcmp(name, "hold_return") == 0 || strcmp(name, "hold_cagr") == 0)
            each(context, account_report, name, figure, metric_table[i].unit);
    }
    each(context, account_report, "traded", outcome->traded, METRIC_MONEY);
    each(context, account_report, "entries", (double)outcome->entries, METRIC_COUNT);
    each(context, account_report, "expired", (double)outcome->expired, METRIC_COUNT);
    each(context, account_report, "canceled", (double)outcome->canceled, METRIC_COUNT);
    for (size_t i = 0; i < sizeof tallies / sizeof *tallies; i++) {
        const struct tally *tally = tally_at(outcome, tallies[i].offset);
        for (int k = 0; k < tally->count; k++) {
            char name[2 * STRATEGY_SIZE];
            (void)snprintf(name, sizeof name, "%s.%s", tallies[i].name, tally->of[k].code);
            each(context, account_report, name, (double)tally->of[k].count, METRIC_COUNT);
        }
    }
}

int decided_add_raw(struct table *table, const struct account_report *account_report, struct error *error)
{
    if (account_report->result_record != NULL && account_report->result.outcome.n > 0) {
        table_str(table, account_report->result.outcome);
        table_str(table, account_report->result.benchmark);
        return 0;
    }
    struct outcome_view view;
    struct buf text;
    outcome_read(&view, account_report);
    buf_init(&text, 65536);
    outcome_json(&view.outcome, account_report->fills, &text);
    const int result = buf_check(&text, error);
    table_str(table, buf_str(&text));
    table_none(table);
    buf_clear(&text);
    return result;
}
