/* A window through the account: from one moment in which something may happen to the next.
 *
 * What strategies want after every bar is known beforehand. So a moment can bring more than prices only where an order
 * works, or a strategy wants what it has not: all others are done in columns, over the symbols that are held. */
#include "backtest/internal.h"

struct walk {
    struct backtest *backtest;
    struct window *window;
    size_t moments; /* of which strategies have judged */
    /* How many members have a bar due in each, and of which moments that is not 0. */
    uint32_t due[WINDOW_MOMENTS];
    uint64_t busy[WINDOW_MOMENTS / 64];
};

_Static_assert(WINDOW_MOMENTS <= CURVE_MAX, "a window cannot be divided");

static void add_due(struct walk *walk, size_t moment, int count)
{
    const uint64_t bit = UINT64_C(1) << moment % 64;
    uint64_t *busy = &walk->busy[moment / 64];
    walk->due[moment] += (uint32_t)count;
    *busy = walk->due[moment] > 0 ? *busy | bit : *busy & ~bit;
}

/* The first moment from one on in which something is due; the last one, when nothing is. */
static size_t next_busy(const struct walk *walk, size_t moment)
{
    uint64_t left = walk->busy[moment / 64] >> moment % 64 << moment % 64;
    for (size_t i = moment / 64;; left = walk->busy[++i]) {
        if (left != 0)
            return i * 64 + (size_t)__builtin_ctzll(left);
        if (i + 1 == WINDOW_MOMENTS / 64)
            return walk->moments - 1;
    }
}

static bool has_order(const struct ledger *ledger, int slot, int holding)
{
    const struct open_order *open_order = ledger->symbol_state[slot].open_order;
    while (open_order != NULL && open_order->holding != holding)
        open_order = open_order->next;
    return open_order != NULL;
}

/* The first bar of a piece, from a row on, after which a strategy wants what its position is not, or may have something
 * to do: while it has an order and no position, any. Their number: none. */
static size_t find_due(struct walk *walk, const struct piece *piece, int strategy, size_t row)
{
    struct backtest *backtest = walk->backtest;
    const struct levels *levels = &backtest->levels[strategy];
    const struct track *track = &backtest->track[piece->track];
    struct member *member = &track->member[strategy];
    const size_t count = piece->bars.count;
    const struct holding *holding = backtest_holding(backtest, piece->track, strategy);
    const dec held = holding == NULL ? 0 : holding->quantity;
    if (row >= count || (held == 0 && holding != NULL && backtest->ledger.symbol_state[track->slot].working > 0 &&
                         has_order(&backtest->ledger, track->slot, member->holding)))
        return row;
    const enum want settled = held > 0 ? WANT_LONG : held < 0 ? WANT_SHORT : WANT_FLAT;
    /* A decision is good for one entry: once that was made and is gone, it wants nothing more. */
    const bool entered = held == 0 && holding != NULL && holding->entry_signal[0] != '\0';
    const int64_t spent = entered ? holding->entry_time : TIME_NONE;
    if (runner_waits(backtest->runner[strategy])) {
        for (; row < count && piece->place[row] < levels->count; row++) {
            const struct stretch *of = &levels->stretch[piece->place[row]]; /* each bar has its own */
            const enum want side = levels->side[of->from];
            if (side != WANT_NONE && ((side != settled && (side == WANT_FLAT || of->decided > spent)) ||
                                      runner_moves(backtest->runner[strategy], levels, of->from)))
                return row;
        }
        return count;
    }
    const struct stretch *of = &levels->stretch[member->stretch];
    for (; member->stretches > 1 && of[1].from <= member->from + row; member->stretches--, member->stretch++)
        of++;
    for (size_t i = 0; i < member->stretches; i++, of++) {
        const enum want side = levels->side[of->from];
        if (side != settled && side != WANT_NONE && (side == WANT_FLAT || of->decided > spent))
            return of->from < member->from + row ? row : of->from - member->from;
    }
    return count;
}

