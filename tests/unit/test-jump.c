/* market/jump: which openings look like a split or another unit. Ratios by hand. */
#include "market/jump.h"

#include "tap.h"

int main(void)
{
    static const struct {
        double before, open;
        enum anomaly_check check;
        int64_t new_shares, old_shares;
    } known[] = {
        {499.23, 127.58, ANOMALY_SPLIT, 4, 1},   /* Apple, 31 August 2020: 4:1 */
        {1208.88, 120.37, ANOMALY_SPLIT, 10, 1}, /* Nvidia, 10 June 2024: 10:1 */
        {100, 50, ANOMALY_SPLIT, 2, 1},
        {100, 47.5, ANOMALY_SPLIT, 2, 1},
        {100, 46, ANOMALY_NONE, 0, 0}, /* 2.17: neither 2 nor 3 */
        {100, 60, ANOMALY_NONE, 0, 0}, /* a crash */
        {100, 170, ANOMALY_NONE, 0, 0},
        {10, 20, ANOMALY_SPLIT, 1, 2},
        {1, 50, ANOMALY_SPLIT, 1, 50},
        {1, 10, ANOMALY_UNIT, 1, 10},
        {0.1455, 14.55, ANOMALY_UNIT, 1, 100}, /* pence for pounds */
        {14.55, 0.1455, ANOMALY_UNIT, 100, 1},
        {1, 1000, ANOMALY_NONE, 0, 0},
        {0, 10, ANOMALY_NONE, 0, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct jump jump = {ANOMALY_NONE, 0, 0};
        dec before = 0, open = 0;
        const bool set = dec_from_double(&before, known[i].before, ROUND_HALF_EVEN) == 0 &&
                         dec_from_double(&open, known[i].open, ROUND_HALF_EVEN) == 0;
        const bool found = jump_find(&jump, before, open);
        check(set && found == (known[i].check != ANOMALY_NONE) && jump.check == known[i].check &&
                  jump.new_shares == known[i].new_shares && jump.old_shares == known[i].old_shares,
              "%g to %g", known[i].before, known[i].open);
    }
    static const struct {
        double price, near;
        bool misprint;
    } beside[] = {{1800.53, 180.1, true}, {18.01, 180.1, true}, {1.8, 180.1, true}, {18010, 180.1, true},
                  {180.1, 180.1, false},  {37.92, 0.01, true},  {0.01, 40, true},   {10.65, 184, true},
                  {900, 180, true},       {899, 180, false},    {200, 1000, true},  {201, 1000, false},
                  {1, 0, false},          {0, 1, false},        {1234, 100, true}};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        dec price = 0, near = 0;
        const bool set = dec_from_double(&price, beside[i].price, ROUND_HALF_EVEN) == 0 &&
                         dec_from_double(&near, beside[i].near, ROUND_HALF_EVEN) == 0;
        check(set && jump_is_misprint(price, near) == beside[i].misprint, "a high or low of %g beside %g",
              beside[i].price, beside[i].near);
    }
    return done();
}
