/* Reading a recording. */
#include "record/recording.h"

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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#define PIPE_SIZE (1 << 20)

/* In memory that parent and child share. */
struct unpacked {
    struct error error;
    char note[sizeof((struct error *)NULL)->text];
};

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
    struct unpacked *unpacked;
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
        (void)snprintf(unpacking->unpacked->note, sizeof unpacking->unpacked->note,
                       "%s: its last frame is not whole and is left out", path);
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

static int run(const char *path, int64_t from, int64_t to, struct unpacked *unpacked, struct error *error)
{
    struct unpacking unpacking = {STDOUT_FILENO, from, to, .context = ZSTD_createDCtx(), .unpacked = unpacked};
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

/* Nothing of the parent's stays open here (its locks and its own output must end when it does), and a ^C that the
 * parent takes its time over does not cut its input. */
static _Noreturn void become_child(int out, pid_t parent, const char *path, int64_t from, int64_t to,
                                   struct unpacked *unpacked)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody would read what it finds */
    if (getppid() != parent || dup2(out, STDOUT_FILENO) == -1)
        _exit(EXIT_SYSTEM);
    (void)close(STDIN_FILENO);
    (void)syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, 0U); /* musl has no name for it */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)run(path, from, to, unpacked, &unpacked->error);
    _exit(EXIT_DONE);
}

/* ---- for the parent ---- */

/* What a folder holds: parts of a recording, nothing yet, or other things. */
enum held { HOLDS_PARTS, HOLDS_NOTHING, HOLDS_OTHERS };

static enum held look_into(const char *path)
{
    DIR *folder = opendir(path);
    enum held held = HOLDS_NOTHING;
    for (struct dirent *entry; folder != NULL && held != HOLDS_PARTS && (entry = readdir(folder)) != NULL;)
        held = ends_with(entry->d_name, ".ndjson.zst") ? HOLDS_PARTS : entry->d_name[0] != '.' ? HOLDS_OTHERS : held;
    if (folder != NULL)
        (void)closedir(folder);
    return held;
}

bool recording_is_sure(const char *path)
{
    struct stat status;
    return ends_with(path, ".zst") ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode) && look_into(path) == HOLDS_PARTS);
}

static int check(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(error, EXIT_USAGE, "cannot read '%s': no such file", path);
        return error_system(error, "cannot read '%s'", path);
    }
    if (!S_ISDIR(status.st_mode) || look_into(path) != HOLDS_OTHERS)
        return 0;
    error_set(error, EXIT_USAGE, "cannot read '%s': it is a folder without a recording", path);
    error_hint(error, "tn-stream record writes files that end with .ndjson.zst");
    return -1;
}

int recording_open(struct recording *recording, const char *path, int64_t from, int64_t to, struct error *error)
{
    int ends[2];
    *recording = (struct recording){.fd = -1, .pid = -1};
    if (check(path, error) != 0)
        return -1;
    void *shared = mmap(NULL, sizeof *recording->unpacked, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return error_memory(error);
    recording->unpacked = shared;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        (void)error_system(error, "cannot make a pipe");
        recording_close(recording);
        return -1;
    }
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* a smaller one is only slower */
    const pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become_child(ends[1], parent, path, from, to, recording->unpacked);
    if (pid == -1)
        (void)error_system(error, "cannot start another process");
    (void)close(ends[1]);
    recording->pid = pid;
    recording->fd = ends[0];
    if (pid != -1)
        return 0;
    (void)close(ends[0]);
    recording_close(recording);
    return -1;
}

int recording_finish(struct recording *recording, const char **note, struct error *error)
{
    int status = 0;
    *note = NULL;
    if (recording->pid <= 0)
        return 0;
    while (waitpid(recording->pid, &status, 0) == -1 && errno == EINTR)
        ;
    recording->pid = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_DONE)
        return error_set(error, EXIT_SYSTEM, "the recording could not be read completely");
    if (error_is_set(&recording->unpacked->error)) {
        *error = recording->unpacked->error;
        return -1;
    }
    *note = recording->unpacked->note[0] == '\0' ? NULL : recording->unpacked->note;
    return 0;
}

void recording_close(struct recording *recording)
{
    if (recording->pid > 0) {
        (void)kill(recording->pid, SIGKILL);
        while (waitpid(recording->pid, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    if (recording->unpacked != NULL)
        (void)munmap(recording->unpacked, sizeof *recording->unpacked);
    *recording = (struct recording){.fd = -1, .pid = -1};
}
