/* One account, as the fold of its events: cash, positions with their lots, working orders, marks, the trading day.
 *
 * Backtest, paper and live apply the same events here, in the order they happened, and read the same state back;
 * nothing else computes money. Pure: no clock (time comes with the events), no I/O.
 *
 * Conventions
 *   - Money rounds once per fill, half-even, to the smallest amount of the currency that the symbol trades in. Each
 *     currency has its cash; what it is worth in the account's own goes by the last mark of a pair of the two (EURUSD
 *     or USDEUR). What a lot cost and brought in the account's currency is worked out at the rates of those two days.
 *   - A lot's cost is signed like its quantity and holds commission and fees: what was paid for a long lot, minus what
 *     was received for a short one. Unrealised = quantity × multiplier × mark − cost.
 *   - A fill closes the lot that it names (specific identification), then others by the account's lot order: first in
 *     first out, last in first out, or highest cost a share. Of equals the older goes first. A partial close takes cost
 * × q ÷ Q half-even, the last takes the rest, so Σ realised − Σ open cost = Σ cash flow of the fills, to the last
 * digit.
 *   - The cash of a dividend belongs to the lots that its instance had before, by their quantities, and is closed with
 *     them; `realized` is without it.
 *   - A position belongs to a strategy instance (its `holding`); the account holds the sum. "" is a strategy too:
 * orders placed by hand. */
#ifndef TN_LEDGER_LEDGER_H
#define TN_LEDGER_LEDGER_H

#include "base/names.h"
#include "base/zone.h"
#include "ledger/money.h"
#include "market/currency.h"
#include "market/instrument.h"
#include "record/order_kinds.h"
#include "record/types.h"

struct lot {
    dec quantity;  /* signed, never 0 */
    dec cost;      /* signed, see above */
    dec dividends; /* paid on it so far, negative for a short one, less what borrowing it has cost */
    /* The same in the account's currency, at the rates of their days; DEC_NONE: there was none. Only of symbols that
     * trade in another. */
    dec own_cost, own_dividends;
    int64_t opened;
    uint64_t number;    /* of the fill that opened it, … */
    char fill[ID_SIZE]; /* … and its id, "" where fills have none */
};

/* What one strategy instance has in one symbol. */
struct holding {
    char strategy[STRATEGY_SIZE];
    int slot; /* of the symbol */
    dec quantity;
    struct lot *lot; /* oldest first */
    size_t lots, lot_capacity;
    dec realized;
    dec own_realized; /* in the account's currency, as a lot's own_cost */
    dec multiplier;
    int64_t touched;            /* last fill or mark: corporate actions up to then are history */
    char entry_signal[ID_SIZE]; /* the signal of the last entry order: spent */
    int64_t entry_time;         /* decision time of that order */
};

/* What the end of an order means for one that waits for it. */
enum due { DUE_NOTHING, DUE_SEND, DUE_CANCEL };

/* What an order said before it was replaced: a bar that was open then may still fill it so. */
struct past_terms {
    int64_t from, until; /* as the order's `from`, and when it was replaced */
    dec quantity, limit_price, stop_price;
};

/* What a venue that answers later has been asked about an order, and has not answered. */
enum order_request { REQUEST_NONE, REQUEST_SUBMIT, REQUEST_REPLACE, REQUEST_CANCEL };

/* How many of them are kept. Those that bars have come to the end of go first. */
#define PASTS_KEPT 4

