/* What is said about attempts: a line of the request log, lines for -vv. Secrets are blanked in both. */
#include "net/internal.h"

#include "base/file.h"
#include "base/time.h"
#include "record/record.h"

static void add_log(struct buf *line, const struct exchange *exchange, const struct error *failure)
{
    const struct http_response *response = &exchange->response;
    buf_add_text(line, "{\"type\":\"request\",\"time\":");
    json_add_time(line, time_now());
    buf_add_text(line, ",\"source\":");
    json_add_string(line, str_of(exchange->source));
    buf_add_text(line, ",\"method\":");
    json_add_string(line, str_of(exchange->method));
    buf_add_text(line, ",\"url\":");
    json_add_string(line, str_of(exchange->address));
    buf_printf(line, ",\"attempt\":%d,\"status\":%d,\"bytes\":%zu,\"ms\":%lld", response->attempts, response->status,
               response->body.n, (long long)(response->took / 1000000));
    if (failure != NULL) {
        buf_add_text(line, ",\"error\":");
        json_add_string(line, str_of(failure->text));
    }
    buf_add_text(line, "}\n");
}

static void add_headers(struct buf *out, const struct exchange *exchange)
{
    for (const struct curl_slist *header = exchange->headers; header != NULL; header = header->next)
        buf_printf(out, "> %s\n", header->data);
}

static void add_trace(struct buf *out, const struct exchange *exchange, const struct error *failure)
{
    const struct http_response *response = &exchange->response;
    buf_printf(out, "%s %s %s\n", exchange->source, exchange->method, exchange->address);
    add_headers(out, exchange);
    if (failure == NULL)
        buf_printf(out, "< %d, %zu bytes, %lld ms\n", response->status, response->body.n,
                   (long long)(response->took / 1000000));
    else
        buf_printf(out, "< %s\n", failure->text);
    for (const char *p = response->headers.p; p != NULL && *p != '\0';) {
        const size_t n = strcspn(p, "\n");
        buf_printf(out, "< %.*s\n", (int)n, p);
        p += n + (p[n] == '\n');
    }
}

static void tell(const struct http *http, struct buf *text)
{
    for (char *p = text->p, *end; p != NULL && *p != '\0'; p = end + 1) {
        end = p + strcspn(p, "\n");
        require(*end == '\n');
        *end = '\0';
        http->options.trace(http->options.context, p);
    }
}

int attempt_report(struct exchange *exchange, const struct error *failure, struct error *error)
{
    const struct http *http = exchange->http;
    struct buf text;
    int result = 0;
    buf_init(&text, 1u << 20);
    if (http->log_fd != -1) {
        add_log(&text, exchange, failure);
        /* One write to a file opened for appending: lines of several processes do not mix. */
        result = secrets_blank(exchange->secrets, &text, error) < 0
                     ? -1
                     : fd_write_all(http->log_fd, http->log, text.p, text.n, error);
    }
    if (result == 0 && http->options.trace != NULL) {
        buf_reset(&text);
        add_trace(&text, exchange, failure);
        if ((result = secrets_blank(exchange->secrets, &text, error)) == 0)
            tell(http, &text);
    }
    buf_clear(&text);
    return result;
}
