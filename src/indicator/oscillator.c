/* Oscillators of a range: where a price lies between the highest and the lowest of some bars. */
#include "indicator/list.h"
#include "indicator/strength.h"
#include "indicator/window.h"

/* 100 (value − low)/(high − low); 50 where there is no range, `least` being what counts as none. */
static double place_within(double value, double high, double low, double least)
{
    const double range = high - low;
    if (isnan(range) || isnan(value))
        return NAN;
    return range > least ? 100 * ((value - low) / range) : 50;
}

static const struct output stochastic_output[] = {
    {.suffix = "k", .panel = PANEL_OWN, .high = 100, .level = {20, 80}, .levels = 2},
    {.suffix = "d", .panel = PANEL_OWN, .high = 100}};

/* Three or four windows in a row: highs, lows, averages of K (one or two). */
struct stochastic {
    int64_t averages;
};

static struct window_maximum *stochastic_highs(void *state)
{
    return (struct window_maximum *)(void *)((struct stochastic *)state + 1);
}

static size_t stochastic_size(const double *parameter, int averages)
{
    size_t size = sizeof(struct stochastic) + 2 * window_maximum_size(parameter[0]);
    for (int i = 1; i <= averages; i++)
        size += window_mean_size(parameter[i]);
    return size;
}

static void stochastic_init(void *state, const double *parameter, int averages)
{
    struct window_maximum *highs = stochastic_highs(state), *lows;
    ((struct stochastic *)state)->averages = averages;
    window_maximum_init(highs, parameter[0]);
    lows = window_maximum_end(highs);
    window_maximum_init(lows, parameter[0]);
    void *at = window_maximum_end(lows);
    for (int i = 1; i <= averages; i++) {
        window_mean_init(at, parameter[i]);
        at = window_mean_end(at);
    }
}

/* Of three columns whose values may be missing at first. */
static void stochastic_values(void *state, const double *high, const double *low, const double *value, size_t n,
                              double least, double *const *out)
{
    struct window_maximum *highs = stochastic_highs(state), *lows = window_maximum_end(highs);
    double top[COLUMNS_MAX], bottom[COLUMNS_MAX];
    window_maximum_run(highs, high, n, 1, top);
    window_maximum_run(lows, low, n, -1, bottom);
    for (size_t i = 0; i < n; i++)
        top[i] = place_within(value[i], top[i], bottom[i], least);
    struct window_mean *mean = window_maximum_end(lows);
    if (((struct stochastic *)state)->averages == 2) {
        window_mean_run(mean, top, n, out[0]);
        window_mean_run(window_mean_end(mean), out[0], n, out[1]);
    } else {
        window_mean_run(mean, top, n, out[1]);
        for (size_t i = 0; i < n; i++)
            out[0][i] = top[i];
    }
}

static void stochastic_run(void *state, const struct columns *in, double *const *out)
{
    stochastic_values(state, in->high, in->low, in->close, in->n, 0, out);
}

static int stochf_lookback(const double *parameter)
{
    return (int)(parameter[0] + parameter[1]) - 2;
}

static size_t stochf_size(const double *parameter)
{
    return stochastic_size(parameter, 1);
}

static void stochf_init(void *state, const double *parameter)
{
    stochastic_init(state, parameter, 1);
}

const struct indicator indicator_stochf = {
    .name = "stochf",
    .title = "fast stochastic",
    .definition = "k: 100 (close - lowest low)/(highest high - lowest low) of the last n bars, 50 where there is no "
                  "range; d: the mean of the last d values of k.",
    .source = "G. Lane, Stocks & Commodities 2:3 (1984)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_WINDOW("d", 3, 1)},
    .parameters = 2,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = stochastic_output,
    .outputs = 2,
    .lookback = stochf_lookback,
    .size = stochf_size,
    .init = stochf_init,
    .run = stochastic_run,
};

static int stoch_lookback(const double *parameter)
{
    return (int)(parameter[0] + parameter[1] + parameter[2]) - 3;
}

static size_t stoch_size(const double *parameter)
{
    return stochastic_size(parameter, 2);
}

static void stoch_init(void *state, const double *parameter)
{
    stochastic_init(state, parameter, 2);
}

const struct indicator indicator_stoch = {
    .name = "stoch",
    .title = "slow stochastic",
    .definition =
        "k: the mean of the last k values of the fast stochastic of n bars; d: the mean of the last d values of "
        "k.",
    .source = "G. Lane, Stocks & Commodities 2:3 (1984)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_WINDOW("k", 3, 1), PARAMETER_WINDOW("d", 3, 1)},
    .parameters = 3,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = stochastic_output,
    .outputs = 2,
    .lookback = stoch_lookback,
    .size = stoch_size,
    .init = stoch_init,
    .run = stochastic_run,
};

static int stochrsi_lookback(const double *parameter)
{
    return (int)parameter[0] + stoch_lookback(parameter + 1);
}

static int stochrsi_stable(const double *parameter)
{
    return stochrsi_lookback(parameter) + 2 * smooth_memory(1 / parameter[0]);
}

static size_t stochrsi_size(const double *parameter)
{
    return sizeof(struct strength) + stochastic_size(parameter + 1, 2);
}

