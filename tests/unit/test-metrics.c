/* The metrics. Figures of the curve were computed with python3 (statistics module) from the same formulas as the
 * table's, written independently; the rest by hand, as the comments show. */
#include "tap.h"

#include "base/time.h"
#include "stat/metrics.h"

#include <math.h>

#define DAY(n)   ((int64_t)(n)*TIME_DAY + 21 * TIME_HOUR)
#define MONEY(n) ((dec)((n)*100000000.0))

static struct error error;

static double figure(const struct metrics *metrics, const char *name)
{
    return metric_find(name)->figure(metrics);
}

static bool near(double got, double want)
{
    const bool same = fabs(got - want) <= 1e-12 * fmax(1, fabs(want));
    if (!same)
        printf("# got  %.17g\n# want %.17g\n", got, want);
    return same;
}

/* 100000 + (37 i² mod 1900) × 10 − (i mod 7) × 350 + 120 i, daily, i = 0 … 39, at a risk-free rate of 2 %. */
static void test_curve(void)
{
    struct metrics metrics;
    metrics_init(&metrics, &(struct metrics_options){.sessions = 252, .risk_free = 0.02});
    for (int i = 0; i < 40; i++) {
        const int equity = 100000 + (37 * i * i % 1900) * 10 - i % 7 * 350 + 120 * i;
        check(metrics_equity(&metrics, DAY(i), equity * DEC_ONE, DEC_NONE, &error) == 0, "takes point %d", i);
    }
    check(metrics_finish(&metrics, &error) == 0, "finishes");
    check(near(figure(&metrics, "start_equity"), 100000), "equity at start");
    check(near(figure(&metrics, "end_equity"), 115050), "equity at end");
    check(near(figure(&metrics, "net_profit"), 15050), "net profit");
    check(near(figure(&metrics, "days"), 39), "40 points make 39 daily returns");
    check(near(figure(&metrics, "return"), 0.1505), "return");
    check(near(figure(&metrics, "cagr"), 2.7172917031523056), "CAGR");
    check(near(figure(&metrics, "volatility"), 1.0523536997307747), "volatility");
    check(near(figure(&metrics, "sharpe"), 1.3587354648415297), "Sharpe ratio");
    check(near(figure(&metrics, "sortino"), 2.005501565162336), "Sortino ratio");
    check(near(figure(&metrics, "max_drawdown"), 0.15707853926963478), "maximum drawdown");
    check(near(figure(&metrics, "max_drawdown_days"), 16), "its days, peak on day 16, recovered on day 32");
    check(near(figure(&metrics, "calmar"), 17.298936670705288), "Calmar ratio");
    check(near(figure(&metrics, "var_95"), 0.10086357884419096), "historical VaR, quantile of type 7");
    check(near(figure(&metrics, "cvar_95"), 0.11641968256122143), "CVaR is the mean of the tail");
    check(near(figure(&metrics, "tail_ratio"), 1.037967893640534), "the upper quantile beside the lower one");
    check(near(figure(&metrics, "best_day"), 0.14045499505440162), "best day");
    check(near(figure(&metrics, "worst_day"), -0.11785239361702127), "worst day");
    check(isnan(figure(&metrics, "exposure")), "exposure is undefined where no point knew it");
    metrics_clear(&metrics);
}

/* Pays in 50 000 between two points: 100 → 110 (+10 %), then 160 with 50 paid in is 110 again (0 %), then 176 (+10 %):
 * 1.1 × 1.1 − 1 = 0.21, though money rose by 76. Out again: 176 → 126 after taking 50 is 0 %. */
