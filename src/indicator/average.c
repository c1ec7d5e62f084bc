/* Moving averages of the close: simple and exponential. */
#include "indicator/smooth.h"
#include "indicator/table.h"
#include "indicator/window.h"

static int one_less(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t sma_size(const double *parameter)
{
    return window_mean_size(parameter[0]);
}

static void sma_init(void *state, const double *parameter)
{
    window_mean_init(state, parameter[0]);
}

static void sma_step(void *state, const struct sample *sample, double *out)
{
    out[0] = window_mean_push(state, sample->close);
}

const struct indicator indicator_sma = {
    .name = "sma",
    .title = "simple moving average",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .parameter = {{"n", 20, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 1,
    .output = {{"", 1, 0}},
    .outputs = 1,
    .lookback = one_less,
    .size = sma_size,
    .init = sma_init,
    .step = sma_step,
};

static size_t ema_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct smooth);
}

static void ema_init(void *state, const double *parameter)
{
    smooth_init_exponential(state, parameter[0]);
}

static void ema_step(void *state, const struct sample *sample, double *out)
{
    out[0] = smooth_push(state, sample->close);
}

/* Seeded with the simple average of the first n closes, as Appel, StockCharts and TA-Lib do. */
const struct indicator indicator_ema = {
    .name = "ema",
    .title = "exponential moving average",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .parameter = {{"n", 20, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 1,
    .output = {{"", 1, 0}},
    .outputs = 1,
    .lookback = one_less,
    .size = ema_size,
    .init = ema_init,
    .step = ema_step,
};
