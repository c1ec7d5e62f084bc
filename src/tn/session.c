/* tn session: is a market open? For scripts. */
#include "tn/commands.h"

#include "exchange/exchange.h"

#include <stdio.h>

#define TOUCHING_MAX 14 /* days in a row without a pause, after which a market is one that never closes */

const struct option_spec session_options[] = {
    {"now", 0, OPTION_TIME, "TIME", "time to use as the present (default: now)", NULL, 0, 0},
    {0},
};

/* The next moment at which the market opens or closes, TIME_NONE when that is never; a pause is a time in which it is
 * closed. Sessions that touch are one. */
static int next_change(const struct calendar *calendar, int64_t now, bool *open, int64_t *change, struct error *error)
{
    struct session session;
    if (calendar_current_or_next(calendar, now, &session, error) != 0)
        return -1;
    const bool paused = now >= session.pause && now < session.resume;
    *open = session.open <= now && !paused;
    *change = paused ? session.resume : !*open ? session.open : now < session.pause ? session.pause : session.close;
    for (int i = 0; *open && *change == session.close && i < TOUCHING_MAX; i++) {
        struct session next;
        if (calendar_next(calendar, session.date, &next, error) != 0)
            return -1;
        if (next.open > session.close)
            break;
        session = next;
        *change = i == TOUCHING_MAX - 1 ? TIME_NONE : session.pause < session.resume ? session.pause : session.close;
    }
    return 0;
}

enum exit_code session_run(struct invocation *invocation, struct error *error)
{
    char *const *operands = invocation_operand_list(invocation);
    const char *name = operands[0] == NULL ? "nyse" : operands[0];
    const int64_t now = option_time(invocation, "now", time_now());
    struct exchange exchange;
    bool open = false;
    int64_t change = 0;
    if (exchange_open(&exchange, name, error) == 0 &&
        next_change(&exchange.calendar, now, &open, &change, error) == 0) {
        char text[TIME_TEXT_MAX] = "ever";
        if (change != TIME_NONE) {
            text[time_format(text, change)] = '\0';
            printf("%lld\n", (long long)((change - now + TIME_MINUTE - 1) / TIME_MINUTE));
        }
        say(invocation, 1, "%s is %s %s %s", name, open ? "open" : "closed", change == TIME_NONE ? "for" : "until",
            text);
    }
    exchange_close(&exchange);
    return error_is_set(error) ? error->code : open ? EXIT_DONE : EXIT_NO;
}
