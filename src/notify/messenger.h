/* A messenger of the configuration (section `bot NAME`): asked for messages, given answers. */
#ifndef TN_NOTIFY_MESSENGER_H
#define TN_NOTIFY_MESSENGER_H

#include "notify/bot.h"
#include "notify/channel.h"

#define MESSENGER_CHATS 8

struct messenger;

struct messenger_kind {
    const char *name;
    size_t text_max; /* bytes of an answer */
    bool waits;      /* a poll waits at the service until something comes; all chats come with one */
    /* What came after the mark of a chat. EXIT_CREDENTIALS: not before somebody mends something. */
    int (*poll)(struct messenger *messenger, int chat, struct bot_batch *batch, struct error *error);
    int (*say)(struct messenger *messenger, const char *chat, struct str text, struct error *error);
    int (*show)(struct messenger *messenger, const char *chat, struct str png, struct error *error);
};

/* Up to which message a chat was read. */
struct messenger_mark {
    char chat[BOT_ID_SIZE];
    int64_t last; /* -1: not at all yet */
};

struct messenger {
    const struct messenger_kind *kind;
    const char *name, *chats, *users; /* the texts are the configuration's */
    const char *url;                  /* NULL: the service's own */
    struct secrets secrets;           /* "token", and "totp" */
    struct http *http;
    int64_t wait; /* ns that a poll may wait at the service */
    struct messenger_mark mark[MESSENGER_CHATS];
    int marks;
    uint64_t used;         /* the counter of the last one-time code that was taken */
    int64_t wrong, locked; /* wrong codes in a row; until when none is taken (ns) */
    char *path;            /* where all of this is remembered */
};

/* Reads section and secrets, and what is remembered. The configuration and the invocation must outlive it. EXIT_USAGE
 * names what is missing. */
int messenger_open(struct messenger *messenger, const struct config *config, const struct invocation *invocation,
                   const char *name, struct error *error);
void messenger_close(struct messenger *messenger); /* harmless on a zeroed one */
/* Remembers marks and codes, as a whole. */
int messenger_save(const struct messenger *messenger, struct error *error);
/* A text, cut at the end of a line where it is longer than the service takes; set as it is, nothing in it is marked up.
 */
int messenger_say(struct messenger *messenger, const char *chat, struct str text, struct error *error);

#endif
