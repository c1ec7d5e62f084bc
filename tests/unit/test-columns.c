/* The law of indicators, for all that are in the table: bars at once are bars one by one, bit for bit, however split; a
 * state that is saved and restored goes on with the same bytes; a figure is finite or there is none. */
#include "indicator/indicator.h"
#include "indicator/state.h"

#include "series.h"
#include "tap.h"

#include <math.h>

enum { BARS = 900 };

static struct made_series series;

/* Figures of one run, by output and bar. */
struct figures {
    double value[INDICATOR_OUTPUTS_MAX][BARS];
};

static struct columns columns_at(int from, int count)
{
    return (struct columns){.n = (size_t)count,
                            .open = series.open + from,
                            .high = series.high + from,
                            .low = series.low + from,
                            .close = series.close + from,
                            .volume = series.volume + from,
                            .time = series.time + from,
                            .end = series.end + from,
                            .session = series.session + from,
                            .other = series.volume + from};
}

static void run_some(const struct indicator_use *use, void *state, int from, int to, int split, struct figures *figures)
{
    for (int i = from; i < to; i += split) {
        const struct columns columns = columns_at(i, to - i < split ? to - i : split);
        double *out[INDICATOR_OUTPUTS_MAX];
        for (int k = 0; k < use->indicator->outputs; k++)
            out[k] = figures->value[k] + i;
        indicator_run(use, state, &columns, out);
    }
}

static void *new_state(const struct indicator_use *use)
{
    void *state = calloc(1, indicator_size(use));
    if (state == NULL)
        exit(1);
    indicator_init(use, state);
    return state;
}

static bool same_figures(const struct indicator_use *use, const struct figures *a, const struct figures *b, int from)
{
    for (int k = 0; k < use->indicator->outputs; k++)
        for (int i = from; i < BARS; i++)
            if (memcmp(&a->value[k][i], &b->value[k][i], sizeof(double)) != 0 &&
                !(isnan(a->value[k][i]) && isnan(b->value[k][i])))
                return false;
    return true;
}

static void test_splits(const struct indicator_use *use, const char *text, const struct figures *one)
{
    static const int splits[] = {2, 7, 127, COLUMNS_MAX};
    bool same = true;
    for (size_t s = 0; s < sizeof splits / sizeof *splits; s++) {
        struct figures some = {0};
        void *state = new_state(use);
        run_some(use, state, 0, BARS, splits[s], &some);
        same = same && same_figures(use, one, &some, 0);
        free(state);
    }
    check(same, "%s says the same of bars one by one and in lists of 2, 7, 127 and 128", text);
}

/* Stops after some bars, goes on from what was saved, and ends with the state of who never stopped. */
static void test_resume(const struct indicator_use *use, const char *text, const struct figures *one)
{
    static const int stops[] = {1, 3, 60, 101, 333};
    struct error error = {0};
    struct buf saved, end, end_too;
    bool same = true;
    buf_init(&saved, 1 << 24);
    buf_init(&end, 1 << 24);
    buf_init(&end_too, 1 << 24);
    for (size_t s = 0; s < sizeof stops / sizeof *stops; s++) {
        struct figures some = {0};
        int64_t last = 0;
        void *state = new_state(use), *again = new_state(use);
        buf_reset(&saved);
        buf_reset(&end);
        buf_reset(&end_too);
        run_some(use, state, 0, stops[s], 50, &some);
        same = same && indicator_save(use, state, series.time[stops[s] - 1], &saved, &error) == 0;
        same = same && indicator_load(use, again, &last, buf_str(&saved), &error) == 1;
        same = same && last == series.time[stops[s] - 1];
        run_some(use, state, stops[s], BARS, 128, &some);
        run_some(use, again, stops[s], BARS, 11, &some);
        same = same && same_figures(use, one, &some, stops[s]);
        same = same && indicator_save(use, state, 5, &end, &error) == 0;
        same = same && indicator_save(use, again, 5, &end_too, &error) == 0;
        same = same && end.n == end_too.n && memcmp(end.p, end_too.p, end.n) == 0;
        free(state);
        free(again);
    }
    check(same, "%s goes on from a saved state with the same bytes", text);
    buf_clear(&saved);
    buf_clear(&end);
    buf_clear(&end_too);
}

