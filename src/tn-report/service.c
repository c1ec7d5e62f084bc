/* tn-report service: how the desk did its work, by day, month or year: from what tn health keeps (service.db), how
 * sources did (sources.db) and the journal. Days are of UTC. */
#include "base/config.h"
#include "base/time.h"
#include "feed/service_log.h"
#include "feed/source_log.h"
#include "tn-report/commands.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct option_spec service_options[] = {
    {.name = "by",
     .kind = OPTION_WORD,
     .argument = "PERIOD",
     .summary = "a line per day, month or year (default day)",
     .words = "day month year"},
    {.name = "last",
     .letter = 'n',
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "the last N of them, including the current one (default 14)",
     .low = 1,
     .high = 4000},
    {.name = "now", .kind = OPTION_TIME, .argument = "TIME", .summary = "time to use as the present (default: now)"},
    {.name = NULL},
};

static const struct column columns[] = {
    {.key = "period", .kind = COLUMN_TEXT},
    {.key = "watched_hours", .kind = COLUMN_DOUBLE, .digits = 1, .data_only = true},
    {.key = "up", .kind = COLUMN_FRACTION, .digits = 2},
    {.key = "troubles", .kind = COLUMN_COUNT},
    {.key = "jobs", .kind = COLUMN_COUNT, .rank = 9},
    {.key = "jobs_failed", .title = "failed", .kind = COLUMN_COUNT, .rank = 9},
    {.key = "fresh", .kind = COLUMN_FRACTION, .digits = 1, .rank = 4},
    {.key = "feeds", .kind = COLUMN_FRACTION, .digits = 2, .rank = 4, .optional = true},
    {.key = "agreement", .title = "agree", .kind = COLUMN_FRACTION, .digits = 2, .rank = 5},
    {.key = "requests_failed", .title = "calls lost", .kind = COLUMN_FRACTION, .digits = 1, .rank = 8},
    {.key = "signals_in_time", .title = "signals ≤ 1 s", .kind = COLUMN_FRACTION, .digits = 1, .rank = 3},
    {.key = "signals_worst", .kind = COLUMN_DOUBLE, .digits = 3, .data_only = true},
    {.key = "orders_in_time", .title = "orders ≤ 0.1 s", .kind = COLUMN_FRACTION, .digits = 1, .rank = 3},
    {.key = "orders_worst", .kind = COLUMN_DOUBLE, .digits = 3, .data_only = true},
    {.key = "entries", .kind = COLUMN_COUNT, .rank = 7},
    {.key = "filled", .kind = COLUMN_FRACTION, .digits = 1, .rank = 2},
    {.key = "refusals", .title = "refused", .kind = COLUMN_COUNT, .rank = 2},
    {.key = "breaches", .kind = COLUMN_COUNT, .rank = 2},
    {.key = "costs", .kind = COLUMN_DEC, .digits = 2, .rank = 1},
};

enum by { BY_DAY, BY_MONTH, BY_YEAR };

/* Counts of one line. Times in ns, money in the accounts' currency. */
struct service_period {
    int64_t from, until; /* days since 1970, from ≤ day < until */
    char name[TIME_TEXT_MAX];
    int64_t feeds, feeds_bad;
    int64_t watched, down, troubles, jobs, jobs_failed, looks, stale, breaches;
    int64_t compared, outliers, requests, failures;
    int64_t signals, signals_late, signals_worst, orders, orders_late, orders_worst;
    int64_t entries, filled, refusals;
    dec costs;
};

struct service {
    struct service_period *period;
    size_t periods;
};

