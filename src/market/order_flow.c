/* Order flow of one symbol. */
#include "market/order_flow.h"

#include "base/list.h"
#include "base/num.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SUM_MAX ((dec_wide)INT64_MAX * DEC_ONE)

int flow_init(struct flow_meter *flow, const struct flow_terms *terms, const char *symbol, struct error *error)
{
    const struct interval interval = terms->interval;
    const bool daily = interval_is_daily(interval);
    if (interval.unit == INTERVAL_NONE || interval_is_counted(interval) ||
        (daily && (interval.unit != INTERVAL_DAY || interval.count != 1)) ||
        (!daily && interval_end(interval, 0) > TIME_DAY))
        return error_set(error, EXIT_USAGE, "order flow needs a time interval, up to 1d");
    *flow = (struct flow_meter){.terms = *terms, .until = INT64_MIN, .day = INT64_MIN};
    flow->mid2 = DEC_NONE;
    flow->last_price = DEC_NONE;
    flow->spread.value = flow->bid.value = flow->ask.value = flow->imbalance.value = NAN;
    (void)snprintf(flow->symbol, sizeof flow->symbol, "%s", symbol);
    return 0;
}

void flow_clear(struct flow_meter *flow)
{
    free(flow->row);
    *flow = (struct flow_meter){.rows = 0};
}

/* ---- the interval ---- */

static void begin_level(struct flow_level *level)
{
    level->weighted = level->ns = 0;
    level->low = level->high = level->value;
}

/* An interval begins: what stood before it stands still, but a new session begins with nothing. */
static void begin(struct flow_meter *flow)
{
    const int64_t day = flow->slot.session.date;
    if (flow->day != day) {
        flow->day = day;
        flow->session_buy = flow->session_sell = 0;
        flow->spread.value = flow->bid.value = flow->ask.value = flow->imbalance.value = NAN;
        flow->mid2 = flow->last_price = DEC_NONE;
        flow->direction = 0;
    }
    flow->rows = 0;
    flow->buy = flow->sell = flow->volume = flow->value = flow->large = 0;
    flow->largest = 0;
    flow->trades = flow->larges = flow->quotes = 0;
    flow->effective = flow->effective_quantity = 0;
    flow->since = flow->slot.start;
    begin_level(&flow->spread);
    begin_level(&flow->bid);
    begin_level(&flow->ask);
    begin_level(&flow->imbalance);
    flow->open = true;
}

/* Into the interval of a moment: 1; 0 when it is of none, or of one that is out. */
static int enter(struct flow_meter *flow, int64_t time, enum flow_fate *fate, struct error *error)
{
    struct bar_slot slot;
    *fate = FLOW_USED;
    if (flow->open && time >= flow->slot.start && time < flow->slot.end && flow->terms.interval.unit != INTERVAL_DAY)
        return 1;
    const int found = bar_slot(flow->terms.calendar, flow->terms.interval, flow->terms.extended, time, &slot, error);
    if (found <= 0) {
        *fate = FLOW_OUTSIDE;
        return found;
    }
    if (slot.end <= flow->until || (flow->open && slot.start < flow->slot.start)) {
        *fate = FLOW_LATE;
        return 0;
    }
    if (!flow->open || slot.start != flow->slot.start) {
        require(!flow->open); /* whoever calls advances first */
        flow->slot = slot;
        begin(flow);
    }
    return 1;
}

/* ---- quotes ---- */

static void stand(struct flow_level *level, double ns)
{
    if (isnan(level->value))
        return;
    level->weighted += level->value * ns;
    level->ns += ns;
}

static void set_level(struct flow_level *level, double value)
{
    level->value = value;
    if (isnan(value))
        return;
    level->low = isnan(level->low) || value < level->low ? value : level->low;
    level->high = isnan(level->high) || value > level->high ? value : level->high;
}

/* What stood until now counts for as long as it did. */
static void pass_time(struct flow_meter *flow, int64_t time)
{
    if (time <= flow->since)
        return;
    const double ns = (double)(time - flow->since);
    stand(&flow->spread, ns);
    stand(&flow->bid, ns);
    stand(&flow->ask, ns);
    stand(&flow->imbalance, ns);
    flow->since = time;
}

