/* Volatility a year, in percent, from closes and from whole bars. */
#include "base/math.h"
#include "indicator/list.h"
#include "indicator/window.h"

#include <stddef.h>

static const struct output percent_output[] = {{.suffix = "", .panel = PANEL_OWN}};

static double log_ratio(double a, double b)
{
    return a > 0 && b > 0 ? math_log(a / b) : NAN;
}

static int whole_window(const double *parameter)
{
    return (int)parameter[0];
}

static int one_less(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static const char *const mean_words[] = {"sample", "zero", NULL};

struct hv {
    double scale, before;
    int64_t zero;                 /* the mean is taken for zero */
    struct window_moments window; /* its array follows */
};

static size_t hv_size(const double *parameter)
{
    return offsetof(struct hv, window) + window_moments_size(parameter[0]);
}

static void hv_init(void *state, const double *parameter)
{
    struct hv *hv = state;
    hv->zero = parameter[3] != 0;
    hv->scale = 100 * sqrt(parameter[1] * parameter[0] / (parameter[0] - 1));
    hv->before = NAN;
    window_moments_init(&hv->window, parameter[0]);
}

static void hv_run(void *state, const struct columns *in, double *const *out)
{
    struct hv *hv = state;
    double change[COLUMNS_MAX] = {0}, mean[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        change[i] = log_ratio(in->source[i], hv->before);
        hv->before = in->source[i];
    }
    window_moments_run(&hv->window, change, in->n, mean, out[0]);
    for (size_t i = 0; i < in->n; i++) {
        const double deviation = hv->zero ? sqrt(out[0][i] * out[0][i] + mean[i] * mean[i]) : out[0][i];
        out[0][i] = hv->scale * deviation;
    }
}

const struct indicator indicator_hv = {
    .name = "hv",
    .title = "historical volatility",
    .definition = "100 sqrt(days) times the sample deviation of the last n logarithmic changes of the source; with "
                  "mean=zero about zero instead of their mean. days is the number of bars in a year: 252 trading days, "
                  "365 for markets that never close.",
    .source = "S. Natenberg, Option Volatility and Pricing (1994)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("days", 252, 1, 1000000), PARAMETER_SOURCE,
                  PARAMETER_WORD("mean", mean_words)},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .output = percent_output,
    .outputs = 1,
    .lookback = whole_window,
    .size = hv_size,
    .init = hv_init,
    .run = hv_run,
};

struct estimate {
    double scale;              /* of the mean of a variance a bar */
    struct window_mean window; /* its array follows */
};

static size_t estimate_size(const double *parameter)
{
    return offsetof(struct estimate, window) + window_mean_size(parameter[0]);
}

static void estimate_init(void *state, const double *parameter)
{
    struct estimate *estimate = state;
    estimate->scale = parameter[1];
    window_mean_init(&estimate->window, parameter[0]);
}

/* The volatility of variances of single bars. */
static void estimate_run(struct estimate *estimate, const double *variance, size_t n, double *out)
{
    window_mean_run(&estimate->window, variance, n, out);
    for (size_t i = 0; i < n; i++)
        out[i] = isnan(out[i]) ? NAN : 100 * sqrt(estimate->scale * (out[i] > 0 ? out[i] : 0));
}

static void parkinson_run(void *state, const struct columns *in, double *const *out)
{
    const double ln2 = 0x1.62e42fefa39efp-1;
    double variance[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        const double range = log_ratio(in->high[i], in->low[i]);
        variance[i] = range * range / (4 * ln2);
    }
    estimate_run(state, variance, in->n, out[0]);
}

#define ESTIMATE_PARAMETERS                                                                                            \
    {                                                                                                                  \
        PARAMETER_WINDOW("n", 20, 1), PARAMETER_NUMBER("days", 252, 1, 1000000)                                        \
    }

const struct indicator indicator_parkinson = {
    .name = "parkinson",
    .title = "Parkinson's volatility",
    .definition = "100 sqrt(days M), with M the mean over n bars of ln(high/low)^2/(4 ln 2). It knows nothing of gaps "
                  "between bars.",
    .source = "M. Parkinson, Journal of Business 53 (1980) 61",
    .version = 1,
    .parameter = ESTIMATE_PARAMETERS,
    .parameters = 2,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .output = percent_output,
    .outputs = 1,
    .lookback = one_less,
    .size = estimate_size,
    .init = estimate_init,
    .run = parkinson_run,
};

static void garmanklass_run(void *state, const struct columns *in, double *const *out)
{
    const double ln2 = 0x1.62e42fefa39efp-1;
    double variance[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        const double range = log_ratio(in->high[i], in->low[i]), body = log_ratio(in->close[i], in->open[i]);
        variance[i] = range * range / 2 - (2 * ln2 - 1) * body * body;
    }
    estimate_run(state, variance, in->n, out[0]);
}

