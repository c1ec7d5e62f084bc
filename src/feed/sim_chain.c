/* Prices, greeks and expiries of made-up options. */
#include "feed/sim_chain.h"

#include "base/hash.h"
#include "base/math.h"
#include "base/random.h"
#include "stat/normal.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALL_PROBABILITY 0.15
#define YEAR             (365.0 * (double)TIME_DAY)
#define EXPIRIES_MAX     16
#define STRIKES_SIDE     12 /* below the spot, and above it */

struct surface {
    double spot, rate, volatility, fall; /* of a year; `fall` is d(T)/√T */
};

/* One lognormal part of the price at T. */
struct part {
    double weight, forward, volatility;
};

struct greeks {
    double price, delta, gamma, vega, theta, rho;
};

static double density(double z)
{
    return math_exp(-z * z / 2) * 0.39894228040143267794;
}

static void parts_at(const struct surface *surface, double years, struct part part[static 2])
{
    const double forward = surface->spot * math_exp(surface->rate * years);
    double fall = surface->fall * sqrt(years);
    if (fall > 0.6) /* from there on it stays: convex order still holds */
        fall = 0.6;
    part[0] = (struct part){FALL_PROBABILITY, forward * (1 - fall), surface->volatility};
    part[1] = (struct part){1 - FALL_PROBABILITY, forward * (1 + fall * FALL_PROBABILITY / (1 - FALL_PROBABILITY)),
                            surface->volatility};
}

/* Black's formula (J. Hull, "Options, Futures, and Other Derivatives", 10th ed., 18.8), before the discount. */
static double black(double forward, double strike, double deviation, bool call)
{
    const double d1 = math_log(forward / strike) / deviation + deviation / 2, d2 = d1 - deviation;
    return call ? forward * normal_probability(d1) - strike * normal_probability(d2)
                : strike * normal_probability(-d2) - forward * normal_probability(-d1);
}

static double mixture(const struct surface *surface, double years, double strike, bool call)
{
    struct part part[2];
    double sum = 0;
    parts_at(surface, years, part);
    for (int i = 0; i < 2; i++)
        sum += part[i].weight * black(part[i].forward, strike, part[i].volatility * sqrt(years), call);
    return sum * math_exp(-surface->rate * years);
}

/* Delta, gamma and vega by the formulas of each part; theta and rho as what a day less and a point more would change.
 */
static struct greeks price_of(const struct surface *surface, double years, double strike, bool call)
{
    struct part part[2];
    struct greeks g = {.price = mixture(surface, years, strike, call)};
    const double discount = math_exp(-surface->rate * years), day = 1.0 / 365;
    parts_at(surface, years, part);
    for (int i = 0; i < 2; i++) {
        const double deviation = part[i].volatility * sqrt(years), share = part[i].forward / surface->spot;
        const double d1 = math_log(part[i].forward / strike) / deviation + deviation / 2;
        const double weight = part[i].weight * discount;
        g.delta += weight * share * (normal_probability(d1) - (call ? 0 : 1));
        g.gamma += weight * share * density(d1) / (surface->spot * deviation);
        g.vega += weight * part[i].forward * density(d1) * sqrt(years) / 100;
    }
    struct surface other = *surface;
    other.rate += 0.0001;
    g.rho = (mixture(&other, years, strike, call) - g.price) * 100;
    g.theta = years > 2 * day ? mixture(surface, years - day, strike, call) - g.price : NAN;
    return g;
}

/* The volatility at which Black and Scholes give this price, by halving: NaN where none does. */
static double implied(const struct surface *surface, double years, double strike, bool call, double price)
{
    const double discount = math_exp(-surface->rate * years), forward = surface->spot / discount;
    double low = 1e-4, high = 8;
    if (!(price > discount * black(forward, strike, low * sqrt(years), call) + 1e-9) ||
        !(price < discount * black(forward, strike, high * sqrt(years), call)))
        return NAN;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        *(discount * black(forward, strike, middle * sqrt(years), call) < price ? &low : &high) = middle;
    }
    return low;
}

static struct surface surface_of(const struct sim_chain *chain)
{
    struct random random;
    random_init(&random, chain->seed ^ hash_fnv1a(chain->underlying, strlen(chain->underlying)) ^ UINT64_C(0x6368));
    struct surface surface = {.spot = chain->spot};
    surface.volatility = 0.15 + 0.25 * random_uniform(&random);
    surface.fall = 0.15 + 0.3 * random_uniform(&random);
    surface.rate = 0.02 + 0.03 * random_uniform(&random);
    return surface;
}

/* The last session up to a Friday, added when it is later than all before and not over. */
static int add_expiry(const struct sim_chain *chain, int64_t friday, int64_t *list, int *count, struct error *error)
{
    struct session session;
    if (*count == EXPIRIES_MAX)
        return 0;
    if (calendar_previous(chain->calendar, friday + 1, &session, error) != 0)
        return -1;
    if (session.close > chain->now + TIME_DAY / 2 && (*count == 0 || session.date > list[*count - 1]))
        list[(*count)++] = session.date;
    return 0;
}

