/* How far this machine's clock is from that of servers, as their answers say it: a file that whoever trades looks at.
 *
 * What is off by more than CLOCK_OFF_MOST is written there, and what is not takes it away: the last answer counts. */
#ifndef TN_NET_CLOCK_H
#define TN_NET_CLOCK_H

#include "base/time.h"

#include <stdbool.h>

#define CLOCK_OFF_MOST (5 * TIME_SECOND)
#define CLOCK_HOST_MAX 256

struct clock_off {
    int64_t by; /* ns; above 0 when ours is ahead */
    int64_t at; /* when that was, by our own */
    char host[CLOCK_HOST_MAX];
};

/* An answer said so. That it cannot be written is no failure of the request: the worst is that nobody is warned. */
void clock_note(const char *path, const struct clock_off *off);
/* Is it off, as far as is known at a moment? What was said more than a day ago says nothing. */
bool clock_is_off(const char *path, int64_t now, struct clock_off *off);

#endif
