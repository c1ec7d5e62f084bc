/* tn-notify channels and rules: what is configured. */
#include "tn-notify/commands.h"

#include <stdio.h>

static void add_channel(struct table *table, const struct channel *channel, const struct config *config)
{
    const char *quiet = config_text(config, "channel", channel->name, "quiet", NULL);
    table_text(table, channel->name);
    table_text(table, channel->kind->name);
    table_text(table, level_text(channel->level));
    table_text(table, channel->rules == NULL ? "all" : channel->rules);
    table_text(table, quiet == NULL ? "" : quiet);
    table_text(table, quiet == NULL ? "" : level_text(channel->quiet_level));
    table_count(table, channel->rate);
    table_text(table, channel->escalate_to == NULL ? "" : channel->escalate_to);
}

enum exit_code notify_channels(struct invocation *invocation, struct error *error)
{
    static const struct column columns[] = {
        {.key = "channel", .kind = COLUMN_TEXT},
        {.key = "kind", .kind = COLUMN_TEXT},
        {.key = "level", .title = "from", .kind = COLUMN_TEXT},
        {.key = "rules", .kind = COLUMN_TEXT},
        {.key = "quiet", .kind = COLUMN_TEXT, .optional = true},
        {.key = "quiet_level", .title = "then from", .kind = COLUMN_TEXT, .optional = true},
        {.key = "rate", .title = "an hour", .kind = COLUMN_COUNT},
        {.key = "escalate_to", .title = "escalates to", .kind = COLUMN_TEXT, .optional = true},
    };
    struct office office = {.opened = false};
    struct style style;
    if (style_init(&style, invocation, NULL, error) != 0)
        return EXIT_DONE;
    struct table *table = table_new("channel", columns, sizeof columns / sizeof *columns, error);
    bool any = false;
    if (table != NULL && office_open(&office, invocation, error) == 0) {
        for (int i = 0; i < office.channels.count; i++)
            add_channel(table, &office.channels.list[i], office.config);
        any = table_show(table, &style, error) == 0 && table_rows(table) > 0;
        if (!any && !error_is_set(error))
            say(invocation, 0, "no channel is configured: channel NAME { kind = mail  to = \"…\" }");
    }
    office_close(&office);
    table_free(table);
    style_clear(&style);
    return any ? EXIT_DONE : EXIT_NO;
}

/* A text of the configuration, quoted as it must be there. */
static void print_setting(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(out, "    %s = \"", name);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *p);
    }
    buf_add_text(out, "\"\n");
}

/* As sections of the configuration: what is printed can be put there and changed. */
enum exit_code notify_rules(struct invocation *invocation, struct error *error)
{
    struct office office = {.opened = false};
    struct buf out;
    buf_init(&out, 1 << 20);
    if (office_open(&office, invocation, error) == 0) {
        for (int i = 0; i < rules_count(office.rules); i++) {
            const struct rule *rule = rules_at(office.rules, i);
            buf_printf(&out, "alert %s {\n    record = \"%s\"\n", rule->name, rule->record);
            print_setting(&out, "when", rule->when);
            print_setting(&out, "key", rule->key);
            buf_add_text(&out, rule->state ? "    state = yes\n" : "");
            if (rule->level != ALERT_NONE)
                buf_printf(&out, "    level = %s\n", level_text(rule->level));
            if (rule->repeat > 0)
                buf_printf(&out, "    repeat_minutes = %d\n", rule->repeat);
            print_setting(&out, "title", rule->title);
            print_setting(&out, "text", rule->text);
            buf_add_text(&out, "}\n");
        }
        if (buf_check(&out, error) == 0)
            (void)style_write(&out, error);
    }
    buf_clear(&out);
    office_close(&office);
    return EXIT_DONE;
}
