/* The WebSocket client against a server that breaks RFC 6455 in every way it names: tests/servers/websocket.py. */
#include "net/websocket.h"

#include "base/time.h"

#include "certificate.h"
#include "standin.h"
#include "tap.h"

static char folder[] = "/tmp/tn-websocket-XXXXXX";

struct seen {
    struct websocket *websocket;
    const char *say; /* sent when it is open */
    int close_after; /* messages, then 1000 */
    int messages;
    bool opened, ended;
    char text[512]; /* the messages, with | behind each */
    size_t longest;
    struct websocket_end end;
    struct loop *loop;
};

static int on_opened(void *context, struct error *error)
{
    struct seen *seen = context;
    seen->opened = true;
    return seen->say == NULL ? 0 : websocket_send(seen->websocket, str_of(seen->say), error);
}

static int on_message(void *context, bool binary, struct str payload, int64_t received, struct error *error)
{
    struct seen *seen = context;
    const size_t n = strlen(seen->text);
    seen->messages++;
    if (payload.n > seen->longest)
        seen->longest = payload.n;
    (void)snprintf(seen->text + n, sizeof seen->text - n, "%s%.*s|", binary ? "b:" : "",
                   payload.n > 400 ? 400 : (int)payload.n, payload.p);
    check(received > TIME_SECOND, "it says when it came");
    return seen->messages == seen->close_after ? websocket_close(seen->websocket, 1000, error) : 0;
}

static int on_ended(void *context, const struct websocket_end *end, struct error *error)
{
    struct seen *seen = context;
    (void)error;
    seen->ended = true;
    seen->end = *end;
    websocket_free(seen->websocket);
    seen->websocket = NULL;
    return 7; /* ends the loop */
}

static const struct websocket_calls calls = {on_opened, on_message, on_ended};

static void run(struct seen *seen, struct websocket_terms terms)
{
    struct error error;
    error_clear(&error);
    memset(&seen->text, 0, sizeof seen->text);
    struct loop *loop = loop_new(&error);
    terms.agent = "test";
    seen->websocket = websocket_open(loop, &terms, &calls, seen, &error);
    if (seen->websocket == NULL) {
        seen->end.failure = error;
    } else if (loop_run(loop, &error) != 7) {
        (void)tap_line(false, __LINE__, "%s: the loop ends: %s", terms.url, error.text);
    }
    loop_free(loop);
}