/* A working order. Once it is final its memory can be read until the next order is added, not longer. */
struct open_order {
    struct order order; /* its `struct str` fields are empty */
    uint64_t serial;    /* later orders have higher ones */
    int slot, holding;  /* its symbol and its instance's holding there */
    enum order_status status;
    int64_t halted;    /* when the kill switch asked for its end, TIME_NONE: it has not */
    int64_t from;      /* decided and accepted, or replaced: bars that open from then on may fill it */
    int64_t triggered; /* when its stop_price set it off and left a limit order, TIME_NONE: it has not */
    dec multiplier;    /* of its instrument */
    dec filled;
    dec notional;   /* Σ amount of its fills, unsigned */
    __int128 price; /* Σ quantity × price of its fills, in 1e-16: their average is exact where amounts are rounded */
    dec commission; /* charged so far: minimums accrue over an order's fills */
    int fills, revision; /* how often it has filled, and was replaced */
    int pasts;
    struct past_terms past[PASTS_KEPT]; /* what it said before, oldest first */
    int64_t bars;                       /* of its interval that have closed since it works, where it counts them */
    bool sleeps;                        /* it waits for the order that its `oto` names, and does nothing until then */
    enum due due;                       /* that one is over, and this is what it leaves to do … */
    int64_t due_at;                     /* … since then */
    enum order_request request;         /* REPLACE or CANCEL: asked of the venue, see open_order_request */
    struct {
        dec quantity, limit_price, stop_price; /* by that REPLACE, DEC_NONE: as it is */
    } wanted;
    bool doubt; /* the venue is to be asked about it before anything else */
    /* What this process alone knows: what is on its way to the venue and not answered (order/intents.c), the question
     * that is, and how many were not answered. */
    unsigned sent, silent;
    int64_t question;
    bool planned;        /* emitted in this batch, not yet in the journal */
    bool withdrawn;      /* by a cancel of this batch: an entry that counts for nothing any more */
    bool plain;          /* nothing but a price, or its end, does anything to it */
    bool entry, counted; /* what it may cost is among the sums of the ledger and its slot … */
    dec cost;            /* … as this, DEC_NONE: nobody knows */
    const struct order_kind *kind;
    struct open_order *next; /* the next older to younger one of its symbol */
};

#define ACTIONS_KEPT 8

struct applied_action {
    char id[ID_SIZE];
    enum action_kind kind;
    int64_t time;
    int64_t new_shares, old_shares;
    dec cash;
    bool held; /* back: it seems to correct another, and nobody has said yes */
};

/* The corporate actions applied to a symbol: the last ones; those forgotten were at `forgotten` or before. */
struct applied_actions {
    struct applied_action action[ACTIONS_KEPT];
    int count, oldest;
    int64_t forgotten; /* TIME_NONE: none */
};

/* What the account has seen of the bars of an interval: those up to a high-water mark. */
struct seen_bars {
    struct interval interval;
    int64_t high_water;
};

/* One symbol of the account. */
struct ledger_symbol_state {
    struct instrument *instrument; /* as what it was traded, NULL: as a stock, or nobody has said */
    bool compared;                 /* by this process, with what its instruments say: set by whoever places orders */
    int currency;                  /* 0: the account's own, else 1 + its index in `money` */
    bool rates;                    /* it is a pair that may say what one of `money` is worth */
    dec mark;                      /* last price, DEC_NONE before the first */
    int64_t marked;                /* when that was: the end of a bar, or the first fill */
    int64_t split;          /* when the last split was applied: the cash in lieu at that moment makes nothing newer */
    struct seen_bars *seen; /* one of each interval that came */
    size_t intervals, seen_capacity;
    int working;                     /* number of open orders */
    struct open_order *open_order;   /* the oldest of them; open order->next leads on */
    int entries, unpriced;           /* of them entries, and those whose cost is not known */
    int trailing, timed;             /* of all, those that trail, and those that have a chance at one place of a bar */
    int counting, aging;             /* those that count bars, and those that bars change in other ways */
    __int128 entry_cost;             /* what the others may cost, unsigned */
    int open;                        /* number of holdings that are not flat: some may offset each other */
    dec quantity;                    /* Σ over the holdings, times their multiplier */
    __int128 value;                  /* quantity × mark, in 1e-16; 0 without a mark */
    struct applied_actions *actions; /* NULL: none */
    int *holding;                    /* indices into the ledger's */
    int holdings;
    size_t holding_capacity;
};

