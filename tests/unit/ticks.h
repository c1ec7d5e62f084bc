/* What the tests of bars share: times, intervals, prices and trades as text. */
#ifndef TN_TESTS_TICKS_H
#define TN_TESTS_TICKS_H

#include "market/bar_builder.h"
#include "tap.h"

static struct calendar nyse;
static struct error error;

static inline int64_t moment(const char *text)
{
    int64_t result = TIME_NONE;
    error_clear(&error);
    if (time_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static inline struct interval interval(const char *text)
{
    struct interval result = {INTERVAL_NONE, 0};
    error_clear(&error);
    if (interval_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static inline dec number(const char *text)
{
    dec result = DEC_NONE;
    error_clear(&error);
    if (dec_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static inline struct trade trade(const char *time, const char *price, const char *quantity)
{
    return (struct trade){.symbol = "XYZ", .time = moment(time), .price = number(price), .quantity = number(quantity)};
}

static inline struct bar_builder builder_of(const char *length, bool extended)
{
    struct bar_builder builder;
    struct interval wanted = interval(length);
    if (bar_builder_init(&builder, wanted, &nyse, extended, &error))
        printf("# %s\n", error.text);
    return builder;
}

#endif
