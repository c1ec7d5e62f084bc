/* The trading day of a moment. */
#include "stat/day.h"

#include "base/time.h"

int64_t day_of(const struct zone *zone, int64_t time)
{
    const int64_t before = zone == NULL ? time - 1 : zone_to_local(zone, time - 1);
    return before / TIME_DAY - (before % TIME_DAY < 0);
}

int64_t day_end(const struct zone *zone, int64_t day)
{
    int64_t midnight;
    if (__builtin_mul_overflow(day + 1, TIME_DAY, &midnight))
        return INT64_MAX;
    return zone == NULL ? midnight : zone_to_utc(zone, midnight);
}

int64_t day_end_of(const struct zone *zone, struct zone_span *span, int64_t time)
{
    const int64_t before = time - 1;
    if (!zone_span_holds(span, before))
        zone_span_at(zone, before, span);
    if (zone_span_holds(span, before)) {
        const int64_t local = before + span->offset, day = local / TIME_DAY - (local % TIME_DAY < 0);
        const int64_t midnight = (day + 1) * TIME_DAY - span->offset;
        if (zone_span_holds(span, midnight))
            return midnight;
    }
    return day_end(zone, day_of(zone, time));
}
