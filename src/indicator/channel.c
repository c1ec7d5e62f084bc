/* Channels: of highs and lows, and of ranges about an average. */
#include "indicator/list.h"
#include "indicator/range.h"
#include "indicator/window.h"

static int donchian_lookback(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t donchian_size(const double *parameter)
{
    return 2 * window_maximum_size(parameter[0]);
}

static void donchian_init(void *state, const double *parameter)
{
    struct window_maximum *highs = state;
    window_maximum_init(highs, parameter[0]);
    window_maximum_init(window_maximum_end(highs), parameter[0]);
}

static void donchian_run(void *state, const struct columns *in, double *const *out)
{
    struct window_maximum *highs = state;
    double *upper = out[0], *middle = out[1], *lower = out[2];
    window_maximum_values(highs, in->high, in->n, 1, upper);
    window_maximum_values(window_maximum_end(highs), in->low, in->n, -1, lower);
    for (size_t i = 0; i < in->n; i++)
        middle[i] = lower[i] + (upper[i] - lower[i]) / 2;
}

static const struct output donchian_output[] = {{.suffix = "upper", .price_power = 1, .band = 2},
                                                {.suffix = "middle", .price_power = 1},
                                                {.suffix = "lower", .price_power = 1}};

const struct indicator indicator_donchian = {
    .name = "donchian",
    .title = "Donchian channel",
    .definition = "The upper line is the highest high and the lower line the lowest low of the last n bars, this one "
                  "included; the middle lies between them. A breakout is a close beyond the channel of the bar before.",
    .source = "R. D. Donchian, Trend-Following Methods in Commodity Price Analysis, Commodity Year Book (1957)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1)},
    .parameters = 1,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .output = donchian_output,
    .outputs = 3,
    .lookback = donchian_lookback,
    .size = donchian_size,
    .init = donchian_init,
    .run = donchian_run,
};

static const char *const average_words[] = {"ema", "sma", NULL};
static const char *const range_words[] = {"wilder", "ema", "sma", NULL};

enum { RANGE_WILDER, RANGE_EMA, RANGE_SMA };

struct keltner {
    int64_t plain, range_kind;
    double width;
    struct true_range range;
    struct smooth middle, reach;
    /* Behind it the means of the source and of the true range. */
};

static int keltner_lookback(const double *parameter)
{
    return (int)(parameter[0] - 1 > parameter[1] ? parameter[0] - 1 : parameter[1]);
}

static int keltner_stable(const double *parameter)
{
    const int middle = smooth_memory(2 / (parameter[0] + 1)), reach = smooth_memory(1 / parameter[1]);
    return keltner_lookback(parameter) + (middle > reach ? middle : reach);
}

static size_t keltner_size(const double *parameter)
{
    return sizeof(struct keltner) + window_mean_size(parameter[0]) + window_mean_size(parameter[1]);
}

static void keltner_init(void *state, const double *parameter)
{
    struct keltner *keltner = state;
    struct window_mean *middle = (struct window_mean *)(void *)(keltner + 1);
    keltner->width = parameter[2];
    keltner->plain = (int64_t)parameter[4];
    keltner->range_kind = (int64_t)parameter[5];
    true_range_init(&keltner->range);
    smooth_init_exponential(&keltner->middle, parameter[0]);
    if (keltner->range_kind == RANGE_EMA)
        smooth_init_exponential(&keltner->reach, parameter[1]);
    else
        smooth_init_wilder(&keltner->reach, parameter[1]);
    window_mean_init(middle, parameter[0]);
    window_mean_init(window_mean_end(middle), parameter[1]);
}

static void keltner_run(void *state, const struct columns *in, double *const *out)
{
    struct keltner *keltner = state;
    struct window_mean *mean = (struct window_mean *)(void *)(keltner + 1);
    double range[COLUMNS_MAX], reach[COLUMNS_MAX];
    true_range_run(&keltner->range, in, range);
    if (keltner->plain)
        window_mean_values(mean, in->source, in->n, out[1]);
    else
        smooth_run(&keltner->middle, in->source, in->n, out[1]);
    if (keltner->range_kind == RANGE_SMA)
        window_mean_run(window_mean_end(mean), range, in->n, reach);
    else
        smooth_run(&keltner->reach, range, in->n, reach);
    for (size_t i = 0; i < in->n; i++) {
        out[0][i] = out[1][i] + keltner->width * reach[i];
        out[2][i] = out[1][i] - keltner->width * reach[i];
    }
}

const struct indicator indicator_keltner = {
    .name = "keltner",
    .title = "Keltner channel",
    .definition =
        "The middle is the exponential average of n values of the source (average=sma: the plain one); upper and "
        "lower lie k average true ranges of m bars above and below it. The range is averaged as Wilder does "
        "(range=ema, range=sma: otherwise). TTR has keltner:20,20,2,hlc3.",
    .source = "C. Keltner, How to Make Money in Commodities (1960); L. Raschke (1980s)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_WINDOW("m", 10, 1), PARAMETER_NUMBER("k", 2, 0.01, 100),
                  PARAMETER_SOURCE, PARAMETER_WORD("average", average_words), PARAMETER_WORD("range", range_words)},
    .parameters = 6,
    .inputs = INPUT_RANGE | INPUT_SOURCE,
    .finite = true,
    .output = donchian_output,
    .outputs = 3,
    .lookback = keltner_lookback,
    .stable = keltner_stable,
    .size = keltner_size,
    .init = keltner_init,
    .run = keltner_run,
};
