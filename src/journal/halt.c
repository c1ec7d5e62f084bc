/* The file of the kill switch. */
#include "journal/halt.h"

#include "base/file.h"
#include "journal/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)4 << 20)
/* How often a halt that finds its file taken away makes another. */
#define TRIES 100
static const char mark[] = "noted ";

bool halt_file_is_there(const char *path)
{
    return access(path, F_OK) == 0 || errno != ENOENT;
}

bool halt_file_halts(const struct journal *journal, const char *account)
{
    char path[PATH_MAX];
    const char *file = db_path(journal->db), *slash = strrchr(file, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - file) + 1;
    /* A name that commands would refuse, from a record, has no file. */
    return strchr(account, '/') == NULL &&
           snprintf(path, sizeof path, "%.*s%s.halt", folder, file, account) < (int)sizeof path &&
           halt_file_is_there(path);
}

static int sync_folder(const char *path, struct error *error)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    (void)snprintf(folder, sizeof folder, "%.*s", length == 0 ? 1 : (int)length, length == 0 ? "." : path);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int result = fd < 0 || fsync(fd) != 0 ? error_system(error, "cannot sync '%s'", folder) : 0;
    if (fd >= 0)
        (void)close(fd);
    return result;
}

/* Adds a line in one write. 1: the file that has it bears the name; 0: that was taken away meanwhile; -1. */
static int add_line(const char *path, int flags, const struct buf *line, struct error *error)
{
    const int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd < 0)
        return error_system(error, "cannot open '%s'", path);
    struct stat own = {0}, named = {0};
    int result = fd_write_all(fd, path, line->p, line->n, error);
    if (result == 0 && (fsync(fd) != 0 || fstat(fd, &own) != 0))
        result = error_system(error, "cannot sync '%s'", path);
    if (result == 0 && lstat(path, &named) == 0)
        result = named.st_ino == own.st_ino && named.st_dev == own.st_dev;
    else if (result == 0 && errno != ENOENT)
        result = error_system(error, "cannot examine '%s'", path);
    (void)close(fd);
    return result;
}

int halt_file_add(const char *path, const struct halt *halt, struct error *error)
{
    struct buf line;
    buf_init(&line, RECORD_LINE_MAX + 2);
    buf_add_char(&line, '\n'); /* what a full disk has cut off is a line of its own */
    record_encode(&line, RECORD_HALT, halt);
    buf_add_char(&line, '\n');
    int result = buf_check(&line, error) != 0 ? -1 : 0;
    for (int i = 0; i < TRIES && result == 0; i++)
        result = add_line(path, O_CREAT, &line, error);
    buf_clear(&line);
    if (result == 0)
        return error_set(error, EXIT_UNAVAILABLE, "'%s' is removed again and again", path);
    return result < 0 ? -1 : sync_folder(path, error);
}

struct halt_file *halt_file_new(struct error *error)
{
    struct halt_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    buf_init(&file->text, FILE_MAX);
    buf_init(&file->scratch, RECORD_LINE_MAX);
    file->record.scratch = &file->scratch;
    return file;
}

void halt_file_free(struct halt_file *file)
{
    if (file == NULL)
        return;
    buf_clear(&file->text);
    buf_clear(&file->scratch);
    free(file);
}

/* The next line that is not empty, without its end; false at the end of the text. */
static bool next_line(const struct buf *text, size_t *at, struct str *line)
{
    while (*at < text->n && text->p[*at] == '\n')
        ++*at;
    const size_t start = *at;
    while (*at < text->n && text->p[*at] != '\n')
        ++*at;
    *line = (struct str){text->p == NULL ? "" : text->p + start, *at - start};
    return line->n > 0;
}

/* Is it a mark, and of how many halts? -1: it is not. */
static int64_t mark_of(struct str line)
{
    const size_t letters = strlen(mark);
    if (line.n <= letters || line.n > letters + 18 || memcmp(line.p, mark, letters) != 0)
        return -1;
    int64_t count = 0;
    for (size_t i = letters; i < line.n; i++) {
        if (line.p[i] < '0' || line.p[i] > '9')
            return -1;
        count = 10 * count + (line.p[i] - '0');
    }
    return count;
}

void halt_file_read(struct halt_file *file, const char *path)
{
    struct error unread;
    error_clear(&unread);
    buf_reset(&file->text);
    file->there = halt_file_is_there(path);
    file->halts = file->noted = file->passed = 0;
    file->at = 0;
    if (!file->there)
        return;
    if (file_read(path, &file->text, &unread) != 0)
        buf_reset(&file->text);
    struct str line;
    for (size_t at = 0; next_line(&file->text, &at, &line);) {
        const int64_t count = mark_of(line);
        file->halts += count < 0;
        file->noted = count > file->noted ? count : file->noted;
    }
    if (file->halts == 0) /* a bare name */
        file->halts = 1;
}

int halt_file_next(struct halt_file *file, const char *account, int64_t now, struct halt *halt)
{
    struct error unread;
    error_clear(&unread);
    struct str line = {"", 0};
    for (; file->there && file->passed < file->halts; file->passed++) {
        while (next_line(&file->text, &file->at, &line) && mark_of(line) >= 0)
            continue;
        if (file->passed < file->noted)
            continue;
        file->passed++;
        if (line.n == 0 || record_scan(&file->record, line.p, line.n, &unread) != 0 ||
            file->record.type != RECORD_HALT || record_decode(&file->record, halt, &unread) != 0 || halt->halted != 1 ||
            strcmp(halt->account, account) != 0) {
            *halt = (struct halt){.time = now, .halted = 1, .all = -1, .reason = str_of("halt file")};
            (void)snprintf(halt->account, sizeof halt->account, "%s", account);
        }
        return 1;
    }
    return 0;
}

int halt_file_note(const struct halt_file *file, const char *path, struct error *error)
{
    if (!file->there || file->noted >= file->halts || access(path, F_OK) != 0)
        return 0;
    struct buf line;
    buf_init(&line, 64);
    buf_printf(&line, "\n%s%lld\n", mark, (long long)file->halts);
    const int result = buf_check(&line, error) != 0 ? -1 : add_line(path, 0, &line, error);
    buf_clear(&line);
    return result < 0 ? -1 : 0;
}

static int aside_of(char aside[static PATH_MAX], const char *path, struct error *error)
{
    return (size_t)snprintf(aside, PATH_MAX, "%s-aside", path) < PATH_MAX
               ? 0
               : error_set(error, EXIT_SYSTEM, "the name '%s' is too long", path);
}

int halt_file_put_aside(struct halt_file *file, const char *path, struct error *error)
{
    char aside[PATH_MAX];
    if (aside_of(aside, path, error) != 0)
        return -1;
    if (rename(path, aside) != 0)
        return errno == ENOENT ? 1 : error_system(error, "cannot move '%s' aside", path);
    halt_file_read(file, aside);
    if (file->noted >= file->halts)
        return 1;
    return halt_file_drop_aside(path, false, error);
}

int halt_file_drop_aside(const char *path, bool resumed, struct error *error)
{
    char aside[PATH_MAX];
    if (aside_of(aside, path, error) != 0)
        return -1;
    if (!resumed && link(aside, path) != 0 && errno != EEXIST && errno != ENOENT)
        return error_system(error, "cannot move '%s' back", path);
    if (unlink(aside) != 0 && errno != ENOENT)
        return error_system(error, "cannot remove '%s'", aside);
    return 0;
}
