/* tn-signal scan, rank, alert, explain: a rule over a universe of bars. */
#include "show/table.h"
#include "tn-signal/scanning.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int64_t scanning_newest(const struct scan_result *const *list, size_t count, struct interval interval)
{
    int64_t end = TIME_NONE;
    for (size_t i = 0; i < count; i++)
        if (interval_equal(list[i]->interval, interval) && list[i]->end > end)
            end = list[i]->end;
    return end;
}

static void add_figures(struct buf *out, const struct scan *scan, const struct scan_result *result)
{
    buf_add_char(out, '{');
    for (int i = 0; i < scan_figures(scan); i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, scan_figure_name(scan, i));
        buf_add_char(out, ':');
        json_add_double(out, result->figure[i]);
    }
    buf_add_char(out, '}');
}

int scanning_write_match(struct scanning *scanning, const struct scan_result *result, struct error *error)
{
    struct match match;
    const struct bar bar = {.time = result->time, .interval = result->interval};
    record_blank(RECORD_MATCH, &match);
    match.time = result->end;
    memcpy(match.symbol, result->symbol, sizeof match.symbol);
    match.interval = result->interval;
    match.rule = str_of(scanning->rule);
    match.price = result->close;
    match.figures = buf_str(&scanning->text);
    struct bar key = bar;
    memcpy(key.symbol, result->symbol, sizeof key.symbol);
    bar_key(match.cause, &key);
    return buf_check(&scanning->text, error) == 0 ? flow_write(input_flow(scanning->input), RECORD_MATCH, &match, error)
                                                  : -1;
}

/* Where the symbols went: the first stage that said no, or was not known. */
struct tally {
    size_t old, young, unknown, matched, no[SCAN_STAGES_MAX];
};

static void count_dropped(struct tally *tally, const struct scan *scan, const struct scan_result *result)
{
    if (isnan(result->value)) {
        *(result->bars <= (uint64_t)scan_lookback(scan) ? &tally->young : &tally->unknown) += 1;
        return;
    }
    for (int i = 0; i < scan_stages(scan); i++)
        if (result->stage[i] == 0) {
            tally->no[i]++;
            return;
        }
}

static void tell_dropped(const struct scanning *scanning, const struct tally *tally, size_t symbols)
{
    const struct scan *scan = scanning->scan;
    say(scanning->invocation, 0, "%zu of %zu match", tally->matched, symbols);
    for (int i = 0; i < scan_stages(scan); i++)
        if (tally->no[i] > 0)
            say(scanning->invocation, 0, "  %zu dropped by " STR_FMT, tally->no[i], STR_ARG(scan_stage_name(scan, i)));
    if (tally->young > 0)
        say(scanning->invocation, 0, "  %zu with too few bars: %d are needed", tally->young, scan_lookback(scan) + 1);
    if (tally->unknown > 0)
        say(scanning->invocation, 0, "  %zu for which it is unknown: tn-signal explain SYMBOL shows why",
            tally->unknown);
    if (tally->old > 0)
        say(scanning->invocation, 0, "  %zu without the newest bar", tally->old);
}

static int write_matches(struct scanning *scanning, struct tally *tally, struct error *error)
{
    size_t count = 0;
    int result = 0;
    const struct scan_result **list = scan_results(scanning->scan, &count, error);
    for (size_t i = 0; i < count && result == 0; i++) {
        if (list[i]->end != scanning_newest(list, count, list[i]->interval)) {
            tally->old++;
        } else if (list[i]->value != 1) {
            count_dropped(tally, scanning->scan, list[i]);
        } else {
            tally->matched++;
            buf_reset(&scanning->text);
            add_figures(&scanning->text, scanning->scan, list[i]);
            result = scanning_write_match(scanning, list[i], error);
        }
    }
    if (result == 0 && !error_is_set(error))
        tell_dropped(scanning, tally, count);
    free(list);
    return result;
}

enum exit_code signal_scan(struct invocation *invocation, struct error *error)
{
    struct scanning scanning = {.invocation = invocation};
    struct tally tally = {.old = 0};
    char *const *operands = invocation_operand_list(invocation);
    const bool done = scan_all(&scanning, operands[0], operands + 1, true, false, error) == 0 &&
                      write_matches(&scanning, &tally, error) == 0;
    return scan_close(&scanning, done && tally.matched == 0 ? EXIT_NO : EXIT_DONE, error);
}

/* The day, week or month of the market that a bar is of; 0: nobody asks. */
static int64_t period_of(const struct scanning *scanning, const struct scan_result *result)
{
    const char *once = option_text(scanning->invocation, "once", "");
    if (once[0] == '\0')
        return 0;
    const int64_t day = calendar_date(
        symbol_calendar(scanning->hours.calendars, &scanning->hours.calendar, result->symbol), result->end - 1);
    const struct date date = date_from_days(day);
    const int64_t number = strcmp(once, "day") == 0    ? day
                           : strcmp(once, "week") == 0 ? (day + 3) / 7 /* 1970-01-01 was a Thursday */
                                                       : (int64_t)date.year * 12 + date.month;
    return number + 1000000; /* never 0 */
}

