/* Oscillators of changes: TRIX, TSI, CMO, the ultimate and the awesome one. */
#include "indicator/list.h"
#include "indicator/range.h"
#include "indicator/strength.h"
#include "indicator/window.h"

static int longest_memory(double n)
{
    return smooth_memory(2 / (n + 1));
}

struct trix {
    struct smooth stage[3], signal;
    double before;
};

static int trix_lookback(const double *parameter)
{
    return 3 * (int)parameter[0] - 2 + (int)parameter[1] - 1;
}

static int trix_stable(const double *parameter)
{
    return trix_lookback(parameter) + 5 * longest_memory(parameter[0]) + longest_memory(parameter[1]);
}

static void trix_init(void *state, const double *parameter)
{
    struct trix *trix = state;
    for (int k = 0; k < 3; k++)
        smooth_init_exponential(&trix->stage[k], parameter[0]);
    smooth_init_exponential(&trix->signal, parameter[1]);
    trix->before = NAN;
}

static void trix_run(void *state, const struct columns *in, double *const *out)
{
    struct trix *trix = state;
    double e[2][COLUMNS_MAX];
    smooth_run(&trix->stage[0], in->source, in->n, e[0]);
    smooth_run(&trix->stage[1], e[0], in->n, e[1]);
    smooth_run(&trix->stage[2], e[1], in->n, e[0]);
    for (size_t i = 0; i < in->n; i++) {
        out[0][i] = trix->before != 0 ? 100 * (e[0][i] / trix->before - 1) : NAN;
        trix->before = e[0][i];
    }
    smooth_run(&trix->signal, out[0], in->n, out[1]);
}

static const struct output trix_output[] = {{.suffix = "", .panel = PANEL_OWN, .level = {0}, .levels = 1},
                                            {.suffix = "signal", .panel = PANEL_OWN}};

const struct indicator indicator_trix = {
    .name = "trix",
    .title = "TRIX",
    .definition =
        "The change in percent, from bar to bar, of the threefold exponential average of the source, each stage "
        "seeded with the mean of its own first n values; and its signal, an exponential average.",
    .source = "J. Hutson, Stocks & Commodities 1:5 (1983)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 15, 1), PARAMETER_WINDOW("signal", 9, 1), PARAMETER_SOURCE},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .output = trix_output,
    .outputs = 2,
    .lookback = trix_lookback,
    .stable = trix_stable,
    .bytes = sizeof(struct trix),
    .init = trix_init,
    .run = trix_run,
};

struct tsi {
    struct smooth slow, slow_size, fast, fast_size, signal;
    double before;
};

static int tsi_lookback(const double *parameter)
{
    return (int)(parameter[0] + parameter[1] + parameter[2]) - 2;
}

static int tsi_stable(const double *parameter)
{
    return tsi_lookback(parameter) + 2 * longest_memory(parameter[0]) + longest_memory(parameter[1]) +
           longest_memory(parameter[2]);
}

static void tsi_init(void *state, const double *parameter)
{
    struct tsi *tsi = state;
    smooth_init_exponential(&tsi->slow, parameter[0]);
    smooth_init_exponential(&tsi->slow_size, parameter[0]);
    smooth_init_exponential(&tsi->fast, parameter[1]);
    smooth_init_exponential(&tsi->fast_size, parameter[1]);
    smooth_init_exponential(&tsi->signal, parameter[2]);
    tsi->before = NAN;
}

static void tsi_run(void *state, const struct columns *in, double *const *out)
{
    struct tsi *tsi = state;
    double change[COLUMNS_MAX], size[COLUMNS_MAX], e[COLUMNS_MAX];
    changes_run(&tsi->before, in->source, in->n, change);
    for (size_t i = 0; i < in->n; i++)
        size[i] = fabs(change[i]);
    smooth_run(&tsi->slow, change, in->n, e);
    smooth_run(&tsi->fast, e, in->n, change);
    smooth_run(&tsi->slow_size, size, in->n, e);
    smooth_run(&tsi->fast_size, e, in->n, size);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = size[i] != 0 ? 100 * change[i] / size[i] : 0; /* NaN is not 0 */
    smooth_run(&tsi->signal, out[0], in->n, out[1]);
}

