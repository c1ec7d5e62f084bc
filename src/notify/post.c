/* Channels over HTTP. Sources, read on 2026-11-26: core.telegram.org/bots/api (sendMessage), Discord's and Slack's
 * pages on incoming webhooks, docs.ntfy.sh/publish, pushover.net/api.
 *
 * Nothing is marked up: texts go as plain text, and what a service would take for markup or a mention all the same is
 * escaped or switched off, so that a headline cannot dress itself up. */
#include "notify/channel.h"

#include "net/network.h"
#include "record/record.h"

#include <stdlib.h>

struct post {
    struct secrets secrets;
    struct buf url, body, authorization;
    const char *media; /* type of the body; NULL: the address is asked for, without one */
};

static void post_init(struct post *post)
{
    secrets_init(&post->secrets);
    buf_init(&post->url, 8192);
    buf_init(&post->body, 1 << 20);
    buf_init(&post->authorization, 8192);
    post->media = "application/json";
}

static void post_clear(struct post *post)
{
    secrets_clear(&post->secrets);
    buf_clear(&post->url);
    buf_clear(&post->body);
    buf_clear(&post->authorization);
}

/* The channel's secrets, from secret_command or secret_file: "token", "url". `name` must be there unless NULL. */
static const char *read_secrets(struct post *post, const struct channel *channel, const struct courier *courier,
                                const char *name, struct error *error)
{
    const char *command = channel_setting(channel, courier, "secret_command");
    const char *file = channel_setting(channel, courier, "secret_file");
    const char *names = name == NULL ? "token" : name;
    if ((command != NULL && secrets_command(&post->secrets, names, command, error) != 0) ||
        (command == NULL && file != NULL && secrets_file(&post->secrets, names, file, error) != 0))
        return NULL;
    const char *found = secrets_find(&post->secrets, names);
    if (found == NULL && name != NULL) {
        error_set(error, EXIT_CREDENTIALS, "no %s for channel '%s'", name, channel->name);
        error_hint(error, "set secret_command or secret_file in its section");
        return NULL;
    }
    return found == NULL ? "" : found;
}

static int send_post(struct post *post, const struct channel *channel, struct courier *courier, struct error *error)
{
    const struct http_header headers[] = {{"Content-Type", post->media == NULL ? "" : post->media},
                                          {"Authorization", post->authorization.n > 0 ? post->authorization.p : ""}};
    struct http_response response;
    if (buf_check(&post->url, error) != 0 || buf_check(&post->body, error) != 0 ||
        buf_check(&post->authorization, error) != 0)
        return -1;
    if (courier->http == NULL) {
        const struct http_options options = {.agent = "truenorth/" TN_VERSION};
        if ((courier->http = network_open(courier->config, courier->invocation, options, error)) == NULL)
            return -1;
    }
    const struct http_request request = {
        .source = channel->name,
        .method = post->media == NULL ? "GET" : "POST",
        .url = post->url.p,
        .header = headers,
        .headers = post->media == NULL         ? 0
                   : post->authorization.n > 0 ? 2
                                               : 1,
        .body = buf_str(&post->body),
        .secrets = &post->secrets,
        .configured = channel_setting(channel, courier, "url") != NULL,
        .repeat = HTTP_REPEAT_REFUSED,
        .limit = 1 << 16,
    };
    int result = http_ask(courier->http, &request, &response, error);
    if (result != 0) {
        /* The queue tries again later, whether this one arrived or not: an alert twice is better than none. */
        if (error->code == EXIT_UNKNOWN)
            error->code = EXIT_UNAVAILABLE;
    } else if (response.status == 401 || response.status == 403) {
        result = error_set(error, EXIT_CREDENTIALS, "the server answers %d: token or address refused", response.status);
    } else if (response.status == 408 || response.status == 425 || response.status == 429 || response.status >= 500) {
        result = error_set(error, EXIT_UNAVAILABLE, "the server answers %d", response.status);
    } else if (response.status < 200 || response.status > 299) {
        struct buf said = response.body;
        const size_t n = said.n == 0 ? 0 : strcspn(said.p, "\r\n");
        result = error_set(error, EXIT_REJECTED, "the server answers %d%s%.*s", response.status, n > 0 ? ": " : "",
                           (int)(n < 200 ? n : 200), n > 0 ? said.p : "");
        secrets_blank_error(&post->secrets, error);
    }
    http_response_clear(&response);
    return result;
}

