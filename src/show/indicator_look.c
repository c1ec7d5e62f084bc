/* How indicators are drawn. */
#include "show/indicator_look.h"

#include <string.h>

static const double percent_30_70[] = {30, 70}, zero[] = {0};

static const struct {
    const char *indicator, *output;
    struct indicator_look look;
} looks[] = {
    {"sma", "", {.place = PLACE_OVER}},
    {"ema", "", {.place = PLACE_OVER}},
    {"bbands", "upper", {.place = PLACE_OVER}},
    {"donchian", "upper", {.place = PLACE_OVER}},
    {"atr", "", {.place = PLACE_PANEL}},
    {"rsi", "", {.place = PLACE_PANEL, .bound = percent_30_70, .bounds = 2}},
    {"macd", "", {.place = PLACE_PANEL, .bound = zero, .bounds = 1}},
    {"macd", "histogram", {.place = PLACE_PANEL, .histogram = true}},
};

/* Where the output of a name lies, from `from` on; 0 when it is not there. */
static int distance(const struct indicator *indicator, int from, const char *suffix)
{
    for (int k = from + 1; k < indicator->outputs; k++)
        if (strcmp(indicator->output[k].suffix, suffix) == 0)
            return k - from;
    return 0;
}

struct indicator_look indicator_look(const struct indicator *indicator, int output)
{
    const char *suffix = indicator->output[output].suffix;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].indicator, indicator->name) == 0 && strcmp(looks[i].output, suffix) == 0) {
            struct indicator_look look = looks[i].look;
            if (strcmp(suffix, "upper") == 0)
                look.band = distance(indicator, output, "lower");
            return look;
        }
    return (struct indicator_look){.place = PLACE_BY_VALUES};
}
