/* Telegram by long polls of getUpdates; Discord by its REST interface, a channel at a time: its gateway would keep a
 * session with a heartbeat alive for the same few messages, and needs the same permission to read them. */
#include "notify/messenger.h"

#include "base/file.h"
#include "base/time.h"
#include "net/network.h"
#include "record/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUNDARY  "tn-7d1f0c6a5b3e49288f31" /* no PNG of ours holds it: it is looked for */
#define STATE_MAX 8192

struct ask {
    struct buf url, body, authorization;
    const char *media, *agent; /* NULL: that of all requests */
};

static void ask_init(struct ask *ask)
{
    *ask = (struct ask){.media = "application/json"};
    buf_init(&ask->url, 8192);
    buf_init(&ask->body, 4u << 20);
    buf_init(&ask->authorization, 8192);
}

static void ask_clear(struct ask *ask)
{
    buf_clear(&ask->url);
    buf_clear(&ask->body);
    buf_clear(&ask->authorization);
}

/* `response` is the caller's to clear. What is no success is an error. */
static int ask_send(struct messenger *messenger, struct ask *ask, bool reads, struct http_response *response,
                    struct error *error)
{
    struct http_header header[3];
    int headers = 0;
    *response = (struct http_response){0};
    if (buf_check(&ask->url, error) != 0 || buf_check(&ask->body, error) != 0 ||
        buf_check(&ask->authorization, error) != 0)
        return -1;
    if (ask->body.n > 0)
        header[headers++] = (struct http_header){"Content-Type", ask->media};
    if (ask->authorization.n > 0)
        header[headers++] = (struct http_header){"Authorization", ask->authorization.p};
    if (ask->agent != NULL)
        header[headers++] = (struct http_header){"User-Agent", ask->agent};
    const struct http_request request = {
        .source = messenger->name,
        .method = ask->body.n > 0 ? "POST" : "GET",
        .url = ask->url.p,
        .header = header,
        .headers = headers,
        .body = ask->body.n == 0 ? STR("") : buf_str(&ask->body),
        .secrets = &messenger->secrets,
        .configured = messenger->url != NULL,
        .repeat = reads ? HTTP_REPEAT_READ : HTTP_REPEAT_REFUSED,
        .timeout = messenger->wait + 10 * TIME_SECOND,
        .budget = messenger->wait + 20 * TIME_SECOND,
        .limit = 900000,
    };
    if (http_ask(messenger->http, &request, response, error) != 0)
        return -1;
    if (response->status == 401 || response->status == 403 || response->status == 404)
        return error_set(error, EXIT_CREDENTIALS, "the service answers %d: token or chat refused", response->status);
    if (response->status == 409)
        return error_set(error, EXIT_UNAVAILABLE, "another program uses this token");
    if (response->status < 200 || response->status > 299)
        return error_set(error, EXIT_UNAVAILABLE, "the service answers %d", response->status);
    return 0;
}

static int ask_only(struct messenger *messenger, struct ask *ask, struct error *error)
{
    struct http_response response;
    const int result = ask_send(messenger, ask, false, &response, error);
    http_response_clear(&response);
    ask_clear(ask);
    return result;
}

static void set_telegram(struct messenger *messenger, struct ask *ask, const char *method)
{
    ask_init(ask);
    buf_printf(&ask->url, "%s/bot%s/%s", messenger->url == NULL ? "https://api.telegram.org" : messenger->url,
               secrets_find(&messenger->secrets, "token"), method);
}

static int poll_telegram(struct messenger *messenger, int chat, struct bot_batch *batch, struct error *error)
{
    struct ask ask;
    struct http_response response;
    set_telegram(messenger, &ask, "getUpdates");
    buf_printf(&ask.body, "{\"timeout\":%" PRId64 ",\"limit\":%d,\"allowed_updates\":[\"message\"]",
               messenger->wait / TIME_SECOND, BOT_MESSAGES);
    if (messenger->mark[chat].last >= 0)
        buf_printf(&ask.body, ",\"offset\":%" PRId64, messenger->mark[chat].last + 1);
    buf_add_char(&ask.body, '}');
    int result = ask_send(messenger, &ask, true, &response, error);
    if (result == 0)
        result = bot_read_telegram(buf_str(&response.body), batch, error);
    http_response_clear(&response);
    ask_clear(&ask);
    return result;
}

