/* Telling names from files. */
#include "feed/operands.h"

#include "record/recording.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_in(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

static bool is_there(const char *text)
{
    struct stat status;
    return stat(text, &status) == 0 && !S_ISDIR(status.st_mode);
}

bool operand_is_file(const char *text)
{
    if (ends_in(text, ".tn") || strstr(text, ".tn:") != NULL)
        return false;
    return strcmp(text, "-") == 0 || strchr(text, '/') != NULL || ends_in(text, ".ndjson") || ends_in(text, ".csv") ||
           is_there(text) || recording_is_sure(text);
}

static int refuse_both(const char *text, const char *kind, struct error *error)
{
    error_set(error, EXIT_USAGE, "'%s' is both a %s and a file", text, kind);
    error_hint(error, "./%s is the file; with a parameter, '%s:…', it is the %s", text, text, kind);
    return -1;
}

int operands_sort(struct operands *operands, const struct invocation *invocation, bool (*is_word)(const char *text),
                  const char *kind, int least, struct error *error)
{
    const size_t count = (size_t)invocation_operands(invocation);
    char *const *list = invocation_operand_list(invocation);
    *operands = (struct operands){.word = calloc(count + 1, sizeof(char *)), .file = calloc(count + 1, sizeof(char *))};
    if (operands->word == NULL || operands->file == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        const bool word = is_word(list[i]), file = operand_is_file(list[i]);
        if (word && file)
            return refuse_both(list[i], kind, error);
        if (file)
            operands->file[operands->files++] = list[i];
        else
            operands->word[operands->words++] = list[i];
    }
    if (operands->words >= least)
        return 0;
    error_set(error, EXIT_USAGE, "%s: no %s is named%s", invocation_command(invocation)->name, kind,
              count == 0   ? ""
              : count == 1 ? ", only a file"
                           : ", only files");
    error_hint(error, "tn-signal list shows what there is");
    return -1;
}

void operands_clear(struct operands *operands)
{
    free(operands->word);
    free(operands->file);
    *operands = (struct operands){.word = NULL};
}
