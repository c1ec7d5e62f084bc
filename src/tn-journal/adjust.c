/* tn-journal adjust: says yes to a corporate action that was held back. */
#include "tn-journal/commands.h"

#include "broker/account.h"
#include "broker/correction.h"

static void tell(const struct invocation *invocation, const char *account, const struct correction *correction)
{
    char from[DEC_TEXT_MAX], to[DEC_TEXT_MAX], money[DEC_TEXT_MAX];
    if (correction->kind != ACTION_DIVIDEND) {
        say(invocation, 0, "account '%s': the split of %s has another date, there is nothing to book", account,
            correction->symbol);
        return;
    }
    from[dec_format(from, correction->from)] = '\0';
    to[dec_format(to, correction->to)] = '\0';
    money[dec_format(money, correction->booked)] = '\0';
    say(invocation, 0, "account '%s': a dividend of %s is %s, not %s: %s is booked", account, correction->symbol, to,
        from, money);
}

enum exit_code journal_adjust(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct account_terms account_terms = {.config = NULL};
    struct correction correction;
    if (home_open(&home, JOURNAL_WRITE, error) != 0)
        return error->code;
    const char *account = account_choose(home.config, option_text(invocation, "account", NULL), error);
    if (account != NULL && account_check_open(home.journal, account, error) == 0 &&
        account_terms_open(&account_terms, home.config, account, MODE_PAPER, NULL, 0, error) == 0 &&
        correction_accept(home.journal, &account_terms, invocation_operand_list(invocation)[0],
                          option_time(invocation, "now", time_now()), option_text(invocation, "reason", "by hand"),
                          &correction, error) == 0)
        tell(invocation, account, &correction);
    account_terms_close(&account_terms);
    home_close(&home);
    return error->code;
}
