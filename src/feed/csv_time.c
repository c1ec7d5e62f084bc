/* The dates and times that people put into CSV files. A cursor goes over the text; every part is checked as it is
 * read, and what is left over at the end refuses the whole. */
#include "feed/csv_time.h"

#include "base/time.h"
#include "feed/csv_month.h"

#include <strings.h>

struct cursor {
    const char *p, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of letters beyond ASCII count too: the months of some languages have them. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
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

/* A month's name, with or without the point of a short form. */
static int take_month(struct cursor *cursor)
{
    const char *begin = cursor->p, *p = begin;
    while (p < cursor->end && is_letter(*p))
        p++;
    const int month = csv_month_find(begin, (size_t)(p - begin));
    if (month == 0)
        return 0;
    cursor->p = p;
    (void)take(cursor, '.');
    return month;
}

static int year_of(int64_t value, int digits)
{
    if (digits == 2)
        return (int)(value >= 70 ? 1900 + value : 2000 + value);
    return digits == 4 ? (int)value : 0;
}

static bool take_year(struct cursor *cursor, struct date *date)
{
    const int digits = digits_ahead(cursor);
    date->year = digits == 2 || digits == 4 ? year_of(take_digits(cursor, digits), digits) : 0;
    return date->year != 0;
}

/* Nov 20, 2026 */
static bool take_named(struct cursor *cursor, struct date *date)
{
    date->month = take_month(cursor);
    if (date->month == 0)
        return false;
    if (!take(cursor, '-') && !take(cursor, '/'))
        skip_blanks(cursor);
    const int digits = digits_ahead(cursor);
    if (digits < 1 || digits > 2)
        return false;
    date->day = (int)take_digits(cursor, digits);
    if (!take(cursor, ',') && !take(cursor, '-') && !take(cursor, '/') && !take(cursor, ' '))
        return false;
    skip_blanks(cursor);
    return take_year(cursor, date);
}

struct numbers {
    int64_t first, second, third;
    int third_digits;
    char separator;
};

static struct date date_under(const struct numbers *n, enum csv_dates dates)
{
    if (dates == DATES_YMD)
        return (struct date){year_of(n->first, 2), (int)n->second, (int)n->third};
    const int year = year_of(n->third, n->third_digits);
    return dates == DATES_DMY ? (struct date){year, (int)n->second, (int)n->first}
                              : (struct date){year, (int)n->first, (int)n->second};
}

/* The date under the asked order, and the set of orders that give one. */
static bool resolve(struct csv_time *result, struct date *date, const struct numbers *n, enum csv_dates dates)
{
    static const enum csv_dates all[] = {DATES_MDY, DATES_DMY, DATES_YMD};
    unsigned possible = 0;
    for (size_t i = 0; i < 3; i++) {
        if (all[i] == DATES_YMD && (n->third_digits != 2 || n->separator == '/'))
            continue;
        const struct date under = date_under(n, all[i]);
        possible |= under.year != 0 && date_is_valid(under) ? (unsigned)all[i] : 0;
    }
    result->dotted = n->separator == '.';
    if (dates == DATES_ANY) {
        const enum csv_dates first = result->dotted ? DATES_DMY : DATES_MDY;
        const enum csv_dates second = result->dotted ? DATES_MDY : DATES_DMY;
        dates = (possible & first) != 0 ? first : (possible & second) != 0 ? second : DATES_YMD;
    }
    result->orders = (unsigned char)possible;
    if (possible == (DATES_MDY | DATES_DMY) && n->first == n->second)
        result->orders = 0;
    *date = date_under(n, dates);
    return (possible & dates) != 0;
}

static bool take_date(struct cursor *cursor, struct csv_time *result, struct date *date, enum csv_dates dates)
{
    struct numbers n;
    const int first_digits = digits_ahead(cursor);
    if (first_digits == 0)
        return take_named(cursor, date);
    if (first_digits == 8) {
        *date = (struct date){(int)take_digits(cursor, 4), (int)take_digits(cursor, 2), (int)take_digits(cursor, 2)};
        return true;
    }
    if (first_digits != 4 && first_digits > 2)
        return false;
    n.first = take_digits(cursor, first_digits);
    if (cursor->p == cursor->end)
        return false;
    n.separator = *cursor->p++;
    if (n.separator != '-' && n.separator != '/' && n.separator != '.' && n.separator != ' ')
        return false;
    if (n.separator == '.')
        skip_blanks(cursor);                                /* 28. Juni 2024 */
    if (cursor->p < cursor->end && is_letter(*cursor->p)) { /* 20-Nov-2026 */
        date->day = (int)n.first;
        date->month = take_month(cursor);
        if (date->month == 0 || first_digits > 2)
            return false;
        if (!take(cursor, n.separator) && !take(cursor, ' ') && !take(cursor, ','))
            return false;
        skip_blanks(cursor);
        return take_year(cursor, date);
    }
    if (n.separator == ' ')
        return false;
    const int second_digits = digits_ahead(cursor);
    if (second_digits < 1 || second_digits > 2)
        return false;
    n.second = take_digits(cursor, second_digits);
    if (!take(cursor, n.separator))
        return false;
    n.third_digits = digits_ahead(cursor);
    if (n.third_digits != 1 && n.third_digits != 2 && n.third_digits != 4)
        return false;
    n.third = take_digits(cursor, n.third_digits);
    if (first_digits == 4) {
        *date = (struct date){(int)n.first, (int)n.second, (int)n.third};
        return n.third_digits <= 2;
    }
    return resolve(result, date, &n, dates);
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
    if (digits >= 3 && digits <= 6) { /* 930, 0930, 93000, 093000 */
        hour = take_digits(cursor, 2 - digits % 2);
        minute = take_digits(cursor, 2);
        if (digits >= 5)
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

/* Standard and daylight time of the zones in which files of New York's markets are written; others are not unique. */
static bool take_abbreviation(struct cursor *cursor, int64_t *offset)
{
    static const struct {
        const char *name;
        int hours;
    } known[] = {{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6},
                 {"pst", -8}, {"pdt", -7}, {"cet", 1},  {"cest", 2}, {"jst", 9}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (take_word(cursor, known[i].name)) {
            *offset = known[i].hours * TIME_HOUR;
            return true;
        }
    return false;
}

/* A zone's name to the end of the text: America/New_York, US/Eastern. */
static bool take_zone(struct cursor *cursor, struct str *zone)
{
    *zone = (struct str){cursor->p, (size_t)(cursor->end - cursor->p)};
    bool slash = false;
    for (const char *p = cursor->p; p < cursor->end; p++) {
        if (!is_letter(*p) && *p != '/' && *p != '_' && *p != '-' && *p != '+' && !is_digit(*p))
            return false;
        slash |= *p == '/';
    }
    cursor->p = cursor->end;
    return slash && zone->n < 64;
}

/* 1: an offset was read; 0: there is none, or a zone's name; -1: not an offset. */
static int take_offset(struct cursor *cursor, int64_t *offset, struct str *zone)
{
    skip_blanks(cursor);
    *offset = 0;
    if (cursor->p == cursor->end)
        return 0;
    if (take_word(cursor, "z") || take_word(cursor, "utc") || take_word(cursor, "gmt")) {
        if (cursor->p == cursor->end)
            return 1;
    } else if (take_abbreviation(cursor, offset)) {
        return 1;
    }
    if (is_letter(*cursor->p))
        return take_zone(cursor, zone) ? 0 : -1;
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
static int parse_digits(struct csv_time *result, struct cursor *cursor)
{
    const int digits = digits_ahead(cursor);
    if (digits < 9)
        return 0;
    if (digits == 12 || digits == 14) {
        struct cursor ahead = *cursor;
        const struct date date = {(int)take_digits(&ahead, 4), (int)take_digits(&ahead, 2),
                                  (int)take_digits(&ahead, 2)};
        int64_t time_of_day;
        if (date.year >= CSV_YEAR_FIRST && date.year < 2200 && date_is_valid(date) &&
            take_time_of_day(&ahead, &time_of_day) && ahead.p == ahead.end) {
            result->kind = CSV_LOCAL;
            result->local = date_to_days(date) * TIME_DAY + time_of_day;
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

/* A day of the week in front says nothing that the date does not. */
static void skip_weekday(struct cursor *cursor)
{
    static const char *const day[] = {"mon",    "tue",     "wed",       "thu",      "fri",    "sat",      "sun",
                                      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (size_t i = 0; i < sizeof day / sizeof *day; i++)
        if (take_word(cursor, day[i])) {
            (void)take(cursor, ',');
            skip_blanks(cursor);
            return;
        }
}

/* Between a date and a time of day. */
static bool take_between(struct cursor *cursor)
{
    const char *before = cursor->p;
    if (take(cursor, 'T') || take(cursor, 't'))
        return true;
    (void)(take(cursor, ',') || take(cursor, ';'));
    skip_blanks(cursor);
    return cursor->p != before;
}

static int parse(struct csv_time *result, struct cursor *cursor, enum csv_dates dates)
{
    struct date date = {0};
    const int by_digits = parse_digits(result, cursor);
    if (by_digits != 0)
        return by_digits < 0 || cursor->p != cursor->end ? -1 : 0;
    skip_weekday(cursor);
    if (!take_date(cursor, result, &date, dates) || date.year < CSV_YEAR_FIRST || date.year > CSV_YEAR_LAST ||
        !date_is_valid(date))
        return -1;
    result->kind = CSV_DATE;
    result->local = date_to_days(date) * TIME_DAY;
    if (cursor->p == cursor->end)
        return 0;
    int64_t time_of_day, offset;
    if (!take_between(cursor) || !take_time_of_day(cursor, &time_of_day))
        return -1;
    result->kind = CSV_LOCAL;
    result->local += time_of_day;
    const int with_offset = take_offset(cursor, &offset, &result->zone);
    if (with_offset < 0 || cursor->p != cursor->end)
        return -1;
    if (with_offset == 1) {
        result->kind = CSV_EXACT;
        result->time = result->local - offset;
    }
    return 0;
}

int csv_time_parse(struct csv_time *result, const char *text, size_t length, enum csv_dates dates, struct error *error)
{
    struct cursor cursor = {text, text + length};
    skip_blanks(&cursor);
    while (cursor.end > cursor.p && (cursor.end[-1] == ' ' || cursor.end[-1] == '\t'))
        cursor.end--;
    struct csv_time read = {.zone = STR("")};
    if (parse(&read, &cursor, dates) < 0)
        return error_set(error, EXIT_INPUT, "'%.*s' is not a date or time from %d on%s%s",
                         (int)(length > 60 ? 60 : length), text, CSV_YEAR_FIRST, dates == DATES_ANY ? "" : ", written ",
                         dates == DATES_ANY ? "" : csv_dates_text(dates));
    if (read.kind != CSV_EXACT)
        read.time = TIME_NONE;
    *result = read;
    return 0;
}

int64_t csv_time_moment(const struct csv_time *time, const struct zone *zone)
{
    return time->kind == CSV_EXACT ? time->time : zone_to_utc(zone, time->local);
}

static int64_t day_of(int64_t local)
{
    return local / TIME_DAY - (local % TIME_DAY < 0);
}

int64_t csv_time_local(const struct csv_time *time, const struct zone *zone, bool as_written)
{
    return time->kind != CSV_EXACT || (as_written && time->local % TIME_DAY == 0) ? time->local
                                                                                  : zone_to_local(zone, time->time);
}

int64_t csv_time_date(const struct csv_time *time, const struct zone *zone)
{
    return day_of(csv_time_local(time, zone, true));
}

bool csv_time_is_skipped(const struct csv_time *time, const struct zone *zone)
{
    return time->kind == CSV_LOCAL && zone_to_local(zone, zone_to_utc(zone, time->local)) != time->local;
}

const char *csv_dates_text(enum csv_dates dates)
{
    return dates == DATES_MDY ? "month/day/year" : dates == DATES_DMY ? "day/month/year" : "year-month-day";
}
