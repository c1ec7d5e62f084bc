/* Moments and civil dates as text and as numbers. Reading and writing times is on the hot path of every filter, so the
 * common forms take no loop and no division that the compiler cannot turn into a multiplication. */
#include "base/time.h"

#include <string.h>
#include <time.h>

#define DAY_SECONDS 86400

static const char two_digits[201] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                    "8081828384858687888990919293949596979899";

int64_t date_to_days(struct date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    uint32_t day_of_era = (uint32_t)(days - era * 146097);
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day_of_year + 2) / 153;
    struct date date;
    date.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int)(month < 10 ? month + 3 : month - 9);
    date.year = (int)((int64_t)year_of_era + era * 400 + (date.month <= 2));
    return date;
}

int date_days_in_month(int year, int month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    require(month >= 1 && month <= 12);
    return days[month - 1] + (month == 2 && leap);
}

bool date_is_valid(struct date date)
{
    return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= date_days_in_month(date.year, date.month);
}

int date_weekday(int64_t days)
{
    int64_t weekday = (days + 4) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

/* The value of two digits, or at least 100 when they are none. */
static inline unsigned two(const char *p)
{
    unsigned high = (unsigned char)p[0] - (unsigned)'0', low = (unsigned char)p[1] - (unsigned)'0';
    return high > 9 || low > 9 ? 100 : high * 10 + low;
}

static inline char *put_two(char *p, size_t value)
{
    memcpy(p, two_digits + 2 * value, 2);
    return p + 2;
}

/* The ten bytes of a date; NULL when right, else what is wrong. */
static inline const char *scan_date(struct date *date, const char *p)
{
    unsigned century = two(p), year = two(p + 2), month = two(p + 5), day = two(p + 8);
    if (century > 99 || year > 99 || month > 99 || day > 99 || p[4] != '-' || p[7] != '-')
        return "it does not begin with YYYY-MM-DD";
    date->year = (int)(century * 100 + year);
    date->month = (int)month;
    date->day = (int)day;
    if (month < 1 || month > 12)
        return "there is no such month";
    if (!date_is_valid(*date))
        return "there is no such day in that month";
    return NULL;
}

int date_parse(struct date *result, const char *text, size_t length, struct error *error)
{
    struct date date;
    const char *wrong = length == 10 ? scan_date(&date, text) : "a date is written YYYY-MM-DD";
    if (wrong)
        return error_set(error, EXIT_INPUT, "'%.*s' is not a date: %s", (int)(length < 40 ? length : 40), text, wrong);
    *result = date;
    return 0;
}

static char *put_date(char *p, struct date date)
{
    p = put_two(p, (size_t)date.year / 100);
    p = put_two(p, (size_t)date.year % 100);
    *p++ = '-';
    p = put_two(p, (size_t)date.month);
    *p++ = '-';
    return put_two(p, (size_t)date.day);
}

size_t date_format(char text[static TIME_TEXT_MAX], struct date date)
{
    require(date.year >= 0 && date.year <= 9999 && date_is_valid(date));
    *put_date(text, date) = '\0';
    return 10;
}

/* The fraction after its point, in nanoseconds; *p is moved behind its digits. */
static const char *scan_fraction(const char **p, const char *end, int64_t *nanoseconds)
{
    const char *start = *p;
    int64_t value = 0;
    while (*p < end && **p >= '0' && **p <= '9') {
        if (*p - start == 9)
            return "a fraction has at most 9 digits";
        value = value * 10 + (*(*p)++ - '0');
    }
    if (*p == start)
        return "digits are missing after the point";
    for (const char *q = *p; q < start + 9; q++)
        value *= 10;
    *nanoseconds = value;
    return NULL;
}

/* `Z` or ±hh:mm, the last of the text. */
static const char *scan_offset(const char *p, const char *end, int64_t *seconds)
{
    if (end - p == 1 && (*p == 'Z' || *p == 'z')) {
        *seconds = 0;
        return NULL;
    }
    if (end - p == 0)
        return "the offset is missing: Z, or as -05:00";
    if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':')
        return "the offset must be Z, or as -05:00";
    unsigned hour = two(p + 1), minute = two(p + 4);
    if (hour > 23 || minute > 59)
        return "there is no such offset";
    *seconds = (int64_t)hour * 3600 + (int64_t)minute * 60;
    if (*p == '-')
        *seconds = -*seconds;
    return NULL;
}

