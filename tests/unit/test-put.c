/* The short ways of reading and writing values agree with the general ones of base/, on a million values each. */
#include "record/put.h"
#include "record/record.h"
#include "record/take.h"
#include "tap.h"

static uint64_t state = 3;

static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Of every size, with few digits as often as with many. */
static int64_t random_whole(void)
{
    static const int64_t power[] = {1, 10, 1000, 10000, 1000000, 100000000, INT64_C(10000000000)};
    const int64_t value = (int64_t)(random_bits() >> (random_bits() % 60 + 1));
    const int64_t rounded = value - value % power[random_bits() % 7];
    return random_bits() % 4 == 0 ? -rounded : rounded;
}

static bool same(const char *got, const char *end, const char *want, size_t length)
{
    if ((size_t)(end - got) == length && memcmp(got, want, length) == 0)
        return true;
    printf("# got %.*s, want %.*s\n", (int)(end - got), got, (int)length, want);
    return false;
}

/* As a field of a line that the fast path scanned, with bytes behind it. */
static struct field field_of(char line[static 96], const char *text, size_t length)
{
    memset(line, '7', 96);
    memcpy(line, text, length);
    struct field field = {.value = {line, length}, .kind = *text == '"' ? VALUE_STRING : VALUE_NUMBER};
    const char *const point = memchr(line, '.', length);
    if (*text != '"' && *text != '-' && length <= 16 && memchr(line, 'e', length) == NULL)
        field.whole = (uint8_t)(point == NULL ? length : (size_t)(point - line));
    return field;
}

static void test_decimals(void)
{
    int wrong = 0, taken = 0;
    for (int i = 0; i < 1000000 && wrong == 0; i++) {
        char got[64], want[DEC_TEXT_MAX], line[96];
        const dec value = random_whole();
        dec back;
        const size_t length = dec_format(want, value);
        wrong += !same(got, put_dec(got, value), want, length);
        const struct field field = field_of(line, want, length);
        if (take_dec(&field, &back)) {
            taken++;
            wrong += back != value;
        }
    }
    check(wrong == 0, "decimals as dec_format and dec_parse do");
    check(taken > 300000, "the short way reads many of them");
}

static void test_doubles(void)
{
    int wrong = 0, taken = 0;
    struct error error = {0};
    for (int i = 0; i < 1000000 && wrong == 0; i++) {
        char got[64], want[NUM_TEXT_MAX], line[96];
        double value = (double)random_whole(), back, exact;
        if (i % 4 == 1)
            value /= 1e8;
        else if (i % 4 == 2)
            value = (double)(random_bits() >> 11) * 0x1p-40;
        else if (i % 4 == 3)
            memcpy(&value, &(uint64_t){random_bits()}, sizeof value);
        if (!isfinite(value))
            continue;
        const size_t length = num_format(want, value);
        wrong += !same(got, put_double(got, value), want, length);
        const struct field field = field_of(line, want, length);
        if (take_double(&field, &back)) {
            taken++;
            wrong += num_parse(&exact, want, length, &error) != 0 || memcmp(&back, &exact, sizeof back) != 0;
        }
    }
    check(wrong == 0, "doubles as num_format and num_parse do");
    check(taken > 100000, "the short way reads many of them");
}

static void test_times(void)
{
    int wrong = 0, taken = 0;
    for (int i = 0; i < 1000000 && wrong == 0; i++) {
        char got[64], want[TIME_TEXT_MAX + 2] = "\"", line[96];
        const int64_t unit[] = {1, 1000000, TIME_SECOND, TIME_MINUTE, TIME_DAY};
        const int64_t random = (int64_t)(random_bits() >> 1), time = random - random % unit[random_bits() % 5];
        int64_t back;
        size_t length = time_format(want + 1, time) + 2;
        want[length - 1] = '"';
        wrong += !same(got, put_time(got, time), want, length);
        /* Any digit changed may make a date that is none: both must agree on that too. */
        if (i % 2 == 0)
            want[1 + random_bits() % (length - 2)] = (char)('0' + random_bits() % 16);
        const struct field field = field_of(line, want, length);
        struct error error = {0};
        int64_t exact;
        if (take_time(&field, &back)) {
            taken++;
            wrong += time_parse(&exact, want + 1, length - 2, &error) != 0 || back != exact;
        }
    }
    check(wrong == 0, "times as time_format and time_parse do");
    check(taken > 100000, "the short way reads many of them");
    /* Every day of the short way's years. */
    for (int64_t day = 0; day < 47482 && wrong == 0; day++) {
        char got[64], want[TIME_TEXT_MAX + 2] = "\"", line[96];
        int64_t back = 0;
        const int64_t time = day * TIME_DAY + day % 86400 * TIME_SECOND;
        const size_t length = time_format(want + 1, time) + 2;
        want[length - 1] = '"';
        const struct field field = field_of(line, want, length);
        wrong += !same(got, put_time(got, time), want, length) || !take_time(&field, &back) || back != time;
    }
    check(wrong == 0, "every day from 1970 to 2099");
}

static void test_intervals(void)
{
    int wrong = 0;
    for (int unit = INTERVAL_SECOND; unit <= INTERVAL_VALUE; unit++)
        for (int64_t count = 1; count < 3000; count++) {
            char got[64], want[INTERVAL_TEXT_MAX + 2] = "\"", line[96];
            const struct interval interval = {(enum interval_unit)unit, count};
            struct interval back, exact;
            struct error error = {0};
            const size_t length = interval_format(want + 1, interval) + 2;
            want[length - 1] = '"';
            wrong += !same(got, put_interval(got, interval), want, length);
            const struct field field = field_of(line, want, length);
            if (take_interval(&field, &back))
                wrong += interval_parse(&exact, want + 1, length - 2, &error) != 0 || !interval_equal(back, exact);
        }
    check(wrong == 0, "intervals as interval_format and interval_parse do");
}

int main(void)
{
    test_decimals();
    test_doubles();
    test_times();
    test_intervals();
    return done();
}
