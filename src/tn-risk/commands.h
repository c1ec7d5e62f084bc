/* The commands of tn-risk, and what they share. */
#ifndef TN_RISK_COMMANDS_H
#define TN_RISK_COMMANDS_H

#include "base/command.h"
#include "broker/paper.h"
#include "feed/input.h"

enum exit_code risk_size(struct invocation *invocation, struct error *error);

/* Signals kept until their moment, or the input, is complete: the latest level of each instance in each symbol. */
struct levels;

struct levels *levels_new(struct error *error);
void levels_free(struct levels *levels);
/* Takes a copy; an earlier level of the same instance and symbol is forgotten. */
int levels_add(struct levels *levels, const struct signal *signal, struct error *error);
size_t levels_count(const struct levels *levels);
/* Puts them in the order in which they came; then levels_at gives them. */
void levels_sort(struct levels *levels);
const struct signal *levels_at(const struct levels *levels, size_t index);
void levels_reset(struct levels *levels);

#endif
