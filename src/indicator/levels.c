/* Levels that past bars leave behind: pivots of the last session, fractals, the turns of a zigzag. */
#include "indicator/list.h"

#include <math.h>

static int one_bar(const double *parameter)
{
    (void)parameter;
    return 1;
}

/* High, low and close of the session that is under way and of the one before. */
struct sessions {
    int64_t day, kind;
    double high, low, close;
    double last_high, last_low, last_close;
};

static void sessions_init(void *state, const double *parameter)
{
    struct sessions *sessions = state;
    sessions->day = INT64_MIN;
    sessions->kind = (int64_t)parameter[0];
    sessions->high = sessions->low = sessions->close = NAN;
    sessions->last_high = sessions->last_low = sessions->last_close = NAN;
}

static void sessions_step(struct sessions *sessions, const struct columns *in, size_t i)
{
    if (in->session[i] != sessions->day) {
        sessions->day = in->session[i];
        sessions->last_high = sessions->high;
        sessions->last_low = sessions->low;
        sessions->last_close = sessions->close;
        sessions->high = in->high[i];
        sessions->low = in->low[i];
    }
    sessions->high = in->high[i] > sessions->high ? in->high[i] : sessions->high;
    sessions->low = in->low[i] < sessions->low ? in->low[i] : sessions->low;
    sessions->close = in->close[i];
}

static const char *const pivot_words[] = {"classic", "fibonacci", "woodie", NULL};

enum { PIVOT_CLASSIC, PIVOT_FIBONACCI, PIVOT_WOODIE };

static void pivots_run(void *state, const struct columns *in, double *const *out)
{
    struct sessions *sessions = state;
    for (size_t i = 0; i < in->n; i++) {
        sessions_step(sessions, in, i);
        const double high = sessions->last_high, low = sessions->last_low, close = sessions->last_close;
        const double range = high - low;
        const double middle = sessions->kind == PIVOT_WOODIE ? (high + low + 2 * close) / 4 : (high + low + close) / 3;
        out[0][i] = middle;
        if (sessions->kind == PIVOT_FIBONACCI) {
            out[1][i] = middle + 0.382 * range;
            out[2][i] = middle + 0.618 * range;
            out[3][i] = middle + range;
            out[4][i] = middle - 0.382 * range;
            out[5][i] = middle - 0.618 * range;
            out[6][i] = middle - range;
        } else {
            out[1][i] = 2 * middle - low;
            out[2][i] = middle + range;
            out[3][i] = high + 2 * (middle - low);
            out[4][i] = 2 * middle - high;
            out[5][i] = middle - range;
            out[6][i] = low - 2 * (high - middle);
        }
    }
}

static const struct output pivots_output[] = {{.suffix = "p", .price_power = 1},  {.suffix = "r1", .price_power = 1},
                                              {.suffix = "r2", .price_power = 1}, {.suffix = "r3", .price_power = 1},
                                              {.suffix = "s1", .price_power = 1}, {.suffix = "s2", .price_power = 1},
                                              {.suffix = "s3", .price_power = 1}};

const struct indicator indicator_pivots = {
    .name = "pivots",
    .title = "pivot points of the last session",
    .definition =
        "From high H, low L and close C of the session before: P = (H + L + C)/3, r1 = 2P - L, s1 = 2P - H, r2 "
        "and s2 = P +- (H - L), r3 = H + 2(P - L), s3 = L - 2(H - P). kind=fibonacci: P +- 0.382, 0.618 and 1 "
        "times (H - L). kind=woodie: P = (H + L + 2C)/4. A session is the day in the exchange's zone; with "
        "daily bars, the bar before.",
    .source = "J. Person, A Complete Guide to Technical Trading Tactics (2004)",
    .version = 1,
    .parameter = {PARAMETER_WORD("kind", pivot_words)},
    .parameters = 1,
    .inputs = INPUT_RANGE | INPUT_SESSION,
    .finite = true,
    .output = pivots_output,
    .outputs = 7,
    .lookback = one_bar,
    .bytes = sizeof(struct sessions),
    .init = sessions_init,
    .run = pivots_run,
};

