/* The orders of an account: what may be taken, what comes of a fill, what ends. Backtest and paper trading are this
 * code and no other. It knows no venue: what works is in the ledger, where a venue of bars (sim/sim.h) reads it, and
 * what a venue has to say comes as a report (ledger/report.h).
 *
 * It keeps no state of its own: what works, what is held and what was seen is in the ledger, and every change is an
 * event that the manager first hands to `emit` (the journal, the output) and then applies to the ledger. Where nobody
 * reads events, none is made: fills are booked from their numbers either way.
 *
 * An order with an `oto` waits, and does nothing, until the order of that id is over: it is sent if that has filled,
 * all or a part of it, else cancelled. Sent at an open it takes part in the rest of the bar, but for what trades at the
 * market; in the course of a bar, from the next one on. An entry is held to the limits when it is submitted, and its
 * money is set aside; an exit is as large, when it is sent, as what there is to sell.
 *
 * An order may fill in parts, where the model says how much a bar can take (fillable): what is left works on for as
 * long as the order does. A stop or touch that was set off and has not filled goes on at the market. fok fills whole or
 * not at all, ioc keeps what it got at once. The legs of an entry are there from its first part on and grow with each:
 * what is measured by the fill (offsets, multiples of R) is then measured by the average of the parts, but for prices
 * that have moved since. A leg that fills ends what is left of its entry, as an order of a group ends the others.
 *
 * What works to reduce a position is never larger than it, and never on its wrong side: it shrinks with it, the legs of
 * the oldest entries first, and is cancelled with it. Legs stay until an exit has sold. Of an entry that a split leaves
 * at no whole number of lots nothing stays working either.
 *
 * No order fills after its valid_until: what ended at the open of a bar or before it expires before the bar fills
 * anything, so that it does not matter whether other symbols had a moment in between; what ends within a bar may fill
 * at its open only.
 *
 * What has expired (a future, an option) is closed at its last price when its last day ends, and what works in it
 * expires. A symbol that is no stock in the account's currency is told by an INSTRUMENT event before its first order.
 *
 * A moment goes: orders_action, and the three steps of a bar, for each of its records; orders_finish; then sizing and
 * orders_submit. The trading day rolls with the events, each at its own time, so that folding them again gives the same
 * day. */
#ifndef TN_ORDER_MANAGER_H
#define TN_ORDER_MANAGER_H

#include "cost/costs.h"
#include "ledger/report.h"
#include "market/calendar.h"
#include "market/candle.h"
#include "market/symbol_calendars.h"
#include "order/steps.h"
#include "record/order_kinds.h"
#include "risk/risk.h"

#define ORDERS_ID_MAX 50 /* characters of an order's id; its fills add to them */

struct order_manager {
    struct ledger *ledger;
    const struct calendar *calendar; /* of the account; NULL: each bar is a session */
    const struct symbol_calendars *calendars;
    struct costs costs;
    struct risk_terms limits;
    struct sha256 *hash; /* for ids; NULL: plain ones, as in order_id_make */
    /* The instrument of a symbol; NULL on error. */
    const struct instrument *(*instrument)(void *context, const char *symbol, struct error *error);
    /* Stores or writes an event before it counts; -1 stops everything. NULL: nobody reads them. */
    int (*emit)(void *context, enum record_type type, const void *value, struct error *error);
    /* Hears of every fill, before it is emitted and counts, and may say its mfe and mae; may be NULL. Of ids it can
     * only see those that are emitted. */
    int (*executed)(void *context, struct execution *execution, struct error *error);
    /* Hears of every order that ends without having filled, before it is emitted and counts; may be NULL. */
    void (*ended)(void *context, const struct order *order, enum order_status status, const char *reason);
    /* An order, and a fill, of the account's events: 1; 0: there is none; -1. Only a venue that answers later is asked
     * for: what it says of an order that is over, and what it says twice. */
    int (*find_order)(void *context, const char *order_id, struct order *order, struct error *error);
    int (*find_fill)(void *context, const char *fill_id, struct fill *fill, struct error *error);
    void *context;
    struct next_night {
        bool known;
        int64_t roll;                 /* nothing is charged before it is over */
        dec interest, credit, borrow; /* what the nights took (< 0) and brought since the manager began, in the
                                         account's currency; not known without a rate, and then not in it */
    } night;
    bool remote;       /* the venue answers later: what is wanted of it is an intent, and counts once it says so */
    int64_t questions; /* the number of the last that such a venue was asked */
    bool liquidates;   /* what a broker would do at a margin call is done */
    uint64_t margin_calls, liquidated; /* points at which there was one, and exits for it, since the manager began */
    bool orders;                       /* emit ORDER and ORDER_UPDATE events */
    uint64_t before;                   /* the last order that worked when the present bar came */
    bool marks;                        /* emit MARK and EQUITY events: paper trading needs them in the journal */
};

/* Is anything held or working in a symbol? Its bars leave no trace otherwise. */
static inline bool orders_concerns(const struct ledger *ledger, int slot)
{
    return ledger->symbol_state[slot].working > 0 || ledger->symbol_state[slot].open > 0;
}

/* A corporate action: quantities and orders change, a dividend is paid, fractions of a share are sold at the mark. Each
 * action counts once; what concerns nothing held or working is not an event. A dividend in a currency of which the
 * account has neither money nor a rate is EXIT_INPUT and has changed nothing. A rename takes positions, orders
 * and all that was seen of the old symbol to the new one; a delisting cancels the orders of its symbol and closes its
 * positions at the action's cash, or else the mark. What is left undone (a spin-off, a rename to what is held already,
 * what comes after later prices) is emitted as an ALERT. */
