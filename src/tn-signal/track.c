/* tn-signal track: what became of signals; leaders: whose were good. */
#include "tn-signal/commands.h"

#include "base/num.h"
#include "exchange/trading_hours.h"
#include "feed/signals_file.h"
#include "strategy/leaders.h"
#include "strategy/outcomes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BAD_SAID 10 /* bad lines of a file that are told one by one */

const struct option_spec track_options[] = {
    {"signal-file", 0, OPTION_LIST, "FILE",
     "read signals from this file too, records or .csv, before all bars; may be repeated", NULL, 0, 0},
    {"interval", 'i', OPTION_TEXT, "INTERVAL", "use bars of this interval (default: that of the signal)", NULL, 0, 0},
    {"bars", 0, OPTION_COUNT, "N", "close the position after N bars at the latest (default: no limit)", NULL, 1,
     OUTCOMES_BARS_MAX},
    {"after", 0, OPTION_TEXT, "N,…", "R after these numbers of bars, whatever ended it (default 1,5,10,20)", NULL, 0,
     0},
    CALENDAR_OPTION("calendar of the sessions (default nyse)"),
    {0},
};

struct tracking {
    const struct invocation *invocation;
    struct trading_hours hours;
    struct outcomes *outcomes;
    struct input *input;
    uint64_t signals, written, bad;
};

static int write_outcome(void *context, const struct signal_outcome *outcome, struct error *error)
{
    struct tracking *tracking = context;
    tracking->written++;
    return flow_write(input_flow(tracking->input), RECORD_OUTCOME, outcome, error);
}

/* "1,5,10": rising. */
static int read_after(struct outcome_terms *terms, const char *text, struct error *error)
{
    for (const char *p = text;; p++) {
        const size_t n = strcspn(p, ",");
        char number[24] = "";
        int64_t value = 0;
        if (n < sizeof number)
            memcpy(number, p, n);
        if (terms->afters == OUTCOMES_AFTER_MAX)
            return error_set(error, EXIT_USAGE, "--after: more than %d numbers", OUTCOMES_AFTER_MAX);
        if (num_parse_int(&value, number, 1, OUTCOMES_BARS_MAX, error) != 0 ||
            (terms->afters > 0 && value <= terms->after[terms->afters - 1])) {
            error_clear(error);
            return error_set(error, EXIT_USAGE, "--after '%s' is not a rising list of numbers of bars: 1,5,10", text);
        }
        terms->after[terms->afters++] = value;
        p += n;
        if (*p == '\0')
            return 0;
    }
}

static int read_terms(struct tracking *tracking, struct outcome_terms *terms, struct error *error)
{
    const struct invocation *invocation = tracking->invocation;
    const char *interval = option_text(invocation, "interval", NULL);
    *terms = (struct outcome_terms){.calendar = &tracking->hours.calendar,
                                    .most = option_count(invocation, "bars", 0),
                                    .emit = write_outcome,
                                    .context = tracking};
    if (interval != NULL && interval_parse(&terms->interval, interval, strlen(interval), error) != 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (read_after(terms, option_text(invocation, "after", "1,5,10,20"), error) != 0 ||
        trading_hours_open(&tracking->hours, option_text(invocation, "calendar", "nyse"), error) != 0)
        return -1;
    terms->calendars = tracking->hours.calendars;
    return 0;
}

static int take_signal(void *context, const struct signal *signal, struct error *error)
{
    struct tracking *tracking = context;
    tracking->signals++;
    return outcomes_signal(tracking->outcomes, signal, error);
}

static int bad_line(void *context, struct error *error)
{
    struct tracking *tracking = context;
    if (option_flag(tracking->invocation, "strict"))
        return -1;
    if (tracking->bad++ < BAD_SAID)
        say(tracking->invocation, 0, "%s", error->text);
    error_clear(error);
    return 0;
}

/* All signals of --signals, before any bar. */
static int read_signals(struct tracking *tracking, struct error *error)
{
    int count;
    const char *const *list = option_list(tracking->invocation, "signal-file", &count);
    for (int i = 0; i < count; i++) {
        struct signals_file file = {
            .calendar = &tracking->hours.calendar, .take = take_signal, .bad = bad_line, .context = tracking};
        const uint64_t bad = tracking->bad;
        if (signals_file_read(list[i], &file, error) != 0)
            return -1;
        if (tracking->bad > bad)
            flow_failed(input_flow(tracking->input), list[i], EXIT_INPUT, "bad lines");
        if (file.status != EXIT_DONE)
            flow_failed(input_flow(tracking->input), list[i], file.status, "its end record says so");
    }
    return 0;
}

static int take_record(struct tracking *tracking, const struct record *record, struct error *error)
{
    union {
        struct signal signal;
        struct action action;
        struct bar bar;
    } value;
    int result = 0;
    if (record->type != RECORD_BAR && record->type != RECORD_ACTION && record->type != RECORD_SIGNAL)
        return input_pass(tracking->input, record, error);
    if (record_decode(record, &value, error) != 0)
        return input_refused(tracking->input, error);
    if (input_pass(tracking->input, record, error) != 0)
        return -1;
    if (record->type == RECORD_SIGNAL)
        result = take_signal(tracking, &value.signal, error);
    else if (record->type == RECORD_ACTION)
        result = outcomes_action(tracking->outcomes, &value.action, error);
    else if (value.bar.final != 0)
        result = outcomes_bar(tracking->outcomes, &value.bar, error);
    return result == 0 ? 0 : input_refused(tracking->input, error);
}

static int track_all(struct tracking *tracking, struct error *error)
{
    const struct record *record;
    int got = read_signals(tracking, error);
    if (got != 0)
        return -1;
    while ((got = flow_next(input_flow(tracking->input), &record, error)) == 1)
        if (take_record(tracking, record, error) != 0)
            return -1;
    return got == 0 ? outcomes_finish(tracking->outcomes, error) : -1;
}

static void tell(const struct tracking *tracking)
{
    uint64_t unseen;
    const uint64_t open = outcomes_open(tracking->outcomes, &unseen);
    if (tracking->bad > BAD_SAID)
        say(tracking->invocation, 0, "%" PRIu64 " more bad lines", tracking->bad - BAD_SAID);
    if (tracking->signals == 0)
        say(tracking->invocation, 0,
            "no signals: tn-signal run -p passes bars and signals, --signal-file reads a file of signals");
    if (open > 0)
        say(tracking->invocation, 0,
            "%" PRIu64 " of %" PRIu64 " are still open, %" PRIu64
            " of them without a bar to enter at; --bars N limits them",
            open, tracking->written, unseen);
}

enum exit_code signal_track(struct invocation *invocation, struct error *error)
{
    struct tracking tracking = {.invocation = invocation};
    struct outcome_terms terms;
    enum exit_code code = EXIT_DONE;
    if (read_terms(&tracking, &terms, error) == 0 && (tracking.outcomes = outcomes_new(&terms, error)) != NULL &&
        (tracking.input = input_open(invocation, option_flag(invocation, "pass"), error)) != NULL) {
        if (track_all(&tracking, error) == 0)
            tell(&tracking);
        code = input_close(tracking.input, error);
    }
    outcomes_free(tracking.outcomes);
    trading_hours_close(&tracking.hours);
    return code;
}
