/* Bar intervals as text, their lengths and their order. */
#include "record/interval.h"

#include "base/dec.h"
#include "base/str.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define COUNT_MAX INT64_C(1000000000)
#define PRICE_MAX (1000000 * DEC_ONE)

static const struct kind {
    enum interval_unit unit;
    const char *prefix, *suffix;
    int64_t seconds; /* of one; nominal for months, 0 where time does not measure it */
} kinds[] = {
    {INTERVAL_NONE, "", "", 0},          {INTERVAL_SECOND, "", "s", 1},       {INTERVAL_MINUTE, "", "m", 60},
    {INTERVAL_HOUR, "", "h", 3600},      {INTERVAL_DAY, "", "d", 86400},      {INTERVAL_WEEK, "", "w", 604800},
    {INTERVAL_MONTH, "", "mo", 2629746}, /* the mean Gregorian month */
    {INTERVAL_TICK, "tick:", "", 0},     {INTERVAL_VOLUME, "volume:", "", 0}, {INTERVAL_VALUE, "value:", "", 0},
    {INTERVAL_RANGE, "range:", "", 0},   {INTERVAL_RENKO, "renko:", "", 0},
};

#define KINDS ((int)(sizeof kinds / sizeof *kinds))

static const struct kind *kind_of(enum interval_unit unit)
{
    require((int)unit >= 0 && (int)unit < KINDS && kinds[unit].unit == unit);
    return &kinds[unit];
}

static bool is_of_prices(enum interval_unit unit)
{
    return unit == INTERVAL_RANGE || unit == INTERVAL_RENKO;
}

bool interval_count_is_valid(enum interval_unit unit, int64_t count)
{
    return count > 0 && count <= (is_of_prices(unit) ? PRICE_MAX : COUNT_MAX);
}

/* The count between prefix and suffix; 0 when it is none. */
static int64_t count_between(const struct kind *kind, const char *text, size_t length)
{
    size_t prefix = strlen(kind->prefix), suffix = strlen(kind->suffix);
    if (length <= prefix + suffix || memcmp(text, kind->prefix, prefix) != 0 ||
        memcmp(text + length - suffix, kind->suffix, suffix) != 0 || (text[prefix] == '0' && !is_of_prices(kind->unit)))
        return 0;
    int64_t count = 0;
    if (is_of_prices(kind->unit)) { /* as prices are written, and no other way, so that equal ones have one text */
        char again[DEC_TEXT_MAX];
        return dec_parse(&count, text + prefix, length - prefix, NULL) == 0 &&
                       interval_count_is_valid(kind->unit, count) && dec_format(again, count) == length - prefix &&
                       memcmp(again, text + prefix, length - prefix) == 0
                   ? count
                   : 0;
    }
    for (size_t i = prefix; i < length - suffix; i++) {
        if (text[i] < '0' || text[i] > '9' || count > COUNT_MAX / 10)
            return 0;
        count = count * 10 + (text[i] - '0');
    }
    return count <= COUNT_MAX ? count : 0;
}

int interval_parse(struct interval *result, const char *text, size_t length, struct error *error)
{
    for (int i = 1; i < KINDS; i++) {
        int64_t count = count_between(&kinds[i], text, length);
        if (count == 0)
            continue;
        struct interval interval = {kinds[i].unit, count};
        while ((interval.unit == INTERVAL_SECOND || interval.unit == INTERVAL_MINUTE) && interval.count % 60 == 0) {
            interval.unit++;
            interval.count /= 60;
        }
        *result = interval;
        return 0;
    }
    error_set(error, EXIT_INPUT, "'%.*s' is not an interval", (int)(length < 40 ? length : 40), text);
    error_hint(error,
               "intervals look like 30s 5m 1h 1d 1w 1mo tick:500 volume:10000 value:1000000 range:0.25 renko:0.5");
    return -1;
}

size_t interval_format(char text[static INTERVAL_TEXT_MAX], struct interval interval)
{
    const struct kind *kind = kind_of(interval.unit);
    char count[DEC_TEXT_MAX];
    int length = 0;
    text[0] = '\0';
    if (is_of_prices(interval.unit)) {
        (void)dec_format(count, interval.count);
        length = snprintf(text, INTERVAL_TEXT_MAX, "%s%s", kind->prefix, count);
    } else if (interval.unit != INTERVAL_NONE)
        length = snprintf(text, INTERVAL_TEXT_MAX, "%s%lld%s", kind->prefix, (long long)interval.count, kind->suffix);
    require(length >= 0 && length < INTERVAL_TEXT_MAX);
    return (size_t)length;
}

bool interval_is_counted(struct interval interval)
{
    return interval.unit >= INTERVAL_TICK;
}

bool interval_is_daily(struct interval interval)
{
    return interval.unit == INTERVAL_DAY || interval.unit == INTERVAL_WEEK || interval.unit == INTERVAL_MONTH;
}

/* start + months, on the last day of a month that has no such day. */
static int64_t months_later(int64_t start, int64_t months)
{
    int64_t days = start / TIME_DAY, rest = start % TIME_DAY;
    if (rest < 0) {
        rest += TIME_DAY;
        days--;
    }
    struct date date = date_from_days(days);
    int64_t month = date.year * INT64_C(12) + date.month - 1 + months;
    if (month >= INT64_C(12) * 2262)
        return INT64_MAX;
    date.year = (int)(month / 12);
    date.month = (int)(month % 12) + 1;
    int last = date_days_in_month(date.year, date.month);
    if (date.day > last)
        date.day = last;
    return date_to_days(date) * TIME_DAY + rest;
}

int64_t interval_end(struct interval interval, int64_t start)
{
    int64_t seconds = kind_of(interval.unit)->seconds, length, end;
    if (interval.unit == INTERVAL_MONTH)
        return months_later(start, interval.count);
    if (__builtin_mul_overflow(seconds * TIME_SECOND, interval.count, &length) ||
        __builtin_add_overflow(start, length, &end))
        return INT64_MAX;
    return end;
}

int interval_compare(struct interval a, struct interval b)
{
    int64_t a_length = kind_of(a.unit)->seconds * a.count, b_length = kind_of(b.unit)->seconds * b.count;
    bool a_timed = kind_of(a.unit)->seconds != 0, b_timed = kind_of(b.unit)->seconds != 0;
    if (a_timed && b_timed)
        return a_length != b_length ? (a_length > b_length) - (a_length < b_length)
                                    : (a.unit > b.unit) - (a.unit < b.unit);
    if (a.unit != b.unit)
        return a.unit > b.unit ? 1 : -1;
    return (a.count > b.count) - (a.count < b.count);
}
