/* Text of doubles: the shortest that reads back the same, and exact reading. */
#ifndef TN_BASE_NUM_H
#define TN_BASE_NUM_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define NUM_TEXT_MAX 32

/* Shortest text that reads back as the same double (Schubfach), as a JSON number: "0.1", "12", "1e300", "-0". Plain
 * form for 1e-6 <= |x| < 1e21, else exponent form, as ECMAScript does but without "+". The value must be finite.
 * Returns the length without the NUL. */
size_t num_format(char text[static NUM_TEXT_MAX], double value);
/* The correctly rounded double of a JSON number, whole text; overflow to infinity is refused (EXIT_INPUT). */
int num_parse(double *result, const char *text, size_t length, struct error *error);
/* A whole int64 within [low, high] from decimal text, for options and configuration (EXIT_USAGE). */
int num_parse_int(int64_t *result, const char *text, int64_t low, int64_t high, struct error *error);

#endif
