/* Any bytes as a schedule of fees: refused with file and line, or one that charges a buy and a sale the same each time,
 * and for an order in two parts what it charges for the whole. */
#include "cost/fees.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int charge(const struct fee_schedule *schedule, struct fee_state *state, struct fee_trade *trade, dec quantity,
                  struct fee_charge *sum)
{
    struct error error = {0};
    struct fee_charge one;
    trade->quantity = quantity;
    trade->amount = quantity * 50;
    if (fee_charge(schedule, state, trade, &one, &error) != 0 || fee_book(schedule, state, trade, &error) != 0) {
        require(error.code == EXIT_USAGE || error.code == EXIT_STATE);
        return -1;
    }
    trade->filled += quantity;
    trade->notional += trade->amount;
    return dec_add(&sum->commission, sum->commission, one.commission) != 0 ||
                   dec_add(&sum->fees, sum->fees, one.fees) != 0
               ? -1
               : 0;
}

static bool is_plain(const struct fee_schedule *schedule)
{
    for (size_t i = 0; i < schedule->rules; i++)
        if (schedule->rule[i].scope == FEE_BY_FILL)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct fee_schedule schedule;
    fee_schedule_init(&schedule);
    if (fee_schedule_read(&schedule, "f", (struct str){(const char *)data, size}, NULL, NULL, &error) != 0) {
        require(strncmp(error.text, "f: ", 3) == 0);
    } else {
        for (int buys = 0; buys < 2; buys++) {
            struct fee_charge whole = {0, 0}, parts = {0, 0};
            int failed = 0;
            for (int pass = 0; pass < 2; pass++) {
                struct fee_state state;
                struct fee_trade trade = {
                    .symbol = "ESZ6", .buys = buys == 1, .opens = true, .day = 20000, .price = 50 * DEC_ONE};
                fee_state_init(&state);
                if (pass == 0)
                    failed |= charge(&schedule, &state, &trade, 300 * DEC_ONE, &whole);
                else
                    failed |= charge(&schedule, &state, &trade, 100 * DEC_ONE, &parts) != 0 ||
                              charge(&schedule, &state, &trade, 200 * DEC_ONE, &parts) != 0;
                fee_state_clear(&state);
            }
            require(failed != 0 || schedule.names == 0 || !is_plain(&schedule) || schedule.rules > 1 ||
                    schedule.rule[0].scope != FEE_BY_ORDER ||
                    (whole.commission == parts.commission && whole.fees == parts.fees));
        }
    }
    fee_schedule_clear(&schedule);
    return 0;
}
