/* The option chain of the made-up market: a surface that allows no arbitrage, for tests and for learning.
 *
 * Under the pricing measure the price at T is F·M·exp(σ√T·Z − σ²T/2), F the forward of the last close. M is 1 − d(T)
 * with probability 0.15 and else what makes its mean 1, d growing as √T: a fall that may come, which makes low strikes
 * dearer (a mixture of lognormals; D. Brigo and F. Mercurio, "Lognormal-mixture dynamics and calibration to market
 * volatility smiles", IJTAF 5(4), 2002). Such prices keep put–call parity, fall and are convex in the strike, and rise
 * with the expiry at the same strike over forward. Options are European, without dividends, on 100 shares; volatility,
 * the fall and the interest are drawn from seed and symbol. Bid and ask are rounded away from the exact price. */
#ifndef TN_FEED_SIM_CHAIN_H
#define TN_FEED_SIM_CHAIN_H

#include "market/calendar.h"

struct sim_chain {
    char underlying[SYMBOL_SIZE];
    double spot;
    int64_t now;
    uint64_t seed;
    const struct calendar *calendar;
};

struct sim_option {
    char symbol[SYMBOL_SIZE]; /* as the Options Clearing Corporation writes it, root at most six letters */
    int64_t expiry;           /* the last session up to the Friday */
    dec strike, bid, ask, last;
    bool call;
    double volume, open_interest;
    /* Per share; theta a calendar day, vega and rho a percentage point. The volatility is Black and Scholes's. */
    double implied_volatility, delta, gamma, theta, vega, rho;
    double rate; /* of interest, a year, continuous */
};

/* Calls `each` with every option: expiries of the next four Fridays and of the third Fridays of six months, strikes
 * around the spot; by expiry, strike, call before put. -1: `each` failed, or a date that the calendar does not know. */
int sim_chain_each(const struct sim_chain *chain,
                   int (*each)(void *context, const struct sim_option *option, struct error *error), void *context,
                   struct error *error);

#endif