static void stochrsi_init(void *state, const double *parameter)
{
    strength_init(state, parameter[0]);
    stochastic_init((struct strength *)state + 1, parameter + 1, 2);
}

static void stochrsi_run(void *state, const struct columns *in, double *const *out)
{
    double rsi[COLUMNS_MAX];
    strength_run(state, in->source, in->n, rsi);
    /* A constant RSI wobbles in its last digits; a range of 1e-7 of 100 is none. */
    stochastic_values((struct strength *)state + 1, rsi, rsi, rsi, in->n, 1e-7, out);
}

const struct indicator indicator_stochrsi = {
    .name = "stochrsi",
    .title = "stochastic of the RSI",
    .definition =
        "The slow stochastic of Wilder's RSI, which takes the place of high, low and close: n of the RSI, then "
        "the window of the stochastic, k and d. 0 to 100, 50 where the RSI has not moved.",
    .source = "T. Chande and S. Kroll, The New Technical Trader (1994)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_WINDOW("window", 14, 1), PARAMETER_WINDOW("k", 3, 1),
                  PARAMETER_WINDOW("d", 3, 1), PARAMETER_SOURCE},
    .parameters = 5,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = stochastic_output,
    .outputs = 2,
    .lookback = stochrsi_lookback,
    .stable = stochrsi_stable,
    .size = stochrsi_size,
    .init = stochrsi_init,
    .run = stochrsi_run,
};

static int one_less(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t willr_size(const double *parameter)
{
    return 2 * window_maximum_size(parameter[0]);
}

static void willr_init(void *state, const double *parameter)
{
    window_maximum_init(state, parameter[0]);
    window_maximum_init(window_maximum_end(state), parameter[0]);
}

static void willr_run(void *state, const struct columns *in, double *const *out)
{
    double high[COLUMNS_MAX], low[COLUMNS_MAX];
    window_maximum_values(state, in->high, in->n, 1, high);
    window_maximum_values(window_maximum_end(state), in->low, in->n, -1, low);
    for (size_t i = 0; i < in->n; i++) {
        const double range = high[i] - low[i];
        out[0][i] = isnan(range) ? NAN : range > 0 ? 0 - 100 * ((high[i] - in->close[i]) / range) : -50;
    }
}

static const struct output willr_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .low = -100, .level = {-80, -20}, .levels = 2}};

const struct indicator indicator_willr = {
    .name = "willr",
    .title = "Williams %R",
    .definition =
        "-100 (highest high - close)/(highest high - lowest low) of the last n bars: 0 at the top, -100 at the "
        "bottom, -50 where there is no range.",
    .source = "L. Williams, How I Made One Million Dollars Last Year Trading Commodities (1973)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = willr_output,
    .outputs = 1,
    .lookback = one_less,
    .size = willr_size,
    .init = willr_init,
    .run = willr_run,
};

/* The last n typical prices in a ring, then their mean. */
struct cci {
    int64_t n, at;
    double data[];
};

static size_t cci_size(const double *parameter)
{
    return sizeof(struct cci) + (size_t)parameter[0] * sizeof(double) + window_mean_size(parameter[0]);
}

static struct window_mean *cci_mean(struct cci *cci)
{
    return (struct window_mean *)(void *)(cci->data + cci->n);
}

static void cci_init(void *state, const double *parameter)
{
    struct cci *cci = state;
    cci->n = (int64_t)parameter[0];
    window_mean_init(cci_mean(cci), parameter[0]);
}

static void cci_run(void *state, const struct columns *in, double *const *out)
{
    struct cci *cci = state;
    for (size_t i = 0; i < in->n; i++) {
        const double typical = (in->high[i] + in->low[i] + in->close[i]) / 3;
        const double mean = window_mean_push(cci_mean(cci), typical);
        double away = 0;
        cci->data[cci->at] = typical;
        cci->at = cci->at + 1 == cci->n ? 0 : cci->at + 1;
        for (int64_t k = 0; k < cci->n && !isnan(mean); k++)
            away += fabs(cci->data[k] - mean);
        /* A mean of equal prices is that price; anything else that is this small is rounding. */
        const double deviation = away / (double)cci->n, least = fabs(mean) * 1e-14;
        out[0][i] = isnan(mean) ? NAN : deviation > least ? (typical - mean) / (0.015 * deviation) : 0;
    }
}

static const struct output cci_output[] = {{.suffix = "", .panel = PANEL_OWN, .level = {-100, 100}, .levels = 2}};

const struct indicator indicator_cci = {
    .name = "cci",
    .title = "commodity channel index",
    .definition =
        "(TP - M)/(0.015 D), with TP = (high + low + close)/3, M its mean over n bars and D the mean absolute "
        "deviation from M. 0 where prices have not moved.",
    .source = "D. Lambert, Commodities (October 1980)",
    .version = 1,
    .parameter = {PARAMETER_COUNT("n", 20, 1, 10000)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .output = cci_output,
    .outputs = 1,
    .lookback = one_less,
    .size = cci_size,
    .init = cci_init,
    .run = cci_run,
};
