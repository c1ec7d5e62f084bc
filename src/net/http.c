/* The HTTP client: requests wait in a list, take their turns, are tried, tried again where that is safe, and are called
 * back. One attempt is attempt.c's business. */
#include "net/http.h"

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "net/clock.h"
#include "net/internal.h"
#include "net/keep.h"
#include "net/recording.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#define TIMEOUT     (10 * TIME_SECOND)
#define BUDGET      (30 * TIME_SECOND)
#define PARALLEL    8
#define FIRST_PAUSE (TIME_SECOND / 4)
#define LAST_PAUSE  (8 * TIME_SECOND)
#define ATTEMPTS    6

/* ---- opening and closing ---- */

static int copy(char **to, const char *from, struct error *error)
{
    *to = from == NULL ? NULL : strdup(from);
    return from != NULL && *to == NULL ? error_memory(error) : 0;
}

static int open_log(struct http *http, struct error *error)
{
    if (http->log == NULL)
        return 0;
    http->log_fd = open(http->log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return http->log_fd == -1 ? error_system(error, "cannot open the request log '%s'", http->log) : 0;
}

struct http *http_open(const struct http_options *options, struct error *error)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        error_memory(error);
        return NULL;
    }
    http->options = *options;
    http->log_fd = -1;
    if (http->options.parallel == 0)
        http->options.parallel = PARALLEL;
    if (http->options.first_pause == 0)
        http->options.first_pause = FIRST_PAUSE;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        (void)error_set(error, EXIT_SYSTEM, "libcurl does not start");
        return NULL;
    }
    if (copy(&http->agent, options->agent, error) < 0 || copy(&http->proxy, options->proxy, error) < 0 ||
        copy(&http->ca_file, options->ca_file, error) < 0 || copy(&http->pace, options->pace, error) < 0 ||
        copy(&http->clock, options->clock, error) < 0 || copy(&http->log, options->log, error) < 0 ||
        copy(&http->keep, options->keep, error) < 0 || copy(&http->record, options->record, error) < 0 ||
        copy(&http->replay, options->replay, error) < 0 || open_log(http, error) < 0)
        goto failed;
    if ((http->multi = curl_multi_init()) == NULL) {
        error_memory(error);
        goto failed;
    }
    (void)curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    (void)curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)(2 * http->options.parallel));
    return http;
failed:
    http_close(http);
    return NULL;
}

void http_response_clear(struct http_response *response)
{
    buf_clear(&response->body);
    buf_clear(&response->headers);
}

static void exchange_free(struct exchange *exchange)
{
    if (exchange->easy != NULL) {
        (void)curl_multi_remove_handle(exchange->http->multi, exchange->easy);
        curl_easy_cleanup(exchange->easy);
    }
    for (struct curl_slist *header = exchange->headers; header != NULL; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(exchange->headers);
    if (exchange->address != NULL)
        explicit_bzero(exchange->address, strlen(exchange->address));
    if (exchange->body.p != NULL)
        explicit_bzero(exchange->body.p, exchange->body.n);
    if (exchange->unrecorded && exchange->response.body.p != NULL) /* a token */
        explicit_bzero(exchange->response.body.p, exchange->response.body.capacity);
    buf_clear(&exchange->body);
    http_response_clear(&exchange->response);
    free(exchange->source);
    free(exchange->method);
    free(exchange->address);
    free(exchange);
}

void http_close(struct http *http)
{
    if (http == NULL)
        return;
    while (http->first != NULL) {
        struct exchange *exchange = http->first;
        http->first = exchange->next;
        exchange_free(exchange);
    }
    if (http->multi != NULL)
        (void)curl_multi_cleanup(http->multi);
    curl_global_cleanup();
    if (http->log_fd != -1)
        (void)close(http->log_fd);
    free(http->agent);
    free(http->proxy);
    free(http->ca_file);
    free(http->pace);
    free(http->clock);
    free(http->log);
    free(http->keep);
    free(http->record);
    free(http->replay);
    free(http);
}

/* ---- taking a request in ---- */

static bool is_header_name(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~"; /* RFC 9110 §5.6.2 */
    for (const char *p = name; *p != '\0'; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
              strchr(marks, *p) != NULL))
            return false;
    return name[0] != '\0';
}

static int add_header(struct exchange *exchange, const char *name, const char *value, struct error *error)
{
    char *line = NULL;
    if (!is_header_name(name))
        return error_set(error, EXIT_INPUT, "'%.40s' is not the name of a header", name);
    for (const char *p = value; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == '\x7f')
            return error_set(error, EXIT_INPUT, "the header '%s' contains a control byte", name);
    if (asprintf(&line, value[0] == '\0' ? "%s;%s" : "%s: %s", name, value) == -1)
        return error_memory(error);
    struct curl_slist *headers = curl_slist_append(exchange->headers, line);
    explicit_bzero(line, strlen(line));
    free(line);
    if (headers == NULL)
        return error_memory(error);
    exchange->headers = headers;
    return 0;
}

