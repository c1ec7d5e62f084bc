/* The file that says how far an event log was acknowledged: what it holds, and that damage of any byte is found. */
#include "db/head.h"
#include "tap.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test-head-XXXXXX";
static struct error error;

#define HEX16 "00112233445566778899aabbccddeeff"

static void put(const char *text, size_t size)
{
    const int fd = open("journal.db-head", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(fd >= 0 && write(fd, text, size) == (ssize_t)size && close(fd) == 0);
}

static enum head_state read_state(struct head *head)
{
    enum head_state state = HEAD_THERE;
    error_clear(&error);
    require(head_read("journal.db", head, &state, &error) == 0);
    return state;
}

/* As version 0.1.0 wrote it: a number of 20 digits, 64 of a hash, a word. */
static void test_old(void)
{
    static const struct {
        const char *line, *name;
        bool good, doubtful;
    } rows[] = {
        {"00000000000000000042 " HEX16 HEX16 " sure \n", "a line of version 0.1.0", true, false},
        {"00000000000000000042 " HEX16 HEX16 " doubt\n", "one in doubt", true, true},
        {"0000000000000000004x " HEX16 HEX16 " sure \n", "a number with a letter", false, false},
        {"0000000000000000004/ " HEX16 HEX16 " sure \n", "a number with a mark", false, false},
        {"99999999999999999999 " HEX16 HEX16 " sure \n", "a number above all", false, false},
        {"09223372036854775808 " HEX16 HEX16 " sure \n", "a number just above all", false, false},
        {"00000000000000000042_" HEX16 HEX16 " sure \n", "no space behind it", false, false},
        {"00000000000000000042 g0112233445566778899aabbccddeeff" HEX16 " sure \n", "a hash with a wrong digit", false,
         false},
        {"00000000000000000042 0G112233445566778899aabbccddeeff" HEX16 " sure \n", "in second place", false, false},
        {"00000000000000000042 " HEX16 HEX16 "_sure \n", "no space behind it", false, false},
        {"00000000000000000042 " HEX16 HEX16 " maybe\n", "another word", false, false},
        {"00000000000000000042 " HEX16 HEX16 " sure ", "no end", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct head head;
        put(rows[i].line, strlen(rows[i].line));
        const enum head_state state = read_state(&head);
        check(state == (rows[i].good ? HEAD_THERE : HEAD_DAMAGED) && head.seq == (rows[i].good ? 42 : 0) &&
                  head.doubtful == rows[i].doubtful && (!rows[i].good || head.hash[1] == 0x11),
              "%s", rows[i].name);
    }
}

static void test_states(void)
{
    static const char zeros[8192];
    struct head head;
    enum head_state state;
    (void)unlink("journal.db-head");
    check(read_state(&head) == HEAD_MISSING, "none");
    put("", 0);
    check(read_state(&head) == HEAD_EMPTY, "no bytes");
    put(zeros, sizeof zeros);
    check(read_state(&head) == HEAD_EMPTY, "zeros, as a disk leaves them after a loss of power");
    put("rubbish", 7);
    check(read_state(&head) == HEAD_DAMAGED, "rubbish");
    char path[PATH_MAX + 8];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    check(head_read(path, &head, &state, &error) == -1 && error.code == EXIT_USAGE, "a path that is too long");
    error_clear(&error);
    check(head_open(path, &error) == -1 && error.code == EXIT_USAGE, "nor is it opened");
    error_clear(&error);
    check(head_open("nowhere/journal.db", &error) == -1 && error.code == EXIT_SYSTEM, "a folder that is not there");
    error_clear(&error);
    require(unlink("journal.db-head") == 0 && mkdir("journal.db-head", 0700) == 0);
    check(head_read("journal.db", &head, &state, &error) == -1 && error.code == EXIT_SYSTEM, "a folder in its place");
    require(rmdir("journal.db-head") == 0);
    error_clear(&error);
}

/* Two heads, of which the later counts; one that a crash has cut leaves the other. */
static void test_two(void)
{
    struct head head = {.seq = 7}, got;
    int fd = head_open("journal.db", &error);
    check(fd >= 0 && read_state(&got) == HEAD_THERE && got.seq == 0, "a new one, beside a log in this folder");
    for (int64_t seq = 7; seq < 10; seq++) {
        head.seq = seq;
        memset(head.hash, (int)seq, sizeof head.hash);
        check(head_write(fd, &head) == 0 && read_state(&got) == HEAD_THERE && got.seq == seq &&
                  memcmp(got.hash, head.hash, sizeof got.hash) == 0 && !got.doubtful,
              "event %d is read back", (int)seq);
    }
    head.doubtful = true;
    check(head_write(fd, &head) == 0 && read_state(&got) == HEAD_THERE && got.seq == 9 && got.doubtful,
          "doubt of the same event counts");
    head.doubtful = false;
    check(head_write(fd, &head) == 0 && read_state(&got) == HEAD_THERE && got.doubtful, "and is not written away");
    check(head_reset(fd, &head) == 0 && read_state(&got) == HEAD_THERE && got.seq == 9 && !got.doubtful,
          "but by a reset of both");
    require(close(fd) == 0);
    fd = head_open("journal.db", &error);
    check(fd >= 0 && read_state(&got) == HEAD_THERE && got.seq == 9, "opened again it is as it was");
    /* Every byte of both, wrong by one bit: the other of the two, or damage; never another event. */
    struct stat status;
    require(fstat(fd, &status) == 0);
    head.seq = 10;
    require(head_write(fd, &head) == 0);
    int wrong = 0, damaged = 0;
    for (off_t at = 0; at < status.st_size; at++) {
        char byte, other;
        require(pread(fd, &byte, 1, at) == 1);
        other = (char)(byte ^ 1);
        require(pwrite(fd, &other, 1, at) == 1);
        const enum head_state state = read_state(&got);
        wrong += state != HEAD_THERE || (got.seq != 9 && got.seq != 10);
        damaged += got.seq == 9;
        require(pwrite(fd, &byte, 1, at) == 1);
    }
    check(wrong == 0 && damaged > 0, "one wrong bit anywhere leaves a head that was written");
    require(close(fd) == 0);
}

int main(void)
{
    require(mkdtemp(folder) != NULL && chdir(folder) == 0);
    test_old();
    test_states();
    test_two();
    (void)unlink("journal.db-head");
    require(chdir("/") == 0 && rmdir(folder) == 0);
    return done();
}
