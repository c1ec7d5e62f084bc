/* Round trips from the lots that fills close, and the figures of a book at its end. */
#include "show/book.h"

#include "base/list.h"
#include "base/num.h"
#include "show/flat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct fill_line *fill_of(const struct book *book, const char *id)
{
    const int64_t index = names_find(&book->fill_ids, str_of(id));
    return index < 0 || (size_t)index >= book->fills ? NULL : &book->fill[index];
}

/* |entry − stop| × quantity × multiplier, DEC_NONE when there is no stop or it is at the entry. */
static dec risk_of(const struct book *book, const struct fill_line *entry, dec quantity, dec multiplier)
{
    const dec stop = entry->order < 0 ? DEC_NONE : book->order[entry->order].stop;
    dec distance, risk;
    if (stop == DEC_NONE || dec_subtract(&distance, entry->price, stop) != 0 || distance == 0 ||
        dec_multiply(&risk, distance < 0 ? -distance : distance, quantity, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&risk, risk, multiplier, ROUND_HALF_EVEN) != 0 || risk <= 0)
        return DEC_NONE;
    return risk;
}

/* The part of a fill's excursion that is of a lot it closes. */
static void add_excursion(dec *sum, dec of_fill, const struct closing *closing, dec quantity)
{
    const dec closed = closing->quantity < 0 ? -closing->quantity : closing->quantity;
    dec part;
    if (*sum != DEC_NONE &&
        (of_fill == DEC_NONE || dec_multiply_divide(&part, of_fill, closed, quantity, ROUND_HALF_EVEN) != 0 ||
         dec_add(sum, *sum, part) != 0))
        *sum = DEC_NONE;
}

static struct round_trip *round_trip_of(struct book *book, const struct closing *closing, const struct fill_line *entry,
                                        struct error *error)
{
    char key[2 * ID_SIZE + SYMBOL_SIZE];
    (void)snprintf(key, sizeof key, "%s %s %s", entry->order_id, closing->closing_order, closing->symbol);
    const int64_t index = names_add(&book->round_trip_keys, str_of(key), error);
    if (index < 0)
        return NULL;
    if ((size_t)index < book->round_trips)
        return &book->round_trip[index];
    if (list_grow(&book->round_trip, &book->round_trip_capacity, book->round_trips, sizeof *book->round_trip, error) !=
        0)
        return NULL;
    struct round_trip *round_trip = &book->round_trip[book->round_trips++];
    *round_trip = (struct round_trip){
        .entered = closing->opened, .mfe = 0, .mae = 0, .risk = DEC_NONE, .exit_role = book->now->role};
    (void)snprintf(round_trip->symbol, sizeof round_trip->symbol, "%s", closing->symbol);
    (void)snprintf(round_trip->strategy, sizeof round_trip->strategy, "%s", closing->strategy);
    (void)snprintf(round_trip->entry_order, sizeof round_trip->entry_order, "%s", entry->order_id);
    (void)snprintf(round_trip->exit_order, sizeof round_trip->exit_order, "%s", closing->closing_order);
    return round_trip;
}

int book_closing(void *context, const struct closing *closing, struct error *error)
{
    struct book *book = context;
    const struct fill_line *entry = fill_of(book, closing->opening_fill), *leaving = fill_of(book, book->now->id);
    require(leaving != NULL);
    if (entry == NULL) /* shares that came by a corporate action */
        entry = leaving;
    struct round_trip *round_trip = round_trip_of(book, closing, entry, error);
    if (round_trip == NULL)
        return -1;
    if (round_trip->exit_role == ROLE_NONE)
        round_trip->exit_role = leaving->role;
    round_trip->left = closing->closed;
    const dec multiplier = book->now->multiplier == DEC_NONE ? DEC_ONE : book->now->multiplier;
    dec risk = risk_of(book, entry, closing->quantity < 0 ? -closing->quantity : closing->quantity, multiplier);
    dec mfe = book->now->mfe, mae = book->now->mae;
    if (closing->currency != 0 && (rate_convert(&entry->rate, risk, 1, ROUND_HALF_EVEN, &risk) != 0 ||
                                   rate_convert(&leaving->rate, mfe, 1, ROUND_HALF_EVEN, &mfe) != 0 ||
                                   rate_convert(&leaving->rate, mae, 1, ROUND_HALF_EVEN, &mae) != 0))
        return error_set(error, EXIT_INPUT, "%s: a round trip is out of range", closing->symbol);
    const bool whole = round_trip->quantity == 0 || round_trip->risk != DEC_NONE;
    dec in, out;
    if (dec_multiply(&in, closing->quantity, entry->price, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&out, closing->quantity, leaving->price, ROUND_HALF_EVEN) != 0 ||
        dec_add(&round_trip->quantity, round_trip->quantity, closing->quantity) != 0 ||
        dec_add(&round_trip->entry_amount, round_trip->entry_amount, in) != 0 ||
        dec_add(&round_trip->exit_amount, round_trip->exit_amount, out) != 0 ||
        dec_add(&round_trip->cost, round_trip->cost, closing->own_cost) != 0 ||
        dec_add(&round_trip->dividends, round_trip->dividends, closing->own_dividends) != 0 ||
        dec_add(&round_trip->pnl, round_trip->pnl, closing->own_realized) != 0 ||
        dec_add(&round_trip->pnl, round_trip->pnl, closing->own_dividends) != 0)
        return error_set(error, EXIT_INPUT, "%s: a round trip is out of range", closing->symbol);
    add_excursion(&round_trip->mfe, mfe, closing, book->now->quantity);
    add_excursion(&round_trip->mae, mae, closing, book->now->quantity);
    if (!whole || risk == DEC_NONE ||
        dec_add(&round_trip->risk, round_trip->risk == DEC_NONE ? 0 : round_trip->risk, risk) != 0)
        round_trip->risk = DEC_NONE;
    return 0;
}