static void test_flows(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    static const int equity[] = {100, 110, 160, 176, 126};
    static const int flow[] = {0, 0, 50, 0, -50};
    bool taken = true;
    for (int i = 0; i < 5; i++) {
        taken &= metrics_flow(&metrics, flow[i] * DEC_ONE, &error) == 0;
        taken &= metrics_equity(&metrics, DAY(i), equity[i] * DEC_ONE, 0, &error) == 0;
    }
    metrics_fill(&metrics, 134 * DEC_ONE, 0, DEC_NONE);
    metrics_fill(&metrics, 134 * DEC_ONE, 0, DEC_NONE);
    check(taken && metrics_finish(&metrics, &error) == 0, "takes payments");
    check(near(figure(&metrics, "return"), 0.21), "money paid in is no gain");
    check(near(figure(&metrics, "net_profit"), 26), "profit is 126 - 100 - 50 + 50");
    check(near(figure(&metrics, "max_drawdown"), 0), "money taken out is no drawdown");
    check(near(figure(&metrics, "exposure"), 0), "no position is an exposure of 0");
    /* (100 + 110 + 160 + 176 + 126) / 5 = 134.4; 134 / 134.4 in four days */
    check(near(figure(&metrics, "turnover"), 134 / 134.4 * 365.25 / 4), "turnover is of the money there was");
    metrics_clear(&metrics);
}

/* A payment before the gain it earns with. 100, 99 900 paid in, then 101 000: 1 %, not 1000 %. Half taken out, then
 * 50 500 × 0.99: −1 %. All taken out and 1000 paid in again, which become 1010: the gain of the times with money, 1.01
 * × 0.99 × 1.01 − 1. */
static void test_payments_first(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    static const double equity[] = {100, 101000, 49995, 0, 0, 1010};
    static const int flow[] = {0, 99900, -50500, -49995, 0, 1000};
    bool taken = true;
    for (int i = 0; i < 6; i++)
        taken &= metrics_flow(&metrics, flow[i] * DEC_ONE, &error) == 0 &&
                 metrics_equity(&metrics, DAY(i), MONEY(equity[i]), 0, &error) == 0;
    check(taken && metrics_finish(&metrics, &error) == 0, "payments before the session");
    check(near(figure(&metrics, "return"), 1.01 * 0.99 * 1.01 - 1), "return is of the money that was there");
    check(near(figure(&metrics, "best_day"), 0.01) && near(figure(&metrics, "worst_day"), -0.01), "so is each day's");
    check(near(figure(&metrics, "max_drawdown"), 0.01), "an account that is emptied has lost nothing");
    check(near(figure(&metrics, "net_profit"), 1000 - 505 + 10), "profit: 1000 - 505 + 10");
    metrics_clear(&metrics);
}

/* Returns 0.1 and −0.1 in turn, of weeks and of months: deviation 0.1 × sqrt(4 / 3) of four of them. */
static void test_spacing(void)
{
    static const struct {
        int gap; /* days */
        double periods;
    } cases[] = {{1, 252}, {3, 252}, {7, 365.25 / 7}, {28, 365.25 / 28}, {31, 365.25 / 31}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct metrics metrics;
        static const double equity[] = {100, 110, 99, 108.9, 98.01};
        bool taken = true;
        metrics_init(&metrics, NULL);
        for (int i = 0; i < 5; i++)
            taken &= metrics_equity(&metrics, DAY(i * cases[k].gap), MONEY(equity[i]), 0, &error) == 0;
        check(taken && metrics_finish(&metrics, &error) == 0, "points %d days apart", cases[k].gap);
        check(near(figure(&metrics, "volatility"), 0.1 * sqrt(4.0 / 3) * sqrt(cases[k].periods)),
              "are annualised by their own spacing");
        const bool daily = cases[k].periods == 252;
        check(isnan(figure(&metrics, "best_day")) != daily && isnan(figure(&metrics, "days")) != daily,
              "and days are spoken of only where they are days");
        metrics_clear(&metrics);
    }
}

/* Within days: 100, 120 | 90, 99 | 108.9: closes 120, 99, 108.9, base 100; returns 0.2, −0.175, 0.1. The drawdown sees
 * the 90 inside the day: 1 − 90/120 = 0.25, not recovered when the curve ends. */
