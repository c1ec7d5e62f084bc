/* Reports as documents: which cards they have, the verdict, the figures and the assumptions. */
#include "tn-report/sheet.h"

#include "base/time.h"
#include "show/flat.h"
#include "show/scale.h"
#include "tn-report/decided.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void signed_text(char text[static TICK_TEXT_MAX], double value, int digits, const char *unit, bool sign)
{
    if (!isfinite(value)) {
        (void)snprintf(text, TICK_TEXT_MAX, "–");
        return;
    }
    char plain[TICK_TEXT_MAX];
    value_text(plain, value, digits, unit);
    (void)snprintf(text, TICK_TEXT_MAX, "%s%.46s", sign && value >= 0.5 * pow(10, -digits) ? "+" : "", plain);
}

void money_text(char text[static TICK_TEXT_MAX], double value, bool sign)
{
    signed_text(text, value, 2, "", sign);
}

void percent_text(char text[static TICK_TEXT_MAX], double fraction, bool sign)
{
    signed_text(text, 100 * fraction, fabs(fraction) < 0.001 && fabs(fraction) >= 0.00005 ? 2 : 1, " %", sign);
}

static enum tone tone_of(double value)
{
    return value > 0 ? TONE_GOOD : value < 0 ? TONE_BAD : TONE_NONE;
}

static const char *formula_of(const char *metric)
{
    return metric_find(metric)->formula;
}

static int fact(const struct sheet *sheet, const char *label, const char *value, const char *note, enum tone tone,
                bool large, struct error *error)
{
    return document_fact(sheet->document, label, value, note, tone, large, error);
}

static int warn(const struct sheet *sheet, const char *text, struct error *error)
{
    struct buf *out = document_text(sheet->document, BLOCK_WARNING, error);
    if (out == NULL)
        return -1;
    buf_add_text(out, text);
    return 0;
}

