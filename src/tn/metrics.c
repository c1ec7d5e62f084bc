/* What tn health finds as figures for Prometheus, in its text format. */
#include "base/names.h"
#include "base/time.h"
#include "feed/service_log.h"
#include "tn/checks.h"
#include "tn/commands.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A label's value: backslash, quote and line feed escaped, as the text format wants it. */
static void add_label(struct buf *out, const char *name, const char *value, bool first)
{
    buf_printf(out, "%c%s=\"", first ? '{' : ',', name);
    for (const char *p = value; *p != '\0'; p++)
        buf_printf(out, *p == '\\' || *p == '"' ? "\\%c" : *p == '\n' ? "\\n" : "%c", *p);
    buf_add_char(out, '"');
}

static void add_head(struct buf *out, const char *name, const char *help)
{
    const size_t n = strlen(name);
    const bool counter = n > 6 && strcmp(name + n - 6, "_total") == 0;
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, counter ? "counter" : "gauge");
}

static void add_account_gauge(struct buf *out, const struct checks *checks, const char *name, const char *help,
                              double (*value)(const struct account_figures *))
{
    add_head(out, name, help);
    for (size_t i = 0; i < checks->accounts; i++) {
        buf_add_text(out, name);
        add_label(out, "account", checks->account[i].account, true);
        buf_printf(out, "} %.15g\n", value(&checks->account[i]));
    }
}

static double equity_of(const struct account_figures *figures)
{
    return figures->equity;
}
static double cash_of(const struct account_figures *figures)
{
    return figures->cash;
}
static double today_of(const struct account_figures *figures)
{
    return figures->today;
}
static double positions_of(const struct account_figures *figures)
{
    return (double)figures->positions;
}
static double unprotected_of(const struct account_figures *figures)
{
    return (double)figures->unprotected;
}
static double working_of(const struct account_figures *figures)
{
    return (double)figures->working;
}
static double halted_of(const struct account_figures *figures)
{
    return figures->halted;
}

static void add_accounts(struct buf *out, const struct checks *checks)
{
    add_account_gauge(out, checks, "tn_account_equity", "What the account is worth.", equity_of);
    add_account_gauge(out, checks, "tn_account_cash", "Its cash.", cash_of);
    add_account_gauge(out, checks, "tn_account_day_pnl", "What the trading day has brought.", today_of);
    add_account_gauge(out, checks, "tn_account_positions", "Positions held.", positions_of);
    add_account_gauge(out, checks, "tn_account_unprotected_positions", "Positions without a stop for all of them.",
                      unprotected_of);
    add_account_gauge(out, checks, "tn_account_working_orders", "Orders that work.", working_of);
    add_account_gauge(out, checks, "tn_account_halted", "1 while nothing enters.", halted_of);
}

static void add_jobs(struct buf *out, const struct checks *checks, const char *name, const char *help, bool status)
{
    add_head(out, name, help);
    for (size_t i = 0; i < checks->jobs; i++) {
        const struct job_run *run = &checks->job[i];
        if (!status && run->succeeded == TIME_NONE)
            continue;
        buf_add_text(out, name);
        add_label(out, "job", run->name, true);
        add_label(out, "account", run->account, false);
        buf_printf(out, "} %" PRId64 "\n", status ? run->status : run->succeeded / TIME_SECOND);
    }
}

/* Counts since service.db was begun: one family a pass, since the samples of a family stand together. */
static const struct counter {
    const char *name, *help, *measure, *label;
    bool bad;
} counters[] = {
    {"tn_watched_seconds_total", "Time of which tn health --keep knows how it was.", "up", NULL, false},
    {"tn_down_seconds_total", "Of these, when the desk was not well or nobody looked.", "up", NULL, true},
    {"tn_troubles_total", "How often a check began to fail.", "trouble", "subject", false},
    {"tn_limit_breaches_total", "How often all of a limit began to be used.", "breach", "limit", false},
    {"tn_signal_turns_total", "How often signals followed what came.", SERVICE_SIGNALS, NULL, false},
    {"tn_signal_turns_late_total", "Of these, those that took more than 1 s.", SERVICE_SIGNALS, NULL, true},
    {"tn_order_turns_total", "How often orders were taken.", SERVICE_ORDERS, NULL, false},
    {"tn_order_turns_late_total", "Of these, those that took more than 0.1 s.", SERVICE_ORDERS, NULL, true},
};

struct counting {
    struct names subjects;
    int64_t sum[4096];
    const struct counter *counter;
};

static int count_one(void *context, int64_t day, const struct service_count *count, struct error *error)
{
    struct counting *counting = context;
    (void)day;
    if (strcmp(count->measure, counting->counter->measure) != 0)
        return 0;
    const int64_t at = names_add(&counting->subjects, str_of(count->subject), error);
    if (at < 0)
        return -1;
    if ((size_t)at < sizeof counting->sum / sizeof *counting->sum)
        counting->sum[at] += counting->counter->bad ? count->bad : count->n;
    return 0;
}

