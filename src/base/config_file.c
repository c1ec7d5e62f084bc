/* One configuration file, read into the entries of a configuration: SECTION [TITLE] { NAME = VALUE … }, any number. */
#include "base/command.h"
#include "base/config_parts.h"
#include "base/config_words.h"
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)1 << 20)
#define TITLE_MAX     64
#define SYMBOL_LENGTH 32
#define SECTIONS      (int)(sizeof section_list / sizeof *section_list)

static const struct section {
    const char *name;
    bool titled;
} section_list[] = {{"account", true},   {"instrument", true}, {"source", true},  {"channel", true},
                    {"alert", true},     {"webhook", true},    {"bot", true},     {"network", false},
                    {"strategy", false}, {"schedule", false},  {"display", false}};

static const struct section *section_find(const char *name)
{
    for (int i = 0; i < SECTIONS; i++)
        if (strcmp(section_list[i].name, name) == 0)
            return &section_list[i];
    return NULL;
}

bool config_is_titled(const char *section)
{
    const struct section *found = section_find(section);
    return found != NULL && found->titled;
}

/* A file that is being read. */
struct reading {
    struct config *config;
    struct config_words words;
    const struct section *section;
    char title[TITLE_MAX];
    struct names titles; /* of this file: "SECTION\nTITLE" */
};

/* The text of the last word; "" is one too. */
static const char *text_of(const struct config_words *words)
{
    return words->text.p == NULL ? "" : words->text.p;
}

static int refuse_name(const struct reading *reading, const char *what, struct error *error)
{
    const char *names[256], *name = text_of(&reading->words);
    int count = 0;
    config_refuse(&reading->words, reading->words.place, error, "unknown %s '%.100s'", what, name);
    for (int i = 0; reading->section == NULL && i < SECTIONS; i++)
        names[count++] = section_list[i].name;
    for (int i = 0; reading->section != NULL && i < config_count && count < 256; i++)
        if (strcmp(config_table[i].section, reading->section->name) == 0)
            names[count++] = config_table[i].name;
    const char *nearest = nearest_word(name, names, count);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    return -1;
}

/* What stands here instead of what should. */
static int refuse_word(const struct reading *reading, const char *wanted, struct error *error)
{
    const struct config_words *words = &reading->words;
    const char sign[] = {words->sign, words->sign == '+' ? '=' : '\0', '\0'};
    if (words->kind == WORD_END)
        return config_refuse(words, words->place, error, "expected %s, but the file ends", wanted);
    return config_refuse(words, words->place, error, "expected %s, found '%.100s'", wanted,
                         words->kind == WORD_SIGN ? sign : text_of(words));
}

static int next(struct reading *reading, struct error *error)
{
    return config_words_next(&reading->words, error);
}

static bool is_sign(const struct reading *reading, char sign)
{
    return reading->words.kind == WORD_SIGN && reading->words.sign == sign;
}

/* Behind the name of a setting: its value. */
static int read_value(struct reading *reading, const struct setting *setting, struct error *error)
{
    char origin[PATH_MAX + 32];
    struct error why = {0};
    const struct config_words *words = &reading->words;
    const size_t path_length = strlen(words->path);
    if (next(reading, error) != 0 || (!is_sign(reading, '=') && refuse_word(reading, "'='", error) != 0) ||
        next(reading, error) != 0 || (words->kind != WORD_TEXT && refuse_word(reading, "a value", error) != 0))
        return -1;
    const struct entry *before = entry_find(reading->config, setting, reading->title);
    if (before != NULL && strncmp(before->origin, words->path, path_length) == 0 && before->origin[path_length] == ':')
        return config_refuse(words, words->place, error, "'%s' is set twice (see line %s)", setting->name,
                             before->origin + path_length + 1);
    const char *value = text_of(words);
    if (setting_read(setting, value, NULL, &why) != 0)
        return config_refuse(words, words->place, error, "%s = '%.160s': %s", setting->name, value, why.text);
    (void)snprintf(origin, sizeof origin, "%s:%d", words->path, words->place.line);
    return entry_add(reading->config, setting, setting->section, reading->title, value, origin, error);
}