static void camarilla_init(void *state, const double *parameter)
{
    (void)parameter;
    sessions_init(state, (const double[]){0});
}

static void camarilla_run(void *state, const struct columns *in, double *const *out)
{
    static const double part[] = {12, 6, 4, 2};
    struct sessions *sessions = state;
    for (size_t i = 0; i < in->n; i++) {
        sessions_step(sessions, in, i);
        for (int k = 0; k < 4; k++) {
            const double reach = 1.1 * (sessions->last_high - sessions->last_low) / part[k];
            out[k][i] = sessions->last_close + reach;
            out[k + 4][i] = sessions->last_close - reach;
        }
    }
}

static const struct output camarilla_output[] = {
    {.suffix = "r1", .price_power = 1}, {.suffix = "r2", .price_power = 1}, {.suffix = "r3", .price_power = 1},
    {.suffix = "r4", .price_power = 1}, {.suffix = "s1", .price_power = 1}, {.suffix = "s2", .price_power = 1},
    {.suffix = "s3", .price_power = 1}, {.suffix = "s4", .price_power = 1}};

const struct indicator indicator_camarilla = {
    .name = "camarilla",
    .title = "Camarilla pivots of the last session",
    .definition = "The close of the session before, plus (r) and less (s) 1.1 times its range by 12, 6, 4 and 2.",
    .source = "N. Scott (1989)",
    .version = 1,
    .inputs = INPUT_RANGE | INPUT_SESSION,
    .finite = true,
    .output = camarilla_output,
    .outputs = 8,
    .lookback = one_bar,
    .bytes = sizeof(struct sessions),
    .init = camarilla_init,
    .run = camarilla_run,
};

/* The last 2n + 1 highs and lows in rings, the oldest at `at`. */
struct fractal {
    int64_t n, at, seen;
    double data[];
};

static int fractal_lookback(const double *parameter)
{
    return 2 * (int)parameter[0];
}

static size_t fractal_size(const double *parameter)
{
    return sizeof(struct fractal) + 2 * (2 * (size_t)parameter[0] + 1) * sizeof(double);
}

static void fractal_init(void *state, const double *parameter)
{
    ((struct fractal *)state)->n = (int64_t)parameter[0];
}

/* The middle one of a ring, if it is above all others times `sign`. */
static double fractal_middle(const struct fractal *fractal, const double *ring, double sign)
{
    const int64_t count = 2 * fractal->n + 1, place = (fractal->at + fractal->n) % count;
    for (int64_t k = 0; k < count; k++)
        if (k != place && sign * ring[k] >= sign * ring[place])
            return NAN;
    return ring[place];
}

static void fractal_run(void *state, const struct columns *in, double *const *out)
{
    struct fractal *fractal = state;
    const int64_t count = 2 * fractal->n + 1;
    double *high = fractal->data, *low = high + count;
    for (size_t i = 0; i < in->n; i++) {
        high[fractal->at] = in->high[i];
        low[fractal->at] = in->low[i];
        fractal->at = fractal->at + 1 == count ? 0 : fractal->at + 1;
        fractal->seen += fractal->seen < count ? 1 : 0;
        const bool full = fractal->seen == count;
        out[0][i] = full ? fractal_middle(fractal, high, 1) : NAN;
        out[1][i] = full ? fractal_middle(fractal, low, -1) : NAN;
    }
}

static const struct output fractal_output[] = {{.suffix = "up", .price_power = 1},
                                               {.suffix = "down", .price_power = 1}};

