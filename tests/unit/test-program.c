/* Rules over bars: grammar, values worked out by hand, three-valued logic, powers of price, the law of columns. */
#include "tap.h"

#include "base/buf.h"
#include "base/error.h"
#include "expr/program.h"
#include "indicator/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BARS 12

/* Closes as below; high is close + 1, low close − 1, open the close before (the first: its own), volume 100 a bar but
 * 300 on the last. Days from Friday 2026-01-02 on, every day. */
static const double closes[BARS] = {10, 11, 12, 11, 10, 9, 10, 11, 12, 13, 14, 15};
static double opens[BARS], highs[BARS], lows[BARS], volumes[BARS];
static int64_t times[BARS];

static void make_bars(void)
{
    for (int i = 0; i < BARS; i++) {
        opens[i] = closes[i > 0 ? i - 1 : 0];
        highs[i] = closes[i] + 1;
        lows[i] = closes[i] - 1;
        volumes[i] = i == BARS - 1 ? 300 : 100;
        times[i] = (20455 + i) * INT64_C(86400000000000); /* 2026-01-02 */
    }
}

static struct columns from(int first, int count)
{
    return (struct columns){.n = (size_t)count,
                            .open = opens + first,
                            .high = highs + first,
                            .low = lows + first,
                            .close = closes + first,
                            .volume = volumes + first,
                            .time = times + first,
                            .end = times + first};
}

/* The rule on every bar, as text: 1 0 and . for a truth, numbers else; `piece` bars at once. */
static void run(const char *text, int piece, char *out, size_t size)
{
    struct error error;
    error_clear(&error);
    out[0] = '\0';
    struct expr *expr = series_parse(text, NULL, false, &error);
    const struct expr *roots[] = {expr};
    struct program *program = expr == NULL ? NULL : program_compile(roots, 1, 0, &error);
    if (program == NULL) {
        (void)snprintf(out, size, "%s | %s", error.text, error.hint);
        expr_free(expr);
        return;
    }
    void *state = calloc(1, program_size(program) + 1);
    size_t n = 0;
    program_init(program, state);
    for (int i = 0; i < BARS; i += piece) {
        const int count = piece < BARS - i ? piece : BARS - i;
        const struct columns in = from(i, count);
        double column[COLUMNS_MAX];
        double *const columns[] = {column};
        program_run(program, state, &in, columns);
        for (int k = 0; k < count; k++)
            n += (size_t)snprintf(out + n, size - n, isnan(column[k]) ? "%s." : "%s%.6g", n > 0 ? " " : "", column[k]);
    }
    free(state);
    program_free(program);
    expr_free(expr);
}