/* A fill by its numbers: what the ledger books. */
struct execution {
    uint64_t number;               /* from ledger->fills, counted up by whoever makes it */
    struct open_order *open_order; /* the working order it is of, NULL: none that the ledger knows */
    int slot, holding;             /* where it belongs */
    enum role role;
    enum side side;
    int64_t time;
    dec quantity, price, multiplier;
    dec amount;                /* ledger_amount of these three */
    dec commission, fees;      /* 0: none */
    dec slippage;              /* as in struct fill */
    dec mfe, mae;              /* likewise */
    int64_t settles;           /* when the money of a sale may be spent, not after `time`: at once */
    double volume;             /* of the bar that filled it, not above 0: not known */
    const struct rate *rate;   /* of its symbol's currency, NULL: as ledger_rate_before */
    const char *lot;           /* the fill that opened the lot to close first, "": none is named */
    const char *id, *order_id; /* of its record; the id is "" where nobody reads one */
};

/* A lot, or a part of one, that a fill closed. */
struct lot_close {
    const char *strategy, *symbol;
    uint64_t opening; /* number of the fill that opened the lot */
    bool whole;       /* all that was left of the lot */
    dec quantity;     /* signed as the lot was */
    int64_t opened, closed;
    dec cost;                                                /* signed part of the lot's cost */
    dec proceeds;                                            /* signed cash of the closing side, its costs taken off */
    dec realized;                                            /* proceeds − cost */
    dec dividends;                                           /* what was paid on it while it was held */
    int currency;                                            /* of these, as its symbol's */
    dec own_cost, own_proceeds, own_realized, own_dividends; /* as a lot's, but of every symbol */
    const char *opening_fill, *closing_fill, *closing_order;
};

/* A trading day that is over. */
struct ledger_day {
    int64_t ends;
    dec base;  /* equity at the roll before + deposits − withdrawals */
    dec loss;  /* the largest that an equity point or the roll at its end has shown, 0: none */
    dec share; /* the same as a fraction of what it was lost of */
};

/* How many of them are remembered: a level of monthly bars is as old as a month. */
#define LEDGER_DAYS 40

/* Money of sales that is there for orders from a moment on: of a cash account. */
struct unsettled {
    int64_t settles;
    dec amount;
};

#define UNSETTLED_KEPT 8 /* moments: the longest settlement there was had three */

struct ledger_terms {
    char account[ID_SIZE];
    char currency[9];
    enum mode mode;
    dec settlement_unit;      /* of its money, unless the account's first cash event says another */
    enum lot_order lot_order; /* LOTS_NONE: as that event says, else first in first out */
    const struct zone *zone;  /* of day_rolls; NULL is UTC */
    int64_t day_rolls;        /* nanoseconds after local midnight: 17 h */
    dec loan;                 /* of a purchase the broker lends this part: what it costs is the rest; 0: nothing */
    /* The instrument of a symbol of which no event says what it is, for what working orders may cost; NULL on error.
     * Without it all are stocks. */
    const struct instrument *(*instrument)(void *context, const char *symbol, struct error *error);
    void *instruments;
    const struct names *currencies; /* others that instruments trade in: their rates are wanted; NULL: none */
};

