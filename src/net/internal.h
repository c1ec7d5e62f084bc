/* What the files of the HTTP client share. */
#ifndef TN_NET_INTERNAL_H
#define TN_NET_INTERNAL_H

#include "net/http.h"
#include "net/url.h"

#include <curl/curl.h>

/* One request on its way, through all its attempts. */
struct exchange {
    struct http *http;
    struct exchange *next;
    /* what is asked for: owned copies */
    char *source, *method, *address;
    struct url url; /* points into `address` */
    struct curl_slist *headers;
    struct buf body;
    const struct secrets *secrets;
    bool configured, unrecorded, keep;
    bool conditional; /* the answer may be 304 */
    bool framed;      /* by HTTP/2, which knows the end of an answer */
    enum http_repeat repeat;
    int64_t timeout, budget, hold;
    size_t limit;
    struct pace pace;
    http_done *done;
    void *context;
    /* how far it is */
    CURL *easy;       /* while an attempt is under way */
    bool queued_turn; /* not_before is a turn taken at the host */
    bool finished;
    int64_t not_before; /* monotonic: the next attempt is not made earlier */
    int64_t began;      /* monotonic: the first attempt, 0 before it */
    int64_t started;    /* monotonic: this attempt */
    struct http_response response;
    bool too_long, refused_address;
    char message[CURL_ERROR_SIZE];
};

struct http {
    struct http_options options;
    char *agent, *proxy, *ca_file, *pace, *clock, *log, *keep, *record, *replay; /* owned */
    CURLM *multi;
    struct exchange *first; /* in the order they were started */
    int active;
    int log_fd;  /* -1: none */
    bool warned; /* of the clock */
};

/* One attempt: makes exchange->easy ready for the multi handle. */
int attempt_prepare(struct exchange *exchange, struct error *error);
/* What a finished attempt came to. 0: an answer; -1: `failure` is filled. *again: another attempt may go better;
 * *sent: bytes of the request may have arrived. */
int attempt_judge(struct exchange *exchange, CURLcode code, bool *again, bool *sent, struct error *failure);

/* Say what an attempt came to, in the log and to the trace. */
int attempt_report(struct exchange *exchange, const struct error *failure, struct error *error);

#endif
