/* The brokers that there are, and the one that fills by bars. */
#include "broker/account_terms.h"
#include "broker/broker.h"

#include <stdlib.h>
#include <string.h>

static const struct broker *const brokers[] = {&broker_paper};

const struct broker *broker_find(const char *name)
{
    for (size_t i = 0; i < sizeof brokers / sizeof *brokers; i++)
        if (strcmp(brokers[i]->name, name) == 0)
            return brokers[i];
    return NULL;
}

struct venue {
    struct broker_options options;
    struct sim sim;
};

static struct venue *open_paper(const struct broker_options *options, struct error *error)
{
    struct venue *venue = calloc(1, sizeof *venue);
    if (venue == NULL) {
        error_memory(error);
        return NULL;
    }
    venue->options = *options;
    venue->sim = (struct sim){.ledger = options->ledger,
                              .fills = options->terms->fills,
                              .costs = options->costs,
                              .calendar = &options->terms->calendar,
                              .calendars = options->terms->calendars,
                              .step = options->terms->limits.fractional ? RISK_FRACTION : 0,
                              .instrument = options->instrument,
                              .context = options->context};
    return venue;
}

static int fill_by_bar(struct venue *venue, int slot, struct interval interval, const struct bars *bar,
                       struct error *error)
{
    struct bar_walk walk;
    int more;
    sim_bar(&walk, &venue->sim, slot, interval, bar);
    while ((more = sim_next(&walk, error)) == 1)
        if (venue->options.report(venue->options.context, &walk.report, error) != 0)
            return -1;
    return more;
}

static void close_paper(struct venue *venue)
{
    free(venue);
}

const struct broker broker_paper = {
    .name = "paper", .at_once = true, .open = open_paper, .market = fill_by_bar, .close = close_paper};
