/* The HTTP client against a server that misbehaves: deadlines, limits, repetition, redirects, TLS, secrets, pace. */
#include "base/file.h"
#include "net/http.h"
#include "net/url.h"

#include "certificate.h"
#include "standin.h"
#include "tap.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/stat.h>

static char folder[] = "/tmp/tn-http-XXXXXX";
static int port;

static const char *at(const char *name)
{
    static char path[4][PATH_MAX];
    static int next;
    char *p = path[next++ % 4];
    (void)snprintf(p, PATH_MAX, "%s/%s", folder, name);
    return p;
}

static void test_url(void)
{
    static const struct {
        const char *text, *host;
        int port;
        bool secure;
        const char *rest;
    } good[] = {
        {"https://data.alpaca.markets/v2/bars?a=b", "data.alpaca.markets", 443, true, "/v2/bars?a=b"},
        {"HTTPS://x.y", NULL, 0, false, NULL},
        {"https://API.Massive.com:443", "api.massive.com", 443, true, "/"},
        {"http://127.0.0.1:8080/", "127.0.0.1", 8080, false, "/"},
        {"http://[::1]:81/x", "[::1]", 81, false, "/x"},
        {"https://h?x=1", "h", 443, true, "?x=1"},
    };
    static const char *const bad[] = {
        "",
        "file:///etc/passwd",
        "ftp://x/",
        "https://",
        "https:///x",
        "https://a@b/",
        "https://good.com:80@evil.com/",
        "https://good.com\\@evil.com/",
        "https://x:0/",
        "https://x:65536/",
        "https://x/a b",
        "https://x/#part",
        "https://x/\n",
        "https://-x/",
        "https://x_y/",
        "https://[::1/",
        "https://x:1x/",
    };
    struct url url, other;
    struct error error;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        error_clear(&error);
        const int result = url_parse(&url, good[i].text, &error);
        if (good[i].host == NULL)
            check(result == -1 && error.code == EXIT_USAGE, "refused: %s", good[i].text);
        else
            check(result == 0 && strcmp(url.host, good[i].host) == 0 && url.port == good[i].port &&
                      url.secure == good[i].secure && str_is(url.rest, good[i].rest),
                  "parsed: %s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(url_parse(&url, bad[i], &error) == -1 && error.code == EXIT_USAGE, "fault-040: refused: '%s'", bad[i]);
    }
    error_clear(&error);
    (void)url_parse(&url, "https://api.massive.com/a", &error);
    (void)url_parse(&other, "https://api.massive.com:443/b?c", &error);
    check(url_same_origin(&url, &other), "the scheme's own port may be written");
    (void)url_parse(&other, "http://api.massive.com:443/", &error);
    check(!url_same_origin(&url, &other), "another scheme is another origin");
    static const struct {
        const char *text;
        enum address_kind kind;
    } addresses[] = {{"127.0.0.1", ADDRESS_LOOPBACK},
                     {"127.8.9.1", ADDRESS_LOOPBACK},
                     {"::1", ADDRESS_LOOPBACK},
                     {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
                     {"10.0.0.1", ADDRESS_PRIVATE},
                     {"172.31.0.1", ADDRESS_PRIVATE},
                     {"192.168.1.1", ADDRESS_PRIVATE},
                     {"fd00::1", ADDRESS_PRIVATE},
                     {"169.254.169.254", ADDRESS_OTHER},
                     {"0.0.0.0", ADDRESS_OTHER},
                     {"::", ADDRESS_OTHER},
                     {"fe80::1", ADDRESS_OTHER},
                     {"224.0.0.1", ADDRESS_OTHER},
                     {"::ffff:10.1.1.1", ADDRESS_PRIVATE},
                     {"172.32.0.1", ADDRESS_PUBLIC},
                     {"8.8.8.8", ADDRESS_PUBLIC},
                     {"2606:4700::1111", ADDRESS_PUBLIC}};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct sockaddr_in ipv4 = {.sin_family = AF_INET};
        struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
        const bool six = strchr(addresses[i].text, ':') != NULL;
        (void)inet_pton(six ? AF_INET6 : AF_INET, addresses[i].text,
                        six ? (void *)&ipv6.sin6_addr : (void *)&ipv4.sin_addr);
        check(address_kind(six ? (struct sockaddr *)&ipv6 : (struct sockaddr *)&ipv4) == addresses[i].kind,
              "fault-040: what kind of address %s is", addresses[i].text);
    }
}

