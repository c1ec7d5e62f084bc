/* Whole files: reading with a maximum, checked writing, folders and who may look into them. */
#include "base/file.h"
#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_CHUNK 65536

static int read_rest(int fd, const char *path, struct buf *out, struct error *error)
{
    for (;;) {
        const size_t left = out->maximum - out->n;
        char probe = 0; /* at the maximum one more byte tells a whole file from a longer one */
        char *room = left == 0 ? &probe : buf_reserve(out, left < READ_CHUNK ? left : READ_CHUNK);
        if (room == NULL)
            return error_memory(error);
        const ssize_t got = read(fd, room, left == 0 ? 1 : left < READ_CHUNK ? left : READ_CHUNK);
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            return error_system(error, "cannot read '%s'", path);
        if (got == 0)
            return 0;
        if (left == 0)
            return error_set(error, EXIT_INPUT, "cannot read '%s': longer than %zu bytes", path, out->maximum);
        out->n += (size_t)got;
        out->p[out->n] = '\0';
    }
}

int file_read(const char *path, struct buf *out, struct error *error)
{
    struct stat status;
    if (path[0] == '-' && path[1] == '\0')
        return read_rest(STDIN_FILENO, "standard input", out, error);
    /* O_NONBLOCK: a pipe put in the file's place must not make us wait for a writer */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd == -1)
        return error_system(error, "cannot read '%s'", path);
    int result;
    if (fstat(fd, &status) != 0)
        result = error_system(error, "cannot read '%s'", path);
    else if (!S_ISREG(status.st_mode))
        result = error_set(error, EXIT_INPUT, "cannot read '%s': not a regular file", path);
    else
        result = read_rest(fd, path, out, error);
    (void)close(fd);
    return result;
}

int file_open_any(const char *path, struct error *error)
{
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd == -1) {
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(error, EXIT_USAGE, "cannot read '%s': no such file", path);
        if (errno == ENXIO)
            return error_set(error, EXIT_USAGE, "cannot read '%s': it is a socket", path);
        return error_system(error, "cannot read '%s'", path);
    }
    if (fstat(fd, &status) != 0 || !S_ISDIR(status.st_mode))
        return fd;
    (void)close(fd);
    return error_set(error, EXIT_USAGE, "cannot read '%s': it is a folder", path);
}

int file_read_any(const char *path, struct buf *out, struct error *error)
{
    if (path[0] == '-' && path[1] == '\0')
        return read_rest(STDIN_FILENO, "standard input", out, error);
    const int fd = file_open_any(path, error);
    if (fd == -1)
        return -1;
    const int result = read_rest(fd, path, out, error);
    (void)close(fd);
    return result;
}

int fd_write_all(int fd, const char *name, const void *bytes, size_t length, struct error *error)
{
    const char *p = bytes;
    while (length > 0) {
        const ssize_t put = write(fd, p, length);
        if (put > 0) {
            p += put;
            length -= (size_t)put;
        } else if (put == -1 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            if (poll(&wait, 1, -1) == -1 && errno != EINTR)
                return error_system(error, "cannot write '%s'", name);
        } else if (put == 0 || errno != EINTR) {
            return error_system(error, "cannot write '%s'", name);
        }
    }
    return 0;
}

int folder_make(const char *path, struct error *error)
{
    char part[PATH_MAX];
    struct stat status;
    const size_t length = strlen(path);
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return 0;
        errno = ENOTDIR;
        return error_system(error, "cannot make the folder '%s'", path);
    }
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return error_system(error, "cannot make the folder '%s'", path);
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        const char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            /* a parent that we may not write but that is there is fine, whatever mkdir says of it */
            const int cause = errno;
            if (stat(part, &status) != 0 || !S_ISDIR(status.st_mode)) {
                errno = cause;
                return error_system(error, "cannot make the folder '%s'", part);
            }
        }
        part[i] = kept;
    }
    if (stat(path, &status) != 0)
        return error_system(error, "cannot make the folder '%s'", path);
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return error_system(error, "cannot make the folder '%s'", path);
    }
    return 0;
}

static int check_private(const char *path, bool folder, struct error *error)
{
    const char *kind = folder ? "folder" : "regular file", *modes = folder ? "700" : "600";
    struct stat status;
    if (lstat(path, &status) != 0)
        return error_system(error, "cannot examine '%s'", path);
    if (S_ISLNK(status.st_mode))
        return error_set(error, EXIT_CREDENTIALS, "'%s' is a symbolic link, not a %s", path, kind);
    if (folder ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode))
        return error_set(error, EXIT_CREDENTIALS, "'%s' is not a %s", path, kind);
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return error_set(error, EXIT_CREDENTIALS, "'%s' belongs to another user", path);
    if ((status.st_mode & 077) != 0) {
        error_set(error, EXIT_CREDENTIALS, "'%s' is accessible to other users (mode %03o)", path,
                  (unsigned)status.st_mode & 0777U);
        char word[SHELL_WORD_MAX];
        error_hint(error, "chmod %s %s", modes, shell_word(word, path));
        return -1;
    }
    return 0;
}

int file_check_private(const char *path, struct error *error)
{
    return check_private(path, false, error);
}

int folder_check_private(const char *path, struct error *error)
{
    return check_private(path, true, error);
}
