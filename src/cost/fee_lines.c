/* Words, numbers and dates of a schedule of fees. */
#include "cost/fee_lines.h"

#include "base/time.h"

#include <string.h>

int fee_wrong(const struct fee_reading *reading, const char *what, struct str word)
{
    return error_set(reading->error, EXIT_INPUT, "%s: line %u: '%.*s': %s", reading->file, reading->line,
                     (int)(word.n < 60 ? word.n : 60), word.p, what);
}

struct str fee_trim(struct str text)
{
    while (text.n > 0 && strchr(" \t\r", text.p[0]) != NULL)
        text = (struct str){text.p + 1, text.n - 1};
    while (text.n > 0 && strchr(" \t\r", text.p[text.n - 1]) != NULL)
        text.n--;
    return text;
}

struct str fee_cut(struct str *text, char at)
{
    const char *found = memchr(text->p, at, text->n);
    const size_t n = found == NULL ? text->n : (size_t)(found - text->p);
    const struct str part = {text->p, n};
    *text = found == NULL ? (struct str){text->p + n, 0} : (struct str){found + 1, text->n - n - 1};
    return fee_trim(part);
}

struct str fee_next_word(struct str *text)
{
    *text = fee_trim(*text);
    size_t n = 0;
    while (n < text->n && strchr(" \t", text->p[n]) == NULL)
        n++;
    const struct str word = {text->p, n};
    *text = (struct str){text->p + n, text->n - n};
    return word;
}

int fee_read_number(const struct fee_reading *reading, struct str word, dec *value, bool *share)
{
    *share = word.n > 0 && word.p[word.n - 1] == '%';
    if (dec_parse(value, word.p, word.n - *share, NULL) != 0)
        return fee_wrong(reading, "not a number", word);
    if (*share && *value % 100 != 0)
        return fee_wrong(reading, "more than 6 decimals of a percentage", word);
    *value /= *share ? 100 : 1;
    return 0;
}

int fee_read_day(const struct fee_reading *reading, struct str word, int64_t *day)
{
    struct date date;
    struct error ignored = {0};
    if (date_parse(&date, word.p, word.n, &ignored) != 0)
        return fee_wrong(reading, "not a date", word);
    *day = date_to_days(date);
    return 0;
}

int fee_read_dates(const struct fee_reading *reading, struct str text, int64_t *from, int64_t *to)
{
    text = fee_trim(text);
    for (size_t i = 0; i + 1 < text.n; i++)
        if (text.p[i] == '.' && text.p[i + 1] == '.')
            return fee_read_day(reading, (struct str){text.p, i}, from) != 0
                       ? -1
                       : fee_read_day(reading, (struct str){text.p + i + 2, text.n - i - 2}, to);
    return fee_read_day(reading, text, from);
}