static void set_due(struct walk *walk, const struct piece *piece, int strategy, size_t row)
{
    struct member *member = &walk->backtest->track[piece->track].member[strategy];
    const uint32_t *moment = walk->window->moment;
    if (member->due != DUE_NONE)
        add_due(walk, moment[member->due], -1);
    const size_t found = find_due(walk, piece, strategy, row);
    member->due = DUE_NONE;
    if (found < piece->bars.count && moment[piece->place[found]] < walk->moments) {
        member->due = piece->place[found];
        add_due(walk, moment[member->due], 1);
    }
}

/* The first row of a piece at a place or behind it. */
static size_t row_from(const struct walk *walk, const struct piece *piece, size_t place)
{
    size_t row = piece->at;
    if (walk->window->pieces == 1)
        return place;
    while (row < piece->bars.count && piece->place[row] < place)
        row++;
    return row;
}

/* The state of a symbol has changed: what is due of it from a place on is looked for anew. */
static void look_again(struct walk *walk, int track, size_t place)
{
    struct backtest *backtest = walk->backtest;
    int other = track;
    do {
        const struct track *of = &backtest->track[other];
        if (window_has(backtest, other)) {
            struct piece *piece = &walk->window->piece[of->piece];
            const size_t row = row_from(walk, piece, place);
            for (int i = 0; i < backtest->options.count; i++)
                if (of->member[i].due >= place) /* DUE_NONE is behind every place */
                    set_due(walk, piece, i, row);
        }
        other = of->sibling;
    } while (other != track);
}

/* The next row after which a strategy need be asked again, when it was heeded after a row. A decision that is too old
 * to be entered was refused then, and is not told of twice: what repeats it wants nothing. */
static size_t next_asking(const struct walk *walk, const struct piece *piece, int strategy, size_t row)
{
    const struct backtest *backtest = walk->backtest;
    const struct risk_terms *terms = &backtest->manager.limits;
    const struct levels *levels = &backtest->levels[strategy];
    const struct track *track = &backtest->track[piece->track];
    const struct member *member = &track->member[strategy];
    const struct ledger *ledger = &backtest->ledger;
    const size_t at = member->from + row, next = row + 1;
    if (runner_waits(backtest->runner[strategy]) || levels->side[at] == WANT_FLAT || terms->entry_within <= 0 ||
        terms->halted || ledger->halted || track->sibling != piece->track ||
        ledger->symbol_state[track->slot].working > 0 ||
        (member->holding >= 0 && ledger->holding[member->holding].quantity != 0))
        return next;
    const struct stretch *of = levels_stretch(levels, at);
    /* An exit of the same decision takes a bar off its age. */
    if (of->age + (int64_t)(at - of->from) - 1 < terms->entry_within)
        return next;
    const size_t left = member->stretch + member->stretches - (size_t)(of - levels->stretch);
    return left > 1 ? of[1].from - member->from : piece->bars.count;
}

/* What strategies want at the end of a moment, bar by bar. */
static int heed(struct walk *walk, size_t moment, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    const struct window *window = walk->window;
    for (size_t p = window->first[moment]; walk->due[moment] > 0 && p < window->first[moment + 1]; p++) {
        struct piece *piece = &window->piece[window->of[p]];
        const size_t row = window->row[p];
        for (int i = 0; i < backtest->options.count; i++) {
            struct member *member = &backtest->track[piece->track].member[i];
            if (member->due != p)
                continue;
            const struct bars bar = bars_part(&piece->bars, row, 1);
            if (backtest_heed(backtest, piece->track, &bar, i, backtest_row(backtest, member, i, p, row), error) != 0)
                return -1;
            set_due(walk, piece, i, next_asking(walk, piece, i, row));
            const struct track *track = &backtest->track[piece->track];
            if ((backtest->options.count > 1 || track->sibling != piece->track) &&
                backtest->ledger.symbol_state[track->slot].working > 0)
                look_again(walk, piece->track, p + 1);
        }
    }
    return 0;
}

