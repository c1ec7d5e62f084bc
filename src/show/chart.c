/* What the renderers of charts share: steps of axes and the place of a fill. */
#include "show/chart.h"

#include <math.h>

double chart_step(double low, double high, int most)
{
    const double span = high - low;
    if (!(span > 0) || !isfinite(span))
        return 1;
    static const double nice[] = {1, 2, 2.5, 5, 10};
    const double unit = pow(10, floor(log10(span / most)));
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++)
        if (span / (nice[i] * unit) <= most * (1 + 1e-9))
            return nice[i] * unit;
    return 10 * unit;
}

int chart_digits(double step)
{
    int digits = 0;
    while (digits < 8 && fabs(step - nearbyint(step)) > 1e-6 * fabs(step)) {
        step *= 10;
        digits++;
    }
    return digits;
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