/* Characters as UTF-16 counts them, as Telegram wants it. */
static size_t utf16_length(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char c = (unsigned char)text.p[i];
        n += (c & 0xc0) != 0x80;
        n += c >= 0xf0;
    }
    return n;
}

/* As an entity of its own, so that nothing in the text is read as markup. */
static int say_telegram(struct messenger *messenger, const char *chat, struct str text, struct error *error)
{
    struct ask ask;
    set_telegram(messenger, &ask, "sendMessage");
    buf_add_text(&ask.body, "{\"chat_id\":");
    json_add_string(&ask.body, str_of(chat));
    buf_add_text(&ask.body, ",\"text\":");
    json_add_string(&ask.body, text);
    buf_printf(&ask.body,
               ",\"entities\":[{\"type\":\"pre\",\"offset\":0,\"length\":%zu}],"
               "\"link_preview_options\":{\"is_disabled\":true}}",
               utf16_length(text));
    return ask_only(messenger, &ask, error);
}

static void add_part(struct buf *body, const char *name, const char *more)
{
    buf_printf(body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n", name, more);
}

static int add_picture(struct ask *ask, const char *name, struct str png, struct error *error)
{
    if (memmem(png.p, png.n, BOUNDARY, sizeof BOUNDARY - 1) != NULL)
        return error_set(error, EXIT_SYSTEM, "the picture cannot be sent");
    add_part(&ask->body, name, "; filename=\"chart.png\"\r\nContent-Type: image/png");
    buf_add_str(&ask->body, png);
    buf_add_text(&ask->body, "\r\n--" BOUNDARY "--\r\n");
    ask->media = "multipart/form-data; boundary=" BOUNDARY;
    return 0;
}

static int show_telegram(struct messenger *messenger, const char *chat, struct str png, struct error *error)
{
    struct ask ask;
    set_telegram(messenger, &ask, "sendPhoto");
    add_part(&ask.body, "chat_id", "");
    buf_printf(&ask.body, "%s\r\n", chat);
    if (add_picture(&ask, "photo", png, error) == 0)
        return ask_only(messenger, &ask, error);
    ask_clear(&ask);
    return -1;
}

static void set_discord(struct messenger *messenger, struct ask *ask, const char *chat, const char *query)
{
    ask_init(ask);
    buf_printf(&ask->url, "%s/api/v10/channels/%s/messages%s",
               messenger->url == NULL ? "https://discord.com" : messenger->url, chat, query);
    buf_printf(&ask->authorization, "Bot %s", secrets_find(&messenger->secrets, "token"));
    ask->agent = "DiscordBot (truenorth, " TN_VERSION ")"; /* the form that it asks for */
}

static int poll_discord(struct messenger *messenger, int chat, struct bot_batch *batch, struct error *error)
{
    struct ask ask;
    struct http_response response;
    char query[64];
    struct messenger_mark *mark = &messenger->mark[chat];
    if (mark->last < 0)
        mark->last = bot_snowflake(time_now() - BOT_AGE_MAX);
    (void)snprintf(query, sizeof query, "?limit=%d&after=%" PRId64, BOT_MESSAGES, mark->last);
    set_discord(messenger, &ask, mark->chat, query);
    int result = ask_send(messenger, &ask, true, &response, error);
    if (result == 0)
        result = bot_read_discord(buf_str(&response.body), batch, error);
    http_response_clear(&response);
    ask_clear(&ask);
    return result;
}

/* In a block of code, in which nothing is marked up; three backticks would end it. */
static int say_discord(struct messenger *messenger, const char *chat, struct str text, struct error *error)
{
    struct ask ask;
    struct buf block;
    buf_init(&block, 1 << 16);
    set_discord(messenger, &ask, chat, "");
    buf_add_text(&block, "```\n");
    for (size_t i = 0; i < text.n; i++)
        buf_add_char(&block, text.p[i] == '`' ? '\'' : text.p[i]);
    buf_add_text(&block, "\n```");
    int result = buf_check(&block, error);
    if (result == 0) {
        buf_add_text(&ask.body, "{\"content\":");
        json_add_string(&ask.body, buf_str(&block));
        buf_add_text(&ask.body, ",\"allowed_mentions\":{\"parse\":[]}}");
        result = ask_only(messenger, &ask, error);
    } else {
        ask_clear(&ask);
    }
    buf_clear(&block);
    return result;
}

static int show_discord(struct messenger *messenger, const char *chat, struct str png, struct error *error)
{
    struct ask ask;
    set_discord(messenger, &ask, chat, "");
    if (add_picture(&ask, "files[0]", png, error) == 0)
        return ask_only(messenger, &ask, error);
    ask_clear(&ask);
    return -1;
}

static const struct messenger_kind kinds[] = {
    {"telegram", 4000, true, poll_telegram, say_telegram, show_telegram},
    {"discord", 1900, false, poll_discord, say_discord, show_discord},
};

int messenger_say(struct messenger *messenger, const char *chat, struct str text, struct error *error)
{
    static const char more[] = "\n…";
    if (text.n <= messenger->kind->text_max)
        return messenger->kind->say(messenger, chat, text, error);
    struct buf part;
    size_t n = messenger->kind->text_max - sizeof more;
    while (n > 0 && text.p[n] != '\n')
        n--;
    if (n == 0) /* one long line: at a character */
        for (n = messenger->kind->text_max - sizeof more; ((unsigned char)text.p[n] & 0xc0) == 0x80;)
            n--;
    buf_init(&part, 1 << 16);
    buf_add(&part, text.p, n);
    buf_add_text(&part, more);
    const int result = buf_check(&part, error) != 0 ? -1 : messenger->kind->say(messenger, chat, buf_str(&part), error);
    buf_clear(&part);
    return result;
}

static struct messenger_mark *mark_of(struct messenger *messenger, const char *chat)
{
    for (int i = 0; i < messenger->marks; i++)
        if (strcmp(messenger->mark[i].chat, chat) == 0)
            return &messenger->mark[i];
    return NULL;
}

/* Lines "last CHAT N", "used N", "wrong N", "locked N". A file that says something else is begun anew: what it loses is
 * which messages of the last minute were answered, and a code that may be used twice in its minute and a half. */
static void recall(struct messenger *messenger, char *text)
{
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        char word[16], chat[BOT_ID_SIZE];
        int64_t number;
        if (sscanf(line, "last %31s %" SCNd64, chat, &number) == 2) {
            struct messenger_mark *mark = mark_of(messenger, chat);
            if (mark != NULL && number >= 0)
                mark->last = number;
        } else if (sscanf(line, "%15s %" SCNd64, word, &number) == 2 && number >= 0) {
            if (strcmp(word, "used") == 0)
                messenger->used = (uint64_t)number;
            else if (strcmp(word, "wrong") == 0)
                messenger->wrong = number;
            else if (strcmp(word, "locked") == 0)
                messenger->locked = number;
        }
    }
}

