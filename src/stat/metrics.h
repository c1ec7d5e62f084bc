/* The figures of a run: from its equity curve, its fills and its closed trades.
 *
 *     metrics_init(&metrics, NULL);
 *     metrics_equity(&metrics, time, equity, exposure, error);   … one per moment, in time order
 *     metrics_fill(&metrics, value, cost, slippage);             … one per fill
 *     metrics_trade(&metrics, &trade);                           … one per round trip
 *     metrics_finish(&metrics, error);
 *     metrics_json(&metrics, &out);                              … the `metrics` object of a `result` record
 *     metrics_clear(&metrics);
 *
 * Returns are time-weighted: money paid in or out (metrics_flow) is no gain. Where the days lie further apart than
 * METRICS_DAY_GAP on average, the points are of weeks, months or whatever their spacing says, and nothing is said of
 * days. A day is that of stat/day.h; its value is the last point of the day, and the first point is where everything
 * starts. What is undefined (no trades, no losses, no variation, too few days)
 * is NaN: null in JSON, never 0 or infinity. One `struct metrics` is one account or run; memory is 8 bytes a day. Pure.
 */
#ifndef TN_STAT_METRICS_H
#define TN_STAT_METRICS_H

#include "base/buf.h"
#include "base/dec.h"
#include "base/error.h"
#include "base/zone.h"
#include "stat/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METRICS_SESSIONS 252.0 /* of a US stock exchange in a year; 365 where trading never stops */
#define METRICS_DAY_GAP  3.5   /* days */
#define METRICS_TAIL_MIN 20    /* daily returns below which a 5 % tail is undefined */

struct metrics_options {
    double sessions;         /* a year; > 0 */
    double risk_free;        /* yearly rate, as a fraction */
    double periods;          /* returns a year; 0: as their spacing says */
    const struct zone *zone; /* in which days are cut; NULL: UTC; lives as long */
};

/* A round trip: a position opened and closed again (for lots: each pairing of an entry with an exit). */
struct metrics_trade {
    int64_t entered, left; /* ns; TIME_NONE when not known */
    dec pnl;               /* after costs, in the account's currency */
    dec risk;              /* money lost had the entry's stop been hit at its price; > 0, DEC_NONE when not known */
    dec mfe, mae;          /* the most it was ahead (>= 0) and behind (<= 0) while it was open; DEC_NONE: not known */
};

struct drawdown {
    double peak, lowest; /* the running peak, and the lowest value since */
    int64_t peak_time;
    double deepest;                      /* as a fraction of … */
    double deepest_peak;                 /* … the peak it fell from */
    int64_t deepest_from, deepest_until; /* until that was reached again; TIME_NONE while it was not */
};

/* A sum of money in units of 1e-8: what a run trades in all may pass what a dec can hold. */
__extension__ typedef __int128 money_sum;

