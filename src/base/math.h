/* exp, log, pow, sin, cos and atan of our own: the same bits on every machine.
 *
 * Those of a C library differ in the last bit from library to library and from processor to processor (with or without
 * fused multiplication), so that a saved state, a golden file or half of a sweep made on another machine would not fit.
 * These use additions, multiplications and divisions of IEEE 754 doubles in a fixed order and nothing else. Each is
 * within 0.6 units in the last place of the true value (tests/unit/test-math.c). Special values are those of C17,
 * annex F. errno and the flags of the floating-point unit say nothing.
 *
 * Sources: P. Tang, ACM TOMS 15 (1989) 144 and 16 (1990) 378 (exp and log by tables); T. Dekker, Numerische Mathematik
 * 18 (1971) 224 (exact sums and products as pairs of doubles); M. Payne and R. Hanek, SIGNUM Newsletter 18:1 (1983) 19
 * (arguments of sin and cos). */
#ifndef TN_BASE_MATH_H
#define TN_BASE_MATH_H

double math_exp(double x);
double math_log(double x); /* natural */
double math_log10(double x);
double math_pow(double x, double y);
double math_sin(double x);
double math_cos(double x);
double math_atan(double x);

#endif