static const struct answer {
    const char *path;
    const char *text;    /* what comes before the end */
    int sent;            /* the close code the server is told; 1006: none */
    const char *failure; /* part of what is said; NULL: none */
    enum exit_code code;
} answers[] = {
    {"/pieces", "hello|", 1000, NULL, EXIT_DONE},
    {"/together", "hello|again|", 1000, NULL, EXIT_DONE},
    {"/wrong-key", "", 1006, "not to our key", EXIT_UNAVAILABLE},
    {"/no-upgrade", "", 1006, "does not upgrade", EXIT_UNAVAILABLE},
    {"/extension", "", 1006, "extension that was not offered", EXIT_UNAVAILABLE},
    {"/protocol", "", 1006, "protocol that was not offered", EXIT_UNAVAILABLE},
    {"/long-head", "", 1006, "too long", EXIT_UNAVAILABLE},
    {"/no-http", "", 1006, "does not speak HTTP/1.1", EXIT_UNAVAILABLE},
    {"/hang-up", "", 1006, "hangs up", EXIT_UNAVAILABLE},
    {"/301", "", 1006, "redirect to 'https://elsewhere.example/', which is not followed", EXIT_UNAVAILABLE},
    {"/401", "", 1006, "status 401: {\"message\":\"the token *** is dead\"}", EXIT_CREDENTIALS},
    {"/429", "", 1006, "status 429: slow down", EXIT_UNAVAILABLE},
    {"/503", "", 1006, "status 503", EXIT_UNAVAILABLE},
    {"/masked", "hello|", 1002, "breaks the WebSocket protocol (1002)", EXIT_UNAVAILABLE},
    {"/rsv1", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/rsv3", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/opcode-3", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/opcode-11", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/ping-fragment", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/ping-long", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/continuation-alone", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/text-in-text", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/length-16", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/length-64", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/length-top", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/length-huge", "hello|", 1009, "longer than 65536 bytes", EXIT_UNAVAILABLE},
    {"/utf8-bad", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/utf8-split-bad", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/utf8-split-good", "hello|\xe2\x82\xac|", 1000, NULL, EXIT_DONE},
    {"/utf8-surrogate", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/utf8-overlong", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/utf8-ends-early", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/close-1000", "hello|", 1000, "closes the connection: 1000 bye", EXIT_UNAVAILABLE},
    {"/close-1008", "hello|", 1008, "closes the connection: 1008 too slow", EXIT_UNAVAILABLE},
    {"/close-4001", "hello|", 4001, "closes the connection: 4001", EXIT_UNAVAILABLE},
    {"/close-empty", "hello|", 1005, "closes the connection: 1005", EXIT_UNAVAILABLE},
    {"/close-one-byte", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/close-1005", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/close-1015", "hello|", 1002, "(1002)", EXIT_UNAVAILABLE},
    {"/close-bad-reason", "hello|", 1007, "not UTF-8", EXIT_UNAVAILABLE},
    {"/close-then-data", "hello|", 1000, "closes the connection: 1000", EXIT_UNAVAILABLE},
    {"/cut", "hello|", 1006, "closed the connection without a reason", EXIT_UNAVAILABLE},
    {"/cut-inside", "hello|", 1006, "closed the connection without a reason", EXIT_UNAVAILABLE},
    {"/too-long", "hello|", 1009, "longer than 65536 bytes", EXIT_UNAVAILABLE},
    {"/too-long-fragments", "hello|", 1009, "longer than 65536 bytes", EXIT_UNAVAILABLE},
    {"/million", "hello|", 1009, "longer than 65536 bytes", EXIT_UNAVAILABLE},
    {"/pong-unasked", "hello|after|", 1000, NULL, EXIT_DONE},
    {"/empty", "hello||b:|", 1000, NULL, EXIT_DONE},
};

static void test_answers(int port, const struct secrets *secrets)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct answer *answer = &answers[i];
        char url[128];
        struct seen seen = {.close_after = -1};
        (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d%s", port, answer->path);
        for (const char *p = answer->text; *p != '\0' && answer->failure == NULL; p++)
            seen.close_after += *p == '|' ? 1 + (seen.close_after < 0) : 0;
        run(&seen,
            (struct websocket_terms){
                .url = url, .configured = true, .limit = 65536, .secrets = secrets, .connect_time = 5 * TIME_SECOND});
        const struct error *failure = &seen.end.failure;
        check(strcmp(seen.text, answer->text) == 0 && seen.end.sent == answer->sent && failure->code == answer->code &&
                  (answer->failure == NULL || strstr(failure->text, answer->failure) != NULL),
              "fault-045 fault-046: %s: %s%d %s", answer->path, seen.text, seen.end.sent, failure->text);
        if (strcmp(answer->path, "/429") == 0)
            check(seen.end.retry_after == 7 * TIME_SECOND && seen.end.status == 429, "and when it may be asked again");
    }
}

/* After Autobahn's test suite, chapters 3 (reserved bits), 4 (reserved opcodes), 5.1 and 5.2 (fragmented control
 * frames) and 7.7 and 7.9 (close codes): RFC 6455 §5.2, §5.5, §7.4. 1012 to 1014 are IANA's. */
static void test_frames(int port)
{
    static const int bytes[] = {0x91, 0xa1, 0xb1, 0xc1, 0xd1, 0xe1, 0xf1, 0xaa, 0xc9, 0x83, 0x84, 0x85, 0x86,
                                0x87, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x03, 0x0f, 0x08, 0x09, 0x0a, 0x80, 0x00};
    static const struct {
        int code;
        bool good;
    } codes[] = {{0, false},    {999, false},  {1000, true},  {1001, true},  {1002, true}, {1003, true},
                 {1004, false}, {1005, false}, {1006, false}, {1007, true},  {1008, true}, {1009, true},
                 {1010, true},  {1011, true},  {1012, true},  {1013, true},  {1014, true}, {1015, false},
                 {1016, false}, {1100, false}, {2000, false}, {2999, false}, {3000, true}, {3999, true},
                 {4000, true},  {4999, true},  {5000, false}, {65535, false}};
    char url[128], text[64];
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        struct seen seen = {.close_after = -1};
        (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/first?%02x", port, (unsigned)bytes[i]);
        run(&seen, (struct websocket_terms){.url = url, .configured = true});
        check(seen.end.sent == 1002 && strcmp(seen.text, "hello|") == 0, "fault-045: a frame that begins with %02x: %d",
              (unsigned)bytes[i], seen.end.sent);
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct seen seen = {.close_after = -1};
        (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/closes?%d", port, codes[i].code);
        (void)snprintf(text, sizeof text, "closes the connection: %d", codes[i].code);
        run(&seen, (struct websocket_terms){.url = url, .configured = true});
        check(codes[i].good ? seen.end.sent == codes[i].code && strstr(seen.end.failure.text, text) != NULL
                            : seen.end.sent == 1002,
              "fault-046: a close with %d: %d %s", codes[i].code, seen.end.sent, seen.end.failure.text);
    }
}

static void test_times(int port)
{
    char url[128];
    struct seen seen = {.close_after = -1};
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/never", port);
    int64_t before = time_monotonic();
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .connect_time = TIME_SECOND / 5});
    check(!seen.opened && strstr(seen.end.failure.text, "no connection in time") != NULL &&
              time_monotonic() - before < 2 * TIME_SECOND,
          "fault-047: an upgrade that is never answered: %s", seen.end.failure.text);
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/silent", port);
    before = time_monotonic();
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .ping = TIME_SECOND / 10});
    check(seen.messages == 1 && strstr(seen.end.failure.text, "is silent") != NULL &&
              time_monotonic() - before < 2 * TIME_SECOND,
          "fault-047: a server that answers no ping: %s", seen.end.failure.text);
}

