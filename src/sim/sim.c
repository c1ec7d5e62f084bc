/* One bar, place after place: what the open decides, then its course, then what the close decides, then what follows
 * the price. */
#include "sim/walk.h"

enum phase {
    PHASE_BEGIN,
    PHASE_TRAILS,
    PHASE_OPEN,
    PHASE_OPEN_OVER,
    PHASE_OPENED,
    PHASE_COURSE,
    PHASE_CLOSE,
    PHASE_CLOSE_OVER,
    PHASE_CLOSED,
    PHASE_FOLLOW
};

/* Have trades of a symbol been met since a bar opened? */
static bool has_trades(const struct ledger *ledger, int slot, int64_t opens)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (size_t i = 0; i < at->intervals; i++)
        if (interval_equal(at->seen[i].interval, sim_trade))
            return at->seen[i].high_water >= opens;
    return false;
}

void sim_bar(struct bar_walk *walk, const struct sim *sim, int slot, struct interval interval, const struct bars *bar)
{
    const struct ledger *ledger = sim->ledger;
    walk->sim = sim;
    walk->model = fill_model_of(&sim->fills);
    walk->slot = slot;
    walk->bar = bar;
    walk->interval = interval;
    walk->follows = walk->bears = walk->bearing = walk->replaced = walk->exhausted = false;
    walk->report.kind = REPORT_PLACE_OVER;
    walk->phase = PHASE_BEGIN;
    walk->before = ledger->orders;
    walk->marked = ledger->symbol_state[slot].marked;
    walk->covered = ledger_is_covered(ledger, slot, interval, bar->time[0], bar->opens[0]);
    walk->is_trade = interval_equal(interval, sim_trade);
    walk->has_trades = !walk->is_trade && has_trades(ledger, slot, bar->opens[0]);
    walk->half = DEC_NONE;
    walk->closing = 0;
    walk->taken = 0;
    walk->rank = -1;
    walk->done = 0;
}

/* Half of what was quoted last. */
static int find_spread(struct bar_walk *walk, struct error *error)
{
    const struct sim *sim = walk->sim;
    walk->half = sim->half_spread == NULL ? DEC_NONE : sim->half_spread(sim->context, walk->slot);
    if (walk->half != DEC_NONE)
        return 0;
    error_set(error, EXIT_USAGE, "%s: the fill model '%s' needs quotes, but there are none",
              ledger_symbol(sim->ledger, walk->slot), walk->model->name);
    error_hint(error, "tn-backtest run reads quote records among the bars; elsewhere choose another model");
    return -1;
}

/* Orders that waited for one that is over are sent now: their owner is told that nobody walks over the orders. */
static int tell_over(struct bar_walk *walk)
{
    return match_tell(walk, REPORT_PLACE_OVER, NULL, TIME_NONE);
}

static void enter(struct bar_walk *walk, enum phase phase)
{
    walk->phase = (int)phase;
    walk->rank = -1;
    walk->done = 0;
}

/* From the phase that the bar is in, phase after phase to the next report. All that the open decides is before the
 * course of the bar: no entry is paid with what a stop brings later. */
static int go_on(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    const bool known = walk->model->course != COURSE_UNKNOWN && !walk->is_trade;
    const int slot = walk->slot;
    int found;
    if (ledger->symbol_state[slot].working == 0 && ledger->due == 0) /* after the fill of its only order */
        return 0;
    switch ((enum phase)walk->phase) {
    case PHASE_BEGIN:
        if (fill_model_is_quoted(walk->model) && find_spread(walk, error) != 0)
            return -1;
        if (walk->has_trades) { /* what is left of it is its close */
            walk->closing = ledger->orders;
            enter(walk, PHASE_CLOSE);
            return go_on(walk, error);
        }
        enter(walk, PHASE_TRAILS); /* fall through */
    case PHASE_TRAILS:
        if (ledger->symbol_state[slot].trailing > 0 && !walk->covered && (found = match_start_trail(walk, error)) != 0)
            return found;
        enter(walk, PHASE_OPEN); /* fall through */
    case PHASE_OPEN:
        if ((found = match_place(walk, PLACE_OPEN, error)) != 0)
            return found;
        enter(walk, PHASE_OPEN_OVER); /* fall through */
    case PHASE_OPEN_OVER:
        if (ledger->symbol_state[slot].timed > 0 && (found = match_end_chance(walk, PLACE_OPEN, error)) != 0)
            return found;
        walk->phase = PHASE_OPENED; /* fall through */
    case PHASE_OPENED:
        if (ledger->due > 0)
            return tell_over(walk);
        if (known)
            match_set_out(walk);
        enter(walk, PHASE_COURSE); /* fall through */
    case PHASE_COURSE:
        if ((found = known ? match_along(walk, error) : match_place(walk, PLACE_COURSE, error)) != 0)
            return found;
        walk->closing = ledger->orders;
        enter(walk, PHASE_CLOSE); /* fall through */
    case PHASE_CLOSE:
        if (ledger->symbol_state[slot].timed > 0 && !walk->is_trade &&
            (found = match_place(walk, PLACE_CLOSE, error)) != 0)
            return found;
        enter(walk, PHASE_CLOSE_OVER); /* fall through */
    case PHASE_CLOSE_OVER:
        if (ledger->symbol_state[slot].timed > 0 && !walk->is_trade &&
            (found = match_end_chance(walk, PLACE_CLOSE, error)) != 0)
            return found;
        walk->phase = PHASE_CLOSED; /* fall through */
    case PHASE_CLOSED:
        if (ledger->due > 0)
            return tell_over(walk);
        enter(walk, PHASE_FOLLOW); /* fall through */
    case PHASE_FOLLOW:
        return ledger->symbol_state[slot].trailing > 0 && !walk->covered ? match_move_trail(walk, error) : 0;
    }
    return 0;
}

int sim_next(struct bar_walk *walk, struct error *error)
{
    if (walk->report.kind == REPORT_FILL)
        match_note_fill(walk);
    if (!walk->follows)
        return go_on(walk, error);
    walk->follows = false;
    walk->report = walk->then;
    return 1;
}
