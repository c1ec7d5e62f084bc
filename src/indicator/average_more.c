/* Moving averages of several steps: Mulloy's, Tillson's, Kaufman's, Hull's, and the Gaussian one. */
#include "base/math.h"
#include "indicator/list.h"
#include "indicator/regress.h"
#include "indicator/smooth.h"
#include "indicator/window.h"

static const struct output price_line[] = {{.suffix = "", .price_power = 1}};

/* A chain of exponential averages, each of the one before and seeded with the mean of its own first n values. */
struct chain {
    double factor;
    struct smooth stage[6];
};

static void chain_init(struct chain *chain, double n, int stages)
{
    for (int k = 0; k < stages; k++)
        smooth_init_exponential(&chain->stage[k], n);
}

static void chain_run(struct chain *chain, const double *value, size_t count, int stages, double average[][COLUMNS_MAX])
{
    for (int k = 0; k < stages; k++)
        smooth_run(&chain->stage[k], k == 0 ? value : average[k - 1], count, average[k]);
}

static int chain_stable(const double *parameter, int lookback, int stages)
{
    return lookback + (stages + 1) * smooth_memory(2 / (parameter[0] + 1));
}

static int dema_lookback(const double *parameter)
{
    return 2 * (int)parameter[0] - 2;
}

static int dema_stable(const double *parameter)
{
    return chain_stable(parameter, dema_lookback(parameter), 2);
}

static void dema_init(void *state, const double *parameter)
{
    chain_init(state, parameter[0], 2);
}

static void dema_run(void *state, const struct columns *in, double *const *out)
{
    double e[2][COLUMNS_MAX];
    chain_run(state, in->source, in->n, 2, e);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = 2 * e[0][i] - e[1][i];
}

const struct indicator indicator_dema = {
    .name = "dema",
    .title = "double exponential moving average",
    .definition = "2E - EE, where E is the exponential average of the source and EE that of E. Each begins with the "
                  "mean of its own first n values. It may leave the range of the prices.",
    .source = "P. Mulloy, Stocks & Commodities 12:1 (1994) 11",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = dema_lookback,
    .stable = dema_stable,
    .bytes = sizeof(struct chain),
    .init = dema_init,
    .run = dema_run,
};

static int tema_lookback(const double *parameter)
{
    return 3 * (int)parameter[0] - 3;
}

static int tema_stable(const double *parameter)
{
    return chain_stable(parameter, tema_lookback(parameter), 3);
}

static void tema_init(void *state, const double *parameter)
{
    chain_init(state, parameter[0], 3);
}

static void tema_run(void *state, const struct columns *in, double *const *out)
{
    double e[3][COLUMNS_MAX];
    chain_run(state, in->source, in->n, 3, e);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = 3 * e[0][i] - 3 * e[1][i] + e[2][i];
}

const struct indicator indicator_tema = {
    .name = "tema",
    .title = "triple exponential moving average",
    .definition = "3E - 3EE + EEE, with E the exponential average of the source, EE that of E and EEE that of EE. Each "
                  "begins with the mean of its own first n values.",
    .source = "P. Mulloy, Stocks & Commodities 12:2 (1994) 72",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = tema_lookback,
    .stable = tema_stable,
    .bytes = sizeof(struct chain),
    .init = tema_init,
    .run = tema_run,
};

static int t3_lookback(const double *parameter)
{
    return 6 * (int)parameter[0] - 6;
}

static int t3_stable(const double *parameter)
{
    return chain_stable(parameter, t3_lookback(parameter), 6);
}

static void t3_init(void *state, const double *parameter)
{
    struct chain *chain = state;
    chain->factor = parameter[1];
    chain_init(chain, parameter[0], 6);
}

static void t3_run(void *state, const struct columns *in, double *const *out)
{
    const double v = ((struct chain *)state)->factor;
    const double sixth = -v * v * v, fifth = 3 * v * v + 3 * v * v * v, fourth = -6 * v * v - 3 * v - 3 * v * v * v;
    const double third = 1 + 3 * v + v * v * v + 3 * v * v;
    double e[6][COLUMNS_MAX];
    chain_run(state, in->source, in->n, 6, e);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = sixth * e[5][i] + fifth * e[4][i] + fourth * e[3][i] + third * e[2][i];
}

