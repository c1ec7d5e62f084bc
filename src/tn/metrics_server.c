/* tn metrics: the figures to a file, or over HTTP. */
#include "base/file.h"
#include "base/loop.h"
#include "base/out.h"
#include "base/time.h"
#include "net/listener.h"
#include "tn/checks.h"
#include "tn/commands.h"

#include <signal.h>
#include <string.h>

#define MEDIA "text/plain; version=0.0.4; charset=utf-8"
#define FRESH (5 * TIME_SECOND) /* who asks more often gets the same again */
#define OVER  1                 /* a signal ends the loop */

struct server {
    const struct invocation *invocation;
    struct buf page;
    int64_t made; /* by the monotonic clock; TIME_NONE: not yet */
    int64_t now;  /* TIME_NONE: the clock's */
};

/* What cannot be found out is an answer of 503, so that Prometheus sees that the target is down; we go on. */
static int on_get(void *context, const char *path, struct buf *page, struct error *error)
{
    struct server *server = context;
    struct error why;
    (void)error;
    if (strcmp(path, "/metrics") != 0) {
        buf_add_text(page, strcmp(path, "/") == 0 ? "metrics are at /metrics\n" : "there is only /metrics\n");
        return strcmp(path, "/") == 0 ? 200 : 404;
    }
    if (server->made == TIME_NONE || time_monotonic() - server->made > FRESH) {
        error_clear(&why);
        buf_reset(&server->page);
        server->made = time_monotonic();
        if (metrics_write(&server->page, server->now == TIME_NONE ? time_now() : server->now, &why) != 0) {
            say_error(server->invocation, &why);
            server->made = TIME_NONE;
            buf_add_text(page, "the checks failed: see the messages of tn metrics\n");
            return 503;
        }
    }
    buf_add_str(page, buf_str(&server->page));
    return 200;
}

static int on_stop(void *context, int number, struct error *error)
{
    (void)context, (void)number, (void)error;
    return OVER;
}

static int serve(const struct invocation *invocation, struct error *error)
{
    struct server server = {
        .invocation = invocation, .made = TIME_NONE, .now = option_time(invocation, "now", TIME_NONE)};
    const struct listener_options options = {
        .address = option_text(invocation, "address", "127.0.0.1"),
        .port = (int)option_count(invocation, "port", 9187),
        .limit = METRICS_MAX + 1,
        .connections = 16,
        .time = 10 * TIME_SECOND,
    };
    struct loop *loop = loop_new(error);
    buf_init(&server.page, METRICS_MAX);
    struct listener *listener =
        loop == NULL ? NULL : listener_open_pages(loop, &options, on_get, MEDIA, &server, error);
    int result = listener == NULL || loop_signal(loop, SIGINT, on_stop, &server, error) < 0 ||
                         loop_signal(loop, SIGTERM, on_stop, &server, error) < 0
                     ? -1
                     : 0;
    if (result == 0) {
        say(invocation, 0, "listening on %s, port %d", options.address, listener_port(listener));
        result = loop_run(loop, error);
    }
    listener_close(listener);
    loop_free(loop);
    buf_clear(&server.page);
    return result;
}

enum exit_code metrics_run(struct invocation *invocation, struct error *error)
{
    struct buf out;
    const char *path = option_text(invocation, "out", NULL);
    const bool listen = option_flag(invocation, "listen");
    if (listen && path != NULL)
        return error_set(error, EXIT_USAGE, "--listen and --out exclude each other"), EXIT_USAGE;
    if (!listen && (option_given(invocation, "address") || option_given(invocation, "port")))
        return error_set(error, EXIT_USAGE, "--address and --port are of --listen"), EXIT_USAGE;
    if (listen) {
        (void)serve(invocation, error);
        return error->code;
    }
    buf_init(&out, METRICS_MAX);
    if (metrics_write(&out, option_time(invocation, "now", time_now()), error) == 0)
        (void)(path == NULL ? style_write(&out, error) : file_replace(path, out.p, out.n, 0644, error));
    buf_clear(&out);
    return error->code;
}
