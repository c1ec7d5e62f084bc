/* The command line of a strategy that is another program. */
#include "strategy/foreign.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/words.h"
#include "indicator/parameter.h"
#include "strategy/foreign_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 1e15 /* of a parameter, to both sides */

/* "{NAME=NUMBER": how long it is with its '}', 0 when this is none; an awk program has braces too. */
static size_t read_placeholder(const char *text, struct str *name, struct str *number, double *value)
{
    struct error ignored = {0};
    size_t n = 1;
    while ((text[n] >= 'a' && text[n] <= 'z') || text[n] == '_' || (n > 1 && text[n] >= '0' && text[n] <= '9'))
        n++;
    if (n == 1 || text[n] != '=')
        return 0;
    *name = (struct str){text + 1, n - 1};
    const size_t end = n + strcspn(text + n, "}");
    *number = (struct str){text + n + 1, end - n - 1};
    if (text[end] == '\0' || num_parse(value, number->p, number->n, &ignored) != 0)
        return 0;
    return end + 1;
}

static int find_parameter(const struct foreign *foreign, struct str name)
{
    for (int i = 0; i < foreign->strategy.parameters; i++)
        if (str_is(name, foreign->strategy.parameter[i].name))
            return i;
    return -1;
}

static int add_parameter(struct foreign *foreign, struct str name, struct str number, double value, struct error *error)
{
    struct strategy *strategy = &foreign->strategy;
    const int known = find_parameter(foreign, name);
    if (known >= 0)
        return strategy->parameter[known].standard == value
                   ? 0
                   : error_set(error, EXIT_USAGE, "--exec: {" STR_FMT "=…} has two values", STR_ARG(name));
    if (strategy->parameters == STRATEGY_PARAMS_MAX)
        return error_set(error, EXIT_USAGE, "--exec: more than %d parameters", STRATEGY_PARAMS_MAX);
    if (name.n >= sizeof foreign->parameter_name[0] || !(value >= -LIMIT && value <= LIMIT))
        return error_set(error, EXIT_USAGE, "--exec: {" STR_FMT "=" STR_FMT "}: the name is too long, or the number",
                         STR_ARG(name), STR_ARG(number));
    char *copy = foreign->parameter_name[strategy->parameters];
    memcpy(copy, name.p, name.n);
    copy[name.n] = '\0';
    const bool whole = memchr(number.p, '.', number.n) == NULL && memchr(number.p, 'e', number.n) == NULL &&
                       memchr(number.p, 'E', number.n) == NULL;
    strategy->parameter[strategy->parameters++] =
        (struct parameter){.name = copy, .standard = value, .low = -LIMIT, .high = LIMIT, .whole = whole};
    return 0;
}

static int find_parameters(struct foreign *foreign, struct error *error)
{
    for (size_t i = 1; foreign->word[i] != NULL; i++)
        for (const char *p = foreign->word[i]; (p = strchr(p, '{')) != NULL; p++) {
            struct str name, number;
            double value;
            if (read_placeholder(p, &name, &number, &value) > 0 &&
                add_parameter(foreign, name, number, value, error) != 0)
                return -1;
        }
    return 0;
}

/* A word with the values in it: to be freed. */
static char *fill_word(const struct foreign *foreign, const char *word, const double *parameter, struct error *error)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 20);
    while (*word != '\0') {
        struct str name, number;
        double value;
        const size_t length = *word == '{' ? read_placeholder(word, &name, &number, &value) : 0;
        if (length == 0) {
            buf_add_char(&out, *word++);
            continue;
        }
        char text[PARAMETER_TEXT_MAX];
        const int index = find_parameter(foreign, name);
        require(index >= 0);
        parameter_text(&foreign->strategy.parameter[index], parameter[index], text);
        buf_add_text(&out, text);
        word += length;
    }
    buf_add_text(&out, "");
    char *filled = buf_check(&out, error) != 0 ? NULL : strdup(out.p == NULL ? "" : out.p);
    if (filled == NULL)
        error_memory(error);
    buf_clear(&out);
    return filled;
}

