/* tn-stream flow: its options. */
#include "base/num.h"
#include "tn-stream/flow.h"

static int read_dec(const struct invocation *invocation, const char *name, const char *usual, dec *value,
                    struct error *error)
{
    const char *text = option_text(invocation, name, usual);
    if (dec_parse(value, text, strlen(text), NULL) == 0 && *value > 0)
        return 0;
    return error_set(error, EXIT_USAGE, "--%s: a number above 0 is needed, not '%.40s'", name, text);
}

int flow_options_read(struct flowing *flowing, struct error *error)
{
    const struct invocation *invocation = flowing->invocation;
    struct flow_terms *terms = &flowing->terms;
    struct flow_meter probe;
    const char *interval = option_text(invocation, "interval", "1m"), *area = option_text(invocation, "area", "70");
    if (interval_parse(&terms->interval, interval, strlen(interval), error) < 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (read_dec(invocation, "tick", "0.01", &terms->tick, error) < 0 ||
        (option_given(invocation, "large") && read_dec(invocation, "large", "", &terms->large, error) < 0))
        return -1;
    if (num_parse(&terms->area, area, strlen(area), error) < 0 || !(terms->area > 0 && terms->area <= 100)) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "--area: a percentage above 0, up to 100, is needed");
    }
    terms->area /= 100;
    terms->extended = option_flag(invocation, "extended");
    flowing->grace = option_count(invocation, "grace", 0) * (TIME_SECOND / 1000);
    flowing->rows = option_flag(invocation, "rows");
    return flow_init(&probe, terms, "", error);
}
