/* tn health: is the desk well? One line a check, for a timer. */
#include "base/time.h"
#include "show/table.h"
#include "tn/checks.h"
#include "tn/commands.h"

#include <math.h>

int checks_run(struct checks *checks, int64_t now, struct config **config, struct error *error)
{
    *checks = (struct checks){.now = now};
    checks->config = *config = config_open(error);
    return *config == NULL || check_machine(checks, error) != 0 || check_jobs(checks, error) != 0 ||
                   check_accounts(checks, error) != 0
               ? -1
               : 0;
}

static void add_row(struct table *table, const struct checks *checks, const struct finding *finding)
{
    static const enum tone tones[] = {[CHECK_OK] = TONE_GOOD, [CHECK_WARN] = TONE_WARNING, [CHECK_FAIL] = TONE_BAD};
    table_time(table, checks->now);
    table_text(table, check_state_text(finding->state));
    table_tone(table, tones[finding->state]);
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
    if (checks_run(&checks, option_time(invocation, "now", time_now()), &config, error) == 0 &&
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
