/* How much prices move: true ranges, deviations, and the bands made of them. */
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
    .bytes = sizeof(struct atr),
    .init = atr_init,
    .run = atr_run,
};

static void natr_run(void *state, const struct columns *in, double *const *out)
{
    atr_run(state, in, out);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = in->close[i] != 0 ? 100 * out[0][i] / in->close[i] : NAN;
}

static const struct output own_panel[] = {{.suffix = "", .panel = PANEL_OWN}};

const struct indicator indicator_natr = {
    .name = "natr",
    .title = "normalized average true range",
    .definition =
        "The average true range of n bars in percent of the close. Not for spreads and other prices that may be "
        "zero or less.",
    .source = "J. Forman, Stocks & Commodities 24:5 (2006)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .output = own_panel,
    .outputs = 1,
    .lookback = atr_lookback,
    .stable = atr_stable,
    .bytes = sizeof(struct atr),
    .init = atr_init,
    .run = natr_run,
};

static int tr_lookback(const double *parameter)
{
    (void)parameter;
    return 1;
}

static void tr_init(void *state, const double *parameter)
{
    (void)parameter;
    true_range_init(state);
}

static void tr_run(void *state, const struct columns *in, double *const *out)
{
    true_range_run(state, in, out[0]);
}

const struct indicator indicator_tr = {
    .name = "tr",
    .title = "true range",
    .definition = "From the higher of high and last close to the lower of low and last close; the first bar has none.",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), p. 21",
    .version = 1,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = atr_output,
    .outputs = 1,
    .lookback = tr_lookback,
    .bytes = sizeof(struct true_range),
    .init = tr_init,
    .run = tr_run,
};

static const char *const deviation_words[] = {"population", "sample", NULL};

struct bands {
    double width;                 /* in deviations of the population */
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
    bands->width = parameter[3] == 0 ? parameter[1] : parameter[1] * sqrt(parameter[0] / (parameter[0] - 1));
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

static const struct output bbands_output[] = {{.suffix = "upper", .price_power = 1, .band = 2},
                                              {.suffix = "middle", .price_power = 1},
                                              {.suffix = "lower", .price_power = 1}};

const struct indicator indicator_bbands = {
    .name = "bbands",
    .title = "Bollinger bands",
    .definition = "The middle is the mean of the last n values of the source; upper and lower lie k standard "
                  "deviations of these values above and below it. The deviation is that of the population, divided "
                  "by n, as Bollinger defines it; with deviation=sample by n - 1.",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_SOURCE,
                  PARAMETER_WORD("deviation", deviation_words)},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = bbands_output,
    .outputs = 3,
    .lookback = bbands_lookback,
    .size = bbands_size,
    .init = bbands_init,
    .run = bbands_run,
};

static void pctb_run(void *state, const struct columns *in, double *const *out)
{
    struct bands *bands = state;
    double middle[COLUMNS_MAX], deviation[COLUMNS_MAX];
    window_moments_values(&bands->window, in->source, in->n, middle, deviation);
    for (size_t i = 0; i < in->n; i++) {
        const double reach = bands->width * deviation[i], away = in->source[i] - (middle[i] - reach);
        /* A reach that is lost in the digits of the price is none. */
        out[0][i] = isnan(reach) ? NAN : reach > fabs(middle[i]) * 1e-14 ? away / (2 * reach) : 0.5;
    }
}

const struct indicator indicator_pctb = {
    .name = "pctb",
    .title = "%B: the place within the Bollinger bands",
    .definition = "0 at the lower band, 1 at the upper one, beyond both outside; 0.5 where the bands have no width.",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_SOURCE,
                  PARAMETER_WORD("deviation", deviation_words)},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .output = own_panel,
    .outputs = 1,
    .lookback = bbands_lookback,
    .size = bbands_size,
    .init = bbands_init,
    .run = pctb_run,
};

static void bbwidth_run(void *state, const struct columns *in, double *const *out)
{
    struct bands *bands = state;
    double middle[COLUMNS_MAX], deviation[COLUMNS_MAX];
    window_moments_values(&bands->window, in->source, in->n, middle, deviation);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = middle[i] != 0 ? 100 * (2 * bands->width * deviation[i]) / middle[i] : NAN;
}

const struct indicator indicator_bbwidth = {
    .name = "bbwidth",
    .title = "width of the Bollinger bands",
    .definition = "100 (upper - lower)/middle.",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2002)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("k", 2, 0.01, 100), PARAMETER_SOURCE,
                  PARAMETER_WORD("deviation", deviation_words)},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .output = own_panel,
    .outputs = 1,
    .lookback = bbands_lookback,
    .size = bbands_size,
    .init = bbands_init,
    .run = bbwidth_run,
};
