/* The rules of the New York Stock Exchange as a function of the date; the sources are in market/calendar.h. */
#ifndef TN_MARKET_NYSE_H
#define TN_MARKET_NYSE_H

#include <stdbool.h>
#include <stdint.h>

#define NYSE_FIRST_YEAR 1950
#define NYSE_LAST_YEAR  2035

/* Local opening and closing time of a date within those years, in minutes after midnight, and whether they are other
 * than the usual ones of their time; false when the exchange is closed that day. */
bool nyse_hours(int64_t date, int *open, int *close, bool *shortened);

#endif
