/* Reading a recording. */
#include "feed/recording.h"

#include "base/file.h"
#include "base/list.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#define PIPE_SIZE (1 << 20)

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

bool recording_is(const char *path)
{
    struct stat status;
    return ends_with(path, ".zst") || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* ---- in the child ---- */

struct unpacking {
    int out;
    int64_t from, to;
    ZSTD_DCtx *context;
    char *in, *lines;
    size_t in_size, lines_size;
};

struct frame {
    uint64_t offset, bytes;
    int64_t first, last; /* TIME_NONE */
};

static int64_t read_moment(const char *text)
{
    return text[0] == '-' ? TIME_NONE : strtoll(text, NULL, 10);
}

/* Where reading can begin and end, by the index: false when there is none that fits the file. */
static bool read_index(const char *path, const struct unpacking *unpacking, uint64_t *begin, uint64_t *end)
{
    char index[2 * PATH_MAX], line[200], first[32], last[32];
    const size_t n = strlen(path) - strlen("ndjson.zst");
    (void)snprintf(index, sizeof index, "%.*sindex", (int)n, path);
    FILE *file = ends_with(path, ".ndjson.zst") ? fopen(index, "re") : NULL;
    uint64_t next = 0;
    bool begun = false;
    if (file == NULL)
        return false;
    *begin = *end = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long long offset, bytes;
        if (sscanf(line, "%llu %llu %31s %31s", &offset, &bytes, first, last) != 4 || offset != next) { /* NOLINT */
            (void)fclose(file);
            return false;
        }
        next = offset + bytes;
        const int64_t early = read_moment(first), late = read_moment(last);
        const bool wanted = early == TIME_NONE || ((unpacking->from == TIME_NONE || late >= unpacking->from) &&
                                                   (unpacking->to == TIME_NONE || early < unpacking->to));
        if (!wanted)
            continue;
        if (!begun)
            *begin = offset;
        begun = true;
        *end = next;
    }
    (void)fclose(file);
    return true;
}

/* Unpack from `begin` up to `end` (UINT64_MAX: its end). */
static int unpack(struct unpacking *unpacking, const char *path, uint64_t begin, uint64_t end, struct error *error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t at = begin;
    size_t state = 0;
    int result = 0;
    if (fd == -1)
        return error_system(error, "cannot open '%s'", path);
    if (lseek(fd, (off_t)begin, SEEK_SET) == -1)
        result = error_system(error, "cannot read '%s'", path);
    (void)ZSTD_DCtx_reset(unpacking->context, ZSTD_reset_session_only);
    while (result == 0 && at < end) {
        const uint64_t left = end - at;
        const ssize_t n = read(fd, unpacking->in, left < unpacking->in_size ? (size_t)left : unpacking->in_size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            result = error_system(error, "cannot read '%s'", path);
        if (n <= 0)
            break;
        at += (uint64_t)n;
        ZSTD_inBuffer in = {unpacking->in, (size_t)n, 0};
        while (result == 0 && in.pos < in.size) {
            ZSTD_outBuffer out = {unpacking->lines, unpacking->lines_size, 0};
            state = ZSTD_decompressStream(unpacking->context, &out, &in);
            if (ZSTD_isError(state) != 0)
                result = error_set(error, EXIT_INPUT, "%s: damaged: %s", path, ZSTD_getErrorName(state));
            else
                result = fd_write_all(unpacking->out, "a pipe", unpacking->lines, out.pos, error);
        }
    }
    (void)close(fd);
    if (result == 0 && state != 0) /* the recorder was interrupted: what it had not written whole is not there */
        (void)dprintf(STDERR_FILENO, "tn-stream: %s: its last frame is not whole and is left out\n", path);
    return result;
}

static int unpack_file(struct unpacking *unpacking, const char *path, struct error *error)
{
    uint64_t begin = 0, end = UINT64_MAX;
    const bool bounded = unpacking->from != TIME_NONE || unpacking->to != TIME_NONE;
    if (bounded && read_index(path, unpacking, &begin, &end) && begin == end)
        return 0;
    return unpack(unpacking, path, bounded ? begin : 0, bounded && unpacking->to != TIME_NONE ? end : UINT64_MAX,
                  error);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int unpack_folder(struct unpacking *unpacking, const char *path, struct error *error)
{
    DIR *folder = opendir(path);
    char **name = NULL, file[2 * PATH_MAX];
    size_t count = 0, capacity = 0;
    int result = 0;
    if (folder == NULL)
        return error_system(error, "cannot open '%s'", path);
    for (struct dirent *entry; result == 0 && (entry = readdir(folder)) != NULL;) {
        if (!ends_with(entry->d_name, ".ndjson.zst"))
            continue;
        result = list_grow(&name, &capacity, count, sizeof *name, error);
        if (result == 0 && (name[count] = strdup(entry->d_name)) == NULL)
            result = error_memory(error);
        count += result == 0;
    }
    (void)closedir(folder);
    if (result == 0 && count > 1)
        qsort(name, count, sizeof *name, by_name);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, name[i]);
        if (result == 0)
            result = unpack_file(unpacking, file, error);
        free(name[i]);
    }
    free(name);
    return result;
}

