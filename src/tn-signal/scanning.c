/* Reading bars into a rule. */
#include "tn-signal/scanning.h"

#include "strategy/known.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1 << 16)

/* `record`: the bar's, which goes first; NULL when it has gone. */
static int judge(struct scanning *scanning, const struct bar *bar, const struct record *record, struct error *error)
{
    struct scan_result *result = scan_bar(scanning->scan, bar, error);
    if (result == NULL)
        return input_refused(scanning->input, error);
    scanning->bars++;
    if (record != NULL && input_pass(scanning->input, record, error) != 0)
        return -1;
    return scanning->each == NULL ? 0 : scanning->each(scanning, result, error);
}

/* The moment is complete: its bars are judged. */
static int close_moment(struct scanning *scanning, struct error *error)
{
    const size_t kept = scanning->kept;
    scanning->kept = 0;
    for (size_t i = 0; i < kept; i++)
        if (judge(scanning, &scanning->bar[i], NULL, error) != 0)
            return -1;
    return 0;
}

static int take_bar(struct scanning *scanning, const struct record *record, struct error *error)
{
    struct bar bar;
    if (record_decode(record, &bar, error) == 0 && bar.final != 0 && bar.end > scanning->clock)
        scanning->clock = bar.end;
    if (error_is_set(error) || (bar.final != 0 && scan_note(scanning->scan, &bar, error) != 0))
        return input_refused(scanning->input, error);
    if (bar.final == 0 || (scanning->symbol != NULL && strcmp(scanning->symbol, bar.symbol) != 0))
        return input_pass(scanning->input, record, error);
    if (!scan_waits(scanning->scan))
        return judge(scanning, &bar, record, error);
    if (list_grow(&scanning->bar, &scanning->bar_capacity, scanning->kept, sizeof bar, error) != 0)
        return -1;
    scanning->bar[scanning->kept++] = bar;
    return input_pass(scanning->input, record, error);
}

static int take_record(struct scanning *scanning, const struct record *record, struct error *error)
{
    struct action action;
    int64_t known = TIME_NONE;
    if (scan_waits(scanning->scan) && record->type != RECORD_HEARTBEAT && record->type != RECORD_SYNC &&
        record_known(record, &known, error) != 0)
        return input_refused(scanning->input, error);
    if (scanning->kept > 0 && record_tells_time(record->type) && known != scanning->bar[0].end &&
        close_moment(scanning, error) != 0)
        return -1;
    if (record->type == RECORD_BAR)
        return take_bar(scanning, record, error);
    if (record->type == RECORD_EVENT && scan_hears(scanning->scan)) {
        struct known_event event;
        if (known_event_read(&event, record, error) != 0)
            return input_refused(scanning->input, error);
        event.after = scanning->clock;
        if (scan_event(scanning->scan, &event, error) != 0)
            return -1;
    }
    if (record->type == RECORD_INSTRUMENT && scanning->take_instrument != NULL) {
        const int taken = scanning->take_instrument(scanning, record, error);
        if (taken != 1)
            return taken;
    }
    if (record->type == RECORD_ACTION &&
        (record_decode(record, &action, error) != 0 || scan_action(scanning->scan, &action, error) != 0))
        return input_refused(scanning->input, error);
    return input_pass(scanning->input, record, error);
}

/* The calendar is opened only where the rule asks for sessions. */
static int give_calendar(struct scanning *scanning, struct error *error)
{
    const bool dates = option_known(scanning->invocation, "once") && option_given(scanning->invocation, "once");
    if (!scan_wants_calendar(scanning->scan) && !dates)
        return 0;
    if (trading_hours_open(&scanning->hours, option_text(scanning->invocation, "calendar", "nyse"), error) != 0)
        return -1;
    return scan_set_calendar(scanning->scan, &scanning->hours.calendar, scanning->hours.calendars, error);
}

int scan_all(struct scanning *scanning, const char *rule, char *const *files, bool question, bool sink,
             struct error *error)
{
    const struct record *record;
    const struct input_plan plan = {
        .files = files, .sink = sink, .pass = !sink && option_flag(scanning->invocation, "pass")};
    buf_init(&scanning->text, TEXT_MAX);
    scanning->rule = rule;
    scanning->clock = TIME_NONE;
    scanning->scan = scan_new(rule, question, error);
    if (scanning->scan == NULL || give_calendar(scanning, error) != 0)
        return -1;
    scanning->input = input_open_plan(scanning->invocation, &plan, error);
    if (scanning->input == NULL)
        return -1;
    while (flow_next(input_flow(scanning->input), &record, error) == 1)
        if (take_record(scanning, record, error) != 0)
            break;
    if (error_is_set(error) || close_moment(scanning, error) != 0)
        return -1;
    const char *missing = scan_missing(scanning->scan), *unheard = scan_unheard(scanning->scan);
    if (unheard != NULL)
        say(scanning->invocation, 0, "no event for %s, which the rule uses", unheard);
    if (missing != NULL)
        say(scanning->invocation, 0, "no bar of %s, which the rule uses", missing);
    return 0;
}

enum exit_code scan_close(struct scanning *scanning, enum exit_code code, struct error *error)
{
    if (scanning->input != NULL)
        code = exit_worst(code, input_close(scanning->input, error));
    scan_free(scanning->scan);
    trading_hours_close(&scanning->hours);
    free(scanning->bar);
    buf_clear(&scanning->text);
    return code;
}
