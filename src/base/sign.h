/* Ed25519 signatures (RFC 8032) by OpenSSL. Keys are PEM files as `openssl genpkey -algorithm ed25519` writes them. */
#ifndef TN_BASE_SIGN_H
#define TN_BASE_SIGN_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_KEY_SIZE  32 /* of a public key */
#define SIGNATURE_SIZE 64

struct sign_key;

/* A private key: a file of ours that is closed to others (file_check_private). EXIT_CREDENTIALS. */
struct sign_key *sign_key_private(const char *path, struct error *error);
/* A public key; the file of a private one has it too, and need not be closed here. EXIT_CREDENTIALS. */
struct sign_key *sign_key_public(const char *path, struct error *error);
void sign_key_free(struct sign_key *key); /* NULL is allowed */
/* Makes a pair: PATH, closed to others, and PATH.pub. Neither may be there. */
int sign_key_make(const char *path, struct error *error);
void sign_key_bytes(const struct sign_key *key, uint8_t bytes[static SIGN_KEY_SIZE]);

int sign_make(const struct sign_key *key, const void *bytes, size_t count, uint8_t signature[static SIGNATURE_SIZE],
              struct error *error);
/* 1: the signature is that of these bytes by this key; 0: it is not; -1: error. */
int sign_check(const struct sign_key *key, const void *bytes, size_t count,
               const uint8_t signature[static SIGNATURE_SIZE], struct error *error);

#endif
