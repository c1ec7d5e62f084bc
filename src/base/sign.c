/* Ed25519 by OpenSSL's EVP interface. */
#include "base/sign.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 16384

struct sign_key {
    EVP_PKEY *key;
    uint8_t bytes[SIGN_KEY_SIZE];
};

/* A passphrase is never asked for: who asks would wait at a terminal that may not be there. */
static int no_passphrase(char *text, int size, int writing, void *context)
{
    (void)text;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static struct sign_key *wrap(EVP_PKEY *pkey, const char *path, struct error *error)
{
    struct sign_key *key = calloc(1, sizeof *key);
    size_t size = SIGN_KEY_SIZE;
    if (key == NULL) {
        error_memory(error);
        EVP_PKEY_free(pkey);
        return NULL;
    }
    key->key = pkey;
    if (EVP_PKEY_get_id(pkey) == EVP_PKEY_ED25519 && EVP_PKEY_get_raw_public_key(pkey, key->bytes, &size) == 1 &&
        size == SIGN_KEY_SIZE)
        return key;
    error_set(error, EXIT_CREDENTIALS, "'%s' is not an Ed25519 key", path);
    sign_key_free(key);
    return NULL;
}

static struct sign_key *read_key(const char *path, bool secret, struct error *error)
{
    struct buf text;
    EVP_PKEY *pkey = NULL;
    buf_init(&text, FILE_MAX);
    if (file_read_any(path, &text, error) == 0) {
        BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
        if (bio != NULL && !secret)
            pkey = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
        if (bio != NULL && pkey == NULL && BIO_reset(bio) == 1)
            pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
        BIO_free(bio);
        if (pkey == NULL)
            error_set(error, EXIT_CREDENTIALS, "'%s' contains no %s key, or one with a passphrase", path,
                      secret ? "private" : "public");
    } else {
        error_recode(error, EXIT_CREDENTIALS);
    }
    if (text.p != NULL)
        OPENSSL_cleanse(text.p, text.n);
    buf_clear(&text);
    return pkey == NULL ? NULL : wrap(pkey, path, error);
}

struct sign_key *sign_key_private(const char *path, struct error *error)
{
    return file_check_private(path, error) == 0 ? read_key(path, true, error) : NULL;
}

struct sign_key *sign_key_public(const char *path, struct error *error)
{
    return read_key(path, false, error);
}

void sign_key_free(struct sign_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->key);
    free(key);
}

/* Writes a file that was not there. */
static int write_new(const char *path, mode_t mode, BIO *bio, struct error *error)
{
    char *text;
    const long size = BIO_get_mem_data(bio, &text);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return error_system(error, "cannot make '%s'", path);
    int result = fd_write_all(fd, path, text, (size_t)size, error);
    if (result == 0 && fsync(fd) != 0)
        result = error_system(error, "cannot write '%s'", path);
    close(fd);
    if (result != 0)
        unlink(path);
    return result;
}

int sign_key_make(const char *path, struct error *error)
{
    char public_path[4096];
    if ((size_t)snprintf(public_path, sizeof public_path, "%s.pub", path) >= sizeof public_path)
        return error_set(error, EXIT_USAGE, "the name of the key is too long");
    if (access(public_path, F_OK) == 0)
        return error_set(error, EXIT_USAGE, "'%s' already exists", public_path);
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *secret = BIO_new(BIO_s_mem()), *open_one = BIO_new(BIO_s_mem());
    int result = 0;
    if (pkey == NULL || secret == NULL || open_one == NULL ||
        PEM_write_bio_PrivateKey(secret, pkey, NULL, NULL, 0, NULL, NULL) != 1 ||
        PEM_write_bio_PUBKEY(open_one, pkey) != 1)
        result = error_set(error, EXIT_SYSTEM, "cannot make an Ed25519 key");
    if (result == 0)
        result = write_new(path, 0600, secret, error);
    if (result == 0 && (result = write_new(public_path, 0644, open_one, error)) != 0)
        unlink(path);
    char *text;
    const long size = secret == NULL ? 0 : BIO_get_mem_data(secret, &text);
    if (size > 0)
        OPENSSL_cleanse(text, (size_t)size);
    BIO_free(secret);
    BIO_free(open_one);
    EVP_PKEY_free(pkey);
    return result;
}

void sign_key_bytes(const struct sign_key *key, uint8_t bytes[static SIGN_KEY_SIZE])
{
    memcpy(bytes, key->bytes, SIGN_KEY_SIZE);
}

int sign_make(const struct sign_key *key, const void *bytes, size_t count, uint8_t signature[static SIGNATURE_SIZE],
              struct error *error)
{
    size_t size = SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool done = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) == 1 &&
                      EVP_DigestSign(context, signature, &size, bytes, count) == 1 && size == SIGNATURE_SIZE;
    EVP_MD_CTX_free(context);
    return done ? 0 : error_set(error, EXIT_CREDENTIALS, "cannot sign: the key is not a private one");
}

int sign_check(const struct sign_key *key, const void *bytes, size_t count,
               const uint8_t signature[static SIGNATURE_SIZE], struct error *error)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->key) != 1) {
        EVP_MD_CTX_free(context);
        return error_set(error, EXIT_SYSTEM, "cannot verify a signature");
    }
    const int result = EVP_DigestVerify(context, signature, SIGNATURE_SIZE, bytes, count);
    EVP_MD_CTX_free(context);
    return result == 1;
}