int messenger_save(const struct messenger *messenger, struct error *error)
{
    struct buf text;
    buf_init(&text, STATE_MAX);
    for (int i = 0; i < messenger->marks; i++)
        if (messenger->mark[i].last >= 0)
            buf_printf(&text, "last %s %" PRId64 "\n", messenger->mark[i].chat, messenger->mark[i].last);
    buf_printf(&text, "used %" PRIu64 "\nwrong %" PRId64 "\nlocked %" PRId64 "\n", messenger->used, messenger->wrong,
               messenger->locked);
    const int result = buf_check(&text, error) != 0 ? -1 : file_replace(messenger->path, text.p, text.n, 0600, error);
    buf_clear(&text);
    return result;
}

static int open_state(struct messenger *messenger, const struct config *config, struct error *error)
{
    struct buf text;
    const char *folder = config_folder(config, "state", error);
    if (folder == NULL)
        return -1;
    if (asprintf(&messenger->path, "%s/bot.%s", folder, messenger->name) < 0) {
        messenger->path = NULL;
        return error_memory(error);
    }
    struct error missing;
    error_clear(&missing);
    buf_init(&text, STATE_MAX);
    if (file_read(messenger->path, &text, &missing) == 0) {
        buf_add_char(&text, '\0');
        if (!text.failed)
            recall(messenger, text.p);
    }
    buf_clear(&text);
    return 0;
}