/* One request to the stand-in with fast pauses. */
struct trial {
    const char *path;
    enum http_repeat repeat;
    const char *method;
    int64_t timeout, budget;
    size_t limit;
    int code;     /* 0, or the error's */
    int status;   /* of the answer */
    int attempts; /* 0: not looked at */
    const char *says, *name;
};

static const struct trial trials[] = {
    {"/ok", 0, "GET", 0, 0, 0, 0, 200, 1, "", "an answer"},
    {"/gzip", 0, "GET", 0, 0, 0, 0, 200, 1, "", "a compressed answer"},
    {"/nothing", 0, "GET", 0, 0, 0, 0, 404, 1, "", "404 is an answer"},
    {"/status/401", 0, "GET", 0, 0, 0, 0, 401, 1, "", "401 is not tried again"},
    {"/status/503/2/a", 0, "GET", 0, 0, 0, 0, 200, 3, "", "503 is tried again"},
    {"/status/500", 0, "GET", 0, 0, 0, 5, 500, 6, "answers 500", "but not for ever"},
    {"/status/503/1/p", HTTP_REPEAT_UNSENT, "POST", 0, 0, 0, 0, 503, 1, "", "fault-034: a POST is not tried again"},
    {"/wait/0/p", HTTP_REPEAT_UNSENT, "POST", 0, 0, 0, 0, 429, 1, "", "fault-036: not even after 429"},
    {"/wait/1/r", HTTP_REPEAT_REFUSED, "POST", 0, 0, 0, 0, 200, 2, "", "unless that is said to be safe"},
    {"/wait/1/g", 0, "GET", 0, 0, 0, 0, 200, 2, "", "fault-036: Retry-After is waited for"},
    {"/wait/60/g", 0, "GET", 0, 0, 0, 5, 429, 1, "answers 429", "fault-036: but not beyond the budget"},
    {"/drop-first/g", 0, "GET", 0, 0, 0, 0, 200, 0, "", "a closed connection is tried again"},
    {"/drop", HTTP_REPEAT_UNSENT, "POST", 0, 0, 0, 8, 0, 1, "cut off", "fault-032: a POST then has an unknown outcome"},
    {"/cut", 0, "GET", 0, 300000000, 0, 5, 0, 0, "cut off", "fault-033: a truncated body"},
    {"/slow", 0, "GET", 300000000, 600000000, 0, 5, 0, 0, "no complete answer in time", "fault-037: one byte a second"},
    {"/endless", 0, "GET", 0, 0, 0, 5, 0, 1, "longer than 16777216 bytes", "fault-038: an endless body"},
    {"/bomb", 0, "GET", 0, 0, 0, 5, 0, 1, "longer than 16777216 bytes", "fault-038: a gzip bomb"},
    {"/ok", 0, "GET", 0, 0, 5, 5, 0, 1, "longer than 5 bytes", "a limit of one's own"},
    {"/redirect?http://127.0.0.1:1/", 0, "GET", 0, 0, 0, 5, 0, 1, "redirect to 'http://127.0.0.1:1/'",
     "fault-039: a redirect is not followed"},
    {"/redirect?file:///etc/passwd", 0, "GET", 0, 0, 0, 5, 0, 1, "not followed", "fault-040: nor one to a file"},
};

static void make_url(char url[static 256], const char *scheme, const char *path)
{
    (void)snprintf(url, 256, "%s://127.0.0.1:%d%s", scheme, port, path);
}

