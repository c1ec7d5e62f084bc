/* Drawing returns again and again from those that there are, in blocks, so that what belongs together stays together.
 * Pure; the same seed gives the same bits on every machine.
 *
 *     bootstrap_init(&bootstrap, n, count, block, true, seed, error);
 *     bootstrap_means(&bootstrap, returns, prefix, mean);         … of any number of series of n returns
 *     bootstrap_clear(&bootstrap);
 */
#ifndef TN_STAT_BOOTSTRAP_H
#define TN_STAT_BOOTSTRAP_H

#include "base/error.h"
#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>

/* The indices of one resample, drawn one after the other: blocks of a fixed length (the circular block bootstrap), or
 * of a random one with this mean (the stationary bootstrap of D. Politis and J. Romano, JASA 89, 1994). */
struct draw {
    struct random random;
    size_t n, place, left;
    double mean;
    bool stationary;
};
void draw_init(struct draw *draw, size_t n, double block, bool stationary, uint64_t seed, uint64_t number);
size_t draw_next(struct draw *draw);

/* Many resamples of n returns, as the blocks they are made of. */
struct bootstrap {
    size_t n, count;
    size_t *first; /* by resample: its first block; one more at the end */
    uint32_t *from, *length;
    size_t blocks, from_capacity, length_capacity;
};
int bootstrap_init(struct bootstrap *bootstrap, size_t n, size_t count, double block, bool stationary, uint64_t seed,
                   struct error *error);
void bootstrap_clear(struct bootstrap *bootstrap); /* harmless on a zeroed one */
/* The mean of each resample of a series; `prefix` has 2 n + 1 places of the caller's. */
void bootstrap_means(const struct bootstrap *bootstrap, const double *returns, double *prefix, double *mean);

/* White's reality check (H. White, "A reality check for data snooping", Econometrica 68, 2000): is the best of many
 * strategies better than nothing? One resample after the other, the largest √n (mean* − mean) over the strategies is
 * held against the largest √n mean. */
struct reality {
    size_t n, count;
    double best;   /* the largest √n mean so far */
    double *worst; /* by resample: the largest √n (mean* − mean) so far */
};
int reality_init(struct reality *reality, size_t n, size_t count, struct error *error);
void reality_clear(struct reality *reality);
/* A strategy: its mean, and that of each bootstrap. */
void reality_add(struct reality *reality, double mean, const double *resampled);
/* The share of resamples in which chance alone did as well. NaN before any strategy. */
double reality_p(const struct reality *reality);

/* How long blocks should be for these returns: D. Politis and H. White, Econometric Reviews 23, 2004, as corrected by
 * A. Patton, D. Politis and H. White, Econometric Reviews 28, 2009, m being the last lag before K_n insignificant ones.
 * 1 where they do not vary. *circular may be NULL. -1: out of memory. */
int block_length(const double *returns, size_t n, double *stationary, double *circular, struct error *error);

#endif
