/* The HTTP server: for posts, or for pages. */
#include "net/listener.h"

#include "base/buf.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK         (TIME_SECOND / 2)
#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" /* of GnuTLS, which libmicrohttpd has */
#define HEADERS_MAX  (16u << 10)

struct listener {
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct listener_options options;
    listener_post *post; /* or `get`, the other is NULL */
    listener_get *get;
    const char *media;
    void *context;
    int fd;
    int64_t timer;
    struct client *clients;
    int result; /* of a callback that ends the loop */
    struct error error;
};

/* A connection, from when it was opened or its last request was answered. */
struct client {
    int fd;
    int64_t since;
    struct client *next;
};

struct arrival {
    struct buf body;
    int64_t began;
    bool too_long;
};

static enum MHD_Result answer_page(struct MHD_Connection *connection, int status, const char *media, const char *allow,
                                   struct str page)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(page.n, (void *)(uintptr_t)page.p, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    (void)MHD_add_response_header(response, "Content-Type", media);
    (void)MHD_add_response_header(response, "Connection", "close");
    if (status == 405)
        (void)MHD_add_response_header(response, "Allow", allow);
    if (status == 429)
        (void)MHD_add_response_header(response, "Retry-After", "60");
    const enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(struct MHD_Connection *connection, int status, const char *text)
{
    return answer_page(connection, status, "text/plain", "POST", str_of(text));
}

/* Does the request name this machine as whoever means it does? "127.0.0.1:9109", "localhost:9109". */
static bool is_meant(const struct listener *listener, struct MHD_Connection *connection)
{
    const char *address = listener->options.address;
    if (strncmp(address, "127.", 4) != 0)
        return true;
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    if (host == NULL)
        return false;
    const size_t n = strcspn(host, ":");
    return (n == strlen(address) && strncmp(host, address, n) == 0) ||
           (n == 9 && strncasecmp(host, "localhost", n) == 0);
}

static enum MHD_Result on_page(struct listener *listener, struct MHD_Connection *connection, const char *path,
                               const char *method)
{
    struct buf page;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_page(connection, 405, "text/plain", "GET, HEAD", STR("GET\n"));
    if (!is_meant(listener, connection))
        return answer_page(connection, 421, "text/plain", "", STR("this is another host\n"));
    buf_init(&page, listener->options.limit);
    int status = listener->get(listener->context, path, &page, &listener->error);
    if (status >= 0 && buf_check(&page, &listener->error) != 0)
        status = -1;
    listener->result = status < 0 ? -1 : 0;
    const enum MHD_Result result = status < 0
                                       ? MHD_NO
                                       : answer_page(connection, status, status == 200 ? listener->media : "text/plain",
                                                     "", page.n == 0 ? STR("") : buf_str(&page));
    buf_clear(&page);
    return result;
}

/* Called when the head is there, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *piece, size_t *size,
                                  void **state)
{
    struct listener *listener = context;
    struct arrival *arrival = *state;
    char text[200] = "";
    (void)version;
    if (arrival == NULL) {
        arrival = calloc(1, sizeof *arrival);
        if (arrival == NULL)
            return MHD_NO;
        buf_init(&arrival->body, listener->options.limit);
        arrival->began = time_monotonic();
        *state = arrival;
        return MHD_YES;
    }
    if (time_monotonic() - arrival->began > listener->options.time)
        return MHD_NO; /* whoever sends so slowly means no good */
    if (*size > 0) {
        if (!arrival->too_long)
            buf_add(&arrival->body, piece, *size);
        arrival->too_long |= arrival->body.failed;
        *size = 0;
        return MHD_YES;
    }
    if (listener->get != NULL)
        return on_page(listener, connection, path, method);
    if (strcmp(method, "POST") != 0)
        return answer(connection, 405, "POST\n");
    if (arrival->too_long)
        return answer(connection, 413, "too long\n");
    const struct str body = arrival->body.n == 0 ? STR("") : buf_str(&arrival->body);
    const int status = listener->post(listener->context, path, body, text, &listener->error);
    if (status < 0) {
        listener->result = -1;
        return MHD_NO;
    }
    return answer(connection, status, text);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct arrival *arrival = *state;
    (void)context, (void)code;
    if (arrival == NULL)
        return;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info != NULL && info->socket_context != NULL)
        ((struct client *)info->socket_context)->since = time_monotonic();
    if (arrival->body.p != NULL) /* a secret may be in it */
        explicit_bzero(arrival->body.p, arrival->body.n);
    buf_clear(&arrival->body);
    free(arrival);
    *state = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode code)
{
    struct listener *listener = context;
    struct client *client = *state;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        client = info == NULL ? NULL : malloc(sizeof *client);
        if (client != NULL) {
            *client = (struct client){info->connect_fd, time_monotonic(), listener->clients};
            listener->clients = client;
        }
        *state = client;
        return;
    }
    for (struct client **at = &listener->clients; *at != NULL; at = &(*at)->next)
        if (*at == client) {
            *at = client->next;
            break;
        }
    free(client);
    *state = NULL;
}