struct ledger {
    struct ledger_terms terms;
    struct names symbols; /* their numbers are what `slot` is everywhere: indices into symbol_state */
    struct ledger_symbol_state *symbol_state;
    size_t slots, slot_capacity;
    struct holding *holding;
    size_t holdings, holding_capacity;
    struct open_order **open_order; /* working orders, oldest first; behind them spare ones */
    size_t open_orders, open_orders_made, open_order_capacity;
    int sleeping, due; /* of them, those that wait for another, and those that need no longer */
    /* The working orders in a hash table, once there are more than a few, else NULL; then sums are kept too. */
    struct open_order **by_id;
    size_t by_id_size;   /* a power of 2 */
    int64_t next_end;    /* no working order ends before it; INT64_MAX: none ends */
    int64_t next_expiry; /* nothing held ends for good before it; INT64_MAX: nothing does */
    __int128 entry_need; /* of buying power, what the working entries need … */
    int unpriced;        /* … but for so many, whose cost is not known */
    int busy;            /* symbols with a position or a working entry */
    uint64_t orders;     /* the serial of the last order */
    uint64_t fills;      /* the number of the last fill */
    uint64_t actions;    /* how many corporate actions were applied */
    struct names exits;  /* signals that exits were made from … */
    int64_t *attempt;    /* … and the highest attempt of each */
    size_t attempt_capacity;
    dec cash;            /* in the account's currency */
    struct money *money; /* other currencies */
    size_t currencies, currency_capacity;
    int exposed;                                /* how many of them there is money in */
    int64_t late_time;                          /* of the latest fills … */
    struct unsettled unsettled[UNSETTLED_KEPT]; /* in order, those that have settled since included */
    int unsettleds;
    dec late_power;  /* … and the buying power they brought: nothing earlier may use it */
    __int128 value;  /* Σ quantity × multiplier × mark of what trades in the account's currency, in 1e-16 */
    __int128 gross;  /* Σ of their magnitudes */
    int64_t opening; /* time of the first cash event, TIME_NONE before */
    bool halted;
    int64_t now;            /* the latest moment */
    int64_t point;          /* time of the latest equity point, TIME_NONE before the first */
    int64_t barred;         /* the latest moment of a bar: after `point` only while that moment is not complete */
    int64_t traded;         /* the latest that a bar, a fill or an equity point has happened, or it was opened */
    int64_t carried;        /* the roll whose nights were charged last, TIME_NONE: none were */
    int64_t day_ends;       /* the next roll */
    struct zone_span clock; /* in which it lies, or did: what a roll need not look up */
    dec day_start;          /* equity at the last roll, by the last rates, however old */
    dec day_worst;          /* the largest daily loss an equity point has shown since the roll: limits latch on it */
    dec day_worst_share;    /* the same as a fraction of what it was lost of: later deposits do not lift a latch */
    dec day_flows;          /* deposits − withdrawals since */
    dec day_lowest;         /* equity point since the roll or the last flow: what is not below it is no new loss */
    struct ledger_day day[LEDGER_DAYS]; /* those before, a ring: the last one is day[(days − 1) % LEDGER_DAYS] */
    uint64_t days;                      /* how many there were */
    dec commission, fees;               /* totals in the account's currency; those of others are with them */
    int (*on_close)(void *context, const struct lot_close *lot_close, struct error *error);
    void *context;
};

/* The lot order of a word ("lifo"); LOTS_NONE for any other. */
enum lot_order lot_order_find(const char *word);

int ledger_init(struct ledger *ledger, const struct ledger_terms *terms, struct error *error);
void ledger_clear(struct ledger *ledger);

/* Apply one event of this account: ORDER, ORDER_UPDATE, FILL, CASH, ACTION, MARK, EQUITY, HALT, INSTRUMENT; other
 * types are ignored. The same action twice is ignored the second time. What does not fit (a fill larger than its order,
 * an overflow) is EXIT_STATE. */
int ledger_apply(struct ledger *ledger, enum record_type type, const void *value, struct error *error);
/* The roll of the trading day at a moment, or the next one; INT64_MAX past the end of time. */
int64_t ledger_next_roll(const struct ledger_terms *terms, int64_t time);
/* What ledger_advance does at a roll, from an equity. With the moment of the roll itself: what is not before it is of
 * the next day. */
int ledger_roll_from(struct ledger *ledger, dec equity, int64_t known, struct error *error);
/* The same, from what the account is worth now. */
int ledger_roll(struct ledger *ledger, int64_t known, struct error *error);
/* Moves the clock to a moment; when it passes a roll, the day starts anew from the equity so far. The roll itself is
 * the last moment of the day that ends. Earlier times are ignored. Every event that can change the equity moves the
 * clock to its own time first, so that the day starts from the same figure whoever folds the events. A question never
 * moves it: it brings its own moment along (struct risk_terms), since a bar that opened before the roll may still bring
 * fills of before it. */
