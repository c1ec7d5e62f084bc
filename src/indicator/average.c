/* Moving averages of one step: simple, exponential, Wilder's, weighted by age or by volume. */
#include "indicator/list.h"
#include "indicator/regress.h"
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

static const char *const seed_words[] = {"sma", "first", NULL};

static void ema_init(void *state, const double *parameter)
{
    smooth_init(state, parameter[2] == 0 ? parameter[0] : 1, 2 / (parameter[0] + 1));
}

static void smooth_columns(void *state, const struct columns *in, double *const *out)
{
    smooth_run(state, in->source, in->n, out[0]);
}

static int ema_lookback(const double *parameter)
{
    return parameter[2] == 0 ? one_less(parameter) : 0;
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
                  "the first n; with seed=first with the first value alone, as in Tulip and pandas.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE, PARAMETER_WORD("seed", seed_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = ema_lookback,
    .stable = ema_stable,
    .bytes = sizeof(struct smooth),
    .init = ema_init,
    .run = smooth_columns,
};

static void rma_init(void *state, const double *parameter)
{
    smooth_init_wilder(state, parameter[0]);
}

static int rma_stable(const double *parameter)
{
    return one_less(parameter) + smooth_memory(1 / parameter[0]);
}

const struct indicator indicator_rma = {
    .name = "rma",
    .title = "Wilder's smoothing (running, smoothed moving average)",
    .definition = "The average moves by 1/n of the way to each value of the source. It begins with the mean of the "
                  "first n. Apart from that it is an exponential average of 2n - 1.",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), p. 23",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = one_less,
    .stable = rma_stable,
    .bytes = sizeof(struct smooth),
    .init = rma_init,
    .run = smooth_columns,
};

static size_t wma_size(const double *parameter)
{
    return window_line_size(parameter[0]);
}

static void wma_init(void *state, const double *parameter)
{
    window_line_init(state, parameter[0]);
}

static void wma_run(void *state, const struct columns *in, double *const *out)
{
    window_line_run(state, in->source, in->n, out[0]);
}

const struct indicator indicator_wma = {
    .name = "wma",
    .title = "weighted moving average",
    .definition = "The mean of the last n values of the source with the weights 1, 2 ... n, the newest the heaviest.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = one_less,
    .size = wma_size,
    .init = wma_init,
    .run = wma_run,
};

static size_t vwma_size(const double *parameter)
{
    return 2 * window_mean_size(parameter[0]);
}

static void vwma_init(void *state, const double *parameter)
{
    window_mean_init(state, parameter[0]);
    window_mean_init(window_mean_end(state), parameter[0]);
}

static void vwma_run(void *state, const struct columns *in, double *const *out)
{
    double product[COLUMNS_MAX], volume[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++)
        product[i] = in->source[i] * in->volume[i];
    window_mean_values(state, product, in->n, out[0]);
    window_mean_values(window_mean_end(state), in->volume, in->n, volume);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = volume[i] > 0 ? out[0][i] / volume[i] : NAN;
}

const struct indicator indicator_vwma = {
    .name = "vwma",
    .title = "volume-weighted moving average",
    .definition = "The mean of the last n values of the source, each weighted with the volume of its bar. Null where "
                  "there was no volume in n bars.",
    .source = "R. W. Arms, Volume Cycles in the Stock Market (1983)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE | INPUT_VOLUME,
    .output = price_line,
    .outputs = 1,
    .lookback = one_less,
    .size = vwma_size,
    .init = vwma_init,
    .run = vwma_run,
};
