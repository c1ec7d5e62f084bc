/* How the jobs of the schedule ended, and which of them should have run since. */
#include "tn/checks.h"

#include "base/file.h"
#include "base/list.h"
#include "exchange/exchange.h"
#include "record/record.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_MAX 65536

/* When a job has to have seen to what: so long after a session has opened, or was over, or after its last run. */
enum due { DUE_AFTER_OPEN, DUE_AFTER_CLOSE, DUE_AGE };
static const struct job {
    const char *name;
    enum due due;
    int64_t patience;
    const char *what;
} known[] = {
    {"morning-scan", DUE_AFTER_OPEN, TIME_HOUR, "did not run after the session of"},
    {"end-of-day", DUE_AFTER_CLOSE, 6 * TIME_HOUR, "has not processed the session of"},
    {"backup", DUE_AGE, 36 * TIME_HOUR, "has not succeeded since"},
    {"weekly-review", DUE_AGE, 8 * TIME_DAY + 12 * TIME_HOUR, "has not succeeded since"},
};
#define KNOWN (sizeof known / sizeof *known)

static const struct job *job_find(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

static bool failed(int64_t status)
{
    return status != EXIT_DONE && status != EXIT_NO && status != EXIT_REFUSED;
}

static void hint_of(char hint[static 128], const char *name)
{
    (void)snprintf(hint, 128, "tn-%.30s, or systemctl --user enable --now tn-%.30s.timer", name, name);
}

/* The last session that the job has to have handled by now, "" for none that the calendar knows of. */
static int due_session(const struct checks *checks, const struct job *job, const char *account,
                       char date[static TIME_TEXT_MAX], struct error *error)
{
    struct exchange exchange = {0};
    struct session session = {0};
    const int64_t by = checks->now - job->patience;
    date[0] = '\0';
    const char *name = config_text(checks->config, "account", account, "calendar", NULL);
    int result = exchange_open(&exchange, name, error);
    if (result == 0 && job->due == DUE_AFTER_CLOSE) {
        result = calendar_last_completed(&exchange.calendar, by, &session, error);
    } else if (result == 0) {
        /* The last one that has opened by then is traded on what was known after the one before. */
        result = calendar_current_or_next(&exchange.calendar, by, &session, error);
        if (result == 0 && session.open > by)
            result = calendar_previous(&exchange.calendar, session.date, &session, error);
        if (result == 0)
            result = calendar_previous(&exchange.calendar, session.date, &session, error);
    }
    exchange_close(&exchange);
    if (result == 0)
        date[date_format(date, date_from_days(session.date))] = '\0';
    return result;
}

static int judge(struct checks *checks, const struct job_run *run, const char *text, struct error *error)
{
    char hint[128], date[TIME_TEXT_MAX] = "", at[TIME_TEXT_MAX] = "its first run";
    const char *subject = run->account[0] == '\0' ? run->name : NULL;
    char both[KEY_SIZE];
    const struct job *job = job_find(run->name);
    bool late = false;
    hint_of(hint, run->name);
    (void)snprintf(both, sizeof both, "%.60s %.60s", run->name, run->account);
    subject = subject == NULL ? both : subject;
    if (job != NULL && job->due == DUE_AGE) {
        late = run->succeeded == TIME_NONE || checks->now - run->succeeded > job->patience;
    } else if (job != NULL) {
        char session[TIME_TEXT_MAX];
        (void)snprintf(session, sizeof session, "%.*s", (int)run->session.n, run->session.p);
        if (due_session(checks, job, run->account, date, error) != 0)
            return -1;
        late = strcmp(session, date) < 0;
    }
    if (late && date[0] == '\0' && run->succeeded != TIME_NONE)
        time_format(at, run->succeeded / TIME_SECOND * TIME_SECOND);
    if (late)
        return checks_add(checks, CHECK_FAIL, "job", subject, hint, error, "%s %s%s%s", job->what,
                          date[0] == '\0' ? at : date, text[0] == '\0' ? "" : ": ", text);
    if (failed(run->status))
        return checks_add(checks, CHECK_WARN, "job", subject, hint, error, "ended with %lld%s%s",
                          (long long)run->status, text[0] == '\0' ? "" : ": ", text);
    time_format(at, run->time / TIME_SECOND * TIME_SECOND);
    return checks_add(checks, CHECK_OK, "job", subject, "", error, "ran at %s", at);
}

static int read_status(struct checks *checks, const char *path, struct record *record, struct error *error)
{
    struct buf text;
    struct error why;
    struct job_run run;
    char words[256] = "";
    error_clear(&why);
    buf_init(&text, STATUS_MAX);
    int result = file_read(path, &text, &why);
    if (result == 0)
        result = record_scan(record, text.p, text.n > 0 && text.p[text.n - 1] == '\n' ? text.n - 1 : text.n, &why);
    if (result == 0 && record->type != RECORD_JOB)
        result = error_set(&why, EXIT_INPUT, "is not a job record");
    if (result == 0)
        result = record_decode(record, &run, &why);
    if (result != 0) {
        buf_clear(&text);
        return checks_add(checks, CHECK_FAIL, "job", strrchr(path, '/') + 1, "the next run replaces it", error,
                          "its status cannot be read: %.300s", why.text);
    }
    (void)snprintf(words, sizeof words, "%.*s", (int)(run.text.n < 200 ? run.text.n : 200), run.text.p);
    result = judge(checks, &run, words, error);
    if (result == 0)
        result = list_grow(&checks->job, &checks->job_capacity, checks->jobs, sizeof *checks->job, error);
    if (result == 0) {
        run.text = run.session = (struct str){NULL, 0};
        checks->job[checks->jobs++] = run;
    }
    buf_clear(&text);
    return result;
}

/* One file of the folder; drafts of a status are none. */
static int read_entry(struct checks *checks, const char *folder, const char *name, struct record *record,
                      struct error *error)
{
    char path[PATH_MAX];
    const size_t length = strlen(name);
    if (name[0] == '.' || (length > 4 && strcmp(name + length - 4, ".new") == 0) ||
        snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return 0;
    return read_status(checks, path, record, error);
}

static int read_all(struct checks *checks, const char *folder, struct error *error)
{
    struct dirent **entry = NULL;
    struct buf scratch;
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        return error_memory(error);
    buf_init(&scratch, STATUS_MAX);
    record->scratch = &scratch;
    const int count = scandir(folder, &entry, NULL, alphasort);
    int result = count >= 0 || errno == ENOENT ? 0 : error_system(error, "cannot read '%s'", folder);
    for (int i = 0; i < count; i++) {
        if (result == 0)
            result = read_entry(checks, folder, entry[i]->d_name, record, error);
        free(entry[i]);
    }
    free(entry);
    buf_clear(&scratch);
    free(record);
    return result;
}

static bool has_run(const struct checks *checks, const char *name)
{
    for (size_t i = 0; i < checks->jobs; i++)
        if (strcmp(checks->job[i].name, name) == 0)
            return true;
    return false;
}

int check_jobs(struct checks *checks, struct error *error)
{
    char folder[PATH_MAX];
    const char *wanted = config_text(checks->config, "schedule", "", "jobs", NULL);
    (void)snprintf(folder, sizeof folder, "%s/jobs", config_folder_name(checks->config, "state"));
    if (read_all(checks, folder, error) != 0)
        return -1;
    for (const char *p = wanted == NULL ? "" : wanted; *p != '\0';) {
        char name[ID_SIZE], hint[128];
        const size_t length = strcspn(p, " ,");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, p);
        hint_of(hint, name);
        if (length > 0 && !has_run(checks, name) &&
            checks_add(checks, CHECK_FAIL, "job", name, hint, error, "has never run") != 0)
            return -1;
        p += length + strspn(p + length, " ,");
    }
    return 0;
}
