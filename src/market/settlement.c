/* Settlement days. */
#include "market/settlement.h"

#include "base/time.h"

#include <string.h>

static int64_t day(int year, int month, int number)
{
    return date_to_days((struct date){.year = year, .month = month, .day = number});
}

int settlement_sessions(const struct calendar *calendar, int64_t date)
{
    const char *name = calendar_name(calendar);
    if (strcmp(name, "always") == 0)
        return 0;
    if (strcmp(name, "nyse") == 0)
        return date < day(2017, 9, 5) ? 3 : date < day(2024, 5, 28) ? 2 : 1;
    if (strcmp(name, "nse") == 0 || strcmp(name, "bse") == 0)
        return date < day(2023, 1, 27) ? 2 : 1;
    return 2;
}

int settlement_time(const struct calendar *calendar, int64_t traded, int64_t *available, struct error *error)
{
    struct session session;
    *available = traded;
    if (calendar_current_or_next(calendar, traded, &session, error) != 0)
        return -1;
    const int sessions = settlement_sessions(calendar, session.date);
    for (int i = 1; i < sessions; i++)
        if (calendar_next(calendar, session.date, &session, error) != 0)
            return -1;
    if (sessions > 0)
        *available = session.close;
    return 0;
}
