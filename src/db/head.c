/* The one-line file beside an event log that says how far it was acknowledged. */
#include "db/head.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEQ_DIGITS 20
#define HASH_AT    (SEQ_DIGITS + 1)
#define WORD_AT    (HASH_AT + 2 * SHA256_SIZE + 1)
#define LINE_SIZE  (WORD_AT + 6) /* "sure \n" or "doubt\n" */
#define SUM_DIGITS 16
#define TEXT_SIZE  (LINE_SIZE + SUM_DIGITS + 1)
#define HEADS      2

static const char hex[] = "0123456789abcdef";

static int head_path(char name[static PATH_MAX], const char *path, struct error *error)
{
    const int length = snprintf(name, PATH_MAX, "%s-head", path);
    return length > 0 && length < PATH_MAX ? 0 : error_set(error, EXIT_USAGE, "the path '%s' is too long", path);
}

static int hex_value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(hex, c);
    return at == NULL ? -1 : (int)(at - hex);
}

static int parse_line(const char line[static LINE_SIZE], struct head *head)
{
    int64_t seq = 0;
    for (int i = 0; i < SEQ_DIGITS; i++) {
        if (line[i] < '0' || line[i] > '9' || __builtin_mul_overflow(seq, 10, &seq) ||
            __builtin_add_overflow(seq, line[i] - '0', &seq))
            return -1;
    }
    for (int i = 0; i < SHA256_SIZE; i++) {
        const int high = hex_value(line[HASH_AT + 2 * i]), low = hex_value(line[HASH_AT + 2 * i + 1]);
        if (high < 0 || low < 0)
            return -1;
        head->hash[i] = (unsigned char)(high * 16 + low);
    }
    const bool sure = memcmp(line + WORD_AT, "sure \n", 6) == 0;
    if (line[HASH_AT - 1] != ' ' || line[WORD_AT - 1] != ' ' || (!sure && memcmp(line + WORD_AT, "doubt\n", 6) != 0))
        return -1;
    head->seq = seq;
    head->doubtful = !sure;
    return 0;
}

static void sum(const char line[static LINE_SIZE], char digits[static SUM_DIGITS + 1])
{
    (void)snprintf(digits, SUM_DIGITS + 1, "%0*" PRIx64, SUM_DIGITS, hash_fnv1a(line, LINE_SIZE));
}

/* `got` bytes were read where a head stands. */
static bool parse(const char *text, ssize_t got, bool first, struct head *head)
{
    char digits[SUM_DIGITS + 1];
    if (first && got == LINE_SIZE) /* as version 0.1.0 wrote it */
        return parse_line(text, head) == 0;
    if (got != TEXT_SIZE || text[TEXT_SIZE - 1] != '\n')
        return false;
    sum(text, digits);
    return memcmp(text + LINE_SIZE, digits, SUM_DIGITS) == 0 && parse_line(text, head) == 0;
}

/* The head that counts, and its index; -1 when there is none, -2 with errno when the file cannot be read. */
static int read_heads(int descriptor, struct head *head, bool *blank)
{
    static const char zeros[TEXT_SIZE];
    int found = -1;
    *blank = true;
    *head = (struct head){0};
    for (int i = 0; i < HEADS; i++) {
        char text[TEXT_SIZE];
        struct head one = {0};
        const ssize_t got = pread(descriptor, text, sizeof text, (off_t)i * HEAD_STRIDE);
        if (got < 0)
            return -2;
        *blank = *blank && memcmp(text, zeros, (size_t)got) == 0;
        if (!parse(text, got, i == 0, &one) ||
            (found >= 0 && (one.seq < head->seq || (one.seq == head->seq && !one.doubtful))))
            continue;
        *head = one;
        found = i;
    }
    return found;
}

int head_read(const char *path, struct head *head, enum head_state *state, struct error *error)
{
    char name[PATH_MAX];
    bool blank;
    *head = (struct head){0};
    *state = HEAD_MISSING;
    if (head_path(name, path, error) != 0)
        return -1;
    const int descriptor = open(name, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? 0 : error_system(error, "cannot read '%s'", name);
    const int found = read_heads(descriptor, head, &blank);
    const int cause = errno;
    close(descriptor);
    errno = cause;
    if (found == -2)
        return error_system(error, "cannot read '%s'", name);
    *state = found >= 0 ? HEAD_THERE : blank ? HEAD_EMPTY : HEAD_DAMAGED;
    return 0;
}

static int write_head(int descriptor, int index, const struct head *head)
{
    char text[TEXT_SIZE + 1];
    (void)snprintf(text, sizeof text, "%0*" PRId64 " ", SEQ_DIGITS, head->seq);
    for (int i = 0; i < SHA256_SIZE; i++) {
        text[HASH_AT + 2 * i] = hex[head->hash[i] >> 4];
        text[HASH_AT + 2 * i + 1] = hex[head->hash[i] & 15];
    }
    text[WORD_AT - 1] = ' ';
    (void)snprintf(text + WORD_AT, sizeof text - WORD_AT, "%s\n", head->doubtful ? "doubt" : "sure ");
    sum(text, text + LINE_SIZE);
    text[TEXT_SIZE - 1] = '\n';
    ssize_t put;
    do
        put = pwrite(descriptor, text, TEXT_SIZE, (off_t)index * HEAD_STRIDE);
    while (put < 0 && errno == EINTR);
    return put == TEXT_SIZE ? 0 : -1;
}

int head_write(int descriptor, const struct head *head)
{
    struct head known;
    bool blank;
    return write_head(descriptor, read_heads(descriptor, &known, &blank) == 0 ? 1 : 0, head);
}

int head_reset(int descriptor, const struct head *head)
{
    for (int i = 0; i < HEADS; i++)
        if (write_head(descriptor, i, head) != 0)
            return -1;
    return fsync(descriptor);
}

static int sync_folder(const char *name)
{
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", name);
    const char *slash = strrchr(folder, '/');
    if (slash == NULL)
        (void)snprintf(folder, sizeof folder, ".");
    else
        folder[slash == folder ? 1 : slash - folder] = '\0';
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    const int result = fsync(descriptor);
    const int cause = errno;
    close(descriptor);
    errno = cause;
    return result;
}

int head_open(const char *path, struct error *error)
{
    char name[PATH_MAX];
    struct stat status;
    if (head_path(name, path, error) != 0)
        return -1;
    const int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 &&
        (status.st_size > 0 || (head_reset(descriptor, &(struct head){0}) == 0 && sync_folder(name) == 0)))
        return descriptor;
    error_system(error, "cannot write '%s'", name);
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}
