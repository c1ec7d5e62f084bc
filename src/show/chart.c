/* What the renderers of charts share. */
#include "show/chart.h"

#include "show/scale.h"

#include <math.h>

#define QUOTED_MOST 5 /* as in 1.08543 */

/* How many digits a quote has after the point; more than QUOTED_MOST: it is none. */
static int quoted_digits(double price)
{
    double units = fabs(price);
    int digits = 0;
    while (digits <= QUOTED_MOST && fabs(units - nearbyint(units)) > 5e-4) {
        units *= 10;
        digits++;
    }
    return digits;
}

int chart_price_digits(const struct chart_bar *bar, size_t bars, double price)
{
    size_t count[QUOTED_MOST + 2] = {0}, held = 0;
    const int least = price_digits(price);
    for (size_t i = 0; i < bars; i++)
        count[quoted_digits(bar[i].close)]++;
    for (int digits = 0; digits <= QUOTED_MOST; digits++) {
        held += count[digits];
        if (held > 0 && held * 10 >= bars * 9)
            return digits > least ? digits : least;
    }
    return least;
}

int64_t chart_bar_at(const struct candle_chart *chart, int64_t time)
{
    size_t low = 0, high = chart->bars;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (chart->bar[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low - 1;
}

bool chart_is_log(enum chart_scale scale, double low, double high)
{
    return low > 0 && (scale == CHART_SCALE_LOG || (scale == CHART_SCALE_AUTO && high > LOG_RANGE * low));
}
