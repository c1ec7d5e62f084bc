/* tn-notify deliver, test, queue, acknowledge, again: the queue worked off, tried out, looked at. */
#include "tn-notify/commands.h"

#include "base/file.h"
#include "base/time.h"
#include "base/watchdog.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_MOST (40u << 20) /* bytes of a file that is mailed */

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

/* Until a signal says stop; between the passes nothing of the queue is held. */
static enum exit_code watch(struct office *office, struct invocation *invocation, int64_t seconds, struct error *error)
{
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    watchdog_ready();
    while (!stopped) {
        watchdog_alive();
        (void)office_deliver(office, invocation, error);
        if (error_is_set(error) && error->code != EXIT_UNAVAILABLE)
            return EXIT_DONE;
        error_clear(error);
        const struct timespec pause = {.tv_sec = seconds};
        if (!stopped)
            (void)nanosleep(&pause, NULL);
    }
    return EXIT_DONE;
}

enum exit_code notify_deliver(struct invocation *invocation, struct error *error)
{
    struct office office = {.opened = false};
    enum exit_code code = EXIT_DONE;
    if (office_open(&office, invocation, error) == 0) {
        if (option_given(invocation, "every"))
            code = watch(&office, invocation, option_count(invocation, "every", 5), error);
        else
            code = office_deliver(&office, invocation, error);
    }
    office_close(&office);
    return code;
}

enum exit_code notify_test(struct invocation *invocation, struct error *error)
{
    struct office office = {.opened = false};
    enum exit_code worst = EXIT_DONE;
    if (office_open(&office, invocation, error) == 0)
        for (int i = 0; i < invocation_operands(invocation); i++) {
            const char *name = invocation_operand_list(invocation)[i];
            const struct channel *channel = channels_find(&office.channels, name, error);
            struct error failure;
            error_clear(&failure);
            if (channel == NULL)
                break;
            if (deliver_test(channel, &office.courier, time_now(), &failure) == 0) {
                say(invocation, 0, "channel '%s': sent", name);
                continue;
            }
            error_prefix(&failure, "channel '%s'", name);
            say_error(invocation, &failure);
            worst = exit_worst(worst, failure.code);
        }
    office_close(&office);
    return worst;
}

/* One mail a file, past the queue: who schedules it hears of a failure by the exit code. */
static int mail_file(struct office *office, const struct channel *channel, const char *path, const char *title,
                     struct error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    const int64_t now = time_now();
    struct buf bytes;
    buf_init(&bytes, FILE_MOST);
    int result = file_read(path, &bytes, error);
    if (result == 0) {
        const struct notice notice = {
            .title = str_of(title == NULL ? name : title),
            .text = str_of(name),
            .level = ALERT_INFO,
            .data = STR("{}"),
            .id = now / 1000,
            .file_name = str_of(name),
            .file = bytes.n == 0 ? STR("") : buf_str(&bytes),
        };
        result = channel->kind->deliver(channel, &notice, &office->courier, error);
    }
    buf_clear(&bytes);
    return result;
}

enum exit_code notify_file(struct invocation *invocation, struct error *error)
{
    struct office office = {.opened = false};
    char *const *operands = invocation_operand_list(invocation);
    if (office_open(&office, invocation, error) == 0) {
        const struct channel *channel = channels_find(&office.channels, operands[0], error);
        if (channel != NULL && strcmp(channel->kind->name, "mail") != 0) {
            (void)error_set(error, EXIT_USAGE, "channel '%s' is %s: files can only be mailed", operands[0],
                            channel->kind->name);
            channel = NULL;
        }
        for (int i = 1; channel != NULL && operands[i] != NULL; i++) {
            if (mail_file(&office, channel, operands[i], option_text(invocation, "title", NULL), error) != 0) {
                error_prefix(error, "channel '%s'", channel->name);
                break;
            }
            say(invocation, 1, "channel '%s': %s was handed to sendmail", channel->name, operands[i]);
        }
    }
    office_close(&office);
    return error->code;
}

static const char *state_text(const struct delivery *delivery)
{
    static const char *const words[] = {"waiting", "sending", "sent", "failed"};
    return delivery->channel == NULL ? "for nobody" : words[delivery->state];
}

