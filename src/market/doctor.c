/* The data doctor: what its checks share, and their order. */
#include "market/doctor_parts.h"

#include "base/math.h"
#include "market/bar_times.h"
#include "market/restate.h"

#include <math.h>
#include <stdlib.h>

const char *repair_kind_text(enum repair_kind kind)
{
    static const char *const text[] = {"", "fetch", "scale", "drop", "split", "cash", "forget"};
    return text[kind];
}

void doctor_date(const struct doctor *doctor, size_t bar, char text[static TIME_TEXT_MAX])
{
    const struct bar *shown = &doctor->series->bar[bar];
    if (interval_is_daily(shown->interval))
        (void)date_format(text, date_from_days(bar_session_date(doctor->series->calendar, shown)));
    else
        (void)time_format(text, shown->time);
}

struct finding doctor_finding(const struct doctor *doctor, enum anomaly_check check, size_t bar)
{
    const struct bar *shown = &doctor->series->bar[bar];
    return (struct finding){
        .check = check,
        .time = shown->end,
        .begins = shown->time,
        .observed = DEC_NONE,
        .expected = DEC_NONE,
        .repair = {.from = shown->time, .to = shown->time + 1, .price = 1, .volume = 1, .cash = DEC_NONE},
    };
}

int doctor_tell(struct doctor *doctor, const struct finding *finding, struct error *error)
{
    return doctor->found(doctor->context, finding, error);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double doctor_median(double *value, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(value, count, sizeof *value, compare_doubles);
    return count % 2 == 1 ? value[count / 2] : (value[count / 2 - 1] + value[count / 2]) / 2;
}

/* 1.4826 times the median distance from the median; the values are used up. */
static double scale_of(double *value, size_t count, double *middle)
{
    *middle = doctor_median(value, count);
    for (size_t i = 0; i < count; i++)
        value[i] = fabs(value[i] - *middle);
    return 1.4826 * doctor_median(value, count);
}

static int measure(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    double *value = calloc(series->bars + 1, sizeof *value), ignored;
    size_t count = 0;
    if (value == NULL)
        return error_memory(error);
    for (size_t i = 1; i < series->bars; i++)
        if (doctor->close[i] != doctor->close[i - 1]) /* bars without a trade say nothing of how prices move */
            value[count++] = math_log(doctor->close[i] / doctor->close[i - 1]);
    doctor->spread = scale_of(value, count, &ignored);
    count = 0;
    for (size_t i = 0; i < series->bars; i++)
        if (series->bar[i].volume > 0)
            value[count++] = math_log(series->bar[i].volume);
    doctor->volume_spread = scale_of(value, count, &doctor->volume);
    free(value);
    return 0;
}

/* Dividends first: one that is wrong must not move the prices that the rest is judged by. */
static int prepare(struct doctor *doctor, const struct action **sound, double *volume, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    size_t count = 0;
    if (doctor_dividends(doctor, error) < 0)
        return -1;
    for (size_t k = 0; k < series->actions; k++)
        if (!doctor->bad[k])
            sound[count++] = series->action[k];
    restate_factors(doctor->factor, volume, series->bar, series->bars, sound, count,
                    restate_missing(series->adjusted, ADJUSTED_TOTAL), TIME_NONE);
    for (size_t i = 0; i < series->bars; i++)
        doctor->close[i] = dec_to_double(series->bar[i].close) * doctor->factor[i];
    return measure(doctor, error);
}

int doctor_examine(const struct doctor_series *series,
                   int (*found)(void *context, const struct finding *finding, struct error *error), void *context,
                   struct error *error)
{
    static int (*const check[])(struct doctor *, struct error *) = {
        doctor_units,  doctor_gaps,   doctor_holes,   doctor_named,   doctor_levels,
        doctor_splits, doctor_spikes, doctor_volumes, doctor_repeats, doctor_hours,
    };
    struct doctor doctor = {.series = series, .found = found, .context = context};
    double *volume = calloc(series->bars + 1, sizeof *volume);
    const struct action **sound = calloc(series->actions + 1, sizeof *sound);
    doctor.close = calloc(series->bars + 1, sizeof *doctor.close);
    doctor.factor = calloc(series->bars + 1, sizeof *doctor.factor);
    doctor.odd = calloc(series->bars + 1, sizeof *doctor.odd);
    doctor.bad = calloc(series->actions + 1, sizeof *doctor.bad);
    int result;
    if (volume == NULL || sound == NULL || doctor.close == NULL || doctor.factor == NULL || doctor.odd == NULL ||
        doctor.bad == NULL)
        result = error_memory(error);
    else
        result = prepare(&doctor, sound, volume, error);
    for (size_t i = 0; i < sizeof check / sizeof *check && result == 0; i++)
        result = check[i](&doctor, error);
    free(volume);
    free(sound);
    free(doctor.bad);
    free(doctor.close);
    free(doctor.factor);
    free(doctor.odd);
    return result;
}
