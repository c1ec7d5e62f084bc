/* From a record to the queue, and from the queue to the channels. */
#include "notify/deliver.h"

#include "base/time.h"

#include <inttypes.h>
#include <stdlib.h>

#define PAUSE_FIRST  (30 * TIME_SECOND)
#define PAUSE_MOST   TIME_HOUR
#define DIGEST_LINES 20
#define TEXT_MAX     (1 << 20)
#define ALARM_AFTER  5 /* failed attempts of a channel, of which the other channels hear */
#define BATCH_MAX    100000
#define CHANNEL_RULE "channel"

/* A sending being put together. */
struct parcel {
    const struct channel *channel;
    struct buf title, text, data;
    int64_t first, last, count, by_level[4];
    enum alert_level level;
    int attempts;
    bool again, many;
};

static void parcel_init(struct parcel *parcel, const struct channel *channel, bool many)
{
    *parcel = (struct parcel){.channel = channel, .many = many};
    buf_init(&parcel->title, TEXT_MAX);
    buf_init(&parcel->text, TEXT_MAX);
    buf_init(&parcel->data, 2 * TEXT_MAX);
}

static void parcel_clear(struct parcel *parcel)
{
    buf_clear(&parcel->title);
    buf_clear(&parcel->text);
    buf_clear(&parcel->data);
}

static void add_data(struct buf *out, const struct message *message)
{
    buf_printf(out, "{\"id\":%" PRId64 ",\"time\":", message->id);
    json_add_time(out, message->queued);
    buf_printf(out, ",\"level\":\"%s\",\"rule\":", level_text(message->level));
    json_add_string(out, str_of(message->rule));
    buf_add_text(out, ",\"title\":");
    json_add_string(out, message->title);
    buf_add_text(out, ",\"text\":");
    json_add_string(out, message->text);
    if (message->record.n > 0) {
        buf_add_text(out, ",\"record\":");
        buf_add_str(out, message->record);
    }
    buf_add_char(out, '}');
}

static int take(void *context, const struct message *message, int attempts, bool again, struct error *error)
{
    struct parcel *parcel = context;
    (void)error;
    if (parcel->count++ == 0)
        parcel->first = message->id;
    parcel->last = message->id;
    parcel->by_level[message->level]++;
    parcel->again |= again;
    if (message->level > parcel->level)
        parcel->level = message->level;
    if (attempts > parcel->attempts)
        parcel->attempts = attempts;
    if (!parcel->many) {
        buf_add_str(&parcel->title, message->title);
        buf_add_str(&parcel->text, message->text);
        add_data(&parcel->data, message);
        return 0;
    }
    if (parcel->count > DIGEST_LINES)
        return 0;
    buf_printf(&parcel->text, "%s: ", level_text(message->level));
    buf_add_str(&parcel->text, message->title);
    if (message->text.n > 0) {
        buf_add_text(&parcel->text, " (");
        buf_add_str(&parcel->text, message->text);
        buf_add_char(&parcel->text, ')');
    }
    buf_add_char(&parcel->text, '\n');
    buf_add_text(&parcel->data, parcel->count == 1 ? "[" : ",");
    add_data(&parcel->data, message);
    return 0;
}

/* Cut a text to at most `most` bytes, between characters. */
static struct str cut(struct str text, size_t most)
{
    if (text.n <= most)
        return text;
    while (most > 0 && ((unsigned char)text.p[most] & 0xc0) == 0x80)
        most--;
    return (struct str){text.p, most};
}

static int finish(struct parcel *parcel, struct notice *notice, struct error *error)
{
    if (parcel->many) {
        buf_printf(&parcel->title, "%" PRId64 " alerts", parcel->count);
        if (parcel->by_level[ALERT_CRITICAL] > 0)
            buf_printf(&parcel->title, ", %" PRId64 " critical", parcel->by_level[ALERT_CRITICAL]);
        if (parcel->count > DIGEST_LINES)
            buf_printf(&parcel->text, "and %" PRId64 " more: tn-notify queue --all lists them\n",
                       parcel->count - DIGEST_LINES);
        buf_add_char(&parcel->data, ']');
    }
    if (parcel->again)
        buf_add_text(&parcel->text, parcel->text.n > 0 && !parcel->many ? " (sent before)" : "(sent before)");
    if (buf_check(&parcel->title, error) != 0 || buf_check(&parcel->text, error) != 0 ||
        buf_check(&parcel->data, error) != 0)
        return -1;
    const size_t most = parcel->channel->kind->text_max;
    const struct str title = cut(buf_str(&parcel->title), most / 2);
    *notice = (struct notice){.title = title,
                              .text = cut(buf_str(&parcel->text), most - title.n),
                              .level = parcel->level,
                              .data = buf_str(&parcel->data),
                              .id = parcel->last};
    return 0;
}

