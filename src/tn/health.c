/* tn health: is the desk well? One line a check, for a timer; tn metrics: the same as figures for Prometheus. */
#include "base/file.h"
#include "base/out.h"
#include "base/time.h"
#include "show/table.h"
#include "tn/checks.h"
#include "tn/commands.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define METRICS_MAX ((size_t)1 << 22)

static int run_checks(struct checks *checks, struct invocation *invocation, struct config **config, struct error *error)
{
    *checks = (struct checks){.now = option_time(invocation, "now", time_now())};
    checks->config = *config = config_open(error);
    return *config == NULL || check_machine(checks, error) != 0 || check_jobs(checks, error) != 0 ||
                   check_accounts(checks, error) != 0
               ? -1
               : 0;
}

static void add_row(struct table *table, const struct checks *checks, const struct finding *finding)
{
    static const enum mood moods[] = {[CHECK_OK] = MOOD_GOOD, [CHECK_WARN] = MOOD_WARNING, [CHECK_FAIL] = MOOD_BAD};
    table_time(table, checks->now);
    table_text(table, check_state_text(finding->state));
    table_mood(table, moods[finding->state]);
    table_text(table, finding->check);
    table_text(table, finding->subject);
    table_text(table, finding->found);
    table_text(table, finding->hint);
    if (isnan(finding->used))
        table_none(table);
    else
        table_double(table, finding->used);
}

enum exit_code health_run(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .kind = COLUMN_TIME, .data_only = true},
        {.key = "state", .kind = COLUMN_TEXT},
        {.key = "check", .kind = COLUMN_TEXT},
        {.key = "subject", .kind = COLUMN_TEXT},
        {.key = "found", .kind = COLUMN_TEXT},
        {.key = "hint", .kind = COLUMN_TEXT, .fold = true},
        {.key = "used", .kind = COLUMN_DOUBLE, .digits = 2, .data_only = true},
    };
    struct style style = {0};
    struct config *config = NULL;
    struct checks checks;
    struct table *table = NULL;
    if (style_init(&style, invocation, "UTC", error) != 0)
        return error->code;
    if (run_checks(&checks, invocation, &config, error) == 0 &&
        (table = table_new("health", columns, sizeof columns / sizeof *columns, error)) != NULL) {
        for (size_t i = 0; i < checks.findings; i++)
            add_row(table, &checks, &checks.finding[i]);
        if (table_show(table, &style, error) == 0 && option_flag(invocation, "keep"))
            (void)checks_keep(&checks, error);
    }
    const bool failed = checks_worst(&checks) == CHECK_FAIL;
    table_free(table);
    checks_clear(&checks);
    config_free(config);
    style_clear(&style);
    return error_is_set(error) ? error->code : failed ? EXIT_NO : EXIT_DONE;
}

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
    buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
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
    add_accounts(out, checks);
    add_head(out, "tn_check_timestamp_seconds", "When all of this was looked at.");
    buf_printf(out, "tn_check_timestamp_seconds %" PRId64 "\n", checks->now / TIME_SECOND);
}

enum exit_code metrics_run(struct invocation *invocation, struct error *error)
{
    struct config *config = NULL;
    struct checks checks;
    struct buf out;
    const char *path = option_text(invocation, "out", NULL);
    buf_init(&out, METRICS_MAX);
    if (run_checks(&checks, invocation, &config, error) == 0) {
        add_metrics(&out, &checks);
        if (buf_check(&out, error) == 0)
            (void)(path == NULL ? style_write(&out, error) : file_replace(path, out.p, out.n, 0644, error));
    }
    buf_clear(&out);
    checks_clear(&checks);
    config_free(config);
    return error->code;
}
