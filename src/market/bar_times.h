/* When bars begin, end and open: what every maker and user of bars asks of a calendar. */
#ifndef TN_MARKET_BAR_TIMES_H
#define TN_MARKET_BAR_TIMES_H

#include "market/calendar.h"

/* The place of a moment in the grid of an interval. */
struct bar_slot {
    int64_t start, end; /* moments; of 1d: midnight of the session's date, and its close */
    struct session session;
    bool regular; /* within the session, not before or after it */
};

/* The intraday or 1d slot in which a moment falls: 1; 0 when no bar may hold it (no session that day, or outside its
 * hours and not `extended`). Intraday slots are anchored at the session's open and cut at its close; `extended` ones
 * run backwards from the open to midnight and on from the close to the next midnight, and a 1d slot is then the whole
 * date. */
int bar_slot(const struct calendar *calendar, struct interval interval, bool extended, int64_t moment,
             struct bar_slot *slot, struct error *error);

/* Set time, end and session of a bar of 1d or longer from the date of any of its sessions. A date without a session is
 * an error (EXIT_INPUT). The interval must be set. */
int bar_set_session(struct bar *bar, const struct calendar *calendar, int64_t date, struct error *error);

/* When the trading of this bar begins: for 1d and longer the open of its (first) session, else its time. An order
 * decided at a moment may fill only in a bar that opens then or later. */
int bar_opens(const struct calendar *calendar, const struct bar *bar, int64_t *opens, struct error *error);
/* The date of the session, or of the first session, that a bar belongs to. */
int64_t bar_session_date(const struct calendar *calendar, const struct bar *bar);

#endif