/* A channel that keeps failing is news for the others. */
static int alarm_others(struct queue *queue, const struct channels *channels, const struct channel *channel,
                        const struct error *failure, int64_t now, struct error *error)
{
    struct buf title;
    buf_init(&title, 1024);
    buf_printf(&title, "channel %s delivers nothing", channel->name);
    struct message message = {.queued = now,
                              .level = ALERT_CRITICAL,
                              .rule = CHANNEL_RULE,
                              .key = str_of(channel->name),
                              .title = buf_str(&title),
                              .text = str_of(failure->text),
                              .record = STR("")};
    int result = buf_check(&title, error);
    if (result == 0 && (result = queue_begin(queue, error)) == 0) {
        result = queue_state(queue, CHANNEL_RULE, message.key, true, now, TIME_DAY, error);
        if (result == 1)
            result = notify_message(queue, channels, &message, channel->name, error);
        if (result != 0 || queue_commit(queue, error) != 0) {
            queue_rollback(queue);
            result = -1;
        }
    }
    buf_clear(&title);
    return result;
}

static int note_works_again(struct queue *queue, const struct channel *channel, int64_t now, struct error *error)
{
    if (queue_begin(queue, error) != 0)
        return -1;
    if (queue_state(queue, CHANNEL_RULE, str_of(channel->name), false, now, 0, error) < 0 ||
        queue_commit(queue, error) != 0) {
        queue_rollback(queue);
        return -1;
    }
    return 0;
}

static int64_t pause_after(int attempts, enum exit_code code)
{
    int64_t pause = PAUSE_FIRST;
    if (code == EXIT_CREDENTIALS || code == EXIT_USAGE)
        return PAUSE_MOST;
    for (int i = 0; i < attempts && pause < PAUSE_MOST; i++)
        pause *= 2;
    return pause < PAUSE_MOST ? pause : PAUSE_MOST;
}

/* One sending. 1: taken; 0: it was not, which has been said; -1: the queue fails. */
static int send_parcel(struct queue *queue, const struct channels *channels, struct parcel *parcel,
                       struct courier *courier, int64_t now, int64_t moment, enum alert_level least,
                       enum exit_code *worst, struct error *error)
{
    const struct channel *channel = parcel->channel;
    struct notice notice;
    struct error failure;
    error_clear(&failure);
    if (finish(parcel, &notice, error) != 0 ||
        queue_sending(queue, channel->name, parcel->first, parcel->last, now, least, moment, error) != 0)
        return -1;
    if (channel->kind->deliver(channel, &notice, courier, &failure) == 0)
        return queue_sent(queue, channel->name, DELIVERY_SENT, moment, now, NULL, error) == 0 &&
                       note_works_again(queue, channel, now, error) == 0
                   ? 1
                   : -1;
    const enum exit_code code = failure.code;
    error_prefix(&failure, "channel '%s'", channel->name);
    say_error(courier->invocation, &failure);
    *worst = exit_worst(*worst, code);
    const enum delivery_state state = code == EXIT_REJECTED ? DELIVERY_FAILED : DELIVERY_WAITING;
    if (queue_sent(queue, channel->name, state, moment, now + pause_after(parcel->attempts, code), failure.text,
                   error) != 0)
        return -1;
    if (state == DELIVERY_FAILED || parcel->attempts + 1 >= ALARM_AFTER)
        return alarm_others(queue, channels, channel, &failure, now, error) < 0 ? -1 : 0;
    return 0;
}

/* What is due for one channel. */
static int deliver_channel(struct queue *queue, const struct channels *channels, const struct channel *channel,
                           struct courier *courier, int64_t now, struct delivery_counts *counts, enum exit_code *worst,
                           struct error *error)
{
    const enum alert_level least = channel_least(channel, now);
    int64_t sent = queue_count_sent(queue, channel->name, now - TIME_HOUR, error);
    int64_t due = queue_count_due(queue, channel->name, now, least, error);
    bool on = true;
    while (sent >= 0 && due > 0 && on && (channel->rate <= 0 || sent < channel->rate)) {
        struct parcel parcel;
        const int64_t moment = now + sent; /* each sending has a moment of its own */
        /* The last one of the hour takes all that is left. */
        const bool many = due > DELIVER_SINGLY || (channel->rate > 0 && sent + 1 == channel->rate && due > 1);
        parcel_init(&parcel, channel, many);
        int result = queue_due(queue, channel->name, now, least, many ? BATCH_MAX : 1, take, &parcel, error);
        if (result == 0)
            result = send_parcel(queue, channels, &parcel, courier, now, moment, least, worst, error);
        on = result == 1;
        if (result == 1)
            counts->sent += parcel.count;
        parcel_clear(&parcel);
        if (result < 0)
            return -1;
        sent++;
        due = queue_count_due(queue, channel->name, now, least, error);
    }
    if (sent < 0 || due < 0)
        return -1;
    counts->waiting += queue_count_due(queue, channel->name, INT64_MAX, ALERT_NONE, error);
    return error_is_set(error) ? -1 : 0;
}

