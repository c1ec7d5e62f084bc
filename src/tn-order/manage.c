/* tn-order open, cancel, again, halt, resume: what a person does to an account. */
#include "tn-order/commands.h"

#include "base/words.h"
#include "journal/halt.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How long a halt waits for the journal, ms: it counts already. */
#define HALT_PATIENCE 500

static int append(struct journal *journal, enum record_type type, const void *value, struct error *error)
{
    if (journal_begin(journal, error) != 0)
        return -1;
    if (journal_put(journal, MODE_PAPER, type, value, error) >= 0 && journal_commit(journal, error) == 0)
        return 0;
    journal_rollback(journal);
    return -1;
}

static struct journal *open_journal(const struct config *config, enum journal_access access, struct error *error)
{
    char *path = journal_path(config, error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, access, error);
    free(path);
    return journal;
}

enum exit_code order_open(struct invocation *invocation, struct error *error)
{
    struct config *config = config_open(error);
    struct journal *journal = NULL;
    if (config == NULL)
        return EXIT_DONE;
    const char *account = account_choose(config, invocation_operand_list(invocation)[0], error);
    if (account == NULL || desk_check(config, account, error) != 0) {
        config_free(config);
        return EXIT_DONE;
    }
    char *path = account_file(config, account, "lock", error);
    if (path == NULL)
        goto out;
    const dec amount = option_decimal(invocation, "cash", config_decimal(config, "account", account, "cash"));
    struct cash cash = {.time = option_time(invocation, "now", time_now()), .amount = amount, .kind = CASH_DEPOSIT};
    struct event event;
    (void)snprintf(cash.id, sizeof cash.id, "open-%.*s", ACCOUNT_MAX, account);
    (void)snprintf(cash.account, sizeof cash.account, "%s", account);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s",
                   config_text(config, "account", account, "currency", NULL));
    if (amount <= 0) {
        error_set(error, EXIT_USAGE, "an account opens with cash: --cash must be positive");
        goto out;
    }
    journal = open_journal(config, JOURNAL_CREATE, error);
    const int found = journal == NULL ? -1 : journal_find(journal, RECORD_CASH, cash.id, &event, error);
    if (found == 1) {
        error_set(error, EXIT_NO, "account '%s' is open already", account);
        error_hint(error, "tn-order account -a %s shows it; another one needs another name", account);
    }
    if (found == 0 && append(journal, RECORD_CASH, &cash, error) == 0) {
        char text[DEC_TEXT_MAX];
        text[dec_format(text, amount)] = '\0';
        say(invocation, 0, "account '%s' is open with %s %s, on paper", account, text, cash.currency);
        suggest(
            invocation,
            "tn-quote bars -w watch.txt -n 250 | tn-signal run momentum | tn-risk size -a %s | tn-order submit -a %s",
            account, account);
    }
out:
    journal_close(journal);
    free(path);
    config_free(config);
    return EXIT_DONE;
}

/* An account opened for changing it by hand; what happens is told on standard output. */
struct hand {
    struct config *config;
    struct flow *flow;
    struct paper *paper;
};

static int tell(void *context, enum record_type type, struct str line, struct error *error)
{
    return flow_write_line(context, type, line, error);
}

static int hand_open(struct hand *hand, struct invocation *invocation, struct error *error)
{
    const struct flow_options flow = {.program = invocation_program(invocation), .producer = true, .no_end = true};
    hand->config = config_open(error);
    const char *account =
        hand->config == NULL ? NULL : account_choose(hand->config, option_text(invocation, "account", NULL), error);
    hand->flow = account == NULL ? NULL : flow_open(&flow, error);
    if (hand->flow == NULL)
        return -1;
    const struct paper_options options = {
        .config = hand->config, .account = account, .wait = LOCK_WAIT, .say = tell, .context = hand->flow};
    hand->paper = paper_open(&options, error);
    return hand->paper == NULL ? -1 : 0;
}

