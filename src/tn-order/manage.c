/* tn-order open, cancel, again: what a person does to an account. The kill switch is in switch.c. */
#include "tn-order/commands.h"

#include "base/words.h"
#include "broker/account_terms.h"
#include "market/currency.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum exit_code order_open(struct invocation *invocation, struct error *error)
{
    struct config *config = config_open(error);
    struct journal *journal = NULL;
    if (config == NULL)
        return EXIT_DONE;
    const char *account = account_choose(config, invocation_operand_list(invocation)[0], error);
    if (account == NULL || account_terms_check(config, account, error) != 0) {
        config_free(config);
        return EXIT_DONE;
    }
    char *path = account_file(config, account, "lock", error);
    if (path == NULL)
        goto out;
    const dec amount = option_decimal(invocation, "cash", config_decimal(config, "account", account, "cash"));
    struct cash cash = {.time = option_time(invocation, "now", time_now()),
                        .amount = amount,
                        .kind = CASH_DEPOSIT,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE};
    struct event event;
    (void)snprintf(cash.id, sizeof cash.id, "open-%.*s", ACCOUNT_MAX, account);
    (void)snprintf(cash.account, sizeof cash.account, "%s", account);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s",
                   config_text(config, "account", account, "currency", NULL));
    /* What is not said is 0.01 and fifo, as in 0.1.0. */
    cash.settlement_unit = currency_unit(cash.currency);
    if (cash.settlement_unit == DEC_ONE / 100)
        cash.settlement_unit = DEC_NONE;
    cash.lot_order = account_terms_lot_order(config, account);
    if (cash.lot_order == LOTS_FIFO)
        cash.lot_order = LOTS_NONE;
    if (amount <= 0) {
        error_set(error, EXIT_USAGE, "--cash must be positive");
        goto out;
    }
    journal = manual_journal(config, JOURNAL_CREATE, error);
    const int found = journal == NULL ? -1 : journal_find(journal, RECORD_CASH, cash.id, &event, error);
    if (found == 1) {
        error_set(error, EXIT_NO, "account '%s' is already open", account);
        error_hint(error, "tn-order account -a %s shows it; choose another name for another account", account);
    }
    if (found == 0 && manual_append(journal, RECORD_CASH, &cash, error) == 0) {
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
struct manual_session {
    struct config *config;
    struct flow *flow;
    struct paper *paper;
};

static int tell(void *context, enum record_type type, struct str line, struct error *error)
{
    return flow_write_line(context, type, line, error);
}

static int manual_session_open(struct manual_session *session, struct invocation *invocation, struct error *error)
{
    const struct flow_options flow = {.program = invocation_program(invocation), .producer = true, .no_end = true};
    session->config = config_open(error);
    const char *account = session->config == NULL
                              ? NULL
                              : account_choose(session->config, option_text(invocation, "account", NULL), error);
    session->flow = account == NULL ? NULL : flow_open(&flow, error);
    if (session->flow == NULL)
        return -1;
    const struct paper_options options = {
        .config = session->config, .account = account, .wait = LOCK_WAIT, .say = tell, .context = session->flow};
    session->paper = paper_open(&options, error);
    return session->paper == NULL ? -1 : 0;
}

static enum exit_code manual_session_close(struct manual_session *session, enum exit_code code, struct error *error)
{
    if (session->paper != NULL && !error_is_set(error))
        (void)paper_commit(session->paper, error);
    paper_close(session->paper);
    if (session->flow != NULL)
        code = exit_worst(code, flow_close(session->flow, error));
    config_free(session->config);
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
        say(invocation, -1, "%s: no working order has this id or symbol", name);
    else if (cancelled == 0 && left == 0)
        say(invocation, -1, "no order is working");
    return cancelled;
}

enum exit_code order_cancel(struct invocation *invocation, struct error *error)
{
    struct manual_session session = {.config = NULL};
    enum exit_code code = EXIT_DONE;
    const int64_t now = option_time(invocation, "now", time_now());
    const bool all = option_flag(invocation, "all");
    char *const *name = invocation_operand_list(invocation);
    char empty[] = "";
    char *const every[] = {empty, NULL};
    if (*name == NULL && !all) {
        error_set(error, EXIT_USAGE, "cancel: give an id, a symbol, or --all for every order of the account");
        return EXIT_DONE;
    }
    name = *name == NULL ? every : name;
    if (manual_session_open(&session, invocation, error) == 0)
        for (; *name != NULL && !error_is_set(error); name++)
            if (cancel_named(invocation, session.paper, *name, all, now, error) == 0)
                code = EXIT_NO;
    name = invocation_operand_list(invocation);
    char word[SHELL_WORD_MAX];
    if (code == EXIT_DONE && !error_is_set(error) && *name != NULL)
        suggest(invocation, "tn-order again %s repeats an entry", shell_word(word, *name));
    return manual_session_close(&session, code, error);
}

/* A number above 0 that an option says, DEC_NONE when it is not there. */
static dec positive(const struct invocation *invocation, const char *name, struct error *error)
{
    const dec value = option_decimal(invocation, name, DEC_NONE);
    if (value != DEC_NONE && value <= 0)
        error_set(error, EXIT_USAGE, "--%s must be positive", name);
    return value;
}

enum exit_code order_replace(struct invocation *invocation, struct error *error)
{
    struct manual_session session = {.config = NULL};
    enum exit_code code = EXIT_DONE;
    struct replace replace = {.time = option_time(invocation, "now", time_now()),
                              .quantity = positive(invocation, "quantity", error),
                              .limit_price = positive(invocation, "limit", error),
                              .stop_price = positive(invocation, "stop", error)};
    const char *id = invocation_operand_list(invocation)[0];
    if (!error_is_set(error) && replace.quantity == DEC_NONE && replace.limit_price == DEC_NONE &&
        replace.stop_price == DEC_NONE)
        error_set(error, EXIT_USAGE, "replace: give --quantity, --limit or --stop");
    if (!error_is_set(error) && snprintf(replace.order_id, sizeof replace.order_id, "%s", id) >= ID_SIZE)
        error_set(error, EXIT_USAGE, "replace: an id has at most %d characters", ID_SIZE - 1);
    if (error_is_set(error))
        return EXIT_DONE;
    const int replaced = manual_session_open(&session, invocation, error) == 0
                             ? paper_replace(session.paper, &replace, replace.time, error)
                             : -1;
    if (replaced == 0)
        code = EXIT_REFUSED;
    if (replaced == 2)
        say(invocation, 0, "order %s already has these values, or was replaced later: nothing is changed", id);
    return manual_session_close(&session, code, error);
}

enum exit_code order_again(struct invocation *invocation, struct error *error)
{
    struct manual_session session = {.config = NULL};
    enum exit_code code = EXIT_DONE;
    if (manual_session_open(&session, invocation, error) == 0 &&
        paper_again(session.paper, invocation_operand_list(invocation)[0], option_time(invocation, "now", time_now()),
                    error) == 0)
        code = EXIT_REFUSED;
    return manual_session_close(&session, code, error);
}