/* "momentum lost 2.8 % in 3.2 years; buying and holding the same made 523.0 %." */
static int sentence(const struct sheet *sheet, const struct part *part, const struct outcome_view *outcome,
                    struct error *error)
{
    struct buf *out = document_text(sheet->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    const double gain = part_figure_named(part, "return");
    const double days =
        part->metrics.points < 2 ? 0 : (double)(part->metrics.last_time - part->metrics.first_time) / (double)TIME_DAY;
    char text[TICK_TEXT_MAX];
    buf_add_text(out, part->account_report->name);
    if (!isfinite(gain)) {
        buf_add_text(out, " has no return: fewer than two equity points.");
        return 0;
    }
    percent_text(text, fabs(gain), false);
    buf_printf(out, " %s %s in ", gain < 0 ? "lost" : "made", text);
    if (days >= 365)
        buf_printf(out, "%.1f years", days / 365.25);
    else
        buf_printf(out, "%.0f day%s", fmax(1, ceil(days)), days > 1 ? "s" : "");
    if (part->round_trips > 0)
        buf_printf(out, " with %zu round trip%s", part->round_trips, part->round_trips == 1 ? "" : "s");
    if (part->whole && isfinite(outcome->hold_return)) {
        percent_text(text, fabs(outcome->hold_return), false);
        buf_printf(out, "; buying and holding the same %s %s", outcome->hold_return < 0 ? "lost" : "made", text);
    }
    buf_add_char(out, '.');
    return 0;
}

static int headline(const struct sheet *sheet, const struct part *part, const struct outcome_view *outcome,
                    struct error *error)
{
    char text[TICK_TEXT_MAX], other[TICK_TEXT_MAX], both[2 * TICK_TEXT_MAX + 8];
    const double gain = part_figure_named(part, "return"), sharpe = part_figure_named(part, "sharpe");
    const double net = part_figure_named(part, "net_profit"), days = part_figure_named(part, "days");
    percent_text(text, gain, true);
    int result = fact(sheet, "return", text, formula_of("return"), tone_of(gain), true, error);
    percent_text(text, part_figure_named(part, "max_drawdown"), false);
    if (result == 0)
        result = fact(sheet, "maximum drawdown", text, formula_of("max_drawdown"), TONE_NONE, true, error);
    if (part->whole && isfinite(outcome->hold_return)) {
        percent_text(text, outcome->hold_return, true);
        if (result == 0)
            result = fact(sheet, "buy and hold", text, "of the same bars, equal parts, without costs", TONE_NONE, true,
                          error);
    }
    signed_text(text, sharpe, 2, "", false);
    signed_text(other, sharpe_margin(sharpe, isfinite(days) ? (uint64_t)days : 0, sheet->sessions), 2, "", false);
    (void)snprintf(both, sizeof both, isfinite(sharpe) ? "%s ± %s" : "%s", text, other);
    if (result == 0)
        result = fact(sheet, "Sharpe ratio (95 %)", both,
                      "mean daily return divided by its standard deviation, times the square root of the sessions a "
                      "year; ± 1.96 standard errors (Lo 2002)",
                      TONE_NONE, true, error);
    money_text(text, net, true);
    (void)snprintf(both, sizeof both, "%s %s", text, part->account_report->currency);
    if (result == 0)
        result = fact(sheet, "net profit", both, formula_of("net_profit"), tone_of(net), false, error);
    percent_text(text, part_figure_named(part, "cagr"), true);
    const int64_t span = part->metrics.last_time - part->metrics.first_time;
    if (result == 0 && part->metrics.points > 1 && span >= 365 * TIME_DAY) /* not extrapolated */
        result = fact(sheet, "yearly return", text, formula_of("cagr"), TONE_NONE, false, error);
    (void)snprintf(both, sizeof both, "%zu", part->round_trips);
    if (result == 0)
        result = fact(sheet, "round trips", both, "", TONE_NONE, false, error);
    percent_text(text, part_figure_named(part, "win_rate"), false);
    if (result == 0)
        result = fact(sheet, "winning trades", text, formula_of("win_rate"), TONE_NONE, false, error);
    return result;
}

/* What a reader should know before he believes a figure. */
static int warnings(const struct sheet *sheet, const struct part *part, struct error *error)
{
    const double sharpe = part_figure_named(part, "sharpe"), days = part_figure_named(part, "days");
    const double margin = sharpe_margin(sharpe, isfinite(days) ? (uint64_t)days : 0, sheet->sessions);
    char text[160];
    int result = 0;
    if (part->round_trips > 0 && part->round_trips < 30) {
        (void)snprintf(text, sizeof text, "only %zu round trip%s: too few to tell skill from luck", part->round_trips,
                       part->round_trips == 1 ? "" : "s");
        result = warn(sheet, text, error);
    }
    if (result == 0 && isfinite(margin) && fabs(sharpe) < margin)
        result = warn(sheet, "the Sharpe ratio is not significantly different from 0: its interval contains 0", error);
    return result;
}

/* The lines that the summary says below its table. */
static int notes(const struct sheet *sheet, const struct decided *decided, struct error *error)
{
    static const struct style plain = {.format = FORMAT_TABLE};
    struct buf lines;
    buf_init(&lines, 65536);
    int result = decided_add_notes(decided, &plain, &lines, error);
    for (size_t i = 0; i < lines.n && result == 0;) {
        size_t end = i;
        while (end < lines.n && lines.p[end] != '\n')
            end++;
        struct buf *out = document_text(sheet->document, BLOCK_WARNING, error);
        if (out == NULL)
            result = -1;
        else
            buf_add(out, lines.p + i, end - i);
        i = end + 1;
    }
    buf_clear(&lines);
    return result;
}

int card_verdict(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const struct column columns[] = {{.key = "what", .title = "", .kind = COLUMN_TEXT},
                                            {.key = "count", .title = "", .kind = COLUMN_TEXT, .right = true}};
    struct outcome_view outcome;
    outcome_read(&outcome, part->account_report);
    if (document_card(sheet->document, "verdict", "Result", true, error) != 0 ||
        sentence(sheet, part, &outcome, error) != 0 || headline(sheet, part, &outcome, error) != 0 ||
        warnings(sheet, part, error) != 0)
        return -1;
    if (!part->whole)
        return 0;
    struct account_report *const account_report = (struct account_report *)(uintptr_t)part->account_report;
    struct decided *decided = decided_new(&account_report, 1, error);
    if (decided == NULL)
        return -1;
    int result = notes(sheet, decided, error);
    struct table *table = result != 0 ? NULL : document_table(sheet->document, columns, 2, "What decided it", 0, error);
    if (table != NULL)
        decided_add_rows(decided, table);
    decided_free(decided);
    return table == NULL ? -1 : 0;
}

/* Figures side by side, each with its formula. */
int card_metrics(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    struct column *columns = calloc(parts + 2, sizeof *columns);
    if (columns == NULL)
        return error_memory(error);
    columns[0] = (struct column){.key = "metric", .title = "figure", .kind = COLUMN_TEXT};
    for (size_t i = 0; i < parts; i++)
        columns[i + 1] =
            (struct column){.key = "value", .title = part[i].account_report->name, .kind = COLUMN_TEXT, .right = true};
    columns[parts + 1] = (struct column){.key = "formula", .kind = COLUMN_TEXT, .rank = 9};
    struct table *table = NULL;
    if (document_card(sheet->document, "figures", "All figures", true, error) == 0)
        table = document_table(sheet->document, columns, (int)parts + 2, "", 0, error);
    for (int m = 0; table != NULL && m < metric_count; m++) {
        table_text(table, metric_table[m].title);
        for (size_t i = 0; i < parts; i++) {
            char text[64];
            figure_text(text, sizeof text, part_figure(&part[i], m), metric_table[m].unit);
            table_text(table, text);
        }
        table_text(table, metric_table[m].formula);
    }
    free(columns);
    return table == NULL ? -1 : 0;
}

static void assumption(void *context, struct str name, struct str value)
{
    struct table *table = context;
    char text[64];
    size_t n = 0;
    for (; n < name.n && n + 1 < sizeof text; n++)
        text[n] = name.p[n] == '_' ? ' ' : name.p[n];
    table_str(table, (struct str){text, n});
    table_str(table, value);
}

int card_assumptions(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    static const struct column columns[] = {{.key = "name", .title = "", .kind = COLUMN_TEXT},
                                            {.key = "value", .title = "", .kind = COLUMN_TEXT}};
    if (document_card(sheet->document, "assumptions", "Assumptions", false, error) != 0)
        return -1;
    struct buf *out = document_text(sheet->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    buf_printf(out, "From %s; times of %s.", sheet->report->source,
               sheet->zone == NULL ? "UTC" : zone_name(sheet->zone));
    for (size_t i = 0; i < parts; i++) {
        const struct account_report *account_report = part[i].account_report;
        if (account_report->result_record == NULL)
            continue;
        struct table *table = document_table(sheet->document, columns, 2, account_report->name, TABLE_FOLDED, error);
        if (table == NULL)
            return -1;
        table_text(table, "run");
        table_text(table, account_report->result.run);
        table_text(table, "input");
        table_str(table, account_report->result.input);
        table_text(table, "version");
        table_text(table, account_report->result.version);
        flat_each(account_report->result.assumptions, assumption, table);
        flat_each(account_report->result.params, assumption, table);
    }
    return 0;
}

int sheet_strategy(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static int (*const cards[])(const struct sheet *, const struct part *, struct error *) = {
        card_goals,      card_drawdowns, card_months,   card_rolling, card_distribution, card_groups,
        card_allocation, card_costs,     card_calendar, card_candles, card_trades};
    if (card_verdict(sheet, part, error) != 0 || card_equity(sheet, part, 1, error) != 0)
        return -1;
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        if (cards[i](sheet, part, error) != 0)
            return -1;
    if (!part->whole && card_orders(sheet, part, error) != 0)
        return -1;
    return card_metrics(sheet, part, 1, error) != 0 ? -1 : card_assumptions(sheet, part, 1, error);
}

/* Correlations of daily returns, where there are several. */
static int card_correlation(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    struct column *columns = calloc(parts + 1, sizeof *columns);
    if (columns == NULL)
        return error_memory(error);
    columns[0] = (struct column){.key = "run", .title = "", .kind = COLUMN_TEXT};
    for (size_t i = 0; i < parts; i++)
        columns[i + 1] = (struct column){
            .key = "correlation", .title = part[i].account_report->name, .kind = COLUMN_DOUBLE, .digits = 2};
    struct table *table = NULL;
    if (document_card(sheet->document, "correlation", "Correlation of daily returns", false, error) == 0)
        table = document_table(sheet->document, columns, (int)parts + 1, "", 0, error);
    for (size_t i = 0; table != NULL && i < parts; i++) {
        table_text(table, part[i].account_report->name);
        for (size_t k = 0; k < parts; k++)
            table_double(table, daily_correlation(&part[i].daily, &part[k].daily));
    }
    free(columns);
    return table == NULL ? -1 : 0;
}

int sheet_compare(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error)
{
    if (document_card(sheet->document, "verdict", "Results", true, error) != 0)
        return -1;
    for (size_t i = 0; i < parts; i++) {
        struct outcome_view outcome;
        outcome_read(&outcome, part[i].account_report);
        if (sentence(sheet, &part[i], &outcome, error) != 0)
            return -1;
    }
    if (card_equity(sheet, part, parts, error) != 0 || card_metrics(sheet, part, parts, error) != 0 ||
        card_paired(sheet, part, parts, error) != 0 || (parts > 1 && card_correlation(sheet, part, parts, error) != 0))
        return -1;
    return card_assumptions(sheet, part, parts, error);
}
