/* The trial ledger of the user, as the commands of tn-backtest keep it. */
#ifndef TN_BACKTEST_LEDGER_H
#define TN_BACKTEST_LEDGER_H

#include "backtest/trials.h"
#include "base/command.h"
#include "base/config.h"

/* Where it is; NULL with a message said when its folder cannot be made. */
const char *ledger_path(const struct config *config, const struct invocation *invocation);
/* Appends trials; what goes wrong is said and nothing else, a run does not hang on it. */
void ledger_note(const struct config *config, const struct invocation *invocation, const struct trials *trials);

#endif
