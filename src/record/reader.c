/* Lines in large pieces from a descriptor, and each line scanned. */
#include "record/reader.h"

#include "base/file.h"
#include "base/time.h"
#include "record/layout.h"
#include "record/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_SIZE = 512 * 1024,
    PIPE_SIZE = 1024 * 1024,
    CAPACITY = RECORD_LINE_MAX + 1 + READ_SIZE,
};

struct reader {
    const char *file; /* the caller's text */
    int fd;
    struct recording recording; /* where the file is one */
    const char *note;
    bool regular, ended, skipping; /* skipping: in the middle of an over-long line */
    char *bytes;
    size_t start, end;  /* the unread bytes */
    size_t looked;      /* up to where they are indexed */
    size_t searched;    /* up to where a line too dense for the index is known to hold no LF */
    uint32_t *position; /* of the structural bytes in [start, looked): position[first] to position[last - 1] */
    size_t first, last;
    enum scan_path path;
    struct layouts layouts;
    uint64_t line_number;
    reader_wait *wait;
    void *context;
    struct buf scratch;
    struct record record;
};

static const char *shown_name(const struct reader *reader)
{
    return reader->fd == STDIN_FILENO ? "standard input" : reader->file;
}

struct reader *reader_open_descriptor(int fd, const char *file, reader_wait *wait, void *context, struct error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        if (fd > STDIN_FILENO)
            (void)close(fd);
        error_memory(error);
        return NULL;
    }
    reader->file = file;
    reader->wait = wait;
    reader->context = context;
    reader->fd = fd;
    reader->recording.pid = -1;
    buf_init(&reader->scratch, RECORD_LINE_MAX + LAYOUT_PADDING);
    reader->record.scratch = &reader->scratch;
    struct stat status;
    const bool known = fstat(reader->fd, &status) == 0;
    reader->regular = known && S_ISREG(status.st_mode);
    if (!reader->regular)
        (void)fcntl(reader->fd, F_SETPIPE_SZ, PIPE_SIZE); /* only pipes have one; a smaller one is only slower */
    reader->path = scan_path_best();
    reader->bytes = malloc(CAPACITY + LAYOUT_PADDING);
    reader->position = malloc((INDEX_MAX + INDEX_STEP) * sizeof *reader->position);
    if (reader->bytes == NULL || reader->position == NULL) {
        error_memory(error);
        reader_close(reader);
        return NULL;
    }
    return reader;
}

struct reader *reader_open(const char *file, reader_wait *wait, void *context, struct error *error)
{
    return reader_open_part(file, TIME_NONE, TIME_NONE, wait, context, error);
}

struct reader *reader_open_part(const char *file, int64_t from, int64_t to, reader_wait *wait, void *context,
                                struct error *error)
{
    struct recording recording = {.fd = -1, .pid = -1};
    const bool standard = strcmp(file, "-") == 0;
    if (!standard && recording_is(file)) {
        if (recording_open(&recording, file, from, to, error) != 0)
            return NULL;
    } else {
        recording.fd = standard ? STDIN_FILENO : file_open_any(file, error);
    }
    struct reader *reader = recording.fd < 0 ? NULL : reader_open_descriptor(recording.fd, file, wait, context, error);
    if (reader == NULL)
        recording_close(&recording);
    else
        reader->recording = recording;
    return reader;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->fd > STDIN_FILENO)
        (void)close(reader->fd);
    recording_close(&reader->recording);
    buf_clear(&reader->scratch);
    free(reader->bytes);
    free(reader->position);
    free(reader);
}

void reader_path(struct reader *reader, int path)
{
    if (path >= SCAN_PORTABLE && path <= (int)scan_path_best())
        reader->path = (enum scan_path)path;
}

const char *reader_note(const struct reader *reader)
{
    return reader->note;
}

const char *reader_file(const struct reader *reader)
{
    return reader->file;
}

uint64_t reader_line_number(const struct reader *reader)
{
    return reader->line_number;
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
    return reader->wait(reader->context, reader->fd, error);
}

/* Forget what has been read: the end of the input, or a piece of an over-long line. */
static void drop_all(struct reader *reader)
{
    reader->start = reader->looked = reader->searched = reader->end;
    reader->first = reader->last;
}

