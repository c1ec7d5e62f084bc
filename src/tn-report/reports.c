/* tn-report strategy, compare, day, week, month and year: reports as documents, in the terminal or in a file. */
#include "tn-report/commands.h"

#include "base/time.h"
#include "show/blocks.h"
#include "tn-report/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 26)

const struct option_spec document_options[] = {
    {.name = "out",
     .letter = 'o',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .summary = "write into this .html, .pdf, .md or .xlsx file (default: text, here)"},
    {.name = NULL},
};

const struct option_spec date_options[] = {
    {.name = "date",
     .kind = OPTION_TEXT,
     .argument = "DATE",
     .summary = "a date of the period, YYYY-MM-DD (default: that of the last record)"},
    {.name = NULL},
};

enum span { SPAN_ALL, SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_YEAR };

struct span_of_time {
    int64_t from, to;
    char name[64];
};

/* The date asked for, else the last of the records, in the zone of the report. */
static int date_asked(const struct view *view, const struct invocation *invocation, int64_t *day, struct error *error)
{
    const char *text = option_text(invocation, "date", NULL);
    if (text != NULL) {
        struct date date;
        if (date_parse(&date, text, strlen(text), error) != 0)
            return error_recode(error, EXIT_USAGE), -1;
        *day = date_to_days(date);
        return 0;
    }
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < view->report.books; i++)
        if (view->report.account_report[i]->last != TIME_NONE && view->report.account_report[i]->last > last)
            last = view->report.account_report[i]->last;
    if (last == TIME_NONE)
        return error_set(error, EXIT_NO, "no orders, fills, equity points or results: there is nothing to report");
    const int64_t local = zone_local(view->style.zone, last);
    *day = local / TIME_DAY - (local % TIME_DAY < 0);
    return 0;
}

/* The beginning of a day; the end of time where that is past it. */
static int64_t midnight(const struct view *view, int64_t day)
{
    int64_t unused;
    if (__builtin_mul_overflow(day, TIME_DAY, &unused))
        return day < 0 ? INT64_MIN + 1 : INT64_MAX;
    return view->style.zone == NULL ? day * TIME_DAY : zone_to_utc(view->style.zone, day * TIME_DAY);
}

static int period_find(struct span_of_time *period, enum span span, const struct view *view,
                       const struct invocation *invocation, struct error *error)
{
    *period = (struct span_of_time){.from = INT64_MIN + 1, .to = INT64_MAX};
    int64_t day = 0, from, to;
    if (span == SPAN_ALL)
        return 0;
    if (date_asked(view, invocation, &day, error) != 0)
        return -1;
    const struct date date = date_from_days(day);
    char text[TIME_TEXT_MAX];
    if (span == SPAN_DAY) {
        from = day;
        to = day + 1;
    } else if (span == SPAN_WEEK) {
        from = day - (date_weekday(day) + 6) % 7;
        to = from + 7;
    } else if (span == SPAN_MONTH) {
        from = day - date.day + 1;
        to = from + date_days_in_month(date.year, date.month);
    } else {
        from = date_to_days((struct date){date.year, 1, 1});
        to = date_to_days((struct date){date.year + 1, 1, 1});
    }
    (void)date_format(text, date_from_days(from));
    if (span == SPAN_DAY || span == SPAN_WEEK)
        (void)snprintf(period->name, sizeof period->name, span == SPAN_DAY ? "%s" : "week of %s", text);
    else
        (void)snprintf(period->name, sizeof period->name, "%.*s", span == SPAN_MONTH ? 7 : 4, text);
    period->from = midnight(view, from);
    period->to = midnight(view, to);
    return 0;
}