static const struct {
    const char *rule, *want;
} values[] = {
    {"close", "10 11 12 11 10 9 10 11 12 13 14 15"},
    {"close[1]", ". 10 11 12 11 10 9 10 11 12 13 14"},
    {"(high - low)[2]", ". . 2 2 2 2 2 2 2 2 2 2"},
    {"close > open", "0 1 1 0 0 0 1 1 1 1 1 1"},
    {"close[1] > close[2]", ". . 1 1 0 0 0 1 1 1 1 1"},
    {"not (close[1] > close[2])", ". . 0 0 1 1 1 0 0 0 0 0"}, /* the negation of unknown is unknown */
    {"sma(3)", ". . 11 11.3333 11 10 9.66667 10 11 12 13 14"},
    {"sma(high, 3)", ". . 12 12.3333 12 11 10.6667 11 12 13 14 15"},
    {"sma(close - open, 2)", ". 0.5 1 0 -1 -1 0 1 1 1 1 1"},
    {"sum(volume, 3)", ". . 300 300 300 300 300 300 300 300 300 500"},
    {"highest(3)", ". . 13 13 13 12 11 12 13 14 15 16"},
    {"highest(close, 3)[1]", ". . . 12 12 12 11 10 11 12 13 14"},
    {"lowest(3)", ". . 9 10 9 8 8 8 9 10 11 12"},
    {"close > highest(high, 3)[1]", ". . . 0 0 0 0 0 0 0 0 0"},
    {"close > highest(close, 3)[1]", ". . . 0 0 0 0 1 1 1 1 1"},
    {"close crosses above 11", ". 0 1 0 0 0 0 0 1 0 0 0"},
    {"close crosses below 11", ". 0 0 0 1 0 0 0 0 0 0 0"},
    {"close crosses 11", ". 0 1 0 1 0 0 0 1 0 0 0"},
    {"close crosses above 11 within 3 bars", ". . 1 1 1 0 0 0 1 1 1 0"},
    {"bars_since(close crosses above 11)", ". . 0 1 2 3 4 5 0 1 2 3"},
    {"value_when(close < open, close)", ". . . 11 10 9 9 9 9 9 9 9"},
    {"value_when(close < open, close, 1)", ". . . . 11 10 10 10 10 10 10 10"},
    {"count(close > open, 3)", ". . 2 2 1 0 1 2 3 3 3 3"},
    {"any(close < open, 2)", ". 0 0 1 1 1 1 0 0 0 0 0"},
    {"all(close > open, 2)", ". 0 1 0 0 0 0 1 1 1 1 1"},
    {"count(close > close[1], 2)", ". . 2 1 0 0 1 2 2 2 2 2"},
    {"rising(2)", ". . 1 0 0 0 0 1 1 1 1 1"},
    {"falling(close, 2)", ". . 0 0 1 1 0 0 0 0 0 0"},
    {"if close > 11 then 1 else 2", "2 2 1 2 2 2 2 2 1 1 1 1"},
    {"if close[1] > 11 then 1 else 2", ". 2 2 1 2 2 2 2 2 1 1 1"},
    {"coalesce(close[1], 0)", "0 10 11 12 11 10 9 10 11 12 13 14"},
    {"close[1] == null", "1 0 0 0 0 0 0 0 0 0 0 0"},
    {"max(close, open, 11)", "11 11 12 12 11 11 11 11 12 13 14 15"},
    {"abs(close - 11)", "1 0 1 0 1 2 1 0 1 2 3 4"},
    {"floor(close / 2)", "5 5 6 5 5 4 5 5 6 6 7 7"},
    {"change", ". 0.1 0.0909091 -0.0833333 -0.0909091 -0.1 0.111111 0.1 0.0909091 0.0833333 0.0769231 0.0714286"},
    {"rvol(3)", ". . . 1 1 1 1 1 1 1 1 3"},
    {"hl2 - close", "0 0 0 0 0 0 0 0 0 0 0 0"},
    {"weekday == fri", "1 0 0 0 0 0 0 1 0 0 0 0"},
    {"weekday", "5 6 7 1 2 3 4 5 6 7 1 2"},
    {"day", "2 3 4 5 6 7 8 9 10 11 12 13"},
    {"close > 11 and close[1] > 0", "0 0 1 0 0 0 0 0 1 1 1 1"},
    {"close > 9 and close[1] > 0", ". 1 1 1 1 0 1 1 1 1 1 1"},
    {"close > 9 or close[1] > 0", "1 1 1 1 1 1 1 1 1 1 1 1"},
    {"-close + 2 * 3", "-4 -5 -6 -5 -4 -3 -4 -5 -6 -7 -8 -9"},
    {"macd_signal(2, 3, 2) == null", "1 1 1 0 0 0 0 0 0 0 0 0"},
    {"ema(sma(2), 2)", ". . 11 11.3333 10.7778 9.92593 9.64198 10.214 11.0713 12.0238 13.0079 14.0026"},
};

/* Refused, with what says why. */
static const struct {
    const char *rule, *says;
} refused[] = {
    {"close >", "is missing"},
    {"close[-1] > 1", "from 0 to 10000"},
    {"close[volume] > 1", "must be a constant number"},
    {"sma(0)", "not within"},
    {"highest(close, 0)", "from 1 to 10000"},
    {"clsoe > 1", "did you mean 'close'"},
    {"smaa(3) > 1", "did you mean 'sma'"},
    {"sma > 1", "needs its parameters"},
    {"ta.crossover(close, 3)", "a crosses above b"},
    {"Ref(close, 1)", "close[1]"},
    {"barssince(close > 1)", "bars_since"},
    {"entry_price > 1", "do not see the position"},
    {"10 < close < 20", "two sides"},
    {"close > 1 within 3", "'bars' is missing"},
    {"close within 3 bars", "is needed"},
    {"if close > 1 then 2", "'else' is missing"},
    {"count(close, 3)", "is needed"},
    {"high > highest(high, 20)", "[1]"},
    {"close crosses above highest(20)", "[1]"},
    {"atr(close, 14)", "is computed from bars"},
    {"sma(n=3, n=4)", "given twice"},
    {"close > zigzag(5)", "look ahead"},
};

static void test_values(void)
{
    char got[1024], pieces[1024];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        run(values[i].rule, BARS, got, sizeof got);
        check_text(got, values[i].want, values[i].rule);
        bool same = true;
        static const int sizes[] = {1, 2, 5, 7};
        for (int k = 0; k < 4; k++) {
            run(values[i].rule, sizes[k], pieces, sizeof pieces);
            same = same && strcmp(got, pieces) == 0;
        }
        check(same, "the same however the bars are split: %s", values[i].rule);
    }
}

