/* One account, opened: its terms from the configuration, the journal, its ledger. The one door for whoever shows, sizes
 * or trades it.
 *
 * Opening reads the latest saved state and the account's events after it, however old the account is. Reading needs no
 * lock; trading takes ACCOUNT.lock. */
#ifndef TN_BROKER_ACCOUNT_H
#define TN_BROKER_ACCOUNT_H

#include "broker/account_terms.h"
#include "journal/replay.h"

enum account_access {
    ACCOUNT_READ,
    ACCOUNT_TRADE, /* holds ACCOUNT.lock */
};

struct account_options {
    const struct config *config;
    const char *name;
    const struct invocation *invocation; /* whose options the terms follow; may be NULL */
    int tables;                          /* which of account_terms.h's the command has */
    int64_t wait;                        /* for the lock, ns */
};

/* Not to be moved while open: the terms point into it. */
struct account {
    struct account_terms terms;
    struct lock *lock; /* NULL: reading */
    struct journal *journal;
    struct replay replay;
    struct ledger *ledger; /* the replay's */
};

/* EXIT_UNAVAILABLE: another process trades the account; EXIT_USAGE: it was never opened; EXIT_STATE: what was read does
 * not hold together. After an error only account_close is allowed; it is harmless on a zeroed account. */
int account_open(struct account *account, const struct account_options *options, enum account_access access,
                 struct error *error);
void account_close(struct account *account);
/* Apply what others wrote since. */
int account_catch_up(struct account *account, struct error *error);

/* A transaction, for the holder of the lock. It begins with what others wrote. */
int account_begin(struct account *account, struct error *error);
/* Append one record in it, before it counts: the caller applies it to the ledger. 1; 0: it is there already; -1. `line`
 * (may be NULL) gets its line, without LF, until the next call. */
int account_append(struct account *account, enum record_type type, const void *value, struct str *line,
                   struct error *error);
/* Durable; with a checkpoint when one is due. */
int account_commit(struct account *account, struct error *error);
/* Nothing of it is kept in the journal; the ledger keeps what it did (a dry run). */
void account_discard(struct account *account);

/* Says that a saved state was not used, when one was not. */
void tell_dropped(const struct invocation *invocation, const struct account *account);

/* Has the account ever had cash? EXIT_USAGE, with the way to open it, when it has not. It is not read. */
int account_check_open(struct journal *journal, const char *account, struct error *error);

/* "$data/ACCOUNT.KIND", to be freed; NULL for what account_check_name refuses. */
char *account_file(const struct config *config, const char *account, const char *kind, struct error *error);
/* The account a command is about: --account, else the only one configured, else "paper". What can be no account's name
 * is refused, and a live one: there is no broker to trade it with. */
const char *account_choose(const struct config *config, const char *given, struct error *error);

#endif