const struct indicator indicator_fractal = {
    .name = "fractal",
    .title = "Williams fractals",
    .definition =
        "up: the high of the bar n bars ago where it is above those of the n bars before and the n bars after "
        "it; down: the low that is below. It is reported on the bar that confirms it, and is null on all others. "
        "Drawn on its own bar, as charts do, it repaints.",
    .source = "B. Williams, Trading Chaos (1995)",
    .version = 1,
    .parameter = {PARAMETER_COUNT("n", 2, 1, 1000)},
    .parameters = 1,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .repaints = true,
    .sparse = true,
    .output = fractal_output,
    .outputs = 2,
    .lookback = fractal_lookback,
    .size = fractal_size,
    .init = fractal_init,
    .run = fractal_run,
};

struct zigzag {
    double share, high, low;             /* extremes since the last turn; both before the first */
    int64_t bar, high_bar, low_bar, leg; /* leg: 1 upwards, −1 downwards, 0 before the first turn */
};

static int zigzag_lookback(const double *parameter)
{
    (void)parameter;
    return 1;
}

static int never_stable(const double *parameter)
{
    (void)parameter;
    return -1;
}

static void zigzag_init(void *state, const double *parameter)
{
    struct zigzag *zigzag = state;
    zigzag->share = parameter[0] / 100;
    zigzag->high = -INFINITY;
    zigzag->low = INFINITY;
}

/* 1: a high is confirmed, −1: a low, 0: nothing. */
static int zigzag_turn(struct zigzag *zigzag, double high, double low)
{
    if (zigzag->leg >= 0 && high > zigzag->high) {
        zigzag->high = high;
        zigzag->high_bar = zigzag->bar;
    }
    if (zigzag->leg <= 0 && low < zigzag->low) {
        zigzag->low = low;
        zigzag->low_bar = zigzag->bar;
    }
    if (zigzag->leg <= 0 && zigzag->low_bar < zigzag->bar && high >= zigzag->low * (1 + zigzag->share))
        return -1;
    if (zigzag->leg >= 0 && zigzag->high_bar < zigzag->bar && low <= zigzag->high * (1 - zigzag->share))
        return 1;
    return 0;
}

static void zigzag_run(void *state, const struct columns *in, double *const *out)
{
    struct zigzag *zigzag = state;
    for (size_t i = 0; i < in->n; i++) {
        const int turn = zigzag_turn(zigzag, in->high[i], in->low[i]);
        out[0][i] = out[1][i] = out[2][i] = NAN;
        if (turn != 0) {
            out[0][i] = turn > 0 ? zigzag->high : zigzag->low;
            out[1][i] = turn;
            out[2][i] = (double)(zigzag->bar - (turn > 0 ? zigzag->high_bar : zigzag->low_bar));
            zigzag->leg = -turn;
            zigzag->high = in->high[i];
            zigzag->low = in->low[i];
            zigzag->high_bar = zigzag->low_bar = zigzag->bar;
        }
        zigzag->bar++;
    }
}

static const struct output zigzag_output[] = {
    {.suffix = "", .price_power = 1},
    {.suffix = "kind", .panel = PANEL_OWN, .histogram = true, .low = -1, .high = 1},
    {.suffix = "age", .panel = PANEL_OWN, .histogram = true}};

const struct indicator indicator_zigzag = {
    .name = "zigzag",
    .title = "zigzag",
    .definition =
        "The turns of a line that leaves out moves of less than percent: a high is confirmed when a low lies "
        "percent below it, a low when a high lies percent above it, never on its own bar. On the bar that "
        "confirms it: its price, its kind (1 a high, -1 a low) and its age in bars; null on all others. The last "
        "leg of the line drawn on a chart repaints.",
    .source = "A. Merrill, Filtered Waves (1977)",
    .version = 1,
    .parameter = {PARAMETER_NUMBER("percent", 5, 0.01, 99)},
    .parameters = 1,
    .inputs = INPUT_HIGH | INPUT_LOW,
    .finite = true,
    .repaints = true,
    .sparse = true,
    .output = zigzag_output,
    .outputs = 3,
    .lookback = zigzag_lookback,
    .stable = never_stable,
    .bytes = sizeof(struct zigzag),
    .init = zigzag_init,
    .run = zigzag_run,
};
