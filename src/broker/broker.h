/* Brokers: one const struct each, chosen by name (broker_find); no program names one.
 *
 * A broker answers later, by reports, and is given the loop that it waits in and the clock that comes with it. It may
 * be late, silent, tell things twice, and tell them after the end: the order manager makes of that what it means
 * (order/steps.h). What is asked of it is an event in the journal before it is sent, and what may have been sent, and
 * was not answered, it is asked about by the order's id before anything is sent again (broker/courier.h). A new broker
 * is a file with such a struct, and a line in brokers.c. What it has to keep to:
 *
 * - What is sent about one order arrives in the order in which it was sent, or not at all; and within the courier's
 *   patience, or not at all.
 * - An order's id is taken once: sent again, it is answered and changes nothing.
 * - Reports of one order come in the order in which things happened to it, but for repetitions, and fills, which may
 *   come later. A fill has an id of its own, of ID_SIZE - 1 characters at most.
 * - A replace is done with the terms that were asked, or rejected: where it says others, what was asked is sent again.
 * - The answer to a question (`question` in each of its reports) is all fills of the order, all that were taken back,
 *   and then how it stands: STANDING, with all of its terms, where it works or has filled; how it ended; NOT_FOUND.
 *   `filled` of the last is how much of it has filled, with what was taken back since.
 * - An order that reduces a position never takes more than there is, and of the orders of one `oco` one fills: legs and
 *   exits are orders of their own, which work beside each other, and what is asked of them comes too late by then.
 *
 * The paper broker does at once what it is asked: it fills by bars, which it is given by `market`, and reports while it
 * is called. */
#ifndef TN_BROKER_BROKER_H
#define TN_BROKER_BROKER_H

#include "base/loop.h"
#include "order/manager.h"
#include "sim/sim.h"

struct venue; /* an open connection to a broker */

struct broker_options {
    struct loop *loop;           /* NULL where the broker does at once what it is asked */
    const struct ledger *ledger; /* working orders, for one that fills by bars */
    const struct account_terms *terms;
    const struct costs *costs;
    /* The instrument of a symbol; NULL on error. */
    const struct instrument *(*instrument)(void *context, const char *symbol, struct error *error);
    /* Hears of everything that happens to an order; -1 ends the call that led to it. */
    int (*report)(void *context, struct report *report, struct error *error);
    void *context;
};

struct broker {
    const char *name;
    bool at_once; /* it does what it is asked, and there is nothing to send: no send, ask or idle */
    struct venue *(*open)(const struct broker_options *options, struct error *error);
    /* Sends an intent; answers come as reports. -1: it can be sent to no longer. */
    int (*send)(struct venue *venue, const struct intent *intent, struct error *error);
    /* A closed bar of a symbol in which orders work; NULL where bars fill nothing. */
    int (*market)(struct venue *venue, int slot, struct interval interval, const struct bars *bar, struct error *error);
    /* Asks what has become of an order. */
    int (*ask)(struct venue *venue, const char *order_id, int64_t question, struct error *error);
    void (*close)(struct venue *venue); /* NULL is allowed */
};

extern const struct broker broker_paper;
/* The broker of a name; NULL: there is none. */
const struct broker *broker_find(const char *name);

#endif