static void test_trials(struct http *http)
{
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        const struct trial *t = &trials[i];
        char url[256];
        struct http_response response;
        struct error error;
        error_clear(&error);
        make_url(url, "http", t->path);
        const struct http_request request = {
            .source = "test",
            .method = t->method,
            .url = url,
            .configured = true,
            .repeat = t->repeat,
            .timeout = t->timeout,
            .budget = t->budget == 0 ? 5 * TIME_SECOND : t->budget,
            .limit = t->limit,
        };
        const int64_t before = time_monotonic();
        const int result = http_ask(http, &request, &response, &error);
        const int64_t took = time_monotonic() - before;
        const bool fits = result == (t->code == 0 ? 0 : -1) && (int)error.code == t->code &&
                          response.status == (t->code != 0 && t->status == 0 ? response.status : t->status) &&
                          (t->attempts == 0 || response.attempts == t->attempts) &&
                          strstr(error.text, t->says) != NULL && took < 6 * TIME_SECOND;
        if (!check(fits, "%s", t->name))
            printf("# %d, code %d, status %d, attempts %d, %lld ms: %s\n", result, (int)error.code, response.status,
                   response.attempts, (long long)(took / 1000000), error.text);
        if (strcmp(t->path, "/gzip") == 0)
            check_text(response.body.p, "{\"ok\":true}", "decompressed");
        http_response_clear(&response);
    }
}

/* How often the server saw a path: from its log. */
static int seen(struct http *http, const char *path)
{
    char url[256];
    struct http_response response;
    struct error error;
    int count = 0;
    error_clear(&error);
    make_url(url, "http", "/log");
    const struct http_request request = {.source = "test", .url = url, .configured = true};
    if (http_ask(http, &request, &response, &error) == 0)
        for (const char *p = response.body.p; (p = strstr(p, path)) != NULL; p++)
            count++;
    http_response_clear(&response);
    return count;
}

static int ask(struct http *http, const struct http_request *request, struct error *error)
{
    struct http_response response;
    error_clear(error);
    const int result = http_ask(http, request, &response, error);
    http_response_clear(&response);
    return result;
}

static void test_refusals(struct http *http)
{
    struct error error;
    char url[256];
    make_url(url, "http", "/ok?refused");
    check(ask(http, &(struct http_request){.source = "test", .url = url}, &error) == -1 && error.code == EXIT_USAGE,
          "fault-040: plain http is refused unless the configuration names the server");
    make_url(url, "https", "/ok?refused");
    check(ask(http, &(struct http_request){.source = "test", .url = url}, &error) == -1 &&
              error.code == EXIT_UNAVAILABLE && strstr(error.text, "this machine or a private network") != NULL,
          "fault-040: so is this machine");
    const struct http_request away = {.source = "test", .url = "http://192.0.2.1:9/", .configured = true};
    check(ask(http, &away, &error) == -1 && strstr(error.text, "private network: refused") != NULL,
          "fault-040: plain http stays on this machine, configured or not");
    make_url(url, "http", "/ok?refused");
    const struct http_header split = {"X-Name", "a\r\nX-Other: b"}, name = {"X Name", "a"};
    check(ask(http,
              &(struct http_request){.source = "t", .url = url, .configured = true, .header = &split, .headers = 1},
              &error) == -1 &&
              error.code == EXIT_INPUT,
          "fault-043: a line feed in a header");
    check(ask(http,
              &(struct http_request){.source = "t", .url = url, .configured = true, .header = &name, .headers = 1},
              &error) == -1 &&
              error.code == EXIT_INPUT,
          "fault-043: a space in its name");
    check(seen(http, "\"query\": \"refused\"") == 0, "nothing of all that was sent");
    const struct http_request nobody = {
        .source = "test", .url = "https://no-such-host.invalid/", .budget = TIME_SECOND, .repeat = HTTP_REPEAT_UNSENT};
    check(ask(http, &nobody, &error) == -1 && error.code == EXIT_UNAVAILABLE,
          "fault-031: a name that does not resolve");
    const struct http_request closed = {.source = "test",
                                        .url = "http://127.0.0.1:1/",
                                        .method = "POST",
                                        .configured = true,
                                        .budget = TIME_SECOND,
                                        .repeat = HTTP_REPEAT_UNSENT};
    check(ask(http, &closed, &error) == -1 && error.code == EXIT_UNAVAILABLE && strstr(error.text, "cannot reach"),
          "fault-031: a port that is closed: 5 even for an order, since nothing was sent");
    make_url(url, "http", "/ok?proxied");
    (void)setenv("http_proxy", "http://127.0.0.1:1/", 1);
    (void)setenv("HTTPS_PROXY", "http://127.0.0.1:1/", 1);
    (void)setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
    check(ask(http, &(struct http_request){.source = "test", .url = url, .configured = true}, &error) == 0,
          "fault-044: proxies of the environment are not used");
    const struct http_options options = {.agent = "test", .proxy = "http://127.0.0.1:1"};
    struct http *proxied = http_open(&options, &error);
    check(ask(proxied, &(struct http_request){.source = "t", .url = url, .configured = true, .budget = TIME_SECOND},
              &error) == -1,
          "fault-044: a configured one is");
    http_close(proxied);
    (void)unsetenv("http_proxy");
    (void)unsetenv("HTTPS_PROXY");
    (void)unsetenv("ALL_PROXY");
}

