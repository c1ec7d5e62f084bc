/* Bars of one track in a row: judged many at a time, then walked through the account.
 *
 * Strategies see no fills, so what they want after each bar of a span is known before the first of its orders is. Of
 * the bars on which nothing works and everybody has what he wants only the equity is left to do, and done in one
 * stretch. What could be more (a decision, a working order) goes the way of every moment. */
#include "backtest/internal.h"

/* Moments that are complete, each of one bar of the track, and behind them the bar that opens the next one. */
struct span {
    int track;
    size_t count; /* moments */
    struct bars bars;
};

static int judge(struct backtest *backtest, const struct span *span, struct error *error)
{
    const struct bars closed = bars_part(&span->bars, 0, span->count);
    for (int i = 0; i < backtest->options.count; i++) {
        struct levels *levels = &backtest->levels[i];
        levels_clear(levels);
        if (backtest_step(backtest, span->track, i, backtest->track[span->track].adjusted, &closed, error) != 0)
            return -1;
        /* Orders that come of another side are filled at the next open: have it in the cache by then. */
        for (size_t j = 0; j < levels->stretches; j++) {
            __builtin_prefetch(&span->bars.opens[levels->stretch[j].from + 1]);
            __builtin_prefetch(&span->bars.open[levels->stretch[j].from + 1]);
        }
    }
    /* And what will be kept of the last bar. */
    __builtin_prefetch(&span->bars.high[span->count]);
    __builtin_prefetch(&span->bars.low[span->count]);
    __builtin_prefetch(&span->bars.volume[span->count]);
    return 0;
}

/* The first row from k on, up to `end`, that wants another side than what is settled. */
static size_t settled_until(const struct levels *levels, enum want settled, size_t k, size_t end)
{
    for (size_t i = levels->stretches; i-- > 0;) {
        const struct stretch *stretch = &levels->stretch[i];
        const enum want side = levels->side[stretch->from];
        const size_t from = stretch->from < k ? k : stretch->from;
        if (from < end && side != settled && side != WANT_NONE)
            end = from;
        if (stretch->from <= k)
            break;
    }
    return end;
}

/* How many moments from k on have nothing but a price to them. At the end of the last somebody may want something. */
static size_t count_quiet(struct backtest *backtest, const struct span *span, size_t k)
{
    const struct ledger *ledger = &backtest->ledger;
    const int64_t *end = span->bars.end;
    const struct ledger_slot *slot = &ledger->slot[backtest->track[span->track].slot];
    /* A bar from before a split, or from before the fill that the mark is of, is no mark; with money in other
     * currencies there is more to a moment than a price. */
    if (ledger->tickets > 0 || ledger->exposed > 0 || end[k] <= slot->split || end[k] < slot->marked)
        return 0;
    size_t last = span->count - 1;
    for (int i = 0; i < backtest->options.count; i++) {
        const struct holding *holding = backtest_holding(backtest, span->track, i);
        const dec held = holding == NULL ? 0 : holding->quantity;
        const enum want settled = held > 0 ? WANT_LONG : held < 0 ? WANT_SHORT : WANT_FLAT;
        last = settled_until(&backtest->levels[i], settled, k, last);
    }
    return last + 1 - k;
}

_Static_assert(SPAN_MAX <= CURVE_MAX, "a span is worked out in one piece");

/* The points at the end of some moments in which only prices move the account. *count: of how many, those before the
 * first that is out of range. */
static int note_points(struct backtest *backtest, int slot, const struct bars *bars, size_t *count, struct error *error)
{
    struct curve curve;
    *count = ledger_worth_at(&backtest->ledger, slot, bars->close, bars->count, &curve);
    if (*count == 0)
        return 0;
    if (ledger_note_curve(&backtest->ledger, bars->end, curve.equity, *count, error) != 0 ||
        metrics_curve(&backtest->metrics, bars->end, curve.equity, curve.exposure, *count, error) != 0)
        return -1;
    for (size_t i = 0; backtest->options.write != NULL && i < *count; i++) {
        const struct worth worth = {curve.equity[i], curve.exposure[i]};
        if (backtest_write_point(backtest, bars->end[i], &worth, error) != 0)
            return -1;
    }
    return 0;
}

