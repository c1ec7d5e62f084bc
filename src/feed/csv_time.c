/* The dates and times that people put into CSV files. A cursor walks over the text; every part is checked as it is
 * read, and what is left over at the end refuses the whole. */
#include "feed/csv_time.h"

#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>
#include <strings.h>

struct cursor {
    const char *p, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int digits_ahead(const struct cursor *cursor)
{
    int count = 0;
    while (cursor->p + count < cursor->end && is_digit(cursor->p[count]))
        count++;
    return count;
}

/* Exactly `count` digits, at most 18. */
static int64_t take_digits(struct cursor *cursor, int count)
{
    int64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (*cursor->p++ - '0');
    return value;
}

static bool take(struct cursor *cursor, char c)
{
    if (cursor->p >= cursor->end || *cursor->p != c)
        return false;
    cursor->p++;
    return true;
}

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->p < cursor->end && (*cursor->p == ' ' || *cursor->p == '\t'))
        cursor->p++;
}

/* A word of letters, any case; not taken unless it is `word`. */
static bool take_word(struct cursor *cursor, const char *word)
{
    const size_t n = strlen(word);
    if ((size_t)(cursor->end - cursor->p) < n || strncasecmp(cursor->p, word, n) != 0)
        return false;
    if (cursor->p + n < cursor->end && is_letter(cursor->p[n]))
        return false;
    cursor->p += n;
    return true;
}

static int month_by_name(struct cursor *cursor)
{
    static const char *const name[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int i = 0; i < 12; i++)
        if (take_word(cursor, name[i]))
            return i + 1;
    return 0;
}

static int year_of(int64_t value, int digits)
{
    if (digits == 2)
        return (int)(value >= 70 ? 1900 + value : 2000 + value);
    return digits == 4 ? (int)value : 0;
}

static bool take_date(struct cursor *cursor, struct date *date)
{
    const int first_digits = digits_ahead(cursor);
    if (first_digits == 8) {
        date->year = (int)take_digits(cursor, 4);
        date->month = (int)take_digits(cursor, 2);
        date->day = (int)take_digits(cursor, 2);
        return true;
    }
    if (first_digits < 1 || first_digits == 3 || first_digits > 4)
        return false;
    const int64_t first = take_digits(cursor, first_digits);
    if (cursor->p >= cursor->end)
        return false;
    const char separator = *cursor->p++;
    if (separator != '-' && separator != '/' && separator != '.' && separator != ' ')
        return false;
    if (cursor->p < cursor->end && is_letter(*cursor->p)) { /* 20-Nov-2026 */
        date->day = (int)first;
        date->month = month_by_name(cursor);
        if (date->month == 0 || first_digits > 2 || !take(cursor, separator))
            return false;
        const int digits = digits_ahead(cursor);
        date->year = digits == 2 || digits == 4 ? year_of(take_digits(cursor, digits), digits) : 0;
        return date->year != 0;
    }
    if (separator == ' ')
        return false;
    const int second_digits = digits_ahead(cursor);
    if (second_digits < 1 || second_digits > 2)
        return false;
    const int64_t second = take_digits(cursor, second_digits);
    if (!take(cursor, separator))
        return false;
    const int third_digits = digits_ahead(cursor);
    if (third_digits != 1 && third_digits != 2 && third_digits != 4)
        return false;
    const int64_t third = take_digits(cursor, third_digits);
    if (first_digits == 4) {
        *date = (struct date){(int)first, (int)second, (int)third};
        return third_digits <= 2;
    }
    date->year = year_of(third, third_digits);
    date->month = (int)(separator == '.' ? second : first);
    date->day = (int)(separator == '.' ? first : second);
    return date->year != 0;
}

/* The fraction of a second in ns, after its point; more digits than nine are read and dropped. */
static int64_t take_fraction(struct cursor *cursor)
{
    int64_t value = 0, unit = TIME_SECOND / 10;
    for (; cursor->p < cursor->end && is_digit(*cursor->p); cursor->p++, unit /= 10)
        value += (*cursor->p - '0') * unit;
    return value;
}

