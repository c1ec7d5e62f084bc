/* Channels of highs and lows: Donchian's. */
#include "indicator/list.h"
#include "indicator/window.h"

static int donchian_lookback(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t donchian_size(const double *parameter)
{
    return 2 * window_maximum_size(parameter[0]);
}

static struct window_maximum *lows_of(struct window_maximum *highs)
{
    return (struct window_maximum *)(void *)((char *)highs + window_maximum_size((double)highs->n));
}

static void donchian_init(void *state, const double *parameter)
{
    struct window_maximum *highs = state;
    window_maximum_init(highs, parameter[0]);
    window_maximum_init(lows_of(highs), parameter[0]);
}

static void donchian_run(void *state, const struct columns *in, double *const *out)
{
    struct window_maximum *highs = state;
    double *upper = out[0], *middle = out[1], *lower = out[2];
    window_maximum_values(highs, in->high, in->n, 1, upper);
    window_maximum_values(lows_of(highs), in->low, in->n, -1, lower);
    for (size_t i = 0; i < in->n; i++)
        middle[i] = lower[i] + (upper[i] - lower[i]) / 2;
}

static const struct output donchian_output[] = {{.suffix = "upper", .price_power = 1},
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
