/* Configuration: what the files, the environment and the defaults say, with where each value comes from. */
#include "base/command.h"
#include "base/config_parts.h"
#include "base/file.h"
#include "base/list.h"
#include "base/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENVIRONMENT  "\n"
#define SETTINGS_MAX 64  /* that a variable may set */
#define KEY_MAX      256 /* titles are 64 characters at most; config_read_file refuses longer ones */

static const char *const folder_names[FOLDERS] = {"config", "data", "state", "cache"};

const struct setting *setting_find(const char *section, const char *name)
{
    for (int i = 0; i < config_count; i++)
        if (strcmp(config_table[i].section, section) == 0 && strcmp(config_table[i].name, name) == 0)
            return &config_table[i];
    return NULL;
}

static int flag_parse(bool *flag, const char *text)
{
    static const char *const yes[] = {"yes", "true", "on"}, *const no[] = {"no", "false", "off"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *flag = strcmp(text, yes[i]) == 0;
            return 0;
        }
    return -1;
}

static int word_check(const struct setting *setting, const char *text, struct error *why)
{
    const size_t length = strlen(text);
    for (const char *p = setting->words; *p != '\0';) {
        const size_t word = strcspn(p, " ");
        if (word == length && memcmp(p, text, length) == 0)
            return 0;
        p += word + (p[word] == ' ');
    }
    return error_set(why, EXIT_USAGE, "not one of: %s", setting->words);
}

int setting_read(const struct setting *setting, const char *text, int64_t *number, struct error *why)
{
    int64_t value = 0;
    bool flag = false;
    switch (setting->kind) {
    case SETTING_TEXT:
        return text[0] == '\0' ? error_set(why, EXIT_USAGE, "empty") : 0;
    case SETTING_WORD:
        return word_check(setting, text, why);
    case SETTING_COUNT:
        if (num_parse_int(&value, text, 0, INT64_MAX, why) != 0)
            return -1;
        break;
    case SETTING_DECIMAL:
        if (dec_parse(&value, text, strlen(text), why) != 0)
            return -1;
        break;
    case SETTING_PERCENT:
        if (percent_parse(&value, text, why) != 0)
            return -1;
        break;
    case SETTING_FLAG:
        if (flag_parse(&flag, text) != 0)
            return error_set(why, EXIT_USAGE, "must be yes or no");
        value = flag;
        break;
    }
    if (value < 0)
        return error_set(why, EXIT_USAGE, "must not be negative");
    if (setting->positive && value == 0)
        return error_set(why, EXIT_USAGE, "must be above zero");
    if (number != NULL)
        *number = value;
    return 0;
}

/* What an entry is found by. */
static struct str key_of(char key[static KEY_MAX], const struct setting *setting, const char *section,
                         const char *title)
{
    const int n = snprintf(key, KEY_MAX, "%s\n%s\n%s", section, setting == NULL ? "" : setting->name, title);
    return (struct str){key, n < KEY_MAX ? (size_t)n : KEY_MAX - 1};
}

int entry_add(struct config *config, const struct setting *setting, const char *section, const char *title,
              const char *text, const char *origin, struct error *error)
{
    char key[KEY_MAX];
    const int64_t index = names_add(&config->keys, key_of(key, setting, section, title), error);
    if (index < 0)
        return -1;
    if ((size_t)index < config->count)
        return 0;
    if (list_grow(&config->entries, &config->capacity, config->count, sizeof *config->entries, error) != 0)
        return -1;
    struct entry *entry = &config->entries[config->count++];
    *entry = (struct entry){setting, section, strdup(title), strdup(text), strdup(origin)};
    return entry->title == NULL || entry->text == NULL || entry->origin == NULL ? error_memory(error) : 0;
}

const struct entry *entry_find(const struct config *config, const struct setting *setting, const char *title)
{
    char key[KEY_MAX];
    const int64_t index = names_find(&config->keys, key_of(key, setting, setting->section, title));
    return index < 0 || (size_t)index >= config->count ? NULL : &config->entries[index];
}