/* "momentum, 2026-03" and below it mode, dates and currency. */
static int name_document(struct document *document, const struct view *view, const struct part *part, size_t parts,
                         const struct span_of_time *period, struct error *error)
{
    for (size_t i = 0; i < parts && i < 4; i++)
        buf_printf(&document->title, "%s%s",
                   i == 0           ? ""
                   : i + 1 == parts ? " and "
                                    : ", ",
                   part[i].account_report->name);
    if (parts > 4)
        buf_printf(&document->title, " and %zu more", parts - 4);
    if (parts == 0)
        buf_add_text(&document->title, "Nothing to report");
    if (period->name[0] != '\0')
        buf_printf(&document->title, ", %s", period->name);
    for (size_t i = 0; i < parts; i++) {
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said |= part[k].account_report->mode == part[i].account_report->mode;
        if (!said)
            buf_printf(&document->subtitle, "%s%s", i == 0 ? "" : ", ", account_report_mode(part[i].account_report));
    }
    const struct metrics *metrics = parts == 0 ? NULL : &part[0].metrics;
    if (metrics != NULL && metrics->points > 0) {
        buf_add_text(&document->subtitle, ", ");
        style_add_day(&document->subtitle, metrics->first_time, view->style.zone);
        buf_add_text(&document->subtitle, " to ");
        style_add_day(&document->subtitle, metrics->last_time, view->style.zone);
    }
    if (parts > 0 && part[0].account_report->currency[0] != '\0')
        buf_printf(&document->subtitle, ", %s", part[0].account_report->currency);
    return report_terms(&view->report, &document->subtitle, error);
}