struct metrics {
    struct metrics_options options;
    /* The curve. */
    uint64_t points;
    int64_t first_time, last_time;
    dec first_equity, last_equity;
    dec flows, flow_pending; /* money paid in, since the first point; not yet in a point */
    /* Sums of money as doubles are counts of 1e-8, exact where their decimals have 53 bits: one rounding per ratio. */
    double scale;  /* equity × scale = what the first point's money would be without flows */
    double value;  /* of the last point */
    bool ruined;   /* a value of zero or less was followed by more points: returns are undefined */
    bool empty;    /* all money was taken out: the value stands still until some is paid in */
    double *daily; /* values: the first point, then one a day; owned */
    size_t days, capacity;
    double money, day_money; /* equity at the ends of days: the sum of those before the last one, and the last one */
    int64_t day_ends;        /* of the last point */
    struct zone_span clock;  /* of day_end_of */
    struct drawdown drawdown;
    double exposure_sum;
    uint64_t exposure_points, exposed_points;
    /* Fills. */
    uint64_t fills;
    money_sum traded, cost, slippage;
    bool knows_slippage; /* a fill said it */
    /* Trades. */
    uint64_t trades, wins, losses, holding_trades, risk_trades;
    money_sum won, lost;                        /* of winning and of losing trades, both >= 0 */
    double holding_sum, risk_sum, risk_squares; /* of P&L ÷ risk */
    uint64_t excursion_trades;
    double mfe_sum, mae_sum;        /* in units of money */
    double pnl_squares;             /* in units of money */
    uint64_t losing, losing_streak; /* in a row now, and the most */
    /* What metrics_finish works out from the daily values; NaN where undefined. */
    bool finished;
    uint64_t returns;
    double periods; /* of the returns, a year */
    bool coarse;    /* they are of more than days */
    double mean, deviation, downside, quantile, tail, best, worst, mean_equity;
    struct sample sample;        /* of the returns; its ratio is of those above the risk-free rate */
    double scale_by_lags;        /* sharpe_scale of the first lags */
    double ulcer, pain;          /* root mean square and mean of what is below the highest value */
    double gains, losses_sum;    /* sums of positive and of negative returns, both >= 0 */
    double upper;                /* the 95 % quantile */
    double growth, growth_error; /* slope of the logarithm of the value by return, and its error */
};

/* Options NULL: 252 sessions, risk-free rate 0. */
void metrics_init(struct metrics *metrics, const struct metrics_options *options);
void metrics_clear(struct metrics *metrics);

/* Money paid in (negative: out) since the last point, which the next one contains: the last one's equity and this are
 * what earns from then on. */
int metrics_flow(struct metrics *metrics, dec amount, struct error *error);
/* A point of the curve. Exposure: sum of the positions' absolute market values; DEC_NONE when not known. A time before
 * the last point's is an error. */
int metrics_equity(struct metrics *metrics, int64_t time, dec equity, dec exposure, struct error *error);
/* Points that follow each other, in columns: the same as one by one. */
int metrics_curve(struct metrics *metrics, const int64_t *time, const dec *equity, const dec *exposure, size_t count,
                  struct error *error);
/* The last point's equity `count` times more, nothing being held, until `time`. False, and nothing is done, where that
 * is more than counting: a day or money comes in between. */
bool metrics_repeat(struct metrics *metrics, size_t count, int64_t time);
/* A fill: its absolute value (price × quantity × multiplier), commission and fees together (rebates negative), and what
 * slippage took (DEC_NONE when not known). */
void metrics_fill(struct metrics *metrics, dec value, dec cost, dec slippage);
void metrics_trade(struct metrics *metrics, const struct metrics_trade *trade);
/* Fills and trades of another one are of this too, behind its own; its curve is not. */
void metrics_add_trades(struct metrics *metrics, const struct metrics *other);
/* Works out what needs the whole curve. Nothing may be added after it. */
int metrics_finish(struct metrics *metrics, struct error *error);

enum metric_unit {
    METRIC_MONEY,    /* in the account's currency */
    METRIC_FRACTION, /* 0.05 is shown as 5 % */
    METRIC_RATIO,
    METRIC_COUNT,
    METRIC_DAYS
};

struct metric {
    const char *name;  /* key in the `metrics` object, stable */
    const char *title; /* for tables */
    enum metric_unit unit;
    const char *formula;                             /* for --explain, one line */
    const char *source;                              /* where the formula is from */
    double (*figure)(const struct metrics *metrics); /* after metrics_finish; NaN when undefined */
};

extern const struct metric metric_table[];
extern const int metric_count;

/* Of drawdowns, losses, turnover and costs. */
bool metric_less_is_better(const struct metric *metric);
/* The metric of a name, or NULL. */
const struct metric *metric_find(const char *name);
/* In units of money. */
double money_to_double(money_sum sum);
/* Append {"return":0.12,…}: every metric of the table, in its order. */
void metrics_json(const struct metrics *metrics, struct buf *out);

#endif
