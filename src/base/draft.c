/* Replacing a file so that a reader, or the next run after a crash, sees the old or the new one, whole. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_write(const char *path, struct error *error)
{
    return error_system(error, "cannot write '%s'", path);
}

static void draft_clear(struct draft *draft)
{
    free(draft->path);
    free(draft->target);
    free(draft->temporary);
    *draft = (struct draft){.fd = -1};
}

static int folder_sync(const struct draft *draft, struct error *error)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(draft->target, '/');
    const size_t length = slash == NULL || slash == draft->target ? 1 : (size_t)(slash - draft->target);
    (void)snprintf(folder, sizeof folder, "%.*s", (int)length, slash == NULL ? "." : draft->target);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        return cannot_write(draft->path, error);
    int result = 0;
    if (fsync(fd) != 0 && errno != EINVAL) /* EINVAL: a file system without it */
        result = cannot_write(draft->path, error);
    (void)close(fd);
    return result;
}

static mode_t less_umask(mode_t mode)
{
    const mode_t mask = umask(0);
    (void)umask(mask);
    return mode & ~mask;
}

/* Where a path leads; the path itself for a new file. */
static char *target_of(const char *path)
{
    char *followed = realpath(path, NULL);
    return followed == NULL && errno == ENOENT ? strdup(path) : followed;
}

static char *temporary_of(const char *target)
{
    char *name = NULL;
    return asprintf(&name, "%s.XXXXXX", target) == -1 ? NULL : name;
}

int draft_open(struct draft *draft, const char *path, mode_t mode, struct error *error)
{
    struct stat status;
    *draft = (struct draft){.fd = -1, .mode = mode};
    draft->path = strdup(path);
    draft->target = target_of(path);
    if (draft->path != NULL && draft->target != NULL)
        draft->temporary = temporary_of(draft->target);
    if (draft->temporary == NULL) {
        cannot_write(path, error);
        draft_clear(draft);
        return -1;
    }
    const bool there = stat(draft->target, &status) == 0;
    draft->mode = there ? status.st_mode & 07777 : less_umask(mode);
    draft->direct = there && !S_ISREG(status.st_mode);
    draft->fd =
        draft->direct ? open(draft->target, O_WRONLY | O_CLOEXEC | O_NOCTTY) : mkostemp(draft->temporary, O_CLOEXEC);
    if (draft->fd != -1)
        return 0;
    cannot_write(path, error);
    draft_clear(draft);
    return -1;
}

int draft_commit(struct draft *draft, struct error *error)
{
    int result = 0;
    if (!draft->direct && (fchmod(draft->fd, draft->mode) != 0 || fsync(draft->fd) != 0))
        result = cannot_write(draft->path, error);
    const int fd = draft->fd;
    draft->fd = -1;
    if (close(fd) != 0 && result == 0)
        result = cannot_write(draft->path, error);
    if (!draft->direct) {
        if (result == 0 && rename(draft->temporary, draft->target) != 0)
            result = cannot_write(draft->path, error);
        if (result == 0)
            result = folder_sync(draft, error);
        else
            (void)unlink(draft->temporary);
    }
    draft_clear(draft);
    return result;
}

void draft_close(struct draft *draft)
{
    if (draft->fd == -1)
        return;
    (void)close(draft->fd);
    if (!draft->direct)
        (void)unlink(draft->temporary);
    draft_clear(draft);
}

int file_replace(const char *path, const void *bytes, size_t length, mode_t mode, struct error *error)
{
    struct draft draft;
    if (draft_open(&draft, path, mode, error) != 0)
        return -1;
    if (fd_write_all(draft.fd, path, bytes, length, error) != 0) {
        draft_close(&draft);
        return -1;
    }
    return draft_commit(&draft, error);
}
