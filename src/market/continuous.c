/* The choice of contracts, session by session. */
#include "market/continuous.h"

#include "base/list.h"
#include "market/restate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void continuous_init(struct continuous *series, enum roll_rule rule, int64_t days, const struct calendar *calendar)
{
    *series =
        (struct continuous){.rule = rule, .days = days, .calendar = calendar, .current = -1, .session = TIME_NONE};
}

void continuous_clear(struct continuous *series)
{
    free(series->contract);
    series->contract = NULL;
    series->contracts = series->capacity = 0;
}

int64_t contract_month(const char *code, int year)
{
    static const char letters[] = "FGHJKMNQUVXZ"; /* January to December, as all exchanges have them */
    const char *letter = code[0] == '\0' ? NULL : strchr(letters, code[0]);
    const size_t digits = strspn(code + (code[0] != '\0'), "0123456789");
    if (letter == NULL || code[1 + digits] != '\0' || (digits != 1 && digits != 2 && digits != 4))
        return -1;
    int64_t named = 0;
    for (size_t i = 1; i <= digits; i++)
        named = 10 * named + code[i] - '0';
    if (digits == 2)
        named += named < 70 ? 2000 : 1900;
    if (digits == 1)
        named = year + (named - year % 10 + 10) % 10;
    return 12 * named + (letter - letters);
}

/* By expiry where both are known, else by the months of their names. */
static bool comes_later(const struct contract *contract, const struct contract *than)
{
    if (contract->expiry != TIME_NONE && than->expiry != TIME_NONE)
        return contract->expiry > than->expiry;
    return contract->month > than->month;
}

/* The N-th session before the day it expires. */
static int find_last(const struct continuous *series, struct contract *contract, struct error *error)
{
    struct session session;
    if (calendar_previous(series->calendar, contract->expiry + 1, &session, error) != 0)
        return -1;
    for (int64_t i = 0; i < series->days; i++)
        if (calendar_previous(series->calendar, session.date, &session, error) != 0)
            return -1;
    contract->last = session.date;
    return 0;
}

int continuous_add(struct continuous *series, const char *symbol, int64_t month, int64_t expiry, struct error *error)
{
    struct contract contract = {.expiry = expiry, .month = month, .joined = TIME_NONE, .last = TIME_NONE};
    require(strlen(symbol) < sizeof contract.symbol);
    memcpy(contract.symbol, symbol, strlen(symbol) + 1);
    bool placed = true;
    for (size_t i = 0; i < series->contracts; i++)
        placed = placed && ((month >= 0 && series->contract[i].month >= 0) ||
                            (expiry != TIME_NONE && series->contract[i].expiry != TIME_NONE));
    if (expiry == TIME_NONE && (series->rule == ROLL_DATE || month < 0 || !placed)) {
        error_set(error, EXIT_USAGE, "the expiry of %s is unknown", symbol);
        error_hint(error, "add an instrument record with its expiry to the input or to instruments.ndjson");
        return -1;
    }
    if (!placed)
        return error_set(error, EXIT_USAGE, "unknown whether %s expires before %s", symbol, series->contract[0].symbol);
    if (series->rule == ROLL_DATE && find_last(series, &contract, error) != 0)
        return -1;
    if (list_grow(&series->contract, &series->capacity, series->contracts, sizeof contract, error) != 0)
        return -1;
    series->contract[series->contracts] = contract;
    return (int)series->contracts++;
}

/* What decides, of the session that is over. */
static double weight(const struct continuous *series, const struct contract *contract)
{
    if (!contract->traded)
        return 0;
    return series->rule == ROLL_INTEREST ? contract->interest : contract->volume;
}

/* Later than the present contract, if there is one, and alive in the session to come. */
static bool may_follow(const struct continuous *series, const struct contract *contract, int64_t next)
{
    if (!contract->traded || (series->current >= 0 && !comes_later(contract, &series->contract[series->current])))
        return false;
    return series->rule == ROLL_DATE ? contract->last >= next
                                     : contract->expiry == TIME_NONE || contract->expiry >= next;
}

/* Must the present contract be left, whatever was traded? */
static bool is_over(const struct continuous *series, int64_t next)
{
    const struct contract *now = &series->contract[series->current];
    return series->rule == ROLL_DATE ? series->session >= now->last : now->expiry != TIME_NONE && now->expiry < next;
}

/* The contract of the next session. */
static int choose(const struct continuous *series, int64_t next)
{
    int best = -1;
    for (size_t i = 0; i < series->contracts; i++) {
        const struct contract *contract = &series->contract[i], *held = best < 0 ? NULL : &series->contract[best];
        if (!may_follow(series, contract, next))
            continue;
        const double more = held == NULL ? 1 : weight(series, contract) - weight(series, held);
        if (held == NULL || (series->rule == ROLL_DATE || more == 0 ? comes_later(held, contract) : more > 0))
            best = (int)i;
    }
    if (series->current < 0 || best < 0 || is_over(series, next))
        return best < 0 ? series->current : best;
    const bool outgrown = series->rule != ROLL_DATE &&
                          weight(series, &series->contract[best]) > weight(series, &series->contract[series->current]);
    return outgrown ? best : series->current;
}

