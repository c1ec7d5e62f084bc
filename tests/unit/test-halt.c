/* The file of the kill switch: what it says whatever somebody has written into it, that each halt is noted once, and
 * that it comes back when a halt is newer than the resume. In doubt it halts. */
#include "journal/halt.h"
#include "money.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test-halt-XXXXXX";
static struct error error;

#define NOW 1000
#define HALT                                                                                                           \
    "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"account\":\"test\",\"halted\":true,\"reason\":\"crash\"}"  \
    "\n"

/* What stands in the file, and what is read of it: its halts, how many are noted, and how many of the rest have words
 * of their own; the others are halts of this account, now. */
static const struct row {
    const char *what, *text;
    int halts, noted, said;
} rows[] = {
    {"a bare name", "", 1, 0, 0},
    {"empty lines", "\n\n", 1, 0, 0},
    {"a halt", HALT, 1, 0, 1},
    {"two", HALT "\n" HALT, 2, 0, 2},
    {"one of two noted", HALT "noted 1\n" HALT, 2, 1, 1},
    {"both", HALT HALT "\nnoted 2\n", 2, 2, 0},
    {"the greater mark counts", HALT HALT "noted 2\nnoted 1\n", 2, 2, 0},
    {"a bare name that is noted", "\nnoted 1\n", 1, 1, 0},
    {"a mark without an end", HALT "noted 1", 1, 1, 0},
    {"no number", HALT "noted \n", 2, 0, 1},
    {"a number with a letter", HALT "noted 1x\n", 2, 0, 1},
    {"a number with a mark", HALT "noted 1/\n", 2, 0, 1},
    {"a number without end", HALT "noted 1000000000000000000\n", 2, 0, 1},
    {"the longest", HALT "noted 999999999999999999\n", 1, 1, 0},
    {"half a line, as a full disk leaves it", "{\"type\":\"halt\",\"ti\n" HALT, 2, 0, 1},
    {"words", "stop!\n", 1, 0, 0},
    {"another record", "{\"type\":\"note\",\"time\":\"2026-01-08T21:00:00Z\",\"text\":\"x\"}\n", 1, 0, 0},
    {"a halt without an account", "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"halted\":true}\n", 1, 0, 0},
    {"one of another account",
     "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"account\":\"other\",\"halted\":true}\n", 1, 0, 0},
    {"a resume", "{\"type\":\"halt\",\"time\":\"2026-01-08T21:00:00Z\",\"account\":\"test\",\"halted\":false}\n", 1, 0,
     0},
};

static void put(const char *name, const char *text)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

static struct halt halt_of(const char *reason)
{
    struct halt halt;
    record_blank(RECORD_HALT, &halt);
    halt.time = NOW;
    halt.halted = 1;
    halt.reason = str_of(reason);
    memcpy(halt.account, "test", 5);
    return halt;
}

/* How many halts are not noted; *said: of them those with words of their own. All halt this account. */
static int unnoted(struct halt_file *file, int *said)
{
    struct halt halt;
    int count = 0;
    *said = 0;
    halt_file_read(file, "test.halt");
    while (halt_file_next(file, "test", NOW, &halt) == 1) {
        count += halt.halted == 1 && strcmp(halt.account, "test") == 0;
        *said += !str_is(halt.reason, "halt file") || halt.time != NOW;
    }
    return count;
}

static void test_words(struct halt_file *file)
{
    int said;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        put("test.halt", row->text);
        const int count = unnoted(file, &said);
        check(file->there && file->halts == row->halts &&
                  count == (row->noted >= row->halts ? 0 : row->halts - row->noted) && said == row->said,
              "%s: %d of %d, %d in words", row->what, count, (int)file->halts, said);
        check(halt_file_note(file, "test.halt", &error) == 0 && unnoted(file, &said) == 0 && file->halts == row->halts,
              "and noted it is not read again");
    }
    require(unlink("test.halt") == 0);
    check(unnoted(file, &said) == 0 && !file->there && halt_file_note(file, "test.halt", &error) == 0 &&
              !halt_file_is_there("test.halt"),
          "no file, and none is made");
    put("test.halt", HALT);
    (void)unnoted(file, &said);
    require(unlink("test.halt") == 0);
    check(halt_file_note(file, "test.halt", &error) == 0 && !halt_file_is_there("test.halt"),
          "one that was taken away meanwhile stays away");
}

