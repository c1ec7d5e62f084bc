/* The table of indicators, and reading "bbands:n=20,k=2.5". */
#include "base/command.h"
#include "base/num.h"
#include "indicator/list.h"
#include "indicator/parameter.h"

#include <stdio.h>
#include <string.h>

#define ROW(name) &indicator_##name,
const struct indicator *const indicator_table[] = {INDICATORS(ROW)};
#undef ROW
const int indicator_count = (int)(sizeof indicator_table / sizeof indicator_table[0]);

static int unknown_indicator(struct str name, struct error *error)
{
    const char *words[sizeof indicator_table / sizeof indicator_table[0]];
    for (int i = 0; i < indicator_count; i++)
        words[i] = indicator_table[i]->name;
    char word[64];
    (void)snprintf(word, sizeof word, STR_FMT, (int)(name.n < 63 ? name.n : 63), name.p);
    error_set(error, EXIT_USAGE, "there is no indicator '%s'", word);
    const char *near = nearest_word(word, words, indicator_count);
    const size_t letters = strcspn(word, "0123456789");
    for (int i = 0; i < indicator_count; i++) /* sma20 */
        if (word[letters] != '\0' && strlen(words[i]) == letters && strncmp(words[i], word, letters) == 0) {
            error_hint(error, "did you mean %s:%s?", words[i], word + letters);
            return -1;
        }
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    else
        error_hint(error, "tn-signal list shows them all");
    return -1;
}

const struct indicator *indicator_find(struct str name)
{
    for (int i = 0; i < indicator_count; i++)
        if (str_is(name, indicator_table[i]->name))
            return indicator_table[i];
    return NULL;
}

bool indicator_is_named(const char *text)
{
    return indicator_find((struct str){text, strcspn(text, ":")}) != NULL;
}

int indicator_use_parse(struct indicator_use *use, const char *text, struct error *error)
{
    const char *colon = strchr(text, ':');
    const struct str name = {text, strcspn(text, ":")};
    use->indicator = indicator_find(name);
    if (use->indicator == NULL)
        return unknown_indicator(name, error);
    if (colon != NULL && colon[1] == '\0')
        return error_set(error, EXIT_USAGE, "%s: parameters are missing after ':'", use->indicator->name);
    const struct indicator *indicator = use->indicator;
    if (parameters_parse(use->parameter, indicator->parameter, indicator->parameters,
                         colon != NULL ? str_of(colon + 1) : STR(""), indicator->name, error) != 0)
        return -1;
    return indicator->check != NULL ? indicator->check(use->parameter, error) : 0;
}

static int add_part(char *name, size_t size, size_t *used, const char *separator, const char *part)
{
    const int n = snprintf(name + *used, size - *used, "%s%s", separator, part);
    if (n < 0 || (size_t)n >= size - *used)
        return -1;
    *used += (size_t)n;
    return 0;
}

int indicator_use_field(const struct indicator_use *use, int output, char *name, size_t size, struct error *error)
{
    const struct indicator *indicator = use->indicator;
    require(output >= 0 && output < indicator->outputs);
    size_t used = 0;
    int failed = add_part(name, size, &used, "", indicator->name);
    for (int i = 0; i < indicator->parameters && !failed; i++) {
        const struct parameter *parameter = &indicator->parameter[i];
        char text[PARAMETER_TEXT_MAX];
        parameter_text(parameter, use->parameter[i], text);
        const bool standard = use->parameter[i] == parameter->standard;
        if (parameter->quiet && !standard)
            failed = add_part(name, size, &used, "_", parameter->name);
        if (!failed && (!standard || (parameter->word == NULL && !parameter->quiet)))
            failed = add_part(name, size, &used, "_", text);
    }
    if (!failed && indicator->output[output].suffix[0] != '\0')
        failed = add_part(name, size, &used, "_", indicator->output[output].suffix);
    if (failed)
        return error_set(error, EXIT_USAGE, "the field name of %s is longer than %zu bytes", indicator->name, size - 1);
    return 0;
}
