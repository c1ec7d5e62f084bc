/* Headers of an answer: finding one, and what Retry-After says. */
#include "net/http.h"

#include "base/num.h"
#include "base/time.h"

struct str http_header_find(const struct http_response *response, const char *name)
{
    const size_t n = strlen(name);
    for (const char *p = response->headers.p; p != NULL && *p != '\0';) {
        const size_t length = strcspn(p, "\n");
        if (length > n && memcmp(p, name, n) == 0 && p[n] == ':') {
            struct str value = {p + n + 1, length - n - 1};
            for (; value.n > 0 && (*value.p == ' ' || *value.p == '\t'); value.n--)
                value.p++;
            while (value.n > 0 && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
                value.n--;
            return value;
        }
        p += length + (p[length] == '\n');
    }
    return STR("");
}

static int two_digits(const char *p)
{
    return p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9' ? -1 : (p[0] - '0') * 10 + (p[1] - '0');
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", the form every sender must use (RFC 9110 §5.6.7); TIME_NONE for others. */
static int64_t http_date(struct str text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.n != 29 || memcmp(text.p + 25, " GMT", 4) != 0 || text.p[3] != ',' || text.p[16] != ' ')
        return TIME_NONE;
    int month = 0;
    while (month < 12 && memcmp(months + 3 * (size_t)month, text.p + 8, 3) != 0)
        month++;
    const int day = two_digits(text.p + 5), century = two_digits(text.p + 12), year = two_digits(text.p + 14);
    const int hour = two_digits(text.p + 17), minute = two_digits(text.p + 20), second = two_digits(text.p + 23);
    const struct date date = {century * 100 + year, month + 1, day};
    if (month == 12 || century < 19 || century > 21 || year < 0 || date.year < 1970 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60 || !date_is_valid(date))
        return TIME_NONE;
    return date_to_days(date) * TIME_DAY + hour * TIME_HOUR + minute * TIME_MINUTE + second * TIME_SECOND;
}

int64_t http_server_time(const struct http_response *response)
{
    return http_header_find(response, "age").n > 0 ? TIME_NONE : http_date(http_header_find(response, "date"));
}

int64_t http_retry_after(const struct http_response *response, int64_t now)
{
    const struct str text = http_header_find(response, "retry-after");
    int64_t seconds = 0;
    if (text.n == 0)
        return -1;
    const int64_t moment = http_date(text);
    if (moment != TIME_NONE)
        return moment > now ? moment - now : 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return i > 0 && text.p[i] == '.' ? (seconds + 1) * TIME_SECOND : -1; /* some send fractions */
        seconds = seconds * 10 + (text.p[i] - '0');
        if (seconds > 366 * 86400)
            return 366 * TIME_DAY;
    }
    return seconds * TIME_SECOND;
}
