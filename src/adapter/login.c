/* A login by a person with a browser. */
#include "adapter/login.h"

#include "adapter/auth.h"
#include "adapter/body.h"
#include "adapter/json.h"

#include <stdio.h>

int login_address(struct adapter *adapter, const char *redirect, struct buf *address, struct error *error)
{
    if (secrets_set(&adapter->secrets, "redirect", str_of(redirect), error) < 0)
        return -1;
    if (!auth_fill(address, adapter->login.address, adapter, true))
        return error_set(error, EXIT_CREDENTIALS, "%s: a secret for its login is missing", adapter->title);
    return buf_check(address, error);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static void add_decoded(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        const int high = text.p[i] == '%' && i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
        const int low = high < 0 ? -1 : hex_digit(text.p[i + 2]);
        if (low < 0) {
            buf_add_char(out, text.p[i]);
            continue;
        }
        buf_add_char(out, (char)(high * 16 + low));
        i += 2;
    }
}

/* The value of a parameter of an address, decoded; nothing when it has none. */
static void find_parameter(struct buf *out, struct str address, const char *name)
{
    const size_t length = strlen(name);
    const char *p = memchr(address.p, '?', address.n), *const end = address.p + address.n;
    while (p != NULL && p < end) {
        const char *next = ++p;
        while (next < end && *next != '&' && *next != '#')
            next++;
        if ((size_t)(next - p) > length && memcmp(p, name, length) == 0 && p[length] == '=') {
            const char *value = p + length + 1;
            add_decoded(out, (struct str){value, (size_t)(next - value)});
            return;
        }
        p = next < end && *next == '&' ? next : NULL;
    }
}

/* The secret in an answer, at its top or in `data`; a failure says what the server said. */
static int take_answer(struct adapter *adapter, const struct http_response *response, struct error *error)
{
    struct buf body;
    struct error ignored;
    struct field data;
    char secret[SECRET_SIZE] = "", says[160] = "";
    error_clear(&ignored);
    buf_init(&body, HTTP_BODY_MAX);
    if (body_take(&body, buf_str(&response->body), &ignored) < 0 || body.p[0] != '{') {
        buf_reset(&body);
        buf_add_text(&body, "{}");
    }
    int result = buf_check(&body, error);
    if (result == 0 && !json_text(buf_str(&body), adapter->login.answer, secret, sizeof secret) &&
        json_find(buf_str(&body), "data", &data) && data.kind == VALUE_OBJECT)
        (void)json_text(data.value, adapter->login.answer, secret, sizeof secret);
    if (result == 0 && (response->status != 200 || secret[0] == '\0')) {
        if (!json_text(buf_str(&body), "error_description", says, sizeof says) &&
            !json_text(buf_str(&body), "message", says, sizeof says) &&
            !json_text(buf_str(&body), "error", says, sizeof says))
            (void)snprintf(says, sizeof says, "the server answers %d", response->status);
        result = error_set(error, EXIT_CREDENTIALS, "%s refuses the login: %s", adapter->title, says);
        error_hint(error, "a code is valid for half a minute and only once: log in again");
        secrets_blank_error(&adapter->secrets, error);
    }
    if (result == 0)
        result = secrets_set(&adapter->secrets, adapter->login.keeps, str_of(secret), error);
    explicit_bzero(secret, sizeof secret);
    if (body.p != NULL)
        explicit_bzero(body.p, body.capacity);
    buf_clear(&body);
    return result;
}

int login_take(struct adapter *adapter, struct http *http, struct str sent, struct error *error)
{
    struct buf code;
    struct http_response response;
    buf_init(&code, SECRET_SIZE - 1);
    find_parameter(&code, sent, adapter->login.parameter);
    int result = buf_check(&code, error);
    if (result == 0 && code.n == 0) {
        result = error_set(error, EXIT_INPUT, "the address has no '%s'", adapter->login.parameter);
        error_hint(error, "it is the whole address in the browser's bar after the login, even if the page is an error");
    }
    if (result == 0)
        result = secrets_set(&adapter->secrets, "code", buf_str(&code), error);
    if (result == 0) {
        result = auth_post(adapter, http, &adapter->login.form, &response, error);
        if (result == 0)
            result = take_answer(adapter, &response, error);
        if (response.body.p != NULL)
            explicit_bzero(response.body.p, response.body.capacity);
        http_response_clear(&response);
    }
    if (code.p != NULL)
        explicit_bzero(code.p, code.capacity);
    buf_clear(&code);
    return result;
}

void login_rewrite(struct str file, const char *name, const char *secret, struct buf *out)
{
    const size_t length = strlen(name);
    bool found = false;
    for (const char *p = file.p, *const end = file.p + file.n; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((stop == NULL ? end : stop) - p);
        size_t at = strspn(p, " \t");
        bool its = n > at + length && memcmp(p + at, name, length) == 0;
        for (at += length; its && at < n && (p[at] == ' ' || p[at] == '\t'); at++)
            ;
        its = its && at < n && (p[at] == '=' || p[at] == ':');
        if (its && !found)
            buf_printf(out, "%s = %s\n", name, secret);
        else if (!its) {
            buf_add(out, p, n);
            buf_add_char(out, '\n');
        }
        found |= its;
        p += n + (stop != NULL);
    }
    if (!found)
        buf_printf(out, "%s = %s\n", name, secret);
}