/* Ends the loop after half a second. */
static int on_enough(void *context, int64_t now, struct error *error)
{
    const struct seen *seen = context;
    (void)now;
    return websocket_close(seen->websocket, 1001, error);
}

static void test_pings_answered(int port)
{
    struct error error;
    char url[128];
    struct seen seen = {.close_after = -1};
    error_clear(&error);
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/quiet", port);
    struct loop *loop = loop_new(&error);
    seen.websocket = websocket_open(
        loop, &(struct websocket_terms){.url = url, .configured = true, .agent = "test", .ping = TIME_SECOND / 20},
        &calls, &seen, &error);
    (void)loop_timer(loop, time_monotonic() + TIME_SECOND / 2, on_enough, &seen, &error);
    check(loop_run(loop, &error) == 7 && !error_is_set(&seen.end.failure) && seen.end.sent == 1001,
          "a quiet server that answers pings is alive: %s", seen.end.failure.text);
    loop_free(loop);
}

static void test_sending(int port)
{
    char url[128];
    static char large[70001];
    const struct http_header headers[] = {{"X-Key", "abc"}};
    struct seen seen = {.close_after = 2, .say = "\xe2\x82\xac"};
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/echo", port);
    run(&seen, (struct websocket_terms){.url = url, .configured = true});
    check(strcmp(seen.text, "hello|\xe2\x82\xac|") == 0 && seen.end.code == 1000, "what is sent arrives, masked");
    memset(large, 'x', sizeof large - 1);
    seen = (struct seen){.close_after = 2, .say = large};
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .limit = 1u << 20});
    check(seen.longest == 70000 && seen.end.code == 1000, "so does what is long: %zu %s", seen.longest,
          seen.end.failure.text);
    seen = (struct seen){.close_after = 1};
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/headers?a=b", port);
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .header = headers, .headers = 1});
    check(strstr(seen.text, "\"path\":\"/headers?a=b\"") != NULL && strstr(seen.text, "\"x-key\":\"abc\"") != NULL &&
              strstr(seen.text, "\"sec-websocket-version\":\"13\"") != NULL && strstr(seen.text, "origin") == NULL &&
              strstr(seen.text, "extensions") == NULL,
          "the request: %s", seen.text);
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/flood", port);
    seen = (struct seen){.close_after = 2};
    run(&seen, (struct websocket_terms){.url = url, .configured = true});
    check(seen.end.code != 1002, "a flood of pings that are never read: %s %s", seen.text, seen.end.failure.text);
}

