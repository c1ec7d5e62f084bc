/* Channels as the configuration has them, and which messages they take when. */
#include "notify/channel.h"

#include "base/time.h"
#include "notify/rules.h"

#include <stdio.h>
#include <stdlib.h>

const struct channel_kind channel_kinds[] = {
    {"mail", NEEDS_TO, 1 << 20, channel_mail},
    {"command", NEEDS_COMMAND, 1 << 16, channel_command},
    {"desktop", 0, 1000, channel_desktop},
    {"voice", 0, 500, channel_voice},
    {"telegram", NEEDS_TO, 4000, channel_telegram},
    {"discord", 0, 1900, channel_discord},
    {"slack", 0, 4000, channel_slack},
    {"ntfy", NEEDS_TO, 4000, channel_ntfy},
    {"pushover", NEEDS_TO, 1000, channel_pushover},
    {"webhook", 0, 1 << 18, channel_webhook},
    {"ping", 0, 1 << 10, channel_ping},
};
const int channel_kind_count = (int)(sizeof channel_kinds / sizeof *channel_kinds);

static const char *const level_words[] = {"", "info", "warning", "critical"};

const char *level_text(enum alert_level level)
{
    return level_words[level];
}

static enum alert_level level_of(const struct config *config, const char *channel, const char *name)
{
    const char *text = config_text(config, "channel", channel, name, NULL);
    for (int i = 1; i < 4; i++)
        if (strcmp(text, level_words[i]) == 0)
            return (enum alert_level)i;
    return ALERT_INFO;
}

/* "22:00-07:00" or "22:00-07:00 Europe/Berlin". */
static int parse_quiet(struct channel *channel, const char *text, struct error *error)
{
    unsigned from_hour, from_minute, to_hour, to_minute;
    int end = 0;
    if (sscanf(text, "%2u:%2u-%2u:%2u%n", &from_hour, &from_minute, &to_hour, &to_minute, &end) != 4 || /* NOLINT */
        from_hour > 23 || to_hour > 23 || from_minute > 59 || to_minute > 59 || (text[end] != '\0' && text[end] != ' '))
        return error_set(error, EXIT_USAGE, "channel '%s': quiet = '%s': HH:MM-HH:MM ZONE is needed", channel->name,
                         text);
    channel->quiet_from = (int)(from_hour * 60 + from_minute);
    channel->quiet_to = (int)(to_hour * 60 + to_minute);
    channel->zone = zone_open(text[end] == '\0' ? "UTC" : text + end + 1, error);
    if (channel->zone == NULL)
        error_prefix(error, "channel '%s': quiet", channel->name);
    return channel->zone == NULL ? -1 : 0;
}

static int check_rules(const struct channel *channel, const struct config *config, struct error *error)
{
    for (const char *p = channel->rules; p != NULL && *p != '\0';) {
        const size_t n = strcspn(p, " ,");
        bool known = n == 0 || str_is((struct str){p, n}, CHANNEL_RULE);
        for (int i = 0; i < rule_count && !known; i++)
            known = str_is((struct str){p, n}, rule_table[i].name);
        for (int i = 0; i < config_titles(config, "alert") && !known; i++)
            known = str_is((struct str){p, n}, config_title(config, "alert", i));
        if (!known) {
            error_set(error, EXIT_USAGE, "channel '%s': there is no alert rule '%.*s'", channel->name, (int)n, p);
            error_hint(error, "tn-notify rules lists them");
            return -1;
        }
        p += n + (p[n] != '\0');
    }
    return 0;
}

