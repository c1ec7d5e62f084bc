/* When the money of a sale is there to spend: settlement, by the exchange's calendar and the rules of its day.
 *
 * US stocks settle three sessions after the trade, two since 2017-09-05 (SEC release 34-80295), one since 2024-05-28
 * (34-96930); India two, one since 2023-01-27; what never closes, at once. Others count as two sessions. Days on which
 * an exchange is open and banks are not (Columbus and Veterans Day in the US) count as days here. */
#ifndef TN_MARKET_SETTLEMENT_H
#define TN_MARKET_SETTLEMENT_H

#include "market/calendar.h"

/* How many sessions after a trade of a date (days since 1970) its money is there. */
int settlement_sessions(const struct calendar *calendar, int64_t date);
/* From when on orders may count on the money of a trade: the close of the last session before the day on which it
 * settles, since what is decided then trades on that day. The moment of the trade itself where it settles at once. */
int settlement_time(const struct calendar *calendar, int64_t traded, int64_t *available, struct error *error);

#endif
