/* Indicators against golden values: figures that TA-Lib 0.8.1, Tulip 0.8.4, TTR 0.24.3, pandas-ta-classic 0.8.32 and
 * formulas written independently of ours gave for the made series (series.h), where they agree on a definition; the
 * candlestick patterns of TA-Lib; and what the figures are where prices or volumes stand still.
 *
 * A column is held to rows of the plain and of the rough series, "bar:value", to 1e-9 of the value or 1e-12 of the
 * largest of its column; null is no value. Rows of the rough one are left out where an authority answers a division of
 * zero by zero otherwise than tn-indicators(7) says. */
#include "indicator/indicator.h"

#include "goldens.h"
#include "series.h"
#include "tap.h"

#include <math.h>

static struct made_series series;
static double figure[INDICATOR_OUTPUTS_MAX][SERIES_BARS_MAX];

/* All figures of an indicator over the series. */
static bool run(struct indicator_use *use, const char *text)
{
    struct error error = {0};
    if (indicator_use_parse(use, text, &error) != 0)
        return check(false, "%s: %s", text, error.text);
    void *state = calloc(1, indicator_size(use));
    if (state == NULL)
        exit(1);
    indicator_init(use, state);
    for (int i = 0; i < series.bars; i += COLUMNS_MAX) {
        double *out[INDICATOR_OUTPUTS_MAX];
        const struct columns columns = {
            .n = (size_t)(series.bars - i < COLUMNS_MAX ? series.bars - i : COLUMNS_MAX),
            .open = series.open + i,
            .high = series.high + i,
            .low = series.low + i,
            .close = series.close + i,
            .volume = series.volume + i,
            .time = series.time + i,
            .end = series.end + i,
            .session = series.session + i,
        };
        for (int k = 0; k < use->indicator->outputs; k++)
            out[k] = figure[k] + i;
        indicator_run(use, state, &columns, out);
    }
    free(state);
    return true;
}

static const double *output_named(const struct indicator_use *use, const char *suffix)
{
    for (int k = 0; k < use->indicator->outputs; k++)
        if (strcmp(use->indicator->output[k].suffix, suffix) == 0)
            return figure[k];
    return NULL;
}

/* The rows that differ, the first of them printed; -1 when a row cannot be read. */
static int count_wrong(const double *column, const char *rows)
{
    double largest = 0;
    int wrong = 0, read = 0;
    for (int i = 0; i < series.bars; i++)
        largest = fabs(column[i]) > largest ? fabs(column[i]) : largest;
    while (*rows != '\0') {
        char *end;
        const long bar = strtol(rows, &end, 10);
        if (*end != ':' || bar < 0 || bar >= series.bars)
            return -1;
        const bool none = strncmp(end + 1, "null", 4) == 0;
        const double got = column[bar], want = none ? NAN : strtod(end + 1, NULL);
        const double size = fabs(got) > fabs(want) ? fabs(got) : fabs(want), off = fabs(got - want);
        if (none ? !isnan(got) : !(off <= 1e-9 * size || off <= 1e-12 * largest)) {
            if (wrong++ == 0)
                printf("# bar %ld: got %.12g, want %.12g\n", bar, got, want);
        }
        rows = strchr(end, ' ') != NULL ? strchr(end, ' ') + 1 : "";
        read++;
    }
    return read > 0 ? wrong : -1;
}

static void test_goldens(bool rough)
{
    make_series(&series, rough ? "rough" : "plain", rough ? 2 : 1, 300);
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        const struct golden *golden = &goldens[i];
        struct indicator_use use;
        if ((rough && golden->rough[0] == '\0') || !run(&use, golden->use))
            continue;
        const double *column = output_named(&use, golden->output);
        check(column != NULL && count_wrong(column, rough ? golden->rough : golden->plain) == 0,
              "%s %s has the golden values of the %s series", golden->use, golden->output, rough ? "rough" : "plain");
    }
}

/* Hits of TA-Lib on "wild" of seed 4: how many within the first bars, and a hash over bar and value of each. Five of
 * its hits are ties that a sum of doubles decided: 740 of spinningtop (U = B = 0.10), 4168 of darkcloudcover, 4958 of
 * piercing and 29540 of eveningstar (a close that is the middle or three tenths exactly) are none in exact arithmetic,
 * 26346 of eveningstar (a body of 1.44, the mean being 1.44) is one. */