static enum exit_code hand_close(struct hand *hand, enum exit_code code, struct error *error)
{
    if (hand->paper != NULL && !error_is_set(error))
        (void)paper_commit(hand->paper, error);
    paper_close(hand->paper);
    if (hand->flow != NULL)
        code = exit_worst(code, flow_close(hand->flow, error));
    config_free(hand->config);
    return code;
}

/* By its id, else those of a symbol. How many were cancelled, -1 on error. */
static int cancel_named(const struct invocation *invocation, struct paper *paper, const char *name, bool all,
                        int64_t now, struct error *error)
{
    int left = 0, cancelled = name[0] == '\0' ? 0 : paper_cancel(paper, name, now, "by hand", error);
    if (cancelled == 0)
        cancelled = paper_cancel_symbol(paper, name, all, now, &left, error);
    if (left > 0)
        say(invocation, 0, "%s: %d protective %s %s; cancel %s by id, or with --all", name, left,
            left == 1 ? "order" : "orders", left == 1 ? "stays" : "stay", left == 1 ? "it" : "them");
    if (cancelled == 0 && left == 0 && name[0] != '\0')
        say(invocation, -1, "%s: no such order is working, and none in such a symbol", name);
    else if (cancelled == 0 && left == 0)
        say(invocation, -1, "no order is working");
    return cancelled;
}

enum exit_code order_cancel(struct invocation *invocation, struct error *error)
{
    struct hand hand = {.config = NULL};
    enum exit_code code = EXIT_DONE;
    const int64_t now = option_time(invocation, "now", time_now());
    const bool all = option_flag(invocation, "all");
    char *const *name = invocation_operand_list(invocation);
    char empty[] = "";
    char *const every[] = {empty, NULL};
    if (*name == NULL && !all) {
        error_set(error, EXIT_USAGE, "cancel: which order? an id, a symbol, or --all for every order of the account");
        return EXIT_DONE;
    }
    name = *name == NULL ? every : name;
    if (hand_open(&hand, invocation, error) == 0)
        for (; *name != NULL && !error_is_set(error); name++)
            if (cancel_named(invocation, hand.paper, *name, all, now, error) == 0)
                code = EXIT_NO;
    name = invocation_operand_list(invocation);
    char word[SHELL_WORD_MAX];
    if (code == EXIT_DONE && !error_is_set(error) && *name != NULL)
        suggest(invocation, "tn-order again %s, for an entry that you want after all", shell_word(word, *name));
    return hand_close(&hand, code, error);
}

enum exit_code order_again(struct invocation *invocation, struct error *error)
{
    struct hand hand = {.config = NULL};
    enum exit_code code = EXIT_DONE;
    if (hand_open(&hand, invocation, error) == 0 && paper_again(hand.paper, invocation_operand_list(invocation)[0],
                                                                option_time(invocation, "now", time_now()), error) == 0)
        code = EXIT_REFUSED;
    return hand_close(&hand, code, error);
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
        if (append(journal, RECORD_HALT, &halt, error) != 0)
            return -1;
    return halt_file_note(file, path, error);
}

/* The journal hears of a halt that counts already. 1: it has; 0: it is busy; -1. */
static int tell_journal(const struct config *config, const char *path, const char *account, struct error *error)
{
    struct halt_file *file = halt_file_new(error);
    struct journal *journal = file == NULL ? NULL : open_journal(config, JOURNAL_WRITE, error);
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
            "account '%s' is halted, by %s; the journal is busy: who writes to it next cancels the working %s", account,
            path, option_flag(invocation, "all") ? "orders" : "entries");
    else if (told == -1 && error->code == EXIT_USAGE && !was_there) /* no journal or no account: nobody trades */
        (void)unlink(path);
    else if (told == -1 && error->code != EXIT_USAGE)
        say(invocation, 0, "account '%s' is halted, by %s; the journal does not know of it:", account, path);
    return told;
}

static int halted_again(const char *account, struct error *error)
{
    error_set(error, EXIT_UNAVAILABLE, "account '%s' was halted again meanwhile, and stays halted", account);
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
        journal = open_journal(config, JOURNAL_WRITE, error);
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
        say(invocation, 0, "account '%s' is halted; the session that is running will cancel its working %s", account,
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
