/* Collecting a curve, fills and trades, and working out what needs all of them. The figures are in metric_table.c. */
#include "stat/metrics.h"

#include "base/list.h"
#include "base/math.h"
#include "base/time.h"
#include "stat/day.h"

#include <math.h>
#include <stdlib.h>

/* Daily returns that vary by less than this do so by rounding only: 1e-7 of a currency unit on 100 000. */
#define NOISE 1e-12
#define TAIL  0.05

void metrics_init(struct metrics *metrics, const struct metrics_options *options)
{
    static const struct metrics_options standard = {.sessions = METRICS_SESSIONS};
    *metrics = (struct metrics){
        .options = options == NULL ? standard : *options,
        .first_time = TIME_NONE,
        .last_time = TIME_NONE,
        .first_equity = DEC_NONE,
        .last_equity = DEC_NONE,
        .scale = 1,
        .drawdown = {.peak_time = TIME_NONE, .deepest_from = TIME_NONE, .deepest_until = TIME_NONE},
        .periods = NAN,
        .mean = NAN,
        .deviation = NAN,
        .downside = NAN,
        .quantile = NAN,
        .tail = NAN,
        .best = NAN,
        .worst = NAN,
        .mean_equity = NAN,
        .scale_by_lags = NAN,
        .ulcer = NAN,
        .pain = NAN,
        .gains = NAN,
        .losses_sum = NAN,
        .upper = NAN,
        .growth = NAN,
        .growth_error = NAN,
    };
    sample_take(&metrics->sample, NULL, 0);
    require(metrics->options.sessions > 0);
}

void metrics_clear(struct metrics *metrics)
{
    free(metrics->daily);
    metrics->daily = NULL;
    metrics->days = metrics->capacity = 0;
}

static int sum_add(dec *sum, dec more, const char *what, struct error *error)
{
    if (dec_add(sum, *sum, more) != 0)
        return error_set(error, EXIT_INPUT, "the sum of %s is out of range", what);
    return 0;
}

int metrics_flow(struct metrics *metrics, dec amount, struct error *error)
{
    require(!metrics->finished && amount != DEC_NONE);
    return sum_add(&metrics->flow_pending, amount, "payments", error);
}

static int day_begin(struct metrics *metrics, int64_t time, double value, double money, struct error *error)
{
    if (list_grow(&metrics->daily, &metrics->capacity, metrics->days, sizeof *metrics->daily, error) != 0)
        return -1;
    metrics->daily[metrics->days++] = value;
    metrics->money += metrics->day_money;
    metrics->day_money = money;
    metrics->day_ends = day_end_of(metrics->options.zone, &metrics->clock, time);
    return 0;
}

/* A day that has a point already gets its value replaced, but the first point of all stays: it is the base. */
static int day_put(struct metrics *metrics, int64_t time, double value, double money, struct error *error)
{
    if (metrics->days <= 1 || time > metrics->day_ends)
        return day_begin(metrics, time, value, money, error);
    metrics->daily[metrics->days - 1] = value;
    metrics->day_money = money;
    return 0;
}

static inline void drawdown_put(struct drawdown *drawdown, int64_t time, double value)
{
    if (drawdown->deepest > 0 && drawdown->deepest_until == TIME_NONE && value >= drawdown->deepest_peak)
        drawdown->deepest_until = time;
    if (drawdown->peak_time == TIME_NONE || value >= drawdown->peak) {
        drawdown->peak = value;
        drawdown->peak_time = time;
        drawdown->lowest = value;
        return;
    }
    if (value >= drawdown->lowest)
        return;
    drawdown->lowest = value;
    const double depth = 1 - value / drawdown->peak;
    if (depth > drawdown->deepest) {
        drawdown->deepest = depth;
        drawdown->deepest_peak = drawdown->peak;
        drawdown->deepest_from = drawdown->peak_time;
        drawdown->deepest_until = TIME_NONE;
    }
}

static int refuse_order(const struct metrics *metrics, int64_t time, struct error *error)
{
    char early[TIME_TEXT_MAX], late[TIME_TEXT_MAX];
    (void)time_format(early, time);
    (void)time_format(late, metrics->last_time);
    return error_set(error, EXIT_INPUT, "equity point of %s comes after that of %s", early, late);
}

