/* tn-signal leaders: sources of signals, ranked by what became of them. */
#include "tn-signal/commands.h"

#include "strategy/leaders.h"

#include <inttypes.h>
#include <string.h>

const struct option_spec leaders_options[] = {
    {"by", 0, OPTION_WORD, "FIGURE", "rank by the lower end of this figure's interval (default r)", "r return hit", 0,
     0},
    {"confidence", 0, OPTION_PERCENT, "SHARE", "confidence level of the intervals (default 95%)", NULL, 0, 0},
    {"cost", 0, OPTION_PERCENT, "SHARE", "cost of a round trip, as a fraction of the entry price (default 0)", NULL, 0,
     0},
    {"until", 0, OPTION_TIME, "TIME", "only outcomes known at this time", NULL, 0, 0},
    {0},
};

struct ranking {
    struct input *input;
    uint64_t outcomes, sources, unranked, few;
};

static int write_leader(void *context, const struct leader *leader, struct error *error)
{
    struct ranking *ranking = context;
    ranking->sources++;
    ranking->unranked += leader->rank == 0;
    ranking->few += leader->enough == 0;
    return flow_write(input_flow(ranking->input), RECORD_LEADER, leader, error);
}

static int read_terms(const struct invocation *invocation, struct leaders_terms *terms, struct error *error)
{
    const char *by = option_text(invocation, "by", "r");
    const dec confidence = option_decimal(invocation, "confidence", 95 * (DEC_ONE / 100));
    *terms = (struct leaders_terms){.by = strcmp(by, "hit") == 0      ? LEADERS_BY_HIT
                                          : strcmp(by, "return") == 0 ? LEADERS_BY_RETURN
                                                                      : LEADERS_BY_R,
                                    .confidence = dec_to_double(confidence),
                                    .cost = dec_to_double(option_decimal(invocation, "cost", 0))};
    if (confidence < DEC_ONE / 2 || confidence > 999 * (DEC_ONE / 1000))
        return error_set(error, EXIT_USAGE, "--confidence is from 50%% to 99.9%%");
    return 0;
}

static int rank_all(struct ranking *ranking, struct leaders *leaders, int64_t until, struct error *error)
{
    const struct record *record;
    struct signal_outcome outcome;
    int got;
    while ((got = flow_next(input_flow(ranking->input), &record, error)) == 1) {
        if (record->type != RECORD_OUTCOME) {
            if (input_pass(ranking->input, record, error) != 0)
                return -1;
            continue;
        }
        if (record_decode(record, &outcome, error) == 0) {
            if (until != TIME_NONE && outcome.time > until)
                continue;
            ranking->outcomes++;
            if (leaders_add(leaders, &outcome, error) == 0)
                continue;
        }
        if (input_refused(ranking->input, error) != 0)
            return -1;
    }
    return got == 0 ? leaders_rank(leaders, write_leader, ranking, error) : -1;
}

enum exit_code signal_leaders(struct invocation *invocation, struct error *error)
{
    struct leaders_terms terms;
    struct ranking ranking = {0};
    if (read_terms(invocation, &terms, error) != 0)
        return EXIT_DONE;
    struct leaders *leaders = leaders_new(&terms, error);
    ranking.input = leaders == NULL ? NULL : input_open(invocation, false, error);
    enum exit_code code = EXIT_DONE;
    if (ranking.input != NULL) {
        if (rank_all(&ranking, leaders, option_time(invocation, "until", TIME_NONE), error) == 0) {
            if (ranking.outcomes == 0) {
                say(invocation, 0, "no outcomes: tn-signal track writes them");
                code = EXIT_NO;
            }
            if (ranking.unranked > 0)
                say(invocation, 0, "%" PRIu64 " of %" PRIu64 " sources have no rank: %s", ranking.unranked,
                    ranking.sources,
                    terms.by == LEADERS_BY_R ? "fewer than 2 outcomes with a stop; --by return or hit needs none"
                                             : "too few outcomes");
            if (ranking.few > 0)
                say(invocation, 0, "%" PRIu64 " of %" PRIu64 " have fewer than %d outcomes: too few to judge",
                    ranking.few, ranking.sources, LEADERS_ENOUGH);
        }
        code = exit_worst(code, input_close(ranking.input, error));
    }
    leaders_free(leaders);
    return code;
}