static int add_headers(struct exchange *exchange, const struct http_request *request, struct error *error)
{
    for (int i = 0; i < request->headers; i++)
        if (add_header(exchange, request->header[i].name, request->header[i].value, error) < 0)
            return -1;
    if (request->body.n == 0)
        return 0;
    struct curl_slist *headers = curl_slist_append(exchange->headers, "Expect:"); /* no 100-continue */
    if (headers == NULL)
        return error_memory(error);
    exchange->headers = headers;
    return 0;
}

static int exchange_fill(struct exchange *exchange, const struct http_request *request, struct error *error)
{
    exchange->secrets = request->secrets;
    exchange->configured = request->configured;
    exchange->unrecorded = request->unrecorded;
    exchange->keep = request->keep;
    if (request->delay > 0)
        exchange->not_before = time_monotonic() + request->delay;
    exchange->repeat = request->repeat;
    exchange->timeout = request->timeout == 0 ? TIMEOUT : request->timeout;
    exchange->budget = request->budget == 0 ? BUDGET : request->budget;
    exchange->limit = request->limit == 0 ? HTTP_BODY_MAX : request->limit;
    exchange->pace = request->pace;
    exchange->hold = request->hold;
    if (exchange->pace.burst < 1)
        exchange->pace.burst = 1;
    if (copy(&exchange->source, request->source, error) < 0 ||
        copy(&exchange->method, request->method == NULL ? "GET" : request->method, error) < 0 ||
        copy(&exchange->address, request->url, error) < 0 || url_parse(&exchange->url, exchange->address, error) < 0 ||
        add_headers(exchange, request, error) < 0)
        return -1;
    if (!exchange->url.secure && !exchange->configured) {
        (void)error_set(error, EXIT_USAGE, "%s: plain http is refused", exchange->url.host);
        error_hint(error, "https://; http:// is for servers on this machine that the configuration names");
        return -1;
    }
    buf_add_str(&exchange->body, request->body);
    return buf_check(&exchange->body, error);
}

int http_start(struct http *http, const struct http_request *request, http_done *done, void *context,
               struct error *error)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return error_memory(error);
    exchange->http = http;
    exchange->done = done;
    exchange->context = context;
    buf_init(&exchange->body, HTTP_BODY_MAX);
    buf_init(&exchange->response.body, 0);
    buf_init(&exchange->response.headers, 0);
    if (exchange_fill(exchange, request, error) < 0 || (http->replay == NULL && keep_ask(exchange, error) < 0)) {
        secrets_blank_error(request->secrets, error);
        exchange_free(exchange);
        return -1;
    }
    struct exchange **end = &http->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = exchange;
    return 0;
}

/* ---- turns, pauses, attempts ---- */

static int64_t jittered(int64_t pause)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = UINT32_MAX / 2;
    return pause / 2 + (int64_t)((uint64_t)pause / 2 * random / UINT32_MAX);
}

static void pace_name(char name[static 272], const struct url *url)
{
    (void)snprintf(name, 272, "%s_%d", url->host, url->port);
    for (char *p = name; *p != '\0'; p++)
        if (*p == '[' || *p == ']' || *p == ':')
            *p = '_';
}

static int finish(struct exchange *exchange, struct error *failure, struct error *error)
{
    const struct http *http = exchange->http;
    exchange->finished = true;
    if (http->record != NULL && failure == NULL && !exchange->unrecorded &&
        recording_write(http->record, exchange, error) < 0)
        return -1;
    if (failure != NULL)
        secrets_blank_error(exchange->secrets, failure);
    return exchange->done(exchange->context, &exchange->response, failure, error);
}

/* Somebody was told to leave the host alone for longer than this request can wait. */
static int too_far_ahead(struct exchange *exchange, int64_t wait, struct error *error)
{
    struct error failure;
    error_clear(&failure);
    (void)error_set(&failure, EXIT_UNAVAILABLE, "%s accepts no requests for another %lld s", exchange->url.host,
                    (long long)((wait + TIME_SECOND - 1) / TIME_SECOND));
    error_hint(&failure, "it has answered that it was asked too often; pace/ in the state folder remembers it");
    return finish(exchange, &failure, error);
}