/* What libcurl does by itself must not send an order twice: each of these reached the server once. */
static void test_once(struct http *http)
{
    check(seen(http, "\"path\": \"/drop\"") == 1, "fault-032: a POST whose connection closes is sent once");
    check(seen(http, "\"path\": \"/status/503/1/p\"") == 1, "fault-034: one that is answered with 503 too");
    check(seen(http, "\"path\": \"/wait/1/r\"") == 2, "the log of the server counts");
}

static void test_conditional(void)
{
    char url[256];
    struct http_response response;
    struct error error;
    error_clear(&error);
    make_url(url, "http", "/etag");
    const struct http_options options = {.agent = "test", .keep = at("answers")};
    struct http *http = http_open(&options, &error);
    const struct http_request request = {.source = "test", .url = url, .configured = true, .keep = true};
    for (int i = 0; i < 2; i++) {
        check(http_ask(http, &request, &response, &error) == 0 && response.status == 200 &&
                  str_is(buf_str(&response.body), "{\"ok\":true}"),
              "%s", i == 0 ? "an answer with its tag" : "not changed: the kept answer in its place");
        http_response_clear(&response);
    }
    check(seen(http, "\"if-none-match\": \"\\\"v1\\\"\"") == 1, "it was asked for with its tag");
    make_url(url, "http", "/unmeasured");
    for (int i = 0; i < 2; i++) {
        check(http_ask(http, &request, &response, &error) == 0 && response.status == 200 &&
                  str_is(buf_str(&response.body), i == 0 ? "{\"ok\":" : "{\"ok\":true}"),
              "%s", i == 0 ? "a body that ends with the connection" : "may be half of it, and is not kept");
        http_response_clear(&response);
    }
    make_url(url, "http", "/304");
    for (int i = 0; i < 2; i++) {
        const struct http_request asked = {.source = "test", .url = url, .configured = true, .keep = i == 0};
        check(http_ask(http, &asked, &response, &error) < 0 && error.code == EXIT_UNAVAILABLE &&
                  strstr(error.text, "304") != NULL,
              "'not changed' is no answer when that was not asked%s", i == 0 ? ", kept or not" : "");
        error_clear(&error);
        http_response_clear(&response);
    }
    http_close(http);
    response.headers = (struct buf){.maximum = 4096};
    buf_add_text(&response.headers, "date: x\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\n");
    /* 784111777 s is RFC 9110's own example, 1994-11-06T08:49:37Z */
    check(http_retry_after(&response, 784111770 * TIME_SECOND) == 7 * TIME_SECOND, "Retry-After as a date");
    buf_reset(&response.headers);
    buf_add_text(&response.headers, "retry-after: 2.5\n");
    check(http_retry_after(&response, 0) == 3 * TIME_SECOND, "or with a fraction");
    buf_reset(&response.headers);
    buf_add_text(&response.headers, "retry-after: Sun, 06 Nov 0997 08:49:37 GMT\n");
    check(http_retry_after(&response, 0) == -1, "or a year that no clock of ours can show");
    buf_reset(&response.headers);
    buf_add_text(&response.headers, "retry-after: soon\n");
    check(http_retry_after(&response, 0) == -1, "or nonsense");
    buf_clear(&response.headers);
}

