/* Holidays, early closes and single days of the New York Stock Exchange, 1950 to 2035. */
#include "market/nyse.h"

#include "market/nyse_old.h"

#include "base/time.h"

#define CLOCK(hour, minute) ((hour)*60 + (minute))

enum weekday { SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY };

struct day {
    int year, month, day;
    enum weekday weekday;
};

/* Days that no rule gives: closed all day (0, 0), or with other hours. */
static const struct single_day {
    int year, month, day;
    int open, close;
} single_days[] = {
    {1990, 12, 24, CLOCK(9, 30), CLOCK(14, 0)},
    {1990, 12, 27, CLOCK(11, 0), CLOCK(16, 0)}, /* transformer explosion */
    {1991, 12, 24, CLOCK(9, 30), CLOCK(14, 0)},
    {1992, 11, 27, CLOCK(9, 30), CLOCK(14, 0)},
    {1992, 12, 24, CLOCK(9, 30), CLOCK(14, 0)},
    {1994, 2, 11, CLOCK(9, 30), CLOCK(14, 30)},  /* snow */
    {1994, 4, 27, 0, 0},                         /* funeral of President Nixon */
    {1995, 12, 18, CLOCK(10, 30), CLOCK(16, 0)}, /* computers */
    {1996, 1, 8, CLOCK(11, 0), CLOCK(14, 0)},    /* snow */
    {1997, 10, 27, CLOCK(9, 30), CLOCK(15, 30)}, /* circuit breaker, for the rest of the day */
    {1997, 12, 26, CLOCK(9, 30), CLOCK(13, 0)},
    {1999, 12, 31, CLOCK(9, 30), CLOCK(13, 0)}, /* the year 2000 */
    {2001, 9, 11, 0, 0},
    {2001, 9, 12, 0, 0},
    {2001, 9, 13, 0, 0},
    {2001, 9, 14, 0, 0},
    {2002, 9, 11, CLOCK(12, 0), CLOCK(16, 0)}, /* a year after */
    {2003, 12, 26, CLOCK(9, 30), CLOCK(13, 0)},
    {2004, 6, 11, 0, 0},  /* mourning for President Reagan */
    {2007, 1, 2, 0, 0},   /* President Ford */
    {2012, 10, 29, 0, 0}, /* hurricane Sandy */
    {2012, 10, 30, 0, 0},
    {2018, 12, 5, 0, 0}, /* President G. H. W. Bush */
    {2025, 1, 9, 0, 0},  /* President Carter */
};

/* The n-th such weekday of a month. */
static bool is_nth(const struct day *day, int month, enum weekday weekday, int n)
{
    return day->month == month && day->weekday == weekday && (day->day - 1) / 7 + 1 == n;
}

/* A holiday of a fixed date, kept on the Friday or Monday beside its weekend. */
static bool is_observed(const struct day *day, int month, int date)
{
    if (day->month != month)
        return false;
    return day->day == date || (day->weekday == FRIDAY && day->day == date - 1) ||
           (day->weekday == MONDAY && day->day == date + 1);
}

/* Easter Sunday by the "anonymous Gregorian" method: J. Meeus, Astronomical Algorithms (1991), chapter 8. */
static int64_t easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return date_to_days((struct date){year, n / 31, n % 31 + 1});
}

/* A holiday of a fixed date before its weekend rule was the one of now: a Sunday's was kept on the Monday, a Saturday's
 * on the Friday only from some year on. */
static bool is_kept(const struct day *day, int month, int date, int friday_from)
{
    if (day->month != month)
        return false;
    return day->day == date || (day->weekday == MONDAY && day->day == date + 1) ||
           (day->weekday == FRIDAY && day->day == date - 1 && day->year >= friday_from);
}

/* Lincoln's, Washington's, Memorial, Columbus, Election and Veterans Day as they were kept until 1953, 1970 and 1980;
 * Independence Day and Christmas until 1953. 1970-05-29, the Friday before a Saturday, was a session. */
