/* Round trips from the lots that fills close, and the figures of a book at its end. */
#include "show/account_report.h"

#include "base/list.h"
#include "base/num.h"
#include "show/flat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct fill_line *fill_of(const struct account_report *account_report, const char *id)
{
    const int64_t index = names_find(&account_report->fill_ids, str_of(id));
    return index < 0 || (size_t)index >= account_report->fills ? NULL : &account_report->fill[index];
}

/* |entry − stop| × quantity × multiplier, DEC_NONE when there is no stop or it is at the entry. */
static dec risk_of(const struct account_report *account_report, const struct fill_line *entry, dec quantity,
                   dec multiplier)
{
    const dec stop = entry->order < 0 ? DEC_NONE : account_report->order[entry->order].stop;
    dec distance, risk;
    if (stop == DEC_NONE || dec_subtract(&distance, entry->price, stop) != 0 || distance == 0 ||
        dec_multiply(&risk, distance < 0 ? -distance : distance, quantity, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&risk, risk, multiplier, ROUND_HALF_EVEN) != 0 || risk <= 0)
        return DEC_NONE;
    return risk;
}

/* The part of a fill's excursion that is of a lot it closes. */
static void add_excursion(dec *sum, dec of_fill, const struct lot_close *lot_close, dec quantity)
{
    const dec closed = lot_close->quantity < 0 ? -lot_close->quantity : lot_close->quantity;
    dec part;
    if (*sum != DEC_NONE &&
        (of_fill == DEC_NONE || dec_multiply_divide(&part, of_fill, closed, quantity, ROUND_HALF_EVEN) != 0 ||
         dec_add(sum, *sum, part) != 0))
        *sum = DEC_NONE;
}

static struct round_trip *round_trip_of(struct account_report *account_report, const struct lot_close *lot_close,
                                        const struct fill_line *entry, struct error *error)
{
    char key[2 * ID_SIZE + SYMBOL_SIZE];
    (void)snprintf(key, sizeof key, "%s %s %s", entry->order_id, lot_close->closing_order, lot_close->symbol);
    const int64_t index = names_add(&account_report->round_trip_keys, str_of(key), error);
    if (index < 0)
        return NULL;
    if ((size_t)index < account_report->round_trips)
        return &account_report->round_trip[index];
    if (list_grow(&account_report->round_trip, &account_report->round_trip_capacity, account_report->round_trips,
                  sizeof *account_report->round_trip, error) != 0)
        return NULL;
    struct round_trip *round_trip = &account_report->round_trip[account_report->round_trips++];
    *round_trip = (struct round_trip){
        .entered = lot_close->opened, .mfe = 0, .mae = 0, .risk = DEC_NONE, .exit_role = account_report->now->role};
    (void)snprintf(round_trip->symbol, sizeof round_trip->symbol, "%s", lot_close->symbol);
    (void)snprintf(round_trip->strategy, sizeof round_trip->strategy, "%s", lot_close->strategy);
    (void)snprintf(round_trip->entry_order, sizeof round_trip->entry_order, "%s", entry->order_id);
    (void)snprintf(round_trip->exit_order, sizeof round_trip->exit_order, "%s", lot_close->closing_order);
    return round_trip;
}

int account_report_lot_close(void *context, const struct lot_close *lot_close, struct error *error)
{
    struct account_report *account_report = context;
    const struct fill_line *entry = fill_of(account_report, lot_close->opening_fill),
                           *leaving = fill_of(account_report, account_report->now->id);
    require(leaving != NULL);
    if (entry == NULL) /* shares that came by a corporate action */
        entry = leaving;
    struct round_trip *round_trip = round_trip_of(account_report, lot_close, entry, error);
    if (round_trip == NULL)
        return -1;
    if (round_trip->exit_role == ROLE_NONE)
        round_trip->exit_role = leaving->role;
    round_trip->left = lot_close->closed;
    const dec multiplier = account_report->now->multiplier == DEC_NONE ? DEC_ONE : account_report->now->multiplier;
    dec risk = risk_of(account_report, entry, lot_close->quantity < 0 ? -lot_close->quantity : lot_close->quantity,
                       multiplier);
    dec mfe = account_report->now->mfe, mae = account_report->now->mae;
    if (lot_close->currency != 0 && (rate_convert(&entry->rate, risk, 1, ROUND_HALF_EVEN, &risk) != 0 ||
                                     rate_convert(&leaving->rate, mfe, 1, ROUND_HALF_EVEN, &mfe) != 0 ||
                                     rate_convert(&leaving->rate, mae, 1, ROUND_HALF_EVEN, &mae) != 0))
        return error_set(error, EXIT_INPUT, "%s: a round trip is out of range", lot_close->symbol);
    const bool whole = round_trip->quantity == 0 || round_trip->risk != DEC_NONE;
    dec in, out;
    if (dec_multiply(&in, lot_close->quantity, entry->price, ROUND_HALF_EVEN) != 0 ||
        dec_multiply(&out, lot_close->quantity, leaving->price, ROUND_HALF_EVEN) != 0 ||
        dec_add(&round_trip->quantity, round_trip->quantity, lot_close->quantity) != 0 ||
        dec_add(&round_trip->entry_amount, round_trip->entry_amount, in) != 0 ||
        dec_add(&round_trip->exit_amount, round_trip->exit_amount, out) != 0 ||
        dec_add(&round_trip->cost, round_trip->cost, lot_close->own_cost) != 0 ||
        dec_add(&round_trip->dividends, round_trip->dividends, lot_close->own_dividends) != 0 ||
        dec_add(&round_trip->pnl, round_trip->pnl, lot_close->own_realized) != 0 ||
        dec_add(&round_trip->pnl, round_trip->pnl, lot_close->own_dividends) != 0)
        return error_set(error, EXIT_INPUT, "%s: a round trip is out of range", lot_close->symbol);
    add_excursion(&round_trip->mfe, mfe, lot_close, account_report->now->quantity);
    add_excursion(&round_trip->mae, mae, lot_close, account_report->now->quantity);
    if (!whole || risk == DEC_NONE ||
        dec_add(&round_trip->risk, round_trip->risk == DEC_NONE ? 0 : round_trip->risk, risk) != 0)
        round_trip->risk = DEC_NONE;
    return 0;
}

