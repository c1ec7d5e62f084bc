/* Momentum of prices: relative strength, differences of averages, changes. */
#include "base/math.h"
#include "indicator/list.h"
#include "indicator/strength.h"
#include "indicator/window.h"

#include <stddef.h>

static int rsi_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static int rsi_stable(const double *parameter)
{
    return rsi_lookback(parameter) + smooth_memory(1 / parameter[0]);
}

static void rsi_init(void *state, const double *parameter)
{
    strength_init(state, parameter[0]);
}

static void rsi_run(void *state, const struct columns *in, double *const *out)
{
    strength_run(state, in->source, in->n, out[0]);
}

static const struct output rsi_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .high = 100, .level = {30, 70}, .levels = 2}};

const struct indicator indicator_rsi = {
    .name = "rsi",
    .title = "relative strength index",
    .definition = "100 G/(G + L), where G and L are the average gain and the average loss from value to value. Both "
                  "begin with the mean of the first n changes and then move by 1/n of the way to each (Wilder's "
                  "smoothing). 100 in an unbroken rise, 0 in an unbroken fall, and 50 where nothing has moved at all "
                  "(the formula is undefined there; TA-Lib gives 0).",
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
    .bytes = sizeof(struct strength),
    .init = rsi_init,
    .run = rsi_run,
};

struct cutler {
    double before;
    /* Behind it the means of gains and of losses. */
};

static size_t cutler_size(const double *parameter)
{
    return sizeof(struct cutler) + 2 * window_mean_size(parameter[0]);
}

static void cutler_init(void *state, const double *parameter)
{
    struct cutler *cutler = state;
    struct window_mean *gain = (struct window_mean *)(void *)(cutler + 1);
    cutler->before = NAN;
    window_mean_init(gain, parameter[0]);
    window_mean_init(window_mean_end(gain), parameter[0]);
}

static void cutler_run(void *state, const struct columns *in, double *const *out)
{
    struct cutler *cutler = state;
    struct window_mean *mean = (struct window_mean *)(void *)(cutler + 1);
    double gain[COLUMNS_MAX], loss[COLUMNS_MAX], up[COLUMNS_MAX], down[COLUMNS_MAX];
    gains_run(&cutler->before, in->source, in->n, gain, loss);
    window_mean_run(mean, gain, in->n, up);
    window_mean_run(window_mean_end(mean), loss, in->n, down);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = strength_share(up[i], down[i]);
}

const struct indicator indicator_cutler = {
    .name = "cutler",
    .title = "Cutler's RSI",
    .definition = "100 G/(G + L) with plain means of the last n gains and losses, so that it does not depend on where "
                  "the series began. Up to 26 points from Wilder's; 50 where nothing has moved.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 10, on Cutler's variant",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = rsi_output,
    .outputs = 1,
    .lookback = rsi_lookback,
    .size = cutler_size,
    .init = cutler_init,
    .run = cutler_run,
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
    {.suffix = "", .price_power = 1, .panel = PANEL_OWN, .level = {0}, .levels = 1},
    {.suffix = "signal", .price_power = 1, .panel = PANEL_OWN},
    {.suffix = "histogram", .price_power = 1, .panel = PANEL_OWN, .histogram = true}};

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
    .bytes = sizeof(struct macd),
    .init = macd_init,
    .run = macd_run,
};

static const char *const average_words[] = {"ema", "sma", NULL};

/* Fast and slow are exponential or plain averages, whichever `plain` says. */
struct ppo {
    int64_t plain;
    struct macd macd;
    /* Behind it the means of fast and slow. */
};

static size_t ppo_size(const double *parameter)
{
    return sizeof(struct ppo) + window_mean_size(parameter[0]) + window_mean_size(parameter[1]);
}

static void ppo_init(void *state, const double *parameter)
{
    struct ppo *ppo = state;
    struct window_mean *fast = (struct window_mean *)(void *)(ppo + 1);
    ppo->plain = parameter[4] != 0;
    macd_init(&ppo->macd, parameter);
    window_mean_init(fast, parameter[0]);
    window_mean_init(window_mean_end(fast), parameter[1]);
}

