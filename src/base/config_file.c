/* One configuration file, read by libconfuse into the entries of a configuration. */
#include "base/command.h"
#include "base/config_parts.h"
#include "base/file.h"

#include <confuse.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)1 << 20)
#define TITLE_MAX     64
#define SYMBOL_LENGTH 32
#define SECTIONS      10

static const struct {
    const char *name;
    bool titled;
} section_list[SECTIONS] = {{"account", true},   {"instrument", true}, {"source", true},   {"channel", true},
                            {"alert", true},     {"webhook", true},    {"network", false}, {"strategy", false},
                            {"schedule", false}, {"display", false}};

bool config_is_titled(const char *section)
{
    for (int i = 0; i < SECTIONS; i++)
        if (strcmp(section_list[i].name, section) == 0)
            return section_list[i].titled;
    return false;
}

/* libconfuse's callbacks take no argument of ours, so what is being parsed has to be reachable from here. */
static _Thread_local struct {
    struct config *config;
    const char *path;
    struct error *error;
} parsing;

static const char *section_find(const char *name)
{
    for (int i = 0; i < SECTIONS; i++)
        if (strcmp(section_list[i].name, name) == 0)
            return section_list[i].name;
    return NULL;
}

/* Called by libconfuse with each value. The file and line are remembered as the value's origin. */
static int take_value(cfg_t *section, cfg_opt_t *option, const char *value, void *result)
{
    char origin[PATH_MAX + 32];
    struct error why;
    const char *title = section->title == NULL ? "" : section->title;
    const struct setting *setting = setting_find(section->name, option->name);
    const size_t path_length = strlen(parsing.path);
    require(setting != NULL);
    *(void **)result = NULL;
    (void)snprintf(origin, sizeof origin, "%s:%d", parsing.path, section->line);
    const struct entry *before = entry_find(parsing.config, setting, title);
    if (before != NULL && strncmp(before->origin, parsing.path, path_length) == 0 && before->origin[path_length] == ':')
        return error_set(parsing.error, EXIT_USAGE, "%s: '%s' is set twice (see line %s)", origin, option->name,
                         before->origin + path_length + 1);
    error_clear(&why);
    if (setting_read(setting, value, NULL, &why) != 0)
        return error_set(parsing.error, EXIT_USAGE, "%s: %s = '%s': %s", origin, option->name, value, why.text);
    return entry_add(parsing.config, setting, setting->section, title, value, origin, parsing.error);
}

/* Names that may stand where libconfuse found an unknown one. */
static const char *nearest_name(const cfg_t *section, const char *name)
{
    const char *names[256];
    int count = 0;
    if (section_find(section->name) == NULL) {
        for (int i = 0; i < SECTIONS; i++)
            names[count++] = section_list[i].name;
    } else {
        for (int i = 0; i < config_count && count < 256; i++)
            if (strcmp(config_table[i].section, section->name) == 0)
                names[count++] = config_table[i].name;
    }
    return nearest_word(name, names, count);
}

static void take_error(cfg_t *section, const char *format, va_list arguments)
{
    if (error_is_set(parsing.error))
        return;
    if (strcmp(format, "no such option '%s'") == 0) {
        const char *name = va_arg(arguments, const char *);
        const bool known = section_find(section->name) != NULL;
        error_set(parsing.error, EXIT_USAGE, "%s:%d: unknown %s '%s'", parsing.path, section->line,
                  known ? "setting" : "section", name);
        const char *nearest = nearest_name(section, name);
        if (nearest != NULL)
            error_hint(parsing.error, "did you mean '%s'?", nearest);
        return;
    }
    char text[256];
    (void)vsnprintf(text, sizeof text, format, arguments);
    error_set(parsing.error, EXIT_USAGE, "%s:%d: %s", parsing.path, section->line, text);
}

static bool title_is_name(const char *title)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t length = strlen(title);
    return length > 0 && length < TITLE_MAX && strspn(title, allowed) == length && strchr("._-", title[0]) == NULL;
}

/* Accounts and sources become parts of file names and messages; instruments are symbols as in tn-records(5). */
static int title_check(const char *section, const char *title, struct error *error)
{
    const bool symbol = strcmp(section, "instrument") == 0;
    bool good = symbol ? title[0] != '\0' && title[0] != '/' && strlen(title) <= SYMBOL_LENGTH : title_is_name(title);
    for (const char *p = title; *p != '\0'; p++)
        good = good && *p > ' ' && *p < 0x7f;
    if (good)
        return 0;
    return error_set(error, EXIT_USAGE, "%s: '%s' is no name for an %s section", parsing.path, title, section);
}

/* The titles, in file order: a section without settings counts too. */
static int take_titles(struct config *config, cfg_t *root, struct error *error)
{
    char origin[PATH_MAX + 32];
    (void)snprintf(origin, sizeof origin, "%s", parsing.path);
    for (int i = 0; i < SECTIONS; i++) {
        if (!section_list[i].titled)
            continue;
        for (unsigned j = 0; j < cfg_size(root, section_list[i].name); j++) {
            const char *title = cfg_title(cfg_getnsec(root, section_list[i].name, j));
            if (title_check(section_list[i].name, title, error) != 0 ||
                entry_add(config, NULL, section_list[i].name, title, "", origin, error) != 0)
                return -1;
        }
    }
    return 0;
}