/* Where both closed in one session they can be joined. */
static void note_closes(struct continuous *series)
{
    const struct contract *now = series->current < 0 ? NULL : &series->contract[series->current];
    if (now == NULL || !now->traded)
        return;
    for (size_t i = 0; i < series->contracts; i++) {
        struct contract *contract = &series->contract[i];
        if (!contract->traded || !comes_later(contract, now))
            continue;
        contract->joined = series->session;
        contract->old_close = now->close;
        contract->new_close = contract->close;
    }
}

static int take_roll(struct continuous *series, int to, int64_t next, struct roll *roll, struct error *error)
{
    const struct contract *contract = &series->contract[to];
    *roll = (struct roll){.from = series->current,
                          .to = to,
                          .decided = series->session,
                          .session = next,
                          .joined = contract->joined,
                          .old_close = contract->old_close,
                          .new_close = contract->new_close};
    if (contract->joined == TIME_NONE)
        return error_set(error, EXIT_INPUT,
                         "%s and %s never traded in one session: there are no closes to join them by",
                         series->contract[series->current].symbol, contract->symbol);
    for (size_t i = 0; i < series->contracts; i++)
        series->contract[i].joined = TIME_NONE;
    return CONTINUOUS_ROLLED;
}

static int end_session(struct continuous *series, int64_t next, struct roll *roll, struct error *error)
{
    note_closes(series);
    const int chosen = choose(series, next), before = series->current;
    const int result = before < 0 || chosen == before ? 0 : take_roll(series, chosen, next, roll, error);
    series->current = chosen;
    series->session = next;
    for (size_t i = 0; i < series->contracts; i++) {
        series->contract[i].traded = false;
        series->contract[i].volume = 0;
    }
    return result;
}

int continuous_push(struct continuous *series, int contract, const struct bar *bar, struct roll *roll,
                    struct error *error)
{
    int result = 0;
    const int64_t session = bar->session != TIME_NONE ? bar->session : calendar_date(series->calendar, bar->time);
    const double figure = series->rule == ROLL_VOLUME     ? bar->volume
                          : series->rule == ROLL_INTEREST ? bar->open_interest
                                                          : 0;
    if (series->session != TIME_NONE && session < series->session)
        return error_set(error, EXIT_INPUT, "it comes after bars of later sessions");
    if (isnan(figure))
        return error_set(error, EXIT_INPUT, "it has no '%s', which decides the roll",
                         series->rule == ROLL_VOLUME ? "volume" : "open_interest");
    if (series->session == TIME_NONE)
        series->session = session;
    if (session > series->session && (result = end_session(series, session, roll, error)) < 0)
        return -1;
    struct contract *now = &series->contract[contract];
    now->traded = true;
    now->close = bar->close;
    now->volume += isnan(bar->volume) ? 0 : bar->volume;
    now->interest = bar->open_interest;
    return result | (contract == series->current ? CONTINUOUS_USED : 0);
}

int continuous_steps(struct join_step *step, const struct roll *roll, size_t rolls, enum join join, bool first)
{
    const size_t from = first ? 0 : rolls;
    step[from] = (struct join_step){.add = 0, .multiply = 1};
    for (size_t i = 0; i < rolls; i++) {
        const struct roll *at = first ? &roll[i] : &roll[rolls - 1 - i];
        const struct join_step *last = first ? &step[i] : &step[rolls - i];
        struct join_step *next = first ? &step[i + 1] : &step[rolls - 1 - i];
        /* What is before a roll goes up by new − old, or what is behind it goes down by that. */
        const dec more = first ? at->old_close : at->new_close, less = first ? at->new_close : at->old_close;
        dec difference;
        *next = *last;
        if (join == JOIN_DIFFERENCE &&
            (dec_subtract(&difference, more, less) != 0 || dec_add(&next->add, last->add, difference) != 0))
            return -1;
        if (join == JOIN_RATIO)
            next->multiply = last->multiply * ((double)more / (double)less);
    }
    return 0;
}

int continuous_join(struct bar *bar, const struct join_step *step, struct error *error)
{
    dec *const price[] = {&bar->open, &bar->high, &bar->low, &bar->close, &bar->vwap};
    bool good = true;
    for (size_t i = 0; i < sizeof price / sizeof *price; i++)
        if (*price[i] != DEC_NONE)
            good = good && dec_add(price[i], *price[i], step->add) == 0 && *price[i] > 0;
    if (good && restate_bar(bar, step->multiply, 1))
        return 0;
    char add[DEC_TEXT_MAX];
    (void)dec_format(add, step->add);
    error_set(error, EXIT_INPUT, "a price joined to the other contracts (by %s) is not above zero", add);
    error_hint(error, "--adjust ratio keeps prices above zero");
    return -1;
}
