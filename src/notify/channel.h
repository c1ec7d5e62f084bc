/* Channels: the ways a message reaches its reader, as the sections `channel NAME` of the configuration have them. */
#ifndef TN_NOTIFY_CHANNEL_H
#define TN_NOTIFY_CHANNEL_H

#include "base/command.h"
#include "base/config.h"
#include "base/zone.h"
#include "net/http.h"
#include "notify/queue.h"

struct channel;

/* What is sent: one message, or several in one. All texts are one line or lines, without control bytes. */
struct notice {
    struct str title, text;
    enum alert_level level;
    struct str data; /* the same for programs: a JSON object */
    int64_t id;      /* of its (last) message */
    /* A file that goes with it, by mail: its name (ours to make plain) and content; empty: none. */
    struct str file_name, file;
};

/* What kinds share while they deliver. */
struct courier {
    const struct config *config;
    const struct invocation *invocation;
    struct http *http; /* opened by the first that needs it */
};

enum channel_needs { NEEDS_TO = 1, NEEDS_URL = 2, NEEDS_COMMAND = 4 };

struct channel_kind {
    const char *name;
    unsigned needs;  /* settings it cannot do without */
    size_t text_max; /* bytes of title and text together that it takes */
    /* 0: taken by the next station. -1: EXIT_REJECTED it never will be, EXIT_CREDENTIALS or EXIT_USAGE not before
     * somebody mends something, any other code: try again later. */
    int (*deliver)(const struct channel *channel, const struct notice *notice, struct courier *courier,
                   struct error *error);
};

extern const struct channel_kind channel_kinds[];
extern const int channel_kind_count;

struct channel {
    const char *name;
    const struct channel_kind *kind;
    enum alert_level level, quiet_level;
    int quiet_from, quiet_to; /* minutes of the day; equal: never quiet */
    struct zone *zone;        /* of these */
    int64_t rate;             /* sendings an hour */
    const char *rules;        /* names, separated by spaces; NULL: all */
    const char *escalate_to;  /* NULL: nowhere */
    int64_t escalate_after;   /* ns */
};

/* The rule by which a channel that fails is told of on the others. */
#define CHANNEL_RULE "channel"

struct channels {
    struct channel *list;
    int count;
};

/* All of the configuration; EXIT_USAGE names the section and setting. `config` must outlive them. */
int channels_open(struct channels *channels, const struct config *config, struct error *error);
void channels_close(struct channels *channels);
const struct channel *channels_find(const struct channels *channels, const char *name, struct error *error);
/* Does a message of this rule and level go there? */
bool channel_takes(const struct channel *channel, const char *rule, enum alert_level level);
/* The least level that is delivered at a moment: higher in quiet hours. */
enum alert_level channel_least(const struct channel *channel, int64_t now);

const char *channel_setting(const struct channel *channel, const struct courier *courier, const char *name);
const char *level_text(enum alert_level level);

int channel_mail(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_command(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_desktop(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_voice(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_telegram(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_discord(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_slack(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_ntfy(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_pushover(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_webhook(const struct channel *, const struct notice *, struct courier *, struct error *);
int channel_ping(const struct channel *, const struct notice *, struct courier *, struct error *);

#endif
