/* Holes in bars within a day: stretches of a session without a bar, longer than such bars usually leave.
 *
 * A hole is half an hour at least, an interval at least, and more than three times as long as the longest of the
 * sessions before (which fades by half with each), so that a symbol that trades seldom is not called broken. A pause of
 * the calendar is none. The session in which the bars begin has no hole before its first bar. What is found is known
 * with the bar behind it; nothing looks ahead. */
#ifndef TN_MARKET_HOLES_H
#define TN_MARKET_HOLES_H

#include "market/calendar.h"

struct holes {
    const struct calendar *calendar; /* the caller's */
    bool began, within;              /* `within`: `session` is one */
    struct session session;
    int64_t date, covered;  /* the date of the last bar; up to where its session has bars */
    int64_t usual, longest; /* ns: of the sessions before, of this one */
};

struct hole {
    int64_t from, to, date; /* and the date of its session */
    bool edge;              /* it begins with the session, or ends with it */
};

void holes_init(struct holes *holes, const struct calendar *calendar);
/* The next bar, of a length of time below a day; bars come in order. How many holes it shows: the end of the session
 * before, and before the bar itself. -1: a date that the calendar does not know. */
int holes_push(struct holes *holes, const struct bar *bar, struct hole out[static 2], struct error *error);

#endif