/* The same where nothing is held at all: every point is like the first. */
static int note_flat(struct backtest *backtest, int slot, const struct bars *bars, size_t *count, struct error *error)
{
    const struct bars first = bars_part(bars, 0, 1), rest = bars_part(bars, 1, bars->count - 1);
    if (note_points(backtest, slot, &first, count, error) != 0)
        return -1;
    *count = bars->count;
    if (rest.count == 0 || (rest.end[rest.count - 1] <= backtest->ledger.day_ends &&
                            metrics_repeat(&backtest->metrics, rest.count, rest.end[rest.count - 1])))
        return 0;
    size_t others;
    return note_points(backtest, slot, &rest, &others, error);
}

/* Passes moments from k on; *count: how many are quiet, and how many have been passed. */
static int pass_quiet(struct backtest *backtest, const struct span *span, size_t k, size_t *count, struct error *error)
{
    const struct track *track = &backtest->track[span->track];
    const struct bars bars = bars_part(&span->bars, k, *count);
    const bool flat = backtest->ledger.gross == 0 && backtest->ledger.slot[track->slot].quantity == 0;
    if ((flat && backtest->options.write == NULL ? note_flat(backtest, track->slot, &bars, count, error)
                                                 : note_points(backtest, track->slot, &bars, count, error)) != 0)
        return -1;
    if (*count == 0)
        return 0;
    if (backtest->excursions > 0) {
        const struct bars passed = bars_part(&bars, 0, *count);
        backtest_note_excursions(backtest, track->slot, &passed);
    }
    /* The mark is of the last bar. Where that is the bar of moment k it is so already, and again is the same. */
    const struct bars last = bars_part(&bars, *count - 1, 1);
    backtest->moment = *last.end;
    if (ledger_advance(&backtest->ledger, *last.end, error) != 0)
        return -1;
    backtest->ledger.point = *last.end;
    return backtest_take_bar(backtest, track->slot, track->interval, &last, error);
}

static int pass_span(struct backtest *backtest, const struct span *span, struct error *error)
{
    const struct track *track = &backtest->track[span->track];
    struct bars next;
    if (judge(backtest, span, error) != 0)
        return -1;
    for (size_t k = 0; k < span->count; k++) {
        size_t quiet = count_quiet(backtest, span, k);
        if (quiet > 0 && pass_quiet(backtest, span, k, &quiet, error) != 0)
            return -1;
        if (quiet == 0 && backtest_close_moment(backtest, error) != 0)
            return -1;
        k += quiet > 0 ? quiet - 1 : 0;
        const struct bars bar = bars_part(&span->bars, k, 1);
        for (int i = 0; i < backtest->options.count; i++)
            if (backtest_heed(backtest, span->track, &bar, i, k, error) != 0)
                return -1;
        next = bars_part(&span->bars, k + 1, 1);
        backtest->moment = *next.end;
        if (backtest_pass_bar(backtest, track->slot, track->interval, &next, error) != 0)
            return -1;
    }
    backtest->bars = 0;
    return backtest_keep_bar(backtest, span->track, &next, error);
}

static int take_bar(struct backtest *backtest, int track, const struct bars *bar, struct error *error)
{
    const struct track *of = &backtest->track[track];
    if (backtest_reach(backtest, *bar->end, error) != 0 ||
        backtest_pass_bar(backtest, of->slot, of->interval, bar, error) != 0)
        return -1;
    return backtest_keep_bar(backtest, track, bar, error);
}

/* Is the last bar of a track all there is of the open moment, without signals and orders? */
static bool is_alone(const struct backtest *backtest, int track)
{
    return !backtest->waits && backtest->bars == 1 && backtest->signals.count == 0 && backtest->orders.count == 0 &&
           backtest->bar[0].track == track && backtest->bar[0].adjusted == backtest->track[track].adjusted;
}

static int walk(struct backtest *backtest, int track, const struct bars *bars, size_t taken, struct error *error)
{
    for (size_t i = taken; i < bars->count;) {
        const size_t left = bars->count - i, count = left < SPAN_MAX ? left : SPAN_MAX;
        if (i == 0 || !is_alone(backtest, track)) { /* the open moment has no bar here, or of others too */
            const struct bars bar = bars_part(bars, i++, 1);
            if (take_bar(backtest, track, &bar, error) != 0)
                return -1;
            continue;
        }
        const struct span span = {.track = track, .count = count, .bars = bars_part(bars, i - 1, count + 1)};
        if (pass_span(backtest, &span, error) != 0)
            return -1;
        i += count;
    }
    return 0;
}

int backtest_walk(struct backtest *backtest, int track, const struct bars *bars, size_t taken, struct error *error)
{
    if (walk(backtest, track, bars, taken, error) == 0)
        return 0;
    return backtest->failed ? -1 : backtest_is_broken(backtest, error);
}