static void add_both(struct buf *out, const struct notice *notice)
{
    buf_add_str(out, notice->title);
    if (notice->text.n > 0) {
        buf_add_char(out, '\n');
        buf_add_str(out, notice->text);
    }
}

/* {"NAME":"title, line feed, text", of which add_member adds more. */
static int begin_json(struct post *post, const char *name, const struct notice *notice, struct error *error)
{
    struct buf both;
    buf_init(&both, 1 << 20);
    add_both(&both, notice);
    const int result = buf_check(&both, error);
    if (result == 0) {
        buf_printf(&post->body, "{\"%s\":", name);
        json_add_string(&post->body, buf_str(&both));
    }
    buf_clear(&both);
    return result;
}

static void add_member(struct post *post, const char *name, struct str value)
{
    buf_printf(&post->body, "%s\"%s\":", post->body.n == 0 ? "{" : ",", name);
    json_add_string(&post->body, value);
}

/* The address: of the setting `url`, else the service's, with a path behind it. */
static void set_url(struct post *post, const struct channel *channel, const struct courier *courier,
                    const char *standard, const char *path)
{
    const char *url = channel_setting(channel, courier, "url");
    buf_add_text(&post->url, url == NULL ? standard : url);
    while (post->url.n > 0 && path[0] == '/' && post->url.p[post->url.n - 1] == '/')
        post->url.p[--post->url.n] = '\0';
    buf_add_text(&post->url, path);
}

int channel_telegram(const struct channel *channel, const struct notice *notice, struct courier *courier,
                     struct error *error)
{
    struct post post;
    post_init(&post);
    int result = -1;
    const char *token = read_secrets(&post, channel, courier, "token", error);
    if (token == NULL || begin_json(&post, "text", notice, error) != 0)
        goto out;
    set_url(&post, channel, courier, "https://api.telegram.org", "/bot");
    buf_add_text(&post.url, token);
    buf_add_text(&post.url, "/sendMessage");
    add_member(&post, "chat_id", str_of(channel_setting(channel, courier, "to")));
    buf_add_text(&post.body, notice->level == ALERT_INFO ? ",\"disable_notification\":true}" : "}");
    result = send_post(&post, channel, courier, error);
out:
    post_clear(&post);
    return result;
}

/* Where the whole address is the secret: the setting `url`, or a secret of that name. */
static int set_hook(struct post *post, const struct channel *channel, const struct courier *courier,
                    struct error *error)
{
    const char *url = channel_setting(channel, courier, "url");
    if (url == NULL && (url = read_secrets(post, channel, courier, "url", error)) == NULL)
        return -1;
    buf_add_text(&post->url, url);
    return 0;
}

int channel_discord(const struct channel *channel, const struct notice *notice, struct courier *courier,
                    struct error *error)
{
    struct post post;
    post_init(&post);
    int result = -1;
    if (set_hook(&post, channel, courier, error) == 0 && begin_json(&post, "content", notice, error) == 0) {
        buf_add_text(&post.body, ",\"allowed_mentions\":{\"parse\":[]},\"flags\":4}"); /* 4: no previews of links */
        result = send_post(&post, channel, courier, error);
    }
    post_clear(&post);
    return result;
}

/* Slack reads & < > as its own: the three characters it wants escaped. */
static void add_slack(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '&')
            buf_add_text(out, "&amp;");
        else if (text.p[i] == '<')
            buf_add_text(out, "&lt;");
        else if (text.p[i] == '>')
            buf_add_text(out, "&gt;");
        else
            buf_add_char(out, text.p[i]);
}

