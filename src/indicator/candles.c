/* The table of candlestick patterns. */
#include "indicator/candles.h"
#include "indicator/list.h"

#include <string.h>

static void candles_push(struct candles *bars, const struct columns *in, size_t i)
{
    double *column[] = {bars->open, bars->high, bars->low, bars->close};
    const double now[] = {in->open[i], in->high[i], in->low[i], in->close[i]};
    for (int k = 0; k < 4; k++) {
        memmove(column[k] + 1, column[k], (HISTORY - 1) * sizeof(double));
        column[k][0] = now[k];
    }
    bars->seen++;
}

static void pattern_run(struct candles *bars, const struct columns *in, double *out, int extra,
                        double (*pattern)(const struct candles *bars))
{
    for (size_t i = 0; i < in->n; i++) {
        candles_push(bars, in, i);
        out[i] = bars->seen > bars->n + extra ? pattern(bars) : NAN;
    }
}

static const struct output pattern_output[] = {
    {.suffix = "", .panel = PANEL_OWN, .histogram = true, .low = -100, .high = 100}};

#define MEANS               PARAMETER_COUNT_QUIET("n", 10, 1, AVERAGE_MAX)
#define NEAR_MEANS          PARAMETER_COUNT_QUIET("m", 5, 1, AVERAGE_MAX)
#define DOJI                PARAMETER_QUIET("doji", 0.1, 0, 10)
#define SHADOW              PARAMETER_QUIET("shadow", 0.1, 0, 10)
#define NEAR                PARAMETER_QUIET("near", 0.2, 0, 10)
#define FAR                 PARAMETER_QUIET("far", 0.6, 0, 10)
#define PENETRATION(value_) PARAMETER_QUIET("penetration", value_, 0, 1)

static void plain_init(void *state, const double *parameter)
{
    ((struct candles *)state)->n = (int64_t)parameter[0];
}

static void none_init(void *state, const double *parameter)
{
    (void)parameter;
    ((struct candles *)state)->n = 0;
}

static void doji_init(void *state, const double *parameter)
{
    plain_init(state, parameter);
    ((struct candles *)state)->doji = parameter[1];
}

static void doji_shadow_init(void *state, const double *parameter)
{
    doji_init(state, parameter);
    ((struct candles *)state)->shadow = parameter[2];
}

static void shadow_init(void *state, const double *parameter)
{
    plain_init(state, parameter);
    ((struct candles *)state)->shadow = parameter[1];
}

static void near_init(void *state, const double *parameter)
{
    shadow_init(state, parameter);
    ((struct candles *)state)->near = parameter[2];
    ((struct candles *)state)->m = (int64_t)parameter[3];
}

static void far_init(void *state, const double *parameter)
{
    near_init(state, parameter);
    ((struct candles *)state)->far = parameter[4];
}

static void penetration_init(void *state, const double *parameter)
{
    plain_init(state, parameter);
    ((struct candles *)state)->penetration = parameter[1];
}

static int doji_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void doji_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 0, doji);
}

const struct indicator indicator_doji = {
    .name = "doji",
    .title = "Doji",
    .definition = "B is at most doji times the mean of n ranges: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, DOJI},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = doji_lookback,
    .bytes = sizeof(struct candles),
    .init = doji_init,
    .run = doji_run,
};

static int dragonflydoji_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void dragonflydoji_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 0, dragonflydoji);
}

const struct indicator indicator_dragonflydoji = {
    .name = "dragonflydoji",
    .title = "dragonfly doji",
    .definition = "A doji with a very short upper shadow and a lower one that is not: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, DOJI, SHADOW},
    .parameters = 3,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = dragonflydoji_lookback,
    .bytes = sizeof(struct candles),
    .init = doji_shadow_init,
    .run = dragonflydoji_run,
};

static int gravestonedoji_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void gravestonedoji_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 0, gravestonedoji);
}

const struct indicator indicator_gravestonedoji = {
    .name = "gravestonedoji",
    .title = "gravestone doji",
    .definition = "A doji with a very short lower shadow and an upper one that is not: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, DOJI, SHADOW},
    .parameters = 3,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = gravestonedoji_lookback,
    .bytes = sizeof(struct candles),
    .init = doji_shadow_init,
    .run = gravestonedoji_run,
};

static int hammer_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void hammer_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, hammer);
}

const struct indicator indicator_hammer = {
    .name = "hammer",
    .title = "hammer",
    .definition = "A short body, a lower shadow longer than it, a very short upper shadow, and the body's bottom not "
                  "above the last low by more than near times the mean of m ranges: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW, NEAR, NEAR_MEANS},
    .parameters = 4,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = hammer_lookback,
    .bytes = sizeof(struct candles),
    .init = near_init,
    .run = hammer_run,
};

static int hangingman_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void hangingman_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, hangingman);
}

const struct indicator indicator_hangingman = {
    .name = "hangingman",
    .title = "hanging man",
    .definition = "The bar of a hammer with the body's bottom not below the last high by more than near times the mean "
                  "of m ranges: -100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW, NEAR, NEAR_MEANS},
    .parameters = 4,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = hangingman_lookback,
    .bytes = sizeof(struct candles),
    .init = near_init,
    .run = hangingman_run,
};

static int invertedhammer_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void invertedhammer_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, invertedhammer);
}

const struct indicator indicator_invertedhammer = {
    .name = "invertedhammer",
    .title = "inverted hammer",
    .definition = "A short body that gaps down, an upper shadow longer than it, a very short lower shadow: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = invertedhammer_lookback,
    .bytes = sizeof(struct candles),
    .init = shadow_init,
    .run = invertedhammer_run,
};

static int shootingstar_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void shootingstar_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, shootingstar);
}

