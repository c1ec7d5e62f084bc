/* Time zones by the system's tz database (RFC 8536, footer rule included), without TZ and without global state. */
#ifndef TN_BASE_ZONE_H
#define TN_BASE_ZONE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;

/* Read "America/New_York" and the like from the system's database ($TN_ZONEINFO or /usr/share/zoneinfo); names with
 * "..", an absolute path or odd characters are refused. "UTC" needs no file. */
struct zone *zone_open(const char *name, struct error *error);
/* The same from the bytes of a TZif file. */
struct zone *zone_from_bytes(const char *name, const void *bytes, size_t length, struct error *error);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone);
/* Seconds east of UTC at a moment (ns); `abbreviation` (may be NULL) gets "EST" and lives as long as the zone. */
int zone_offset(const struct zone *zone, int64_t time, const char **abbreviation);
/* The moment of local wall-clock nanoseconds (local time as if it were UTC). In an overlap the earlier one; in a gap
 * the moment the clock would have shown it had it not been moved (the gap's length later). */
int64_t zone_to_utc(const struct zone *zone, int64_t local);
/* Local wall-clock nanoseconds of a moment. */
int64_t zone_to_local(const struct zone *zone, int64_t time);

/* Moments from `from` on, before `until`, in which the clock stands `offset` ns ahead of UTC, without those that follow
 * a change: there local time − offset is the moment. All 0: it holds none. */
struct zone_span {
    int64_t from, until, offset;
};

/* That of a moment, for whoever asks for many; an empty one where the clock is about to be moved or has been. `zone`
 * NULL: UTC. */
void zone_span_at(const struct zone *zone, int64_t time, struct zone_span *span);

/* Is a moment in it? */
static inline bool zone_span_holds(const struct zone_span *span, int64_t time)
{
    return time >= span->from && time < span->until;
}

#endif
