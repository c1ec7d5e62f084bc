/* Digests and their text: SHA-256 for what must not be forged, FNV-1a for tables in memory. */
#ifndef TN_BASE_HASH_H
#define TN_BASE_HASH_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE     32
#define SHA256_HEX_SIZE (2 * SHA256_SIZE + 1)

/* SHA-256 (FIPS 180-4) by OpenSSL. The digest is looked up once, in sha256_new; a digest after that costs only its
 * bytes. One object serves any number of digests, one after the other. */
struct sha256;

struct sha256 *sha256_new(struct error *error); /* NULL: EXIT_SYSTEM */
void sha256_free(struct sha256 *hash);          /* NULL is allowed */
/* begin, add any number of times, end. */
int sha256_begin(struct sha256 *hash, struct error *error);
int sha256_add(struct sha256 *hash, const void *bytes, size_t count, struct error *error);
int sha256_end(struct sha256 *hash, uint8_t digest[static SHA256_SIZE], struct error *error);
/* All three at once. */
int sha256_of(struct sha256 *hash, const void *bytes, size_t count, uint8_t digest[static SHA256_SIZE],
              struct error *error);

/* Lower-case hexadecimal, 2 × count characters and a NUL. */
void hash_hex(char *text, const uint8_t *bytes, size_t count);
/* The first `bits` (a multiple of 5, at most 8 × the bytes there are) in RFC 4648 base32, lower case, no padding:
 * bits / 5 characters and a NUL. 80 bits are 16 characters. */
void hash_base32(char *text, const uint8_t *bytes, size_t bits);

/* RFC 4648 base64 with padding, and a NUL. */
#define HASH_BASE64_SIZE(count) (((count) + 2) / 3 * 4 + 1)
void hash_base64(char *text, const uint8_t *bytes, size_t count);
#define SHA1_SIZE 20
/* SHA-1 (FIPS 180-4), for protocols that ask for it and where nothing hangs on it (RFC 6455 §1.3). */
int hash_sha1(const void *bytes, size_t count, uint8_t digest[static SHA1_SIZE], struct error *error);
/* HMAC (RFC 2104) with it, which RFC 4226 asks for. `key_size` is at most 64. */
int hash_hmac_sha1(const uint8_t *key, size_t key_size, const void *bytes, size_t count,
                   uint8_t digest[static SHA1_SIZE], struct error *error);

/* FNV-1a, 64 bits (draft-eastlake-fnv): fast and good enough where nobody attacks; never for ids. */
static inline uint64_t hash_fnv1a(const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