static void test_intraday(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    static const double equity[] = {100, 120, 90, 99, 108.9};
    static const int hour[] = {15, 21, 24 + 15, 24 + 24, 48 + 15};
    static const double exposure[] = {0, 60, 45, 0, 0};
    bool taken = true;
    for (int i = 0; i < 5; i++)
        taken &= metrics_equity(&metrics, hour[i] * TIME_HOUR, MONEY(equity[i]), MONEY(exposure[i]), &error) == 0;
    check(taken && metrics_finish(&metrics, &error) == 0, "takes several points a day");
    check(near(figure(&metrics, "days"), 3), "three days; midnight belongs to the day that ends");
    check(near(figure(&metrics, "best_day"), 0.2), "the first day starts at the first point");
    check(near(figure(&metrics, "worst_day"), -0.175), "the last point of a day is its close");
    check(near(figure(&metrics, "max_drawdown"), 0.25), "the drawdown looks at every point");
    check(near(figure(&metrics, "max_drawdown_days"), 42.0 / 24), "and lasts to the end when not recovered");
    check(near(figure(&metrics, "exposure"), 0.2), "exposure: mean of 0, 0.5, 0.5, 0, 0");
    check(near(figure(&metrics, "time_in_market"), 0.4), "time in the market: 2 points of 5");
    check(isnan(figure(&metrics, "var_95")), "no VaR from three days");
    metrics_clear(&metrics);
}

/* Trades: +300 (R 100), −100 (R 100), +100 (R none), 0 (R 50), −50 (R 25).
 * wins 2 of 5; profit factor 400/150; expectancy 250/5; payoff 200/75; R: (3 − 1 + 0 − 2)/4 = 0. */
static void test_trades(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    static const int pnl[] = {300, -100, 100, 0, -50}, risk[] = {100, 100, 0, 50, 25};
    bool taken = true;
    for (int i = 0; i < 5; i++)
        metrics_trade(&metrics,
                      &(struct metrics_trade){DAY(i), DAY(i + 2), pnl[i] * DEC_ONE,
                                              risk[i] == 0 ? DEC_NONE : risk[i] * DEC_ONE, DEC_NONE, DEC_NONE});
    metrics_fill(&metrics, 1000 * DEC_ONE, DEC_ONE, DEC_NONE);
    metrics_fill(&metrics, 1000 * DEC_ONE, DEC_ONE / 2, DEC_ONE / 4);
    taken &= metrics_equity(&metrics, 0, 1000 * DEC_ONE, DEC_NONE, &error) == 0;
    taken &= metrics_equity(&metrics, 36525 * (TIME_DAY / 100) * 2, 1000 * DEC_ONE, DEC_NONE, &error) == 0;
    check(taken && metrics_finish(&metrics, &error) == 0, "takes trades and fills");
    check(near(figure(&metrics, "trades"), 5), "trades");
    check(near(figure(&metrics, "win_rate"), 0.4), "a trade of 0 is no win");
    check(near(figure(&metrics, "profit_factor"), 400.0 / 150), "profit factor");
    check(near(figure(&metrics, "expectancy"), 50), "expectancy in money");
    check(near(figure(&metrics, "expectancy_r"), 0), "expectancy in R leaves out trades without a stop");
    check(near(figure(&metrics, "payoff"), 200.0 / 75), "payoff");
    check(near(figure(&metrics, "holding_days"), 2), "holding time");
    check(near(figure(&metrics, "turnover"), 0.5), "turnover: 2000 / 2 / 1000 in two years");
    check(near(figure(&metrics, "commission"), 1.5), "commission");
    check(near(figure(&metrics, "slippage"), 0.25), "slippage where known");
    check(near(figure(&metrics, "costs"), 1.75), "costs");
    metrics_clear(&metrics);
}

/* Ten trades of the same 0.1 R: 10 x 0.01 less the square of the sum over 10 is no 0 in doubles, and no deviation. */
static void test_same_trades(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    for (int i = 0; i < 10; i++)
        metrics_trade(&metrics, &(struct metrics_trade){DAY(i), DAY(i + 1), DEC_ONE / 10, DEC_ONE, DEC_NONE, DEC_NONE});
    check(metrics_finish(&metrics, &error) == 0 && near(figure(&metrics, "expectancy_r"), 0.1), "ten times 0.1 R");
    check(isnan(figure(&metrics, "sqn")), "a quality of trades that do not differ is none, not 10^8");
    check(isnan(figure(&metrics, "expectancy_error")), "nor is there an error of their mean");
    metrics_clear(&metrics);
}

