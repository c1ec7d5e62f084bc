/* One question to a server on its way through an adapter. */
#include "adapter/question.h"

#include "adapter/auth.h"
#include "adapter/json.h"

#include "base/num.h"

#include <stdio.h>

#define PAGE_MAX 65536

void question_init(struct question *question)
{
    *question = (struct question){.direct = false};
    buf_init(&question->page, PAGE_MAX);
    buf_init(&question->target, URL_MAX);
    buf_init(&question->strings, 65536);
}

void question_clear(struct question *question)
{
    buf_clear(&question->page);
    buf_clear(&question->target);
    buf_clear(&question->strings);
}

/* ---- what the adapter is told ---- */

/* A moment in the forms that servers want. `date` is that of a moment in the calendar's zone. */
static void add_moment(struct buf *out, const char *name, int64_t time, int64_t dated, const struct calendar *calendar)
{
    char date[TIME_TEXT_MAX];
    (void)date_format(date, date_from_days(calendar_date(calendar, dated)));
    buf_printf(out, ",\"%s\":{\"time\":", name);
    json_add_time(out, time);
    buf_printf(out, ",\"date\":\"%s\",\"s\":\"%lld\",\"ms\":\"%lld\",\"ns\":\"%lld\"}", date,
               (long long)(time / TIME_SECOND), (long long)(time / 1000000), (long long)time);
}

void question_add(struct buf *out, const char *call, const struct fetch_query *query, const struct adapter *adapter,
                  const char *const *symbol, size_t symbols, const struct question *question)
{
    char interval[INTERVAL_TEXT_MAX] = "";
    buf_printf(out, "{\"call\":\"%s\",\"command\":\"%s\",\"symbols\":[", call, query->command);
    for (size_t i = 0; i < symbols; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(symbol[i]));
    }
    buf_add_char(out, ']');
    if (query->interval.unit != INTERVAL_NONE)
        (void)interval_format(interval, query->interval);
    buf_printf(out, ",\"interval\":\"%s\"", interval);
    add_moment(out, "from", query->from, query->from, query->calendar);
    /* The end is the first moment that is not wanted; its date is the last that is. */
    add_moment(out, "to", query->to, query->to - 1, query->calendar);
    add_moment(out, "now", query->now, query->now, query->calendar);
    buf_printf(out, ",\"limit\":%lld,\"feed\":", (long long)query->limit);
    json_add_string(out, str_of(query->feed[0] != '\0' ? query->feed : adapter->feeds > 0 ? adapter->feed[0] : ""));
    buf_add_text(out, ",\"text\":");
    json_add_string(out, str_of(query->text));
    buf_add_text(out, ",\"path\":");
    json_add_string(out, str_of(adapter->path));
    buf_add_text(out, ",\"page\":");
    buf_add_text(out, question->page.n == 0 ? "null" : question->page.p);
}

/* ---- the request it makes of it ---- */

static bool has_query(const struct buf *target)
{
    return target->p != NULL && memchr(target->p, '?', target->n) != NULL;
}

static int add_parameter(struct question *question, const struct record *record, const struct field *member,
                         struct error *error)
{
    struct str value = member->value;
    if (member->kind == VALUE_NULL)
        return 0;
    if (member->kind == VALUE_OBJECT || member->kind == VALUE_ARRAY)
        return error_set(error, EXIT_USAGE, "parameter '" STR_FMT "' is not a plain value", STR_ARG(member->key));
    if (member->kind == VALUE_STRING && record_text(record, member, &value, error) < 0)
        return -1;
    buf_add_char(&question->target, has_query(&question->target) ? '&' : '?');
    url_add_encoded(&question->target, member->key);
    buf_add_char(&question->target, '=');
    url_add_encoded(&question->target, value);
    return 0;
}

static int add_header(struct question *question, const struct record *record, const struct field *member,
                      struct error *error)
{
    struct str value;
    if (member->kind != VALUE_STRING || question->headers == QUESTION_HEADERS_MAX)
        return error_set(error, EXIT_USAGE, "header '" STR_FMT "' is not text, or one too many", STR_ARG(member->key));
    if (record_text(record, member, &value, error) < 0)
        return -1;
    if (memchr(value.p, '\0', value.n) != NULL)
        return error_set(error, EXIT_INPUT, "header '" STR_FMT "' holds a NUL", STR_ARG(member->key));
    question->name[question->headers] = question->strings.n;
    buf_add_str(&question->strings, member->key);
    buf_add_char(&question->strings, '\0');
    question->value[question->headers++] = question->strings.n;
    buf_add_str(&question->strings, value);
    buf_add_char(&question->strings, '\0');
    return 0;
}

