/* tn-order open, cancel, again, halt, resume: what a person does to an account. */
#include "tn-order/commands.h"

#include "broker/halt.h"

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
    if (code == EXIT_DONE && !error_is_set(error) && *name != NULL)
        suggest(invocation, "tn-order again %s, for an entry that you want after all", *name);
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

/* Has anything happened to the account? A mistyped name must not be told that it trades again. */
static int check_known(struct journal *journal, const char *account, struct error *error)
{
    int64_t events;
    if (journal_account_last(journal, account, &events, error) != 0 || events > 0)
        return error_is_set(error) ? -1 : 0;
    error_set(error, EXIT_USAGE, "account '%s' is not open", account);
    error_hint(error, "tn-order open %s --cash 100000", account);
    return -1;
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

/* The journal hears of a halt that counts already. 1: it has; 0: it is busy; -1. */
static int tell_journal(const struct config *config, const char *path, const struct halt *halt, struct error *error)
{
    struct journal *journal = open_journal(config, JOURNAL_WRITE, error);
    if (journal != NULL)
        journal_set_patience(journal, HALT_PATIENCE);
    int told = journal != NULL && append(journal, RECORD_HALT, halt, error) == 0 ? 1 : -1;
    if (told == 1 && halt_file_settle(path, error) != 0)
        told = -1;
    journal_close(journal);
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
    describe(&halt, invocation, account, true);
    if (halt_file_make(path, &halt, error) != 0)
        return -1;
    const int told = tell_journal(config, path, &halt, error);
    if (told == 0)
        say(invocation, 0,
            "account '%s' is halted, by %s; the journal is busy: who writes to it next cancels the working %s", account,
            path, option_flag(invocation, "all") ? "orders" : "entries");
    else if (told == -1 && error->code == EXIT_USAGE) /* no journal: nobody trades */
        (void)unlink(path);
    else if (told == -1)
        say(invocation, 0, "account '%s' is halted, by %s; the journal does not know of it:", account, path);
    return told;
}

/* What a halt has left in its file goes to the journal first, then the end of it, and then the file goes. */
static int release(struct invocation *invocation, const struct config *config, const char *account, const char *path,
                   struct error *error)
{
    struct journal *journal = open_journal(config, JOURNAL_WRITE, error);
    struct halt halt;
    struct buf text;
    buf_init(&text, RECORD_LINE_MAX + 1);
    int result = journal == NULL || check_known(journal, account, error) != 0 ? -1 : 0;
    if (result == 0 && (result = halt_file_read(path, account, time_now(), &halt, &text, error)) == 1)
        result = append(journal, RECORD_HALT, &halt, error) == 0 ? halt_file_settle(path, error) : -1;
    describe(&halt, invocation, account, false);
    if (result == 0 && append(journal, RECORD_HALT, &halt, error) == 0)
        result = halt_file_remove(path, error);
    journal_close(journal);
    buf_clear(&text);
    return error_is_set(error) ? -1 : result;
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
        cancel_working(invocation, config, account, error) != 0 && error->code == EXIT_USAGE)
        (void)unlink(path); /* an account that is not open */
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
