/* Credentials on their way into a request, and tokens that are had for them. */
#include "adapter/auth.h"

#include "adapter/body.h"
#include "adapter/json.h"
#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define MARGIN  (5 * TIME_MINUTE) /* a fetch that has begun should not outlive its token */
#define USUAL   1800.0            /* seconds, when the server does not say */
#define REQUEST (4 * SECRET_SIZE)

bool auth_fill(struct buf *out, const char *text, const struct adapter *adapter, bool encoded)
{
    bool complete = true;
    for (const char *p = text; *p != '\0'; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        char name[SECRET_NAME_SIZE];
        if (end == NULL || (size_t)(end - p) > sizeof name) {
            buf_add_char(out, *p);
            continue;
        }
        memcpy(name, p + 1, (size_t)(end - p) - 1);
        name[end - p - 1] = '\0';
        const char *secret = secrets_find(&adapter->secrets, name);
        complete &= secret != NULL;
        if (secret != NULL && encoded)
            url_add_encoded(out, str_of(secret));
        else if (secret != NULL)
            buf_add_text(out, secret);
        p = end;
    }
    return complete;
}

static void wipe(struct buf *buf)
{
    if (buf->p != NULL)
        explicit_bzero(buf->p, buf->capacity);
    buf_clear(buf);
}

/* "Basic " and base64 of NAME:PASSWORD. It is a secret too: traces show headers. */
static int encode_basic(struct buf *header, struct adapter *adapter, const struct buf *plain, struct error *error)
{
    char *coded = malloc((plain->n + 2) / 3 * 4 + 1);
    if (coded == NULL)
        return error_memory(error);
    hash_base64(coded, (const uint8_t *)plain->p, plain->n);
    const int result = secrets_set(&adapter->secrets, "basic", str_of(coded), error);
    buf_printf(header, "Basic %s", coded);
    explicit_bzero(coded, strlen(coded));
    free(coded);
    return result < 0 ? -1 : buf_check(header, error);
}

static int add_basic(struct buf *header, struct adapter *adapter, struct error *error)
{
    struct buf plain;
    buf_init(&plain, 2 * SECRET_SIZE);
    int result = auth_fill(&plain, adapter->token.basic, adapter, false)
                     ? buf_check(&plain, error)
                     : error_set(error, EXIT_CREDENTIALS, "%s: a secret for its token is missing", adapter->title);
    if (result == 0)
        result = encode_basic(header, adapter, &plain, error);
    wipe(&plain);
    return result;
}

static int add_form(struct buf *form, const struct adapter *adapter, struct error *error)
{
    for (int i = 0; i < adapter->token.members; i++) {
        const struct adapter_auth *member = &adapter->token.member[i];
        struct buf value;
        bool complete;
        buf_init(&value, 2 * SECRET_SIZE);
        complete = auth_fill(&value, member->text, adapter, false);
        buf_printf(form, "%s%s=", form->n == 0 ? "" : "&", member->name);
        url_add_encoded(form, buf_str(&value));
        const int result = buf_check(&value, error);
        wipe(&value);
        if (result < 0)
            return -1;
        if (!complete)
            return error_set(error, EXIT_CREDENTIALS, "%s: a secret for its token is missing", adapter->title);
    }
    return buf_check(form, error);
}

/* What the server says instead of a token. */
static int refuse(const struct adapter *adapter, int status, struct str body, struct error *error)
{
    char word[80] = "", text[160] = "";
    if (!json_text(body, "message", word, sizeof word)) /* beside it, `error` may be the status */
        (void)json_text(body, "error", word, sizeof word);
    (void)json_text(body, "error_description", text, sizeof text);
    if (word[0] == '\0')
        (void)snprintf(word, sizeof word, "the server answers %d", status);
    (void)error_set(error, EXIT_CREDENTIALS, "%s gives no access token: %s%s%s", adapter->title, word,
                    text[0] == '\0' ? "" : ": ", text);
    error_hint(error, "the key may be wrong, or the login has run out: log in again, see tn-adapters(5)");
    return -1;
}

static int take_token(struct adapter *adapter, const struct http_response *response, struct error *error)
{
    struct buf body;
    struct error ignored;
    char token[SECRET_SIZE];
    double seconds = 0;
    int result;
    error_clear(&ignored);
    buf_init(&body, HTTP_BODY_MAX);
    if (body_take(&body, buf_str(&response->body), &ignored) < 0 || body.p[0] != '{') {
        buf_reset(&body);
        buf_add_text(&body, "{}");
    }
    result = buf_check(&body, error);
    if (result == 0 && (response->status != 200 || !json_text(buf_str(&body), "access_token", token, sizeof token) ||
                        token[0] == '\0'))
        result = refuse(adapter, response->status, buf_str(&body), error);
    if (result == 0)
        result = secrets_set(&adapter->secrets, "access_token", str_of(token), error);
    if (result == 0) {
        if (!json_number(buf_str(&body), "expires_in", &seconds) || !(seconds >= 1 && seconds <= 1e8))
            seconds = USUAL;
        adapter->token.ends = time_monotonic() + (int64_t)(seconds * 1e9);
    }
    explicit_bzero(token, sizeof token);
    wipe(&body);
    return result;
}

static int ask_token(struct adapter *adapter, struct http *http, struct error *error)
{
    const char *origin = adapter_server(adapter, adapter->token.server);
    struct buf url, header, form;
    struct http_response response;
    buf_init(&url, URL_MAX);
    buf_init(&header, REQUEST);
    buf_init(&form, REQUEST);
    buf_printf(&url, "%s%s", origin == NULL ? "" : origin, adapter->token.path);
    int result = origin == NULL ? error_set(error, EXIT_USAGE, "its adapter has no server '%s'", adapter->token.server)
                                : buf_check(&url, error);
    if (result == 0 && (add_basic(&header, adapter, error) < 0 || add_form(&form, adapter, error) < 0))
        result = -1;
    if (result == 0) {
        const struct http_header headers[] = {{"Authorization", header.p},
                                              {"Content-Type", "application/x-www-form-urlencoded"},
                                              {"Accept", "application/json"}};
        const struct http_request request = {
            .source = adapter->name,
            .method = "POST",
            .url = url.p,
            .header = headers,
            .headers = 3,
            .body = buf_str(&form),
            .secrets = &adapter->secrets,
            .configured = adapter->configured,
            .timeout = adapter->timeout,
            .unrecorded = true,
        };
        result = http_ask(http, &request, &response, error);
        if (result == 0)
            result = take_token(adapter, &response, error);
        wipe(&response.body);
        http_response_clear(&response);
    }
    buf_clear(&url);
    wipe(&header);
    wipe(&form);
    return result;
}

int auth_renew(struct adapter *adapter, struct http *http, struct error *error)
{
    if (adapter->token.path[0] == '\0' || adapter->token.ends - time_monotonic() > MARGIN)
        return 0;
    return ask_token(adapter, http, error);
}