/* What other programs have sent for the moment that was open. */
static int take_sent(struct walk *walk, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    if (backtest->signals.count == 0 && backtest->orders.count == 0)
        return 0;
    if ((backtest->orders.count > 0 && backtest_take_orders(backtest, error) != 0) ||
        (backtest->signals.count > 0 && backtest_follow_signals(backtest, error) != 0))
        return -1;
    for (size_t i = 0; i < walk->window->pieces; i++)
        look_again(walk, walk->window->piece[i].track, walk->window->first[1]);
    return 0;
}

static int write_point(struct backtest *backtest, int64_t time, const struct worth *worth, struct error *error)
{
    struct equity point;
    if (backtest->options.write == NULL)
        return 0;
    orders_point(&backtest->manager, time, worth, &point);
    return backtest->options.write(backtest->options.context, RECORD_EQUITY, &point, error);
}

/* The first half of a moment's end: what is valid until now expires, the equity point is taken. */
static int close_moment(struct backtest *backtest, int64_t time, bool point, struct error *error)
{
    struct worth worth;
    if (orders_finish(&backtest->manager, time, point, &worth, error) != 0)
        return -1;
    if (!point) /* an action alone makes none: the day's bars have theirs */
        return 0;
    if (worth.equity != DEC_NONE && metrics_equity(&backtest->metrics, time, worth.equity, worth.exposure, error) != 0)
        return -1;
    return write_point(backtest, time, &worth, error);
}

/* A moment bar by bar; those of symbols with nothing held or working leave no trace. */
static int pass_moment(struct walk *walk, size_t moment, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    const struct window *window = walk->window;
    const size_t begin = window->first[moment], end = window->first[moment + 1];
    for (size_t p = begin + (moment == 0 ? window->passed : 0); p < end; p++) {
        const struct piece *piece = &window->piece[window->of[p]];
        const struct track *track = &backtest->track[piece->track];
        const bool worked = backtest->ledger.symbol_state[track->slot].working > 0;
        if (!orders_concerns(&backtest->ledger, track->slot) && !backtest->ledger.symbol_state[track->slot].rates)
            continue;
        const struct bars bar = bars_part(&piece->bars, window->row[p], 1);
        if (backtest_pass_bar(backtest, track->slot, track->interval, &bar, error) != 0)
            return -1;
        if (worked)
            look_again(walk, piece->track, begin);
    }
    return close_moment(backtest, window->end[moment], end > begin, error);
}

/* The pieces whose symbols are held. Only fills change that. */
static int list_held(struct walk *walk, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    struct window_memory *memory = &backtest->memory;
    if (memory->held_fills == backtest->ledger.fills)
        return 0;
    memory->held_count = 0;
    for (size_t i = 0; i < walk->window->pieces; i++) {
        if (backtest->ledger.symbol_state[backtest->track[walk->window->piece[i].track].slot].open == 0)
            continue;
        if (list_grow(&memory->held, &memory->held_capacity, memory->held_count, sizeof *memory->held, error) != 0)
            return -1;
        memory->held[memory->held_count++] = i;
    }
    memory->held_fills = backtest->ledger.fills;
    return 0;
}

/* A symbol in one interval whose bars are its marks. A bar from before a split, or from before the fill that the mark
 * is of, is none. */
static bool is_marked_by(const struct walk *walk, const struct piece *piece)
{
    const struct backtest *backtest = walk->backtest;
    const struct track *track = &backtest->track[piece->track];
    const struct ledger_symbol_state *state = &backtest->ledger.symbol_state[track->slot];
    for (int other = track->sibling; other != piece->track; other = backtest->track[other].sibling)
        if (window_has(backtest, other))
            return false;
    const int64_t end = piece->at < piece->bars.count ? piece->bars.end[piece->at] : INT64_MAX;
    return end > state->split && end >= state->marked;
}

/* An order that only a price can move, and that takes back what is held: a protective leg. */
static bool rests(const struct open_order *open_order)
{
    const struct order *order = &open_order->order;
    return (order->order_type == ORDER_STOP || order->order_type == ORDER_LIMIT) && order_is_reducing(order) &&
           order->valid_until == TIME_NONE && order->active_price <= 0 && open_order->triggered == TIME_NONE &&
           open_order->pasts == 0 && !open_order->sleeps && open_order->due == DUE_NOTHING;
}

