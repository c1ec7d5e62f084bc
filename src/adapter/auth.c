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

static void wipe(struct buf *buf)
{
    if (buf->p != NULL)
        explicit_bzero(buf->p, buf->capacity);
    buf_clear(buf);
}

/* SHA-256 of secrets, one behind the other, in hexadecimal digits. */
static bool add_digest(struct buf *out, const char *names, const struct adapter *adapter)
{
    struct error ignored;
    struct buf text;
    uint8_t digest[SHA256_SIZE];
    bool complete = true;
    error_clear(&ignored);
    buf_init(&text, 8 * SECRET_SIZE);
    while (*names != '\0') {
        char name[SECRET_NAME_SIZE];
        const size_t n = strcspn(names, " ");
        (void)snprintf(name, sizeof name, "%.*s", (int)n, names);
        names += n + (names[n] == ' ');
        const char *secret = secrets_find(&adapter->secrets, name);
        complete &= secret != NULL;
        buf_add_text(&text, secret == NULL ? "" : secret);
    }
    struct sha256 *hash = sha256_new(&ignored);
    complete = complete && hash != NULL && buf_check(&text, &ignored) == 0 &&
               sha256_of(hash, text.p == NULL ? "" : text.p, text.n, digest, &ignored) == 0;
    for (size_t i = 0; complete && i < sizeof digest; i++)
        buf_printf(out, "%02x", digest[i]);
    sha256_free(hash);
    wipe(&text);
    return complete;
}

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
        if (strncmp(name, "sha256:", 7) == 0) {
            complete &= add_digest(out, name + 7, adapter);
            p = end;
            continue;
        }
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

static int add_basic(struct buf *header, struct adapter *adapter, const char *basic, struct error *error)
{
    struct buf plain;
    buf_init(&plain, 2 * SECRET_SIZE);
    int result = auth_fill(&plain, basic, adapter, false)
                     ? buf_check(&plain, error)
                     : error_set(error, EXIT_CREDENTIALS, "%s: a secret for its token is missing", adapter->title);
    if (result == 0)
        result = encode_basic(header, adapter, &plain, error);
    wipe(&plain);
    return result;
}

static int add_form(struct buf *form, const struct adapter *adapter, const struct adapter_form *described,
                    struct error *error)
{
    for (int i = 0; i < described->members; i++) {
        const struct adapter_auth *member = &described->member[i];
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
    (void)error_set(error, EXIT_CREDENTIALS, "%s returns no access token: %s%s%s", adapter->title, word,
                    text[0] == '\0' ? "" : ": ", text);
    error_hint(error, "the key may be wrong, or the login has expired: log in again, see tn-adapters(5)");
    secrets_blank_error(&adapter->secrets, error); /* servers repeat what they do not understand */
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

int auth_post(struct adapter *adapter, struct http *http, const struct adapter_form *form,
              struct http_response *response, struct error *error)
{
    const char *origin = adapter_server(adapter, form->server);
    struct http_header header[ADAPTER_AUTH_MAX + 3] = {{"Content-Type", "application/x-www-form-urlencoded"},
                                                       {"Accept", "application/json"}};
    struct buf url, basic, body;
    int headers = 2;
    *response = (struct http_response){.status = 0};
    buf_init(&url, URL_MAX);
    buf_init(&basic, REQUEST);
    buf_init(&body, REQUEST);
    buf_printf(&url, "%s%s", origin == NULL ? "" : origin, form->path);
    int result = origin == NULL ? error_set(error, EXIT_USAGE, "its adapter has no server '%s'", form->server)
                                : buf_check(&url, error);
    if (result == 0 && form->basic[0] != '\0' && (result = add_basic(&basic, adapter, form->basic, error)) == 0)
        header[headers++] = (struct http_header){"Authorization", basic.p};
    for (int i = 0; i < form->headers; i++)
        header[headers++] = (struct http_header){form->header[i].name, form->header[i].text};
    if (result == 0)
        result = add_form(&body, adapter, form, error);
    const struct http_request request = {
        .source = adapter->name,
        .method = "POST",
        .url = url.p,
        .header = header,
        .headers = headers,
        .body = buf_str(&body),
        .secrets = &adapter->secrets,
        .configured = adapter->configured,
        .timeout = adapter->timeout,
        .unrecorded = true,
    };
    if (result == 0)
        result = http_ask(http, &request, response, error);
    buf_clear(&url);
    wipe(&basic);
    wipe(&body);
    return result;
}

int auth_renew(struct adapter *adapter, struct http *http, struct error *error)
{
    struct http_response response;
    if (adapter->token.form.path[0] == '\0' || adapter->token.ends - time_monotonic() > MARGIN)
        return 0;
    int result = auth_post(adapter, http, &adapter->token.form, &response, error);
    if (result == 0)
        result = take_token(adapter, &response, error);
    wipe(&response.body);
    http_response_clear(&response);
    return result;
}
