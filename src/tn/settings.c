/* tn config: every setting with its value and where the value comes from. */
#include "base/config.h"
#include "broker/account_terms.h"
#include "show/table.h"
#include "tn/commands.h"

#include <string.h>

static const struct column columns[] = {
    {.key = "section", .kind = COLUMN_TEXT}, {.key = "title", .kind = COLUMN_TEXT},
    {.key = "name", .kind = COLUMN_TEXT},    {.key = "value", .kind = COLUMN_TEXT},
    {.key = "origin", .kind = COLUMN_TEXT},  {.key = "summary", .kind = COLUMN_TEXT, .data_only = true},
};

static void add_setting(struct table *table, const struct config *config, const struct setting *setting,
                        const char *title)
{
    const char *origin = NULL;
    title = config_is_titled(setting->section) ? title : "";
    const char *value = config_text(config, setting->section, title, setting->name, &origin);
    table_text(table, setting->section);
    table_text(table, title);
    table_text(table, setting->name);
    table_text(table, value == NULL ? "" : value);
    table_text(table, origin);
    table_text(table, setting->summary);
}

/* All settings of a section under one title; "*" stands for every title without a section of its own. */
static void add_section(struct table *table, const struct config *config, const char *section, const char *title)
{
    for (int i = 0; i < config_count; i++)
        if (strcmp(config_table[i].section, section) == 0)
            add_setting(table, config, &config_table[i], title);
}

static int check_section(const char *section, struct error *error)
{
    const char *names[16];
    int count = 0;
    for (int i = 0; i < config_count; i++) {
        if (strcmp(config_table[i].section, section) == 0)
            return 0;
        if (count == 0 || strcmp(names[count - 1], config_table[i].section) != 0)
            names[count++] = config_table[i].section;
    }
    error_set(error, EXIT_USAGE, "config: no section '%s'", section);
    const char *nearest = nearest_word(section, names, count);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    return -1;
}

static void fill(struct table *table, const struct config *config, const char *only_section, const char *only_title)
{
    const char *section = "";
    for (int i = 0; i < config_count; i++) {
        if (strcmp(config_table[i].section, section) == 0)
            continue;
        section = config_table[i].section;
        if (only_section != NULL && strcmp(section, only_section) != 0)
            continue;
        if (only_title != NULL) {
            add_section(table, config, section, only_title);
            continue;
        }
        for (int j = 0; j < config_titles(config, section); j++)
            add_section(table, config, section, config_title(config, section, j));
        add_section(table, config, section, "*");
    }
}

static int check_accounts(const struct config *config, struct error *error)
{
    for (int i = 0; i < config_titles(config, "account"); i++)
        if (account_terms_check(config, config_title(config, "account", i), error) != 0)
            return -1;
    return account_terms_check(config, "*", error);
}

enum exit_code settings_run(struct invocation *invocation, struct error *error)
{
    char *const *words = invocation_operand_list(invocation);
    struct config *config = NULL;
    struct table *table = NULL;
    struct style style = {0};
    if (words[0] != NULL && check_section(words[0], error) != 0)
        return EXIT_USAGE;
    if (style_init(&style, invocation, "UTC", error) != 0)
        return error->code;
    config = config_open(error);
    if (config == NULL || check_accounts(config, error) != 0)
        goto out;
    table = table_new("setting", columns, sizeof columns / sizeof columns[0], error);
    if (table == NULL)
        goto out;
    fill(table, config, words[0], words[0] == NULL ? NULL : words[1]);
    (void)table_show(table, &style, error);
out:
    table_free(table);
    config_free(config);
    style_clear(&style);
    return error->code;
}