const struct indicator indicator_t3 = {
    .name = "t3",
    .title = "Tillson's T3",
    .definition =
        "A double exponential average with volume factor v, applied three times: -v^3 E6 + (3v^2 + 3v^3) E5 - "
        "(6v^2 + 3v + 3v^3) E4 + (1 + 3v + v^3 + 3v^2) E3, where Ek is the k-fold exponential average of the "
        "source. Each begins with the mean of its own first n values.",
    .source = "T. Tillson, Stocks & Commodities 16:1 (1998)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 5, 1), PARAMETER_NUMBER("v", 0.7, 0, 1), PARAMETER_SOURCE},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = t3_lookback,
    .stable = t3_stable,
    .bytes = sizeof(struct chain),
    .init = t3_init,
    .run = t3_run,
};

struct kama {
    double fast, slow, value, before;
    /* Behind it the mean of |changes| and the values of n bars ago. */
};

static int kama_lookback(const double *parameter)
{
    return (int)parameter[0];
}

/* It may stand still as long as prices go nowhere: then it moves by (2/(slow + 1))² of the way. */
static int kama_stable(const double *parameter)
{
    const double least = 2 / (parameter[2] + 1);
    return kama_lookback(parameter) + smooth_memory(least * least);
}

static size_t kama_size(const double *parameter)
{
    return sizeof(struct kama) + window_mean_size(parameter[0]) + window_delay_size(parameter[0]);
}

static void kama_init(void *state, const double *parameter)
{
    struct kama *kama = state;
    struct window_mean *path = (struct window_mean *)(void *)(kama + 1);
    kama->fast = 2 / (parameter[1] + 1);
    kama->slow = 2 / (parameter[2] + 1);
    kama->value = kama->before = NAN;
    window_mean_init(path, parameter[0]);
    window_delay_init(window_mean_end(path), parameter[0]);
}

static void kama_run(void *state, const struct columns *in, double *const *out)
{
    struct kama *kama = state;
    struct window_mean *path = (struct window_mean *)(void *)(kama + 1);
    struct window_delay *past = window_mean_end(path);
    for (size_t i = 0; i < in->n; i++) {
        const double value = in->source[i], change = fabs(value - kama->before),
                     past_value = window_delay_push(past, value);
        const double mean = isnan(change) ? NAN : window_mean_push(path, change);
        if (!isnan(mean)) {
            const double length = mean * (double)path->n, ratio = length > 0 ? fabs(value - past_value) / length : 1;
            const double alpha = (ratio < 1 ? ratio : 1) * (kama->fast - kama->slow) + kama->slow;
            if (isnan(kama->value))
                kama->value = kama->before;
            kama->value += alpha * alpha * (value - kama->value);
        }
        out[0][i] = kama->value;
        kama->before = value;
    }
}

const struct indicator indicator_kama = {
    .name = "kama",
    .title = "Kaufman's adaptive moving average",
    .definition =
        "The average moves by a^2 of the way to each value of the source, a = ER (2/(fast + 1) - 2/(slow + 1)) "
        "+ 2/(slow + 1), where the efficiency ratio ER is the distance of n bars over the length of the path "
        "(1 where nothing has moved). It begins with the value before its first.",
    .source = "P. Kaufman, Smarter Trading (1995)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 10, 1), PARAMETER_WINDOW("fast", 2, 1), PARAMETER_WINDOW("slow", 30, 1),
                  PARAMETER_SOURCE},
    .parameters = 4,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = kama_lookback,
    .stable = kama_stable,
    .size = kama_size,
    .init = kama_init,
    .run = kama_run,
};

static double hma_half(const double *parameter)
{
    return floor(parameter[0] / 2);
}

static double hma_root(const double *parameter)
{
    return floor(sqrt(parameter[0]));
}

static int hma_lookback(const double *parameter)
{
    return (int)(parameter[0] + hma_root(parameter)) - 2;
}