const struct indicator indicator_garmanklass = {
    .name = "garmanklass",
    .title = "Garman and Klass's volatility",
    .definition =
        "100 sqrt(days M), with M the mean over n bars of ln(high/low)^2/2 - (2 ln 2 - 1) ln(close/open)^2, at "
        "least zero.",
    .source = "M. Garman and M. Klass, Journal of Business 53 (1980) 67",
    .version = 1,
    .parameter = ESTIMATE_PARAMETERS,
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .output = percent_output,
    .outputs = 1,
    .lookback = one_less,
    .size = estimate_size,
    .init = estimate_init,
    .run = garmanklass_run,
};

static double rogers_satchell(double open, double high, double low, double close)
{
    return log_ratio(high, close) * log_ratio(high, open) + log_ratio(low, close) * log_ratio(low, open);
}

static void rogerssatchell_run(void *state, const struct columns *in, double *const *out)
{
    double variance[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++)
        variance[i] = rogers_satchell(in->open[i], in->high[i], in->low[i], in->close[i]);
    estimate_run(state, variance, in->n, out[0]);
}

const struct indicator indicator_rogerssatchell = {
    .name = "rogerssatchell",
    .title = "Rogers and Satchell's volatility",
    .definition = "100 sqrt(days M), with M the mean over n bars of ln(high/close) ln(high/open) + ln(low/close) "
                  "ln(low/open). It is unaffected by drift.",
    .source = "L. C. G. Rogers and S. Satchell, Annals of Applied Probability 1 (1991) 504",
    .version = 1,
    .parameter = ESTIMATE_PARAMETERS,
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .output = percent_output,
    .outputs = 1,
    .lookback = one_less,
    .size = estimate_size,
    .init = estimate_init,
    .run = rogerssatchell_run,
};

struct yangzhang {
    double days, before, weight; /* weight: k */
    /* Behind it moments of openings, moments of bodies, the mean of the third. */
};

static size_t yangzhang_size(const double *parameter)
{
    return sizeof(struct yangzhang) + 2 * window_moments_size(parameter[0]) + window_mean_size(parameter[0]);
}

static void yangzhang_init(void *state, const double *parameter)
{
    struct yangzhang *all = state;
    struct window_moments *opening = (struct window_moments *)(void *)(all + 1), *body;
    const double n = parameter[0];
    all->days = parameter[1];
    all->before = NAN;
    all->weight = 0.34 / (1.34 + (n + 1) / (n - 1));
    window_moments_init(opening, n);
    body = window_moments_end(opening);
    window_moments_init(body, n);
    window_mean_init(window_moments_end(body), n);
}

static void yangzhang_run(void *state, const struct columns *in, double *const *out)
{
    struct yangzhang *all = state;
    struct window_moments *opening = (struct window_moments *)(void *)(all + 1), *body = window_moments_end(opening);
    struct window_mean *third = window_moments_end(body);
    const double n = (double)opening->n;
    for (size_t i = 0; i < in->n; i++) {
        const double gap = log_ratio(in->open[i], all->before), move = log_ratio(in->close[i], in->open[i]);
        const double drift = rogers_satchell(in->open[i], in->high[i], in->low[i], in->close[i]);
        double mean, overnight, daily;
        all->before = in->close[i];
        out[0][i] = NAN;
        if (isnan(gap) || isnan(move) || isnan(drift))
            continue;
        window_moments_push(opening, gap, &mean, &overnight);
        window_moments_push(body, move, &mean, &daily);
        const double rest = window_mean_push(third, drift);
        const double sum = (overnight + all->weight * daily) * n / (n - 1) + (1 - all->weight) * rest;
        out[0][i] = isnan(sum) ? NAN : 100 * sqrt(all->days * (sum > 0 ? sum : 0));
    }
}

const struct indicator indicator_yangzhang = {
    .name = "yangzhang",
    .title = "Yang and Zhang's volatility",
    .definition =
        "100 sqrt(days (O + k C + (1 - k) R)), with O the sample variance of the last n ln(open/last close), C "
        "that of ln(close/open), R the mean of Rogers and Satchell's terms and k = 0.34/(1.34 + (n + 1)/(n - "
        "1)). It includes gaps and is unaffected by drift.",
    .source = "D. Yang and Q. Zhang, Journal of Business 73 (2000) 477",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_NUMBER("days", 252, 1, 1000000)},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .output = percent_output,
    .outputs = 1,
    .lookback = whole_window,
    .size = yangzhang_size,
    .init = yangzhang_init,
    .run = yangzhang_run,
};
