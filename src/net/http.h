/* HTTP on libcurl: requests with deadlines and limits, one at a time or many at once.
 *
 * What holds for every request: TLS 1.2 at least, certificates always verified; no proxy but a configured one; the
 * body, decompressed, has a maximum; an attempt has a deadline for all of it, however slowly bytes come; redirects are
 * not followed; addresses of this machine and of private networks are refused, and so is plain http, unless the request
 * says that the configuration names this server (`configured`), and then plain http stays on this machine. A header
 * with a line feed is refused.
 *
 * What fails for a passing reason is tried again when that is safe (`repeat`), with growing, jittered pauses; the
 * server's Retry-After is obeyed. Turns at a host are kept across processes (net/pace.h). */
#ifndef TN_NET_HTTP_H
#define TN_NET_HTTP_H

#include "net/pace.h"
#include "net/secret.h"

#define HTTP_BODY_MAX (16u << 20)

/* Which failures may be followed by another attempt. */
enum http_repeat {
    HTTP_REPEAT_READ,    /* any passing one: a request that changes nothing (GET) */
    HTTP_REPEAT_REFUSED, /* when nothing was sent, or the server said that it did nothing (429) */
    HTTP_REPEAT_UNSENT,  /* only when nothing was sent: orders */
};

struct http_header {
    const char *name, *value;
};

/* Everything is copied by http_start. */
struct http_request {
    const char *source; /* who asks, for the log and messages: "alpaca" */
    const char *method; /* NULL: GET */
    const char *url;
    const struct http_header *header;
    int headers;
    struct str body;
    const struct secrets *secrets; /* those in it, blanked in all that is said about it; must outlive the exchange */
    bool configured;               /* the user's configuration names this server */
    enum http_repeat repeat;
    int64_t timeout; /* ns for one attempt; 0: 10 s */
    int64_t budget;  /* ns for all attempts and the pauses between them; 0: 30 s. Waiting for a turn does not count */
    size_t limit;    /* of the decompressed body in bytes; 0: HTTP_BODY_MAX */
    struct pace pace;
    bool keep;       /* its answer may be kept with its version, where the client keeps any */
    bool unrecorded; /* neither kept nor taken from a recording: what gives a token */
    int64_t delay;   /* ns from now before which it is not sent */
    int64_t
        hold; /* ns in which nobody asks the host again after a 429 that does not say how long; 0: the usual pauses */
};

struct http_response {
    int status;         /* 200 …; whatever the server said, unless it was a passing failure and attempts ran out */
    struct buf body;    /* decompressed */
    struct buf headers; /* "name: value\n" each, names in lower case, of the last answer */
    int attempts;
    int64_t took; /* ns of the last attempt */
};

struct http_options {
    const char *agent;   /* User-Agent */
    const char *proxy;   /* "http://host:port"; NULL: none, whatever the environment says */
    const char *ca_file; /* certificates trusted instead of the system's; NULL: the system's */
    const char *pace;    /* folder of net/pace.h; NULL: no turns are kept */
    const char *clock;   /* file of net/clock.h; NULL: none */
    const char *log;     /* a file to which each attempt is added as a line of JSON; NULL: none */
    const char *keep;    /* a folder of answers with their versions (net/keep.h); NULL: none */
    const char *record;  /* a folder in which answers are kept (net/recording.h); NULL: none */
    const char *replay;  /* a folder from which all answers come, without a network; NULL: none */
    int parallel;        /* requests under way at once; 0: 8 */
    int64_t first_pause; /* ns before the second attempt; 0: 250 ms. It doubles, up to 8 s */
    void (*warn)(void *context, const char *text);  /* something the user should know, once: a clock that is off */
    void (*trace)(void *context, const char *line); /* every attempt and its headers, secrets blanked; NULL: none */
    void *context;
};

struct http;

struct http *http_open(const struct http_options *options, struct error *error);
/* Drops what is under way without a call. NULL is allowed. */
void http_close(struct http *http);

/* What came of a request: `response` when `failure` is not set. Both are valid during the call, which may start others.
 * -1 (with `error` set) ends http_run. */
typedef int http_done(void *context, const struct http_response *response, const struct error *failure,
                      struct error *error);

/* Queue a request; http_run makes the call. Failures: EXIT_UNAVAILABLE for the network, the server and its limits;
 * EXIT_UNKNOWN where it may have arrived and was none to be repeated; EXIT_USAGE for a URL that is refused; EXIT_INPUT
 * for a header that is. -1: not queued, no call will come. */
int http_start(struct http *http, const struct http_request *request, http_done *done, void *context,
               struct error *error);
/* Until every request has had its call. */
int http_run(struct http *http, struct error *error);
/* One request, now. `response` is the caller's to clear, whatever the outcome. */
int http_ask(struct http *http, const struct http_request *request, struct http_response *response,
             struct error *error);
void http_response_clear(struct http_response *response);

/* The value of a header (its name in lower case), or an empty text. */
struct str http_header_find(const struct http_response *response, const char *name);
/* When the answer was made, by the server's clock; TIME_NONE when it does not say, or when a cache has kept it. */
int64_t http_server_time(const struct http_response *response);
/* The server's wish to be left alone, in ns from now: Retry-After in seconds or as a date; -1 when there is none. */
int64_t http_retry_after(const struct http_response *response, int64_t now);

#endif
