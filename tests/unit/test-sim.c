/* The synthetic market has what markets are known for (R. Cont, "Empirical properties of asset returns: stylized facts
 * and statistical issues", Quantitative Finance 1, 2001): no memory in returns, memory in their size, fat tails, a
 * common factor, busy opens and closes. The thresholds leave room for chance; the seeds are fixed. */
#include "base/time.h"
#include "feed/sim_model.h"
#include "tap.h"

#include <math.h>

#define DAYS    2500
#define SYMBOLS 6

static const char *const name[SYMBOLS] = {"AAPL", "MSFT", "KO", "XOM", "BRK.B", "TSLA"};
static double returns[SYMBOLS][DAYS];
static struct sim_candle minute[390], second[SIM_SECONDS];

static double mean(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum / n;
}

/* Correlation of x[lag…] with y[0…]. */
static double correlation(const double *x, const double *y, int n, int lag)
{
    const double mx = mean(x, n), my = mean(y, n);
    double xy = 0, xx = 0, yy = 0;
    for (int i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        if (i >= lag)
            xy += (x[i] - mx) * (y[i - lag] - my);
    }
    return xy / sqrt(xx * yy);
}

static double kurtosis(const double *x, int n)
{
    const double m = mean(x, n);
    double two = 0, four = 0;
    for (int i = 0; i < n; i++) {
        const double d = (x[i] - m) * (x[i] - m);
        two += d;
        four += d * d;
    }
    return n * four / (two * two);
}

static void walk(int k, uint64_t seed, double *close)
{
    struct sim_market market;
    struct sim_symbol symbol;
    sim_market_init(&market, seed);
    sim_symbol_init(&symbol, seed, name[k]);
    for (int i = 0; i < DAYS; i++) {
        const double before = symbol.price;
        sim_market_step(&market, 16437 + i);
        sim_symbol_step(&symbol, &market, 16437 + i, false);
        returns[k][i] = symbol.price / before - 1;
        close[i] = symbol.price;
    }
}

static void check_returns(uint64_t seed)
{
    double close[DAYS], size[DAYS];
    double memory = 0, memory_of_size = 0, tails = 0, common = 0, least = 1e9, most = 0, volatility = 0;
    int pairs = 0;
    for (int k = 0; k < SYMBOLS; k++) {
        walk(k, seed, close);
        double variance = 0;
        for (int i = 0; i < DAYS; i++) {
            size[i] = fabs(returns[k][i]);
            variance += returns[k][i] * returns[k][i] / DAYS;
            least = close[i] < least ? close[i] : least;
            most = close[i] > most ? close[i] : most;
        }
        volatility += sqrt(252 * variance) / SYMBOLS;
        memory += fabs(correlation(returns[k], returns[k], DAYS, 1)) / SYMBOLS;
        for (int lag = 1; lag <= 10; lag++)
            memory_of_size += correlation(size, size, DAYS, lag) / (10 * SYMBOLS);
        tails += kurtosis(returns[k], DAYS) / SYMBOLS;
        for (int other = 0; other < k; other++, pairs++)
            common += correlation(returns[k], returns[other], DAYS, 0);
    }
    printf("# seed %llu: memory %.3f, of size %.3f, kurtosis %.1f, common %.2f, volatility %.2f, prices %.2f to %.2f\n",
           (unsigned long long)seed, memory, memory_of_size, tails, common / pairs, volatility, least, most);
    check(memory < 0.05, "seed %llu: returns have no memory", (unsigned long long)seed);
    check(memory_of_size > 0.05, "seed %llu: volatility clusters", (unsigned long long)seed);
    check(tails > 3.5, "seed %llu: tails are fatter than normal", (unsigned long long)seed);
    check(common / pairs > 0.15 && common / pairs < 0.8, "seed %llu: symbols move together", (unsigned long long)seed);
    check(volatility > 0.15 && volatility < 0.6, "seed %llu: shares' volatility", (unsigned long long)seed);
    check(least >= 0.5 && most < 20000, "seed %llu: prices stay prices", (unsigned long long)seed);
}

static bool candle_holds(const struct sim_candle *c)
{
    return c->low >= 1 && c->low <= c->open && c->low <= c->close && c->high >= c->open && c->high >= c->close &&
           c->volume >= 0;
}

