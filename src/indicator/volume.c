/* Volume: what flowed in and out, and how much of it there was. A bar without a volume is passed over. */
#include "base/time.h"
#include "indicator/list.h"
#include "indicator/window.h"

static int no_lookback(const double *parameter)
{
    (void)parameter;
    return 0;
}

static int never_stable(const double *parameter)
{
    (void)parameter;
    return -1;
}

static int one_less(const double *parameter)
{
    return (int)parameter[0] - 1;
}

static const char *const start_words[] = {"zero", "volume", NULL};

struct flow {
    double total, before;
    int64_t start; /* the first bar counts */
};

static const struct output flow_output[] = {{.suffix = "", .volume_power = 1, .panel = PANEL_OWN}};

static void obv_init(void *state, const double *parameter)
{
    struct flow *flow = state;
    flow->start = parameter[0] != 0;
    flow->before = NAN;
}

static void obv_run(void *state, const struct columns *in, double *const *out)
{
    struct flow *flow = state;
    for (size_t i = 0; i < in->n; i++) {
        const double close = in->close[i], volume = in->volume[i];
        if (isnan(flow->before))
            flow->total = flow->start ? volume : 0;
        else
            flow->total += close > flow->before ? volume : close < flow->before ? -volume : 0;
        flow->before = close;
        out[0][i] = flow->total;
    }
}

const struct indicator indicator_obv = {
    .name = "obv",
    .title = "on-balance volume",
    .definition =
        "The sum of the volumes of bars that closed higher less those of bars that closed lower; equal closes "
        "count nothing. It begins with 0, with start=volume with the first volume (TA-Lib, TTR). Its level "
        "says nothing, only its course.",
    .source = "J. Granville, Granville's New Key to Stock Market Profits (1963)",
    .version = 1,
    .parameter = {PARAMETER_WORD("start", start_words)},
    .parameters = 1,
    .inputs = INPUT_CLOSE | INPUT_VOLUME,
    .output = flow_output,
    .outputs = 1,
    .lookback = no_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct flow),
    .init = obv_init,
    .run = obv_run,
};

/* ((c − l) − (h − c))/(h − l) of the volume; nothing for a bar without range. */
static double money_flow(const struct columns *in, size_t i)
{
    const double range = in->high[i] - in->low[i];
    return range > 0 ? in->volume[i] * (((in->close[i] - in->low[i]) - (in->high[i] - in->close[i])) / range) : 0;
}

static void ad_init(void *state, const double *parameter)
{
    (void)state;
    (void)parameter;
}

static void ad_run(void *state, const struct columns *in, double *const *out)
{
    struct flow *flow = state;
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = flow->total += money_flow(in, i);
}

const struct indicator indicator_ad = {
    .name = "ad",
    .title = "accumulation/distribution line",
    .definition =
        "The sum over all bars of volume ((close - low) - (high - close))/(high - low); a bar without range adds "
        "nothing.",
    .source = "M. Chaikin; S. Achelis, Technical Analysis from A to Z (2001)",
    .version = 1,
    .inputs = INPUT_RANGE | INPUT_VOLUME,
    .output = flow_output,
    .outputs = 1,
    .lookback = no_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct flow),
    .init = ad_init,
    .run = ad_run,
};

static size_t two_means_size(const double *parameter)
{
    return 2 * window_mean_size(parameter[0]);
}

static void two_means_init(void *state, const double *parameter)
{
    window_mean_init(state, parameter[0]);
    window_mean_init(window_mean_end(state), parameter[0]);
}

static void cmf_run(void *state, const struct columns *in, double *const *out)
{
    double flow[COLUMNS_MAX], volume[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++)
        flow[i] = money_flow(in, i);
    window_mean_values(state, flow, in->n, out[0]);
    window_mean_values(window_mean_end(state), in->volume, in->n, volume);
    for (size_t i = 0; i < in->n; i++)
        out[0][i] = volume[i] != 0 ? out[0][i] / volume[i] : 0; /* NaN is not 0 */
}

static const struct output cmf_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .low = -1, .high = 1, .level = {0}, .levels = 1}};

const struct indicator indicator_cmf = {
    .name = "cmf",
    .title = "Chaikin money flow",
    .definition = "The sum over n bars of the terms of the accumulation/distribution line, by that of volumes; 0 where "
                  "there was none.",
    .source = "M. Chaikin; S. Achelis, Technical Analysis from A to Z (2001)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE | INPUT_VOLUME,
    .output = cmf_output,
    .outputs = 1,
    .lookback = one_less,
    .size = two_means_size,
    .init = two_means_init,
    .run = cmf_run,
};

