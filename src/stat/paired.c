/* The paired bootstrap. */
#include "stat/paired.h"

#include "stat/bootstrap.h"
#include "stat/montecarlo.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int resample(const double *difference, size_t days, double *prefix, double *mean, struct error *error)
{
    struct bootstrap bootstrap = {0};
    double block;
    if (block_length(difference, days, &block, NULL, error) != 0)
        return -1;
    const int status = bootstrap_init(&bootstrap, days, PAIRED_RESAMPLES, block < 1 ? 1 : block, true, 1, error);
    if (status == 0)
        bootstrap_means(&bootstrap, difference, prefix, mean);
    bootstrap_clear(&bootstrap);
    return status;
}

int paired_difference(const double *difference, size_t days, struct paired *paired, struct error *error)
{
    double sum = 0;
    *paired = (struct paired){.days = days, .mean = NAN, .low = NAN, .high = NAN, .probability = NAN};
    for (size_t i = 0; i < days; i++)
        sum += difference[i];
    if (days > 0)
        paired->mean = sum / (double)days;
    if (days < PAIRED_MIN)
        return 0;
    double *prefix = calloc(2 * days + 1, sizeof *prefix), *mean = calloc(PAIRED_RESAMPLES, sizeof *mean);
    int status = prefix == NULL || mean == NULL ? error_memory(error) : resample(difference, days, prefix, mean, error);
    if (status == 0) {
        size_t above = 0;
        qsort(mean, PAIRED_RESAMPLES, sizeof *mean, compare_doubles);
        for (size_t i = 0; i < PAIRED_RESAMPLES; i++)
            above += mean[i] > 0;
        paired->low = sorted_quantile(mean, PAIRED_RESAMPLES, 0.025);
        paired->high = sorted_quantile(mean, PAIRED_RESAMPLES, 0.975);
        paired->probability = (double)above / PAIRED_RESAMPLES;
    }
    free(prefix);
    free(mean);
    return status;
}
