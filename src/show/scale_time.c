/* Ticks of time where a person would put them. */
#include "show/scale.h"

#include "base/time.h"

#include <stdio.h>

enum unit { MINUTES, DAYS, WEEKS, MONTHS, YEARS };

static const struct level {
    enum unit unit;
    int n;
} levels[] = {
    {MINUTES, 1},   {MINUTES, 2},   {MINUTES, 5}, {MINUTES, 10}, {MINUTES, 15}, {MINUTES, 30}, {MINUTES, 60},
    {MINUTES, 120}, {MINUTES, 240}, {DAYS, 1},    {WEEKS, 1},    {MONTHS, 1},   {MONTHS, 3},   {YEARS, 1},
    {YEARS, 2},     {YEARS, 5},     {YEARS, 10},  {YEARS, 20},   {YEARS, 50},
};
#define LEVELS ((int)(sizeof levels / sizeof *levels))

int64_t zone_local(const struct zone *zone, int64_t time)
{
    return zone == NULL ? time : zone_to_local(zone, time);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The number of the period that a local time lies in, and the local time at which a period begins. Weeks begin on
 * Mondays: 1970-01-01 was a Thursday. */
static int64_t period_of(const struct level *level, int64_t local)
{
    const int64_t days = floor_divide(local, TIME_DAY);
    const struct date date = date_from_days(days);
    switch (level->unit) {
    case MINUTES:
        return floor_divide(local, level->n * TIME_MINUTE);
    case DAYS:
        return days;
    case WEEKS:
        return floor_divide(days + 3, 7);
    case MONTHS:
        return (date.year * 12 + date.month - 1) / level->n;
    default:
        return date.year / level->n;
    }
}

/* The next period of the last days there are begins at the end of time. */
static int64_t day_begin(int64_t day)
{
    int64_t time;
    return !__builtin_mul_overflow(day, TIME_DAY, &time) ? time : day < 0 ? INT64_MIN + 1 : INT64_MAX;
}

static int64_t period_begin(const struct level *level, int64_t period)
{
    const int64_t months = period * level->n;
    switch (level->unit) {
    case MINUTES:
        return period * level->n * TIME_MINUTE;
    case DAYS:
        return day_begin(period);
    case WEEKS:
        return day_begin(period * 7 - 3);
    case MONTHS:
        return day_begin(date_to_days((struct date){(int)(months / 12), (int)(months % 12) + 1, 1}));
    default:
        return day_begin(date_to_days((struct date){(int)(period * level->n), 1, 1}));
    }
}

static const char *month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return names[month - 1];
}

/* What is new since the tick before: the year, the month, the day, else the smaller part alone. */
static void label(char text[static TICK_TEXT_MAX], const struct level *level, int64_t local, int64_t before, bool first)
{
    const int64_t day = floor_divide(local, TIME_DAY);
    const struct date date = date_from_days(day), last = date_from_days(floor_divide(before, TIME_DAY));
    const bool year = first || date.year != last.year, month = year || date.month != last.month;
    const int minutes = (int)((local - day * TIME_DAY) / TIME_MINUTE);
    if (level->unit == YEARS)
        (void)snprintf(text, TICK_TEXT_MAX, "%d", date.year);
    else if (level->unit == MONTHS && year && date.month == 1)
        (void)snprintf(text, TICK_TEXT_MAX, "%d", date.year);
    else if (level->unit == MONTHS && year)
        (void)snprintf(text, TICK_TEXT_MAX, "%s %d", month_name(date.month), date.year);
    else if (level->unit == MONTHS)
        (void)snprintf(text, TICK_TEXT_MAX, "%s", month_name(date.month));
    else if (level->unit != MINUTES && month)
        (void)snprintf(text, TICK_TEXT_MAX, "%d %s", date.day, month_name(date.month));
    else if (level->unit != MINUTES)
        (void)snprintf(text, TICK_TEXT_MAX, "%d", date.day);
    else if (!first && day != floor_divide(before, TIME_DAY))
        (void)snprintf(text, TICK_TEXT_MAX, "%d %s", date.day, month_name(date.month));
    else
        (void)snprintf(text, TICK_TEXT_MAX, "%02d:%02d", minutes / 60, minutes % 60);
}

int time_ticks(int64_t first, int64_t last, const struct zone *zone, int most, struct tick tick[static TICKS_MAX])
{
    const int64_t from = zone_local(zone, first), to = zone_local(zone, last);
    most = most > TICKS_MAX ? TICKS_MAX : most;
    int at = 0;
    while (at < LEVELS - 1 && period_of(&levels[at], to) - period_of(&levels[at], from) > most)
        at++;
    /* Nine days that begin on a Tuesday have one Monday: every second day says more. */
    int64_t stride = 1;
    if (at > 0 && period_of(&levels[at], to) - period_of(&levels[at], from) < 2) {
        at--;
        stride = (period_of(&levels[at], to) - period_of(&levels[at], from)) / most + 1;
    }
    int count = 0;
    int64_t before = 0;
    for (int64_t period = period_of(&levels[at], from); period <= period_of(&levels[at], to) && count < most;
         period += stride) {
        const int64_t begin = period_begin(&levels[at], period);
        if (begin < from)
            continue;
        tick[count].at = (double)begin;
        label(tick[count].text, &levels[at], begin, before, count == 0);
        before = begin;
        count++;
    }
    return count;
}

/* Does a bar begin a period? The first one only where its own time says so. */
static bool begins(const struct level *level, const int64_t *local, size_t i)
{
    const int64_t period = period_of(level, local[i]);
    return i == 0 ? period_begin(level, period) == local[0] ||
                        (level->unit == MINUTES && local[0] % (30 * TIME_MINUTE) == 0)
                  : period != period_of(level, local[i - 1]);
}

int bar_ticks(const int64_t *local, size_t count, bool daily, int most, struct tick tick[static TICKS_MAX])
{
    most = most > TICKS_MAX ? TICKS_MAX : most;
    int at = 0;
    while (daily && levels[at].unit == MINUTES)
        at++;
    for (; at < LEVELS - 1; at++) {
        int found = 0;
        for (size_t i = 0; i < count && found <= most; i++)
            found += begins(&levels[at], local, i);
        if (found <= most)
            break;
    }
    /* Ticks closer than half of what even ones would have give way to the greater change. */
    const double apart = (double)count / most / 2;
    int ticks = 0;
    int64_t before = 0;
    for (size_t i = 0; i < count && ticks < most; i++) {
        if (!begins(&levels[at], local, i))
            continue;
        const bool close = ticks > 0 && (double)i - tick[ticks - 1].at < apart;
        const bool new_day = ticks > 0 && floor_divide(local[i], TIME_DAY) != floor_divide(before, TIME_DAY);
        if (close && !(levels[at].unit == MINUTES && new_day))
            continue;
        ticks -= close;
        tick[ticks].at = (double)i;
        label(tick[ticks].text, &levels[at], local[i], before, ticks == 0);
        before = local[i];
        ticks++;
    }
    return ticks;
}