/* Nothing before the warm-up, something of every output after it or later, and nothing that is infinite. */
static void test_figures(const struct indicator_use *use, const char *text, const struct figures *one)
{
    const int lookback = indicator_lookback(use);
    bool finite = true, seen = true;
    int first = -1;
    for (int i = 0; i < BARS; i++) {
        bool all = true;
        for (int k = 0; k < use->indicator->outputs; k++) {
            finite = finite && !isinf(one->value[k][i]);
            all = all && !isnan(one->value[k][i]);
        }
        first = first < 0 && all ? i : first;
    }
    for (int k = 0; k < use->indicator->outputs; k++) {
        bool any = false;
        for (int i = 0; i < BARS; i++)
            any = any || !isnan(one->value[k][i]);
        seen = seen && any;
    }
    check(finite && seen, "%s has figures, and they are finite", text);
    if (!use->indicator->sparse)
        check(first == lookback, "%s has every figure after %d bars (%d)", text, lookback, first);
}

/* A bar without an input that matters changes nothing and gets nothing. */
static void test_missing(const struct indicator_use *use, const char *text, const struct figures *one)
{
    if ((indicator_inputs(use) & (INPUT_VOLUME | INPUT_OTHER)) == 0)
        return;
    struct figures some = {0};
    void *state = new_state(use);
    double *out[INDICATOR_OUTPUTS_MAX], nothing[INDICATOR_OUTPUTS_MAX][3];
    const double volume[] = {NAN, INFINITY, 1e300};
    bool none = true;
    run_some(use, state, 0, 500, 128, &some);
    struct columns gap = columns_at(500, 3);
    gap.volume = gap.other = volume;
    for (int k = 0; k < use->indicator->outputs; k++)
        out[k] = nothing[k];
    indicator_run(use, state, &gap, out);
    for (int k = 0; k < use->indicator->outputs; k++)
        for (int i = 0; i < 3; i++)
            none = none && isnan(nothing[k][i]);
    run_some(use, state, 500, BARS, 128, &some);
    check(none && same_figures(use, one, &some, 0), "%s passes over bars without a volume", text);
    free(state);
}

static void test_indicator(const char *text)
{
    struct indicator_use use;
    struct error error = {0};
    struct figures one = {0};
    if (indicator_use_parse(&use, text, &error) != 0) {
        check(false, "%s: %s", text, error.text);
        return;
    }
    void *state = new_state(&use);
    run_some(&use, state, 0, BARS, 1, &one);
    free(state);
    test_splits(&use, text, &one);
    test_resume(&use, text, &one);
    test_figures(&use, text, &one);
    test_missing(&use, text, &one);
}

/* Begun a thousand bars later, it says the same to nine digits after as many bars as it takes to forget that. */
static void test_stable(const char *text)
{
    enum { LATE = 1000, ALL = 7000 };
    static double early[INDICATOR_OUTPUTS_MAX][ALL], late[INDICATOR_OUTPUTS_MAX][ALL];
    struct indicator_use use;
    struct error error = {0};
    if (indicator_use_parse(&use, text, &error) != 0)
        return;
    const int stable = indicator_stable(&use);
    if (stable < 0 || stable > ALL - LATE - 200)
        return;
    void *first = new_state(&use), *second = new_state(&use);
    for (int i = 0; i < ALL; i += 100) {
        const struct columns columns = columns_at(i, 100);
        double *out[INDICATOR_OUTPUTS_MAX];
        for (int k = 0; k < use.indicator->outputs; k++)
            out[k] = early[k] + i;
        indicator_run(&use, first, &columns, out);
        for (int k = 0; k < use.indicator->outputs; k++)
            out[k] = late[k] + i;
        if (i >= LATE)
            indicator_run(&use, second, &columns, out);
    }
    bool same = true;
    for (int k = 0; k < use.indicator->outputs; k++) {
        double largest = 0;
        for (int i = LATE; i < ALL; i++)
            largest = fmax(largest, isnan(early[k][i]) ? 0 : fabs(early[k][i]));
        for (int i = LATE + stable; i < ALL; i++)
            same = same && (isnan(early[k][i]) ? isnan(late[k][i]) : fabs(early[k][i] - late[k][i]) <= 2e-9 * largest);
    }
    check(same, "%s has forgotten where it began after %d bars", text, stable);
    free(first);
    free(second);
}

