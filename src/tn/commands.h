/* The commands of tn, and what they share. */
#ifndef TN_COMMANDS_H
#define TN_COMMANDS_H

#include "base/command.h"
#include "show/style.h"

/* The words of the programs, "quote" for tn-quote, ended by NULL. */
extern const char *const family[];

/* "FOLDER/tn-NAME" of the folder this program was started from, into a path of PATH_MAX bytes. */
int own_path(char *path, const char *name, struct error *error);

enum exit_code settings_run(struct invocation *invocation, struct error *error);
extern const struct option_spec session_options[];
enum exit_code session_run(struct invocation *invocation, struct error *error);
enum exit_code health_run(struct invocation *invocation, struct error *error);
enum exit_code metrics_run(struct invocation *invocation, struct error *error);
enum exit_code doctor_run(struct invocation *invocation, struct error *error);

#endif
