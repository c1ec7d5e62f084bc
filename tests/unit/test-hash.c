/* Digests and their text, against the published test vectors. */
#include "base/hash.h"
#include "tap.h"

int main(void)
{
    struct error error = {0};
    struct sha256 *hash = sha256_new(&error);
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE], text[64];
    check(hash != NULL, "the digest is there");
    /* FIPS 180-4 examples, NIST CSRC "SHA256.pdf" */
    check(sha256_of(hash, "abc", 3, digest, &error) == 0, "digests abc");
    hash_hex(hex, digest, sizeof digest);
    check_text(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc");
    check(sha256_begin(hash, &error) == 0 && sha256_add(hash, "abcdbcdecdefdefgefghfghighij", 28, &error) == 0 &&
              sha256_add(hash, "hijkijkljklmklmnlmnomnopnopq", 28, &error) == 0 &&
              sha256_end(hash, digest, &error) == 0,
          "digests in pieces");
    hash_hex(hex, digest, sizeof digest);
    check_text(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "448 bits in two pieces");
    check(sha256_of(hash, "", 0, digest, &error) == 0, "digests nothing");
    hash_hex(hex, digest, sizeof digest);
    check_text(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "nothing");
    sha256_free(hash);
    sha256_free(NULL);

    /* RFC 4648 §10, lower case, without its padding */
    hash_base32(text, (const uint8_t *)"fooba", 40);
    check_text(text, "mzxw6ytb", "base32 of fooba");
    hash_base32(text, (const uint8_t *)"foobarfoob", 80);
    check_text(text, "mzxw6ytbojtg633c", "base32 of 80 bits");
    hash_base32(text, (const uint8_t *)"fo", 10);
    check_text(text, "mz", "only the first bits");

    /* draft-eastlake-fnv, appendix C: 64-bit FNV-1a */
    check(hash_fnv1a("", 0) == UINT64_C(0xcbf29ce484222325), "FNV-1a of nothing");
    check(hash_fnv1a("a", 1) == UINT64_C(0xaf63dc4c8601ec8c), "FNV-1a of a");
    check(hash_fnv1a("foobar", 6) == UINT64_C(0x85944171f73967e8), "FNV-1a of foobar");
    return done();
}
