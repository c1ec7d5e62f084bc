/* WebSocket (RFC 6455) as a client: libcurl connects (TLS verified, proxy, addresses as net/http.h has it), the upgrade
 * is ours, frames are wslay's. Nothing blocks; all happens in a loop's callbacks.
 *
 * A message is given whole, whatever its fragments; text is valid UTF-8. A server that breaks the protocol is told so
 * by the close code of RFC 6455 §7.4.1 and left. A server from which nothing comes for `ping` is pinged; when nothing
 * comes for as long again, the connection is silent and ends. No extension is offered or taken. */
#ifndef TN_NET_WEBSOCKET_H
#define TN_NET_WEBSOCKET_H

#include "base/loop.h"
#include "net/http.h"

#define WEBSOCKET_MESSAGE_MAX (4u << 20)

struct websocket;

/* Everything is copied by websocket_open but `secrets`. */
struct websocket_terms {
    const char *url; /* wss:// (ws:// where the configuration names a server on this machine) */
    const struct http_header *header;
    int headers;
    const struct secrets *secrets; /* blanked in all that is said about it; must outlive the connection; NULL: none */
    bool configured;               /* the user's configuration names this server */
    const char *agent, *proxy, *ca_file; /* as in struct http_options */
    int64_t connect_time;                /* ns for connection, TLS and upgrade together; 0: 10 s */
    int64_t ping;                        /* ns of silence before a ping; 0: 10 s */
    size_t limit;                        /* bytes of a message; 0: WEBSOCKET_MESSAGE_MAX */
};

/* How it ended. */
struct websocket_end {
    int status;           /* of HTTP, where the upgrade was refused; else 0 */
    int code;             /* the server's close code; 1005: a close without one; 1006: no close came */
    int sent;             /* the code of our own close; 1006: none was sent */
    int64_t retry_after;  /* ns that a refusing server wants to be left alone; -1: it does not say */
    struct error failure; /* why; not set after websocket_close */
};

/* Each returns 0 to go on, else loop_run ends with that value. `received` is the wall clock when the bytes were read.
 */
struct websocket_calls {
    int (*opened)(void *context, struct error *error);
    int (*message)(void *context, bool binary, struct str payload, int64_t received, struct error *error);
    int (*ended)(void *context, const struct websocket_end *end, struct error *error); /* once; may free it */
};

/* EXIT_USAGE for a url that is refused; everything later comes by `ended`. */
struct websocket *websocket_open(struct loop *loop, const struct websocket_terms *terms,
                                 const struct websocket_calls *calls, void *context, struct error *error);
/* Drops the connection without a word. NULL is allowed. Not within `opened` or `message`. */
void websocket_free(struct websocket *websocket);
/* Queue a text message; it goes when the server takes it. EXIT_UNAVAILABLE when the connection is closing, or when
 * 1 MiB waits already. */
int websocket_send(struct websocket *websocket, struct str text, struct error *error);
/* Ping now, unless a ping was handed to sendmail: what comes back shows that the server lives. */
int websocket_prove(struct websocket *websocket, struct error *error);
/* Wall clock of the last bytes that came, answers to pings included; TIME_NONE before the first. */
int64_t websocket_received(const struct websocket *websocket);
/* Say goodbye; `ended` follows when the server has answered, or after two seconds. */
int websocket_close(struct websocket *websocket, int code, struct error *error);

#endif
