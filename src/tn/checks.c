/* The list of findings, and the checks of the machine: disk, clock, journal, backups. */
#include "tn/checks.h"

#include "base/list.h"
#include "base/time.h"
#include "journal/journal.h"
#include "net/clock.h"
#include "net/network.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define MEGABYTE     (UINT64_C(1) << 20)
#define FREE_WARN    (500 * MEGABYTE)
#define FREE_FAIL    (50 * MEGABYTE)
#define BACKUP_AGE   (36 * TIME_HOUR) /* made every evening */
#define BACKUP_NAMES "journal-[0-9]*Z.db"

void checks_clear(struct checks *checks)
{
    free(checks->finding);
    free(checks->account);
    free(checks->job);
}

int checks_add(struct checks *checks, enum check_state state, const char *check, const char *subject, const char *hint,
               struct error *error, const char *format, ...)
{
    if (list_grow(&checks->finding, &checks->finding_capacity, checks->findings, sizeof *checks->finding, error) != 0)
        return -1;
    struct finding *finding = &checks->finding[checks->findings++];
    *finding = (struct finding){.state = state, .used = NAN};
    (void)snprintf(finding->check, sizeof finding->check, "%s", check);
    (void)snprintf(finding->subject, sizeof finding->subject, "%s", subject);
    (void)snprintf(finding->hint, sizeof finding->hint, "%s", hint);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->found, sizeof finding->found, format, arguments);
    va_end(arguments);
    return 0;
}

enum check_state checks_worst(const struct checks *checks)
{
    enum check_state worst = CHECK_OK;
    for (size_t i = 0; i < checks->findings; i++)
        worst = checks->finding[i].state > worst ? checks->finding[i].state : worst;
    return worst;
}

static int check_disk(struct checks *checks, struct error *error)
{
    struct statvfs space;
    const char *folder = config_folder_name(checks->config, "data");
    if (statvfs(folder, &space) != 0) {
        if (errno == ENOENT)
            return checks_add(checks, CHECK_OK, "disk", "", "", error, "nothing is stored yet");
        return checks_add(checks, CHECK_FAIL, "disk", "", "tn doctor", error, "%s: %s", folder, strerror(errno));
    }
    const uint64_t left = (uint64_t)space.f_bavail * space.f_frsize;
    return checks_add(checks,
                      left < FREE_FAIL   ? CHECK_FAIL
                      : left < FREE_WARN ? CHECK_WARN
                                         : CHECK_OK,
                      "disk", "", left < FREE_WARN ? "free some disk space, before the journal cannot be written" : "",
                      error, "%lu MB are free", (unsigned long)(left / MEGABYTE));
}

static int check_clock(struct checks *checks, struct error *error)
{
    struct timex state = {.modes = 0};
    struct clock_off off;
    char *path = network_clock_file(checks->config, error);
    if (path == NULL)
        return -1;
    const bool is_off = clock_is_off(path, checks->now, &off);
    free(path);
    if (is_off)
        return checks_add(checks, CHECK_FAIL, "clock", "", "set it: timedatectl set-ntp true; entries are refused",
                          error, "%lld s %s that of %s", (long long)((off.by < 0 ? -off.by : off.by) / TIME_SECOND),
                          off.by < 0 ? "behind" : "ahead of", off.host);
    if (adjtimex(&state) != TIME_ERROR)
        return checks_add(checks, CHECK_OK, "clock", "", "", error, "synchronised");
    return checks_add(checks, CHECK_WARN, "clock", "", "timedatectl set-ntp true", error, "not synchronised");
}

/* Its end and its head, which every program that trades looks at too; tn-journal verify checks all of it. */
static int check_journal(struct checks *checks, struct error *error)
{
    char path[PATH_MAX];
    struct error found;
    error_clear(&found);
    (void)snprintf(path, sizeof path, "%s/journal.db", config_folder_name(checks->config, "data"));
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return checks_add(checks, CHECK_OK, "journal", "", "", error, "none yet: the first account creates it");
    struct journal *journal = journal_open(path, JOURNAL_READ, &found);
    const int64_t last = journal == NULL ? -1 : journal_last(journal, &found);
    journal_close(journal);
    if (last < 0)
        return checks_add(checks, found.code == EXIT_UNAVAILABLE ? CHECK_WARN : CHECK_FAIL, "journal", "",
                          "tn-journal verify", error, "%s", found.text);
    return checks_add(checks, CHECK_OK, "journal", "", "", error, "ends with event %lld", (long long)last);
}

/* When the newest backup was made, TIME_NONE: there is none. */
static int newest_backup(const char *folder, int64_t *made, char name[static NAME_MAX + 1])
{
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return -1;
    name[0] = '\0';
    *made = TIME_NONE;
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (fnmatch(BACKUP_NAMES, entry->d_name, 0) == 0 && strcmp(entry->d_name, name) > 0)
            (void)snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
    struct stat status;
    if (name[0] != '\0' && fstatat(dirfd(listing), name, &status, 0) == 0)
        *made = status.st_mtim.tv_sec * TIME_SECOND;
    (void)closedir(listing);
    return 0;
}

static bool on_one_disk(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev;
}

static int check_backup(struct checks *checks, struct error *error)
{
    char name[NAME_MAX + 1];
    int64_t made;
    const char *folder = config_text(checks->config, "schedule", "", "backup", NULL);
    const char *data = config_folder_name(checks->config, "data");
    if (access(data, F_OK) != 0)
        return 0;
    if (folder == NULL)
        return checks_add(checks, CHECK_WARN, "backup", "", "schedule { backup = FOLDER }, see tn-backup(1)", error,
                          "the journal has no backup");
    if (newest_backup(folder, &made, name) != 0)
        return checks_add(checks, CHECK_FAIL, "backup", "", "is its disk mounted?", error, "%s: %s", folder,
                          strerror(errno));
    if (made == TIME_NONE)
        return checks_add(checks, CHECK_FAIL, "backup", "", "tn-backup", error, "no backup in %s", folder);
    const int64_t hours = (checks->now - made) / TIME_HOUR;
    if (checks->now - made > BACKUP_AGE)
        return checks_add(checks, CHECK_FAIL, "backup", "", "systemctl --user enable --now tn-backup.timer", error,
                          "the newest, %s, is %lld hours old", name, (long long)hours);
    if (on_one_disk(folder, data))
        return checks_add(checks, CHECK_WARN, "backup", "", "use another disk", error,
                          "%s is on the disk of the journal", folder);
    return checks_add(checks, CHECK_OK, "backup", "", "", error, "%s", name);
}

int check_machine(struct checks *checks, struct error *error)
{
    return check_disk(checks, error) != 0 || check_clock(checks, error) != 0 || check_journal(checks, error) != 0 ||
                   check_backup(checks, error) != 0
               ? -1
               : 0;
}
