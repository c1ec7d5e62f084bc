/* What would have become of one signal. */
#include "strategy/opportunity.h"

#include "record/record.h"

#include <math.h>
#include <string.h>

static double sign_of(const struct opportunity *opportunity)
{
    return opportunity->outcome.side == WANT_SHORT ? -1 : 1;
}

static double price_of(dec price)
{
    return price == DEC_NONE ? (double)NAN : (double)price;
}

void opportunity_init(struct opportunity *opportunity, const struct signal *signal, int64_t expires)
{
    *opportunity = (struct opportunity){.time = signal->time,
                                        .expires = expires,
                                        .ends = TIME_NONE,
                                        .factor = 1,
                                        .price = price_of(signal->price),
                                        .entry = (double)NAN,
                                        .worth = (double)NAN,
                                        .risk = (double)NAN,
                                        .stop = price_of(signal->stop),
                                        .target = price_of(signal->target)};
    struct signal_outcome *outcome = &opportunity->outcome;
    record_blank(RECORD_OUTCOME, outcome);
    outcome->time = signal->time;
    memcpy(outcome->symbol, signal->symbol, sizeof outcome->symbol);
    memcpy(outcome->signal, signal->id, sizeof outcome->signal);
    memcpy(outcome->strategy, signal->strategy, sizeof outcome->strategy);
    outcome->side = signal->side;
    outcome->decided = signal->decided;
    outcome->interval = signal->interval;
    outcome->stop = signal->stop;
    outcome->target = signal->target;
    for (int i = 0; i < OUTCOMES_AFTER_MAX; i++)
        opportunity->after[i] = (double)NAN;
}

/* The furthest moves so far, with one more price of the day. */
static void note_price(struct opportunity *opportunity, double price)
{
    const double move = sign_of(opportunity) * (price * opportunity->factor + opportunity->paid - opportunity->entry);
    opportunity->favour = fmax(opportunity->favour, move);
    opportunity->against = fmax(opportunity->against, -move);
}

/* `price`: of the day. */
static void leave(struct opportunity *opportunity, enum outcome_end ended, double price, int64_t time)
{
    struct signal_outcome *outcome = &opportunity->outcome;
    opportunity->stage = OPPORTUNITY_LEFT;
    opportunity->worth = price * opportunity->factor + opportunity->paid;
    outcome->ended = ended;
    outcome->left = time;
    outcome->exit = price > 0 && price < 0x1p63 ? (dec)nearbyint(price) : DEC_NONE;
    outcome->bars = opportunity->bars;
    note_price(opportunity, price);
}

/* How far a price lies above another, from the side's point of view: below 0 is worse. */
static double beyond(const struct opportunity *opportunity, double price, double other)
{
    return sign_of(opportunity) * (price - other);
}

static void enter(struct opportunity *opportunity, const struct opportunity_bar *bar)
{
    const double open = (double)bar->open * opportunity->factor;
    struct signal_outcome *outcome = &opportunity->outcome;
    opportunity->stage = OPPORTUNITY_LEFT;
    if (opportunity->expires <= bar->opens || (opportunity->ends != TIME_NONE && opportunity->ends <= bar->opens)) {
        outcome->ended = ENDED_MISSED;
    } else if (beyond(opportunity, open, opportunity->stop) <= 0 ||
               beyond(opportunity, opportunity->price, opportunity->stop) <= 0) {
        outcome->ended = ENDED_BEYOND_STOP;
    } else {
        opportunity->stage = OPPORTUNITY_IN;
        opportunity->entry = opportunity->worth = open;
        opportunity->risk = beyond(opportunity, open, opportunity->stop);
        outcome->entry = bar->open;
        outcome->entered = bar->opens;
    }
}

static bool leave_at_open(struct opportunity *opportunity, const struct opportunity_bar *bar)
{
    const double open = (double)bar->open, basis = open * opportunity->factor;
    const bool entry = opportunity->bars == 1;
    enum outcome_end ended = ENDED_NONE;
    if (opportunity->ends != TIME_NONE && opportunity->ends <= bar->opens)
        ended = ENDED_SIGNAL;
    else if (!entry && beyond(opportunity, basis, opportunity->stop) <= 0)
        ended = ENDED_STOP;
    else if (!entry && beyond(opportunity, basis, opportunity->target) > 0)
        ended = ENDED_TARGET;
    if (ended == ENDED_NONE)
        return false;
    leave(opportunity, ended, open, bar->opens);
    return true;
}

/* What the course of the bar brings. The stop is asked first: when in the bar its prices were is not known. */
static void leave_in_bar(struct opportunity *opportunity, const struct opportunity_bar *bar)
{
    const bool is_long = opportunity->outcome.side == WANT_LONG;
    const double best = (double)(is_long ? bar->high : bar->low), worst = (double)(is_long ? bar->low : bar->high);
    const bool target = beyond(opportunity, best * opportunity->factor, opportunity->target) > 0;
    note_price(opportunity, (double)bar->open);
    if (beyond(opportunity, worst * opportunity->factor, opportunity->stop) <= 0) {
        opportunity->outcome.both = target ? 1 : -1;
        leave(opportunity, ENDED_STOP, opportunity->stop / opportunity->factor, bar->end);
        return;
    }
    note_price(opportunity, worst);
    if (target && opportunity->bars > 1) {
        leave(opportunity, ENDED_TARGET, opportunity->target / opportunity->factor, bar->end);
        return;
    }
    note_price(opportunity, best);
}

