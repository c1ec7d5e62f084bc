/* Any bytes as the state of an account: refused, or a ledger that can be used and is saved as the same bytes. */
#include "ledger/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ledger_terms terms = {.account = "test",
                                       .currency = "USD",
                                       .mode = MODE_PAPER,
                                       .settlement_unit = DEC_ONE / 100,
                                       .day_rolls = 17 * TIME_HOUR};
    struct error error = {0};
    struct ledger ledger;
    if (ledger_load(&ledger, &terms, (struct str){(const char *)data, size}, &error) != 0) {
        require(error.code == EXIT_STATE || error.code == EXIT_SYSTEM);
        return 0;
    }
    struct buf out;
    struct worth worth;
    struct position position;
    buf_init(&out, LEDGER_STATE_MAX);
    require(ledger_save(&ledger, &out, &error) == 0);
    require(out.n == size && memcmp(out.p, data, size) == 0);
    (void)ledger_worth(&ledger, &worth, &error);
    for (size_t i = 0; i < ledger.holdings; i++) {
        error_clear(&error);
        (void)ledger_position(&ledger, &ledger.holding[i], &position, &error);
    }
    for (size_t i = 0; i < ledger.slots; i++) {
        const struct mark mark = {
            .time = ledger.now + 1, .bar = ledger.now, .interval = {INTERVAL_DAY, 1}, .price = DEC_ONE};
        error_clear(&error);
        (void)ledger_mark(&ledger, (int)i, mark.interval, mark.bar, mark.time, mark.price, &error);
    }
    buf_clear(&out);
    ledger_clear(&ledger);
    return 0;
}