static int read_settings(struct reading *reading, struct place begin, struct error *error)
{
    while (next(reading, error) == 0) {
        if (is_sign(reading, '}'))
            return 0;
        if (reading->words.kind == WORD_END) {
            config_refuse(&reading->words, begin, error, "this section does not end");
            error_hint(error, "is the file cut off? a section ends with '}'");
            return -1;
        }
        if (reading->words.kind != WORD_TEXT)
            return refuse_word(reading, "the name of a setting", error);
        const struct setting *setting = setting_find(reading->section->name, text_of(&reading->words));
        if (setting == NULL)
            return refuse_name(reading, "setting", error);
        if (read_value(reading, setting, error) != 0)
            return -1;
    }
    return -1;
}

/* A name, and none of the marks in not_first is its first. */
static bool title_is_name(const char *title, const char *not_first)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t length = strlen(title);
    return length > 0 && length < TITLE_MAX && strspn(title, allowed) == length && strchr(not_first, title[0]) == NULL;
}

/* Accounts and sources become parts of file names and messages; instruments are symbols as in tn-records(5). An account
   has every name with which tn-order opens one: its limits would be out of reach otherwise. */
static bool title_is_good(const struct section *section, const char *title)
{
    if (strcmp(section->name, "account") == 0)
        return title_is_name(title, ".");
    if (strcmp(section->name, "instrument") != 0)
        return title_is_name(title, "._-");
    bool good = title[0] != '\0' && title[0] != '/' && strlen(title) <= SYMBOL_LENGTH;
    for (const char *p = title; *p != '\0'; p++)
        good = good && *p > ' ' && *p < 0x7f;
    return good;
}

static int read_title(struct reading *reading, struct error *error)
{
    const struct config_words *words = &reading->words;
    const char *section = reading->section->name, *title = text_of(words);
    if (words->kind != WORD_TEXT)
        return config_refuse(words, words->place, error, "missing title for section '%s'", section);
    if (!title_is_good(reading->section, title))
        return config_refuse(words, words->place, error, "'%.100s' is not a valid title for section '%s'", title,
                             section);
    (void)snprintf(reading->title, sizeof reading->title, "%s", title);
    char key[32 + TITLE_MAX];
    const size_t known = reading->titles.count;
    (void)snprintf(key, sizeof key, "%s\n%s", section, title);
    if (names_add(&reading->titles, str_of(key), error) < 0 ||
        entry_add(reading->config, NULL, section, title, "", words->path, error) != 0)
        return -1;
    if (reading->titles.count == known)
        return config_refuse(words, words->place, error, "there are two sections '%s %s'", section, title);
    return next(reading, error);
}

static int read_section(struct reading *reading, struct error *error)
{
    reading->section = NULL;
    reading->title[0] = '\0';
    if (reading->words.kind != WORD_TEXT)
        return refuse_word(reading, "the name of a section", error);
    const struct section *section = section_find(text_of(&reading->words));
    if (section == NULL)
        return refuse_name(reading, "section", error);
    reading->section = section;
    if (next(reading, error) != 0 || (section->titled && read_title(reading, error) != 0) ||
        (!is_sign(reading, '{') && refuse_word(reading, "'{'", error) != 0))
        return -1;
    return read_settings(reading, reading->words.place, error);
}

static int read_text(struct config *config, const char *path, struct str text, struct error *error)
{
    struct reading reading = {.config = config};
    names_init(&reading.titles);
    config_words_init(&reading.words, path, text);
    int status = next(&reading, error);
    while (status == 0 && reading.words.kind != WORD_END)
        status = read_section(&reading, error) != 0 ? -1 : next(&reading, error);
    config_words_clear(&reading.words);
    names_clear(&reading.titles);
    return status;
}

int config_read_file(struct config *config, const char *path, struct error *error)
{
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    struct buf text;
    buf_init(&text, FILE_SIZE_MAX);
    int result = file_read(path, &text, error);
    if (result != 0)
        error->code = error->code == EXIT_INPUT ? EXIT_USAGE : error->code;
    else if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
        result = error_set(error, EXIT_USAGE, "%s: contains a NUL byte", path);
    else if (text.n > 0)
        result = read_text(config, path, buf_str(&text), error);
    buf_clear(&text);
    return result;
}