/* The tables libconfuse wants, from ours. */
static cfg_t *parser_new(cfg_opt_t options[static SECTIONS + 1], cfg_opt_t *settings)
{
    static const cfg_opt_t last = CFG_END();
    for (int i = 0; i < SECTIONS; i++) {
        cfg_opt_t *first = settings;
        for (int j = 0; j < config_count; j++)
            if (strcmp(config_table[j].section, section_list[i].name) == 0)
                *settings++ = (cfg_opt_t)CFG_PTR_CB(config_table[j].name, NULL, CFGF_NODEFAULT, take_value, NULL);
        *settings++ = last;
        const cfg_flag_t flags = section_list[i].titled ? CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES : CFGF_NONE;
        options[i] = (cfg_opt_t)CFG_SEC(section_list[i].name, first, flags);
    }
    options[SECTIONS] = last;
    return cfg_init(options, CFGF_NONE);
}

/* The length of a comment at p, 0 for none, more than `left` for one that is not closed. libconfuse takes # anywhere
 * outside quotes, the others where a word may begin. */
static size_t comment_length(const char *p, size_t left, bool word_begins)
{
    if (p[0] == '#' || (word_begins && left > 1 && p[0] == '/' && p[1] == '/')) {
        const char *end = memchr(p, '\n', left);
        return end == NULL ? left : (size_t)(end - p);
    }
    if (word_begins && left > 1 && p[0] == '/' && p[1] == '*') {
        const char *end = left > 2 ? memmem(p + 2, left - 2, "*/", 2) : NULL;
        return end == NULL ? left + 1 : (size_t)(end - p) + 2;
    }
    return 0;
}

/* Comments become spaces: libconfuse 3.3 counts their lines wrongly, and our messages name lines. The place of a quote
 * or comment that is not closed, of which libconfuse says nothing; `length` when there is none. */
static size_t comments_blank(char *p, size_t length)
{
    char quote = 0;
    size_t opened = length;
    bool word_begins = true;
    for (size_t i = 0; i < length;) {
        const size_t comment = quote != 0 ? 0 : comment_length(p + i, length - i, word_begins);
        if (comment > length - i)
            return i;
        if (comment > 0) {
            for (const size_t end = i + comment; i < end; i++)
                if (p[i] != '\n')
                    p[i] = ' ';
            continue;
        }
        if (quote != 0) {
            if (p[i] == '\\')
                i++;
            else if (p[i] == quote)
                quote = 0;
        } else if (p[i] == '"' || p[i] == '\'') {
            quote = p[i];
            opened = i;
        }
        word_begins = i < length && strchr(" \t\r\n{}()=+,\"'", p[i]) != NULL;
        i++;
    }
    return quote != 0 ? opened : length;
}

/* libconfuse 3.3 crashes, or ends the program, when it finds no memory. So make sure there is enough before: its tables
 * are copied for every section, and every value is copied several times. */
static int memory_check(const struct buf *text, struct error *error)
{
    size_t sections = 1;
    for (size_t i = 0; i < text->n; i++)
        sections += text->p[i] == '{';
    volatile char *room = malloc(((size_t)1 << 19) + text->n * 16 + sections * 8192);
    if (room == NULL)
        return error_memory(error);
    room[0] = 0; /* an allocation that nobody uses would be optimised away */
    free((void *)room);
    return 0;
}

/* Where the last section begins that does not end, the length of the text when all do. libconfuse takes the end of the
 * file for the end of a section: a file that was cut would be taken for whole. Comments are blank already. */
static size_t section_open(const struct buf *text)
{
    size_t begin = text->n;
    char quote = '\0';
    for (size_t i = 0; i < text->n; i++) {
        const char c = text->p[i];
        if (c == '\\')
            i++;
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '{')
            begin = i;
        else if (c == '}')
            begin = text->n;
    }
    return begin;
}

static int line_of(const struct buf *text, size_t place)
{
    int line = 1;
    for (size_t i = 0; i < place; i++)
        line += text->p[i] == '\n';
    return line;
}

static int text_parse(struct config *config, const char *path, struct buf *text, struct error *error)
{
    cfg_opt_t options[SECTIONS + 1];
    const size_t open = comments_blank(text->p, text->n);
    if (open < text->n)
        return error_set(error, EXIT_USAGE, "%s:%d: a quote or comment that begins here does not end", path,
                         line_of(text, open));
    const size_t section = section_open(text);
    if (section < text->n) {
        error_set(error, EXIT_USAGE, "%s:%d: the section that begins here does not end", path, line_of(text, section));
        error_hint(error, "is the file cut off? a section ends with }");
        return -1;
    }
    if (memory_check(text, error) != 0)
        return -1;
    cfg_opt_t *settings = calloc((size_t)config_count + SECTIONS, sizeof *settings);
    cfg_t *root = settings == NULL ? NULL : parser_new(options, settings);
    FILE *stream = root == NULL ? NULL : fmemopen(text->p, text->n, "r");
    int result = -1;
    parsing.config = config;
    parsing.path = path;
    parsing.error = error;
    if (stream == NULL) {
        error_memory(error);
        goto out;
    }
    cfg_set_error_function(root, take_error);
    if (cfg_parse_fp(root, stream) != CFG_SUCCESS) {
        error_set(error, EXIT_USAGE, "%s:%d: cannot be understood", path, root->line);
        goto out;
    }
    result = take_titles(config, root, error);
out:
    if (stream != NULL)
        (void)fclose(stream);
    if (root != NULL)
        (void)cfg_free(root);
    free(settings);
    return result;
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
        result = error_set(error, EXIT_USAGE, "%s: holds a NUL byte", path);
    else if (text.n > 0)
        result = text_parse(config, path, &text, error);
    buf_clear(&text);
    return result;
}
