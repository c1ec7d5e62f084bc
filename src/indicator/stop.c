/* Lines that follow a price as a stop would: parabolic SAR, Supertrend, chandelier exit; and Ichimoku's cloud. */
#include "indicator/list.h"
#include "indicator/range.h"
#include "indicator/window.h"

static int never_stable(const double *parameter)
{
    (void)parameter;
    return -1;
}

struct psar {
    double step, most;
    double stop, extreme, factor, high, low;
    int64_t side; /* 1 long, −1 short, 0 before the second bar */
};

static int psar_lookback(const double *parameter)
{
    (void)parameter;
    return 1;
}

static void psar_init(void *state, const double *parameter)
{
    struct psar *psar = state;
    psar->step = parameter[0];
    psar->most = parameter[1];
    psar->high = psar->low = NAN;
}

/* Long and short are the same with prices turned over: `side` times a price. A long stop lies below the last two lows.
 */
static void psar_limit(struct psar *psar, double near, double far)
{
    const double side = (double)psar->side;
    psar->stop = side * near < side * psar->stop ? near : psar->stop;
    psar->stop = side * far < side * psar->stop ? far : psar->stop;
}

static void psar_start(struct psar *psar, double high, double low)
{
    const double down = psar->low - low, up = high - psar->high;
    psar->side = down > 0 && down > up ? -1 : 1;
    psar->extreme = psar->side > 0 ? high : low;
    psar->stop = psar->side > 0 ? psar->low : psar->high;
    psar->factor = psar->step < psar->most ? psar->step : psar->most;
    psar->high = high; /* the second bar counts as its own last one */
    psar->low = low;
}

static double psar_step(struct psar *psar, double high, double low)
{
    if (psar->side == 0) {
        if (isnan(psar->high)) {
            psar->high = high;
            psar->low = low;
            return NAN;
        }
        psar_start(psar, high, low);
    }
    const double side = (double)psar->side, against = side > 0 ? low : high, with = side > 0 ? high : low;
    const double last_against = side > 0 ? psar->low : psar->high, last_with = side > 0 ? psar->high : psar->low;
    double said;
    if (side * against <= side * psar->stop) {
        psar->side = -psar->side;
        psar->stop = psar->extreme;
        psar_limit(psar, last_with, with);
        said = psar->stop;
        psar->factor = psar->step < psar->most ? psar->step : psar->most;
        psar->extreme = against;
        psar->stop += psar->factor * (psar->extreme - psar->stop);
        psar_limit(psar, last_with, with);
    } else {
        said = psar->stop;
        if (side * with > side * psar->extreme) {
            psar->extreme = with;
            psar->factor = psar->factor + psar->step < psar->most ? psar->factor + psar->step : psar->most;
        }
        psar->stop += psar->factor * (psar->extreme - psar->stop);
        psar_limit(psar, last_against, against);
    }
    psar->high = high;
    psar->low = low;
    return said;
}

static void psar_run(void *state, const struct columns *in, double *const *out)
{
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = psar_step(state, in->high[i], in->low[i]);
}

static const struct output psar_output[] = {{.suffix = "", .price_power = 1}};

const struct indicator indicator_psar = {
    .name = "psar",
    .title = "parabolic stop and reverse",
    .definition = "The stop moves by a factor of the way to the extreme of its trend; the factor begins with step and "
                  "grows by it at each new extreme, up to max. It never lies within the last two bars, and when a bar "
                  "reaches it, it turns round and begins at the old extreme. It begins with the direction in which the "
                  "second bar reaches further, long when neither, and the other extreme of the first.",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. II",
    .version = 1,
    .parameter = {PARAMETER_NUMBER("step", 0.02, 0.0001, 1), PARAMETER_NUMBER("max", 0.2, 0.0001, 1)},
    .parameters = 2,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .output = psar_output,
    .outputs = 1,
    .lookback = psar_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct psar),
    .init = psar_init,
    .run = psar_run,
};

struct supertrend {
    double width, upper, lower, close, trend; /* trend 0 before there is a range */
    struct true_range range;
    struct smooth smooth;
};

