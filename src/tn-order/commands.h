/* The commands of tn-order, and what they share. */
#ifndef TN_ORDER_COMMANDS_H
#define TN_ORDER_COMMANDS_H

#include "base/command.h"
#include "broker/paper.h"
#include "feed/input.h"
#include "show/table.h"

enum exit_code order_open(struct invocation *invocation, struct error *error);
enum exit_code order_submit(struct invocation *invocation, struct error *error);
enum exit_code order_run(struct invocation *invocation, struct error *error);
enum exit_code order_settle(struct invocation *invocation, struct error *error);
enum exit_code order_positions(struct invocation *invocation, struct error *error);
enum exit_code order_account(struct invocation *invocation, struct error *error);
enum exit_code order_orders(struct invocation *invocation, struct error *error);
enum exit_code order_accounts(struct invocation *invocation, struct error *error);
enum exit_code order_cancel(struct invocation *invocation, struct error *error);
enum exit_code order_replace(struct invocation *invocation, struct error *error);
enum exit_code order_again(struct invocation *invocation, struct error *error);
enum exit_code order_convert(struct invocation *invocation, struct error *error);
enum exit_code order_halt(struct invocation *invocation, struct error *error);
enum exit_code order_resume(struct invocation *invocation, struct error *error);

/* watch.c: positions --watch. */
enum exit_code positions_watch(struct invocation *invocation, struct error *error);

/* One event as a transaction of its own, and the journal for it: what needs no account read. */
int manual_append(struct journal *journal, enum record_type type, const void *value, struct error *error);
struct journal *manual_journal(const struct config *config, enum journal_access access, struct error *error);

#define LOCK_WAIT (5 * TIME_SECOND) /* for another process to finish with the account */

#endif