int book_late_dividend(struct book *book, const struct cash *cash, struct error *error)
{
    const struct holding *holding =
        ledger_holding(&book->ledger, cash->strategy, ledger_find_slot(&book->ledger, cash->symbol));
    for (size_t i = 0; holding != NULL && i < holding->lots; i++)
        if (holding->lot[i].opened < cash->time)
            return 0;
    for (size_t i = book->round_trips; i-- > 0;) {
        struct round_trip *round_trip = &book->round_trip[i];
        if (strcmp(round_trip->symbol, cash->symbol) != 0 || strcmp(round_trip->strategy, cash->strategy) != 0 ||
            round_trip->entered >= cash->time || round_trip->left < cash->time)
            continue;
        return dec_add(&round_trip->dividends, round_trip->dividends, cash->amount) == 0 &&
                       dec_add(&round_trip->pnl, round_trip->pnl, cash->amount) == 0
                   ? 0
                   : error_set(error, EXIT_INPUT, "%s: a round trip is out of range", cash->symbol);
    }
    return 0;
}

static dec average(dec amount, dec quantity)
{
    dec price;
    return quantity == 0 || dec_divide(&price, amount, quantity, ROUND_HALF_EVEN) != 0 ? DEC_NONE : price;
}

dec round_trip_entry_price(const struct round_trip *round_trip)
{
    return average(round_trip->entry_amount, round_trip->quantity);
}

dec round_trip_exit_price(const struct round_trip *round_trip)
{
    return average(round_trip->exit_amount, round_trip->quantity);
}

double round_trip_ratio(dec amount, dec whole)
{
    dec result;
    if (whole == DEC_NONE || dec_divide(&result, amount, whole < 0 ? -whole : whole, ROUND_HALF_EVEN) != 0)
        return NAN;
    return dec_to_double(result);
}

/* An account begins with its first deposit, not with the first moment at which something was held. */
static int add_opening(struct book *book, struct error *error)
{
    const struct payment *first = book->payment;
    if (book->payments == 0 || book->points == 0 || first->amount <= 0 || first->time >= book->equity[0].time)
        return 0;
    if (list_grow(&book->equity, &book->point_capacity, book->points, sizeof *book->equity, error) != 0)
        return -1;
    memmove(book->equity + 1, book->equity, book->points * sizeof *book->equity);
    book->equity[0] = (struct equity){
        .time = first->time, .equity = first->amount, .cash = first->amount, .exposure = DEC_NONE, .mode = book->mode};
    book->points++;
    book->has_opening = true;
    if (first->time < book->first)
        book->first = first->time;
    return 0;
}

/* Tell the metrics of the payments up to a moment. */
static int pay_until(struct book *book, int64_t time, size_t *paid, dec *sum, struct error *error)
{
    *sum = 0;
    for (; *paid < book->payments && book->payment[*paid].time <= time; (*paid)++)
        if (metrics_flow(&book->metrics, book->payment[*paid].amount, error) != 0 ||
            dec_add(sum, *sum, book->payment[*paid].amount) != 0)
            return error_set(error, EXIT_INPUT, "the sum of cash is out of range");
    return 0;
}

/* Closes of the sessions between the point before `i` and `i`, when nothing was held: equity moves by payments only.
 * Dates the calendar does not know stay without a point. */
static int add_idle_days(struct book *book, size_t i, size_t *paid, struct error *error)
{
    const struct equity *before = &book->equity[i - 1];
    const bool is_opening = i == 1 && book->has_opening;
    if (book->calendar.rules == NULL || (before->exposure != 0 && !is_opening))
        return 0;
    dec level = before->equity;
    struct error unknown;
    error_clear(&unknown);
    struct session session;
    if (calendar_current_or_next(&book->calendar, before->time, &session, &unknown) != 0)
        return 0;
    while (session.close < book->equity[i].time) {
        dec sum;
        if (pay_until(book, session.close, paid, &sum, error) != 0)
            return -1;
        if (dec_add(&level, level, sum) != 0)
            return error_set(error, EXIT_INPUT, "the sum of cash is out of range");
        if (metrics_equity(&book->metrics, session.close, level, 0, error) != 0)
            return -1;
        if (calendar_next(&book->calendar, session.date, &session, &unknown) != 0)
            return 0;
    }
    return 0;
}

int book_finish(struct book *book, struct error *error)
{
    if (add_opening(book, error) != 0)
        return -1;
    size_t paid = 0;
    for (size_t i = 0; i < book->points; i++) {
        const struct equity *point = &book->equity[i];
        dec paid_in;
        if ((i > 0 && add_idle_days(book, i, &paid, error) != 0) ||
            pay_until(book, point->time, &paid, &paid_in, error) != 0 ||
            metrics_equity(&book->metrics, point->time, point->equity, point->exposure, error) != 0)
            return -1;
    }
    for (size_t i = 0; i < book->round_trips; i++) {
        const struct round_trip *round_trip = &book->round_trip[i];
        metrics_trade(&book->metrics, &(struct metrics_trade){.entered = round_trip->entered,
                                                              .left = round_trip->left,
                                                              .pnl = round_trip->pnl,
                                                              .mfe = round_trip->mfe,
                                                              .mae = round_trip->mae,
                                                              .risk = round_trip->risk});
    }
    return metrics_finish(&book->metrics, error);
}

double book_figure(const struct book *book, int metric)
{
    if (book->result_record == NULL || book->result.metrics.n == 0)
        return metric_table[metric].figure(&book->metrics);
    return flat_number(book->result.metrics, metric_table[metric].name);
}
