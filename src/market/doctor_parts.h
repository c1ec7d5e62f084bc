/* The inside of the data doctor, for the files that make it up; others use doctor.h. */
#ifndef TN_MARKET_DOCTOR_PARTS_H
#define TN_MARKET_DOCTOR_PARTS_H

#include "market/doctor.h"

struct doctor {
    const struct doctor_series *series;
    double *close;                /* of each bar, on the basis of the last one */
    double *factor;               /* what raw prices were multiplied by for that */
    double spread;                /* robust scale of the logarithms of returns */
    double volume, volume_spread; /* median of the logarithms of volume, and their robust scale */
    bool *odd;                    /* the bar has a finding already */
    bool *bad;                    /* the action has */
    int (*found)(void *context, const struct finding *finding, struct error *error);
    void *context;
};

/* The date of a bar's session as text. */
void doctor_date(const struct doctor *doctor, size_t bar, char text[static TIME_TEXT_MAX]);
/* A finding that a bar shows; the rest is the caller's. */
struct finding doctor_finding(const struct doctor *doctor, enum anomaly_check check, size_t bar);
int doctor_tell(struct doctor *doctor, const struct finding *finding, struct error *error);
/* The median of values that may be reordered; NaN of none. */
double doctor_median(double *value, size_t count);

int doctor_units(struct doctor *doctor, struct error *error);
int doctor_levels(struct doctor *doctor, struct error *error);
int doctor_spikes(struct doctor *doctor, struct error *error);
int doctor_volumes(struct doctor *doctor, struct error *error);
int doctor_repeats(struct doctor *doctor, struct error *error);
int doctor_gaps(struct doctor *doctor, struct error *error);
int doctor_holes(struct doctor *doctor, struct error *error);
int doctor_hours(struct doctor *doctor, struct error *error);
int doctor_named(struct doctor *doctor, struct error *error);
int doctor_splits(struct doctor *doctor, struct error *error);
int doctor_dividends(struct doctor *doctor, struct error *error);

#endif