static int supertrend_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void supertrend_init(void *state, const double *parameter)
{
    struct supertrend *trend = state;
    trend->width = parameter[1];
    true_range_init(&trend->range);
    smooth_init_wilder(&trend->smooth, parameter[0]);
}

static void supertrend_run(void *state, const struct columns *in, double *const *out)
{
    struct supertrend *trend = state;
    double range[COLUMNS_MAX];
    true_range_run(&trend->range, in, range);
    smooth_run(&trend->smooth, range, in->n, range);
    for (size_t i = 0; i < in->n; i++) {
        const double middle = (in->high[i] + in->low[i]) / 2, reach = trend->width * range[i], close = in->close[i];
        const double upper = middle + reach, lower = middle - reach;
        out[0][i] = out[1][i] = NAN;
        if (isnan(range[i])) {
            trend->close = close;
            continue;
        }
        const bool first = trend->trend == 0;
        trend->upper = first || upper < trend->upper || trend->close > trend->upper ? upper : trend->upper;
        trend->lower = first || lower > trend->lower || trend->close < trend->lower ? lower : trend->lower;
        if (first)
            trend->trend = 1;
        if (trend->trend > 0 ? close < trend->lower : close > trend->upper)
            trend->trend = -trend->trend;
        out[0][i] = trend->trend > 0 ? trend->lower : trend->upper;
        out[1][i] = trend->trend;
        trend->close = close;
    }
}

static const struct output supertrend_output[] = {{.suffix = "", .price_power = 1},
                                                  {.suffix = "trend", .panel = PANEL_OWN, .low = -1, .high = 1}};

const struct indicator indicator_supertrend = {
    .name = "supertrend",
    .title = "Supertrend",
    .definition =
        "Two bands, k average true ranges of n bars above and below (high + low)/2. The upper one only falls as "
        "long as closes stay below it, the lower one only rises as long as they stay above. The line is the "
        "lower band while the trend is up (1), the upper one while it is down (-1); a close beyond it turns the "
        "trend. It begins up.",
    .source = "O. Seban, Tout le monde merite d'etre riche (2009)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 10, 1), PARAMETER_NUMBER("k", 3, 0.01, 100)},
    .parameters = 2,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = supertrend_output,
    .outputs = 2,
    .lookback = supertrend_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct supertrend),
    .init = supertrend_init,
    .run = supertrend_run,
};

struct chandelier {
    double width;
    struct true_range range;
    struct smooth smooth;
    /* Behind it highs and lows. */
};

static int chandelier_stable(const double *parameter)
{
    return supertrend_lookback(parameter) + smooth_memory(1 / parameter[0]);
}

static size_t chandelier_size(const double *parameter)
{
    return sizeof(struct chandelier) + 2 * window_maximum_size(parameter[0]);
}

static void chandelier_init(void *state, const double *parameter)
{
    struct chandelier *chandelier = state;
    struct window_maximum *highs = (struct window_maximum *)(void *)(chandelier + 1);
    chandelier->width = parameter[1];
    true_range_init(&chandelier->range);
    smooth_init_wilder(&chandelier->smooth, parameter[0]);
    window_maximum_init(highs, parameter[0]);
    window_maximum_init(window_maximum_end(highs), parameter[0]);
}

static void chandelier_run(void *state, const struct columns *in, double *const *out)
{
    struct chandelier *chandelier = state;
    struct window_maximum *highs = (struct window_maximum *)(void *)(chandelier + 1);
    double range[COLUMNS_MAX];
    true_range_run(&chandelier->range, in, range);
    smooth_run(&chandelier->smooth, range, in->n, range);
    window_maximum_values(highs, in->high, in->n, 1, out[0]);
    window_maximum_values(window_maximum_end(highs), in->low, in->n, -1, out[1]);
    for (size_t i = 0; i < in->n; i++) {
        out[0][i] -= chandelier->width * range[i];
        out[1][i] += chandelier->width * range[i];
    }
}

