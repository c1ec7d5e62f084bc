/* Is there a trend? Directional movement, Aroon, vortex, choppiness, the line through the last closes. */
#include "base/math.h"
#include "indicator/list.h"
#include "indicator/peak.h"
#include "indicator/range.h"
#include "indicator/regress.h"
#include "indicator/window.h"

static int window_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static const char *const adx_words[] = {"step", "book", NULL};

struct adx {
    int64_t n, first, seen; /* changes that are summed before anything is said */
    double high, low, close;
    double plus, minus, range; /* Wilder's running sums */
    struct smooth smooth;
};

static int adx_lookback(const double *parameter)
{
    return 2 * (int)parameter[0] - 1;
}

static int adx_stable(const double *parameter)
{
    return adx_lookback(parameter) + 2 * smooth_memory(1 / parameter[0]);
}

static void adx_init(void *state, const double *parameter)
{
    struct adx *adx = state;
    adx->n = (int64_t)parameter[0];
    adx->first = parameter[1] == 0 ? adx->n - 1 : adx->n;
    adx->high = adx->low = adx->close = NAN;
    smooth_init_wilder(&adx->smooth, parameter[0]);
}

static double wilder_sum(const struct adx *adx, double sum, double value)
{
    if (adx->seen > adx->first)
        sum -= sum / (double)adx->n;
    sum += value;
    return sum > 1e-290 ? sum : 0; /* what only decays is zero by then */
}

static void adx_step(struct adx *adx, double high, double low, double close, double *plus, double *minus, double *out)
{
    const double up = high - adx->high, down = adx->low - low, range = true_range(high, low, adx->close);
    adx->high = high;
    adx->low = low;
    adx->close = close;
    *plus = *minus = *out = NAN;
    if (isnan(range))
        return;
    adx->seen++;
    adx->plus = wilder_sum(adx, adx->plus, up > down && up > 0 ? up : 0);
    adx->minus = wilder_sum(adx, adx->minus, down > up && down > 0 ? down : 0);
    adx->range = wilder_sum(adx, adx->range, range);
    if (adx->seen < adx->n)
        return;
    *plus = adx->range > 0 ? 100 * (adx->plus / adx->range) : 0;
    *minus = adx->range > 0 ? 100 * (adx->minus / adx->range) : 0;
    const double both = *plus + *minus;
    *out = smooth_push(&adx->smooth, both > 0 ? 100 * (fabs(*plus - *minus) / both) : 0);
}

static void adx_run(void *state, const struct columns *in, double *const *out)
{
    for (size_t i = 0; i < in->n; i++)
        adx_step(state, in->high[i], in->low[i], in->close[i], &out[1][i], &out[2][i], &out[0][i]);
}

static const struct output adx_output[] = {{.suffix = "", .panel = PANEL_OWN, .high = 100, .level = {25}, .levels = 1},
                                           {.suffix = "plus", .panel = PANEL_OWN, .high = 100},
                                           {.suffix = "minus", .panel = PANEL_OWN, .high = 100}};

const struct indicator indicator_adx = {
    .name = "adx",
    .title = "average directional movement index",
    .definition =
        "plus and minus are 100 W(DM)/W(TR): a bar moves up by high - last high if that is positive and larger "
        "than last low - low, down in the reverse case, and W is Wilder's running sum, W - W/n + x. The index "
        "is the smoothed average of 100 |plus - minus|/(plus + minus), which begins with the mean of the first "
        "n. With seed=step (TA-Lib, TTR) W begins with n - 1 bars and one step, with seed=book with the sum of "
        "n. 0 where nothing has moved.",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), pp. 36-38",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 2), PARAMETER_WORD("seed", adx_words)},
    .parameters = 2,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = adx_output,
    .outputs = 3,
    .lookback = adx_lookback,
    .stable = adx_stable,
    .bytes = sizeof(struct adx),
    .init = adx_init,
    .run = adx_run,
};

static size_t aroon_size(const double *parameter)
{
    return 2 * window_peak_size(parameter[0] + 1);
}

static struct window_peak *aroon_lows(struct window_peak *highs)
{
    return (struct window_peak *)(void *)((char *)highs + window_peak_size((double)highs->n));
}

