/* Axes of values. Those of time are in scale_time.c. */
#include "show/scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define THIN "\u202f"

#define RANGE_MOST 1e300
#define RANGE_LEAST                                                                                                    \
    1e-11 /* of its size: a double has 16 digits, and a range has up to 64 steps with digits of their own */
#define RANGE_WIDENING 0.01

void scale_range(double *low, double *high)
{
    *low = fmax(*low, -RANGE_MOST);
    *high = fmin(*high, RANGE_MOST);
    const double size = fmax(fabs(*low), fabs(*high));
    if (*high - *low > size * RANGE_LEAST)
        return;
    const double margin = size > 0 ? size * RANGE_WIDENING : 1;
    *low -= margin;
    *high += margin;
}

double scale_step(double low, double high, int most)
{
    const double span = high - low;
    if (!(span > 0) || !isfinite(span))
        return 1;
    static const double nice[] = {1, 2, 2.5, 5, 10};
    const double unit = pow(10, floor(log10(span / most)));
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++)
        if (span / (nice[i] * unit) <= most * (1 + 1e-9))
            return nice[i] * unit;
    return 10 * unit;
}

int scale_digits(double step)
{
    int digits = 0;
    while (digits < 8 && fabs(step - nearbyint(step)) > 1e-6 * fabs(step)) {
        step *= 10;
        digits++;
    }
    return digits;
}

void scale_init(struct scale *scale, double low, double high, bool log_wanted, double from, double to)
{
    scale_range(&low, &high);
    *scale = (struct scale){.low = low, .high = high, .log = log_wanted && low > 0, .from = from, .to = to};
}

double scale_place(const struct scale *scale, double value)
{
    double part = (value - scale->low) / (scale->high - scale->low);
    if (scale->log)
        part = value > 0 ? log(value / scale->low) / log(scale->high / scale->low) : 0;
    return scale->from + (scale->to - scale->from) * part;
}

static void tick_add(struct tick *tick, int *count, double value, int digits, const char *unit)
{
    if (*count == TICKS_MAX)
        return;
    tick[*count].at = value;
    value_text(tick[*count].text, value, digits, unit);
    ++*count;
}

/* 1, 2 and 5 in every decade; 1 alone where that is too many. */
static int log_ticks(const struct scale *scale, int most, const char *unit, struct tick tick[static TICKS_MAX])
{
    static const double parts[] = {1, 2, 5};
    const double decades = log10(scale->high / scale->low);
    const int use = 3 * decades <= most + 1 ? 3 : 1;
    int count = 0;
    for (int n = (int)floor(log10(scale->low)); n <= (int)ceil(log10(scale->high)); n++)
        for (int i = 0; i < use; i++) {
            const double value = parts[i] * pow(10, n);
            if (value >= scale->low && value <= scale->high)
                tick_add(tick, &count, value, n < 0 ? -n : 0, unit);
        }
    return count;
}

int scale_ticks(const struct scale *scale, int most, const char *unit, struct tick tick[static TICKS_MAX])
{
    int count = scale->log ? log_ticks(scale, most, unit, tick) : 0;
    if (count >= 3)
        return count;
    count = 0;
    const double step = scale_step(scale->low, scale->high, most);
    const int digits = scale_digits(step);
    for (double n = ceil(scale->low / step - 1e-9); n * step <= scale->high * (1 + 1e-12) && count < TICKS_MAX; n++)
        tick_add(tick, &count, n == 0 ? 0 : n * step, digits, unit);
    return count;
}

void value_text(char text[static TICK_TEXT_MAX], double value, int digits, const char *unit)
{
    char plain[40];
    if (fabs(value) < 0.5 * pow(10, -digits))
        value = 0;
    (void)snprintf(plain, sizeof plain, "%.*f", digits, fabs(value) < 1e15 ? fabs(value) : 1e15);
    const size_t whole = strcspn(plain, ".");
    size_t used = 0;
    text[0] = '\0';
    if (value < 0)
        used += (size_t)snprintf(text, TICK_TEXT_MAX, "−");
    for (size_t i = 0; plain[i] != '\0' && used + 8 < TICK_TEXT_MAX; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            used += (size_t)snprintf(text + used, TICK_TEXT_MAX - used, THIN);
        text[used++] = plain[i];
        text[used] = '\0';
    }
    (void)snprintf(text + used, TICK_TEXT_MAX - used, "%s", unit);
}

void amount_text(char text[static TICK_TEXT_MAX], double value)
{
    static const struct {
        double factor;
        const char *unit;
    } scale[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " M"}, {1e3, " k"}, {1, ""}};
    size_t at = 0;
    if (fabs(value) >= 1e15) {
        (void)snprintf(text, TICK_TEXT_MAX, "%.3g", value);
        return;
    }
    while (at < 4 && fabs(value) < scale[at].factor * 0.99995)
        at++;
    const double shown = value / scale[at].factor;
    const bool whole = fabs(shown - nearbyint(shown)) < 0.05 || fabs(shown) >= 100;
    value_text(text, shown, whole ? 0 : at == 4 ? 2 : 1, scale[at].unit);
}

int price_digits(double price)
{
    const double size = fabs(price);
    return size >= 1 || size == 0 ? 2 : size >= 0.01 ? 4 : 8;
}
