/* A line of returns. */
#include "tn-report/returns_line.h"

#include "base/num.h"

#include <stdio.h>
#include <string.h>

int returns_cut(struct str line, struct str cell[static RETURNS_COLUMNS_MAX])
{
    const char separator = memchr(line.p, ';', line.n) != NULL    ? ';'
                           : memchr(line.p, '\t', line.n) != NULL ? '\t'
                                                                  : ',';
    int count = 0;
    for (const char *p = line.p, *end = line.p + line.n; count < RETURNS_COLUMNS_MAX; count++) {
        const char *from = p; /* a separator within quotes is none */
        if (p < end && *p == '"') {
            const char *quote = memchr(p + 1, '"', (size_t)(end - p - 1));
            from = quote == NULL ? p : quote + 1;
        }
        const char *next = memchr(from, separator, (size_t)(end - from));
        struct str one = {p, (size_t)((next == NULL ? end : next) - p)};
        while (one.n > 0 && (*one.p == ' ' || *one.p == '"'))
            one.p++, one.n--;
        while (one.n > 0 && (one.p[one.n - 1] == ' ' || one.p[one.n - 1] == '"' || one.p[one.n - 1] == '\r'))
            one.n--;
        cell[count] = one;
        if (next == NULL)
            return count + 1;
        p = next + 1;
    }
    return RETURNS_COLUMNS_MAX;
}

bool returns_number(struct str text, double *value)
{
    struct error ignored = {0};
    const bool percent = text.n > 1 && text.p[text.n - 1] == '%';
    char plain[64];
    size_t n = percent ? text.n - 1 : text.n;
    while (n > 0 && text.p[n - 1] == ' ')
        n--;
    const char *p = text.p;
    if (n > 0 && *p == '+')
        p++, n--;
    const bool negative = n > 0 && *p == '-';
    const size_t sign = negative;
    if (n == 0 || n + 2 > sizeof plain)
        return false;
    /* JSON's grammar wants a digit before the point. */
    const bool bare = n > sign && p[sign] == '.';
    (void)snprintf(plain, sizeof plain, "%s%s%.*s", negative ? "-" : "", bare ? "0" : "", (int)(n - sign), p + sign);
    if (num_parse(value, plain, strlen(plain), &ignored) != 0)
        return false;
    if (percent)
        *value /= 100;
    return true;
}

bool returns_date(struct str text, int64_t *time)
{
    struct error ignored = {0};
    char month[TIME_TEXT_MAX];
    struct date date;
    if (time_parse(time, text.p, text.n, &ignored) == 0)
        return true;
    if (text.n != 7)
        return false;
    error_clear(&ignored);
    (void)snprintf(month, sizeof month, "%.7s-01", text.p);
    if (date_parse(&date, month, 10, &ignored) != 0)
        return false;
    date.day = date_days_in_month(date.year, date.month);
    *time = date_to_days(date) * TIME_DAY;
    return true;
}