/* The turn of an exchange has come, as far as its own pauses go: take one at the host, or start. */
static int advance(struct exchange *exchange, int64_t now, struct error *error)
{
    struct http *http = exchange->http;
    if (!exchange->queued_turn) {
        char name[272];
        int64_t wait;
        pace_name(name, &exchange->url);
        if (pace_turn(http->pace, name, exchange->pace, exchange->budget, &wait, error) < 0)
            return -1;
        if (wait > exchange->budget)
            return too_far_ahead(exchange, wait, error);
        exchange->queued_turn = true;
        if (wait > 0) {
            exchange->not_before = now + wait;
            return 0;
        }
    }
    exchange->queued_turn = false;
    exchange->started = now;
    if (exchange->began == 0)
        exchange->began = now;
    if (attempt_prepare(exchange, error) < 0)
        return -1;
    if (curl_multi_add_handle(http->multi, exchange->easy) != CURLM_OK)
        return error_memory(error);
    http->active++;
    return 0;
}

/* Has an exchange before this one a turn at the same host that has not come yet? */
static bool host_has_turn(const struct http *http, const struct exchange *exchange)
{
    for (const struct exchange *other = http->first; other != NULL; other = other->next)
        if (other != exchange && other->queued_turn && url_same_origin(&other->url, &exchange->url))
            return true;
    return false;
}

/* Answers that were kept come at once, or not at all. */
static int replay(struct exchange *exchange, struct error *error)
{
    struct error failure;
    struct http_response *response = &exchange->response;
    error_clear(&failure);
    response->body.maximum = exchange->limit;
    response->headers.maximum = 1u << 20;
    response->attempts = 1;
    const int result = recording_read(exchange->http->replay, exchange, &failure);
    return finish(exchange, result < 0 ? &failure : NULL, error);
}

/* Start what may start; *next gets the moment at which more may. */
static int start_some(struct http *http, int64_t *next, struct error *error)
{
    const int64_t now = time_monotonic();
    *next = now + TIME_SECOND;
    for (struct exchange *exchange = http->first; exchange != NULL; exchange = exchange->next) {
        if (http->active >= http->options.parallel)
            break;
        if (exchange->easy != NULL || exchange->finished)
            continue;
        if (http->replay != NULL) {
            if (replay(exchange, error) < 0)
                return -1;
            continue;
        }
        /* One turn ahead is enough: turns that a killed process has taken are lost to others. */
        if (exchange->not_before <= now && (exchange->queued_turn || !host_has_turn(http, exchange)) &&
            advance(exchange, now, error) < 0)
            return -1;
        if (exchange->easy == NULL && exchange->not_before > now && exchange->not_before < *next)
            *next = exchange->not_before;
    }
    return 0;
}

/* The pause before another attempt, or -1 when there is to be none. */
static int64_t pause_before_next(const struct exchange *exchange, int64_t demanded)
{
    const int64_t now = time_monotonic(), left = exchange->budget - (now - exchange->began);
    int64_t pause = exchange->http->options.first_pause;
    for (int i = 1; i < exchange->response.attempts && pause < LAST_PAUSE; i++)
        pause *= 2;
    pause = jittered(pause > LAST_PAUSE ? LAST_PAUSE : pause);
    if (demanded > pause)
        pause = demanded;
    return exchange->response.attempts >= ATTEMPTS || pause >= left ? -1 : pause;
}

static bool may_repeat(const struct exchange *exchange, bool sent)
{
    return exchange->repeat == HTTP_REPEAT_READ || !sent ||
           (exchange->repeat == HTTP_REPEAT_REFUSED && exchange->response.status == 429);
}

/* A passing failure that was not passing enough. */
static int give_up(struct exchange *exchange, int64_t demanded, struct error *failure)
{
    const int status = exchange->response.status;
    (void)error_set(failure, EXIT_UNAVAILABLE, "%s answers %d%s", exchange->url.host, status,
                    status == 429 ? " (too many requests)" : "");
    if (demanded > 0)
        error_hint(failure, "it accepts no requests for %lld s",
                   (long long)((demanded + TIME_SECOND - 1) / TIME_SECOND));
    return -1;
}

/* The clock of this machine against the server's: seconds are all a server tells, and the answer was under way. */
static void check_clock(struct http *http, const struct exchange *exchange)
{
    const int64_t server = http_server_time(&exchange->response), now = time_now();
    char text[400];
    if (server == TIME_NONE)
        return;
    const int64_t ahead = now - exchange->response.took - server - TIME_SECOND, behind = server - now;
    if (http->clock != NULL) {
        struct clock_off off = {.by = ahead > behind ? ahead : -behind, .at = now};
        (void)snprintf(off.host, sizeof off.host, "%s", exchange->url.host);
        clock_note(http->clock, &off);
    }
    if (http->options.warn == NULL || http->warned || (ahead <= 2 * TIME_SECOND && behind <= TIME_SECOND))
        return;
    (void)snprintf(text, sizeof text, "the clock of this machine is %lld s %s that of %s",
                   (long long)((ahead > behind ? ahead : behind) / TIME_SECOND), ahead > behind ? "ahead of" : "behind",
                   exchange->url.host);
    http->warned = true;
    http->options.warn(http->options.context, text);
}

