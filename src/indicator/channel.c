/* Channels of highs and lows: Donchian's. */
#include "indicator/table.h"
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

static void donchian_step(void *state, const struct sample *sample, double *out)
{
    struct window_maximum *highs = state;
    const double upper = window_maximum_push(highs, sample->high);
    const double lower = -window_maximum_push(lows_of(highs), -sample->low);
    out[0] = upper;
    out[1] = lower + (upper - lower) / 2;
    out[2] = lower;
}

/* The current bar is within its own channel: a breakout is a close beyond the channel of the bar before. */
const struct indicator indicator_donchian = {
    .name = "donchian",
    .title = "Donchian channel",
    .source = "R. D. Donchian, Trend-Following Methods in Commodity Price Analysis, Commodity Year Book (1957)",
    .parameter = {{"n", 20, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 1,
    .output = {{"upper", 1, 0}, {"middle", 1, 0}, {"lower", 1, 0}},
    .outputs = 3,
    .lookback = donchian_lookback,
    .size = donchian_size,
    .init = donchian_init,
    .step = donchian_step,
};
