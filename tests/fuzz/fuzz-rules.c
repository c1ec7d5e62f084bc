/* Any text as a rule file: it is refused with a message, or wants the same positions of some bars however they are
 * split. */
#include "indicator/series.h"
#include "strategy/rules.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BARS 60

static void run(const struct strategy_use *use, size_t piece, struct levels *levels)
{
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS];
    int64_t time[BARS], session[BARS];
    for (int i = 0; i < BARS; i++) {
        close[i] = 1e10 + 1e8 * ((i * 7) % 11);
        open[i] = i > 0 ? close[i - 1] : close[i];
        high[i] = fmax(open[i], close[i]) + 5e7;
        low[i] = fmin(open[i], close[i]) - 5e7;
        volume[i] = i % 13 == 5 ? NAN : 1000 + i;
        session[i] = 20000 + i;
        time[i] = session[i] * INT64_C(86400000000000);
    }
    struct error error = {0};
    void *state = calloc(1, strategy_size(use) + 1);
    if (state == NULL || levels_reserve(levels, BARS, &error) != 0) {
        free(state);
        return;
    }
    strategy_init(use, state);
    for (size_t i = 0; i < BARS; i += piece) {
        const struct columns in = {.n = piece < BARS - i ? piece : BARS - i,
                                   .open = open + i,
                                   .high = high + i,
                                   .low = low + i,
                                   .close = close + i,
                                   .volume = volume + i,
                                   .time = time + i,
                                   .end = time + i,
                                   .session = session + i,
                                   .price_scale = 1e8,
                                   .volume_scale = 1};
        strategy_run(use, state, &in, levels);
        levels->count += in.n;
    }
    free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct levels whole, parts;
    struct strategy_use use;
    struct error error;
    error_clear(&error);
    const int result = strategy_use_rules(&use, "fuzz.tn", (struct str){(const char *)data, size}, "", &error);
    require((result == 0) == !error_is_set(&error));
    require(result == 0 || error.code == EXIT_USAGE || error.code == EXIT_INPUT);
    if (result != 0)
        return 0;
    /* A window of ten thousand bars in a hundred places is no fault, but slow. */
    if (strategy_size(&use) < 1 << 20) {
        run(&use, BARS, &whole);
        run(&use, 7, &parts);
        require(whole.count == parts.count && memcmp(whole.side, parts.side, whole.count * sizeof *whole.side) == 0);
        require(memcmp(whole.stop, parts.stop, whole.count * sizeof *whole.stop) == 0);
    }
    strategy_use_clear(&use);
    return 0;
}
