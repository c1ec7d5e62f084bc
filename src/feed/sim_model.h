/* The synthetic market behind the feed "sim": arithmetic on doubles that IEEE 754 fixes to the last bit (+ − × ÷ √) and
 * nothing from libm, so that a seed gives the same prices on every machine.
 *
 * A day's return is that of one market factor times the symbol's beta plus the symbol's own. Both follow GARCH(1,1)
 * (T. Bollerslev, "Generalized autoregressive conditional heteroskedasticity", J. of Econometrics 31, 1986), the market
 * also switches between a calm and a stressed regime by a Markov chain (J. Hamilton, Econometrica 57, 1989). A quarter
 * of the variance falls into the night, where a symbol also jumps now and then; the rest of the day is a Brownian
 * bridge from open to close whose variance and volume are U-shaped. Random numbers come from a generator of their own
 * for each seed, symbol and day, so that no symbol and no day depends on what else is asked for. */
#ifndef TN_FEED_SIM_MODEL_H
#define TN_FEED_SIM_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_MINUTES_MAX 1440
#define SIM_SECONDS     60

/* GARCH(1,1) of daily returns. */
struct sim_garch {
    double long_run; /* variance it returns to */
    double variance; /* of the coming day */
};

struct sim_market {
    uint64_t seed;
    struct sim_garch garch;
    bool stressed;
    /* of the day stepped to */
    double gap, day; /* returns of night and session */
    double variance; /* of the session's return */
};

struct sim_symbol {
    uint64_t seed, name; /* `name` is a hash of the symbol */
    double beta, base_volume, dividend_yield;
    int64_t dividend_phase;
    struct sim_garch garch;
    double price; /* last close, exact ticks */
    /* of the day stepped to */
    int64_t days;       /* how many were stepped */
    double open, close; /* not rounded */
    double variance;    /* of the symbol's own part of the session */
    double volume;      /* about what the session will trade */
    int64_t split_new;  /* 0, or the shares that one became before the open */
    int64_t cash_cents; /* 0, or a dividend per share, off the price at the open */
};

/* Prices in cents, within one minute or second. */
struct sim_candle {
    int64_t open, high, low, close, volume;
};

void sim_market_init(struct sim_market *market, uint64_t seed);
void sim_symbol_init(struct sim_symbol *symbol, uint64_t seed, const char *name);
/* On to the session of the next date (days since 1970); all sessions must be stepped through in order, the market
 * first. `actions`: the symbol pays dividends and splits when its price has grown high. */
void sim_market_step(struct sim_market *market, int64_t date);
void sim_symbol_step(struct sim_symbol *symbol, const struct sim_market *market, int64_t date, bool actions);
/* The minutes of the day stepped to (at most SIM_MINUTES_MAX); `u_shaped` is false for markets that never close. */
void sim_minutes(struct sim_candle *minute, int count, bool u_shaped, const struct sim_symbol *symbol,
                 const struct sim_market *market, int64_t date);
/* The day as one candle. */
struct sim_candle sim_join(const struct sim_candle *candle, int count);
/* The seconds of one minute, the index-th of the day; they join to the minute again. */
void sim_seconds(struct sim_candle second[static SIM_SECONDS], const struct sim_candle *minute, int index,
                 const struct sim_symbol *symbol, int64_t date);

#endif