static const struct output tsi_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .low = -100, .high = 100, .level = {0}, .levels = 1},
    {.suffix = "signal", .panel = PANEL_OWN, .low = -100, .high = 100}};

const struct indicator indicator_tsi = {
    .name = "tsi",
    .title = "true strength index",
    .definition =
        "100 times the changes of the source, averaged exponentially over slow and then over fast bars, by the "
        "same of their sizes; and its signal, an exponential average. 0 where nothing has moved.",
    .source = "W. Blau, Stocks & Commodities 9:11 (1991)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("slow", 25, 1), PARAMETER_WINDOW("fast", 13, 1), PARAMETER_WINDOW("signal", 7, 1),
                  PARAMETER_SOURCE},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = tsi_output,
    .outputs = 2,
    .lookback = tsi_lookback,
    .stable = tsi_stable,
    .bytes = sizeof(struct tsi),
    .init = tsi_init,
    .run = tsi_run,
};

static const char *const cmo_words[] = {"sum", "wilder", NULL};

struct cmo {
    int64_t wilder;
    struct strength strength;
    double before;
    /* Behind it the means of gains and of losses. */
};

static int cmo_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static int cmo_stable(const double *parameter)
{
    return cmo_lookback(parameter) + (parameter[2] != 0 ? smooth_memory(1 / parameter[0]) : 0);
}

static size_t cmo_size(const double *parameter)
{
    return sizeof(struct cmo) + 2 * window_mean_size(parameter[0]);
}

static void cmo_init(void *state, const double *parameter)
{
    struct cmo *cmo = state;
    struct window_mean *gain = (struct window_mean *)(void *)(cmo + 1);
    cmo->wilder = parameter[2] != 0;
    strength_init(&cmo->strength, parameter[0]);
    cmo->before = NAN;
    window_mean_init(gain, parameter[0]);
    window_mean_init(window_mean_end(gain), parameter[0]);
}

static void cmo_run(void *state, const struct columns *in, double *const *out)
{
    struct cmo *cmo = state;
    struct window_mean *mean = (struct window_mean *)(void *)(cmo + 1);
    double gain[COLUMNS_MAX], loss[COLUMNS_MAX], up[COLUMNS_MAX], down[COLUMNS_MAX];
    if (cmo->wilder) {
        strength_run(&cmo->strength, in->source, in->n, out[0]);
        for (size_t i = 0; i < in->n; i++)
            out[0][i] = 2 * out[0][i] - 100;
        return;
    }
    gains_run(&cmo->before, in->source, in->n, gain, loss);
    window_mean_run(mean, gain, in->n, up);
    window_mean_run(window_mean_end(mean), loss, in->n, down);
    for (size_t i = 0; i < in->n; i++) {
        const double both = up[i] + down[i];
        out[0][i] = both != 0 ? 100 * (up[i] - down[i]) / both : 0; /* NaN is not 0 */
    }
}

static const struct output cmo_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .low = -100, .high = 100, .level = {-50, 50}, .levels = 2}};

const struct indicator indicator_cmo = {
    .name = "cmo",
    .title = "Chande momentum oscillator",
    .definition = "100 (U - D)/(U + D), with U and D the sums of the last n gains and losses of the source, 0 where "
                  "nothing has moved; with average=wilder their smoothed averages, as TA-Lib's CMO has it, which is "
                  "2 RSI - 100.",
    .source = "T. Chande and S. Kroll, The New Technical Trader (1994)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1), PARAMETER_SOURCE, PARAMETER_WORD("average", cmo_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = cmo_output,
    .outputs = 1,
    .lookback = cmo_lookback,
    .stable = cmo_stable,
    .size = cmo_size,
    .init = cmo_init,
    .run = cmo_run,
};

struct ultosc {
    double before;
    /* Behind it, for each of the three windows, the means of buying pressure and of true range. */
};

static int ultosc_lookback(const double *parameter)
{
    double most = 0;
    for (int k = 0; k < 3; k++)
        most = parameter[k] > most ? parameter[k] : most;
    return (int)most;
}

