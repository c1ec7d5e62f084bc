/* Whoever asks by a messenger: what came from it, who may ask, what was asked. Reading only; no input or output here.
 *
 * Sources, read on 2026-11-26: core.telegram.org/bots/api (getUpdates, sendMessage, sendPhoto), Discord's developer
 * documentation (Get Channel Messages, Create Message, Snowflakes). */
#ifndef TN_NOTIFY_BOT_H
#define TN_NOTIFY_BOT_H

#include "base/buf.h"
#include "record/types.h"

#define BOT_ID_SIZE   32
#define BOT_MESSAGES  100                        /* of one answer; both services give no more */
#define BOT_AGE_MAX   (60 * INT64_C(1000000000)) /* a command that is older is not carried out */
#define BOT_TEXT_MAX  256                        /* bytes of a command */
#define BOT_CODE_SIZE 7

struct bot_message {
    int64_t id;   /* rises: Telegram's update, Discord's message */
    int64_t time; /* when it was sent, by the service; ns */
    char chat[BOT_ID_SIZE], user[BOT_ID_SIZE];
    char text[BOT_TEXT_MAX]; /* cut there; control bytes are blanks */
    bool machine;            /* of a bot, or no message at all: it asks nothing */
};

struct bot_batch {
    struct bot_message message[BOT_MESSAGES]; /* oldest first */
    size_t count;
};

/* What getUpdates / channel messages answered. EXIT_UNAVAILABLE where it is not that. What has no text, no author, no
 * chat is a message of a machine. */
int bot_read_telegram(struct str body, struct bot_batch *batch, struct error *error);
int bot_read_discord(struct str body, struct bot_batch *batch, struct error *error);
/* The least id that Discord gives to a message of this moment (ns): what was sent since comes after it. */
int64_t bot_snowflake(int64_t time);

enum bot_verb {
    BOT_UNKNOWN,
    BOT_HELP,
    BOT_STATUS,
    BOT_POSITIONS,
    BOT_PNL,
    BOT_RISK,
    BOT_WHY,
    BOT_CHART,
    BOT_HALT,
};

struct bot_command {
    enum bot_verb verb;
    char word[BOT_ID_SIZE];   /* as it was written, for the answer */
    char symbol[SYMBOL_SIZE]; /* of why and chart */
    char code[BOT_CODE_SIZE]; /* of halt */
    char reason[128];
    const char *wrong; /* what is missing or too much; NULL: nothing */
};

/* "/status", "status", "/status@desk_bot", in any case. Never fails: what it is not, it says. */
void bot_command_read(struct bot_command *command, const char *text);
/* Is an id in a list of the configuration ("12345, -100678")? An empty id is in none. */
bool bot_lists(const char *list, const char *id);

#endif