int channel_slack(const struct channel *channel, const struct notice *notice, struct courier *courier,
                  struct error *error)
{
    struct post post;
    struct buf title, text;
    int result = -1;
    post_init(&post);
    buf_init(&title, 1 << 20);
    buf_init(&text, 1 << 20);
    add_slack(&title, notice->title);
    add_slack(&text, notice->text);
    const struct notice plain = {.title = buf_str(&title), .text = buf_str(&text)};
    if (buf_check(&title, error) == 0 && buf_check(&text, error) == 0 &&
        set_hook(&post, channel, courier, error) == 0 && begin_json(&post, "text", &plain, error) == 0) {
        buf_add_text(&post.body, ",\"mrkdwn\":false,\"unfurl_links\":false}");
        result = send_post(&post, channel, courier, error);
    }
    buf_clear(&title);
    buf_clear(&text);
    post_clear(&post);
    return result;
}

static void add_bearer(struct post *post, const char *token)
{
    if (token[0] != '\0')
        buf_printf(&post->authorization, "Bearer %s", token);
}

int channel_ntfy(const struct channel *channel, const struct notice *notice, struct courier *courier,
                 struct error *error)
{
    static const char *const priority[] = {"", "2", "3", "5"};
    struct post post;
    post_init(&post);
    int result = -1;
    const char *token = read_secrets(&post, channel, courier, NULL, error);
    if (token != NULL) {
        set_url(&post, channel, courier, "https://ntfy.sh", "/");
        add_bearer(&post, token);
        add_member(&post, "topic", str_of(channel_setting(channel, courier, "to")));
        add_member(&post, "title", notice->title);
        add_member(&post, "message", notice->text.n > 0 ? notice->text : notice->title);
        buf_printf(&post.body, ",\"priority\":%s}", priority[notice->level]);
        result = send_post(&post, channel, courier, error);
    }
    post_clear(&post);
    return result;
}

/* application/x-www-form-urlencoded. */
static void add_form(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, "%s%s=", out->n == 0 ? "" : "&", name);
    for (size_t i = 0; i < value.n; i++) {
        const unsigned char c = (unsigned char)value.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

int channel_pushover(const struct channel *channel, const struct notice *notice, struct courier *courier,
                     struct error *error)
{
    static const char *const priority[] = {"", "-1", "0", "1"};
    struct post post;
    post_init(&post);
    post.media = "application/x-www-form-urlencoded";
    int result = -1;
    const char *token = read_secrets(&post, channel, courier, "token", error);
    if (token != NULL) {
        set_url(&post, channel, courier, "https://api.pushover.net", "/1/messages.json");
        add_form(&post.body, "token", str_of(token));
        add_form(&post.body, "user", str_of(channel_setting(channel, courier, "to")));
        add_form(&post.body, "title", notice->title);
        add_form(&post.body, "message", notice->text.n > 0 ? notice->text : notice->title);
        add_form(&post.body, "priority", str_of(priority[notice->level]));
        result = send_post(&post, channel, courier, error);
    }
    post_clear(&post);
    return result;
}

int channel_webhook(const struct channel *channel, const struct notice *notice, struct courier *courier,
                    struct error *error)
{
    struct post post;
    post_init(&post);
    int result = -1;
    const char *token = read_secrets(&post, channel, courier, NULL, error);
    if (token != NULL && set_hook(&post, channel, courier, error) == 0) {
        add_bearer(&post, token);
        buf_add_str(&post.body, notice->data);
        result = send_post(&post, channel, courier, error);
    }
    post_clear(&post);
    return result;
}

/* That somebody is there is all that it says. */
int channel_ping(const struct channel *channel, const struct notice *notice, struct courier *courier,
                 struct error *error)
{
    struct post post;
    (void)notice;
    post_init(&post);
    post.media = NULL;
    const int result = set_hook(&post, channel, courier, error) != 0 ? -1 : send_post(&post, channel, courier, error);
    post_clear(&post);
    return result;
}