const struct indicator indicator_shootingstar = {
    .name = "shootingstar",
    .title = "shooting star",
    .definition = "The bar of an inverted hammer whose body gaps up: -100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = shootingstar_lookback,
    .bytes = sizeof(struct candles),
    .init = shadow_init,
    .run = shootingstar_run,
};

static int engulfing_lookback(const double *parameter)
{
    (void)parameter;
    return 2;
}

static void engulfing_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 2, engulfing);
}

const struct indicator indicator_engulfing = {
    .name = "engulfing",
    .title = "engulfing",
    .definition = "A body of the other colour that covers the last one and reaches beyond at one end at least: 100 "
                  "white, -100 black; 80 and -80 where one end is the same.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = engulfing_lookback,
    .bytes = sizeof(struct candles),
    .init = none_init,
    .run = engulfing_run,
};

static int harami_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void harami_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, harami);
}

const struct indicator indicator_harami = {
    .name = "harami",
    .title = "harami",
    .definition = "A body that is not long within a long one: 100 after a black one, -100 after a white one; 80 and "
                  "-80 where an end is the same.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS},
    .parameters = 1,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = harami_lookback,
    .bytes = sizeof(struct candles),
    .init = plain_init,
    .run = harami_run,
};

static int piercing_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void piercing_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, piercing);
}

const struct indicator indicator_piercing = {
    .name = "piercing",
    .title = "piercing line",
    .definition = "A long black bar, then a long white one that opens below its low and closes above penetration of "
                  "its body, but below its open: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, PENETRATION(0.5)},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = piercing_lookback,
    .bytes = sizeof(struct candles),
    .init = penetration_init,
    .run = piercing_run,
};

static int darkcloudcover_lookback(const double *parameter)
{
    return (int)parameter[0] + 1;
}

static void darkcloudcover_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 1, darkcloudcover);
}

const struct indicator indicator_darkcloudcover = {
    .name = "darkcloudcover",
    .title = "dark cloud cover",
    .definition = "A long white bar, then a black one that opens above its high and closes below penetration of its "
                  "body, but above its open: -100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, PENETRATION(0.5)},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = darkcloudcover_lookback,
    .bytes = sizeof(struct candles),
    .init = penetration_init,
    .run = darkcloudcover_run,
};

static int morningstar_lookback(const double *parameter)
{
    return (int)parameter[0] + 2;
}

static void morningstar_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 2, morningstar);
}

const struct indicator indicator_morningstar = {
    .name = "morningstar",
    .title = "morning star",
    .definition = "A long black bar, a short body that gaps down, then a white one that is not short and closes above "
                  "penetration of the first body: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, PENETRATION(0.3)},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = morningstar_lookback,
    .bytes = sizeof(struct candles),
    .init = penetration_init,
    .run = morningstar_run,
};

static int eveningstar_lookback(const double *parameter)
{
    return (int)parameter[0] + 2;
}

static void eveningstar_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 2, eveningstar);
}

const struct indicator indicator_eveningstar = {
    .name = "eveningstar",
    .title = "evening star",
    .definition = "A long white bar, a short body that gaps up, then a black one that is not short and closes below "
                  "penetration of the first body: -100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, PENETRATION(0.3)},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = eveningstar_lookback,
    .bytes = sizeof(struct candles),
    .init = penetration_init,
    .run = eveningstar_run,
};

static int whitesoldiers_lookback(const double *parameter)
{
    return (int)parameter[0] + 2;
}

static void whitesoldiers_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 2, whitesoldiers);
}

const struct indicator indicator_whitesoldiers = {
    .name = "whitesoldiers",
    .title = "three white soldiers",
    .definition = "Three white bars with very short upper shadows, each closing higher and opening above the last open "
                  "and within or near its body, none far shorter than the last, and the third not short: 100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW, NEAR, NEAR_MEANS, FAR},
    .parameters = 5,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = whitesoldiers_lookback,
    .bytes = sizeof(struct candles),
    .init = far_init,
    .run = whitesoldiers_run,
};

static int blackcrows_lookback(const double *parameter)
{
    return (int)parameter[0] + 3;
}

static void blackcrows_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 3, blackcrows);
}

const struct indicator indicator_blackcrows = {
    .name = "blackcrows",
    .title = "three black crows",
    .definition = "After a white bar three black ones with very short lower shadows, each opening within the last body "
                  "and closing lower, the first below the white bar's high: -100.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = blackcrows_lookback,
    .bytes = sizeof(struct candles),
    .init = shadow_init,
    .run = blackcrows_run,
};

static int marubozu_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void marubozu_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 0, marubozu);
}

const struct indicator indicator_marubozu = {
    .name = "marubozu",
    .title = "marubozu",
    .definition = "A long body with two very short shadows: 100 white, -100 black.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS, SHADOW},
    .parameters = 2,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = marubozu_lookback,
    .bytes = sizeof(struct candles),
    .init = shadow_init,
    .run = marubozu_run,
};

static int spinningtop_lookback(const double *parameter)
{
    return (int)parameter[0];
}

static void spinningtop_run(void *state, const struct columns *in, double *const *out)
{
    pattern_run(state, in, out[0], 0, spinningtop);
}

const struct indicator indicator_spinningtop = {
    .name = "spinningtop",
    .title = "spinning top",
    .definition = "A short body with both shadows longer than it: 100 white, -100 black.",
    .source = "S. Nison, Japanese Candlestick Charting Techniques (1991); thresholds of TA-Lib",
    .version = 1,
    .parameter = {MEANS},
    .parameters = 1,
    .inputs = INPUT_PRICES,
    .finite = true,
    .output = pattern_output,
    .outputs = 1,
    .lookback = spinningtop_lookback,
    .bytes = sizeof(struct candles),
    .init = plain_init,
    .run = spinningtop_run,
};