/* The value of a point before which money was paid in or out: what the last point had and the payment made earned the
 * difference. */
static int value_after_flow(struct metrics *metrics, double money, struct error *error)
{
    const double base = (double)metrics->last_equity + (double)metrics->flow_pending;
    metrics->empty = base <= 0 && money == 0;
    if (base > 0) {
        metrics->scale = metrics->value / base;
        metrics->value = metrics->scale * money;
    } else if (!metrics->empty) {
        metrics->ruined = true;
    }
    const dec flow = metrics->flow_pending;
    metrics->flow_pending = 0;
    return sum_add(&metrics->flows, flow, "payments", error);
}

/* A point like most: money in it, none paid in or out before. False, and nothing is done, where there is more to it. */
static bool point_put(struct metrics *metrics, int64_t time, dec equity, dec exposure)
{
    if (metrics->days <= 1 || metrics->flow_pending != 0 || metrics->value <= 0 || equity <= 0 || exposure < 0 ||
        time < metrics->last_time)
        return false;
    const double money = (double)equity, value = metrics->scale * money;
    if (time > metrics->day_ends) {
        if (metrics->days == metrics->capacity)
            return false;
        metrics->days++;
        metrics->money += metrics->day_money;
        metrics->day_ends = day_end_of(metrics->options.zone, &metrics->clock, time);
    }
    metrics->daily[metrics->days - 1] = metrics->value = value;
    metrics->day_money = money;
    drawdown_put(&metrics->drawdown, time, value);
    metrics->exposure_points++;
    if (exposure != 0) {
        metrics->exposure_sum += (double)exposure / money;
        metrics->exposed_points++;
    }
    metrics->last_time = time;
    metrics->last_equity = equity;
    metrics->points++;
    return true;
}

int metrics_equity(struct metrics *metrics, int64_t time, dec equity, dec exposure, struct error *error)
{
    require(!metrics->finished && equity != DEC_NONE);
    if (point_put(metrics, time, equity, exposure))
        return 0;
    if (time < metrics->last_time) /* TIME_NONE is before every time */
        return refuse_order(metrics, time, error);
    const double money = (double)equity;
    if (metrics->points == 0) {
        metrics->first_time = time;
        metrics->first_equity = equity;
        metrics->flow_pending = 0;
    } else if (metrics->value <= 0) {
        metrics->ruined = true;
    }
    if (metrics->flow_pending == 0)
        metrics->value = metrics->empty && money == 0 ? metrics->value : metrics->scale * money;
    else if (value_after_flow(metrics, money, error) != 0)
        return -1;
    if (day_put(metrics, time, metrics->value, money, error) != 0)
        return -1;
    drawdown_put(&metrics->drawdown, time, metrics->value);
    if (exposure != DEC_NONE && equity > 0) {
        metrics->exposure_points++;
        if (exposure != 0) {
            metrics->exposure_sum += (double)exposure / money;
            metrics->exposed_points++;
        }
    }
    metrics->last_time = time;
    metrics->last_equity = equity;
    metrics->points++;
    return 0;
}

/* Is a point of the day of the last one, with something held? DEC_NONE is below zero. */
static bool is_plain(const struct metrics *metrics, int64_t time, dec equity, dec exposure)
{
    return equity > 0 && exposure > 0 && time <= metrics->day_ends;
}

/* How many points from the first on are so, in order. */
static size_t count_plain(const struct metrics *metrics, const int64_t *time, const dec *equity, const dec *exposure,
                          size_t count)
{
    int64_t last = metrics->last_time;
    size_t n = 0;
    for (; n < count && time[n] >= last && is_plain(metrics, time[n], equity[n], exposure[n]); n++)
        last = time[n];
    return n;
}

/* Points of the day of the last one, with something held and no money paid in or out: nearly all of a long curve. The
 * number of those taken. */