static struct service_period *period_at(const struct service *service, int64_t day)
{
    size_t low = 0, high = service->periods;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (service->period[middle].until <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < service->periods && service->period[low].from <= day ? &service->period[low] : NULL;
}

static int64_t day_of(int64_t time)
{
    return time / TIME_DAY - (time % TIME_DAY < 0);
}

/* The last `count` periods, that of `today` the last one. */
static int lay_out(struct service *service, enum by by, size_t count, int64_t today, struct error *error)
{
    static const int shown[] = {10, 7, 4}; /* characters of YYYY-MM-DD */
    const struct date date = date_from_days(today);
    service->period = calloc(count, sizeof *service->period);
    if (service->period == NULL)
        return error_memory(error);
    service->periods = count;
    for (size_t i = 0; i < count; i++) {
        struct service_period *period = &service->period[count - 1 - i];
        char text[TIME_TEXT_MAX];
        if (by == BY_DAY) {
            period->from = today - (int64_t)i;
            period->until = period->from + 1;
        } else {
            const int months = (int)(by == BY_MONTH ? i : 12 * i);
            const int at = date.year * 12 + (by == BY_MONTH ? date.month - 1 : 0) - months;
            const int next = at + (by == BY_MONTH ? 1 : 12);
            period->from = date_to_days((struct date){at / 12, at % 12 + 1, 1});
            period->until = date_to_days((struct date){next / 12, next % 12 + 1, 1});
        }
        text[date_format(text, date_from_days(period->from))] = '\0';
        (void)snprintf(period->name, sizeof period->name, "%.*s", shown[by], text);
    }
    return 0;
}

static int take_count(void *context, int64_t day, const struct service_count *count, struct error *error)
{
    struct service_period *period = period_at(context, day);
    (void)error;
    if (period == NULL)
        return 0;
    const char *measure = count->measure;
    if (strcmp(measure, "up") == 0) {
        period->watched += count->n;
        period->down += count->bad;
    } else if (strcmp(measure, "trouble") == 0) {
        period->troubles += count->n;
    } else if (strcmp(measure, SERVICE_FEED) == 0) {
        period->feeds += count->n;
        period->feeds_bad += count->bad;
    } else if (strcmp(measure, "breach") == 0) {
        period->breaches += count->n;
    } else if (strcmp(measure, "job") == 0) {
        period->jobs += count->n;
        period->jobs_failed += count->bad;
    } else if (strcmp(measure, "check") == 0 && strcmp(count->subject, "prices") == 0) {
        period->looks += count->n;
        period->stale += count->bad;
    } else if (strcmp(measure, SERVICE_SIGNALS) == 0) {
        period->signals += count->n;
        period->signals_late += count->bad;
        period->signals_worst = count->worst > period->signals_worst ? count->worst : period->signals_worst;
    } else if (strcmp(measure, SERVICE_ORDERS) == 0) {
        period->orders += count->n;
        period->orders_late += count->bad;
        period->orders_worst = count->worst > period->orders_worst ? count->worst : period->orders_worst;
    }
    return 0;
}

static int take_sources(void *context, const struct source_facts *facts, struct error *error)
{
    struct service_period *period = period_at(context, facts->first);
    (void)error;
    if (period == NULL)
        return 0;
    period->compared += facts->compared;
    period->outliers += facts->outliers;
    period->requests += facts->requests;
    period->failures += facts->failures;
    return 0;
}

/* Entries that ended: how many of them filled, in whole or in part. Protective orders end unfilled by their nature. */
static int take_book(const struct service *service, const struct account_report *account_report, struct error *error)
{
    for (size_t i = 0; i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        struct service_period *period = line->time == TIME_NONE ? NULL : period_at(service, day_of(line->time));
        if (period == NULL)
            continue;
        period->refusals += line->refused;
        const bool ended = line->status == STATUS_FILLED || line->status == STATUS_EXPIRED ||
                           line->status == STATUS_CANCELED || line->status == STATUS_REJECTED;
        if (line->refused || line->order.role != ROLE_ENTRY || !ended)
            continue;
        period->entries++;
        period->filled += line->filled != DEC_NONE && line->filled > 0;
    }
    for (size_t i = 0; i < account_report->fills; i++) {
        const struct fill_line *fill = &account_report->fill[i];
        struct service_period *period = period_at(service, day_of(fill->time));
        if (period != NULL &&
            (dec_add(&period->costs, period->costs, fill->cost) != 0 ||
             (fill->slippage != DEC_NONE && dec_add(&period->costs, period->costs, fill->slippage) != 0)))
            return error_set(error, EXIT_INPUT, "the sum of costs is out of range");
    }
    return 0;
}

static double share(int64_t part, int64_t whole)
{
    return whole == 0 ? NAN : (double)part / (double)whole;
}

static double good(int64_t bad, int64_t whole)
{
    return whole == 0 ? NAN : (double)(whole - bad) / (double)whole;
}

static void add_row(struct table *table, const struct service_period *period, bool money)
{
    const double up = good(period->down, period->watched);
    table_text(table, period->name);
    table_double(table, (double)period->watched / 3600);
    table_double(table, up);
    table_tone(table, up < 0.99 ? TONE_WARNING : TONE_NONE);
    table_count(table, period->troubles);
    table_count(table, period->jobs);
    table_count(table, period->jobs_failed);
    table_tone(table, period->jobs_failed > 0 ? TONE_WARNING : TONE_NONE);
    table_double(table, good(period->stale, period->looks));
    table_double(table, good(period->feeds_bad, period->feeds));
    table_double(table, good(period->outliers, period->compared));
    table_double(table, share(period->failures, period->requests));
    table_double(table, good(period->signals_late, period->signals));
    table_double(table, period->signals == 0 ? NAN : (double)period->signals_worst / 1e9);
    table_double(table, good(period->orders_late, period->orders));
    table_double(table, period->orders == 0 ? NAN : (double)period->orders_worst / 1e9);
    table_count(table, period->entries);
    table_double(table, share(period->filled, period->entries));
    table_count(table, period->refusals);
    table_count(table, period->breaches);
    table_dec(table, money ? period->costs : DEC_NONE);
}

static int read_states(struct service *service, int64_t from, int64_t until, struct error *error)
{
    char path[PATH_MAX];
    struct config *config = config_open(error);
    if (config == NULL)
        return -1;
    const char *folder = config_folder_name(config, "state");
    int result = 0;
    if (strlen(folder) + sizeof "/" SERVICE_LOG_FILE > sizeof path)
        result = error_set(error, EXIT_USAGE, "the path of the state folder is too long");
    if (result == 0) {
        (void)snprintf(path, sizeof path, "%s/" SERVICE_LOG_FILE, folder);
        result = service_log_read(path, from, until, take_count, service, error);
    }
    if (result == 0) {
        (void)snprintf(path, sizeof path, "%s/sources.db", folder);
        result = source_log_days(path, from, until, take_sources, service, error);
    }
    config_free(config);
    return result;
}

/* The journal, where there is one; or the files that were named. */
static int read_books(struct view *view, const struct service *service, bool *money, struct error *error)
{
    char path[PATH_MAX];
    const char *currency = NULL;
    *money = true;
    if (view->files[0] == NULL) {
        struct config *config = config_open(error);
        if (config == NULL)
            return -1;
        (void)snprintf(path, sizeof path, "%s/journal.db", config_folder_name(config, "data"));
        config_free(config);
        view->records = false;
        view->journal = access(path, F_OK) == 0;
    }
    if (view_read(view, error) != 0)
        return -1;
    for (size_t i = 0; i < view->report.books; i++) {
        const struct account_report *account_report = view->report.account_report[i];
        if (take_book(service, account_report, error) != 0)
            return -1;
        *money = *money && (currency == NULL || strcmp(currency, account_report->currency) == 0);
        currency = account_report->currency;
    }
    return 0;
}

/* Before anything was kept there is nothing to say; the lines from then on are shown. */
static bool is_empty(const struct service_period *period)
{
    return period->watched == 0 && period->looks == 0 && period->jobs == 0 && period->requests == 0 &&
           period->signals == 0 && period->orders == 0 && period->feeds == 0 && period->entries == 0 &&
           period->refusals == 0 && period->costs == 0 && period->troubles == 0 && period->breaches == 0;
}

static int show(struct view *view, const struct service *service, bool money, struct error *error)
{
    size_t first = 0;
    while (first < service->periods && is_empty(&service->period[first]))
        first++;
    view->table = table_new("service", columns, sizeof columns / sizeof *columns, error);
    if (view->table == NULL)
        return -1;
    if (first == service->periods)
        say(view->options.invocation, 0, "there are no records of this time: tn health --keep writes them; see tn(1)");
    if (!money)
        say(view->options.invocation, 0,
            "the costs of accounts in several currencies cannot be added up: choose one with -a");
    for (size_t i = first; i < service->periods; i++)
        add_row(view->table, &service->period[i], money);
    return table_show(view->table, &view->style, error);
}

enum exit_code report_service(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct service service = {.periods = 0};
    const char *word = option_text(invocation, "by", "day");
    const enum by by = word[0] == 'd' ? BY_DAY : word[0] == 'm' ? BY_MONTH : BY_YEAR;
    const int64_t today = day_of(option_time(invocation, "now", time_now()));
    bool money;
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (result == 0)
        result = lay_out(&service, by, (size_t)option_count(invocation, "last", 14), today, error);
    if (result == 0 && service.period[0].from < -700000)
        result = error_set(error, EXIT_USAGE, "--last: this is before the first year of the calendar");
    if (result == 0)
        result = read_states(&service, service.period[0].from, service.period[service.periods - 1].until, error);
    if (result == 0)
        result = read_books(&view, &service, &money, error);
    if (result == 0)
        result = show(&view, &service, money, error);
    const enum exit_code code = result == 0 ? view.report.status : error->code;
    view_close(&view);
    free(service.period);
    return code;
}
