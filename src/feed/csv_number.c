/* Reads numbers as spreadsheets and vendors write them: everything becomes a plain number first. */
#include "feed/csv_number.h"

#include "base/num.h"

#include <math.h>
#include <strings.h>

#define PLAIN_MAX 320 /* a double written out has at most 309 digits before the point */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many bytes of a blank or apostrophe that groups digits are here; 0 for none. */
static size_t group_blank(const char *p, const char *end)
{
    const size_t n = (size_t)(end - p);
    if (*p == ' ' || *p == '\'' || *p == '_' || *p == '\xa0')
        return 1;
    if (n >= 2 && memcmp(p, "\xc2\xa0", 2) == 0) /* no-break space */
        return 2;
    if (n >= 3 && (memcmp(p, "\xe2\x80\xaf", 3) == 0 || memcmp(p, "\xe2\x80\x89", 3) == 0 ||
                   memcmp(p, "\xe2\x80\x99", 3) == 0)) /* narrow and thin space, apostrophe */
        return 3;
    return 0;
}

/* Without the currency signs and blanks around it. */
static struct str trim(struct str text)
{
    static const char *const sign[] = {"$",
                                       "\xe2\x82\xac" /* euro */,
                                       "\xc2\xa3" /* pound */,
                                       "\xc2\xa5" /* yen */,
                                       " ",
                                       "\t",
                                       "USD",
                                       "EUR",
                                       "GBP",
                                       "\xc2\xa0"};
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof sign / sizeof *sign; i++) {
            const size_t n = strlen(sign[i]);
            if (text.n >= n && memcmp(text.p, sign[i], n) == 0) {
                text = (struct str){text.p + n, text.n - n};
                again = true;
            }
            if (text.n >= n && memcmp(text.p + text.n - n, sign[i], n) == 0) {
                text.n -= n;
                again = true;
            }
        }
    }
    return text;
}

enum csv_mark csv_number_mark(struct str text)
{
    int points = 0, commas = 0, since = 0, before = 0;
    char last = '\0', first = '\0';
    bool zero = false;
    text = trim(text);
    for (const char *p = text.p, *end = p + text.n; p < end; p++) {
        if (*p == '.' || *p == ',') {
            points += *p == '.';
            commas += *p == ',';
            if (last == '\0') {
                before = since;
                zero = since == 0 || (since == 1 && first == '0');
            }
            last = *p;
            since = 0;
        } else if (is_digit(*p)) {
            if (first == '\0')
                first = *p;
            since++;
        } else if (group_blank(p, end) == 0 && *p != '-' && *p != '+' && *p != '\x80' && (*p & 0x80) == 0) {
            return p + 1 == end && (points > 0 || commas > 0) && points + commas == 1
                       ? (last == '.' ? MARK_POINT : MARK_COMMA) /* 82.54M */
                       : MARK_NONE;
        }
    }
    if (points + commas == 0)
        return MARK_NONE;
    if (points > 0 && commas > 0)
        return last == '.' ? MARK_POINT : MARK_COMMA;
    if (points + commas > 1) /* one mark several times groups */
        return points > 0 ? MARK_COMMA : MARK_POINT;
    if (since == 3 && before <= 3 && !zero)
        return MARK_EITHER;
    return points > 0 ? MARK_POINT : MARK_COMMA;
}

bool csv_number_is_null(struct str text)
{
    static const char *const word[] = {"null", "nan", "n/a", "na", "none", "-", "--", "nil", "\xe2\x80\x94", "#n/a"};
    if (text.n == 0)
        return true;
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (text.n == strlen(word[i]) && strncasecmp(text.p, word[i], text.n) == 0)
            return true;
    return false;
}

/* Digits, groups taken out: 0 when the groups before the mark are not of three (or, as in India, of two and then
 * three) digits. */
static size_t whole_part(char out[static PLAIN_MAX], size_t n, const char **at, const char *end, char mark)
{
    const char group = mark == '.' ? ',' : '.';
    const char *p = *at;
    int digits = 0, groups = 0;
    while (p < end && *p != mark) {
        const size_t blank = *p == group ? 1 : group_blank(p, end);
        if (blank > 0) {
            const bool fits = groups == 0 ? digits >= 1 && digits <= 3 : digits == 2 || digits == 3;
            if (!fits)
                return 0;
            groups++;
            digits = 0;
            p += blank;
        } else if (is_digit(*p) && n < PLAIN_MAX - 1) {
            out[n++] = *p++;
            digits++;
        } else {
            break;
        }
    }
    if (groups > 0 && digits != 3)
        return 0;
    *at = p;
    return n;
}

