/* Ed25519 against the test vectors of RFC 8032, 7.1. */
#include "base/hash.h"
#include "base/sign.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error error;

/* The key of TEST 1 (secret 9d61b19d…7f60) as PKCS#8: the fixed prefix of RFC 8410 and the 32 bytes, in base64. */
static const char secret[] = "-----BEGIN PRIVATE KEY-----\n"
                             "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                             "-----END PRIVATE KEY-----\n";

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    if (file != NULL) {
        (void)fputs(text, file);
        (void)fclose(file);
    }
    (void)chmod(path, mode);
}

static void test_vector(void)
{
    uint8_t signature[SIGNATURE_SIZE], public_key[SIGN_KEY_SIZE];
    char hex[2 * SIGNATURE_SIZE + 1];
    write_file("one.pem", secret, 0600);
    struct sign_key *key = sign_key_private("one.pem", &error);
    check(key != NULL, "the private key of TEST 1 (%s)", error.text);
    if (key == NULL)
        return;
    sign_key_bytes(key, public_key);
    hash_hex(hex, public_key, SIGN_KEY_SIZE);
    check_text(hex, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "its public key");
    check(sign_make(key, "", 0, signature, &error) == 0, "signs nothing");
    hash_hex(hex, signature, SIGNATURE_SIZE);
    check_text(hex,
               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
               "d25bf5f0595bbe24655141438e7a100b",
               "as the RFC does");
    check(sign_check(key, "", 0, signature, &error) == 1, "which holds");
    check(sign_check(key, "x", 1, signature, &error) == 0, "of nothing else");
    signature[3] ^= 1;
    check(sign_check(key, "", 0, signature, &error) == 0, "and not with another bit");
    sign_key_free(key);
}

static void test_files(void)
{
    uint8_t signature[SIGNATURE_SIZE];
    check(sign_key_make("mine", &error) == 0, "makes a pair");
    struct stat status;
    check(stat("mine", &status) == 0 && (status.st_mode & 0777) == 0600, "the private one is closed");
    check(sign_key_make("mine", &error) != 0 && error_is_set(&error), "and does not write over one");
    error_clear(&error);
    struct sign_key *key = sign_key_private("mine", &error), *open_one = sign_key_public("mine.pub", &error);
    check(key != NULL && open_one != NULL && sign_make(key, "abc", 3, signature, &error) == 0 &&
              sign_check(open_one, "abc", 3, signature, &error) == 1,
          "what one signs the other checks");
    check(open_one != NULL && sign_make(open_one, "abc", 3, signature, &error) != 0, "a public key does not sign");
    error_clear(&error);
    sign_key_free(key);
    sign_key_free(open_one);
    (void)chmod("mine", 0644);
    check(sign_key_private("mine", &error) == NULL && error.code == EXIT_CREDENTIALS,
          "one that others may read is refused");
    error_clear(&error);
    write_file("none.pem", "no key\n", 0600);
    check(sign_key_private("none.pem", &error) == NULL && error.code == EXIT_CREDENTIALS, "a file that is no key");
    error_clear(&error);
    check(sign_key_public("nowhere.pem", &error) == NULL && error.code == EXIT_CREDENTIALS, "no file");
    error_clear(&error);
}

int main(void)
{
    char folder[] = "/tmp/tn-test-sign.XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return 1;
    test_vector();
    test_files();
    static const char *const files[] = {"one.pem", "mine", "mine.pub", "none.pem"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)unlink(files[i]);
    if (chdir("/") == 0)
        (void)rmdir(folder);
    return done();
}