static void environment_name(char name[static 64], const struct setting *setting)
{
    (void)snprintf(name, 64, "TN_%s", setting->name);
    for (char *p = name; *p != '\0'; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
}

/* Values of the environment are entries too, under a title that no section can have; they are found first. */
static int environment_read(struct config *config, struct error *error)
{
    for (int i = 0; i < config_count; i++) {
        char name[64];
        struct error why;
        environment_name(name, &config_table[i]);
        const char *text = config_table[i].environment ? getenv(name) : NULL;
        if (text == NULL || text[0] == '\0')
            continue;
        error_clear(&why);
        if (setting_read(&config_table[i], text, NULL, &why) != 0)
            return error_set(error, EXIT_USAGE, "%s='%s': %s", name, text, why.text);
        if (entry_add(config, &config_table[i], config_table[i].section, ENVIRONMENT, text, name, error) != 0)
            return -1;
    }
    return 0;
}

/* A misspelt variable would leave a limit as wide as it was. Others that begin with TN_ belong to whoever set them. */
static int environment_check(struct error *error)
{
    char name[SETTINGS_MAX][64];
    const char *names[SETTINGS_MAX];
    int count = 0;
    for (int i = 0; i < config_count; i++) {
        if (!config_table[i].environment)
            continue;
        require(count < SETTINGS_MAX);
        environment_name(name[count], &config_table[i]);
        names[count] = name[count] + 3; /* TN_ is no part of the word */
        count++;
    }
    for (char *const *variable = environ; *variable != NULL; variable++) {
        const size_t length = strcspn(*variable, "=");
        char word[64];
        if (strncmp(*variable, "TN_", 3) != 0 || length >= sizeof word || (*variable)[length] == '\0' ||
            (*variable)[length + 1] == '\0')
            continue;
        (void)snprintf(word, sizeof word, "%.*s", (int)length, *variable);
        const char *near = nearest_word(word + 3, names, count);
        if (near == NULL || strcmp(near, word + 3) == 0)
            continue;
        (void)error_set(error, EXIT_USAGE, "%s is not a setting", word);
        error_hint(error, "did you mean TN_%s? If not, unset %s.", near, word);
        return -1;
    }
    return 0;
}

/* A variable counts when it is an absolute path (XDG Base Directory Specification 0.8: others are to be ignored). */
static const char *absolute_variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] == '/' ? value : NULL;
}

static int place(char **path, struct error *error, const char *base, const char *rest)
{
    if (asprintf(path, "%s%s", base, rest) == -1) {
        *path = NULL;
        return error_memory(error);
    }
    return 0;
}

static int places_of_home(struct config *config, const char *home, struct error *error)
{
    char *base = NULL, *here = NULL;
    int result = -1;
    if (home[0] == '/') {
        if (place(&base, error, home, "") != 0)
            goto out;
    } else {
        here = getcwd(NULL, 0);
        if (here == NULL) {
            error_system(error, "TN_HOME='%s' cannot be found from the current folder", home);
            goto out;
        }
        if (asprintf(&base, "%s/%s", here, home) == -1) {
            base = NULL;
            error_memory(error);
            goto out;
        }
    }
    if (place(&config->folder[0], error, base, "") == 0 && place(&config->folder[1], error, base, "/data") == 0 &&
        place(&config->folder[2], error, base, "/state") == 0 && place(&config->folder[3], error, base, "/cache") == 0)
        result = place(&config->file, error, base, "/config");
out:
    free(base);
    free(here);
    return result;
}

static int places_of_xdg(struct config *config, struct error *error)
{
    static const char *const variables[] = {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    static const char *const standards[] = {"/.config/truenorth", "/.local/share/truenorth", "/.local/state/truenorth",
                                            "/.cache/truenorth"};
    for (int i = 0; i < FOLDERS; i++) {
        const char *base = absolute_variable(variables[i]), *home = absolute_variable("HOME");
        if (base == NULL && home == NULL) {
            error_set(error, EXIT_USAGE, "cannot find the %s folder: HOME is not set", folder_names[i]);
            error_hint(error, "set HOME, or TN_HOME=DIR to keep everything under one folder");
            return -1;
        }
        if (place(&config->folder[i], error, base != NULL ? base : home, base != NULL ? "/truenorth" : standards[i]) !=
            0)
            return -1;
    }
    return place(&config->file, error, config->folder[0], "/config");
}

int config_place(char path[static PATH_MAX], struct error *error)
{
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL)
        return error_memory(error);
    const char *home = getenv("TN_HOME");
    int result = home != NULL && home[0] != '\0' ? places_of_home(config, home, error) : places_of_xdg(config, error);
    if (result == 0 && snprintf(path, PATH_MAX, "%s", config->folder[0]) >= PATH_MAX)
        result = error_set(error, EXIT_USAGE, "the path of the configuration is too long");
    config_free(config);
    return result;
}

