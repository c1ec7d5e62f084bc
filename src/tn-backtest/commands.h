/* The commands of tn-backtest. */
#ifndef TN_BACKTEST_COMMANDS_H
#define TN_BACKTEST_COMMANDS_H

#include "base/command.h"

extern const struct option_spec walk_option_table[], montecarlo_option_table[], diff_option_table[];

enum exit_code backtest_run(struct invocation *invocation, struct error *error);
enum exit_code backtest_sweep(struct invocation *invocation, struct error *error);
enum exit_code backtest_walk_forward(struct invocation *invocation, struct error *error);
enum exit_code backtest_montecarlo(struct invocation *invocation, struct error *error);
enum exit_code backtest_check(struct invocation *invocation, struct error *error);
enum exit_code backtest_diff(struct invocation *invocation, struct error *error);
enum exit_code backtest_pack(struct invocation *invocation, struct error *error);
enum exit_code backtest_merge(struct invocation *invocation, struct error *error);

#endif
