/* The text of a rule file. */
#include "strategy/rule_text.h"

#include "base/command.h"
#include "base/num.h"

#include <string.h>

static struct str take_line(struct rule_source *source)
{
    const char *end = source->rest.n == 0 ? NULL : memchr(source->rest.p, '\n', source->rest.n);
    struct str line = {source->rest.p, end == NULL ? source->rest.n : (size_t)(end - source->rest.p)};
    const size_t taken = line.n + (end != NULL);
    source->rest = (struct str){source->rest.p + taken, source->rest.n - taken};
    source->line++;
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        quoted ^= line.p[i] == '"' || line.p[i] == '\'';
        if (line.p[i] == '#' && !quoted)
            line.n = i;
    }
    while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t' || line.p[line.n - 1] == '\r'))
        line.n--;
    return line;
}

int rule_next_statement(struct rule_source *source, struct statement_text *statement, struct error *error)
{
    size_t n = 0;
    int last = 0;
    while (source->rest.n > 0) {
        const struct rule_source before = *source;
        const struct str line = take_line(source);
        if (line.n == 0)
            continue;
        const bool goes_on = line.p[0] == ' ' || line.p[0] == '\t';
        if (n > 0 && !goes_on) {
            *source = before;
            break;
        }
        if (n == 0 && goes_on)
            return error_set(error, EXIT_USAGE, "%s:%d: a line that begins with a blank continues the previous one",
                             source->file, source->line);
        if (n == 0)
            statement->line = source->line;
        const size_t breaks = n == 0 ? 0 : (size_t)(source->line - last); /* one, and one of each empty line */
        last = source->line;
        if (n + breaks + line.n + 1 >= sizeof statement->text)
            return error_set(error, EXIT_USAGE, "%s:%d: a rule has at most %zu bytes", source->file, source->line,
                             sizeof statement->text - 1);
        if (memchr(line.p, '\0', line.n) != NULL)
            return error_set(error, EXIT_USAGE, "%s:%d: a NUL byte", source->file, source->line);
        memset(statement->text + n, '\n', breaks); /* so that a message can name the line */
        n += breaks;
        memcpy(statement->text + n, line.p, line.n);
        n += line.n;
        statement->text[n] = '\0';
    }
    memcpy(statement->whole, statement->text, n + 1);
    return n > 0;
}

bool rule_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

const char *rule_skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\n')
        p++;
    return p;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

size_t rule_trim(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && is_blank(text[n - 1]))
        text[--n] = '\0';
    return n;
}

char *rule_find_word(char *text, const char *word)
{
    const size_t length = strlen(word);
    for (char *p = strstr(text, word); p != NULL; p = strstr(p + 1, word))
        if (p > text && is_blank(p[-1]) && is_blank(p[length]))
            return p;
    return NULL;
}

void rule_hint_statement(const char *word, const char *const *words, int count, struct error *error)
{
    static const char *const others[][2] = {
        {"exit", "exit long"},     {"enter", "enter long"}, {"buy", "enter long"},  {"sell", "exit long"},
        {"short", "enter short"},  {"cover", "exit short"}, {"long", "enter long"}, {"entry", "enter long"},
        {"trail", "exits: trail"}, {"filter", "when"},      {"universe", "among"},  {"stop loss", "stop"},
        {"take profit", "target"}};
    const char *near = NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(word, others[i][0]) == 0)
            near = others[i][1];
    if (near == NULL)
        near = nearest_word(word, words, count);
    if (near != NULL)
        error_hint(error, "did you mean '%s'?", near);
}

bool rule_begins(const char *text, const char *word, const char **rest)
{
    const size_t n = strlen(word);
    *rest = text + n;
    return strncmp(text, word, n) == 0 && (text[n] == '\0' || !rule_is_letter(text[n]));
}

int rule_take_number(const char **p, double *number, struct error *error)
{
    *p = rule_skip_blanks(*p);
    size_t n = 0;
    while ((*p)[n] != '\0' && strchr("0123456789.+-eE", (*p)[n]) != NULL && strncmp(*p + n, "..", 2) != 0)
        n++;
    if (num_parse(number, *p, n, error) != 0)
        return -1;
    *p = rule_skip_blanks(*p + n);
    return 0;
}

bool rule_cut_unit(char *text, const char *unit)
{
    const size_t length = strlen(unit);
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n'))
        n--;
    n -= n > 0 && text[n - 1] == 's';
    if (n <= length || memcmp(text + n - length, unit, length) != 0 || !is_blank(text[n - length - 1]))
        return false;
    text[n - length] = '\0';
    return true;
}

char *rule_cut_bars(char *text, const char *word)
{
    const size_t length = strlen(word);
    char *found = NULL;
    for (char *p = strstr(text, word); p != NULL; p = strstr(p + 1, word))
        if (p > text && is_blank(p[-1]) && is_blank(p[length]))
            found = p;
    if (found == NULL || !rule_cut_unit(found + length, "bar"))
        return NULL;
    *found = '\0';
    return found + length;
}