static void ppo_run(void *state, const struct columns *in, double *const *out)
{
    struct ppo *ppo = state;
    struct window_mean *fast = (struct window_mean *)(void *)(ppo + 1), *slow = window_mean_end(fast);
    double *line = out[0], *signal = out[1], *histogram = out[2], quick[COLUMNS_MAX], calm[COLUMNS_MAX];
    if (ppo->plain) {
        window_mean_values(fast, in->source, in->n, quick);
        window_mean_values(slow, in->source, in->n, calm);
    } else {
        smooth_run(&ppo->macd.fast, in->source, in->n, quick);
        smooth_run(&ppo->macd.slow, in->source, in->n, calm);
    }
    for (size_t i = 0; i < in->n; i++)
        line[i] = calm[i] != 0 ? 100 * (quick[i] - calm[i]) / calm[i] : NAN;
    smooth_run(&ppo->macd.signal, line, in->n, signal);
    for (size_t i = 0; i < in->n; i++)
        histogram[i] = line[i] - signal[i];
}

static const struct output ppo_output[] = {{.suffix = "", .panel = PANEL_OWN, .level = {0}, .levels = 1},
                                           {.suffix = "signal", .panel = PANEL_OWN},
                                           {.suffix = "histogram", .panel = PANEL_OWN, .histogram = true}};

const struct indicator indicator_ppo = {
    .name = "ppo",
    .title = "percentage price oscillator",
    .definition =
        "100 (F - S)/S, with F and S the fast and the slow average of the source; its signal, the exponential "
        "average of that line; and the histogram, line less signal. F and S are exponential, each seeded with "
        "the mean of its own first values, or with average=sma plain (TA-Lib before 0.8, pandas-ta).",
    .source = "G. Appel, Technical Analysis: Power Tools for Active Investors (2005), ch. 8",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("fast", 12, 1), PARAMETER_WINDOW("slow", 26, 1), PARAMETER_WINDOW("signal", 9, 1),
                  PARAMETER_SOURCE, PARAMETER_WORD("average", average_words)},
    .parameters = 5,
    .inputs = INPUT_SOURCE,
    .output = ppo_output,
    .outputs = 3,
    .lookback = macd_lookback,
    .stable = macd_stable,
    .size = ppo_size,
    .init = ppo_init,
    .run = ppo_run,
};

static size_t delay_size(const double *parameter)
{
    return window_delay_size(parameter[0]);
}

static void delay_init(void *state, const double *parameter)
{
    window_delay_init(state, parameter[0]);
}

static void mom_run(void *state, const struct columns *in, double *const *out)
{
    window_delay_run(state, in->source, in->n, out[0]);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = in->source[i] - out[0][i];
}

static const struct output mom_output[] = {
    {.suffix = "", .price_power = 1, .panel = PANEL_OWN, .level = {0}, .levels = 1}};

const struct indicator indicator_mom = {
    .name = "mom",
    .title = "momentum",
    .definition = "The source less what it was n bars ago.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 10",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 10, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = mom_output,
    .outputs = 1,
    .lookback = rsi_lookback,
    .size = delay_size,
    .init = delay_init,
    .run = mom_run,
};

static const char *const rate_words[] = {"percent", "log", NULL};

struct roc {
    int64_t is_log;
    struct window_delay past; /* its array follows */
};

static size_t roc_size(const double *parameter)
{
    return offsetof(struct roc, past) + window_delay_size(parameter[0]);
}

static void roc_init(void *state, const double *parameter)
{
    struct roc *roc = state;
    roc->is_log = parameter[2] != 0;
    window_delay_init(&roc->past, parameter[0]);
}

static void roc_run(void *state, const struct columns *in, double *const *out)
{
    struct roc *roc = state;
    double *rate = out[0];
    window_delay_run(&roc->past, in->source, in->n, rate);
    for (size_t i = 0; i < in->n; i++) {
        const double ratio = rate[i] != 0 ? in->source[i] / rate[i] : NAN;
        rate[i] = !roc->is_log ? 100 * (ratio - 1) : ratio > 0 ? 100 * math_log(ratio) : NAN;
    }
}

static const struct output roc_output[] = {{.suffix = "", .panel = PANEL_OWN, .level = {0}, .levels = 1}};

const struct indicator indicator_roc = {
    .name = "roc",
    .title = "rate of change",
    .definition =
        "100 (x/x[n] - 1): the change of the source over n bars in percent; with form=log 100 ln(x/x[n]). Null "
        "where it was zero n bars ago.",
    .source = "J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 10",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 10, 1), PARAMETER_SOURCE, PARAMETER_WORD("form", rate_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .output = roc_output,
    .outputs = 1,
    .lookback = rsi_lookback,
    .size = roc_size,
    .init = roc_init,
    .run = roc_run,
};
