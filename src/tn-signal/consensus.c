/* tn-signal consensus: combine the signals of several sources into one. */
#include "tn-signal/commands.h"

#include "record/reader.h"
#include "strategy/consensus.h"

#include <inttypes.h>
#include <string.h>

const struct option_spec consensus_options[] = {
    {"outcomes", 0, OPTION_LIST, "FILE", "outcomes that determine the weights, as tn-signal track writes them", NULL, 0,
     0},
    {"weights", 0, OPTION_WORD, "FIGURE", "the figure whose mean determines the weights, or equal (default r)",
     "r return equal", 0, 0},
    {"agreement", 0, OPTION_PERCENT, "SHARE", "share of the total weight that a side needs (default 60%)", NULL, 0, 0},
    {"quorum", 0, OPTION_COUNT, "N", "minimum number of sources that vote (default 2)", NULL, 1, 1000},
    {"conflict", 0, OPTION_WORD, "RULE", "how the opposite side counts (default majority)", "majority net veto", 0, 0},
    {"half-life", 0, OPTION_DECIMAL, "DAYS", "time after which a decision counts half (default: never)", NULL, 0, 0},
    {"name", 0, OPTION_TEXT, "NAME", "strategy name of the result (default consensus)", NULL, 0, 0},
    {0},
};

struct gathering {
    const struct invocation *invocation;
    struct consensus *consensus;
    struct input *input;
    uint64_t signals, votes;
};

static int write_signal(void *context, const struct signal *signal, struct error *error)
{
    struct gathering *gathering = context;
    gathering->votes++;
    return flow_write(input_flow(gathering->input), RECORD_SIGNAL, signal, error);
}

static int read_terms(struct gathering *gathering, struct consensus_terms *terms, struct error *error)
{
    const struct invocation *invocation = gathering->invocation;
    const char *conflict = option_text(invocation, "conflict", "majority"),
               *weights = option_text(invocation, "weights", "r"), *name = option_text(invocation, "name", "consensus");
    const dec agreement = option_decimal(invocation, "agreement", 6 * (DEC_ONE / 10));
    const double days = dec_to_double(option_decimal(invocation, "half-life", 0));
    if (agreement <= 0 || agreement > DEC_ONE)
        return error_set(error, EXIT_USAGE, "--agreement is a share above 0%% and up to 100%%");
    if (days > 100000)
        return error_set(error, EXIT_USAGE, "--half-life is at most 100000 days");
    if (name[0] == '\0' || strlen(name) >= STRATEGY_SIZE)
        return error_set(error, EXIT_USAGE, "--name has 1 to %d characters", STRATEGY_SIZE - 1);
    *terms = (struct consensus_terms){
        .name = name,
        .agreement = dec_to_double(agreement),
        .quorum = option_count(invocation, "quorum", 2),
        .half_life = (int64_t)(days * (double)TIME_DAY),
        .conflict = strcmp(conflict, "net") == 0    ? CONFLICT_NET
                    : strcmp(conflict, "veto") == 0 ? CONFLICT_VETO
                                                    : CONFLICT_MAJORITY,
        .weight = strcmp(weights, "equal") == 0    ? WEIGHT_EQUAL
                  : strcmp(weights, "return") == 0 ? WEIGHT_BY_RETURN
                                                   : WEIGHT_BY_R,
        .emit = write_signal,
        .context = gathering,
    };
    return 0;
}

/* The outcomes of a file, before all else; each counts from its own time on. */
static int read_outcomes(struct gathering *gathering, const char *path, struct error *error)
{
    struct reader *reader = reader_open(path, NULL, NULL, error);
    const struct record *record;
    uint64_t count = 0;
    int got = -1;
    while (reader != NULL && (got = reader_next(reader, &record, error)) == 1) {
        struct signal_outcome outcome;
        if (record->type != RECORD_OUTCOME)
            continue;
        if (record_decode(record, &outcome, error) != 0) {
            reader_prefix(reader, error);
            break;
        }
        if (consensus_outcome(gathering->consensus, &outcome, error) != 0)
            break;
        count++;
    }
    reader_close(reader);
    if (!error_is_set(error) && count == 0)
        say(gathering->invocation, 0, "%s has no outcomes", path);
    return error_is_set(error) || got < 0 ? -1 : 0;
}

static int take_record(struct gathering *gathering, const struct record *record, struct error *error)
{
    union {
        struct signal signal;
        struct signal_outcome outcome;
    } value;
    int64_t known = TIME_NONE;
    const bool complete = record->type == RECORD_HEARTBEAT || record->type == RECORD_SYNC;
    if (record_known(record, &known, error) != 0)
        return input_refused(gathering->input, error);
    /* What was said of an earlier moment is voted on before this record goes on. */
    if (known != TIME_NONE && record_tells_time(record->type) &&
        consensus_advance(gathering->consensus, complete ? known + 1 : known, error) != 0)
        return -1;
    if (record->type != RECORD_SIGNAL && record->type != RECORD_OUTCOME)
        return input_pass(gathering->input, record, error);
    if (record_decode(record, &value, error) != 0)
        return input_refused(gathering->input, error);
    /* The signals that were heard stay here, under --pass too: who reads on would trade them all. */
    gathering->signals += record->type == RECORD_SIGNAL;
    const int result = record->type == RECORD_SIGNAL ? consensus_signal(gathering->consensus, &value.signal, error)
                                                     : consensus_outcome(gathering->consensus, &value.outcome, error);
    return result == 0 ? 0 : input_refused(gathering->input, error);
}

static int gather(struct gathering *gathering, struct error *error)
{
    int count, got;
    const struct record *record;
    const char *const *list = option_list(gathering->invocation, "outcomes", &count);
    for (int i = 0; i < count; i++)
        if (read_outcomes(gathering, list[i], error) != 0)
            return -1;
    while ((got = flow_next(input_flow(gathering->input), &record, error)) == 1)
        if (take_record(gathering, record, error) != 0)
            return -1;
    return got == 0 ? consensus_advance(gathering->consensus, INT64_MAX, error) : -1;
}

enum exit_code signal_consensus(struct invocation *invocation, struct error *error)
{
    struct gathering gathering = {.invocation = invocation};
    struct consensus_terms terms;
    enum exit_code code = EXIT_DONE;
    if (read_terms(&gathering, &terms, error) == 0 && (gathering.consensus = consensus_new(&terms, error)) != NULL &&
        (gathering.input = input_open(invocation, option_flag(invocation, "pass"), error)) != NULL) {
        if (gather(&gathering, error) == 0) {
            const uint64_t silent = consensus_silent(gathering.consensus);
            if (gathering.signals == 0)
                say(invocation, 0, "no signals: tn-signal run writes them");
            else if (silent > 0)
                say(invocation, gathering.votes == 0 ? 0 : 1,
                    "%" PRIu64 " times fewer than %" PRId64 " sources voted on a symbol", silent, terms.quorum);
        }
        code = input_close(gathering.input, error);
    }
    consensus_free(gathering.consensus);
    return code;
}