static size_t ultosc_size(const double *parameter)
{
    size_t size = sizeof(struct ultosc);
    for (int k = 0; k < 3; k++)
        size += 2 * window_mean_size(parameter[k]);
    return size;
}

static void ultosc_init(void *state, const double *parameter)
{
    struct ultosc *ultosc = state;
    void *at = ultosc + 1;
    ultosc->before = NAN;
    for (int k = 0; k < 6; k++) {
        window_mean_init(at, parameter[k / 2]);
        at = window_mean_end(at);
    }
}

static void ultosc_run(void *state, const struct columns *in, double *const *out)
{
    static const double weight[] = {4, 2, 1};
    struct ultosc *ultosc = state;
    void *at = ultosc + 1;
    double pressure[COLUMNS_MAX], range[COLUMNS_MAX], up[COLUMNS_MAX], all[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        const double before = i > 0 ? in->close[i - 1] : ultosc->before,
                     low = in->low[i] < before ? in->low[i] : before;
        pressure[i] = in->close[i] - low;
        range[i] = true_range(in->high[i], in->low[i], before);
        out[0][i] = 0;
    }
    ultosc->before = in->close[in->n - 1];
    for (int k = 0; k < 3; k++) {
        struct window_mean *first = at, *second = window_mean_end(first);
        window_mean_run(first, pressure, in->n, up);
        window_mean_run(second, range, in->n, all);
        for (size_t i = 0; i < in->n; i++)
            out[0][i] += weight[k] * (all[i] != 0 ? up[i] / all[i] : 0.5); /* NaN is not 0 */
        at = window_mean_end(second);
    }
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = 100 * out[0][i] / 7;
}

static const struct output share_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .high = 100, .level = {30, 70}, .levels = 2}};

const struct indicator indicator_ultosc = {
    .name = "ultosc",
    .title = "ultimate oscillator",
    .definition =
        "100 (4 A + 2 B + C)/7, where A, B and C are, over the short, middle and long window, the sum of close "
        "less the lower of low and last close, by the sum of true ranges; a half where there was no range.",
    .source = "L. Williams, Stocks & Commodities 3:4 (1985)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("short", 7, 1), PARAMETER_WINDOW("middle", 14, 1), PARAMETER_WINDOW("long", 28, 1)},
    .parameters = 3,
    .inputs = INPUT_RANGE,
    .finite = true,
    .output = share_output,
    .outputs = 1,
    .lookback = ultosc_lookback,
    .size = ultosc_size,
    .init = ultosc_init,
    .run = ultosc_run,
};

static int ao_lookback(const double *parameter)
{
    return (int)(parameter[0] > parameter[1] ? parameter[0] : parameter[1]) - 1;
}

static size_t ao_size(const double *parameter)
{
    return window_mean_size(parameter[0]) + window_mean_size(parameter[1]);
}

static void ao_init(void *state, const double *parameter)
{
    window_mean_init(state, parameter[0]);
    window_mean_init(window_mean_end(state), parameter[1]);
}

static void ao_run(void *state, const struct columns *in, double *const *out)
{
    double middle[COLUMNS_MAX], slow[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++)
        middle[i] = (in->high[i] + in->low[i]) / 2;
    window_mean_values(state, middle, in->n, out[0]);
    window_mean_values(window_mean_end(state), middle, in->n, slow);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] -= slow[i];
}

static const struct output ao_output[] = {
    {.suffix = "", .price_power = 1, .panel = PANEL_OWN, .histogram = true, .level = {0}, .levels = 1}};

const struct indicator indicator_ao = {
    .name = "ao",
    .title = "awesome oscillator",
    .definition = "The mean of (high + low)/2 over fast bars less that over slow bars.",
    .source = "B. Williams, New Trading Dimensions (1998)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("fast", 5, 1), PARAMETER_WINDOW("slow", 34, 1)},
    .parameters = 2,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .output = ao_output,
    .outputs = 1,
    .lookback = ao_lookback,
    .size = ao_size,
    .init = ao_init,
    .run = ao_run,
};