static int add_delivery(void *context, const struct delivery *delivery, struct error *error)
{
    struct table *table = context;
    const struct message *message = &delivery->message;
    (void)error;
    table_count(table, message->id);
    table_time(table, message->queued);
    table_text(table, level_text(message->level));
    table_text(table, message->rule);
    table_text(table, delivery->channel == NULL ? "" : delivery->channel);
    table_text(table, state_text(delivery));
    table_tone(table, delivery->state == DELIVERY_FAILED ? TONE_BAD : TONE_NONE);
    table_count(table, delivery->attempts);
    table_str(table, message->title);
    table_str(table, message->text);
    table_time(table, delivery->sent);
    table_time(table, delivery->state == DELIVERY_WAITING && delivery->channel != NULL ? delivery->due : TIME_NONE);
    table_time(table, delivery->acknowledged);
    table_str(table, delivery->error);
    return 0;
}

enum exit_code notify_queue(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "id", .kind = COLUMN_COUNT},
        {.key = "time", .kind = COLUMN_TIME},
        {.key = "level", .kind = COLUMN_TEXT},
        {.key = "rule", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "channel", .kind = COLUMN_TEXT},
        {.key = "state", .kind = COLUMN_TEXT},
        {.key = "attempts", .kind = COLUMN_COUNT},
        {.key = "title", .kind = COLUMN_TEXT},
        {.key = "text", .kind = COLUMN_TEXT, .data_only = true},
        {.key = "sent", .kind = COLUMN_TIME, .optional = true},
        {.key = "due", .title = "next try", .kind = COLUMN_TIME, .optional = true},
        {.key = "acknowledged", .kind = COLUMN_TIME, .optional = true},
        {.key = "error", .kind = COLUMN_TEXT, .optional = true},
    };
    struct office office = {.opened = false};
    struct style style;
    enum exit_code code = EXIT_DONE;
    if (style_init(&style, invocation, NULL, error) != 0)
        return EXIT_DONE;
    struct table *table = table_new("message", columns, sizeof columns / sizeof *columns, error);
    if (table != NULL && office_open(&office, invocation, error) == 0 &&
        queue_list(office.queue, !option_flag(invocation, "all"), add_delivery, table, error) == 0 &&
        table_show(table, &style, error) == 0 && table_rows(table) == 0)
        code = EXIT_NO;
    office_close(&office);
    table_free(table);
    style_clear(&style);
    return code;
}

typedef int64_t change_function(struct queue *queue, int64_t id, int64_t now, struct error *error);

static int64_t change_one(struct queue *queue, const char *text, int64_t now, change_function *change,
                          struct error *error)
{
    char *end;
    errno = 0;
    const long long id = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || id <= 0)
        return error_set(error, EXIT_USAGE, "'%s' is not the number of a message", text);
    return change(queue, id, now, error);
}

/* The messages named, or all: whether one was changed. */
static enum exit_code change_messages(struct invocation *invocation, change_function *change, const char *what,
                                      struct error *error)
{
    struct office office = {.opened = false};
    const int count = invocation_operands(invocation);
    const bool all = option_flag(invocation, "all");
    const int64_t now = time_now();
    int64_t changed = 0;
    if (all == (count > 0)) {
        error_set(error, EXIT_USAGE, "which messages? name their numbers, or --all");
        error_hint(error, "tn-notify queue lists them");
        return EXIT_DONE;
    }
    if (office_open(&office, invocation, error) == 0 && queue_begin(office.queue, error) == 0) {
        int64_t got = all ? change(office.queue, 0, now, error) : 0;
        for (int i = 0; i < count && got >= 0; i++) {
            changed += got;
            got = change_one(office.queue, invocation_operand_list(invocation)[i], now, change, error);
        }
        changed += got;
        if (got < 0 || queue_commit(office.queue, error) != 0)
            queue_rollback(office.queue);
        else
            say(invocation, 0, "%" PRId64 " %s", changed, what);
    }
    office_close(&office);
    return changed > 0 ? EXIT_DONE : EXIT_NO;
}

enum exit_code notify_acknowledge(struct invocation *invocation, struct error *error)
{
    return change_messages(invocation, queue_acknowledge, "acknowledged", error);
}

enum exit_code notify_again(struct invocation *invocation, struct error *error)
{
    return change_messages(invocation, queue_again, "will be tried again", error);
}
