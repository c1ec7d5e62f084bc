/* WebSocket: from HTTP/1.1 to frames (RFC 6455 §4.1): our request, and an answer that must be right in every point. */
#include "net/websocket_parts.h"

#include "base/hash.h"
#include "base/time.h"

#include <stdio.h>
#include <strings.h>
#include <sys/random.h>

#define HEAD_MAX  8192
#define SHOWN_MAX 300 /* bytes of a refusal's body */
#define BODY_TIME TIME_SECOND

static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static int on_ready(void *context, int fd, int ready, struct error *error);

int websocket_connected(struct websocket *websocket, struct error *error)
{
    uint8_t nonce[16];
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        return error_system(error, "cannot get random bytes");
    hash_base64(websocket->key, nonce, sizeof nonce);
    struct buf headers;
    buf_init(&headers, HEAD_MAX);
    buf_add_str(&headers, buf_str(&websocket->request)); /* the caller's, made by websocket_open */
    buf_reset(&websocket->request);
    buf_add_text(&websocket->request, "GET ");
    buf_printf(&websocket->request, "%s" STR_FMT " HTTP/1.1\r\nHost: %s", websocket->url.rest.p[0] == '/' ? "" : "/",
               STR_ARG(websocket->url.rest), websocket->url.host);
    if (websocket->url.port != (websocket->url.secure ? 443 : 80))
        buf_printf(&websocket->request, ":%d", websocket->url.port);
    buf_printf(&websocket->request,
               "\r\nUser-Agent: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
               "Sec-WebSocket-Version: 13\r\n",
               websocket->agent, websocket->key);
    buf_add_str(&websocket->request, buf_str(&headers));
    buf_add_text(&websocket->request, "\r\n");
    if (headers.p != NULL)
        explicit_bzero(headers.p, headers.n);
    buf_clear(&headers);
    if (buf_check(&websocket->request, error) < 0)
        return -1;
    return loop_watch(websocket->loop, websocket->fd, LOOP_READ | LOOP_WRITE, on_ready, websocket, error);
}

static int broken(struct websocket *websocket, const char *what, struct error *error)
{
    struct error failure = {0};
    (void)error_set(&failure, EXIT_UNAVAILABLE, "%s: no WebSocket: %s", websocket->url.host, what);
    return websocket_fail(websocket, &failure, error);
}

/* ---- the answer ---- */

static struct str trim(struct str text)
{
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = (struct str){text.p + 1, text.n - 1};
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t' || text.p[text.n - 1] == '\r'))
        text.n--;
    return text;
}

