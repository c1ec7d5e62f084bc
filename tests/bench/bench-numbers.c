/* What numbers cost, beside the C library doing the same: nanoseconds a piece, medians of interleaved runs. */
#include "base/dec.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "expr/expr.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 20000, RUNS = 11 };

static double number[COUNT];
static dec price[COUNT];
static char text[COUNT][NUM_TEXT_MAX];
static size_t length[COUNT];
static double sink;

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void format_num(void)
{
    for (int i = 0; i < COUNT; i++)
        length[i] = num_format(text[i], number[i]);
}

static void format_libc(void)
{
    char shown[64];
    for (int i = 0; i < COUNT; i++)
        sink += snprintf(shown, sizeof shown, "%.17g", number[i]);
}

static void parse_num(void)
{
    struct error error = {0};
    double value = 0;
    for (int i = 0; i < COUNT; i++)
        sink += num_parse(&value, text[i], length[i], &error) == 0 ? value : 0;
}

static void parse_libc(void)
{
    for (int i = 0; i < COUNT; i++)
        sink += strtod(text[i], NULL);
}

static void format_dec(void)
{
    for (int i = 0; i < COUNT; i++)
        length[i] = dec_format(text[i], price[i]);
}

static void parse_dec(void)
{
    dec value = 0;
    for (int i = 0; i < COUNT; i++)
        sink += dec_parse(&value, text[i], length[i], NULL) == 0 ? (double)value : 0;
}

static void multiply_dec(void)
{
    dec value = 0;
    for (int i = 1; i < COUNT; i++)
        sink += dec_multiply(&value, price[i], price[i - 1], ROUND_HALF_EVEN) == 0 ? (double)value : 0;
}

static struct record record;
static struct expr *expr;

static void test_expr(void)
{
    struct error error = {0};
    for (int i = 0; i < COUNT; i++)
        sink += expr_test(expr, &record, &error);
}

/* `yardstick` may be NULL. */
static void measure(const char *name, void (*subject)(void), void (*yardstick)(void))
{
    double times[2][RUNS] = {0};
    for (int run = 0; run < RUNS; run++) {
        for (int which = 0; which < 2; which++) {
            void (*work)(void) = which == 0 ? subject : yardstick;
            const int64_t start = time_monotonic();
            if (work != NULL)
                work();
            times[which][run] = (double)(time_monotonic() - start) / COUNT;
        }
    }
    qsort(times[0], RUNS, sizeof times[0][0], compare_doubles);
    qsort(times[1], RUNS, sizeof times[1][0], compare_doubles);
    printf("%-34s %6.1f ns", name, times[0][RUNS / 2]);
    if (yardstick != NULL)
        printf("   C library %6.1f ns   %.1f times", times[1][RUNS / 2], times[1][RUNS / 2] / times[0][RUNS / 2]);
    printf("\n");
}

int main(void)
{
    struct random random;
    random_init(&random, 1);
    for (int i = 0; i < COUNT; i++)
        number[i] = random_uniform(&random) * 100;
    measure("write doubles, 0 to 100", format_num, format_libc);
    measure("read doubles, 0 to 100", parse_num, parse_libc);
    for (int i = 0; i < COUNT; i++)
        number[i] = floor(random_uniform(&random) * 1e7);
    measure("write volumes", format_num, format_libc);
    measure("read volumes", parse_num, parse_libc);
    for (int i = 0; i < COUNT; i++)
        number[i] = exp(random_normal(&random) * 100);
    measure("write doubles of any size", format_num, format_libc);
    measure("read doubles of any size", parse_num, parse_libc);
    for (int i = 0; i < COUNT; i++)
        price[i] = (dec)random_below(&random, 100000) * 1000000;
    measure("write prices", format_dec, NULL);
    measure("read prices", parse_dec, parse_libc);
    measure("multiply prices", multiply_dec, NULL);

    static const char line[] =
        "{\"type\":\"bar\",\"time\":\"2024-01-02T14:30:00Z\",\"symbol\":\"AAPL\",\"interval\":\"1m\","
        "\"open\":187.15,\"high\":188.44,\"low\":183.88,\"close\":185.64,\"volume\":82488700,"
        "\"rsi_14\":57.123456789012345}";
    static const char *const questions[] = {"close > 100",      "close > open",         "rsi_14 > 30",
                                            "symbol == 'AAPL'", "time >= '2024-01-02'", "(high - low) / open > 0.02"};
    struct buf scratch;
    struct error error = {0};
    buf_init(&scratch, 1 << 20);
    record.scratch = &scratch;
    int failed = record_scan(&record, line, sizeof line - 1, &error);
    for (size_t i = 0; failed == 0 && i < sizeof questions / sizeof *questions; i++) {
        expr = expr_parse(questions[i], &error);
        if (expr == NULL)
            failed = -1;
        else
            measure(questions[i], test_expr, NULL);
        expr_free(expr);
    }
    buf_clear(&scratch);
    if (failed != 0)
        (void)fprintf(stderr, "%s\n", error.text);
    return failed != 0 || !isfinite(sink);
}
