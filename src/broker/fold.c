/* Reads events into a ledger; names an account's files. */
#include "broker/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fold_init(struct fold *fold, struct journal *journal, struct ledger *ledger, struct error *error)
{
    *fold = (struct fold){.journal = journal, .ledger = ledger};
    return event_reader_init(&fold->reader, error);
}

void fold_clear(struct fold *fold)
{
    event_reader_clear(&fold->reader);
}

int fold_catch_up(struct fold *fold, struct error *error)
{
    struct event_cursor *cursor = journal_read(fold->journal, fold->after, error);
    if (cursor == NULL)
        return -1;
    struct event event;
    int got;
    while ((got = event_cursor_next(cursor, &event, error)) == 1) {
        fold->after = event.seq;
        if (!str_is(event.account, fold->ledger->terms.account))
            continue;
        if (event_reader_read(&fold->reader, event.record, error) != 0 ||
            ledger_apply(fold->ledger, fold->reader.type, &fold->reader.value, error) != 0) {
            error_recode(error, EXIT_STATE);
            error_prefix(error, "event %lld", (long long)event.seq);
            got = -1;
            break;
        }
    }
    event_cursor_close(cursor);
    return got;
}

char *account_file(const struct config *config, const char *account, const char *kind, struct error *error)
{
    if (account[0] == '.' || account[0] == '\0' || strlen(account) > ACCOUNT_MAX ||
        strspn(account, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen(account)) {
        error_set(error, EXIT_INPUT, "'%s' cannot name an account: up to %d letters, digits, '.', '_' and '-' can",
                  account, ACCOUNT_MAX);
        return NULL;
    }
    const char *folder = config_folder(config, "data", error);
    if (folder == NULL)
        return NULL;
    const size_t size = strlen(folder) + strlen(account) + strlen(kind) + 3;
    char *path = malloc(size);
    if (path == NULL)
        error_memory(error);
    else
        (void)snprintf(path, size, "%s/%s.%s", folder, account, kind);
    return path;
}

const char *account_choose(const struct config *config, const char *given, struct error *error)
{
    const char *account = given;
    if (account == NULL)
        account = config_titles(config, "account") == 1 ? config_title(config, "account", 0) : "paper";
    if (strcmp(config_text(config, "account", account, "mode", NULL), "live") == 0) {
        error_set(error, EXIT_USAGE, "account '%s' is live, and no broker is there to trade it with", account);
        error_hint(error, "this version trades on paper: choose another with --account");
        return NULL;
    }
    return account;
}
