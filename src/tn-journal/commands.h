/* The commands of tn-journal, and what they share. */
#ifndef TN_JOURNAL_COMMANDS_H
#define TN_JOURNAL_COMMANDS_H

#include "base/command.h"
#include "journal/journal.h"
#include "show/style.h"

/* The user's configuration and the journal of it. */
struct home {
    struct config *config;
    char *path;
    struct journal *journal;
};

int home_open(struct home *home, enum journal_access access, struct error *error);
/* The same without opening the journal. */
int home_find(struct home *home, struct error *error);
void home_close(struct home *home);

enum exit_code journal_record(struct invocation *invocation, struct error *error);
enum exit_code journal_adjust(struct invocation *invocation, struct error *error);
enum exit_code journal_show(struct invocation *invocation, struct error *error);
enum exit_code journal_tell_why(struct invocation *invocation, struct error *error);
enum exit_code journal_check_all(struct invocation *invocation, struct error *error);
enum exit_code journal_rebuild_tables(struct invocation *invocation, struct error *error);
enum exit_code journal_back_up(struct invocation *invocation, struct error *error);
enum exit_code journal_answer(struct invocation *invocation, struct error *error);

#endif
