/* The one-line file beside an event log that says how far it was acknowledged. */
#include "db/head.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEQ_DIGITS 20
#define HASH_AT    (SEQ_DIGITS + 1)
#define WORD_AT    (HASH_AT + 2 * SHA256_SIZE + 1)
#define LINE_SIZE  (WORD_AT + 6) /* "sure \n" or "doubt\n" */

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

static int line_parse(const char line[static LINE_SIZE], struct head *head)
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

int head_read(const char *path, struct head *head, struct error *error)
{
    char name[PATH_MAX];
    char line[LINE_SIZE];
    *head = (struct head){0};
    if (head_path(name, path, error) != 0)
        return -1;
    const int descriptor = open(name, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? 0 : error_system(error, "cannot read '%s'", name);
    const ssize_t got = pread(descriptor, line, sizeof line, 0);
    const int cause = errno;
    close(descriptor);
    errno = cause;
    if (got < 0)
        return error_system(error, "cannot read '%s'", name);
    /* A power cut can leave the name without its bytes, or with zeros: it says nothing then. */
    static const char zeros[LINE_SIZE];
    if (got == 0 || memcmp(line, zeros, (size_t)got) == 0)
        return 0;
    if (got != LINE_SIZE || line_parse(line, head) != 0)
        return error_set(error, EXIT_STATE, "'%s' is damaged", name);
    return 0;
}

int head_open(const char *path, struct error *error)
{
    char name[PATH_MAX];
    if (head_path(name, path, error) != 0)
        return -1;
    const int descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return descriptor >= 0 ? descriptor : error_system(error, "cannot write '%s'", name);
}

int head_write(int descriptor, const struct head *head)
{
    char line[LINE_SIZE + 1];
    (void)snprintf(line, sizeof line, "%0*" PRId64 " ", SEQ_DIGITS, head->seq);
    for (int i = 0; i < SHA256_SIZE; i++) {
        line[HASH_AT + 2 * i] = hex[head->hash[i] >> 4];
        line[HASH_AT + 2 * i + 1] = hex[head->hash[i] & 15];
    }
    line[WORD_AT - 1] = ' ';
    (void)snprintf(line + WORD_AT, sizeof line - WORD_AT, "%s\n", head->doubtful ? "doubt" : "sure ");
    ssize_t put;
    do
        put = pwrite(descriptor, line, LINE_SIZE, 0);
    while (put < 0 && errno == EINTR);
    return put == LINE_SIZE ? 0 : -1;
}
