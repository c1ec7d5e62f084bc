/* tn-report sources: how the sources of market data did, by what tn-quote has kept of each day. */
#include "base/config.h"
#include "base/num.h"
#include "feed/source_log.h"
#include "tn-report/commands.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

const struct option_spec sources_options[] = {
    {.name = "days",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "the last N days (default 30)",
     .low = 1,
     .high = 36500},
    {.name = "now", .kind = OPTION_TIME, .argument = "TIME", .summary = "time to use as the present (default: now)"},
    {.name = NULL},
};

static const struct column columns[] = {
    {.key = "source", .kind = COLUMN_TEXT},
    {.key = "days", .kind = COLUMN_COUNT, .rank = 6},
    {.key = "requests", .kind = COLUMN_COUNT},
    {.key = "a_month", .kind = COLUMN_COUNT, .rank = 4},
    {.key = "cost", .kind = COLUMN_DOUBLE, .digits = 2, .optional = true},
    {.key = "failures", .title = "failing", .kind = COLUMN_FRACTION, .digits = 1},
    {.key = "repeats", .kind = COLUMN_FRACTION, .digits = 1, .rank = 8},
    {.key = "milliseconds", .title = "ms", .kind = COLUMN_DOUBLE, .digits = 0, .rank = 5},
    {.key = "megabytes", .title = "MB", .kind = COLUMN_DOUBLE, .digits = 1, .rank = 9},
    {.key = "symbols", .kind = COLUMN_COUNT, .rank = 7},
    {.key = "missed", .kind = COLUMN_FRACTION, .digits = 1},
    {.key = "corrected", .kind = COLUMN_COUNT, .rank = 3},
    {.key = "compared", .kind = COLUMN_COUNT, .rank = 2},
    {.key = "agreement", .kind = COLUMN_FRACTION, .digits = 2},
    {.key = "lacking", .kind = COLUMN_COUNT, .rank = 2},
    {.key = "newest", .kind = COLUMN_TIME, .rank = 1},
    {.key = "failure", .kind = COLUMN_TEXT, .fold = true, .optional = true},
};

struct sources {
    struct table *table;
    const struct config *config;
    int64_t today;
};

static double share(int64_t part, int64_t whole)
{
    return whole == 0 ? NAN : (double)part / (double)whole;
}

static int add_source(void *context, const struct source_facts *facts, struct error *error)
{
    struct sources *sources = context;
    char title[256] = "";
    if (facts->source.n < sizeof title)
        memcpy(title, facts->source.p, facts->source.n);
    /* A month has 30.4 days; what is known of fewer is stretched, from a week on. */
    const double days = fmax((double)(sources->today - facts->first + 1), 7);
    const double month = (double)facts->requests / days * 30.4;
    const double price = dec_to_double(config_decimal(sources->config, "source", title, "call_cost"));
    table_str(sources->table, facts->source);
    table_count(sources->table, facts->days);
    table_count(sources->table, facts->requests);
    table_count(sources->table, (int64_t)ceil(month));
    table_double(sources->table, price > 0 ? month * price : NAN);
    table_double(sources->table, share(facts->failures, facts->requests));
    table_double(sources->table, share(facts->attempts - facts->requests, facts->requests));
    table_double(sources->table, facts->requests == 0 ? NAN : (double)facts->took / 1e6 / (double)facts->requests);
    table_double(sources->table, (double)facts->bytes / 1e6);
    table_count(sources->table, facts->symbols);
    table_double(sources->table, share(facts->failed, facts->symbols));
    table_count(sources->table, facts->corrected);
    table_count(sources->table, facts->compared);
    table_double(sources->table, 1 - share(facts->outliers, facts->compared));
    table_count(sources->table, facts->missing);
    table_time(sources->table, facts->newest);
    table_str(sources->table, facts->failure);
    return table_check(sources->table, error);
}

enum exit_code report_sources(struct invocation *invocation, struct error *error)
{
    char path[PATH_MAX];
    struct style style;
    struct sources sources = {.config = config_open(error)};
    if (sources.config == NULL)
        return error->code;
    const int64_t days = option_count(invocation, "days", 30);
    const char *folder = config_folder_name(sources.config, "state");
    sources.today = option_time(invocation, "now", time_now()) / TIME_DAY;
    if ((size_t)snprintf(path, sizeof path, "%s/sources.db", folder) >= sizeof path)
        (void)error_set(error, EXIT_USAGE, "the path of the state folder is too long");
    else if (style_init(&style, invocation, NULL, error) == 0) {
        sources.table = table_new("source", columns, sizeof columns / sizeof *columns, error);
        if (sources.table != NULL &&
            source_log_read(path, sources.today - days + 1, add_source, &sources, error) == 0) {
            if (table_rows(sources.table) == 0)
                say(invocation, 0, "no requests to sources in the last %lld days", (long long)days);
            (void)table_show(sources.table, &style, error);
        }
        table_free(sources.table);
        style_clear(&style);
    }
    config_free((struct config *)sources.config);
    return error->code;
}
