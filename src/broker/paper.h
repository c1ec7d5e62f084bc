/* The paper account: orders and bars in, events in the journal, fills by the orders and the venue that backtests use.
 *
 * What happens is appended to the journal before it counts; what is told (`say`) has been committed. An account is
 * traded by one process at a time, the holder of its lock; others may append to it (a halt, a deposit), and every
 * transaction begins by reading what they wrote. */
#ifndef TN_BROKER_PAPER_H
#define TN_BROKER_PAPER_H

#include "broker/account.h"
#include "broker/broker.h"

struct paper;

struct paper_options {
    const struct config *config;
    const char *account;
    int64_t wait; /* for the account's lock, ns */
    bool dry_run; /* nothing is kept: everything is told, then rolled back */
    /* Tells a record, as its line with LF, after it is durable. May be NULL. */
    int (*say)(void *context, enum record_type type, struct str line, struct error *error);
    void *context;
};

/* EXIT_UNAVAILABLE: another process trades the account; EXIT_USAGE: it was never opened. */
struct paper *paper_open(const struct paper_options *options, struct error *error);
/* Rolls back what was not committed. NULL is allowed. */
void paper_close(struct paper *paper);

/* The next market record of a stream in the order of moments. A bar the account has seen, or that concerns nothing it
 * holds or has working, changes nothing. */
int paper_bar(struct paper *paper, const struct bar *bar, struct error *error);
int paper_action(struct paper *paper, const struct action *action, struct error *error);
/* The current moment is complete: expiries and the equity point. */
int paper_finish_moment(struct paper *paper, struct error *error);
/* What pairs were last worth becomes part of the account: before a question about it, and at the end of an input. Then
 * a pair that is only one of two of a cross rate does too. */
int paper_keep_rates(struct paper *paper, struct error *error);
int paper_keep_last_rates(struct paper *paper, struct error *error);
/* Begins the transaction: the ledger knows what others wrote. */
int paper_begin(struct paper *paper, struct error *error);
/* An event that a person has decided on, as part of the transaction. */
int paper_event(struct paper *paper, enum record_type type, const void *value, struct error *error);
const struct ledger *paper_ledger(const struct paper *paper);
struct journal *paper_journal(const struct paper *paper);
/* A heartbeat: what was known before `time` is complete. */
int paper_heartbeat(struct paper *paper, int64_t time, struct error *error);
/* Is the order one for this account: of its name and mode, its prices on the tick? Else EXIT_INPUT; paper_submit asks
 * again. */
int paper_check(struct paper *paper, const struct order *order, struct error *error);
/* Orders work from `now` on, or from their decision when that is later; TIME_NONE: this moment of the stream, which is
 * finished first: what was valid until now has expired. 1: taken;
 * 2: known already, nothing done; 0: refused, which is told and kept (DUPLICATE: the id is known with other content);
 * -1: error. */
int paper_submit(struct paper *paper, const struct order *order, int64_t now, struct error *error);
/* Was an entry refused because servers say that the clock of this machine is off? */
bool paper_clock_is_off(const struct paper *paper);
/* Keep in the journal what somebody else refused and told; and what is kept already, as journal_refusals has it. */
int paper_remember(struct paper *paper, const struct refusal *refusal, struct error *error);
int paper_remembered(struct paper *paper, struct names *refused, struct error *error);
/* As orders_replace says it; what is refused is told and kept. */
int paper_replace(struct paper *paper, const struct replace *replace, int64_t now, struct error *error);
/* 1: cancelled; 0: nothing of this id works. */
int paper_cancel(struct paper *paper, const char *order_id, int64_t now, const char *reason, struct error *error);
/* How many working orders of a symbol ("": of all) were cancelled, -1 on error: entries, and what was ordered by hand;
 * with `all` exits and protective legs too. *left: how many of these stay. */
int paper_cancel_symbol(struct paper *paper, const char *symbol, bool all, int64_t now, int *left, struct error *error);
/* Cancel what the kill switch has asked to be cancelled. Every other transaction begins with that too. */
int paper_obey_halt(struct paper *paper, int *cancelled, struct error *error);
/* The same order again under its next attempt: for an entry that is final without a fill. A symbol stands for the last
 * entry in it, where only one strategy has any. */
int paper_again(struct paper *paper, const char *order_id, int64_t now, struct error *error);
/* Everything so far durable and told. */
int paper_commit(struct paper *paper, struct error *error);
/* A record of the input is dealt with. */
void paper_record_done(struct paper *paper);
/* After an error: commits what was done for the records before, unless the one in hand was begun already. */
int paper_commit_done(struct paper *paper, struct error *error);
/* Finish the moment, commit, and say so beside the lock: what `sync` asks for. */
int paper_confirm(struct paper *paper, const struct sync *sync, struct error *error);

#endif
