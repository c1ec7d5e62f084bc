/* tn-order halt, resume: the kill switch. */
#include "tn-order/commands.h"

#include "journal/halt.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How long a halt waits for the journal, ms: it counts already. */
#define HALT_PATIENCE 500

int manual_append(struct journal *journal, enum record_type type, const void *value, struct error *error)
{
    if (journal_begin(journal, error) != 0)
        return -1;
    if (journal_put(journal, MODE_PAPER, type, value, error) >= 0 && journal_commit(journal, error) == 0)
        return 0;
    journal_rollback(journal);
    return -1;
}

struct journal *manual_journal(const struct config *config, enum journal_access access, struct error *error)
{
    char *path = journal_path(config, error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, access, error);
    free(path);
    return journal;
}

/* What a switch writes; the words are the invocation's. */
static void describe(struct halt *halt, const struct invocation *invocation, const char *account, bool halted)
{
    *halt = (struct halt){.time = option_time(invocation, "now", time_now()),
                          .halted = halted ? 1 : 0,
                          .all = halted && option_flag(invocation, "all") ? 1 : -1};
    (void)snprintf(halt->account, sizeof halt->account, "%s", account);
    halt->reason = str_of(option_text(invocation, "reason", "by hand"));
}

/* What the file says and the journal does not know yet. */
static int note_halts(struct journal *journal, struct halt_file *file, const char *path, const char *account,
                      struct error *error)
{
    struct halt halt;
    halt_file_read(file, path);
    while (halt_file_next(file, account, time_now(), &halt) == 1)
        if (manual_append(journal, RECORD_HALT, &halt, error) != 0)
            return -1;
    return halt_file_note(file, path, error);
}

/* The journal hears of a halt that counts already. 1: it has; 0: it is busy; -1. */
static int tell_journal(const struct config *config, const char *path, const char *account, struct error *error)
{
    struct halt_file *file = halt_file_new(error);
    struct journal *journal = file == NULL ? NULL : manual_journal(config, JOURNAL_WRITE, error);
    if (journal != NULL)
        journal_set_patience(journal, HALT_PATIENCE);
    const int told = journal != NULL && account_check_open(journal, account, error) == 0 &&
                             note_halts(journal, file, path, account, error) == 0
                         ? 1
                         : -1;
    journal_close(journal);
    halt_file_free(file);
    if (told == -1 && error->code == EXIT_UNAVAILABLE) {
        error_clear(error);
        return 0;
    }
    return told;
}

/* First the file, which needs nobody, then the journal. */
static int throw_switch(struct invocation *invocation, const struct config *config, const char *account,
                        const char *path, struct error *error)
{
    struct halt halt;
    const bool was_there = halt_file_is_there(path);
    describe(&halt, invocation, account, true);
    const int made = halt_file_add(path, &halt, error);
    if (made != 0 && halt_file_is_there(path))
        say(invocation, 0, "account '%s' is halted, by %s, which could not be written in full:", account, path);
    if (made != 0)
        return -1;
    const int told = tell_journal(config, path, account, error);
    if (told == 0)
        say(invocation, 0,
            "account '%s' is halted, by %s; the journal is busy: the next program that writes to it cancels the "
            "working %s",
            account, path, option_flag(invocation, "all") ? "orders" : "entries");
    else if (told == -1 && error->code == EXIT_USAGE && !was_there) /* no journal or no account: nobody trades */
        (void)unlink(path);
    else if (told == -1 && error->code != EXIT_USAGE)
        say(invocation, 0, "account '%s' is halted, by %s; this is not in the journal:", account, path);
    return told;
}

static int halted_again(const char *account, struct error *error)
{
    error_set(error, EXIT_UNAVAILABLE, "account '%s' was halted again in the meantime, and stays halted", account);
    error_hint(error, "tn-order resume -a %s", account);
    return -1;
}

/* The end of the halt, written only while no newer one is there: what is halted after this look waits for our
 * transaction with its own event. */
