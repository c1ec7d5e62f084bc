/* Opens accounts, and names their files. */
#include "broker/account.h"

#include "base/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_not_open(const char *account, struct error *error)
{
    error_set(error, EXIT_USAGE, "account '%s' is not open", account);
    error_hint(error, "tn-order open %s --cash 100000", account);
    return -1;
}

static int check_known(const struct account_options *options, struct error *error)
{
    char *path = journal_path(options->config, error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, JOURNAL_READ, error);
    const int result = journal == NULL ? -1 : account_check_open(journal, options->name, error);
    journal_close(journal);
    free(path);
    return result;
}

static int take_lock(struct account *account, const struct account_options *options, struct error *error)
{
    char what[ID_SIZE + 16];
    (void)snprintf(what, sizeof what, "account '%s'", options->name);
    char *path = account_file(options->config, options->name, "lock", error);
    if (path == NULL)
        return -1;
    /* Who has traded has a lock file; a mistyped name gets none. */
    if (access(path, F_OK) == 0 || check_known(options, error) == 0)
        account->lock = lock_take(path, what, options->wait, error);
    free(path);
    return account->lock == NULL ? -1 : 0;
}

int account_check_open(struct journal *journal, const char *account, struct error *error)
{
    struct names accounts;
    names_init(&accounts);
    int result = journal_accounts(journal, &accounts, error);
    if (result == 0 && names_find(&accounts, str_of(account)) < 0)
        result = is_not_open(account, error);
    names_clear(&accounts);
    return result;
}

int account_open(struct account *account, const struct account_options *options, enum account_access access,
                 struct error *error)
{
    *account = (struct account){.ledger = &account->replay.ledger};
    if (access == ACCOUNT_TRADE && take_lock(account, options, error) != 0)
        return -1;
    char *path = journal_path(options->config, error);
    if (path == NULL)
        return -1;
    account->journal = journal_open(path, access == ACCOUNT_TRADE ? JOURNAL_WRITE : JOURNAL_READ, error);
    free(path);
    if (account->journal == NULL ||
        account_terms_open(&account->terms, options->config, options->name, MODE_PAPER, options->invocation,
                           options->tables, error) != 0 ||
        (access == ACCOUNT_TRADE &&
         account_terms_gate(&account->terms.limits, options->config, options->name, error) != 0) ||
        replay_open(&account->replay, account->journal, options->name, &account->terms.ledger, error) != 0)
        return -1;
    if (account->ledger->opening != TIME_NONE)
        return 0;
    return is_not_open(options->name, error);
}

void account_close(struct account *account)
{
    replay_close(&account->replay);
    account_terms_close(&account->terms);
    journal_close(account->journal);
    lock_free(account->lock);
    *account = (struct account){.lock = NULL};
}

void tell_dropped(const struct invocation *invocation, const struct account *account)
{
    const struct replay *replay = &account->replay;
    if (replay->dropped.code != EXIT_DONE && invocation != NULL)
        say(invocation, replay->outdated ? 1 : 0, "%s: the account was read from %s", replay->dropped.text,
            replay->start > 0 ? "an older state" : "its first event");
}

int account_catch_up(struct account *account, struct error *error)
{
    return replay_catch_up(&account->replay, error);
}

int account_begin(struct account *account, struct error *error)
{
    return journal_begin(account->journal, error) == 0 ? replay_catch_up(&account->replay, error) : -1;
}

int account_append(struct account *account, enum record_type type, const void *value, struct str *line,
                   struct error *error)
{
    struct str own = {NULL, 0};
    line = line == NULL ? &own : line;
    const int appended = journal_put_line(account->journal, account->ledger->terms.mode, type, value, line, error);
    if (appended == 1)
        replay_count(&account->replay, line->n);
    return appended;
}

int account_commit(struct account *account, struct error *error)
{
    return replay_checkpoint(&account->replay, error) == 0 ? journal_commit(account->journal, error) : -1;
}

void account_discard(struct account *account)
{
    journal_rollback(account->journal);
    replay_rewind(&account->replay);
}

char *account_file(const struct config *config, const char *account, const char *kind, struct error *error)
{
    if (account_check_name(account, error) != 0)
        return NULL;
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
    if (account_check_name(account, error) != 0)
        return NULL;
    if (strcmp(config_text(config, "account", account, "mode", NULL), "live") == 0) {
        error_set(error, EXIT_USAGE, "account '%s' is live, but this version has no broker", account);
        error_hint(error, "choose a paper account with --account");
        return NULL;
    }
    return account;
}
