/* For LD_PRELOAD: the wall clock is moved by as many seconds as the first line of the file CLOCK_STEP says (absent or
 * empty: by none), the monotonic one is not. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time)
{
    const int result = (int)syscall(SYS_clock_gettime, clock, time);
    const char *file = getenv("CLOCK_STEP");
    if (result != 0 || clock != CLOCK_REALTIME || file == NULL)
        return result;
    char text[32] = "";
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return 0;
    if (read(fd, text, sizeof text - 1) > 0)
        time->tv_sec += strtol(text, NULL, 10);
    (void)close(fd);
    return 0;
}