static const struct output chandelier_output[] = {{.suffix = "long", .price_power = 1},
                                                  {.suffix = "short", .price_power = 1}};

const struct indicator indicator_chandelier = {
    .name = "chandelier",
    .title = "chandelier exit",
    .definition = "long: the highest high of n bars less k average true ranges of n bars; short: the lowest low and k "
                  "ranges. As a stop it should stay at its best value since the entry.",
    .source = "C. LeBeau; A. Elder, Come Into My Trading Room (2002)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 22, 1), PARAMETER_NUMBER("k", 3, 0.01, 100)},
    .parameters = 2,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = chandelier_output,
    .outputs = 2,
    .lookback = supertrend_lookback,
    .stable = chandelier_stable,
    .size = chandelier_size,
    .init = chandelier_init,
    .run = chandelier_run,
};

/* Three pairs of highs and lows in a row, then two delays: those of both leading spans. */
static int ichimoku_longest(const double *parameter)
{
    double most = 0;
    for (int k = 0; k < 3; k++)
        most = parameter[k] > most ? parameter[k] : most;
    return (int)most - 1;
}

static int ichimoku_lookback(const double *parameter)
{
    return ichimoku_longest(parameter) + (int)parameter[3];
}

static size_t ichimoku_size(const double *parameter)
{
    size_t size = 2 * window_delay_size(parameter[3]);
    for (int k = 0; k < 3; k++)
        size += 2 * window_maximum_size(parameter[k]);
    return size;
}

static void ichimoku_init(void *state, const double *parameter)
{
    void *at = state;
    for (int k = 0; k < 6; k++) {
        window_maximum_init(at, parameter[k / 2]);
        at = window_maximum_end(at);
    }
    window_delay_init(at, parameter[3]);
    window_delay_init(window_delay_end(at), parameter[3]);
}

static void ichimoku_run(void *state, const struct columns *in, double *const *out)
{
    void *at = state;
    double high[COLUMNS_MAX], low[COLUMNS_MAX], *middle[] = {out[0], out[1], out[3]};
    for (int k = 0; k < 3; k++) {
        window_maximum_values(at, in->high, in->n, 1, high);
        at = window_maximum_end(at);
        window_maximum_values(at, in->low, in->n, -1, low);
        at = window_maximum_end(at);
        for (size_t i = 0; i < in->n; i++)
            middle[k][i] = (high[i] + low[i]) / 2;
    }
    for (size_t i = 0; i < in->n; i++)
        out[2][i] = (out[0][i] + out[1][i]) / 2;
    window_delay_run(at, out[2], in->n, out[4]);
    window_delay_run(window_delay_end(at), out[3], in->n, out[5]);
}

static const struct output ichimoku_output[] = {
    {.suffix = "conversion", .price_power = 1},   {.suffix = "base", .price_power = 1},
    {.suffix = "lead_a", .price_power = 1},       {.suffix = "lead_b", .price_power = 1},
    {.suffix = "a", .price_power = 1, .band = 1}, {.suffix = "b", .price_power = 1}};

const struct indicator indicator_ichimoku = {
    .name = "ichimoku",
    .title = "Ichimoku's cloud",
    .definition =
        "conversion, base and lead_b are the middles of the highest high and the lowest low of three windows; "
        "lead_a is the mean of conversion and base. The cloud at this bar, a and b, is lead_a and lead_b of "
        "shift bars ago: 25 is 26 bars with this one counted (TradingView), 26 is pandas-ta's. The lagging "
        "span is the close drawn into the past, and no figure of a bar.",
    .source = "G. Hosoda (1969)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("conversion", 9, 1),
                  PARAMETER_WINDOW("base", 26, 1),
                  PARAMETER_WINDOW("span", 52, 1),
                  {.name = "shift", .standard = 25, .low = 0, .high = 1000, .whole = true, .quiet = true}},
    .parameters = 4,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .output = ichimoku_output,
    .outputs = 6,
    .lookback = ichimoku_lookback,
    .size = ichimoku_size,
    .init = ichimoku_init,
    .run = ichimoku_run,
};
