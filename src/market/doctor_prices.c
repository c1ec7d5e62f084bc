/* The data doctor on prices: wrong units, splits, levels, spikes, repeats, volumes. */
#include "base/math.h"
#include "market/bar_times.h"
#include "market/doctor_parts.h"
#include "market/jump.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BLOCK_MAX = 60, /* bars that stand on another level, at most */
    REPEATS = 3,    /* the same bar so often is no market */
    AROUND = 30     /* bars on each side that say what volume is usual */
};
#define LEVEL      0.26 /* a change of 30 %: exp(0.26) is 1.3 */
#define LEVEL_WIDE 1.1  /* exp(1.1) is 3 */
#define SPIKE      0.10 /* of the issue: more than 10 % */
#define SPIKE_WIDE 6.0  /* and as many robust scales of the returns */
#define BUSY       0.4  /* half as much again as usual: exp(0.4) is 1.5 */
#define VOLUME_Z   3.0  /* of the issue: more than 3 scales */
#define VOLUME_FAR 3.0  /* and a factor of 20: exp(3) is 20.1 */

static double log_ratio(double after, double before)
{
    return math_log(after / before);
}

/* Within one bar the market never goes from 100 to 1. */
int doctor_units(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    for (size_t i = 0; i < series->bars; i++) {
        const struct bar *bar = &series->bar[i];
        const double times = dec_to_double(bar->high) / dec_to_double(bar->low);
        char date[TIME_TEXT_MAX];
        if (times < 20)
            continue;
        struct finding finding = doctor_finding(doctor, ANOMALY_UNIT, i);
        const bool close_low = dec_to_double(bar->close) / dec_to_double(bar->low) < 5;
        const bool open_low = dec_to_double(bar->open) / dec_to_double(bar->low) < 5;
        doctor_date(doctor, i, date);
        finding.observed = bar->low;
        finding.expected = bar->high;
        if (close_low && !open_low && times > 50 && times < 200) {
            finding.repair.kind = REPAIR_SCALE;
            finding.repair.price = 100;
            finding.repair.low_close = true;
        } else {
            finding.repair.kind = REPAIR_DROP;
        }
        (void)snprintf(finding.message, sizeof finding.message,
                       "%s has a high that is %.0f times its low: some of its prices are in another unit", date, times);
        doctor->odd[i] = true;
        if (doctor_tell(doctor, &finding, error) < 0)
            return -1;
    }
    return 0;
}

/* A ratio as the split or the unit that would do it: true. */
static bool name_ratio(double ratio, struct jump *jump)
{
    dec before, after;
    return dec_from_double(&before, 1000, ROUND_HALF_EVEN) == 0 &&
           dec_from_double(&after, 1000 * ratio, ROUND_HALF_EVEN) == 0 && jump_find(jump, before, after);
}

/* Bars that stand on another level than those before and behind them. */
static int tell_block(struct doctor *doctor, size_t first, size_t end, double jump, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    const double ratio = math_exp(jump);
    struct jump named = {.check = ANOMALY_SPIKE};
    char date[TIME_TEXT_MAX];
    const bool clear = name_ratio(ratio, &named);
    struct finding finding = doctor_finding(doctor, clear ? named.check : ANOMALY_SPIKE, first);
    doctor_date(doctor, first, date);
    finding.observed = series->bar[first].close;
    if (dec_from_double(&finding.expected, doctor->close[first - 1] / doctor->factor[first], ROUND_HALF_EVEN) < 0)
        finding.expected = DEC_NONE;
    finding.repair.to = series->bar[end - 1].time + 1;
    if (clear) {
        finding.repair.kind = REPAIR_SCALE;
        finding.repair.price = (double)named.new_shares / (double)named.old_shares;
        finding.repair.volume = named.check == ANOMALY_SPLIT ? 1 / finding.repair.price : 1;
    } else {
        finding.repair.kind = REPAIR_DROP;
    }
    (void)snprintf(finding.message, sizeof finding.message, "%zu %s from %s %s %.4g times those around%s", end - first,
                   end - first == 1 ? "bar" : "bars", date, end - first == 1 ? "is" : "are",
                   clear ? (double)named.old_shares / (double)named.new_shares : ratio,
                   !clear                        ? ""
                   : named.check == ANOMALY_UNIT ? ", as in another unit"
                                                 : ", as by a split that is missing or doubled there");
    for (size_t i = first; i < end; i++)
        doctor->odd[i] = true;
    return doctor_tell(doctor, &finding, error);
}

