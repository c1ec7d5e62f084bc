/* One attempt of a request: what libcurl is told, what comes back, and what its outcome means. */
#include "net/internal.h"

#include <sys/socket.h>
#include <unistd.h>

#define HEADERS_MAX  65536
#define CONNECT_TIME 5000 /* ms */

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    struct buf *body = &exchange->response.body;
    const size_t n = size * count;
    if (n > exchange->limit - body->n) {
        exchange->too_long = true;
        return 0;
    }
    buf_add(body, bytes, n);
    return body->failed ? 0 : n;
}

/* Header lines, names in lower case; those of an earlier answer (100, 103, a proxy's) are forgotten. */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    struct buf *headers = &exchange->response.headers;
    const size_t n = size * count;
    size_t length = n;
    if (n >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        buf_reset(headers);
        return n;
    }
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    const char *colon = memchr(bytes, ':', length);
    if (colon == NULL)
        return n;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (bytes + i < colon && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        buf_add_char(headers, (unsigned char)c < ' ' ? ' ' : c);
    }
    buf_add_char(headers, '\n');
    if (headers->full)
        exchange->too_long = true;
    return headers->failed ? 0 : n;
}

/* The socket to an address that a name led to, unless it leads where no server of the internet is. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct exchange *exchange = context;
    (void)purpose;
    if (exchange->http->proxy == NULL && /* with a proxy, the address is the proxy's */
        !address_fits(&address->addr, exchange->url.secure, exchange->configured)) {
        exchange->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void set_up_connection(struct exchange *exchange)
{
    CURL *easy = exchange->easy;
    const struct http *http = exchange->http;
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, exchange->url.secure ? "https" : "http");
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (http->ca_file != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
        (void)curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    /* An empty text also turns off what the environment says. */
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, http->proxy == NULL ? "" : http->proxy);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    (void)curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIME);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange);
    /* libcurl silently sends a request again when a kept connection turns out to be closed: not one that must not be
     * repeated. */
    if (exchange->repeat != HTTP_REPEAT_READ)
        (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_up_request(struct exchange *exchange, int64_t timeout)
{
    CURL *easy = exchange->easy;
    (void)curl_easy_setopt(easy, CURLOPT_URL, exchange->address);
    (void)curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, exchange->http->agent);
    (void)curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(timeout / 1000000 + 1));
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->message);
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    if (strcmp(exchange->method, "GET") == 0)
        return;
    if (strcmp(exchange->method, "HEAD") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
    if (exchange->body.n > 0 || strcmp(exchange->method, "POST") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.n);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body.n > 0 ? exchange->body.p : "");
    }
}

int attempt_prepare(struct exchange *exchange, struct error *error)
{
    const int64_t left = exchange->budget - (exchange->started - exchange->began);
    const int64_t timeout = exchange->timeout < left ? exchange->timeout : left;
    struct http_response *response = &exchange->response;
    buf_reset(&response->body);
    buf_reset(&response->headers);
    response->body.maximum = exchange->limit;
    response->headers.maximum = HEADERS_MAX;
    response->status = 0;
    response->attempts++;
    exchange->too_long = exchange->refused_address = false;
    exchange->message[0] = '\0';
    exchange->easy = curl_easy_init();
    if (exchange->easy == NULL)
        return error_memory(error);
    set_up_connection(exchange);
    set_up_request(exchange, timeout > 0 ? timeout : 1);
    return 0;
}

static const char *reason_of(const struct exchange *exchange, CURLcode code)
{
    return exchange->message[0] != '\0' ? exchange->message : curl_easy_strerror(code);
}

static int judge_failure(struct exchange *exchange, CURLcode code, bool *again, struct error *failure)
{
    const char *host = exchange->url.host, *reason = reason_of(exchange, code);
    *again = true;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        if (!exchange->refused_address)
            return error_set(failure, EXIT_UNAVAILABLE, "cannot reach %s: %s", host, reason);
        *again = false;
        (void)error_set(failure, EXIT_UNAVAILABLE, "%s resolves to this machine or a private network: refused", host);
        error_hint(failure, "a server there must be named by `url` in a source section of the configuration");
        return -1;
    case CURLE_OPERATION_TIMEDOUT:
        return error_set(failure, EXIT_UNAVAILABLE, "%s: no complete answer in time", host);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        *again = false;
        (void)error_set(failure, EXIT_UNAVAILABLE, "%s has no valid certificate: %s", host, reason);
        error_hint(failure, "nothing was sent; is the clock right? `ca_file` names certificates of one's own");
        return -1;
    case CURLE_SSL_CONNECT_ERROR:
        return error_set(failure, EXIT_UNAVAILABLE, "%s: no secure connection: %s", host, reason);
    case CURLE_OUT_OF_MEMORY:
        *again = false;
        return error_memory(failure);
    case CURLE_BAD_CONTENT_ENCODING:
        *again = false;
        return error_set(failure, EXIT_UNAVAILABLE, "%s: the answer cannot be decompressed", host);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        *again = false;
        return error_set(failure, EXIT_USAGE, "%s: %s", host, reason);
    default:
        return error_set(failure, EXIT_UNAVAILABLE, "%s: the answer was cut off: %s", host, reason);
    }
}

int attempt_judge(struct exchange *exchange, CURLcode code, bool *again, bool *sent, struct error *failure)
{
    long status = 0, bytes = 0, version = 0;
    curl_off_t took = 0;
    (void)curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &bytes);
    (void)curl_easy_getinfo(exchange->easy, CURLINFO_TOTAL_TIME_T, &took);
    (void)curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_VERSION, &version);
    exchange->framed = version >= CURL_HTTP_VERSION_2_0;
    exchange->response.status = (int)status;
    exchange->response.took = took * 1000;
    *sent = bytes > 0;
    *again = false;
    if (exchange->too_long)
        return error_set(failure, EXIT_UNAVAILABLE, "%s: the answer is longer than %zu bytes", exchange->url.host,
                         exchange->limit);
    if (exchange->response.body.failed || exchange->response.headers.failed)
        return error_memory(failure);
    if (code != CURLE_OK)
        return judge_failure(exchange, code, again, failure);
    if (status >= 300 && status < 400 && status != 304) {
        const struct str to = http_header_find(&exchange->response, "location");
        return error_set(failure, EXIT_UNAVAILABLE,
                         "%s answers with a redirect to '" STR_FMT "', which is not followed", exchange->url.host,
                         to.n > 200 ? 200 : (int)to.n, to.p);
    }
    *again = status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    return 0;
}