/* Prices between which nothing comes of the orders of a symbol. False: something may at any price. */
static bool find_corridor(const struct ledger *ledger, int slot, dec *floor, dec *ceiling)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    *floor = 0;
    *ceiling = DEC_MAX;
    if (at->trailing > 0 || at->timed > 0 || at->counting > 0 || at->aging > 0)
        return false;
    for (const struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next) {
        const bool stop = open_order->order.order_type == ORDER_STOP, sells = side_sign(open_order->order.side) < 0;
        const dec price = stop ? open_order->order.stop_price : open_order->order.limit_price;
        if (!rests(open_order))
            return false;
        if (stop == sells)
            *floor = price > *floor ? price : *floor;
        else
            *ceiling = price < *ceiling ? price : *ceiling;
    }
    return true;
}

/* Up to which moment, *last at most, no order may do anything; false: not even in the first one. */
static bool is_at_rest(const struct walk *walk, size_t moment, size_t *last)
{
    const struct backtest *backtest = walk->backtest;
    const struct ledger *ledger = &backtest->ledger;
    if (ledger->open_orders == 0)
        return true;
    if (fill_model_is_quoted(fill_model_of(&backtest->options.fills)) || ledger->sleeping > 0 || ledger->due > 0)
        return false;
    for (size_t i = 0; i < ledger->open_orders; i++) {
        const int slot = ledger->open_order[i]->slot;
        const int track = (size_t)slot < backtest->slot_tracks ? backtest->slot_track[slot] : -1;
        dec floor, ceiling;
        if (ledger->symbol_state[slot].open_order != ledger->open_order[i]) /* once for each symbol */
            continue;
        if (ledger->symbol_state[slot].open == 0 || !find_corridor(ledger, slot, &floor, &ceiling))
            return false;
        if (track < 0) /* no bar of it has come */
            continue;
        if (!window_has(backtest, track)) {
            if (backtest->track[track].sibling != track)
                return false; /* another one of the symbol may have */
            continue;
        }
        const struct piece *piece = &walk->window->piece[backtest->track[track].piece];
        for (size_t row = row_from(walk, piece, walk->window->first[moment]); row < piece->bars.count; row++) {
            const size_t at = walk->window->moment[piece->place[row]];
            if (at > *last)
                break;
            if (piece->bars.low[row] > floor && piece->bars.high[row] < ceiling)
                continue;
            if (at == moment)
                return false;
            *last = at - 1;
        }
    }
    return true;
}

/* How many moments from one on have nothing but prices to them. At the end of the last somebody may want something. */
static int count_quiet(struct walk *walk, size_t moment, size_t *quiet, struct error *error)
{
    const struct backtest *backtest = walk->backtest;
    const struct window *window = walk->window;
    *quiet = 0;
    /* What was sent is for the end of the first. */
    const bool sent = moment == 0 && (backtest->signals.count > 0 || backtest->orders.count > 0);
    size_t last = sent ? 0 : next_busy(walk, moment);
    /* With rates of other currencies, or with what expires, there is more to a moment than prices. */
    if (backtest->rated || backtest->ledger.exposed > 0 || backtest->ledger.next_expiry != INT64_MAX ||
        window->first[moment] == window->first[moment + 1])
        return 0;
    if (list_held(walk, error) != 0)
        return -1;
    for (size_t i = 0; i < backtest->memory.held_count; i++) {
        struct piece *piece = &window->piece[backtest->memory.held[i]];
        piece->at = row_from(walk, piece, window->first[moment]);
        if (!is_marked_by(walk, piece))
            return 0;
    }
    *quiet = is_at_rest(walk, moment, &last) ? last + 1 - moment : 0;
    if (*quiet > 1 && orders_has_nights(&backtest->manager, window->end[last])) { /* they come first */
        *quiet = 1;
        while (!orders_has_nights(&backtest->manager, window->end[moment + *quiet]))
            ++*quiet;
    }
    return 0;
}

/* What the account is worth at the ends of quiet moments. *count: of how many, those before the first that is out of
 * range. */
