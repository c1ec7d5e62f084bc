/* How old the decision of a signal is that somebody else's program has made. */
#include "risk/risk.h"

#include <string.h>

#define AGE_MAX 1000 /* counted no further */

/* The interval of a signal that names none is that of the bar which caused it: bar/1d/2026-03-02T05:00:00Z/AAPL. */
static void find_interval(struct signal *signal)
{
    struct error lost;
    const char *const text = strncmp(signal->cause, "bar/", 4) == 0 ? signal->cause + 4 : "";
    const char *const end = strchr(text, '/');
    error_clear(&lost);
    if (signal->interval.unit == INTERVAL_NONE &&
        (end == NULL || interval_parse(&signal->interval, text, (size_t)(end - text), &lost) != 0))
        signal->interval = (struct interval){INTERVAL_NONE, 0};
}

/* When the bar after one that ended at a moment ends, were none missing; the moment itself where that is not known. */
static int next_end(const struct calendar *calendar, struct interval interval, int64_t end, int64_t *next,
                    struct error *error)
{
    struct session session;
    *next = interval_end(interval, end);
    if (interval.unit != INTERVAL_DAY || interval.count != 1)
        return 0;
    if (calendar_current_or_next(calendar, end, &session, error) != 0)
        return -1;
    *next = session.close;
    return 0;
}

int risk_complete_signal(const struct calendar *calendar, struct signal *signal, struct error *error)
{
    int64_t end = signal->decided, next, age = 0;
    find_interval(signal);
    if (signal->age > 0 || signal->decided >= signal->time)
        return 0;
    while (age < AGE_MAX) {
        if (next_end(calendar, signal->interval, end, &next, error) != 0)
            return -1;
        if (next <= end || next > signal->time)
            break;
        end = next;
        age++;
    }
    signal->age = age > 0 ? age : 1; /* it was decided before the bar it speaks of */
    return 0;
}
