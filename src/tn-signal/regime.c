/* tn-signal regime and rotation: the state of a market, and who leads it. */
#include "tn-signal/commands.h"

#include "exchange/exchange.h"
#include "strategy/regime.h"
#include "strategy/rotation.h"

#include <inttypes.h>

const struct option_spec regime_options[] = {
    {"bull", 0, OPTION_TEXT, "RULE", "condition of a bull market (default " REGIME_BULL ")", NULL, 0, 0},
    {"bear", 0, OPTION_TEXT, "RULE", "otherwise, condition of a bear market (default " REGIME_BEAR ")", NULL, 0, 0},
    {"volatile", 0, OPTION_TEXT, "RULE", "condition of a volatile market (default " REGIME_VOLATILE ")", NULL, 0, 0},
    CALENDAR_OPTION("calendar of the sessions (default nyse)"),
    {"changes", 0, OPTION_FLAG, NULL, "only bars on which it changes", NULL, 0, 0},
    {0},
};

const struct option_spec rotation_options[] = {
    {"against", 0, OPTION_TEXT, "SYMBOL", "the benchmark, among the bars (default SPY)", NULL, 0, 0},
    {"lookback", 0, OPTION_COUNT, "BARS", "bars of the return that ranks (default 63)", NULL, 1, 10000},
    {"window", 0, OPTION_COUNT, "BARS", "bars of the means in ratio and momentum (default 14)", NULL, 2, 1000},
    {"step", 0, OPTION_COUNT, "BARS", "bars of the momentum of the ratio (default 10)", NULL, 1, 1000},
    {0},
};

struct stating {
    const struct invocation *invocation;
    struct regimes *regimes;
    struct rotations *rotations; /* one of the two */
    struct input *input;
    uint64_t bars, written;
};

static int write_regime(struct stating *stating, const struct bar *bar, struct error *error)
{
    struct regime regime;
    const int known = regimes_bar(stating->regimes, bar, &regime, error);
    if (known < 0)
        return -1;
    if (known == 0 || (option_flag(stating->invocation, "changes") && regime.age > 0))
        return 0;
    stating->written++;
    return flow_write(input_flow(stating->input), RECORD_REGIME, &regime, error);
}

static int take_record(struct stating *stating, const struct record *record, struct error *error)
{
    union {
        struct bar bar;
        struct action action;
    } value;
    int result = 0;
    if (record->type != RECORD_BAR && record->type != RECORD_ACTION)
        return input_pass(stating->input, record, error);
    if (record_decode(record, &value, error) != 0)
        return input_refused(stating->input, error);
    if (input_pass(stating->input, record, error) != 0)
        return -1;
    if (record->type == RECORD_ACTION)
        result = stating->regimes != NULL ? regimes_action(stating->regimes, &value.action, error)
                                          : rotations_action(stating->rotations, &value.action, error);
    else if (value.bar.final != 0) {
        stating->bars++;
        result = stating->regimes != NULL ? write_regime(stating, &value.bar, error)
                                          : rotations_bar(stating->rotations, &value.bar, error);
    }
    return result == 0 ? 0 : input_refused(stating->input, error);
}

static int take_all(struct stating *stating, struct error *error)
{
    const struct record *record;
    int got;
    while ((got = flow_next(input_flow(stating->input), &record, error)) == 1)
        if (take_record(stating, record, error) != 0)
            return -1;
    return got;
}

enum exit_code signal_regime(struct invocation *invocation, struct error *error)
{
    struct stating stating = {.invocation = invocation};
    struct exchange exchange = {.zone = NULL};
    enum exit_code code = EXIT_DONE;
    if (exchange_open(&exchange, option_text(invocation, "calendar", "nyse"), error) == 0)
        stating.regimes =
            regimes_new(option_text(invocation, "bull", REGIME_BULL), option_text(invocation, "bear", REGIME_BEAR),
                        option_text(invocation, "volatile", REGIME_VOLATILE), &exchange.calendar, error);
    if (stating.regimes != NULL &&
        (stating.input = input_open(invocation, option_flag(invocation, "pass"), error)) != NULL) {
        if (take_all(&stating, error) == 0 && stating.written == 0)
            say(invocation, 0, "no symbol had enough bars for a regime: %d are needed",
                regimes_lookback(stating.regimes) + 1);
        code = input_close(stating.input, error);
    }
    regimes_free(stating.regimes);
    exchange_close(&exchange);
    return code;
}

static int write_rotation(void *context, const struct rotation *rotation, struct error *error)
{
    struct stating *stating = context;
    return flow_write(input_flow(stating->input), RECORD_ROTATION, rotation, error);
}

static void tell_rotation(const struct stating *stating, const struct rotation_terms *terms,
                          const struct rotation_counts *counts)
{
    const struct invocation *invocation = stating->invocation;
    if (!counts->against) {
        say(invocation, 0, "no bars of the benchmark %s", terms->against);
        return;
    }
    say(invocation, counts->ranked < counts->symbols ? 0 : 1, "%zu of %zu ranked", counts->ranked, counts->symbols);
    if (counts->young > 0)
        say(invocation, 0, "  %zu with too few bars in common with %s: %d are needed", counts->young, terms->against,
            terms->lookback + 1);
    if (counts->old > 0)
        say(invocation, 0, "  %zu without the newest bar of %s", counts->old, terms->against);
}

enum exit_code signal_rotation(struct invocation *invocation, struct error *error)
{
    const struct rotation_terms terms = {.against = option_text(invocation, "against", "SPY"),
                                         .lookback = (int)option_count(invocation, "lookback", 63),
                                         .n = (int)option_count(invocation, "window", 14),
                                         .m = (int)option_count(invocation, "step", 10)};
    struct stating stating = {.invocation = invocation};
    struct rotation_counts counts = {.symbols = 0};
    enum exit_code code = EXIT_DONE;
    stating.rotations = rotations_new(&terms, error);
    if (stating.rotations != NULL &&
        (stating.input = input_open(invocation, option_flag(invocation, "pass"), error)) != NULL) {
        if (take_all(&stating, error) == 0 &&
            rotations_rank(stating.rotations, write_rotation, &stating, &counts, error) == 0) {
            tell_rotation(&stating, &terms, &counts);
            code = counts.ranked == 0 ? EXIT_NO : EXIT_DONE;
        }
        code = exit_worst(code, input_close(stating.input, error));
    }
    rotations_free(stating.rotations);
    return code;
}
