/* The synthetic market: one step a day for the market factor and each symbol, and the path within a day. */
#include "feed/sim_model.h"

#include "base/hash.h"
#include "base/random.h"

#include <math.h>

#define GARCH_ALPHA     0.08
#define GARCH_BETA      0.90
#define NIGHT_SHARE     0.25 /* of a day's variance */
#define MARKET_VARIANCE (0.0085 * 0.0085)

enum purpose { FOR_MARKET, FOR_MARKET_PATH, FOR_SYMBOL, FOR_NATURE, FOR_PATH, FOR_SECONDS };

/* A generator of its own for everything that must not depend on anything else. */
static void generator(struct random *random, enum purpose purpose, uint64_t seed, uint64_t name, int64_t date)
{
    const uint64_t key[] = {(uint64_t)purpose, seed, name, (uint64_t)date};
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 4; i++) { /* the finaliser of MurmurHash3, over each word */
        hash ^= key[i];
        hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
        hash = (hash ^ (hash >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
        hash ^= hash >> 33;
    }
    random_init(random, hash);
}

/* A sum of twelve uniform numbers: normal enough, without a logarithm. Mean 0, variance 1. */
static double bell(struct random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += random_uniform(random);
    return sum;
}

/* The same from the four quarters of one 64-bit number, for the many steps within a day. */
static double small_bell(struct random *random)
{
    const uint64_t bits = random_next(random);
    const int64_t sum = (int64_t)(bits & 0xffff) + (int64_t)(bits >> 16 & 0xffff) + (int64_t)(bits >> 32 & 0xffff) +
                        (int64_t)(bits >> 48);
    return (double)(sum - 131070) / 37837.5; /* 65536 × sqrt(4 ÷ 12) */
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static void garch_step(struct sim_garch *garch, double shock)
{
    garch->variance =
        (1 - GARCH_ALPHA - GARCH_BETA) * garch->long_run + GARCH_ALPHA * shock * shock + GARCH_BETA * garch->variance;
    garch->variance = clamp(garch->variance, garch->long_run / 20, garch->long_run * 20);
}

void sim_market_init(struct sim_market *market, uint64_t seed)
{
    *market = (struct sim_market){.seed = seed, .garch = {MARKET_VARIANCE, MARKET_VARIANCE}};
}

void sim_market_step(struct sim_market *market, int64_t date)
{
    struct random random;
    generator(&random, FOR_MARKET, market->seed, 0, date);
    const double turn = random_uniform(&random);
    market->stressed = market->stressed ? turn >= 0.04 : turn < 0.008;
    const double level = market->stressed ? 2.5 : 0.85, drift = market->stressed ? -0.0008 : 0.0007;
    const double night = bell(&random), session = bell(&random);
    const double variance = level * market->garch.variance;
    market->variance = (1 - NIGHT_SHARE) * variance;
    market->gap = clamp(sqrt(NIGHT_SHARE * variance) * night, -0.10, 0.10);
    market->day = clamp(drift + sqrt(market->variance) * session, -0.12, 0.12);
    garch_step(&market->garch,
               sqrt(market->garch.variance) * (sqrt(NIGHT_SHARE) * night + sqrt(1 - NIGHT_SHARE) * session));
}

void sim_symbol_init(struct sim_symbol *symbol, uint64_t seed, const char *name)
{
    struct random random;
    *symbol = (struct sim_symbol){.seed = seed, .name = hash_fnv1a(name, strlen(name))};
    generator(&random, FOR_NATURE, seed, symbol->name, 0);
    symbol->beta = 0.5 + 1.1 * random_uniform(&random);
    const double own = 0.008 + 0.012 * random_uniform(&random); /* own daily volatility */
    symbol->garch = (struct sim_garch){own * own, own * own};
    const double price = random_uniform(&random), size = random_uniform(&random);
    symbol->price = (double)(int64_t)(100 * (15 + 185 * price * price)) / 100;
    symbol->base_volume = 2e5 + 4e7 * size * size * size;
    symbol->dividend_yield = random_uniform(&random) < 0.6 ? 0.002 + 0.006 * random_uniform(&random) : 0;
    symbol->dividend_phase = (int64_t)random_below(&random, 63);
}

/* What happens to the shares before the open: a split of what has become dear, or a dividend each quarter. */
static double act(struct sim_symbol *symbol)
{
    if (symbol->price >= 300) {
        symbol->split_new = symbol->price >= 600 ? 5 : symbol->price >= 400 ? 4 : 3;
        symbol->base_volume *= (double)symbol->split_new;
        return symbol->price / (double)symbol->split_new;
    }
    if (symbol->dividend_yield > 0 && symbol->days % 63 == symbol->dividend_phase) {
        symbol->cash_cents = (int64_t)(100 * symbol->price * symbol->dividend_yield + 0.5);
        return symbol->price - (double)symbol->cash_cents / 100;
    }
    return symbol->price;
}

void sim_symbol_step(struct sim_symbol *symbol, const struct sim_market *market, int64_t date, bool actions)
{
    struct random random;
    generator(&random, FOR_SYMBOL, symbol->seed, symbol->name, date);
    symbol->split_new = symbol->cash_cents = 0;
    const double before = actions ? act(symbol) : symbol->price;
    const double night = bell(&random), session = bell(&random);
    const double jump = random_uniform(&random) < 0.015 ? 0.035 * bell(&random) : 0;
    const double variance = symbol->garch.variance;
    symbol->variance = (1 - NIGHT_SHARE) * variance;
    const double gap = symbol->beta * market->gap + sqrt(NIGHT_SHARE * variance) * night + jump;
    /* Penny shares are pulled up: the tick would be all that is left of their prices. */
    const double pull = before < 3 ? 0.004 : 0.0001;
    const double day = symbol->beta * market->day + sqrt(symbol->variance) * session + pull;
    symbol->open = before * (1 + clamp(gap, -0.25, 0.25));
    symbol->close = symbol->open * (1 + clamp(day, -0.25, 0.25));
    /* The close is what the minutes will round it to, so that a step does not need them. */
    symbol->price = (double)llround(symbol->close * 100) / 100;
    if (symbol->price < 0.01)
        symbol->price = 0.01;
    const double size = fabs(night) * 0.3 + fabs(session) * 0.5 + (jump != 0 ? 1.5 : 0) + (market->stressed ? 0.5 : 0);
    symbol->volume = symbol->base_volume * (0.5 + 0.5 * random_uniform(&random)) * (0.6 + size);
    garch_step(&symbol->garch, sqrt(variance) * (sqrt(NIGHT_SHARE) * night + sqrt(1 - NIGHT_SHARE) * session));
    symbol->days++;
}

/* The share of a minute in variance and volume: high at the open, lower at the close, lowest at midday. */
static double weight_of(int index, int count, bool u_shaped)
{
    if (!u_shaped)
        return 1;
    const double x = ((double)index + 0.5) / (double)count, early = (1 - x) * (1 - x), late = x * x;
    return 0.45 + 2.2 * early * early * early + 1.5 * late * late * late;
}

static int64_t cents(double price)
{
    const int64_t rounded = llround(price * 100);
    return rounded < 1 ? 1 : rounded;
}

void sim_minutes(struct sim_candle *minute, int count, bool u_shaped, const struct sim_symbol *symbol,
                 const struct sim_market *market, int64_t date)
{
    double path[SIM_MINUTES_MAX], share[SIM_MINUTES_MAX], total = 0, walked = 0;
    struct random random, common;
    generator(&random, FOR_PATH, symbol->seed, symbol->name, date);
    generator(&common, FOR_MARKET_PATH, market->seed, 0, date);
    for (int i = 0; i < count; i++) {
        share[i] = weight_of(i, count, u_shaped);
        total += share[i];
    }
    const double own = sqrt(symbol->variance / total), with_market = symbol->beta * sqrt(market->variance / total);
    for (int i = 0; i < count; i++) {
        const double root = sqrt(share[i]);
        walked += root * (own * small_bell(&random) + with_market * small_bell(&common));
        path[i] = walked;
    }
    const double rise = symbol->close / symbol->open - 1;
    const double step = sqrt((symbol->variance + symbol->beta * symbol->beta * market->variance) / total);
    double done = 0;
    int64_t last = cents(symbol->open);
    for (int i = 0; i < count; i++) {
        done += share[i] / total;
        /* The bridge: the walk less the straight way to its end, plus the way to the close. */
        const double price = symbol->open * (1 + clamp(path[i] + done * (rise - walked), -0.6, 0.6));
        struct sim_candle *candle = &minute[i];
        candle->open = last;
        candle->close = i == count - 1 ? cents(symbol->close) : cents(price);
        const int64_t upper = candle->open > candle->close ? candle->open : candle->close;
        const int64_t lower = candle->open > candle->close ? candle->close : candle->open;
        const double reach = symbol->open * step * sqrt(share[i]) * 100;
        candle->high = upper + (int64_t)(reach * random_uniform(&random));
        candle->low = lower - (int64_t)(reach * random_uniform(&random));
        if (candle->low < 1)
            candle->low = 1;
        candle->volume = 1 + (int64_t)(symbol->volume * share[i] / total * (0.4 + 1.2 * random_uniform(&random)));
        last = candle->close;
    }
}

struct sim_candle sim_join(const struct sim_candle *candle, int count)
{
    struct sim_candle joined = candle[0];
    for (int i = 1; i < count; i++) {
        if (candle[i].high > joined.high)
            joined.high = candle[i].high;
        if (candle[i].low < joined.low)
            joined.low = candle[i].low;
        joined.volume += candle[i].volume;
    }
    joined.close = candle[count - 1].close;
    return joined;
}

void sim_seconds(struct sim_candle second[static SIM_SECONDS], const struct sim_candle *minute, int index,
                 const struct sim_symbol *symbol, int64_t date)
{
    struct random random;
    generator(&random, FOR_SECONDS, symbol->seed, symbol->name, date * SIM_MINUTES_MAX + index);
    /* The way goes over two marks, the high and the low, in either order, straight but for some noise. */
    int first = (int)random_below(&random, SIM_SECONDS - 1);
    int then = first + 1 + (int)random_below(&random, (uint64_t)(SIM_SECONDS - 1 - first));
    const bool high_first = random_next(&random) >> 63 != 0;
    const int64_t mark[4] = {minute->open, high_first ? minute->high : minute->low,
                             high_first ? minute->low : minute->high, minute->close};
    const int at[4] = {-1, first, then, SIM_SECONDS - 1};
    int64_t last = minute->open, left = minute->volume;
    for (int i = 0; i < SIM_SECONDS; i++) {
        const int leg = i <= first ? 0 : i <= then ? 1 : 2;
        const double way = at[leg + 1] == at[leg] ? 1 : (double)(i - at[leg]) / (double)(at[leg + 1] - at[leg]);
        const double noise = small_bell(&random) * 0.1 * (double)(minute->high - minute->low);
        int64_t price = llround((double)mark[leg] + way * (double)(mark[leg + 1] - mark[leg]) + noise);
        if (i == SIM_SECONDS - 1)
            price = minute->close;
        price = price > minute->high ? minute->high : price < minute->low ? minute->low : price;
        int64_t high = price > last ? price : last, low = price > last ? last : price;
        if (i == first || i == then) {
            const int64_t touched = mark[i == first ? 1 : 2];
            high = touched > high ? touched : high;
            low = touched < low ? touched : low;
        }
        const int64_t traded = i == SIM_SECONDS - 1
                                   ? left
                                   : (int64_t)((double)left / (double)(SIM_SECONDS - i) * 2 * random_uniform(&random));
        second[i] = (struct sim_candle){last, high, low, price, traded};
        left -= traded;
        last = price;
    }
}