static void on_warning(void *context, const char *text)
{
    buf_add_text(context, text);
}

static void test_clock(void)
{
    static const struct {
        const char *path, *says;
    } cases[] = {
        {"/clock?0", ""}, {"/clock?30", "behind that of 127.0.0.1"}, {"/clock?-30", "ahead of that of 127.0.0.1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        struct buf said;
        char url[256];
        error_clear(&error);
        buf_init(&said, 1024);
        const struct http_options options = {.agent = "test", .warn = on_warning, .context = &said};
        struct http *http = http_open(&options, &error);
        make_url(url, "http", cases[i].path);
        for (int k = 0; k < 2; k++)
            (void)ask(http, &(struct http_request){.source = "t", .url = url, .configured = true}, &error);
        const char *text = said.n == 0 ? "" : said.p, *found = strstr(text, "the clock");
        check(strstr(text, cases[i].says) != NULL && (cases[i].says[0] != '\0') == (found != NULL) &&
                  (found == NULL || strstr(found + 1, "the clock") == NULL),
              "fault-026: %s: '%s'", cases[i].path, text);
        http_close(http);
        buf_clear(&said);
    }
}

/* ---- many at once ---- */

struct tally {
    struct http *http;
    int good, bad, more;
};

static int on_done(void *context, const struct http_response *response, const struct error *failure,
                   struct error *error)
{
    struct tally *tally = context;
    char url[256];
    if (failure != NULL)
        tally->bad++;
    else
        tally->good += response->status == 200;
    if (tally->more == 0)
        return 0;
    tally->more--;
    make_url(url, "http", "/ok?next");
    return http_start(tally->http, &(struct http_request){.source = "t", .url = url, .configured = true}, on_done,
                      tally, error);
}

static void test_many(struct http *http)
{
    struct tally tally = {.http = http, .more = 50};
    struct error error;
    char url[256];
    error_clear(&error);
    for (int i = 0; i < 50; i++) {
        make_url(url, "http", i % 10 == 9 ? "/cut" : i % 10 == 8 ? "/status/503/1/many" : "/ok?many");
        (void)http_start(
            http,
            &(struct http_request){.source = "t", .url = url, .configured = true, .budget = i % 10 == 9 ? 1000000 : 0},
            on_done, &tally, &error);
    }
    check(http_run(http, &error) == 0 && tally.good == 95 && tally.bad == 5,
          "50 requests at once, each answer asking for another: %d good, %d bad", tally.good, tally.bad);
    check(seen(http, "\"query\": \"next\"") == 50, "the server saw the second ones");
}

/* ---- pace ---- */

static void test_pace(void)
{
    struct error error;
    int64_t wait[6], total = 0;
    const struct pace pace = {TIME_SECOND, 3};
    error_clear(&error);
    for (int i = 0; i < 6; i++)
        (void)pace_turn(folder, "example.com", pace, TIME_HOUR, &wait[i], &error);
    /* Three at once, then one a second: 0 0 0 1 2 3, less the time the calls take. */
    bool fits = wait[0] == 0 && wait[1] == 0 && wait[2] == 0;
    for (int i = 3; i < 6; i++)
        fits &= wait[i] > (i - 3) * TIME_SECOND + TIME_SECOND / 2 && wait[i] <= (i - 2) * TIME_SECOND;
    check(fits, "fault-036: a burst of three, then one a second: %.2f %.2f %.2f", (double)wait[3] / 1e9,
          (double)wait[4] / 1e9, (double)wait[5] / 1e9);
    (void)pace_hold(folder, "held.example.com", 40 * TIME_SECOND, &error);
    (void)pace_turn(folder, "held.example.com", (struct pace){0, 1}, TIME_HOUR, &total, &error);
    check(total > 39 * TIME_SECOND && total <= 40 * TIME_SECOND, "Retry-After holds for other processes");
    (void)pace_turn(folder, "example.com", pace, 2 * TIME_SECOND, &wait[0], &error);
    (void)pace_turn(folder, "example.com", pace, TIME_HOUR, &wait[1], &error);
    check(wait[0] > 3 * TIME_SECOND && wait[1] <= wait[0], "a turn too far ahead is not taken");
    (void)file_replace(at("broken.example.com.pace"), "nonsense\n", 9, 0600, &error);
    (void)pace_turn(folder, "broken.example.com", pace, TIME_HOUR, &total, &error);
    check(total == 0, "a file that says nothing sensible holds nobody up");
    (void)file_replace(at("far.example.com.pace"), "9000000000000000000 9000000000000000000\n", 40, 0600, &error);
    (void)pace_turn(folder, "far.example.com", pace, TIME_HOUR, &total, &error);
    check(total == 0, "nor does one of a clock that was years ahead");
    check(!error_is_set(&error), "no error: %s", error.text);
    const struct http_options options = {.agent = "test", .pace = folder};
    struct http *http = http_open(&options, &error);
    struct tally tally = {.http = http};
    char url[256];
    make_url(url, "http", "/ok?paced");
    const int64_t before = time_monotonic();
    for (int i = 0; i < 5; i++)
        (void)http_start(
            http, &(struct http_request){.source = "t", .url = url, .configured = true, .pace = {TIME_SECOND / 5, 2}},
            on_done, &tally, &error);
    check(http_run(http, &error) == 0 && tally.good == 5, "five requests at a pace");
    /* two at once, three more 0.2 s apart */
    const int64_t took = time_monotonic() - before;
    check(took >= 550000000 && took < 3 * TIME_SECOND, "take the time they must: %lld ms", (long long)(took / 1000000));
    char host[64];
    (void)snprintf(host, sizeof host, "127.0.0.1_%d", port);
    (void)pace_hold(folder, host, TIME_HOUR, &error);
    check(ask(http, &(struct http_request){.source = "t", .url = url, .configured = true}, &error) == -1 &&
              error.code == EXIT_UNAVAILABLE && strstr(error.text, "accepts no requests for another 3600 s") != NULL,
          "who is to be left alone for an hour is not waited for: %s", error.text);
    http_close(http);
}

/* ---- secrets ---- */

static struct buf traced;

static void on_trace(void *context, const char *line)
{
    (void)context;
    buf_add_text(&traced, line);
    buf_add_char(&traced, '\n');
}

static void test_secrets_parse(void)
{
    static const struct {
        const char *text, *key, *secret;
        int code;
    } cases[] = {
        {"abc\n", "abc", NULL, 0},
        {"key=abc\nsecret: d=e f \n", "abc", "d=e f", 0},
        {"abc\nurl: x\nsecret: def\n", "abc", "def", 0},
        {"secret = def\nkey = abc\r\n", "abc", "def", 0},
        {"YWJj==\n", "YWJj==", NULL, 0},
        {"", NULL, NULL, EXIT_CREDENTIALS},
        {"\n\n", NULL, NULL, EXIT_CREDENTIALS},
        {"key=a\nkey=b\n", "a", NULL, EXIT_CREDENTIALS},
        {"key=\n", NULL, NULL, EXIT_CREDENTIALS},
        {"a\x01"
         "b\n",
         NULL, NULL, EXIT_CREDENTIALS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct secrets secrets;
        struct error error;
        error_clear(&error);
        secrets_init(&secrets);
        const int result = secrets_parse(&secrets, "key secret", str_of(cases[i].text), &error);
        const char *key = secrets_find(&secrets, "key"), *secret = secrets_find(&secrets, "secret");
        check(result == (cases[i].code == 0 ? 0 : -1) && (int)error.code == cases[i].code &&
                  (key == NULL ? cases[i].key == NULL : cases[i].key != NULL && strcmp(key, cases[i].key) == 0) &&
                  (secret == NULL ? cases[i].secret == NULL
                                  : cases[i].secret != NULL && strcmp(secret, cases[i].secret) == 0),
              "what a command gives, case %zu: %s", i, error.text);
        secrets_clear(&secrets);
    }
}

static void test_secret_files(void)
{
    struct secrets secrets;
    struct error error;
    error_clear(&error);
    secrets_init(&secrets);
    (void)file_replace(at("key"), "canary-1\n", 9, 0600, &error);
    check(secrets_file(&secrets, "key", at("key"), &error) == 0 &&
              strcmp(secrets_find(&secrets, "key"), "canary-1") == 0,
          "a private file");
    secrets_clear(&secrets);
    (void)chmod(at("key"), 0644);
    check(secrets_file(&secrets, "key", at("key"), &error) == -1 && error.code == EXIT_CREDENTIALS,
          "fault-085: one open to others");
    error_clear(&error);
    (void)chmod(at("key"), 0600);
    check(symlink(at("key"), at("link")) == 0 && secrets_file(&secrets, "key", at("link"), &error) == -1 &&
              error.code == EXIT_CREDENTIALS,
          "fault-085: a symbolic link");
    error_clear(&error);
    check(secrets_command(&secrets, "key", "printf '%s\\n' \"can ary\"", &error) == 0 &&
              strcmp(secrets_find(&secrets, "key"), "can ary") == 0,
          "a command, split without a shell: %s", error.text);
    secrets_clear(&secrets);
    error_clear(&error);
    check(secrets_command(&secrets, "key", "echo $(id) `id` *", &error) == 0 &&
              strcmp(secrets_find(&secrets, "key"), "$(id) `id` *") == 0,
          "fault-072: nothing in it is expanded");
    secrets_clear(&secrets);
    error_clear(&error);
    check(secrets_command(&secrets, "key", "false", &error) == -1 && error.code == EXIT_CREDENTIALS, "one that fails");
    error_clear(&error);
    check(secrets_command(&secrets, "key", "printf 'x", &error) == -1 && error.code == EXIT_USAGE,
          "one with an open quote");
}

static void test_blanking(void)
{
    struct secrets secrets;
    struct error error;
    struct http_response response;
    struct buf log;
    char url[256];
    error_clear(&error);
    secrets_init(&secrets);
    buf_init(&traced, 1 << 20);
    buf_init(&log, 1 << 20);
    (void)secrets_add(&secrets, "part", STR("canary"), &error);
    (void)secrets_add(&secrets, "key", STR("canary/key+\"1\""), &error);
    const struct http_options options = {.agent = "test", .log = at("requests"), .trace = on_trace};
    struct http *http = http_open(&options, &error);
    make_url(url, "http", "/echo?key=canary%2Fkey%2B%221%22&b=1");
    const struct http_header header = {"X-Key", "canary/key+\"1\""};
    const struct http_request request = {
        .source = "test", .url = url, .configured = true, .header = &header, .headers = 1, .secrets = &secrets};
    check(http_ask(http, &request, &response, &error) == 0 && strstr(response.body.p, "canary/key+\\\"1\\\"") != NULL,
          "the server gets the secret");
    http_response_clear(&response);
    const struct http_request refused = {.source = "test", .url = "https://canary:1/#", .secrets = &secrets};
    check(http_ask(http, &refused, &response, &error) == -1 && strstr(error.text, "canary") == NULL &&
              strstr(error.text, "***") != NULL,
          "fault-084: not in a message: %s", error.text);
    http_response_clear(&response);
    http_close(http);
    error_clear(&error);
    check(file_read(at("requests"), &log, &error) == 0 && strstr(log.p, "/echo?key=***&b=1\"") != NULL &&
              strstr(log.p, "canary") == NULL,
          "fault-084: not in the request log");
    check(strstr(traced.p, "X-Key: ***") != NULL && strstr(traced.p, "canary") == NULL, "fault-084: not in a trace");
    struct stat status;
    check(stat(at("requests"), &status) == 0 && (status.st_mode & 077) == 0, "the log is the user's alone");
    buf_clear(&log);
    buf_clear(&traced);
    secrets_clear(&secrets);
}

/* ---- TLS ---- */

static void test_cut_record(struct http *http, int tls_port)
{
    static const struct {
        const char *method;
        enum http_repeat repeat;
        enum exit_code code;
    } cases[] = {{"GET", HTTP_REPEAT_READ, EXIT_UNAVAILABLE}, {"POST", HTTP_REPEAT_UNSENT, EXIT_UNKNOWN}};
    char url[256];
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%d/cut-record", tls_port);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        const struct http_request request = {.source = "t",
                                             .method = cases[i].method,
                                             .url = url,
                                             .configured = true,
                                             .budget = TIME_SECOND / 2,
                                             .repeat = cases[i].repeat};
        error_clear(&error);
        check(ask(http, &request, &error) == -1 && error.code == cases[i].code,
              "fault-042: a %s whose answer ends within a record of TLS: %s", cases[i].method, error.text);
    }
}

