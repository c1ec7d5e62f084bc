/* Working off the queue: what is due for each channel goes out, within its hours and its rate; what fails waits longer
 * each time; what is critical and not acknowledged goes further. */
#ifndef TN_NOTIFY_DELIVER_H
#define TN_NOTIFY_DELIVER_H

#include "notify/channel.h"
#include "notify/rules.h"

/* Of more messages than this that wait for a channel one is made, which lists them. */
#define DELIVER_SINGLY 3

struct delivery_counts {
    int64_t sent, waiting, failed; /* messages; waiting: due, but held back by quiet hours, the rate, or a failure */
};

/* One pass over all channels. What a channel's failure means is said on standard error and kept in the queue; the exit
 * code of the worst is in `worst`. -1 only when the queue itself fails. */
int deliver_due(struct queue *queue, const struct channels *channels, struct courier *courier, int64_t now,
                struct delivery_counts *counts, enum exit_code *worst, struct error *error);

/* A record meets the rules: what they find is queued for the channels that take it. How many new messages; -1. Inside a
 * transaction of the queue. */
int64_t notify_record(struct queue *queue, const struct channels *channels, struct rules *rules,
                      const struct record *record, int64_t now, struct error *error);
/* One message of our own making, by the rule's name `rule`; it goes to all channels but `except` (NULL: none). */
int notify_message(struct queue *queue, const struct channels *channels, const struct message *message,
                   const char *except, struct error *error);
/* Deliver a notice to a channel at once, past the queue: to try it out. */
int deliver_test(const struct channel *channel, struct courier *courier, int64_t now, struct error *error);

#endif