static const struct {
    const char *name;
    int bars, hits;
    uint64_t hash;
} patterns[] = {
    {"blackcrows", 30000, 1, UINT64_C(0x4e23ed4d93c2496f)},
    {"whitesoldiers", 30000, 17, UINT64_C(0x21aaac102bb67b97)},
    {"darkcloudcover", 30000, 184, UINT64_C(0x9936591c38258735)},
    {"doji", 2000, 413, UINT64_C(0xf122c7e8d8c928b7)},
    {"dragonflydoji", 2000, 103, UINT64_C(0xbbe3b8822af7fcff)},
    {"engulfing", 2000, 145, UINT64_C(0x6b363b113d52d1a3)},
    {"eveningstar", 30000, 214, UINT64_C(0x5c673291fb2a4b95)},
    {"gravestonedoji", 2000, 108, UINT64_C(0x6811269bf50da9ad)},
    {"hammer", 2000, 81, UINT64_C(0x7e9bc5bd5ff3f48f)},
    {"hangingman", 2000, 71, UINT64_C(0x755bbed0d5e4f267)},
    {"harami", 2000, 179, UINT64_C(0xe31ae342c28d9c47)},
    {"invertedhammer", 2000, 71, UINT64_C(0x2e02c3835eee33cf)},
    {"marubozu", 2000, 198, UINT64_C(0x0d3c790f95977275)},
    {"morningstar", 30000, 202, UINT64_C(0x8f711797a29b3365)},
    {"piercing", 30000, 169, UINT64_C(0x9c3db41b85554157)},
    {"shootingstar", 2000, 64, UINT64_C(0xb5acdb4d5fd3342d)},
    {"spinningtop", 2000, 218, UINT64_C(0xd6fe95465945f55d)},
};

static void test_patterns(void)
{
    make_series(&series, "wild", 4, 30000);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct indicator_use use;
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        int hits = 0;
        if (!run(&use, patterns[i].name))
            continue;
        for (int bar = 0; bar < patterns[i].bars; bar++) {
            const double value = figure[0][bar];
            if (isnan(value) || value == 0)
                continue;
            hits++;
            hash = (hash ^ (uint64_t)(bar * 1000 + (int)value + 500)) * UINT64_C(0x100000001b3);
        }
        check(hits == patterns[i].hits && hash == patterns[i].hash, "%s is found where TA-Lib finds it (%d times)",
              patterns[i].name, hits);
    }
}

static bool names(const char *use, const char *name)
{
    const size_t length = strcspn(use, ":");
    return strlen(name) == length && memcmp(use, name, length) == 0;
}

static void test_none_without(void)
{
    for (int k = 0; k < indicator_count; k++) {
        bool found = false;
        for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++)
            found = found || names(goldens[i].use, indicator_table[k]->name);
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
            found = found || names(patterns[i].name, indicator_table[k]->name);
        check(found, "%s has golden values", indicator_table[k]->name);
    }
}

enum still { FLAT = 1, DRY = 2, RANGE = 4, RISE = 8 };

/* What is said after 120 bars without movement (FLAT), without volume either (DRY), of equal closes within a range
 * (RANGE), of an unbroken rise without range (RISE). */
static const struct {
    const char *use, *output;
    int cases;
    double want;
} stills[] = {
    {"rsi:14", "", FLAT | DRY | RANGE, 50},
    {"rsi:2", "", FLAT | DRY | RANGE, 50},
    {"rsi:14", "", RISE, 100},
    {"cutler:14", "", FLAT | DRY | RANGE, 50},
    {"stochf:14,3", "k", FLAT | DRY, 50},
    {"stoch:14,3,3", "d", FLAT | DRY, 50},
    {"stochrsi", "k", FLAT | DRY | RANGE | RISE, 50},
    {"stochrsi", "d", FLAT | DRY | RANGE | RISE, 50},
    {"macd", "", FLAT | DRY | RANGE, 0},
    {"ppo", "signal", FLAT | DRY | RANGE, 0},
    {"tsi", "", FLAT | DRY | RANGE, 0},
    {"cmo:14", "", FLAT | DRY | RANGE, 0},
    {"cci:20", "", FLAT | DRY | RANGE, 0},
    {"willr:14", "", FLAT | DRY, -50},
    {"willr:14", "", RISE, 0},
    {"ultosc", "", FLAT | DRY, 50},
    {"adx:14", "", FLAT | DRY | RANGE, 0},
    {"adx:14", "plus", FLAT | DRY, 0},
    {"vortex:14", "plus", FLAT | DRY, 0},
    {"linreg:14", "slope", FLAT | DRY | RANGE, 0},
    {"linreg:14", "r2", FLAT | DRY | RANGE, NAN},
    {"chop:14", "", FLAT | DRY, NAN},
    {"pctb", "", FLAT | DRY | RANGE, 0.5},
    {"bbwidth", "", FLAT | DRY | RANGE, 0},
    {"cmf:20", "", DRY, 0},
    {"mfi:14", "", FLAT | DRY | RANGE, 50},
    {"vwap:all", "", DRY, NAN},
    {"vwap", "upper", DRY, NAN},
    {"vwma:20", "", DRY, NAN},
    {"rvol:20", "", DRY, NAN},
    {"vosc", "", DRY, 0},
    {"correl:20,volume", "", FLAT | DRY | RANGE | RISE, NAN},
    {"beta:20,hl2", "", FLAT | DRY | RANGE, NAN},
    {"zscore:20", "", FLAT | DRY | RANGE, 0},
    {"stddev:20", "", FLAT | DRY | RANGE, 0},
    {"hv", "", FLAT | DRY | RANGE, 0},
    {"yangzhang", "", FLAT | DRY, 0},
    {"parkinson", "", FLAT | DRY | RISE, 0},
    {"percentrank", "", FLAT | DRY | RANGE, 0},
    {"percentrank", "", RISE, 100},
    {"aroon", "up", RISE, 100},
    {"doji", "", FLAT | DRY | RANGE, 100},
    {"roc", "", FLAT | DRY | RANGE, 0},
    {"natr", "", FLAT | DRY, 0},
};