static int append_resume(struct invocation *invocation, struct journal *journal, const char *path, const char *account,
                         struct error *error)
{
    struct halt halt;
    describe(&halt, invocation, account, false);
    if (journal_begin(journal, error) != 0)
        return -1;
    if (halt_file_is_there(path))
        (void)halted_again(account, error);
    if (!error_is_set(error) && journal_put(journal, MODE_PAPER, RECORD_HALT, &halt, error) >= 0 &&
        journal_commit(journal, error) == 0)
        return 0;
    journal_rollback(journal);
    return -1;
}

/* What a halt has left in its file goes to the journal, and the file aside: from there to the end the journal alone
 * says "halted". A halt that is thrown meanwhile makes a file of its own, and ends this. */
static int release(struct invocation *invocation, const struct config *config, const char *account, const char *path,
                   struct error *error)
{
    struct halt_file *file = halt_file_new(error);
    struct journal *journal = NULL;
    struct account whole = {.lock = NULL};
    const struct account_options options = {.config = config, .name = account};
    int result = -1;
    /* What trades again must hold together. */
    if (file != NULL && account_open(&whole, &options, ACCOUNT_READ, error) == 0)
        journal = manual_journal(config, JOURNAL_WRITE, error);
    account_close(&whole);
    if (journal != NULL && note_halts(journal, file, path, account, error) == 0) {
        const int aside = halt_file_put_aside(file, path, error);
        if (aside == 0)
            (void)halted_again(account, error);
        else if (aside == 1)
            result = append_resume(invocation, journal, path, account, error);
        struct error dropping;
        error_clear(&dropping);
        if (aside == 1 && halt_file_drop_aside(path, result == 0, &dropping) != 0 && result == 0) {
            *error = dropping;
            result = -1;
        }
    }
    journal_close(journal);
    halt_file_free(file);
    return result;
}

/* Cancels what works, when nobody else trades the account; whoever does cancels it himself. */
static int cancel_working(struct invocation *invocation, const struct config *config, const char *account,
                          struct error *error)
{
    const struct paper_options options = {.config = config, .account = account};
    struct paper *paper = paper_open(&options, error);
    int cancelled = 0, status = -1;
    if (paper == NULL && error->code == EXIT_UNAVAILABLE) {
        error_clear(error);
        say(invocation, 0, "account '%s' is halted; the running session will cancel its working %s", account,
            option_flag(invocation, "all") ? "orders" : "entries");
        return 0;
    }
    if (paper != NULL && paper_obey_halt(paper, &cancelled, error) == 0)
        status = paper_commit(paper, error);
    if (status == 0) {
        say(invocation, 0, "account '%s' is halted; %d %s cancelled", account, cancelled,
            cancelled == 1 ? "order" : "orders");
        suggest(invocation, "tn-order resume -a %s", account);
    }
    paper_close(paper);
    return status;
}

enum exit_code order_halt(struct invocation *invocation, struct error *error)
{
    struct config *config = config_open(error);
    const char *account =
        config == NULL ? NULL : account_choose(config, option_text(invocation, "account", NULL), error);
    char *path = account == NULL ? NULL : account_file(config, account, "halt", error);
    if (path != NULL && throw_switch(invocation, config, account, path, error) == 1 &&
        cancel_working(invocation, config, account, error) != 0)
        error_prefix(error, "account '%s' is halted, but nothing is cancelled yet", account);
    free(path);
    config_free(config);
    return EXIT_DONE;
}

enum exit_code order_resume(struct invocation *invocation, struct error *error)
{
    struct config *config = config_open(error);
    const char *account =
        config == NULL ? NULL : account_choose(config, option_text(invocation, "account", NULL), error);
    char *path = account == NULL ? NULL : account_file(config, account, "halt", error);
    if (path != NULL && release(invocation, config, account, path, error) == 0)
        say(invocation, 0, "account '%s' trades again", account);
    free(path);
    config_free(config);
    return EXIT_DONE;
}