struct mfi {
    double before;
    /* Behind it the means of flows up and down. */
};

static int mfi_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static size_t mfi_size(const double *parameter)
{
    return sizeof(struct mfi) + two_means_size(parameter);
}

static void mfi_init(void *state, const double *parameter)
{
    struct mfi *mfi = state;
    mfi->before = NAN;
    two_means_init(mfi + 1, parameter);
}

static void mfi_run(void *state, const struct columns *in, double *const *out)
{
    struct mfi *mfi = state;
    struct window_mean *mean = (struct window_mean *)(void *)(mfi + 1);
    double up[COLUMNS_MAX], down[COLUMNS_MAX], other[COLUMNS_MAX];
    for (size_t i = 0; i < in->n; i++) {
        const double typical = (in->high[i] + in->low[i] + in->close[i]) / 3, flow = typical * in->volume[i];
        const bool first = isnan(mfi->before);
        up[i] = first ? NAN : typical > mfi->before ? flow : 0;
        down[i] = first ? NAN : typical < mfi->before ? flow : 0;
        mfi->before = typical;
    }
    window_mean_run(mean, up, in->n, out[0]);
    window_mean_run(window_mean_end(mean), down, in->n, other);
    for (size_t i = 0; i < in->n; i++) {
        const double both = out[0][i] + other[i];
        out[0][i] = both != 0 ? 100 * (out[0][i] / both) : 50; /* NaN is not 0 */
    }
}

static const struct output share_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .high = 100, .level = {20, 80}, .levels = 2}};

const struct indicator indicator_mfi = {
    .name = "mfi",
    .title = "money flow index",
    .definition =
        "100 P/(P + N), with P and N the sums over n bars of TP times volume where TP = (high + low + close)/3 "
        "rose and where it fell; 50 where there was neither.",
    .source = "G. Quong and A. Soudack, Stocks & Commodities 7:3 (1989)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 14, 1)},
    .parameters = 1,
    .inputs = INPUT_RANGE | INPUT_VOLUME,
    .output = share_output,
    .outputs = 1,
    .lookback = mfi_lookback,
    .size = mfi_size,
    .init = mfi_init,
    .run = mfi_run,
};

static const char *const rvol_words[] = {"before", "inclusive", NULL};

struct rvol {
    int64_t inclusive;
    double before; /* the mean up to the last bar */
    /* Behind it the mean of volumes. */
};

static size_t rvol_size(const double *parameter)
{
    return sizeof(struct rvol) + window_mean_size(parameter[0]);
}

static void rvol_init(void *state, const double *parameter)
{
    struct rvol *rvol = state;
    rvol->inclusive = parameter[1] != 0;
    rvol->before = NAN;
    window_mean_init((struct window_mean *)(void *)(rvol + 1), parameter[0]);
}

static int rvol_lookback(const double *parameter)
{
    return (int)parameter[0] - (parameter[1] != 0 ? 1 : 0);
}

static void rvol_run(void *state, const struct columns *in, double *const *out)
{
    struct rvol *rvol = state;
    double mean[COLUMNS_MAX];
    window_mean_values((struct window_mean *)(void *)(rvol + 1), in->volume, in->n, mean);
    for (size_t i = 0; i < in->n; i++) {
        const double usual = rvol->inclusive ? mean[i] : rvol->before;
        out[0][i] = usual > 0 ? in->volume[i] / usual : NAN;
        rvol->before = mean[i];
    }
}

static const struct output ratio_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .histogram = true, .level = {1}, .levels = 1}};

const struct indicator indicator_rvol = {
    .name = "rvol",
    .title = "relative volume",
    .definition = "The volume by the mean of the n bars before; with window=inclusive by that of the last n, this one "
                  "included. Null where there was none.",
    .source = "textbook",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("n", 20, 1), PARAMETER_WORD("window", rvol_words)},
    .parameters = 2,
    .inputs = INPUT_VOLUME,
    .output = ratio_output,
    .outputs = 1,
    .lookback = rvol_lookback,
    .size = rvol_size,
    .init = rvol_init,
    .run = rvol_run,
};

static int vosc_lookback(const double *parameter)
{
    return (int)(parameter[0] > parameter[1] ? parameter[0] : parameter[1]) - 1;
}

static size_t vosc_size(const double *parameter)
{
    return window_mean_size(parameter[0]) + window_mean_size(parameter[1]);
}

static void vosc_init(void *state, const double *parameter)
{
    window_mean_init(state, parameter[0]);
    window_mean_init(window_mean_end(state), parameter[1]);
}