static void aroon_init(void *state, const double *parameter)
{
    window_peak_init(state, parameter[0] + 1);
    window_peak_init(aroon_lows(state), parameter[0] + 1);
}

static void aroon_run(void *state, const struct columns *in, double *const *out)
{
    struct window_peak *highs = state, *lows = aroon_lows(highs);
    const double n = (double)(highs->n - 1);
    for (size_t i = 0; i < in->n; i++) {
        const int64_t high = window_peak_push(highs, in->high[i]), low = window_peak_push(lows, -in->low[i]);
        out[0][i] = high < 0 ? NAN : 100 * (n - (double)high) / n;
        out[1][i] = low < 0 ? NAN : 100 * (n - (double)low) / n;
        out[2][i] = out[0][i] - out[1][i];
    }
}

static const struct output aroon_output[] = {
    {.suffix = "up", .panel = PANEL_OWN, .high = 100},
    {.suffix = "down", .panel = PANEL_OWN, .high = 100},
    {.suffix = "osc", .panel = PANEL_OWN, .histogram = true, .low = -100, .high = 100}};

const struct indicator indicator_aroon = {
    .name = "aroon",
    .title = "Aroon",
    .definition =
        "up: 100 (n - bars since the highest high of the last n + 1 bars)/n, the latest of equal ones; down: the "
        "same of the lowest low; osc: up less down.",
    .source = "T. Chande, Stocks & Commodities 13:9 (1995)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 25, 1)},
    .parameters = 1,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .output = aroon_output,
    .outputs = 3,
    .lookback = window_lookback,
    .size = aroon_size,
    .init = aroon_init,
    .run = aroon_run,
};

struct vortex {
    double high, low, close;
    /* Behind it the means of both movements and of true range. */
};

static size_t vortex_size(const double *parameter)
{
    return sizeof(struct vortex) + 3 * window_mean_size(parameter[0]);
}

static void vortex_init(void *state, const double *parameter)
{
    struct vortex *vortex = state;
    void *at = vortex + 1;
    vortex->high = vortex->low = vortex->close = NAN;
    for (int k = 0; k < 3; k++) {
        window_mean_init(at, parameter[0]);
        at = window_mean_end(at);
    }
}

static void vortex_run(void *state, const struct columns *in, double *const *out)
{
    struct vortex *vortex = state;
    struct window_mean *plus = (struct window_mean *)(void *)(vortex + 1), *minus = window_mean_end(plus);
    double up[COLUMNS_MAX], down[COLUMNS_MAX], range[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        up[i] = fabs(in->high[i] - vortex->low);
        down[i] = fabs(in->low[i] - vortex->high);
        range[i] = true_range(in->high[i], in->low[i], vortex->close);
        vortex->high = in->high[i];
        vortex->low = in->low[i];
        vortex->close = in->close[i];
    }
    window_mean_run(plus, up, in->n, out[0]);
    window_mean_run(minus, down, in->n, out[1]);
    window_mean_run(window_mean_end(minus), range, in->n, up);
    for (size_t i = 0; i < in->n; i++) {
        out[0][i] = up[i] != 0 ? out[0][i] / up[i] : 0; /* NaN is not 0 */
        out[1][i] = up[i] != 0 ? out[1][i] / up[i] : 0;
    }
}

static const struct output vortex_output[] = {{.suffix = "plus", .panel = PANEL_OWN, .level = {1}, .levels = 1},
                                              {.suffix = "minus", .panel = PANEL_OWN}};

const struct indicator indicator_vortex = {
    .name = "vortex",
    .title = "vortex indicator",
    .definition =
        "plus: the sum over n bars of |high - last low| by that of true ranges; minus: of |low - last high|. 0 "
        "where there was no range.",
    .source = "E. Botes and D. Siepman, Stocks & Commodities 28:1 (2010) 20",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .output = vortex_output,
    .outputs = 2,
    .lookback = window_lookback,
    .size = vortex_size,
    .init = vortex_init,
    .run = vortex_run,
};

struct chop {
    double scale; /* 100 / lg n */
    struct true_range range;
    /* Behind it the mean of true range, highs and lows. */
};