static bool same_candle(const struct sim_candle *a, const struct sim_candle *b)
{
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->volume == b->volume;
}

static void check_path(void)
{
    struct sim_market market;
    struct sim_symbol symbol;
    bool minutes_hold = true, seconds_hold = true, seconds_join = true, closes_agree = true, opens_agree = true;
    double early = 0, midday = 0, late = 0, move_early = 0, move_midday = 0;
    sim_market_init(&market, 1);
    sim_symbol_init(&symbol, 1, "AAPL");
    for (int64_t day = 16437; day < 16437 + 250; day++) {
        sim_market_step(&market, day);
        sim_symbol_step(&symbol, &market, day, false);
        sim_minutes(minute, 390, true, &symbol, &market, day);
        for (int i = 0; i < 390; i++) {
            minutes_hold = minutes_hold && candle_holds(&minute[i]);
            const double move = fabs((double)(minute[i].close - minute[i].open));
            early += i < 30 ? (double)minute[i].volume / 30 : 0;
            midday += i >= 180 && i < 210 ? (double)minute[i].volume / 30 : 0;
            late += i >= 360 ? (double)minute[i].volume / 30 : 0;
            move_early += i < 30 ? move : 0;
            move_midday += i >= 180 && i < 210 ? move : 0;
        }
        const struct sim_candle joined = sim_join(minute, 390);
        closes_agree = closes_agree && joined.close == llround(symbol.price * 100);
        opens_agree = opens_agree && joined.open == llround(symbol.open * 100) && candle_holds(&joined);
        if (day >= 16437 + 10)
            continue;
        for (int i = 0; i < 390; i++) {
            sim_seconds(second, &minute[i], i, &symbol, day);
            for (int k = 0; k < SIM_SECONDS; k++)
                seconds_hold = seconds_hold && candle_holds(&second[k]);
            const struct sim_candle whole = sim_join(second, SIM_SECONDS);
            seconds_join = seconds_join && same_candle(&whole, &minute[i]);
        }
    }
    check(minutes_hold, "in every minute high is highest and low is lowest");
    check(closes_agree && opens_agree, "the minutes begin and end where the day does");
    check(early > 1.5 * midday && late > 1.2 * midday, "volume within the day is U-shaped");
    check(move_early > 1.3 * move_midday, "so is movement");
    check(seconds_hold, "in every second high is highest and low is lowest");
    check(seconds_join, "the seconds of a minute join to the minute");
}

static void check_independence(void)
{
    double first[DAYS], again[DAYS], other[DAYS];
    walk(0, 7, first);
    walk(1, 7, other);
    walk(0, 7, again);
    check(memcmp(first, again, sizeof first) == 0, "the same seed gives the same prices");
    check(memcmp(first, other, sizeof first) != 0, "another symbol has others");
    walk(0, 8, again);
    check(memcmp(first, again, sizeof first) != 0, "another seed gives others");
}

static void check_actions(void)
{
    struct sim_market market;
    struct sim_symbol symbol;
    int splits = 0, dividends = 0;
    bool sane = true;
    for (int k = 0; k < 40; k++) {
        char text[16];
        (void)snprintf(text, sizeof text, "S%d", k);
        sim_market_init(&market, 1);
        sim_symbol_init(&symbol, 1, text);
        for (int64_t day = 0; day < DAYS; day++) {
            const double before = symbol.price;
            sim_market_step(&market, 16437 + day);
            sim_symbol_step(&symbol, &market, 16437 + day, true);
            splits += symbol.split_new > 0;
            dividends += symbol.cash_cents > 0;
            if (symbol.split_new > 0)
                sane = sane && symbol.open < before * 0.6;
            if (symbol.cash_cents > 0)
                sane = sane && (double)symbol.cash_cents < before * 2;
        }
    }
    printf("# 40 symbols over %d days: %d splits, %d dividends\n", DAYS, splits, dividends);
    check(splits >= 3 && splits < 200, "dear shares split");
    check(dividends > 300 && dividends < 40 * (DAYS / 63 + 1), "many pay a dividend each quarter");
    check(sane, "the price falls by what was split or paid");
}

int main(void)
{
    for (uint64_t seed = 1; seed <= 4; seed++)
        check_returns(seed);
    check_path();
    check_independence();
    check_actions();
    return done();
}
