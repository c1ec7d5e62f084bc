/* Oscillators of the close: the relative strength index and MACD. */
#include "indicator/list.h"
#include "indicator/smooth.h"

struct strength {
    struct smooth gain, loss;
    double before; /* the last value, NaN before the first */
};

static int rsi_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static int rsi_stable(const double *parameter)
{
    return rsi_lookback(parameter) + smooth_memory(1 / parameter[0]);
}

static size_t rsi_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct strength);
}

static void rsi_init(void *state, const double *parameter)
{
    struct strength *strength = state;
    smooth_init_wilder(&strength->gain, parameter[0]);
    smooth_init_wilder(&strength->loss, parameter[0]);
    strength->before = NAN;
}

static void rsi_run(void *state, const struct columns *in, double *const *out)
{
    struct strength *strength = state;
    double gain[COLUMNS_MAX], loss[COLUMNS_MAX], *rsi = out[0];
    changes_run(&strength->before, in->source, in->n, rsi);
    const size_t first = isnan(rsi[0]) ? 1u : 0u;
    for (size_t i = first; i < in->n; i++) {
        gain[i] = rsi[i] > 0 ? rsi[i] : 0;
        loss[i] = rsi[i] < 0 ? -rsi[i] : 0;
    }
    smooth_run_two(&strength->gain, &strength->loss, gain + first, loss + first, in->n - first, gain + first,
                   loss + first);
    for (size_t i = first; i < in->n; i++) {
        const double both = gain[i] + loss[i], share = gain[i] / both;
        rsi[i] = both != 0 ? 100 * share : 50; /* NaN stays NaN */
    }
}

static const struct output rsi_output[] = {{.suffix = "", .panel = PANEL_OWN, .high = 100}};

/* 100 − 100/(1 + gain/loss), written as a share so that a loss of zero needs no exception (it gives 100, as Wilder's
 * formula does in the limit). Where there was neither gain nor loss the formula says nothing; 50, neither strong nor
 * weak, is what this one says (TA-Lib says 0 there, which would read as oversold). */
const struct indicator indicator_rsi = {
    .name = "rsi",
    .title = "relative strength index",
    .definition = "100 G/(G + L), where G and L are the average gain and the average loss from value to value. Both "
                  "begin with the mean of the first n changes and then move by 1/n of the way to each (Wilder's "
                  "smoothing). 100 in an unbroken rise, 0 in an unbroken fall, and 50 where nothing has moved at all "
                  "(the formula says nothing there; TA-Lib gives 0).",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), pp. 63-70",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = rsi_output,
    .outputs = 1,
    .lookback = rsi_lookback,
    .stable = rsi_stable,
    .size = rsi_size,
    .init = rsi_init,
    .run = rsi_run,
};

struct macd {
    struct smooth fast, slow, signal;
};

static int macd_lookback(const double *parameter)
{
    const double longer = parameter[0] > parameter[1] ? parameter[0] : parameter[1];
    return (int)(longer - 1 + parameter[2] - 1);
}

static int macd_stable(const double *parameter)
{
    const double longer = parameter[0] > parameter[1] ? parameter[0] : parameter[1];
    return macd_lookback(parameter) + smooth_memory(2 / (longer + 1)) + smooth_memory(2 / (parameter[2] + 1));
}

static size_t macd_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct macd);
}

static void macd_init(void *state, const double *parameter)
{
    struct macd *macd = state;
    smooth_init_exponential(&macd->fast, parameter[0]);
    smooth_init_exponential(&macd->slow, parameter[1]);
    smooth_init_exponential(&macd->signal, parameter[2]);
}

static bool macd_is_seeded(const struct macd *macd)
{
    return smooth_is_seeded(&macd->fast) && smooth_is_seeded(&macd->slow) && smooth_is_seeded(&macd->signal);
}

static void macd_run(void *state, const struct columns *in, double *const *out)
{
    struct macd *macd = state;
    double *line = out[0], *signal = out[1], *histogram = out[2];
    size_t i = 0;
    for (; i < in->n && !macd_is_seeded(macd); i++) {
        line[i] = smooth_push(&macd->fast, in->source[i]) - smooth_push(&macd->slow, in->source[i]);
        signal[i] = isnan(line[i]) ? NAN : smooth_push(&macd->signal, line[i]);
    }
    /* Three recursions in one loop: none waits for another. */
    double fast = macd->fast.value, slow = macd->slow.value, third = macd->signal.value;
    for (; i < in->n; i++) {
        fast = smooth_move(fast, macd->fast.weight, in->source[i]);
        slow = smooth_move(slow, macd->slow.weight, in->source[i]);
        line[i] = fast - slow;
        signal[i] = third = smooth_move(third, macd->signal.weight, line[i]);
    }
    macd->fast.value = fast;
    macd->slow.value = slow;
    macd->signal.value = third;
    for (i = 0; i < in->n; i++)
        histogram[i] = line[i] - signal[i];
}

static const struct output macd_output[] = {
    {.suffix = "", .price_power = 1, .panel = PANEL_OWN},
    {.suffix = "signal", .price_power = 1, .panel = PANEL_OWN},
    {.suffix = "histogram", .price_power = 1, .panel = PANEL_OWN, .line = LINE_BARS}};

const struct indicator indicator_macd = {
    .name = "macd",
    .title = "moving average convergence/divergence",
    .definition = "The fast exponential average of the source less the slow one; its signal, the exponential average "
                  "of that line; and the histogram, line less signal. Each average begins with the mean of its own "
                  "first values, so the line is there before its signal.",
    .source = "G. Appel, Technical Analysis: Power Tools for Active Investors (2005), ch. 8",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("fast", 12, 1), PARAMETER_WINDOW("slow", 26, 1), PARAMETER_WINDOW("signal", 9, 1),
                  PARAMETER_SOURCE},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = macd_output,
    .outputs = 3,
    .lookback = macd_lookback,
    .stable = macd_stable,
    .size = macd_size,
    .init = macd_init,
    .run = macd_run,
};