int doctor_levels(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    /* Of a series that hardly trades the scale says little: a threefold price is another level whatever it is. */
    const double wide = doctor->spread * 8 < LEVEL_WIDE ? doctor->spread * 8 : LEVEL_WIDE;
    const double least = wide > LEVEL ? wide : LEVEL; /* LEVEL for NaN */
    for (size_t i = 1; i < series->bars; i++) {
        if (doctor->odd[i] || doctor->odd[i - 1])
            continue;
        const double jump = log_ratio(doctor->close[i], doctor->close[i - 1]);
        if (!(fabs(jump) > least))
            continue;
        for (size_t k = i + 1; k < series->bars && k <= i + BLOCK_MAX; k++) {
            const double back = log_ratio(doctor->close[k], doctor->close[k - 1]);
            if (fabs(back) <= least)
                continue;
            if (back * jump < 0 && fabs(log_ratio(doctor->close[k], doctor->close[i - 1])) < fabs(jump) / 4) {
                if (tell_block(doctor, i, k, jump, error) < 0)
                    return -1;
                i = k;
            }
            break;
        }
    }
    return 0;
}

/* The median of the logarithms of volume around a bar, itself not counted, and their robust scale. */
static double usual_volume(const struct doctor *doctor, size_t i, double *scale)
{
    double value[2 * AROUND];
    const size_t first = i < AROUND ? 0 : i - AROUND;
    size_t count = 0;
    for (size_t k = first; k < doctor->series->bars && k <= i + AROUND; k++)
        if (k != i && doctor->series->bar[k].volume > 0)
            value[count++] = math_log(doctor->series->bar[k].volume);
    const double middle = doctor_median(value, count);
    for (size_t k = 0; k < count; k++)
        value[k] = fabs(value[k] - middle);
    *scale = count < AROUND ? NAN : 1.4826 * doctor_median(value, count);
    return middle;
}

/* One bar whose close comes back at once, or whose high or low nobody around has seen. */
static bool find_spike(const struct doctor *doctor, size_t i, double *size, const char **what, dec *observed)
{
    const struct bar *bar = &doctor->series->bar[i], *before = bar - 1, *behind = bar + 1;
    double scale;
    const double usual = usual_volume(doctor, i, &scale);
    /* A wrong price makes no trades: on a day of unusual volume the market itself may have gone and come back. */
    const bool busy = bar->volume > 0 && math_log(bar->volume) - usual > BUSY;
    const double wide = doctor->spread * SPIKE_WIDE;
    const double least = (wide > SPIKE ? wide : SPIKE) * (busy ? 2 : 1);
    const double there = log_ratio(doctor->close[i], doctor->close[i - 1]);
    const double back = log_ratio(doctor->close[i + 1], doctor->close[i]);
    if (fabs(there) > least && fabs(back) > least && there * back < 0 &&
        fabs(there + back) < (fabs(there) < fabs(back) ? fabs(there) : fabs(back)) / 3) {
        *size = math_exp(there) - 1;
        *what = "close";
        *observed = bar->close;
        return true;
    }
    const dec top = bar->open > bar->close ? bar->open : bar->close,
              bottom = bar->open < bar->close ? bar->open : bar->close;
    const dec high = before->high > behind->high ? before->high : behind->high;
    const dec low = before->low < behind->low ? before->low : behind->low;
    const bool same = doctor->factor[i - 1] == doctor->factor[i] && doctor->factor[i] == doctor->factor[i + 1];
    const double above = log_ratio(dec_to_double(bar->high), dec_to_double(top > high && same ? top
                                                                           : same             ? high
                                                                                              : bar->high));
    const double below = log_ratio(dec_to_double(bar->low), dec_to_double(bottom < low && same ? bottom
                                                                          : same               ? low
                                                                                               : bar->low));
    if (above > least) {
        *size = math_exp(above) - 1;
        *what = "high";
        *observed = bar->high;
        return true;
    }
    *size = math_exp(below) - 1;
    *what = "low";
    *observed = bar->low;
    return below < -least;
}