static void test_undefined(void)
{
    static const char *const zero[] = {"returns", "days", "trades", "commission", "costs"};
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    check(metrics_finish(&metrics, &error) == 0, "a run without anything finishes");
    for (int i = 0; i < metric_count; i++) {
        bool counts = false;
        for (size_t k = 0; k < sizeof zero / sizeof *zero; k++)
            counts |= strcmp(zero[k], metric_table[i].name) == 0;
        const double figure = metric_table[i].figure(&metrics);
        check(counts ? figure == 0 : isnan(figure), "%s of nothing is %s", metric_table[i].name,
              counts ? "0" : "undefined");
    }
    metrics_clear(&metrics);

    metrics_init(&metrics, NULL);
    bool taken = true;
    for (int i = 0; i < 30; i++)
        taken &= metrics_equity(&metrics, DAY(i), 1000 * DEC_ONE, 0, &error) == 0;
    metrics_trade(&metrics, &(struct metrics_trade){DAY(1), DAY(2), DEC_ONE, DEC_NONE, DEC_NONE, DEC_NONE});
    check(taken && metrics_finish(&metrics, &error) == 0, "a flat curve finishes");
    check(figure(&metrics, "return") == 0 && figure(&metrics, "volatility") == 0, "flat: return 0");
    check(isnan(figure(&metrics, "sharpe")) && isnan(figure(&metrics, "sortino")),
          "Sharpe and Sortino of a flat curve are undefined, not infinite");
    check(isnan(figure(&metrics, "calmar")), "Calmar without a drawdown is undefined");
    check(isnan(figure(&metrics, "profit_factor")) && isnan(figure(&metrics, "payoff")),
          "profit factor and payoff without a loss are undefined");
    struct buf out;
    buf_init(&out, 65536);
    metrics_json(&metrics, &out);
    check(buf_check(&out, &error) == 0 && strstr(out.p, "\"sharpe\":null") != NULL, "undefined is null in JSON");
    check(strstr(out.p, "inf") == NULL && strstr(out.p, "nan") == NULL && strstr(out.p, ":-0") == NULL,
          "no infinity, no NaN, no -0 in JSON");
    check(strncmp(out.p, "{\"start_equity\":1000,\"end_equity\":1000,", 39) == 0, "names in the table's order");
    buf_clear(&out);
    metrics_clear(&metrics);

    /* 100, 0, 50: after the money is gone there are no returns. */
    metrics_init(&metrics, NULL);
    taken = metrics_equity(&metrics, DAY(0), 100 * DEC_ONE, 0, &error) == 0 &&
            metrics_equity(&metrics, DAY(1), 0, 0, &error) == 0 &&
            metrics_equity(&metrics, DAY(2), 50 * DEC_ONE, 0, &error) == 0;
    check(taken && metrics_finish(&metrics, &error) == 0, "a ruined account finishes");
    check(near(figure(&metrics, "return"), -1), "all of it was lost, whatever came after");
    check(isnan(figure(&metrics, "best_day")), "returns after ruin are undefined");
    check(near(figure(&metrics, "max_drawdown"), 1), "its drawdown is all of it");
    metrics_clear(&metrics);
}

static void test_order(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    check(metrics_equity(&metrics, DAY(1), DEC_ONE, 0, &error) == 0, "first point");
    check(metrics_equity(&metrics, DAY(0), DEC_ONE, 0, &error) == -1 && error.code == EXIT_INPUT,
          "a point before the last one is refused");
    check_text(error.text, "equity point of 1970-01-01T21:00:00Z comes after that of 1970-01-02T21:00:00Z",
               "and says which");
    error_clear(&error);
    metrics_clear(&metrics);
}

/* Sums may pass 92.2e9, what one decimal holds: 3 fills of 60e9 with 5e9 of costs and 1e9 of slippage each on equity of
 * 90e9 over two years of 365.25 days, trades of +60e9, +60e9, +60e9 and −45e9, −75e9. */
