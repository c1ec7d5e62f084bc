/* WebSocket: opening, frames both ways, pings, and every way in which it ends. wslay reads and writes frames and
 * answers pings and closes; messages are put together here, so that their length is bounded however they are cut up. */
#include "net/websocket_parts.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define CONNECT_TIME (10 * TIME_SECOND)
#define PING         (10 * TIME_SECOND)
#define GOODBYE      (2 * TIME_SECOND)
#define TURN_BYTES   (64u << 10) /* read at once before others have their turn */
#define ANSWERS_MAX  64          /* pongs that wait to be written; until they are, nothing more is read */
#define UNSENT_MAX   (1u << 20)
#define HEADERS_MAX  8192
#define ANSWER_MAX   (64u << 10)

enum { NO_CODE = 1005, NO_CLOSE = 1006, TOO_LONG = 1009, SERVICE_RESTART = 1012, BAD_GATEWAY = 1014 };

/* ---- the end ---- */

static int received_code(const struct websocket *websocket)
{
    return websocket->registered != 0 ? websocket->registered : wslay_event_get_status_code_received(websocket->wslay);
}

static int call_ended(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    struct websocket_end end = {
        .status = websocket->status,
        .code = NO_CLOSE,
        .sent = NO_CLOSE,
        .retry_after = websocket->retry_after,
        .failure = websocket->error,
    };
    (void)now;
    websocket->turn_timer = 0;
    if (websocket->wslay != NULL) {
        end.code = received_code(websocket);
        end.sent = websocket->broken ? WSLAY_CODE_PROTOCOL_ERROR : wslay_event_get_status_code_sent(websocket->wslay);
    }
    return websocket->calls.ended(websocket->context, &end, error);
}

static void cancel(struct websocket *websocket, int64_t *timer)
{
    if (*timer > 0)
        loop_cancel(websocket->loop, *timer);
    *timer = 0;
}

/* The call is made by a timer, so that who is told may free the connection whatever found it out. */
int websocket_fail(struct websocket *websocket, const struct error *failure, struct error *error)
{
    if (websocket->state == WEBSOCKET_ENDED)
        return 0;
    websocket->state = WEBSOCKET_ENDED;
    if (websocket->fd != -1)
        loop_unwatch(websocket->loop, websocket->fd);
    cancel(websocket, &websocket->deadline_timer);
    cancel(websocket, &websocket->ping_timer);
    cancel(websocket, &websocket->turn_timer);
    error_clear(&websocket->error);
    if (failure != NULL && error_is_set(failure)) {
        websocket->error = *failure;
        if (websocket->secrets != NULL)
            secrets_blank_error(websocket->secrets, &websocket->error);
    }
    websocket->turn_timer = loop_timer(websocket->loop, time_monotonic(), call_ended, websocket, error);
    return websocket->turn_timer < 0 ? -1 : 0;
}

static int on_deadline(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    struct error failure = {0};
    (void)now;
    websocket->deadline_timer = 0;
    if (websocket->state != WEBSOCKET_OPEN)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s: no connection in time", websocket->url.host);
    else if (!websocket->closing)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s does not accept data", websocket->url.host);
    return websocket_fail(websocket, &failure, error);
}

/* Neither side has anything left to say: why is it over? */
static int over(struct websocket *websocket, struct error *error)
{
    const char *host = websocket->url.host;
    struct error failure = {0};
    const int received = received_code(websocket);
    const int sent =
        websocket->broken ? WSLAY_CODE_PROTOCOL_ERROR : (int)wslay_event_get_status_code_sent(websocket->wslay);
    if (websocket->closing && !websocket->broken)
        return websocket_fail(websocket, NULL, error);
    const bool closed = websocket->registered != 0 || wslay_event_get_close_received(websocket->wslay) != 0;
    if (!websocket->broken && closed && (sent == received || sent == NO_CODE))
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s closes the connection: %d%s%.*s", host, received,
                        websocket->payload.n > 0 ? " " : "", (int)websocket->payload.n,
                        websocket->payload.n > 0 ? websocket->payload.p : "");
    else if (websocket->cut)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s closed the connection without a reason", host);
    else if (sent == TOO_LONG)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s sends a message longer than %zu bytes", host,
                        websocket->payload.maximum);
    else if (sent == WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s sends text that is not UTF-8 (1007)", host);
    else
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s breaks the WebSocket protocol (%d)", host, sent);
    return websocket_fail(websocket, &failure, error);
}

