/* What came from a messenger, and what it asks. */
#include "notify/bot.h"

#include "base/num.h"
#include "base/time.h"
#include "record/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MILLISECOND   (TIME_SECOND / 1000)
#define DISCORD_EPOCH (INT64_C(1420070400000) * MILLISECOND) /* 2015-01-01 */

/* JSON as our scanner reads it: one object on one line. */
struct answer {
    struct record record;
    struct buf line, scratch;
};

static struct answer *answer_open(struct str body, struct error *error)
{
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    buf_init(&answer->line, RECORD_LINE_MAX + 1);
    buf_init(&answer->scratch, RECORD_LINE_MAX);
    answer->record.scratch = &answer->scratch;
    buf_add_text(&answer->line, "{\"type\":\"answer\",\"body\":");
    for (size_t i = 0; i < body.n; i++)
        buf_add_char(&answer->line, body.p[i] == '\n' || body.p[i] == '\r' ? ' ' : body.p[i]);
    buf_add_char(&answer->line, '}');
    if (buf_check(&answer->line, error) == 0 &&
        record_scan(&answer->record, answer->line.p, answer->line.n, error) == 0 && answer->record.fields == 2)
        return answer;
    if (!error_is_set(error))
        (void)error_set(error, EXIT_UNAVAILABLE, "more than one value");
    error_recode(error, error->code == EXIT_INPUT ? EXIT_UNAVAILABLE : error->code);
    error_prefix(error, "the answer of the service is not JSON");
    buf_clear(&answer->line);
    buf_clear(&answer->scratch);
    free(answer);
    return NULL;
}

static void answer_close(struct answer *answer)
{
    buf_clear(&answer->line);
    buf_clear(&answer->scratch);
    free(answer);
}

/* A member of an object; false when it is not there. */
static bool member_of(struct str object, const char *name, struct field *found)
{
    struct field member;
    while (raw_next(&object, &member))
        if (str_is(member.key, name)) {
            *found = member;
            return true;
        }
    return false;
}

