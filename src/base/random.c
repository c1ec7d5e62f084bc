/* xoshiro256++, and what is drawn from it. */
#include "base/random.h"

#include "base/error.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

void random_init(struct random *random, uint64_t seed)
{
    *random = (struct random){0};
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed;
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        random->state[i] = z ^ z >> 31;
    }
}

static uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    const uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

double random_uniform(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    require(bound > 0);
    wide product = (wide)random_next(random) * bound;
    if ((uint64_t)product < bound) {
        const uint64_t unfair = (0 - bound) % bound;
        while ((uint64_t)product < unfair)
            product = (wide)random_next(random) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* ln x for 0 < x < 1 by 2 artanh((m − 1) / (m + 1)). The C library's log may differ in the last bit from one processor
 * to the next, and a seed must give the same market everywhere. */
static double logarithm(double x)
{
    int exponent;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    const double z = (m - 1) / (m + 1), square = z * z;
    double sum = 0;
    for (int n = 23; n >= 1; n -= 2)
        sum = sum * square + 1.0 / n;
    return exponent * 0.69314718055994531 + 2 * z * sum;
}

double random_normal(struct random *random)
{
    if (random->has_spare) {
        random->has_spare = false;
        return random->spare;
    }
    double x, y, s;
    do {
        x = 2 * random_uniform(random) - 1;
        y = 2 * random_uniform(random) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    const double scale = sqrt(-2 * logarithm(s) / s);
    random->spare = y * scale;
    random->has_spare = true;
    return x * scale;
}
