/* Oscillators of the close: the relative strength index and MACD. */
#include "indicator/smooth.h"
#include "indicator/table.h"

static int rsi_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static size_t rsi_size(const double *parameter)
{
    (void)parameter;
    return sizeof(struct relative_strength);
}

static void rsi_init(void *state, const double *parameter)
{
    relative_strength_init(state, parameter[0]);
}

static void rsi_step(void *state, const struct sample *sample, double *out)
{
    out[0] = relative_strength_push(state, sample->close);
}

/* 100 − 100/(1 + gain/loss), written as a share so that a loss of zero needs no exception (it gives 100, as Wilder's
 * formula does in the limit). Where there was neither gain nor loss the formula says nothing; 50, neither strong nor
 * weak, is what this one says (TA-Lib says 0 there, which would read as oversold). */
const struct indicator indicator_rsi = {
    .name = "rsi",
    .title = "relative strength index",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), pp. 63-70",
    .parameter = {{"n", 14, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 1,
    .output = {{"", 0, 0}},
    .outputs = 1,
    .lookback = rsi_lookback,
    .size = rsi_size,
    .init = rsi_init,
    .step = rsi_step,
};

struct macd {
    struct smooth fast, slow, signal;
};

static int macd_lookback(const double *parameter)
{
    const double longer = parameter[0] > parameter[1] ? parameter[0] : parameter[1];
    return (int)(longer - 1 + parameter[2] - 1);
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

static void macd_step(void *state, const struct sample *sample, double *out)
{
    struct macd *macd = state;
    const double line = smooth_push(&macd->fast, sample->close) - smooth_push(&macd->slow, sample->close);
    out[0] = line;
    out[1] = isnan(line) ? NAN : smooth_push(&macd->signal, line);
    out[2] = line - out[1];
}

/* Each average is seeded with the simple average of its own first closes; the line is there before its signal. */
const struct indicator indicator_macd = {
    .name = "macd",
    .title = "moving average convergence/divergence",
    .source = "G. Appel, Technical Analysis: Power Tools for Active Investors (2005), ch. 8",
    .parameter = {{"fast", 12, 1, INDICATOR_WINDOW_MAX, true},
                  {"slow", 26, 1, INDICATOR_WINDOW_MAX, true},
                  {"signal", 9, 1, INDICATOR_WINDOW_MAX, true}},
    .parameters = 3,
    .output = {{"", 1, 0}, {"signal", 1, 0}, {"histogram", 1, 0}},
    .outputs = 3,
    .lookback = macd_lookback,
    .size = macd_size,
    .init = macd_init,
    .step = macd_step,
};