static void find_worth(const struct walk *walk, size_t moment, size_t *count, struct curve *curve)
{
    const struct backtest *backtest = walk->backtest;
    const struct window_memory *memory = &backtest->memory;
    const struct piece *first = memory->held_count > 0 ? &walk->window->piece[memory->held[0]] : NULL;
    const size_t until = moment + *count;
    if (memory->held_count == 1 && first->at + *count <= first->bars.count &&
        walk->window->moment[first->place[first->at + *count - 1]] + 1 == until) { /* it has a bar in each */
        *count = ledger_worth_at(&backtest->ledger, backtest->track[first->track].slot, first->bars.close + first->at,
                                 *count, curve);
        return;
    }
    struct worth_sum sum;
    ledger_worth_begin(&backtest->ledger, &sum, *count);
    for (size_t i = 0; i < memory->held_count; i++) {
        const struct piece *piece = &walk->window->piece[memory->held[i]];
        ledger_worth_begin_slot(&backtest->ledger, &sum, backtest->track[piece->track].slot);
        for (size_t row = piece->at; row < piece->bars.count; row++) {
            const size_t at = walk->window->moment[piece->place[row]];
            if (at >= until)
                break;
            ledger_worth_mark(&sum, at - moment, piece->bars.close[row]);
        }
    }
    *count = ledger_worth_end(&backtest->ledger, &sum, curve);
}

static int note_points(struct walk *walk, size_t moment, const struct curve *curve, size_t count, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    const int64_t *end = walk->window->end + moment;
    if (ledger_note_curve(&backtest->ledger, end, curve, count, error) != 0 ||
        metrics_curve(&backtest->metrics, end, curve->equity, curve->exposure, count, error) != 0)
        return -1;
    for (size_t i = 0; backtest->options.write != NULL && i < count; i++) {
        const struct worth worth = {curve->equity[i], curve->exposure[i]};
        if (write_point(backtest, end[i], &worth, error) != 0)
            return -1;
    }
    return 0;
}

/* The marks of what is held are of the last bars of the moments before `until`. Where that is a bar that set it already
 * the same again is the same. */
static int keep_marks(struct walk *walk, size_t until, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    const struct window_memory *memory = &backtest->memory;
    for (size_t i = 0; i < memory->held_count; i++) {
        struct piece *piece = &walk->window->piece[memory->held[i]];
        const struct track *track = &backtest->track[piece->track];
        const size_t begin = piece->at, end = row_from(walk, piece, walk->window->first[until]);
        if (end == begin)
            continue;
        const struct bars passed = bars_part(&piece->bars, begin, end - begin);
        const struct bars last = bars_part(&piece->bars, end - 1, 1);
        if (backtest->excursions > 0)
            backtest_note_excursions(backtest, track->slot, &passed);
        if (backtest_take_bar(backtest, track->slot, track->interval, &last, error) != 0)
            return -1;
    }
    return 0;
}

/* Where nothing at all is held every point is like the first, and a day that goes on need not be told of them. */
static int pass_flat(struct walk *walk, size_t moment, size_t count, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    const int64_t last = walk->window->end[moment + count - 1];
    struct curve curve;
    curve.equity[0] = curve.lowest = backtest->ledger.cash;
    curve.exposure[0] = 0;
    /* Nor of the first, after one of the same day that was like it. */
    if (backtest->options.write == NULL && backtest->metrics.last_equity == curve.lowest &&
        last <= backtest->ledger.day_ends && curve.lowest >= backtest->ledger.day_lowest &&
        metrics_repeat(&backtest->metrics, count, last))
        return ledger_advance(&backtest->ledger, last, error);
    if (note_points(walk, moment, &curve, 1, error) != 0)
        return -1;
    if (count > 1 && (backtest->options.write != NULL || last > backtest->ledger.day_ends ||
                      !metrics_repeat(&backtest->metrics, count - 1, last))) {
        for (size_t i = 1; i + 1 < count; i++) {
            curve.equity[i] = curve.equity[0];
            curve.exposure[i] = 0;
        }
        if (note_points(walk, moment + 1, &curve, count - 1, error) != 0)
            return -1;
    }
    return ledger_advance(&backtest->ledger, last, error);
}