static size_t curve_put(struct metrics *metrics, const int64_t *time, const dec *equity, const dec *exposure,
                        size_t count)
{
    if (metrics->days <= 1 || metrics->flow_pending != 0 || metrics->value <= 0 || count == 0 ||
        !is_plain(metrics, time[0], equity[0], exposure[0]))
        return 0;
    if (time[count - 1] > metrics->day_ends)
        count = count_plain(metrics, time, equity, exposure, count);
    /* What ends it early is looked for only when something did: nearly always it is all of them. */
    dec lowest = DEC_MAX, least = DEC_MAX, highest = 0;
    double sum = metrics->exposure_sum;
    int64_t last = metrics->last_time;
    size_t n = 0;
    for (; n < count && time[n] >= last; n++) {
        last = time[n];
        lowest = equity[n] < lowest ? equity[n] : lowest;
        highest = equity[n] > highest ? equity[n] : highest;
        least = exposure[n] < least ? exposure[n] : least;
        sum += (double)exposure[n] / (double)equity[n];
    }
    if (n < count || lowest <= 0 || least <= 0)
        return curve_put(metrics, time, equity, exposure, count_plain(metrics, time, equity, exposure, count));
    const double scale = metrics->scale;
    if (scale * (double)highest < metrics->drawdown.peak) /* the lowest stands for all */
        drawdown_put(&metrics->drawdown, last, scale * (double)lowest);
    else
        for (size_t i = 0; i < n; i++)
            drawdown_put(&metrics->drawdown, time[i], scale * (double)equity[i]);
    metrics->day_money = (double)equity[n - 1];
    metrics->daily[metrics->days - 1] = metrics->value = scale * metrics->day_money;
    metrics->exposure_sum = sum;
    metrics->exposure_points += n;
    metrics->exposed_points += n;
    metrics->last_time = time[n - 1];
    metrics->last_equity = equity[n - 1];
    metrics->points += n;
    return n;
}

int metrics_curve(struct metrics *metrics, const int64_t *time, const dec *equity, const dec *exposure, size_t count,
                  struct error *error)
{
    for (size_t i = 0; i < count;) {
        i += curve_put(metrics, time + i, equity + i, exposure + i, count - i);
        if (i < count && metrics_equity(metrics, time[i], equity[i], exposure[i], error) != 0)
            return -1;
        i += i < count;
    }
    return 0;
}

bool metrics_repeat(struct metrics *metrics, size_t count, int64_t time)
{
    if (metrics->days <= 1 || metrics->flow_pending != 0 || metrics->scale != 1 || metrics->last_equity <= 0 ||
        time < metrics->last_time || time > metrics->day_ends)
        return false;
    if (metrics->value >= metrics->drawdown.peak)
        metrics->drawdown.peak_time = time;
    metrics->exposure_points += count;
    metrics->last_time = time;
    metrics->points += count;
    return true;
}

void metrics_fill(struct metrics *metrics, dec value, dec cost, dec slippage)
{
    require(!metrics->finished && value >= 0 && cost != DEC_NONE);
    metrics->fills++;
    metrics->traded += value;
    metrics->cost += cost;
    if (slippage == DEC_NONE)
        return;
    metrics->knows_slippage = true;
    metrics->slippage += slippage;
}

void metrics_trade(struct metrics *metrics, const struct metrics_trade *trade)
{
    require(!metrics->finished && trade->pnl != DEC_NONE && (trade->risk == DEC_NONE || trade->risk > 0));
    const double money = dec_to_double(trade->pnl);
    metrics->trades++;
    metrics->pnl_squares += money * money;
    metrics->losing = trade->pnl < 0 ? metrics->losing + 1 : 0;
    if (metrics->losing > metrics->losing_streak)
        metrics->losing_streak = metrics->losing;
    if (trade->pnl > 0) {
        metrics->wins++;
        metrics->won += trade->pnl;
    } else if (trade->pnl < 0) {
        metrics->losses++;
        metrics->lost -= trade->pnl;
    }
    if (trade->risk != DEC_NONE) {
        metrics->risk_trades++;
        const double multiple = money / dec_to_double(trade->risk);
        metrics->risk_sum += multiple;
        metrics->risk_squares += multiple * multiple;
    }
    if (trade->mfe != DEC_NONE && trade->mae != DEC_NONE) {
        metrics->excursion_trades++;
        metrics->mfe_sum += dec_to_double(trade->mfe);
        metrics->mae_sum += dec_to_double(trade->mae);
    }
    if (trade->entered != TIME_NONE && trade->left != TIME_NONE) {
        metrics->holding_trades++;
        metrics->holding_sum += (double)(trade->left - trade->entered) / (double)TIME_DAY;
    }
}