static int fill_words(struct foreign *foreign, const double *parameter, struct error *error)
{
    size_t count = 0;
    while (foreign->word[count] != NULL)
        count++;
    foreign->argv = calloc(count + 1, sizeof *foreign->argv);
    if (foreign->argv == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        if ((foreign->argv[i] = fill_word(foreign, foreign->word[i], parameter, error)) == NULL)
            return -1;
    return 0;
}

/* Two programs of one name would hold each other's positions, and so would one that is named like a strategy. */
static int name_instance(struct strategy_use *use, const struct foreign *foreign, struct error *error)
{
    struct buf name;
    buf_init(&name, 1 << 20);
    buf_add_text(&name, foreign->strategy.name);
    for (size_t i = 1; foreign->argv[i] != NULL; i++) {
        buf_add_char(&name, i == 1 ? ':' : ',');
        buf_add_text(&name, foreign->argv[i]);
    }
    int status = buf_check(&name, error);
    if (status == 0 && name.n >= sizeof use->instance) {
        status =
            error_set(error, EXIT_USAGE, "--exec: the name of the program and its arguments are longer than %d bytes",
                      STRATEGY_SIZE - 1);
        error_hint(error, "the name of the strategy is made of them: move long arguments into a file or a script");
    }
    for (size_t i = 0; status == 0 && i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ' || (unsigned char)name.p[i] > '~')
            status = error_set(error, EXIT_USAGE, "--exec: the arguments of a program must be printable ASCII");
    if (status == 0)
        memcpy(use->instance, name.p, name.n + 1);
    buf_clear(&name);
    return status;
}

static int name_program(struct foreign *foreign, struct error *error)
{
    const char *slash = strrchr(foreign->word[0], '/'), *name = slash == NULL ? foreign->word[0] : slash + 1;
    if (*name == '\0' || strlen(name) >= sizeof foreign->name || strchr(name, ':') != NULL)
        return error_set(error, EXIT_USAGE,
                         "--exec: '%s' is no name of a program, of at most %zu bytes and without ':'", foreign->word[0],
                         sizeof foreign->name - 1);
    for (int i = 0; i < strategy_count; i++)
        if (strcmp(strategy_table[i]->name, name) == 0)
            return error_set(error, EXIT_USAGE, "--exec: the strategy '%s' already exists", name);
    (void)snprintf(foreign->name, sizeof foreign->name, "%s", name);
    foreign->strategy = (struct strategy){.name = foreign->name, .title = "a program", .source = "the user's"};
    return 0;
}

static int open_use(struct strategy_use *use, const char *command, int64_t patience, const struct foreign_door *door,
                    const double *parameter, struct error *error)
{
    struct foreign *foreign = calloc(1, sizeof *foreign);
    *use = (struct strategy_use){.foreign = foreign};
    if (foreign == NULL)
        return error_memory(error);
    foreign->door = door;
    foreign->patience = patience;
    use->strategy = &foreign->strategy;
    if ((foreign->command = strdup(command)) == NULL) {
        error_memory(error);
        goto failed;
    }
    if ((foreign->word = words_split(command, error)) == NULL) {
        error_prefix(error, "--exec");
        goto failed;
    }
    if (name_program(foreign, error) != 0 || find_parameters(foreign, error) != 0)
        goto failed;
    for (int i = 0; i < foreign->strategy.parameters; i++)
        use->parameter[i] = parameter == NULL ? foreign->strategy.parameter[i].standard : parameter[i];
    if (fill_words(foreign, use->parameter, error) == 0 && name_instance(use, foreign, error) == 0)
        return 0;
failed:
    foreign_free(foreign);
    use->foreign = NULL;
    return -1;
}

int strategy_use_program(struct strategy_use *use, const char *command, int64_t patience,
                         const struct foreign_door *door, struct error *error)
{
    return open_use(use, command, patience, door, NULL, error);
}

int strategy_use_program_again(struct strategy_use *use, const struct foreign *foreign, const double *parameter,
                               struct error *error)
{
    return open_use(use, foreign->command, foreign->patience, foreign->door, parameter, error);
}

void foreign_free(struct foreign *foreign)
{
    if (foreign == NULL)
        return;
    words_free(foreign->word);
    words_free(foreign->argv);
    free(foreign->command);
    free(foreign);
}
