/* Stage one of the fast path: where the structural bytes of a block are. SSE2 is every x86-64's; AVX2 is used where the
 * machine has it. */
#include "record/layout.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum scan_path scan_path_best(void)
{
    const bool avx2 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
    return avx2 ? SCAN_AVX2 : SCAN_SSE2;
}

/* The number of the lowest bit; of no bits at all something, where __builtin_ctzll would be undefined. */
static inline uint32_t lowest(uint64_t bits)
{
    uint64_t number;
    __asm__("rep bsf %1, %0" : "=r"(number) : "r"(bits) : "cc"); /* tzcnt where there is one */
    return (uint32_t)number;
}

/* Bits to positions, eight at a time without a branch: what is written too much is written over by the next step. */
static inline __attribute__((always_inline)) uint32_t *flatten(uint32_t *out, uint64_t bits, uint32_t at)
{
    uint32_t *const end = out + __builtin_popcountll(bits);
    for (; out < end; out += 8) {
#define NEXT(i) (out[i] = at + lowest(bits), bits &= bits - 1)
        NEXT(0), NEXT(1), NEXT(2), NEXT(3), NEXT(4), NEXT(5), NEXT(6), NEXT(7);
#undef NEXT
    }
    return end;
}

static inline uint64_t step_sse2(const char *p)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
    uint64_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        /* As signed bytes, those above 0x7f are below 0x20 too. */
        const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                                           _mm_cmplt_epi8(bytes, space));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << (16 * i);
    }
    return bits;
}

__attribute__((target("avx2,bmi,popcnt"))) static inline uint64_t step_avx2(const char *p)
{
    const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\'), space = _mm256_set1_epi8(0x20);
    uint64_t bits = 0;
    for (size_t i = 0; i < 2; i++) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32 * i));
        const __m256i found =
            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, backslash)),
                            _mm256_cmpgt_epi8(space, bytes));
        bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(found) << (32 * i);
    }
    return bits;
}

static inline uint64_t below(size_t count)
{
    return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

static size_t index_sse2(const char *block, size_t from, size_t to, uint32_t *position)
{
    uint32_t *out = position;
    for (; from < to; from += INDEX_STEP)
        out = flatten(out, step_sse2(block + from) & below(to - from), (uint32_t)from);
    return (size_t)(out - position);
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t index_avx2(const char *block, size_t from, size_t to,
                                                                    uint32_t *position)
{
    uint32_t *out = position;
    for (; from < to; from += INDEX_STEP)
        out = flatten(out, step_avx2(block + from) & below(to - from), (uint32_t)from);
    return (size_t)(out - position);
}

size_t index_block(enum scan_path path, const char *block, size_t from, size_t to, uint32_t *position)
{
    return path == SCAN_AVX2 ? index_avx2(block, from, to, position) : index_sse2(block, from, to, position);
}

#else

enum scan_path scan_path_best(void)
{
    return SCAN_PORTABLE;
}

size_t index_block(enum scan_path path, const char *block, size_t from, size_t to, uint32_t *position)
{
    (void)path;
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        if ((signed char)block[i] < 0x20 || block[i] == '"' || block[i] == '\\')
            position[count++] = (uint32_t)i;
    return count;
}

#endif
