/* What messengers send and what of it is a command; the documents are those of the services' own pages, shortened. */
#include "notify/bot.h"
#include "tap.h"

#define SECOND INT64_C(1000000000)

static struct bot_batch batch;
static struct error error;

static int telegram(const char *text)
{
    error_clear(&error);
    return bot_read_telegram(str_of(text), &batch, &error);
}

static int discord(const char *text)
{
    error_clear(&error);
    return bot_read_discord(str_of(text), &batch, &error);
}

static void test_telegram(void)
{
    check(telegram("{\"ok\":true,\"result\":[]}") == 0 && batch.count == 0, "nothing came");
    check(telegram(
              "{\n \"ok\": true,\r\n \"result\": [{\"update_id\":7,\"message\":{\"message_id\":1,\"date\":1790000000,"
              "\"from\":{\"id\":789,\"is_bot\":false},\"chat\":{\"id\":-100123,\"type\":\"group\"},"
              "\"text\":\"/status\\u0007@desk\\n now\"}}]}") == 0 &&
              batch.count == 1 && batch.message[0].id == 7 && batch.message[0].time == 1790000000 * SECOND &&
              !batch.message[0].machine,
          "a message, over several lines");
    check_text(batch.message[0].chat, "-100123", "its chat");
    check_text(batch.message[0].user, "789", "its user");
    check_text(batch.message[0].text, "/status @desk  now", "its text, in one line");
    static const char *const machines[] = {
        "{\"update_id\":8}",
        "{\"update_id\":8,\"message\":7}",
        "{\"update_id\":8,\"edited_message\":{\"text\":\"halt 123456\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1,\"from\":{\"id\":1,\"is_bot\":true},\"chat\":{\"id\":1},\"text\":"
        "\"x\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1,\"chat\":{\"id\":1},\"text\":\"x\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1,\"from\":{\"id\":1},\"chat\":{\"id\":1}}}",
        "{\"update_id\":8,\"message\":{\"date\":-1,\"from\":{\"id\":1},\"chat\":{\"id\":1},\"text\":\"x\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1e9,\"from\":{\"id\":1},\"chat\":{\"id\":1},\"text\":\"x\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1,\"from\":{\"id\":\"1 2\"},\"chat\":{\"id\":1},\"text\":\"x\"}}",
        "{\"update_id\":8,\"message\":{\"date\":1,\"from\":{\"id\":1.5},\"chat\":{\"id\":1},\"text\":\"x\"}}",
    };
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "{\"ok\":true,\"result\":[%s]}", machines[i]);
        check(telegram(text) == 0 && batch.count == 1 && batch.message[0].id == 8 && batch.message[0].machine,
              "asks nothing, and is passed: %zu", i);
    }
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"ok\":false}",
                                      "{\"ok\":true}",
                                      "{\"ok\":true,\"result\":{}}",
                                      "{\"ok\":true,\"result\":[{}]}",
                                      "{\"ok\":true,\"result\":[1]}",
                                      "{\"ok\":true,\"result\":[{\"update_id\":-1}]}",
                                      "{\"ok\":true,\"result\":[",
                                      "{},\"x\":{}",
                                      "{}} {",
                                      "<html>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(telegram(bad[i]) != 0 && error.code == EXIT_UNAVAILABLE, "no answer of Telegram: %zu", i);
}

static void test_discord(void)
{
    /* 175928847299117063: Discord's own example of a snowflake, of 2016-04-30T11:18:25.796Z = 1462015105796 ms. */
    check(
        discord("[{\"id\":\"175928847299117064\",\"channel_id\":\"42\",\"author\":{\"id\":\"9\"},\"content\":\"b\"},"
                "{\"id\":\"175928847299117063\",\"channel_id\":\"42\",\"author\":{\"id\":\"9\"},\"content\":\"a\"}]") ==
                0 &&
            batch.count == 2,
        "messages of a channel");
    check_text(batch.message[0].text, "a", "the oldest first");
    check(batch.message[0].time == INT64_C(1462015105796) * 1000000, "the time is in the id");
    check_text(batch.message[1].chat, "42", "the channel");
    check(bot_snowflake(INT64_C(1462015105796) * 1000000) == (INT64_C(175928847299117063) >> 22 << 22),
          "and back to the least id of its millisecond");
    check(bot_snowflake(0) == 0, "before Discord there is none");
    check(discord("[{\"id\":\"5\",\"channel_id\":\"42\",\"author\":{\"id\":\"9\",\"bot\":true},\"content\":\"a\"}]") ==
                  0 &&
              batch.message[0].machine,
          "a bot asks nothing");
    static const char *const bad[] = {"{\"message\":\"401: Unauthorized\",\"code\":0}", "[{}]", "[3]", "",
                                      "[{\"id\":\"x\"}]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(discord(bad[i]) != 0 && error.code == EXIT_UNAVAILABLE, "no answer of Discord: %zu", i);
}

static void test_commands(void)
{
    static const struct {
        const char *text;
        enum bot_verb verb;
        const char *symbol, *code, *reason;
        bool wrong;
    } cases[] = {
        {"status", BOT_STATUS, "", "", "", false},
        {"  /STATUS@desk_bot  ", BOT_STATUS, "", "", "", false},
        {"/start", BOT_HELP, "", "", "", false},
        {"positions now", BOT_POSITIONS, "", "", "", false},
        {"why aapl", BOT_WHY, "AAPL", "", "", false},
        {"chart btc/usd", BOT_CHART, "BTC/USD", "", "", false},
        {"why", BOT_WHY, "", "", "", true},
        {"why -rf", BOT_WHY, "", "", "", true},
        {"chart --help", BOT_CHART, "", "", "", true},
        {"chart $(x)", BOT_CHART, "", "", "", true},
        {"halt 123456", BOT_HALT, "", "123456", "", false},
        {"/halt 000001 I lost the telephone", BOT_HALT, "", "000001", "I lost the telephone", false},
        {"halt", BOT_HALT, "", "", "", true},
        {"halt 12345", BOT_HALT, "", "", "", true},
        {"halt 12345x", BOT_HALT, "", "", "", true},
        {"halt 1234567", BOT_HALT, "", "", "", true},
        {"resume 123456", BOT_UNKNOWN, "", "", "", false},
        {"buy AAPL", BOT_UNKNOWN, "", "", "", false},
        {"", BOT_UNKNOWN, "", "", "", false},
        {"/", BOT_UNKNOWN, "", "", "", false},
        {"@", BOT_UNKNOWN, "", "", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bot_command command;
        bot_command_read(&command, cases[i].text);
        const bool wrong = command.wrong != NULL;
        check(command.verb == cases[i].verb && wrong == cases[i].wrong &&
                  (wrong || (strcmp(command.symbol, cases[i].symbol) == 0 && strcmp(command.code, cases[i].code) == 0 &&
                             strcmp(command.reason, cases[i].reason) == 0)),
              "'%s'", cases[i].text);
    }
    check(bot_lists("12, -34 5", "-34") && bot_lists("5", "5") && bot_lists("12,34", "34"), "who is listed");
    check(!bot_lists("12, -34", "34") && !bot_lists("123", "12") && !bot_lists("12", "123") && !bot_lists("", "1") &&
              !bot_lists(NULL, "1") && !bot_lists("12", ""),
          "who is not");
}

int main(void)
{
    test_telegram();
    test_discord();
    test_commands();
    return done();
}