static int add_counter(struct buf *out, const char *path, struct counting *counting, struct error *error)
{
    const struct counter *counter = counting->counter;
    names_init(&counting->subjects);
    memset(counting->sum, 0, sizeof counting->sum);
    const int result = service_log_read(path, 0, INT64_MAX, count_one, counting, error);
    if (result == 0 && counting->subjects.count > 0)
        add_head(out, counter->name, counter->help);
    for (size_t i = 0; result == 0 && i < counting->subjects.count && i < sizeof counting->sum / sizeof *counting->sum;
         i++) {
        buf_add_text(out, counter->name);
        if (counter->label != NULL) {
            add_label(out, counter->label, counting->subjects.name[i], true);
            buf_add_char(out, '}');
        }
        buf_printf(out, " %" PRId64 "\n", counting->sum[i]);
    }
    names_clear(&counting->subjects);
    return result;
}

/* A file that cannot be read is no reason to leave the rest out: it is a figure too. */
static int add_service(struct buf *out, const struct checks *checks, struct error *error)
{
    char path[PATH_MAX];
    struct error why;
    error_clear(&why);
    struct counting *counting = calloc(1, sizeof *counting);
    if (counting == NULL)
        return error_memory(error);
    int result = snprintf(path, sizeof path, "%s/" SERVICE_LOG_FILE, config_folder_name(checks->config, "state")) >=
                         (int)sizeof path
                     ? error_set(&why, EXIT_USAGE, "the path is too long")
                     : 0;
    struct buf part;
    buf_init(&part, METRICS_MAX);
    for (size_t i = 0; i < sizeof counters / sizeof *counters && result == 0; i++) {
        counting->counter = &counters[i];
        result = add_counter(&part, path, counting, &why);
    }
    free(counting);
    if (result == 0)
        buf_add_str(out, part.n == 0 ? STR("") : buf_str(&part));
    buf_clear(&part);
    add_head(out, "tn_service_readable", "1 where service.db can be read.");
    buf_printf(out, "tn_service_readable %d\n", result == 0);
    return 0;
}

static void add_job_counts(struct buf *out, const struct checks *checks, const char *name, const char *help,
                           bool failures)
{
    add_head(out, name, help);
    for (size_t i = 0; i < checks->jobs; i++) {
        const struct job_run *run = &checks->job[i];
        if (run->runs <= 0)
            continue;
        buf_add_text(out, name);
        add_label(out, "job", run->name, true);
        add_label(out, "account", run->account, false);
        buf_printf(out, "} %" PRId64 "\n", !failures ? run->runs : run->failures > 0 ? run->failures : 0);
    }
}

static void add_metrics(struct buf *out, const struct checks *checks)
{
    add_head(out, "tn_check_state", "What tn health found: 0 ok, 1 warn, 2 fail.");
    for (size_t i = 0; i < checks->findings; i++) {
        buf_add_text(out, "tn_check_state");
        add_label(out, "check", checks->finding[i].check, true);
        add_label(out, "subject", checks->finding[i].subject, false);
        buf_printf(out, "} %d\n", (int)checks->finding[i].state - (int)CHECK_OK);
    }
    add_head(out, "tn_limit_used_ratio", "How far a limit is used: 1 is all of it.");
    for (size_t i = 0; i < checks->findings; i++) {
        if (isnan(checks->finding[i].used))
            continue;
        buf_add_text(out, "tn_limit_used_ratio");
        add_label(out, "limit", checks->finding[i].subject, true);
        buf_printf(out, "} %.6g\n", checks->finding[i].used);
    }
    add_jobs(out, checks, "tn_job_last_success_timestamp_seconds", "When a job last did all it should.", false);
    add_jobs(out, checks, "tn_job_last_status", "The exit code of its last run.", true);
    add_job_counts(out, checks, "tn_job_runs_total", "How often it ran.", false);
    add_job_counts(out, checks, "tn_job_failures_total", "Of these, the runs that failed.", true);
    add_accounts(out, checks);
    add_head(out, "tn_check_timestamp_seconds", "When all of this was looked at.");
    buf_printf(out, "tn_check_timestamp_seconds %" PRId64 "\n", checks->now / TIME_SECOND);
}

/* The whole page, at a moment. */
int metrics_write(struct buf *out, int64_t now, struct error *error)
{
    struct config *config = NULL;
    struct checks checks;
    int result = checks_run(&checks, now, &config, error);
    if (result == 0) {
        add_metrics(out, &checks);
        result = add_service(out, &checks, error) != 0 ? -1 : buf_check(out, error);
    }
    checks_clear(&checks);
    config_free(config);
    return result;
}
