/* WebSocket: the connection, TLS and a proxy's tunnel, by libcurl (CONNECT_ONLY), driven by our loop. */
#include "net/websocket_parts.h"

#include "base/time.h"

#include <sys/socket.h>
#include <unistd.h>

/* libcurl says what it waits for; a failure to watch is found by the deadline. */
static int drive(struct websocket *websocket, curl_socket_t socket, int events, struct error *error);

static int on_ready(void *context, int fd, int ready, struct error *error)
{
    return drive(context, fd,
                 ((ready & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0) | ((ready & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0),
                 error);
}

static int on_time(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    (void)now;
    websocket->turn_timer = 0;
    return drive(websocket, CURL_SOCKET_TIMEOUT, 0, error);
}

static int on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *mine)
{
    struct websocket *websocket = context;
    (void)easy, (void)mine;
    if (fd == websocket->fd) /* ours since it is connected */
        return 0;
    if (what == CURL_POLL_REMOVE) {
        loop_unwatch(websocket->loop, fd);
        return 0;
    }
    const int events = ((what & CURL_POLL_IN) != 0 ? LOOP_READ : 0) | ((what & CURL_POLL_OUT) != 0 ? LOOP_WRITE : 0);
    return loop_watch(websocket->loop, fd, events, on_ready, websocket, &websocket->error);
}

static int on_curl_timer(CURLM *multi, long milliseconds, void *context)
{
    struct websocket *websocket = context;
    (void)multi;
    if (websocket->turn_timer != 0)
        loop_cancel(websocket->loop, websocket->turn_timer);
    websocket->turn_timer = 0;
    if (milliseconds < 0 || websocket->state != WEBSOCKET_CONNECTING)
        return 0;
    websocket->turn_timer = loop_timer(websocket->loop, time_monotonic() + milliseconds * INT64_C(1000000), on_time,
                                       websocket, &websocket->error);
    return websocket->turn_timer < 0 ? -1 : 0;
}

static curl_socket_t on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct websocket *websocket = context;
    (void)purpose;
    if (websocket->proxy == NULL && !address_fits(&address->addr, websocket->url.secure, websocket->configured)) {
        websocket->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int failed(struct websocket *websocket, CURLcode code, struct error *error)
{
    const char *host = websocket->url.host;
    const char *reason = websocket->message[0] != '\0' ? websocket->message : curl_easy_strerror(code);
    struct error failure = {0};
    if (websocket->refused_address) {
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s resolves to this machine or a private network: refused", host);
        error_hint(&failure, "a server there must be named by `stream_url` in a source section of the configuration");
    } else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
               code == CURLE_SSL_ISSUER_ERROR) {
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s has no valid certificate: %s", host, reason);
        error_hint(&failure, "nothing was sent; is the clock right? `ca_file` names certificates of one's own");
    } else if (code == CURLE_OUT_OF_MEMORY) {
        (void)error_memory(&failure);
    } else {
        (void)error_set(&failure, EXIT_UNAVAILABLE, "cannot reach %s: %s", host, reason);
    }
    return websocket_fail(websocket, &failure, error);
}

static int finished(struct websocket *websocket, CURLcode code, struct error *error)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (code != CURLE_OK)
        return failed(websocket, code, error);
    if (curl_easy_getinfo(websocket->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
        return failed(websocket, CURLE_COULDNT_CONNECT, error);
    if (websocket->turn_timer != 0)
        loop_cancel(websocket->loop, websocket->turn_timer);
    websocket->turn_timer = 0;
    websocket->fd = fd;
    websocket->state = WEBSOCKET_UPGRADING;
    return websocket_connected(websocket, error);
}

static int drive(struct websocket *websocket, curl_socket_t socket, int events, struct error *error)
{
    int running = 0, left = 0;
    if (websocket->state != WEBSOCKET_CONNECTING)
        return 0;
    const CURLMcode code = curl_multi_socket_action(websocket->multi, socket, events, &running);
    if (error_is_set(&websocket->error)) {
        *error = websocket->error;
        return -1;
    }
    if (code != CURLM_OK)
        return failed(websocket, CURLE_COULDNT_CONNECT, error);
    const CURLMsg *message = curl_multi_info_read(websocket->multi, &left);
    return message != NULL && message->msg == CURLMSG_DONE ? finished(websocket, message->data.result, error) : 0;
}

static void set_up(struct websocket *websocket)
{
    CURL *easy = websocket->easy;
    (void)curl_easy_setopt(easy, CURLOPT_URL, websocket->address);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, websocket->url.secure ? "https" : "http");
    (void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L); /* a server might choose HTTP/2, which has no upgrade */
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    if (websocket->ca_file != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, websocket->ca_file);
        (void)curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, websocket->proxy == NULL ? "" : websocket->proxy);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(websocket->connect_time / 1000000 + 1));
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, websocket);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, websocket->message);
}

int websocket_connect(struct websocket *websocket, struct error *error)
{
    websocket->multi = curl_multi_init();
    websocket->easy = curl_easy_init();
    if (websocket->multi == NULL || websocket->easy == NULL)
        return error_memory(error);
    (void)curl_multi_setopt(websocket->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    (void)curl_multi_setopt(websocket->multi, CURLMOPT_SOCKETDATA, websocket);
    (void)curl_multi_setopt(websocket->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    (void)curl_multi_setopt(websocket->multi, CURLMOPT_TIMERDATA, websocket);
    set_up(websocket);
    if (curl_multi_add_handle(websocket->multi, websocket->easy) != CURLM_OK) /* sets the timer that begins it */
        return error_set(error, EXIT_SYSTEM, "libcurl takes no connection");
    if (error_is_set(&websocket->error)) {
        *error = websocket->error;
        return -1;
    }
    return 0;
}

ssize_t websocket_read(struct websocket *websocket, void *bytes, size_t size)
{
    size_t count = 0;
    const CURLcode code = curl_easy_recv(websocket->easy, bytes, size, &count);
    if (code == CURLE_AGAIN)
        return 0;
    if (code != CURLE_OK || count == 0) { /* none, and well: the server has closed */
        websocket->cut = true;
        return -1;
    }
    websocket->received = loop_now(websocket->loop);
    websocket->alive = true;
    return (ssize_t)count;
}

ssize_t websocket_write(struct websocket *websocket, const void *bytes, size_t size)
{
    size_t count = 0;
    const CURLcode code = curl_easy_send(websocket->easy, bytes, size, &count);
    if (code == CURLE_AGAIN)
        return 0;
    if (code != CURLE_OK) {
        websocket->cut = true;
        return -1;
    }
    return (ssize_t)count;
}
