/* tn-backtest pack, and finding its files among the input of the other commands. */
#include "tn-backtest/packed.h"

#include "tn-backtest/commands.h"
#include "tn-backtest/study.h"

#include <stdlib.h>
#include <string.h>

int packed_find(const struct invocation *invocation, char *const *files, const char **path, struct error *error)
{
    int listed, count = 0;
    const char *const *list = option_list(invocation, "file", &listed);
    *path = NULL;
    for (int i = 0; i < listed; i++, count++)
        if (pack_is(list[i]))
            *path = list[i];
    for (; *files != NULL; files++, count++)
        if (pack_is(*files))
            *path = *files;
    if (*path == NULL || count == 1)
        return 0;
    error_set(error, EXIT_USAGE, "'%s' is a file of columns and must be the only input", *path);
    error_hint(error, "pack all files together");
    return -1;
}

/* The records of the input, into a history. */
static int read_bars(struct study *study, struct error *error)
{
    const char *account = option_text(study->invocation, "account", "backtest"), *pack;
    if ((study->files = calloc((size_t)invocation_operands(study->invocation) + 1, sizeof(char *))) == NULL)
        return error_memory(error);
    memcpy(study->files, invocation_operand_list(study->invocation),
           (size_t)invocation_operands(study->invocation) * sizeof(char *));
    study->silent = true;
    if (packed_find(study->invocation, study->files, &pack, error) != 0)
        return -1;
    if (pack != NULL)
        return error_set(error, EXIT_USAGE, "'%s' is already packed", pack);
    if ((study->config = config_open(error)) == NULL ||
        account_terms_open(&study->account_terms, study->config, account, MODE_BACKTEST, study->invocation,
                           TERMS_CALENDAR, error) != 0)
        return -1;
    study_terms(study, account);
    return study_read(study, error);
}

enum exit_code backtest_pack(struct invocation *invocation, struct error *error)
{
    struct study study = {.invocation = invocation};
    const char *out = option_text(invocation, "out", NULL);
    if (out == NULL) {
        (void)error_set(error, EXIT_USAGE, "pack: --out FILE is missing");
        error_hint(error, "tn-backtest pack bars.ndjson -o bars.pack");
    } else if (read_bars(&study, error) == 0) {
        const struct pack_source source = {.complete = flow_input_has_ended(input_flow(study.input))};
        if (pack_write(study.history, &source, out, error) == 0)
            say(invocation, 0, "%s: %llu bars", out, (unsigned long long)history_bars(study.history));
    }
    return study_close(&study, error);
}