static inline int ledger_advance(struct ledger *ledger, int64_t known, struct error *error)
{
    if (known > ledger->now && known > ledger->day_ends) /* TIME_NONE is before every time */
        return ledger_roll(ledger, known, error);
    if (known > ledger->now)
        ledger->now = known;
    return 0;
}

/* May what a slot has go to another symbol: does it have a name, and is nothing open there? */
bool ledger_can_rename(const struct ledger *ledger, int slot, const char *symbol);
/* The action that was applied or is held back under an id; NULL: none that is remembered. */
const struct applied_action *ledger_find_action(const struct ledger *ledger, int slot, const char *id);
/* Was the action applied already? One that is no later than what is forgotten counts as applied: it has come too late.
 */
bool ledger_knows_action(const struct ledger *ledger, int slot, const struct action *action);
/* The slot of a symbol, added when new; -1 on error / when it is not there. */
int ledger_slot(struct ledger *ledger, const char *symbol, struct error *error);
int ledger_find_slot(const struct ledger *ledger, const char *symbol);
const char *ledger_symbol(const struct ledger *ledger, int slot);
/* The holding of an instance, NULL when it never had one. */
struct holding *ledger_holding(const struct ledger *ledger, const char *strategy, int slot);
/* Its place among the ledger's holdings, which is for good; -1. */
int ledger_find_holding(const struct ledger *ledger, const char *strategy, int slot);
/* The same, made when new; -1 on error. Pointers to holdings are good until the next one is made. */
int ledger_add_holding(struct ledger *ledger, const char *strategy, int slot, struct error *error);
/* The working order of an id, or NULL. */
struct open_order *ledger_open_order(const struct ledger *ledger, const char *order_id);
/* Σ (cash + value) × rate over the currencies, in the account's; DEC_NONE where ledger_unrated names one. */
int ledger_equity(const struct ledger *ledger, dec *equity, struct error *error);
/* Σ over symbols |quantity × multiplier × mark| × rate; DEC_NONE likewise. */
int ledger_exposure(const struct ledger *ledger, dec *exposure, struct error *error);

struct worth {
    dec equity, exposure;
};

/* Both at once. */
int ledger_worth(const struct ledger *ledger, struct worth *worth, struct error *error);

#define CURVE_MAX 128

struct curve {
    dec equity[CURVE_MAX], exposure[CURVE_MAX];
    dec lowest; /* equity of all the points that it is of */
};

/* The same after each of `count` closes of a symbol, CURVE_MAX at most, were they its marks and nothing else happened.
 * The number of those before the first that leaves the range. */
size_t ledger_worth_at(const struct ledger *ledger, int slot, const dec *close, size_t count, struct curve *curve);

/* The same at the ends of some moments, CURVE_MAX at most, were some symbols marked in them and nothing else happened:
 *
 *     ledger_worth_begin(ledger, &sum, count);
 *     ledger_worth_begin_slot(ledger, &sum, slot);      … of each symbol
 *     ledger_worth_mark(&sum, moment, close);           … of each of its bars, in order
 *     count = ledger_worth_end(ledger, &sum, &curve);   … the number of those before the first that leaves the range
 */
struct worth_sum {
    size_t count;
    dec quantity;
    __int128 last; /* the symbol's value */
    __int128 value[CURVE_MAX], gross[CURVE_MAX];
};
void ledger_worth_begin(const struct ledger *ledger, struct worth_sum *sum, size_t count);
void ledger_worth_begin_slot(const struct ledger *ledger, struct worth_sum *sum, int slot);
void ledger_worth_mark(struct worth_sum *sum, size_t moment, dec close);
size_t ledger_worth_end(const struct ledger *ledger, struct worth_sum *sum, struct curve *curve);
/* Cash less 150 % of the market value of short positions (Federal Reserve Regulation T, 12 CFR 220.12): what may be
 * spent. Working orders are not taken off. All currencies together, in the account's: who spends of one what he has in
 * another owes it. Less what has not settled; with what long positions let it borrow.
 * DEC_NONE where ledger_unrated names one. */