/* Read more behind the unread bytes, which are moved to the front when there is no room: 0, or -1. */
static int fill(struct reader *reader, struct error *error)
{
    require(reader->bytes != NULL && reader->start <= reader->looked && reader->looked <= reader->end);
    if (CAPACITY - reader->end < READ_SIZE) {
        memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
        for (size_t i = reader->first; i < reader->last; i++)
            reader->position[i] -= (uint32_t)reader->start;
        reader->looked -= reader->start;
        reader->searched -= reader->searched < reader->start ? reader->searched : reader->start;
        reader->end -= reader->start;
        reader->start = 0;
    }
    const int waited = before_read(reader, error);
    if (waited != 0) {
        if (waited < 0)
            return -1;
        drop_all(reader);
        reader->ended = true;
        return 0;
    }
    for (;;) {
        const ssize_t got = read(reader->fd, reader->bytes + reader->end, READ_SIZE);
        if (got >= 0) {
            reader->end += (size_t)got;
            reader->ended = got == 0;
            memset(reader->bytes + reader->end, 0, LAYOUT_PADDING);
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

/* Index more of what has been read. False when all is indexed, or when the line has more structural bytes than are
 * kept. */
static bool index_more(struct reader *reader)
{
    const size_t kept = reader->last - reader->first;
    const size_t left = reader->end - reader->looked, count = left < INDEX_BLOCK ? left : INDEX_BLOCK;
    if (count == 0 || kept > INDEX_MAX - INDEX_BLOCK)
        return false;
    memmove(reader->position, reader->position + reader->first, kept * sizeof *reader->position);
    reader->first = 0;
    reader->last = kept + index_block(reader->path, reader->bytes, reader->looked, reader->looked + count,
                                      reader->position + kept);
    reader->looked += count;
    return true;
}

/* Where the line's LF is, by the index and then by the bytes behind it; NULL when it has not been read yet. */
static const char *find_newline(struct reader *reader)
{
    if (reader->path != SCAN_PORTABLE)
        do
            for (size_t i = reader->first; i < reader->last; i++)
                if (reader->bytes[reader->position[i]] == '\n') {
                    reader->first = i + 1;
                    return reader->bytes + reader->position[i];
                }
        while (index_more(reader));
    const size_t from = reader->searched > reader->looked ? reader->searched : reader->looked;
    const char *const newline = memchr(reader->bytes + from, '\n', reader->end - from);
    reader->searched = reader->end;
    if (newline != NULL) {
        reader->searched = reader->looked = (size_t)(newline - reader->bytes) + 1;
        reader->first = reader->last;
    }
    return newline;
}

/* The next line: 1, 0 at the end, -1. Of an over-long one only a beginning of more than RECORD_LINE_MAX bytes is given,
 * which the scanner refuses. */
static int next_line(struct reader *reader, struct str *line, struct error *error)
{
    for (;;) {
        const char *const newline = find_newline(reader);
        const char *const start = reader->bytes + reader->start;
        const size_t length = (size_t)((newline == NULL ? reader->bytes + reader->end : newline) - start);
        const bool skipping = reader->skipping;
        *line = (struct str){start, length};
        if (newline != NULL) {
            reader->start += length + 1;
            reader->skipping = false;
            if (!skipping)
                return 1;
            continue;
        }
        if (reader->ended) {
            drop_all(reader);
            return length > 0 && !skipping;
        }
        if (skipping || length > RECORD_LINE_MAX)
            drop_all(reader);
        if (!skipping && length > RECORD_LINE_MAX) {
            reader->skipping = true;
            return 1;
        }
        if (fill(reader, error) != 0)
            return -1;
    }
}

/* The next line by a known shape. */
static bool next_laid_out(struct reader *reader)
{
    size_t length;
    if (reader->path == SCAN_PORTABLE || reader->skipping)
        return false;
    struct layouts *const layouts = &reader->layouts;
    if (reader->last - reader->first < layouts->most_quotes)
        (void)index_more(reader);
    if (!layouts_scan(layouts, &reader->record, reader->bytes, reader->start, reader->position + reader->first,
                      reader->last - reader->first, &length))
        return false;
    reader->first += reader->record.layout->quotes + 1;
    reader->start += length + 1;
    return true;
}

/* The names of columns, as a file of prices that was taken for records begins. */
static bool looks_like_csv(struct str line)
{
    return line.n > 0 && line.p[0] != '{' && line.p[0] != '[' && memchr(line.p, '{', line.n) == NULL &&
           (memchr(line.p, ',', line.n) != NULL || memchr(line.p, ';', line.n) != NULL);
}

int reader_next(struct reader *reader, const struct record **record, struct error *error)
{
    *record = &reader->record;
    if (next_laid_out(reader)) {
        reader->line_number++;
        return 1;
    }
    struct str line;
    const int got = next_line(reader, &line, error);
    if (got == 0 && reader->recording.pid > 0)
        return recording_finish(&reader->recording, &reader->note, error);
    if (got <= 0)
        return got;
    reader->line_number++;
    if (record_scan(&reader->record, line.p, line.n, error) != 0) {
        if (reader->line_number == 1 && looks_like_csv(line))
            error_hint(error, "a CSV file of bars is read by 'tn-quote bars -s csv:FILE'");
        reader_prefix(reader, error);
        return -1;
    }
    if (reader->path != SCAN_PORTABLE)
        layouts_learn(&reader->layouts, &reader->record);
    return 1;
}
