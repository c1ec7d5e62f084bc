/* Any bytes as what a messenger answers: read, or refused as no answer; any text as a command. */
#include "notify/bot.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct bot_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct bot_command command;
        const struct bot_message *message = &batch->message[i];
        require(message->id >= 0 && memchr(message->text, '\0', sizeof message->text) != NULL);
        require(message->machine || (message->chat[0] != '\0' && message->user[0] != '\0'));
        bot_command_read(&command, message->text);
        require(command.symbol[0] != '-' && memchr(command.reason, '\0', sizeof command.reason) != NULL);
        require(command.code[0] == '\0' || strspn(command.code, "0123456789") == BOT_CODE_SIZE - 1);
        (void)bot_lists(message->text, message->user);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bot_batch *batch = calloc(1, sizeof *batch);
    struct error error;
    require(batch != NULL);
    for (int i = 0; i < 2; i++) {
        error_clear(&error);
        const struct str body = {(const char *)data, size};
        const int result = i == 0 ? bot_read_telegram(body, batch, &error) : bot_read_discord(body, batch, &error);
        require((result == 0) == !error_is_set(&error));
        look(batch);
    }
    char *text = strndup((const char *)data, size);
    struct bot_command command;
    require(text != NULL);
    bot_command_read(&command, text);
    free(text);
    free(batch);
    return 0;
}
