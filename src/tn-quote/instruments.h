/* The command that lists instruments, and the file they are kept in. */
#ifndef TN_TN_QUOTE_INSTRUMENTS_H
#define TN_TN_QUOTE_INSTRUMENTS_H

#include "base/command.h"
#include "base/config.h"
#include "base/str.h"

#include <stddef.h>

enum exit_code quote_instruments(struct invocation *invocation, struct error *error);
/* Add `instrument` records to the file of instruments: those that say something new, which `saved` counts. */
int save_instruments(const struct config *config, const struct str *line, size_t lines, size_t *saved,
                     struct error *error);

#endif
