/* The commands of tn-notify, and what they share. */
#ifndef TN_NOTIFY_COMMANDS_H
#define TN_NOTIFY_COMMANDS_H

#include "base/command.h"
#include "feed/input.h"
#include "notify/deliver.h"
#include "show/table.h"

/* The configuration with its channels and rules, and the queue. */
struct office {
    struct config *config;
    struct channels channels;
    struct rules *rules;
    struct queue *queue;
    struct courier courier;
    bool opened;
};

/* -1: nothing is to be closed but by office_close, which is harmless on a zeroed office. */
int office_open(struct office *office, const struct invocation *invocation, struct error *error);
void office_close(struct office *office);
/* One pass over the queue, alone: waits for another one to finish. What is waiting then is said. The exit code of the
 * worst that happened to a channel; the queue's own failure is in `error`. */
enum exit_code office_deliver(struct office *office, const struct invocation *invocation, struct error *error);

enum exit_code notify_send(struct invocation *invocation, struct error *error);
enum exit_code notify_journal(struct invocation *invocation, struct error *error);
enum exit_code notify_deliver(struct invocation *invocation, struct error *error);
enum exit_code notify_test(struct invocation *invocation, struct error *error);
enum exit_code notify_channels(struct invocation *invocation, struct error *error);
enum exit_code notify_rules(struct invocation *invocation, struct error *error);
enum exit_code notify_queue(struct invocation *invocation, struct error *error);
enum exit_code notify_acknowledge(struct invocation *invocation, struct error *error);
enum exit_code notify_file(struct invocation *invocation, struct error *error);
enum exit_code notify_bot(struct invocation *invocation, struct error *error);
enum exit_code notify_again(struct invocation *invocation, struct error *error);

#endif
