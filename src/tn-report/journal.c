/* Reads the journal for a report. */
#include "tn-report/commands.h"

#include "journal/halt.h"

#include <stdio.h>
#include <stdlib.h>

int view_read_journal(struct report *report, struct error *error)
{
    int result = -1;
    char *path = NULL, source[256];
    struct journal *journal = NULL;
    struct event_cursor *cursor = NULL;
    struct record *record = calloc(1, sizeof *record);
    struct buf scratch;
    buf_init(&scratch, (size_t)RECORD_LINE_MAX);
    struct config *config = config_open(error);
    if (config == NULL)
        goto out;
    if (record == NULL) {
        (void)error_memory(error);
        goto out;
    }
    record->scratch = &scratch;
    if ((path = journal_path(config, error)) == NULL || (journal = journal_open(path, JOURNAL_READ, error)) == NULL ||
        (cursor = journal_read(journal, 0, error)) == NULL)
        goto out;
    struct event event;
    while ((result = event_cursor_next(cursor, &event, error)) == 1) {
        if (record_scan(record, event.record.p, event.record.n, error) != 0 ||
            report_take(report, record, event.mode, error) != 0) {
            error_recode(error, EXIT_STATE); /* what is in the journal is no bad line of an input */
            error_prefix(error, "%s: event %lld", path, (long long)event.seq);
            result = -1;
            break;
        }
    }
    for (size_t i = 0; i < report->books; i++)
        if (report->account_report[i]->mode != MODE_BACKTEST &&
            halt_file_halts(journal, report->account_report[i]->account))
            report->account_report[i]->halted = true;
    if (result == 0 && report->books == 0 && report->options.account != NULL) {
        result = error_set(error, EXIT_USAGE, "the journal has no account '%s'", report->options.account);
        error_hint(error, "tn-order accounts lists those that are open");
    }
    (void)snprintf(source, sizeof source, "journal %s", path);
    report_source(report, source);
out:
    event_cursor_close(cursor);
    journal_close(journal);
    config_free(config);
    free(path);
    free(record);
    buf_clear(&scratch);
    return result;
}