static int escalate(struct queue *queue, const struct channels *channels, int64_t now, struct error *error)
{
    int result = queue_begin(queue, error);
    for (int i = 0; i < channels->count && result == 0; i++) {
        const struct channel *channel = &channels->list[i];
        if (channel->escalate_to != NULL &&
            queue_escalate(queue, channel->name, channel->escalate_to, now - channel->escalate_after, now, error) < 0)
            result = -1;
    }
    if (result == 0 && queue_commit(queue, error) == 0)
        return 0;
    queue_rollback(queue);
    return -1;
}

int deliver_due(struct queue *queue, const struct channels *channels, struct courier *courier, int64_t now,
                struct delivery_counts *counts, enum exit_code *worst, struct error *error)
{
    *counts = (struct delivery_counts){0};
    *worst = EXIT_DONE;
    if (escalate(queue, channels, now, error) != 0)
        return -1;
    for (int i = 0; i < channels->count; i++)
        if (deliver_channel(queue, channels, &channels->list[i], courier, now, counts, worst, error) != 0)
            return -1;
    return 0;
}

int notify_message(struct queue *queue, const struct channels *channels, const struct message *message,
                   const char *except, struct error *error)
{
    int64_t id;
    const int got = queue_add(queue, message, TIME_SECOND, &id, error);
    if (got != 1)
        return got;
    for (int i = 0; i < channels->count; i++)
        if ((except == NULL || strcmp(channels->list[i].name, except) != 0) &&
            channel_takes(&channels->list[i], message->rule, message->level) &&
            queue_deliver_to(queue, id, channels->list[i].name, message->queued, error) != 0)
            return -1;
    return 0;
}

static bool is_wanted(const struct channels *channels, const char *rule, enum alert_level level)
{
    for (int i = 0; i < channels->count; i++)
        if (channel_takes(&channels->list[i], rule, level))
            return true;
    return false;
}

int64_t notify_record(struct queue *queue, const struct channels *channels, struct rules *rules,
                      const struct record *record, int64_t now, struct error *error)
{
    struct finding finding;
    int64_t count = 0;
    int got;
    rules_begin(rules, record);
    while ((got = rules_next(rules, &finding, error)) == 1) {
        const struct rule *rule = finding.rule;
        const int64_t repeat = rule->repeat * TIME_MINUTE;
        int64_t id;
        int news = 1;
        if (rule->asked && !is_wanted(channels, rule->name, finding.level))
            continue;
        if (rule->state)
            news = queue_state(queue, rule->name, finding.key, finding.holds, now, repeat, error);
        const struct message message = {.queued = now,
                                        .level = finding.level,
                                        .rule = rule->name,
                                        .key = finding.key,
                                        .title = finding.title,
                                        .text = finding.text,
                                        .record = record->line};
        /* A state that is so again is another message under the same key. */
        if (news == 1)
            news = queue_add(queue, &message, rule->state ? 1 : repeat, &id, error);
        for (int i = 0; i < channels->count && news == 1; i++)
            if (channel_takes(&channels->list[i], rule->name, finding.level) &&
                queue_deliver_to(queue, id, channels->list[i].name, now, error) != 0)
                news = -1;
        if (news < 0)
            return -1;
        count += news;
    }
    return got < 0 ? -1 : count;
}

int deliver_test(const struct channel *channel, struct courier *courier, int64_t now, struct error *error)
{
    const struct message message = {.queued = now,
                                    .level = channel->level,
                                    .rule = "test",
                                    .title = STR("True North can be heard"),
                                    .text = STR("a test of this channel"),
                                    .record = STR("")};
    struct buf data;
    buf_init(&data, 4096);
    add_data(&data, &message);
    const struct notice notice = {.title = message.title,
                                  .text = message.text,
                                  .level = message.level,
                                  .data = buf_str(&data),
                                  .id = now / TIME_SECOND};
    const int result = buf_check(&data, error) == 0 ? channel->kind->deliver(channel, &notice, courier, error) : -1;
    buf_clear(&data);
    return result;
}
