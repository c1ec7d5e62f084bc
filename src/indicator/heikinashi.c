/* Heikin-Ashi bars. */
#include "indicator/list.h"

#include <math.h>

static void heikinashi_init(void *state, const double *parameter)
{
    double *last = state;
    (void)parameter;
    last[0] = last[1] = NAN; /* open and close */
}

static void heikinashi_run(void *state, const struct columns *in, double *const *out)
{
    double *last = state;
    for (size_t i = 0; i < in->n; i++) {
        const double close = (in->open[i] + in->high[i] + in->low[i] + in->close[i]) / 4;
        const double open = isnan(last[0]) ? (in->open[i] + in->close[i]) / 2 : (last[0] + last[1]) / 2;
        const double high = open > close ? open : close, low = open < close ? open : close;
        out[0][i] = last[0] = open;
        out[1][i] = in->high[i] > high ? in->high[i] : high;
        out[2][i] = in->low[i] < low ? in->low[i] : low;
        out[3][i] = last[1] = close;
    }
}

static int heikinashi_lookback(const double *parameter)
{
    (void)parameter;
    return 0;
}

static int heikinashi_stable(const double *parameter)
{
    (void)parameter;
    return 40; /* the first open counts half as much with each bar */
}

static const struct output heikinashi_output[] = {{.suffix = "open", .price_power = 1},
                                                  {.suffix = "high", .price_power = 1},
                                                  {.suffix = "low", .price_power = 1},
                                                  {.suffix = "close", .price_power = 1}};

const struct indicator indicator_heikinashi = {
    .name = "heikinashi",
    .title = "Heikin-Ashi bars",
    .definition =
        "close: the mean of open, high, low and close; open: the mean of the last bar's open and close of this "
        "kind, at first (open + close)/2; high and low reach over both. These are not traded prices.",
    .source = "D. Valcu, Stocks & Commodities 22:2 (2004)",
    .version = 1,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = heikinashi_output,
    .outputs = 4,
    .lookback = heikinashi_lookback,
    .stable = heikinashi_stable,
    .bytes = 2 * sizeof(double),
    .init = heikinashi_init,
    .run = heikinashi_run,
};
