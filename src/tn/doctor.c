/* tn doctor: is everything there and as it should be? One line a check: ok, warn or fail. */
#include "base/config.h"
#include "base/file.h"
#include "base/num.h"
#include "base/spawn.h"
#include "base/time.h"
#include "base/zone.h"
#include "broker/account_terms.h"
#include "show/table.h"
#include "tn/commands.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define PROGRAM_TIME (10 * TIME_SECOND)
#define VERIFY_TIME  (600 * TIME_SECOND)
#define OUTPUT_MAX   4096
#define FREE_BYTES   (UINT64_C(200) << 20)

enum state { STATE_OK, STATE_WARN, STATE_FAIL };

struct doctor {
    struct table *table;
    const struct config *config; /* NULL when it cannot be read */
    bool failed;
};

static const struct column columns[] = {
    {.key = "state", .kind = COLUMN_TEXT},
    {.key = "check", .kind = COLUMN_TEXT},
    {.key = "found", .kind = COLUMN_TEXT},
    {.key = "hint", .kind = COLUMN_TEXT},
};

__attribute__((format(printf, 5, 6))) static void tell(struct doctor *doctor, enum state state, const char *what,
                                                       const char *hint, const char *format, ...)
{
    static const char *const words[] = {"ok", "warn", "fail"};
    static const enum tone tones[] = {TONE_GOOD, TONE_WARNING, TONE_BAD};
    char found[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(found, sizeof found, format, arguments);
    va_end(arguments);
    table_text(doctor->table, words[state]);
    table_tone(doctor->table, tones[state]);
    table_text(doctor->table, what);
    table_text(doctor->table, found);
    table_text(doctor->table, hint);
    doctor->failed = doctor->failed || state == STATE_FAIL;
}

static void tell_error(struct doctor *doctor, enum state state, const char *what, const struct error *error)
{
    tell(doctor, state, what, error->hint, "%s", error->text);
}

/* "tn-quote 0.1.0" must be what tn-quote --version says. */
static bool check_program(struct doctor *doctor, const char *name)
{
    char path[PATH_MAX], want[64];
    struct error error;
    struct buf output;
    int status = 0;
    bool good = false;
    error_clear(&error);
    buf_init(&output, OUTPUT_MAX);
    (void)snprintf(want, sizeof want, "tn-%s %s\n", name, TN_VERSION);
    if (own_path(path, name, &error) != 0 || spawn_run((const char *const[]){path, "--version", NULL}, STR(""),
                                                       PROGRAM_TIME, &output, NULL, &status, &error) != 0)
        tell_error(doctor, STATE_FAIL, "programs", &error);
    else if (status != 0 || output.p == NULL || strcmp(output.p, want) != 0)
        tell(doctor, STATE_FAIL, "programs", "install all programs of one version together",
             "%s is not version %s: it says '%.*s'", path, TN_VERSION,
             (int)strcspn(output.p == NULL ? "" : output.p, "\n"), output.p == NULL ? "" : output.p);
    else
        good = true;
    buf_clear(&output);
    return good;
}

static void check_programs(struct doctor *doctor)
{
    int good = 0, count = 0;
    for (; family[count] != NULL; count++)
        good += check_program(doctor, family[count]);
    if (good == count)
        tell(doctor, STATE_OK, "programs", "", "all %d programs are installed, version %s", count, TN_VERSION);
}

static bool is_on_path(const char *program)
{
    const char *path = getenv("PATH");
    for (const char *p = path == NULL ? "/usr/bin:/bin" : path; *p != '\0';) {
        char file[PATH_MAX];
        const size_t length = strcspn(p, ":");
        if (snprintf(file, sizeof file, "%.*s/%s", (int)length, p, program) < (int)sizeof file &&
            access(file, X_OK) == 0)
            return true;
        p += length + (p[length] == ':');
    }
    return false;
}

static void check_gnuplot(struct doctor *doctor)
{
    if (is_on_path("gnuplot"))
        tell(doctor, STATE_OK, "gnuplot", "", "found: charts can be written as PNG and PDF");
    else
        tell(doctor, STATE_WARN, "gnuplot", "apt-get install gnuplot-nox", "not found: charts only as text and SVG");
}

/* Zones that settings name must exist. */
static void check_zone(struct doctor *doctor, const char *section, const char *title, const char *name)
{
    const char *origin = NULL;
    const char *text = config_text(doctor->config, section, title, name, &origin);
    struct error error;
    if (text == NULL)
        return;
    error_clear(&error);
    struct zone *zone = zone_open(text, &error);
    if (zone == NULL)
        tell(doctor, STATE_FAIL, "configuration", error.hint, "%s: %s = '%s': %s", origin, name, text, error.text);
    zone_free(zone);
}

static void check_account(struct doctor *doctor, const char *title)
{
    struct error error;
    error_clear(&error);
    if (account_terms_check(doctor->config, title, &error) != 0)
        tell_error(doctor, STATE_FAIL, "configuration", &error);
}

static void check_source(struct doctor *doctor, const char *title)
{
    static const char *const names[] = {"path", "actions"};
    for (int i = 0; i < 2; i++) {
        const char *origin = NULL;
        const char *path = config_text(doctor->config, "source", title, names[i], &origin);
        if (path != NULL && access(path, R_OK) != 0)
            tell(doctor, STATE_WARN, "configuration", "", "%s: %s = '%s': %s", origin, names[i], path, strerror(errno));
    }
}

static void check_config(struct doctor *doctor, const struct error *refused)
{
    struct stat status;
    if (doctor->config == NULL) {
        tell_error(doctor, STATE_FAIL, "configuration", refused);
        return;
    }
    const char *file = config_file(doctor->config);
    check_zone(doctor, "display", "", "tz");
    for (int i = 0; i < config_titles(doctor->config, "account"); i++)
        check_account(doctor, config_title(doctor->config, "account", i));
    for (int i = 0; i < config_titles(doctor->config, "source"); i++) {
        check_zone(doctor, "source", config_title(doctor->config, "source", i), "csv_tz");
        check_source(doctor, config_title(doctor->config, "source", i));
    }
    if (stat(file, &status) != 0)
        tell(doctor, STATE_OK, "configuration", "", "no file %s: defaults apply", file);
    else if ((status.st_mode & 022) != 0)
        tell(doctor, STATE_FAIL, "configuration", "chmod go-w, so that only you decide what is traded",
             "%s can be changed by others (mode %03o)", file, (unsigned)status.st_mode & 0777U);
    else
        tell(doctor, STATE_OK, "configuration", "", "%s is valid", file);
}

static void check_clock(struct doctor *doctor)
{
    char text[TIME_TEXT_MAX];
    int64_t built = 0;
    struct error error;
    error_clear(&error);
    const int64_t now = time_now(), before = time_monotonic();
    const int year = date_from_days(now / TIME_DAY).year;
    const int parsed = num_parse_int(&built, &__DATE__[7], 2000, 3000, &error);
    require(parsed == 0);
    time_format(text, now / TIME_SECOND * TIME_SECOND);
    struct timex state = {.modes = 0};
    const bool synchronised = adjtimex(&state) != TIME_ERROR;
    if (year < built)
        tell(doctor, STATE_FAIL, "clock", "set the clock; timedatectl set-ntp true keeps it synchronised",
             "the time is %s, but this program was built in %d", text, (int)built);
    else if (time_monotonic() < before)
        tell(doctor, STATE_FAIL, "clock", "", "the monotonic clock goes backwards");
    else if (!synchronised)
        tell(doctor, STATE_WARN, "clock", "timedatectl set-ntp true", "%s, not synchronised", text);
    else
        tell(doctor, STATE_OK, "clock", "", "%s, synchronised", text);
}

static void check_zones(struct doctor *doctor)
{
    struct error error;
    error_clear(&error);
    struct zone *zone = zone_open("America/New_York", &error);
    /* noon UTC on 2024-01-15 and 2024-07-15: five and four hours behind */
    if (zone == NULL)
        tell(doctor, STATE_FAIL, "time zones", "apt-get install tzdata", "%s", error.text);
    else if (zone_offset(zone, INT64_C(1705320000) * TIME_SECOND, NULL) != -5 * 3600 ||
             zone_offset(zone, INT64_C(1721044800) * TIME_SECOND, NULL) != -4 * 3600)
        tell(doctor, STATE_FAIL, "time zones", "apt-get install --reinstall tzdata", "the data for New York are wrong");
    else
        tell(doctor, STATE_OK, "time zones", "", "the tz database is installed");
    zone_free(zone);
}

static void check_space(struct doctor *doctor, const char *folder)
{
    struct statvfs space;
    if (statvfs(folder, &space) != 0)
        return;
    const uint64_t left = (uint64_t)space.f_bavail * space.f_frsize;
    if (left < FREE_BYTES)
        tell(doctor, STATE_WARN, "folders", "free some disk space, before the journal cannot be written",
             "%s: only %lu MB left on its disk", folder, (unsigned long)(left >> 20));
}

static void check_folder(struct doctor *doctor, const char *which, int *good)
{
    struct error error;
    const char *folder = config_folder_name(doctor->config, which);
    error_clear(&error);
    if (access(folder, F_OK) != 0) {
        if (errno == ENOENT)
            ++*good; /* made on first use */
        else
            tell(doctor, STATE_FAIL, "folders", "", "%s: %s", folder, strerror(errno));
        return;
    }
    if (folder_check_private(folder, &error) != 0)
        tell_error(doctor, STATE_WARN, "folders", &error);
    else if (access(folder, R_OK | W_OK | X_OK) != 0)
        tell(doctor, STATE_FAIL, "folders", "", "%s: %s", folder, strerror(errno));
    else
        ++*good;
    if (strcmp(which, "data") == 0)
        check_space(doctor, folder);
}

static void check_folders(struct doctor *doctor)
{
    static const char *const names[] = {"data", "state", "cache"};
    int good = 0;
    for (int i = 0; i < 3; i++)
        check_folder(doctor, names[i], &good);
    if (good == 3)
        tell(doctor, STATE_OK, "folders", "", "data in %s, accessible only to you",
             config_folder_name(doctor->config, "data"));
}

/* tn-journal verify knows best; it checks every row. */
static void check_journal(struct doctor *doctor)
{
    char path[PATH_MAX], file[PATH_MAX];
    struct error error;
    struct buf output, messages;
    int status = 0;
    error_clear(&error);
    (void)snprintf(file, sizeof file, "%s/journal.db", config_folder_name(doctor->config, "data"));
    if (access(file, F_OK) != 0 && errno == ENOENT) {
        tell(doctor, STATE_OK, "journal", "", "none yet: the first account creates it");
        return;
    }
    if (file_check_private(file, &error) != 0)
        tell_error(doctor, STATE_WARN, "journal", &error);
    error_clear(&error);
    buf_init(&output, OUTPUT_MAX);
    buf_init(&messages, OUTPUT_MAX);
    if (own_path(path, "journal", &error) != 0 || spawn_run((const char *const[]){path, "verify", NULL}, STR(""),
                                                            VERIFY_TIME, &output, &messages, &status, &error) != 0)
        tell_error(doctor, STATE_FAIL, "journal", &error);
    else if (status != EXIT_DONE)
        tell(doctor, status == EXIT_UNAVAILABLE ? STATE_WARN : STATE_FAIL, "journal", "tn-journal verify",
             "%.*s (exit code %d)", (int)strcspn(messages.p == NULL ? "" : messages.p, "\n"),
             messages.p == NULL ? "" : messages.p, status);
    else
        tell(doctor, STATE_OK, "journal", "", "%s is intact", file);
    buf_clear(&output);
    buf_clear(&messages);
}

enum exit_code doctor_run(struct invocation *invocation, struct error *error)
{
    struct style style = {0};
    struct error refused;
    error_clear(&refused);
    if (style_init(&style, invocation, "UTC", error) != 0)
        return error->code;
    struct config *config = config_open(&refused);
    struct doctor doctor = {.config = config};
    doctor.table = table_new("health", columns, sizeof columns / sizeof columns[0], error);
    if (doctor.table == NULL)
        goto out;
    check_programs(&doctor);
    check_gnuplot(&doctor);
    check_config(&doctor, &refused);
    check_clock(&doctor);
    check_zones(&doctor);
    if (config != NULL) {
        check_folders(&doctor);
        check_journal(&doctor);
    }
    (void)table_show(doctor.table, &style, error);
out:
    table_free(doctor.table);
    config_free(config);
    style_clear(&style);
    return error_is_set(error) ? error->code : doctor.failed ? EXIT_NO : EXIT_DONE;
}