static void make_still(enum still kind, double price)
{
    series.bars = 120;
    for (int i = 0; i < series.bars; i++) {
        const double now = kind == RISE ? price * (1 + i * 0.001) : price, reach = kind == RANGE ? price * 0.01 : 0;
        series.open[i] = series.close[i] = now;
        series.high[i] = now + reach;
        series.low[i] = now - reach;
        series.volume[i] = kind == DRY ? 0 : 1000;
    }
}

static void test_stills(void)
{
    static const double prices[] = {100, 0.1, 1.0 / 3, 98765.4321, 1e-7, 9e8};
    static const enum still kinds[] = {FLAT, DRY, RANGE, RISE};
    for (size_t i = 0; i < sizeof stills / sizeof *stills; i++) {
        bool same = true;
        for (size_t p = 0; p < sizeof prices / sizeof *prices; p++)
            for (int k = 0; k < 4; k++) {
                struct indicator_use use;
                make_still(kinds[k], prices[p]);
                if ((stills[i].cases & (int)kinds[k]) == 0 || !run(&use, stills[i].use))
                    continue;
                const double got = output_named(&use, stills[i].output)[119], want = stills[i].want;
                if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-9)) {
                    printf("# price %g, case %d: got %.17g, want %g\n", prices[p], (int)kinds[k], got, want);
                    same = false;
                }
            }
        check(same, "%s %s is %g where nothing moves", stills[i].use, stills[i].output, stills[i].want);
    }
}

/* Nothing is ever infinite, be prices small, huge or zero, or the series one bar long. */
static void test_extremes(void)
{
    static const double scales[] = {1e-8, 1e-300, 0, 9e10, 1e18, 1e90};
    for (int i = 0; i < indicator_count; i++) {
        bool finite = true;
        for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
            struct indicator_use use;
            char text[64];
            const unsigned inputs = indicator_table[i]->inputs;
            make_series(&series, "rough", 2, 300);
            for (int k = 0; k < series.bars; k++) {
                series.open[k] *= scales[s];
                series.high[k] *= scales[s];
                series.low[k] *= scales[s];
                series.close[k] *= scales[s];
                series.volume[k] *= scales[s];
            }
            (void)snprintf(text, sizeof text, "%s%s", indicator_table[i]->name,
                           (inputs & INPUT_OTHER) != 0 ? ":other=hl2" : "");
            if (!run(&use, text))
                break;
            for (int k = 0; k < use.indicator->outputs; k++)
                for (int bar = 0; bar < series.bars; bar++)
                    finite = finite && !isinf(figure[k][bar]);
        }
        check(finite, "%s is finite or null, whatever the size of prices", indicator_table[i]->name);
    }
}

/* Twice the prices give figures of 2 to the power of the price, twice the volume likewise: so does a split. */
static void test_powers(void)
{
    static double before[INDICATOR_OUTPUTS_MAX][300];
    for (int i = 0; i < indicator_count; i++) {
        struct indicator_use use;
        char text[64];
        bool same = true;
        (void)snprintf(text, sizeof text, "%s%s", indicator_table[i]->name,
                       (indicator_table[i]->inputs & INPUT_OTHER) != 0 ? ":other=volume" : "");
        make_series(&series, "plain", 1, 300);
        if (!run(&use, text))
            continue;
        for (int k = 0; k < use.indicator->outputs; k++)
            memcpy(before[k], figure[k], sizeof before[k]);
        for (int k = 0; k < series.bars; k++) {
            series.open[k] *= 4;
            series.high[k] *= 4;
            series.low[k] *= 4;
            series.close[k] *= 4;
            series.volume[k] *= 8;
        }
        (void)run(&use, text);
        for (int k = 0; k < use.indicator->outputs; k++) {
            int price, volume;
            indicator_powers(&use, k, &price, &volume);
            const double factor = ldexp(1, 2 * price + 3 * volume);
            for (int bar = 0; bar < series.bars; bar++)
                same = same && (isnan(before[k][bar]) ? isnan(figure[k][bar])
                                                      : fabs(figure[k][bar] - factor * before[k][bar]) <=
                                                            1e-12 * fabs(factor * before[k][bar]));
        }
        check(same, "%s scales with prices and volumes as it says", indicator_table[i]->name);
    }
}

int main(void)
{
    test_goldens(false);
    test_goldens(true);
    test_patterns();
    test_none_without();
    test_stills();
    test_extremes();
    test_powers();
    return done();
}