int account_report_late_dividend(struct account_report *account_report, const struct cash *cash, struct error *error)
{
    const struct holding *holding = ledger_holding(&account_report->ledger, cash->strategy,
                                                   ledger_find_slot(&account_report->ledger, cash->symbol));
    for (size_t i = 0; holding != NULL && i < holding->lots; i++)
        if (holding->lot[i].opened < cash->time)
            return 0;
    for (size_t i = account_report->round_trips; i-- > 0;) {
        struct round_trip *round_trip = &account_report->round_trip[i];
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
static int add_opening(struct account_report *account_report, struct error *error)
{
    const struct payment *first = account_report->payment;
    if (account_report->payments == 0 || account_report->points == 0 || first->amount <= 0 ||
        first->time >= account_report->equity[0].time)
        return 0;
    if (list_grow(&account_report->equity, &account_report->point_capacity, account_report->points,
                  sizeof *account_report->equity, error) != 0)
        return -1;
    memmove(account_report->equity + 1, account_report->equity,
            account_report->points * sizeof *account_report->equity);
    account_report->equity[0] = (struct equity){.time = first->time,
                                                .equity = first->amount,
                                                .cash = first->amount,
                                                .exposure = DEC_NONE,
                                                .mode = account_report->mode};
    account_report->points++;
    account_report->has_opening = true;
    if (first->time < account_report->first)
        account_report->first = first->time;
    return 0;
}

/* Tell the metrics of the payments up to a moment. */
static int pay_until(struct account_report *account_report, int64_t time, size_t *paid, dec *sum, struct error *error)
{
    *sum = 0;
    for (; *paid < account_report->payments && account_report->payment[*paid].time <= time; (*paid)++)
        if (metrics_flow(&account_report->metrics, account_report->payment[*paid].amount, error) != 0 ||
            dec_add(sum, *sum, account_report->payment[*paid].amount) != 0)
            return error_set(error, EXIT_INPUT, "the sum of cash is out of range");
    return 0;
}

/* Closes of the sessions between the point before `i` and `i`, when nothing was held: equity moves by payments only.
 * Dates the calendar does not know stay without a point. */
static int add_idle_days(struct account_report *account_report, size_t i, size_t *paid, struct error *error)
{
    const struct equity *before = &account_report->equity[i - 1];
    const bool is_opening = i == 1 && account_report->has_opening;
    if (account_report->calendar.rules == NULL || (before->exposure != 0 && !is_opening))
        return 0;
    dec level = before->equity;
    struct error unknown;
    error_clear(&unknown);
    struct session session;
    if (calendar_current_or_next(&account_report->calendar, before->time, &session, &unknown) != 0)
        return 0;
    while (session.close < account_report->equity[i].time) {
        dec sum;
        if (pay_until(account_report, session.close, paid, &sum, error) != 0)
            return -1;
        if (dec_add(&level, level, sum) != 0)
            return error_set(error, EXIT_INPUT, "the sum of cash is out of range");
        if (metrics_equity(&account_report->metrics, session.close, level, 0, error) != 0)
            return -1;
        if (calendar_next(&account_report->calendar, session.date, &session, &unknown) != 0)
            return 0;
    }
    return 0;
}

int account_report_finish(struct account_report *account_report, struct error *error)
{
    if (add_opening(account_report, error) != 0)
        return -1;
    size_t paid = 0;
    for (size_t i = 0; i < account_report->points; i++) {
        const struct equity *point = &account_report->equity[i];
        dec paid_in;
        if ((i > 0 && add_idle_days(account_report, i, &paid, error) != 0) ||
            pay_until(account_report, point->time, &paid, &paid_in, error) != 0 ||
            metrics_equity(&account_report->metrics, point->time, point->equity, point->exposure, error) != 0)
            return -1;
    }
    for (size_t i = 0; i < account_report->round_trips; i++) {
        const struct round_trip *round_trip = &account_report->round_trip[i];
        metrics_trade(&account_report->metrics, &(struct metrics_trade){.entered = round_trip->entered,
                                                                        .left = round_trip->left,
                                                                        .pnl = round_trip->pnl,
                                                                        .mfe = round_trip->mfe,
                                                                        .mae = round_trip->mae,
                                                                        .risk = round_trip->risk});
    }
    return metrics_finish(&account_report->metrics, error);
}

double account_report_figure(const struct account_report *account_report, int metric)
{
    if (account_report->result_record == NULL || account_report->result.metrics.n == 0)
        return metric_table[metric].figure(&account_report->metrics);
    return flat_number(account_report->result.metrics, metric_table[metric].name);
}
