/* Whole files: the maximum, checked writes, replacement that is all or nothing, private files. */
#include "base/file.h"

#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/tn-file-XXXXXX";

static const char *at(const char *name)
{
    static char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int entries(void)
{
    int count = 0;
    DIR *listing = opendir(folder);
    while (readdir(listing) != NULL)
        count++;
    closedir(listing);
    return count - 2;
}

static bool holds(const char *path, const char *want)
{
    struct buf text;
    struct error error;
    error_clear(&error);
    buf_init(&text, 1 << 20);
    const bool same =
        file_read(path, &text, &error) == 0 && text.n == strlen(want) && memcmp(text.p, want, text.n) == 0;
    buf_clear(&text);
    return same;
}

static void test_read(void)
{
    struct buf text;
    struct error error;
    error_clear(&error);
    buf_init(&text, 10);
    check(file_replace(at("ten"), "0123456789", 10, 0644, &error) == 0, "ten bytes are written");
    check(file_read(at("ten"), &text, &error) == 0 && text.n == 10 && strcmp(text.p, "0123456789") == 0,
          "as many bytes as allowed are read");
    buf_clear(&text);
    buf_init(&text, 9);
    check(file_read(at("ten"), &text, &error) == -1 && error.code == EXIT_INPUT, "one more is refused");
    buf_clear(&text);
    error_clear(&error);
    check(file_read(at("none"), &text, &error) == -1 && error.code == EXIT_SYSTEM &&
              strstr(error.text, "/none'") != NULL,
          "fault-012: a missing file is named");
    error_clear(&error);
    check(file_read(folder, &text, &error) == -1 && error.code == EXIT_INPUT, "a folder is no file");
    error_clear(&error);
    mkfifo(at("fifo"), 0600);
    check(file_read(at("fifo"), &text, &error) == -1 && error.code == EXIT_INPUT,
          "a pipe without writer does not hang");
    unlink(at("fifo"));
    buf_clear(&text);
}

static void test_replace(void)
{
    struct error error;
    struct stat status;
    error_clear(&error);
    chmod(at("ten"), 0640);
    check(file_replace(at("ten"), "new", 3, 0600, &error) == 0 && holds(at("ten"), "new"), "a file is replaced");
    check(stat(at("ten"), &status) == 0 && (status.st_mode & 0777) == 0640, "and keeps its permissions");
    umask(027);
    check(file_replace(at("fresh"), "", 0, 0666, &error) == 0, "an empty file is written");
    check(stat(at("fresh"), &status) == 0 && (status.st_mode & 0777) == 0640, "a new one obeys the umask");
    umask(022);
    unlink(at("fresh"));
    char link_path[PATH_MAX];
    (void)snprintf(link_path, sizeof link_path, "%s", at("link"));
    check(symlink("ten", link_path) == 0 && file_replace(link_path, "via", 3, 0600, &error) == 0, "through a link");
    check(lstat(link_path, &status) == 0 && S_ISLNK(status.st_mode) && holds(at("ten"), "via"), "the link stays");
    unlink(link_path);
    check(entries() == 1, "no temporary file stays behind");

    const pid_t child = fork();
    if (child == 0) {
        /* a file size limit stands for the full disk */
        const struct rlimit limit = {4096, 4096};
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        static char big[8192];
        sigaction(SIGXFSZ, &ignore, NULL);
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit(file_replace(at("ten"), big, sizeof big, 0600, &error) == -1 ? (int)error.code : 0);
    }
    int result = 0;
    waitpid(child, &result, 0);
    check(WEXITSTATUS(result) == EXIT_SYSTEM, "fault-014: a replacement that does not fit fails with 10");
    check(holds(at("ten"), "via"), "fault-014: and leaves the old file whole");
    check(entries() == 1, "fault-014: and nothing else");
    error_clear(&error);
    check(file_replace(at("no/such/file"), "x", 1, 0600, &error) == -1 && error.code == EXIT_SYSTEM, "no such folder");
}

static void test_write(void)
{
    struct error error;
    int ends[2];
    static char big[300000];
    error_clear(&error);
    const int full = open("/dev/full", O_WRONLY);
    check(fd_write_all(full, "full", "x", 1, &error) == -1 && error.code == EXIT_SYSTEM, "fault-010: a full disk");
    check_text(error.text, "cannot write 'full': No space left on device", "is named");
    close(full);
    /* fault-008: a non-blocking pipe takes 64 KiB at a time; the whole must arrive all the same */
    if (pipe(ends) != 0)
        return;
    (void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
    const pid_t child = fork();
    if (child == 0) {
        size_t total = 0;
        ssize_t got = 0;
        static char read_here[1000];
        close(ends[1]);
        while ((got = read(ends[0], read_here, sizeof read_here)) > 0)
            total += (size_t)got;
        _exit(total == sizeof big ? 0 : 1);
    }
    close(ends[0]);
    error_clear(&error);
    check(fd_write_all(ends[1], "pipe", big, sizeof big, &error) == 0, "fault-008: short writes are continued");
    close(ends[1]);
    int result = 0;
    waitpid(child, &result, 0);
    check(WEXITSTATUS(result) == 0, "fault-008: every byte arrives");
}

static void test_private(void)
{
    struct error error;
    error_clear(&error);
    chmod(at("ten"), 0600);
    check(file_check_private(at("ten"), &error) == 0, "0600 is private");
    chmod(at("ten"), 0640);
    check(file_check_private(at("ten"), &error) == -1 && error.code == EXIT_CREDENTIALS, "fault-085: 0640 is refused");
    check(strncmp(error.hint, "chmod 600 ", 10) == 0, "fault-085: with a hint");
    error_clear(&error);
    chmod(at("ten"), 0600);
    char link_path[PATH_MAX];
    (void)snprintf(link_path, sizeof link_path, "%s", at("link"));
    (void)!symlink("ten", link_path);
    check(file_check_private(link_path, &error) == -1 && error.code == EXIT_CREDENTIALS,
          "fault-085: a link is refused");
    unlink(link_path);
    error_clear(&error);
    check(file_check_private(folder, &error) == -1, "a folder is no file");
    error_clear(&error);
    check(folder_check_private(folder, &error) == 0, "0700 is private");
    chmod(folder, 0755);
    check(folder_check_private(folder, &error) == -1 && error.code == EXIT_CREDENTIALS, "0755 is not");
    chmod(folder, 0700);
    error_clear(&error);
    check(folder_make(at("a/b/c"), &error) == 0 && folder_make(at("a/b/c"), &error) == 0, "folders are made, or there");
    check(folder_check_private(at("a/b"), &error) == 0, "private ones");
    check(folder_make("/proc/none/x", &error) == -1 && error.code == EXIT_SYSTEM, "fault-020: nor where none can be");
    error_clear(&error);
    check(folder_make(at("ten/x"), &error) == -1 && error.code == EXIT_SYSTEM, "not below a file");
    rmdir(at("a/b/c"));
    rmdir(at("a/b"));
    rmdir(at("a"));
    unlink(at("ten"));
}

/* `test-file --replace FILE TEXT`: one replacement, for tests/cli/replace.t to interrupt. */
static int replace_only(char **argv)
{
    struct error error;
    error_clear(&error);
    if (file_replace(argv[2], argv[3], strlen(argv[3]), 0600, &error) != 0)
        fprintf(stderr, "%s\n", error.text);
    return (int)error.code;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--replace") == 0)
        return replace_only(argv);
    if (mkdtemp(folder) == NULL)
        return 1;
    test_read();
    test_replace();
    test_write();
    test_private();
    rmdir(folder);
    return done();
}
