/* What the files of the backtest share. */
#ifndef TN_BACKTEST_INTERNAL_H
#define TN_BACKTEST_INTERNAL_H

#include "backtest/backtest.h"
#include "base/list.h"
#include "record/record.h"
#include "risk/anomalies.h"
#include "stat/metrics.h"
#include "stat/outcome.h"

/* What an entry risked, until it is closed. */
struct entry_risk {
    uint64_t fill; /* its number */
    dec risk;      /* money between the fill and its stop */
    dec cost;      /* of the lot, unsigned */
};

/* The prices that an open lot has seen; they move with splits. */
struct excursion {
    uint64_t fill; /* that opened it */
    int slot, sign;
    int64_t since;
    dec entry, high, low;
};

/* How far a lot that is being left went for us, and against us (negative); DEC_NONE: not known. */
struct left_lot {
    dec mfe, mae;
};

/* What one strategy has in a track. */
struct member {
    struct series *series; /* NULL before the first bar and after a rename */
    int holding;           /* its place in the ledger, -1 before the first order */
    /* Of the window that is being walked over: */
    size_t from, stretch, stretches; /* its first row among the levels, and its stretches, to be looked at from here */
    size_t due;                      /* the place of its next bar that wants what it has not; DUE_NONE: none does */
};

#define DUE_NONE SIZE_MAX

/* One symbol in one interval. */
struct track {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    enum adjusted adjusted;
    int slot;
    int sibling;           /* the next track of its symbol, in a ring */
    struct member *member; /* by strategy */
    int64_t start, last;   /* of its last bar: start and end */
    uint64_t bars;
    uint64_t window; /* the number of the last one that it has bars in, … */
    size_t piece;    /* … and which of its pieces they are */
};

#define WINDOW_MOMENTS LEVELS_MAX /* that are walked over at once */
#define WINDOW_BARS    4096       /* a moment that begins behind so many begins another window */

/* A bar that has come. */
struct window_bar {
    int track;
    enum adjusted adjusted;
    struct candle candle;
};

/* What has come and is not done with: moments, the last of which is open. A moment without bars is one of an action. */
struct pending_bars {
    struct window_bar *bar; /* as they came */
    size_t bars, capacity;
    size_t passed; /* of the first moment, that went through the account already */
    int64_t end[WINDOW_MOMENTS];
    size_t first[WINDOW_MOMENTS + 1]; /* bar of each moment, and behind the last one the number of bars */
    size_t moments;
    bool single; /* no window has more than one moment */
    bool turned; /* bars of the open moment are adjusted otherwise than the next ones of their track: it is the last of
                    its window */
};

/* The bars of a track in a window, in columns. */
struct piece {
    int track;
    struct bars bars;
    const uint32_t *place; /* of each among the bars of the window */
    enum adjusted adjusted;
    size_t at; /* of what is held: the first bar of a moment that is not done */
};

/* Moments that are complete, ready to be walked over. A bar's place is its number among all of them as they came. */
struct window {
    size_t moments, bars;
    const int64_t *end;     /* of each moment */
    const size_t *first;    /* place of its first bar; moments + 1 of them */
    const uint32_t *moment; /* by place: of which moment a bar is, … */
    const uint32_t *of;     /* … of which piece, … */
    const uint32_t *row;    /* … and which of its bars */
    struct piece *piece;
    size_t pieces;
    size_t passed; /* bars of the first moment that went through the account already */
};

/* The memory of windows. */
struct window_memory {
    struct piece *piece;
    size_t piece_capacity;
    int64_t *column; /* eight columns, and four lists of places */
    size_t capacity;
    uint64_t windows;
    size_t *held; /* the pieces whose symbols are held … */
    size_t held_count, held_capacity;
    uint64_t held_fills; /* … when that was the number of the last fill */
};

/* Why an instance's level in a symbol was refused last: said once. */
struct last_refusal {
    char signal[ID_SIZE], code[ID_SIZE];
};

/* A share of a symbol that was bought at its first close and held since, without costs. */
struct stake {
    double paid, price; /* that close, and the last one: counts of 1e-8; paid 0 before the first bar */
    double shares;      /* 1, and what splits made of it */
    double cash;        /* dividends, in counts of 1e-8 */
};

/* What all stakes had gained at the end of a day, as shares of what each began with: summed. */
struct stake_day {
    int64_t time;      /* of the last bar of the day */
    double gain, held; /* `held`: what is in the market, not only its gain */
};

/* A signal of the open moment that came in; its texts are kept aside. */
struct pending_signal {
    struct signal signal;
    size_t reason, basis; /* where they begin */
};

struct signals {
    struct pending_signal *list;
    size_t count, capacity;
    struct buf texts;
    struct names instances, keys; /* "INSTANCE\nSYMBOL": an index for what is refused */
};

/* An order of the open moment that came in, or the change or cancel of one. */
struct pending_order {
    enum record_type type;
    int64_t at; /* when it is taken */
    union {
        struct order order;
        struct replace replace;
        struct cancel cancel;
        struct cash cash;
    };
};