static size_t hma_size(const double *parameter)
{
    return window_line_size(parameter[0]) + window_line_size(hma_half(parameter)) +
           window_line_size(hma_root(parameter));
}

static void hma_init(void *state, const double *parameter)
{
    struct window_line *whole = state, *half;
    window_line_init(whole, parameter[0]);
    half = window_line_end(whole);
    window_line_init(half, hma_half(parameter));
    window_line_init(window_line_end(half), hma_root(parameter));
}

static void hma_run(void *state, const struct columns *in, double *const *out)
{
    struct window_line *whole = state, *half = window_line_end(whole), *root = window_line_end(half);
    double slow[COLUMNS_MAX], fast[COLUMNS_MAX];
    window_line_run(whole, in->source, in->n, slow);
    window_line_run(half, in->source, in->n, fast);
    for (size_t i = 0; i < in->n; i++)
        fast[i] = 2 * fast[i] - slow[i];
    window_line_run(root, fast, in->n, out[0]);
}

const struct indicator indicator_hma = {
    .name = "hma",
    .title = "Hull moving average",
    .definition = "The weighted average over sqrt(n) values of 2 W(n/2) - W(n), where W are weighted averages of the "
                  "source. n/2 and sqrt(n) are rounded down.",
    .source = "A. Hull, How to Reduce Lag in a Moving Average (2005)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_SOURCE},
    .parameters = 2,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = hma_lookback,
    .size = hma_size,
    .init = hma_init,
    .run = hma_run,
};

/* The weights, which are n, then the last n values with the oldest at `at`. */
struct alma {
    int64_t n, at, seen;
    double data[];
};

static const char *const alma_words[] = {"exact", "floor", NULL};

static int alma_lookback(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static size_t alma_size(const double *parameter)
{
    return sizeof(struct alma) + 2 * (size_t)parameter[0] * sizeof(double);
}

static void alma_init(void *state, const double *parameter)
{
    struct alma *alma = state;
    const double n = parameter[0], exact = parameter[1] * (n - 1), spread = n / parameter[2];
    const double middle = parameter[4] == 0 ? exact : floor(exact);
    double sum = 0;
    alma->n = (int64_t)n;
    for (int64_t i = 0; i < alma->n; i++) {
        const double away = ((double)i - middle) / spread;
        sum += alma->data[i] = math_exp(-away * away / 2);
    }
    for (int64_t i = 0; i < alma->n; i++)
        alma->data[i] /= sum;
}

static void alma_run(void *state, const struct columns *in, double *const *out)
{
    struct alma *alma = state;
    double *last = alma->data + alma->n;
    for (size_t i = 0; i < in->n; i++) {
        const double base = in->source[i];
        last[alma->at] = base;
        alma->at = alma->at + 1 == alma->n ? 0 : alma->at + 1;
        alma->seen += alma->seen < alma->n;
        double sum = 0;
        for (int64_t k = 0; k < alma->n; k++) {
            const int64_t place = alma->at + k;
            sum += alma->data[k] * (last[place < alma->n ? place : place - alma->n] - base);
        }
        out[0][i] = alma->seen < alma->n ? NAN : base + sum;
    }
}

const struct indicator indicator_alma = {
    .name = "alma",
    .title = "Arnaud Legoux moving average",
    .definition = "The mean of the last n values of the source with the weights of a normal curve whose middle lies at "
                  "offset (n - 1), counted from the oldest, and whose deviation is n/sigma. With middle=floor that "
                  "place is rounded down, as in TTR.",
    .source = "A. Legoux and D. Kouzis-Loukas (2009); TradingView's ta.alma",
    .version = 1,
    .parameter = {PARAMETER_COUNT("n", 9, 1, 1000), PARAMETER_NUMBER("offset", 0.85, 0, 1),
                  PARAMETER_NUMBER("sigma", 6, 0.1, 100), PARAMETER_SOURCE, PARAMETER_WORD("middle", alma_words)},
    .parameters = 5,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = price_line,
    .outputs = 1,
    .lookback = alma_lookback,
    .size = alma_size,
    .init = alma_init,
    .run = alma_run,
};
