/* The data doctor: what is wrong with a series of bars and its corporate actions, with the evidence and what would mend
 * it. It looks at whole series, backwards too, so it is no filter: what it finds was not known at the time.
 *
 * Limits are robust: the scale of returns and of logarithms of volume is 1.4826 times the median absolute deviation
 * (Hampel, 1974), which a few wrong bars do not move. */
#ifndef TN_MARKET_DOCTOR_H
#define TN_MARKET_DOCTOR_H

#include "market/calendar.h"

enum repair_kind {
    REPAIR_NONE,
    REPAIR_FETCH,  /* ask the source again for [from, to) */
    REPAIR_SCALE,  /* multiply prices and volumes of bars in [from, to) */
    REPAIR_DROP,   /* leave out bars in [from, to) */
    REPAIR_SPLIT,  /* name a split on the date of `from` */
    REPAIR_CASH,   /* the dividend of that date is of another amount */
    REPAIR_FORGET, /* there is no such action on that date */
};

/* Words of the wire: "fetch", "scale" … */
const char *repair_kind_text(enum repair_kind kind);

struct repair {
    enum repair_kind kind;
    int64_t from, to;
    double price, volume; /* REPAIR_SCALE */
    bool low_close;       /* REPAIR_SCALE: only low and close are wrong */
    int64_t new_shares, old_shares;
    dec cash;
    enum action_kind action; /* REPAIR_FORGET, REPAIR_CASH */
};

struct finding {
    enum anomaly_check check;
    int64_t time;   /* when it could be known: the end of the bar that shows it */
    int64_t begins; /* of that bar */
    dec observed, expected;
    struct repair repair;
    char message[MESSAGE_SIZE];
};

struct doctor_series {
    const struct calendar *calendar;
    struct interval interval;
    enum adjusted adjusted;
    const struct bar *bar; /* in order of time */
    size_t bars;
    const struct action *const *action;
    size_t actions;
    int64_t now;
};

/* Calls `found` for each finding, in order of time within each check; it returns 0 to go on. */
int doctor_examine(const struct doctor_series *series,
                   int (*found)(void *context, const struct finding *finding, struct error *error), void *context,
                   struct error *error);

#endif