static int finish(const struct view *view, const struct document *document, const char *file, struct error *error)
{
    enum document_kind kind = DOCUMENT_HTML;
    if (file != NULL)
        return document_kind_of(file, &kind, error) != 0 ? -1
                                                         : document_write(document, kind, file, &view->style, error);
    struct buf out;
    buf_init(&out, TEXT_MAXIMUM);
    int result = document_check(document, error);
    if (result == 0)
        result = document_to_text(document, &view->style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result;
}

/* What a command makes of its parts. */
struct form {
    enum span span;
    bool compare;
    const struct page *page; /* NULL: none */
};

/* One document of the parts; several books of a report that is about one follow each other. */
static int build(struct view *view, struct sheet *sheet, const struct span_of_time *period, const struct form *form,
                 const char *file, struct error *error)
{
    const size_t books = view->report.books;
    struct part *part = calloc(books + 1, sizeof *part);
    if (part == NULL)
        return error_memory(error);
    struct document document;
    document_init(&document);
    sheet->document = &document;
    int result = 0;
    size_t parts = 0;
    for (; parts < books && result == 0; parts++)
        result = part_init(&part[parts], view->report.account_report[parts], period->from, period->to, error);
    if (result == 0) {
        result = name_document(&document, view, part, books, period, error);
        if (form->page != NULL && form->page->title[0] != '\0') {
            buf_reset(&document.title);
            buf_add_text(&document.title, form->page->title);
        }
    }
    if (result == 0) {
        if (form->page != NULL)
            result = sheet_page(sheet, form->page, part, books, error);
        else if (form->compare)
            result = sheet_compare(sheet, part, books, error);
        for (size_t i = 0; form->page == NULL && !form->compare && i < books && result == 0; i++)
            result = sheet_strategy(sheet, &part[i], error);
    }
    if (result == 0)
        result = finish(view, &document, file, error);
    for (size_t i = 0; i < parts; i++)
        part_clear(&part[i]);
    free(part);
    document_clear(&document);
    sheet->document = NULL;
    return result;
}

/* What can be refused before anything is read. */
static int check_options(const struct invocation *invocation, enum span span, const char *file, struct error *error)
{
    struct date date;
    const char *day = span == SPAN_ALL ? NULL : option_text(invocation, "date", NULL);
    if (day != NULL && date_parse(&date, day, strlen(day), error) != 0)
        return error_recode(error, EXIT_USAGE), -1;
    enum document_kind kind;
    const char *format = option_text(invocation, "output", "table");
    if (strcmp(format, "table") != 0) {
        (void)error_set(error, EXIT_USAGE, "a report has no %s format", format);
        error_hint(error, "tn-report summary, trades and equity have the figures as %s", format);
        return -1;
    }
    return file == NULL ? 0 : document_kind_of(file, &kind, error);
}

/* The days that a page names, inside its period. */
static void period_narrow(struct span_of_time *period, const struct view *view, const struct page *page)
{
    char text[TIME_TEXT_MAX];
    const size_t used = strlen(period->name);
    if (page->from == INT64_MIN && page->to == INT64_MAX)
        return;
    if (page->from != INT64_MIN) {
        const int64_t from = midnight(view, page->from);
        period->from = from > period->from ? from : period->from;
        text[date_format(text, date_from_days(page->from))] = '\0';
        (void)snprintf(period->name + used, sizeof period->name - used, "%sfrom %s", used > 0 ? ", " : "", text);
    }
    if (page->to != INT64_MAX) {
        const int64_t to = midnight(view, page->to + 1);
        const size_t now = strlen(period->name);
        period->to = to < period->to ? to : period->to;
        text[date_format(text, date_from_days(page->to))] = '\0';
        (void)snprintf(period->name + now, sizeof period->name - now, "%s%s %s",
                       now > used ? " "
                       : used > 0 ? ", "
                                  : "",
                       now > used ? "to" : "until", text);
    }
}

static enum exit_code report(struct invocation *invocation, const struct form *form, char *const *files,
                             struct error *error)
{
    const enum span span = form->span;
    const char *file = option_text(invocation, "out", NULL);
    struct view view;
    struct span_of_time period;
    struct sheet_bars *bars = calloc(1, sizeof *bars);
    int result = view_open(&view, invocation, files, NULL, error);
    if (result == 0 && bars == NULL)
        result = error_memory(error);
    if (result == 0)
        result = check_options(invocation, span, file, error);
    view.options.metrics.sessions = (double)option_count(invocation, "sessions", (int64_t)METRICS_SESSIONS);
    view.options.market = sheet_bars_take;
    view.options.context = bars;
    if (result == 0)
        result = view_read(&view, error);
    if (result == 0)
        result = period_find(&period, span, &view, invocation, error);
    if (result == 0 && form->page != NULL)
        period_narrow(&period, &view, form->page);
    struct sheet sheet = {
        .report = &view.report, .bars = bars, .zone = view.style.zone, .sessions = view.options.metrics.sessions};
    if (result == 0) {
        sheet.period = period.name;
        result = build(&view, &sheet, &period, form, file, error);
    }
    const enum exit_code code = result == 0 ? view.report.status : exit_worst(view.report.status, error->code);
    if (bars != NULL)
        sheet_bars_clear(bars);
    free(bars);
    view_close(&view);
    return code;
}

enum exit_code report_strategy(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_ALL}, invocation_operand_list(invocation), error);
}

enum exit_code report_compare(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_ALL, .compare = true}, invocation_operand_list(invocation),
                  error);
}

enum exit_code report_day(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_DAY}, invocation_operand_list(invocation), error);
}

enum exit_code report_week(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_WEEK}, invocation_operand_list(invocation), error);
}

enum exit_code report_month(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_MONTH}, invocation_operand_list(invocation), error);
}

enum exit_code report_year(struct invocation *invocation, struct error *error)
{
    return report(invocation, &(struct form){.span = SPAN_YEAR}, invocation_operand_list(invocation), error);
}

enum exit_code report_page(struct invocation *invocation, struct error *error)
{
    static const enum span spans[] = {SPAN_ALL, SPAN_ALL, SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_YEAR};
    char *const *operands = invocation_operand_list(invocation);
    struct page page;
    enum exit_code code = EXIT_USAGE;
    if (page_read(&page, operands[0], error) == 0)
        code = report(invocation, &(struct form){.span = spans[page.span], .page = &page}, operands + 1, error);
    page_clear(&page);
    return code;
}
