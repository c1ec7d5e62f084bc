/* One-time passwords by time: RFC 6238 over RFC 4226, HMAC-SHA-1, 30 seconds, six digits, as the apps have it. */
#ifndef TN_BASE_TOTP_H
#define TN_BASE_TOTP_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define TOTP_DIGITS     6
#define TOTP_PERIOD     30 /* seconds */
#define TOTP_SECRET_MAX 64 /* bytes */
#define TOTP_SECRET_MIN 16 /* 128 bits, RFC 4226 section 4 */

/* The bytes of a secret in base32 (RFC 4648), upper or lower case, with or without padding, blanks and dashes between:
 * as apps show it. EXIT_CREDENTIALS, and nothing of it in the message, when it is none, too short or too long. */
int totp_secret(struct str text, uint8_t secret[static TOTP_SECRET_MAX], size_t *size, struct error *error);
/* The code of a counter, with `digits` (6 … 8). */
int totp_code(const uint8_t *secret, size_t size, uint64_t counter, int digits, uint32_t *code, struct error *error);
/* Is the text the code of this moment (seconds since 1970), or of the period before or after it? 1 and the counter it
 * is of, 0, or -1. Counters up to `used` are not taken: a code is good once. The time it takes says nothing. */
int totp_check(const uint8_t *secret, size_t size, int64_t now, uint64_t used, struct str text, uint64_t *counter,
               struct error *error);

#endif