int orders_action(struct order_manager *manager, const struct action *action, struct error *error);
/* Before anything of a moment: what the nights since the last one have cost is charged, as CASH events of the roll that
 * they follow. Without rates it does nothing; they need a calendar. */
int orders_charge_nights(struct order_manager *manager, int64_t known, struct error *error);
static inline bool orders_has_nights(const struct order_manager *manager, int64_t known)
{
    return manager->costs.carry != NULL && (!manager->night.known || known > manager->night.roll);
}
/* A closed bar, the first of `bar`, in three steps. The caller has made sure that the ledger has not seen it. Of bars
 * in which nothing of the symbol works only start, end and close are read. orders_before_bar  what ended before it
 * expires. 2: a venue of bars is to have it now, and orders_report each of its reports, before it is asked for the
 * next; 1: nothing works; 0: it is nothing to the account, and there is no third step; -1 orders_after_bar   legs
 * follow its prices (`filled`: the first step said 2), and the symbol is marked at its close */
int orders_before_bar(struct order_manager *manager, int slot, const struct bars *bar, struct error *error);
int orders_report(struct order_manager *manager, struct report *report, struct error *error);
int orders_after_bar(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                     bool filled, struct error *error);
/* What is to be sent to a venue that answers later, of the oldest order first; it is taken for sent from then on.
 * Intents are left by events, and the events come first: whoever sends them has made those durable. Of one order
 * nothing is sent before the answer to what was sent last, but its cancel; and while it is in doubt nothing but a
 * question. */
struct intent {
    bool ask; /* nothing is asked of the venue but what it knows of the order: it answers by reports, all fills included
               */
    enum order_request request;
    int64_t question;          /* the number of the question, which its answer says */
    unsigned tries;            /* the how manyth of this order without an answer it is, from 1 */
    const struct order *order; /* as it stands; good until something else is called */
    struct replace wanted;     /* of a REPLACE: DEC_NONE is as it is */
};

/* How far an order is; NULL: over. / Is the venue to be asked about it first? */
enum order_stage orders_stage(const struct open_order *open_order);
bool orders_in_doubt(const struct open_order *open_order);
bool orders_next_intent(struct order_manager *manager, struct intent *intent);
/* Is the answer to something that was sent still awaited? `question`: 0: to a request. */
bool orders_is_awaited(const struct ledger *ledger, const char *order_id, enum order_request request, int64_t question);
/* After a restart: nobody knows what was sent, so the venue is asked about each order before anything is sent again.
 * Questions are numbered from `question` on, which is above all of before: answers to those are none. */
void orders_resume(struct order_manager *manager, int64_t question);
/* The moment is complete: what was valid until now expires; with `point` (bars came: an action alone makes none) an
 * equity point is taken, unless there is a later one; *worth is what the account is worth in any case. When the trading
 * day has lost what it may, working entries are cancelled. An equity at or below the maintenance margin is an ALERT,
 * the same all the trading day; with `liquidates` positions are left at the next open, the largest loss first. */
int orders_finish(struct order_manager *manager, int64_t known, bool point, struct worth *worth, struct error *error);
/* That point as a record. */
void orders_point(const struct order_manager *manager, int64_t known, const struct worth *worth, struct equity *point);

/* A refusal of an order, its time and mode the order's and the account's. 0. */
int orders_refuse(const struct order_manager *manager, struct refusal *refusal, const struct order *order,
                  const char *code, const char *message);
/* Take an order at a moment: 1: working; 0: refused, and `refusal` says why (nothing was emitted); -1: error. An exit
 * first cancels its instance's working entries in the symbol. Beside the limits (risk_check) these
 * are refused: TIME_IN_FORCE (gtd without valid_until, ioc fok opg cls of what waits for a price), LEGS that are not
 * one stop and one target at most, or on an exit, OTO (the order that it is to follow does not work), ORDER_ID of more
 * than ORDERS_ID_MAX characters, DUPLICATE. Legs are named after their entry's id. */
int orders_submit(struct order_manager *manager, const struct order *order, int64_t now, struct refusal *refusal,
                  struct error *error);
/* Until when an order may fill, where it says so by its time in force: an order for the day, at once or at the close
 * until the first session that ends after its decision does, one for an open until the session of that open ends, one
 * until a date until that date's session does, or the date has no session. Of what it was submitted at nothing
 * may depend: the same order again is the same order. */
int orders_find_end(const struct calendar *calendar, struct order *order, struct error *error);
/* The second half of it, for an order that risk_decide_at has given for this very moment, before anything else happened
 * to the account: taken without asking the limits again. `slot` and `holding` are its symbol's and its instance's. */
int orders_accept(struct order_manager *manager, const struct order *order, int slot, int holding, int64_t now,
                  struct error *error);
/* The id of the n-th fill of an order: "ORDER.n", of the order's id at most ORDERS_ID_MAX characters. */
void orders_fill_id(char id[static ID_SIZE], const char *order_id, int n);
/* Change a working order, from a moment on; it keeps its id and its place among the others. 1: changed; 2: it
 * says so already, or was replaced at a later moment, and nothing is done; 0: refused,
 * and `refusal` says why: NOT_WORKING, or REPLACE where it would have a price that orders of its type have not, a
 * quantity that has filled or, of a leg, any (it follows its position), or what the limits say to such an order, unless
 * it only becomes smaller. */
int orders_replace(struct order_manager *manager, const struct replace *replace, int64_t now, struct refusal *refusal,
                   struct error *error);
/* Where the stop of an entry that fills at a price is placed, DEC_NONE: it has none. */
int orders_first_stop(const struct order_manager *manager, const struct order *entry, dec price, dec *stop,
                      struct error *error);
/* Cancel a working order: 1: cancelled; 0: no such working order. */
int orders_cancel(struct order_manager *manager, const char *order_id, int64_t time, const char *reason,
                  struct error *error);

#endif