static void test_refusals(void)
{
    struct indicator_use sma, other, wider;
    struct error error = {0};
    struct buf saved;
    int64_t last = -7;
    buf_init(&saved, 1 << 20);
    if (indicator_use_parse(&sma, "sma:20", &error) != 0 || indicator_use_parse(&other, "ema:20", &error) != 0 ||
        indicator_use_parse(&wider, "sma:20,hl2", &error) != 0)
        exit(1);
    void *state = new_state(&sma), *room = calloc(1, 4096);
    check(indicator_save(&sma, state, 1234, &saved, &error) == 0, "a state is saved");
    check(indicator_load(&other, room, &last, buf_str(&saved), &error) == 0, "another indicator does not read it");
    check(indicator_load(&wider, room, &last, buf_str(&saved), &error) == 0, "nor does one of another source");
    bool refused = true;
    for (size_t i = 0; i < saved.n; i++) {
        saved.p[i] = (char)(saved.p[i] ^ 1);
        refused = refused && indicator_load(&sma, room, &last, buf_str(&saved), &error) == 0;
        saved.p[i] = (char)(saved.p[i] ^ 1);
    }
    check(refused, "no state is read of which a bit has changed");
    for (size_t n = 0; n < saved.n; n++)
        refused = refused && indicator_load(&sma, room, &last, (struct str){saved.p, n}, &error) == 0;
    check(refused && last == -7, "no state is read that is cut off");
    check(indicator_load(&sma, room, &last, buf_str(&saved), &error) == 1 && last == 1234, "the whole one is");
    free(state);
    free(room);
    buf_clear(&saved);
}

int main(void)
{
    make_series(&series, "rough", 2, BARS);
    for (int i = 0; i < indicator_count; i++)
        test_indicator(indicator_table[i]->name);
    static const char *const more[] = {"sma:1",
                                       "sma:130",
                                       "ema:1,volume",
                                       "macd:30,10,5,hl2",
                                       "bbands:2,0.5,hlc3",
                                       "donchian:200",
                                       "rsi:1,source=ohlc4",
                                       "ema:20,seed=first",
                                       "alma:9,0.85,6,middle=floor",
                                       "ppo:5,9,3,average=sma",
                                       "roc:3,form=log",
                                       "cmo:5,average=wilder",
                                       "adx:5,seed=book",
                                       "obv:volume",
                                       "vwap:month",
                                       "vwap:week,2",
                                       "rvol:5,window=inclusive",
                                       "percentrank:7,ties=upto",
                                       "correl:9,volume,hl2",
                                       "beta:9,hlc3",
                                       "pivots:fibonacci",
                                       "pivots:woodie",
                                       "fractal:1",
                                       "hammer:n=20,near=0.5",
                                       "wma:300",
                                       "linreg:2",
                                       "hma:2",
                                       "keltner:5,30,1,average=sma,range=sma",
                                       "keltner:40,3,range=ema",
                                       "hv:5,365,mean=zero",
                                       "ichimoku:3,5,7,0",
                                       "kama:1",
                                       "t3:1",
                                       "aroon:1",
                                       "cci:1",
                                       "stoch:1,1,1",
                                       "zscore:2,deviation=sample"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        test_indicator(more[i]);
    make_series(&series, "plain", 3, 7000);
    for (int i = 0; i < indicator_count; i++)
        test_stable(indicator_table[i]->name);
    static const char *const recursive[] = {"ema:50,seed=first",  "macd:5,60,20",    "t3:12",
                                            "kama:20,2,20",       "adx:7,seed=book", "keltner:5,60,2",
                                            "stochrsi:30,10,3,3", "tsi:60,5,20",     "trix:30,5"};
    for (size_t i = 0; i < sizeof recursive / sizeof *recursive; i++)
        test_stable(recursive[i]);
    test_refusals();
    return done();
}
