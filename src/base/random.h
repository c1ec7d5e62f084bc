/* Random numbers for simulation and resampling: xoshiro256++ 1.0 (D. Blackman and S. Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47, 2021), its state filled from the seed by SplitMix64 (G. Steele, D. Lea
 * and C. Flood, OOPSLA 2014). Never for secrets, ids or tokens.
 *
 * The state is passed in. The same seed gives the same numbers to the last bit on every machine. */
#ifndef TN_BASE_RANDOM_H
#define TN_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4]; /* not all zero */
    double spare;      /* the second deviate of a pair */
    bool has_spare;
};

void random_init(struct random *random, uint64_t seed); /* any seed */
uint64_t random_next(struct random *random);            /* 64 random bits */
double random_uniform(struct random *random);           /* a multiple of 2^-53 in [0, 1) */
/* 0 … bound − 1, each equally likely (D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29,
 * 2019). bound > 0. */
uint64_t random_below(struct random *random, uint64_t bound);
/* Standard normal deviates: Marsaglia's polar method (G. Marsaglia and T. Bray, SIAM Review 6, 1964). */
double random_normal(struct random *random);

#endif