/* ---- what wslay asks of us ---- */

static ssize_t on_read(wslay_event_context_ptr wslay, uint8_t *bytes, size_t size, int flags, void *context)
{
    struct websocket *websocket = context;
    const size_t before = websocket->head.n - websocket->used;
    (void)flags;
    if (websocket->result != 0) {
        wslay_event_set_error(wslay, WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    if (before > 0) { /* came with the answer to the upgrade */
        const size_t count = before < size ? before : size;
        memcpy(bytes, websocket->head.p + websocket->used, count);
        websocket->used += count;
        return (ssize_t)count;
    }
    websocket->exhausted = websocket->budget == 0 || wslay_event_get_queued_msg_count(wslay) > ANSWERS_MAX;
    if (websocket->exhausted) {
        wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    const ssize_t count = websocket_read(websocket, bytes, size < websocket->budget ? size : websocket->budget);
    if (count <= 0) {
        wslay_event_set_error(wslay, count == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    websocket->budget -= (size_t)count;
    return count;
}

static ssize_t on_write(wslay_event_context_ptr wslay, const uint8_t *bytes, size_t size, int flags, void *context)
{
    const ssize_t count = websocket_write(context, bytes, size);
    (void)flags;
    if (count > 0)
        return count;
    wslay_event_set_error(wslay, count == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int on_mask(wslay_event_context_ptr wslay, uint8_t *bytes, size_t size, void *context)
{
    (void)context;
    if (getrandom(bytes, size, 0) == (ssize_t)size)
        return 0;
    wslay_event_set_error(wslay, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static void on_frame(wslay_event_context_ptr wslay, const struct wslay_event_on_frame_recv_start_arg *frame,
                     void *context)
{
    struct websocket *websocket = context;
    websocket->data_frame = (frame->opcode & 8) == 0;
    websocket->close_frame = frame->opcode == WSLAY_CONNECTION_CLOSE;
    if (frame->opcode != WSLAY_CONNECTION_CLOSE || frame->payload_length != 1)
        return;
    websocket->closed = true; /* half a code: wslay would take it for none */
    wslay_event_shutdown_read(wslay);
    (void)wslay_event_queue_close(wslay, WSLAY_CODE_PROTOCOL_ERROR, NULL, 0);
}

/* Codes that IANA has registered since RFC 6455 (1013: try again later), which wslay takes for mistakes: answered here,
 * in its place, and what it makes of the frame after this is passed over. */
static void take_registered(struct websocket *websocket, const uint8_t *bytes, size_t count)
{
    const int code = count < 2 ? 0 : bytes[0] << 8 | bytes[1];
    if (code < SERVICE_RESTART || code > BAD_GATEWAY)
        return;
    websocket->registered = code;
    websocket->closed = true;
    buf_reset(&websocket->payload);
    for (size_t i = 2; i < count; i++) /* its reason, as far as it is plain */
        buf_add_char(&websocket->payload, bytes[i] >= ' ' && bytes[i] <= '~' ? (char)bytes[i] : '?');
    wslay_event_shutdown_read(websocket->wslay);
    (void)wslay_event_queue_close(websocket->wslay, (uint16_t)code, NULL, 0);
}

static void on_chunk(wslay_event_context_ptr wslay, const struct wslay_event_on_frame_recv_chunk_arg *chunk,
                     void *context)
{
    struct websocket *websocket = context;
    if (websocket->close_frame && !websocket->closed)
        take_registered(websocket, chunk->data, chunk->data_length);
    if (!websocket->data_frame || websocket->closed)
        return;
    buf_add(&websocket->payload, chunk->data, chunk->data_length);
    if (!websocket->payload.failed)
        return;
    websocket->closed = true;
    wslay_event_shutdown_read(wslay);
    (void)wslay_event_queue_close(wslay, TOO_LONG, NULL, 0);
}

static void on_message(wslay_event_context_ptr wslay, const struct wslay_event_on_msg_recv_arg *message, void *context)
{
    struct websocket *websocket = context;
    (void)wslay;
    if (message->opcode == WSLAY_CONNECTION_CLOSE) { /* the reason waits for over() in the place of a message */
        websocket->closed = true;
        buf_reset(&websocket->payload);
        if (message->msg_length > 2)
            buf_add(&websocket->payload, message->msg + 2, message->msg_length - 2);
    }
    if ((message->opcode & 8) != 0 || websocket->closed || websocket->result != 0)
        return;
    if (!websocket->closing)
        websocket->result = websocket->calls.message(websocket->context, message->opcode == WSLAY_BINARY_FRAME,
                                                     websocket->payload.n == 0 ? STR("") : buf_str(&websocket->payload),
                                                     websocket->received, &websocket->error);
    buf_reset(&websocket->payload);
}

/* A frame that cannot be: wslay has queued a close without a code, so ours goes in its place, where nothing else waits.
 * What it is told then no longer matters to a server that breaks the protocol. */
static bool say_broken(struct websocket *websocket)
{
    const uint8_t mask[4] = {0x5a, 0xa5, 0x3c, 0xc3};
    const uint8_t frame[] = {0x88, 0x82, mask[0], mask[1], mask[2], mask[3], 0x03 ^ mask[0], 0xea ^ mask[1]};
    websocket->broken = true;
    if (wslay_event_get_queued_msg_count(websocket->wslay) <= 1)
        (void)websocket_write(websocket, frame, sizeof frame);
    return true;
}

/* ---- its turn in the loop ---- */

static int turn(struct websocket *websocket, struct error *error);

static int on_turn(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    (void)now;
    websocket->turn_timer = 0;
    return turn(websocket, error);
}

static int on_ready(void *context, int fd, int ready, struct error *error)
{
    (void)fd, (void)ready;
    return turn(context, error);
}

static int turn(struct websocket *websocket, struct error *error)
{
    wslay_event_context_ptr wslay = websocket->wslay;
    bool lost = false;
    websocket->budget = TURN_BYTES;
    websocket->exhausted = false;
    if (wslay_event_want_read(wslay) != 0 && wslay_event_recv(wslay) != 0)
        lost = websocket->registered == 0 && (websocket->cut || say_broken(websocket));
    if (websocket->result != 0) {
        *error = websocket->error;
        return websocket->result;
    }
    if (!lost && wslay_event_want_write(wslay) != 0)
        lost = wslay_event_send(wslay) != 0;
    const bool reads = wslay_event_want_read(wslay) != 0, writes = wslay_event_want_write(wslay) != 0;
    if (lost || (!reads && !writes))
        return over(websocket, error);
    if (!reads && websocket->deadline_timer == 0) {
        websocket->deadline_timer =
            loop_timer(websocket->loop, time_monotonic() + GOODBYE, on_deadline, websocket, error);
        if (websocket->deadline_timer < 0)
            return -1;
    }
    /* what OpenSSL holds already is not announced by the descriptor */
    if (websocket->exhausted && websocket->budget == 0 && websocket->turn_timer == 0) {
        websocket->turn_timer = loop_timer(websocket->loop, time_monotonic(), on_turn, websocket, error);
        if (websocket->turn_timer < 0)
            return -1;
    }
    const bool waits = websocket->exhausted && websocket->budget > 0; /* for its answers to be taken */
    return loop_watch(websocket->loop, websocket->fd,
                      (reads && !waits ? LOOP_READ : 0) | (writes || waits ? LOOP_WRITE : 0), on_ready, websocket,
                      error);
}

static int on_ping(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    static const uint8_t word[] = "tn";
    const struct wslay_event_msg ping = {WSLAY_PING, word, sizeof word - 1};
    websocket->ping_timer = 0;
    if (!websocket->alive && websocket->pinged) {
        struct error failure = {0};
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s is silent: no data for %.1f s, no answer to a ping",
                        websocket->url.host, 2 * (double)websocket->ping / 1e9);
        return websocket_fail(websocket, &failure, error);
    }
    websocket->pinged = !websocket->alive;
    websocket->alive = false;
    if (websocket->pinged)
        (void)wslay_event_queue_msg(websocket->wslay, &ping); /* not when it is closing already */
    websocket->ping_timer = loop_timer(websocket->loop, now + websocket->ping, on_ping, websocket, error);
    return websocket->ping_timer < 0 ? -1 : turn(websocket, error);
}

int websocket_agreed(struct websocket *websocket, struct error *error)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_read,
        .send_callback = on_write,
        .genmask_callback = on_mask,
        .on_frame_recv_start_callback = on_frame,
        .on_frame_recv_chunk_callback = on_chunk,
        .on_msg_recv_callback = on_message,
    };
    if (wslay_event_context_client_init(&websocket->wslay, &callbacks, websocket) != 0)
        return error_memory(error);
    wslay_event_config_set_no_buffering(websocket->wslay, 1);
    wslay_event_config_set_max_recv_msg_length(websocket->wslay, websocket->payload.maximum);
    websocket->used = websocket->body;
    websocket->state = WEBSOCKET_OPEN;
    cancel(websocket, &websocket->deadline_timer);
    websocket->ping_timer = loop_timer(websocket->loop, time_monotonic() + websocket->ping, on_ping, websocket, error);
    if (websocket->ping_timer < 0)
        return -1;
    const int result = websocket->calls.opened(websocket->context, error);
    return result != 0 ? result : turn(websocket, error);
}

/* ---- for the owner ---- */

int websocket_send(struct websocket *websocket, struct str text, struct error *error)
{
    const struct wslay_event_msg message = {WSLAY_TEXT_FRAME, (const uint8_t *)text.p, text.n};
    if (websocket->state != WEBSOCKET_OPEN || websocket->closing ||
        wslay_event_get_queued_msg_length(websocket->wslay) + text.n > UNSENT_MAX)
        return error_set(error, EXIT_UNAVAILABLE, "%s does not accept data", websocket->url.host);
    const int code = wslay_event_queue_msg(websocket->wslay, &message);
    if (code == WSLAY_ERR_NOMEM)
        return error_memory(error);
    if (code != 0) /* a close was handed to sendmail: `ended` follows */
        return error_set(error, EXIT_UNAVAILABLE, "%s is closing the connection", websocket->url.host);
    return loop_watch(websocket->loop, websocket->fd, LOOP_READ | LOOP_WRITE, on_ready, websocket, error);
}

int websocket_prove(struct websocket *websocket, struct error *error)
{
    static const uint8_t word[] = "tn";
    const struct wslay_event_msg ping = {WSLAY_PING, word, sizeof word - 1};
    if (websocket->state != WEBSOCKET_OPEN || websocket->closing || websocket->proving == websocket->received)
        return 0;
    websocket->proving = websocket->received;
    if (wslay_event_queue_msg(websocket->wslay, &ping) != 0)
        return 0;
    return loop_watch(websocket->loop, websocket->fd, LOOP_READ | LOOP_WRITE, on_ready, websocket, error);
}

int64_t websocket_received(const struct websocket *websocket)
{
    return websocket->received;
}

int websocket_close(struct websocket *websocket, int code, struct error *error)
{
    if (websocket->state == WEBSOCKET_ENDED || websocket->closing)
        return 0;
    if (websocket->state != WEBSOCKET_OPEN)
        return websocket_fail(websocket, NULL, error);
    websocket->closing = true;
    (void)wslay_event_queue_close(websocket->wslay, (uint16_t)code, NULL, 0);
    cancel(websocket, &websocket->ping_timer);
    cancel(websocket, &websocket->deadline_timer);
    websocket->deadline_timer = loop_timer(websocket->loop, time_monotonic() + GOODBYE, on_deadline, websocket, error);
    if (websocket->deadline_timer < 0)
        return -1;
    return loop_watch(websocket->loop, websocket->fd, LOOP_READ | LOOP_WRITE, on_ready, websocket, error);
}

/* ---- opening ---- */

static int copy(char **to, const char *from, struct error *error)
{
    *to = from == NULL ? NULL : strdup(from);
    return from != NULL && *to == NULL ? error_memory(error) : 0;
}

/* wss://x is https://x to those who connect. */
static int fill_address(struct websocket *websocket, const char *url, struct error *error)
{
    const bool secure = strncmp(url, "wss://", 6) == 0;
    if (!secure && strncmp(url, "ws://", 5) != 0)
        return error_set(error, EXIT_USAGE, "the address of a stream must begin with wss://");
    if (asprintf(&websocket->address, "http%s", url + 2) == -1)
        return error_memory(error);
    if (url_parse(&websocket->url, websocket->address, error) < 0)
        return -1;
    if (secure || websocket->configured)
        return 0;
    (void)error_set(error, EXIT_USAGE, "%s: a stream without TLS is refused", websocket->url.host);
    error_hint(error, "wss://; ws:// is for servers on this machine that the configuration names");
    return -1;
}

static int fill_headers(struct buf *out, const struct websocket_terms *terms, struct error *error)
{
    for (int i = 0; i < terms->headers; i++) {
        const struct http_header *header = &terms->header[i];
        for (const char *p = header->value; *p != '\0'; p++)
            if ((unsigned char)*p < ' ' || *p == '\x7f')
                return error_set(error, EXIT_INPUT, "the header '%s' contains a control byte", header->name);
        buf_printf(out, "%s: %s\r\n", header->name, header->value);
    }
    return buf_check(out, error);
}

struct websocket *websocket_open(struct loop *loop, const struct websocket_terms *terms,
                                 const struct websocket_calls *calls, void *context, struct error *error)
{
    struct websocket *websocket = calloc(1, sizeof *websocket);
    if (websocket == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    websocket->loop = loop;
    websocket->calls = *calls;
    websocket->context = context;
    websocket->secrets = terms->secrets;
    websocket->configured = terms->configured;
    websocket->connect_time = terms->connect_time == 0 ? CONNECT_TIME : terms->connect_time;
    websocket->ping = terms->ping == 0 ? PING : terms->ping;
    websocket->fd = -1;
    websocket->retry_after = -1;
    websocket->received = websocket->proving = TIME_NONE;
    buf_init(&websocket->request, 2 * HEADERS_MAX + URL_MAX);
    buf_init(&websocket->head, ANSWER_MAX);
    buf_init(&websocket->payload, terms->limit == 0 ? WEBSOCKET_MESSAGE_MAX : terms->limit);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)error_set(error, EXIT_SYSTEM, "libcurl does not start");
        free(websocket);
        return NULL;
    }
    if (copy(&websocket->agent, terms->agent, error) == 0 && copy(&websocket->proxy, terms->proxy, error) == 0 &&
        copy(&websocket->ca_file, terms->ca_file, error) == 0 && fill_address(websocket, terms->url, error) == 0 &&
        fill_headers(&websocket->request, terms, error) == 0 &&
        (websocket->deadline_timer =
             loop_timer(loop, time_monotonic() + websocket->connect_time, on_deadline, websocket, error)) > 0 &&
        websocket_connect(websocket, error) == 0)
        return websocket;
    websocket_free(websocket);
    return NULL;
}

void websocket_free(struct websocket *websocket)
{
    if (websocket == NULL)
        return;
    if (websocket->fd != -1)
        loop_unwatch(websocket->loop, websocket->fd);
    if (websocket->easy != NULL) {
        if (websocket->multi != NULL) /* unwatches what libcurl waits for */
            (void)curl_multi_remove_handle(websocket->multi, websocket->easy);
        curl_easy_cleanup(websocket->easy);
    }
    if (websocket->multi != NULL)
        (void)curl_multi_cleanup(websocket->multi);
    cancel(websocket, &websocket->deadline_timer);
    cancel(websocket, &websocket->ping_timer);
    cancel(websocket, &websocket->turn_timer);
    curl_global_cleanup();
    if (websocket->wslay != NULL)
        wslay_event_context_free(websocket->wslay);
    if (websocket->address != NULL)
        explicit_bzero(websocket->address, strlen(websocket->address));
    if (websocket->request.p != NULL)
        explicit_bzero(websocket->request.p, websocket->request.n);
    buf_clear(&websocket->request);
    buf_clear(&websocket->head);
    buf_clear(&websocket->payload);
    free(websocket->address);
    free(websocket->agent);
    free(websocket->proxy);
    free(websocket->ca_file);
    free(websocket);
}