/* An alert where the answer turns from no to yes, and not again for a while. */
static int alert_each(struct scanning *scanning, struct scan_result *result, struct error *error)
{
    const uint64_t pause = (uint64_t)option_count(scanning->invocation, "cooldown", 0);
    const char *level = option_text(scanning->invocation, "level", "warning");
    struct alert alert;
    if (result->quiet > 0)
        result->quiet--;
    const int64_t period = period_of(scanning, result);
    if (result->value != 1 || result->before != 0 || result->quiet > 0 || (period != 0 && result->period == period))
        return 0;
    result->period = period;
    result->quiet = pause + (pause > 0);
    record_blank(RECORD_ALERT, &alert);
    buf_reset(&scanning->text);
    for (int i = 0; i < scan_figures(scanning->scan); i++) {
        buf_add_text(&scanning->text, i > 0 ? ", " : "");
        buf_add_str(&scanning->text, scan_figure_name(scanning->scan, i));
        buf_printf(&scanning->text, " %.6g", result->figure[i]);
    }
    char title[512];
    (void)snprintf(title, sizeof title, "%s: %s", result->symbol, scanning->rule);
    alert.time = result->end;
    memcpy(alert.symbol, result->symbol, sizeof alert.symbol);
    alert.level = strcmp(level, "info") == 0       ? ALERT_INFO
                  : strcmp(level, "critical") == 0 ? ALERT_CRITICAL
                                                   : ALERT_WARNING;
    alert.title = str_of(title);
    alert.text = buf_str(&scanning->text);
    struct bar key = {.time = result->time, .interval = result->interval};
    memcpy(key.symbol, result->symbol, sizeof key.symbol);
    bar_key(alert.cause, &key);
    return buf_check(&scanning->text, error) == 0 ? flow_write(input_flow(scanning->input), RECORD_ALERT, &alert, error)
                                                  : -1;
}

enum exit_code signal_alert(struct invocation *invocation, struct error *error)
{
    struct scanning scanning = {.invocation = invocation, .each = alert_each};
    char *const *operands = invocation_operand_list(invocation);
    (void)scan_all(&scanning, operands[0], operands + 1, true, false, error);
    return scan_close(&scanning, EXIT_DONE, error);
}

static int add_answer(void *context, const struct program_answer *answer, struct error *error)
{
    struct table *table = context;
    char text[256];
    (void)error;
    table_text(table, isnan(answer->answer) ? "not known" : answer->answer == 1 ? "yes" : "no");
    table_tone(table, isnan(answer->answer) ? TONE_WARNING : answer->answer == 1 ? TONE_GOOD : TONE_BAD);
    (void)snprintf(text, sizeof text, "%*s%.*s", answer->depth * 2, "",
                   (int)(answer->text.n < 200 ? answer->text.n : 200), answer->text.p);
    table_text(table, text);
    table_double(table, answer->sides ? answer->left : (double)NAN);
    table_double(table, answer->sides ? answer->right : (double)NAN);
    table_count(table, answer->depth);
    return 0;
}

enum exit_code signal_explain(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "answer", .kind = COLUMN_TEXT},
        {.key = "question", .kind = COLUMN_TEXT},
        {.key = "left", .kind = COLUMN_DOUBLE, .digits = 4},
        {.key = "right", .kind = COLUMN_DOUBLE, .digits = 4},
        {.key = "depth", .kind = COLUMN_COUNT, .data_only = true},
    };
    char *const *operands = invocation_operand_list(invocation);
    struct scanning scanning = {.invocation = invocation, .symbol = operands[0]};
    struct style style;
    enum exit_code code = EXIT_DONE;
    if (style_init(&style, invocation, NULL, error) != 0)
        return EXIT_DONE;
    struct table *table = table_new("answer", columns, sizeof columns / sizeof *columns, error);
    if (table != NULL && scan_all(&scanning, operands[1], operands + 2, true, true, error) == 0) {
        if (scanning.bars == 0) {
            say(invocation, 0, "no bar of %s", operands[0]);
            code = EXIT_NO;
        } else if (scan_explain(scanning.scan, add_answer, table, error) == 0 &&
                   table_show(table, &style, error) == 0) {
            say(invocation, 0, "%s after %" PRIu64 " bars; %d are needed before it is known", operands[0],
                scanning.bars, scan_lookback(scanning.scan) + 1);
        }
    }
    table_free(table);
    style_clear(&style);
    return scan_close(&scanning, code, error);
}