static int channel_open(struct channel *channel, const struct config *config, const char *name, struct error *error)
{
    const char *kind = config_text(config, "channel", name, "kind", NULL);
    const char *quiet = config_text(config, "channel", name, "quiet", NULL);
    static const struct {
        unsigned need;
        const char *setting;
    } needs[] = {{NEEDS_TO, "to"}, {NEEDS_URL, "url"}, {NEEDS_COMMAND, "command"}};
    *channel = (struct channel){.name = name,
                                .level = level_of(config, name, "level"),
                                .quiet_level = level_of(config, name, "quiet_level"),
                                .rate = config_integer(config, "channel", name, "rate"),
                                .rules = config_text(config, "channel", name, "rules", NULL),
                                .escalate_to = config_text(config, "channel", name, "escalate_to", NULL),
                                .escalate_after = config_integer(config, "channel", name, "escalate_minutes")};
    channel->escalate_after *= TIME_MINUTE;
    for (int i = 0; i < channel_kind_count; i++)
        if (kind != NULL && strcmp(channel_kinds[i].name, kind) == 0)
            channel->kind = &channel_kinds[i];
    if (channel->kind == NULL) {
        error_set(error, EXIT_USAGE, "channel '%s' has no kind", name);
        error_hint(error, "kind = mail, command, telegram …: see tn-notify(1)");
        return -1;
    }
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if ((channel->kind->needs & needs[i].need) != 0 &&
            config_text(config, "channel", name, needs[i].setting, NULL) == NULL)
            return error_set(error, EXIT_USAGE, "channel '%s': %s needs '%s'", name, kind, needs[i].setting);
    if (check_rules(channel, config, error) != 0)
        return -1;
    return quiet == NULL ? 0 : parse_quiet(channel, quiet, error);
}

int channels_open(struct channels *channels, const struct config *config, struct error *error)
{
    const int count = config_titles(config, "channel");
    *channels = (struct channels){calloc((size_t)count + 1, sizeof *channels->list), 0};
    if (channels->list == NULL)
        return error_memory(error);
    for (; channels->count < count; channels->count++)
        if (channel_open(&channels->list[channels->count], config, config_title(config, "channel", channels->count),
                         error) != 0) {
            zone_free(channels->list[channels->count].zone);
            channels_close(channels);
            return -1;
        }
    for (int i = 0; i < count; i++)
        if (channels->list[i].escalate_to != NULL &&
            channels_find(channels, channels->list[i].escalate_to, NULL) == NULL) {
            error_set(error, EXIT_USAGE, "channel '%s': escalate_to: there is no channel '%s'", channels->list[i].name,
                      channels->list[i].escalate_to);
            channels_close(channels);
            return -1;
        }
    return 0;
}

void channels_close(struct channels *channels)
{
    for (int i = 0; i < channels->count; i++)
        zone_free(channels->list[i].zone);
    free(channels->list);
    *channels = (struct channels){NULL, 0};
}

const struct channel *channels_find(const struct channels *channels, const char *name, struct error *error)
{
    for (int i = 0; i < channels->count; i++)
        if (strcmp(channels->list[i].name, name) == 0)
            return &channels->list[i];
    if (error != NULL) {
        error_set(error, EXIT_USAGE, "there is no channel '%s'", name);
        if (channels->count == 0)
            error_hint(error, "the configuration has none: channel NAME { kind = … }, see tn-notify(1)");
        else
            error_hint(error, "tn-notify channels lists them");
    }
    return NULL;
}

static bool has_word(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *p = words; *p != '\0';) {
        const size_t n = strcspn(p, " ,");
        if (n == length && memcmp(p, word, n) == 0)
            return true;
        p += n + (p[n] != '\0');
    }
    return false;
}

bool channel_takes(const struct channel *channel, const char *rule, enum alert_level level)
{
    return level >= channel->level && (channel->rules == NULL ? !rule_is_asked(rule) : has_word(channel->rules, rule));
}

enum alert_level channel_least(const struct channel *channel, int64_t now)
{
    if (channel->quiet_from == channel->quiet_to)
        return channel->level;
    const int64_t local = zone_to_local(channel->zone, now);
    const int minute = (int)((local % TIME_DAY + TIME_DAY) % TIME_DAY / TIME_MINUTE);
    const bool quiet = channel->quiet_from < channel->quiet_to
                           ? minute >= channel->quiet_from && minute < channel->quiet_to
                           : minute >= channel->quiet_from || minute < channel->quiet_to;
    return quiet && channel->quiet_level > channel->level ? channel->quiet_level : channel->level;
}

const char *channel_setting(const struct channel *channel, const struct courier *courier, const char *name)
{
    return config_text(courier->config, "channel", channel->name, name, NULL);
}