struct pending_orders {
    struct pending_order *list;
    size_t count, capacity;
    struct names ids; /* of all that were taken or refused */
};

/* Trades and quotes that wait for the bar of their time; trades.c. */
struct pending_trades {
    struct market_event *event;
    size_t count, capacity;
    bool sorted;
    uint64_t number;       /* that have come so far */
    int64_t opens, closes; /* the session of the last one */
};

struct backtest {
    struct backtest_options options;
    struct strategy_use *use;
    struct runner **runner;
    struct ledger ledger;
    struct order_manager manager;
    struct sim sim; /* its venue */
    struct fee_state fees;
    struct risk_result decided;
    struct metrics metrics;
    struct sha256 *input;
    int64_t moment;             /* the open one, TIME_NONE before the first */
    struct session_close close; /* the calendar's last answer, where nobody keeps them */
    struct track *track;
    size_t tracks, track_capacity;
    struct names track_keys; /* "SYMBOL INTERVAL" of each, in their order */
    size_t last_track;       /* of the last record: the next is often of the same */
    struct entry_risk *risk;
    size_t risks, risk_capacity;
    struct excursion *excursion; /* of the open lots */
    size_t excursions, excursion_capacity;
    struct left_lot *left; /* the lots that the fill being booked closes, in their order */
    size_t lefts, lefts_taken, left_capacity;
    struct last_refusal *refused; /* by slot × strategies */
    size_t refused_count;
    enum adjusted adjusted;
    bool mixed;                      /* bars of different adjustments came */
    bool waits;                      /* a strategy looks at all of a moment before it judges */
    bool shorted, owed, owed_abroad; /* something was sold short; the account owed money, or that of other currencies */
    bool failed;
    bool rated; /* a pair has come that gives a rate */
    uint64_t action_count, refusal_count, order_count;
    struct anomalies anomalies;
    struct queues queues; /* what is quoted, and where orders stand */
    struct pending_trades trades;
    struct outcome outcome; /* its refusals are counted once, as they are told */
    bool *judged;           /* by strategy: it had bars enough at some time */
    struct stake *stake;    /* by slot */
    size_t stakes, stake_capacity;
    struct names stake_actions; /* that the stakes have seen */
    struct stake_day
        *stake_day; /* where somebody reads the result: all days that are over; before them the beginning */
    size_t stake_days, stake_day_capacity;
    int64_t stake_day_ends, stake_time; /* of the day of the last bar, and that bar's end */
    int64_t first, last;                /* the first moment, and the last of which something has come */
    int64_t clock;                      /* the end of the last bar that came */
    struct levels *levels;              /* by strategy, of the window that is being walked over */
    struct pending_bars pending;
    struct window_memory memory;
    int *slot_track; /* by slot: a track of it, -1: none */
    size_t slot_tracks;
    struct signals signals;
    struct pending_orders orders;
};

/* What has gone wrong half way, and not by the line that is being read: what would be a bad line ends the run. -1. */
static inline int backtest_is_broken(struct backtest *backtest, struct error *error)
{
    backtest->failed = true;
    if (error->code == EXIT_INPUT)
        error->code = EXIT_STATE;
    return -1;
}

/* window.c: bars put together until they are walked over. A moment begins, for which there is room / a bar of the last
 * one. */
void pending_begin(struct pending_bars *pending, int64_t known);
int pending_add(struct pending_bars *pending, int track, enum adjusted adjusted, const struct bars *bar,
                struct error *error);
/* Is there room for no other moment? */
bool pending_is_full(const struct pending_bars *pending);
/* The first so many moments are done with. */
void pending_drop(struct pending_bars *pending, size_t moments);
/* Its first moments as a window / bars of one track in a row, each of which is a moment. Until the next window. */
int window_arrange(struct backtest *backtest, size_t moments, struct window *window, struct error *error);
int window_of(struct backtest *backtest, int track, const struct bars *bars, struct window *window,
              struct error *error);

/* Has a track bars in the window that is walked over? */
static inline bool window_has(const struct backtest *backtest, int track)
{
    return backtest->track[track].window == backtest->memory.windows;
}

/* judge.c: every strategy steps over the bars of a window; *judged: of how many moments, of all without an error. */
int backtest_judge(struct backtest *backtest, const struct window *window, size_t *judged, struct error *error);
/* The row of a strategy's levels that is of a bar. */
static inline size_t backtest_row(const struct backtest *backtest, const struct member *member, int strategy,
                                  size_t place, size_t row)
{
    return runner_waits(backtest->runner[strategy]) ? place : member->from + row;
}

