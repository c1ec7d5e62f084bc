/* From a level to a permitted order: sizing, limits, and what has to be cancelled first.
 *
 * A signal says which position an instance wants; risk_decide compares that with what the instance has (position and
 * working orders in the ledger) and gives at most one order. risk_check holds an order against the limits; sizing asks
 * it, and tn-order once more under the account's lock. In a backtest nothing happens in between. An order that only
 * reduces a known position passes every limit. Pure. */
#ifndef TN_RISK_RISK_H
#define TN_RISK_RISK_H

#include "base/buf.h"
#include "base/hash.h"
#include "ledger/ledger.h"
#include "market/calendar.h"
#include "market/instrument.h"

enum sizing {
    SIZING_RISK,     /* equity × value ÷ distance to the stop (R. Jones / V. Tharp: fixed fractional) */
    SIZING_NOTIONAL, /* value in the account's currency; with % of equity */
    SIZING_QUANTITY, /* value units */
};

struct risk_terms {
    enum sizing sizing;
    dec sizing_value;
    bool sizing_fraction; /* sizing_value is a fraction of equity */
    dec max_position;     /* of equity, per symbol, working entries included */
    dec max_sector;       /* of equity, for all symbols of a sector, likewise; 0: any */
    dec daily_loss;       /* of the equity at the roll: once a day has lost it, nothing decided on that day enters */
    int64_t max_positions;
    int64_t entry_within; /* closed bars: a decision is entered while it is younger; 0: always */
    int64_t now;          /* of the question: the day may have rolled since the account's last event */
    dec maintenance[2];   /* of what is long, and of what is short: the equity that a broker asks for */
    bool cash_account;    /* nothing is sold short or borrowed, and money is spent when it has settled */
    bool halted;          /* beside what the ledger says: nothing enters */
    bool long_only;
    bool fractional; /* quantities in steps of RISK_FRACTION instead of the instrument's lot */
};

#define RISK_FRACTION (DEC_ONE / 1000000) /* smallest step of a fractional quantity */

/* 1 % of equity at risk, 5 % a position, 2 % a day, 10 positions, entries within a bar, long only, whole units. */
struct risk_terms risk_defaults(void);
/* "risk:1%", "notional:10000", "notional:5%", "quantity:100". */
int risk_parse_sizing(struct risk_terms *terms, const char *text, struct error *error);

/* "1" and more, or "any". */
int risk_parse_within(struct risk_terms *terms, const char *text, struct error *error);

#define RISK_CANCELS_MAX  8
#define RISK_REPLACES_MAX 2

struct risk_result {
    struct cancel cancel[RISK_CANCELS_MAX]; /* before the order */
    int cancels;
    bool has_order, has_refusal;               /* at most one of them, … */
    struct replace replace[RISK_REPLACES_MAX]; /* … or these: of a working entry, or of what protects, whose level … */
    int replaces;                              /* … has moved */
    struct order order;                        /* its raw fields point into `text` */
    struct refusal refusal;
    const char *clipped; /* with an entry: the limit that made it smaller than the sizing asked for, NULL for none */
    bool brief;          /* set by the caller: orders go without `risk` and `basis`, nobody will read them */
    const char *told;    /* set by the caller: the signal whose refusal it has told; that it is late too goes unsaid */
    struct buf text;     /* owned; reset by every risk_decide */
};

void risk_result_init(struct risk_result *result);
void risk_result_clear(struct risk_result *result);

/* What to do about a level. `valid_until`: the close of the first session that ends after the signal's time; an entry
 * at the market that was not filled by then expires. One at a stop or limit is good for the signal's entry_bars, and
 * moves with its entry_price. Orders get their id here. */
int risk_decide(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                struct sha256 *hash, const struct signal *signal, int64_t valid_until, struct risk_result *result,
                struct error *error);
/* The same for callers that know where the signal belongs: its symbol's slot and its instance's holding; -1: there is
 * none yet. */
int risk_decide_at(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                   struct sha256 *hash, const struct signal *signal, int slot, int holding, int64_t valid_until,
                   struct risk_result *result, struct error *error);

/* Fills in what a signal may leave out: its interval, from the bar that caused it (none stays none), and its age, by
 * the sessions or the time between its decision and its bar. -1: the calendar does not know these years. */
int risk_complete_signal(const struct calendar *calendar, struct signal *signal, struct error *error);
/* Would risk_decide have anything to say about this level? A cheap no for the common case: what is wanted is held, or
 * nothing is wanted and nothing is there. `holding`: the instance's, NULL when it never had one. */
bool risk_is_settled(const struct ledger *ledger, const struct holding *holding, int slot, enum want side);

/* 0: permitted; 1: refused, and `refusal` says why (its message may point into it); -1: error. The order itself must
 * not be working yet. */
int risk_check(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
               const struct order *order, struct refusal *refusal, struct error *error);
/* Has the present trading day lost what a day may, at this equity or before? 1, 0; -1: error. */
int risk_day_is_lost(const struct ledger *ledger, const struct risk_terms *terms, dec equity, struct error *error);
/* The maintenance margin of what is held; DEC_NONE where a rate is missing. */
int risk_maintenance(const struct ledger *ledger, const struct risk_terms *terms, dec *margin, struct error *error);
/* Is an equity at or below it? Quick where it is not: no margin is more than what is held. */
static inline bool risk_may_be_called(const struct risk_terms *terms, dec equity, dec exposure)
{
    const dec most = terms->maintenance[0] > terms->maintenance[1] ? terms->maintenance[0] : terms->maintenance[1];
    return exposure > 0 && (__int128)equity * DEC_ONE <= (__int128)exposure * most; /* DEC_NONE: not known */
}
/* Are its prices, and those of its legs, whole ticks; below a dollar hundredths of a cent, if that is finer (SEC Rule
 * 612)?
 */
bool order_is_on_tick(const struct order *order, dec tick);
/* The same of an order that comes in, whatever it is for: else EXIT_INPUT, which names it. */
int order_check_tick(const struct order *order, dec tick, struct error *error);

/* Why an order may not have the legs it has, NULL: it may. */
const char *order_legs_fault(const struct order *order);

/* "tn" and 16 base32 characters: 80 bits of SHA-256 over account, signal, role and attempt, each ended by a NUL.
 * Without a hash, for runs whose records nobody reads: the three as they are, unique as far as the signal's id is (of
 * at most RISK_PLAIN_SIGNAL characters). */
#define RISK_PLAIN_SIGNAL 44
int order_id_make(char id[static ID_SIZE], struct sha256 *hash, const char *account, const char *signal, enum role role,
                  int64_t attempt, struct error *error);

#endif
