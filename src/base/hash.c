/* SHA-256 by OpenSSL's EVP interface, and the text forms of digests. */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

struct sha256 {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
};

struct sha256 *sha256_new(struct error *error)
{
    struct sha256 *hash = calloc(1, sizeof *hash);
    if (hash == NULL) {
        error_memory(error);
        return NULL;
    }
    /* Without its default context, for want of memory, OpenSSL 3.0 crashes in the fetch instead of refusing. */
    if (OSSL_LIB_CTX_get0_global_default() != NULL) {
        hash->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
        hash->context = EVP_MD_CTX_new();
    }
    if (hash->algorithm == NULL || hash->context == NULL) {
        error_set(error, EXIT_SYSTEM, "SHA-256 of the OpenSSL library is not available");
        sha256_free(hash);
        return NULL;
    }
    return hash;
}

void sha256_free(struct sha256 *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->context);
    EVP_MD_free(hash->algorithm);
    free(hash);
}

static int check(int success, struct error *error)
{
    return success == 1 ? 0 : error_set(error, EXIT_SYSTEM, "cannot compute a SHA-256 digest");
}

int sha256_begin(struct sha256 *hash, struct error *error)
{
    return check(EVP_DigestInit_ex2(hash->context, hash->algorithm, NULL), error);
}

int sha256_add(struct sha256 *hash, const void *bytes, size_t count, struct error *error)
{
    return check(EVP_DigestUpdate(hash->context, bytes, count), error);
}

int sha256_end(struct sha256 *hash, uint8_t digest[static SHA256_SIZE], struct error *error)
{
    unsigned size = 0;
    return check(EVP_DigestFinal_ex(hash->context, digest, &size) == 1 && size == SHA256_SIZE, error);
}

int sha256_of(struct sha256 *hash, const void *bytes, size_t count, uint8_t digest[static SHA256_SIZE],
              struct error *error)
{
    if (sha256_begin(hash, error) != 0 || sha256_add(hash, bytes, count, error) != 0)
        return -1;
    return sha256_end(hash, digest, error);
}

void hash_hex(char *text, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *text++ = "0123456789abcdef"[bytes[i] >> 4];
        *text++ = "0123456789abcdef"[bytes[i] & 15];
    }
    *text = '\0';
}

void hash_base32(char *text, const uint8_t *bytes, size_t bits)
{
    require(bits % 5 == 0);
    unsigned held = 0, count = 0;
    for (size_t done = 0; done < bits; done += 5) {
        if (count < 5) {
            held = (held << 8 | *bytes++) & 0xfff;
            count += 8;
        }
        count -= 5;
        *text++ = "abcdefghijklmnopqrstuvwxyz234567"[held >> count & 31];
    }
    *text = '\0';
}

void hash_base64(char *text, const uint8_t *bytes, size_t count)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        const size_t left = count - i;
        const uint32_t group =
            (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        for (int k = 0; k < 4; k++)
            *text++ = (size_t)k > left ? '=' : alphabet[group >> (18 - 6 * k) & 63];
    }
    *text = '\0';
}

int hash_sha1(const void *bytes, size_t count, uint8_t digest[static SHA1_SIZE], struct error *error)
{
    if (EVP_Digest(bytes, count, digest, NULL, EVP_sha1(), NULL) != 1)
        return error_set(error, EXIT_SYSTEM, "OpenSSL cannot make a SHA-1 digest");
    return 0;
}

int hash_hmac_sha1(const uint8_t *key, size_t key_size, const void *bytes, size_t count,
                   uint8_t digest[static SHA1_SIZE], struct error *error)
{
    unsigned size = 0;
    require(key_size <= 64);
    if (HMAC(EVP_sha1(), key, (int)key_size, bytes, count, digest, &size) == NULL || size != SHA1_SIZE)
        return error_set(error, EXIT_SYSTEM, "OpenSSL cannot make an HMAC of SHA-1");
    return 0;
}
