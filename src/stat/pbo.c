/* Combinatorially symmetric cross-validation. */
#include "stat/pbo.h"

#include "base/list.h"
#include "base/math.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int pbo_init(struct pbo *pbo, size_t n, size_t blocks, struct error *error)
{
    *pbo = (struct pbo){.blocks = blocks, .length = n / blocks};
    require(blocks >= 2 && blocks % 2 == 0 && blocks <= 30);
    return pbo->length >= 2 ? 0 : error_set(error, EXIT_USAGE, "%zu returns are too few for %zu blocks", n, blocks);
}

void pbo_clear(struct pbo *pbo)
{
    free(pbo->sums);
    *pbo = (struct pbo){0};
}

void pbo_sum(const struct pbo *pbo, const double *returns, size_t n, double *sums)
{
    returns += n - pbo->blocks * pbo->length;
    for (size_t b = 0; b < pbo->blocks; b++) {
        sums[2 * b] = sums[2 * b + 1] = 0;
        for (size_t i = 0; i < pbo->length; i++) {
            const double x = returns[b * pbo->length + i];
            sums[2 * b] += x;
            sums[2 * b + 1] += x * x;
        }
    }
}

int pbo_add(struct pbo *pbo, const double *sums, struct error *error)
{
    const size_t size = 2 * pbo->blocks * sizeof *sums;
    if (list_grow(&pbo->sums, &pbo->capacity, pbo->trials, size, error) != 0)
        return -1;
    memcpy(pbo->sums + pbo->trials++ * 2 * pbo->blocks, sums, size);
    return 0;
}

/* The ratio of one period over some of the blocks; one that does not vary has none, and earns nothing. */
static double ratio(const struct pbo *pbo, size_t trial, uint32_t blocks)
{
    const double *sums = pbo->sums + trial * 2 * pbo->blocks;
    const size_t returns = pbo->length * (pbo->blocks / 2);
    const double n = (double)returns;
    double sum = 0, squares = 0;
    for (size_t b = 0; b < pbo->blocks; b++)
        if ((blocks & UINT32_C(1) << b) != 0) {
            sum += sums[2 * b];
            squares += sums[2 * b + 1];
        }
    const double left = squares - sum * sum / n;
    return left > 1e-12 * squares ? sum / n / sqrt(left / (n - 1)) : 0;
}

static size_t count_blocks(uint32_t blocks)
{
    size_t count = 0;
    for (; blocks != 0; blocks &= blocks - 1)
        count++;
    return count;
}

/* One split: which is best by `chosen`, and what becomes of it in the other half. */
static void judge(const struct pbo *pbo, uint32_t chosen, double *inside, double *outside, size_t *rank)
{
    const uint32_t rest = ((UINT32_C(1) << pbo->blocks) - 1) & ~chosen;
    size_t best = 0;
    *inside = -INFINITY;
    for (size_t i = 0; i < pbo->trials; i++) {
        const double of = ratio(pbo, i, chosen);
        if (of > *inside) {
            *inside = of;
            best = i;
        }
    }
    *outside = ratio(pbo, best, rest);
    *rank = 1;
    for (size_t i = 0; i < pbo->trials; i++)
        *rank += i != best && ratio(pbo, i, rest) < *outside;
}

void pbo_work_out(const struct pbo *pbo, struct pbo_result *result)
{
    double x = 0, y = 0, xx = 0, xy = 0, logits = 0;
    uint64_t over = 0, lost = 0;
    *result = (struct pbo_result){0, NAN, NAN, NAN, NAN, NAN};
    if (pbo->trials < 2)
        return;
    for (uint32_t chosen = 0; chosen < UINT32_C(1) << pbo->blocks; chosen++) {
        double inside, outside;
        size_t rank;
        if (count_blocks(chosen) != pbo->blocks / 2)
            continue;
        judge(pbo, chosen, &inside, &outside, &rank);
        const double w = (double)rank / (double)(pbo->trials + 1), logit = math_log(w / (1 - w));
        result->splits++;
        over += logit <= 0;
        lost += outside < 0;
        logits += logit;
        x += inside;
        y += outside;
        xx += inside * inside;
        xy += inside * outside;
    }
    const double n = (double)result->splits, spread = xx - x * x / n;
    result->probability = (double)over / n;
    result->logit = logits / n;
    result->loss = (double)lost / n;
    if (spread > 1e-12 * xx) {
        result->slope = (xy - x * y / n) / spread;
        result->intercept = (y - result->slope * x) / n;
    }
}
