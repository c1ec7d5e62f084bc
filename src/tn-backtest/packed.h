/* Files of columns as input of a command. */
#ifndef TN_BACKTEST_PACKED_H
#define TN_BACKTEST_PACKED_H

#include "backtest/pack.h"
#include "base/command.h"

/* *path: the file of columns that the input is, of --file and `files` (NULL-terminated); NULL: records are read. One
 * beside other files is refused, and so is --where of records. */
int packed_find(const struct invocation *invocation, char *const *files, const char **path, struct error *error);

#endif
