/* Moving averages of the close: simple and exponential. */
#include "indicator/list.h"
#include "indicator/smooth.h"
#include "indicator/window.h"

static const struct output price_line[] = {{.suffix = "", .price_power = 1}};

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

static void sma_run(void *state, const struct columns *in, double *const *out)
{
    window_mean_values(state, in->source, in->n, out[0]);
}

const struct indicator indicator_sma = {
    .name = "sma",
    .title = "simple moving average",
    .definition = "The mean of the last n values of the source.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = one_less,
    .size = sma_size,
    .init = sma_init,
    .run = sma_run,
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

static void ema_run(void *state, const struct columns *in, double *const *out)
{
    smooth_run(state, in->source, in->n, out[0]);
}

static int ema_stable(const double *parameter)
{
    return one_less(parameter) + smooth_memory(2 / (parameter[0] + 1));
}

/* Seeded with the simple average of the first n closes, as Appel, StockCharts and TA-Lib do. */
const struct indicator indicator_ema = {
    .name = "ema",
    .title = "exponential moving average",
    .definition = "The average moves by 2/(n + 1) of the way to each value of the source. It begins with the mean of "
                  "the first n.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = one_less,
    .stable = ema_stable,
    .size = ema_size,
    .init = ema_init,
    .run = ema_run,
};
