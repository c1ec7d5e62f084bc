/* What the files of the WebSocket client share. */
#ifndef TN_NET_WEBSOCKET_PARTS_H
#define TN_NET_WEBSOCKET_PARTS_H

#include "net/url.h"
#include "net/websocket.h"

#include <curl/curl.h>
#include <wslay/wslay.h>

enum websocket_state { WEBSOCKET_CONNECTING, WEBSOCKET_UPGRADING, WEBSOCKET_REFUSED, WEBSOCKET_OPEN, WEBSOCKET_ENDED };

struct websocket {
    struct loop *loop;
    struct websocket_calls calls;
    void *context;
    /* where it leads: owned copies */
    char *address, *agent, *proxy, *ca_file;
    struct url url; /* points into `address` */
    const struct secrets *secrets;
    bool configured, refused_address;
    int64_t connect_time, ping;
    /* the connection */
    enum websocket_state state;
    CURLM *multi;
    CURL *easy;
    int fd; /* -1 until it is connected */
    char message[CURL_ERROR_SIZE];
    /* the upgrade */
    char key[25];       /* Sec-WebSocket-Key */
    struct buf request; /* what of it is not sent yet stands behind `sent` */
    size_t sent;
    struct buf head; /* of the answer, and what came behind it */
    size_t body;     /* where that begins in `head` */
    size_t used;     /* how far `head` was given to wslay */
    int status;
    int64_t retry_after;
    /* the frames */
    wslay_event_context_ptr wslay;
    struct buf payload; /* of the message that is coming */
    size_t budget;      /* bytes that may still be read in this turn */
    int registered;     /* a close code that wslay does not know, 0: none came */
    bool data_frame, close_frame, closed, closing, cut, broken, exhausted;
    int result; /* of the callback that wants to end the loop */
    struct error error;
    int64_t received;                               /* wall clock of the last read */
    int64_t proving;                                /* what that was when the last ping of websocket_prove went out */
    bool alive;                                     /* something came since the last look */
    bool pinged;                                    /* and a ping was sent at that look */
    int64_t deadline_timer, ping_timer, turn_timer; /* 0: none */
};

/* Begin to connect; websocket_connected or websocket_fail follows from the loop. */
int websocket_connect(struct websocket *websocket, struct error *error);
/* The connection is there (websocket_upgrade.c). */
int websocket_connected(struct websocket *websocket, struct error *error);
/* The server agrees (websocket.c): frames from here on. */
int websocket_agreed(struct websocket *websocket, struct error *error);
/* It is over, for this reason: makes the call. */
int websocket_fail(struct websocket *websocket, const struct error *failure, struct error *error);
/* Read and write without waiting: how many bytes; 0: would block; -1: over (cut, or `message` says why). */
ssize_t websocket_read(struct websocket *websocket, void *bytes, size_t size);
ssize_t websocket_write(struct websocket *websocket, const void *bytes, size_t size);

#endif