static bool is_old_holiday(const struct day *day)
{
    const bool election = day->month == 11 && day->weekday == TUESDAY && day->day >= 2 && day->day <= 8;
    if (election && (day->year <= 1968 || (day->year <= 1980 && day->year % 4 == 0)))
        return true;
    if (day->year <= 1953 && (is_kept(day, 2, 12, 9999) || is_kept(day, 10, 12, 9999) || is_kept(day, 11, 11, 9999)))
        return true;
    if (day->year == 1968 && day->month == 2 && day->day == 12)
        return true;
    return day->year <= 1970 && (is_kept(day, 2, 22, 1964) || is_kept(day, 5, 30, day->year == 1970 ? 9999 : 1964));
}

static bool is_holiday(const struct day *day, int64_t date)
{
    if (is_old_holiday(day))
        return true;
    switch (day->month) {
    case 1:
        /* A New Year's Day on a Saturday is not kept: the Friday before ends the year. */
        return day->day == 1 || (day->weekday == MONDAY && day->day == 2) ||
               (day->year >= 1998 && is_nth(day, 1, MONDAY, 3));
    case 2:
        return day->year >= 1971 && is_nth(day, 2, MONDAY, 3);
    case 3:
    case 4:
        return day->weekday == FRIDAY && date == easter(day->year) - 2;
    case 5:
        return day->year >= 1971 && day->weekday == MONDAY && day->day > 31 - 7;
    case 6:
        return day->year >= 2022 && is_observed(day, 6, 19);
    case 7:
        return is_kept(day, 7, 4, 1954);
    case 9:
        return is_nth(day, 9, MONDAY, 1);
    case 11:
        return is_nth(day, 11, THURSDAY, 4);
    case 12:
        return is_kept(day, 12, 25, 1954);
    default:
        return false;
    }
}

static bool closes_at_one(const struct day *day)
{
    if (day->month == 7 && day->day == 3)
        return (day->year >= 1995 && (day->weekday == MONDAY || day->weekday == TUESDAY || day->weekday == THURSDAY)) ||
               (day->year >= 2013 && day->weekday == WEDNESDAY);
    if (day->month == 7 && day->day == 5)
        return day->weekday == FRIDAY && day->year >= 1996 && day->year <= 2012;
    if (day->month == 11) /* the day after Thanksgiving */
        return day->year >= 1993 && day->weekday == FRIDAY && day->day >= 23 && day->day <= 29;
    if (day->month == 12 && day->day == 24)
        return day->year >= 1996 && day->weekday >= MONDAY && day->weekday <= THURSDAY;
    return false;
}

/* The usual hours of a date's time; those of Saturdays ended with 1952-09-27. */
static bool usual_hours(const struct day *day, int64_t date, int *open, int *close)
{
    const int64_t five_days = date_to_days((struct date){1952, 9, 29});
    const int64_t four = date_to_days((struct date){1974, 10, 1}), half_past = date_to_days((struct date){1985, 9, 30});
    *open = date < half_past ? CLOCK(10, 0) : CLOCK(9, 30);
    *close = date < five_days ? CLOCK(15, 0) : date < four ? CLOCK(15, 30) : CLOCK(16, 0);
    if (day->weekday != SATURDAY)
        return day->weekday != SUNDAY;
    *close = CLOCK(12, 0);
    return date < five_days;
}

bool nyse_hours(int64_t date, int *open, int *close, bool *shortened)
{
    struct date civil = date_from_days(date);
    struct day day = {civil.year, civil.month, civil.day, (enum weekday)date_weekday(date)};
    *shortened = false;
    if (!usual_hours(&day, date, open, close))
        return false;
    if (day.year < 1990) {
        const enum nyse_day kind = nyse_old_day(day.year, day.month, day.day, (int)day.weekday, open, close);
        *shortened = kind == NYSE_OTHER_HOURS;
        return kind != NYSE_CLOSED && !is_holiday(&day, date);
    }
    for (int i = 0; i < (int)(sizeof single_days / sizeof *single_days); i++) {
        const struct single_day *single = &single_days[i];
        if (single->day == day.day && single->month == day.month && single->year == day.year) {
            *open = single->open;
            *close = single->close;
            *shortened = true;
            return single->close > 0;
        }
    }
    if (is_holiday(&day, date))
        return false;
    *shortened = closes_at_one(&day);
    if (*shortened)
        *close = CLOCK(13, 0);
    return true;
}
