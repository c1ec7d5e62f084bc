/* A line of text as an indicator, and the bytes after it as bars and as a saved state. What is taken says the same of
 * bars one by one and in lists, and nothing infinite; its field names can be written; a foreign state is not read, its
 * own is. */
#include "indicator/indicator.h"
#include "indicator/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BARS = 300, STATE_MAX = 1 << 20 };

struct market {
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS];
    int64_t time[BARS], session[BARS];
    int bars;
};

/* Four bytes a bar: where it closes, how far it reaches, its volume, and now and then a jump in size. */
static void make_bars(struct market *market, const uint8_t *data, size_t size)
{
    double price = 100;
    market->bars = size / 4 < BARS ? (int)(size / 4) : BARS;
    for (int i = 0; i < market->bars; i++, data += 4) {
        const double open = price, unit = price / 100;
        price += unit * ((int8_t)data[0] / 16.0);
        price = data[3] == 255 ? price * 1e12 : data[3] == 254 ? price / 1e12 : price;
        price = price > 1e90 || price < 1e-90 ? 100 : price;
        const double top = price > open ? price : open, bottom = price < open ? price : open;
        market->open[i] = open;
        market->close[i] = price;
        market->high[i] = top + unit * (data[1] & 15);
        market->low[i] = bottom - bottom * ((data[1] >> 4) / 32.0);
        market->volume[i] = data[2] == 255 ? NAN : data[2] == 254 ? 1e90 : data[2] * 100.0;
        market->session[i] = (i > 0 ? market->session[i - 1] : 19000) + (data[3] & 1);
        market->time[i] = market->session[i] * INT64_C(86400000000000) + i;
    }
}

static void run(const struct indicator_use *use, void *state, const struct market *market, int split,
                double figure[][BARS])
{
    for (int i = 0; i < market->bars; i += split) {
        double *out[INDICATOR_OUTPUTS_MAX];
        const struct columns columns = {
            .n = (size_t)(market->bars - i < split ? market->bars - i : split),
            .open = market->open + i,
            .high = market->high + i,
            .low = market->low + i,
            .close = market->close + i,
            .volume = market->volume + i,
            .time = market->time + i,
            .end = market->time + i,
            .session = market->session + i,
            .other = market->volume + i,
        };
        for (int k = 0; k < use->indicator->outputs; k++)
            out[k] = figure[k] + i;
        indicator_run(use, state, &columns, out);
    }
}

static void compare(const struct indicator_use *use, const struct market *market, struct str rest)
{
    static double one[INDICATOR_OUTPUTS_MAX][BARS], many[INDICATOR_OUTPUTS_MAX][BARS];
    const size_t size = indicator_size(use);
    void *first = calloc(1, size), *second = calloc(1, size);
    struct error error = {0};
    struct buf saved;
    int64_t last;
    if (first == NULL || second == NULL)
        exit(0);
    indicator_init(use, first);
    indicator_init(use, second);
    run(use, first, market, 1, one);
    run(use, second, market, COLUMNS_MAX, many);
    for (int k = 0; k < use->indicator->outputs; k++)
        for (int i = 0; i < market->bars; i++)
            require(!isinf(one[k][i]) &&
                    (memcmp(&one[k][i], &many[k][i], sizeof(double)) == 0 || (isnan(one[k][i]) && isnan(many[k][i]))));
    buf_init(&saved, 2 * STATE_MAX);
    require(indicator_load(use, second, &last, rest, &error) == 0);
    require(indicator_save(use, first, 7, &saved, &error) == 0);
    require(indicator_load(use, second, &last, buf_str(&saved), &error) == 1 && last == 7);
    require(memcmp(first, second, size) == 0);
    buf_clear(&saved);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct market market;
    char text[200], name[256];
    struct indicator_use use;
    struct error error = {0};
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t length = line == NULL ? 0 : (size_t)(line - data);
    if (line == NULL || length >= sizeof text || memchr(data, '\0', length) != NULL)
        return 0;
    memcpy(text, data, length);
    text[length] = '\0';
    if (indicator_use_parse(&use, text, &error) != 0) {
        require(error.code == EXIT_USAGE);
        return 0;
    }
    for (int k = 0; k < use.indicator->outputs; k++)
        require(indicator_use_field(&use, k, name, sizeof name, &error) == 0);
    require(indicator_lookback(&use) >= 0);
    if (indicator_size(&use) > STATE_MAX)
        return 0;
    make_bars(&market, line + 1, size - length - 1);
    compare(&use, &market, (struct str){(const char *)line + 1, size - length - 1});
    return 0;
}