static int run(int out, const char *path, int64_t from, int64_t to, struct error *error)
{
    struct unpacking unpacking = {.out = out, .from = from, .to = to, .context = ZSTD_createDCtx()};
    unpacking.in_size = ZSTD_DStreamInSize();
    unpacking.lines_size = ZSTD_DStreamOutSize();
    unpacking.in = malloc(unpacking.in_size);
    unpacking.lines = malloc(unpacking.lines_size);
    struct stat status;
    int result;
    if (unpacking.context == NULL || unpacking.in == NULL || unpacking.lines == NULL)
        result = error_memory(error);
    else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        result = unpack_folder(&unpacking, path, error);
    else
        result = unpack_file(&unpacking, path, error);
    (void)ZSTD_freeDCtx(unpacking.context);
    free(unpacking.in);
    free(unpacking.lines);
    return result;
}

/* ---- for the parent ---- */

/* Can the folder be a recording: does it hold a part of one, or nothing yet? */
static bool holds_recording(const char *path)
{
    DIR *folder = opendir(path);
    bool found = false, empty = true;
    for (struct dirent *entry; folder != NULL && !found && (entry = readdir(folder)) != NULL;) {
        found = ends_with(entry->d_name, ".ndjson.zst");
        empty &= entry->d_name[0] == '.';
    }
    if (folder != NULL)
        (void)closedir(folder);
    return found || empty;
}

int recording_open(struct recording *recording, const char *path, int64_t from, int64_t to, struct error *error)
{
    int ends[2];
    *recording = (struct recording){-1, -1};
    if (access(path, R_OK) != 0) {
        (void)error_system(error, "cannot read '%s'", path);
        error->code = EXIT_USAGE;
        return -1;
    }
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode) && !holds_recording(path)) {
        error_set(error, EXIT_USAGE, "'%s' is a folder that holds no recording", path);
        error_hint(error, "tn-stream record makes files whose names end with .ndjson.zst");
        return -1;
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_system(error, "cannot make a pipe");
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
    const pid_t pid = fork();
    if (pid == 0) {
        struct error failure = {0};
        (void)close(ends[0]);
        const int result = run(ends[1], path, from, to, &failure);
        if (result < 0)
            (void)dprintf(STDERR_FILENO, "tn-stream: %s\n", failure.text);
        _exit(result < 0 ? (int)failure.code : 0);
    }
    (void)close(ends[1]);
    if (pid == -1) {
        (void)close(ends[0]);
        return error_system(error, "cannot start another process");
    }
    *recording = (struct recording){ends[0], pid};
    return 0;
}

int recording_close(struct recording *recording, struct error *error)
{
    int status = 0;
    if (recording->pid <= 0)
        return 0;
    if (recording->fd != -1)
        (void)close(recording->fd);
    while (waitpid(recording->pid, &status, 0) == -1 && errno == EINTR)
        ;
    recording->pid = -1;
    recording->fd = -1;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) /* nobody read on */
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    const enum exit_code code = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_INPUT ? EXIT_INPUT : EXIT_SYSTEM;
    return error_set(error, code, "the recording could not be read to its end");
}
