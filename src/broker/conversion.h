/* Money of one currency of an account into another: a pair of cash events of one transaction. */
#ifndef TN_BROKER_CONVERSION_H
#define TN_BROKER_CONVERSION_H

#include "broker/paper.h"

struct conversion {
    int64_t time;
    const char *from, *to;
    dec paid,
        received; /* > 0; DEC_NONE (one of them at most): by the last rate, to the smallest amount of its currency */
};

/* Takes `paid` and brings `received`, as events that paper_commit keeps. EXIT_USAGE: currencies that are none, or one
 * and the same; EXIT_NO: there is not so much, there is no rate that is good, or it has been made already. */
int conversion_make(struct paper *paper, const struct conversion *asked, struct error *error);

#endif