static void test_large(void)
{
    struct metrics metrics;
    metrics_init(&metrics, NULL);
    const dec milliard = 1000000000 * DEC_ONE;
    static const int pnl[] = {60, 60, 60, -45, -75};
    for (int i = 0; i < 3; i++)
        metrics_fill(&metrics, 60 * milliard, 45 * milliard, milliard);
    for (int i = 0; i < 5; i++)
        metrics_trade(&metrics,
                      &(struct metrics_trade){DAY(i), DAY(i + 1), pnl[i] * milliard, DEC_NONE, DEC_NONE, DEC_NONE});
    check(metrics_equity(&metrics, 0, 90 * milliard, 0, &error) == 0 &&
              metrics_equity(&metrics, 36525 * (TIME_DAY / 100) * 2, 90 * milliard, 0, &error) == 0 &&
              metrics_finish(&metrics, &error) == 0,
          "takes what adds up to more than a decimal holds");
    check(near(figure(&metrics, "turnover"), 0.5), "turnover: 180e9 / 2 / 90e9 in two years");
    check(near(figure(&metrics, "commission"), 135e9), "commission: 3 x 45e9");
    check(near(figure(&metrics, "costs"), 138e9), "costs: and 3 x 1e9 of slippage");
    check(near(figure(&metrics, "profit_factor"), 1.5), "profit factor: 180e9 / 120e9");
    check(near(figure(&metrics, "expectancy"), 12e9), "expectancy: 60e9 / 5");
    check(near(figure(&metrics, "payoff"), 1), "payoff: 60e9 / 60e9");
    metrics_clear(&metrics);
}

/* Two points of one day apart, +1 %: what needs two returns, or is reckoned a year, is not known yet. */
static void test_one_day(void)
{
    static const char *const unknown[] = {"cagr", "volatility", "sharpe", "sortino", "calmar", "turnover", "var_95"};
    struct metrics metrics;
    metrics_init(&metrics, &(struct metrics_options){.sessions = 252, .risk_free = 0.02});
    metrics_fill(&metrics, 50 * DEC_ONE, DEC_ONE, DEC_NONE);
    check(metrics_equity(&metrics, DAY(0), 100 * DEC_ONE, 0, &error) == 0 &&
              metrics_equity(&metrics, DAY(1), 101 * DEC_ONE, 50 * DEC_ONE, &error) == 0 &&
              metrics_finish(&metrics, &error) == 0,
          "takes one day");
    check(near(figure(&metrics, "return"), 0.01) && figure(&metrics, "days") == 1, "a gain in a day");
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        check(isnan(figure(&metrics, unknown[i])), "%s of one day is undefined", unknown[i]);
    metrics_clear(&metrics);
}

/* Days of New York. Friday 2024-01-19 closes at 16:00 (21:00Z) and trades on until 20:00 (01:00Z of Saturday); Monday
 * the same: 100 | 110, 99 | 108.9, 108.9: two days, −1 % and +10 %. In UTC each evening would be a day. */
static void test_zone(void)
{
    struct zone *zone = zone_open("America/New_York", &error);
    struct metrics metrics;
    metrics_init(&metrics, &(struct metrics_options){.sessions = 252, .zone = zone});
    static const double equity[] = {100, 110, 99, 105, 108.9};
    static const char *const time[] = {"2024-01-18T21:00:00Z", "2024-01-19T21:00:00Z", "2024-01-20T01:00:00Z",
                                       "2024-01-22T21:00:00Z", "2024-01-23T05:00:00Z"};
    bool taken = zone != NULL;
    for (int i = 0; i < 5; i++) {
        int64_t at = 0;
        taken &= time_parse(&at, time[i], strlen(time[i]), &error) == 0;
        taken &= metrics_equity(&metrics, at, MONEY(equity[i]), 0, &error) == 0;
    }
    check(taken && metrics_finish(&metrics, &error) == 0, "takes evenings in New York");
    check(near(figure(&metrics, "days"), 2), "an evening is of its trading day, and so is midnight");
    check(near(figure(&metrics, "worst_day"), -0.01) && near(figure(&metrics, "best_day"), 0.1), "from close to close");
    metrics_clear(&metrics);
    zone_free(zone);
}