static int each_member(struct question *question, const struct record *record, const char *name,
                       int (*take)(struct question *, const struct record *, const struct field *, struct error *),
                       struct error *error)
{
    const struct field *object = record_field(record, name);
    struct field member;
    if (object == NULL || object->kind == VALUE_NULL)
        return 0;
    if (object->kind != VALUE_OBJECT)
        return error_set(error, EXIT_USAGE, "'%s' of a request is not an object", name);
    struct str rest = object->value;
    while (raw_next(&rest, &member))
        if (take(question, record, &member, error) < 0)
            return -1;
    return 0;
}

/* The request as a scanned object: it lacks a type, which the scan says last. */
static int scan_request(struct record *record, struct str output, struct error *error)
{
    struct error why;
    error_clear(&why);
    const size_t n = output.n == 0 ? 0 : strcspn(output.p, "\n");
    if (n == 0 || n + 1 != output.n || output.p[0] != '{')
        return error_set(error, EXIT_USAGE, "its adapter does not return exactly one request");
    (void)record_scan(record, output.p, n, &why);
    if (why.code == EXIT_SYSTEM)
        return error_set(error, EXIT_SYSTEM, "%s", why.text);
    return 0;
}

int question_read(struct question *question, struct str output, struct buf *scratch, struct error *error)
{
    struct record record = {.scratch = scratch};
    struct str text;
    question->nothing = str_is(output, "null\n");
    if (question->nothing)
        return 0;
    if (scan_request(&record, output, error) < 0)
        return -1;
    buf_reset(&question->target);
    buf_reset(&question->strings);
    question->headers = 0;
    question->direct = false;
    const struct field *field = record_field(&record, "error");
    if (field != NULL && field->kind == VALUE_STRING && record_text(&record, field, &text, error) == 0)
        return error_set(error, EXIT_USAGE, STR_FMT, text.n > 300 ? 300 : (int)text.n, text.p);
    field = record_field(&record, "path");
    if (field == NULL || field->kind != VALUE_STRING || record_text(&record, field, &text, error) < 0 || text.n == 0 ||
        text.p[0] != '/')
        return error_set(error, EXIT_USAGE, "its adapter returns a request whose path does not begin with '/'");
    buf_add_str(&question->target, text);
    field = record_field(&record, "server");
    question->server[0] = '\0';
    if (field != NULL &&
        (field->kind != VALUE_STRING || field->escaped || field->value.n - 2 >= sizeof question->server))
        return error_set(error, EXIT_USAGE, "its adapter names an invalid server");
    if (field != NULL)
        (void)snprintf(question->server, sizeof question->server, STR_FMT, (int)field->value.n - 2, field->value.p + 1);
    field = record_field(&record, "keep");
    question->keep = field != NULL && field->kind == VALUE_TRUE;
    field = record_field(&record, "expect");
    question->expect = EXPECT_JSON;
    if (field != NULL && str_is(field->value, "\"text\""))
        question->expect = EXPECT_TEXT;
    else if (field != NULL && str_is(field->value, "\"xml\""))
        question->expect = EXPECT_XML;
    else if (field != NULL && !str_is(field->value, "\"json\""))
        return error_set(error, EXIT_USAGE, "its adapter must expect json, text or xml");
    if (each_member(question, &record, "query", add_parameter, error) < 0 ||
        each_member(question, &record, "headers", add_header, error) < 0)
        return -1;
    return buf_check(&question->target, error) < 0 ? -1 : buf_check(&question->strings, error);
}

/* ---- sending ---- */

/* Everything secret of a request while it is being made. */
struct made {
    struct buf url, strings;
    struct http_header header[QUESTION_HEADERS_MAX + ADAPTER_AUTH_MAX];
    size_t value[ADAPTER_AUTH_MAX];
    int headers;
};

static void add_auth(struct made *made, const struct adapter *adapter)
{
    int added = 0;
    const char *name[ADAPTER_AUTH_MAX];
    for (int i = 0; i < adapter->auths; i++) {
        const struct adapter_auth *auth = &adapter->auth[i];
        struct buf *out = auth->query ? &made->url : &made->strings;
        const size_t before = out->n;
        if (auth->query) {
            buf_add_char(out, has_query(out) ? '&' : '?');
            url_add_encoded(out, str_of(auth->name));
            buf_add_char(out, '=');
        }
        if (!auth_fill(out, auth->text, adapter, auth->query)) { /* credentials are optional here, and there are none */
            out->n = before;
            if (out->p != NULL)
                out->p[before] = '\0';
        } else if (!auth->query) {
            buf_add_char(out, '\0');
            name[added] = auth->name;
            made->value[added++] = before;
        }
    }
    for (int i = 0; i < added && !made->strings.failed; i++)
        made->header[made->headers++] = (struct http_header){name[i], made->strings.p + made->value[i]};
}

