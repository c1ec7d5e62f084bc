/* Standard output for records: short writes, interruptions and signals never leave half a line behind. */
#include "record/output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { ENDING = 3 };

static const int ending[ENDING] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t stop_signal; /* the ending signal that came during a write */

static void note_signal(int number)
{
    stop_signal = number;
}

/* Take over the ending signals that nobody handles; the second one has its usual effect. */
static void hold(struct sigaction before[static ENDING])
{
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&action.sa_mask);
    for (int i = 0; i < ENDING; i++)
        if (sigaction(ending[i], NULL, &before[i]) == 0 && before[i].sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &action, NULL);
}

static void release(const struct sigaction before[static ENDING])
{
    for (int i = 0; i < ENDING; i++)
        if (before[i].sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &before[i], NULL);
}

/* What must still be written so that the output, of which `written` bytes are out, ends with a line. */
static size_t rest_of_line(const char *bytes, size_t written, size_t length)
{
    if (written == 0 || bytes[written - 1] == '\n')
        return 0;
    const char *newline = memchr(bytes + written, '\n', length - written);
    return newline == NULL ? length - written : (size_t)(newline - (bytes + written)) + 1;
}

static int write_all(const char *bytes, size_t length, struct error *error)
{
    size_t written = 0;
    while (written < length) {
        if (stop_signal != 0)
            length = written + rest_of_line(bytes, written, length);
        if (written == length)
            break;
        const ssize_t count = write(STDOUT_FILENO, bytes + written, length - written);
        if (count >= 0) {
            written += (size_t)count;
        } else if (errno == EAGAIN) { /* whoever gave us the descriptor made it non-blocking */
            struct pollfd poll_one = {.fd = STDOUT_FILENO, .events = POLLOUT};
            (void)poll(&poll_one, 1, -1);
        } else if (errno != EINTR) {
            return error_system(error, "cannot write standard output");
        }
    }
    return 0;
}

int output_write(const char *bytes, size_t length, struct error *error)
{
    struct sigaction before[ENDING] = {0};
    hold(before);
    const int result = write_all(bytes, length, error);
    release(before); /* first: a signal noted behind the look at stop_signal would be forgotten */
    const int number = stop_signal;
    stop_signal = 0;
    if (number != 0)
        (void)raise(number);
    return result;
}
