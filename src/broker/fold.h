/* An account's ledger, read from the journal: now, and again whenever others have written. */
#ifndef TN_BROKER_FOLD_H
#define TN_BROKER_FOLD_H

#include "journal/journal.h"
#include "journal/kinds.h"
#include "ledger/ledger.h"

struct fold {
    struct journal *journal; /* not owned */
    struct ledger *ledger;   /* not owned */
    struct event_reader reader;
    int64_t after; /* the last event that is in the ledger */
};

int fold_init(struct fold *fold, struct journal *journal, struct ledger *ledger, struct error *error);
void fold_clear(struct fold *fold);
/* Apply the account's events that came since. EXIT_STATE: they do not fit together. */
int fold_catch_up(struct fold *fold, struct error *error);

#define ACCOUNT_MAX 56 /* characters of an account's name: ids are made of it */

/* "$data/ACCOUNT.KIND", to be freed; NULL for a name that is no plain file name (EXIT_INPUT). */
char *account_file(const struct config *config, const char *account, const char *kind, struct error *error);
/* The account a command is about: --account, else the only one configured, else "paper". A live one is refused: there
 * is no broker to trade it with. */
const char *account_choose(const struct config *config, const char *given, struct error *error);

#endif
