/* One question to a server on its way through an adapter: what the adapter is told, the request it makes of it, and
 * the page that is asked for. */
#ifndef TN_ADAPTER_QUESTION_H
#define TN_ADAPTER_QUESTION_H

#include "adapter/fetch.h"

enum { QUESTION_HEADERS_MAX = 16 };

enum expect { EXPECT_JSON, EXPECT_TEXT, EXPECT_XML };

struct question {
    struct buf page;    /* JSON that the adapter gave as `next`; empty for the first page */
    struct buf target;  /* path and query of the request, without what C adds */
    char server[16];    /* which of the adapter's servers; "" for its first */
    int64_t wait;       /* ns to wait before it is asked for */
    bool keep;          /* the answer changes seldom: it is kept with its version */
    bool nothing;       /* there is nothing to ask */
    bool direct;        /* `target` is from a next_url: the adapter is not asked for a request */
    enum expect expect; /* the answer is text, not JSON */
    struct buf strings; /* names and values of headers, each with its NUL */
    size_t name[QUESTION_HEADERS_MAX], value[QUESTION_HEADERS_MAX]; /* offsets into `strings` */
    int headers;
};

void question_init(struct question *question);
void question_clear(struct question *question);

/* Append what the adapter is told, as an object that is still open: the call ("request", "response"), the command,
 * symbols, range, page. */
void question_add(struct buf *out, const char *call, const struct fetch_query *query, const struct adapter *adapter,
                  const char *const *symbol, size_t symbols, const struct question *question);
/* Read the request that the adapter made of it. */
int question_read(struct question *question, struct str output, struct buf *scratch, struct error *error);
/* Send it, with the adapter's credentials. */
int question_send(struct question *question, struct adapter *adapter, struct http *http, http_done *done, void *context,
                  struct error *error);
/* One request of another kind to the adapter's server, now, with its credentials: a session for a stream, say. `target`
 * is path and query. The response is the caller's to clear, whatever the outcome. */
int question_ask(struct adapter *adapter, struct http *http, const char *method, struct str target,
                 struct http_response *response, struct error *error);
/* The next page: `next` (any JSON, for the adapter) or `next_url` (an address of the same server). */
int question_next(struct question *question, const struct adapter *adapter, const struct record *record,
                  const struct field *field, struct error *error);

#endif
