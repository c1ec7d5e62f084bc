/* The connection to one live source, kept up: connect, log in, subscribe, notice when it is lost or silent, come back
 * with growing jittered pauses. What it brings are events; what it is, states. */
#ifndef TN_STREAM_CONNECTION_H
#define TN_STREAM_CONNECTION_H

#include "net/websocket.h"
#include "stream/decoder.h"

/* All must outlive the connection. */
struct connection_terms {
    const struct stream_feed *feed;
    const char *source;  /* for `source` on records */
    const char *variant; /* "iex"; "" */
    const char *url;     /* the stream's server instead of the feed's; NULL: the feed's */
    bool configured;     /* it is the configuration that names the server */
    const struct secrets *secrets;
    const char *agent, *proxy, *ca_file;
    unsigned channels;
    int64_t depth;
    int64_t ping, silence; /* ns; 0: the feed's */
    int64_t first_pause;   /* ns before the second attempt; 0: half a second */
    /* Asks the source's REST server; `body` is the answer's. NULL where no feed of them asks. */
    int (*ask)(void *context, const struct stream_question *question, struct buf *body, struct error *error);
    void *ask_context;
};

struct connection;

/* Each returns 0 to go on, -1 to end the loop. */
struct connection_calls {
    int (*event)(void *context, struct connection *connection, const struct stream_event *event, struct error *error);
    /* A new state, and why. CONNECTED: logged in, everything is subscribed. DOWN: it will not come back; `failure`
     * says why. */
    int (*state)(void *context, struct connection *connection, enum stream_state state, const struct error *failure,
                 struct error *error);
    /* A frame that is none: `why` names it. */
    void (*bad)(void *context, struct connection *connection, const struct error *why);
};

struct connection *connection_open(struct loop *loop, const struct connection_terms *terms,
                                   const struct connection_calls *calls, void *context, struct error *error);
/* NULL is allowed. Not within one of the calls. */
void connection_free(struct connection *connection);
/* Connect. */
int connection_start(struct connection *connection, struct error *error);
/* Say goodbye; no call follows. */
int connection_stop(struct connection *connection, struct error *error);
/* Leave the connection and come back (a sequence is broken, say). */
int connection_leave(struct connection *connection, const char *why, int64_t wait, struct error *error);

/* Follow a symbol, or no longer. The index, or -1 (EXIT_INPUT: the source has no such). */
int64_t connection_follow(struct connection *connection, const char *symbol, struct error *error);
int connection_unfollow(struct connection *connection, uint32_t symbol, struct error *error);
/* Give up some channels of a symbol and subscribe them anew: a book, say, of which something is missing. */
int connection_again(struct connection *connection, uint32_t symbol, unsigned channels, struct error *error);
bool connection_follows(const struct connection *connection, uint32_t symbol);

struct stream *connection_stream(struct connection *connection);
const struct connection_terms *connection_terms(const struct connection *connection);
int connection_attempt(const struct connection *connection);
int64_t
connection_last(const struct connection *connection); /* wall clock of the last frame, TIME_NONE before the first */
/* Up to which moment the server has shown that it lives: wall clock of the last bytes, pongs too. Asks it for a sign
 * when that was before `moment`. */
int connection_alive(struct connection *connection, int64_t moment, int64_t *alive, struct error *error);

#endif