void metrics_add_trades(struct metrics *metrics, const struct metrics *other)
{
    require(!metrics->finished);
    metrics->fills += other->fills;
    metrics->traded += other->traded;
    metrics->cost += other->cost;
    metrics->slippage += other->slippage;
    metrics->knows_slippage |= other->knows_slippage;
    metrics->trades += other->trades;
    metrics->wins += other->wins;
    metrics->losses += other->losses;
    metrics->won += other->won;
    metrics->lost += other->lost;
    metrics->holding_trades += other->holding_trades;
    metrics->holding_sum += other->holding_sum;
    metrics->excursion_trades += other->excursion_trades;
    metrics->mfe_sum += other->mfe_sum;
    metrics->mae_sum += other->mae_sum;
    metrics->risk_trades += other->risk_trades;
    metrics->risk_sum += other->risk_sum;
    metrics->risk_squares += other->risk_squares;
    metrics->pnl_squares += other->pnl_squares;
    if (other->losing_streak > metrics->losing_streak)
        metrics->losing_streak = other->losing_streak;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* By linear interpolation between ranks (Hyndman and Fan 1996, type 7). */
static double quantile_of(const double *sorted, size_t count, double share)
{
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Puts the k-th smallest in its place, those before it are not greater and those behind it not smaller (C. Hoare,
 * Algorithm 65, CACM 4, 1961): a curve has thousands of returns, and only their ends are asked for. */
static void select_smallest(double *list, size_t count, size_t k)
{
    int64_t low = 0, high = (int64_t)count - 1;
    while (low < high) {
        const double pivot = list[k];
        int64_t i = low, j = high;
        while (i <= j) {
            while (list[i] < pivot)
                i++;
            while (pivot < list[j])
                j--;
            if (i > j)
                break;
            const double swapped = list[i];
            list[i++] = list[j];
            list[j--] = swapped;
        }
        if (j < (int64_t)k)
            low = i;
        if ((int64_t)k < i)
            high = j;
    }
}

/* As if all were sorted: the ends, with what the 5 % quantiles are made of. */
static void sort_ends(double *list, size_t count)
{
    const size_t tail = (size_t)(TAIL * (double)(count - 1)) + 2, upper = (size_t)((1 - TAIL) * (double)(count - 1));
    if (count < 4 * METRICS_TAIL_MIN) {
        qsort(list, count, sizeof *list, compare_doubles);
        return;
    }
    select_smallest(list, count, tail);
    qsort(list, tail, sizeof *list, compare_doubles);
    select_smallest(list + tail, count - tail, upper - tail);
    qsort(list + upper, count - upper, sizeof *list, compare_doubles);
}

/* The 5 % quantiles, and the mean of what lies at or below the lower one. */
static void tail_work_out(struct metrics *metrics, const double *sorted, size_t count)
{
    if (count < METRICS_TAIL_MIN)
        return;
    metrics->quantile = quantile_of(sorted, count, TAIL);
    metrics->upper = quantile_of(sorted, count, 1 - TAIL);
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < count;
         i++) /* behind the tail they are in no order, and those that count are like its last */
        if (sorted[i] <= metrics->quantile) {
            sum += sorted[i];
            n++;
        }
    metrics->tail = sum / (double)n;
}

static void spread_work_out(struct metrics *metrics, const double *returns, size_t count)
{
    const double target = metrics->options.risk_free / metrics->periods;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += returns[i];
    metrics->mean = sum / (double)count;
    double squares = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        const double off = returns[i] - metrics->mean, under = fmin(0, returns[i] - target);
        squares += off * off;
        below += under * under;
    }
    if (count < 2)
        return;
    metrics->deviation = sqrt(squares / (double)(count - 1));
    if (metrics->deviation < NOISE)
        metrics->deviation = 0;
    metrics->downside = sqrt(below / (double)count);
    if (metrics->downside < NOISE)
        metrics->downside = 0;
}