int ledger_buying_power(const struct ledger *ledger, dec *power, struct error *error);
/* What has not settled at a moment. */
dec ledger_unsettled(const struct ledger *ledger, int64_t time);
/* The same at the time of a fill: without what later fills have brought in. Within a moment symbols are worked off one
 * by one, and what one sells or covers in the course of its bar must not pay for what another enters at the open. */
int ledger_buying_power_at(const struct ledger *ledger, int64_t time, dec *power, struct error *error);
/* What the day is measured by, equity at the roll + deposits − withdrawals, and that less an equity: positive is a
 * loss; DEC_NONE where the equity is. */
int ledger_daily_loss(const struct ledger *ledger, dec equity, dec *base, dec *loss, struct error *error);
/* The past trading day that holds a moment; NULL when that is the present one, or none that is remembered. */
const struct ledger_day *ledger_find_day(const struct ledger *ledger, int64_t time);
/* Is a moment of the day that the last event left open: after those that are over, and not after its end? */
bool ledger_day_is_open(const struct ledger *ledger, int64_t time);
/* A symbol is traded as an instrument from now on: what an INSTRUMENT event does. EXIT_STATE while something of another
 * currency is held. */
int ledger_trade_as(struct ledger *ledger, int slot, const struct instrument *instrument, struct error *error);
/* The same for a ledger that no event tells: once per process and symbol, where nothing held is in the way. */
int ledger_compare(struct ledger *ledger, int slot, const struct instrument *instrument, struct error *error);
/* Would that be news, and can it be? */
bool ledger_trades_as_other(const struct ledger *ledger, int slot, const struct instrument *instrument);
/* When the trading day of a date (days since 1970) ends. */
int64_t ledger_day_end(const struct ledger *ledger, int64_t day);
/* When a symbol ends for good, as its instrument was when it was traded; INT64_MAX: never. */
int64_t ledger_expiry(const struct ledger *ledger, const struct ledger_symbol_state *state);
/* What was to end by a moment has: what ends next is looked for anew. */
void ledger_note_expiries(struct ledger *ledger, int64_t known);
/* The date of the trading day that ends at a moment, in the zone of day_rolls, as days since 1970: that of its last
 * nanosecond. */
int64_t ledger_day_date(const struct ledger *ledger, int64_t ends);
/* quantity × price × multiplier, rounded half-even to the smallest amount of a currency, or of the one that a symbol
 * trades in (slot -1: the account's). */
int ledger_amount_in(const struct ledger *ledger, int currency, dec quantity, dec price, dec multiplier, dec *amount,
                     struct error *error);
int ledger_amount(const struct ledger *ledger, int slot, dec quantity, dec price, dec multiplier, dec *amount,
                  struct error *error);
/* Average price of what is held, costs left in, for display; DEC_NONE when flat. */
dec holding_average_price(const struct holding *holding);
/* Σ cost of its lots. */
dec holding_cost(const struct holding *holding);
/* The same as a record. Its time and market price are those of the last mark, the price less what corporate actions
 * have taken off since. Before the first bar there is no market price and so nothing unrealised: the mark is then that
 * of the first fill, whenever that was. */
int ledger_position(const struct ledger *ledger, const struct holding *holding, struct position *position,
                    struct error *error);

/* Takes note of the equity at the end of a moment: what an EQUITY event does. */
int ledger_note_lowest(struct ledger *ledger, dec equity, struct error *error);

