/* How much prices move: average true range and Bollinger bands. */
#include "indicator/smooth.h"
#include "indicator/table.h"
#include "indicator/window.h"

static int atr_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static size_t atr_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct average_range);
}

static void atr_init(void *state, const double *parameter)
{
    average_range_init(state, parameter[0]);
}

static void atr_step(void *state, const struct sample *sample, double *out)
{
    out[0] = average_range_push(state, sample->high, sample->low, sample->close);
}

/* The first true range is the second bar's, since the first has no close before it (as in TA-Lib; StockCharts starts
 * with the first bar's high − low and is one bar earlier). */
const struct indicator indicator_atr = {
    .name = "atr",
    .title = "average true range",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), pp. 21-23",
    .parameter = {{"n", 14, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 1,
    .output = {{"", 1, 0}},
    .outputs = 1,
    .lookback = atr_lookback,
    .size = atr_size,
    .init = atr_init,
    .step = atr_step,
};

struct bands {
    double width;
    struct window_moments window; /* its array follows */
};

static int bbands_lookback(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t bbands_size(const double *parameter)
{
    return offsetof(struct bands, window) + window_moments_size(parameter[0]);
}

static void bbands_init(void *state, const double *parameter)
{
    struct bands *bands = state;
    bands->width = parameter[1];
    window_moments_init(&bands->window, parameter[0]);
}

static void bbands_step(void *state, const struct sample *sample, double *out)
{
    struct bands *bands = state;
    double mean, variance;
    window_moments_push(&bands->window, sample->close, &mean, &variance);
    const double reach = bands->width * sqrt(variance);
    out[0] = mean + reach;
    out[1] = mean;
    out[2] = mean - reach;
}

/* The deviation is that of the population (divided by n), as Bollinger defines it. */
const struct indicator indicator_bbands = {
    .name = "bbands",
    .title = "Bollinger bands",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002)",
    .parameter = {{"n", 20, 2, INDICATOR_WINDOW_MAX, true}, {"k", 2, 0.01, 100, false}},
    .parameters = 2,
    .output = {{"upper", 1, 0}, {"middle", 1, 0}, {"lower", 1, 0}},
    .outputs = 3,
    .lookback = bbands_lookback,
    .size = bbands_size,
    .init = bbands_init,
    .step = bbands_step,
};
