/* What the bot answers: made by the other programs, which only read; and the halt, which needs a code. */
#ifndef TN_NOTIFY_ANSWER_H
#define TN_NOTIFY_ANSWER_H

#include "base/config.h"
#include "notify/bot.h"

struct answer {
    struct buf text;
    struct buf picture; /* a PNG; empty: none */
};

/* Never fails: what could not be found out is in the text. */
void answer_make(struct answer *answer, const struct bot_command *command, const struct config *config,
                 const char *account);
/* Halt the account, in words; `who` and what they said are the reason. */
void answer_halt(struct answer *answer, const struct bot_command *command, const char *account, const char *who);

#endif
