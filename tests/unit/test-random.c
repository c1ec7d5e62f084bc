/* The generator against its authors' reference output, and what is drawn from it against statistics. */
#include "base/random.h"
#include "tap.h"

#include <math.h>

int main(void)
{
    /* First outputs of the authors' xoshiro256plusplus.c for the state 1, 2, 3, 4. */
    static const uint64_t wanted[] = {41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205u};
    struct random random = {.state = {1, 2, 3, 4}};
    bool right = true;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        right = right && random_next(&random) == wanted[i];
    check(right, "xoshiro256++ gives the reference output");
    /* splitmix64.c with seed 1234567 */
    random_init(&random, 1234567);
    check(random.state[0] == 6457827717110365317u && random.state[1] == 3203168211198807973u &&
              random.state[2] == 9817491932198370423u && random.state[3] == 4593380528125082431u,
          "the seed goes through SplitMix64");

    enum { DRAWS = 200000 };
    random_init(&random, 42);
    double sum = 0, squares = 0, fourth = 0;
    for (int i = 0; i < DRAWS; i++) {
        const double x = random_normal(&random);
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
    }
    /* Standard errors: 1/√n = 0.0022, √(2/n) = 0.0032, √(96/n) = 0.022; five of each. */
    check(fabs(sum / DRAWS) < 0.011 && fabs(squares / DRAWS - 1) < 0.016 && fabs(fourth / DRAWS - 3) < 0.11,
          "normal deviates have mean 0, variance 1, fourth moment 3");
    int hits[6] = {0};
    double low = 1, high = 0;
    for (int i = 0; i < DRAWS; i++) {
        hits[random_below(&random, 6)]++;
        const double u = random_uniform(&random);
        low = u < low ? u : low;
        high = u > high ? u : high;
    }
    double chi = 0;
    for (int i = 0; i < 6; i++)
        chi += (hits[i] - DRAWS / 6.0) * (hits[i] - DRAWS / 6.0) / (DRAWS / 6.0);
    check(chi < 20.5, "a die is fair (chi-squared, 5 degrees, 0.1 %%)");
    check(low >= 0 && high < 1 && low < 1e-4 && high > 1 - 1e-4, "uniform deviates fill [0, 1)");
    const uint64_t bound = (UINT64_C(1) << 63) + 1;
    right = true;
    for (int i = 0; i < 1000; i++)
        right = right && random_below(&random, bound) < bound && random_below(&random, 1) == 0;
    check(right, "bounded numbers stay below large and small bounds");
    return done();
}
