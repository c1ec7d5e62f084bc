/* Values of expressions: numbers that stay exact as long as they can, texts that may be times. */
#include "expr/tree.h"

#include "base/num.h"
#include "base/time.h"

#include <math.h>

const char *value_type_words(enum value_type type)
{
    static const char *const words[] = {"null",      "true or false", "a number", "text",
                                        "an object", "an array",      "a field"};
    return words[type];
}

int value_read_number(struct value *value, struct str text, struct error *error)
{
    value->type = TYPE_NUMBER;
    value->exact = dec_parse(&value->decimal, text.p, text.n, NULL) == 0;
    return value->exact ? 0 : num_parse(&value->number, text.p, text.n, error);
}

double value_as_double(const struct value *number)
{
    return number->exact ? dec_to_double(number->decimal) : number->number;
}

int value_compare_numbers(const struct value *a, const struct value *b)
{
    if (a->exact && b->exact)
        return (a->decimal > b->decimal) - (a->decimal < b->decimal);
    const double x = value_as_double(a), y = value_as_double(b);
    return (x > y) - (x < y);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool value_looks_like_date(struct str text)
{
    const char *p = text.p;
    if (text.n < 10)
        return false;
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? p[i] != '-' : !is_digit(p[i]))
            return false;
    return true;
}

int64_t value_moment(struct str text)
{
    /* Most texts are no times: find out before a reader writes an error about it. */
    if (text.n > 40 || !value_looks_like_date(text))
        return TIME_NONE;
    struct error error;
    error_clear(&error);
    int64_t moment;
    return time_parse(&moment, text.p, text.n, &error) == 0 ? moment : TIME_NONE;
}

static int64_t moment_of(const struct value *text)
{
    return text->moment == MOMENT_UNREAD ? value_moment(text->text) : text->moment;
}

int value_compare_texts(const struct value *a, const struct value *b)
{
    /* A constant knows already whether it is a time; when it is none, the field need not be tried. */
    if (a->moment != TIME_NONE && b->moment != TIME_NONE) {
        const int64_t x = moment_of(a), y = x == TIME_NONE ? TIME_NONE : moment_of(b);
        if (y != TIME_NONE)
            return (x > y) - (x < y);
    }
    const size_t common = a->text.n < b->text.n ? a->text.n : b->text.n;
    const int order = common == 0 ? 0 : memcmp(a->text.p, b->text.p, common);
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a->text.n > b->text.n) - (a->text.n < b->text.n);
}

static void set_exact(struct value *result, dec value)
{
    *result = (struct value){.type = TYPE_NUMBER, .exact = true, .decimal = value};
}

static void set_double(struct value *result, double value)
{
    if (isfinite(value))
        *result = (struct value){.type = TYPE_NUMBER, .number = value};
    else
        *result = (struct value){.type = TYPE_NULL};
}

void value_add(struct value *result, const struct value *a, const struct value *b)
{
    dec sum;
    if (a->exact && b->exact && dec_add(&sum, a->decimal, b->decimal) == 0)
        set_exact(result, sum);
    else
        set_double(result, value_as_double(a) + value_as_double(b));
}

void value_subtract(struct value *result, const struct value *a, const struct value *b)
{
    dec difference;
    if (a->exact && b->exact && dec_subtract(&difference, a->decimal, b->decimal) == 0)
        set_exact(result, difference);
    else
        set_double(result, value_as_double(a) - value_as_double(b));
}

/* A product or quotient is a decimal when rounding it down and up makes no difference. */
void value_multiply(struct value *result, const struct value *a, const struct value *b)
{
    dec low, high;
    if (a->exact && b->exact && dec_multiply(&low, a->decimal, b->decimal, ROUND_FLOOR) == 0 &&
        dec_multiply(&high, a->decimal, b->decimal, ROUND_CEILING) == 0 && low == high)
        set_exact(result, low);
    else
        set_double(result, value_as_double(a) * value_as_double(b));
}

void value_divide(struct value *result, const struct value *a, const struct value *b)
{
    dec low, high;
    if (a->exact && b->exact && dec_divide(&low, a->decimal, b->decimal, ROUND_FLOOR) == 0 &&
        dec_divide(&high, a->decimal, b->decimal, ROUND_CEILING) == 0 && low == high)
        set_exact(result, low);
    else
        set_double(result, value_as_double(a) / value_as_double(b));
}

void value_remainder(struct value *result, const struct value *a, const struct value *b)
{
    if (a->exact && b->exact && b->decimal != 0)
        set_exact(result, a->decimal % b->decimal);
    else
        set_double(result, fmod(value_as_double(a), value_as_double(b)));
}

void value_negate(struct value *result, const struct value *a)
{
    if (a->exact)
        set_exact(result, -a->decimal);
    else
        set_double(result, -a->number);
}