static inline int ledger_note_equity(struct ledger *ledger, int64_t time, dec equity, struct error *error)
{
    if (time > ledger->point)
        ledger->point = time;
    return equity >= ledger->day_lowest ? 0 : ledger_note_lowest(ledger, equity, error);
}

/* The same at the ends of some moments that follow each other, in which only prices moved the account; the clock goes
 * along and the day rolls, each time from the equity before. Ahead of it the account is worth what it was before them.
 */
int ledger_note_curve(struct ledger *ledger, const int64_t *time, const struct curve *curve, size_t count,
                      struct error *error);

/* Marks a symbol at the close of a bar: what a MARK event does, for callers that have the slot. */
int ledger_mark(struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t known, dec price,
                struct error *error);
/* Takes an order to work: what an ORDER event does, for callers that have its symbol's and its instance's place and
 * know that its id does not work yet. NULL on error. */
struct open_order *ledger_add_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                    struct error *error);
/* Books a fill: what a FILL event does, for callers that have the numbers. */
int ledger_book(struct ledger *ledger, const struct execution *fill, struct error *error);
/* The lots of a holding in the order in which a fill that names `named` ("": none) would close them: the one after
 * `last` (NULL: the first); NULL: there is no other. */
const struct lot *ledger_lot_after(const struct ledger *ledger, const struct holding *holding, const char *named,
                                   const struct lot *last);
/* Changes the status of a working order: what an ORDER_UPDATE event does, for callers that have the open order, which
 * is gone once the status is final. */
int ledger_update(struct ledger *ledger, const struct open_order *open_order, enum order_status status, int64_t time,
                  struct error *error);
/* Another quantity for a working order, of which more than is filled: what an ORDER_UPDATE with one does. */
int ledger_resize(struct ledger *ledger, const struct open_order *open_order, dec quantity, struct error *error);
/* Another quantity or other prices for one (DEC_NONE: as they are), from a moment on: what an ORDER_UPDATE with a
 * revision does. What it said until then is kept, for bars that opened before. */
int ledger_replace(struct ledger *ledger, const struct open_order *open_order, const struct replace *replace,
                   int64_t time, struct error *error);
/* The same is asked of a venue that answers later: what an ORDER_UPDATE that says pending_replace does. */
void ledger_ask_replace(struct ledger *ledger, const struct open_order *open_order, dec quantity, dec limit_price,
                        dec stop_price);
/* Another limit_price for one, which comes nearer with age. */
void ledger_move_limit(struct ledger *ledger, const struct open_order *open_order, dec limit_price);
/* Another stop_price for one (DEC_NONE: as it is) / its stop_price has set it off: the same. */
void ledger_move_stop(struct ledger *ledger, const struct open_order *open_order, dec stop_price);
void ledger_trigger(struct ledger *ledger, const struct open_order *open_order, int64_t time);
/* Other prices at which something begins, and another step by which a target comes nearer (DEC_NONE or less: as they
 * are), for one that has them: its entry has filled further. */
void ledger_measure(struct ledger *ledger, const struct open_order *open_order, dec active_price, dec even_price,
                    dec fall);
/* How much of a holding no working stop would sell or buy back, unsigned. A stop limit that was set off and has not
 * filled is none any more: it waits for its limit. */
dec ledger_unprotected(const struct ledger *ledger, const struct holding *holding);
/* Has the account seen this bar (or a later one of its interval)? */
bool ledger_has_seen(const struct ledger *ledger, int slot, struct interval interval, int64_t bar);
/* Has a bar of another interval come that began within this one, which opened at a moment? */
bool ledger_is_covered(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t opens);
/* Is the bar news to the account: not seen, and something held or working in the symbol is older than its end? */
bool ledger_wants_bar(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t known);
/* The highest attempt of the exits that the account has had from a signal, 0 for none: an id is made of both, and none
 * is used twice. */
