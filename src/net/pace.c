/* How often a host is asked: a small file per host, read and written under a lock. */
#include "net/pace.h"

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Further ahead than this, a stamp is not believed. */
#define TURN_MAX TIME_HOUR
#define HOLD_MAX (6 * TIME_HOUR)
#define TEXT_MAX 64

struct stamps {
    int64_t turn; /* when the next turn is, by the rate alone */
    int64_t hold; /* nobody asks before */
};

/* Open and lock the file of a name; -1 on an error. The lock goes with the descriptor. */
static int open_locked(const char *folder, const char *name, struct error *error)
{
    char path[PATH_MAX];
    require(strchr(name, '/') == NULL);
    if ((size_t)snprintf(path, sizeof path, "%s/%s.pace", folder, name) >= sizeof path)
        return error_set(error, EXIT_SYSTEM, "the path of the pace file of '%s' is too long", name);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd == -1)
        return error_system(error, "cannot open '%s'", path);
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR) {
            (void)error_system(error, "cannot lock '%s'", path);
            (void)close(fd);
            return -1;
        }
    return fd;
}

/* A file that says nothing sensible says nothing: the worst that follows is a request too early. */
static void stamps_read(int fd, struct stamps *stamps, int64_t now)
{
    char text[TEXT_MAX + 1], *space;
    struct error ignored;
    *stamps = (struct stamps){now, now};
    const ssize_t n = pread(fd, text, TEXT_MAX, 0);
    if (n <= 0)
        return;
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if ((space = strchr(text, ' ')) == NULL)
        return;
    *space = '\0';
    error_clear(&ignored);
    int64_t turn, hold;
    if (num_parse_int(&turn, text, 0, INT64_MAX, &ignored) != 0 ||
        num_parse_int(&hold, space + 1, 0, INT64_MAX, &ignored) != 0)
        return;
    if (turn > now && turn - now <= TURN_MAX)
        stamps->turn = turn;
    if (hold > now && hold - now <= HOLD_MAX)
        stamps->hold = hold;
}

static int stamps_write(int fd, const struct stamps *stamps, const char *name, struct error *error)
{
    char text[TEXT_MAX];
    const int n = snprintf(text, sizeof text, "%lld %lld\n", (long long)stamps->turn, (long long)stamps->hold);
    if (pwrite(fd, text, (size_t)n, 0) != n)
        return error_system(error, "cannot write the pace file of '%s'", name);
    return 0;
}

int pace_turn(const char *folder, const char *name, struct pace pace, int64_t most, int64_t *wait, struct error *error)
{
    struct stamps stamps;
    *wait = 0;
    if (folder == NULL)
        return 0;
    const int fd = open_locked(folder, name, error);
    if (fd == -1)
        return -1;
    const int64_t now = time_now();
    stamps_read(fd, &stamps, now);
    const int64_t rest = pace.interval * (pace.burst - 1);
    int64_t turn = stamps.turn - rest > now ? stamps.turn - rest : now;
    int result = 0;
    if (stamps.hold > turn)
        turn = stamps.hold;
    if (pace.interval > 0 && turn - now <= most) {
        /* After a hold the burst is not given again. */
        const int64_t base = turn > stamps.turn ? turn : stamps.turn;
        stamps.turn = base + pace.interval;
        result = stamps_write(fd, &stamps, name, error);
    }
    (void)close(fd);
    *wait = turn - now;
    return result;
}

int pace_hold(const char *folder, const char *name, int64_t ns, struct error *error)
{
    struct stamps stamps;
    if (folder == NULL)
        return 0;
    const int fd = open_locked(folder, name, error);
    if (fd == -1)
        return -1;
    const int64_t now = time_now(), until = now + (ns > HOLD_MAX ? HOLD_MAX : ns);
    stamps_read(fd, &stamps, now);
    if (until > stamps.hold)
        stamps.hold = until;
    const int result = stamps_write(fd, &stamps, name, error);
    (void)close(fd);
    return result;
}
