/* What a sweep has worked out, kept in a file as it comes, so that another run goes on where this one ended. */
#include "tn-backtest/sweep.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_MAX   ((size_t)1 << 34)
#define ADDED_MAX  ((size_t)1 << 30)
#define FLUSH_SIZE ((size_t)256 << 10)
#define FLUSH_TIME TIME_SECOND

static int read_whole(struct resume *resume, struct error *error)
{
    for (;;) {
        char *to = buf_reserve(&resume->text, FLUSH_SIZE);
        if (to == NULL)
            return buf_check(&resume->text, error);
        const ssize_t got = read(resume->fd, to, FLUSH_SIZE);
        if (got < 0 && errno != EINTR)
            return error_system(error, "cannot read '%s'", resume->path);
        if (got == 0)
            return 0;
        resume->text.n += got < 0 ? 0 : (size_t)got;
    }
}

/* A line that was cut off is worked out again. */
static int drop_half_line(struct resume *resume, struct error *error)
{
    struct buf *text = &resume->text;
    while (text->n > 0 && text->p[text->n - 1] != '\n')
        text->n--;
    if (ftruncate(resume->fd, (off_t)text->n) != 0 || lseek(resume->fd, 0, SEEK_END) < 0)
        return error_system(error, "cannot cut '%s'", resume->path);
    return 0;
}

int resume_open(struct resume *resume, const char *path, struct str head, struct error *error)
{
    struct str line;
    *resume = (struct resume){.path = path};
    buf_init(&resume->text, FILE_MAX);
    buf_init(&resume->added, ADDED_MAX);
    resume->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (resume->fd < 0)
        return error_system(error, "cannot open '%s'", path);
    if (flock(resume->fd, LOCK_EX | LOCK_NB) != 0)
        return error_set(error, EXIT_UNAVAILABLE, "'%s': another sweep is writing to it", path);
    if (read_whole(resume, error) != 0)
        return -1;
    if (resume->text.n > 0 && resume->text.p[0] != '{')
        return error_set(error, EXIT_STATE, "'%s' is not a file of a sweep", path);
    if (drop_half_line(resume, error) != 0)
        return -1;
    if (resume_next(resume, &line) == 0)
        return resume_add(resume, head, error);
    if (str_equal(line, head))
        return 0;
    error_set(error, EXIT_STATE, "'%s' is of another sweep: bars, ranges, terms, seed, shard or version differ", path);
    error_hint(error, "name another file, or remove this one to start again");
    return -1;
}

int resume_next(struct resume *resume, struct str *line)
{
    const size_t left = resume->text.n - resume->at;
    const char *from = resume->text.p + resume->at, *end = left == 0 ? NULL : memchr(from, '\n', left);
    if (end == NULL)
        return 0;
    *line = (struct str){from, (size_t)(end - from) + 1};
    resume->at += line->n;
    return 1;
}

static int flush(struct resume *resume, struct error *error)
{
    struct buf *added = &resume->added;
    const int status =
        buf_check(added, error) != 0 ? -1 : fd_write_all(resume->fd, resume->path, added->p, added->n, error);
    buf_reset(added);
    resume->written = time_monotonic();
    return status;
}

int resume_add(struct resume *resume, struct str line, struct error *error)
{
    if (resume->fd < 0)
        return 0;
    buf_add_str(&resume->added, line);
    if (resume->added.n < FLUSH_SIZE && time_monotonic() - resume->written < FLUSH_TIME)
        return 0;
    return flush(resume, error);
}

int resume_finish(struct resume *resume, struct error *error)
{
    if (resume->fd < 0)
        return 0;
    if (resume->added.n > 0 && flush(resume, error) != 0)
        return -1;
    if (fsync(resume->fd) != 0 && errno != EINVAL && errno != EROFS)
        return error_system(error, "cannot write '%s'", resume->path);
    return 0;
}

void resume_close(struct resume *resume)
{
    buf_clear(&resume->text);
    buf_clear(&resume->added);
    if (resume->fd >= 0)
        (void)close(resume->fd);
    resume->fd = -1;
}
