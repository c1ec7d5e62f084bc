/* XXH64 and CRC-32. Bytes are read as little endian, which all machines we run on are. */
#include "base/checksum.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bytes are taken as they lie");

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)
#define PRIME_5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static uint64_t load_64(const unsigned char *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint64_t load_32(const unsigned char *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint64_t round_of(uint64_t lane, uint64_t input)
{
    return rotate(lane + input * PRIME_2, 31) * PRIME_1;
}

static uint64_t merge(uint64_t sum, uint64_t lane)
{
    return (sum ^ round_of(0, lane)) * PRIME_1 + PRIME_4;
}

/* Whole stripes of 32 bytes, in four lanes. */
static uint64_t take_stripes(const unsigned char **p, const unsigned char *end)
{
    uint64_t lane[4] = {PRIME_1 + PRIME_2, PRIME_2, 0, 0 - PRIME_1};
    for (; end - *p >= 32; *p += 32)
        for (int i = 0; i < 4; i++)
            lane[i] = round_of(lane[i], load_64(*p + 8 * i));
    uint64_t sum = rotate(lane[0], 1) + rotate(lane[1], 7) + rotate(lane[2], 12) + rotate(lane[3], 18);
    for (int i = 0; i < 4; i++)
        sum = merge(sum, lane[i]);
    return sum;
}

uint64_t checksum(const void *bytes, size_t count)
{
    const unsigned char *p = bytes, *end = count == 0 ? p : p + count;
    uint64_t sum = count >= 32 ? take_stripes(&p, end) : PRIME_5;
    sum += count;
    for (; end - p >= 8; p += 8)
        sum = rotate(sum ^ round_of(0, load_64(p)), 27) * PRIME_1 + PRIME_4;
    if (end - p >= 4) {
        sum = rotate(sum ^ load_32(p) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        p += 4;
    }
    for (; p < end; p++)
        sum = rotate(sum ^ *p * PRIME_5, 11) * PRIME_1;
    sum = (sum ^ sum >> 33) * PRIME_2;
    sum = (sum ^ sum >> 29) * PRIME_3;
    return sum ^ sum >> 32;
}

uint32_t checksum_crc32(uint32_t sum, const void *bytes, size_t count)
{
    /* Of each half byte: four steps of the division. */
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    const unsigned char *p = bytes;
    sum = ~sum;
    for (size_t i = 0; i < count; i++) {
        sum = table[(sum ^ p[i]) & 15] ^ sum >> 4;
        sum = table[(sum ^ p[i] >> 4) & 15] ^ sum >> 4;
    }
    return ~sum;
}