/* The library's own time-out is of silence: one that sends a byte of its head now and then would keep its place, and so
 * would all who do it together. */
static void hang_up_slow(const struct listener *listener, int64_t now)
{
    for (const struct client *client = listener->clients; client != NULL; client = client->next)
        if (now - client->since > listener->options.time)
            (void)shutdown(client->fd, SHUT_RDWR);
}

static int serve(struct listener *listener, struct error *error)
{
    (void)MHD_run(listener->daemon);
    if (listener->result == 0)
        return 0;
    *error = listener->error;
    return listener->result;
}

static int on_ready(void *context, int fd, int ready, struct error *error)
{
    (void)fd, (void)ready;
    return serve(context, error);
}

static int on_tick(void *context, int64_t now, struct error *error)
{
    struct listener *listener = context;
    listener->timer = loop_timer(listener->loop, now + TICK, on_tick, listener, error);
    hang_up_slow(listener, now);
    return listener->timer < 0 ? -1 : serve(listener, error);
}

static void be_silent(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

static struct listener *open_as(const struct listener *as, struct error *error)
{
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    *listener = *as;
    listener->fd = -1;
    struct loop *loop = listener->loop;
    const struct listener_options *options = &listener->options;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
    if (inet_pton(AF_INET, options->address, &address.sin_addr) != 1) {
        (void)error_set(error, EXIT_USAGE, "'%s' is not an IPv4 address", options->address);
        free(listener);
        return NULL;
    }
    const struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificates},
                                         {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
                                         {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_VERSIONS},
                                         {MHD_OPTION_END, 0, NULL}};
    const bool secure = options->certificates != NULL;
    listener->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG | (secure ? MHD_USE_TLS : 0), 0, NULL, NULL, on_request, listener,
        MHD_OPTION_EXTERNAL_LOGGER, be_silent, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)(void *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(options->time / TIME_SECOND), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX, MHD_OPTION_ARRAY,
        secure ? tls : tls + 3, MHD_OPTION_END);
    if (listener->daemon == NULL) {
        (void)error_set(error, EXIT_UNAVAILABLE, "cannot listen on %s, port %d", options->address, options->port);
        error_hint(error, secure ? "is the port in use, or do certificate and key not match?"
                                 : "is the port in use? --port selects another one");
        free(listener);
        return NULL;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    listener->fd = info == NULL ? -1 : info->epoll_fd;
    listener->timer = loop_timer(loop, time_monotonic() + TICK, on_tick, listener, error);
    if (listener->fd >= 0 && listener->timer > 0 &&
        loop_watch(loop, listener->fd, LOOP_READ, on_ready, listener, error) == 0)
        return listener;
    (void)error_set(error, EXIT_SYSTEM, "libmicrohttpd does not start");
    listener_close(listener);
    return NULL;
}

struct listener *listener_open(struct loop *loop, const struct listener_options *options, listener_post *post,
                               void *context, struct error *error)
{
    return open_as(&(struct listener){.loop = loop, .options = *options, .post = post, .context = context}, error);
}

struct listener *listener_open_pages(struct loop *loop, const struct listener_options *options, listener_get *get,
                                     const char *media, void *context, struct error *error)
{
    return open_as(
        &(struct listener){.loop = loop, .options = *options, .get = get, .media = media, .context = context}, error);
}

int listener_port(const struct listener *listener)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

void listener_close(struct listener *listener)
{
    if (listener == NULL)
        return;
    if (listener->fd >= 0)
        loop_unwatch(listener->loop, listener->fd);
    if (listener->timer > 0)
        loop_cancel(listener->loop, listener->timer);
    MHD_stop_daemon(listener->daemon);
    free(listener);
}