static void test_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char got[1024];
        run(refused[i].rule, BARS, got, sizeof got);
        check(strstr(got, refused[i].says) != NULL, "%s: says %s (%s)", refused[i].rule, refused[i].says, got);
    }
}

/* A bare number is of the day: after a 2:1 split the basis is doubled, and 100.1 means 100.1 still. Counts compare
 * exactly. What has one power is untouched. */
static void test_scale(void)
{
    static const char *const rules[] = {"close > 100.1", "close >= 100.1", "close + 1 > 101.1", "close / open == 1",
                                        "volume == 50",  "close > volume", "sma(1) == 100.1",   "close * 2 == 200.2"};
    static const double want[] = {0, 1, 0, 1, 1, 1, 1, 1};
    for (int split = 1; split <= 2; split++)
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
            struct error error;
            error_clear(&error);
            const double scale = 1e8 * split, price = 10010000000.0 * split, volume = 50.0 / split;
            struct columns in = {.n = 1,
                                 .open = &price,
                                 .high = &price,
                                 .low = &price,
                                 .close = &price,
                                 .volume = &volume,
                                 .time = times,
                                 .end = times,
                                 .price_scale = scale,
                                 .volume_scale = 1.0 / split};
            struct expr *expr = series_parse(rules[i], NULL, true, &error);
            const struct expr *roots[] = {expr};
            struct program *program = expr == NULL ? NULL : program_compile(roots, 1, 0, &error);
            double out = NAN;
            double *const columns[] = {&out};
            void *state = program == NULL ? NULL : calloc(1, program_size(program) + 1);
            if (program != NULL) {
                program_init(program, state);
                program_run(program, state, &in, columns);
            }
            check(out == want[i], "%s at a scale of %d is %g %s", rules[i], split, out, error.text);
            free(state);
            program_free(program);
            expr_free(expr);
        }
}

static int visit(void *context, const struct program_answer *answer, struct error *error)
{
    struct buf *out = context;
    (void)error;
    buf_printf(out, "%d %.*s %g", answer->depth, (int)answer->text.n, answer->text.p, answer->answer);
    if (answer->sides)
        buf_printf(out, " (%g, %g)", answer->left, answer->right);
    buf_add_char(out, '\n');
    return 0;
}

static void test_figures(void)
{
    struct error error;
    error_clear(&error);
    const struct scope_name let[] = {{.name = "n", .constant = 3, .exact = 3 * DEC_ONE}};
    const struct scope params = {let, 1};
    struct expr *trend = series_parse("close > sma(n)", &params, true, &error);
    const struct scope_name names[] = {let[0], {.name = "trend", .expr = trend}};
    const struct scope scope = {names, 2};
    struct expr *expr = series_parse("trend and volume > 2 * sma(volume, n)[1]", &scope, true, &error);
    const struct expr *roots[] = {expr, trend, NULL};
    struct program *program = expr == NULL ? NULL : program_compile(roots, 3, 0, &error);
    check(program != NULL, "a rule with a parameter and another rule %s", error.text);
    if (program == NULL)
        return;
    check(program_lookback(program) == 3, "needs 3 bars before the first: %d", program_lookback(program));
    check((program_inputs(program) & INPUT_VOLUME) != 0, "asks for volumes");
    void *state = calloc(1, program_size(program));
    double a[BARS], b[BARS], c[BARS];
    double *const columns[] = {a, b, c};
    const struct columns in = from(0, BARS);
    struct buf out;
    buf_init(&out, 4096);
    program_init(program, state);
    program_run(program, state, &in, columns);
    check(a[BARS - 1] == 1 && a[BARS - 2] == 0 && isnan(a[1]), "its answers");
    check(b[BARS - 1] == 1 && isnan(c[BARS - 1]), "those of the other roots");
    check(program_figures(program, 0) == 4, "its figures: %d", program_figures(program, 0));
    check(str_is(program_figure_name(program, 0, 1), "sma(n)") && program_figure(program, 0, 1, &in, BARS - 1) == 14,
          "are named as they are written");
    check(program_explain(program, 0, &in, BARS - 1, visit, &out, &error) == 0, "explains");
    check_text(out.p,
               "0 trend and volume > 2 * sma(volume, n)[1] 1\n1 close > sma(n) 1 (15, 14)\n"
               "1 volume > 2 * sma(volume, n)[1] 1 (300, 200)\n",
               "with the sides of each comparison");
    buf_clear(&out);
    free(state);
    program_free(program);
    expr_free(expr);
    expr_free(trend);
}

int main(void)
{
    make_bars();
    test_values();
    test_refused();
    test_scale();
    test_figures();
    return done();
}