static int find_expiries(const struct sim_chain *chain, int64_t *list, int *count, struct error *error)
{
    const int64_t today = calendar_date(chain->calendar, chain->now);
    const int64_t friday = today + (5 - date_weekday(today) + 7) % 7;
    *count = 0;
    for (int64_t week = 0; week < 5 && *count < 4; week++)
        if (add_expiry(chain, friday + 7 * week, list, count, error) != 0)
            return -1;
    struct date month = date_from_days(today);
    for (int i = 0; i < 6; i++) {
        const int64_t first = date_to_days((struct date){month.year, month.month, 1});
        if (add_expiry(chain, first + (5 - date_weekday(first) + 7) % 7 + 14, list, count, error) != 0)
            return -1;
        month.year += month.month == 12;
        month.month = month.month % 12 + 1;
    }
    return 0;
}

/* As exchanges space them. */
static double step_of(double spot)
{
    static const struct {
        double below, step;
    } table[] = {{5, 0.25}, {25, 0.5}, {50, 1}, {200, 2.5}, {500, 5}, {2000, 10}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (spot < table[i].below)
            return table[i].step;
    return 0.01 * math_pow(10, floor(math_log10(spot)));
}

static dec rounded(double price, bool up)
{
    const double tick = price < 3 ? 0.01 : 0.05, units = up ? ceil(price / tick - 1e-9) : floor(price / tick + 1e-9);
    return units <= 0 ? 0 : (dec)llround(units * tick * (double)DEC_ONE);
}

static void name_of(const struct sim_chain *chain, struct sim_option *option)
{
    char root[7] = "";
    const struct date date = date_from_days(option->expiry);
    size_t n = 0;
    for (const char *p = chain->underlying; *p != '\0' && n < 6; p++)
        if (isalnum((unsigned char)*p))
            root[n++] = (char)toupper((unsigned char)*p);
    (void)snprintf(option->symbol, sizeof option->symbol, "%s%02d%02d%02d%c%08lld", root, date.year % 100, date.month,
                   date.day, option->call ? 'C' : 'P', (long long)(option->strike / (DEC_ONE / 1000) % 100000000));
}

static void fill_option(const struct sim_chain *chain, const struct surface *surface, double years,
                        struct sim_option *option)
{
    struct random random;
    const double strike = (double)option->strike / (double)DEC_ONE;
    const struct greeks g = price_of(surface, years, strike, option->call);
    name_of(chain, option);
    random_init(&random, chain->seed ^ hash_fnv1a(option->symbol, strlen(option->symbol)));
    const double half = 0.01 + 0.01 * g.price * (0.5 + random_uniform(&random));
    const double far = fabs(math_log(strike / surface->spot)) / (surface->volatility * sqrt(years));
    option->bid = rounded(g.price - half, false);
    option->ask = rounded(g.price + half, true);
    option->last = rounded(g.price, false);
    option->open_interest = floor(10000 * math_exp(-far * far / 2) * (0.2 + random_uniform(&random)));
    option->volume = floor(option->open_interest * 0.3 * random_uniform(&random));
    option->implied_volatility = implied(surface, years, strike, option->call, g.price);
    option->delta = g.delta;
    option->gamma = g.gamma;
    option->theta = g.theta;
    option->vega = g.vega;
    option->rho = g.rho;
    option->rate = surface->rate;
}

static int each_strike(const struct sim_chain *chain, const struct surface *surface, int64_t expiry,
                       int (*each)(void *context, const struct sim_option *option, struct error *error), void *context,
                       struct error *error)
{
    struct session session;
    if (calendar_session(chain->calendar, expiry, &session, error) < 0)
        return -1;
    const double years = (double)(session.close - chain->now) / YEAR, step = step_of(chain->spot);
    const double middle = floor(chain->spot / step + 0.5);
    for (int i = -STRIKES_SIDE; i <= STRIKES_SIDE; i++)
        for (int put = 0; put < 2 && middle + i > 0; put++) {
            struct sim_option option = {.expiry = expiry, .call = put == 0};
            option.strike = (dec)llround((middle + i) * step * (double)DEC_ONE);
            fill_option(chain, surface, years, &option);
            if (each(context, &option, error) != 0)
                return -1;
        }
    return 0;
}

int sim_chain_each(const struct sim_chain *chain,
                   int (*each)(void *context, const struct sim_option *option, struct error *error), void *context,
                   struct error *error)
{
    int64_t expiry[EXPIRIES_MAX];
    int count;
    const struct surface surface = surface_of(chain);
    if (find_expiries(chain, expiry, &count, error) != 0)
        return -1;
    for (int i = 0; i < count; i++)
        if (each_strike(chain, &surface, expiry[i], each, context, error) != 0)
            return -1;
    return 0;
}
