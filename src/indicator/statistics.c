/* Statistics of a window: deviation, score, rank, and one series against another. */
#include "indicator/list.h"
#include "indicator/regress.h"
#include "indicator/window.h"

#include <stddef.h>

static const char *const deviation_words[] = {"population", "sample", NULL};

static int one_less(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static int whole_window(const double *parameter)
{
    return (int)parameter[0];
}

struct deviation {
    double scale;
    struct window_moments window; /* its array follows */
};

static size_t deviation_size(const double *parameter)
{
    return offsetof(struct deviation, window) + window_moments_size(parameter[0]);
}

static void deviation_init(void *state, const double *parameter)
{
    struct deviation *deviation = state;
    deviation->scale = parameter[2] == 0 ? 1 : sqrt(parameter[0] / (parameter[0] - 1));
    window_moments_init(&deviation->window, parameter[0]);
}

static void stddev_run(void *state, const struct columns *in, double *const *out)
{
    struct deviation *deviation = state;
    double mean[COLUMNS_MAX];
    window_moments_values(&deviation->window, in->source, in->n, mean, out[0]);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] *= deviation->scale;
}

static const struct output stddev_output[] = {{.suffix = "", .price_power = 1, .panel = PANEL_OWN}};

const struct indicator indicator_stddev = {
    .name = "stddev",
    .title = "standard deviation",
    .definition = "The standard deviation of the last n values of the source, that of the population; with "
                  "deviation=sample the sample's.",
    .source = "textbook",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_SOURCE, PARAMETER_WORD("deviation", deviation_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = stddev_output,
    .outputs = 1,
    .lookback = one_less,
    .size = deviation_size,
    .init = deviation_init,
    .run = stddev_run,
};

static void zscore_run(void *state, const struct columns *in, double *const *out)
{
    struct deviation *deviation = state;
    double mean[COLUMNS_MAX], away[COLUMNS_MAX];
    window_moments_values(&deviation->window, in->source, in->n, mean, away);
    for (size_t i = 0; i < in->n; i++) {
        const double unit = away[i] * deviation->scale;
        /* A deviation that is lost in the digits of the price is none. */
        out[0][i] = isnan(unit) ? NAN : unit > fabs(mean[i]) * 1e-14 ? (in->source[i] - mean[i]) / unit : 0;
    }
}

static const struct output number_output[] = {{.suffix = "", .panel = PANEL_OWN}};

const struct indicator indicator_zscore = {
    .name = "zscore",
    .title = "z-score",
    .definition =
        "(x - M)/S, with M the mean and S the standard deviation of the last n values of the source, that of the "
        "population; with deviation=sample the sample's. 0 where nothing has moved.",
    .source = "textbook",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_SOURCE, PARAMETER_WORD("deviation", deviation_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .output = number_output,
    .outputs = 1,
    .lookback = one_less,
    .size = deviation_size,
    .init = deviation_init,
    .run = zscore_run,
};

static size_t pair_size(const double *parameter)
{
    return window_pair_size(parameter[0]);
}

static void pair_init(void *state, const double *parameter)
{
    window_pair_init(state, parameter[0]);
}

static void correl_run(void *state, const struct columns *in, double *const *out)
{
    for (size_t i = 0; i < in->n; i++) {
        struct pair_moments moments = {0};
        const bool known = window_pair_push(state, in->source[i], in->other[i], &moments);
        const double x = known ? moments.variance_x : 0, y = known ? moments.variance_y : 0;
        const double r = x > 0 && y > 0 ? moments.covariance / (sqrt(x) * sqrt(y)) : NAN;
        out[0][i] = r > 1 ? 1 : r < -1 ? -1 : r;
    }
}

static const struct output correl_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .low = -1, .high = 1, .level = {0}, .levels = 1}};

const struct indicator indicator_correl = {
    .name = "correl",
    .title = "correlation",
    .definition =
        "Pearson's correlation of the last n values of the source and of a second series: other=volume and the "
        "like for one of the same bars, else the series that is given beside them. Null where one of them has "
        "not moved.",
    .source = "textbook",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_OTHER, PARAMETER_SOURCE},
    .parameters = 3,
    .inputs = INPUT_SOURCE | INPUT_OTHER,
    .output = correl_output,
    .outputs = 1,
    .lookback = one_less,
    .size = pair_size,
    .init = pair_init,
    .run = correl_run,
};