static int attempt_done(struct exchange *exchange, CURLcode code, struct error *error)
{
    struct http *http = exchange->http;
    struct error failure;
    bool again, sent;
    error_clear(&failure);
    int result = attempt_judge(exchange, code, &again, &sent, &failure);
    (void)curl_multi_remove_handle(http->multi, exchange->easy);
    curl_easy_cleanup(exchange->easy);
    exchange->easy = NULL;
    http->active--;
    if (attempt_report(exchange, result == 0 ? NULL : &failure, error) < 0)
        return -1;
    int64_t demanded = -1;
    check_clock(http, exchange);
    if (result == 0)
        result = keep_answer(exchange, &failure);
    const int status = exchange->response.status;
    if (result == 0 && (status == 429 || status == 503 || status == 418)) {
        char name[272];
        demanded = http_retry_after(&exchange->response, time_now());
        if (demanded < 0 && exchange->hold > 0)
            demanded = exchange->hold;
        pace_name(name, &exchange->url);
        if (demanded > 0 && pace_hold(http->pace, name, demanded, error) < 0)
            return -1;
    }
    if (again && may_repeat(exchange, sent)) {
        const int64_t pause = pause_before_next(exchange, demanded);
        if (pause >= 0) {
            exchange->not_before = time_monotonic() + pause;
            return 0;
        }
        if (result == 0 && exchange->repeat == HTTP_REPEAT_READ)
            result = give_up(exchange, demanded, &failure);
    }
    if (result < 0 && sent && exchange->repeat != HTTP_REPEAT_READ && failure.code == EXIT_UNAVAILABLE)
        failure.code = EXIT_UNKNOWN;
    return finish(exchange, result == 0 ? NULL : &failure, error);
}

/* How many attempts have ended, or -1. */
static int take_messages(struct http *http, struct error *error)
{
    int left, ended = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        struct exchange *exchange = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&exchange);
        if (attempt_done(exchange, message->data.result, error) != 0)
            return -1;
        ended++;
    }
    return ended;
}

static void drop_finished(struct http *http)
{
    for (struct exchange **at = &http->first; *at != NULL;) {
        struct exchange *exchange = *at;
        if (!exchange->finished) {
            at = &exchange->next;
            continue;
        }
        *at = exchange->next;
        exchange_free(exchange);
    }
}

int http_run(struct http *http, struct error *error)
{
    while (http->first != NULL) {
        int64_t next;
        int running;
        if (start_some(http, &next, error) < 0)
            return -1;
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            return error_set(error, EXIT_SYSTEM, "libcurl failed");
        const int ended = take_messages(http, error);
        if (ended < 0)
            return -1;
        drop_finished(http);
        if (ended > 0 || http->first == NULL)
            continue;
        const int64_t wait = next - time_monotonic();
        if (wait > 0 && curl_multi_poll(http->multi, NULL, 0, (int)(wait / 1000000 + 1), NULL) != CURLM_OK)
            return error_set(error, EXIT_SYSTEM, "libcurl cannot wait");
    }
    return 0;
}

/* ---- one request ---- */

struct answer {
    struct http_response *response;
    struct error *error;
    bool failed;
};

static int on_answer(void *context, const struct http_response *response, const struct error *failure,
                     struct error *error)
{
    struct answer *answer = context;
    (void)error;
    answer->response->status = response->status;
    answer->response->attempts = response->attempts;
    answer->response->took = response->took;
    buf_add_str(&answer->response->body, buf_str(&response->body));
    buf_add_str(&answer->response->headers, buf_str(&response->headers));
    answer->failed = failure != NULL;
    if (failure != NULL && !error_is_set(answer->error))
        *answer->error = *failure;
    return 0;
}

int http_ask(struct http *http, const struct http_request *request, struct http_response *response, struct error *error)
{
    struct answer answer = {.response = response, .error = error};
    *response = (struct http_response){.status = 0};
    buf_init(&response->body, request->limit == 0 ? HTTP_BODY_MAX : request->limit);
    buf_init(&response->headers, 1u << 20);
    if (http_start(http, request, on_answer, &answer, error) < 0 || http_run(http, error) < 0 || answer.failed)
        return -1;
    return buf_check(&response->body, error) < 0 ? -1 : buf_check(&response->headers, error);
}