int doctor_spikes(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    for (size_t i = 1; i + 1 < series->bars; i++) {
        double size;
        const char *what;
        char date[TIME_TEXT_MAX];
        dec observed;
        if (doctor->odd[i - 1] || doctor->odd[i] || doctor->odd[i + 1] ||
            !find_spike(doctor, i, &size, &what, &observed))
            continue;
        struct finding finding = doctor_finding(doctor, ANOMALY_SPIKE, i);
        doctor_date(doctor, i, date);
        finding.observed = observed;
        finding.expected = series->bar[i - 1].close;
        finding.repair.kind = REPAIR_DROP;
        (void)snprintf(finding.message, sizeof finding.message,
                       "the %s of %s is %+.1f %% from the bars around, and nothing of it stays", what, date,
                       size * 100);
        doctor->odd[i] = true;
        if (doctor_tell(doctor, &finding, error) < 0)
            return -1;
    }
    return 0;
}

static bool is_shortened(const struct doctor *doctor, const struct bar *bar)
{
    struct session session;
    struct error ignored;
    error_clear(&ignored);
    return calendar_session(doctor->series->calendar, bar_session_date(doctor->series->calendar, bar), &session,
                            &ignored) == 1 &&
           session.shortened;
}

int doctor_volumes(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    if (!interval_is_daily(series->interval))
        return 0;
    for (size_t i = 0; i < series->bars; i++) {
        const struct bar *bar = &series->bar[i];
        double scale;
        if (!(bar->volume > 0))
            continue;
        const double usual = usual_volume(doctor, i, &scale), away = math_log(bar->volume) - usual;
        const bool last = i + 1 == series->bars;
        if (!(fabs(away) > VOLUME_Z * scale)) /* false too where too few are around */
            continue;
        const bool partial = last && away < -1.386 && !is_shortened(doctor, bar); /* a quarter */
        if (!partial && fabs(away) < VOLUME_FAR)
            continue;
        struct finding finding = doctor_finding(doctor, partial ? ANOMALY_PARTIAL : ANOMALY_VOLUME, i);
        char date[TIME_TEXT_MAX];
        doctor_date(doctor, i, date);
        finding.repair.kind = partial ? REPAIR_DROP : REPAIR_FETCH;
        (void)snprintf(finding.message, sizeof finding.message,
                       "the volume of %s is %.3g times the usual, %.1f robust scales away%s", date, math_exp(away),
                       fabs(away) / scale, partial ? ": the last bar is not whole" : "");
        if (doctor_tell(doctor, &finding, error) < 0)
            return -1;
    }
    return 0;
}

static bool is_repeat(const struct bar *a, const struct bar *b)
{
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->volume == b->volume && a->volume > 0;
}

int doctor_repeats(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    for (size_t i = 1; i < series->bars; i++) {
        size_t first = i - 1;
        while (i < series->bars && is_repeat(&series->bar[first], &series->bar[i]))
            i++;
        if (i - first < REPEATS)
            continue;
        struct finding finding = doctor_finding(doctor, ANOMALY_STALE, first + REPEATS - 1);
        char date[TIME_TEXT_MAX];
        doctor_date(doctor, first, date);
        finding.observed = series->bar[first].close;
        finding.repair.kind = REPAIR_DROP;
        finding.repair.from = series->bar[first + 1].time;
        finding.repair.to = series->bar[i - 1].time + 1;
        (void)snprintf(finding.message, sizeof finding.message,
                       "%zu bars from %s on are the same to the last share: the source repeats itself", i - first,
                       date);
        if (doctor_tell(doctor, &finding, error) < 0)
            return -1;
    }
    return 0;
}
