/* How often a host is asked, kept across processes: a file per host in a folder, under a lock.
 *
 * The rule is the generic cell rate algorithm (ITU-T I.371, annex A): one request each `interval`, `burst` of them at
 * once after a rest. What a server demanded (Retry-After) holds for all processes too. The clock is the wall's, since
 * processes and boots share no other; a stamp further ahead than any rate explains is taken for a clock that was set
 * and forgotten. */
#ifndef TN_NET_PACE_H
#define TN_NET_PACE_H

#include "base/error.h"

#include <stdint.h>

struct pace {
    int64_t interval; /* ns between requests; 0: no limit of our own */
    int burst;        /* >= 1 */
};

/* Take the next turn at `name` ("data.alpaca.markets"; letters, digits, '.', '-' and '_'): *wait is how many ns from
 * now it is, 0 for at once. The turn is taken: whoever does not use it has wasted it; one further ahead than `most` ns
 * is not taken. `folder` must exist; NULL: no turns are kept and nobody waits. */
int pace_turn(const char *folder, const char *name, struct pace pace, int64_t most, int64_t *wait, struct error *error);
/* Nobody is to ask `name` for so many ns from now. */
int pace_hold(const char *folder, const char *name, int64_t ns, struct error *error);

#endif