/* An id, written as a whole number or as a text of one. */
static bool id_of(struct str object, const char *name, char id[static BOT_ID_SIZE])
{
    struct field field;
    if (!member_of(object, name, &field))
        return false;
    struct str text = field.value;
    if (field.kind == VALUE_STRING)
        text = (struct str){text.p + 1, text.n - 2};
    else if (field.kind != VALUE_NUMBER)
        return false;
    const size_t sign = text.n > 0 && text.p[0] == '-';
    if (text.n <= sign || text.n >= BOT_ID_SIZE)
        return false;
    for (size_t i = sign; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    memcpy(id, text.p, text.n);
    id[text.n] = '\0';
    return true;
}

static bool number_of(struct str object, const char *name, int64_t *number)
{
    char id[BOT_ID_SIZE];
    char *end;
    if (!id_of(object, name, id) || strlen(id) > 19)
        return false;
    errno = 0;
    *number = strtoll(id, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool is_true(struct str object, const char *name)
{
    struct field field;
    return member_of(object, name, &field) && field.kind == VALUE_TRUE;
}

/* At most `most` bytes of it, and no part of a character. */
static size_t cut(const char *text, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* The text of a message, in one line. */
static bool text_of(const struct answer *answer, struct str object, const char *name, char text[static BOT_TEXT_MAX])
{
    struct field field;
    struct str decoded;
    struct error ignored = {0};
    if (!member_of(object, name, &field) || field.kind != VALUE_STRING ||
        record_text(&answer->record, &field, &decoded, &ignored) != 0)
        return false;
    const size_t n = cut(decoded.p, decoded.n, BOT_TEXT_MAX - 1);
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)decoded.p[i];
        text[i] = c < ' ' || c == 0x7f ? ' ' : decoded.p[i];
    }
    text[n] = '\0';
    return n > 0;
}

static void read_update(const struct answer *answer, struct str update, struct bot_message *message)
{
    struct field body, chat, from;
    int64_t seconds;
    message->machine = true;
    if (!member_of(update, "message", &body) || body.kind != VALUE_OBJECT || !member_of(body.value, "chat", &chat) ||
        !member_of(body.value, "from", &from) || is_true(from.value, "is_bot") ||
        !id_of(chat.value, "id", message->chat) || !id_of(from.value, "id", message->user) ||
        !number_of(body.value, "date", &seconds) || seconds < 0 || seconds > INT64_MAX / TIME_SECOND ||
        !text_of(answer, body.value, "text", message->text))
        return;
    message->time = seconds * TIME_SECOND;
    message->machine = false;
}

int bot_read_telegram(struct str body, struct bot_batch *batch, struct error *error)
{
    struct field list, update;
    batch->count = 0;
    struct answer *answer = answer_open(body, error);
    if (answer == NULL)
        return -1;
    const struct str whole = answer->record.field[1].value;
    int result = is_true(whole, "ok") && member_of(whole, "result", &list) && list.kind == VALUE_ARRAY
                     ? 0
                     : error_set(error, EXIT_UNAVAILABLE, "the answer of the service has no updates");
    struct str rest = list.value;
    while (result == 0 && batch->count < BOT_MESSAGES && raw_next(&rest, &update)) {
        struct bot_message *message = &batch->message[batch->count];
        *message = (struct bot_message){.id = 0};
        if (!number_of(update.value, "update_id", &message->id) || message->id < 0)
            result = error_set(error, EXIT_UNAVAILABLE, "the service sent an update without a number");
        else
            read_update(answer, update.value, message);
        batch->count += result == 0;
    }
    answer_close(answer);
    return result;
}

int64_t bot_snowflake(int64_t time)
{
    const int64_t since = (time - DISCORD_EPOCH) / MILLISECOND;
    return since <= 0 ? 0 : since << 22;
}

int bot_read_discord(struct str body, struct bot_batch *batch, struct error *error)
{
    struct field field;
    batch->count = 0;
    struct answer *answer = answer_open(body, error);
    if (answer == NULL)
        return -1;
    int result = answer->record.field[1].kind == VALUE_ARRAY
                     ? 0
                     : error_set(error, EXIT_UNAVAILABLE, "the answer of the service has no messages");
    struct str rest = answer->record.field[1].value;
    while (result == 0 && batch->count < BOT_MESSAGES && raw_next(&rest, &field)) {
        struct field author;
        struct bot_message *message = &batch->message[batch->count];
        *message = (struct bot_message){.machine = true};
        if (!number_of(field.value, "id", &message->id) || message->id < 0) {
            result = error_set(error, EXIT_UNAVAILABLE, "the service sent a message without an id");
            break;
        }
        batch->count++;
        message->time = (message->id >> 22) * MILLISECOND + DISCORD_EPOCH;
        message->machine = !member_of(field.value, "author", &author) || is_true(author.value, "bot") ||
                           !id_of(author.value, "id", message->user) ||
                           !id_of(field.value, "channel_id", message->chat) ||
                           !text_of(answer, field.value, "content", message->text);
    }
    /* The newest comes first. */
    for (size_t i = 0; i < batch->count / 2; i++) {
        const struct bot_message other = batch->message[i];
        batch->message[i] = batch->message[batch->count - 1 - i];
        batch->message[batch->count - 1 - i] = other;
    }
    answer_close(answer);
    return result;
}

bool bot_lists(const char *list, const char *id)
{
    const size_t length = strlen(id);
    for (const char *p = list == NULL ? "" : list; *p != '\0' && length > 0;) {
        const size_t n = strcspn(p, " ,");
        if (n == length && memcmp(p, id, n) == 0)
            return true;
        p += n + (p[n] != '\0');
    }
    return false;
}

static const char *next_word(const char **text, size_t *n)
{
    *text += strspn(*text, " ");
    const char *word = *text;
    *n = strcspn(word, " ");
    *text += *n;
    return word;
}

/* A symbol begins with a letter or digit, so that no program takes it for an option. */
static bool symbol_of(const char *word, size_t n, char symbol[static SYMBOL_SIZE])
{
    if (n == 0 || n >= SYMBOL_SIZE)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char c = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 'a' + 'A') : word[i];
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || strchr(".-/^=:_", c) == NULL))
            return false;
        symbol[i] = c;
    }
    symbol[n] = '\0';
    return true;
}

void bot_command_read(struct bot_command *command, const char *text)
{
    static const struct {
        const char *word;
        enum bot_verb verb;
    } verbs[] = {{"help", BOT_HELP}, {"start", BOT_HELP}, {"status", BOT_STATUS}, {"positions", BOT_POSITIONS},
                 {"pnl", BOT_PNL},   {"risk", BOT_RISK},  {"why", BOT_WHY},       {"chart", BOT_CHART},
                 {"halt", BOT_HALT}};
    size_t n;
    *command = (struct bot_command){.verb = BOT_UNKNOWN};
    const char *word = next_word(&text, &n);
    if (n > 0 && word[0] == '/')
        word++, n--;
    const char *at = memchr(word, '@', n);
    n = at == NULL ? n : (size_t)(at - word);
    if (n == 0 || n >= sizeof command->word)
        return;
    memcpy(command->word, word, n);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcasecmp(command->word, verbs[i].word) == 0)
            command->verb = verbs[i].verb;
    if (command->verb == BOT_WHY || command->verb == BOT_CHART) {
        word = next_word(&text, &n);
        if (!symbol_of(word, n, command->symbol))
            command->wrong = "a symbol is needed, such as AAPL";
    } else if (command->verb == BOT_HALT) {
        word = next_word(&text, &n);
        if (n != BOT_CODE_SIZE - 1 || strspn(word, "0123456789") < n)
            command->wrong = "a code of six digits is needed: halt 123456";
        else
            memcpy(command->code, word, n);
        text += strspn(text, " ");
        (void)snprintf(command->reason, sizeof command->reason, "%.*s", (int)cut(text, strlen(text), 100), text);
    }
}
