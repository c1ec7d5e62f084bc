/* Sources compared, bar by bar. */
#include "market/agree.h"

#include "base/list.h"
#include "market/restate.h"

#include <math.h>
#include <stdlib.h>

struct comparing {
    const struct agree_part *part;
    size_t parts;
    double tolerance;
    enum adjusted basis;         /* all closes are put on */
    double *factor[AGREE_PARTS]; /* by bar */
    int64_t since[AGREE_PARTS];  /* bars before cannot be put on it */
    size_t at[AGREE_PARTS];      /* the next bar */
    struct agreement *agreement;
};

/* The last action that anybody knows of and that the part's prices have not taken up. */
static int64_t last_foreign(const struct comparing *comparing, size_t own)
{
    int64_t last = INT64_MIN;
    const unsigned missing = restate_missing(comparing->part[own].adjusted, comparing->basis);
    for (size_t p = 0; p < comparing->parts; p++)
        for (size_t k = 0; k < comparing->part[p].actions; k++) {
            const struct action *action = comparing->part[p].action[k];
            const unsigned kind = action->kind == ACTION_SPLIT      ? RESTATE_SPLITS
                                  : action->kind == ACTION_DIVIDEND ? RESTATE_DIVIDENDS
                                                                    : 0;
            if ((missing & kind) != 0 && action->time > last)
                last = action->time;
        }
    return last;
}

static int prepare(struct comparing *comparing, struct error *error)
{
    /* What any of them has taken up all must have. */
    unsigned all = 0;
    for (size_t p = 0; p < comparing->parts; p++)
        if (comparing->part[p].bars > 0)
            all |= restate_missing(ADJUSTED_RAW, comparing->part[p].adjusted);
    comparing->basis = all == (RESTATE_SPLITS | RESTATE_DIVIDENDS) ? ADJUSTED_TOTAL
                       : all == RESTATE_SPLITS                     ? ADJUSTED_SPLIT
                       : all == RESTATE_DIVIDENDS                  ? ADJUSTED_DIVIDEND
                                                                   : ADJUSTED_RAW;
    for (size_t p = 0; p < comparing->parts; p++) {
        const struct agree_part *part = &comparing->part[p];
        const unsigned missing = restate_missing(part->adjusted, comparing->basis);
        double *factor = calloc(2 * part->bars + 1, sizeof *factor);
        if (factor == NULL)
            return error_memory(error);
        comparing->factor[p] = factor;
        restate_factors(factor, factor + part->bars, part->bar, part->bars, part->action, part->actions, missing,
                        TIME_NONE);
        comparing->since[p] = part->knows_actions ? INT64_MIN : last_foreign(comparing, p);
    }
    return 0;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value, size_t count)
{
    qsort(value, count, sizeof *value, compare_doubles);
    return count % 2 == 1 ? value[count / 2] : (value[count / 2 - 1] + value[count / 2]) / 2;
}

/* What the prices of a part's bar are multiplied by; 1 behind its last one. */
static double factor_at(const struct comparing *comparing, size_t part, size_t bar)
{
    const double *factor = comparing->factor[part];
    return factor == NULL || bar >= comparing->part[part].bars ? 1 : factor[bar];
}

/* The bars that begin next, and what their closes say of each other. `has` gets the index of each part's bar. */
static bool next_row(struct comparing *comparing, struct agreed *row, size_t has[AGREE_PARTS])
{
    int64_t time = INT64_MAX;
    double value[AGREE_PARTS], sorted[AGREE_PARTS];
    size_t count = 0;
    for (size_t p = 0; p < comparing->parts; p++)
        if (comparing->at[p] < comparing->part[p].bars && comparing->part[p].bar[comparing->at[p]].time < time)
            time = comparing->part[p].bar[comparing->at[p]].time;
    if (time == INT64_MAX)
        return false;
    *row = (struct agreed){.part = AGREE_PARTS, .consensus = NAN};
    for (size_t p = 0; p < comparing->parts; p++) {
        const size_t at = comparing->at[p];
        has[p] = SIZE_MAX;
        value[p] = NAN;
        row->delta[p] = NAN;
        if (at == comparing->part[p].bars || comparing->part[p].bar[at].time != time)
            continue;
        has[p] = at;
        comparing->at[p]++;
        if (time >= comparing->since[p])
            value[p] = sorted[count++] = dec_to_double(comparing->part[p].bar[at].close) * factor_at(comparing, p, at);
    }
    if (count < 2)
        return true;
    const double middle = median(sorted, count);
    size_t near = 0;
    for (size_t p = 0; p < comparing->parts; p++)
        if (!isnan(value[p])) {
            row->delta[p] = value[p] / middle - 1;
            row->outlier[p] = fabs(row->delta[p]) > comparing->tolerance;
            near += row->outlier[p] ? 0 : 1;
        }
    /* Of two, the middle is between them: how far they are from each other counts. */
    const bool together = count == 2 ? sorted[1] / sorted[0] - 1 <= comparing->tolerance : near >= 2;
    for (size_t p = 0; p < comparing->parts; p++)
        row->outlier[p] = together && count > 2 && row->outlier[p];
    row->how = together ? AGREED_YES : AGREED_WITHHELD;
    row->consensus = middle;
    return true;
}