static void test_tls(void)
{
    static const struct {
        const char *name;
        long to;
        const char *names;
        bool own, old;
        const char *says, *what;
    } cases[] = {
        {"good", 86400, "IP:127.0.0.1", false, false, NULL, "a certificate of the trusted authority"},
        {"expired", -3600, "IP:127.0.0.1", false, false, "no valid certificate", "fault-041: expired"},
        {"other", 86400, "DNS:example.com", false, false, "no valid certificate", "fault-041: of another host"},
        {"self", 86400, "IP:127.0.0.1", true, false, "no valid certificate", "fault-041: self-signed"},
        {"tls11", 86400, "IP:127.0.0.1", false, true, "no secure connection", "fault-041: TLS 1.1"},
    };
    struct error error;
    error_clear(&error);
    struct certificate ca, made;
    if (!check(certificate_make(&ca, NULL, folder, "ca", NULL, -86400, 86400), "a certificate authority"))
        return;
    const struct http_options options = {.agent = "test", .ca_file = at("ca.pem"), .first_pause = 1000000};
    struct http *http = http_open(&options, &error);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct child child;
        char certificate[PATH_MAX], key[PATH_MAX], url[256];
        (void)certificate_make(&made, cases[i].own ? NULL : &ca, folder, cases[i].name, cases[i].names, -86400,
                               cases[i].to);
        certificate_free(&made);
        (void)snprintf(certificate, sizeof certificate, "%s/%s.pem", folder, cases[i].name);
        (void)snprintf(key, sizeof key, "%s/%s.key", folder, cases[i].name);
        const char *const more[] = {"--tls", certificate, key, cases[i].old ? "--old-tls" : NULL, NULL};
        unlink(at("tls-port"));
        const int tls_port = standin_start(&child, at("tls-port"), more);
        (void)snprintf(url, sizeof url, "https://127.0.0.1:%d/ok", tls_port);
        const struct http_request request = {
            .source = "t", .url = url, .configured = true, .budget = 2 * TIME_SECOND, .repeat = HTTP_REPEAT_UNSENT};
        const int result = ask(http, &request, &error);
        if (cases[i].says == NULL) {
            check(tls_port > 0 && result == 0, "%s: %s", cases[i].what, error.text);
            test_cut_record(http, tls_port);
        } else
            check(tls_port > 0 && result == -1 && error.code == EXIT_UNAVAILABLE &&
                      strstr(error.text, cases[i].says) != NULL,
                  "%s: %s", cases[i].what, error.text);
        standin_stop(&child);
    }
    http_close(http);
    certificate_free(&ca);
}

int main(void)
{
    struct child child;
    struct error error;
    error_clear(&error);
    if (mkdtemp(folder) == NULL)
        return 1;
    test_url();
    test_secrets_parse();
    test_secret_files();
    port = standin_start(&child, at("port"), NULL);
    if (check(port > 0, "a server to talk to")) {
        const struct http_options options = {.agent = "test", .first_pause = 1000000};
        struct http *http = http_open(&options, &error);
        test_trials(http);
        test_once(http);
        test_refusals(http);
        test_conditional();
        test_clock();
        test_many(http);
        http_close(http);
        test_pace();
        test_blanking();
        standin_stop(&child);
    }
    test_tls();
    const char *const remove[] = {"rm", "-rf", folder, NULL};
    int status;
    (void)spawn_run(remove, (struct str){NULL, 0}, TIME_MINUTE, NULL, NULL, &status, &error);
    return done();
}