/* The text as a number of JSON's grammar; false when it is none. An exponent is taken over. */
static bool make_plain(char out[static PLAIN_MAX], size_t *length, struct str text, char mark)
{
    const char *p = text.p, *end = p + text.n;
    size_t n = 0;
    if (p < end && (*p == '-' || *p == '+')) {
        if (*p == '-')
            out[n++] = '-';
        p++;
    }
    const size_t begin = n;
    if (p < end && *p == mark)
        out[n++] = '0';
    else if ((n = whole_part(out, n, &p, end, mark)) == 0)
        return false;
    if (n == begin)
        return false;
    size_t zeros = begin; /* 007.5 */
    while (zeros + 1 < n && out[zeros] == '0')
        zeros++;
    memmove(out + begin, out + zeros, n - zeros);
    n -= zeros - begin;
    if (p < end && *p == mark) {
        out[n++] = '.';
        for (p++; p < end && is_digit(*p) && n < PLAIN_MAX - 1; p++)
            out[n++] = *p;
        if (out[n - 1] == '.')
            n--;
    }
    for (; p < end && n < PLAIN_MAX - 1; p++) { /* the parser that follows judges an exponent */
        if (!is_digit(*p) && *p != 'e' && *p != 'E' && *p != '+' && *p != '-')
            return false;
        out[n++] = *p;
    }
    *length = n;
    return p == end;
}

static int refuse(struct str text, const char *what, const char *why, struct error *error)
{
    return error_set(error, EXIT_INPUT, "%s '" STR_FMT "': %s", what, text.n > 40 ? 40 : (int)text.n, text.p, why);
}

static int check_rounding(dec value, struct str plain, struct str text, const char *what, struct error *error)
{
    double exact;
    struct error ignored = {0};
    if (num_parse(&exact, plain.p, plain.n, &ignored) < 0)
        return 0;
    if (fabs(dec_to_double(value) - exact) <= fabs(exact) * 1e-4)
        return 0;
    (void)refuse(text, what, "it needs more than 8 decimals", error);
    error_hint(error, "use larger units, such as prices per thousand");
    return -1;
}

int csv_price_parse(dec *result, bool *rounded, struct str text, char mark, const char *what, struct error *error)
{
    char plain[PLAIN_MAX];
    struct error cause = {0};
    struct str number = text;
    *rounded = false;
    if (mark == '.' && dec_parse_rounded(result, rounded, text.p, text.n, &cause) == 0)
        return *rounded ? check_rounding(*result, text, text, what, error) : 0;
    if (text.n == 0)
        return error_set(error, EXIT_INPUT, "%s is empty", what);
    number.p = plain;
    if (!make_plain(plain, &number.n, trim(text), mark))
        return refuse(text, what, cause.text[0] != '\0' ? cause.text : "it is not a number", error);
    error_clear(&cause);
    if (dec_parse_rounded(result, rounded, number.p, number.n, &cause) < 0)
        return refuse(text, what, cause.text, error);
    return *rounded ? check_rounding(*result, number, text, what, error) : 0;
}

static double suffix_value(char c)
{
    switch (c) {
    case 'k':
    case 'K':
        return 1e3;
    case 'm':
    case 'M':
        return 1e6;
    case 'b':
    case 'B':
        return 1e9;
    case 't':
    case 'T':
        return 1e12;
    default:
        return 0;
    }
}

/* 82.54M is 82540000, not 82540000.00000001: the value is moved by decimal digits, not multiplied. */
static int scaled(double *result, char plain[static PLAIN_MAX], size_t n, double factor, struct error *error)
{
    if (factor != 0) {
        const int exponent = factor >= 1e12 ? 12 : factor >= 1e9 ? 9 : factor >= 1e6 ? 6 : 3;
        if (n + 4 > PLAIN_MAX)
            return error_set(error, EXIT_INPUT, "it is too long");
        plain[n++] = 'e';
        if (exponent == 12)
            plain[n++] = '1';
        plain[n++] = (char)('0' + exponent % 10);
    }
    return num_parse(result, plain, n, error);
}

int csv_count_parse(double *result, struct str text, char mark, const char *what, struct error *error)
{
    char plain[PLAIN_MAX];
    size_t n;
    struct error cause = {0};
    *result = NAN;
    if (csv_number_is_null(text))
        return 0;
    if (mark == '.' && num_parse(result, text.p, text.n, &cause) == 0)
        return 0;
    struct str number = trim(text);
    double factor = number.n > 1 ? suffix_value(number.p[number.n - 1]) : 0;
    if (factor != 0)
        number = trim((struct str){number.p, number.n - 1});
    if (!make_plain(plain, &n, number, mark))
        return refuse(text, what, cause.text[0] != '\0' ? cause.text : "it is not a number", error);
    error_clear(&cause);
    if (scaled(result, plain, n, factor, &cause) == 0)
        return 0;
    *result = NAN;
    return refuse(text, what, cause.text, error);
}