static int add_mark(struct messenger *messenger, const char *chat, size_t n, struct error *error)
{
    if (messenger->marks == MESSENGER_CHATS)
        return error_set(error, EXIT_USAGE, "more than %d chats", MESSENGER_CHATS);
    if (n >= BOT_ID_SIZE || strspn(chat, "-0123456789") < n)
        return error_set(error, EXIT_USAGE, "chats: '%.*s' is not the number of a chat", (int)n, chat);
    struct messenger_mark *mark = &messenger->mark[messenger->marks++];
    *mark = (struct messenger_mark){.last = -1};
    memcpy(mark->chat, chat, n);
    return 0;
}

/* One mark for all chats where one poll brings all, else one each. */
static int open_marks(struct messenger *messenger, struct error *error)
{
    int count = 0;
    for (const char *p = messenger->chats; *p != '\0';) {
        const size_t n = strcspn(p, " ,");
        if (n > 0 && ++count > 0 && !messenger->kind->waits && add_mark(messenger, p, n, error) != 0)
            return -1;
        p += n + (p[n] != '\0');
    }
    if (count == 0)
        return error_set(error, EXIT_USAGE, "chats is empty");
    return messenger->kind->waits ? add_mark(messenger, "0", 1, error) : 0;
}

int messenger_open(struct messenger *messenger, const struct config *config, const struct invocation *invocation,
                   const char *name, struct error *error)
{
    *messenger = (struct messenger){.name = name, .wait = 25 * TIME_SECOND};
    secrets_init(&messenger->secrets);
    const char *kind = config_text(config, "bot", name, "kind", NULL);
    const char *command = config_text(config, "bot", name, "secret_command", NULL);
    const char *file = config_text(config, "bot", name, "secret_file", NULL);
    messenger->chats = config_text(config, "bot", name, "chats", NULL);
    messenger->users = config_text(config, "bot", name, "users", NULL);
    messenger->url = config_text(config, "bot", name, "url", NULL);
    for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            messenger->kind = &kinds[i];
    int result = 0;
    if (messenger->kind == NULL || messenger->chats == NULL || messenger->users == NULL)
        result = error_set(error, EXIT_USAGE, "kind, chats and users are needed: who may ask, and where");
    else if (command == NULL && file == NULL)
        result = error_set(error, EXIT_USAGE, "secret_command or secret_file is needed for the token");
    else
        result = open_marks(messenger, error);
    if (result == 0)
        result = command != NULL ? secrets_command(&messenger->secrets, "token totp", command, error)
                                 : secrets_file(&messenger->secrets, "token totp", file, error);
    if (result == 0 && secrets_find(&messenger->secrets, "token") == NULL)
        result = error_set(error, EXIT_CREDENTIALS, "there is no token");
    if (result == 0)
        result = open_state(messenger, config, error);
    if (result == 0) {
        const struct http_options options = {.agent = "truenorth/" TN_VERSION};
        messenger->http = network_open(config, invocation, options, error);
        result = messenger->http == NULL ? -1 : 0;
    }
    if (result != 0)
        error_prefix(error, "bot '%s'", name);
    return result;
}

void messenger_close(struct messenger *messenger)
{
    http_close(messenger->http);
    secrets_clear(&messenger->secrets);
    free(messenger->path);
    *messenger = (struct messenger){.kind = NULL};
}
