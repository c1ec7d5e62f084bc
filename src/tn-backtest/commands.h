/* The commands of tn-backtest. */
#ifndef TN_BACKTEST_COMMANDS_H
#define TN_BACKTEST_COMMANDS_H

#include "base/command.h"

enum exit_code backtest_sweep(struct invocation *invocation, struct error *error);
enum exit_code backtest_pack(struct invocation *invocation, struct error *error);
enum exit_code backtest_merge(struct invocation *invocation, struct error *error);

#endif
