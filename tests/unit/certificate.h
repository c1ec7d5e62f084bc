/* Certificates for tests of TLS, made by OpenSSL as they are needed: an authority and what it signs. */
#ifndef TN_TESTS_CERTIFICATE_H
#define TN_TESTS_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>

struct certificate {
    EVP_PKEY *key;
    X509 *x509;
};

static inline bool extension_add(X509 *x509, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    const bool good = extension != NULL && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

/* Valid from `from` to `to` seconds from now; `names` as in "IP:127.0.0.1"; signed by `authority`, or by itself, and
 * then an authority when `names` is NULL. Written as NAME.pem and NAME.key into the folder. */
static inline bool certificate_make(struct certificate *made, const struct certificate *authority, const char *folder,
                                    const char *name, const char *names, long from, long to)
{
    char path[4096];
    made->key = EVP_EC_gen("P-256");
    made->x509 = X509_new();
    X509 *x509 = made->x509, *issuer = authority == NULL ? x509 : authority->x509;
    static long serial = 1;
    bool good = made->key != NULL && x509 != NULL && X509_set_version(x509, 2) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(x509), from) != NULL &&
                X509_gmtime_adj(X509_getm_notAfter(x509), to) != NULL && X509_set_pubkey(x509, made->key) == 1 &&
                X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, (const unsigned char *)name,
                                           -1, -1, 0) == 1 &&
                X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1;
    good = good && (names == NULL ? extension_add(x509, issuer, NID_basic_constraints, "critical,CA:TRUE")
                                  : extension_add(x509, issuer, NID_subject_alt_name, names));
    good = good && X509_sign(x509, authority == NULL ? made->key : authority->key, EVP_sha256()) > 0;
    (void)snprintf(path, sizeof path, "%s/%s.pem", folder, name);
    FILE *file = fopen(path, "w");
    good = good && file != NULL && PEM_write_X509(file, x509) == 1;
    if (file != NULL)
        (void)fclose(file);
    (void)snprintf(path, sizeof path, "%s/%s.key", folder, name);
    file = fopen(path, "w");
    good = good && file != NULL && PEM_write_PrivateKey(file, made->key, NULL, NULL, 0, NULL, NULL) == 1;
    if (file != NULL)
        (void)fclose(file);
    return good;
}

static inline void certificate_free(struct certificate *made)
{
    EVP_PKEY_free(made->key);
    X509_free(made->x509);
}

#endif
