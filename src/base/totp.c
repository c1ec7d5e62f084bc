/* One-time passwords by time. */
#include "base/totp.h"

#include "base/hash.h"

static int base32_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

int totp_secret(struct str text, uint8_t secret[static TOTP_SECRET_MAX], size_t *size, struct error *error)
{
    uint32_t bits = 0;
    int held = 0;
    size_t i = 0, n = 0;
    for (; i < text.n && text.p[i] != '='; i++) {
        if (text.p[i] == ' ' || text.p[i] == '-')
            continue;
        const int value = base32_value(text.p[i]);
        if (value < 0)
            return error_set(error, EXIT_CREDENTIALS, "the secret for one-time codes is not base32");
        bits = (bits << 5 | (uint32_t)value) & 0xfff;
        held += 5;
        if (held < 8)
            continue;
        if (n == TOTP_SECRET_MAX)
            return error_set(error, EXIT_CREDENTIALS, "the secret for one-time codes is too long");
        held -= 8;
        secret[n++] = (uint8_t)(bits >> held);
    }
    while (i < text.n && text.p[i] == '=')
        i++;
    if (i < text.n)
        return error_set(error, EXIT_CREDENTIALS, "the secret for one-time codes is not base32");
    if (n < TOTP_SECRET_MIN) {
        (void)error_set(error, EXIT_CREDENTIALS, "the secret for one-time codes is too short: it needs 128 bits");
        error_hint(error, "head -c 20 /dev/urandom | base32 makes one");
        return -1;
    }
    *size = n;
    return 0;
}

int totp_code(const uint8_t *secret, size_t size, uint64_t counter, int digits, uint32_t *code, struct error *error)
{
    static const uint32_t powers[] = {1000000, 10000000, 100000000};
    uint8_t message[8], digest[SHA1_SIZE];
    for (int i = 0; i < 8; i++)
        message[i] = (uint8_t)(counter >> (56 - 8 * i));
    if (hash_hmac_sha1(secret, size, message, sizeof message, digest, error) != 0)
        return -1;
    /* RFC 4226 section 5.3: the low four bits of the last byte say where 31 bits are taken. */
    const int at = digest[SHA1_SIZE - 1] & 0xf;
    const uint32_t bits = (uint32_t)(digest[at] & 0x7f) << 24 | (uint32_t)digest[at + 1] << 16 |
                          (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    *code = bits % powers[digits - 6];
    return 0;
}

int totp_check(const uint8_t *secret, size_t size, int64_t now, uint64_t used, struct str text, uint64_t *counter,
               struct error *error)
{
    uint32_t given = 0;
    if (text.n != TOTP_DIGITS || now < TOTP_PERIOD)
        return 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return 0;
        given = 10 * given + (uint32_t)(text.p[i] - '0');
    }
    const uint64_t present = (uint64_t)(now / TOTP_PERIOD);
    uint64_t found = 0;
    for (uint64_t at = present - 1; at <= present + 1; at++) {
        uint32_t code;
        if (totp_code(secret, size, at, TOTP_DIGITS, &code, error) != 0)
            return -1;
        found = code == given && at > used ? at : found;
    }
    *counter = found;
    return found > 0;
}