static bool is_complete(const struct opportunity *opportunity, const struct outcome_terms *terms)
{
    if (opportunity->stage != OPPORTUNITY_LEFT)
        return false;
    return isnan(opportunity->entry) || terms->afters == 0 || opportunity->bars >= terms->after[terms->afters - 1];
}

bool opportunity_step(struct opportunity *opportunity, const struct opportunity_bar *bar,
                      const struct outcome_terms *terms)
{
    if (opportunity->stage == OPPORTUNITY_WAITING && bar->opens < opportunity->time)
        return false;
    if (bar->split && opportunity->stage == OPPORTUNITY_WAITING)
        return false;
    opportunity->outcome.time = bar->end;
    if (opportunity->stage == OPPORTUNITY_WAITING)
        enter(opportunity, bar);
    if (isnan(opportunity->entry))
        return true;
    opportunity->bars++;
    if (opportunity->stage == OPPORTUNITY_IN && !bar->split && !leave_at_open(opportunity, bar))
        leave_in_bar(opportunity, bar);
    const double close = (double)bar->close;
    if (opportunity->stage == OPPORTUNITY_IN) {
        opportunity->worth = close * opportunity->factor + opportunity->paid;
        if (opportunity->bars == terms->most)
            leave(opportunity, ENDED_BARS, close, bar->end);
    }
    for (int i = 0; i < terms->afters; i++)
        if (opportunity->bars == terms->after[i])
            opportunity->after[i] =
                beyond(opportunity, close * opportunity->factor + opportunity->paid, opportunity->entry);
    return is_complete(opportunity, terms);
}

void opportunity_split(struct opportunity *opportunity, int64_t new_shares, int64_t old_shares)
{
    opportunity->factor *= (double)new_shares / (double)old_shares;
}

/* Sell stops and buy limits go down by it, other orders stay, as in ledger/actions.c. */
void opportunity_dividend(struct opportunity *opportunity, dec cash)
{
    const double amount = (double)cash * opportunity->factor;
    if (opportunity->stage != OPPORTUNITY_WAITING)
        opportunity->paid += amount;
    *(opportunity->outcome.side == WANT_LONG ? &opportunity->stop : &opportunity->target) -= amount;
}

void opportunity_end(struct opportunity *opportunity, enum outcome_end ended, dec close, int64_t time)
{
    if (opportunity->outcome.time < time)
        opportunity->outcome.time = time;
    if (opportunity->stage == OPPORTUNITY_WAITING)
        opportunity->outcome.ended = ended == ENDED_OPEN ? ENDED_OPEN : ENDED_MISSED;
    else if (opportunity->stage == OPPORTUNITY_IN && ended != ENDED_OPEN && close != DEC_NONE)
        leave(opportunity, ended, (double)close, time);
    else if (opportunity->stage == OPPORTUNITY_IN)
        opportunity->outcome.ended = ended;
    opportunity->outcome.bars = opportunity->outcome.left == TIME_NONE ? opportunity->bars : opportunity->outcome.bars;
    opportunity->stage = OPPORTUNITY_LEFT;
}

static struct str add_after(const struct opportunity *opportunity, const struct outcome_terms *terms, double unit,
                            struct buf *text)
{
    const size_t from = text->n;
    for (int i = 0; i < terms->afters; i++) {
        buf_printf(text, "%s\"%lld\":", i == 0 ? "{" : ",", (long long)terms->after[i]);
        json_add_double(text, opportunity->after[i] / unit);
    }
    buf_add_char(text, '}');
    return (struct str){NULL, text->n - from};
}

int opportunity_finish(struct opportunity *opportunity, const struct outcome_terms *terms, struct buf *text,
                       struct error *error)
{
    struct signal_outcome *outcome = &opportunity->outcome;
    if (isnan(opportunity->entry))
        return 0;
    const double entry = opportunity->entry, risk = opportunity->risk;
    outcome->mfe = opportunity->favour / entry;
    outcome->mae = opportunity->against / entry;
    outcome->gain = beyond(opportunity, opportunity->worth, entry) / entry;
    if (risk > 0) {
        outcome->risk = risk / entry;
        outcome->mfe_r = opportunity->favour / risk;
        outcome->mae_r = opportunity->against / risk;
        outcome->r = beyond(opportunity, opportunity->worth, entry) / risk;
    }
    buf_reset(text);
    if (terms->afters > 0) {
        outcome->after = risk > 0 ? add_after(opportunity, terms, risk, text) : (struct str){NULL, 0};
        const size_t first = outcome->after.n;
        outcome->after_return = add_after(opportunity, terms, entry, text);
        if (buf_check(text, error) != 0)
            return -1;
        outcome->after.p = first > 0 ? text->p : NULL;
        outcome->after_return.p = text->p + first;
    }
    return 0;
}
