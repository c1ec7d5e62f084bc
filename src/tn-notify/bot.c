/* tn-notify bot: answers those who may ask, by messenger. It reads, and halts; nothing that it does adds risk. */
#include "tn-notify/answer.h"
#include "tn-notify/commands.h"

#include "base/time.h"
#include "base/totp.h"
#include "base/watchdog.h"
#include "notify/messenger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POLL_EVERY   (3 * TIME_SECOND) /* of a service that does not let us wait */
#define PAUSE_FIRST  (5 * TIME_SECOND) /* after a failure; doubles */
#define PAUSE_MOST   (5 * TIME_MINUTE)
#define WRONG_MOST   5 /* codes in a row, then none for a while: six digits cannot be guessed in so few */
#define WRONG_PAUSE  (15 * TIME_MINUTE)
#define STRANGER_MAX 20 /* messages about strangers */

struct bot {
    struct messenger messenger;
    int64_t next, pause; /* monotonic: when it is asked again; 0: it works */
    int strangers;
};

struct bots {
    const struct invocation *invocation;
    struct config *config;
    const char *account;
    struct bot *bot;
    int count;
    bool asked; /* somebody asked in this round: state is to be saved */
};

/* Takes a code: 1 it is good, 0 it is not and `answer` says why. */
static int take_code(struct bot *bot, const struct bot_command *command, struct answer *answer, struct error *error)
{
    struct messenger *messenger = &bot->messenger;
    const char *text = secrets_find(&messenger->secrets, "totp");
    uint8_t secret[TOTP_SECRET_MAX];
    uint64_t counter = 0;
    size_t size;
    const int64_t now = time_now();
    if (text == NULL) {
        buf_add_text(&answer->text, "NOT halted: no secret for codes is configured (totp, see tn-notify(1))\n");
        return 0;
    }
    if (now < messenger->locked && messenger->locked - now <= WRONG_PAUSE) {
        buf_add_text(&answer->text, "NOT halted: too many wrong codes; try again in a quarter of an hour\n");
        return 0;
    }
    int good = totp_secret(str_of(text), secret, &size, error);
    if (good == 0)
        good = totp_check(secret, size, now / TIME_SECOND, messenger->used, str_of(command->code), &counter, error);
    explicit_bzero(secret, sizeof secret);
    if (good == 1) {
        messenger->used = counter;
        messenger->wrong = 0;
    } else if (good == 0) {
        messenger->locked = ++messenger->wrong >= WRONG_MOST ? now + WRONG_PAUSE : 0;
        messenger->wrong %= WRONG_MOST;
        buf_add_text(&answer->text, "NOT halted: the code is wrong, used or out of date\n");
    }
    return good;
}

static void answer_command(struct bots *bots, struct bot *bot, const struct bot_message *message,
                           const struct bot_command *command, struct answer *answer)
{
    struct error error;
    char who[96];
    error_clear(&error);
    (void)snprintf(who, sizeof who, "by %s, user %s", bot->messenger.kind->name, message->user);
    if (command->wrong != NULL) {
        buf_printf(&answer->text, "%s: %s\n", command->word, command->wrong);
    } else if (command->verb == BOT_HALT) {
        const int good = take_code(bot, command, answer, &error);
        if (good == 1)
            answer_halt(answer, command, bots->account, who);
        else if (good < 0) {
            buf_printf(&answer->text, "NOT halted: %s\n", error.text);
            say_error(bots->invocation, &error);
        }
    } else {
        answer_make(answer, command, bots->config, bots->account);
    }
}

static void send_answer(const struct bots *bots, struct bot *bot, const struct bot_message *message,
                        struct answer *answer)
{
    struct error error;
    error_clear(&error);
    struct messenger *messenger = &bot->messenger;
    int result = buf_check(&answer->text, &error);
    if (result == 0 && answer->picture.n > 0)
        result = messenger->kind->show(messenger, message->chat, buf_str(&answer->picture), &error);
    while (answer->text.n > 0 && answer->text.p[answer->text.n - 1] == '\n')
        answer->text.n--;
    if (result == 0 && answer->text.n > 0)
        result = messenger_say(messenger, message->chat, buf_str(&answer->text), &error);
    if (result != 0) {
        error_prefix(&error, "bot '%s': the answer was not sent", messenger->name);
        say_error(bots->invocation, &error);
    }
}

/* Who may not ask hears nothing; the desk hears of him, so that the owner learns the numbers for his configuration. */
static bool may_ask(const struct bots *bots, struct bot *bot, const struct bot_message *message)
{
    if (bot_lists(bot->messenger.chats, message->chat) && bot_lists(bot->messenger.users, message->user))
        return true;
    if (bot->strangers++ < STRANGER_MAX)
        say(bots->invocation, 0, "bot '%s': user %s in chat %s is not allowed: no answer", bot->messenger.name,
            message->user, message->chat);
    return false;
}

static void take_message(struct bots *bots, struct bot *bot, const struct bot_message *message)
{
    struct bot_command command;
    struct answer answer;
    if (message->machine || !may_ask(bots, bot, message))
        return;
    bot_command_read(&command, message->text);
    const int64_t age = time_now() - message->time;
    buf_init(&answer.text, 4u << 20);
    buf_init(&answer.picture, 2u << 20);
    if (age > BOT_AGE_MAX || age < -BOT_AGE_MAX) {
        say(bots->invocation, 0, "bot '%s': a command that came %" PRId64 " s late is dropped", bot->messenger.name,
            age / TIME_SECOND);
        if (command.verb == BOT_HALT)
            buf_printf(&answer.text, "NOT halted: your command came %" PRId64 " s late. Send it again.\n",
                       age / TIME_SECOND);
    } else {
        say(bots->invocation, 1, "bot '%s': user %s asks: %s", bot->messenger.name, message->user,
            command.word[0] == '\0' ? "?" : command.word);
        answer_command(bots, bot, message, &command, &answer);
    }
    send_answer(bots, bot, message, &answer);
    buf_clear(&answer.text);
    buf_clear(&answer.picture);
}

