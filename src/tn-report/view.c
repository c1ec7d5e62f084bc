/* What the commands of tn-report share: where to read, how to show. */
#include "tn-report/commands.h"

#include "base/config.h"
#include "base/list.h"
#include "base/terminal.h"
#include "show/flat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAXIMUM ((size_t)1 << 28)

const struct option_spec source_options[] = {
    {.name = "file",
     .letter = 'f',
     .kind = OPTION_LIST,
     .argument = "FILE",
     .summary = "read this file of records, in the order given (default: standard input)"},
    {.name = "journal",
     .letter = 'j',
     .kind = OPTION_FLAG,
     .summary = "read the journal (default when there is a terminal instead of input)"},
    {.name = "account",
     .letter = 'a',
     .kind = OPTION_TEXT,
     .argument = "NAME",
     .summary = "only this account (default: all)"},
    {.name = "where",
     .kind = OPTION_TEXT,
     .argument = "EXPR",
     .summary = "only records for which EXPR, tn-expr(7), holds; corporate actions always"},
    {.name = "strict", .kind = OPTION_FLAG, .summary = "stop at the first bad line"},
    {.name = NULL},
};

const struct option_spec lots_option[] = {
    {.name = "lots",
     .kind = OPTION_WORD,
     .argument = "ORDER",
     .words = "fifo lifo highest_cost",
     .summary = "close lots in this order (default: the account's own)"},
    {.name = NULL},
};

const struct option_spec out_option[] = {
    {.name = "out",
     .letter = 'o',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .summary = "draw into this file: .svg, or .png and .pdf with gnuplot (default: text, here)"},
    {.name = NULL},
};

const struct option_spec scale_options[] = {
    {.name = "log", .kind = OPTION_FLAG, .summary = "logarithmic scale (default: if the range is over 5:1)"},
    {.name = "linear", .kind = OPTION_FLAG, .summary = "linear scale, whatever the range"},
    {.name = NULL},
};

enum chart_scale scale_of(const struct invocation *invocation)
{
    return option_flag(invocation, "linear") ? CHART_SCALE_LINEAR
           : option_flag(invocation, "log")  ? CHART_SCALE_LOG
                                             : CHART_SCALE_AUTO;
}

static int open_style(struct view *view, const struct invocation *invocation, const char *symbol, struct error *error)
{
    struct config *config = config_open(error);
    if (config == NULL)
        return -1;
    const char *zone = config_text(config, "display", "", "tz", NULL);
    /* A pair of currencies or coins trades on no exchange of a city. */
    if ((zone == NULL || zone[0] == '\0') && symbol != NULL && strchr(symbol, '/') != NULL)
        zone = "UTC";
    struct style *style = &view->style;
    view->zone_chosen = option_given(invocation, "tz") || (zone != NULL && zone[0] != '\0');
    const int result = style_init(style, invocation, zone == NULL || zone[0] == '\0' ? NULL : zone, error);
    style->color = style->color && config_flag(config, "display", "", "color");
    config_free(config);
    return result;
}

static int open_source(struct view *view, const struct invocation *invocation, char *const *named, struct error *error)
{
    int listed;
    const char *const *list = option_list(invocation, "file", &listed);
    size_t names = 0;
    while (named[names] != NULL)
        names++;
    char **files = calloc((size_t)listed + names + 1, sizeof *files);
    if (files == NULL)
        return error_memory(error);
    size_t count = 0;
    for (int i = 0; i < listed; i++)
        files[count++] = (char *)(uintptr_t)list[i];
    for (size_t i = 0; i < names; i++)
        files[count++] = named[i];
    const bool terminal = terminal_is(STDIN_FILENO), journal = option_flag(invocation, "journal");
    view->files = files;
    view->records = count > 0 || !(terminal || journal);
    view->journal = journal || (count == 0 && terminal);
    view->options = (struct report_options){
        .program = invocation_program(invocation),
        .invocation = invocation,
        .account = option_text(invocation, "account", NULL),
        .where = option_text(invocation, "where", NULL),
        .lots = option_known(invocation, "lots") ? lot_order_find(option_text(invocation, "lots", "")) : LOTS_NONE,
        .strict = option_flag(invocation, "strict"),
        .quiet = invocation_verbosity(invocation) < 0,
        .metrics = {.sessions = METRICS_SESSIONS},
    };
    return 0;
}

int view_open(struct view *view, const struct invocation *invocation, char *const *files, const char *symbol,
              struct error *error)
{
    *view = (struct view){.table = NULL};
    buf_init(&view->note, TEXT_MAXIMUM);
    return open_source(view, invocation, files, error) != 0   ? -1
           : open_style(view, invocation, symbol, error) != 0 ? -1
                                                              : 0;
}

void view_close(struct view *view)
{
    buf_clear(&view->note);
    table_free(view->table);
    report_clear(&view->report);
    style_clear(&view->style);
    for (size_t i = 0; i < view->exchanges; i++)
        exchange_close(&view->exchange[i]);
    free(view->exchange);
    free(view->files);
}

/* The calendar of an account as configured, or as the result of a run says it. It says where days end, and of an
 * account that is not a backtest's which days it could have traded. */
