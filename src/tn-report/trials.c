/* What the trial ledger says of a result, below the summary's table. */
#include "backtest/trials.h"
#include "base/config.h"
#include "tn-report/commands.h"

#include <math.h>
#include <stdio.h>

static int add_note(const struct trials *trials, const struct account_report *account_report, const struct style *style,
                    struct buf *note, struct error *error)
{
    struct trial_family family;
    const struct trial *trial = trials_find(trials, account_report->result.run);
    char reality[128] = "";
    int used = 0;
    if (trial == NULL)
        return 0;
    trials_judge(trials, trial, &family);
    if (isfinite(trial->reality_p))
        used = snprintf(reality, sizeof reality, "; White's reality check of its sweep: p %.3f", trial->reality_p);
    if (isfinite(trial->overfitting))
        (void)snprintf(reality + used, sizeof reality - (size_t)used,
                       "; probability of overfitting of its sweep: %.1f %%", 100 * trial->overfitting);
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text,
               "%s: after %llu trial%s of this strategy on its symbols and dates, deflated Sharpe ratio %.1f %%%s",
               account_report->name, (unsigned long long)family.trials, family.trials == 1 ? "" : "s",
               100 * family.deflated, reality);
    style_wrap(note, buf_str(&text), 0, 2, style);
    buf_add_char(note, '\n');
    const int result = buf_check(&text, error);
    buf_clear(&text);
    return result != 0 ? -1 : buf_check(note, error);
}

int trials_add_notes(const struct report *report, const struct style *style, struct buf *note, struct error *error)
{
    struct trials trials;
    char path[4096];
    bool runs = false;
    for (size_t i = 0; i < report->books; i++)
        runs |= report->account_report[i]->result_record != NULL;
    if (!runs)
        return 0;
    struct config *config = config_open(error);
    if (config == NULL)
        return -1;
    const char *folder = config_folder_name(config, "state");
    const bool known = folder != NULL && (size_t)snprintf(path, sizeof path, "%s/trials.ndjson", folder) < sizeof path;
    trials_init(&trials);
    int status = known ? trials_load(&trials, path, error) : 0;
    for (size_t i = 0; status == 0 && i < report->books; i++)
        if (report->account_report[i]->result_record != NULL)
            status = add_note(&trials, report->account_report[i], style, note, error);
    trials_clear(&trials);
    config_free(config);
    return status;
}
