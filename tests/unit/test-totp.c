/* One-time codes against the tables of RFC 4226 (appendix D) and RFC 6238 (appendix B). */
#include "base/totp.h"
#include "tap.h"

static const uint8_t key[] = "12345678901234567890"; /* of both RFCs */

static uint32_t code_of(uint64_t counter, int digits)
{
    struct error error = {0};
    uint32_t code = 0;
    require(totp_code(key, 20, counter, digits, &code, &error) == 0);
    return code;
}

static void test_tables(void)
{
    static const uint32_t hotp[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};
    static const struct {
        int64_t time;
        uint32_t code;
    } totp[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    for (size_t i = 0; i < sizeof hotp / sizeof *hotp; i++)
        check(code_of(i, 6) == hotp[i], "RFC 4226: counter %zu", i);
    for (size_t i = 0; i < sizeof totp / sizeof *totp; i++)
        check(code_of((uint64_t)(totp[i].time / TOTP_PERIOD), 8) == totp[i].code, "RFC 6238: %lld",
              (long long)totp[i].time);
}

static int taken(int64_t now, uint64_t used, const char *text)
{
    struct error error = {0};
    uint64_t counter = 0;
    const int good = totp_check(key, 20, now, used, str_of(text), &counter, &error);
    return good == 1 ? (int)counter : good;
}

static void test_check(void)
{
    /* Counters 1, 2, 3 hold 30–59, 60–89, 90–119 s; their codes are 287082, 359152, 969429. */
    check(taken(75, 0, "359152") == 2, "the code of now");
    check(taken(75, 0, "287082") == 1 && taken(75, 0, "969429") == 3, "of the period before and after");
    check(taken(75, 0, "755224") == 0 && taken(75, 0, "338314") == 0, "not of two before or after");
    check(taken(75, 2, "359152") == 0 && taken(75, 2, "287082") == 0, "a code is good once, and so is an older one");
    check(taken(75, 2, "969429") == 3, "a later one is good");
    check(taken(75, 0, "35915") == 0 && taken(75, 0, "3591520") == 0 && taken(75, 0, "35915x") == 0 &&
              taken(75, 0, " 59152") == 0 && taken(75, 0, "") == 0,
          "what is no code is none");
    check(taken(-5, 0, "755224") == 0, "before 1970 there are none");
}

static void test_secret(void)
{
    uint8_t secret[TOTP_SECRET_MAX];
    size_t size = 0;
    struct error error = {0};
    /* base32 of the RFCs' key, by coreutils. */
    check(totp_secret(STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), secret, &size, &error) == 0 && size == 20 &&
              memcmp(secret, key, 20) == 0,
          "a secret in base32");
    check(totp_secret(STR("gezd gnbv-gy3t qojq gezd gnbv gy3t qojq"), secret, &size, &error) == 0 && size == 20 &&
              memcmp(secret, key, 20) == 0,
          "as apps show it");
    check(totp_secret(STR("GEZDGNBVGY3TQOJQGEZDGNBVGY======"), secret, &size, &error) == 0 && size == 16,
          "with padding");
    static const char *const bad[] = {"", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
                                      "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ=A", "0123456789012345678901234567890123456789"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(totp_secret(str_of(bad[i]), secret, &size, &error) != 0 && error.code == EXIT_CREDENTIALS &&
                  (bad[i][0] == '\0' || strstr(error.text, bad[i]) == NULL),
              "no secret, and not in the message: %zu", i);
    }
    char longest[200];
    memset(longest, 'A', sizeof longest);
    error_clear(&error);
    check(totp_secret((struct str){longest, sizeof longest}, secret, &size, &error) != 0, "too long");
}

int main(void)
{
    test_tables();
    test_check();
    test_secret();
    return done();
}