static int set_calendar(struct view *view, const struct config *config, struct account_report *account_report,
                        struct error *error)
{
    char name[32];
    const struct str said = account_report->result_record == NULL
                                ? (struct str){"", 0}
                                : flat_text(account_report->result.assumptions, "calendar");
    const char *configured = config_text(config, "account", account_report->account, "calendar", NULL);
    if (said.n > 0 && said.n < sizeof name)
        (void)snprintf(name, sizeof name, "%.*s", (int)said.n, said.p);
    else
        (void)snprintf(name, sizeof name, "%s", configured == NULL ? "" : configured);
    if (name[0] == '\0')
        return 0;
    if (list_grow(&view->exchange, &view->exchange_capacity, view->exchanges, sizeof *view->exchange, error) != 0)
        return -1;
    struct exchange *exchange = &view->exchange[view->exchanges];
    if (exchange_open(exchange, name, error) != 0) {
        exchange_close(exchange);
        return -1;
    }
    view->exchanges++;
    const struct calendar calendar = exchange->calendar;
    account_report->metrics.options.zone = calendar.zone;
    if (account_report->mode != MODE_BACKTEST)
        account_report->calendar = calendar;
    return 0;
}

static int set_calendars(struct view *view, struct error *error)
{
    struct config *config = config_open(error);
    int result = config == NULL ? -1 : 0;
    for (size_t i = 0; i < view->report.books && result == 0; i++)
        result = set_calendar(view, config, view->report.account_report[i], error);
    config_free(config);
    return result;
}

/* The zone of the markets that all runs and accounts name: where days of another zone are shown in New York's, they
 * bear the date before. NULL: they name none, or differ. */
static const char *market_zone(const struct view *view)
{
    const char *zone = view->exchanges > 0 ? exchange_zone_name(&view->exchange[0]) : NULL;
    if (view->exchanges != view->report.books)
        return NULL;
    for (size_t i = 1; i < view->exchanges; i++)
        if (strcmp(exchange_zone_name(&view->exchange[i]), zone) != 0)
            return NULL;
    return zone;
}

int view_use_zone(struct view *view, const char *name, struct error *error)
{
    struct zone *zone = zone_open(name, error);
    if (zone == NULL)
        return -1;
    zone_free(view->style.zone);
    view->style.zone = zone;
    view->zone_chosen = true;
    return 0;
}

/* Where only pairs were traded, which no exchange of a city trades, times are of UTC, as those of their charts. */
static int choose_zone(struct view *view, struct error *error)
{
    size_t pairs = 0, others = 0;
    for (size_t i = 0; i < view->report.books; i++) {
        const struct account_report *account_report = view->report.account_report[i];
        for (size_t k = 0; k < account_report->fills; k++)
            ++*(strchr(account_report->fill[k].symbol, '/') != NULL ? &pairs : &others);
        for (size_t k = 0; k < account_report->orders; k++)
            ++*(strchr(account_report->order[k].order.symbol, '/') != NULL ? &pairs : &others);
    }
    if (view->zone_chosen)
        return 0;
    const char *zone = pairs > 0 && others == 0 ? "UTC" : market_zone(view);
    return zone == NULL ? 0 : view_use_zone(view, zone, error);
}

int view_read(struct view *view, struct error *error)
{
    return report_init(&view->report, &view->options, error) != 0 ? -1 : view_read_more(view, error);
}

/* A curve with holes in it says so. */
static void tell_unknown(const struct view *view)
{
    for (size_t i = 0; i < view->report.books; i++) {
        const struct account_report *account_report = view->report.account_report[i];
        if (account_report->unknown > 0)
            say(view->options.invocation, 0,
                "%llu equity points have no value, since a rate is missing, and are left out",
                (unsigned long long)account_report->unknown);
    }
}

int view_read_more(struct view *view, struct error *error)
{
    if (view->records && report_read(&view->report, view->files, error) != 0)
        return -1;
    if (view->journal && view_read_journal(&view->report, error) != 0)
        return -1;
    tell_unknown(view);
    if (set_calendars(view, error) != 0 || choose_zone(view, error) != 0)
        return -1;
    return report_finish(&view->report, error);
}

void view_owner(const struct view *view, const struct account_report *account_report)
{
    const bool people = view->style.format == FORMAT_TABLE;
    const bool spared = people && view->report.books == 1 && account_report->mode != MODE_LIVE;
    table_text(view->table, spared   ? ""
                            : people ? account_report_mode(account_report)
                                     : mode_text(account_report->mode));
    table_text(view->table, spared ? "" : account_report->account);
}

static enum exit_code show(const struct view *view, const char *empty, struct error *error)
{
    struct buf out;
    buf_init(&out, TEXT_MAXIMUM);
    const bool people = view->style.format == FORMAT_TABLE;
    if (people)
        report_head(&view->report, &view->style, &out);
    int result = table_check(view->table, error);
    if (result == 0 && people && table_rows(view->table) == 0)
        buf_add_text(&out, view->report.books > 0 ? empty : "");
    else if (result == 0)
        result = table_render(view->table, &view->style, &out, error);
    if (people)
        buf_add_str(&out, buf_str(&view->note));
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result != 0 ? error->code : view->report.status;
}

enum exit_code view_table(const struct invocation *invocation, const struct view_plan *plan, struct error *error)
{
    struct view view;
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (result == 0)
        result = view_read(&view, error);
    if (result == 0 && plan->people != NULL && view.style.format == FORMAT_TABLE)
        plan = plan->people;
    if (result == 0 && (view.table = table_new(plan->type, plan->columns, plan->count, error)) == NULL)
        result = -1;
    for (size_t i = 0; result == 0 && i < view.report.books; i++)
        result = plan->add(&view, view.report.account_report[i], error);
    const enum exit_code code = result == 0 ? show(&view, plan->empty, error) : error->code;
    view_close(&view);
    return code;
}