int64_t ledger_exit_attempts(const struct ledger *ledger, const char *signal);
/* Would a working order expire at this moment? */
bool ledger_has_expiring(const struct ledger *ledger, int64_t known);
/* All that ended by then have gone: what ends next is looked for anew. */
void ledger_note_ends(struct ledger *ledger);
/* Working orders have been given other prices: what they may cost is worked out anew. */
void ledger_recost(struct ledger *ledger, struct open_order *open_order);
/* What an order, or the rest of one, would cost at its limit, or the price it was sized on and the stop that starts it,
 * whichever is dearer; -1: nothing says, or it is out of range. */
int order_cost(const struct order *order, dec quantity, dec multiplier, dec *cost);
/* What the working entries of a symbol (slot; -1: of all) may cost, unsigned; `own`: of it what they need of buying
 * power. Of one symbol in its currency, of all in the account's. -1: of one nobody knows, or it is out of range. */
int ledger_entry_cost(const struct ledger *ledger, int slot, bool own, dec *cost);
/* Of the working entries of one currency, in it: what they may cost. -1 likewise. */
int ledger_entry_cost_in(const struct ledger *ledger, int currency, dec *cost);
/* What an entry takes from buying power: a short sale its 50 % initial margin (Regulation T), a purchase what nobody
 * lends. */
dec ledger_own_money(const struct ledger *ledger, enum side side, dec cost);
/* Is anything held, or being entered, in a symbol? */
bool ledger_symbol_is_busy(const struct ledger_symbol_state *state);
/* Count an order as working before the journal has it / forget all that are still only planned. */
int ledger_plan(struct ledger *ledger, const struct order *order, struct error *error);
void ledger_unplan(struct ledger *ledger);
/* An entry will be cancelled before the orders that are planned after it: it takes nothing from them. */
void ledger_plan_cancel(struct ledger *ledger, const char *order_id);

/* What is asked of its venue: a new order that waits for none is submitted. Where venues do at once what they are asked
 * nothing is asked by the time that anybody looks. */
enum order_request open_order_request(const struct open_order *open_order);
/* The word of it: what is asked of it or in doubt, else how far it is. */
enum order_status open_order_status(const struct open_order *open_order);
/* How much of it is still to fill, when all that is asked has been done. */
dec open_order_rest(const struct open_order *open_order);
/* Signed: buys 1, sells −1. */
static inline int side_sign(enum side side)
{
    return side == SIDE_BUY || side == SIDE_BUY_TO_COVER ? 1 : -1;
}
bool order_status_is_final(enum order_status status);
/* A protective stop or target, or an exit at a time. */
static inline bool order_is_leg(const struct order *order)
{
    return order->role == ROLE_STOP || order->role == ROLE_TARGET || order->role == ROLE_TIME;
}
/* An order of zeros, and a copy of one: legs beyond its leg_count, more than half of it, are left as they are. */
void order_clear(struct order *order);
void order_copy(struct order *to, const struct order *from);
/* Does it wait for a price to set it off? */
bool open_order_is_waiting(const struct open_order *open_order);
/* What a replaced order said when a bar opened, NULL: nothing yet, or what it says now. Once the symbol was marked by a
 * bar that ended when it was replaced, or later, that is of the past: finer bars have met it. */
const struct past_terms *open_order_past(const struct ledger *ledger, const struct open_order *open_order,
                                         int64_t opens);
/* prices.c: the tick at a price. */
dec order_tick_at(const struct instrument *instrument, dec price);
/* Where a trailing stop stands when `best` was the best price; DEC_NONE: nowhere, the price is too low. */
int order_trail_from(const struct order *order, const struct instrument *instrument, dec best, dec *stop,
                     struct error *error);
/* Exits, legs, what says reduce_only, and by their nature `sell` and `buy_to_cover` (a short position is opened by
 * `sell_short`): never takes more than is held. */
static inline bool order_is_reducing(const struct order *order)
{
    return order->role == ROLE_EXIT || order_is_leg(order) || order->reduce_only == 1 || order->side == SIDE_SELL ||
           order->side == SIDE_BUY_TO_COVER;
}

#endif