static bool same_word(struct str text, const char *word)
{
    return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

/* How often a header is there; *value is the last. */
static int find_header(const struct websocket *websocket, const char *name, struct str *value)
{
    const char *p = memchr(websocket->head.p, '\n', websocket->body);
    const char *const end = websocket->head.p + websocket->body;
    int count = 0;
    for (p = p == NULL ? end : p + 1; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (stop == NULL)
            stop = end;
        const char *colon = memchr(p, ':', (size_t)(stop - p));
        if (colon != NULL && same_word((struct str){p, (size_t)(colon - p)}, name)) {
            *value = trim((struct str){colon + 1, (size_t)(stop - colon) - 1});
            count++;
        }
        p = stop + 1;
    }
    return count;
}

static bool has_word(struct str list, const char *word)
{
    for (const char *p = list.p, *end = list.p + list.n; p <= end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma == NULL ? end : comma;
        if (same_word(trim((struct str){p, (size_t)(stop - p)}), word))
            return true;
        p = stop + 1;
    }
    return false;
}

/* What is wrong with the answer, NULL when it is right. */
static const char *check_answer(const struct websocket *websocket, struct error *error)
{
    char joined[sizeof websocket->key + sizeof magic], expected[HASH_BASE64_SIZE(SHA1_SIZE)];
    uint8_t digest[SHA1_SIZE];
    struct str value = {"", 0};
    const int length = snprintf(joined, sizeof joined, "%s%s", websocket->key, magic);
    if (hash_sha1(joined, (size_t)length, digest, error) < 0)
        return error->text;
    hash_base64(expected, digest, sizeof digest);
    if (find_header(websocket, "upgrade", &value) != 1 || !same_word(value, "websocket"))
        return "the answer does not upgrade";
    if (find_header(websocket, "connection", &value) < 1 || !has_word(value, "upgrade"))
        return "the answer keeps the connection as it is";
    if (find_header(websocket, "sec-websocket-accept", &value) != 1 || !str_is(value, expected))
        return "the answer is not to our key";
    if (find_header(websocket, "sec-websocket-extensions", &value) > 0)
        return "the answer has an extension that was not offered";
    if (find_header(websocket, "sec-websocket-protocol", &value) > 0)
        return "the answer has a protocol that was not offered";
    return NULL;
}

/* "HTTP/1.1 101 …" */
static int status_of(const struct websocket *websocket)
{
    const char *p = websocket->head.p;
    if (websocket->body < 13 || memcmp(p, "HTTP/1.", 7) != 0 || p[8] != ' ')
        return 0;
    int status = 0;
    for (int i = 9; i < 12; i++) {
        if (p[i] < '0' || p[i] > '9')
            return 0;
        status = status * 10 + p[i] - '0';
    }
    return p[12] == ' ' || p[12] == '\r' || p[12] == '\n' ? status : 0;
}

static int refused(struct websocket *websocket, struct error *error)
{
    char shown[SHOWN_MAX + 1] = "";
    size_t n = 0;
    for (size_t i = websocket->body; i < websocket->head.n && n < SHOWN_MAX; i++) {
        const unsigned char c = (unsigned char)websocket->head.p[i];
        if (c > ' ' && c < 0x7f)
            shown[n++] = (char)c;
        else if (n > 0 && shown[n - 1] != ' ')
            shown[n++] = ' ';
    }
    shown[n] = '\0';
    const int status = websocket->status;
    struct error failure = {0};
    struct str to = {"", 0};
    const enum exit_code code = status == 401 || status == 403 ? EXIT_CREDENTIALS : EXIT_UNAVAILABLE;
    if (status >= 300 && status < 400 && find_header(websocket, "location", &to) > 0)
        (void)error_set(&failure, code, "%s answers with a redirect to '" STR_FMT "', which is not followed",
                        websocket->url.host, to.n > 200 ? 200 : (int)to.n, to.p);
    else
        (void)error_set(&failure, code, "%s refuses with status %d%s%s", websocket->url.host, status, n > 0 ? ": " : "",
                        shown);
    return websocket_fail(websocket, &failure, error);
}

static int on_body_time(void *context, int64_t now, struct error *error)
{
    struct websocket *websocket = context;
    (void)now;
    websocket->turn_timer = 0;
    return refused(websocket, error);
}

static int take_answer(struct websocket *websocket, struct error *error)
{
    struct http_response response = {.status = 0};
    struct str value = {"", 0};
    struct error failure = {0};
    websocket->status = status_of(websocket);
    if (websocket->status == 0)
        return broken(websocket, "the server does not speak HTTP/1.1", error);
    if (websocket->status == 101) {
        websocket->status = 0;
        const char *wrong = check_answer(websocket, &failure);
        if (wrong != NULL)
            return broken(websocket, wrong, error);
        return websocket_agreed(websocket, error);
    }
    if (find_header(websocket, "retry-after", &value) > 0) {
        buf_init(&response.headers, HEAD_MAX);
        buf_printf(&response.headers, "retry-after: " STR_FMT "\n", STR_ARG(value));
        websocket->retry_after = http_retry_after(&response, time_now());
        buf_clear(&response.headers);
    }
    /* what the server says is worth a moment */
    websocket->state = WEBSOCKET_REFUSED;
    websocket->turn_timer = loop_timer(websocket->loop, time_monotonic() + BODY_TIME, on_body_time, websocket, error);
    return websocket->turn_timer < 0 ? -1 : 0;
}

static int read_answer(struct websocket *websocket, struct error *error)
{
    char bytes[2048];
    for (;;) {
        const ssize_t count = websocket_read(websocket, bytes, sizeof bytes);
        if (count == 0)
            return 0;
        if (count < 0)
            return websocket->state == WEBSOCKET_REFUSED ? refused(websocket, error)
                                                         : broken(websocket, "the server hangs up", error);
        const size_t before = websocket->head.n < 3 ? 0 : websocket->head.n - 3;
        buf_add(&websocket->head, bytes, (size_t)count);
        if (websocket->head.failed)
            return broken(websocket, "an answer without an end", error);
        if (websocket->state == WEBSOCKET_REFUSED) {
            if (websocket->head.n - websocket->body >= SHOWN_MAX)
                return refused(websocket, error);
            continue;
        }
        const char *end = memmem(websocket->head.p + before, websocket->head.n - before, "\r\n\r\n", 4);
        if (end == NULL && websocket->head.n <= HEAD_MAX)
            continue;
        if (end == NULL || (size_t)(end - websocket->head.p) > HEAD_MAX)
            return broken(websocket, "the head of its answer is too long", error);
        websocket->body = (size_t)(end - websocket->head.p) + 4;
        const int result = take_answer(websocket, error);
        if (result != 0 || websocket->state != WEBSOCKET_REFUSED)
            return result;
    }
}

static int on_ready(void *context, int fd, int ready, struct error *error)
{
    struct websocket *websocket = context;
    if ((ready & LOOP_WRITE) != 0 && websocket->sent < websocket->request.n) {
        const ssize_t count =
            websocket_write(websocket, websocket->request.p + websocket->sent, websocket->request.n - websocket->sent);
        if (count < 0)
            return broken(websocket, "the server hangs up", error);
        websocket->sent += (size_t)count;
        if (websocket->sent == websocket->request.n) {
            explicit_bzero(websocket->request.p, websocket->request.n);
            buf_reset(&websocket->request);
            websocket->sent = 0;
            if (loop_watch(websocket->loop, fd, LOOP_READ, on_ready, websocket, error) < 0)
                return -1;
        }
    }
    return (ready & LOOP_READ) != 0 ? read_answer(websocket, error) : 0;
}