static struct config *open_parts(bool environment, struct error *error)
{
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL) {
        error_memory(error);
        return NULL;
    }
    const char *home = getenv("TN_HOME");
    const bool own = home != NULL && home[0] != '\0';
    int result = own ? places_of_home(config, home, error) : places_of_xdg(config, error);
    if (result == 0 && environment)
        result = environment_check(error) != 0 ? -1 : environment_read(config, error);
    if (result == 0)
        result = config_read_file(config, config->file, error);
    if (result == 0 && !own)
        result = config_read_file(config, "/etc/xdg/truenorth/config", error);
    if (result == 0)
        return config;
    config_free(config);
    return NULL;
}

struct config *config_open(struct error *error)
{
    return open_parts(true, error);
}

struct config *config_open_files(struct error *error)
{
    return open_parts(false, error);
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->count; i++) {
        free(config->entries[i].title);
        free(config->entries[i].text);
        free(config->entries[i].origin);
    }
    free(config->entries);
    names_clear(&config->keys);
    free(config->file);
    for (int i = 0; i < FOLDERS; i++)
        free(config->folder[i]);
    free(config);
}

const char *config_text(const struct config *config, const char *section, const char *title, const char *name,
                        const char **origin)
{
    const struct setting *setting = setting_find(section, name);
    require(setting != NULL);
    const struct entry *entry = entry_find(config, setting, ENVIRONMENT);
    if (entry == NULL)
        entry = entry_find(config, setting, title);
    if (origin != NULL)
        *origin = entry == NULL ? "default" : entry->origin;
    return entry == NULL ? setting->standard : entry->text;
}

/* -1 when there is no value; every value was checked when it came in, and a test reads every default. */
static int number_of(const struct config *config, const char *section, const char *title, const char *name,
                     int64_t *number)
{
    struct error why;
    const char *text = config_text(config, section, title, name, NULL);
    if (text == NULL)
        return -1;
    error_clear(&why);
    const int result = setting_read(setting_find(section, name), text, number, &why);
    require(result == 0);
    return 0;
}

dec config_decimal(const struct config *config, const char *section, const char *title, const char *name)
{
    dec value = 0;
    const enum setting_kind kind = setting_find(section, name)->kind;
    require(kind == SETTING_DECIMAL || kind == SETTING_PERCENT);
    return number_of(config, section, title, name, &value) == 0 ? value : DEC_NONE;
}

int64_t config_integer(const struct config *config, const char *section, const char *title, const char *name)
{
    int64_t value = 0;
    require(setting_find(section, name)->kind == SETTING_COUNT);
    return number_of(config, section, title, name, &value) == 0 ? value : -1;
}

bool config_flag(const struct config *config, const char *section, const char *title, const char *name)
{
    int64_t value = 0;
    require(setting_find(section, name)->kind == SETTING_FLAG);
    return number_of(config, section, title, name, &value) == 0 && value == 1;
}

/* The index-th different title of a section (NULL past the last); *count gets how many there are. */
static const char *title_at(const struct config *config, const char *section, int index, int *count)
{
    const char *found = NULL;
    *count = 0;
    for (size_t i = 0; i < config->count; i++) {
        const struct entry *entry = &config->entries[i];
        if (entry->setting != NULL || strcmp(entry->section, section) != 0)
            continue;
        if (*count == index)
            found = entry->title;
        ++*count;
    }
    return found;
}

int config_titles(const struct config *config, const char *section)
{
    int count = 0;
    (void)title_at(config, section, -1, &count);
    return count;
}

const char *config_title(const struct config *config, const char *section, int index)
{
    int count = 0;
    return title_at(config, section, index, &count);
}

const char *config_folder_name(const struct config *config, const char *which)
{
    for (int i = 0; i < FOLDERS; i++)
        if (strcmp(folder_names[i], which) == 0)
            return config->folder[i];
    require(!"folder is config, data, state or cache");
    return NULL;
}

const char *config_folder(const struct config *config, const char *which, struct error *error)
{
    const char *folder = config_folder_name(config, which);
    return folder_make(folder, error) == 0 ? folder : NULL;
}

const char *config_file(const struct config *config)
{
    return config->file;
}
