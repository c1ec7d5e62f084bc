/* Writing a recording. */
#include "feed/recorder.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>
#include <zstd.h>

#define FRAME_SIZE (1u << 20) /* of lines */
#define LEVEL      3

struct recorder {
    char folder[PATH_MAX - 128];
    int lock, fd, index;
    uint64_t file_size, offset;
    char name[64];
    struct buf lines;
    char *packed;
    size_t packed_size;
    ZSTD_CCtx *context;
    int64_t first, last; /* of the lines that wait, TIME_NONE */
    uint64_t waiting;    /* how many */
    struct recorder_counts counts;
};

static int take_folder(struct recorder *recorder, const char *folder, struct error *error)
{
    char path[PATH_MAX + 128];
    if (strlen(folder) >= sizeof recorder->folder)
        return error_set(error, EXIT_USAGE, "the path of the folder is too long");
    (void)snprintf(recorder->folder, sizeof recorder->folder, "%s", folder);
    if (folder_make(folder, error) < 0)
        return -1;
    (void)snprintf(path, sizeof path, "%s/lock", folder);
    recorder->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (recorder->lock == -1)
        return error_system(error, "cannot open '%s'", path);
    if (flock(recorder->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return error_system(error, "cannot lock '%s'", path);
    return error_set(error, EXIT_UNAVAILABLE, "another program is recording into '%s'", folder);
}

struct recorder *recorder_open(const char *folder, uint64_t file_size, struct error *error)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    recorder->lock = recorder->fd = recorder->index = -1;
    recorder->file_size = file_size;
    recorder->first = recorder->last = TIME_NONE;
    buf_init(&recorder->lines, FRAME_SIZE + (2u << 20));
    recorder->packed_size = ZSTD_compressBound(FRAME_SIZE + (2u << 20));
    recorder->packed = malloc(recorder->packed_size);
    recorder->context = ZSTD_createCCtx();
    if (recorder->packed == NULL || recorder->context == NULL)
        (void)error_memory(error);
    else if (take_folder(recorder, folder, error) == 0) {
        (void)ZSTD_CCtx_setParameter(recorder->context, ZSTD_c_compressionLevel, LEVEL);
        (void)ZSTD_CCtx_setParameter(recorder->context, ZSTD_c_checksumFlag, 1);
        return recorder;
    }
    struct error ignored = {0};
    (void)recorder_close(recorder, &ignored);
    return NULL;
}

static void drop_files(struct recorder *recorder)
{
    if (recorder->fd != -1)
        (void)close(recorder->fd);
    if (recorder->index != -1)
        (void)close(recorder->index);
    recorder->fd = recorder->index = -1;
}

static int open_one(const struct recorder *recorder, const char *end, struct error *error)
{
    char path[PATH_MAX + 128];
    (void)snprintf(path, sizeof path, "%s/%s.%s", recorder->folder, recorder->name, end);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    return fd == -1 ? error_system(error, "cannot make '%s'", path) : fd;
}

/* The names sort as the files were begun. */
static int open_next(struct recorder *recorder, struct error *error)
{
    char text[TIME_TEXT_MAX];
    const int64_t now = time_now();
    size_t n = 0;
    drop_files(recorder);
    (void)time_format(text, now / TIME_SECOND * TIME_SECOND);
    for (const char *p = text; *p != '\0' && *p != 'Z'; p++)
        if (*p != '-' && *p != ':')
            recorder->name[n++] = *p;
    (void)snprintf(recorder->name + n, sizeof recorder->name - n, ".%09lldZ", (long long)(now % TIME_SECOND));
    recorder->offset = 0;
    recorder->counts.files++;
    recorder->fd = open_one(recorder, "ndjson.zst", error);
    if (recorder->fd < 0)
        return -1;
    recorder->index = open_one(recorder, "index", error);
    return recorder->index < 0 ? -1 : 0;
}

static void add_moment(char *text, size_t size, int64_t moment)
{
    if (moment == TIME_NONE)
        (void)snprintf(text, size, "-");
    else
        (void)snprintf(text, size, "%lld", (long long)moment);
}

int recorder_flush(struct recorder *recorder, struct error *error)
{
    char line[160], first[24], last[24];
    if (recorder->waiting == 0)
        return 0;
    if ((recorder->fd == -1 || recorder->offset >= recorder->file_size) && open_next(recorder, error) < 0)
        return -1;
    const size_t n = ZSTD_compress2(recorder->context, recorder->packed, recorder->packed_size, recorder->lines.p,
                                    recorder->lines.n);
    if (ZSTD_isError(n) != 0)
        return error_set(error, EXIT_SYSTEM, "cannot compress: %s", ZSTD_getErrorName(n));
    if (fd_write_all(recorder->fd, recorder->name, recorder->packed, n, error) < 0)
        return -1;
    if (fdatasync(recorder->fd) != 0)
        return error_system(error, "cannot sync '%s'", recorder->name);
    add_moment(first, sizeof first, recorder->first);
    add_moment(last, sizeof last, recorder->last);
    const int length = snprintf(line, sizeof line, "%llu %zu %s %s %llu\n", (unsigned long long)recorder->offset, n,
                                first, last, (unsigned long long)recorder->waiting);
    if (fd_write_all(recorder->index, recorder->name, line, (size_t)length, error) < 0)
        return -1;
    recorder->offset += n;
    recorder->counts.written += n;
    recorder->counts.frames++;
    recorder->first = recorder->last = TIME_NONE;
    recorder->waiting = 0;
    buf_reset(&recorder->lines);
    return 0;
}

int recorder_add(struct recorder *recorder, struct str line, int64_t known, struct error *error)
{
    buf_add_str(&recorder->lines, line);
    if (buf_check(&recorder->lines, error) < 0)
        return -1;
    if (known != TIME_NONE) {
        recorder->first = recorder->first == TIME_NONE || known < recorder->first ? known : recorder->first;
        recorder->last = known > recorder->last ? known : recorder->last;
    }
    recorder->waiting++;
    recorder->counts.records++;
    recorder->counts.bytes += line.n;
    return recorder->lines.n >= FRAME_SIZE ? recorder_flush(recorder, error) : 0;
}

void recorder_count(const struct recorder *recorder, struct recorder_counts *counts)
{
    *counts = recorder->counts;
}

int recorder_close(struct recorder *recorder, struct error *error)
{
    const int result = recorder_flush(recorder, error);
    drop_files(recorder);
    if (recorder->lock != -1)
        (void)close(recorder->lock);
    (void)ZSTD_freeCCtx(recorder->context);
    free(recorder->packed);
    buf_clear(&recorder->lines);
    free(recorder);
    return result;
}