static bool take_time_of_day(struct cursor *cursor, int64_t *time)
{
    int64_t hour, minute, second = 0, fraction = 0;
    const int digits = digits_ahead(cursor);
    if (digits == 4 || digits == 6) {
        hour = take_digits(cursor, 2);
        minute = take_digits(cursor, 2);
        if (digits == 6)
            second = take_digits(cursor, 2);
    } else if (digits == 1 || digits == 2) {
        hour = take_digits(cursor, digits);
        if (!take(cursor, ':') || digits_ahead(cursor) != 2)
            return false;
        minute = take_digits(cursor, 2);
        if (take(cursor, ':')) {
            if (digits_ahead(cursor) != 2)
                return false;
            second = take_digits(cursor, 2);
        }
    } else {
        return false;
    }
    if (cursor->end - cursor->p >= 2 && (*cursor->p == '.' || *cursor->p == ',') && is_digit(cursor->p[1])) {
        cursor->p++;
        fraction = take_fraction(cursor);
    }
    struct cursor ahead = *cursor;
    skip_blanks(&ahead);
    const bool pm = take_word(&ahead, "pm"), am = !pm && take_word(&ahead, "am");
    if (am || pm) {
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (pm ? 12 : 0);
        *cursor = ahead;
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *time = hour * TIME_HOUR + minute * TIME_MINUTE + second * TIME_SECOND + fraction;
    return true;
}

/* 1: an offset was read; 0: there is none; -1: not an offset. */
static int take_offset(struct cursor *cursor, int64_t *offset)
{
    skip_blanks(cursor);
    *offset = 0;
    if (cursor->p == cursor->end)
        return 0;
    if (take_word(cursor, "z") || take_word(cursor, "utc") || take_word(cursor, "gmt"))
        return 1;
    const bool west = take(cursor, '-');
    if (!west && !take(cursor, '+'))
        return -1;
    const int digits = digits_ahead(cursor);
    if (digits != 1 && digits != 2 && digits != 4)
        return -1;
    const int64_t hours = take_digits(cursor, digits == 1 ? 1 : 2);
    int64_t minutes = 0;
    if (digits == 4) {
        minutes = take_digits(cursor, 2);
    } else if (take(cursor, ':')) {
        if (digits_ahead(cursor) != 2)
            return -1;
        minutes = take_digits(cursor, 2);
    }
    if (hours > 23 || minutes > 59)
        return -1;
    *offset = (hours * TIME_HOUR + minutes * TIME_MINUTE) * (west ? -1 : 1);
    return 1;
}

/* A count since 1970, told apart by its number of digits: 1e9 s is 2001, 1e11 ms is 1973. */
static bool take_epoch(struct cursor *cursor, int digits, int64_t *time)
{
    if (digits < 9 || digits > 19)
        return false;
    const int64_t unit = digits <= 10 ? TIME_SECOND : digits <= 13 ? 1000000 : digits <= 16 ? 1000 : 1;
    int64_t value = 0;
    for (int i = 0; i < digits; i++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *cursor->p++ - '0', &value))
            return false;
    int64_t fraction = 0;
    if (unit == TIME_SECOND && take(cursor, '.'))
        fraction = take_fraction(cursor);
    return !__builtin_mul_overflow(value, unit, time) && !__builtin_add_overflow(*time, fraction, time);
}

/* 1 when the text begins with enough digits to be no date with separators: read as an epoch count or as
 * YYYYMMDDhhmm[ss]; 0 when it is something else; -1 when it is neither. */
static int parse_digits(struct csv_time *result, struct cursor *cursor, struct date *date)
{
    const int digits = digits_ahead(cursor);
    if (digits < 9)
        return 0;
    if (digits == 12 || digits == 14) {
        struct cursor ahead = *cursor;
        *date = (struct date){(int)take_digits(&ahead, 4), (int)take_digits(&ahead, 2), (int)take_digits(&ahead, 2)};
        int64_t time_of_day;
        if (date->year >= 1970 && date->year < 2200 && date_is_valid(*date) && take_time_of_day(&ahead, &time_of_day) &&
            ahead.p == ahead.end) {
            result->kind = CSV_LOCAL;
            result->local = date_to_days(*date) * TIME_DAY + time_of_day;
            *cursor = ahead;
            return 1;
        }
    }
    if (!take_epoch(cursor, digits, &result->time))
        return -1;
    result->kind = CSV_EXACT;
    result->local = result->time;
    return 1;
}

static int parse(struct csv_time *result, struct cursor *cursor)
{
    struct date date = {0};
    const int by_digits = parse_digits(result, cursor, &date);
    if (by_digits != 0)
        return by_digits < 0 || cursor->p != cursor->end ? -1 : 0;
    if (!take_date(cursor, &date) || date.year < 1970 || date.year > 2261 || !date_is_valid(date))
        return -1;
    result->kind = CSV_DATE;
    result->local = date_to_days(date) * TIME_DAY;
    if (cursor->p == cursor->end)
        return 0;
    if (!take(cursor, 'T') && !take(cursor, 't')) {
        const char *before = cursor->p;
        (void)take(cursor, ',');
        skip_blanks(cursor);
        if (cursor->p == before)
            return -1;
    }
    int64_t time_of_day, offset;
    if (!take_time_of_day(cursor, &time_of_day))
        return -1;
    result->kind = CSV_LOCAL;
    result->local += time_of_day;
    const int with_offset = take_offset(cursor, &offset);
    if (with_offset < 0 || cursor->p != cursor->end)
        return -1;
    if (with_offset == 1) {
        result->kind = CSV_EXACT;
        result->time = result->local - offset;
    }
    return 0;
}

int csv_time_parse(struct csv_time *result, const char *text, size_t length, struct error *error)
{
    struct cursor cursor = {text, text + length};
    skip_blanks(&cursor);
    while (cursor.end > cursor.p && (cursor.end[-1] == ' ' || cursor.end[-1] == '\t'))
        cursor.end--;
    struct csv_time read = {.time = 0};
    if (parse(&read, &cursor) < 0 || read.time < 0)
        return error_set(error, EXIT_INPUT, "'%.*s' is not a date or time from 1970 on",
                         (int)(length > 60 ? 60 : length), text);
    if (read.kind != CSV_EXACT)
        read.time = TIME_NONE;
    *result = read;
    return 0;
}

int64_t csv_time_moment(const struct csv_time *time, const struct zone *zone)
{
    return time->kind == CSV_EXACT ? time->time : zone_to_utc(zone, time->local);
}

int64_t csv_time_date(const struct csv_time *time, const struct zone *zone)
{
    const bool as_written = time->kind != CSV_EXACT || time->local % TIME_DAY == 0;
    return (as_written ? time->local : zone_to_local(zone, time->time)) / TIME_DAY;
}
