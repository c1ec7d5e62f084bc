/* Carries intents to a broker that answers later, and its silence back: what was sent and is not answered in time is in
 * doubt, and asked about before anything is sent again; a question that is not answered is put again, each time later.
 */
#ifndef TN_BROKER_COURIER_H
#define TN_BROKER_COURIER_H

#include "broker/broker.h"

struct courier {
    struct order_manager *manager;
    const struct broker *broker;
    struct venue *venue;
    struct loop *loop;
    /* How long an answer may take, ns: longer than what was sent can be on its way and still arrive. */
    int64_t patience;
    int64_t wall; /* the moment of the account at the loop's 0: reports of silence need one */
    /* A report, as broker_options has it: of silence. */
    int (*report)(void *context, struct report *report, struct error *error);
    void *context;
    struct errand *errand; /* what was sent and is waited for */
    size_t errands, errand_capacity;
    int64_t timer, due; /* 0: none runs */
    int64_t ready;      /* nothing is sent before, on the loop's clock */
};

/* At the start, with an account that has orders: nothing is sent until what was on its way when somebody stopped has
 * arrived; then the broker is asked about each of them. */
int courier_resume(struct courier *courier, struct error *error);

/* Sends what there is to send; the events that it is made of are durable. */
int courier_send(struct courier *courier, struct error *error);
/* Nothing is waited for any more, and nothing told. */
void courier_clear(struct courier *courier);

#endif
