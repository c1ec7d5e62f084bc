/* Lines in large pieces from a descriptor, and each line scanned. */
#include "record/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_SIZE = 256 * 1024,
    PIPE_SIZE = 1024 * 1024,
    PADDING = 64, /* readable bytes behind the last one, for loads of whole vectors */
    CAPACITY = RECORD_LINE_MAX + 1 + READ_SIZE,
};

struct reader {
    const char *file; /* the caller's text */
    int fd;
    bool regular, ended, skipping; /* skipping: in the middle of an over-long line */
    char *bytes;
    size_t start, end, looked; /* the unread bytes; up to where they hold no LF */
    uint64_t line_number;
    reader_wait *wait;
    void *context;
    struct buf scratch;
    struct record record;
};

struct reader *reader_open(const char *file, reader_wait *wait, void *context, struct error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        error_memory(error);
        return NULL;
    }
    const bool standard = strcmp(file, "-") == 0;
    reader->file = file;
    reader->wait = wait;
    reader->context = context;
    buf_init(&reader->scratch, RECORD_LINE_MAX + PADDING);
    reader->record.scratch = &reader->scratch;
    reader->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (reader->fd < 0) {
        if (errno == ENOENT)
            error_set(error, EXIT_USAGE, "cannot read '%s': no such file", file);
        else
            error_system(error, "cannot read '%s'", file);
        free(reader);
        return NULL;
    }
    struct stat status;
    reader->regular = fstat(reader->fd, &status) == 0 && S_ISREG(status.st_mode);
    if (!reader->regular)
        (void)fcntl(reader->fd, F_SETPIPE_SZ, PIPE_SIZE); /* only pipes have one; a smaller one is only slower */
    reader->bytes = malloc(CAPACITY + PADDING);
    if (reader->bytes == NULL) {
        error_memory(error);
        reader_close(reader);
        return NULL;
    }
    return reader;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->fd > STDIN_FILENO)
        (void)close(reader->fd);
    buf_clear(&reader->scratch);
    free(reader->bytes);
    free(reader);
}

const char *reader_file(const struct reader *reader)
{
    return reader->file;
}

uint64_t reader_line_number(const struct reader *reader)
{
    return reader->line_number;
}

static const char *shown_name(const struct reader *reader)
{
    return reader->fd == STDIN_FILENO ? "standard input" : reader->file;
}

void reader_prefix(const struct reader *reader, struct error *error)
{
    error_prefix(error, "%s: line %llu", shown_name(reader), (unsigned long long)reader->line_number);
}

/* Let the caller flush before a read that would block. */
static int before_read(struct reader *reader, struct error *error)
{
    struct pollfd poll_one = {.fd = reader->fd, .events = POLLIN};
    if (reader->regular || reader->wait == NULL || poll(&poll_one, 1, 0) > 0)
        return 0;
    return reader->wait(reader->context, error);
}

/* Read more behind the unread bytes, which are moved to the front when there is no room: 0, or -1. */
static int fill(struct reader *reader, struct error *error)
{
    if (CAPACITY - reader->end < READ_SIZE) {
        memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
        reader->looked -= reader->start;
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (before_read(reader, error) != 0)
        return -1;
    for (;;) {
        const ssize_t got = read(reader->fd, reader->bytes + reader->end, READ_SIZE);
        if (got >= 0) {
            reader->end += (size_t)got;
            reader->ended = got == 0;
            memset(reader->bytes + reader->end, 0, PADDING);
            return 0;
        }
        if (errno == EAGAIN) { /* whoever gave us the descriptor made it non-blocking */
            struct pollfd poll_one = {.fd = reader->fd, .events = POLLIN};
            (void)poll(&poll_one, 1, -1);
        } else if (errno != EINTR) {
            return error_system(error, "cannot read %s", shown_name(reader));
        }
    }
}

/* The next line: 1, 0 at the end, -1. Of an over-long one only a beginning of RECORD_LINE_MAX + 1 bytes is given, which
 * the scanner refuses. */
static int next_line(struct reader *reader, struct str *line, struct error *error)
{
    for (;;) {
        const char *from = reader->bytes + reader->looked;
        const char *newline = memchr(from, '\n', reader->end - reader->looked);
        const size_t start = reader->start;
        reader->looked = newline == NULL ? reader->end : (size_t)(newline - reader->bytes) + 1;
        const size_t length = reader->looked - start - (newline != NULL);
        const bool skipping = reader->skipping;
        *line = (struct str){reader->bytes + start, length};
        if (newline != NULL) {
            reader->start = reader->looked;
            reader->skipping = false;
            if (!skipping)
                return 1;
        } else if (reader->ended) {
            reader->start = reader->end;
            return length > 0 && !skipping;
        } else if (skipping) {
            reader->start = reader->end;
        } else if (length > RECORD_LINE_MAX) {
            reader->start = reader->end;
            reader->skipping = true;
            return 1;
        }
        if (newline == NULL && fill(reader, error) != 0)
            return -1;
    }
}

int reader_next(struct reader *reader, const struct record **record, struct error *error)
{
    struct str line;
    const int got = next_line(reader, &line, error);
    if (got <= 0)
        return got;
    reader->line_number++;
    if (record_scan(&reader->record, line.p, line.n, error) != 0) {
        reader_prefix(reader, error);
        return -1;
    }
    *record = &reader->record;
    return 1;
}