static void vosc_run(void *state, const struct columns *in, double *const *out)
{
    double slow[COLUMNS_MAX];
    window_mean_values(state, in->volume, in->n, out[0]);
    window_mean_values(window_mean_end(state), in->volume, in->n, slow);
    for (size_t i = 0; i < in->n; i++) {
        const double away = out[0][i] - slow[i];
        out[0][i] = slow[i] != 0 || isnan(away) ? 100 * away / slow[i] : 0;
    }
}

static const struct output percent_output[] = {{.suffix = "", .panel = PANEL_OWN, .level = {0}, .levels = 1}};

const struct indicator indicator_vosc = {
    .name = "vosc",
    .title = "volume oscillator",
    .definition = "100 (F - S)/S, with F and S the means of the volume over fast and over slow bars; 0 where there was "
                  "none.",
    .source = "S. Achelis, Technical Analysis from A to Z (2001)",
    .version = 1,
    .parameter = {PARAMETER_WINDOW("fast", 5, 1), PARAMETER_WINDOW("slow", 10, 1)},
    .parameters = 2,
    .inputs = INPUT_VOLUME,
    .output = percent_output,
    .outputs = 1,
    .lookback = vosc_lookback,
    .size = vosc_size,
    .init = vosc_init,
    .run = vosc_run,
};

static const char *const anchor_words[] = {"session", "week", "month", "year", "all", NULL};

enum { ANCHOR_SESSION, ANCHOR_WEEK, ANCHOR_MONTH, ANCHOR_YEAR, ANCHOR_ALL };

struct vwap {
    int64_t anchor, period;
    double width, volume, mean, squares; /* of the period so far: West's update of weighted moments */
};

static void vwap_init(void *state, const double *parameter)
{
    struct vwap *vwap = state;
    vwap->anchor = (int64_t)parameter[0];
    vwap->width = parameter[1];
    vwap->period = INT64_MIN;
}

static int64_t period_of(int64_t anchor, int64_t day)
{
    switch (anchor) {
    case ANCHOR_SESSION:
        return day;
    case ANCHOR_WEEK:
        return (day + 3 - (((day + 3) % 7 + 7) % 7)) / 7; /* weeks begin on Mondays, and 1970 on a Thursday */
    case ANCHOR_MONTH: {
        const struct date date = date_from_days(day);
        return (int64_t)date.year * 12 + date.month;
    }
    case ANCHOR_YEAR:
        return date_from_days(day).year;
    default:
        return 0;
    }
}

static void vwap_run(void *state, const struct columns *in, double *const *out)
{
    struct vwap *vwap = state;
    for (size_t i = 0; i < in->n; i++) {
        const int64_t period = period_of(vwap->anchor, in->session[i]);
        const double typical = (in->high[i] + in->low[i] + in->close[i]) / 3, volume = in->volume[i];
        if (period != vwap->period) {
            vwap->period = period;
            vwap->volume = vwap->mean = vwap->squares = 0;
        }
        if (volume > 0) {
            const double away = typical - vwap->mean;
            vwap->volume += volume;
            vwap->mean += away * (volume / vwap->volume);
            vwap->squares += volume * away * (typical - vwap->mean);
        }
        const bool known = vwap->volume > 0;
        const double reach = known ? vwap->width * sqrt(vwap->squares > 0 ? vwap->squares / vwap->volume : 0) : NAN;
        out[0][i] = known ? vwap->mean : NAN;
        out[1][i] = vwap->mean + reach;
        out[2][i] = vwap->mean - reach;
    }
}

static const struct output vwap_output[] = {{.suffix = "", .price_power = 1},
                                            {.suffix = "upper", .price_power = 1, .band = 1},
                                            {.suffix = "lower", .price_power = 1}};

const struct indicator indicator_vwap = {
    .name = "vwap",
    .title = "volume-weighted average price",
    .definition =
        "The mean of (high + low + close)/3, weighted with volume, since the session began, or with anchor= the "
        "week (Monday), the month, the year or the whole series; upper and lower lie k deviations, weighted "
        "too, about it. A session is the day in the exchange's zone. Null until there is a volume. A rolling "
        "one is vwma:n,source=hlc3.",
    .source = "S. Berkowitz, D. Logue and E. Noser, Journal of Finance 43 (1988) 97; D. West, CACM 22 (1979) 532",
    .version = 1,
    .parameter = {PARAMETER_WORD("anchor", anchor_words), PARAMETER_QUIET("k", 1, 0, 100)},
    .parameters = 2,
    .inputs = INPUT_RANGE | INPUT_VOLUME | INPUT_SESSION,
    .output = vwap_output,
    .outputs = 3,
    .lookback = no_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct vwap),
    .init = vwap_init,
    .run = vwap_run,
};
