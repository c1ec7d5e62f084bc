/* How much prices move: average true range and Bollinger bands. */
#include "indicator/list.h"
#include "indicator/range.h"
#include "indicator/window.h"

struct atr {
    struct true_range range;
    struct smooth smooth;
};

static int atr_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static int atr_stable(const double *parameter)
{
    return atr_lookback(parameter) + smooth_memory(1 / parameter[0]);
}

static size_t atr_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct atr);
}

static void atr_init(void *state, const double *parameter)
{
    struct atr *atr = state;
    true_range_init(&atr->range);
    smooth_init_wilder(&atr->smooth, parameter[0]);
}

static void atr_run(void *state, const struct columns *in, double *const *out)
{
    struct atr *atr = state;
    double range[COLUMNS_MAX];
    true_range_run(&atr->range, in, range);
    smooth_run(&atr->smooth, range, in->n, out[0]);
}

static const struct output atr_output[] = {{.suffix = "", .price_power = 1, .panel = PANEL_OWN}};

/* The first true range is the second bar's, since the first has no close before it (as in TA-Lib; StockCharts starts
 * with the first bar's high − low and is one bar earlier). */
const struct indicator indicator_atr = {
    .name = "atr",
    .title = "average true range",
    .definition = "The true range of a bar reaches from the higher of its high and the close before to the lower of "
                  "its low and the close before. The average begins with the mean of the first n, the first being the "
                  "second bar's, and then moves by 1/n of the way to each.",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), pp. 21-23",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = atr_output,
    .outputs = 1,
    .lookback = atr_lookback,
    .stable = atr_stable,
    .size = atr_size,
    .init = atr_init,
    .run = atr_run,
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

static void bbands_run(void *state, const struct columns *in, double *const *out)
{
    struct bands *bands = state;
    double *upper = out[0], *middle = out[1], *lower = out[2];
    window_moments_values(&bands->window, in->source, in->n, middle, upper);
    for (size_t i = 0; i < in->n; i++) {
        const double reach = bands->width * upper[i];
        upper[i] = middle[i] + reach;
        lower[i] = middle[i] - reach;
    }
}

static const struct output bbands_output[] = {{.suffix = "upper", .price_power = 1},
                                              {.suffix = "middle", .price_power = 1},
                                              {.suffix = "lower", .price_power = 1}};

const struct indicator indicator_bbands = {
    .name = "bbands",
    .title = "Bollinger bands",
    .definition = "The middle is the mean of the last n values of the source; upper and lower lie k standard "
                  "deviations of these values above and below it. The deviation is that of the population, divided "
                  "by n.",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_SOURCE},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = bbands_output,
    .outputs = 3,
    .lookback = bbands_lookback,
    .size = bbands_size,
    .init = bbands_init,
    .run = bbands_run,
};