/* What is below the highest value so far, at the end of each return. */
static void depth_work_out(struct metrics *metrics)
{
    double peak = metrics->daily[0], squares = 0, sum = 0;
    for (size_t i = 1; i < metrics->days; i++) {
        const double value = metrics->daily[i];
        peak = value > peak ? value : peak;
        const double depth = 1 - value / peak;
        squares += depth * depth;
        sum += depth;
    }
    metrics->ulcer = sqrt(squares / (double)(metrics->days - 1));
    metrics->pain = sum / (double)(metrics->days - 1);
}

/* A straight line through the logarithms of the values at the ends of the returns, by least squares. */
static void growth_work_out(struct metrics *metrics)
{
    const size_t n = metrics->days - 1;
    const double middle = (double)(n + 1) / 2, base = metrics->daily[0];
    double mean = 0, xx = 0, xy = 0, yy = 0;
    if (n < 3)
        return;
    double y = 0, part = 0; /* of the value before: while nothing is held it is the same, and a logarithm is dear */
    for (size_t i = 1; i <= n; i++) {
        const double x = (double)i - middle;
        if (metrics->daily[i] != metrics->daily[i - 1]) {
            y = math_log(metrics->daily[i] / base);
            part = y / (double)n;
        }
        mean += part;
        xx += x * x;
        xy += x * y; /* the x have a mean of 0: that of y does not count */
        yy += y * y;
    }
    yy -= (double)n * mean * mean;
    metrics->growth = xy / xx;
    const double rest = yy - metrics->growth * xy;
    metrics->growth_error = sqrt((rest > 0 ? rest : 0) / (double)(n - 2) / xx);
}

/* How far the returns depend on each other: over the lags of Newey and West (1994), 4 (n/100)^(2/9). */
static void lags_work_out(struct metrics *metrics, const double *returns, size_t count)
{
    double correlation[32];
    const double most = 4 * math_pow((double)count / 100, 2.0 / 9.0);
    size_t lags = most < 1 ? 1 : most > 32 ? 32 : (size_t)most;
    lags = lags < count - 1 ? lags : count - 1;
    if (count < 3 || !(metrics->deviation > 0))
        return;
    autocorrelations(returns, count, lags, correlation);
    metrics->scale_by_lags = sharpe_scale(correlation, lags, metrics->periods);
}

static void sample_work_out(struct metrics *metrics, const double *returns, size_t count)
{
    struct sample *sample = &metrics->sample;
    metrics->gains = metrics->losses_sum = 0;
    for (size_t i = 0; i < count; i++)
        *(returns[i] > 0 ? &metrics->gains : &metrics->losses_sum) += fabs(returns[i]);
    sample_take(sample, returns, count);
    if (sample->deviation > 0)
        sample->sharpe = (sample->mean - metrics->options.risk_free / metrics->periods) / sample->deviation;
    depth_work_out(metrics);
    growth_work_out(metrics);
    lags_work_out(metrics, returns, count);
}

int metrics_finish(struct metrics *metrics, struct error *error)
{
    require(!metrics->finished);
    metrics->finished = true;
    if (metrics->days == 0)
        return 0;
    metrics->mean_equity = (metrics->money + metrics->day_money) / (double)DEC_ONE / (double)metrics->days;
    if (metrics->days < 2 || metrics->ruined)
        return 0;
    const size_t count = metrics->days - 1;
    const double gap = (double)(metrics->last_time - metrics->first_time) / (double)TIME_DAY / (double)count;
    metrics->coarse = gap > METRICS_DAY_GAP;
    metrics->periods = metrics->options.periods > 0 ? metrics->options.periods
                       : metrics->coarse            ? 365.25 / gap
                                                    : metrics->options.sessions;
    double *returns = malloc(count * sizeof *returns);
    if (returns == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        returns[i] = metrics->daily[i + 1] / metrics->daily[i] - 1;
        if (metrics->daily[i] <= 0)
            metrics->ruined = true;
    }
    if (!metrics->ruined) {
        metrics->returns = count;
        spread_work_out(metrics, returns, count);
        sample_work_out(metrics, returns, count);
        sort_ends(returns, count);
        metrics->worst = returns[0];
        metrics->best = returns[count - 1];
        tail_work_out(metrics, returns, count);
    }
    free(returns);
    return 0;
}
