/* tn-quote bars and tn-quote actions: everything the supply delivers, written as records. */
#include "tn-quote/commands.h"

static int write_item(struct setup *setup, const struct feed_item *item, struct error *error)
{
    return item->type == RECORD_BAR ? flow_write(setup->flow, RECORD_BAR, &item->bar, error)
                                    : flow_write(setup->flow, RECORD_ACTION, &item->action, error);
}

static int write_all(struct setup *setup, struct error *error)
{
    const struct feed_item *item;
    struct supply *supply = supply_open(&setup->supply, error);
    if (supply == NULL)
        return -1;
    int got;
    while ((got = supply_next(supply, &item, error)) == 1)
        if ((got = write_item(setup, item, error)) < 0)
            break;
    supply_close(supply);
    return got;
}

static enum exit_code deliver(struct setup *setup, struct error *error)
{
    if (setup_read(setup, error) < 0 || write_all(setup, error) < 0)
        flow_failed(setup->flow, invocation_program(setup->invocation), error->code, error->text);
    const enum exit_code code = flow_close(setup->flow, error);
    setup_close(setup);
    return code;
}

static int parse_interval(struct interval *interval, const struct invocation *invocation, struct error *error)
{
    const char *text = option_text(invocation, "interval", "1d");
    if (interval_parse(interval, text, strlen(text), error) < 0) {
        error->code = EXIT_USAGE;
        return -1;
    }
    if (interval->unit == INTERVAL_TICK || interval->unit == INTERVAL_VOLUME || interval->unit == INTERVAL_VALUE) {
        (void)error_set(error, EXIT_USAGE, "bars of %s are made of trades", text);
        error_hint(error, "tn-stream replay --bars %s makes them", text);
        return -1;
    }
    return 0;
}

enum exit_code quote_bars(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    struct interval interval;
    if (parse_interval(&interval, invocation, error) < 0 || setup_open(&setup, invocation, error) < 0)
        return error->code;
    setup.request.interval = interval;
    setup.request.last = option_count(invocation, "last", 0);
    setup.request.extended = option_flag(invocation, "extended");
    return deliver(&setup, error);
}

enum exit_code quote_actions(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    if (setup_open(&setup, invocation, error) < 0)
        return error->code;
    setup.supply.only_actions = true;
    return deliver(&setup, error);
}