/* The first moment at which the broker might call is for itself: what he does is done there. */
static void leave_calls(const struct backtest *backtest, struct curve *curve, size_t *count)
{
    const struct ledger *ledger = &backtest->ledger;
    size_t n = 0;
    if (ledger->cash >= 0 && ledger->gross == ledger->value) /* nothing is owed or short */
        return;
    curve->lowest = DEC_MAX;
    for (; n < *count && !risk_may_be_called(&backtest->manager.limits, curve->equity[n], curve->exposure[n]); n++)
        curve->lowest = curve->equity[n] < curve->lowest ? curve->equity[n] : curve->lowest;
    *count = n;
}

/* Passes quiet moments in columns; *count: how many. */
static int pass_quiet(struct walk *walk, size_t moment, size_t *count, struct error *error)
{
    struct backtest *backtest = walk->backtest;
    struct ledger *ledger = &backtest->ledger;
    if (backtest->memory.held_count == 0 && ledger->gross == 0) {
        if (pass_flat(walk, moment, *count, error) != 0)
            return -1;
    } else {
        struct curve curve;
        find_worth(walk, moment, count, &curve);
        leave_calls(backtest, &curve, count);
        if (*count == 0)
            return 0;
        if (note_points(walk, moment, &curve, *count, error) != 0 || keep_marks(walk, moment + *count, error) != 0)
            return -1;
    }
    ledger->point = walk->window->end[moment + *count - 1];
    return ledger_advance(ledger, ledger->point, error);
}

static int pass(struct walk *walk, struct error *error)
{
    for (size_t m = 0; m < walk->moments; m++) {
        size_t quiet;
        if (backtest_pass_nights(walk->backtest, walk->window->end[m], error) != 0 ||
            count_quiet(walk, m, &quiet, error) != 0 || (quiet > 0 && pass_quiet(walk, m, &quiet, error) != 0) ||
            (quiet == 0 && pass_moment(walk, m, error) != 0))
            return -1;
        m += quiet > 0 ? quiet - 1 : 0;
        if (walk->due[m] > 0 && heed(walk, m, error) != 0)
            return -1;
        if (m == 0 && take_sent(walk, error) != 0)
            return -1;
    }
    return 0;
}

static void begin(struct walk *walk)
{
    struct backtest *backtest = walk->backtest;
    backtest->memory.held_fills = UINT64_MAX;
    for (size_t i = 0; i < walk->window->pieces; i++)
        for (int k = 0; k < backtest->options.count; k++) {
            backtest->track[walk->window->piece[i].track].member[k].due = DUE_NONE;
            set_due(walk, &walk->window->piece[i], k, 0);
        }
}

int backtest_walk(struct backtest *backtest, struct window *window, struct error *error)
{
    struct walk walk = {.backtest = backtest, .window = window};
    const int status = backtest_judge(backtest, window, &walk.moments, error);
    struct error judged;
    if (status != 0) {
        judged = *error;
        error_clear(error);
    }
    begin(&walk);
    if (pass(&walk, error) != 0)
        return backtest->failed ? -1 : backtest_is_broken(backtest, error);
    if (status == 0)
        return 0;
    /* The moment that nobody could judge has come nevertheless. */
    if (pass_moment(&walk, walk.moments, error) == 0)
        *error = judged;
    return -1;
}

int backtest_pass_open(struct backtest *backtest, struct error *error)
{
    struct pending_bars *pending = &backtest->pending;
    require(pending->moments <= 1);
    if (pending->passed < pending->bars && backtest_pass_nights(backtest, backtest->moment, error) != 0)
        return backtest_is_broken(backtest, error);
    for (; pending->passed < pending->bars; pending->passed++) {
        const struct window_bar *bar = &pending->bar[pending->passed];
        const struct track *track = &backtest->track[bar->track];
        const struct bars bars = bars_of(&bar->candle);
        if (backtest_pass_bar(backtest, track->slot, track->interval, &bars, error) != 0)
            return backtest_is_broken(backtest, error);
    }
    return 0;
}
