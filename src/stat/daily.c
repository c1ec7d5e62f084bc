/* The value of a run day by day. */
#include "stat/daily.h"

#include "base/list.h"
#include "base/time.h"
#include "stat/day.h"

#include <math.h>
#include <stdlib.h>

void daily_init(struct daily *daily, const struct zone *zone)
{
    *daily = (struct daily){.zone = zone};
}

void daily_clear(struct daily *daily)
{
    free(daily->day);
    free(daily->value);
    daily_init(daily, daily->zone);
}

static int day_add(struct daily *daily, int64_t day, double value, struct error *error)
{
    if (daily->count == daily->capacity) {
        if (list_grow(&daily->day, &daily->capacity, daily->count, sizeof *daily->day, error) != 0)
            return -1;
        double *values = reallocarray(daily->value, daily->capacity, sizeof *values);
        if (values == NULL) {
            daily->capacity = daily->count;
            return error_memory(error);
        }
        daily->value = values;
    }
    daily->day[daily->count] = day;
    daily->value[daily->count++] = value;
    return 0;
}

int daily_point(struct daily *daily, int64_t time, double equity, double paid, struct error *error)
{
    const int64_t day = day_of(daily->zone, time);
    if (daily->count == 0) {
        daily->equity = equity;
        daily->ruined = equity <= 0;
        return day_add(daily, day, 1, error);
    }
    const size_t last = daily->count - 1;
    if (daily->ruined)
        return 0;
    const double value = daily->value[last] * (equity - paid) / daily->equity;
    daily->equity = equity;
    daily->ruined = equity <= 0;
    if (last > 0 && daily->day[last] == day) {
        daily->value[last] = value;
        return 0;
    }
    return day_add(daily, day, value, error);
}

double daily_return(const struct daily *daily, size_t i)
{
    return daily->value[i] / daily->value[i - 1] - 1;
}

size_t daily_months(const struct daily *daily, struct month_return *month, size_t most)
{
    size_t count = 0;
    double before = daily->count > 0 ? daily->value[0] : 1;
    for (size_t i = 1; i < daily->count; i++) {
        const struct date date = date_from_days(daily->day[i]);
        const struct date next = date_from_days(daily->day[i + 1 < daily->count ? i + 1 : i]);
        const bool last = i + 1 == daily->count || next.year != date.year || next.month != date.month;
        if (!last)
            continue;
        if (count < most)
            month[count++] = (struct month_return){date.year, date.month, daily->value[i] / before - 1};
        before = daily->value[i];
    }
    return count;
}

/* Into a list that is sorted by depth; what falls out at its end was less deep. */
static void dip_keep(struct dip *dip, size_t *count, size_t most, struct dip one)
{
    if (one.depth <= 0 || most == 0)
        return;
    size_t at = *count < most ? (*count)++ : most;
    if (at == most && dip[most - 1].depth >= one.depth)
        return;
    if (at == most)
        at--;
    for (; at > 0 && dip[at - 1].depth < one.depth; at--)
        dip[at] = dip[at - 1];
    dip[at] = one;
}

size_t daily_dips(const struct daily *daily, struct dip *dip, size_t most)
{
    size_t count = 0;
    struct dip now = {0};
    for (size_t i = 1; i < daily->count; i++) {
        const double peak = daily->value[now.peak];
        if (daily->value[i] >= peak) {
            now.until = i;
            dip_keep(dip, &count, most, now);
            now = (struct dip){.peak = i, .lowest = i};
        } else if (1 - daily->value[i] / peak > now.depth) {
            now.lowest = i;
            now.depth = 1 - daily->value[i] / peak;
        }
    }
    dip_keep(dip, &count, most, now);
    return count;
}

void daily_rolling(const struct daily *daily, size_t window, double sessions, double *gain, double *volatility,
                   double *sharpe)
{
    for (size_t i = 0; i < daily->count; i++) {
        double mean = 0, squares = 0, g = NAN, v = NAN, s = NAN;
        if (i >= window && window >= 2) {
            g = daily->value[i] / daily->value[i - window] - 1;
            for (size_t k = i - window + 1; k <= i; k++)
                mean += daily_return(daily, k);
            mean /= (double)window;
            for (size_t k = i - window + 1; k <= i; k++) {
                const double off = daily_return(daily, k) - mean;
                squares += off * off;
            }
            const double deviation = sqrt(squares / (double)(window - 1));
            v = deviation * sqrt(sessions);
            s = deviation > 1e-12 ? mean / deviation * sqrt(sessions) : NAN;
        }
        if (gain != NULL)
            gain[i] = g;
        if (volatility != NULL)
            volatility[i] = v;
        if (sharpe != NULL)
            sharpe[i] = s;
    }
}

double sharpe_margin(double sharpe, uint64_t returns, double sessions)
{
    if (returns < 2 || !isfinite(sharpe))
        return NAN;
    const double daily = sharpe / sqrt(sessions);
    return 1.96 * sqrt((1 + daily * daily / 2) / (double)returns) * sqrt(sessions);
}

double daily_correlation(const struct daily *a, const struct daily *b)
{
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 1, k = 1; i < a->count && k < b->count;) {
        if (a->day[i] < b->day[k]) {
            i++;
        } else if (a->day[i] > b->day[k]) {
            k++;
        } else {
            const double p = daily_return(a, i++), q = daily_return(b, k++);
            n++;
            x += p;
            y += q;
            xx += p * p;
            yy += q * q;
            xy += p * q;
        }
    }
    const double down = (n * xx - x * x) * (n * yy - y * y);
    return n < 3 || down <= 0 ? NAN : (n * xy - x * y) / sqrt(down);
}
