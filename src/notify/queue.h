/* The queue of messages: $state/notify.db. What is queued is on the disk before anyone is told, and stays until it has
 * been delivered, so that an outage or a crash loses nothing.
 *
 * A message goes to channels; each (message, channel) is a delivery of its own, with its attempts. A delivery that was
 * being sent when the program died may have arrived: it is sent again and says so. */
#ifndef TN_NOTIFY_QUEUE_H
#define TN_NOTIFY_QUEUE_H

#include "db/db.h"
#include "record/types.h"

struct queue;

enum delivery_state { DELIVERY_WAITING, DELIVERY_SENDING, DELIVERY_SENT, DELIVERY_FAILED };

struct message {
    int64_t id;     /* given by queue_add */
    int64_t queued; /* ns UTC */
    enum alert_level level;
    const char *rule;
    struct str key, title, text, record; /* record: its line */
};

struct queue *queue_open(const char *path, struct error *error);
void queue_close(struct queue *queue); /* NULL is allowed; what was not committed is gone */
int queue_begin(struct queue *queue, struct error *error);
int queue_commit(struct queue *queue, struct error *error);
void queue_rollback(struct queue *queue);

/* 1: *id is the message's; 0: one with this rule and key is there, not older than `repeat` ns (0: however old); -1. */
int queue_add(struct queue *queue, const struct message *message, int64_t repeat, int64_t *id, struct error *error);
/* A state is now so: 1 when that is worth a message: it has become true, or has been for `repeat` ns since the last
 * one; 0; -1. */
int queue_state(struct queue *queue, const char *rule, struct str key, bool holds, int64_t now, int64_t repeat,
                struct error *error);
int queue_deliver_to(struct queue *queue, int64_t message, const char *channel, int64_t due, struct error *error);

/* What waits for a channel and is due: its messages of at least a level, oldest first, into `visit`. Texts live during
 * the call. `again`: it may have arrived before. */
typedef int queue_visit(void *context, const struct message *message, int attempts, bool again, struct error *error);
int queue_due(struct queue *queue, const char *channel, int64_t now, enum alert_level least, int most,
              queue_visit *visit, void *context, struct error *error);
/* How many are due, of at least a level. */
int64_t queue_count_due(struct queue *queue, const char *channel, int64_t now, enum alert_level least,
                        struct error *error);
/* Sendings of a channel since a moment: several messages sent as one count once. */
int64_t queue_count_sent(struct queue *queue, const char *channel, int64_t since, struct error *error);
/* One sending, under a moment of its own, of the messages `first` to `last` that were due at `now` and are of at least
 * a level: it begins (on the disk), and ends with SENT, with FAILED, or WAITING until `due`. */
int queue_sending(struct queue *queue, const char *channel, int64_t first, int64_t last, int64_t now,
                  enum alert_level least, int64_t moment, struct error *error);
int queue_sent(struct queue *queue, const char *channel, enum delivery_state state, int64_t moment, int64_t due,
               const char *why, struct error *error);
/* Critical messages that a channel delivered before `before` and nobody acknowledged go to another channel, or, where
 * it is the same, wait again: how many; -1. */
int64_t queue_escalate(struct queue *queue, const char *channel, const char *to, int64_t before, int64_t now,
                       struct error *error);
/* 1: acknowledged; 0: there is no such message, or it was already. id 0: all of them, how many. */
int64_t queue_acknowledge(struct queue *queue, int64_t id, int64_t now, struct error *error);
/* A failed delivery waits again; id 0: all of them. How many. */
int64_t queue_again(struct queue *queue, int64_t id, int64_t now, struct error *error);
/* Messages delivered everywhere and older than `before` are forgotten; states stay. */
int queue_trim(struct queue *queue, int64_t before, struct error *error);

/* One line of `tn-notify queue`. */
struct delivery {
    struct message message;
    const char *channel; /* NULL: a message that no channel took */
    enum delivery_state state;
    int attempts;
    int64_t due, sent, acknowledged; /* TIME_NONE */
    struct str error;
};
typedef int queue_list_visit(void *context, const struct delivery *delivery, struct error *error);
/* All deliveries, oldest first; `open`: only those not sent, and critical ones not acknowledged. */
int queue_list(struct queue *queue, bool open, queue_list_visit *visit, void *context, struct error *error);

/* How far something was read, by name: 0 at first. */
int queue_place(struct queue *queue, const char *name, int64_t *place, struct error *error);
int queue_set_place(struct queue *queue, const char *name, int64_t place, struct error *error);

#endif
