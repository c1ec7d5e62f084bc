/* Reads the parameters of indicators and strategies. */
#include "indicator/parameter.h"

#include "base/command.h"
#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS_MAX 16
#define WORDS_MAX      16

void parameter_text(const struct parameter *parameter, double value, char text[static PARAMETER_TEXT_MAX])
{
    if (parameter->word != NULL)
        (void)snprintf(text, PARAMETER_TEXT_MAX, "%s", parameter->word[(int)value]);
    else
        text[num_format(text, value)] = '\0';
}

static int find_parameter(const struct parameter *parameter, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (str_is(name, parameter[i].name))
            return i;
    return -1;
}

static int unknown_parameter(const struct parameter *parameter, int count, struct str name, const char *what,
                             struct error *error)
{
    const char *words[PARAMETERS_MAX];
    for (int i = 0; i < count; i++)
        words[i] = parameter[i].name;
    char word[64];
    (void)snprintf(word, sizeof word, STR_FMT, (int)(name.n < 63 ? name.n : 63), name.p);
    error_set(error, EXIT_USAGE, "%s has no parameter '%s'", what, word);
    const char *near = nearest_word(word, words, count);
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    return -1;
}

static int read_word(double *value, const struct parameter *parameter, struct str text, const char *what,
                     struct error *error)
{
    int count = 0;
    char word[64], known[160] = "";
    for (; parameter->word[count] != NULL; count++) {
        if (str_is(text, parameter->word[count])) {
            *value = count;
            return 0;
        }
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", count > 0 ? ", " : "", parameter->word[count]);
    }
    (void)snprintf(word, sizeof word, STR_FMT, (int)(text.n < 63 ? text.n : 63), text.p);
    error_set(error, EXIT_USAGE, "%s: %s='%s' is not one of: %s", what, parameter->name, word, known);
    const char *words[WORDS_MAX];
    for (int i = 0; i < count && i < WORDS_MAX; i++)
        words[i] = parameter->word[i];
    const char *near = nearest_word(word, words, count < WORDS_MAX ? count : WORDS_MAX);
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    return -1;
}

static int read_value(double *value, const struct parameter *parameter, struct str text, const char *what,
                      struct error *error)
{
    struct error ignored = {0};
    double number;
    if (parameter->word != NULL)
        return read_word(value, parameter, text, what, error);
    if (num_parse(&number, text.p, text.n, &ignored) != 0)
        return error_set(error, EXIT_USAGE, "%s: %s='" STR_FMT "' is not a number", what, parameter->name,
                         (int)(text.n < 63 ? text.n : 63), text.p);
    if (parameter->whole && number != nearbyint(number))
        return error_set(error, EXIT_USAGE, "%s: %s=%g is not a whole number", what, parameter->name, number);
    if (!(number >= parameter->low && number <= parameter->high))
        return error_set(error, EXIT_USAGE, "%s: %s=%g is not within %g and %g", what, parameter->name, number,
                         parameter->low, parameter->high);
    *value = number + 0.0; /* -0 is 0, so that one instance has one name */
    return 0;
}

static struct str cut(struct str *rest, char at)
{
    const char *found = memchr(rest->p, at, rest->n);
    const struct str head = {rest->p, found != NULL ? (size_t)(found - rest->p) : rest->n};
    const size_t taken = head.n + (found != NULL ? 1 : 0);
    *rest = (struct str){rest->p + taken, rest->n - taken};
    return head;
}

int parameters_parse(double *value, const struct parameter *parameter, int count, struct str text, const char *what,
                     struct error *error)
{
    require(count <= PARAMETERS_MAX);
    bool given[PARAMETERS_MAX] = {false};
    bool named = false;
    for (int i = 0; i < count; i++)
        value[i] = parameter[i].standard;
    if (text.n > 0 && text.p[text.n - 1] == ',')
        return error_set(error, EXIT_USAGE, "%s: a parameter is empty", what);
    for (int position = 0; text.n > 0; position++) {
        struct str item = cut(&text, ',');
        int at = position;
        if (memchr(item.p, '=', item.n) != NULL) {
            const struct str name = cut(&item, '=');
            named = true;
            at = find_parameter(parameter, count, name);
            if (at < 0)
                return unknown_parameter(parameter, count, name, what, error);
        } else if (named) {
            return error_set(error, EXIT_USAGE, "%s: '" STR_FMT "' needs a name, it follows a named parameter", what,
                             (int)(item.n < 63 ? item.n : 63), item.p);
        } else if (position >= count) {
            return error_set(error, EXIT_USAGE, "%s takes at most %d parameter%s", what, count, count == 1 ? "" : "s");
        }
        if (given[at])
            return error_set(error, EXIT_USAGE, "%s: %s is given twice", what, parameter[at].name);
        given[at] = true;
        if (read_value(&value[at], &parameter[at], item, what, error) != 0)
            return -1;
    }
    return 0;
}