struct beta {
    double source, other;
    struct window_pair window; /* its arrays follow */
};

static size_t beta_size(const double *parameter)
{
    return offsetof(struct beta, window) + window_pair_size(parameter[0]);
}

static void beta_init(void *state, const double *parameter)
{
    struct beta *beta = state;
    beta->source = beta->other = NAN;
    window_pair_init(&beta->window, parameter[0]);
}

static void beta_run(void *state, const struct columns *in, double *const *out)
{
    struct beta *beta = state;
    for (size_t i = 0; i < in->n; i++) {
        const double own = beta->source != 0 ? in->source[i] / beta->source - 1 : NAN;
        const double market = beta->other != 0 ? in->other[i] / beta->other - 1 : NAN;
        struct pair_moments moments;
        beta->source = in->source[i];
        beta->other = in->other[i];
        out[0][i] = NAN;
        if (isnan(own) || isnan(market) || !window_pair_push(&beta->window, market, own, &moments))
            continue;
        /* Returns that differ only in their last digits have no variance. */
        if (moments.variance_x > 1e-28)
            out[0][i] = moments.covariance / moments.variance_x;
    }
}

const struct indicator indicator_beta = {
    .name = "beta",
    .title = "beta",
    .definition =
        "The slope of the last n simple returns of the source on those of a second series, the market: "
        "other=hl2 and the like for one of the same bars, else the series that is given beside them. Null where "
        "the market has not moved.",
    .source = "W. F. Sharpe, Management Science 9 (1963) 277",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 2), PARAMETER_OTHER, PARAMETER_SOURCE},
    .parameters = 3,
    .inputs = INPUT_SOURCE | INPUT_OTHER,
    .output = number_output,
    .outputs = 1,
    .lookback = whole_window,
    .size = beta_size,
    .init = beta_init,
    .run = beta_run,
};

static const char *const rank_words[] = {"below", "upto", NULL};

/* The last n values in a ring. */
struct rank {
    int64_t n, at, seen, upto;
    double data[];
};

static size_t rank_size(const double *parameter)
{
    return sizeof(struct rank) + (size_t)parameter[0] * sizeof(double);
}

static void rank_init(void *state, const double *parameter)
{
    struct rank *rank = state;
    rank->n = (int64_t)parameter[0];
    rank->upto = parameter[2] != 0;
}

static void rank_run(void *state, const struct columns *in, double *const *out)
{
    struct rank *rank = state;
    for (size_t i = 0; i < in->n; i++) {
        const double value = in->source[i];
        int64_t count = 0;
        for (int64_t k = 0; k < rank->n; k++)
            count += rank->data[k] < value || (rank->upto && rank->data[k] == value) ? 1 : 0;
        out[0][i] = rank->seen < rank->n ? NAN : 100 * (double)count / (double)rank->n;
        rank->data[rank->at] = value;
        rank->at = rank->at + 1 == rank->n ? 0 : rank->at + 1;
        rank->seen += rank->seen < rank->n ? 1 : 0;
    }
}

static const struct output rank_output[] = {{.suffix = "", .panel = PANEL_OWN, .high = 100}};

const struct indicator indicator_percentrank = {
    .name = "percentrank",
    .title = "percentile rank",
    .definition = "The share in percent of the n values before this one that lie below it; with ties=upto, below it or "
                  "at it (TradingView).",
    .source = "L. Connors and C. Alvarez (2012)",
    .version = 1,
    .parameter = {PARAMETER_COUNT("n", 20, 1, 10000), PARAMETER_SOURCE, PARAMETER_WORD("ties", rank_words)},
    .parameters = 3,
    .inputs = INPUT_SOURCE,
    .finite = true,
    .output = rank_output,
    .outputs = 1,
    .lookback = whole_window,
    .size = rank_size,
    .init = rank_init,
    .run = rank_run,
};