static void test_add(struct halt_file *file)
{
    const struct halt first = halt_of("by hand"), second = halt_of("again");
    int said;
    check(halt_file_add("test.halt", &first, &error) == 0 && halt_file_add("test.halt", &second, &error) == 0 &&
              unnoted(file, &said) == 2 && said == 2,
          "two halts");
    check(halt_file_put_aside(file, "test.halt", &error) == 0 && halt_file_is_there("test.halt") &&
              !halt_file_is_there("test.halt-aside"),
          "what is not noted does not go");
    check(unnoted(file, &said) == 2 && halt_file_note(file, "test.halt", &error) == 0 &&
              halt_file_put_aside(file, "test.halt", &error) == 1 && !halt_file_is_there("test.halt") &&
              halt_file_is_there("test.halt-aside"),
          "what is noted is put aside");
    check(halt_file_drop_aside("test.halt", true, &error) == 0 && !halt_file_is_there("test.halt-aside"), "resumed");
    check(halt_file_put_aside(file, "test.halt", &error) == 1 && halt_file_drop_aside("test.halt", true, &error) == 0 &&
              halt_file_drop_aside("test.halt", false, &error) == 0,
          "again: there is none");
    put("test.halt", HALT "noted 1\n");
    require(halt_file_put_aside(file, "test.halt", &error) == 1);
    check(halt_file_drop_aside("test.halt", false, &error) == 0 && unnoted(file, &said) == 0 && file->there,
          "not resumed it is in its place again");
    require(halt_file_put_aside(file, "test.halt", &error) == 1 && halt_file_add("test.halt", &second, &error) == 0);
    check(halt_file_drop_aside("test.halt", false, &error) == 0 && unnoted(file, &said) == 1 && said == 1 &&
              !halt_file_is_there("test.halt-aside"),
          "but not over a newer one");
    require(unlink("test.halt") == 0);
}

/* What cannot be written says so; what cannot be read, or even looked for, halts. */
static void test_wrong(struct halt_file *file)
{
    const struct halt halt = halt_of("by hand");
    char longest[PATH_MAX + 8], name[300];
    int said;
    check(halt_file_add("none/test.halt", &halt, &error) == -1 && error.code == EXIT_SYSTEM &&
              strstr(error.text, "none/test.halt") != NULL,
          "no folder: %s", error.text);
    error_clear(&error);
    require(symlink("elsewhere", "test.halt") == 0);
    check(halt_file_add("test.halt", &halt, &error) == -1 && error.code == EXIT_SYSTEM &&
              access("elsewhere", F_OK) != 0,
          "a link is not followed");
    error_clear(&error);
    require(unlink("test.halt") == 0 && mkdir("test.halt", 0700) == 0);
    check(halt_file_is_there("test.halt") && unnoted(file, &said) == 1 && said == 0, "a folder halts");
    check(halt_file_note(file, "test.halt", &error) == -1 && error.code == EXIT_SYSTEM, "and cannot be noted");
    error_clear(&error);
    require(mkdir("test.halt-aside", 0700) == 0 && rmdir("test.halt") == 0);
    check(halt_file_drop_aside("test.halt", true, &error) == -1 && error.code == EXIT_SYSTEM, "nor dropped");
    error_clear(&error);
    check(halt_file_drop_aside("test.halt", false, &error) == -1 && error.code == EXIT_SYSTEM, "nor put back");
    error_clear(&error);
    put("test.halt", "");
    check(halt_file_put_aside(file, "test.halt", &error) == -1 && error.code == EXIT_SYSTEM &&
              halt_file_is_there("test.halt"),
          "nor is one put aside over it");
    error_clear(&error);
    check(halt_file_is_there("test.halt/test.halt"), "a file as the folder: it cannot be told, so it halts");
    require(unlink("test.halt") == 0 && rmdir("test.halt-aside") == 0);
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    check(halt_file_put_aside(file, longest, &error) == -1 && error.code == EXIT_SYSTEM, "a path that is too long");
    error_clear(&error);
    check(halt_file_drop_aside(longest, true, &error) == -1 && error.code == EXIT_SYSTEM && halt_file_is_there(longest),
          "to drop");
    error_clear(&error);
    memset(name, 'a', sizeof name - 1); /* one that fits, and no file system takes */
    name[sizeof name - 1] = '\0';
    check(halt_file_add(name, &halt, &error) == -1 && error.code == EXIT_SYSTEM && halt_file_is_there(name),
          "a name that is too long");
    error_clear(&error);
    halt_file_free(NULL);
}

int main(void)
{
    require(mkdtemp(folder) != NULL && chdir(folder) == 0);
    struct halt_file *file = halt_file_new(&error);
    require(file != NULL);
    test_words(file);
    test_add(file);
    test_wrong(file);
    halt_file_free(file);
    check(chdir("/") == 0 && rmdir(folder) == 0, "no other file was left");
    return done();
}
