/* The trading day of a moment: a date in a zone, whose midnight belongs to the day that ends there. The zone is that of
 * the calendar, so that what trades after the close of a winter's day in New York, past midnight UTC, is of that day.
 */
#ifndef TN_STAT_DAY_H
#define TN_STAT_DAY_H

#include "base/zone.h"

#include <stdint.h>

/* Days since 1970-01-01; zone NULL: UTC. */
int64_t day_of(const struct zone *zone, int64_t time);
/* Its last moment, the next midnight; INT64_MAX where that is out of range. */
int64_t day_end(const struct zone *zone, int64_t day);
/* The same of the day that holds a moment, for whoever asks of many: `span` is kept for the next question, and all 0
 * before the first. */
int64_t day_end_of(const struct zone *zone, struct zone_span *span, int64_t time);

#endif