int question_send(struct question *question, struct adapter *adapter, struct http *http, http_done *done, void *context,
                  struct error *error)
{
    struct made made = {.headers = 0};
    buf_init(&made.url, URL_MAX);
    buf_init(&made.strings, 4 * SECRET_SIZE);
    const char *origin = adapter_server(adapter, question->server);
    if (origin == NULL)
        return error_set(error, EXIT_USAGE, "its adapter has no server '%s'", question->server);
    if (origin[0] == '\0') {
        (void)error_set(error, EXIT_USAGE, "which server? %s has no default", adapter->title);
        error_hint(error, "`url` in its source section, see tn-config(5)");
        return -1;
    }
    buf_add_text(&made.url, origin);
    buf_add_str(&made.url, buf_str(&question->target));
    for (int i = 0; i < question->headers; i++)
        made.header[made.headers++] =
            (struct http_header){question->strings.p + question->name[i], question->strings.p + question->value[i]};
    int result = buf_check(&made.url, error);
    if (result == 0) {
        add_auth(&made, adapter);
        result = buf_check(&made.url, error) < 0 ? -1 : buf_check(&made.strings, error);
    }
    const struct http_request request = {
        .source = adapter->name,
        .url = made.url.p,
        .header = made.header,
        .headers = made.headers,
        .secrets = &adapter->secrets,
        .configured = adapter->configured,
        .timeout = adapter->timeout,
        .pace = adapter->pace,
        .hold = adapter->hold,
        .delay = question->wait,
        .keep = question->keep,
    };
    if (result == 0)
        result = http_start(http, &request, done, context, error);
    if (made.url.p != NULL)
        explicit_bzero(made.url.p, made.url.capacity);
    if (made.strings.p != NULL)
        explicit_bzero(made.strings.p, made.strings.capacity);
    buf_clear(&made.url);
    buf_clear(&made.strings);
    return result;
}

/* ---- the next page ---- */

static int next_at_url(struct question *question, const struct adapter *adapter, struct str text, struct error *error)
{
    struct url url, own;
    char copy[URL_MAX + 1];
    if (text.n > URL_MAX || memchr(text.p, '\0', text.n) != NULL)
        return error_set(error, EXIT_UNAVAILABLE, "the next page has no usable address");
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    const char *origin = adapter_server(adapter, question->server);
    require(origin != NULL); /* the page before was there */
    if (url_parse(&url, copy, error) < 0 || url_parse(&own, origin, error) < 0) {
        error_recode(error, EXIT_UNAVAILABLE);
        error_prefix(error, "the next page");
        return -1;
    }
    if (!url_same_origin(&url, &own))
        return error_set(error, EXIT_UNAVAILABLE, "the next page is at another server ('%.100s'): not asked", copy);
    buf_reset(&question->target);
    buf_add_str(&question->target, url.rest);
    question->direct = true;
    return buf_check(&question->target, error);
}

int question_next(struct question *question, const struct adapter *adapter, const struct record *record,
                  const struct field *field, struct error *error)
{
    struct str text;
    double wait = 0;
    const struct field *pause = record_field(record, "wait");
    if (pause != NULL && (num_parse(&wait, pause->value.p, pause->value.n, error) < 0 || !(wait >= 0 && wait <= 10))) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "its adapter's 'wait' is not 0 to 10 seconds");
    }
    question->wait = (int64_t)(wait * 1e9);
    buf_reset(&question->page);
    buf_add_str(&question->page, field->value);
    if (buf_check(&question->page, error) < 0) {
        error_recode(error, EXIT_UNAVAILABLE);
        return -1;
    }
    if (!str_is(field->key, "next_url")) {
        question->direct = false;
        return 0;
    }
    if (field->kind != VALUE_STRING || record_text(record, field, &text, error) < 0)
        return error_set(error, EXIT_UNAVAILABLE, "the next page has no usable address");
    return next_at_url(question, adapter, text, error);
}

int question_ask(struct adapter *adapter, struct http *http, const char *method, struct str target,
                 struct http_response *response, struct error *error)
{
    struct made made = {.headers = 0};
    buf_init(&made.url, 1u << 20);
    buf_init(&made.strings, 4 * SECRET_SIZE);
    buf_add_text(&made.url, adapter->origin);
    buf_add_str(&made.url, target);
    made.header[made.headers++] = (struct http_header){"Accept", "application/json"};
    int result = buf_check(&made.url, error);
    if (result == 0) {
        add_auth(&made, adapter);
        result = buf_check(&made.url, error) < 0 ? -1 : buf_check(&made.strings, error);
    }
    const struct http_request request = {
        .source = adapter->name,
        .method = method,
        .url = made.url.p,
        .header = made.header,
        .headers = made.headers,
        .secrets = &adapter->secrets,
        .configured = adapter->configured,
        .timeout = 5 * TIME_SECOND,
        .budget = 5 * TIME_SECOND,
        .pace = adapter->pace,
        .hold = adapter->hold,
    };
    if (result == 0)
        result = http_ask(http, &request, response, error);
    if (made.url.p != NULL)
        explicit_bzero(made.url.p, made.url.capacity);
    if (made.strings.p != NULL)
        explicit_bzero(made.strings.p, made.strings.capacity);
    buf_clear(&made.url);
    buf_clear(&made.strings);
    return result;
}