static void test_refused_addresses(int port)
{
    static const char *const bad[] = {"https://x/", "ws://", "wss://a@b/", "wss://x/#y", "127.0.0.1"};
    char url[128];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct seen seen = {.close_after = -1};
        run(&seen, (struct websocket_terms){.url = bad[i], .configured = true});
        check(seen.end.failure.code == EXIT_USAGE, "refused: %s: %s", bad[i], seen.end.failure.text);
    }
    struct seen seen = {.close_after = -1};
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/echo", port);
    run(&seen, (struct websocket_terms){.url = url});
    check(seen.end.failure.code == EXIT_USAGE, "without TLS only where the configuration says so: %s",
          seen.end.failure.text);
    (void)snprintf(url, sizeof url, "wss://127.0.0.1:%d/echo", port);
    run(&seen, (struct websocket_terms){.url = url});
    check(strstr(seen.end.failure.text, "resolves to this machine") != NULL, "this machine neither: %s",
          seen.end.failure.text);
    run(&seen, (struct websocket_terms){.url = "ws://127.0.0.1:1/", .configured = true});
    check(strstr(seen.end.failure.text, "cannot reach 127.0.0.1") != NULL, "nobody there: %s", seen.end.failure.text);
}

static void test_tls(void)
{
    struct certificate authority, server, other;
    char port_file[64], ca[64], pem[64], key[64], url[128];
    (void)snprintf(port_file, sizeof port_file, "%s/tls-port", folder);
    (void)snprintf(ca, sizeof ca, "%s/ca.pem", folder);
    (void)snprintf(pem, sizeof pem, "%s/server.pem", folder);
    (void)snprintf(key, sizeof key, "%s/server.key", folder);
    check(certificate_make(&authority, NULL, folder, "ca", NULL, -3600, 3600) &&
              certificate_make(&other, NULL, folder, "other", NULL, -3600, 3600) &&
              certificate_make(&server, &authority, folder, "server", "IP:127.0.0.1", -3600, 3600),
          "certificates");
    struct child child;
    const char *const more[] = {"--tls", pem, key, NULL};
    const int port = standin_start_as(&child, "websocket.py", port_file, more);
    struct seen seen = {.close_after = 2, .say = "over TLS"};
    (void)snprintf(url, sizeof url, "wss://127.0.0.1:%d/echo", port);
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .ca_file = ca});
    check(strcmp(seen.text, "hello|over TLS|") == 0 && seen.end.code == 1000, "over TLS: %s", seen.end.failure.text);
    seen = (struct seen){.close_after = -1};
    run(&seen, (struct websocket_terms){.url = url, .configured = true});
    check(!seen.opened && strstr(seen.end.failure.text, "has no valid certificate") != NULL,
          "a certificate of nobody we trust: %s", seen.end.failure.text);
    (void)snprintf(url, sizeof url, "wss://localhost:%d/echo", port);
    run(&seen, (struct websocket_terms){.url = url, .configured = true, .ca_file = ca});
    check(!seen.opened && strstr(seen.end.failure.text, "has no valid certificate") != NULL, "one of another name: %s",
          seen.end.failure.text);
    standin_stop(&child);
    certificate_free(&authority);
    certificate_free(&server);
    certificate_free(&other);
}

int main(void)
{
    struct child child;
    struct secrets secrets;
    struct error error;
    char port_file[64];
    error_clear(&error);
    secrets_init(&secrets);
    (void)secrets_add(&secrets, "key", STR("KEY-OF-OURS"), &error);
    if (mkdtemp(folder) == NULL)
        return 10;
    (void)snprintf(port_file, sizeof port_file, "%s/port", folder);
    const int port = standin_start_as(&child, "websocket.py", port_file, NULL);
    check(port > 0, "the stand-in listens");
    test_answers(port, &secrets);
    test_frames(port);
    test_times(port);
    test_pings_answered(port);
    test_sending(port);
    test_refused_addresses(port);
    standin_stop(&child);
    test_tls();
    secrets_clear(&secrets);
    char command[128];
    (void)snprintf(command, sizeof command, "%s", folder);
    const char *const argv[] = {"rm", "-rf", command, NULL};
    int status;
    (void)spawn_run(argv, STR(""), TIME_SECOND, NULL, NULL, &status, &error);
    return done();
}