/* walk.c: a window is judged, and goes through the account. */
int backtest_walk(struct backtest *backtest, struct window *window, struct error *error);
/* The bars of the open moment that have not gone through the account do. */
int backtest_pass_open(struct backtest *backtest, struct error *error);
/* warm.c: the moments before the first of the run are complete. */
int backtest_warm_end(struct backtest *backtest, struct error *error);
/* intake.c: completes the moment before `known`, if it is another one. */
int backtest_reach(struct backtest *backtest, int64_t known, struct error *error);
int backtest_hash_line(struct backtest *backtest, struct str line, struct error *error);
/* backtest.c: the account is opened at the first moment. */
int backtest_open(struct backtest *backtest, int64_t time, struct error *error);
/* follow.c: what an instance has in a track's symbol, NULL before its first order. */
const struct holding *backtest_holding(struct backtest *backtest, int track, int strategy);
/* A level, of an instance whose holding is at *holding (-1: none yet): ordered if it may be. `key`: under which index
 * its last refusal is remembered. */
int backtest_follow(struct backtest *backtest, const struct signal *signal, int slot, int *holding, size_t key,
                    struct error *error);
/* What a strategy wants after a bar of a track: a row of its levels. */
int backtest_heed(struct backtest *backtest, int track, const struct bars *bar, int strategy, size_t row,
                  struct error *error);
/* A bar as a record. */
struct bar backtest_bar_of(const struct track *track, enum adjusted adjusted, const struct candle *candle);
/* A refusal counts, and is told. */
int backtest_count_refusal(struct backtest *backtest, const struct refusal *refusal, struct error *error);
/* signals.c: a signal of the open moment is kept; those of a moment that is complete are followed. */
int backtest_keep_signal(struct backtest *backtest, const struct signal *signal, struct error *error);
int backtest_follow_signals(struct backtest *backtest, struct error *error);
/* orders.c: the same of orders, their changes and cancels. */
struct pending_order *backtest_keep_order(struct backtest *backtest, enum record_type type, int64_t at,
                                          struct error *error);
int backtest_take_orders(struct backtest *backtest, struct error *error);
/* excursion.c: a lot has been opened / has gone; bars of a slot have been worked off; a split has; before a fill is
 * booked that closes lots: what they have seen, in `left` and in the fill. */
int backtest_open_excursion(struct backtest *backtest, const struct execution *fill, struct error *error);
void backtest_drop_excursion(struct backtest *backtest, uint64_t fill);
void backtest_note_excursions(struct backtest *backtest, int slot, const struct bars *bars);
int backtest_split_excursions(struct backtest *backtest, const struct action *action, struct error *error);
void backtest_rename_excursions(struct backtest *backtest, int from, int to);
int backtest_leave_lots(struct backtest *backtest, struct execution *fill, struct error *error);
/* venue.c: once there is an order manager. */
void backtest_open_venue(struct backtest *backtest);
/* A bar of a symbol in which orders work. */
int backtest_fill(struct backtest *backtest, int slot, struct interval interval, const struct bars *bar,
                  struct error *error);
/* Before anything of a moment happens to the account: the nights before it are charged. */
static inline int backtest_pass_nights(struct backtest *backtest, int64_t known, struct error *error)
{
    return orders_has_nights(&backtest->manager, known) ? orders_charge_nights(&backtest->manager, known, error) : 0;
}
/* A bar through venue and orders; … */
static inline int backtest_take_bar(struct backtest *backtest, int slot, struct interval interval,
                                    const struct bars *bar, struct error *error)
{
    const int use = orders_before_bar(&backtest->manager, slot, bar, error);
    if (use <= 0)
        return use;
    if (use == 2 && backtest_fill(backtest, slot, interval, bar, error) != 0)
        return -1;
    return orders_after_bar(&backtest->manager, slot, interval, bar, use == 2, error);
}
/* … and what has been held meanwhile sees it. */
static inline int backtest_pass_bar(struct backtest *backtest, int slot, struct interval interval,
                                    const struct bars *bar, struct error *error)
{
    if (backtest_take_bar(backtest, slot, interval, bar, error) != 0)
        return -1;
    if (backtest->excursions > 0)
        backtest_note_excursions(backtest, slot, bar);
    return 0;
}
/* trades.c: those before a moment, quotes until it, are taken. */
int backtest_release_trades(struct backtest *backtest, int64_t until, struct error *error);
void backtest_clear_trades(struct backtest *backtest);
static inline int backtest_release(struct backtest *backtest, int64_t until, struct error *error)
{
    return backtest->trades.count == 0 ? 0 : backtest_release_trades(backtest, until, error);
}
/* benchmark.c: bars of a slot have come, in order / an action has / the `benchmark` object, "null" without bars. */
int backtest_hold(struct backtest *backtest, int slot, const struct bars *bars, struct error *error);
int backtest_hold_action(struct backtest *backtest, const struct action *action, struct error *error);
int backtest_write_benchmark(struct backtest *backtest, struct buf *out, struct error *error);
/* result.c */
int backtest_write_result(struct backtest *backtest, struct error *error);

/* The calendar by which a symbol trades. */
static inline const struct calendar *backtest_calendar(const struct backtest *backtest, const char *symbol)
{
    return symbol_calendar(backtest->options.calendars, backtest->options.calendar, symbol);
}

#endif