int flow_quote(struct flow_meter *flow, int64_t time, dec bid, double bid_size, dec ask, double ask_size,
               enum flow_fate *fate, struct error *error)
{
    const int in = enter(flow, time, fate, error);
    if (in <= 0)
        return in;
    pass_time(flow, time);
    flow->quotes++;
    const bool both = bid != DEC_NONE && ask != DEC_NONE && bid > 0 && ask >= bid && ask <= DEC_MAX - bid;
    const double total = bid_size + ask_size;
    flow->mid2 = both ? bid + ask : DEC_NONE;
    set_level(&flow->spread, both ? dec_to_double(ask - bid) : NAN);
    set_level(&flow->bid, both ? bid_size : NAN);
    set_level(&flow->ask, both ? ask_size : NAN);
    set_level(&flow->imbalance, both && total > 0 ? (bid_size - ask_size) / total : NAN);
    return 0;
}

/* ---- trades ---- */

static struct flow_row *row_of(struct flow_meter *flow, dec price, struct error *error)
{
    const int64_t row = price / flow->terms.tick;
    size_t low = 0, high = flow->rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (flow->row[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < flow->rows && flow->row[low].row == row)
        return &flow->row[low];
    if (flow->rows >= FLOW_ROWS_MAX) {
        (void)error_set(error, EXIT_INPUT, "more than %d rows in one profile: the tick is too small", FLOW_ROWS_MAX);
        return NULL;
    }
    if (list_grow(&flow->row, &flow->capacity, flow->rows, sizeof *flow->row, error) < 0)
        return NULL;
    memmove(&flow->row[low + 1], &flow->row[low], (flow->rows - low) * sizeof *flow->row);
    flow->row[low] = (struct flow_row){.row = row};
    flow->rows++;
    return &flow->row[low];
}

/* 1 bought, -1 sold, 0 undecided. */
static int side_of(struct flow_meter *flow, const struct trade *trade)
{
    if (flow->last_price != DEC_NONE && trade->price != flow->last_price)
        flow->direction = trade->price > flow->last_price ? 1 : -1;
    flow->last_price = trade->price;
    if (trade->side == SIDE_BUY || trade->side == SIDE_SELL)
        return trade->side == SIDE_BUY ? 1 : -1;
    if (flow->mid2 != DEC_NONE && trade->price <= DEC_MAX / 2 && 2 * trade->price != flow->mid2)
        return 2 * trade->price > flow->mid2 ? 1 : -1;
    return flow->direction;
}

int flow_trade(struct flow_meter *flow, const struct trade *trade, enum flow_fate *fate, struct error *error)
{
    const dec_wide quantity = (dec_wide)trade->quantity, value = (dec_wide)trade->price * quantity;
    const int in = enter(flow, trade->time, fate, error);
    if (in <= 0)
        return in;
    if (flow->volume + quantity > SUM_MAX || flow->session_buy + flow->session_sell + quantity > SUM_MAX ||
        value > SUM_MAX * DEC_ONE || flow->value > SUM_MAX * DEC_ONE - value)
        return error_set(error, EXIT_INPUT, "the value traded in one interval is too large");
    struct flow_row *row = row_of(flow, trade->price, error);
    if (row == NULL)
        return -1;
    const int side = side_of(flow, trade);
    *(side > 0 ? &row->buy : side < 0 ? &row->sell : &row->other) += quantity;
    flow->buy += side > 0 ? quantity : 0;
    flow->sell += side < 0 ? quantity : 0;
    flow->session_buy += side > 0 ? quantity : 0;
    flow->session_sell += side < 0 ? quantity : 0;
    flow->volume += quantity;
    flow->value += value;
    flow->trades++;
    flow->largest = trade->quantity > flow->largest ? trade->quantity : flow->largest;
    if (flow->terms.large > 0 && trade->quantity >= flow->terms.large) {
        flow->larges++;
        flow->large += quantity;
    }
    if (flow->mid2 != DEC_NONE) { /* twice the distance from the middle: |2p - (bid + ask)| */
        const double size = dec_to_double(trade->quantity);
        flow->effective += fabs(2 * dec_to_double(trade->price) - dec_to_double(flow->mid2)) * size;
        flow->effective_quantity += size;
    }
    return 0;
}

/* ---- what comes of it ---- */

static double number_of(dec_wide sum)
{
    return (double)(int64_t)(sum / DEC_ONE) + dec_to_double((dec)(sum % DEC_ONE));
}

static dec_wide volume_of(const struct flow_meter *flow, size_t at)
{
    return flow->row[at].buy + flow->row[at].sell + flow->row[at].other;
}

/* The row with the most volume; of equal ones the nearest to the middle, then the lower. */
static size_t control_of(const struct flow_meter *flow)
{
    const int64_t sum = flow->row[0].row + flow->row[flow->rows - 1].row;
    size_t found = 0;
    for (size_t i = 1; i < flow->rows; i++) {
        const dec_wide volume = volume_of(flow, i), most = volume_of(flow, found);
        const bool nearer = llabs(2 * flow->row[i].row - sum) < llabs(2 * flow->row[found].row - sum);
        if (volume > most || (volume == most && nearer))
            found = i;
    }
    return found;
}

/* From the point of control, two rows at a time. */
static void value_area(const struct flow_meter *flow, size_t control, size_t *low, size_t *high)
{
    const size_t top = flow->rows - 1;
    dec_wide inside = volume_of(flow, control);
    const double wanted = flow->terms.area * number_of(flow->volume);
    *low = *high = control;
    while (number_of(inside) < wanted && (*low > 0 || *high < top)) {
        dec_wide above = 0, below = 0;
        for (size_t i = *high + 1; i <= *high + 2 && i <= top; i++)
            above += volume_of(flow, i);
        for (size_t i = 1; i <= 2 && i <= *low; i++)
            below += volume_of(flow, *low - i);
        if (*low == 0 || (*high < top && above >= below)) {
            inside += above;
            *high = *high + 2 < top ? *high + 2 : top;
        } else {
            inside += below;
            *low = *low > 2 ? *low - 2 : 0;
        }
    }
}

static double mean_of(const struct flow_level *level)
{
    return level->ns > 0 ? level->weighted / level->ns : NAN;
}

static void fill_trades(const struct flow_meter *flow, struct order_flow *out)
{
    size_t low, high;
    const dec tick = flow->terms.tick;
    out->volume = number_of(flow->volume);
    out->trades = flow->trades;
    out->buy = number_of(flow->buy);
    out->sell = number_of(flow->sell);
    out->delta = out->buy - out->sell;
    out->session_delta = number_of(flow->session_buy) - number_of(flow->session_sell);
    if (flow->terms.large > 0) {
        out->large_trades = flow->larges;
        out->large = number_of(flow->large);
    }
    if (flow->rows == 0)
        return;
    if (flow->buy + flow->sell > 0)
        out->imbalance = out->delta / (out->buy + out->sell);
    out->largest = dec_to_double(flow->largest);
    out->vwap = (dec)((flow->value + flow->volume / 2) / flow->volume);
    const size_t control = control_of(flow);
    value_area(flow, control, &low, &high);
    out->control = flow->row[control].row * tick;
    out->value_low = flow->row[low].row * tick;
    out->value_high = flow->row[high].row * tick;
}

int flow_advance(struct flow_meter *flow, int64_t moment, struct order_flow *out)
{
    if (!flow->open || moment < flow->slot.end)
        return 0;
    pass_time(flow, flow->slot.end);
    flow->open = false;
    flow->until = flow->slot.end;
    if (flow->trades == 0 && flow->quotes == 0)
        return 0;
    record_blank(RECORD_ORDER_FLOW, out);
    out->time = flow->slot.start;
    out->end = flow->slot.end;
    out->interval = flow->terms.interval;
    memcpy(out->symbol, flow->symbol, sizeof out->symbol);
    if (interval_is_daily(flow->terms.interval))
        out->session = flow->slot.session.date;
    fill_trades(flow, out);
    out->quotes = flow->quotes;
    if (flow->spread.ns > 0) {
        out->spread = mean_of(&flow->spread);
        out->spread_low = flow->spread.low;
        out->spread_high = flow->spread.high;
        out->bid_depth = mean_of(&flow->bid);
        out->ask_depth = mean_of(&flow->ask);
        out->depth_imbalance = mean_of(&flow->imbalance);
    }
    if (flow->effective_quantity > 0)
        out->effective = flow->effective / flow->effective_quantity;
    return 1;
}

void flow_rows(const struct flow_meter *flow, struct buf *out)
{
    char price[DEC_TEXT_MAX], figure[3][NUM_TEXT_MAX];
    buf_add_char(out, '[');
    for (size_t i = flow->rows; i-- > 0;) {
        const struct flow_row *row = &flow->row[i];
        (void)dec_format(price, row->row * flow->terms.tick);
        num_format(figure[0], number_of(row->buy));
        num_format(figure[1], number_of(row->sell));
        num_format(figure[2], number_of(row->other));
        buf_printf(out, "%s[%s,%s,%s,%s]", i == flow->rows - 1 ? "" : ",", price, figure[0], figure[1], figure[2]);
    }
    buf_add_char(out, ']');
}