static bool same(const struct metrics *a, const struct metrics *b)
{
    struct metrics left = *a, right = *b;
    left.daily = right.daily = NULL;
    left.capacity = right.capacity = 0;
    return memcmp(&left, &right, sizeof left) == 0 && memcmp(a->daily, b->daily, a->days * sizeof *a->daily) == 0;
}

/* Points every 20 minutes, of days, deposits, flat stretches and falls: in columns they are what they are singly. */
static void test_columns(void)
{
    enum { POINTS = 5000, LIST = 64 };
    static int64_t time[POINTS];
    static dec equity[POINTS], exposure[POINTS];
    struct metrics one, lists;
    metrics_init(&one, NULL);
    metrics_init(&lists, NULL);
    for (int i = 0; i < POINTS; i++) {
        const bool flat = i % 300 > 220;
        time[i] = (i + 1) * (TIME_HOUR / 3);
        equity[i] = flat ? equity[i - 1] : MONEY(90000 + 37 * (i % 1000) * (i % 997) % 19000 - i % 11 * 900);
        exposure[i] = flat ? 0 : i % 700 == 3 ? DEC_NONE : MONEY(50 * (i % 900));
    }
    int wrong = 0, repeats = 0;
    for (int i = 0, size = 1; i < POINTS; i += size, size = size * 7 % (LIST + 1)) {
        const int count = size < POINTS - i ? size : POINTS - i;
        const dec paid = i % 9 == 1 ? MONEY(1000) : 0;
        wrong += metrics_flow(&one, paid, &error) != 0 || metrics_flow(&lists, paid, &error) != 0;
        for (int k = i; k < i + count; k++)
            wrong += metrics_equity(&one, time[k], equity[k], exposure[k], &error) != 0;
        wrong += metrics_curve(&lists, &time[i], &equity[i], &exposure[i], (size_t)count, &error) != 0;
        wrong += !same(&one, &lists);
    }
    check(wrong == 0 && one.points == POINTS, "columns of points are their points one by one");
    metrics_clear(&one);
    metrics_clear(&lists);

    metrics_init(&one, NULL);
    metrics_init(&lists, NULL);
    for (int i = 0; i < POINTS; i += 10) {
        const dec paid = i > POINTS / 2 && i % 70 == 0 ? MONEY(777.77) : 0; /* from here on points are scaled */
        wrong += metrics_flow(&one, paid, &error) != 0 || metrics_flow(&lists, paid, &error) != 0;
        wrong += metrics_equity(&one, time[i], equity[i], 0, &error) != 0;
        wrong += metrics_equity(&lists, time[i], equity[i], 0, &error) != 0;
        for (int k = 1; k < 10; k++)
            wrong += metrics_equity(&one, time[i + k], equity[i], 0, &error) != 0;
        const bool repeated = metrics_repeat(&lists, 9, time[i + 9]);
        repeats += repeated;
        for (int k = 1; !repeated && k < 10; k++)
            wrong += metrics_equity(&lists, time[i + k], equity[i], 0, &error) != 0;
        wrong += !same(&one, &lists);
    }
    check(wrong == 0 && repeats > 200, "%d times a point repeated is its points one by one", repeats);
    const dec back[] = {DEC_ONE, DEC_ONE};
    const int64_t early[] = {time[POINTS - 1] + 1, time[0]};
    check(metrics_curve(&lists, early, back, back, 2, &error) == -1 && error.code == EXIT_INPUT,
          "a column that goes back in time is refused");
    error_clear(&error);
    metrics_clear(&one);
    metrics_clear(&lists);
}

int main(void)
{
    test_curve();
    test_flows();
    test_payments_first();
    test_spacing();
    test_intraday();
    test_trades();
    test_same_trades();
    test_undefined();
    test_order();
    test_large();
    test_one_day();
    test_zone();
    test_columns();
    return done();
}