static size_t chop_size(const double *parameter)
{
    return sizeof(struct chop) + window_mean_size(parameter[0]) + 2 * window_maximum_size(parameter[0]);
}

static void chop_init(void *state, const double *parameter)
{
    struct chop *chop = state;
    struct window_mean *mean = (struct window_mean *)(void *)(chop + 1);
    struct window_maximum *highs;
    chop->scale = 100 / math_log(parameter[0]);
    true_range_init(&chop->range);
    window_mean_init(mean, parameter[0]);
    highs = window_mean_end(mean);
    window_maximum_init(highs, parameter[0]);
    window_maximum_init(window_maximum_end(highs), parameter[0]);
}

static void chop_run(void *state, const struct columns *in, double *const *out)
{
    struct chop *chop = state;
    struct window_mean *mean = (struct window_mean *)(void *)(chop + 1);
    struct window_maximum *highs = window_mean_end(mean);
    double range[COLUMNS_MAX] = {0}, high[COLUMNS_MAX], low[COLUMNS_MAX];
    true_range_run(&chop->range, in, range);
    window_mean_run(mean, range, in->n, out[0]);
    window_maximum_values(highs, in->high, in->n, 1, high);
    window_maximum_values(window_maximum_end(highs), in->low, in->n, -1, low);
    for (size_t i = 0; i < in->n; i++) {
        const double path = out[0][i] * (double)mean->n, reach = high[i] - low[i];
        out[0][i] = reach > 0 && path > 0 ? chop->scale * math_log(path / reach) : NAN;
    }
}

static const struct output chop_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .high = 100, .level = {38.2, 61.8}, .levels = 2}};

const struct indicator indicator_chop = {
    .name = "chop",
    .title = "choppiness index",
    .definition =
        "100 lg(S/(highest high - lowest low))/lg n, where S is the sum of the true ranges of the last n bars: "
        "near 100 where prices go nowhere. Null where there was no range.",
    .source = "E. W. Dreiss (1991)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 2)},
    .parameters = 1,
    .inputs = INPUT_RANGE,
    .output = chop_output,
    .outputs = 1,
    .lookback = window_lookback,
    .size = chop_size,
    .init = chop_init,
    .run = chop_run,
};

static int linreg_lookback(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t linreg_size(const double *parameter)
{
    return window_line_size(parameter[0]);
}

static void linreg_init(void *state, const double *parameter)
{
    window_line_init(state, parameter[0]);
}

static void linreg_run(void *state, const struct columns *in, double *const *out)
{
    struct window_line *window = state;
    const double n = (double)window->n, middle = (n - 1) / 2, spread = n * (n * n - 1) / 12; /* Σ(j - middle)² */
    for (size_t i = 0; i < in->n; i++) {
        struct line_sums sums;
        for (int k = 0; k < 4; k++)
            out[k][i] = NAN;
        if (!window_line_push(window, in->source[i], &sums))
            continue;
        const double mean = sums.sum / n, together = sums.placed - middle * sums.sum;
        const double slope = together / spread, all = sums.squares - sums.sum * mean;
        out[0][i] = sums.base + (mean + slope * middle);
        out[1][i] = slope;
        out[2][i] = all > 0 ? together * slope / all : NAN;
        out[3][i] = sums.base + (mean + slope * (middle + 1));
    }
}

static const struct output linreg_output[] = {{.suffix = "", .price_power = 1},
                                              {.suffix = "slope", .price_power = 1, .panel = PANEL_OWN},
                                              {.suffix = "r2", .panel = PANEL_OWN, .high = 1},
                                              {.suffix = "forecast", .price_power = 1}};

const struct indicator indicator_linreg = {
    .name = "linreg",
    .title = "linear regression",
    .definition =
        "The straight line of least squares through the last n values of the source: its value at this bar, its "
        "slope in price a bar, r2, the share of the variance that it explains (null where nothing has moved), "
        "and the forecast, its value one bar on.",
    .source = "T. Chande and S. Kroll, The New Technical Trader (1994)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 2), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = linreg_output,
    .outputs = 4,
    .lookback = linreg_lookback,
    .size = linreg_size,
    .init = linreg_init,
    .run = linreg_run,
};