static void score(struct agreement *agreement, const struct comparing *comparing, const struct agreed *row,
                  const size_t has[AGREE_PARTS])
{
    size_t holders = 0;
    for (size_t p = 0; p < comparing->parts; p++)
        holders += has[p] != SIZE_MAX;
    agreement->doubtful += row->how == AGREED_WITHHELD;
    for (size_t p = 0; p < comparing->parts; p++) {
        struct agree_score *its = &agreement->score[p];
        its->compared += isnan(row->delta[p]) ? 0 : 1;
        its->outliers += row->outlier[p];
        if (has[p] == SIZE_MAX && holders >= 2) {
            its->missing++;
            its->behind += comparing->at[p] == comparing->part[p].bars;
        }
    }
}

bool agree_is_unfit(const struct agree_score *score)
{
    return score->outliers > 1 && score->outliers * 20 > score->compared;
}

/* The first that has bars, is no liar, and is not behind where two others are not; else the first that is no liar. */
static size_t choose(const struct agreement *agreement, const struct comparing *comparing)
{
    size_t behind = AGREE_PARTS;
    for (size_t p = 0; p < comparing->parts; p++) {
        if (comparing->part[p].bars == 0 || agree_is_unfit(&agreement->score[p]))
            continue;
        if (agreement->score[p].behind == 0)
            return p;
        if (behind == AGREE_PARTS)
            behind = p;
    }
    return behind;
}

/* Whose bar it is, where the chosen source's is none: one that agrees, on the same basis, beside another. */
static void settle(const struct comparing *comparing, struct agreed *row, size_t chosen, const size_t has[AGREE_PARTS])
{
    const bool there = has[chosen] != SIZE_MAX;
    /* The chosen source's factor at this time; of a bar that it has not, that of its next one, or 1 at the end. */
    size_t at = there ? has[chosen] : comparing->at[chosen];
    const double factor = factor_at(comparing, chosen, at);
    size_t agreeing = 0, first = AGREE_PARTS;
    row->consensus /= factor;
    for (size_t p = 0; p < comparing->parts; p++) {
        if (has[p] == SIZE_MAX || isnan(row->delta[p]) || row->outlier[p])
            continue;
        agreeing++;
        if (first == AGREE_PARTS && p != chosen && fabs(factor_at(comparing, p, has[p]) / factor - 1) < 1e-9)
            first = p;
    }
    if (there && !row->outlier[chosen] && row->how == AGREED_YES) {
        row->part = chosen;
        return;
    }
    row->part = there ? chosen : first;
    row->refused = there ? &comparing->part[chosen].bar[has[chosen]] : NULL;
    if (row->how == AGREED_WITHHELD || agreeing < 2 || first == AGREE_PARTS) {
        row->how = AGREED_WITHHELD;
        return;
    }
    row->part = first;
    row->how = there ? AGREED_REPLACED : AGREED_FILLED;
}

static int rows(struct comparing *comparing, struct error *error)
{
    struct agreement *agreement = comparing->agreement;
    struct agreed row;
    size_t has[AGREE_PARTS];
    while (next_row(comparing, &row, has))
        score(agreement, comparing, &row, has);
    agreement->chosen = choose(agreement, comparing);
    if (agreement->chosen == AGREE_PARTS)
        return 0;
    memset(comparing->at, 0, sizeof comparing->at);
    while (next_row(comparing, &row, has)) {
        settle(comparing, &row, agreement->chosen, has);
        if (row.part == AGREE_PARTS) /* only others have it, and they do not agree: it is no bar of the chosen source */
            continue;
        row.bar = &comparing->part[row.part].bar[has[row.part]];
        if (list_grow(&agreement->row, &agreement->capacity, agreement->rows, sizeof *agreement->row, error) != 0)
            return -1;
        agreement->row[agreement->rows++] = row;
    }
    return 0;
}

int agree(struct agreement *agreement, const struct agree_part *part, size_t parts, double tolerance,
          struct error *error)
{
    struct comparing comparing = {.part = part, .parts = parts, .tolerance = tolerance, .agreement = agreement};
    *agreement = (struct agreement){.chosen = AGREE_PARTS};
    require(parts <= AGREE_PARTS);
    int result = prepare(&comparing, error);
    if (result == 0)
        result = rows(&comparing, error);
    for (size_t p = 0; p < parts; p++)
        free(comparing.factor[p]);
    return result;
}

void agreement_clear(struct agreement *agreement)
{
    free(agreement->row);
    *agreement = (struct agreement){.chosen = AGREE_PARTS};
}