static const char *scan_time(int64_t *result, const char *text, size_t length)
{
    struct date date;
    const char *wrong, *end = text + length;
    int64_t nanoseconds = 0, offset = 0;
    if (length < 10)
        return "it does not begin with YYYY-MM-DD";
    if ((wrong = scan_date(&date, text)))
        return wrong;
    int64_t seconds = date_to_days(date) * DAY_SECONDS;
    if (length > 10) {
        if ((text[10] != 'T' && text[10] != 't') || length < 19 || text[13] != ':' || text[16] != ':')
            return "after the date comes Thh:mm:ss";
        unsigned hour = two(text + 11), minute = two(text + 14), second = two(text + 17);
        if (hour > 99 || minute > 99 || second > 99)
            return "after the date comes Thh:mm:ss";
        if (hour > 23 || minute > 59 || second > 60)
            return "there is no such time of day";
        const char *p = text + 19;
        if (p < end && *p == '.') {
            p++;
            if ((wrong = scan_fraction(&p, end, &nanoseconds)))
                return wrong;
        }
        if ((wrong = scan_offset(p, end, &offset)))
            return wrong;
        seconds += (int64_t)hour * 3600 + (int64_t)minute * 60 + second - offset;
        if (second == 60) {
            if (((seconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS != 0)
                return "a leap second comes only after 23:59:59 UTC";
            nanoseconds = 0;
        }
    }
    if (seconds < TIME_FIRST / TIME_SECOND)
        return "it is before 1900";
    if (seconds > INT64_MAX / TIME_SECOND ||
        (seconds == INT64_MAX / TIME_SECOND && nanoseconds > INT64_MAX % TIME_SECOND))
        return "it is after 2262-04-11T23:47:16.854775807Z";
    *result = seconds * TIME_SECOND + nanoseconds;
    return NULL;
}

int time_parse(int64_t *result, const char *text, size_t length, struct error *error)
{
    const char *wrong = scan_time(result, text, length);
    if (!wrong)
        return 0;
    return error_set(error, EXIT_INPUT, "'%.*s' is not a time: %s", (int)(length < 60 ? length : 60), text, wrong);
}

size_t time_format(char text[static TIME_TEXT_MAX], int64_t time)
{
    require(time != TIME_NONE);
    int64_t days = time / TIME_DAY, rest = time % TIME_DAY;
    if (rest < 0) {
        rest += TIME_DAY;
        days--;
    }
    uint32_t second = (uint32_t)(rest / TIME_SECOND), fraction = (uint32_t)(rest % TIME_SECOND);
    char *p = put_date(text, date_from_days(days));
    *p++ = 'T';
    p = put_two(p, second / 3600);
    *p++ = ':';
    p = put_two(p, second / 60 % 60);
    *p++ = ':';
    p = put_two(p, second % 60);
    if (fraction != 0) {
        *p++ = '.';
        *p++ = (char)('0' + fraction / 100000000);
        p = put_two(p, fraction / 1000000 % 100);
        p = put_two(p, fraction / 10000 % 100);
        p = put_two(p, fraction / 100 % 100);
        p = put_two(p, fraction % 100);
        while (p[-1] == '0')
            p--;
    }
    *p++ = 'Z';
    *p = '\0';
    return (size_t)(p - text);
}

static int64_t clock_read(clockid_t clock)
{
    struct timespec now;
    require(clock_gettime(clock, &now) == 0);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec;
}

int64_t time_now(void)
{
    return clock_read(CLOCK_REALTIME);
}

int64_t time_monotonic(void)
{
    return clock_read(CLOCK_MONOTONIC);
}
