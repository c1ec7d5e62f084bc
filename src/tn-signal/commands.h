/* The commands of tn-signal, and what they share. */
#ifndef TN_SIGNAL_COMMANDS_H
#define TN_SIGNAL_COMMANDS_H

#include "base/command.h"
#include "exchange/exchange.h"
#include "feed/input.h"
#include "feed/operands.h"
#include "show/style.h"

extern const struct option_spec add_options[], track_options[], leaders_options[], regime_options[], rotation_options[],
    consensus_options[], sign_options[];
enum exit_code signal_add(struct invocation *invocation, struct error *error);
enum exit_code signal_run(struct invocation *invocation, struct error *error);
enum exit_code signal_scan(struct invocation *invocation, struct error *error);
enum exit_code signal_rank(struct invocation *invocation, struct error *error);
enum exit_code signal_alert(struct invocation *invocation, struct error *error);
enum exit_code signal_explain(struct invocation *invocation, struct error *error);
enum exit_code signal_track(struct invocation *invocation, struct error *error);
enum exit_code signal_leaders(struct invocation *invocation, struct error *error);
enum exit_code signal_regime(struct invocation *invocation, struct error *error);
enum exit_code signal_rotation(struct invocation *invocation, struct error *error);
enum exit_code signal_consensus(struct invocation *invocation, struct error *error);
enum exit_code signal_key(struct invocation *invocation, struct error *error);
enum exit_code signal_sign(struct invocation *invocation, struct error *error);
enum exit_code signal_check(struct invocation *invocation, struct error *error);
enum exit_code signal_list(struct invocation *invocation, struct error *error);

#endif
