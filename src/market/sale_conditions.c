/* Sale conditions: a table of what each permits. Of several, what one forbids is forbidden. */
#include "market/sale_conditions.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { VOLUME = 1, RANGE = 2, LAST = 4, ALL = VOLUME | RANGE | LAST };
enum special { PLAIN = 0, EXTENDED = 1, AUCTION = 2, OFFICIAL_CLOSE = 4, CORRECTED_CLOSE = 8 };
enum { NUMBERS = 2, NO_NUMBER = -1 };

static const struct condition {
    char cts, utdf;      /* its letter; 0: the tape has none */
    int number[NUMBERS]; /* Massive's */
    unsigned permits;    /* of the consolidated figures */
    enum special special;
} conditions[] = {
    {'@', '@', {0, NO_NUMBER}, ALL, PLAIN},
    {0, 'A', {1, NO_NUMBER}, ALL, PLAIN},                       /* acquisition */
    {'B', 'W', {2, NO_NUMBER}, VOLUME, PLAIN},                  /* average price */
    {'E', 0, {3, NO_NUMBER}, ALL, PLAIN},                       /* automatic execution */
    {0, 'B', {4, NO_NUMBER}, ALL, PLAIN},                       /* bunched */
    {'G', 'G', {5, NO_NUMBER}, VOLUME | RANGE, PLAIN},          /* bunched, sold */
    {'C', 'C', {7, NO_NUMBER}, VOLUME, PLAIN},                  /* cash */
    {'6', '6', {8, 19}, ALL, AUCTION},                          /* closing trade */
    {'X', 'X', {9, NO_NUMBER}, ALL, PLAIN},                     /* cross */
    {'4', '4', {10, NO_NUMBER}, VOLUME | RANGE, PLAIN},         /* derivatively priced */
    {'D', 'D', {11, NO_NUMBER}, ALL, PLAIN},                    /* distribution */
    {'T', 'T', {12, NO_NUMBER}, ALL, EXTENDED},                 /* before or after the session */
    {'U', 'U', {13, NO_NUMBER}, VOLUME, PLAIN},                 /* the same, out of sequence */
    {'F', 'F', {14, NO_NUMBER}, ALL, PLAIN},                    /* intermarket sweep */
    {'M', 'M', {15, NO_NUMBER}, 0, OFFICIAL_CLOSE},             /* of one exchange */
    {'Q', 'Q', {16, NO_NUMBER}, 0, PLAIN},                      /* official open of one exchange */
    {'O', 'O', {17, 25}, ALL, PLAIN},                           /* opening trade, that exchange's first */
    {'5', '5', {18, 28}, ALL, PLAIN},                           /* reopening trade */
    {'N', 'N', {20, NO_NUMBER}, VOLUME, PLAIN},                 /* next day */
    {'H', 'H', {21, NO_NUMBER}, VOLUME, PLAIN},                 /* price variation */
    {'P', 'P', {22, NO_NUMBER}, VOLUME | RANGE, PLAIN},         /* prior reference price */
    {'K', 'K', {23, 24}, ALL, PLAIN},                           /* rules 155 and 127 */
    {0, '1', {27, NO_NUMBER}, ALL, PLAIN},                      /* stopped stock */
    {'R', 'R', {29, NO_NUMBER}, VOLUME, PLAIN},                 /* seller */
    {'L', 'L', {30, 31}, ALL, PLAIN},                           /* sold last */
    {'Z', 'Z', {32, 33}, VOLUME | RANGE, PLAIN},                /* sold, out of sequence */
    {0, 'S', {34, NO_NUMBER}, ALL, PLAIN},                      /* split trade */
    {0, 'Y', {36, NO_NUMBER}, ALL, PLAIN},                      /* yellow flag */
    {'I', 'I', {37, NO_NUMBER}, VOLUME, PLAIN},                 /* odd lot */
    {'9', '9', {38, NO_NUMBER}, RANGE | LAST, CORRECTED_CLOSE}, /* by the listing exchange */
    {'V', 'V', {52, NO_NUMBER}, VOLUME, PLAIN},                 /* contingent */
    {'7', '7', {53, NO_NUMBER}, VOLUME, PLAIN},                 /* qualified contingent */
};

/* -1: it is none. */
static int number_of(struct str code)
{
    int number = 0;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] < '0' || code.p[i] > '9' || i > 3)
            return NO_NUMBER;
        number = number * 10 + (code.p[i] - '0');
    }
    return number;
}

static bool is_code(const struct condition *condition, const struct sale *sale, struct str code)
{
    if (!sale->numbers)
        return code.n == 1 && code.p[0] == (sale->tape == 'C' ? condition->utdf : condition->cts);
    const int number = number_of(code);
    return number != NO_NUMBER && (number == condition->number[0] || number == condition->number[1]);
}

static bool is_listing(const struct sale *sale)
{
    const char listing = sale->tape == 'A' ? 'N' : sale->tape == 'C' ? 'Q' : sale->auction;
    return listing != 0 && sale->exchange == listing;
}

enum trade_effect sale_effect(const struct sale *sale)
{
    unsigned permits = ALL, special = PLAIN;
    const char *p = sale->codes.p, *const end = p + sale->codes.n;
    while (p < end) {
        const char *space = memchr(p, ' ', (size_t)(end - p));
        const struct str code = {p, (size_t)((space == NULL ? end : space) - p)};
        p = space == NULL ? end : space + 1;
        for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
            if (is_code(&conditions[i], sale, code)) {
                permits &= conditions[i].permits;
                special |= conditions[i].special;
            }
    }
    if ((special & CORRECTED_CLOSE) != 0 || ((special & OFFICIAL_CLOSE) != 0 && is_listing(sale)))
        return EFFECT_CLOSE;
    if ((permits & VOLUME) == 0)
        return EFFECT_NOTHING;
    if (permits != ALL)
        return (permits & RANGE) != 0 ? EFFECT_RANGE : EFFECT_VOLUME;
    return (special & AUCTION) != 0 ? EFFECT_AUCTION : (special & EXTENDED) != 0 ? EFFECT_EXTENDED : EFFECT_ALL;
}
