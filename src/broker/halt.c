/* The file of the kill switch. */
#include "broker/halt.h"

#include "base/file.h"
#include "record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the file says once the journal has the halt. */
#define SETTLED "noted\n"

bool halt_file_is_there(const char *path)
{
    return access(path, F_OK) == 0 || errno != ENOENT;
}

int halt_file_make(const char *path, const struct halt *halt, struct error *error)
{
    struct buf line;
    buf_init(&line, RECORD_LINE_MAX + 1);
    record_encode(&line, RECORD_HALT, halt);
    /* The name alone halts: it is there before anything that a full disk could refuse. */
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
    else if (errno != EEXIST)
        error_system(error, "cannot make '%s'", path);
    const int result =
        error_is_set(error) || buf_check(&line, error) != 0 ? -1 : file_replace(path, line.p, line.n, 0600, error);
    buf_clear(&line);
    return result;
}

int halt_file_read(const char *path, const char *account, int64_t now, struct halt *halt, struct buf *text,
                   struct error *error)
{
    if (access(path, F_OK) != 0)
        return 0;
    struct error unread;
    error_clear(&unread);
    buf_reset(text);
    struct record *record = calloc(1, sizeof *record);
    struct buf scratch;
    buf_init(&scratch, RECORD_LINE_MAX);
    if (record == NULL)
        return error_memory(error);
    record->scratch = &scratch;
    int result = 1;
    const bool read = file_read(path, text, &unread) == 0;
    size_t length = text->n;
    while (length > 0 && text->p[length - 1] == '\n')
        length--;
    if (read && str_is((struct str){text->p, text->n}, SETTLED)) {
        result = 0;
    } else if (!read || length == 0 || record_scan(record, text->p, length, &unread) != 0 ||
               record->type != RECORD_HALT || record_decode(record, halt, &unread) != 0 || halt->halted != 1 ||
               strcmp(halt->account, account) != 0) {
        *halt = (struct halt){.time = now, .halted = 1, .all = -1, .reason = str_of("halt file")};
        (void)snprintf(halt->account, sizeof halt->account, "%s", account);
    }
    free(record);
    buf_clear(&scratch);
    return result;
}

int halt_file_settle(const char *path, struct error *error)
{
    /* One that was taken away meanwhile stays away. */
    return access(path, F_OK) == 0 ? file_replace(path, SETTLED, strlen(SETTLED), 0600, error) : 0;
}

int halt_file_remove(const char *path, struct error *error)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return error_system(error, "cannot remove '%s'", path);
    return 0;
}
