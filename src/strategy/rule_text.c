/* The text of a rule file. */
#include "strategy/rule_text.h"

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
            return error_set(error, EXIT_USAGE, "%s:%d: a line that begins with a blank goes on with the one before it",
                             source->file, source->line);
        if (n == 0)
            statement->line = source->line;
        if (n + line.n + 2 >= sizeof statement->text)
            return error_set(error, EXIT_USAGE, "%s:%d: a rule has at most %zu bytes", source->file, source->line,
                             sizeof statement->text - 1);
        if (memchr(line.p, '\0', line.n) != NULL)
            return error_set(error, EXIT_USAGE, "%s:%d: a NUL byte", source->file, source->line);
        if (n > 0)
            statement->text[n++] = '\n'; /* so that a message can name the line */
        memcpy(statement->text + n, line.p, line.n);
        n += line.n;
        statement->text[n] = '\0';
    }
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
    if (n <= length || memcmp(text + n - length, unit, length) != 0 || text[n - length - 1] != ' ')
        return false;
    text[n - length] = '\0';
    return true;
}

char *rule_cut_bars(char *text, const char *word)
{
    const size_t length = strlen(word);
    char *found = NULL;
    for (char *p = strstr(text, word); p != NULL; p = strstr(p + 1, word))
        if (p > text && p[-1] == ' ' && p[length] == ' ')
            found = p;
    if (found == NULL || !rule_cut_unit(found + length, "bar"))
        return NULL;
    *found = '\0';
    return found + length;
}