static int poll_chat(struct bots *bots, struct bot *bot, int chat, struct error *error)
{
    struct bot_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return error_memory(error);
    struct messenger_mark *mark = &bot->messenger.mark[chat];
    int result = bot->messenger.kind->poll(&bot->messenger, chat, batch, error);
    for (size_t i = 0; i < batch->count && result == 0; i++) {
        if (batch->message[i].id <= mark->last)
            continue;
        take_message(bots, bot, &batch->message[i]);
        mark->last = batch->message[i].id;
        /* After it was done: what a crash leaves undone is asked again, and a halt twice is one. */
        result = messenger_save(&bot->messenger, error);
    }
    free(batch);
    return result;
}

/* A service that fails passes by itself; what a person must mend does not. */
static int poll_bot(struct bots *bots, struct bot *bot, struct error *error)
{
    struct messenger *messenger = &bot->messenger;
    int result = 0;
    for (int i = 0; i < messenger->marks && result == 0; i++)
        result = poll_chat(bots, bot, i, error);
    const int64_t now = time_monotonic();
    if (result == 0) {
        if (bot->pause > 0)
            say(bots->invocation, 0, "bot '%s': the service is available again", messenger->name);
        bot->pause = 0;
        bot->next = messenger->kind->waits ? now : now + POLL_EVERY;
        return 0;
    }
    error_prefix(error, "bot '%s'", messenger->name);
    if (error->code != EXIT_UNAVAILABLE)
        return -1;
    if (bot->pause == 0)
        say_error(bots->invocation, error);
    error_clear(error);
    bot->pause = bot->pause == 0 ? PAUSE_FIRST : 2 * bot->pause < PAUSE_MOST ? 2 * bot->pause : PAUSE_MOST;
    bot->next = now + bot->pause;
    return 0;
}

static int work(struct bots *bots, struct error *error)
{
    watchdog_ready();
    for (;;) {
        int64_t next = INT64_MAX;
        for (int i = 0; i < bots->count; i++) {
            struct bot *bot = &bots->bot[i];
            if (bot->next <= time_monotonic() && poll_bot(bots, bot, error) != 0)
                return -1;
            next = bot->next < next ? bot->next : next;
        }
        watchdog_alive();
        const int64_t pause = next - time_monotonic();
        if (pause > 0) {
            const int64_t most = pause < 10 * TIME_SECOND ? pause : 10 * TIME_SECOND;
            const struct timespec wait = {.tv_sec = most / TIME_SECOND, .tv_nsec = most % TIME_SECOND};
            (void)nanosleep(&wait, NULL);
        }
    }
}

/* The account of the configuration: the bot's, the schedule's, the only one, else paper. */
static const char *choose_account(const struct config *config, const char *first)
{
    const char *account = config_text(config, "bot", first, "account", NULL);
    if (account == NULL)
        account = config_text(config, "schedule", "", "account", NULL);
    if (account == NULL && config_titles(config, "account") == 1)
        account = config_title(config, "account", 0);
    return account == NULL ? "paper" : account;
}

static int open_bots(struct bots *bots, struct error *error)
{
    const struct invocation *invocation = bots->invocation;
    const bool named = invocation_operands(invocation) > 0;
    const int all = config_titles(bots->config, "bot");
    if (all == 0) {
        (void)error_set(error, EXIT_USAGE, "no bot is configured");
        error_hint(error, "bot NAME { kind = telegram  chats = …  users = …  secret_file = … }, see tn-notify(1)");
        return -1;
    }
    bots->bot = calloc((size_t)all, sizeof *bots->bot);
    if (bots->bot == NULL)
        return error_memory(error);
    for (int i = 0; i < all; i++) {
        const char *name = config_title(bots->config, "bot", i);
        if (named && strcmp(name, invocation_operand_list(invocation)[0]) != 0)
            continue;
        if (messenger_open(&bots->bot[bots->count++].messenger, bots->config, invocation, name, error) != 0)
            return -1;
    }
    if (bots->count == 0)
        return error_set(error, EXIT_USAGE, "no bot is called '%s'", invocation_operand_list(invocation)[0]);
    for (int i = 0; i < bots->count && bots->count > 1; i++)
        bots->bot[i].messenger.wait = 2 * TIME_SECOND; /* the others have their turn */
    bots->account = choose_account(bots->config, bots->bot[0].messenger.name);
    return 0;
}

enum exit_code notify_bot(struct invocation *invocation, struct error *error)
{
    struct bots bots = {.invocation = invocation, .config = config_open(error)};
    /* Programs whose answers are for a telephone. */
    (void)setenv("COLUMNS", "56", 1);
    (void)setenv("NO_COLOR", "1", 1);
    if (bots.config != NULL && open_bots(&bots, error) == 0) {
        say(invocation, 1, "answers for account '%s'", bots.account);
        (void)work(&bots, error);
    }
    for (int i = 0; i < bots.count; i++)
        messenger_close(&bots.bot[i].messenger);
    free(bots.bot);
    config_free(bots.config);
    return error->code;
}
